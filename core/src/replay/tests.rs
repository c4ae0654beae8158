use super::*;
use crate::decide::tests::{case, catalog, settings};
use proptest::prelude::*;
use serde_json::{Value, json};

fn replayed(
    change: impl Fn(&mut Value),
    cases: &[Arc<Case>],
) -> (Vec<ReplayOutcome>, ReplayReport) {
    let (settings, catalog, directory) = (settings(change), catalog(), Directory::default());
    let mut replay = Replay::new(&settings, &catalog, &directory);
    let outcomes = cases.iter().map(|case| replay.case(case)).collect();
    (outcomes, replay.finish())
}

/// A case made so many minutes after the first.
fn at(id: u32, minutes: i64, kind: &str) -> Arc<Case> {
    case(|c| {
        let made = Timestamp::from_millis(1_549_847_234_000 + minutes * 60_000);
        c["id"] = json!(id.to_string());
        c["kind"] = json!(kind);
        c["created_at"] = json!(made);
        c["updated_at"] = json!(made);
        c["severity"] = json!("low");
    })
}

fn low(d: &mut Value) {
    d["priority_map"]["low"] = json!("Priority 4 - Scheduled Maintenance");
}

#[test]
fn a_line_of_the_same_case_is_its_update() {
    let (outcomes, report) = replayed(
        low,
        &[at(1, 0, "audit"), at(2, 0, "audit"), at(1, 5, "audit")],
    );
    use ReplayOutcome::{Ticket, Updated};
    assert_eq!(outcomes, [Ticket, Ticket, Updated]);
    assert_eq!((report.totals.cases, report.totals.tickets), (3, 2));
    assert_eq!(report.most_in_an_hour, 2);
    assert_eq!(report.groups["48Tech"].tickets, 2);
}

#[test]
fn repeats_join_within_the_window_and_cost_a_note_for_each_batch() {
    let repeats = |d: &mut Value| {
        low(d);
        d["repeats"] = json!({ "join_key": ["case.kind"], "window": "1h", "batch": "15m" });
    };
    let history = [
        at(1, 0, "audit"),
        at(2, 1, "audit"),
        at(3, 10, "audit"),
        at(4, 20, "audit"),
        // Longer ago than the window since the last of them.
        at(5, 80, "audit"),
    ];
    let (outcomes, report) = replayed(repeats, &history);
    use ReplayOutcome::{Joined, Ticket};
    assert_eq!(outcomes, [Ticket, Joined, Joined, Joined, Ticket]);
    let alone = replayed(low, &[at(1, 0, "audit")]).1.totals.requests;
    assert_eq!(
        report.totals.requests,
        2 * alone + 2,
        "a note at 1 and at 20 minutes"
    );
    assert_eq!((report.shared_tickets, report.most_in_a_ticket), (1, 4));
}

#[test]
fn a_flood_is_rolled_up_and_critical_cases_are_not() {
    let flood = |d: &mut Value| {
        low(d);
        d["flood"] = json!({ "limit": 2, "interval": "1h" });
    };
    let mut history: Vec<_> = (0..5).map(|id| at(id, i64::from(id), "audit")).collect();
    history.push(case(|c| {
        *c = serde_json::to_value(&*at(9, 6, "audit")).unwrap();
        c["severity"] = json!("critical");
    }));
    let (outcomes, report) = replayed(flood, &history);
    use ReplayOutcome::{RolledUp, Ticket};
    assert_eq!(
        outcomes,
        [Ticket, Ticket, RolledUp, RolledUp, RolledUp, Ticket]
    );
    assert_eq!((report.shared_tickets, report.most_in_a_ticket), (1, 3));
}

#[test]
fn what_makes_no_ticket_is_counted_with_its_reason() {
    let unmapped = case(|c| {
        c["id"] = json!("1");
        c["group"]["id"] = json!("nobody knows it");
    });
    let unknown = case(|c| {
        c["id"] = json!("2");
        c["severity"] = json!("catastrophic");
    });
    let (outcomes, report) = replayed(|_| {}, &[unmapped, unknown]);
    assert_eq!(outcomes, [ReplayOutcome::Held, ReplayOutcome::Refused]);
    assert_eq!(report.totals.requests, 0);
    assert_eq!(
        report.refusals.values().sum::<u64>(),
        1,
        "{:?}",
        report.refusals
    );
}

#[test]
fn what_is_held_does_not_grow_with_the_history() {
    let settings = settings(|d| {
        low(d);
        d["repeats"] = json!({ "join_key": ["case.title"], "window": "1h" });
        d["flood"] = json!({ "limit": 5, "interval": "1h", "per": "group" });
    });
    let (catalog, directory) = (catalog(), Directory::default());
    let mut replay = Replay::new(&settings, &catalog, &directory);
    for id in 0..3 * SWEEP as u32 {
        let mut case = (*at(id, i64::from(id), "audit")).clone();
        case.title = format!("alert of rule {}", (b'a' + (id % 26) as u8) as char)
            .repeat(1 + id as usize % 7);
        replay.case(&Arc::new(case));
    }
    assert!(replay.keys.len() <= SWEEP as usize + 60);
    replay.forget();
    assert!(replay.keys.len() <= 60, "{}", replay.keys.len());
    assert!(replay.opened.values().all(|opened| opened.len() <= 5));
}

proptest! {
    #[test]
    fn every_case_is_counted_once(minutes in proptest::collection::vec(0_i64..500, 1..60)) {
        let rules = |d: &mut Value| {
            low(d);
            d["repeats"] = json!({ "join_key": ["case.kind"], "window": "1h" });
            d["flood"] = json!({ "limit": 3 });
        };
        let history: Vec<_> = minutes
            .iter()
            .enumerate()
            .map(|(id, minutes)| at(id as u32 / 2, *minutes, if id % 3 == 0 { "audit" } else { "login" }))
            .collect();
        let (outcomes, report) = replayed(rules, &history);
        let t = report.totals;
        prop_assert_eq!(t.cases, history.len() as u64);
        prop_assert_eq!(
            t.cases,
            t.tickets + t.updated + t.joined + t.rolled_up + t.withheld + t.held + t.ignored + t.refused
        );
        prop_assert_eq!(t.tickets, outcomes.iter().filter(|o| **o == ReplayOutcome::Ticket).count() as u64);
        prop_assert_eq!(report.groups.values().map(|group| group.cases).sum::<u64>(), t.cases);
    }
}
