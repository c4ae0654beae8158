//! What technicians do reaches the cases: guide 000 sections 9 and 10 ("and vice-versa"), guide 002 (discussion notes,
//! attachments), guide 003 (incident inbound). Nothing comes twice, nothing is lost, and nothing that came in goes back.

#![allow(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    clippy::panic,
    reason = "a scenario fails by panicking"
)]

use casewire::{
    AttachmentContent, Case, ChangedBy, Code, Command, CommentSource, Config, Delivery, Event,
    SyncReason, TicketField, TicketId, Visibility,
};
use casewire_scenarios::{Life, World, case_document, document, submit};
use casewire_simulator::{Fault, FaultRule, Match, NoteKind};
use serde_json::{Value, json};
use std::{collections::BTreeSet, time::Duration};

const TECHNICIAN: &str = "training.admin";
const API_MEMBER: &str = "casewire-api";

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

/// What of ConnectWise a person sees of ticket 909.
fn notes(world: &mut World) -> usize {
    world.get("service/tickets/909/notes?pageSize=1000").len()
}

fn writes(life: &Life) -> Vec<&String> {
    life.sent
        .iter()
        .filter(|sent| !sent.starts_with("GET "))
        .collect()
}

fn added(events: &[Event]) -> Vec<casewire::IncomingComment> {
    let comments = events.iter().filter_map(|event| match event {
        Event::CommentAdded { comment } => Some(comment.clone()),
        _ => None,
    });
    comments.collect()
}

/// The case as the host hands it over once it has kept what came in.
fn with_incoming(comments: &[casewire::IncomingComment], change: impl Fn(&mut Value)) -> Case {
    case(|case| {
        for comment in comments {
            case["comments"].as_array_mut().unwrap().push(json!({
                "id": comment.id, "text": comment.text, "author": comment.author,
                "visibility": comment.visibility, "created_at": "2019-02-11T02:00:00Z",
            }));
        }
        change(case);
    })
}

