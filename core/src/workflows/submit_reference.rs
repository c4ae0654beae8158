use super::submit_case::in_step;
use crate::{
    case::Case,
    command::{CaseOutcome, CaseResult, Command},
    effect::{Batch, FailureKind},
    environment::Environment,
    error::{Code, Error, Result},
    runtime::{Context, Shared},
    store::{
        records::CaseReference,
        session::{self, Stored},
    },
};
use std::{collections::BTreeSet, sync::Arc};

/// What comes before a case's id in the token by which its content is asked for.
const TOKEN: &str = "case:";

/// How often others may change the record first.
const ROUNDS: u32 = 16;

/// Takes a case by its id (guide 001: the alert handler puts the alert's id into the queue and is done).
pub(super) async fn submit_reference(
    cx: &Context,
    env: &Environment,
    case_id: &str,
) -> Result<CaseOutcome> {
    env.takes_cases()?;
    let now = cx.now();
    change(cx, env, case_id, |stored| {
        let reference = stored.value.get_or_insert_with(|| CaseReference {
            case_id: case_id.to_owned(),
            accepted_at: now,
            tries: 0,
            next: None,
            last_error: None,
        });
        // Whoever hands it over again has it again.
        reference.tries = 0;
        reference.next = Some(now);
    })
    .await?;
    cx.spawn(Command::WorkQueue);
    Ok(outcome(case_id, CaseResult::Accepted, None))
}

/// Asks the host for the case's content and brings its ticket in step with it. What cannot be had stays in the queue with
/// the reason.
pub(super) async fn take_reference(
    cx: &Context,
    env: &Environment,
    case_id: &str,
) -> Result<CaseOutcome> {
    let _under_way = UnderWay {
        cx: cx.clone(),
        references: env.references.clone(),
        case_id: case_id.to_owned(),
    };
    let _turn = cx.lock(format!("reference {case_id}")).await;
    env.takes_cases()?;
    let key = env.keys.reference(case_id);
    let taken = session::get_one::<CaseReference>(cx, key).await?;
    let Some(taken) = taken.value else {
        let reason = "it was taken already".to_owned();
        return Ok(outcome(case_id, CaseResult::Unchanged, Some(reason)));
    };
    let case = match content(cx, env, case_id).await {
        Ok(case) => Arc::new(case),
        Err(error) => {
            let next = error
                .retry
                .then(|| cx.now().after(cx.backoff(taken.tries + 4)));
            let text = error.to_string();
            change(cx, env, case_id, |stored| {
                if let Some(reference) = &mut stored.value {
                    reference.tries += 1;
                    reference.next = next;
                    reference.last_error = Some(text.clone());
                }
            })
            .await?;
            return Err(error);
        }
    };
    let result = in_step(cx, env, case_id, Some(&case)).await;
    let is_kept = |error: &Error| matches!(error.code, Code::StoreFailed | Code::StoreConflict);
    if let Err(error) = &result
        && is_kept(error)
    {
        let next = cx.now().after(cx.backoff(taken.tries + 4));
        change(cx, env, case_id, |stored| {
            if let Some(reference) = &mut stored.value {
                reference.tries += 1;
                reference.next = Some(next);
            }
        })
        .await?;
        return result;
    }
    // Handed over once more meanwhile, it stays and is asked for once more.
    change(cx, env, case_id, |stored| {
        stored.value.take_if(|now| *now == taken);
    })
    .await?;
    result
}

/// The case as the host has it.
async fn content(cx: &Context, env: &Environment, case_id: &str) -> Result<Case> {
    let bytes = cx.fetch(format!("{TOKEN}{case_id}")).await.map_err(|failure| {
        let gone = failure.kind == FailureKind::Content;
        let why = failure.message;
        Error {
            retry: !gone,
            ..Error::new(
                Code::NotFetched,
                format!("the host did not give the content of case '{case_id}' ({why}). Hand it over again when it is there"),
            )
        }
    })?;
    let case = Case::from_json(&bytes)?;
    if case.id != case_id {
        return Err(Error::new(
            Code::InvalidInput,
            format!(
                "the host gave case '{}' where '{case_id}' was asked for",
                case.id
            ),
        ));
    }
    let faults = env.settings.check_case(&case);
    if !faults.is_empty() {
        return Err(Error::refused("the case", faults));
    }
    Ok(case)
}

async fn change(
    cx: &Context,
    env: &Environment,
    case_id: &str,
    change: impl Fn(&mut Stored<CaseReference>),
) -> Result<()> {
    for _ in 0..ROUNDS {
        let key = env.keys.reference(case_id);
        let mut stored = session::get_one::<CaseReference>(cx, key).await?;
        change(&mut stored);
        let mut batch = Batch::default();
        batch.save(&stored)?;
        match session::commit(cx, batch).await {
            Err(error) if error.code == Code::StoreConflict => {}
            result => return result.map(drop),
        }
    }
    Err(Error::new(
        Code::StoreConflict,
        format!("other connectors kept changing the reference to case '{case_id}'"),
    ))
}

fn outcome(case_id: &str, outcome: CaseResult, reason: Option<String>) -> CaseOutcome {
    CaseOutcome {
        case_id: case_id.to_owned(),
        outcome,
        ticket_id: None,
        reason,
        warnings: Vec::new(),
    }
}

/// A case whose content is asked for. Once half of them are over, more are looked for.
struct UnderWay {
    cx: Context,
    references: Shared<BTreeSet<String>>,
    case_id: String,
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        let left = {
            let mut references = self.references.lock();
            references.remove(&self.case_id);
            references.len()
        };
        if left.is_multiple_of(8) {
            self.cx.spawn(Command::WorkQueue);
        }
    }
}
