use super::{super::work::Work, own::OwnWrites};
use crate::{
    case::Visibility,
    delivery::{CommentSource, Event, IncomingComment},
    digest,
    environment::Environment,
    error::Result,
    runtime::Context,
    service::{
        TicketId,
        all_notes::{self, TicketNote},
    },
    store::records::OWN_NOTE,
    text::from_note,
};

/// Reads all that was written on a ticket, that of time entries too: it stands in no other list of its notes (API.md
/// section 9).
pub(super) async fn read(
    cx: &Context,
    env: &Environment,
    ticket: TicketId,
) -> Result<Vec<TicketNote>> {
    let mut notes = all_notes::list(cx, &env.api, ticket).await?;
    notes.retain(|note| !note.text.trim().is_empty());
    Ok(notes)
}

impl Work<'_> {
    /// Tells what was written on the ticket since, and what of it was changed; what casewire itself wrote only once it was
    /// changed.
    pub(super) fn tell_notes(&mut self, notes: &[TicketNote], own: &OwnWrites) {
        for note in notes {
            let is_note = note.source() == CommentSource::Note;
            if is_note && own.notes.contains(&note.id) {
                self.tell_changed_own(note);
                continue;
            }
            if !self.comes_in(note) {
                continue;
            }
            let key = note.key();
            let digest = digest_of(note);
            let event = match self.ledger().notes.get(&key) {
                Some(known) if *known == digest => continue,
                Some(_) => Event::CommentChanged {
                    comment: comment(self.env, note, None),
                },
                None => Event::CommentAdded {
                    comment: comment(self.env, note, None),
                },
            };
            self.change_ledger(|ledger| {
                ledger.notes.insert(key, digest);
            });
            self.tell(event);
        }
    }

    /// Whether the configuration lets it in.
    fn comes_in(&self, note: &TicketNote) -> bool {
        let wanted = self.env.settings.config().inbound.notes;
        let of_the_kind = match note.visibility() {
            Visibility::Discussion => wanted.discussion,
            Visibility::Internal => wanted.internal,
            Visibility::Resolution => wanted.resolution,
        };
        of_the_kind && (note.source() == CommentSource::Note || wanted.time_entries)
    }

    /// Tells that a technician changed the note that a comment of this case became.
    fn tell_changed_own(&mut self, note: &TicketNote) {
        let digest = digest::of_words(&note.text);
        let Some(link) = self.link() else {
            return;
        };
        let changed = link
            .notes
            .iter()
            .filter(|(id, _)| !id.starts_with(OWN_NOTE))
            .find(|(_, sent)| sent.note == Some(note.id) && sent.digest != digest);
        let Some(id) = changed.map(|(id, _)| id.clone()) else {
            return;
        };
        let event = Event::CommentChanged {
            comment: comment(self.env, note, Some(&id)),
        };
        self.change_link(|link| {
            if let Some(sent) = link.notes.get_mut(&id) {
                sent.digest = digest;
            }
        });
        self.tell(event);
    }
}

/// The digest of its kind and words: a note that becomes visible to the customer is a changed one.
fn digest_of(note: &TicketNote) -> String {
    digest::of_words(&format!("{:?} {}", note.visibility(), note.text))
}

/// `id` is that of the host's own comment, where the note is one. Its text is in the form that `comments.format` asks for; as
/// ConnectWise has it where nothing is said.
fn comment(env: &Environment, note: &TicketNote, id: Option<&str>) -> IncomingComment {
    let comments = env.settings.config().comments.as_ref();
    IncomingComment {
        id: id.map_or_else(|| comment_id(&note.key()), str::to_owned),
        text: comments.map_or_else(
            || note.text.clone(),
            |comments| from_note(&note.text, comments.format),
        ),
        visibility: note.visibility(),
        source: note.source(),
        author: note.author().map(str::to_owned),
        created_at: note.written_at(),
    }
}

/// The id under which a host knows what was written in ConnectWise.
pub(super) fn comment_id(key: &str) -> String {
    format!("connectwise-{key}")
}
