use crate::World;
use base64::{Engine, engine::general_purpose::STANDARD};
use casewire::{
    Store,
    effect::{Batch, StoreRequest},
};
use casewire_simulator::{COMPANY_ID, PRIVATE_KEY, PUBLIC_KEY, Request};
use serde_json::Value;
use std::collections::BTreeMap;

/// What someone who looks into ConnectWise sees.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Seen {
    /// Tickets by their reference.
    pub tickets: BTreeMap<String, Vec<SeenTicket>>,
}

/// A ticket, as someone sees it who opens it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SeenTicket {
    /// Number.
    pub id: u64,
    /// Name of its status.
    pub status: String,
    /// Name of its priority.
    pub priority: String,
    /// Whether it is closed.
    pub closed: bool,
    /// Summary.
    pub summary: String,
    /// Each note's kind and text, sorted.
    pub notes: Vec<(String, String)>,
    /// Titles of its documents, sorted.
    pub documents: Vec<String>,
    /// Names of its configurations, sorted.
    pub configurations: Vec<String>,
}

impl World {
    /// Looks into ConnectWise, as a person would: through the API, without disturbance.
    #[must_use]
    pub fn look(&mut self) -> Seen {
        let mut seen = Seen::default();
        let mut tickets = Vec::new();
        for page in 1.. {
            let found = self.get(&format!(
                "service/tickets?pageSize=1000&orderBy=id&page={page}"
            ));
            let full = found.len() == 1000;
            tickets.extend(found);
            if !full {
                break;
            }
        }
        for ticket in tickets {
            let id = ticket["id"].as_u64().unwrap_or_default();
            let Some(reference) = ticket["externalXRef"].as_str() else {
                continue;
            };
            let mut seen_ticket = SeenTicket {
                id,
                status: text(&ticket["status"]["name"]),
                priority: text(&ticket["priority"]["name"]),
                closed: ticket["closedFlag"].as_bool().unwrap_or_default(),
                summary: text(&ticket["summary"]),
                ..SeenTicket::default()
            };
            for note in self.get(&format!("service/tickets/{id}/notes?pageSize=1000")) {
                let kinds = [
                    ("internalAnalysisFlag", "internal"),
                    ("resolutionFlag", "resolution"),
                    ("detailDescriptionFlag", "discussion"),
                ];
                let kind = kinds
                    .iter()
                    .find(|(flag, _)| note[*flag] == true)
                    .map_or("none", |(_, kind)| kind);
                seen_ticket
                    .notes
                    .push((kind.to_owned(), text(&note["text"])));
            }
            for document in self.get(&format!(
                "system/documents?recordType=Ticket&recordId={id}&pageSize=1000"
            )) {
                seen_ticket.documents.push(text(&document["title"]));
            }
            for link in self.get(&format!(
                "service/tickets/{id}/configurations?pageSize=1000"
            )) {
                let conditions = format!("company/configurations?conditions=id={}", link["id"]);
                seen_ticket.configurations.extend(
                    self.get(&conditions)
                        .iter()
                        .map(|found| text(&found["name"])),
                );
            }
            seen_ticket.notes.sort();
            seen_ticket.documents.sort();
            seen_ticket.configurations.sort();
            seen.tickets
                .entry(reference.to_owned())
                .or_default()
                .push(seen_ticket);
        }
        seen
    }

    /// Reads a list through the API, as a person would; `path` is the part below `apis/3.0/`.
    ///
    /// # Panics
    ///
    /// Where it cannot be read.
    #[must_use]
    pub fn get(&mut self, path: &str) -> Vec<Value> {
        let response = self.ask("GET", path, None);
        response.as_array().cloned().unwrap_or_default()
    }

    /// Makes a record through the API, as a person would.
    ///
    /// # Panics
    ///
    /// Where it is refused.
    pub fn post(&mut self, path: &str, body: &Value) -> Value {
        self.ask("POST", path, Some(body))
    }

    /// Deletes a record through the API, as a person would.
    ///
    /// # Panics
    ///
    /// Where it is refused.
    pub fn delete(&mut self, path: &str) {
        self.ask("DELETE", path, None);
    }

    /// Loses records of the host's store, as a restored backup would.
    pub fn forget(&mut self, keys: Vec<String>) {
        let batch = Batch {
            delete: keys,
            ..Batch::default()
        };
        let _ = self.store.perform(&StoreRequest::Commit(batch));
    }

    fn ask(&mut self, method: &str, path: &str, body: Option<&Value>) -> Value {
        let token = STANDARD.encode(format!("{COMPANY_ID}+{PUBLIC_KEY}:{PRIVATE_KEY}"));
        let mut request = Request::new(method, &format!("/v4_6_release/apis/3.0/{path}"))
            .header("authorization", &format!("Basic {token}"))
            .header("clientid", "6f1f6f0e-3c1d-4a52-9a54-0b9f5f4f9e11");
        if let Some(body) = body {
            request = request.header("content-type", "application/json");
            request.body = body.to_string().into_bytes();
        }
        let response = self.psa.handle(&request, self.now.millis());
        assert!(
            (200..300).contains(&response.status),
            "{method} {path}: {}",
            String::from_utf8_lossy(&response.body)
        );
        if response.body.is_empty() {
            return Value::Null;
        }
        response.value()
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}
