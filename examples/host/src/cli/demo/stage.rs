//! The demo's surroundings: a simulated instance, a SIEM's casebook, and the connector between them.

use crate::{
    cli::{
        session,
        terminal::{Done, Stop},
    },
    driver::Driver,
    store::SqliteStore,
};
use casewire::{
    Attachment, Case, Command, Comment, Config, Credentials, Delivery, Outcome, TicketState,
    Timestamp, Visibility,
};
use casewire_simulator::{
    COMPANY_ID, Fault, FaultRule, Match, Options, PRIVATE_KEY, PUBLIC_KEY, Server,
};
use serde_json::Value;
use std::{cell::RefCell, collections::BTreeMap, rc::Rc};
use tempfile::TempDir;

const CONFIGURATION: &[u8] = include_bytes!("../../../../configuration.json");
const CASES: &str = include_str!("../../../../cases.jsonl");

/// Where the demo happens.
pub(super) struct Stage {
    driver: Driver<'static>,
    config: Config,
    cases: BTreeMap<String, Case>,
    /// What the SIEM was told of its cases.
    casebook: Rc<RefCell<BTreeMap<String, TicketState>>>,
    server: Server,
    folder: TempDir,
}

impl Stage {
    pub(super) fn set() -> Done<Self> {
        let server = Server::start(Options::default()).map_err(Stop::failed)?;
        let folder = tempfile::tempdir().map_err(Stop::failed)?;
        let mut config = Config::from_json(CONFIGURATION).map_err(Stop::refused)?;
        server.url().clone_into(&mut config.connection.site);
        COMPANY_ID.clone_into(&mut config.connection.company_id);
        config.connection.allow_insecure_loopback = true;
        let store = SqliteStore::open(&folder.path().join("casewire.db")).map_err(Stop::failed)?;
        let credentials = Credentials::keys(PUBLIC_KEY, PRIVATE_KEY).map_err(Stop::failed)?;
        let casebook = Rc::new(RefCell::new(BTreeMap::new()));
        let book = Rc::clone(&casebook);
        let deliver = move |delivery: &Delivery| {
            if let (Some(case_id), Some(ticket)) = (delivery.case_id(), &delivery.ticket) {
                book.borrow_mut().insert(case_id.to_owned(), ticket.clone());
            }
            Ok(())
        };
        let cases = CASES.lines().map(|line| {
            let case = Case::from_json(line.as_bytes()).map_err(Stop::refused)?;
            Ok((case.id.clone(), case))
        });
        Ok(Self {
            cases: cases.collect::<Done<_>>()?,
            driver: session::driver(config.clone(), credentials, Box::new(store), deliver)?,
            config,
            casebook,
            server,
            folder,
        })
    }

    pub(super) fn url(&self) -> &str {
        self.server.url()
    }

    pub(super) fn config(&self) -> &Config {
        &self.config
    }

    /// Performs a command to its end, and hands the SIEM what there is for it.
    pub(super) fn run(&mut self, command: Command) -> Done<Outcome> {
        let outcome = self.driver.run(command).map_err(Stop::failed)?;
        self.driver.run_until_idle(|_| {});
        Ok(outcome)
    }

    /// How many requests the instance was sent.
    pub(super) fn requests(&self) -> u64 {
        self.server.statistics().total
    }

    pub(super) fn cases(&self) -> impl Iterator<Item = &Case> {
        self.cases.values()
    }

    pub(super) fn case(&self, id: &str) -> Done<&Case> {
        self.cases
            .get(id)
            .ok_or_else(|| Stop::failed(format!("there is no case {id}")))
    }

    pub(super) fn change(&mut self, id: &str, change: impl FnOnce(&mut Case)) -> Done {
        let case = self.cases.get_mut(id);
        change(case.ok_or_else(|| Stop::failed(format!("there is no case {id}")))?);
        Ok(())
    }

    pub(super) fn comment(&mut self, case: &str, id: &str, text: &str, at: &str) -> Done {
        let created_at = time(at)?;
        self.change(case, |case| {
            case.updated_at = created_at;
            case.comments.push(Comment {
                id: id.to_owned(),
                text: text.to_owned(),
                author: case.added_by.clone(),
                visibility: Visibility::Internal,
                format: None,
                created_at,
                people_contacted: None,
                investigation_procedure: None,
                actions_taken: None,
                impact_determined: None,
                recommendations: None,
            });
        })
    }

