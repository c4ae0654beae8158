//! Notes that casewire writes on tickets with no comment of a case behind them, such as a batch of repeats. Each is declared
//! together with the intent to write it, so that a reading of the ticket knows it for its own and tells no case of it.

use crate::{
    case::Visibility,
    digest,
    effect::Batch,
    environment::Environment,
    error::Result,
    runtime::Context,
    service::TicketId,
    store::{
        records::{OpeningNote, OwnNotes},
        session::{self, Stored},
    },
};

/// Reads what was declared for a ticket.
pub(super) async fn read(
    cx: &Context,
    env: &Environment,
    ticket: TicketId,
) -> Result<Stored<OwnNotes>> {
    session::get_one(cx, env.keys.own_notes(ticket)).await
}

/// Adds to a batch that the ticket is about to get such a note. What is declared and not yet seen in the ticket, because it
/// is being tried again, is declared once.
pub(super) async fn declare(
    cx: &Context,
    env: &Environment,
    ticket: TicketId,
    (kind, text): (Visibility, &str),
    batch: &mut Batch,
) -> Result<()> {
    let mut stored = read(cx, env, ticket).await?;
    let own = stored.value.get_or_insert_default();
    let declared = OpeningNote {
        kind,
        digest: digest::of_words(text),
        note: None,
    };
    if !own.notes.contains(&declared) {
        own.notes.push(declared);
        batch.save(&stored)?;
    }
    Ok(())
}
