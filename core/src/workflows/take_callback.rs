use super::sync_ticket;
use crate::{
    callback::{CallbackOutcome, CallbackRequest, Claim, Lookup, Refusal, SeenCallbacks, Verdict},
    command::{Command, SyncReason},
    effect::Batch,
    environment::Environment,
    error::{Code, Error, Result},
    runtime::Context,
    service::TicketId,
    store::session,
};
use std::time::Duration;

/// How often other connectors may note callbacks first before it is called a fault.
const ROUNDS: u32 = 16;
/// A wish to read a ticket that is older than this counts as lost, and is made again.
const WISH_AGE: Duration = Duration::from_secs(30);
/// Wishes that are kept in mind.
const MOST_WISHES: usize = 4096;

/// Judges a callback. What needs no request comes first; then whether the ticket is of interest and the callback new, and
/// only then the signature, for which a key may have to be fetched (API.md section 13.3).
pub(super) async fn take_callback(
    cx: &Context,
    env: &Environment,
    callback: CallbackRequest,
) -> Result<CallbackOutcome> {
    let claim = match env.callbacks.judge(callback) {
        Verdict::Claim(claim) => claim,
        Verdict::Ignored(why) => return Ok(CallbackOutcome::Ignored { why }),
        Verdict::Refused(refusal) => return Ok(refusal.into()),
    };
    let ticket = claim.hint.ticket;
    if !sync_ticket::concerns(cx, env, &claim.hint).await? {
        return Ok(ignored(format!("ticket {ticket} has no case")));
    }
    if is_known(cx, env, &claim).await? {
        return Ok(ignored("it came before".to_owned()));
    }
    if let Err(refusal) = prove(cx, env, &claim).await {
        return Ok(refusal.into());
    }
    if !note(cx, env, &claim).await? {
        return Ok(ignored("it came before".to_owned()));
    }
    read_again(cx, env, ticket);
    Ok(CallbackOutcome::Reread { ticket })
}

/// Verifies the signature, with the key at the address that was found to be trusted.
async fn prove(cx: &Context, env: &Environment, claim: &Claim) -> std::result::Result<(), Refusal> {
    let url = claim.key.url.as_str();
    let known = env.signing_keys.lock().known(url, cx.now());
    if known.is_some_and(|key| claim.is_signed_with(&key)) {
        return Ok(());
    }
    let _one_at_a_time = cx.lock(format!("signing key {url}")).await;
    let fits = |key: &str| claim.is_signed_with(key);
    let lookup = env.signing_keys.lock().look(url, cx.now(), fits);
    let key = match lookup {
        Lookup::Known(key) => key,
        Lookup::Failed => return Err(no_key()),
        Lookup::Limited => {
            return Err(Refusal {
                code: Code::SigningKeyLimited,
                why: "too many signing keys were asked for in the last minute; polling finds what it tells".to_owned(),
            });
        }
        Lookup::Fetch => {
            let fetched = env.api.signing_key(cx, &claim.key).await;
            let mut keys = env.signing_keys.lock();
            let Some(key) = fetched else {
                keys.fail(url, cx.now());
                return Err(no_key());
            };
            keys.learn(url, key.clone(), cx.now());
            key
        }
    };
    if claim.is_signed_with(&key) {
        return Ok(());
    }
    Err(Refusal::unproven())
}

async fn is_known(cx: &Context, env: &Environment, claim: &Claim) -> Result<bool> {
    let seen = session::get_one::<SeenCallbacks>(cx, bucket(env, claim)).await?;
    Ok(seen.value.is_some_and(|seen| seen.has(&claim.message)))
}

/// Notes a callback that was proven; `false` where another connector or operation noted it first.
async fn note(cx: &Context, env: &Environment, claim: &Claim) -> Result<bool> {
    for round in 0..ROUNDS {
        let mut stored = session::get_one::<SeenCallbacks>(cx, bucket(env, claim)).await?;
        let seen = stored.value.get_or_insert_with(SeenCallbacks::default);
        if seen.has(&claim.message) {
            return Ok(false);
        }
        seen.note(&claim.message, cx.now());
        let mut batch = Batch::default();
        batch.save(&stored)?;
        match session::commit(cx, batch).await {
            Ok(_) => return Ok(true),
            Err(error) if error.code == Code::StoreConflict => {
                cx.sleep_until(cx.now().after(cx.backoff(round) / 8)).await;
            }
            Err(error) => return Err(error),
        }
    }
    Err(Error::new(
        Code::StoreConflict,
        "other connectors kept noting callbacks; polling finds what this one tells",
    ))
}

fn bucket(env: &Environment, claim: &Claim) -> String {
    env.keys
        .seen_callbacks(SeenCallbacks::bucket(&claim.message))
}

/// Has the ticket read again, unless that is about to begin anyway: one save makes a burst of callbacks (API.md section
/// 13.2), and a reading that has not begun sees all of them.
fn read_again(cx: &Context, env: &Environment, ticket: TicketId) {
    let now = cx.now();
    let mut awaited = env.awaited_tickets.lock();
    if awaited
        .get(&ticket)
        .is_some_and(|since| now.since(*since) < WISH_AGE)
    {
        return;
    }
    if awaited.len() >= MOST_WISHES {
        awaited.clear();
    }
    awaited.insert(ticket, now);
    cx.submit(Command::SyncTicket {
        ticket,
        reason: SyncReason::Callback,
    });
}

fn ignored(why: String) -> CallbackOutcome {
    CallbackOutcome::Ignored { why }
}

fn no_key() -> Refusal {
    Refusal {
        code: Code::SigningKeyUnavailable,
        why: "ConnectWise did not give its signing key; polling finds what it tells".to_owned(),
    }
}
