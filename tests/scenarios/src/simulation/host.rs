//! The host: its cases, what it handed over and what came of that, and what it was handed.

use super::step::HostDeed;
use crate::story::case_document;
use casewire::{
    Attachment, Case, CaseResult, Comment, Delivery, Finished, OperationId, Outcome, TicketState,
    Timestamp,
};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Most cases of one episode.
const MOST_CASES: usize = 5;

/// The files that it has, by token, with their names.
pub(super) const FILES: [(&str, &str, &str); 3] = [
    ("files/1", "Reference document", "Reference document\n"),
    ("files/2", "Event 1102", "{\"event\":1102}"),
    ("files/3", "Event 1102", "{\"event\":1103}"),
];

const VISIBILITIES: [&str; 3] = ["internal", "discussion", "resolution"];
pub(super) const STATUSES: [&str; 3] = ["open", "in_progress", "closed"];
pub(super) const SEVERITIES: [&str; 4] = ["critical", "high", "medium", "low"];

/// The host.
#[derive(Debug, Default)]
pub(super) struct Host {
    pub(super) cases: Vec<HostCase>,
    /// What it has taken over, by id.
    taken: BTreeMap<String, Delivery>,
    /// Whether it takes over what was changed in ConnectWise, and whether that moves a case's time of change.
    mirrors: bool,
    touches: bool,
    /// How many deliveries of each case it has, numbered from 1.
    numbers: BTreeMap<String, u64>,
}

/// A case of the host.
#[derive(Debug)]
pub(super) struct HostCase {
    pub(super) case: Case,
    /// What it was before, oldest first.
    pub(super) older: Vec<Case>,
    /// Whether casewire may not know of its present state.
    pub(super) owed: bool,
    /// Whether it gave itself a status, and was not told yet that the ticket has it. If not, it takes over that of the ticket as
    /// soon as it is told, whatever else it changed meanwhile.
    wishes: bool,
    /// Whether casewire was told of it at all.
    pub(super) handed_over: bool,
    /// The ticket as it was told of last, and when that was.
    pub(super) told: Option<(TicketState, Timestamp)>,
    /// The status that a technician gave the ticket, where the host has wished for no other since.
    pub(super) expected: Option<String>,
    /// What the host last changed the status to.
    pub(super) wish: Option<String>,
    /// Whether that was handed over while another connector had an earlier state of the case: which of the two is shown last
    /// has no order then.
    pub(super) raced: bool,
    /// The last error that it heard of the case.
    pub(super) last_error: Option<String>,
    under_way: Vec<Submission>,
    last: Option<(usize, OperationId)>,
}

/// A case that was handed over and has no outcome yet.
#[derive(Debug)]
struct Submission {
    node: usize,
    operation: OperationId,
    /// Whether it was the present state, and nothing else of the case was under way elsewhere meanwhile.
    conclusive: bool,
}

impl Host {
    pub(super) fn new(mirrors: bool, touches: bool) -> Self {
        Self {
            mirrors,
            touches,
            ..Self::default()
        }
    }

    /// Does something to a case and returns its place; what is to be handed over then.
    pub(super) fn act(&mut self, which: u8, deed: HostDeed, now: Timestamp) -> (usize, Case) {
        let new = matches!(deed, HostDeed::New) && self.cases.len() < MOST_CASES;
        if new || self.cases.is_empty() {
            self.cases.push(HostCase::new(self.cases.len(), now));
            let place = self.cases.len() - 1;
            return (place, self.cases[place].case.clone());
        }
        let place = usize::from(which) % self.cases.len();
        let case = &mut self.cases[place];
        if let HostDeed::Old(which) = deed
            && !case.older.is_empty()
        {
            case.owed = true;
            case.wishes = true;
            case.expected = None;
            return (
                place,
                case.older[usize::from(which) % case.older.len()].clone(),
            );
        }
        case.change(deed, now);
        (place, case.case.clone())
    }

