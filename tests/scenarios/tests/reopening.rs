//! What becomes of a closed ticket whose case comes back, clears, or says more.

#![allow(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a scenario fails by panicking"
)]

use casewire::{Case, CaseOutcome, CaseResult, ChangedBy, Config, Event, Outcome};
use casewire_scenarios::{Blow, BlowKind, World, case_document, document, submit};
use serde_json::{Value, json};
use std::time::Duration;

const HOUR: u64 = 3600;

/// The configuration of guide 000 with a second closed status.
fn config(reopen: Value) -> Config {
    let mut document = document(true);
    let board = &mut document["status_map"]["Professional Services"];
    board["to_case"]["Cancelled"] = json!("closed");
    board["close_reasons"] = json!({ "false_positive": "Cancelled" });
    if !reopen.is_null() {
        document["reopen"] = reopen;
    }
    Config::from_json(document.to_string().as_bytes()).unwrap()
}

fn case(change: impl Fn(&mut Value)) -> Case {
    let mut document = case_document("10012");
    change(&mut document);
    Case::from_json(document.to_string().as_bytes()).unwrap()
}

/// An instance whose board has a status for what was none.
fn world() -> World {
    let mut world = World::new(1);
    let statuses = world.get("service/boards/1/statuses?pageSize=100");
    let old = statuses
        .iter()
        .find(|status| status["name"] == "Escalated (old)");
    let id = old.unwrap()["id"].as_i64().unwrap();
    let fields = json!({ "name": "Cancelled", "inactive": false, "closedStatus": true });
    let mut technician = world.psa.technician("training.admin");
    technician
        .edit_setup(
            "service/boards/1/statuses",
            id,
            fields.as_object().cloned().unwrap(),
        )
        .unwrap();
    world
}

fn send(world: &mut World, config: &Config, change: impl Fn(&mut Value)) -> CaseOutcome {
    let life = world
        .live(config, submit(vec![case(change)]), None)
        .unwrap();
    let own = life
        .finished
        .into_iter()
        .find(|finished| finished.case_id.is_some());
    match own.unwrap().result.unwrap() {
        Outcome::Case(outcome) => outcome,
        other => panic!("{other:?}"),
    }
}

fn ticket(world: &World, id: i64) -> Value {
    world.psa.record("service/tickets", id).unwrap().clone()
}

fn status(world: &World, id: i64) -> String {
    let ticket = ticket(world, id);
    let status = ticket["status"]["name"].as_str();
    status.unwrap().to_owned()
}

fn notes(world: &mut World, id: i64) -> Vec<String> {
    let notes = world.get(&format!("service/tickets/{id}/notes?pageSize=100"));
    let text = notes.iter().map(|note| note["text"].as_str().unwrap());
    text.map(str::to_owned).collect()
}

fn later(world: &mut World, hours: u64) {
    world.pass_until(world.now.after(Duration::from_secs(hours * HOUR)));
}

fn closed(case: &mut Value) {
    case["status"] = json!("closed");
}

fn false_positive(case: &mut Value) {
    closed(case);
    case["close_reason"] = json!("False positive");
}

fn cleared(case: &mut Value) {
    case["cleared_at"] = json!("2019-02-11T03:00:00Z");
}

fn came_back(case: &mut Value) {
    let comment =
        json!({ "id": "c-9", "text": "It came back", "created_at": "2019-02-12T01:00:00Z" });
    case["comments"].as_array_mut().unwrap().push(comment);
}

#[test]
fn a_case_that_comes_back_soon_opens_its_ticket_again_and_later_a_new_one_that_names_it() {
    for (by, hours, reopened) in [
        (closed as fn(&mut Value), 1, true),
        (cleared, 23, true),
        (closed, 25, false),
        (cleared, 48, false),
    ] {
        let mut world = world();
        let config = config(json!({}));
        send(&mut world, &config, |_| {});
        assert_eq!(send(&mut world, &config, by).outcome, CaseResult::Closed);
        later(&mut world, hours);
        let outcome = send(&mut world, &config, came_back);
        let reason = outcome.reason.unwrap();
        assert!(reason.contains("the case came back"), "{reason}");
        let last = world.delivered.values().last().unwrap().clone();
        if reopened {
            assert_eq!(outcome.ticket_id.unwrap().0, 909);
            assert_eq!(status(&world, 909), "New (not responded)");
            assert!(notes(&mut world, 909).contains(&"Comments: It came back".to_owned()));
            assert_eq!(
                last.event,
                Event::TicketReopened {
                    by: ChangedBy::Case
                }
            );
            assert!(matches!(last.event, Event::TicketReopened { .. }));
            continue;
        }
        assert_eq!(outcome.outcome, CaseResult::Opened);
        assert_eq!(outcome.ticket_id.unwrap().0, 910);
        assert_eq!(
            (status(&world, 909), status(&world, 910)),
            ("Closed".to_owned(), "New (not responded)".to_owned())
        );
        assert_eq!(last.event, Event::TicketCreated);
        assert_eq!(last.ticket.as_ref().unwrap().ticket_id.0, 910);
        assert_eq!(ticket(&world, 910)["externalXRef"], "acme-soc:10012:2");
        let said = notes(&mut world, 910);
        assert!(
            said.iter()
                .any(|note| note.starts_with("Earlier ticket of this case: 909.")),
            "{said:?}"
        );
        assert!(said.contains(&"Comments: It came back".to_owned()));
        assert!(
            !said.contains(&"Comments: reviewing".to_owned()),
            "ticket 909 holds it"
        );
        assert_eq!(
            world.look().tickets["acme-soc:10012:2"][0].configurations,
            ["BigDesign-WRK1"]
        );

        // The case goes on with the new ticket, and with another one after that.
        send(&mut world, &config, |case| {
            came_back(case);
            by(case);
        });
        assert_eq!(status(&world, 910), "Closed");
        later(&mut world, 30);
        let third = send(&mut world, &config, |case| {
            came_back(case);
            case["severity"] = json!("medium");
        });
        assert_eq!(third.ticket_id.unwrap().0, 911);
        assert_eq!(ticket(&world, 911)["externalXRef"], "acme-soc:10012:3");
    }
}

