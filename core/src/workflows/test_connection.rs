use crate::{
    api::{Client, Instance, Query, release},
    error::{Code, Error, Result},
    runtime::{Context, join_all},
    system::info,
};
use serde::Serialize;
use serde_json::Value;
use std::sync::Arc;

/// The oldest release that casewire works with (row C9 of the features, after guide 000).
const OLDEST: (u16, u16) = (2019, 3);

/// What each right is needed for is named by its place in the security role.
const RIGHTS: [Right; 6] = [
    Right {
        path: "/company/companies",
        name: "Companies > Company Maintenance: Inquire",
    },
    Right {
        path: "/company/configurations",
        name: "Companies > Configurations: Inquire",
    },
    Right {
        path: "/company/contacts",
        name: "Companies > Contacts: Inquire",
    },
    Right {
        path: "/service/tickets",
        name: "Service Desk > Service Tickets: Inquire",
    },
    Right {
        path: "/service/boards",
        name: "System > Table Setup: Inquire",
    },
    Right {
        path: "/system/members",
        name: "System > Member Maintenance: Inquire",
    },
];

/// What testing a connection found, part by part (row C2).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ConnectionReport {
    /// Whether no part failed.
    pub ok: bool,
    /// Every part, in the order in which it was tested.
    pub parts: Vec<ConnectionPart>,
    /// Version as the server words it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// Such as `v2025_1/`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub codebase: Option<String>,
    /// Whether ConnectWise hosts it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub is_cloud: Option<bool>,
}

/// One part of a connection.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ConnectionPart {
    /// Which.
    pub part: ConnectionPartKind,
    /// How it is.
    pub state: ConnectionState,
    /// What was found.
    pub message: String,
    /// What to do about it; empty where there is nothing to do.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub fix: String,
}

/// The parts of a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ConnectionPartKind {
    /// Name, address and port.
    Host,
    /// Certificate and TLS version.
    Tls,
    /// The company id of the login page.
    Company,
    /// The path under which the release answers.
    Codebase,
    /// The product's client id.
    ClientId,
    /// The API member's keys.
    Keys,
    /// The security role's rights.
    Rights,
    /// The release.
    Version,
}

/// How a part of a connection is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ConnectionState {
    /// As it should be.
    Ok,
    /// Wrong.
    Failed,
    /// Could not be told.
    Unknown,
    /// Not tested, because a part before it failed.
    Skipped,
}

struct Right {
    path: &'static str,
    name: &'static str,
}

/// Tests a connection and says which part is wrong. Every request is sent once: someone is waiting.
pub(crate) async fn test_connection(cx: &Context, api: &Client) -> Result<ConnectionReport> {
    let api = api.impatient();
    let mut report = Report::default();
    let found = api.discover(cx).await;
    report.discovery(&found, api.host());
    if let Ok(instance) = found {
        let probes = probe(cx, &api).await;
        report.access(&probes);
        report.rights(&probes);
        report.version(&instance, info::read(cx, &api).await.ok());
    }
    Ok(report.finish())
}

/// Reads one record of each kind that casewire needs to see; the count of what came back.
async fn probe(cx: &Context, api: &Client) -> Vec<Result<usize>> {
    let reads = RIGHTS.iter().map(|right| async move {
        let query = Query::new().with("pageSize", 1).fields("id");
        let rows: Vec<Value> = api.read(cx, right.path, &query).await?;
        Ok(rows.len())
    });
    join_all(reads).await
}

#[derive(Default)]
struct Report {
    parts: Vec<ConnectionPart>,
    version: Option<String>,
    codebase: Option<String>,
    is_cloud: Option<bool>,
}

impl Report {
    fn add(
        &mut self,
        part: ConnectionPartKind,
        state: ConnectionState,
        message: impl Into<String>,
        fix: &str,
    ) {
        self.parts.push(ConnectionPart {
            part,
            state,
            message: message.into(),
            fix: fix.to_owned(),
        });
    }

    fn ok(&mut self, part: ConnectionPartKind, message: impl Into<String>) {
        self.add(part, ConnectionState::Ok, message, "");
    }