    pub(super) fn attach(&mut self, case: &str, title: &str, file: &str, at: &str) -> Done {
        let path = self.folder.path().join(file);
        let content = "Security event 1102: what it means, and what to look at.\n";
        std::fs::write(&path, content).map_err(Stop::failed)?;
        let created_at = time(at)?;
        self.change(case, |case| {
            case.updated_at = created_at;
            case.attachments.push(Attachment {
                id: "a-1".to_owned(),
                title: Some(title.to_owned()),
                file_name: file.to_owned(),
                size: content.len() as u64,
                token: path.to_string_lossy().into_owned(),
                created_at: Some(created_at),
                comment: None,
                sha256: None,
            });
        })
    }

    /// Lets the instance create the next ticket and cut the connection before it answers.
    pub(super) fn lose_the_next_ticket(&self) {
        self.server.psa().add_fault(FaultRule {
            when: Match {
                method: Some("POST".to_owned()),
                path: Some("service/tickets".to_owned()),
                ..Match::default()
            },
            fault: Fault::AnswerLost,
            times: Some(1),
        });
    }

    /// The number of the case's ticket, as the SIEM knows it.
    pub(super) fn ticket(&self, case: &str) -> String {
        self.casebook
            .borrow()
            .get(case)
            .map(|ticket| ticket.ticket_id.to_string())
            .unwrap_or_default()
    }

    /// The status of the case's ticket, as the SIEM knows it.
    pub(super) fn status(&self, case: &str) -> String {
        self.casebook
            .borrow()
            .get(case)
            .map(|ticket| ticket.status.clone())
            .unwrap_or_default()
    }

    /// Looks into the instance for a field of a ticket.
    pub(super) fn ticket_field(&self, ticket: u32, pointer: &str) -> String {
        let record = self.server.psa().record("service/tickets", ticket.into());
        record
            .and_then(|record| record.pointer(pointer)?.as_str().map(str::to_owned))
            .unwrap_or_default()
    }

    /// The tickets that the instance has of a case.
    pub(super) fn tickets_of(&self, case: &str) -> Vec<u32> {
        let number = format!("#{case} ");
        let tickets = self.records("tickets", |ticket| {
            text(ticket, "summary").contains(&number)
        });
        tickets
            .iter()
            .filter_map(|ticket| u32::try_from(ticket.get("id")?.as_u64()?).ok())
            .collect()
    }

    /// The kind and text of each note that the instance has of a ticket.
    pub(super) fn notes(&self, ticket: u32) -> Vec<(&'static str, String)> {
        let notes = self.records("notes", |note| note.get("ticketId") == Some(&ticket.into()));
        let kind = |note: &Value| {
            let is = |flag| note.get(flag) == Some(&Value::Bool(true));
            if is("internalAnalysisFlag") {
                "internal"
            } else if is("resolutionFlag") {
                "resolution"
            } else {
                "discussion"
            }
        };
        notes
            .iter()
            .map(|note| (kind(note), text(note, "text")))
            .collect()
    }

    /// The titles of the documents that the instance has of a ticket.
    pub(super) fn documents(&self, ticket: u32) -> Vec<String> {
        let documents = self.records("documents", |document| {
            document
                .get("recordId")
                .or_else(|| document.get("~recordId"))
                == Some(&ticket.into())
        });
        documents
            .iter()
            .map(|document| text(document, "title"))
            .collect()
    }

    /// The names of the device configurations that are linked to a ticket.
    pub(super) fn configurations(&self, ticket: u32) -> Vec<String> {
        let tickets = self.records("tickets", |record| record.get("id") == Some(&ticket.into()));
        let linked = tickets
            .first()
            .and_then(|ticket| ticket.get("~configurations"));
        let ids = linked.and_then(Value::as_array).into_iter().flatten();
        let psa = self.server.psa();
        ids.filter_map(|id| {
            Some(text(
                &psa.record("company/configurations", id.as_i64()?)?,
                "name",
            ))
        })
        .collect()
    }

    fn records(&self, list: &str, holds: impl Fn(&Value) -> bool) -> Vec<Value> {
        let records = self.server.psa().raw(list).unwrap_or_default();
        records.into_iter().filter(holds).collect()
    }
}

fn text(record: &Value, field: &str) -> String {
    record
        .get(field)
        .and_then(Value::as_str)
        .unwrap_or_default()
        .to_owned()
}

fn time(text: &str) -> Done<Timestamp> {
    text.parse().map_err(Stop::failed)
}
