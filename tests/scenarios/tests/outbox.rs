//! What waits in the store: taken over at once, listed, tried again, taken out; and which case has which ticket.

#![allow(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a scenario fails by panicking"
)]

use casewire::{
    Backlog, Case, Code, Command, Config, Error, Event, LinkItem, LinkPage, OutboxItem,
    OutboxState, Outcome, Result, Schedule, Task, TicketId,
};
use casewire_scenarios::{Blow, BlowKind, Life, World, case_document, configuration};
use casewire_simulator::{Fault, FaultRule, Match};
use serde_json::{Value, json};
use std::time::Duration;

fn config() -> Config {
    configuration(true)
}

fn case(id: &str, change: impl Fn(&mut Value)) -> Case {
    let mut document = case_document(id);
    document["attachments"] = json!([]);
    change(&mut document);
    Case::from_json(document.to_string().as_bytes()).unwrap()
}

fn accept(case: Case) -> Command {
    Command::AcceptCase {
        case: Box::new(case),
    }
}

fn list(state: Option<OutboxState>) -> Command {
    Command::ListOutbox {
        after: None,
        limit: 100,
        state,
        case_id: None,
    }
}

fn retry(due: bool) -> Command {
    Command::RetryOutbox {
        case_ids: None,
        due,
    }
}

fn discard(case_ids: &[&str], reason: &str, force: bool) -> Command {
    Command::DiscardOutbox {
        case_ids: case_ids.iter().map(ToString::to_string).collect(),
        reason: reason.to_owned(),
        by: Some("Ada".to_owned()),
        force,
    }
}

fn links(case_id: Option<&str>, ticket: Option<u32>) -> Command {
    Command::ListLinks {
        after: None,
        limit: 100,
        case_id: case_id.map(str::to_owned),
        ticket: ticket.map(TicketId),
    }
}

/// A host that submits one command after the other, each when nothing is left to do.
fn play(world: &mut World, waves: Vec<(u64, Command)>) -> Life {
    // What an earlier host left is taken up first.
    let waves = [(0, Command::Backlog)]
        .into_iter()
        .chain(waves)
        .map(|(seconds, command)| (Duration::from_secs(seconds), vec![command]));
    world
        .live_in_waves(&config(), waves.collect(), None)
        .unwrap()
}

fn outcomes<T>(life: Life, pick: impl Fn(Outcome) -> Option<T>) -> Vec<T> {
    life.finished
        .into_iter()
        .filter_map(|finished| pick(finished.result.ok()?))
        .collect()
}

fn outboxes(life: Life) -> Vec<Vec<OutboxItem>> {
    outcomes(life, |outcome| match outcome {
        Outcome::Outbox(page) => Some(page.items),
        _ => None,
    })
}

fn one(world: &mut World, command: Command) -> Result<Outcome> {
    let at_rest = std::mem::replace(&mut world.at_rest, true);
    let life = world.live(&config(), vec![command], None).unwrap();
    world.at_rest = at_rest;
    life.finished.into_iter().next().unwrap().result
}

fn page_of_links(world: &mut World, command: Command) -> Vec<LinkItem> {
    match one(world, command) {
        Ok(Outcome::Links(page)) => page.links,
        other => unreachable!("{other:?}"),
    }
}

fn refuse_creates(world: &mut World, fault: Fault, times: Option<u32>) {
    world.psa.add_fault(FaultRule {
        when: Match {
            method: Some("POST".to_owned()),
            path: Some("service/tickets".to_owned()),
            ..Match::default()
        },
        fault,
        times,
    });
}

