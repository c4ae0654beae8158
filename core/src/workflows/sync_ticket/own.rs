use super::super::work::Work;
use crate::{
    case::Visibility,
    delivery::CommentSource,
    digest,
    service::{all_notes::TicketNote, tickets::Ticket},
    store::{
        records::{Link, OwnNotes, SentDocument},
        session::Stored,
    },
};
use std::collections::BTreeSet;

/// What casewire itself wrote on a ticket, for whichever of its cases.
#[derive(Clone, Debug, Default)]
pub(super) struct OwnWrites {
    pub(super) notes: BTreeSet<u32>,
    pub(super) documents: BTreeSet<u32>,
}

impl OwnWrites {
    pub(super) fn add<'l>(&mut self, links: impl Iterator<Item = &'l Link>) {
        for link in links {
            self.notes.extend(link.own_notes());
            self.documents
                .extend(link.documents.values().filter_map(|sent| match sent {
                    SentDocument::Document(id) => Some(*id),
                    SentDocument::Refused(_) => None,
                }));
        }
    }

    /// Takes in what was declared beside the cases' own comments, and learns which notes it became. Says whether it learned any.
    pub(super) fn learn_declared(
        &mut self,
        declared: &mut Stored<OwnNotes>,
        works: &[&mut Work<'_>],
        notes: &[TicketNote],
    ) -> bool {
        let Some(declared) = &mut declared.value else {
            return false;
        };
        self.notes
            .extend(declared.notes.iter().filter_map(|own| own.note));
        let member = works.iter().find_map(|work| work.link()?.member.as_deref());
        let came_in = |note: &TicketNote| {
            let key = note.key();
            works
                .iter()
                .any(|work| work.ledger().notes.contains_key(&key))
        };
        let mut learned = false;
        for own in declared.notes.iter_mut().filter(|own| own.note.is_none()) {
            let fits = |note: &&TicketNote| {
                note.source() == CommentSource::Note
                    && note.visibility() == own.kind
                    && digest::of_words(&note.text) == own.digest
                    && !note.is_of_another_than(member)
            };
            let found = notes
                .iter()
                .filter(fits)
                .filter(|note| !self.notes.contains(&note.id) && !came_in(note));
            if let Some(id) = found.map(|note| note.id).min() {
                own.note = Some(id);
                self.notes.insert(id);
                learned = true;
            }
        }
        learned
    }
}

impl Work<'_> {
    /// Learns which notes the create request made: by kind and words, each the oldest that nothing else accounts for. From
    /// then on they are known by their ids, and the same words written once more are someone else's.
    ///
    /// `others` are those that are known to be another case's.
    pub(super) fn learn_own_notes(
        &mut self,
        ticket: &Ticket,
        notes: &[TicketNote],
        others: &BTreeSet<u32>,
    ) {
        let Some(link) = self.link() else {
            return;
        };
        let mut taken: BTreeSet<u32> = link.own_notes().collect();
        taken.extend(others);
        let member = link.member.as_deref();
        let ledger = self.ledger();
        let free: Vec<(u32, Visibility, String, bool)> = notes
            .iter()
            .filter(|note| note.source() == CommentSource::Note)
            .filter(|note| {
                !note.is_of_another_than(member) && !ledger.notes.contains_key(&note.key())
            })
            .map(|note| {
                let digest = digest::of_words(&note.text);
                (
                    note.id,
                    note.visibility(),
                    digest,
                    note.is_as_old_as(ticket),
                )
            })
            .collect();
        let mut find = |kind: Visibility, digest: &str| {
            let fits = |note: &&(u32, Visibility, String, bool)| {
                note.1 == kind && !taken.contains(&note.0)
            };
            // A text that ConnectWise cut or wrote otherwise is still as old as the ticket.
            let same = free.iter().filter(fits).filter(|note| note.2 == digest);
            let of_the_create = free.iter().filter(fits).filter(|note| note.3);
            let id = same
                .map(|note| note.0)
                .min()
                .or_else(|| of_the_create.map(|note| note.0).min())?;
            let digest = free.iter().find(|note| note.0 == id)?.2.clone();
            taken.insert(id);
            Some((id, digest))
        };
        let mut learned = link.clone();
        for opening in &mut learned.openings {
            if opening.note.is_none()
                && let Some((id, digest)) = find(opening.kind, &opening.digest)
            {
                opening.note = Some(id);
                opening.digest = digest;
            }
        }
        for sent in learned
            .notes
            .values_mut()
            .filter(|sent| sent.note.is_none())
        {
            if let Some((id, digest)) = find(Visibility::Internal, &sent.digest) {
                sent.note = Some(id);
                sent.digest = digest;
            }
        }
        self.change_link_if(|link| {
            let changes = *link != learned;
            *link = learned;
            changes
        });
    }
}
