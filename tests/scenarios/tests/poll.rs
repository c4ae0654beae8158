//! Guide 003, "ConnectWise Incident Inbound Integration", step by step; and that a poll costs little, loses nothing and floods
//! nobody.

#![allow(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    clippy::panic,
    reason = "a scenario fails by panicking"
)]

use casewire::{
    Code, Command, Config, Delivery, Event, MassCounts, Outcome, PollReport, Schedule, Task,
};
use casewire_scenarios::{Blow, BlowKind, Life, World, case_document, document, submit};
use casewire_simulator::{Fault, FaultRule, Match};
use serde_json::{Value, json};
use std::time::Duration;

const MINUTE: Duration = Duration::from_secs(60);
const HOUR: Duration = Duration::from_secs(3600);

fn config(change: impl Fn(&mut Value)) -> Config {
    let mut document = document(true);
    document["policies"] = json!({ "ticket_inbound": { "enabled": true } });
    document["inbound"] = json!({ "window": "10h" });
    change(&mut document);
    Config::from_json(document.to_string().as_bytes()).unwrap()
}

fn plain() -> Config {
    config(|_| {})
}

fn cases(ids: impl IntoIterator<Item = u32>) -> Vec<Command> {
    let case = |id: u32| {
        casewire::Case::from_json(case_document(&id.to_string()).to_string().as_bytes()).unwrap()
    };
    submit(ids.into_iter().map(case).collect())
}

fn pass(world: &mut World, time: Duration) {
    world.pass_until(world.now.after(time));
    world.psa.advance(world.now.millis());
}

/// A life in which nothing fails.
fn run(world: &mut World, config: &Config, commands: Vec<Command>) -> Life {
    let life = world.live(config, commands, None).unwrap();
    for finished in &life.finished {
        assert!(finished.result.is_ok(), "{finished:#?}");
    }
    life
}

fn reported(life: &Life) -> PollReport {
    let report = life
        .finished
        .iter()
        .find_map(|finished| match &finished.result {
            Ok(Outcome::Polled(report)) => Some(report.as_ref().clone()),
            _ => None,
        });
    report.unwrap()
}

fn poll(world: &mut World, config: &Config) -> (PollReport, Vec<String>) {
    let life = run(world, config, vec![Command::Poll]);
    (reported(&life), life.sent)
}

/// A world with that many cases, each of whose tickets a poll has read.
fn followed(config: &Config, count: u32) -> World {
    let mut world = World::new(1);
    run(&mut world, config, cases(1..=count));
    pass(&mut world, MINUTE);
    let (report, _) = poll(&mut world, config);
    assert_eq!(report.synced, u64::from(count));
    pass(&mut world, 5 * MINUTE);
    world
}

fn technician<'a>(world: &'a mut World) -> casewire_simulator::Technician<'a> {
    world.psa.technician("training.admin")
}

fn tickets(sent: &[String]) -> Vec<&str> {
    let single = |request: &&String| request.contains("/service/tickets/");
    sent.iter().filter(single).map(String::as_str).collect()
}

fn told(world: &World, is: impl Fn(&Event) -> bool) -> Vec<&Delivery> {
    world
        .delivered
        .values()
        .filter(|it| is(&it.event))
        .collect()
}

/// Step 1.9, "the number of hours for which incident states will be synched"; step 2, the schedule.
#[test]
fn the_first_poll_looks_as_far_back_as_the_window_and_is_due_by_schedule() {
    let mut world = World::new(1);
    let off = config(|document| document["policies"]["ticket_inbound"]["enabled"] = json!(false));
    let refused = world.live(&off, vec![Command::Poll], None).unwrap();
    let refusal = refused
        .finished
        .iter()
        .find_map(|it| it.result.as_ref().err());
    assert_eq!(refusal.unwrap().code, Code::SwitchedOff);
    assert_eq!(refused.requests, 0);

    run(&mut world, &plain(), cases([10012, 10010]));
    pass(&mut world, 12 * HOUR);
    technician(&mut world)
        .set_status(909, "In Progress")
        .unwrap();
    pass(&mut world, MINUTE);

    let schedule = |world: &mut World| -> Schedule {
        let life = run(world, &plain(), vec![Command::DueTasks]);
        let schedule = life.finished.into_iter().find_map(|it| match it.result {
            Ok(Outcome::Schedule(schedule)) => Some(schedule),
            _ => None,
        });
        schedule.unwrap()
    };
    let due = |schedule: &Schedule| {
        schedule
            .tasks
            .iter()
            .find(|it| it.task == Task::Poll)
            .cloned()
    };
    assert!(due(&schedule(&mut world)).unwrap().now);

    let (report, sent) = poll(&mut world, &plain());
    assert_eq!((report.listed, report.synced), (1, 1), "{report:#?}");
    assert!(
        tickets(&sent).iter().all(|it| it.contains("/tickets/909")),
        "{sent:#?}"
    );

    let next = due(&schedule(&mut world)).unwrap();
    assert!(
        !next.now && next.at == next.last.unwrap().after(5 * MINUTE),
        "{next:#?}"
    );
}