/// Guide 000 sections 9.3, 9.4 and 10, from ConnectWise's side.
#[test]
fn comments_and_documents_go_both_ways_as_guide_000_shows() {
    let (mut world, mut inbox) = opened();

    // Section 9.3 step 1: notes of the Notes pane are comments of the case "and vice-versa". The technician writes what the
    // case said too, and it is heard.
    act(&mut world, TECHNICIAN, |t| {
        t.add_note(909, NoteKind::Internal, "Comments: reviewing")
            .unwrap();
        t.add_note(909, NoteKind::Discussion, "Final review is done")
            .unwrap();
    });
    let events = inbox.sync(&mut world, &plain());
    let comments = added(&events);
    assert_eq!(events.len(), 2, "{events:#?}");
    assert_eq!(comments[0].text, "Comments: reviewing");
    assert_eq!(comments[0].visibility, Visibility::Internal);
    assert_eq!(comments[0].author.as_deref(), Some("Training Admin"));
    assert_eq!(comments[1].visibility, Visibility::Discussion);
    assert!(
        comments[0].id.starts_with("connectwise-note-"),
        "{comments:#?}"
    );

    // The host keeps them and hands its case over with them, and with a comment of its own that says the same.
    let before = notes(&mut world);
    let later = with_incoming(&comments, |case| {
        case["comments"].as_array_mut().unwrap().push(json!({
            "id": "c-2", "text": "Final review is done", "created_at": "2019-02-11T01:17:03Z",
        }));
    });
    run(&mut world, &plain(), submit(vec![later]));
    assert_eq!(
        notes(&mut world),
        before + 1,
        "the host's own comment alone was sent"
    );
    inbox.news(&world);
    assert_eq!(inbox.sync(&mut world, &plain()), []);

    // Section 9.4: a reference document, which the technician attached.
    act(&mut world, TECHNICIAN, |t| {
        t.attach(909, "report.pdf", "Reference document", b"%PDF")
            .unwrap();
    });
    let events = inbox.sync(&mut world, &plain());
    let [Event::AttachmentAdded { attachment }] = events.as_slice() else {
        panic!("{events:#?}");
    };
    assert_eq!(
        (attachment.title.as_str(), attachment.file_name.as_str()),
        ("Reference document", "report.pdf")
    );
    let AttachmentContent::Stored { token, body } = &attachment.content else {
        panic!("{attachment:#?}");
    };
    assert_eq!(
        (body.size, world.received[token].as_slice()),
        (4, b"%PDF".as_slice())
    );
    let id = attachment.id.rsplit_once('-').unwrap().1.parse().unwrap();
    assert_eq!(Some(body.sha256.clone()), world.psa.document_digest(id));
    let later = with_incoming(&comments, |case| {
        case["attachments"] = json!([{ "id": attachment.id, "title": attachment.title,
            "file_name": attachment.file_name, "size": body.size, "token": token }]);
    });
    let life = run(&mut world, &plain(), submit(vec![later]));
    assert_eq!(
        writes(&life),
        Vec::<&String>::new(),
        "what came in does not go back"
    );
    inbox.news(&world);
    assert_eq!(inbox.sync(&mut world, &plain()), []);

    // Section 10: the ticket's status, as the callback told of it.
    act(&mut world, TECHNICIAN, |t| {
        t.set_status(909, "In Progress").unwrap();
    });
    run(&mut world, &plain(), vec![sync(SyncReason::Callback)]);
    let news = inbox.news(&world);
    let [
        Delivery {
            event: Event::TicketChanged { changes },
            ticket: Some(ticket),
            ..
        },
    ] = news.as_slice()
    else {
        panic!("{news:#?}");
    };
    assert_eq!(
        (changes[0].field, changes[0].before.as_deref()),
        (TicketField::Status, Some("New (not responded)"))
    );
    assert_eq!(
        (ticket.status.as_str(), ticket.case_status.as_deref()),
        ("In Progress", Some("in_progress"))
    );
    assert_eq!(ticket.changed_by.as_deref(), Some(TECHNICIAN));
}

#[test]
fn a_time_entry_and_a_customer_s_answer_are_comments_too() {
    let (mut world, mut inbox) = opened();
    act(&mut world, TECHNICIAN, |t| {
        t.add_time_entry(909, NoteKind::Internal, "Looked at the log", 15)
            .unwrap();
    });
    let first = added(&inbox.sync(&mut world, &plain()));
    assert_eq!(first.len(), 1);
    assert_eq!(
        (first[0].text.as_str(), first[0].source),
        ("Looked at the log", CommentSource::TimeEntry)
    );
    assert!(first[0].id.starts_with("connectwise-time-"));
    act(&mut world, TECHNICIAN, |t| {
        t.add_customer_note(909, "It was me").unwrap();
    });
    let second = added(&inbox.sync(&mut world, &plain()));
    assert_eq!(
        (second[0].text.as_str(), second[0].visibility),
        ("It was me", Visibility::Discussion)
    );
    assert_ne!(second[0].author.as_deref(), Some(TECHNICIAN));
    assert_eq!(inbox.sync(&mut world, &plain()), []);
}

#[test]
fn a_technician_who_shares_the_api_member_s_account_is_heard() {
    let (mut world, mut inbox) = opened();
    // Before the ids of the create request's notes are learned, with the very words of one of them.
    act(&mut world, API_MEMBER, |t| {
        t.add_note(909, NoteKind::Internal, "Comments: reviewing")
            .unwrap();
        t.set_status(909, "In Progress").unwrap();
    });
    let events = inbox.sync(&mut world, &plain());
    assert_eq!(added(&events).len(), 1, "{events:#?}");
    assert!(
        matches!(&events[0], Event::TicketChanged { .. }),
        "{events:#?}"
    );
    act(&mut world, API_MEMBER, |t| {
        t.add_note(909, NoteKind::Internal, "Comments: reviewing")
            .unwrap();
    });
    assert_eq!(added(&inbox.sync(&mut world, &plain())).len(), 1);
}

