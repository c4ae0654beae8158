//! What is written onto a ticket that asks for a case: the case's reference, or why it makes none. Each once, whatever is lost
//! on the way.

use super::ROUNDS;
use crate::{
    api::{Patch, Performed},
    case::Visibility,
    effect::Batch,
    environment::Environment,
    error::{Code, Error, Result},
    runtime::Context,
    service::{
        TicketId,
        notes::{self, Notifications},
        tickets,
    },
    store::{
        records::{CaseRequestRecord, RequestIntent},
        session::{self, Stored},
    },
    time::Timestamp,
    workflows::{exactly_once::turn_to_write, poll},
};
use serde_json::json;
use std::time::Duration;

/// How long after its intent a write may leave.
const SEND_WINDOW: Duration = Duration::from_secs(30);
/// How often a write that was surely not performed is tried before it is put off.
const TRIES: u32 = 5;

/// The intent to say why a ticket makes no case.
pub(super) async fn explanation(
    cx: &Context,
    env: &Environment,
    reason: &str,
) -> Result<RequestIntent> {
    Ok(RequestIntent::ExplainRefusal {
        text: env.quirks(cx).await?.note_text(reason),
        not_after: last_moment(cx),
    })
}

/// Until when a write that is recorded now may leave.
pub(super) fn last_moment(cx: &Context) -> Timestamp {
    cx.now().after(SEND_WINDOW)
}

/// Finishes what may be under way for every ticket; what another connector may still send, and a note that may still land,
/// are left to a later poll. Says which could not
/// be written.
///
/// # Errors
///
/// What will fare no better with another ticket.
pub(in crate::workflows) async fn finish_writes(
    cx: &Context,
    env: &Environment,
) -> Result<Vec<(TicketId, Error)>> {
    let now = cx.now();
    let mut waiting = Vec::new();
    session::each(cx, &env.keys.all("request"), |record: CaseRequestRecord| {
        let over = match &record.intent {
            None => false,
            Some(RequestIntent::MarkTicket { not_after, .. }) => *not_after < now,
            Some(RequestIntent::ExplainRefusal { not_after, .. }) => proof(env, *not_after) <= now,
        };
        if over {
            waiting.push(TicketId(record.ticket));
        }
    })
    .await?;
    let mut failed = Vec::new();
    for ticket in waiting {
        match finish_write(cx, env, ticket).await {
            Ok(()) => {}
            Err(error) if poll::is_of_the_ticket(&error) => failed.push((ticket, error)),
            Err(error) => return Err(error),
        }
    }
    Ok(failed)
}

/// Finishes what may be under way for a ticket.
///
/// # Errors
///
/// What writing came to; it is tried again by the next poll, or by the next connector over the store.
pub(in crate::workflows) async fn finish_write(
    cx: &Context,
    env: &Environment,
    ticket: TicketId,
) -> Result<()> {
    go_on(cx, env, ticket, None).await
}

/// Sends what was just recorded, to leave until `not_after`.
///
/// # Errors
///
/// As of [`finish_write`].
pub(super) async fn send_first(
    cx: &Context,
    env: &Environment,
    ticket: TicketId,
    not_after: Timestamp,
) -> Result<()> {
    go_on(cx, env, ticket, Some(not_after)).await
}

/// Goes on until nothing is under way for the ticket, whoever else changes what is known of it meanwhile.
async fn go_on(
    cx: &Context,
    env: &Environment,
    ticket: TicketId,
    mut recorded: Option<Timestamp>,
) -> Result<()> {
    let _turn = cx.lock(format!("request {ticket}")).await;
    for round in 0..ROUNDS {
        match write(cx, env, ticket, recorded.take()).await {
            Err(error) if error.code == Code::StoreConflict => {
                cx.sleep_until(cx.now().after(cx.backoff(round) / 8)).await;
            }
            result => return result,
        }
    }
    Err(Error::new(
        Code::StoreConflict,
        format!(
            "other connectors kept writing to ticket {ticket}; the next poll takes it up again"
        ),
    ))
}

/// Writes what is recorded, at once where this connector has just recorded it.
async fn write(
    cx: &Context,
    env: &Environment,
    ticket: TicketId,
    recorded: Option<Timestamp>,
) -> Result<()> {
    let record = session::get_one(cx, env.keys.request(ticket)).await?;
    let Some(intent) = intent(&record) else {
        return Ok(());
    };
    let is_ours = recorded == Some(intent.not_after());
    match intent {
        RequestIntent::MarkTicket {
            reference,
            not_after,
        } => {
            if !is_ours {
                // The connector that recorded it may send it until then, and only with the intent in the store.
                cx.sleep_until(not_after.after(Duration::from_millis(1)))
                    .await;
            }
            mark(cx, env, ticket, &reference, record).await
        }
        RequestIntent::ExplainRefusal { not_after, .. } if is_ours && cx.now() <= not_after => {
            send(cx, env, ticket, record).await
        }
        RequestIntent::ExplainRefusal { text, not_after } => {
            if settled(cx, env, ticket, &text, not_after).await? {
                return forget(cx, record).await;
            }
            explain(cx, env, ticket, record).await
        }
    }
}

fn intent(record: &Stored<CaseRequestRecord>) -> Option<RequestIntent> {
    record.value.as_ref()?.intent.clone()
}