    /// Notes that a case was handed over.
    pub(super) fn handed_over(
        &mut self,
        place: usize,
        node: usize,
        operation: OperationId,
        submitted: &Case,
    ) {
        let case = &mut self.cases[place];
        case.handed_over = true;
        let mut conclusive = *submitted == case.case;
        case.raced |= case.under_way.iter().any(|other| other.node != node);
        for other in &mut case.under_way {
            other.conclusive &= other.node == node;
            conclusive &= other.node == node;
        }
        case.under_way.push(Submission {
            node,
            operation,
            conclusive,
        });
        case.last = Some((node, operation));
        case.owed = true;
    }

    /// Hears what came of an operation.
    pub(super) fn hear(&mut self, node: usize, finished: &Finished) {
        let Some(id) = &finished.case_id else { return };
        let Some(case) = self.cases.iter_mut().find(|case| case.case.id == *id) else {
            return;
        };
        if let Err(error) = &finished.result {
            case.owed = true;
            case.last_error = Some(error.to_string());
        }
        let own = |it: &Submission| it.node == node && it.operation == finished.operation;
        if let Some(place) = case.under_way.iter().position(own) {
            let submission = case.under_way.remove(place);
            let last = case.last == Some((node, finished.operation));
            if last && submission.conclusive && finished.result.is_ok() {
                case.owed = false;
                let told = case.told.as_ref();
                let told = told.and_then(|(ticket, _)| ticket.case_status.clone());
                case.wishes &= told != Some(case.says());
                // Of what the case changed, the host is told in a moment; what it knows already may be older.
                let unchanged = matches!(
                    &finished.result,
                    Ok(Outcome::Case(outcome)) if outcome.outcome == CaseResult::Unchanged
                );
                if self.mirrors && unchanged {
                    case.wishes = false;
                    case.mirror(self.touches);
                }
            }
        }
    }

    /// A connector died: what it had under way has no outcome.
    pub(super) fn lose(&mut self, node: usize) {
        for case in &mut self.cases {
            case.under_way.retain(|submission| submission.node != node);
        }
    }

    /// Whether it has not taken a delivery over yet.
    pub(super) fn is_new(&self, delivery: &Delivery) -> bool {
        !self.taken.contains_key(&delivery.id)
    }

    /// Takes a delivery over.
    pub(super) fn take(&mut self, delivery: Delivery) -> Result<(), String> {
        if let Some(known) = self.taken.get(&delivery.id) {
            return if *known == delivery {
                Ok(())
            } else {
                Err(format!(
                    "delivery {} was something else before: {known:?}, now {delivery:?}",
                    delivery.id
                ))
            };
        }
        if let Some(case) = delivery.case_id() {
            let number = delivery
                .id
                .rsplit_once(':')
                .and_then(|(_, number)| number.parse::<u64>().ok());
            let before = self.numbers.entry(case.to_owned()).or_default();
            if number != Some(*before + 1) {
                return Err(format!(
                    "delivery {} comes after number {before}",
                    delivery.id
                ));
            }
            *before += 1;
            let known = self.cases.iter_mut().find(|known| known.case.id == case);
            if let (Some(known), Some(ticket)) = (known, &delivery.ticket) {
                known.told = Some((ticket.clone(), delivery.at));
                known.wishes &= known.owed || ticket.case_status.as_ref() != Some(&known.says());
                if self.mirrors && !known.owed {
                    known.wishes = false;
                    known.mirror(self.touches);
                } else if self.mirrors && !known.wishes {
                    known.mirror_status(ticket);
                }
            }
        }
        self.taken.insert(delivery.id.clone(), delivery);
        Ok(())
    }

    /// Nothing is under way any more: the host takes over what it was told last.
    pub(super) fn take_all_over(&mut self) {
        for case in &mut self.cases {
            if self.mirrors && !case.owed {
                case.mirror(self.touches);
            }
        }
    }

    /// How many deliveries it has taken over.
    pub(super) fn deliveries(&self) -> usize {
        self.taken.len()
    }

    /// The deliveries of a case, in order.
    pub(super) fn deliveries_of(&self, case_id: &str) -> Vec<&Delivery> {
        let count = self.numbers.get(case_id).copied().unwrap_or_default();
        (1..=count)
            .filter_map(|number| self.taken.get(&format!("acme-soc:{case_id}:{number}")))
            .collect()
    }
}

