//! Decisions with their reasons: written with what comes of them, read by case or by time.

use super::page::{self, MOST_READ};
use crate::{
    audit::{AuditPage, DecisionRecord},
    effect::Batch,
    environment::Environment,
    error::{Code, Error, Fault, Result},
    runtime::Context,
    store::{
        keys::moment_of,
        records::{self, DecidedRecord},
        session,
    },
    time::Timestamp,
};

/// Records that are read at once.
const PAGE: u32 = 256;

/// Whether decisions are kept at all.
pub(super) fn is_kept(env: &Environment) -> bool {
    !env.settings.config().events.keep_decisions.0.is_zero()
}

/// Keeps decisions with the commit of what comes of them.
pub(super) fn keep(
    cx: &Context,
    env: &Environment,
    record: &DecisionRecord,
    batch: &mut Batch,
) -> Result<()> {
    let mark = format!("{:016x}", cx.random());
    batch.put_record(env.keys.decision(record.at, &mark), record)?;
    let place = env.keys.decided(&record.case_id, record.at, &mark);
    batch.put_record(place, &DecidedRecord {})
}

/// Gives decisions by page, oldest first: of one case, or of all.
///
/// # Errors
///
/// A limit that is out of bounds, a place that no page gave, times the wrong way round.
pub(crate) async fn audit(
    cx: &Context,
    env: &Environment,
    after: Option<String>,
    limit: u32,
    case_id: Option<&str>,
    from: Option<Timestamp>,
    until: Option<Timestamp>,
) -> Result<AuditPage> {
    let prefix = match case_id {
        Some(case_id) => env.keys.decided_for(case_id),
        None => env.keys.all("decision"),
    };
    page::check(limit, after.as_deref(), &[&prefix])?;
    if let (Some(from), Some(until)) = (from, until)
        && from >= until
    {
        let message = "no decision lies before 'until' and not before 'from'";
        let fix = "Give 'from' the earlier time";
        let fault = Fault::new(Code::InvalidValue, "/until", message, fix);
        return Err(Error::refused("the request", vec![fault]));
    }
    let first = match (case_id, from) {
        (None, Some(from)) => env.keys.log_from("decision", from),
        _ => prefix.clone(),
    };
    let mut page = AuditPage::default();
    let (mut place, mut read) = (Some(after.unwrap_or(first)), 0);
    while let Some(after) = place.take() {
        let records = session::scan(cx, &prefix, Some(after), PAGE.min(limit)).await?;
        read += records.len();
        let of_one = match case_id {
            Some(_) => Some(decisions_at(cx, env, &records).await?),
            None => None,
        };
        for (index, record) in records.into_iter().enumerate() {
            let at = moment_of(&record.key);
            if at.is_some_and(|at| until.is_some_and(|until| at >= until)) {
                return Ok(page);
            }
            let decision = match &of_one {
                Some(found) => found.get(index).cloned().flatten(),
                None => records::read(&record.key, &record.value).ok(),
            };
            place = Some(record.key);
            let late_enough = at.is_none_or(|at| from.is_none_or(|from| at >= from));
            page.decisions.extend(decision.filter(|_| late_enough));
            if page.decisions.len() >= limit as usize {
                page.next = place;
                return Ok(page);
            }
        }
        if read >= MOST_READ {
            page.next = place;
            return Ok(page);
        }
    }
    Ok(page)
}

/// The decisions that a case's places name; nothing for one that is no more.
async fn decisions_at(
    cx: &Context,
    env: &Environment,
    places: &[crate::effect::Record],
) -> Result<Vec<Option<DecisionRecord>>> {
    let key = |place: &str| {
        let mark = place.rsplit('/').next().unwrap_or_default();
        env.keys
            .decision(moment_of(place).unwrap_or_default(), mark)
    };
    let keys = places.iter().map(|record| key(&record.key)).collect();
    let found = session::get_many::<DecisionRecord>(cx, keys).await?;
    Ok(found.into_iter().map(|stored| stored.value).collect())
}