    /// Host, TLS, company and codebase, from the one request that needs no keys.
    fn discovery(&mut self, found: &Result<Arc<Instance>>, host: &str) {
        let order = [
            ConnectionPartKind::Host,
            ConnectionPartKind::Tls,
            ConnectionPartKind::Company,
            ConnectionPartKind::Codebase,
        ];
        let error = match found {
            Ok(instance) => {
                self.ok(ConnectionPartKind::Host, reached(instance, host));
                self.ok(
                    ConnectionPartKind::Tls,
                    "The connection is as secure as it is configured",
                );
                self.ok(ConnectionPartKind::Company, "The company id is known");
                self.ok(
                    ConnectionPartKind::Codebase,
                    format!("The codebase is {}", instance.codebase),
                );
                self.codebase = Some(instance.codebase.clone());
                self.is_cloud = instance.is_cloud;
                return;
            }
            Err(error) => error,
        };
        let wrong = match error.code {
            Code::Tls => ConnectionPartKind::Tls,
            Code::UnknownCompany => ConnectionPartKind::Company,
            Code::UnknownCodebase if error.http_status.is_none() => ConnectionPartKind::Codebase,
            _ => ConnectionPartKind::Host,
        };
        for part in order.into_iter().take_while(|part| *part != wrong) {
            self.ok(part, "No fault found");
        }
        let fix = match wrong {
            ConnectionPartKind::Tls => {
                "Install a trusted certificate with TLS 1.2 or 1.3 there, or trust its issuer in the host"
            }
            ConnectionPartKind::Company => {
                "Correct connection.company_id: it is the company that people type at the login page"
            }
            ConnectionPartKind::Codebase => {
                "Try again; if it stays so, check that connection.site is the ConnectWise server itself"
            }
            _ => {
                "Correct connection.site: the api- host of your region, such as https://api-na.myconnectwise.net, or your own"
            }
        };
        let state = match error.code {
            Code::Unanswered | Code::Throttled | Code::ServerFailed => ConnectionState::Unknown,
            _ => ConnectionState::Failed,
        };
        self.add(wrong, state, error.message.clone(), fix);
    }

    /// Client id and keys, as far as the probes agree on them.
    fn access(&mut self, probes: &[Result<usize>]) {
        let errors: Vec<&Error> = probes
            .iter()
            .filter_map(|probe| probe.as_ref().err())
            .collect();
        let refused = |code| errors.iter().find(|error| error.code == code).copied();
        if errors.len() < probes.len() {
            self.ok(ConnectionPartKind::ClientId, "The client id is accepted");
            self.ok(ConnectionPartKind::Keys, "The keys are accepted");
        } else if let Some(error) = refused(Code::Unauthorized) {
            let fix = "Correct the public and private key, which belong to an API member of this very company, or make new ones";
            self.add(
                ConnectionPartKind::ClientId,
                ConnectionState::Unknown,
                "The keys were refused first",
                "",
            );
            self.add(
                ConnectionPartKind::Keys,
                ConnectionState::Failed,
                error.message.clone(),
                fix,
            );
        } else if let Some(error) = refused(Code::Forbidden) {
            let fix = "Correct connection.client_id (developer.connectwise.com); if it is right, give the API member's security role its rights";
            self.add(
                ConnectionPartKind::ClientId,
                ConnectionState::Failed,
                error.message.clone(),
                fix,
            );
            self.add(
                ConnectionPartKind::Keys,
                ConnectionState::Unknown,
                "Everything was forbidden",
                "",
            );
        } else {
            let message = errors
                .first()
                .map_or_else(String::new, |error| error.message.clone());
            self.add(
                ConnectionPartKind::ClientId,
                ConnectionState::Unknown,
                message.clone(),
                "Try again",
            );
            self.add(
                ConnectionPartKind::Keys,
                ConnectionState::Unknown,
                message,
                "Try again",
            );
        }
    }