#[test]
fn what_has_not_changed_costs_one_list_and_nothing_more() {
    let mut world = followed(&plain(), 3);
    let (report, sent) = poll(&mut world, &plain());
    assert_eq!(
        (report.listed, report.unchanged, report.synced),
        (3, 3, 0),
        "{report:#?}"
    );
    assert_eq!(tickets(&sent), Vec::<&str>::new());
    let lists: Vec<&String> = sent
        .iter()
        .filter(|it| it.contains("/service/tickets?"))
        .collect();
    assert_eq!(lists.len(), 1, "{sent:#?}");
    assert!(
        lists[0].contains("orderBy=id") && lists[0].contains("fields=id,"),
        "{lists:?}"
    );
    assert!(lists[0].contains("lastUpdated%20%3E%20"), "{lists:?}");
    assert!(lists[0].len() < 2000);
}

#[test]
fn a_changed_ticket_is_read_and_only_that_one() {
    let mut world = followed(&plain(), 3);
    technician(&mut world)
        .set_priority(910, "Priority 3 - Normal Response")
        .unwrap();
    pass(&mut world, MINUTE);
    let (report, sent) = poll(&mut world, &plain());
    assert_eq!((report.unchanged, report.synced), (2, 1), "{report:#?}");
    assert!(
        tickets(&sent).iter().all(|it| it.contains("/tickets/910")),
        "{sent:#?}"
    );
    pass(&mut world, MINUTE);
    let (report, _) = poll(&mut world, &plain());
    assert_eq!(report.synced, 0, "{report:#?}");
}

#[test]
fn two_changes_within_one_second_are_both_seen() {
    let mut world = followed(&plain(), 1);
    technician(&mut world)
        .set_status(909, "In Progress")
        .unwrap();
    assert_eq!(poll(&mut world, &plain()).0.synced, 1);
    technician(&mut world)
        .add_note(
            909,
            casewire_simulator::NoteKind::Internal,
            "within the same second",
        )
        .unwrap();
    pass(&mut world, MINUTE);
    let (report, _) = poll(&mut world, &plain());
    assert_eq!(
        report.synced, 1,
        "the note changed no listed field and no time: {report:#?}"
    );
}

#[test]
fn a_host_that_was_away_for_days_finds_what_changed_meanwhile() {
    let mut world = followed(&plain(), 2);
    technician(&mut world)
        .set_status(910, "In Progress")
        .unwrap();
    pass(&mut world, 72 * HOUR);
    let (report, _) = poll(&mut world, &plain());
    assert!(report.synced >= 1 && report.listed == 2, "{report:#?}");
}

#[test]
fn a_server_that_understands_dates_only_is_asked_so_from_then_on() {
    let mut world = World::new(1);
    world.psa.settings.quirks.iso_dates_find_nothing = true;
    run(&mut world, &plain(), cases([10012, 10010]));
    pass(&mut world, MINUTE);
    assert_eq!(poll(&mut world, &plain()).0.synced, 2);
    for tries in 0..3 {
        pass(&mut world, 5 * MINUTE);
        technician(&mut world)
            .set_status(
                909,
                ["In Progress", "Waiting Customer Response", "In Progress"][tries],
            )
            .unwrap();
        pass(&mut world, MINUTE);
        let (report, sent) = poll(&mut world, &plain());
        assert_eq!(report.synced, 1, "{report:#?}");
        let lists = sent
            .iter()
            .filter(|it| it.contains("/service/tickets?"))
            .count();
        assert_eq!(lists, if tries == 0 { 3 } else { 1 }, "{sent:#?}");
    }
}

#[test]
fn a_newest_ticket_that_is_deleted_hides_no_other() {
    let mut world = followed(&plain(), 3);
    technician(&mut world)
        .set_status(911, "In Progress")
        .unwrap();
    pass(&mut world, MINUTE);
    assert_eq!(poll(&mut world, &plain()).0.synced, 1);
    technician(&mut world)
        .set_status(909, "In Progress")
        .unwrap();
    technician(&mut world).delete(911).unwrap();
    pass(&mut world, MINUTE);
    let (report, _) = poll(&mut world, &plain());
    assert_eq!(report.synced, 1, "{report:#?}");
    pass(&mut world, MINUTE);
    let (report, sent) = poll(&mut world, &plain());
    assert_eq!(report.synced, 0, "{report:#?}");
    let lists = sent
        .iter()
        .filter(|it| it.contains("/service/tickets?"))
        .count();
    assert_eq!(lists, 1, "{sent:#?}");
}

