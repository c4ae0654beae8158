use super::{super::work::Work, documents::attachment_id, notes::comment_id};
use crate::{
    command::SyncReason,
    decide,
    delivery::{ChangedBy, Event, TicketField, TicketState},
    service::{TicketId, all_notes::TicketNote, tickets::Ticket},
    store::records::{ContentRead, Link},
    time::Timestamp,
};
use std::{collections::BTreeSet, time::Duration};

/// How much later than a time of change a second reading is surely beyond that second.
const BEYOND: Duration = Duration::from_secs(2);

impl Work<'_> {
    /// Changes the link where `change` says that it did.
    pub(super) fn change_link_if(&mut self, change: impl FnOnce(&mut Link) -> bool) -> bool {
        let Some(mut link) = self.link().cloned() else {
            return false;
        };
        let changed = change(&mut link);
        if changed {
            self.change_link(|old| *old = link);
        }
        changed
    }

    /// How many deliveries the case has had.
    pub(super) fn told(&self) -> u64 {
        self.link().map_or(0, |link| link.deliveries)
    }

    /// Tells that tickets were merged into the case's ticket, each once.
    fn tell_merges(&mut self, merged: &BTreeSet<TicketId>) {
        let Some(into) = self.link().map(|link| link.ticket) else {
            return;
        };
        for from in merged {
            if !self.ledger().merged.contains(from) {
                let from = *from;
                self.change_ledger(|ledger| {
                    ledger.merged.insert(from);
                });
                self.tell(Event::TicketMerged { from, into });
            }
        }
    }

    /// Tells in what the ticket is no longer as the host knows it, and which others were merged into it before; of each it
    /// carries the ticket as it is now. Without `notes` its resolution counts as unchanged.
    pub(super) fn tell_state(
        &mut self,
        ticket: &Ticket,
        notes: Option<&[TicketNote]>,
        merged: &BTreeSet<TicketId>,
    ) {
        let Some(link) = self.link() else {
            return;
        };
        let told = self.ledger().told.clone();
        let mut now = decide::ticket_state(ticket);
        now.resolution = match notes {
            Some(notes) => resolution(notes),
            None => told.as_ref().and_then(|told| told.resolution.clone()),
        };
        // Of a ticket that was never told of in full, the host knows what its link says.
        let before = told.clone().unwrap_or_else(|| TicketState {
            board: link.board.clone(),
            status: link.status.clone(),
            closed: link.closed,
            company: Some(link.company_name.clone()),
            ..now.clone()
        });
        self.see(ticket);
        let differences = decide::differences(&before, &now);
        let at = changed_at(ticket).unwrap_or_else(|| self.cx.now());
        let fields = differences.fields();
        if told.as_ref() != Some(&now) {
            self.change_ledger(|ledger| {
                ledger.told = Some(now);
                ledger.changed.extend(fields.map(|field| (field, at)));
            });
        }
        self.tell_merges(merged);
        let differences = differences.that_come_in(&self.env.settings.config().inbound.fields);
        if let Some((from, to)) = differences.moved {
            let mapped = self.env.settings.maps_statuses_of(&to);
            self.tell(Event::TicketMoved { from, to, mapped });
        }
        if let Some((from, to)) = differences.company {
            self.tell(Event::CompanyChanged { from, to });
        }
        let by = ChangedBy::ConnectWise;
        match differences.closed {
            Some(true) => self.tell(Event::TicketClosed { by }),
            Some(false) => self.tell(Event::TicketReopened { by }),
            None => {}
        }
        if !differences.changes.is_empty() {
            self.tell(Event::TicketChanged {
                changes: differences.changes,
            });
        }
    }

    /// Tells at once of the ticket that survived a merge, before anything else is told of it.
    pub(in super::super) fn tell_of_survivor(
        &mut self,
        ticket: &Ticket,
        merged: &BTreeSet<TicketId>,
    ) {
        if self.env.settings.config().policies.ticket_inbound.enabled {
            self.tell_state(ticket, None, merged);
        }
    }

    /// The host knows the ticket as it is now: it was just made.
    pub(in super::super) fn know(&mut self, ticket: &Ticket) {
        if self.env.settings.config().policies.ticket_inbound.enabled {
            let state = decide::ticket_state(ticket);
            self.change_ledger(|ledger| ledger.told = Some(state));
        }
    }

    /// The host knows what casewire itself changed: it is its own doing. What else is new in the ticket is told by the next
    /// reading of it.
    pub(in super::super) fn note_own_changes<'f>(
        &mut self,
        fields: impl Iterator<Item = &'f String>,
        ticket: &Ticket,
    ) {
        let Some(mut told) = self.ledger().told.clone() else {
            return;
        };
        let now = decide::ticket_state(ticket);
        for field in fields {
            match field.as_str() {
                "status" => {
                    told.status.clone_from(&now.status);
                    told.closed = now.closed;
                    told.closed_at = now.closed_at;
                    told.resolved_at = now.resolved_at;
                    told.sla_status.clone_from(&now.sla_status);
                }
                "priority" => told.priority.clone_from(&now.priority),
                "summary" => told.summary.clone_from(&now.summary),
                _ => {}
            }
        }
        self.change_ledger(|ledger| ledger.told = Some(told));
    }

    /// When a field was changed in ConnectWise last, as far as it is known.
    pub(in super::super) fn changed_in_connectwise(
        &self,
        field: TicketField,
        ticket: &Ticket,
    ) -> Option<Timestamp> {
        let known = self.ledger().changed.get(&field).copied();
        let is_told = self.ledger().told.as_ref().is_some_and(|told| {
            decide::differences(told, &decide::ticket_state(ticket))
                .fields()
                .all(|other| other != field)
        });
        if is_told { known } else { changed_at(ticket) }
    }

    /// Whether the ticket's notes and documents have to be read.
    pub(super) fn lacks_content(&self, ticket: &Ticket, reason: SyncReason) -> bool {
        let read = self.ledger().content;
        reason.is_thorough()
            || read.is_none_or(|read| !read.complete || read.changed_at != changed_at(ticket))
    }

    /// Notes that the ticket's notes and documents were read and told.
    pub(super) fn note_content_read(&mut self, ticket: &Ticket) {
        let (now, changed_at) = (self.cx.now(), changed_at(ticket));
        let earlier = self.ledger().content;
        let since = earlier
            .filter(|read| read.changed_at == changed_at)
            .map_or(now, |read| read.since);
        let read = ContentRead {
            changed_at,
            since,
            complete: changed_at.is_some() && now >= since.after(BEYOND),
        };
        if earlier != Some(read) {
            self.change_ledger(|ledger| ledger.content = Some(read));
        }
    }

    /// Whether a comment of the case came from ConnectWise.
    pub(in super::super) fn came_as_note(&self, comment: &str) -> bool {
        let notes = &self.ledger().notes;
        notes.keys().any(|key| comment_id(key) == comment)
    }

    /// Whether an attachment of the case came from ConnectWise.
    pub(in super::super) fn came_as_document(&self, attachment: &str) -> bool {
        let documents = &self.ledger().documents;
        documents.iter().any(|id| attachment_id(*id) == attachment)
    }
}

fn changed_at(ticket: &Ticket) -> Option<Timestamp> {
    ticket.info.as_ref()?.last_updated
}

/// The newest text under the ticket's resolution.
fn resolution(notes: &[TicketNote]) -> Option<String> {
    let newest = notes.iter().rev().find(|note| note.is_resolution());
    newest.map(|note| note.text.clone())
}
