//! Guide 000 (Netsurion Open XDR), the steps of sections 9.1 to 9.4 that open and fill a ticket, with the guide's own names.

#![allow(
    clippy::panic,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a scenario prints its steps and fails by panicking"
)]

use casewire::{Case, CaseResult, Code, Command, Event, Outcome, PreviewOutcome};
use casewire_scenarios::{Life, World, case_document, configuration, submit};
use serde_json::{Value, json};

fn outcome(life: &Life) -> &casewire::CaseOutcome {
    let mut outcomes = life
        .finished
        .iter()
        .filter_map(|finished| match &finished.result {
            Ok(Outcome::Case(outcome)) => Some(outcome),
            _ => None,
        });
    outcomes
        .next()
        .unwrap_or_else(|| panic!("{:#?}", life.finished))
}

fn case(change: impl Fn(&mut Value)) -> Vec<Case> {
    let mut document = case_document("10012");
    change(&mut document);
    vec![Case::from_json(document.to_string().as_bytes()).unwrap()]
}

fn step(name: &str) {
    println!("{name}");
}

#[test]
fn case_10012_becomes_ticket_909_and_both_are_closed() {
    let mut world = World::new(1);
    world
        .files
        .insert("reference.txt".to_owned(), b"Reference document".to_vec());
    let config = configuration(true);

    step("6.2 step 6: Test Connection");
    let life = world
        .live(&config, vec![Command::TestConnection], None)
        .unwrap();
    let Some(Ok(Outcome::Connection(report))) = life
        .finished
        .iter()
        .map(|f| &f.result)
        .find(|r| !matches!(r, Ok(Outcome::Resumed { .. })))
    else {
        panic!("{:#?}", life.finished)
    };
    assert!(report.ok, "{report:#?}");

    step("9.1 note: an unmapped group has no ticket, and is told of");
    let life = world
        .live(
            &config,
            submit(case(|c| {
                c["id"] = json!("10011");
                c["group"]["id"] = json!("UnmappedCo");
            })),
            None,
        )
        .unwrap();
    assert_eq!(
        (outcome(&life).outcome, outcome(&life).ticket_id),
        (CaseResult::Held, None)
    );
    assert!(
        world
            .delivered
            .values()
            .any(|delivery| matches!(delivery.event, Event::GroupMappingFailed { .. }))
    );

    step("9.1 step 2: the ticket as it would be");
    let preview = Command::PreviewCase {
        case: Box::new(case(|_| {}).remove(0)),
    };
    let life = world.live(&config, vec![preview], None).unwrap();
    assert!(life.sent.iter().all(|request| request.starts_with("GET ")));
    let Some(Outcome::Preview(preview)) = life
        .finished
        .iter()
        .filter_map(|f| f.result.clone().ok())
        .find(|o| matches!(o, Outcome::Preview(_)))
    else {
        panic!("{:#?}", life.finished)
    };
    assert_eq!(preview.outcome, PreviewOutcome::Ticket);
    let calls: Vec<_> = preview
        .calls
        .iter()
        .map(|call| call.path.as_str())
        .collect();
    assert_eq!(
        calls,
        ["/service/tickets", "/service/tickets/{id}/configurations"]
    );
    let fields = &preview.ticket.as_ref().unwrap().fields;
    assert!(fields.iter().all(|field| !field.reason.is_empty()));

    step("9.1 step 3: the case is saved, and the ticket id is generated");
    let life = world.live(&config, submit(case(|_| {})), None).unwrap();
    let opened = outcome(&life);
    assert_eq!(
        (opened.outcome, opened.ticket_id.map(|id| id.0)),
        (CaseResult::Opened, Some(909))
    );
    let writes = |life: &Life| {
        life.sent
            .iter()
            .filter(|request| !request.starts_with("GET "))
            .count()
    };
    assert_eq!(
        writes(&life),
        2,
        "one create, one configuration: {:?}",
        life.sent
    );

    step("9.1 step 3: Status in PSA tool");
    let told = world
        .delivered
        .get("acme-soc:10012:1")
        .and_then(|delivery| delivery.ticket.clone())
        .unwrap();
    assert_eq!(
        (told.ticket_id.0, told.status.as_str()),
        (909, "New (not responded)")
    );
    assert_eq!(
        (told.company.as_deref(), told.case_status.as_deref()),
        (Some("Big Design, Inc."), Some("open"))
    );

    step("9.2 step 3: the ticket in ConnectWise");
    let seen = world
        .look()
        .tickets
        .remove("acme-soc:10012")
        .unwrap()
        .remove(0);
    assert_eq!(
        seen.summary,
        "EventTracker Case #10012 - Windows: Audit log cleared"
    );
    assert_eq!(seen.configurations, ["BigDesign-WRK1"]);
    assert!(
        seen.notes
            .contains(&("internal".to_owned(), "Comments: reviewing".to_owned())),
        "{:?}",
        seen.notes
    );

    step("9.3 step 1: a comment becomes an internal note");
    let reviewed = |c: &mut Value| {
        c["comments"].as_array_mut().unwrap().push(json!({
            "id": "c-2", "text": "Final review is done", "created_at": "2019-02-11T01:17:03Z",
        }));
    };
    let life = world.live(&config, submit(case(reviewed)), None).unwrap();
    assert_eq!(
        (outcome(&life).outcome, writes(&life)),
        (CaseResult::Updated, 1)
    );

    step("9.4: an attachment becomes a document with its title");
    let attached = |c: &mut Value| {
        reviewed(c);
        c["attachments"] = json!([{
            "id": "a-1", "title": "Reference document", "file_name": "reference.txt", "size": 18, "token": "reference.txt",
        }]);
    };
    let life = world.live(&config, submit(case(attached)), None).unwrap();
    assert_eq!(
        (outcome(&life).outcome, writes(&life)),
        (CaseResult::Updated, 1)
    );
    let life = world.live(&config, submit(case(attached)), None).unwrap();
    assert_eq!(
        (outcome(&life).outcome, life.requests),
        (CaseResult::Unchanged, 0),
        "nothing is asked twice"
    );

    step("the case is closed, and the ticket with it");
    let life = world
        .live(
            &config,
            submit(case(|c| {
                attached(c);
                c["status"] = json!("closed");
            })),
            None,
        )
        .unwrap();
    assert_eq!(outcome(&life).outcome, CaseResult::Closed);
    let seen = world
        .look()
        .tickets
        .remove("acme-soc:10012")
        .unwrap()
        .remove(0);
    assert_eq!((seen.status.as_str(), seen.closed), ("Closed", true));
    assert_eq!(seen.documents, ["Reference document"]);
    assert_eq!(
        seen.notes
            .iter()
            .filter(|(kind, _)| kind == "internal")
            .count(),
        2
    );
}