#[test]
fn a_case_that_was_taken_over_is_never_lost_and_nothing_was_sent_before() {
    let mut kept = 0;
    for at in 1..40 {
        for kind in [BlowKind::DiesBefore, BlowKind::DiesAfter] {
            let mut world = World::new(1);
            let blow = Blow { at, kind };
            let life = world.live(&config(), vec![accept(case("10012", |_| {}))], Some(&blow));
            let life = life.unwrap();
            let accepted = outcomes(life, |outcome| match outcome {
                Outcome::Accepted(accepted) => accepted.operation,
                _ => None,
            });
            if accepted.is_empty() {
                continue;
            }
            kept += 1;
            world.live(&config(), Vec::new(), None).unwrap();
            assert_eq!(world.look().tickets.len(), 1, "{blow}");
        }
    }
    assert!(kept > 20, "{kept} lives went on past the answer");

    let mut world = World::new(1);
    let life = world.live(&config(), vec![accept(case("1", |_| {}))], None);
    let life = life.unwrap();
    let operations = outcomes_of(&life, |outcome| match outcome {
        Outcome::Accepted(accepted) => accepted.operation,
        _ => None,
    });
    let told = life
        .finished
        .iter()
        .any(|finished| finished.operation == operations[0]);
    assert!(told);
}

#[test]
fn states_of_a_case_that_follow_each_other_closely_make_one_ticket_with_all_of_them() {
    let mut world = World::new(1);
    let comment = |id: &'static str| {
        move |c: &mut Value| {
            c["comments"] = json!([{ "id": id, "text": format!("comment {id}"), "created_at": "2019-02-11T01:08:00Z" }]);
        }
    };
    let commands = (0..6)
        .map(|n| accept(case("10012", comment(["a", "b", "c", "d", "e", "f"][n]))))
        .chain([accept(case("10012", |c| c["status"] = json!("closed")))])
        .collect();
    world.live(&config(), commands, None).unwrap();
    let seen = world.look();
    assert_eq!(seen.tickets.len(), 1);
    let notes = format!("{seen:?}");
    for id in ["a", "b", "c", "d", "e", "f"] {
        assert_eq!(notes.matches(&format!("comment {id}")).count(), 1, "{id}");
    }
    let link = page_of_links(&mut world, links(Some("10012"), None));
    assert!(link[0].closed && link[0].in_step);
}

#[test]
fn nothing_is_kept_of_a_case_that_needs_nothing() {
    let mut world = World::new(1);
    let over = accept(case("10012", |c| c["status"] = json!("closed")));
    let life = world.live(&config(), vec![over], None).unwrap();
    let accepted = outcomes(life, |outcome| match outcome {
        Outcome::Accepted(accepted) => Some(accepted.operation),
        _ => None,
    });
    assert_eq!(accepted, [None]);
    // But why it needs nothing.
    let mut kept = world.store.records();
    assert!(kept.all(|record| {
        ["/decision/", "/decided/"]
            .iter()
            .any(|log| record.key.contains(log))
    }));
}

#[test]
fn a_case_that_failed_is_tried_again_when_its_time_comes_and_not_before() {
    let mut world = World::new(1);
    refuse_creates(&mut world, Fault::Throttled { retry_after: 1 }, None);
    let life = play(
        &mut world,
        vec![
            (0, accept(case("10012", |_| {}))),
            (0, list(Some(OutboxState::Retrying))),
            (0, Command::DueTasks),
            (0, retry(true)),
            (61, Command::DueTasks),
        ],
    );
    world.psa.clear_faults();
    world.at_rest = true;
    let later = play(
        &mut world,
        vec![(0, retry(true)), (0, list(None)), (0, Command::DueTasks)],
    );
    let schedules_of = |life: &Life| -> Vec<Schedule> {
        outcomes_of(life, |outcome| match outcome {
            Outcome::Schedule(schedule) => Some(schedule.clone()),
            _ => None,
        })
    };
    let schedules = schedules_of(&life);
    let due = |schedule: &Schedule| {
        let mut tasks = schedule.tasks.iter();
        let task = tasks.find(|due| due.task == Task::RetryOutbox)?;
        Some((task.at, task.now))
    };
    let retried = |life: &Life| -> Vec<u64> {
        outcomes_of(life, |outcome| match outcome {
            Outcome::OutboxRetried { cases } => Some(*cases),
            _ => None,
        })
    };
    assert_eq!((retried(&life), retried(&later)), (vec![0], vec![1]));
    assert_eq!(due(&schedules_of(&later)[0]), None);
    assert!(outboxes(later)[0].is_empty());
    let lists = outboxes(life);
    let failure = lists[0][0].failure.clone().unwrap();
    assert_eq!((failure.code.as_str(), failure.tries), ("throttled", 1));
    assert_eq!(
        failure.next_try,
        Some(failure.at.after(Duration::from_secs(60)))
    );
    assert_eq!(due(&schedules[0]), Some((failure.next_try.unwrap(), false)));
    assert_eq!(due(&schedules[1]).map(|(_, now)| now), Some(true));
    assert_eq!(world.look().tickets.len(), 1);
}

