//! All links compared with ConnectWise (row S9): what is named, what is repaired, and that nothing is deleted.

#![allow(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    clippy::panic,
    reason = "a scenario fails by panicking"
)]

use casewire::{
    Command, Config, Event, Outcome, ReconcileKind, ReconcileRepair, ReconcileReport, TicketId,
};
use casewire_scenarios::{Blow, BlowKind, Life, World, case_document, document, submit};
use serde_json::{Value, json};
use std::time::Duration;

const MINUTE: Duration = Duration::from_secs(60);

fn config(change: impl Fn(&mut Value)) -> Config {
    let mut document = document(true);
    document["policies"] = json!({ "ticket_inbound": { "enabled": true } });
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

fn run(world: &mut World, commands: Vec<Command>) -> Life {
    let life = world.live(&plain(), commands, None).unwrap();
    for finished in &life.finished {
        assert!(finished.result.is_ok(), "{finished:#?}");
    }
    life
}

fn reported(life: &Life) -> Option<ReconcileReport> {
    life.finished
        .iter()
        .find_map(|finished| match &finished.result {
            Ok(Outcome::Reconciled(report)) => Some(report.as_ref().clone()),
            _ => None,
        })
}

fn reconcile(world: &mut World, repair: bool) -> (ReconcileReport, Vec<String>) {
    world.pass_until(world.now.after(MINUTE));
    world.psa.advance(world.now.millis());
    let life = run(world, vec![Command::Reconcile { repair }]);
    assert!(
        life.sent
            .iter()
            .all(|request| !request.starts_with("DELETE")),
        "{:#?}",
        life.sent
    );
    (reported(&life).unwrap(), life.sent)
}

/// A world in which the cases 1 to `count` have the tickets from 909 on.
fn linked(count: u32) -> World {
    let mut world = World::new(1);
    for id in 1..=count {
        run(&mut world, cases([id]));
    }
    world
}

fn technician(world: &mut World) -> casewire_simulator::Technician<'_> {
    world.psa.technician("training.admin")
}

fn found(report: &ReconcileReport) -> Vec<(ReconcileKind, u32, ReconcileRepair)> {
    let found = report.findings.iter();
    found
        .map(|it| (it.kind, it.ticket_id.unwrap().0, it.repair))
        .collect()
}

#[test]
fn what_is_in_step_is_found_to_be_so_with_reads_alone() {
    let mut world = linked(3);
    let (report, sent) = reconcile(&mut world, false);
    assert_eq!(
        (report.links, report.tickets, report.differences()),
        (3, 3, 0),
        "{report:#?}"
    );
    assert!(
        sent.iter().all(|request| request.starts_with("GET")),
        "{sent:#?}"
    );
    world.psa.settings.quirks.no_in_operator = true;
    assert_eq!(reconcile(&mut world, false).0.differences(), 0);
}

#[test]
fn each_difference_is_named_with_its_fix() {
    let mut world = linked(8);
    technician(&mut world).delete(909).unwrap();
    technician(&mut world)
        .set_status(910, "In Progress")
        .unwrap();
    technician(&mut world)
        .move_board(911, "Network Operations")
        .unwrap();
    technician(&mut world)
        .change_company(912, "WideWorld")
        .unwrap();
    technician(&mut world)
        .set_priority(913, "Priority 3 - Normal Response")
        .unwrap();
    technician(&mut world)
        .set(914, &json!({ "externalXRef": null }))
        .unwrap();
    technician(&mut world).merge(910, &[915]).unwrap();
    let copy = json!({
        "summary": "A copy", "company": { "identifier": "BigDesign" }, "externalXRef": "acme-soc:8",
        "board": { "name": "Professional Services" },
    });
    technician(&mut world)
        .create_ticket(copy.as_object().unwrap())
        .unwrap();
    let (report, sent) = reconcile(&mut world, false);
    let named: Vec<(ReconcileKind, u32)> = found(&report)
        .into_iter()
        .map(|(kind, ticket, _)| (kind, ticket))
        .collect();
    assert_eq!(
        named,
        [
            (ReconcileKind::MissingTicket, 909),
            (ReconcileKind::Status, 910),
            (ReconcileKind::Board, 911),
            (ReconcileKind::Company, 912),
            (ReconcileKind::Priority, 913),
            (ReconcileKind::Reference, 914),
            (ReconcileKind::MergedTicket, 915),
            (ReconcileKind::DuplicateTicket, 917),
        ],
        "{report:#?}"
    );
    assert!(
        report
            .findings
            .iter()
            .all(|finding| !finding.fix.is_empty())
    );
    assert!(
        sent.iter().all(|request| request.starts_with("GET")),
        "{sent:#?}"
    );
    assert_eq!(report.repaired, 0);
}