#[test]
fn a_missing_file_does_not_fail_the_ticket() {
    let mut world = World::new(1);
    let with_file = |c: &mut Value| {
        c["attachments"] =
            json!([{ "id": "a-1", "file_name": "gone.txt", "size": 5, "token": "gone.txt" }]);
    };
    let life = world
        .live(&configuration(true), submit(case(with_file)), None)
        .unwrap();
    let outcome = outcome(&life);
    assert_eq!(outcome.outcome, CaseResult::Opened);
    assert_eq!(
        outcome
            .warnings
            .iter()
            .map(|warning| warning.code)
            .collect::<Vec<_>>(),
        [Code::NotFetched]
    );
}

#[test]
fn a_technicians_choice_stays() {
    let mut world = World::new(1);
    let config = configuration(true);
    world.live(&config, submit(case(|_| {})), None).unwrap();
    world
        .psa
        .technician("training.admin")
        .set_status(909, "Waiting Customer Response")
        .unwrap();
    world
        .psa
        .technician("training.admin")
        .set_priority(909, "Priority 3 - Normal Response")
        .unwrap();
    let commented = |c: &mut Value| {
        c["comments"].as_array_mut().unwrap().push(json!({
            "id": "c-2", "text": "more", "created_at": "2019-02-11T01:17:03Z",
        }));
    };
    world.live(&config, submit(case(commented)), None).unwrap();
    let seen = world
        .look()
        .tickets
        .remove("acme-soc:10012")
        .unwrap()
        .remove(0);
    assert_eq!(seen.status, "Waiting Customer Response");
    assert_eq!(seen.priority, "Priority 3 - Normal Response");
}

#[test]
fn a_merged_ticket_is_followed() {
    let mut world = World::new(1);
    let config = configuration(true);
    world.live(&config, submit(case(|_| {})), None).unwrap();
    world
        .live(&config, submit(case(|c| c["id"] = json!("10010"))), None)
        .unwrap();
    world
        .psa
        .technician("training.admin")
        .merge(910, &[909])
        .unwrap();
    let commented = |c: &mut Value| {
        c["comments"].as_array_mut().unwrap().push(json!({
            "id": "c-2", "text": "goes to the survivor", "created_at": "2019-02-11T01:17:03Z",
        }));
    };
    let life = world.live(&config, submit(case(commented)), None).unwrap();
    assert_eq!(outcome(&life).ticket_id.map(|id| id.0), Some(910));
    let seen = world
        .look()
        .tickets
        .remove("acme-soc:10010")
        .unwrap()
        .remove(0);
    assert!(
        seen.notes
            .iter()
            .any(|(_, text)| text.contains("goes to the survivor")),
        "{:?}",
        seen.notes
    );
}