#[test]
fn a_ticket_on_a_board_that_is_not_in_use_is_found_by_its_reference() {
    let mut world = followed(&plain(), 12);
    technician(&mut world)
        .move_board(910, "Network Operations")
        .unwrap();
    pass(&mut world, MINUTE);
    let (report, sent) = poll(&mut world, &plain());
    assert!(report.synced == 1 && report.held.is_none(), "{report:#?}");
    assert!(
        tickets(&sent).iter().all(|it| it.contains("/tickets/910")),
        "{sent:#?}"
    );
    // Another's tickets there are of no interest.
    let stranger = json!({
        "summary": "Router down", "company": { "identifier": "BigDesign" }, "board": { "name": "Network Operations" },
    });
    let fields = stranger.as_object().unwrap().clone();
    technician(&mut world).create_ticket(&fields).unwrap();
    pass(&mut world, MINUTE);
    let before = poll(&mut world, &plain()).0.listed;
    assert_eq!(before, 12);
}

#[test]
fn more_tickets_than_a_page_holds_are_listed_each_once() {
    let mut world = followed(&plain(), 2);
    let other = json!({
        "summary": "Printer", "company": { "identifier": "BigDesign" }, "board": { "name": "Professional Services" },
    });
    for _ in 0..2300 {
        technician(&mut world)
            .create_ticket(other.as_object().unwrap())
            .unwrap();
    }
    technician(&mut world)
        .set_status(910, "In Progress")
        .unwrap();
    pass(&mut world, MINUTE);
    let (report, sent) = poll(&mut world, &plain());
    assert_eq!((report.listed, report.synced), (2302, 1), "{report:#?}");
    let lists: Vec<&String> = sent
        .iter()
        .filter(|it| it.contains("/service/tickets?"))
        .collect();
    assert_eq!(lists.len(), 3, "{lists:#?}");
    assert!(lists[1].contains("id%20%3E%20"), "{lists:#?}");
}

#[test]
fn an_interrupted_poll_goes_on_at_the_page_and_loses_nothing() {
    let world = {
        let mut world = followed(&plain(), 3);
        for ticket in [909, 910, 911] {
            technician(&mut world)
                .set_status(ticket, "In Progress")
                .unwrap();
        }
        pass(&mut world, MINUTE);
        world
    };
    let effects = world
        .clone()
        .live(&plain(), vec![Command::Poll], None)
        .unwrap()
        .effects;
    for at in 1..=effects {
        for kind in [
            BlowKind::DiesBefore,
            BlowKind::DiesAfter,
            BlowKind::StoreFails,
            BlowKind::StoreAnswerLost,
        ] {
            let mut world = world.clone();
            let blow = Blow { at, kind };
            let life = world
                .live(&plain(), vec![Command::Poll], Some(&blow))
                .unwrap();
            let read_before = tickets(&life.sent).len();
            pass(&mut world, MINUTE);
            let (report, sent) = poll(&mut world, &plain());
            let read = read_before + tickets(&sent).len();
            assert!(read >= 3, "{blow}: {report:#?}");
            let cursor = world
                .store
                .records()
                .find(|record| record.key.ends_with("/poll"));
            assert!(!cursor.unwrap().value.contains("progress"), "{blow}");
            pass(&mut world, MINUTE);
            let (report, _) = poll(&mut world, &plain());
            assert_eq!(
                (report.unchanged, report.synced),
                (3, 0),
                "{blow}: {report:#?}"
            );
        }
    }
}

#[test]
fn open_tickets_are_read_again_from_time_to_time_some_with_each_poll() {
    let config = config(|document| document["inbound"]["reread"] = json!("2h"));
    let mut world = followed(&config, 130);
    pass(&mut world, HOUR);
    assert_eq!(poll(&mut world, &config).0.reread, 0);
    // A note that moves no time is in no list.
    world.psa.settings.quirks.notes_touch_ticket = false;
    technician(&mut world)
        .add_note(909, casewire_simulator::NoteKind::Internal, "quiet")
        .unwrap();
    pass(&mut world, HOUR);
    let (first, _) = poll(&mut world, &config);
    pass(&mut world, 5 * MINUTE);
    let (second, _) = poll(&mut world, &config);
    pass(&mut world, 5 * MINUTE);
    let (third, _) = poll(&mut world, &config);
    assert_eq!((first.reread, second.reread, third.reread), (100, 30, 0));
    pass(&mut world, 2 * HOUR);
    assert_eq!(poll(&mut world, &config).0.reread, 100);
}

