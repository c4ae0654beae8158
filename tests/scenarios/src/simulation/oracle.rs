//! What must hold once everything has come to rest.

use super::{
    desk::{PRIORITIES, all_of},
    host::{HostCase, SEVERITIES},
    incoming,
    seen::{Seen, documents_of, notes_of},
    stage::Stage,
};
use casewire::{Case, Event};
use serde_json::Value;
use std::{collections::BTreeMap, fmt};

/// Says what is wrong.
pub(super) fn judge(stage: &Stage) -> Vec<String> {
    let mut wrong = Vec::new();
    let seen = Seen::look(stage);
    for record in stage.world.store.records() {
        if ["/outbox/", "/held/", "/delivery/"]
            .iter()
            .any(|kind| record.key.contains(kind))
        {
            wrong.push(format!("{} is left: {}", record.key, record.value));
        }
    }
    let mut by_root = BTreeMap::<i64, Vec<&HostCase>>::new();
    for case in &stage.host.cases {
        let id = &case.case.id;
        if case.owed {
            wrong.push(format!("case {id} is not taken up: {:?}", case.last_error));
        }
        match seen.roots(stage, id).as_slice() {
            [root] => by_root.entry(*root).or_default().push(case),
            [] if case.case.is_over() && !was_told(stage, id) => {}
            [] if !stage.desk.gone.is_empty() && was_told(stage, id) => {
                judge_gone(stage, id, &mut wrong)
            }
            tickets => wrong.push(format!("case {id} has the tickets {tickets:?}")),
        }
    }
    for (root, cases) in &by_root {
        if stage.desk.gone.contains(root) {
            for case in cases {
                judge_gone(stage, &case.case.id, &mut wrong);
            }
            continue;
        }
        if stage.setting.inbound {
            let ticket = stage.world.psa.record("service/tickets", *root);
            incoming::judge(stage, *root, ticket.as_ref(), cases, &mut wrong);
        }
        judge_ticket(stage, &seen, *root, cases, &mut wrong);
    }
    for (id, before) in &stage.desk.bystanders {
        let now = all_of(&stage.world, *id);
        if now != *before {
            wrong.push(format!(
                "ticket {id} stands for no case and changed: {before} became {now}"
            ));
        }
    }
    wrong
}

/// A case whose ticket is gone is told so once, where it is told anything.
fn judge_gone(stage: &Stage, case_id: &str, wrong: &mut Vec<String>) {
    let deliveries = stage.host.deliveries_of(case_id);
    let told = deliveries.iter().filter(|it| {
        matches!(
            it.event,
            Event::TicketDeleted { .. } | Event::TicketConverted { .. }
        )
    });
    let told = told.count();
    if stage.setting.inbound && told != 1 {
        wrong.push(format!(
            "case {case_id} lost its ticket and was told {told} times"
        ));
    }
}

fn was_told(stage: &Stage, case_id: &str) -> bool {
    let deliveries = stage.host.deliveries_of(case_id);
    deliveries
        .iter()
        .any(|delivery| delivery.event == Event::TicketCreated)
}

fn judge_ticket(
    stage: &Stage,
    seen: &Seen,
    root: i64,
    cases: &[&HostCase],
    wrong: &mut Vec<String>,
) {
    let (mut notes, mut documents) = (Vec::new(), Vec::new());
    for case in cases {
        let id = &case.case.id;
        notes.extend(notes_of(stage, case));
        documents.extend(documents_of(case));
        let created = stage.host.deliveries_of(id);
        let created = created
            .iter()
            .filter(|delivery| delivery.event == Event::TicketCreated);
        if created.count() != 1 {
            wrong.push(format!("the host was not told once of case {id}'s ticket"));
        }
        let key = format!("acme-soc/link/{id}");
        let link = stage.world.store.records().find(|record| record.key == key);
        let link: Value = link
            .and_then(|link| serde_json::from_str(&link.value).ok())
            .unwrap_or_default();
        if link["ticket"] != root
            && !stage
                .desk
                .merged
                .contains_key(&link["ticket"].as_i64().unwrap_or_default())
        {
            wrong.push(format!(
                "case {id} is linked to {}, not to {root}",
                link["ticket"]
            ));
        }
    }
    compare(root, "notes", notes, seen.notes.get(&root), wrong);
    compare(
        root,
        "documents",
        documents,
        seen.documents.get(&root),
        wrong,
    );
    if let ([case], Some(ticket)) = (cases, stage.world.psa.record("service/tickets", root))
        && !stage.setting.inbound
    {
        judge_fields(stage, root, &ticket, case, wrong);
    }
}

fn compare<T: Clone + PartialEq + fmt::Debug>(
    root: i64,
    what: &str,
    mut expected: Vec<T>,
    seen: Option<&Vec<T>>,
    wrong: &mut Vec<String>,
) {
    let mut seen = seen.cloned().unwrap_or_default();
    expected.sort_by_cached_key(|it| format!("{it:?}"));
    seen.sort_by_cached_key(|it| format!("{it:?}"));
    if expected != seen {
        wrong.push(format!(
            "ticket {root} has the {what} {seen:?} instead of {expected:?}"
        ));
    }
}

fn judge_fields(
    stage: &Stage,
    root: i64,
    ticket: &Value,
    case: &HostCase,
    wrong: &mut Vec<String>,
) {
    let id = &case.case.id;
    let status = ticket["status"]["name"].as_str().unwrap_or_default();
    let meant = match status {
        "New (not responded)" => "open",
        "Closed" => Case::CLOSED,
        _ => "in_progress",
    };
    let wanted = if case.case.is_over() {
        Case::CLOSED
    } else {
        &case.case.status
    };
    let reference = ticket["externalXRef"].as_str().unwrap_or_default();
    let as_born = !stage.desk.status_asked.contains(&root)
        && stage
            .desk
            .born_as
            .get(reference)
            .is_some_and(|born_as| born_as.contains(wanted));
    let merged = stage
        .desk
        .merged
        .values()
        .any(|(parent, _)| *parent == root);
    if meant != wanted && !as_born && !merged && !stage.desk.status_set.contains(&root) {
        wrong.push(format!(
            "case {id} is {wanted} and ticket {root} is {status}"
        ));
    }
    if (status == "Closed") != (ticket["closedFlag"] == true) {
        wrong.push(format!("ticket {root} is {status} and is not"));
    }
    let priority = ticket["priority"]["name"].as_str().unwrap_or_default();
    let rank = PRIORITIES.iter().position(|it| *it == priority);
    let rank_of = |case: &Case| SEVERITIES.iter().position(|it| *it == case.severity);
    let lowest = rank_of(&case.case);
    let highest = case.states().filter_map(rank_of).min();
    let fits = rank <= lowest && rank >= highest;
    if !fits && !merged && !stage.desk.priority_set.contains(&root) {
        wrong.push(format!(
            "case {id} is {} and ticket {root} has {priority}",
            case.case.severity
        ));
    }
    let summary = format!(
        "EventTracker Case #{} - {}",
        case.case.number.as_deref().unwrap_or_default(),
        case.case.title
    );
    if ticket["summary"] != summary && !merged {
        wrong.push(format!(
            "ticket {root} has the summary {} instead of {summary}",
            ticket["summary"]
        ));
    }
}

/// What must not change any more: tickets, notes, documents.
pub(super) fn picture(stage: &Stage) -> Vec<Value> {
    let psa = &stage.world.psa;
    [
        "service/tickets",
        "service/tickets/notes",
        "system/documents",
    ]
    .into_iter()
    .flat_map(|name| psa.raw(name).unwrap_or_default())
    .collect()
}
