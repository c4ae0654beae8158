//! Searching, merging, bundling, converting and copying tickets, and all that was said on one.

use serde_json::{Value, json};

use super::author;
use crate::body;
use crate::failure::{Detail, Failure};
use crate::list::Find;
use crate::psa::Psa;
use crate::psa::dispatch::Call;
use crate::references;
use crate::rules::time_entry;
use crate::security::Level;
use crate::store::{Record, is_set, referenced, text};
use crate::table::Table;
use crate::wire::Response;

impl Psa {
    /// `POST /service/tickets/search`: a list whose conditions stand in the body.
    pub(super) fn search_tickets(&mut self, call: &Call<'_>) -> Result<Response, Failure> {
        call.only("POST")?;
        let filter = body::object(&call.request.body)?;
        let known = [
            "conditions",
            "orderBy",
            "childconditions",
            "customfieldconditions",
        ];
        if let Some(unknown) = filter.keys().find(|key| !known.contains(&key.as_str())) {
            let message =
                format!("Could not find member '{unknown}' on object of type 'FilterValues'");
            let detail = Detail::new("InvalidObject", message, unknown);
            return Err(Failure::invalid_object("filterValues", vec![detail]));
        }
        let get = |name: &str| {
            let value = filter
                .iter()
                .find(|(key, _)| key.eq_ignore_ascii_case(name))
                .and_then(|(_, value)| value.as_str());
            value.filter(|text| !text.is_empty()).map(str::to_owned)
        };
        let quirks = &self.settings.quirks;
        let find = Find::parse(Table::Ticket, "service/tickets", &get, quirks)?;
        let ids = self.find_with(&find, Table::Ticket, call)?;
        self.page_of(Table::Ticket, ids, find.is_ordered(), call)
    }

    /// `GET …/allNotes`: notes and the texts of time entries together.
    pub(super) fn all_notes(&mut self, call: &Call<'_>) -> Result<Response, Failure> {
        call.only("GET")?;
        let ticket = self.ticket_of(call, Level::Inquire)?;
        let base = self.base();
        let mut all = Vec::new();
        for (id, note) in self.store.children(Table::ServiceNote, ticket) {
            let mut shown = json!({
                "id": id,
                "noteType": "TicketNote",
                "ticket": self.store.reference(Table::Ticket, ticket, &base),
                "text": text(note, "text"),
                "isMarkdownFlag": true,
                "detailDescriptionFlag": is_set(note, "detailDescriptionFlag"),
                "internalAnalysisFlag": is_set(note, "internalAnalysisFlag"),
                "resolutionFlag": is_set(note, "resolutionFlag"),
                "issueFlag": is_set(note, "issueFlag"),
                "bundledFlag": false,
                "mergedFlag": is_set(note, "~merged"),
                "createdByParentFlag": false,
                "_info": note.get("_info"),
            });
            self.add_author(&mut shown, note, &base);
            all.push(shown);
        }
        for (id, entry) in time_entry::of_ticket(self, ticket) {
            let mut shown = json!({
                "id": id,
                "noteType": "TimeEntryNote",
                "ticket": self.store.reference(Table::Ticket, ticket, &base),
                "text": text(entry, "notes"),
                "isMarkdownFlag": false,
                "detailDescriptionFlag": is_set(entry, "addToDetailDescriptionFlag"),
                "internalAnalysisFlag": is_set(entry, "addToInternalAnalysisFlag"),
                "resolutionFlag": is_set(entry, "addToResolutionFlag"),
                "issueFlag": false,
                "timeStart": text(entry, "timeStart"),
                "bundledFlag": false,
                "mergedFlag": false,
                "createdByParentFlag": false,
                "_info": entry.get("_info"),
            });
            if let (Some(end), Some(shown)) = (entry.get("timeEnd"), shown.as_object_mut()) {
                shown.insert("timeEnd".to_owned(), end.clone());
            }
            self.add_author(&mut shown, entry, &base);
            all.push(shown);
        }
        self.page_of_values(&all, call)
    }

