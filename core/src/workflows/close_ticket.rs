use super::{
    complete_ticket::complete_ticket,
    exactly_once::Payload,
    update_ticket::{change_ticket, closes, current_ticket, plan},
    work::{Interrupt, Work},
};
use crate::{
    case::Case,
    command::CaseResult,
    decide,
    delivery::{ChangedBy, Event},
    error::{Code, Error},
    store::records::{Action, OWN_NOTE},
};
use std::sync::Arc;

/// Closes a case's ticket: first whatever the case says last, since a closed ticket may take no notes, then the status.
pub(crate) async fn close_ticket(
    work: &mut Work<'_>,
    case: &Arc<Case>,
) -> Result<CaseResult, Interrupt> {
    let ticket = current_ticket(work).await?;
    let plan = plan(work, case).await?;
    let mut added = complete_ticket(work, case, plan.configuration.as_ref()).await?;
    if closes(work, case, &plan, &ticket)? {
        added |= say_resolution(work, case).await?;
    }
    let changed = change_ticket(work, case, &plan, &ticket).await?;
    let closed = work.linked()?.closed;
    if closed && !ticket.closed_flag {
        work.tell(Event::TicketClosed {
            by: ChangedBy::Case,
        });
        return Ok(CaseResult::Closed);
    }
    if changed || added {
        work.tell(Event::TicketModified);
        return Ok(CaseResult::Updated);
    }
    Ok(CaseResult::Unchanged)
}

/// Says how it ended, once for each time that the ticket is closed after its case.
async fn say_resolution(work: &mut Work<'_>, case: &Arc<Case>) -> Result<bool, Interrupt> {
    let link = work.linked()?;
    let id = format!(
        "{OWN_NOTE}resolution {} {}",
        link.former.len(),
        link.reopened
    );
    if link.notes.contains_key(&id) {
        return Ok(false);
    }
    let note = decide::resolution(&work.env.settings, case, &id).map_err(|problem| {
        let message = format!("/comments/resolution: {}. {}", problem.message, problem.fix);
        Error::new(Code::InvalidTemplate, message)
    })?;
    let Some(note) = note else {
        return Ok(false);
    };
    let note = note.written_for(&*work.env.quirks(work.cx).await?);
    work.perform(Action::AddNote { note: note.into() }, Payload::None)
        .await?;
    Ok(true)
}