#[test]
fn a_changed_text_is_told_as_a_change() {
    let (mut world, mut inbox) = opened();
    run(&mut world, &plain(), vec![sync(SyncReason::Asked)]);
    let mut note = 0;
    world
        .psa
        .advance(world.now.after(Duration::from_secs(60)).millis());
    note += world
        .psa
        .technician(TECHNICIAN)
        .add_note(909, NoteKind::Internal, "draft")
        .unwrap();
    assert_eq!(
        comments(&inbox.sync(&mut world, &plain())),
        [("added", "draft")]
    );
    let edit = |world: &mut World, id: i64, text: &str| {
        let fields = json!({ "text": text }).as_object().cloned().unwrap();
        act(world, TECHNICIAN, |t| {
            t.edit_setup("service/tickets/909/notes", id, fields.clone())
                .unwrap();
        });
    };
    edit(&mut world, note, "final");
    run(&mut world, &plain(), vec![sync(SyncReason::Asked)]);
    let events: Vec<Event> = inbox.news(&world).into_iter().map(|n| n.event).collect();
    assert_eq!(comments(&events), [("changed", "final")]);

    // A note that a comment of the host became keeps that comment's id.
    let own = world.get("service/tickets/909/notes?pageSize=1000");
    let own = own
        .iter()
        .find(|note| note["text"] == "Comments: reviewing")
        .unwrap();
    edit(
        &mut world,
        own["id"].as_i64().unwrap(),
        "Comments: reviewed",
    );
    run(
        &mut world,
        &plain(),
        vec![sync(SyncReason::Asked), sync(SyncReason::Asked)],
    );
    let events: Vec<Event> = inbox.news(&world).into_iter().map(|n| n.event).collect();
    let [Event::CommentChanged { comment }] = events.as_slice() else {
        panic!("{events:#?}");
    };
    assert_eq!(
        (comment.id.as_str(), comment.text.as_str()),
        ("c-1", "Comments: reviewed")
    );
}

#[test]
fn state_comes_in_with_what_it_means_for_the_case() {
    let (mut world, mut inbox) = opened();
    act(&mut world, TECHNICIAN, |t| {
        t.set_priority(909, "Priority 3 - Normal Response").unwrap();
        t.set_owner(909, "training.admin1").unwrap();
        t.add_note(909, NoteKind::Resolution, "Cleared by the administrator")
            .unwrap();
    });
    world.pass_until(world.now.after(Duration::from_secs(60)));
    run(&mut world, &plain(), vec![sync(SyncReason::Poll)]);
    let news = inbox.news(&world);
    let state = news.last().unwrap().ticket.clone().unwrap();
    assert_eq!(
        state.priority.as_deref(),
        Some("Priority 3 - Normal Response")
    );
    assert_eq!(state.case_severity.as_deref(), Some("medium"));
    assert_eq!(state.owner.as_deref(), Some("Training Admin1"));
    assert_eq!(
        state.resolution.as_deref(),
        Some("Cleared by the administrator")
    );
    let fields: Vec<TicketField> = news
        .iter()
        .filter_map(|news| match &news.event {
            Event::TicketChanged { changes } => Some(changes.iter().map(|change| change.field)),
            _ => None,
        })
        .flatten()
        .collect();
    assert_eq!(
        fields,
        [
            TicketField::Priority,
            TicketField::Owner,
            TicketField::Resolution
        ]
    );
    // The host follows; nothing is written, and the technician's priority stays.
    let life = run(
        &mut world,
        &plain(),
        submit(vec![case(|case| case["severity"] = json!("medium"))]),
    );
    assert_eq!(writes(&life), Vec::<&String>::new());
}

