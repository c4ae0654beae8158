//! Guide 002, steps 3 and 7 and "Create a ConnectWise ticket": a ticket becomes a case, once, whoever finds it first.

#![allow(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    clippy::panic,
    reason = "a scenario fails by panicking"
)]

use casewire::{
    CallbackOutcome, CallbackRequest, CaseRequest, Command, Config, Delivery, Event, Outcome,
    PollReport, TicketId,
};
use casewire_scenarios::{
    Life, World,
    arctic_wolf::{TRIGGER, configuration, make_status, make_ticket},
    case_document, submit,
};
use casewire_simulator::NoteKind;
use serde_json::{Value, json};
use std::time::Duration;

const MINUTE: Duration = Duration::from_secs(60);

fn plain() -> Config {
    configuration(|_| {})
}

fn world() -> World {
    let mut world = World::new(1);
    make_status(&mut world);
    world
}

fn pass(world: &mut World, time: Duration) {
    world.pass_until(world.now.after(time));
    world.psa.advance(world.now.millis());
}

fn run(world: &mut World, config: &Config, commands: Vec<Command>) -> Life {
    let life = world.live(config, commands, None).unwrap();
    for finished in &life.finished {
        assert!(finished.result.is_ok(), "{finished:#?}");
    }
    life
}

fn poll(world: &mut World, config: &Config) -> PollReport {
    pass(world, MINUTE);
    let life = run(world, config, vec![Command::Poll]);
    let report = life
        .finished
        .iter()
        .find_map(|finished| match &finished.result {
            Ok(Outcome::Polled(report)) => Some(report.as_ref().clone()),
            _ => None,
        });
    report.unwrap()
}

fn requests(world: &World) -> Vec<(&Delivery, &CaseRequest)> {
    let requested = world.delivered.values().filter_map(|it| match &it.event {
        Event::CaseRequested { request } => Some((it, request.as_ref())),
        _ => None,
    });
    requested.collect()
}

fn ticket(world: &mut World, id: i64) -> Value {
    world
        .get(&format!("service/tickets?conditions=id={id}"))
        .remove(0)
}

fn notes(world: &mut World, id: i64) -> Vec<Value> {
    world.get(&format!("service/tickets/{id}/notes?pageSize=1000"))
}

fn links(world: &World) -> usize {
    world
        .store
        .records()
        .filter(|record| record.key.contains("/link/"))
        .count()
}

/// The case that the host makes of a request.
fn handed_over(change: impl Fn(&mut Value)) -> Command {
    let mut document = case_document("ticket-909");
    document["title"] = json!("Suspicious login of John");
    document["comments"] = json!([]);
    document["severity"] = json!("critical");
    change(&mut document);
    let case = casewire::Case::from_json(document.to_string().as_bytes()).unwrap();
    submit(vec![case]).remove(0)
}

/// Steps 1 to 6 of "Create a ConnectWise ticket", and step 3: "After syncing has started, changing the status does not affect the
/// syncing".
#[test]
fn a_ticket_saved_in_the_trigger_status_becomes_a_case_and_stays_one() {
    let mut world = world();
    let id = make_ticket(&mut world, &json!({}));
    let report = poll(&mut world, &plain());
    assert_eq!((report.requested, report.refused), (1, 0), "{report:#?}");
    let requested = requests(&world);
    let [(delivery, request)] = requested[..] else {
        panic!("{requested:#?}");
    };
    assert_eq!(delivery.case_id(), Some("ticket-909"));
    assert_eq!(delivery.ticket.as_ref().unwrap().ticket_id, TicketId(909));
    assert_eq!(request.title, "Suspicious login of John");
    assert_eq!(request.company.identifier, "BigDesign");
    assert_eq!(request.groups, ["48Tech"]);
    assert_eq!(
        request.contact_email.as_deref(),
        Some("patrick.love@bigdesign.com")
    );
    assert_eq!(request.severity.as_deref(), Some("medium"));
    assert_eq!(request.requested_by.as_deref(), Some("training.admin"));
    assert_eq!(
        ticket(&mut world, id)["externalXRef"],
        json!("acme-soc:ticket-909")
    );

    // The host hands the case over like any other: no second ticket, and what the technician wrote stands.
    run(&mut world, &plain(), vec![handed_over(|_| {})]);
    let seen = ticket(&mut world, id);
    assert_eq!(seen["summary"], json!("Suspicious login of John"));
    assert_eq!(seen["status"]["name"], json!(TRIGGER));
    assert_eq!(
        seen["priority"]["name"],
        json!("Priority 3 - Normal Response")
    );
    assert_eq!(world.get("service/tickets?pageSize=1000").len(), 1);

    poll(&mut world, &plain());
    pass(&mut world, MINUTE);
    for status in ["In Progress", "Waiting Customer Response", TRIGGER] {
        world
            .psa
            .technician("training.admin")
            .set_status(id, status)
            .unwrap();
        let report = poll(&mut world, &plain());
        assert_eq!(
            (report.requested, report.synced),
            (0, 1),
            "{status}: {report:#?}"
        );
    }
    assert_eq!((requests(&world).len(), links(&world)), (1, 1));

    // The case's own changes reach the ticket.
    let closed = handed_over(|document| document["status"] = json!("closed"));
    run(&mut world, &plain(), vec![closed]);
    assert_eq!(ticket(&mut world, id)["closedFlag"], json!(true));
}

