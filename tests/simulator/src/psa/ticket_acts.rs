//! What happens to tickets beyond a change of fields, whoever asks for it.

use serde_json::json;

use super::{Actor, Psa};
use crate::failure::Failure;
use crate::store::Record;
use crate::table::Table;

impl Psa {
    /// Changes a ticket outside of a body's rules, as a save.
    pub(crate) fn edit_ticket(&mut self, id: i64, actor: &Actor, edit: impl FnOnce(&mut Record)) {
        if let Some(ticket) = self.store.get_mut(Table::Ticket, id) {
            edit(ticket);
            Self::stamp_changed(ticket, actor);
            self.saved(Table::Ticket, id, "updated", actor, &Record::new());
        }
    }

    /// Merges tickets into a parent. They take the status, when one is given and is of their
    /// board, and name the parent from then on.
    pub(crate) fn merge(
        &mut self,
        parent: i64,
        children: &[i64],
        status: Option<i64>,
        actor: &Actor,
    ) -> Result<(), Failure> {
        for child in children {
            if let Some(status) = status {
                let set = json!({"status": {"id": status}});
                self.set_ticket(*child, &set, actor)?;
            }
            self.edit_ticket(*child, actor, |ticket| {
                ticket.insert("mergedParentTicket".to_owned(), json!({"id": parent}));
            });
        }
        self.edit_ticket(parent, actor, |ticket| {
            ticket.insert("hasMergedChildTicketFlag".to_owned(), json!(true));
        });
        Ok(())
    }

    /// Turns a service ticket into a project ticket: `/service/tickets/{id}` is `404` from then
    /// on.
    pub(crate) fn convert(&mut self, id: i64, actor: &Actor) {
        self.edit_ticket(id, actor, |ticket| {
            ticket.insert("recordType".to_owned(), json!("ProjectTicket"));
        });
    }

    /// Sets fields of a ticket under the rules that a PATCH of them has.
    pub(crate) fn set_ticket(
        &mut self,
        id: i64,
        fields: &serde_json::Value,
        actor: &Actor,
    ) -> Result<(), Failure> {
        let before = self
            .store
            .get(Table::Ticket, id)
            .cloned()
            .ok_or_else(|| Failure::not_found("Ticket", id))?;
        let mut record = before.clone();
        let mut set = std::collections::BTreeSet::new();
        for (name, value) in fields.as_object().into_iter().flatten() {
            set.insert(name.clone());
            if value.is_null() {
                record.remove(name);
            } else {
                record.insert(name.clone(), value.clone());
            }
        }
        self.change(Table::Ticket, id, before, record, set, actor)
    }
}