#[test]
fn a_false_positive_is_never_opened_again_and_what_is_said_of_it_is_a_note() {
    for hours in [1, 100] {
        let mut world = world();
        let config = config(json!({}));
        send(&mut world, &config, |_| {});
        send(&mut world, &config, false_positive);
        assert_eq!(status(&world, 909), "Cancelled");
        later(&mut world, hours);
        let outcome = send(&mut world, &config, came_back);
        assert!(outcome.reason.unwrap().contains("never reopens"));
        assert_eq!(status(&world, 909), "Cancelled");
        assert!(notes(&mut world, 909).contains(&"Comments: It came back".to_owned()));
        assert_eq!(world.look().tickets.len(), 1);
    }
}

#[test]
fn a_technician_s_closing_as_a_false_positive_counts_as_much() {
    let mut world = world();
    let config = config(json!({ "on": "changed" }));
    send(&mut world, &config, |_| {});
    let mut technician = world.psa.technician("training.admin");
    technician.set_status(909, "Cancelled").unwrap();
    send(&mut world, &config, came_back);
    assert_eq!(status(&world, 909), "Cancelled");

    // Closed for another reason, any change opens it, since the rules say so.
    let mut technician = world.psa.technician("training.admin");
    technician.set_status(909, "Closed").unwrap();
    send(&mut world, &config, |case| {
        came_back(case);
        case["severity"] = json!("medium");
    });
    assert_eq!(status(&world, 909), "New (not responded)");
}

#[test]
fn a_source_that_clears_leaves_a_closed_ticket_as_the_technician_closed_it() {
    for reopen in [Value::Null, json!({ "on": "changed" })] {
        let mut world = world();
        let config = config(reopen);
        send(&mut world, &config, |_| {});
        let mut technician = world.psa.technician("training.admin");
        technician.set_status(909, "Cancelled").unwrap();
        send(&mut world, &config, cleared);
        assert_eq!(status(&world, 909), "Cancelled");
    }
}

#[test]
fn without_rules_the_ticket_is_opened_again_however_old_it_is() {
    let mut world = world();
    let config = config(Value::Null);
    send(&mut world, &config, |_| {});
    send(&mut world, &config, false_positive);
    later(&mut world, 1000);
    send(&mut world, &config, came_back);
    assert_eq!(status(&world, 909), "New (not responded)");
}

#[test]
fn whatever_goes_wrong_the_case_goes_on_with_one_new_ticket() {
    let mut before = world();
    let config = config(json!({}));
    send(&mut before, &config, |_| {});
    send(&mut before, &config, closed);
    later(&mut before, 30);
    let again = || submit(vec![case(came_back)]);
    let life = before.clone().live(&config, again(), None).unwrap();
    let mut tried = 0;
    for at in 1..=life.effects {
        for kind in [
            BlowKind::DiesBefore,
            BlowKind::DiesAfter,
            BlowKind::DiesAndLandsLate(Duration::from_secs(20)),
            BlowKind::StoreAnswerLost,
        ] {
            let mut world = before.clone();
            let blow = Blow { at, kind };
            world.live(&config, again(), Some(&blow)).unwrap();
            world.live(&config, Vec::new(), None).unwrap();
            world.live(&config, again(), None).unwrap();
            later(&mut world, 1);
            let seen = world.look().tickets;
            assert_eq!(seen.len(), 2, "{blow}: {seen:#?}");
            let new = &seen["acme-soc:10012:2"];
            assert_eq!(new.len(), 1, "{blow}: {new:#?}");
            let came_back = new[0]
                .notes
                .iter()
                .filter(|(_, text)| text == "Comments: It came back");
            assert_eq!(came_back.count(), 1, "{blow}: {new:#?}");
            assert!(seen["acme-soc:10012"][0].closed, "{blow}");
            let waits = world.store.records().filter(|record| {
                record.key.contains("/outbox/") || record.key.contains("/delivery/")
            });
            assert_eq!(waits.count(), 0, "{blow}");
            tried += 1;
        }
    }
    println!("{tried} blows tried");
    assert!(tried > 60, "{tried}");
}
