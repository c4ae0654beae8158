use super::ReplayOutcome;
use crate::{case::Case, error::Fault, time::Timestamp};
use serde::Serialize;
use std::collections::BTreeMap;

/// Names of groups and kinds of refusals that are told apart; what comes later counts as `(others)`.
const MOST_NAMES: usize = 1_000;

/// What a history would have made.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ReplayReport {
    /// Of all cases together.
    #[serde(flatten)]
    pub totals: ReplayTotals,
    /// When the first case was made.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<Timestamp>,
    /// When the last case was made.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<Timestamp>,
    /// By group id; groups beyond the first 1000 together, as `(others)`.
    pub groups: BTreeMap<String, ReplayGroup>,
    /// New tickets of their own by the route's name.
    pub routes: BTreeMap<String, u64>,
    /// Refused cases by the code and place of their first fault.
    pub refusals: BTreeMap<String, u64>,
    /// The most new tickets of their own within one hour of the clock (UTC).
    pub most_in_an_hour: u64,
    /// Tickets that several cases share.
    pub shared_tickets: u64,
    /// The most cases that share a ticket.
    pub most_in_a_ticket: u64,
    #[serde(skip)]
    hour: (i64, u64),
}

/// Counts of cases by what becomes of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ReplayTotals {
    /// All cases.
    pub cases: u64,
    /// Tickets of their own.
    pub tickets: u64,
    /// Later lines of the same case.
    pub updated: u64,
    /// Joined to the ticket of the incident that they repeat.
    pub joined: u64,
    /// Rolled up in a flood.
    pub rolled_up: u64,
    /// In a maintenance window.
    pub withheld: u64,
    /// Waiting for a mapping.
    pub held: u64,
    /// Ignored by route or group.
    pub ignored: u64,
    /// Refused.
    pub refused: u64,
    /// Requests to ConnectWise. Lookups of what the directory does not hold are among them, reads of the catalog are not.
    pub requests: u64,
}

/// What becomes of a group's cases.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ReplayGroup {
    /// Its cases.
    pub cases: u64,
    /// Its tickets, those for single cases.
    pub tickets: u64,
}

impl ReplayReport {
    pub(super) fn count(
        &mut self,
        case: &Case,
        outcome: ReplayOutcome,
        requests: u64,
        now: Timestamp,
    ) {
        self.from.get_or_insert(now);
        self.until = Some(now);
        let totals = &mut self.totals;
        totals.cases += 1;
        totals.requests += requests;
        *match outcome {
            ReplayOutcome::Ticket => &mut totals.tickets,
            ReplayOutcome::Updated => &mut totals.updated,
            ReplayOutcome::Joined => &mut totals.joined,
            ReplayOutcome::RolledUp => &mut totals.rolled_up,
            ReplayOutcome::Withheld => &mut totals.withheld,
            ReplayOutcome::Held => &mut totals.held,
            ReplayOutcome::Ignored => &mut totals.ignored,
            ReplayOutcome::Refused => &mut totals.refused,
        } += 1;
        let group = entry(&mut self.groups, &case.group.id);
        group.cases += 1;
        if outcome == ReplayOutcome::Ticket {
            group.tickets += 1;
            let hour = now.millis().div_euclid(3_600_000);
            if self.hour.0 != hour {
                self.hour = (hour, 0);
            }
            self.hour.1 += 1;
            self.most_in_an_hour = self.most_in_an_hour.max(self.hour.1);
        }
    }

    pub(super) fn note_route(&mut self, route: &str) {
        *entry(&mut self.routes, route) += 1;
    }

    pub(super) fn note_refusal(&mut self, reason: &str, faults: &[Fault]) {
        let why = match faults.first() {
            Some(fault) => format!("{} {}", fault.code, fault.pointer),
            None => reason.to_owned(),
        };
        *entry(&mut self.refusals, &why) += 1;
    }

    /// A ticket takes no more cases.
    pub(super) fn note_shared(&mut self, cases: u64) {
        self.shared_tickets += u64::from(cases > 1);
        self.most_in_a_ticket = self.most_in_a_ticket.max(cases);
    }
}

/// The entry of a name, or that of all others where there are too many names.
fn entry<'a, T: Default>(entries: &'a mut BTreeMap<String, T>, name: &str) -> &'a mut T {
    let full = entries.len() >= MOST_NAMES && !entries.contains_key(name);
    let name = if full { "(others)" } else { name };
    if !entries.contains_key(name) {
        entries.insert(name.to_owned(), T::default());
    }
    entries.entry(name.to_owned()).or_default()
}