#[test]
fn a_deleted_note_is_counted() {
    let mut world = linked(2);
    let note = world.get("service/tickets/909/notes?conditions=internalAnalysisFlag=true")[0]["id"]
        .clone();
    world.delete(&format!("service/tickets/909/notes/{note}"));
    let description = world.get("service/tickets/909/notes");
    for note in description {
        world.delete(&format!("service/tickets/909/notes/{}", note["id"]));
    }
    let (report, _) = reconcile(&mut world, true);
    assert_eq!(
        found(&report),
        [(ReconcileKind::Notes, 909, ReconcileRepair::ByHand)],
        "{report:#?}"
    );
}

#[test]
fn a_lost_link_is_bound_and_no_second_ticket_is_made() {
    let mut world = linked(3);
    let lost: Vec<String> = world
        .store
        .records()
        .map(|record| record.key)
        .filter(|key| key.ends_with("/link/2") || key.ends_with("/ticket/0000000910"))
        .collect();
    assert_eq!(lost.len(), 2);
    world.forget(lost);
    let (report, _) = reconcile(&mut world, false);
    assert_eq!(
        found(&report),
        [(ReconcileKind::LostLink, 910, ReconcileRepair::NotAsked)]
    );
    let (report, _) = reconcile(&mut world, true);
    assert_eq!(
        found(&report),
        [(ReconcileKind::LostLink, 910, ReconcileRepair::Done)]
    );
    assert_eq!(report.findings[0].case_id.as_deref(), Some("2"));
    assert_eq!(reconcile(&mut world, true).0.differences(), 0);
    let before = world.look();
    run(&mut world, cases([2]));
    assert_eq!(
        world.look(),
        before,
        "its notes are there already, and so is the ticket"
    );
}

#[test]
fn a_lost_reference_is_written_again() {
    let mut world = linked(2);
    technician(&mut world)
        .set(909, &json!({ "externalXRef": null }))
        .unwrap();
    let (report, _) = reconcile(&mut world, true);
    assert_eq!(
        found(&report),
        [(ReconcileKind::Reference, 909, ReconcileRepair::Done)]
    );
    assert!(world.look().tickets.contains_key("acme-soc:1"));
    technician(&mut world)
        .set(909, &json!({ "externalXRef": "RMM-7" }))
        .unwrap();
    let (report, _) = reconcile(&mut world, true);
    assert_eq!(
        found(&report),
        [(ReconcileKind::Reference, 909, ReconcileRepair::ByHand)]
    );
}

#[test]
fn a_purge_is_not_told_by_a_repair_either() {
    let mut world = linked(20);
    let gone: Vec<i64> = (909..924).collect();
    technician(&mut world).purge(&gone).unwrap();
    let (report, _) = reconcile(&mut world, true);
    assert_eq!(
        report.held.map(|counts| (counts.deleted, counts.open)),
        Some((15, 20))
    );
    assert_eq!((report.differences(), report.repaired), (15, 0));
    assert!(
        found(&report)
            .iter()
            .all(|(_, _, repair)| *repair == ReconcileRepair::Held)
    );
    let held = world.delivered.values();
    assert_eq!(
        held.filter(|it| matches!(it.event, Event::MassChangeHeld { .. }))
            .count(),
        1
    );
}

#[test]
fn one_that_is_cut_off_goes_on_where_it_was() {
    let mut world = linked(1);
    run(&mut world, cases(2..=250));
    technician(&mut world)
        .set_status(909, "In Progress")
        .unwrap();
    let life = world
        .clone()
        .live(&plain(), vec![Command::Reconcile { repair: false }], None)
        .unwrap();
    let (all, effects) = (life.requests, life.effects);
    let blow = Blow {
        at: effects * 2 / 3,
        kind: BlowKind::DiesBefore,
    };
    let cut = world
        .live(
            &plain(),
            vec![Command::Reconcile { repair: false }],
            Some(&blow),
        )
        .unwrap();
    assert!(cut.died);
    let (report, sent) = reconcile(&mut world, false);
    assert!((sent.len() as u64) < all * 2 / 3, "{} of {all}", sent.len());
    assert_eq!((report.links, report.tickets), (250, 250), "{report:#?}");
    assert_eq!(
        found(&report),
        [(ReconcileKind::Status, 909, ReconcileRepair::NotAsked)]
    );
    assert_eq!(report.findings[0].ticket_id, Some(TicketId(909)));
}
