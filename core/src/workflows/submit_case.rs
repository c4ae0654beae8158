use super::{
    close_ticket::close_ticket,
    gather::add_to_shared,
    open_ticket::{Opening, open_ticket},
    update_ticket::update_ticket,
    work::{Interrupt, Submitted, Work},
};
use crate::{
    case::Case,
    command::{CaseOutcome, CaseResult},
    config::WhenDeleted,
    decide,
    environment::Environment,
    error::{Code, Error, Result},
    runtime::Context,
    store::records::{Gathered, Gone, Joined},
};
use std::sync::Arc;

/// How often other connectors may get in first before it is called a fault.
const ROUNDS: u32 = 16;

/// Brings the case's ticket in step with the case: opens, changes or closes it.
pub(crate) async fn submit_case(
    cx: &Context,
    env: &Environment,
    case: Case,
) -> Result<CaseOutcome> {
    let case = Arc::new(case);
    in_step(cx, env, &case.id, Some(&case)).await
}

/// Goes on with a case that is in the store.
pub(crate) async fn continue_case(
    cx: &Context,
    env: &Environment,
    case_id: &str,
) -> Result<CaseOutcome> {
    in_step(cx, env, case_id, None).await
}

/// One at a time per case and in the order of submission; from the start again whenever another connector was first.
pub(super) async fn in_step(
    cx: &Context,
    env: &Environment,
    case_id: &str,
    submitted: Option<&Arc<Case>>,
) -> Result<CaseOutcome> {
    let at = cx.now();
    let submitted = submitted.map(|case| Submitted { case, at });
    let _turn = cx.lock(format!("case {case_id}")).await;
    env.takes_cases()?;
    let mut rounds = Rounds::of(cx, case_id);
    loop {
        let attempt = attempt(cx, env, case_id, submitted).await;
        match attempt {
            Ok(outcome) => return Ok(outcome),
            Err(Interrupt::Failed(error)) => return Err(error),
            Err(Interrupt::Again) => rounds.again().await?,
        }
    }
}

/// How often work on a case was begun anew because its records changed meanwhile.
pub(super) struct Rounds<'a> {
    cx: &'a Context,
    case_id: &'a str,
    round: u32,
}

impl<'a> Rounds<'a> {
    pub(super) fn of(cx: &'a Context, case_id: &'a str) -> Self {
        Self {
            cx,
            case_id,
            round: 0,
        }
    }

    /// Waits a little before the next round.
    ///
    /// # Errors
    ///
    /// [`Code::StoreConflict`] where there were too many.
    pub(super) async fn again(&mut self) -> Result<()> {
        if self.round == ROUNDS {
            return Err(Error::new(
                Code::StoreConflict,
                format!(
                    "other connectors kept changing case '{}'; it stays in the outbox and is taken up again",
                    self.case_id
                ),
            ));
        }
        let pause = self.cx.backoff(self.round) / 8;
        self.round += 1;
        self.cx.sleep_until(self.cx.now().after(pause)).await;
        Ok(())
    }
}

async fn attempt(
    cx: &Context,
    env: &Environment,
    case_id: &str,
    submitted: Option<Submitted<'_>>,
) -> std::result::Result<CaseOutcome, Interrupt> {
    let mut work = Work::load(cx, env, case_id, submitted).await?;
    let outcome = bring_in_step(&mut work).await;
    if let Err(Interrupt::Failed(error)) = &outcome {
        work.keep_for_later(error).await?;
    }
    outcome
}

async fn bring_in_step(work: &mut Work<'_>) -> std::result::Result<CaseOutcome, Interrupt> {
    work.settle().await?;
    let Some(case) = work.case() else {
        return Ok(work.outcome(CaseResult::Unchanged, "it was finished already"));
    };
    if work.is_done(&case) {
        return Ok(work.outcome(
            CaseResult::Unchanged,
            "the ticket holds all of the case already",
        ));
    }
    if let Some(joined) = work.link().and_then(|link| link.joined.clone())
        && !leaves_flood(work, &case, &joined)
    {
        let result = add_to_shared(work, &case, &joined).await?;
        return Ok(work.outcome(result, ""));
    }
    if let Some(reason) = left_without_ticket(work, &case) {
        work.decide("leave", None, &reason);
        work.drop_case().await?;
        return Ok(work.outcome(CaseResult::Unchanged, &reason));
    }
    let linked = work
        .link()
        .is_some_and(|link| link.joined.is_none() && link.gone.is_none());
    let result = if work.is_pointless(&case) {
        let reason = work.pass_over().await?;
        return Ok(work.outcome(CaseResult::Unchanged, reason));
    } else if !linked {
        match open_ticket(work, &case).await? {
            Opening::Opened if case.is_over() => close_ticket(work, &case).await?,
            Opening::Opened => CaseResult::Opened,
            Opening::Held(reason) => return Ok(work.outcome(CaseResult::Held, &reason)),
            Opening::Ignored(reason) => return Ok(work.outcome(CaseResult::Unchanged, &reason)),
            Opening::Shared(result, reason) => return Ok(work.outcome(result, &reason)),
        }
    } else if case.is_over() {
        close_ticket(work, &case).await?
    } else {
        update_ticket(work, &case).await?
    };
    work.finish(&case).await?;
    Ok(work.outcome(result, ""))
}

/// Whether a case that shares a flood's ticket has become one that always gets its own.
fn leaves_flood(work: &Work<'_>, case: &Case, joined: &Joined) -> bool {
    let rule = work.env.settings.flood.as_ref();
    joined.what == Gathered::Flood
        && !case.is_over()
        && rule.is_some_and(|rule| decide::is_exempt(rule, case))
}

/// Why nothing more is written for a case whose ticket is gone: it gets another one by explicit policy only.
fn left_without_ticket(work: &Work<'_>, case: &Case) -> Option<String> {
    let link = work.link()?;
    let gone = link.gone?;
    let again = work.env.settings.config().inbound.when_deleted == WhenDeleted::NewTicket;
    let became = match gone {
        Gone::Deleted if again && !case.is_over() => return None,
        Gone::Deleted => "was deleted, or may not be seen any more",
        Gone::Converted => "was converted to a project ticket",
    };
    Some(format!("its ticket {} {became}", link.ticket))
}
