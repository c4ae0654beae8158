use crate::{
    api::{Client, Instance, Query, release},
    error::{Code, Error, Result},
    role::{Feature, Need, readable},
    runtime::{Context, join_all},
    system::info,
};
use serde::Serialize;
use serde_json::Value;
use std::{collections::BTreeSet, sync::Arc};

/// What testing a connection found, part by part (row C2).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
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

/// What testing a connection found, with what a preflight goes on from.
pub(crate) struct ConnectionTest {
    pub(crate) report: ConnectionReport,
    /// Whether any request with these keys was answered.
    pub(crate) admitted: bool,
    /// The rights that reading shows to be missing.
    pub(crate) missing: Vec<&'static Need>,
    /// The rights that could not be told, and why.
    pub(crate) unclear: Vec<(&'static Need, String)>,
    /// Year and number.
    pub(crate) release: Option<(u16, u16)>,
}

/// Tests a connection and says which part is wrong. Every request is sent once: someone is waiting.
///
/// The rights are those that the features need.
pub(crate) async fn test_connection(
    cx: &Context,
    api: &Client,
    features: &BTreeSet<Feature>,
) -> ConnectionTest {
    let api = api.impatient();
    let needs = readable(features);
    let mut report = Report::default();
    let mut test = ConnectionTest {
        report: ConnectionReport::default(),
        admitted: false,
        missing: Vec::new(),
        unclear: Vec::new(),
        release: None,
    };
    let found = api.discover(cx).await;
    report.discovery(&found, api.host());
    if let Ok(instance) = found {
        let probes = probe(cx, &api, &needs).await;
        report.access(&probes);
        report.rights(&probes, &needs);
        test.release = report.version(&instance, info::read(cx, &api).await.ok());
        test.admitted = probes.iter().any(Result::is_ok);
        for (probe, need) in probes.iter().zip(&needs) {
            match probe {
                Err(error) if is_refused(error) => test.missing.push(need),
                Err(error) => test.unclear.push((need, error.message.clone())),
                Ok(0) if need.never_empty => {
                    test.unclear.push((need, "nothing can be seen".to_owned()))
                }
                Ok(_) => {}
            }
        }
    }
    test.report = report.finish();
    test
}

/// Whether a read failed for the lack of a right, in any of the forms in which servers say so (API.md section 3).
fn is_refused(error: &Error) -> bool {
    matches!(
        error.code,
        Code::Forbidden | Code::NotFound | Code::Unauthorized | Code::Rejected
    )
}

/// Reads one record of each kind that casewire needs to see; the count of what came back.
async fn probe(cx: &Context, api: &Client, needs: &[&'static Need]) -> Vec<Result<usize>> {
    let reads = needs
        .iter()
        .filter_map(|need| need.path)
        .map(|path| async move {
            let query = Query::new().with("pageSize", 1).fields("id");
            let rows: Vec<Value> = api.read(cx, path, &query).await?;
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
    fn rights(&mut self, probes: &[Result<usize>], needs: &[&Need]) {
        if probes.iter().all(Result::is_err) {
            return;
        }
        let named = |which: &dyn Fn(&Result<usize>, &Need) -> bool| -> Vec<String> {
            probes
                .iter()
                .zip(needs)
                .filter(|(probe, need)| which(probe, need))
                .map(|(_, need)| need.inquire())
                .collect()
        };
        let missing = named(&|probe, _| matches!(probe, Err(error) if is_refused(error)));
        let unclear = named(&|probe, _| matches!(probe, Err(error) if error.code.is_transient()));
        let empty = named(&|probe, need| matches!(probe, Ok(0)) && need.never_empty);
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

    fn version(
        &mut self,
        instance: &Instance,
        info: Option<info::SystemInfo>,
    ) -> Option<(u16, u16)> {
        let info = info.unwrap_or_default();
        self.is_cloud = info.is_cloud.or(self.is_cloud);
        self.version = info.version.or_else(|| instance.version.clone());
        let told = self.version.clone().unwrap_or_default();
        let (oldest, _) = Feature::Catalog.needs();
        let release = release(&told).or_else(|| instance.release());
        match release {
            Some(release) if release < oldest => {
                let message = format!("ConnectWise {told} is older than {}.{}", oldest.0, oldest.1);
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
        release
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
