//! What a history of cases would have made of a configuration, without asking ConnectWise anything (row T9).

use crate::{
    case::Case,
    catalog::Catalog,
    decide,
    error::Error,
    preview::{Directory, PreviewOutcome, Translator},
    settings::Settings,
    time::Timestamp,
};
use serde::Serialize;
use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    sync::Arc,
    time::Duration,
};

mod report;

pub use report::{ReplayGroup, ReplayReport, ReplayTotals};

/// Ids of cases that are remembered, so that a later line of the same case counts as its update.
const MOST_CASES: usize = 100_000;

/// Cases that are judged between two times at which what is too old to matter is forgotten.
const SWEEP: u64 = 4_096;

/// Judges one case of a history after another, each at the time at which it was made.
///
/// A ticket counts as open until the window of `repeats` is over: a history does not say when technicians closed theirs. What
/// it holds does not grow with the history: the last 100,000 ids of cases, the keys of repeats within their window, and the
/// new tickets within the flood's interval.
#[derive(Debug)]
pub struct Replay<'a> {
    translator: Translator<'a>,
    now: Timestamp,
    seen: Seen,
    /// By the digest of the join key: the ticket that takes repeats.
    keys: BTreeMap<String, Shared>,
    /// By the digest of the scope: when its new tickets were opened.
    opened: BTreeMap<String, Vec<Timestamp>>,
    /// By the digest of the scope and the group: the ticket that takes a flood.
    floods: BTreeMap<(String, String), Shared>,
    report: ReplayReport,
}

/// What becomes of one case of a history.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ReplayOutcome {
    /// A ticket of its own.
    Ticket,
    /// It is the same case as a line before.
    Updated,
    /// It joins the ticket of the incident that it repeats.
    Joined,
    /// It is rolled up with others, since new tickets are too many.
    RolledUp,
    /// It falls into a maintenance window.
    Withheld,
    /// It waits until its group is mapped.
    Held,
    /// No ticket, as its route or its group says.
    Ignored,
    /// The case, or the configuration for it, has faults.
    Refused,
}

/// A ticket that several cases share.
#[derive(Debug)]
struct Shared {
    last: Timestamp,
    /// Until when what is added to it is gathered for one note.
    batch_until: Option<Timestamp>,
    cases: u64,
}

impl Shared {
    /// Adds a case, and says how many requests that costs: a note for each batch.
    fn add(&mut self, batch: Duration, now: Timestamp) -> u64 {
        self.last = now;
        self.cases += 1;
        if self.batch_until.is_some_and(|until| now < until) {
            return 0;
        }
        self.batch_until = Some(now.after(batch));
        1
    }
}

impl<'a> Replay<'a> {
    /// Begins a history.
    #[must_use]
    pub fn new(settings: &'a Settings, catalog: &'a Catalog, directory: &'a Directory) -> Self {
        Self {
            translator: Translator::new(settings, catalog, directory),
            now: Timestamp::from_millis(i64::MIN),
            seen: Seen::default(),
            keys: BTreeMap::new(),
            opened: BTreeMap::new(),
            floods: BTreeMap::new(),
            report: ReplayReport::default(),
        }
    }

    /// Judges the next case of the history. One that was made before the case before it counts as made at the same time.
    pub fn case(&mut self, case: &Arc<Case>) -> ReplayOutcome {
        self.now = self.now.max(case.created_at);
        if self.report.totals.cases % SWEEP == SWEEP - 1 {
            self.forget();
        }
        let (outcome, calls) = if self.seen.is_new(&case.id) {
            self.judge(case)
        } else {
            (ReplayOutcome::Updated, 1)
        };
        self.report.count(case, outcome, calls, self.now);
        outcome
    }

    /// Counts a line that is no case.
    pub fn unreadable(&mut self, error: &Error) {
        self.report.totals.cases += 1;
        self.report.totals.refused += 1;
        self.report.note_refusal(&error.message, &error.faults);
    }

    /// Ends the history.
    #[must_use]
    pub fn finish(mut self) -> ReplayReport {
        for shared in self.keys.values().chain(self.floods.values()) {
            self.report.note_shared(shared.cases);
        }
        self.report
    }

