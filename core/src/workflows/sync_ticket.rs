use super::ticket_first;
use crate::{
    callback::TicketHint,
    command::TicketOutcome,
    environment::Environment,
    error::Result,
    runtime::Context,
    service::{TicketId, tickets},
    store::{
        records::{Link, TicketRecord},
        session,
    },
};

/// Whether a ticket is of interest: one of a case is, and one that may ask for a case. Asked before a callback is proven, so nothing is sent for it.
pub(super) async fn concerns(cx: &Context, env: &Environment, hint: &TicketHint) -> Result<bool> {
    let record = session::get_one::<TicketRecord>(cx, env.keys.ticket(hint.ticket)).await?;
    Ok(record.value.is_some() || ticket_first::may_ask(env, hint))
}

/// Reads a ticket and its case's link.
pub(super) async fn sync_ticket(
    cx: &Context,
    env: &Environment,
    ticket: TicketId,
) -> Result<TicketOutcome> {
    // One reading at a time: whoever waits here finds all that was saved until its turn.
    let _turn = cx.lock(format!("sync ticket {}", ticket.0)).await;
    env.awaited_tickets.lock().remove(&ticket);
    let record = session::get_one::<TicketRecord>(cx, env.keys.ticket(ticket)).await?;
    let case_id = match record.value {
        Some(TicketRecord { case_id }) => Some(case_id),
        None => ticket_first::take_up(cx, env, ticket).await?,
    };
    let Some(case_id) = case_id else {
        return Ok(TicketOutcome {
            ticket_id: ticket,
            case_ids: Vec::new(),
        });
    };
    let _link = session::get_one::<Link>(cx, env.keys.link(&case_id)).await?;
    let _ticket = tickets::get(cx, &env.api, ticket).await?;
    Ok(TicketOutcome {
        ticket_id: ticket,
        case_ids: vec![case_id],
    })
}