fn outcomes_of<T>(life: &Life, pick: impl Fn(&Outcome) -> Option<T>) -> Vec<T> {
    life.finished
        .iter()
        .filter_map(|finished| pick(finished.result.as_ref().ok()?))
        .collect()
}

#[test]
fn what_failed_for_good_waits_for_a_person_and_a_new_state_begins_anew() {
    let mut world = World::new(1);
    refuse_creates(&mut world, Fault::Forbidden, None);
    let life = play(
        &mut world,
        vec![
            (0, accept(case("10012", |_| {}))),
            (0, list(None)),
            (0, Command::DueTasks),
            (7200, retry(true)),
            (0, retry(false)),
            (0, list(Some(OutboxState::Failed))),
            (0, Command::Backlog),
        ],
    );
    let retried: Vec<u64> = outcomes_of(&life, |outcome| match outcome {
        Outcome::OutboxRetried { cases } => Some(*cases),
        _ => None,
    });
    assert_eq!(retried, [0, 1]);
    let backlogs: Vec<Backlog> = outcomes_of(&life, |outcome| match outcome {
        Outcome::Backlog(backlog) => Some(backlog.clone()),
        _ => None,
    });
    assert_eq!((backlogs[1].failed, backlogs[1].oldest), (1, None));
    let lists = outboxes(life);
    let (first, second) = (&lists[0][0], &lists[1][0]);
    assert_eq!(first.state, OutboxState::Failed);
    let failure = first.failure.as_ref().unwrap();
    assert_eq!((failure.tries, failure.next_try), (1, None));
    assert_eq!(second.failure.as_ref().unwrap().tries, 2);

    world.psa.clear_faults();
    let life = play(
        &mut world,
        vec![(0, accept(case("10012", |_| {}))), (0, list(None))],
    );
    assert!(outboxes(life)[0].is_empty());
    assert_eq!(world.look().tickets.len(), 1);
}

#[test]
fn a_discarded_case_is_gone_with_an_event_until_it_is_handed_over_again() {
    let mut world = World::new(1);
    refuse_creates(&mut world, Fault::Forbidden, None);
    play(&mut world, vec![(0, accept(case("10012", |_| {})))]);
    for (command, pointer) in [
        (
            discard(&["10012", "nobody"], "a drill", false),
            "/case_ids/1",
        ),
        (discard(&["10012"], " ", false), "/reason"),
    ] {
        let refused: Error = one(&mut world, command).unwrap_err();
        assert_eq!(refused.code, Code::InvalidValue);
        assert_eq!(refused.faults[0].pointer, pointer);
        assert_eq!(refused.faults.len(), 1);
    }
    let outcome = one(&mut world, discard(&["10012"], "a drill", false)).unwrap();
    assert_eq!(
        outcome,
        Outcome::OutboxDiscarded {
            case_ids: vec!["10012".to_owned()]
        }
    );
    let told = world.delivered.values().find(|delivery| {
        delivery.event
            == Event::CaseDiscarded {
                reason: "a drill".to_owned(),
                by: Some("Ada".to_owned()),
            }
    });
    assert_eq!(told.unwrap().case_id(), Some("10012"));
    world.psa.clear_faults();
    world.live(&config(), Vec::new(), None).unwrap();
    assert!(world.look().tickets.is_empty());
    play(&mut world, vec![(0, accept(case("10012", |_| {})))]);
    assert_eq!(world.look().tickets.len(), 1);
}

