use crate::{
    audit::DecisionRecord,
    command::Outcome,
    effect::Batch,
    environment::Environment,
    error::Result,
    runtime::Context,
    schedule::Due,
    store::{keys::moment_of, records, session},
    time::Timestamp,
};
use std::time::Duration;

/// Records that are deleted at once.
const PAGE: u32 = 256;

/// How much older than it has to be the oldest record may become: nobody forgets every second.
const SLACK: Duration = Duration::from_secs(3600);

/// Deletes events and decisions that were kept for their time.
pub(super) async fn forget_old(cx: &Context, env: &Environment) -> Result<Outcome> {
    let _turn = cx.lock("forget").await;
    let [events, decisions] = logs(env);
    Ok(Outcome::Forgotten {
        events: forget(cx, env, events).await?,
        decisions: forget(cx, env, decisions).await?,
    })
}

type Log = (&'static str, Duration);

fn logs(env: &Environment) -> [Log; 2] {
    let events = &env.settings.config().events;
    [
        ("event", events.keep.0),
        ("decision", events.keep_decisions.0),
    ]
}

async fn forget(cx: &Context, env: &Environment, (log, keep): Log) -> Result<u64> {
    let mut forgotten = 0;
    loop {
        let page = session::scan(cx, &env.keys.all(log), None, PAGE).await?;
        let mut batch = Batch::default();
        for record in page {
            let Some(at) = moment_of(&record.key) else {
                continue;
            };
            if at.after(keep) > cx.now() {
                break;
            }
            if log == "decision"
                && let Ok(decision) = records::read::<DecisionRecord>(&record.key, &record.value)
                && let Some((_, mark)) = record.key.rsplit_once('/')
            {
                let place = env.keys.decided(&decision.case_id, at, mark);
                batch.delete.push(place);
            }
            forgotten += 1;
            batch.delete.push(record.key);
        }
        if batch.delete.is_empty() {
            return Ok(forgotten);
        }
        session::commit(cx, batch).await?;
    }
}

/// When something is old enough to be forgotten; nothing while there is nothing.
pub(super) async fn next_forgetting(cx: &Context, env: &Environment) -> Result<Option<Due>> {
    let mut first: Option<Timestamp> = None;
    for (log, keep) in logs(env) {
        let oldest = session::scan(cx, &env.keys.all(log), None, 1).await?;
        let at = oldest.first().and_then(|record| moment_of(&record.key));
        let due = at.map(|at| at.after(keep).after(SLACK));
        first = first.into_iter().chain(due).min();
    }
    Ok(first.map(|at| Due::of_forgetting(at, cx.now())))
}