/// Step 7 of "Create a ConnectWise ticket": a new note leads to another reading.
#[test]
fn a_note_that_is_added_later_is_read() {
    let mut world = world();
    let id = make_ticket(&mut world, &json!({}));
    poll(&mut world, &plain());
    poll(&mut world, &plain());
    world
        .psa
        .technician("training.admin")
        .add_note(id, NoteKind::Discussion, "See the attached log")
        .unwrap();
    assert_eq!(poll(&mut world, &plain()).synced, 1);
}

#[test]
fn a_note_that_the_ticket_holds_already_is_not_written_again() {
    let mut world = world();
    let id = make_ticket(&mut world, &json!({}));
    poll(&mut world, &plain());
    let with_comment = |document: &mut Value| {
        document["comments"] =
            json!([{ "id": "c-1", "text": "Found", "created_at": "2019-02-11T01:09:54Z" }]);
    };
    run(&mut world, &plain(), vec![handed_over(with_comment)]);
    let written = notes(&mut world, id);
    assert_eq!(written.len(), 1, "{written:#?}");
    run(&mut world, &plain(), vec![handed_over(with_comment)]);
    assert_eq!(notes(&mut world, id), written);
}

fn arriving(world: &mut World) -> Vec<Command> {
    let deliveries = world.psa.take_callbacks();
    let commands = deliveries.into_iter().map(|delivery| {
        let (path, _) = delivery.url.split_once('?').unwrap();
        let (_, secret) = path.rsplit_once('/').unwrap();
        let signature = delivery
            .headers
            .iter()
            .find(|(name, _)| name == "x-content-signature");
        Command::TakeCallback {
            callback: Box::new(CallbackRequest {
                body: delivery.body,
                signature: signature.map(|(_, value)| value.clone()),
                secret: secret.to_owned(),
            }),
        }
    });
    commands.collect()
}

fn called_back() -> (World, Config) {
    let config = configuration(|document| {
        document["callbacks"] = json!({ "url": "https://soc.example/psa/callbacks" });
    });
    let mut world = world();
    run(
        &mut world,
        &config,
        vec![Command::EnsureCallbacks { url: None }],
    );
    world.psa.take_callbacks();
    (world, config)
}

#[test]
fn a_callback_finds_the_ticket_at_once() {
    let (mut world, config) = called_back();
    let id = make_ticket(&mut world, &json!({}));
    let callbacks = arriving(&mut world);
    assert!(!callbacks.is_empty());
    run(&mut world, &config, callbacks);
    assert_eq!((requests(&world).len(), links(&world)), (1, 1));
    assert_eq!(
        ticket(&mut world, id)["externalXRef"],
        json!("acme-soc:ticket-909")
    );
    assert_eq!(poll(&mut world, &config).requested, 0);
}

#[test]
fn a_callback_of_another_ticket_costs_no_request() {
    let (mut world, config) = called_back();
    make_ticket(&mut world, &json!({ "status": { "name": "In Progress" } }));
    let callbacks = arriving(&mut world);
    let life = run(&mut world, &config, callbacks);
    assert_eq!(life.requests, 0, "{:#?}", life.sent);
    let ignored = life.finished.iter().all(|it| match &it.result {
        Ok(Outcome::Callback(outcome)) => matches!(outcome, CallbackOutcome::Ignored { .. }),
        _ => true,
    });
    assert!(ignored, "{:#?}", life.finished);
}

#[test]
fn a_callback_and_polls_of_two_connectors_at_once_make_one_case() {
    let (mut world, config) = called_back();
    let id = make_ticket(&mut world, &json!({}));
    let callbacks = arriving(&mut world);
    let both = |more: &[Command]| [&[Command::Poll], more].concat();
    let lives = world
        .live_together(&config, vec![both(&callbacks), both(&callbacks), both(&[])])
        .unwrap();
    for life in &lives {
        for finished in &life.finished {
            assert!(finished.result.is_ok(), "{finished:#?}");
        }
    }
    assert_eq!((requests(&world).len(), links(&world)), (1, 1));
    assert_eq!(
        ticket(&mut world, id)["externalXRef"],
        json!("acme-soc:ticket-909")
    );
    pass(&mut world, 5 * MINUTE);
    assert_eq!(poll(&mut world, &config).requested, 0);
    assert!(
        world
            .store
            .records()
            .all(|record| !record.key.contains("/request/"))
    );
}

