use crate::{
    command::Command,
    delivery::Delivery,
    environment::Environment,
    error::Result,
    runtime::Context,
    store::{
        records::{self, Deletion, HeldCase, OutboxEntry, ProvisionRun},
        session::{self, Stored},
    },
};
use serde::de::DeserializeOwned;

const PAGE: u32 = 256;

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
    }
    let mut last = String::new();
    each(cx, &env.keys.all("delivery"), |delivery: Delivery| {
        if last != delivery.case_id {
            last.clone_from(&delivery.case_id);
            cx.spawn(Command::Deliver {
                case_id: delivery.case_id,
            });
        }
    })
    .await?;
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

async fn each<T: DeserializeOwned>(
    cx: &Context,
    prefix: &str,
    mut take: impl FnMut(T),
) -> Result<()> {
    let mut after = None;
    loop {
        let page = session::scan(cx, prefix, after.take(), PAGE).await?;
        for record in &page {
            if let Ok(value) = records::read(&record.key, &record.value) {
                take(value);
            }
        }
        match page.into_iter().last() {
            Some(record) => after = Some(record.key),
            None => return Ok(()),
        }
    }
}
