//! Guide 000 (Netsurion Open XDR), sections 5 to 10, from the preset `netsurion`.

use crate::{
    asked, case, document, due, pass, preview, read, run, seen, send, step, tested, ticket, told,
};
use casewire::{
    CaseResult, ChangedBy, Code, Command, CommentSource, Config, Event, Feature, OutboxState,
    Outcome, Preset, PreviewOutcome, Settings, Subject, Task, Visibility,
};
use casewire_scenarios::{RECEIVER, World};
use casewire_simulator::NoteKind;
use serde_json::{Value, json};

fn config(change: impl Fn(&mut Value)) -> Config {
    read(&document(Preset::Netsurion, change))
}

/// Section 6.1: the group's address, and the hardware address of its Windows system.
fn auto_map() -> Command {
    asked(json!({ "command": "auto_map", "inventory": { "groups": [{
        "group": { "id": "48Tech", "name": "48Tech", "email": "it@bigdesign.com" },
        "systems": [{ "id": "48Tech-DC1", "name": "48Tech-DC1", "os": "windows", "macs": ["00-15-5D-01-4F-A1"] }],
    }] } }))
}

fn mapped(config: &Config) -> World {
    let mut world = World::new(1);
    run(&mut world, config, auto_map()).0.unwrap();
    world
}

#[test]
fn from_an_unmapped_group_to_the_list_of_cases_with_their_tickets() {
    let (mut world, config) = (World::new(1), config(|_| {}));
    step("6.2 step 6: Test Connection");
    assert_eq!(tested(&mut world, &config), []);

    step("9.1 step 2 note: without a mapped company there is no ticket to choose");
    let offered = preview(&mut world, &config, case("10010", |_| {}));
    assert_eq!(offered.outcome, PreviewOutcome::Held);
    assert!(offered.ticket.is_none() && offered.calls.is_empty());
    assert!(offered.reason.contains("48Tech"), "{}", offered.reason);

    step("6.2 step 7 and last note: automatic mapping is due, by default every 6 hours");
    let task = due(&mut world, &config, Task::AutoMap).unwrap();
    assert_eq!((task.now, task.every.to_string().as_str()), (true, "6h"));
    let Ok(Outcome::AutoMapped(report)) = run(&mut world, &config, auto_map()).0 else {
        panic!()
    };
    assert_eq!(report.mapped, 2, "{report:#?}");

    step("9.1 step 2: the ticket that the case would get");
    let offered = preview(&mut world, &config, case("10010", |_| {}));
    assert_eq!(offered.outcome, PreviewOutcome::Ticket);

    step("9.2 step 6: 10010 has a ticket, 10011 none, 10012 another of the same title");
    let unmapped = case("10011", |c| {
        c["title"] = json!(
            "Critical Potential Breach: A new process connecting to low reputation ip address"
        );
        c["group"] = json!({ "id": "CLOUDTEST" });
        c["system"] = Value::Null;
    });
    let mut tickets = Vec::new();
    for case in [case("10010", |_| {}), unmapped, case("10012", |_| {})] {
        let outcome = send(&mut world, &config, case).unwrap();
        tickets.push((outcome.outcome, outcome.ticket_id.map(|id| id.0)));
    }
    assert_eq!(
        tickets,
        [
            (CaseResult::Opened, Some(909)),
            (CaseResult::Held, None),
            (CaseResult::Opened, Some(910)),
        ]
    );
    let Ok(Outcome::Links(page)) = run(
        &mut world,
        &config,
        asked(json!({ "command": "list_links" })),
    )
    .0
    else {
        panic!()
    };
    let listed: Vec<_> = page
        .links
        .iter()
        .map(|link| (link.case_id.as_str(), link.ticket_id.0))
        .collect();
    assert_eq!(listed, [("10010", 909), ("10012", 910)]);
    let held = json!({ "command": "list_outbox", "state": "held" });
    let Ok(Outcome::Outbox(page)) = run(&mut world, &config, asked(held)).0 else {
        panic!()
    };
    let listed: Vec<_> = page
        .items
        .iter()
        .map(|item| (item.case_id.as_str(), item.state))
        .collect();
    assert_eq!(listed, [("10011", OutboxState::Held)]);

    step("9.2 step 3: the ticket found by its number, with what its page shows");
    let by_ticket = json!({ "command": "list_links", "ticket": 910 });
    let Ok(Outcome::Links(page)) = run(&mut world, &config, asked(by_ticket)).0 else {
        panic!()
    };
    assert_eq!(page.links[0].case_id, "10012");
    let record = ticket(&mut world, 910);
    assert_eq!(
        record["summary"],
        "EventTracker Case #10012 - Windows: Audit log cleared"
    );
    for (field, name) in [
        ("board", "Professional Services"),
        ("company", "Big Design, Inc."),
        ("contact", "Patrick Love"),
        ("site", "Main"),
        ("sla", "Standard SLA"),
        ("status", "New (not responded)"),
        ("location", "Tampa Office"),
    ] {
        assert_eq!(record[field]["name"], name, "{field}: {record:#}");
    }
    assert_eq!(
        (&record["impact"], &record["severity"]),
        (&json!("Medium"), &json!("Medium"))
    );
    assert_eq!(seen(&mut world, "10012").configurations, ["BigDesign-WRK2"]);

    step("9.3 figure: the agreement that ConnectWise gave the ticket stays when the case changes");
    let agreement = json!({ "agreement": { "id": 1 } });
    let mut technician = world.psa.technician("training.admin");
    technician.set(910, &agreement).unwrap();
    let worse = case("10012", |c| {
        c["title"] = json!("Windows: Audit log cleared again")
    });
    let outcome = send(&mut world, &config, worse).unwrap();
    assert_eq!(outcome.outcome, CaseResult::Updated);
    let record = ticket(&mut world, 910);
    assert!(record["summary"].as_str().unwrap().ends_with("again"));
    let name = record["agreement"]["name"].as_str().unwrap();
    assert!(name.starts_with("Block Time"), "{record:#}");
    assert_eq!(record["sla"]["name"], "Standard SLA");
}

