use super::unread;
use crate::{
    company::device_rows,
    devices::wanted,
    environment::Environment,
    error::Code,
    preflight::{Finding, Severity},
    runtime::Context,
    workflows::sync_devices::tables,
};

/// What the section `devices` names is there, and the questions that its types require are answered (guide 003).
pub(super) async fn check(cx: &Context, env: &Environment, findings: &mut Vec<Finding>) {
    let Some(rules) = &env.settings.devices else {
        return;
    };
    let at = "/devices/columns";
    let api = env.api.impatient();
    let tables = match tables(cx, &api, rules).await {
        Ok(tables) => tables,
        Err(error) => return unread("the types of configurations", &error, at, findings),
    };
    let faults = wanted::check(rules, &tables).into_iter();
    findings.extend(faults.map(|fault| {
        let place = Some(fault.pointer);
        Finding::new(Severity::Error, fault.code, place, fault.message, fault.fix)
    }));
    for (id, name) in wanted::types_named(rules, &tables) {
        let questions = match device_rows::questions(cx, &api, id).await {
            Ok(questions) => questions,
            Err(error) => {
                unread("the questions of a type", &error, at, findings);
                continue;
            }
        };
        let required = questions.iter().filter(|question| question.required_flag);
        for question in required.filter(|question| !rules.answers(&question.question)) {
            let question = &question.question;
            findings.push(Finding::new(
                Severity::Warning,
                Code::MissingKey,
                Some(at.to_owned()),
                format!(
                    "the type '{name}' requires an answer to the question '{question}', which no column gives: devices of that \
                     type are refused"
                ),
                format!("Add a column with \"question\": \"{question}\""),
            ));
        }
    }
}
