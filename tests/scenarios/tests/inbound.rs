//! What technicians do reaches the cases: guide 000 sections 9 and 10 ("and vice-versa"), guide 002 (discussion notes,
//! attachments), guide 003 (incident inbound). Nothing comes twice, nothing is lost, and nothing that came in goes back.

#![allow(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    clippy::panic,
    reason = "a scenario fails by panicking"
)]

use casewire::{
    AttachmentContent, Case, ChangedBy, Command, CommentSource, Config, Delivery, Event, Outcome,
    SyncReason, TicketField, TicketId, TicketOutcome, Visibility,
};
use casewire_scenarios::{Life, World, case_document, document, submit};
use casewire_simulator::NoteKind;
use serde_json::{Value, json};
use std::{collections::BTreeSet, time::Duration};

const TECHNICIAN: &str = "training.admin";
const API_MEMBER: &str = "casewire";

fn config(change: impl Fn(&mut Value)) -> Config {
    let mut document = document(true);
    document["policies"] = json!({ "ticket_inbound": { "enabled": true } });
    change(&mut document);
    Config::from_json(document.to_string().as_bytes()).unwrap()
}

fn plain() -> Config {
    config(|_| {})
}

fn case(change: impl Fn(&mut Value)) -> Case {
    let mut document = case_document("10012");
    change(&mut document);
    Case::from_json(document.to_string().as_bytes()).unwrap()
}

/// A life in which nothing fails.
fn run(world: &mut World, config: &Config, commands: Vec<Command>) -> Life {
    let life = world.live(config, commands, None).unwrap();
    for finished in &life.finished {
        assert!(finished.result.is_ok(), "{finished:#?}");
    }
    life
}

fn sync(reason: SyncReason) -> Command {
    Command::SyncTicket {
        ticket: TicketId(909),
        reason,
    }
}

/// What the host was told since it was last asked, oldest first.
#[derive(Default)]
struct Inbox(BTreeSet<String>);

impl Inbox {
    fn news(&mut self, world: &World) -> Vec<Delivery> {
        let mut news: Vec<Delivery> = world
            .delivered
            .values()
            .filter(|delivery| self.0.insert(delivery.id.clone()))
            .cloned()
            .collect();
        news.sort_by_key(|delivery| number(&delivery.id));
        news
    }

    /// Reads ticket 909 again, a minute later, and says what the host was told.
    fn sync(&mut self, world: &mut World, config: &Config) -> Vec<Event> {
        world.pass_until(world.now.after(Duration::from_secs(60)));
        run(world, config, vec![sync(SyncReason::Poll)]);
        self.news(world)
            .into_iter()
            .map(|news| news.event)
            .collect()
    }
}

fn number(id: &str) -> u64 {
    id.rsplit_once(':').unwrap().1.parse().unwrap()
}

/// Case 10012 has ticket 909, and the host knows of it.
fn opened() -> (World, Inbox) {
    let mut world = World::new(1);
    run(&mut world, &plain(), submit(vec![case(|_| {})]));
    let mut inbox = Inbox::default();
    let events: Vec<Event> = inbox.news(&world).into_iter().map(|n| n.event).collect();
    assert_eq!(events, [Event::TicketCreated]);
    (world, inbox)
}

fn act(world: &mut World, member: &str, act: impl Fn(&mut casewire_simulator::Technician<'_>)) {
    world.pass_until(world.now.after(Duration::from_secs(60)));
    let now = world.now.millis();
    world.psa.advance(now);
    act(&mut world.psa.technician(member));
}

fn comments(events: &[Event]) -> Vec<(&str, &str)> {
    events
        .iter()
        .map(|event| match event {
            Event::CommentAdded { comment } => ("added", comment.text.as_str()),
            Event::CommentChanged { comment } => ("changed", comment.text.as_str()),
            other => panic!("{other:?}"),
        })
        .collect()
}

#[test]
fn nothing_of_our_own_comes_back() {
    let (mut world, mut inbox) = opened();
    assert_eq!(inbox.sync(&mut world, &plain()), []);
    let later = case(|case| {
        case["status"] = json!("in_progress");
        case["title"] = json!("Windows: Audit log cleared again");
        let comments = case["comments"].as_array_mut().unwrap();
        for (id, text) in [("c-2", "Final review is done"), ("c-3", "reviewing")] {
            comments.push(json!({ "id": id, "text": text, "created_at": "2019-02-11T01:17:03Z" }));
        }
        case["attachments"] = json!([{ "id": "a-1", "title": "Reference document",
            "file_name": "a-1.txt", "size": 4, "token": "files/1" }]);
    });
    world.files.insert("files/1".to_owned(), b"file".to_vec());
    run(&mut world, &plain(), submit(vec![later]));
    let events: Vec<Event> = inbox.news(&world).into_iter().map(|n| n.event).collect();
    assert_eq!(events, [Event::TicketModified]);
    assert_eq!(inbox.sync(&mut world, &plain()), []);
    assert_eq!(inbox.sync(&mut world, &plain()), []);
}

#[test]
fn a_quiet_ticket_costs_one_request() {
    let (mut world, mut inbox) = opened();
    inbox.sync(&mut world, &plain());
    inbox.sync(&mut world, &plain());
    let life = run(&mut world, &plain(), vec![sync(SyncReason::Poll)]);
    let asked = life
        .sent
        .iter()
        .filter(|sent| sent.contains("/tickets/909"));
    assert_eq!(asked.count(), 1, "{:#?}", life.sent);
    assert!(!life.sent.iter().any(|sent| sent.contains("documents")));
    let thorough = run(&mut world, &plain(), vec![sync(SyncReason::Asked)]);
    assert_eq!(
        thorough.sent.len(),
        life.sent.len() + 2,
        "{:#?}",
        thorough.sent
    );
}

#[test]
fn a_note_within_the_second_of_the_last_reading_is_not_missed() {
    let (mut world, mut inbox) = opened();
    act(&mut world, TECHNICIAN, |t| {
        t.add_note(909, NoteKind::Internal, "first").unwrap();
    });
    run(&mut world, &plain(), vec![sync(SyncReason::Callback)]);
    // Saved after that reading, and yet within the same second of ConnectWise's clock.
    world
        .psa
        .technician(TECHNICIAN)
        .add_note(909, NoteKind::Internal, "second")
        .unwrap();
    assert_eq!(inbox.news(&world).len(), 1);
    assert_eq!(
        comments(&inbox.sync(&mut world, &plain())),
        [("added", "second")]
    );
}