/// "The email address of the person creating the ticket in ConnectWise must be listed as a contact".
#[test]
fn an_unknown_contact_is_told_of_once_on_the_ticket_and_a_known_one_mends_it() {
    let listed = configuration(|document| {
        document["inbound"]["trigger"]["contacts"] = json!(["dana.reyes@bigdesign.com"]);
    });
    let mut world = world();
    let id = make_ticket(&mut world, &json!({}));
    let report = poll(&mut world, &listed);
    assert_eq!((report.requested, report.refused), (0, 1), "{report:#?}");
    let written = notes(&mut world, id);
    assert_eq!(written.len(), 1, "{written:#?}");
    let text = written[0]["text"].as_str().unwrap();
    assert!(
        text.contains("patrick.love@bigdesign.com is not one of the listed contacts"),
        "{text}"
    );
    assert_eq!(written[0]["internalAnalysisFlag"], json!(true));
    assert_ne!(written[0]["detailDescriptionFlag"], json!(true));
    for summary in ["Suspicious login", "Suspicious login of John, again"] {
        poll(&mut world, &listed);
        let fields = json!({ "summary": summary });
        world
            .psa
            .technician("training.admin")
            .set(id, &fields)
            .unwrap();
    }
    poll(&mut world, &listed);
    assert_eq!(notes(&mut world, id).len(), 1);
    assert_eq!((requests(&world).len(), links(&world)), (0, 0));

    let dana = world.get("company/contacts?conditions=firstName=\"Dana\"")[0]["id"].clone();
    let fields = json!({ "contact": { "id": dana } });
    world
        .psa
        .technician("training.admin")
        .set(id, &fields)
        .unwrap();
    assert_eq!(poll(&mut world, &listed).requested, 1);
    assert_eq!(
        requests(&world)[0].1.contact_email.as_deref(),
        Some("dana.reyes@bigdesign.com")
    );
    assert_eq!(notes(&mut world, id).len(), 1);
}

#[test]
fn a_refusal_may_be_told_as_an_event_and_a_ticket_without_a_contact_is_refused() {
    let events = configuration(|document| {
        document["inbound"]["trigger"]["refusal"] = json!("event");
    });
    let mut world = world();
    let id = make_ticket(
        &mut world,
        &json!({ "contactEmailAddress": "nobody@elsewhere.example" }),
    );
    for _ in 0..3 {
        assert_eq!(poll(&mut world, &events).requested, 0);
        let fields = json!({ "summary": format!("saved at {}", world.now) });
        world
            .psa
            .technician("training.admin")
            .set(id, &fields)
            .unwrap();
    }
    let refusals: Vec<&Delivery> = world
        .delivered
        .values()
        .filter(|it| matches!(it.event, Event::CaseRequestRefused { .. }))
        .collect();
    assert_eq!(refusals.len(), 1, "{refusals:#?}");
    let Event::CaseRequestRefused { ticket_id, reason } = &refusals[0].event else {
        panic!("{refusals:#?}");
    };
    assert!(
        *ticket_id == TicketId(909) && reason.contains("nobody@elsewhere.example"),
        "{reason}"
    );
    assert_eq!(notes(&mut world, id), Vec::<Value>::new());

    let anyone = configuration(|document| {
        document["inbound"]["trigger"]["known_contact"] = json!(false);
    });
    assert_eq!(poll(&mut world, &anyone).requested, 1);
}

#[test]
fn nothing_else_becomes_a_case() {
    let mut world = world();
    make_ticket(&mut world, &json!({ "status": { "name": "In Progress" } }));
    let elsewhere =
        json!({ "board": { "name": "Network Operations" }, "status": { "name": "In Progress" } });
    make_ticket(&mut world, &elsewhere);
    let report = poll(&mut world, &plain());
    assert_eq!(
        (report.listed, report.requested, report.refused),
        (1, 0, 0),
        "{report:#?}"
    );

    // A ticket that casewire makes itself, in whatever status, has its case already.
    let own = configuration(|document| document["routes"][0]["status"]["created"] = json!(TRIGGER));
    let case = casewire::Case::from_json(case_document("10012").to_string().as_bytes()).unwrap();
    let life = world
        .live_together(&own, vec![submit(vec![case]), vec![Command::Poll]])
        .unwrap();
    assert!(
        life.iter()
            .all(|life| life.finished.iter().all(|it| it.result.is_ok()))
    );
    assert_eq!(poll(&mut world, &own).requested, 0);
    assert_eq!((requests(&world).len(), links(&world)), (0, 1));
}

#[test]
fn a_host_s_own_case_of_that_id_keeps_it_and_another_s_reference_is_left_alone() {
    let mut world = world();
    run(
        &mut world,
        &plain(),
        vec![handed_over(|document| document["id"] = json!("ticket-910"))],
    );
    let id = make_ticket(&mut world, &json!({ "externalXRef": "RMM-77" }));
    assert_eq!(id, 910);
    assert_eq!(poll(&mut world, &plain()).requested, 1);
    assert_eq!(requests(&world)[0].0.case_id(), Some("ticket-910-2"));
    assert_eq!(ticket(&mut world, id)["externalXRef"], json!("RMM-77"));
    assert_eq!(poll(&mut world, &plain()).requested, 0);
}