    fn add_author(&self, shown: &mut Value, record: &Record, base: &str) {
        let Some(shown) = shown.as_object_mut() else {
            return;
        };
        for (field, table) in [("member", Table::Member), ("contact", Table::Contact)] {
            if let Some(id) = referenced(record, field) {
                shown.insert(field.to_owned(), self.store.reference(table, id, base));
                let name = author(&self.store, table, Some(id));
                shown.insert("originalAuthor".to_owned(), name);
            }
        }
    }

    /// `POST …/merge`: the named tickets become part of this one.
    pub(super) fn merge_ticket(&mut self, call: &Call<'_>) -> Result<Response, Failure> {
        call.only("POST")?;
        let parent = self.ticket_of(call, Level::Edit)?;
        let body = body::object(&call.request.body)?;
        let children = self.ticket_ids(call, &body, "mergeTicketIds", "ticketMerge")?;
        let status = body.get("status").cloned().unwrap_or_default();
        if body::is_blank(&status) {
            let detail = Detail::missing("status");
            return Err(Failure::invalid_object("ticketMerge", vec![detail]));
        }
        let board = self
            .store
            .get(Table::Ticket, parent)
            .and_then(|ticket| referenced(ticket, "board"));
        let status = references::find(&self.store, Table::BoardStatus, "status", &status, board)
            .map_err(|detail| Failure::invalid_object("ticketMerge", vec![detail]))?;
        let actor = self.actor_of(call);
        self.merge(parent, &children, Some(status), &actor)?;
        Ok(success())
    }

    /// `POST …/attachChildren`: bundles tickets below this one.
    pub(super) fn attach_children(&mut self, call: &Call<'_>) -> Result<Response, Failure> {
        call.only("POST")?;
        let parent = self.ticket_of(call, Level::Edit)?;
        let body = body::object(&call.request.body)?;
        let children = self.ticket_ids(call, &body, "childTicketIds", "ticketBundle")?;
        let actor = self.actor_of(call);
        for child in children {
            self.edit_ticket(child, &actor, |ticket| {
                ticket.insert("parentTicketId".to_owned(), json!(parent));
            });
        }
        self.edit_ticket(parent, &actor, |ticket| {
            ticket.insert("hasChildTicket".to_owned(), json!(true));
        });
        Ok(success())
    }

    /// `POST …/convert`: the ticket becomes a project ticket, and its service path is gone.
    pub(super) fn convert_ticket(&mut self, call: &Call<'_>) -> Result<Response, Failure> {
        call.only("POST")?;
        let id = self.ticket_of(call, Level::Edit)?;
        let actor = self.actor_of(call);
        self.convert(id, &actor);
        Ok(success())
    }

    /// `POST …/copy`: a new ticket with the same fields, open again.
    pub(super) fn copy_ticket(&mut self, call: &Call<'_>) -> Result<Response, Failure> {
        call.only("POST")?;
        let id = self.ticket_of(call, Level::Add)?;
        let mut copy = self
            .store
            .get(Table::Ticket, id)
            .cloned()
            .unwrap_or_default();
        copy.retain(|name, _| !name.starts_with('~'));
        for result in ["status", "parentTicketId", "customFields"] {
            copy.remove(result);
        }
        let actor = self.actor_of(call);
        let id = self.create_from(Table::Ticket, &copy, None, &actor)?;
        Ok(self.answer_with(
            201,
            Table::Ticket,
            id,
            &self.projection(Table::Ticket, call)?,
        ))
    }

    fn ticket_ids(
        &self,
        call: &Call<'_>,
        body: &Record,
        field: &str,
        resource: &str,
    ) -> Result<Vec<i64>, Failure> {
        let refuse = |detail: Detail| Failure::invalid_object(resource, vec![detail]);
        let ids: Vec<i64> = match body.get(field).and_then(Value::as_array) {
            Some(ids) => ids.iter().filter_map(Value::as_i64).collect(),
            None => return Err(refuse(Detail::missing(field))),
        };
        if ids.is_empty() || ids.contains(&call.route.first()) {
            return Err(refuse(Detail::invalid(
                field,
                format!("{field} is invalid."),
            )));
        }
        for id in &ids {
            self.existing(Table::Ticket, call, *id)
                .map_err(|_| refuse(Detail::not_found(field, format!("Ticket {id} not found"))))?;
        }
        Ok(ids)
    }
}

fn success() -> Response {
    Response::json(200, &json!({"success": true, "message": "Success"}))
}