#[test]
fn a_held_case_is_listed_and_can_be_discarded() {
    let mut world = World::new(1);
    let unmapped = |c: &mut Value| c["group"]["id"] = json!("UnmappedCo");
    let life = play(
        &mut world,
        vec![
            (0, accept(case("10012", unmapped))),
            (0, list(Some(OutboxState::Held))),
            (0, discard(&["10012"], "no customer of ours", false)),
            (0, list(None)),
        ],
    );
    let lists = outboxes(life);
    assert!(lists[0][0].reason.is_some());
    assert!(lists[1].is_empty());
}

#[test]
fn a_ticket_that_a_lost_answer_hides_is_bound_before_its_case_is_discarded() {
    let dies_after_create = |world: &mut World| {
        for at in 1..60 {
            let mut fresh = World::new(1);
            let blow = Blow {
                at,
                kind: BlowKind::DiesAfter,
            };
            let life = fresh
                .live(&config(), vec![accept(case("10012", |_| {}))], Some(&blow))
                .unwrap();
            let made = fresh.psa.raw("tickets").unwrap();
            let made = made
                .iter()
                .any(|ticket| ticket["externalXRef"] == "acme-soc:10012");
            if made && life.died {
                *world = fresh;
                return;
            }
        }
        unreachable!("no death after the create");
    };
    let mut world = World::new(1);
    dies_after_create(&mut world);
    let Ok(Outcome::Outbox(page)) = one(&mut world, list(None)) else {
        unreachable!()
    };
    assert_eq!(page.items[0].action.as_deref(), Some("create_ticket"));
    one(&mut world, discard(&["10012"], "a drill", false)).unwrap();
    let link = page_of_links(&mut world, links(Some("10012"), None));
    assert_eq!(link.len(), 1);
    let ticket = link[0].ticket_id;
    assert_eq!(page_of_links(&mut world, links(None, Some(ticket.0))), link);

    dies_after_create(&mut world);
    one(&mut world, discard(&["10012"], "a drill", true)).unwrap();
    assert!(page_of_links(&mut world, links(Some("10012"), None)).is_empty());
}

#[test]
fn links_and_waiting_cases_are_given_page_by_page_each_once() {
    let mut world = World::new(1);
    let cases = (0..7).map(|n| accept(case(&format!("c{n}"), |_| {})));
    world.live(&config(), cases.collect(), None).unwrap();
    let (mut seen, mut after) = (Vec::new(), None);
    loop {
        let command = Command::ListLinks {
            after: after.take(),
            limit: 3,
            case_id: None,
            ticket: None,
        };
        let Ok(Outcome::Links(page)) = one(&mut world, command) else {
            unreachable!()
        };
        let LinkPage { links, next } = *page;
        assert!(links.len() <= 3);
        seen.extend(links.into_iter().map(|link| link.case_id));
        match next {
            Some(next) => after = Some(next),
            None => break,
        }
    }
    assert_eq!(seen, ["c0", "c1", "c2", "c3", "c4", "c5", "c6"]);
    assert!(page_of_links(&mut world, links(None, Some(4_000_000))).is_empty());

    refuse_creates(&mut world, Fault::Forbidden, None);
    let waiting = (0..5).map(|n| accept(case(&format!("w{n}"), |_| {})));
    let unmapped = |c: &mut Value| c["group"]["id"] = json!("UnmappedCo");
    let held = (0..4).map(|n| accept(case(&format!("h{n}"), unmapped)));
    world
        .live(&config(), waiting.chain(held).collect(), None)
        .unwrap();
    let (mut seen, mut after) = (Vec::new(), None);
    loop {
        let command = Command::ListOutbox {
            after: after.take(),
            limit: 2,
            state: None,
            case_id: None,
        };
        let Ok(Outcome::Outbox(page)) = one(&mut world, command) else {
            unreachable!()
        };
        seen.extend(page.items.into_iter().map(|item| item.case_id));
        match page.next {
            Some(next) => after = Some(next),
            None => break,
        }
    }
    assert_eq!(seen, ["w0", "w1", "w2", "w3", "w4", "h0", "h1", "h2", "h3"]);
    let strange = Command::ListOutbox {
        after: Some("elsewhere".to_owned()),
        limit: 0,
        state: None,
        case_id: None,
    };
    assert_eq!(one(&mut world, strange).unwrap_err().faults.len(), 2);
}