#[test]
fn a_purge_is_held_back_told_once_and_released_with_consent() {
    let config = config(|document| document["inbound"]["reread"] = json!("1h"));
    let mut world = followed(&config, 20);
    pass(&mut world, HOUR);
    let gone: Vec<i64> = (909..924).collect();
    technician(&mut world).purge(&gone).unwrap();
    pass(&mut world, MINUTE);
    let before = world.delivered.len();
    let (report, sent) = poll(&mut world, &config);
    let counts = MassCounts {
        deleted: 15,
        closed: 0,
        moved: 0,
        open: 20,
    };
    assert_eq!(report.held, Some(counts), "{report:#?}");
    assert!(
        tickets(&sent).iter().all(|it| !it.contains("/tickets/909")),
        "{sent:#?}"
    );
    let held = told(&world, |it| matches!(it, Event::MassChangeHeld { .. }));
    assert_eq!(held[0].event, Event::MassChangeHeld { counts });
    assert_eq!(
        world.delivered.len(),
        before + 1,
        "only that it is held is told"
    );

    pass(&mut world, 5 * MINUTE);
    assert!(poll(&mut world, &config).0.held.is_some());
    assert_eq!(
        told(&world, |it| matches!(it, Event::MassChangeHeld { .. })).len(),
        1
    );

    let slip = Command::ReleaseMassChange {
        confirm: "acme".to_owned(),
    };
    assert!(
        world
            .live(&config, vec![slip], None)
            .unwrap_err()
            .contains("/confirm")
    );
    let release = Command::ReleaseMassChange {
        confirm: "acme-soc".to_owned(),
    };
    let life = world.live(&config, vec![release], None).unwrap();
    assert!(reported(&life).held.is_none());
    assert!(
        tickets(&life.sent)
            .iter()
            .any(|it| it.contains("/tickets/909")),
        "{:#?}",
        life.sent
    );
}

#[test]
fn few_closings_are_told_at_once_and_many_that_are_undone_are_not_held_for_ever() {
    let mut world = followed(&plain(), 20);
    for ticket in 909..914 {
        technician(&mut world).set_status(ticket, "Closed").unwrap();
    }
    pass(&mut world, MINUTE);
    let (report, _) = poll(&mut world, &plain());
    assert_eq!((report.held, report.synced), (None, 5), "{report:#?}");

    let mut world = followed(&plain(), 20);
    technician(&mut world).close_all(1, "Closed").unwrap();
    pass(&mut world, MINUTE);
    let (report, _) = poll(&mut world, &plain());
    assert_eq!(
        report.held.map(|counts| (counts.closed, counts.open)),
        Some((20, 20))
    );
    for ticket in 909..929 {
        technician(&mut world).reopen(ticket).unwrap();
    }
    pass(&mut world, MINUTE);
    let (report, _) = poll(&mut world, &plain());
    assert_eq!((report.held, report.synced), (None, 20), "{report:#?}");
    assert!(
        world
            .store
            .records()
            .all(|record| !record.key.contains("/pending/"))
    );
}

#[test]
fn a_ticket_that_may_not_be_read_ends_no_poll_and_is_tried_again() {
    let mut world = followed(&plain(), 3);
    for ticket in [909, 910] {
        technician(&mut world)
            .set_status(ticket, "In Progress")
            .unwrap();
    }
    pass(&mut world, MINUTE);
    world.psa.add_fault(FaultRule {
        when: Match {
            path: Some("service/tickets/909".to_owned()),
            ..Match::default()
        },
        fault: Fault::Forbidden,
        times: Some(1),
    });
    let (report, _) = poll(&mut world, &plain());
    assert_eq!(
        (report.failed, report.failures.len()),
        (1, 1),
        "{report:#?}"
    );
    assert_eq!(report.failures[0].error.code, Code::Forbidden);
    // The next poll begins with it.
    let (report, sent) = poll(&mut world, &plain());
    assert_eq!(report.failed, 0, "{report:#?}");
    assert!(
        tickets(&sent).iter().any(|it| it.contains("/tickets/909")),
        "{sent:#?}"
    );
    assert!(
        world
            .store
            .records()
            .all(|record| !record.key.contains("/pending/"))
    );
}

#[test]
fn two_connectors_that_poll_at_once_lose_nothing() {
    let mut world = followed(&plain(), 5);
    for ticket in 909..914 {
        technician(&mut world)
            .set_status(ticket, "In Progress")
            .unwrap();
    }
    pass(&mut world, MINUTE);
    let lives = world
        .live_together(&plain(), vec![vec![Command::Poll], vec![Command::Poll]])
        .unwrap();
    for life in &lives {
        assert!(
            life.finished.iter().all(|it| it.result.is_ok()),
            "{:#?}",
            life.finished
        );
    }
    pass(&mut world, MINUTE);
    let (report, _) = poll(&mut world, &plain());
    assert_eq!((report.unchanged, report.synced), (5, 0), "{report:#?}");
}
