//! Configurations, documents and time entries of a ticket.

use serde_json::{Value, json};

use crate::body;
use crate::failure::{Detail, Failure};
use crate::psa::Psa;
use crate::psa::dispatch::Call;
use crate::rules::time_entry;
use crate::security::Level;
use crate::settings::LinkedTwice;
use crate::store::text;
use crate::table::Table;
use crate::wire::Response;

impl Psa {
    /// The ids of the configurations that are linked to the path's ticket.
    pub(super) fn linked(&self, call: &Call<'_>) -> Result<Vec<i64>, Failure> {
        let ticket = self.ticket_of(call, Level::Inquire)?;
        Ok(self.linked_to(ticket))
    }

    pub(crate) fn linked_to(&self, ticket: i64) -> Vec<i64> {
        let linked = self
            .store
            .get(Table::Ticket, ticket)
            .and_then(|ticket| ticket.get("~configurations"))
            .and_then(Value::as_array);
        linked
            .into_iter()
            .flatten()
            .filter_map(Value::as_i64)
            .collect()
    }

    pub(super) fn ticket_configurations(&mut self, call: &Call<'_>) -> Result<Response, Failure> {
        match call.request.method.as_str() {
            "GET" => {
                let base = self.base();
                let linked: Vec<Value> = self
                    .linked(call)?
                    .into_iter()
                    .map(|id| self.store.reference(Table::Configuration, id, &base))
                    .collect();
                self.page_of_values(&linked, call)
            }
            "POST" => self.link_configuration(call),
            method => Err(Failure::method_not_allowed(method)),
        }
    }

    fn link_configuration(&mut self, call: &Call<'_>) -> Result<Response, Failure> {
        let ticket = self.ticket_of(call, Level::Edit)?;
        let refuse =
            |detail: Detail| Failure::invalid_object("configurationReference", vec![detail]);
        let body = body::object(&call.request.body)?;
        if let Some(unknown) = body
            .keys()
            .find(|key| !["id", "deviceIdentifier", "_info"].contains(&key.as_str()))
        {
            return Err(refuse(Detail::new(
                "InvalidObject",
                format!(
                    "Could not find member '{unknown}' on object of type 'ConfigurationReference'"
                ),
                unknown,
            )));
        }
        let device = body.get("deviceIdentifier").and_then(Value::as_str);
        let wanted = match (body.get("id").and_then(Value::as_i64), device) {
            (Some(id), _) => self.store.get(Table::Configuration, id).map(|_| id),
            (None, Some(device)) => self
                .store
                .rows(Table::Configuration)
                .find(|(_, record)| text(record, "deviceIdentifier").eq_ignore_ascii_case(device))
                .map(|(id, _)| id),
            (None, None) => {
                return Err(refuse(Detail::new(
                    "MissingRequiredField",
                    "id or deviceIdentifier is required.",
                    "id",
                )));
            }
        };
        let id =
            wanted.ok_or_else(|| refuse(Detail::not_found("id", "Configuration not found")))?;
        if self.linked_to(ticket).contains(&id) {
            if self.settings.quirks.linked_twice == LinkedTwice::Refused {
                return Err(refuse(Detail::new(
                    "ObjectExists",
                    "The configuration is already linked to the ticket",
                    "id",
                )));
            }
        } else {
            self.link(ticket, id);
            let actor = self.actor_of(call);
            self.edit_ticket(ticket, &actor, |_| {});
        }
        let reference = self.store.reference(Table::Configuration, id, &self.base());
        Ok(Response::json(201, &reference))
    }

    /// Links a configuration to a ticket.
    pub(crate) fn link(&mut self, ticket: i64, configuration: i64) {
        if let Some(record) = self.store.get_mut(Table::Ticket, ticket) {
            let linked = record.entry("~configurations").or_insert(json!([]));
            if let Value::Array(linked) = linked {
                linked.push(json!(configuration));
            }
        }
    }

    pub(super) fn ticket_configuration(&mut self, call: &Call<'_>) -> Result<Response, Failure> {
        let id = call.route.last();
        let linked = self.linked(call)?;
        if !linked.contains(&id) {
            return Err(Failure::not_found("Configuration", id));
        }
        match call.request.method.as_str() {
            "GET" => {
                let reference = self.store.reference(Table::Configuration, id, &self.base());
                Ok(Response::json(200, &reference))
            }
            "DELETE" => {
                let ticket = self.ticket_of(call, Level::Edit)?;
                let actor = self.actor_of(call);
                self.edit_ticket(ticket, &actor, |record| {
                    if let Some(Value::Array(linked)) = record.get_mut("~configurations") {
                        linked.retain(|linked| linked.as_i64() != Some(id));
                    }
                });
                Ok(Response::empty(204))
            }
            method => Err(Failure::method_not_allowed(method)),
        }
    }

    pub(super) fn ticket_documents(&self, call: &Call<'_>) -> Result<Vec<Value>, Failure> {
        call.only("GET")?;
        let ticket = self.ticket_of(call, Level::Inquire)?;
        let base = self.base();
        let documents = self.documents_of("ticket", ticket);
        Ok(documents
            .into_iter()
            .map(|id| self.store.reference(Table::Document, id, &base))
            .collect())
    }

    pub(super) fn ticket_time_entries(&self, call: &Call<'_>) -> Result<Vec<Value>, Failure> {
        call.only("GET")?;
        let ticket = self.ticket_of(call, Level::Inquire)?;
        let entries = time_entry::of_ticket(self, ticket);
        Ok(entries
            .into_iter()
            .map(|(id, entry)| json!({"id": id, "_info": entry.get("_info")}))
            .collect())
    }
}
