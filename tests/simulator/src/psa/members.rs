//! Members of the instance.

use serde_json::{Value, json};

use super::{Actor, Psa};
use crate::store::{Record, text};
use crate::table::Table;

impl Psa {
    /// The member of that identifier, in any case.
    pub(crate) fn member(&self, identifier: &str) -> Option<&Record> {
        self.store
            .rows(Table::Member)
            .map(|(_, member)| member)
            .find(|member| text(member, "identifier").eq_ignore_ascii_case(identifier))
    }

    /// A stored reference to a member; null when there is none.
    pub(crate) fn member_reference(&self, identifier: &str) -> Value {
        self.member(identifier)
            .and_then(|member| member.get("id"))
            .map_or(Value::Null, |id| json!({"id": id}))
    }

    /// Moves a ticket's `lastUpdated` because something that belongs to it changed.
    pub(crate) fn touch_ticket(&mut self, ticket: i64, actor: &Actor) {
        if !self.settings.quirks.notes_touch_ticket {
            return;
        }
        if let Some(record) = self.store.get_mut(Table::Ticket, ticket) {
            Self::stamp_changed(record, actor);
        }
        self.saved(Table::Ticket, ticket, "updated", actor, &Record::new());
    }
}