#[test]
fn closing_and_reopening_in_connectwise_is_not_fought() {
    let (mut world, mut inbox) = opened();
    act(&mut world, TECHNICIAN, |t| {
        t.set_status(909, "Closed").unwrap();
    });
    world.pass_until(world.now.after(Duration::from_secs(60)));
    run(&mut world, &plain(), vec![sync(SyncReason::Callback)]);
    let news = inbox.news(&world);
    assert_eq!(news.len(), 1, "{news:#?}");
    assert_eq!(
        news[0].event,
        Event::TicketClosed {
            by: ChangedBy::ConnectWise
        }
    );
    let state = news[0].ticket.clone().unwrap();
    assert!(state.closed && state.closed_at.is_some() && state.resolved_at.is_some());
    assert_eq!(state.case_status.as_deref(), Some("closed"));

    // An unchanged case leaves it closed; one that the host closes after it sends nothing.
    let life = run(&mut world, &plain(), submit(vec![case(|_| {})]));
    assert_eq!(writes(&life), Vec::<&String>::new());
    let life = run(
        &mut world,
        &plain(),
        submit(vec![case(|case| case["status"] = json!("closed"))]),
    );
    assert_eq!(writes(&life), Vec::<&String>::new());
    inbox.news(&world);

    act(&mut world, TECHNICIAN, |t| {
        t.reopen(909).unwrap();
    });
    assert_eq!(
        inbox.sync(&mut world, &plain()),
        [Event::TicketReopened {
            by: ChangedBy::ConnectWise
        }]
    );
    let life = run(
        &mut world,
        &plain(),
        submit(vec![case(|case| case["status"] = json!("closed"))]),
    );
    assert_eq!(
        writes(&life),
        Vec::<&String>::new(),
        "an unchanged case does not close it again"
    );
    assert_eq!(inbox.sync(&mut world, &plain()), []);
}

#[test]
fn a_host_that_has_heard_of_a_reopening_closes_its_ticket_again() {
    let closed_at = |at: &'static str| {
        case(move |case| {
            case["status"] = json!("closed");
            case["updated_at"] = json!(at);
        })
    };
    let reopened = |world: &mut World| {
        act(world, TECHNICIAN, |t| {
            t.reopen(909).unwrap();
        });
        world.pass_until(world.now.after(Duration::from_secs(60)));
        run(world, &plain(), vec![sync(SyncReason::Poll)]);
        world.pass_until(world.now.after(Duration::from_secs(60)));
    };
    let is_closed = |world: &World| {
        let ticket = world.psa.record("service/tickets", 909).unwrap();
        ticket["closedFlag"] == true
    };
    let (mut world, mut inbox) = opened();
    run(
        &mut world,
        &plain(),
        submit(vec![closed_at("2019-02-11T01:08:00Z")]),
    );
    assert!(is_closed(&world));
    reopened(&mut world);
    assert!(!is_closed(&world));
    inbox.news(&world);
    let again = closed_at("2019-02-11T03:00:00Z");
    run(&mut world, &plain(), submit(vec![again.clone()]));
    assert!(is_closed(&world));
    assert_eq!(
        inbox.news(&world).last().unwrap().event,
        Event::TicketClosed {
            by: ChangedBy::Case
        }
    );

    // What the case said before that is no wish, however late it is handed over.
    reopened(&mut world);
    run(&mut world, &plain(), submit(vec![again]));
    assert!(!is_closed(&world));
    assert_eq!(
        writes(&run(&mut world, &plain(), Vec::new())),
        Vec::<&String>::new()
    );

    // Nor is it one where the host could not know yet: it did not confirm what it was told.
    let (mut world, _) = opened();
    run(
        &mut world,
        &plain(),
        submit(vec![closed_at("2019-02-11T01:08:00Z")]),
    );
    act(&mut world, TECHNICIAN, |t| {
        t.reopen(909).unwrap();
    });
    let later = closed_at("2019-02-11T03:00:00Z");
    let life = run(&mut world, &plain(), submit(vec![later]));
    assert_eq!(writes(&life), Vec::<&String>::new());
    assert!(!is_closed(&world));
}

