use super::{
    complete_ticket::complete_ticket,
    update_ticket::{change_ticket, current_ticket, plan},
    work::{Interrupt, Work},
};
use crate::{
    case::Case,
    command::CaseResult,
    delivery::{ChangedBy, Event},
};
use std::sync::Arc;

/// Closes a case's ticket: first whatever the case says last, since a closed ticket may take no notes, then the status.
pub(crate) async fn close_ticket(
    work: &mut Work<'_>,
    case: &Arc<Case>,
) -> Result<CaseResult, Interrupt> {
    let ticket = current_ticket(work).await?;
    let plan = plan(work, case).await?;
    let added = complete_ticket(work, case, plan.configuration.as_ref()).await?;
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
