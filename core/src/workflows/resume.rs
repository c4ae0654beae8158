use crate::{
    command::Command,
    delivery::Delivery,
    environment::Environment,
    error::Result,
    runtime::Context,
    store::{
        records::{HeldCase, OutboxEntry},
        session::each,
    },
};

/// Takes up what an earlier connector over this store left: cases in the outbox, held cases, deliveries. Says how many
/// cases there are. A record that cannot be read does not keep the others back.
pub(crate) async fn resume(cx: &Context, env: &Environment) -> Result<u64> {
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
    Ok(cases)
}
