//! Cases that share a ticket, because they repeat another one, are part of a flood, or had their tickets merged: each is told
//! what technicians do, once.

#![allow(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    clippy::panic,
    reason = "a scenario fails by panicking"
)]

use casewire::{Case, Command, Config, Event, SyncReason, TicketId};
use casewire_scenarios::{World, case_document, document, submit};
use casewire_simulator::{NoteKind, Technician};
use serde_json::{Value, json};
use std::{collections::BTreeMap, time::Duration};

fn config(change: impl Fn(&mut Value)) -> Config {
    let mut document = document(true);
    document["policies"] = json!({ "ticket_inbound": { "enabled": true } });
    change(&mut document);
    Config::from_json(document.to_string().as_bytes()).unwrap()
}

fn case(id: &str, change: impl Fn(&mut Value)) -> Case {
    let mut document = case_document(id);
    document["severity"] = json!("medium");
    document["comments"] = json!([]);
    change(&mut document);
    Case::from_json(document.to_string().as_bytes()).unwrap()
}

fn run(world: &mut World, config: &Config, commands: Vec<Command>) {
    let life = world.live(config, commands, None).unwrap();
    for finished in &life.finished {
        assert!(finished.result.is_ok(), "{finished:#?}");
    }
}

/// A technician works on tickets, and a minute later the ticket is read.
fn act(world: &mut World, config: &Config, ticket: u32, act: impl Fn(&mut Technician<'_>)) {
    world.pass_until(world.now.after(Duration::from_secs(60)));
    let now = world.now.millis();
    world.psa.advance(now);
    act(&mut world.psa.technician("training.admin"));
    read(world, config, ticket);
}

fn read(world: &mut World, config: &Config, ticket: u32) {
    world.pass_until(world.now.after(Duration::from_secs(60)));
    let sync = Command::SyncTicket {
        ticket: TicketId(ticket),
        reason: SyncReason::Asked,
    };
    run(world, config, vec![sync]);
}

/// How often each case was told of an event.
fn told(world: &World, wanted: impl Fn(&Event) -> bool) -> BTreeMap<String, usize> {
    let mut told = BTreeMap::new();
    for delivery in world.delivered.values().filter(|it| wanted(&it.event)) {
        let case = delivery.case_id().unwrap().to_owned();
        *told.entry(case).or_default() += 1;
    }
    told
}

fn heard(world: &World, said: &str) -> BTreeMap<String, usize> {
    told(
        world,
        |event| matches!(event, Event::CommentAdded { comment } if comment.text == said),
    )
}

fn once(cases: &[&str]) -> BTreeMap<String, usize> {
    cases.iter().map(|case| ((*case).to_owned(), 1)).collect()
}

#[test]
fn repeats_hear_what_technicians_do_as_the_first_case_does() {
    let config = config(|d| {
        d["repeats"] = json!({ "join_key": ["case.kind", "case.system.id"] });
    });
    let mut world = World::new(1);
    for id in ["1", "2", "3"] {
        run(&mut world, &config, submit(vec![case(id, |_| {})]));
    }
    // What casewire itself writes of them is no comment of anyone.
    world.pass_until(world.now.after(Duration::from_secs(1000)));
    run(&mut world, &config, vec![Command::WorkQueue]);
    act(&mut world, &config, 909, |t| {
        t.add_note(909, NoteKind::Internal, "Looking into it")
            .unwrap();
        t.attach(909, "photo.png", "The console", b"png").unwrap();
        t.set_status(909, "In Progress").unwrap();
    });
    let all = once(&["1", "2", "3"]);
    let comments = told(&world, |event| matches!(event, Event::CommentAdded { .. }));
    assert_eq!(comments, all);
    assert_eq!(heard(&world, "Looking into it"), all);
    let files = |event: &Event| matches!(event, Event::AttachmentAdded { .. });
    assert_eq!(told(&world, files), all);
    let changed = |event: &Event| matches!(event, Event::TicketChanged { .. });
    assert_eq!(told(&world, changed), all);
    act(&mut world, &config, 909, |t| {
        t.set_status(909, "Closed").unwrap();
    });
    let closed = |event: &Event| matches!(event, Event::TicketClosed { .. });
    assert_eq!(told(&world, closed), all);

    let deliveries = world.delivered.len();
    read(&mut world, &config, 909);
    assert_eq!(world.delivered.len(), deliveries, "nothing is told twice");
}

#[test]
fn repeats_follow_their_ticket_into_the_one_that_it_is_merged_into() {
    let config = config(|d| {
        d["repeats"] = json!({ "join_key": ["case.kind", "case.system.id"] });
    });
    let mut world = World::new(1);
    for id in ["1", "2"] {
        run(&mut world, &config, submit(vec![case(id, |_| {})]));
    }
    let other = case("other", |case| {
        case["kind"] = json!("logon");
        case["comments"] = json!([
            { "id": "c-1", "text": "reviewing", "created_at": "2019-02-11T01:00:00Z" },
        ]);
    });
    run(&mut world, &config, submit(vec![other]));
    act(&mut world, &config, 909, |t| {
        t.merge(910, &[909]).unwrap();
        t.add_note(910, NoteKind::Internal, "One ticket for all")
            .unwrap();
    });
    let all = once(&["1", "2", "other"]);
    let merged = |event: &Event| matches!(event, Event::TicketMerged { .. });
    assert_eq!(told(&world, merged), all);
    let comments = told(&world, |event| matches!(event, Event::CommentAdded { .. }));
    assert_eq!(comments, all, "the other case's own note is none");
    act(&mut world, &config, 910, |t| {
        t.add_note(910, NoteKind::Internal, "Done").unwrap();
    });
    assert_eq!(heard(&world, "Done"), all);
}

#[test]
fn every_case_of_a_flood_hears_a_technician() {
    let config = config(|d| d["flood"] = json!({}));
    let mut world = World::new(1);
    let cases = (0..150).map(|n| case(&format!("{n}"), |_| {}));
    run(&mut world, &config, submit(cases.collect()));
    let rolled_up = told(&world, |event| matches!(event, Event::RolledUp { .. }));
    assert_eq!(rolled_up.len(), 140);
    let links = world.store.records();
    let ticket = links
        .filter(|record| record.key.contains("/link/casewire"))
        .map(|record| serde_json::from_str::<Value>(&record.value).unwrap()["ticket"].clone())
        .next()
        .unwrap();
    let ticket = u32::try_from(ticket.as_u64().unwrap()).unwrap();
    act(&mut world, &config, ticket, |t| {
        let id = i64::from(ticket);
        t.add_note(id, NoteKind::Internal, "A faulty sensor")
            .unwrap();
    });
    let mut heard = heard(&world, "A faulty sensor");
    heard.retain(|case, _| !case.starts_with("casewire"));
    assert_eq!(heard, rolled_up);
}
