use super::not_waiting;
use crate::{
    command::Command,
    environment::Environment,
    error::{Error, Result},
    runtime::Context,
    store::{
        records::{HeldCase, OutboxEntry},
        session::{self, each},
    },
};

/// Takes failed cases up again, each as an operation of its own, and says how many these are.
///
/// # Errors
///
/// A case that does not wait; none is taken up then.
pub(crate) async fn retry_outbox(
    cx: &Context,
    env: &Environment,
    case_ids: Option<&[String]>,
    due: bool,
) -> Result<u64> {
    env.takes_cases()?;
    let cases = match case_ids {
        Some(case_ids) => named(cx, env, case_ids).await?,
        None => failed(cx, env, due).await?,
    };
    let count = cases.len() as u64;
    for case_id in cases {
        cx.submit(Command::ContinueCase { case_id });
    }
    Ok(count)
}

async fn named(cx: &Context, env: &Environment, case_ids: &[String]) -> Result<Vec<String>> {
    let mut faults = Vec::new();
    for (index, case_id) in case_ids.iter().enumerate() {
        let keys = [env.keys.outbox(case_id), env.keys.held(case_id)];
        let (entry, held) = session::get_two::<OutboxEntry, HeldCase>(cx, keys).await?;
        if entry.value.is_none() && held.value.is_none() {
            faults.push(not_waiting(index, case_id));
        }
    }
    match faults.is_empty() {
        true => Ok(case_ids.to_vec()),
        false => Err(Error::refused("the request", faults)),
    }
}

/// The cases whose last try failed; with `due` those whose time has come.
async fn failed(cx: &Context, env: &Environment, due: bool) -> Result<Vec<String>> {
    let now = cx.now();
    *env.next_try.lock() = None;
    let (mut cases, mut next) = (Vec::new(), None);
    each(cx, &env.keys.all("outbox"), |entry: OutboxEntry| {
        let Some(failure) = entry.failure else {
            return;
        };
        let is_due = failure.next_try.is_some_and(|next_try| next_try <= now);
        if is_due || !due {
            cases.push(entry.case.id.clone());
        } else if let Some(next_try) = failure.next_try {
            next = Some(next.map_or(next_try, |next| next_try.min(next)));
        }
    })
    .await?;
    if let Some(next) = next {
        env.try_again_at(next);
    }
    Ok(cases)
}
