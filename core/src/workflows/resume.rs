use super::ticket_first;
use crate::{
    command::Command,
    delivery::Delivery,
    environment::Environment,
    error::{Code, Result},
    runtime::Context,
    store::{
        records::{CallbackIntent, CallbackRecord, Deletion, HeldCase, OutboxEntry, ProvisionRun},
        session::{self, Stored, each, get_one},
    },
};

/// Takes up what an earlier connector over this store left: a deletion, a provision plan, cases in the outbox, held cases,
/// deliveries. Says how many cases there are; none while the policy for cases is off. A record that cannot be read does not keep the others back.
pub(crate) async fn resume(cx: &Context, env: &Environment) -> Result<u64> {
    let mut cases = 0;
    let (deletion, run): (Stored<Deletion>, Stored<ProvisionRun>) =
        session::get_two(cx, [env.keys.deletion(), env.keys.provision()]).await?;
    if deletion.value.is_some() {
        env.shut();
        cx.submit(Command::ContinueDeletion);
        return Ok(cases);
    }
    if run.value.is_some_and(|run| !run.finished) {
        cx.submit(Command::ContinueProvision);
    }
    if env.takes_cases().is_ok() {
        cases = waiting_cases(cx, env).await?;
        cx.spawn(Command::WorkQueue);
    }
    let mut last = None;
    each(cx, &env.keys.all("delivery"), |delivery: Delivery| {
        if last.as_ref() != Some(&delivery.subject) {
            last = Some(delivery.subject.clone());
            cx.spawn(Command::Deliver {
                subjects: vec![delivery.subject],
            });
        }
    })
    .await?;
    resume_callbacks(cx, env).await?;
    ticket_first::resume(cx, env).await?;
    Ok(cases)
}

async fn waiting_cases(cx: &Context, env: &Environment) -> Result<u64> {
    let mut cases = 0;
    each(cx, &env.keys.all("outbox"), |entry: OutboxEntry| {
        cases += 1;
        cx.submit(Command::ContinueCase {
            case_id: entry.case.id.clone(),
        });
    })
    .await?;
    each(cx, &env.keys.all("held"), |held: HeldCase| {
        cases += 1;
        cx.submit(Command::ContinueCase {
            case_id: held.case.id.clone(),
        });
    })
    .await?;
    Ok(cases)
}

/// Goes on with a change of callback registrations. Without the secret, another connector has to.
async fn resume_callbacks(cx: &Context, env: &Environment) -> Result<()> {
    let record = match get_one::<CallbackRecord>(cx, env.keys.callbacks()).await {
        Ok(stored) => stored.value.unwrap_or_default(),
        Err(error) if error.code == Code::UnreadableRecord => return Ok(()),
        Err(error) => return Err(error),
    };
    match record.intent {
        Some(CallbackIntent::EnsureCallbacks { receiver, .. }) if env.callbacks.path.is_some() => {
            cx.submit(Command::EnsureCallbacks {
                url: Some(receiver),
            });
        }
        Some(CallbackIntent::RemoveCallbacks) => {
            cx.submit(Command::RemoveCallbacks);
        }
        Some(CallbackIntent::EnsureCallbacks { .. }) | None => {}
    }
    Ok(())
}
