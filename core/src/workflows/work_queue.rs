use super::tend::tend;
use crate::{
    command::{Command, Outcome},
    environment::Environment,
    error::{Code, Error, Result},
    runtime::Context,
    store::{
        records::{self, CaseReference, DueRecord},
        session,
    },
    time::Timestamp,
};

/// Records that are looked at together.
const PAGE: u32 = 64;

/// Works on what waits: batches, floods and windows that are due, one by one; and cases that were handed over by reference,
/// as many at once as `limits.cases_per_run` and the server's health allow (row T10).
pub(super) async fn work_queue(cx: &Context, env: &Environment) -> Result<Outcome> {
    let nothing = Outcome::Worked {
        cases: 0,
        gatherings: 0,
    };
    if std::mem::replace(&mut *env.queue_awaited.lock(), true) {
        return Ok(nothing);
    }
    let _turn = cx.lock("work queue").await;
    *env.queue_awaited.lock() = false;
    env.takes_cases()?;
    let cases = ask_for_cases(cx, env).await?;
    let gatherings = tend_all(cx, env).await?;
    Ok(Outcome::Worked { cases, gatherings })
}

async fn tend_all(cx: &Context, env: &Environment) -> Result<u64> {
    let (mut seen_to, mut after) = (0, None);
    let mut failed: Option<Error> = None;
    loop {
        let page = session::scan(cx, &env.keys.all("due"), after.take(), PAGE).await?;
        let full = page.len() >= PAGE as usize;
        for record in page {
            after = Some(record.key.clone());
            let due: DueRecord = records::read(&record.key, &record.value)?;
            if due.at > cx.now() {
                return failed.map_or(Ok(seen_to), Err);
            }
            seen_to += 1;
            match tend(cx, env, &due.gathering).await {
                Ok(()) => {}
                Err(error) if error.code == Code::StoreFailed => return Err(error),
                // The others are not kept back.
                Err(error) => failed = failed.or(Some(error)),
            }
        }
        if !full {
            return failed.map_or(Ok(seen_to), Err);
        }
    }
}

/// Lets the content of as many cases be asked for as may be worked on now.
async fn ask_for_cases(cx: &Context, env: &Environment) -> Result<u64> {
    let most = cx.share(env.settings.config().limits.cases_per_run) as usize;
    let now = cx.now();
    let (mut asked, mut after) = (0, None);
    while env.references.lock().len() < most {
        let page = session::scan(cx, &env.keys.all("reference"), after.take(), PAGE).await?;
        if page.is_empty() {
            break;
        }
        for record in page {
            after = Some(record.key.clone());
            let reference: CaseReference = records::read(&record.key, &record.value)?;
            let mut under_way = env.references.lock();
            let due = reference.next.is_some_and(|next| next <= now);
            if due && under_way.len() < most && under_way.insert(reference.case_id.clone()) {
                asked += 1;
                cx.submit(Command::TakeReference {
                    case_id: reference.case_id,
                });
            }
        }
    }
    Ok(asked)
}

/// From when on there is something to do; nothing where nothing waits.
pub(super) async fn next_work(cx: &Context, env: &Environment) -> Result<Option<Timestamp>> {
    let first = session::scan(cx, &env.keys.all("due"), None, 1).await?;
    let due = match first.first() {
        Some(record) => Some(records::read::<DueRecord>(&record.key, &record.value)?.at),
        None => None,
    };
    let page = session::scan(cx, &env.keys.all("reference"), None, PAGE).await?;
    let mut references = Vec::with_capacity(page.len());
    for record in &page {
        let reference: CaseReference = records::read(&record.key, &record.value)?;
        references.extend(reference.next);
    }
    Ok(references.into_iter().chain(due).min())
}