/// Writes the reference onto the ticket, where none stands there. It may be written twice: the second time changes nothing.
async fn mark(
    cx: &Context,
    env: &Environment,
    id: TicketId,
    reference: &str,
    mut record: Stored<CaseRequestRecord>,
) -> Result<()> {
    for tries in 0.. {
        let ticket = match tickets::get(cx, &env.api, id).await {
            Ok(ticket) => ticket,
            // It is gone; that is for the sync to tell.
            Err(error) if error.code == Code::NotFound => break,
            Err(error) => return Err(error),
        };
        // Another system's reference is left alone: the link finds the ticket by its number.
        if ticket
            .external_xref
            .as_deref()
            .is_some_and(|text| !text.is_empty())
        {
            break;
        }
        let may_leave = |intent: RequestIntent| cx.now() <= intent.not_after();
        if tries > 0 || !intent(&record).is_some_and(may_leave) {
            renew(cx, &mut record).await?;
        }
        let Some(not_after) = intent(&record).map(|intent| intent.not_after()) else {
            break;
        };
        let patch = Patch::new().replace("externalXRef", json!(reference));
        let turn = turn_to_write(cx, id).await;
        let written = tickets::patch(cx, &env.api, id, &patch, not_after).await;
        drop(turn);
        match written {
            Ok(_) => break,
            Err(failure) => {
                let hopeless = failure.performed == Performed::No && !failure.error.retry;
                if hopeless || tries >= TRIES {
                    return Err(failure.error);
                }
                cx.sleep_until(cx.now().after(cx.backoff(tries))).await;
            }
        }
    }
    forget(cx, record).await
}

/// When a note that may have been sent until then is either there or never will be.
fn proof(env: &Environment, not_after: Timestamp) -> Timestamp {
    not_after.after(env.settings.config().limits.settle.0)
}

/// Searches for the note until it is found, or can no longer land. Says whether there is nothing more to do.
async fn settled(
    cx: &Context,
    env: &Environment,
    ticket: TicketId,
    text: &str,
    last_moment: Timestamp,
) -> Result<bool> {
    let proof = proof(env, last_moment);
    let member = env.api.quirks().member.clone();
    for tries in 0.. {
        let asked = cx.now();
        let found = match notes::list(cx, &env.api, ticket).await {
            Ok(found) => found,
            Err(error) if error.code == Code::NotFound => return Ok(true),
            Err(error) => return Err(error),
        };
        let ours = found.iter().any(|note| {
            note.is(Visibility::Internal, text) && !note.is_of_another_than(member.as_deref())
        });
        if ours {
            return Ok(true);
        }
        if asked >= proof {
            return Ok(false);
        }
        cx.sleep_until(proof.min(asked.after(cx.backoff(tries))))
            .await;
    }
    Ok(false)
}

/// Records the intent anew and sends the explanation.
async fn explain(
    cx: &Context,
    env: &Environment,
    ticket: TicketId,
    mut record: Stored<CaseRequestRecord>,
) -> Result<()> {
    renew(cx, &mut record).await?;
    send(cx, env, ticket, record).await
}

async fn send(
    cx: &Context,
    env: &Environment,
    ticket: TicketId,
    mut record: Stored<CaseRequestRecord>,
) -> Result<()> {
    for tries in 0..ROUNDS {
        let Some(RequestIntent::ExplainRefusal { text, not_after }) = intent(&record) else {
            return Ok(());
        };
        let (kind, mail) = (Visibility::Internal, Notifications::AsTheBoardHasIt);
        let turn = turn_to_write(cx, ticket).await;
        let sent = notes::create(cx, &env.api, ticket, kind, &text, mail, not_after).await;
        drop(turn);
        let Err(failure) = sent else {
            return forget(cx, record).await;
        };
        match failure.performed {
            Performed::No if !failure.error.retry || tries >= TRIES => return Err(failure.error),
            Performed::No => {
                cx.sleep_until(cx.now().after(cx.backoff(tries))).await;
            }
            Performed::Unknown => {
                let last_moment = cx.now().min(not_after);
                if settled(cx, env, ticket, &text, last_moment).await? {
                    return forget(cx, record).await;
                }
                if tries >= TRIES {
                    return Err(failure.error);
                }
            }
        }
        renew(cx, &mut record).await?;
    }
    Ok(())
}

/// Records that the write may be sent from now on for a while.
async fn renew(cx: &Context, record: &mut Stored<CaseRequestRecord>) -> Result<()> {
    let intent = record.value.as_mut().and_then(|it| it.intent.as_mut());
    if let Some(
        RequestIntent::MarkTicket { not_after, .. }
        | RequestIntent::ExplainRefusal { not_after, .. },
    ) = intent
    {
        *not_after = last_moment(cx);
    }
    let mut batch = Batch::default();
    batch.save(record)?;
    record.revision = Some(session::commit(cx, batch).await?);
    Ok(())
}

/// Nothing is under way any more. A refusal is remembered, so that it is not told again.
async fn forget(cx: &Context, mut record: Stored<CaseRequestRecord>) -> Result<()> {
    record.value = record.value.take().and_then(|value| {
        value.refused.is_some().then_some(CaseRequestRecord {
            intent: None,
            ..value
        })
    });
    let mut batch = Batch::default();
    batch.save(&record)?;
    session::commit(cx, batch).await.map(|_| ())
}