    fn judge(&mut self, case: &Arc<Case>) -> (ReplayOutcome, u64) {
        let planned = self.translator.plan(case);
        let calls = planned.calls.len() as u64;
        match (planned.outcome, planned.ticket) {
            (PreviewOutcome::Ticket, Some(plan)) => self.ticket(case, &plan.route, calls),
            (PreviewOutcome::Held, _) => (ReplayOutcome::Held, 0),
            (PreviewOutcome::Ignored, _) => (ReplayOutcome::Ignored, 0),
            (PreviewOutcome::Ticket | PreviewOutcome::Refused, _) => {
                self.report.note_refusal(&planned.reason, &planned.faults);
                (ReplayOutcome::Refused, 0)
            }
        }
    }

    /// The order is that of the live run: maintenance, repeats, flood, a ticket of its own.
    fn ticket(&mut self, case: &Arc<Case>, route: &str, calls: u64) -> (ReplayOutcome, u64) {
        let now = self.now;
        let settings = self.translator.settings();
        if decide::maintenance(settings, case, route, now).is_some() {
            return (ReplayOutcome::Withheld, 0);
        }
        let mut key = None;
        if let (Some(rule), Some(repeats)) = (&settings.repeats, &settings.config().repeats)
            && let Some(found) = decide::join_key(rule, case)
        {
            if let Some(shared) = self.keys.get_mut(&found.digest)
                && now.since(shared.last) < repeats.window.0
            {
                return (ReplayOutcome::Joined, shared.add(repeats.batch.0, now));
            }
            key = Some(found.digest);
        }
        if let Some((rule, scope)) = decide::flood_scope(settings, case, route) {
            let opened = self.opened.entry(scope.digest.clone()).or_default();
            if decide::is_flood(rule, opened, now) {
                let batch = rule.batch;
                let id = (scope.digest, case.group.id.clone());
                let known = self.floods.get_mut(&id);
                if let Some(shared) = known.filter(|shared| now.since(shared.last) < rule.interval)
                {
                    return (ReplayOutcome::RolledUp, shared.add(batch, now));
                }
                self.end(|replay| replay.floods.insert(id, Shared::first(now)));
                // The roll-up ticket itself, and its first note.
                return (ReplayOutcome::RolledUp, 2);
            }
            opened.push(now);
        }
        self.report.note_route(route);
        if let Some(digest) = key {
            self.end(|replay| replay.keys.insert(digest, Shared::first(now)));
        }
        (ReplayOutcome::Ticket, calls)
    }

    /// Puts a shared ticket in the place of one that takes no more cases.
    fn end(&mut self, replace: impl FnOnce(&mut Self) -> Option<Shared>) {
        if let Some(over) = replace(self) {
            self.report.note_shared(over.cases);
        }
    }

    /// Forgets what no later case can meet.
    fn forget(&mut self) {
        let now = self.now;
        let settings = self.translator.settings();
        let window = |repeats: &crate::config::Repeats| repeats.window.0;
        let window = settings.config().repeats.as_ref().map(window);
        let interval = settings.flood.as_ref().map(|rule| rule.interval);
        let report = &mut self.report;
        let mut keep = |shared: &Shared, span: Option<Duration>| {
            let kept = span.is_some_and(|span| now.since(shared.last) < span);
            if !kept {
                report.note_shared(shared.cases);
            }
            kept
        };
        self.keys.retain(|_, shared| keep(shared, window));
        self.floods.retain(|_, shared| keep(shared, interval));
        self.opened.retain(|_, opened| {
            opened
                .last()
                .is_some_and(|at| interval.is_some_and(|interval| now.since(*at) < interval))
        });
    }
}

impl Shared {
    fn first(now: Timestamp) -> Self {
        Self {
            last: now,
            batch_until: None,
            cases: 1,
        }
    }
}

/// The newest ids of cases.
#[derive(Debug, Default)]
struct Seen {
    ids: BTreeSet<Arc<str>>,
    order: VecDeque<Arc<str>>,
}

impl Seen {
    fn is_new(&mut self, id: &str) -> bool {
        if self.ids.contains(id) {
            return false;
        }
        if self.order.len() >= MOST_CASES
            && let Some(oldest) = self.order.pop_front()
        {
            self.ids.remove(&oldest);
        }
        let id: Arc<str> = Arc::from(id);
        self.ids.insert(Arc::clone(&id));
        self.order.push_back(id);
        true
    }
}

#[cfg(test)]
mod tests;
