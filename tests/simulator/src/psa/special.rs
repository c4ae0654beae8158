//! Endpoints that are no plain list or record.

mod configurations;
mod documents;
mod links;
mod tickets;

pub(crate) use documents::Upload;
use serde_json::{Value, json};

use super::Psa;
use super::dispatch::Call;
use crate::failure::Failure;
use crate::route::Special;
use crate::security::Level;
use crate::store::Store;
use crate::table::Table;
use crate::wire::Response;

impl Psa {
    pub(super) fn answer_special(
        &mut self,
        special: Special,
        call: &Call<'_>,
    ) -> Result<Response, Failure> {
        match special {
            Special::Info => {
                call.only("GET")?;
                Ok(self.system_info())
            }
            Special::TicketSearch => self.search_tickets(call),
            Special::TicketAllNotes => self.all_notes(call),
            Special::TicketMerge => self.merge_ticket(call),
            Special::TicketAttachChildren => self.attach_children(call),
            Special::TicketConvert => self.convert_ticket(call),
            Special::TicketCopy => self.copy_ticket(call),
            Special::TicketCalculateSla => {
                call.only("GET")?;
                let ids = self.find(Table::Ticket, call)?;
                self.page_of(Table::Ticket, ids, call.is_ordered(), call)
            }
            Special::TicketChangeLogs => match call.request.method.as_str() {
                "GET" => self.page_of_values(&[], call),
                "DELETE" => Ok(Response::empty(204)),
                method => Err(Failure::method_not_allowed(method)),
            },
            Special::TicketConfigurations => self.ticket_configurations(call),
            Special::TicketConfigurationsCount => {
                call.only("GET")?;
                let linked = self.linked(call)?;
                Ok(count(linked.len()))
            }
            Special::TicketConfiguration => self.ticket_configuration(call),
            Special::TicketDocuments => {
                let documents = self.ticket_documents(call)?;
                self.page_of_values(&documents, call)
            }
            Special::TicketDocumentsCount => Ok(count(self.ticket_documents(call)?.len())),
            Special::TicketTimeEntries => {
                let entries = self.ticket_time_entries(call)?;
                self.page_of_values(&entries, call)
            }
            Special::TicketTimeEntriesCount => Ok(count(self.ticket_time_entries(call)?.len())),
            Special::ConfigurationsBulk => self.bulk_configurations(call),
            Special::ConfigurationChangeType => self.change_configuration_type(call),
            Special::Documents => self.documents(call),
            Special::DocumentsCount => {
                call.only("GET")?;
                Ok(count(self.find_documents(call)?.len()))
            }
            Special::Document => self.document(call),
            Special::DocumentDownload => self.download(call),
            Special::DocumentUploadSample => Ok(Response::empty(204)),
            Special::AuditTrail => {
                let entries = self.audit_trail(call)?;
                self.page_of_values(&entries, call)
            }
            Special::AuditTrailCount => Ok(count(self.audit_trail(call)?.len())),
        }
    }

    /// The ticket that a path names, when it can be seen.
    fn ticket_of(&self, call: &Call<'_>, level: Level) -> Result<i64, Failure> {
        self.require(call, level)?;
        let id = call.route.first();
        self.existing(Table::Ticket, call, id)?;
        Ok(id)
    }

    fn audit_trail(&self, call: &Call<'_>) -> Result<Vec<Value>, Failure> {
        call.only("GET")?;
        let kind = call.target.get("type").unwrap_or("");
        let id = call.target.get("id").and_then(|id| id.parse::<i64>().ok());
        let Some(id) = id else {
            return Err(Failure::new(
                400,
                "MissingRequiredField",
                "type and id are required.",
            ));
        };
        Ok(self
            .audit
            .iter()
            .filter(|line| line.id == id && line.table.label().eq_ignore_ascii_case(kind))
            .map(|line| line.entry.clone())
            .collect())
    }
}

fn count(count: usize) -> Response {
    Response::json(200, &json!({ "count": count }))
}

/// The name of a member or contact that a note shows as its author.
fn author(store: &Store, table: Table, id: Option<i64>) -> Value {
    id.and_then(|id| store.get(table, id))
        .and_then(|record| Store::key(table, record, "name"))
        .unwrap_or_default()
}
