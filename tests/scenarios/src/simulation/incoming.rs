//! What must have come back to the cases once everything has come to rest.

use super::{desk::Said, host::HostCase, stage::Stage};
use casewire::{Case, Event};
use serde_json::Value;
use std::collections::BTreeMap;

/// Says in what the cases of a ticket do not know it as it is.
pub(super) fn judge(
    stage: &Stage,
    root: i64,
    ticket: Option<&Value>,
    cases: &[&HostCase],
    wrong: &mut Vec<String>,
) {
    let Some(ticket) = ticket else { return };
    let merged = stage
        .desk
        .merged
        .values()
        .any(|(parent, _)| *parent == root);
    for case in cases {
        knows(case, ticket, wrong);
        if !merged && cases.len() == 1 {
            choice_stays(case, ticket, wrong);
            own_wish_came_true(stage, root, case, ticket, wrong);
        }
        heard_all(stage, root, merged, case, wrong);
    }
}

/// The case knows the ticket's state, and says the same.
fn knows(case: &HostCase, ticket: &Value, wrong: &mut Vec<String>) {
    let id = &case.case.id;
    let Some((told, _)) = &case.told else {
        wrong.push(format!("case {id} was told nothing of its ticket"));
        return;
    };
    let text = |field: &Value| field.as_str().unwrap_or_default().to_owned();
    let known = |it: &Option<String>| it.clone().unwrap_or_default();
    for (what, known, is) in [
        ("board", told.board.clone(), text(&ticket["board"]["name"])),
        (
            "status",
            told.status.clone(),
            text(&ticket["status"]["name"]),
        ),
        (
            "priority",
            known(&told.priority),
            text(&ticket["priority"]["name"]),
        ),
        (
            "company",
            known(&told.company),
            text(&ticket["company"]["name"]),
        ),
        ("summary", known(&told.summary), text(&ticket["summary"])),
        (
            "closing",
            told.closed.to_string(),
            (ticket["closedFlag"] == true).to_string(),
        ),
    ] {
        if known != is {
            wrong.push(format!(
                "case {id} knows '{known}' as the {what} of ticket {}, which is '{is}'",
                ticket["id"]
            ));
        }
    }
    let says = if case.case.is_over() {
        Case::CLOSED
    } else {
        &case.case.status
    };
    if told.case_status.as_deref() != Some(says) {
        wrong.push(format!(
            "case {id} is {says}, and its ticket {} is {}",
            ticket["id"], told.status
        ));
    }
    if told.case_severity.as_ref() != Some(&case.case.severity) {
        wrong.push(format!(
            "case {id} is {}, and its ticket {} has {:?}",
            case.case.severity, ticket["id"], told.priority
        ));
    }
}

/// What a technician chose while the host wished for nothing else is still so.
fn choice_stays(case: &HostCase, ticket: &Value, wrong: &mut Vec<String>) {
    if let Some(expected) = &case.expected
        && ticket["status"]["name"] != expected.as_str()
    {
        wrong.push(format!(
            "a technician chose '{expected}' for ticket {} of case {}, which is {}",
            ticket["id"], case.case.id, ticket["status"]["name"]
        ));
    }
}

/// What the host wished for last is so, where no technician chose a status.
fn own_wish_came_true(
    stage: &Stage,
    root: i64,
    case: &HostCase,
    ticket: &Value,
    wrong: &mut Vec<String>,
) {
    let Some(wish) = &case.wish else { return };
    let desk = &stage.desk;
    let reference = ticket["externalXRef"].as_str().unwrap_or_default();
    let born_as = desk.born_as.get(reference);
    if case.raced
        || !desk.status_asked.contains(&root) && born_as.is_some_and(|it| it.contains(wish))
    {
        return;
    }
    let told = case.told.as_ref().map(|(told, _)| told);
    let meant = told.and_then(|told| told.case_status.as_deref());
    if !stage.desk.status_ever_set.contains(&root) && meant != Some(wish) {
        wrong.push(format!(
            "the host wished case {} to be {wish}, and ticket {} is {}",
            case.case.id, ticket["id"], ticket["status"]["name"]
        ));
    }
}

/// Each note, time entry and document of a technician came once, and nothing else did.
fn heard_all(stage: &Stage, root: i64, merged: bool, case: &HostCase, wrong: &mut Vec<String>) {
    let id = &case.case.id;
    let mut heard = BTreeMap::<String, Vec<String>>::new();
    for delivery in stage.host.deliveries_of(id) {
        match &delivery.event {
            Event::CommentAdded { comment } => {
                let texts = heard.entry(comment.id.clone()).or_default();
                texts.push(comment.text.clone());
            }
            Event::AttachmentAdded { attachment } => {
                let titles = heard.entry(attachment.id.clone()).or_default();
                titles.push(attachment.title.clone());
            }
            Event::CommentChanged { comment } => {
                wrong.push(format!("case {id} was told that {comment:?} changed"));
            }
            _ => {}
        }
    }
    for said in &stage.desk.said {
        let name = said.name();
        let texts = heard.remove(&name);
        let Said { text, ticket, .. } = said;
        match texts.as_deref() {
            Some([one]) if one == text => {}
            None if *ticket != root || merged => {}
            texts => wrong.push(format!(
                "case {id} heard {texts:?} as {name}, which is '{text}' on ticket {ticket}"
            )),
        }
    }
    for (name, texts) in heard {
        wrong.push(format!(
            "case {id} heard {texts:?} as {name}, which no technician said"
        ));
    }
}
