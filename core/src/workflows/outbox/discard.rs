use super::not_waiting;
use crate::{
    delivery::Event,
    environment::Environment,
    error::{Code, Error, Fault, Result},
    runtime::Context,
    workflows::{
        submit_case::Rounds,
        work::{Interrupt, Work},
    },
};

/// Longest reason, in characters.
const LONGEST: usize = 500;

/// Takes cases out of the outbox, with an event each, and names them.
///
/// A write that may have been sent is looked for first, unless `force` says that nobody needs to know: a ticket that was
/// made is then bound to the case rather than forgotten.
///
/// # Errors
///
/// A case that does not wait, or no reason; and what ConnectWise was asked in vain. Cases before it were taken out then.
pub(crate) async fn discard_outbox(
    cx: &Context,
    env: &Environment,
    case_ids: &[String],
    reason: &str,
    by: Option<&str>,
    force: bool,
) -> Result<Vec<String>> {
    let mut faults = Vec::new();
    if reason.trim().is_empty() || reason.chars().count() > LONGEST {
        let message = format!("a reason has 1 to {LONGEST} characters");
        let fix = "Say why the case needs no ticket; the event carries it";
        faults.push(Fault::new(Code::InvalidValue, "/reason", message, fix));
    }
    for (index, case_id) in case_ids.iter().enumerate() {
        let waits = Work::load(cx, env, case_id, None).await;
        if !waits.map_err(failure)?.is_waiting() {
            faults.push(not_waiting(index, case_id));
        }
    }
    if !faults.is_empty() {
        return Err(Error::refused("the request", faults));
    }
    for case_id in case_ids {
        let _turn = cx.lock(format!("case {case_id}")).await;
        let mut rounds = Rounds::of(cx, case_id);
        loop {
            match discard(cx, env, case_id, reason, by, force).await {
                Ok(()) => break,
                Err(Interrupt::Failed(error)) => return Err(error),
                Err(Interrupt::Again) => rounds.again().await?,
            }
        }
    }
    Ok(case_ids.to_vec())
}

async fn discard(
    cx: &Context,
    env: &Environment,
    case_id: &str,
    reason: &str,
    by: Option<&str>,
    force: bool,
) -> std::result::Result<(), Interrupt> {
    let mut work = Work::load(cx, env, case_id, None).await?;
    if !work.is_waiting() {
        return Ok(());
    }
    if !force {
        work.settle().await?;
    }
    work.decide("discard", None, reason);
    work.tell_even_without_ticket(Event::CaseDiscarded {
        reason: reason.to_owned(),
        by: by.map(str::to_owned),
    });
    work.drop_case().await
}

fn failure(interrupt: Interrupt) -> Error {
    match interrupt {
        Interrupt::Failed(error) => error,
        Interrupt::Again => Error::new(Code::StoreConflict, "the records changed meanwhile"),
    }
}
