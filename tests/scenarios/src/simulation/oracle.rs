//! What must hold once everything has come to rest.

use super::{
    desk::{PRIORITIES, all_of},
    host::{HostCase, SEVERITIES},
    incoming,
    stage::Stage,
};
use casewire::{Case, Event, Visibility};
use casewire_simulator::API_MEMBER;
use serde_json::Value;
use std::{collections::BTreeMap, fmt};

/// What someone sees who looks at the instance.
struct Seen {
    tickets: BTreeMap<i64, Value>,
    /// Notes that the API member wrote, by the ticket that theirs became part of: kind and text.
    notes: BTreeMap<i64, Vec<(Visibility, String)>>,
    /// Its documents, likewise: title and size.
    documents: BTreeMap<i64, Vec<(String, u64)>>,
    /// Tickets of a reference, oldest first.
    by_reference: BTreeMap<String, Vec<i64>>,
}

impl Seen {
    fn look(stage: &Stage) -> Self {
        let psa = &stage.world.psa;
        let mut seen = Self {
            tickets: BTreeMap::new(),
            notes: BTreeMap::new(),
            documents: BTreeMap::new(),
            by_reference: BTreeMap::new(),
        };
        for id in psa.ids("service/tickets").unwrap_or_default() {
            let ticket = psa.record("service/tickets", id).unwrap_or_default();
            if let Some(reference) = ticket["externalXRef"].as_str() {
                let ids = seen.by_reference.entry(reference.to_owned()).or_default();
                ids.push(id);
            }
            seen.tickets.insert(id, ticket);
        }
        for note in psa.raw("service/tickets/notes").unwrap_or_default() {
            if note["createdBy"] != API_MEMBER {
                continue;
            }
            let kind = if note["detailDescriptionFlag"] == true {
                Visibility::Discussion
            } else if note["resolutionFlag"] == true {
                Visibility::Resolution
            } else {
                Visibility::Internal
            };
            let ticket = note["ticketId"].as_i64().unwrap_or_default();
            let own = seen.notes.entry(stage.desk.root(ticket)).or_default();
            own.push((kind, plain(note["text"].as_str().unwrap_or_default())));
        }
        for document in psa.raw("system/documents").unwrap_or_default() {
            if document["_info"]["enteredBy"] != API_MEMBER {
                continue;
            }
            let ticket = document["~recordId"].as_i64().unwrap_or_default();
            let own = seen.documents.entry(stage.desk.root(ticket)).or_default();
            let title = document["title"].as_str().unwrap_or_default().to_owned();
            own.push((title, document["size"].as_u64().unwrap_or_default()));
        }
        seen
    }
}

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
        let reference = format!("acme-soc:{id}");
        let tickets = seen.by_reference.get(&reference);
        // The ticket that survived a merge may have been given the reference too.
        let tickets = tickets.into_iter().flatten();
        let mut roots: Vec<i64> = tickets.map(|ticket| stage.desk.root(*ticket)).collect();
        roots.dedup();
        if roots.len() > 1 {
            // One that was converted before its case knew of it is in no list of tickets any more.
            roots.retain(|root| !stage.desk.gone.contains(root));
        }
        match roots.as_slice() {
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
            incoming::judge(stage, *root, seen.tickets.get(root), cases, &mut wrong);
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
    let mut notes = Vec::new();
    let mut documents = Vec::new();
    for case in cases {
        let id = &case.case.id;
        let case = &case.case;
        notes.push((Visibility::Discussion, plain(&case.description)));
        for comment in &case.comments {
            let kind = match stage.setting.as_written {
                true => comment.visibility,
                false => Visibility::Internal,
            };
            notes.push((kind, plain(&format!("Comments: {}", comment.text))));
        }
        for attachment in &case.attachments {
            let title = attachment.title.clone().unwrap_or_default();
            documents.push((title, attachment.size));
        }
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
    if let ([case], Some(ticket)) = (cases, seen.tickets.get(&root))
        && !stage.setting.inbound
    {
        judge_fields(stage, root, ticket, case, wrong);
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

/// A text without its line ends.
fn plain(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
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
