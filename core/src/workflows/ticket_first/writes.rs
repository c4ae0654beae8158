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
    workflows::poll,
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
        not_after: cx.now().after(SEND_WINDOW),
    })
}

/// Finishes what may be under way for every ticket; a note that may still land is left to a later poll. Says which could not
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
            Some(RequestIntent::MarkTicket { .. }) => true,
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
    let _turn = cx.lock(format!("request {ticket}")).await;
    let record = session::get_one(cx, env.keys.request(ticket)).await?;
    match intent(&record) {
        None => Ok(()),
        Some(RequestIntent::MarkTicket { reference }) => {
            mark(cx, env, ticket, &reference).await?;
            forget(cx, record).await
        }
        Some(RequestIntent::ExplainRefusal { text, not_after }) => {
            if settled(cx, env, ticket, &text, not_after).await? {
                return forget(cx, record).await;
            }
            explain(cx, env, ticket, record).await
        }
    }
}

/// Sends the explanation that was just recorded.
pub(super) async fn send_first(cx: &Context, env: &Environment, ticket: TicketId) -> Result<()> {
    let _turn = cx.lock(format!("request {ticket}")).await;
    let record: Stored<CaseRequestRecord> = session::get_one(cx, env.keys.request(ticket)).await?;
    match intent(&record) {
        Some(RequestIntent::ExplainRefusal { not_after, .. }) if cx.now() <= not_after => {
            send(cx, env, ticket, record).await
        }
        _ => Ok(()),
    }
}

fn intent(record: &Stored<CaseRequestRecord>) -> Option<RequestIntent> {
    record.value.as_ref()?.intent.clone()
}

/// Writes the reference onto the ticket, where none stands there. It may be written twice: the second time changes nothing.
async fn mark(cx: &Context, env: &Environment, id: TicketId, reference: &str) -> Result<()> {
    for tries in 0.. {
        let ticket = match tickets::get(cx, &env.api, id).await {
            Ok(ticket) => ticket,
            // It is gone; that is for the sync to tell.
            Err(error) if error.code == Code::NotFound => return Ok(()),
            Err(error) => return Err(error),
        };
        // Another system's reference is left alone: the link finds the ticket by its number.
        if ticket
            .external_xref
            .as_deref()
            .is_some_and(|text| !text.is_empty())
        {
            return Ok(());
        }
        let patch = Patch::new().replace("externalXRef", json!(reference));
        let not_after = cx.now().after(SEND_WINDOW);
        match tickets::patch(cx, &env.api, id, &patch, not_after).await {
            Ok(_) => return Ok(()),
            Err(failure) => {
                let hopeless = failure.performed == Performed::No && !failure.error.retry;
                if hopeless || tries >= TRIES {
                    return Err(failure.error);
                }
                cx.sleep_until(cx.now().after(cx.backoff(tries))).await;
            }
        }
    }
    Ok(())
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
        let sent = notes::create(cx, &env.api, ticket, kind, &text, mail, not_after).await;
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

/// Records that the explanation may be sent from now on for a while.
async fn renew(cx: &Context, record: &mut Stored<CaseRequestRecord>) -> Result<()> {
    let renewed = cx.now().after(SEND_WINDOW);
    if let Some(CaseRequestRecord {
        intent: Some(RequestIntent::ExplainRefusal { not_after, .. }),
        ..
    }) = &mut record.value
    {
        *not_after = renewed;
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
    match session::commit(cx, batch).await {
        // Another connector was there first, and has done the same.
        Err(error) if error.code == Code::StoreConflict => Ok(()),
        result => result.map(|_| ()),
    }
}
