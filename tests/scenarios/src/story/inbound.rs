//! What technicians did before a ticket is read again, and what its cases must then have been told: each thing once.

use crate::World;
use casewire::{AttachmentContent, Delivery, Event, TicketId};
use casewire_simulator::{NoteKind, Technician};
use std::{collections::BTreeMap, time::Duration};

const A: &str = "10012";
const B: &str = "10010";

/// What technicians did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Acts {
    /// They wrote, worked, attached two files, and changed priority, owner and status.
    Work,
    /// They wrote and closed the ticket.
    Close,
    /// They merged the first ticket into the second, and wrote there.
    Merge,
    /// They deleted the ticket.
    Delete,
    /// They wrote what the host writes too.
    SameWords,
}

/// The ticket that a case was given first.
pub(super) fn ticket_of(world: &World, case_id: &str) -> TicketId {
    let created = world.delivered.values().find_map(|delivery| {
        let is_it = delivery.event == Event::TicketCreated && delivery.case_id() == Some(case_id);
        delivery.ticket.as_ref().filter(|_| is_it)
    });
    created.unwrap().ticket_id
}

impl Acts {
    /// Does them, a minute later.
    pub(super) fn perform(self, world: &mut World) {
        world.pass_until(world.now.after(Duration::from_secs(60)));
        let now = world.now.millis();
        world.psa.advance(now);
        let ticket = ticket_of(world, A);
        let other = (self == Self::Merge).then(|| ticket_of(world, B));
        let mut technician = world.psa.technician("training.admin");
        let other = other.unwrap_or(ticket);
        self.act(&mut technician, ticket.0.into(), other.0.into());
        world.pass_until(world.now.after(Duration::from_secs(60)));
    }

    fn act(self, technician: &mut Technician<'_>, ticket: i64, other: i64) {
        let internal = NoteKind::Internal;
        match self {
            Self::Work => {
                technician
                    .add_note(ticket, internal, "Looking into it")
                    .unwrap();
                technician
                    .add_note(ticket, NoteKind::Discussion, "Please wait")
                    .unwrap();
                technician
                    .add_time_entry(ticket, internal, "Read the log", 15)
                    .unwrap();
                technician
                    .attach(ticket, "log.txt", "Log", b"1102")
                    .unwrap();
                technician
                    .attach(ticket, "screen.png", "Screen", b"png")
                    .unwrap();
                technician
                    .set_priority(ticket, "Priority 2 - Quick Response")
                    .unwrap();
                technician.set_owner(ticket, "training.admin1").unwrap();
                technician.set_status(ticket, "In Progress").unwrap();
            }
            Self::Close => {
                technician
                    .add_note(ticket, NoteKind::Resolution, "Cleared")
                    .unwrap();
                technician.set_status(ticket, "Closed").unwrap();
            }
            Self::Merge => {
                technician.merge(other, &[ticket]).unwrap();
                technician
                    .add_note(other, internal, "One ticket for both")
                    .unwrap();
            }
            Self::Delete => {
                technician.delete(ticket).unwrap();
            }
            Self::SameWords => {
                technician
                    .add_note(ticket, internal, "Comments: Final review is done")
                    .unwrap();
            }
        }
    }

    /// What the cases must have been told, each once and nothing else.
    fn told(self) -> &'static [(&'static str, &'static str)] {
        match self {
            Self::Work => &[
                (A, "comment: Looking into it"),
                (A, "comment: Please wait"),
                (A, "comment: Read the log"),
                (A, "file: log.txt 4"),
                (A, "file: screen.png 3"),
                (A, "changed: Status"),
                (A, "changed: Priority"),
                (A, "changed: Owner"),
            ],
            Self::Close => &[
                (A, "comment: Cleared"),
                (A, "closed"),
                (A, "changed: Resolution"),
            ],
            Self::Merge => &[
                (A, "merged: first into second"),
                (B, "merged: first into second"),
                // The ticket that survives has a summary of its own.
                (A, "changed: Summary"),
                (A, "comment: One ticket for both"),
                (B, "comment: One ticket for both"),
            ],
            Self::Delete => &[(A, "deleted: first")],
            Self::SameWords => &[(A, "comment: Comments: Final review is done")],
        }
    }

    /// What is wrong with what the host was told.
    pub(super) fn judge(self, world: &World) -> Vec<String> {
        let mut wrong = Vec::new();
        let mut counts = BTreeMap::<(String, String), u32>::new();
        for delivery in world.delivered.values() {
            for meaning in meanings(delivery, world) {
                let case = delivery.case_id().unwrap_or_default().to_owned();
                *counts.entry((case, meaning)).or_default() += 1;
            }
            wrong.extend(unfit(delivery, world));
        }
        for (case, meaning) in self.told() {
            match counts.remove(&((*case).to_owned(), (*meaning).to_owned())) {
                Some(1) => {}
                count => wrong.push(format!("case {case} was told '{meaning}' {count:?} times")),
            }
        }
        for ((case, meaning), count) in counts {
            wrong.push(format!(
                "case {case} was told '{meaning}' {count} times, which did not happen"
            ));
        }
        wrong
    }

    /// How many internal notes of the host's own making stand in the ticket at the end, where it is there.
    pub(super) fn leaves_the_ticket(self) -> bool {
        self != Self::Delete
    }
}

/// What a delivery says, apart from what casewire did itself.
fn meanings(delivery: &Delivery, world: &World) -> Vec<String> {
    let name = |ticket: &TicketId| match *ticket {
        id if id == ticket_of(world, A) => "first".to_owned(),
        id if id == ticket_of(world, B) => "second".to_owned(),
        id => id.to_string(),
    };
    match &delivery.event {
        Event::TicketCreated | Event::TicketModified => Vec::new(),
        Event::CommentAdded { comment } => vec![format!("comment: {}", comment.text)],
        Event::CommentChanged { comment } => vec![format!("comment changed: {}", comment.text)],
        Event::AttachmentAdded { attachment } => {
            let size = match &attachment.content {
                AttachmentContent::Stored { body, .. } => body.size,
                AttachmentContent::Link { .. } | AttachmentContent::LeftOut { .. } => 0,
            };
            vec![format!("file: {} {size}", attachment.file_name)]
        }
        Event::TicketChanged { changes } => changes
            .iter()
            // What ConnectWise makes of the status by itself.
            .filter(|change| change.field != casewire::TicketField::SlaStatus)
            .map(|change| format!("changed: {:?}", change.field))
            .collect(),
        Event::TicketClosed { .. } => vec!["closed".to_owned()],
        Event::TicketReopened { .. } => vec!["reopened".to_owned()],
        Event::TicketMerged { from, into } => {
            vec![format!("merged: {} into {}", name(from), name(into))]
        }
        Event::TicketDeleted { ticket } => vec![format!("deleted: {}", name(ticket))],
        other => vec![format!("{other:?}")],
    }
}

/// What of a delivery does not fit what the host has.
fn unfit(delivery: &Delivery, world: &World) -> Option<String> {
    let Event::AttachmentAdded { attachment } = &delivery.event else {
        return None;
    };
    let AttachmentContent::Stored { token, body } = &attachment.content else {
        return Some(format!("{attachment:?} is not stored"));
    };
    let stored = world.received.get(token).map(Vec::len);
    let id = attachment
        .id
        .rsplit_once('-')
        .and_then(|(_, id)| id.parse().ok());
    let digest = id.and_then(|id| world.psa.document_digest(id));
    (stored != usize::try_from(body.size).ok() || digest.as_deref() != Some(&body.sha256))
        .then(|| format!("{attachment:?} is not what the host stored: {stored:?} bytes"))
}