#[test]
fn a_technician_s_newer_status_stays_and_a_newer_case_wins() {
    let (mut world, mut inbox) = opened();
    act(&mut world, TECHNICIAN, |t| {
        t.set_status(909, "Waiting Customer Response").unwrap();
    });
    let older = case(|case| {
        case["status"] = json!("closed");
        case["updated_at"] = json!("2019-02-11T01:07:14Z");
    });
    let life = run(&mut world, &plain(), submit(vec![older.clone()]));
    assert_eq!(
        writes(&life),
        Vec::<&String>::new(),
        "the case changed before the technician did"
    );
    inbox.sync(&mut world, &plain());
    let newer = case(|case| {
        case["status"] = json!("open");
        case["updated_at"] = json!("2019-02-12T00:00:00Z");
    });
    let life = run(&mut world, &plain(), submit(vec![newer]));
    assert_eq!(writes(&life).len(), 1);

    let (mut world, mut inbox) = opened();
    let of_the_case = config(|d| d["inbound"] = json!({ "fields": { "status": "case" } }));
    act(&mut world, TECHNICIAN, |t| {
        t.set_status(909, "Waiting Customer Response").unwrap();
    });
    for event in inbox.sync(&mut world, &of_the_case) {
        let Event::TicketChanged { changes } = event else {
            panic!("{event:#?}");
        };
        assert!(
            changes
                .iter()
                .all(|change| change.field == TicketField::SlaStatus)
        );
    }
    let life = run(&mut world, &of_the_case, submit(vec![older]));
    assert_eq!(writes(&life).len(), 1);
}

#[test]
fn a_merged_ticket_is_followed_and_both_cases_are_told() {
    let (mut world, mut inbox) = opened();
    let mut other = case_document("10010");
    other["comments"][0]["text"] = json!("seen before");
    run(
        &mut world,
        &plain(),
        submit(vec![Case::from_json(other.to_string().as_bytes()).unwrap()]),
    );
    inbox.news(&world);
    act(&mut world, TECHNICIAN, |t| {
        t.merge(910, &[909]).unwrap();
        t.add_note(910, NoteKind::Internal, "One ticket for both")
            .unwrap();
    });
    inbox.sync(&mut world, &plain());
    let merged = Event::TicketMerged {
        from: TicketId(909),
        into: TicketId(910),
    };
    for id in ["10010", "10012"] {
        let told: Vec<&Event> = world
            .delivered
            .values()
            .filter(|delivery| delivery.case_id() == Some(id))
            .map(|delivery| &delivery.event)
            .collect();
        assert_eq!(
            told.iter().filter(|event| ***event == merged).count(),
            1,
            "{id}: {told:#?}"
        );
        let comments: Vec<&str> = told
            .iter()
            .filter_map(|event| match event {
                Event::CommentAdded { comment } => Some(comment.text.as_str()),
                _ => None,
            })
            .collect();
        assert_eq!(comments, ["One ticket for both"], "{id}");
    }
    // Both go on with the ticket that survives, and a change of it reaches both.
    let later = case(|case| {
        case["comments"].as_array_mut().unwrap().push(json!({
            "id": "c-2", "text": "Final review is done", "created_at": "2019-02-11T01:17:03Z",
        }));
    });
    let life = run(&mut world, &plain(), submit(vec![later]));
    assert!(
        writes(&life)
            .iter()
            .all(|sent| sent.contains("/tickets/910/")),
        "{life:#?}"
    );
    inbox.news(&world);
    act(&mut world, TECHNICIAN, |t| {
        t.set_status(910, "In Progress").unwrap();
    });
    assert_eq!(
        inbox.sync(&mut world, &plain()).len(),
        2,
        "asked for the old number, told of the survivor"
    );
}

