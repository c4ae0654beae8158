use super::{
    submit_case::Rounds,
    work::{Interrupt, Submitted, Work},
};
use crate::{
    case::Case, command::Command, environment::Environment, error::Result, outbox::Accepted,
    runtime::Context,
};
use std::sync::Arc;

/// Puts a case into the outbox and has it worked on. It is durable when this returns, whatever ConnectWise does.
///
/// It does not wait for work on an earlier state of the case: that one finds its records changed, reads them again and goes
/// on with this state.
pub(crate) async fn accept_case(cx: &Context, env: &Environment, case: Case) -> Result<Accepted> {
    let case = Arc::new(case);
    let submitted = Submitted {
        case: &case,
        at: cx.now(),
    };
    let case_id = case.id.clone();
    let _turn = cx.lock(format!("accept {case_id}")).await;
    env.takes_cases()?;
    let mut rounds = Rounds::of(cx, &case_id);
    loop {
        match put(cx, env, submitted).await {
            Ok(needed) => {
                let go_on = Command::ContinueCase {
                    case_id: case_id.clone(),
                };
                let operation = needed.then(|| cx.submit(go_on));
                return Ok(Accepted { case_id, operation });
            }
            Err(Interrupt::Failed(error)) => return Err(error),
            Err(Interrupt::Again) => rounds.again().await?,
        }
    }
}

/// Says whether there is something to do.
async fn put(
    cx: &Context,
    env: &Environment,
    submitted: Submitted<'_>,
) -> std::result::Result<bool, Interrupt> {
    let mut work = Work::load(cx, env, &submitted.case.id, Some(submitted)).await?;
    let Some(whole) = work.case() else {
        return Ok(false);
    };
    if work.is_done(&whole) {
        return Ok(false);
    }
    if work.is_pointless(&whole) {
        work.pass_over().await?;
        return Ok(false);
    }
    work.commit().await?;
    Ok(true)
}