#[test]
fn a_system_without_a_configuration_has_its_ticket_and_the_preview_shows_none() {
    let config = config(|_| {});
    let mut world = mapped(&config);
    step("9.1 step 2 note, done otherwise: the group is mapped, its syslog sensor is not");
    let sensor = case("10012", |c| {
        c["system"] = json!({ "id": "48Tech-FW1", "name": "48Tech-FW1" });
    });
    let offered = preview(&mut world, &config, sensor.clone());
    assert!(offered.ticket.unwrap().configuration.is_none());
    let calls: Vec<_> = offered
        .calls
        .iter()
        .map(|call| call.path.as_str())
        .collect();
    assert_eq!(calls, ["/service/tickets"]);
    let outcome = send(&mut world, &config, sensor).unwrap();
    assert_eq!(outcome.outcome, CaseResult::Opened);
    assert_eq!(
        seen(&mut world, "10012").configurations,
        Vec::<String>::new()
    );
}

#[test]
fn every_part_of_an_investigation_entry_is_a_labelled_line_of_an_internal_note() {
    let config = config(|_| {});
    let mut world = mapped(&config);
    step("9.3 step 1: comments, people contacted, procedure, actions, impact, recommendations");
    let entry = case("10012", |c| {
        c["comments"] = json!([
            { "id": "c-1", "text": "reviewing", "created_at": "2019-02-11T01:09:54Z" },
            { "id": "c-2", "text": "Final review is done", "created_at": "2019-02-11T01:17:03Z",
                "visibility": "discussion", "people_contacted": "Patrick Love", "investigation_procedure": "Read the log",
                "actions_taken": "Account disabled", "impact_determined": "None", "recommendations": "Audit weekly" },
            { "id": "c-3", "text": "", "impact_determined": "None, too", "created_at": "2019-02-11T01:18:03Z" },
        ]);
    });
    send(&mut world, &config, entry).unwrap();
    let notes = seen(&mut world, "10012").notes;
    let internal: Vec<&str> = notes
        .iter()
        .filter(|(kind, _)| kind == "internal")
        .map(|(_, text)| text.as_str())
        .collect();
    assert_eq!(
        internal,
        [
            "Comments: Final review is done\nPeople Contacted: Patrick Love\nInvestigation procedure: Read the log\n\
             Investigative actions taken: Account disabled\nImpact determined: None\nRecommendations: Audit weekly",
            "Comments: reviewing",
            "Impact determined: None, too",
        ],
        "empty parts are left out, and all of them are internal: the preset says so"
    );
}