#[test]
fn a_deleted_ticket_is_told_once_and_gets_no_successor_by_itself() {
    let (mut world, mut inbox) = opened();
    act(&mut world, TECHNICIAN, |t| {
        t.delete(909).unwrap();
    });
    let deleted = Event::TicketDeleted {
        ticket: TicketId(909),
    };
    assert_eq!(
        inbox.sync(&mut world, &plain()),
        std::slice::from_ref(&deleted)
    );
    assert_eq!(inbox.sync(&mut world, &plain()), []);
    let changed = case(|case| case["title"] = json!("Windows: Audit log cleared again"));
    let life = run(&mut world, &plain(), submit(vec![changed.clone()]));
    assert_eq!(writes(&life), Vec::<&String>::new());

    let again = config(|d| d["inbound"] = json!({ "when_deleted": "new_ticket" }));
    run(&mut world, &again, submit(vec![changed]));
    let events: Vec<Event> = inbox.news(&world).into_iter().map(|n| n.event).collect();
    assert_eq!(events, [Event::TicketCreated]);
    assert_eq!(world.look().tickets["acme-soc:10012"].len(), 1);
}

#[test]
fn a_ticket_that_an_update_finds_gone_is_told_too() {
    let (mut world, mut inbox) = opened();
    act(&mut world, TECHNICIAN, |t| {
        t.delete(909).unwrap();
    });
    let changed = case(|case| case["title"] = json!("Windows: Audit log cleared again"));
    world.live(&plain(), submit(vec![changed]), None).unwrap();
    let events: Vec<Event> = inbox.news(&world).into_iter().map(|n| n.event).collect();
    assert_eq!(
        events,
        [Event::TicketDeleted {
            ticket: TicketId(909)
        }]
    );
}

#[test]
fn a_converted_ticket_is_told_once() {
    let (mut world, mut inbox) = opened();
    act(&mut world, TECHNICIAN, |t| {
        t.convert(909).unwrap();
    });
    assert_eq!(inbox.sync(&mut world, &plain()).len(), 1);
    assert_eq!(inbox.sync(&mut world, &plain()), []);
}

#[test]
fn a_moved_ticket_is_followed_to_a_board_that_is_not_named_too() {
    let (mut world, mut inbox) = opened();
    act(&mut world, TECHNICIAN, |t| {
        t.move_board(909, "Network Operations").unwrap();
    });
    let moved = Event::TicketMoved {
        from: "Professional Services".to_owned(),
        to: "Network Operations".to_owned(),
        mapped: false,
    };
    assert_eq!(inbox.sync(&mut world, &plain()), [moved]);
    let later = case(|case| {
        case["status"] = json!("closed");
        case["updated_at"] = json!("2019-02-12T00:00:00Z");
        case["comments"].as_array_mut().unwrap().push(json!({
            "id": "c-2", "text": "Final review is done", "created_at": "2019-02-11T01:17:03Z",
        }));
    });
    let life = run(&mut world, &plain(), submit(vec![later]));
    assert_eq!(writes(&life).len(), 1, "the note goes, the status stays");
    assert!(writes(&life)[0].contains("/909/notes"));

    act(&mut world, TECHNICIAN, |t| {
        t.move_board(909, "Professional Services").unwrap();
    });
    let events = inbox.sync(&mut world, &plain());
    assert!(
        events
            .iter()
            .any(|event| matches!(event, Event::TicketMoved { mapped: true, .. })),
        "{events:#?}"
    );
}

#[test]
fn a_ticket_of_another_company_is_told_and_followed() {
    let (mut world, mut inbox) = opened();
    act(&mut world, TECHNICIAN, |t| {
        t.change_company(909, "WideWorld").unwrap();
    });
    let events = inbox.sync(&mut world, &plain());
    let [Event::CompanyChanged { to, .. }] = events.as_slice() else {
        panic!("{events:#?}");
    };
    assert_eq!(to, "Wide World Importers");
    assert_eq!(inbox.sync(&mut world, &plain()), []);
}