    /// Each right that reading can show. What only writing shows is said, not guessed.
    fn rights(&mut self, probes: &[Result<usize>]) {
        if probes.iter().all(Result::is_err) {
            return;
        }
        let missing = named(
            probes,
            |probe| matches!(probe, Err(error) if matches!(error.code, Code::Forbidden | Code::NotFound | Code::Unauthorized | Code::Rejected)),
        );
        let unclear = named(probes, |probe| match probe {
            Err(error) => error.code.is_transient(),
            Ok(_) => false,
        });
        let empty: Vec<&str> = probes
            .iter()
            .zip(&RIGHTS)
            .filter(|(probe, right)| matches!(probe, Ok(0)) && right.must_show_something())
            .map(|(_, right)| right.name)
            .collect();
        if !missing.is_empty() {
            let message = format!(
                "The API member's security role lacks {}",
                missing.join("; ")
            );
            self.add(
                ConnectionPartKind::Rights,
                ConnectionState::Failed,
                message,
                "Add them to the role in System > Security Roles",
            );
        } else if !unclear.is_empty() {
            let message = format!(
                "No answer tells whether the role has {}",
                unclear.join("; ")
            );
            self.add(
                ConnectionPartKind::Rights,
                ConnectionState::Unknown,
                message,
                "Test again",
            );
        } else if !empty.is_empty() {
            let message = format!("Nothing can be seen under {}", empty.join("; "));
            let fix = "Where there are such records, add the right to the role and set it to All";
            self.add(
                ConnectionPartKind::Rights,
                ConnectionState::Unknown,
                message,
                fix,
            );
        } else {
            self.ok(
                ConnectionPartKind::Rights,
                "The role may read what casewire reads; Add and Edit on Service Tickets and Close Service Tickets show \
                 only with the first ticket",
            );
        }
    }

    fn version(&mut self, instance: &Instance, info: Option<info::SystemInfo>) {
        let info = info.unwrap_or_default();
        self.is_cloud = info.is_cloud.or(self.is_cloud);
        self.version = info.version.or_else(|| instance.version.clone());
        let told = self.version.clone().unwrap_or_default();
        match release(&told).or_else(|| instance.release()) {
            Some(release) if release < OLDEST => {
                let message = format!("ConnectWise {told} is older than {}.{}", OLDEST.0, OLDEST.1);
                self.add(
                    ConnectionPartKind::Version,
                    ConnectionState::Failed,
                    message,
                    "Update ConnectWise PSA",
                );
            }
            Some((year, number)) => self.ok(
                ConnectionPartKind::Version,
                format!("ConnectWise {year}.{number} is supported"),
            ),
            None => self.add(
                ConnectionPartKind::Version,
                ConnectionState::Unknown,
                "The server does not say its release",
                "",
            ),
        }
    }

    /// Adds the parts that were not tested.
    fn finish(mut self) -> ConnectionReport {
        let all = [
            ConnectionPartKind::Host,
            ConnectionPartKind::Tls,
            ConnectionPartKind::Company,
            ConnectionPartKind::Codebase,
            ConnectionPartKind::ClientId,
            ConnectionPartKind::Keys,
            ConnectionPartKind::Rights,
            ConnectionPartKind::Version,
        ];
        for part in all {
            if self.parts.iter().all(|known| known.part != part) {
                self.add(
                    part,
                    ConnectionState::Skipped,
                    "Not tested: a part before it failed",
                    "",
                );
            }
        }
        ConnectionReport {
            ok: self
                .parts
                .iter()
                .all(|part| part.state != ConnectionState::Failed)
                && self
                    .parts
                    .iter()
                    .all(|part| part.state != ConnectionState::Skipped),
            parts: self.parts,
            version: self.version,
            codebase: self.codebase,
            is_cloud: self.is_cloud,
        }
    }
}

impl Right {
    /// Every instance has boards and companies; the rest may be empty.
    fn must_show_something(&self) -> bool {
        matches!(self.path, "/service/boards" | "/company/companies")
    }
}

fn named(probes: &[Result<usize>], which: impl Fn(&Result<usize>) -> bool) -> Vec<&'static str> {
    probes
        .iter()
        .zip(&RIGHTS)
        .filter(|(probe, _)| which(probe))
        .map(|(_, right)| right.name)
        .collect()
}

fn reached(instance: &Instance, host: &str) -> String {
    if instance.host == host {
        format!("{host} answers")
    } else {
        format!(
            "{host} answers and names {}, to which requests go",
            instance.host
        )
    }
}

#[cfg(test)]
mod tests;