#[test]
fn what_is_saved_in_connectwise_comes_back_by_a_callback_of_type_ticket_and_level_ticket() {
    let config = config(|c| c["callbacks"]["url"] = json!(RECEIVER));
    let mut world = mapped(&config);
    send(&mut world, &config, case("10012", |_| {})).unwrap();

    step("10, table: one registration for the ticket, of type Ticket and level Ticket");
    let ensure = Command::EnsureCallbacks { url: None };
    run(&mut world, &config, ensure).0.unwrap();
    let registered = world.get("system/callbacks?pageSize=1000");
    assert_eq!(registered.len(), 1, "{registered:#?}");
    let of = |field: &str| {
        registered[0][field]
            .as_str()
            .unwrap_or_default()
            .to_lowercase()
    };
    assert_eq!(
        (of("type"), of("level")),
        ("ticket".to_owned(), "ticket".to_owned())
    );
    assert_eq!(registered[0]["objectId"], 909);
    let mut features = Feature::switched_on(&config);
    features.insert(Feature::Callbacks);
    assert!(
        casewire::least_role(&features)
            .iter()
            .any(|row| row.right == "Callbacks")
    );

    step("10: a record that is saved is updated in the case");
    pass(&mut world, 60);
    world.psa.take_callbacks();
    let mut technician = world.psa.technician("training.admin");
    technician.set_status(909, "In Progress").unwrap();
    technician
        .add_note(909, NoteKind::Internal, "Looking into it")
        .unwrap();
    technician
        .add_time_entry(909, NoteKind::Internal, "Read the log", 15)
        .unwrap();
    technician
        .attach(909, "report.pdf", "Reference document", b"%PDF")
        .unwrap();
    let callbacks = world.take_callbacks();
    assert!(!callbacks.is_empty());
    for callback in callbacks {
        let callback = Box::new(callback);
        run(&mut world, &config, Command::TakeCallback { callback })
            .0
            .unwrap();
    }
    let (mut notes, mut files, mut states) = (Vec::new(), Vec::new(), Vec::new());
    for delivery in told(&world, "10012") {
        match delivery.event {
            Event::CommentAdded { comment } => notes.push(comment),
            Event::AttachmentAdded { attachment } => files.push(attachment.title),
            Event::TicketChanged { .. } => states.push(delivery.ticket.unwrap()),
            Event::TicketCreated => {}
            other => panic!("{other:#?}"),
        }
    }
    step("9.3 steps 2 and 3: notes and time entries are comments of the case");
    let said: Vec<_> = notes
        .iter()
        .map(|note| (note.text.as_str(), note.source, note.visibility))
        .collect();
    assert_eq!(
        said,
        [
            ("Looking into it", CommentSource::Note, Visibility::Internal),
            (
                "Read the log",
                CommentSource::TimeEntry,
                Visibility::Internal
            ),
        ]
    );
    step("9.4: a document is an attachment of the case, with its title");
    assert_eq!(files, ["Reference document"]);
    step("8.1 step 1: the ticket's status is the case's");
    let state = states.last().unwrap();
    assert_eq!(
        (state.status.as_str(), state.case_status.as_deref()),
        ("In Progress", Some("in_progress"))
    );
}

