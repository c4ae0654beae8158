//! Guide 001 (Netwrix Auditor), its workflow and its vendor's defaults, from the preset `netwrix`.

use crate::{case, document, pass, read, run, send, step, tested, ticket, to_big_design};
use casewire::{Case, CaseResult, Command, Config, Event, Outcome, Preset};
use casewire_scenarios::{SeenTicket, World};
use serde_json::json;

fn config() -> Config {
    read(&document(Preset::Netwrix, |c| {
        to_big_design(c);
        c["configurations"] = json!({ "map": [
            { "system": "48Tech-DC1", "configuration": { "name": "BigDesign-WRK1" } },
        ] });
    }))
}

/// An alert: the activity record is in its artifacts.
fn alert(id: &str, kind: &str) -> Case {
    case(id, |c| {
        c["kind"] = json!(kind);
        c["status"] = json!("new");
        c["title"] = json!("User account is disabled");
        c["comments"] = json!([]);
        c["artifacts"] = json!([
            { "type": "Who", "value": "48Tech\\John" }, { "type": "Action", "value": "Removed" },
            { "type": "When", "value": "2019-02-11T01:07:14Z" },
        ]);
    })
}

fn tickets(world: &mut World) -> Vec<SeenTicket> {
    let mut all: Vec<SeenTicket> = world.look().tickets.into_values().flatten().collect();
    all.sort_by_key(|ticket| ticket.id);
    all
}

fn internal(ticket: &SeenTicket) -> Vec<&str> {
    let notes = ticket.notes.iter().filter(|(kind, _)| kind == "internal");
    notes.map(|(_, text)| text.as_str()).collect()
}

fn work(world: &mut World, config: &Config, seconds: u64) {
    pass(world, seconds);
    run(world, config, Command::WorkQueue).0.unwrap();
}

#[test]
fn an_alert_is_taken_by_its_id_and_its_activity_record_fills_the_ticket() {
    let (mut world, config) = (World::new(1), config());
    step("Prerequisites: the connection and the role");
    assert_eq!(tested(&mut world, &config), []);

    step("Alert Handler: the alert's id is put into the queue, and the handler is done");
    let record = serde_json::to_vec(&alert("a-1", "disabled")).unwrap();
    world.files.insert("case:a-1".to_owned(), record);
    world.trace = Some(Vec::new());
    let command = Command::SubmitReference {
        case_id: "a-1".to_owned(),
    };
    let life = world.live(&config, vec![command], None).unwrap();
    let accepted = life.finished.iter().find_map(|it| match &it.result {
        Ok(Outcome::Case(outcome)) => Some(outcome.outcome),
        _ => None,
    });
    assert_eq!(accepted, Some(CaseResult::Accepted));

    step("Integration Service: the record is retrieved by its id, and a new ticket is created");
    let trace = world.trace.take().unwrap();
    let place = |what: &str| trace.iter().position(|line| line.contains(what)).unwrap();
    assert!(
        place("Accepted") < place("case:a-1\""),
        "the handler is answered before the record is asked for"
    );
    assert!(
        life.sent.iter().any(|sent| sent.starts_with("POST ")),
        "{:?}",
        life.sent
    );

    step(
        "Workflow step 2: properties from the record; Impact, Priority and SLA status are assigned",
    );
    let record = ticket(&mut world, 909);
    assert_eq!(
        record["summary"],
        "[Netwrix Auditor] User account is disabled"
    );
    assert_eq!(
        (&record["impact"], &record["severity"]),
        (&json!("Medium"), &json!("Medium"))
    );
    assert_eq!(record["priority"]["name"], "Priority 3 - Normal Response");
    assert_eq!(record["sla"]["name"], "Standard SLA");
    assert!(record["slaStatus"].is_string(), "{record:#}");
    let notes = &tickets(&mut world)[0].notes;
    let (_, text) = notes.iter().find(|(kind, _)| kind == "discussion").unwrap();
    for part in [
        "The audit log was cleared.",
        "Who: 48Tech\\John",
        "Action: Removed",
        "When: 2019-02-11",
    ] {
        assert!(text.contains(part), "no {part} in {text}");
    }
}

#[test]
fn more_than_ten_alerts_an_hour_share_a_ticket_and_its_note_waits_for_a_quarter() {
    let (mut world, config) = (World::new(1), config());
    for number in 1..=12 {
        let alert = alert(&format!("a-{number}"), &format!("kind {number}"));
        let outcome = send(&mut world, &config, alert).unwrap().outcome;
        let expected = if number <= 10 {
            CaseResult::Opened
        } else {
            CaseResult::RolledUp
        };
        assert_eq!(outcome, expected, "alert {number}");
    }
    let roll_up = |world: &mut World| {
        tickets(world)
            .into_iter()
            .find(|ticket| ticket.summary.contains("Flood"))
            .unwrap()
    };
    assert_eq!(tickets(&mut world).len(), 11);
    work(&mut world, &config, 890);
    assert!(
        internal(&roll_up(&mut world)).is_empty(),
        "not before 900 s"
    );
    work(&mut world, &config, 11);
    let shared = roll_up(&mut world);
    assert_eq!(internal(&shared).len(), 1, "{shared:#?}");
    step("after an hour a new alert has its own ticket again");
    work(&mut world, &config, 3600);
    let outcome = send(&mut world, &config, alert("a-13", "kind 13")).unwrap();
    assert_eq!(outcome.outcome, CaseResult::Opened);
    let ended = world
        .delivered
        .values()
        .any(|it| matches!(it.event, Event::FloodEnded { cases: 2, .. }));
    assert!(ended);
}

#[test]
fn alerts_of_one_type_join_for_a_day_and_then_name_the_earlier_ticket() {
    let (mut world, config) = (World::new(1), config());
    send(&mut world, &config, alert("a-1", "disabled")).unwrap();
    let joined = send(&mut world, &config, alert("a-2", "disabled")).unwrap();
    assert_eq!(
        (joined.outcome, joined.ticket_id.map(|id| id.0)),
        (CaseResult::Joined, Some(909))
    );
    work(&mut world, &config, 890);
    assert!(internal(&tickets(&mut world)[0]).is_empty());
    work(&mut world, &config, 11);
    assert_eq!(internal(&tickets(&mut world)[0]).len(), 1);

    step("closed within the day it is opened again");
    world
        .psa
        .technician("training.admin")
        .set_status(909, "Closed")
        .unwrap();
    let again = send(&mut world, &config, alert("a-3", "disabled")).unwrap();
    assert_eq!(again.outcome, CaseResult::Joined);
    work(&mut world, &config, 901);
    assert!(!tickets(&mut world)[0].closed);

    step("a day later a new ticket names it");
    work(&mut world, &config, 86_401);
    let later = send(&mut world, &config, alert("a-4", "disabled")).unwrap();
    assert_eq!(later.outcome, CaseResult::Opened);
    let seen = tickets(&mut world);
    assert_eq!(
        internal(&seen[1]),
        ["Previous incident for the same alert type: Id: 909"]
    );
    let other = send(&mut world, &config, alert("a-5", "another")).unwrap();
    assert_eq!(other.outcome, CaseResult::Opened);
    assert_eq!(
        internal(&tickets(&mut world)[2]),
        Vec::<&str>::new(),
        "another type names none"
    );
}