impl HostCase {
    fn new(place: usize, now: Timestamp) -> Self {
        let mut document = case_document(&format!("1001{place}"));
        document["comments"] = serde_json::json!([]);
        document["severity"] = SEVERITIES[(place + 2) % 4].into();
        document["category"] = ["windows", "network"][usize::from(place == 3)].into();
        let mut case = Case::from_json(document.to_string().as_bytes()).unwrap();
        case.created_at = now;
        case.updated_at = now;
        Self {
            case,
            older: Vec::new(),
            owed: true,
            wishes: true,
            handed_over: false,
            told: None,
            expected: None,
            wish: None,
            raced: false,
            last_error: None,
            under_way: Vec::new(),
            last: None,
        }
    }

    fn change(&mut self, deed: HostDeed, now: Timestamp) {
        let mut case = self.case.clone();
        if matches!(deed, HostDeed::Status(_) | HostDeed::Clear(_)) {
            self.expected = None;
        }
        match deed {
            HostDeed::Status(which) => {
                case.status = STATUSES[usize::from(which) % STATUSES.len()].to_owned();
            }
            HostDeed::Severity(which) => {
                case.severity = SEVERITIES[usize::from(which) % SEVERITIES.len()].to_owned();
            }
            HostDeed::Title(which) => case.title = format!("Audit log cleared {}", which % 4),
            // Few texts, so that comments often say the same.
            HostDeed::Comment(text, visibility) => case.comments.push(comment(json!({
                "id": format!("c-{}", case.comments.len() + 1),
                "text": format!("reviewing {}", text % 5),
                "visibility": VISIBILITIES[usize::from(visibility) % VISIBILITIES.len()],
                "created_at": now,
            }))),
            HostDeed::Attach(which) => {
                let (token, title, content) = FILES[usize::from(which) % FILES.len()];
                case.attachments.push(attachment(json!({
                    "id": format!("a-{}", case.attachments.len() + 1), "title": title,
                    "file_name": "event.txt", "size": content.len(), "token": token,
                })));
            }
            HostDeed::Clear(clear) => case.cleared_at = clear.then_some(now),
            HostDeed::New | HostDeed::Same | HostDeed::Old(_) => {}
        }
        if case != self.case {
            case.updated_at = now;
            let said = self.says();
            self.older.push(std::mem::replace(&mut self.case, case));
            if self.says() != said {
                self.wish = Some(self.says());
                self.raced = false;
                self.wishes = true;
            }
            self.owed = true;
            for submission in &mut self.under_way {
                submission.conclusive = false;
            }
        }
    }

    /// Takes over what the ticket means for the case.
    fn mirror(&mut self, touches: bool) {
        let Some((ticket, at)) = &self.told else {
            return;
        };
        let (ticket, at) = (ticket.clone(), *at);
        let before = self.case.clone();
        self.mirror_status(&ticket);
        if let Some(severity) = &ticket.case_severity {
            self.case.severity.clone_from(severity);
        }
        if touches && self.case != before {
            self.case.updated_at = self.case.updated_at.max(at);
        }
    }

    /// Its status, as far as a ticket can have it.
    fn says(&self) -> String {
        match self.case.is_over() {
            true => Case::CLOSED.to_owned(),
            false => self.case.status.clone(),
        }
    }

    fn mirror_status(&mut self, ticket: &TicketState) {
        let Some(status) = &ticket.case_status else {
            return;
        };
        let over = status == Case::CLOSED;
        if over != self.case.is_over() || !over {
            self.case.status.clone_from(status);
        }
        if !over {
            self.case.cleared_at = None;
        }
    }

    /// Whether it has ever been handed over, or will be, in a state that asks for a ticket.
    pub(super) fn states(&self) -> impl Iterator<Item = &Case> {
        self.older.iter().chain([&self.case])
    }
}

fn comment(document: Value) -> Comment {
    serde_json::from_value(document).unwrap()
}

fn attachment(document: Value) -> Attachment {
    serde_json::from_value(document).unwrap()
}