#[test]
fn what_comes_in_is_a_choice() {
    let (mut world, mut inbox) = opened();
    act(&mut world, TECHNICIAN, |t| {
        t.add_note(909, NoteKind::Internal, "between us").unwrap();
        t.add_note(909, NoteKind::Discussion, "for all").unwrap();
        t.add_time_entry(909, NoteKind::Discussion, "15 minutes", 15)
            .unwrap();
        t.attach(909, "big.bin", "Dump", &[0; 2048]).unwrap();
        t.set_status(909, "In Progress").unwrap();
    });
    // Guide 002: discussion notes only.
    let few = config(|d| {
        d["inbound"] = json!({ "notes": { "internal": false, "resolution": false, "time_entries": false },
            "documents": { "at_most": 1024 } });
    });
    let off = config(|d| d["policies"]["ticket_inbound"]["enabled"] = json!(false));
    assert_eq!(inbox.sync(&mut world, &off), []);
    let life = world
        .live(&off, vec![sync(SyncReason::Asked)], None)
        .unwrap();
    assert_eq!(life.requests, 0, "{:#?}", life.sent);
    let events = inbox.sync(&mut world, &few);
    assert_eq!(events.len(), 3, "{events:#?}");
    assert_eq!(added(&events)[0].text, "for all");
    let Event::AttachmentAdded { attachment } = &events[2] else {
        panic!("{events:#?}");
    };
    assert!(
        matches!(&attachment.content, AttachmentContent::LeftOut { reason } if reason.contains("1024")),
        "{attachment:#?}"
    );
    assert!(world.received.is_empty());
    assert_eq!(inbox.sync(&mut world, &few), []);
}

#[test]
fn a_role_without_documents_still_hears_what_was_written() {
    let (mut world, mut inbox) = opened();
    act(&mut world, TECHNICIAN, |t| {
        t.add_note(909, NoteKind::Internal, "see the file").unwrap();
        t.attach(909, "log.txt", "Log", b"1102").unwrap();
    });
    let forbidden = || FaultRule {
        when: Match {
            path: Some("system/documents".to_owned()),
            ..Match::default()
        },
        fault: Fault::Forbidden,
        times: Some(1),
    };
    world.psa.add_fault(forbidden());
    let life = world
        .live(&plain(), vec![sync(SyncReason::Asked)], None)
        .unwrap();
    let failed = life
        .finished
        .iter()
        .find_map(|finished| finished.result.as_ref().err());
    assert_eq!(failed.unwrap().code, Code::Forbidden);
    let events: Vec<Event> = inbox.news(&world).into_iter().map(|n| n.event).collect();
    assert_eq!(added(&events).len(), 1);
    // Once the role may see them, the file comes, and the note does not come again.
    let events = inbox.sync(&mut world, &plain());
    assert!(
        matches!(events.as_slice(), [Event::AttachmentAdded { .. }]),
        "{events:#?}"
    );
}

#[test]
fn a_batch_of_repeats_does_not_come_back_as_a_comment() {
    let repeats = config(|d| {
        d["repeats"] = json!({ "join_key": ["case.kind", "case.system.id"] });
    });
    let mut world = World::new(1);
    let mut inbox = Inbox::default();
    for id in ["10012", "10013"] {
        let mut document = case_document(id);
        document["comments"] = json!([]);
        let case = Case::from_json(document.to_string().as_bytes()).unwrap();
        run(&mut world, &repeats, submit(vec![case]));
    }
    let before = notes(&mut world);
    world.pass_until(world.now.after(Duration::from_secs(1000)));
    run(&mut world, &repeats, vec![Command::WorkQueue]);
    assert_eq!(notes(&mut world), before + 1, "the batch is one note");
    inbox.news(&world);
    assert_eq!(inbox.sync(&mut world, &repeats), []);
    // Someone who shares the account and writes the same is heard all the same.
    let said = world.get("service/tickets/909/notes?pageSize=1000");
    let said = said.last().unwrap()["text"].as_str().unwrap().to_owned();
    act(&mut world, API_MEMBER, |t| {
        t.add_note(909, NoteKind::Internal, &said).unwrap();
    });
    assert_eq!(
        added(&inbox.sync(&mut world, &repeats)).len(),
        2,
        "by both cases"
    );
}
