use super::{accept_case::accept_case, submit_reference::submit_reference};
use crate::{
    automation::{Automated, HostEvent},
    config::AutomationAct,
    decide,
    effect::Batch,
    environment::Environment,
    error::Result,
    runtime::Context,
    store::{records::TaskRun, session},
};

/// Decides what a happening of the host leads to, and begins it: a case is durable, a task is due, when this returns.
pub(super) async fn host_event(
    cx: &Context,
    env: &Environment,
    event: HostEvent,
) -> Result<Automated> {
    let (rule, decision) = decide::automation(&env.settings, &event);
    let mut automated = Automated {
        rule,
        then: decision.value,
        reason: decision.reason,
        operation: None,
        due: decision.value.task(),
    };
    if decision.value == AutomationAct::SubmitCase {
        if let Some(case) = event.case {
            automated.operation = accept_case(cx, env, *case).await?.operation;
        } else if let Some(case_id) = event.case_id {
            submit_reference(cx, env, &case_id).await?;
        }
    }
    if let Some(task) = automated.due {
        if task.is_off(env.settings.config()) {
            automated.due = None;
            automated.reason.push_str("; the task is switched off");
            return Ok(automated);
        }
        let wanted = TaskRun {
            at: cx.now(),
            reason: automated.reason.clone(),
        };
        let mut batch = Batch::default();
        batch.put_record(env.keys.wanted(task), &wanted)?;
        session::commit(cx, batch).await?;
    }
    Ok(automated)
}