#[test]
fn the_six_things_that_alerts_are_for_are_told_as_events() {
    let config = config(|_| {});
    let mut world = World::new(1);
    step("11.1: group and system mapping failed");
    let inventory = json!({ "groups": [
        { "group": { "id": "48Tech", "email": "it@bigdesign.com" },
            "systems": [{ "id": "48Tech-DC9", "os": "windows", "macs": ["00-15-5D-99-99-99"] }] },
        { "group": { "id": "Bakery", "email": "corner.bakery@gmail.com" } },
    ] });
    let map = asked(json!({ "command": "auto_map", "inventory": inventory }));
    run(&mut world, &config, map).0.unwrap();
    let of = |world: &World, subject: &Subject| -> Vec<Event> {
        let deliveries = world.delivered.values();
        let own = deliveries.filter(|delivery| delivery.subject == *subject);
        own.map(|delivery| delivery.event.clone()).collect()
    };
    let failed = of(&world, &Subject::Group("Bakery".to_owned()));
    assert!(
        matches!(&failed[..], [Event::GroupMappingFailed { reason }] if reason.contains("gmail.com"))
    );
    let failed = of(&world, &Subject::System("48Tech-DC9".to_owned()));
    assert!(
        matches!(&failed[..], [Event::SystemMappingFailed { reason }] if !reason.is_empty()),
        "{failed:?}"
    );

    step("11.1: a ticket is created, modified, closed and reopened, from either side");
    let state = |status: &'static str, comment: bool| {
        case("10012", move |c| {
            c["status"] = json!(status);
            if comment {
                let more = json!({ "id": "c-2", "text": "Final review is done", "created_at": "2019-02-11T01:17:03Z" });
                c["comments"].as_array_mut().unwrap().push(more);
            }
        })
    };
    for case in [
        state("open", false),
        state("open", true),
        state("closed", true),
        state("open", true),
    ] {
        send(&mut world, &config, case).unwrap();
    }
    for status in ["Closed", "In Progress"] {
        pass(&mut world, 600);
        world
            .psa
            .technician("training.admin")
            .set_status(909, status)
            .unwrap();
        run(&mut world, &config, Command::Poll).0.unwrap();
    }
    let events: Vec<Event> = told(&world, "10012")
        .into_iter()
        .map(|told| told.event)
        .collect();
    let (ours, theirs) = (ChangedBy::Case, ChangedBy::ConnectWise);
    assert_eq!(
        events,
        [
            Event::TicketCreated,
            Event::TicketModified,
            Event::TicketClosed { by: ours },
            Event::TicketReopened { by: ours },
            Event::TicketClosed { by: theirs },
            Event::TicketReopened { by: theirs },
        ]
    );
}

#[test]
fn every_status_and_every_priority_has_to_be_mapped() {
    let whole = document(Preset::Netsurion, |_| {});
    let statuses = whole["status_map"]["Professional Services"]["to_case"]
        .as_object()
        .unwrap();
    for status in statuses.keys() {
        step(&format!(
            "8.1 note: without '{status}' the configuration is at fault"
        ));
        let gap = document(Preset::Netsurion, |c| {
            let map = &mut c["status_map"]["Professional Services"]["to_case"];
            map.as_object_mut().unwrap().remove(status);
        });
        // A status that a case becomes is missed before anything is asked, the others once the board is known.
        let mut world = World::new(1);
        let error = match Config::from_json(gap.to_string().as_bytes()) {
            Ok(gap) => run(&mut world, &gap, Command::ReadCatalog).0.unwrap_err(),
            Err(error) => error,
        };
        let named = error.faults.iter().any(|fault| {
            let code = [Code::UnmappedStatus, Code::UnknownStatus].contains(&fault.code);
            code && fault.message.contains(status.as_str()) && !fault.fix.is_empty()
        });
        assert!(named, "{error:#?}");
    }
    for (severity, priority) in whole["priority_map"].as_object().unwrap() {
        step(&format!(
            "8.2 note: without '{severity}' its cases are refused, and its priority is named"
        ));
        let gap = config(|c| {
            c["priority_map"].as_object_mut().unwrap().remove(severity);
        });
        let check = asked(json!({ "command": "preflight" }));
        let Ok(Outcome::Preflight(report)) = run(&mut World::new(1), &gap, check).0 else {
            panic!()
        };
        let named = report.findings.iter().any(|finding| {
            let name = priority.as_str().unwrap();
            finding.code == Code::UnmappedPriority && finding.message.contains(name)
        });
        assert!(named, "{:#?}", report.findings);
        let mut refused = casewire_scenarios::case_document("10012");
        refused["severity"] = json!(severity);
        let settings = Settings::new(gap).unwrap();
        let error = settings
            .case_from_json(refused.to_string().as_bytes())
            .unwrap_err();
        assert_eq!(error.code, Code::UnmappedSeverity);
    }
}
