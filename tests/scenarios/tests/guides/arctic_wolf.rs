//! Guide 002 (Arctic Wolf), steps 2, 3 and 5 to 7 and "Create a ConnectWise ticket", from the preset `arctic-wolf`.

use crate::{case, document, pass, read, run, send, step, tested, told};
use casewire::{
    AttachmentContent, Case, CaseResult, Code, Command, Config, Event, Outcome, PollReport, Preset,
    Visibility,
};
use casewire_scenarios::{
    World,
    arctic_wolf::{TRIGGER, make_status, make_ticket},
};
use casewire_simulator::NoteKind;
use serde_json::{Value, json};

/// Step 5: tickets are for the company with this id.
fn config(change: impl Fn(&mut Value)) -> Config {
    read(&document(Preset::ArcticWolf, |c| {
        c["companies"]["map"] =
            json!([{ "group": "48Tech", "company": { "identifier": "BigDesign" } }]);
        change(c);
    }))
}

fn world() -> World {
    let mut world = World::new(1);
    make_status(&mut world);
    world
}

fn poll(world: &mut World, config: &Config) -> PollReport {
    pass(world, 60);
    match run(world, config, Command::Poll).0 {
        Ok(Outcome::Polled(report)) => *report,
        other => panic!("{other:#?}"),
    }
}

/// The host's own case for what was asked for; its user is a listed contact.
fn own(id: &str, change: impl Fn(&mut Value)) -> Case {
    case(id, |c| {
        c["system"] = Value::Null;
        c["comments"] = json!([]);
        c["user"] = json!({ "name": "Patrick Love", "email": "patrick.love@bigdesign.com" });
        change(c);
    })
}

#[test]
fn one_board_and_one_status_are_chosen_and_a_ticket_in_it_becomes_a_case() {
    let config = config(|_| {});
    step("2: all tickets that are synced use one board");
    let trigger = config.inbound.trigger.as_ref().unwrap();
    assert!(
        config
            .routes
            .iter()
            .all(|route| route.board == Some(trigger.board.clone()))
    );
    let elsewhere = document(Preset::ArcticWolf, |c| {
        c["inbound"]["trigger"]["board"] = json!("Another Board");
    });
    let error = Config::from_json(elsewhere.to_string().as_bytes())
        .and_then(casewire::Settings::new)
        .err();
    let faults = error.map(|error| error.faults).unwrap_or_default();
    assert!(
        faults
            .iter()
            .any(|fault| fault.pointer.starts_with("/inbound/trigger/board")),
        "{faults:?}"
    );

    step("3: the status is missing until it is made");
    let mut world = World::new(1);
    assert_eq!(
        tested(&mut world, &config),
        [Code::UnknownStatus; 2],
        "of the trigger, and of the map"
    );
    make_status(&mut world);
    step("6.7: Test and Submit Credentials");
    assert_eq!(tested(&mut world, &config), []);

    step("Create a ticket, steps 1 to 6");
    let id = make_ticket(&mut world, &json!({}));
    assert_eq!(poll(&mut world, &config).requested, 1);
    let requested = told(&world, "ticket-909");
    assert!(
        matches!(&requested[0].event, Event::CaseRequested { request } if request.groups == ["48Tech"])
    );

    step("3: once syncing has started, the status does not matter");
    for status in ["In Progress", "Waiting Customer Response", TRIGGER] {
        pass(&mut world, 60);
        world
            .psa
            .technician("training.admin")
            .set_status(id, status)
            .unwrap();
        let report = poll(&mut world, &config);
        assert_eq!((report.requested, report.synced), (0, 1), "{status}");
    }

    step("note: the person must be a listed contact, and the ticket says so");
    let stranger = make_ticket(
        &mut world,
        &json!({ "contactEmailAddress": "nobody@elsewhere.example" }),
    );
    let report = poll(&mut world, &config);
    assert_eq!((report.requested, report.refused), (0, 1));
    let notes = world.get(&format!("service/tickets/{stranger}/notes"));
    assert_eq!(notes.len(), 1, "{notes:#?}");
    assert_eq!(notes[0]["internalAnalysisFlag"], true);
    let refused = own("10013", |c| {
        c["user"]["email"] = json!("nobody@elsewhere.example")
    });
    assert!(
        send(&mut world, &config, refused).is_err(),
        "and so must that of a case of the host"
    );
}

#[test]
fn discussion_notes_and_attachments_come_in_and_internal_notes_do_not() {
    let (mut world, config) = (world(), config(|_| {}));
    let id = make_ticket(&mut world, &json!({}));
    poll(&mut world, &config);
    send(&mut world, &config, own("ticket-909", |_| {})).unwrap();
    poll(&mut world, &config);

    step("7.1 to 7.4: a new note with Discussion checked, and an attachment");
    pass(&mut world, 60);
    let mut technician = world.psa.technician("training.admin");
    technician
        .add_note(id, NoteKind::Discussion, "See the attached log")
        .unwrap();
    technician
        .add_note(id, NoteKind::Internal, "Not for the vendor")
        .unwrap();
    technician
        .add_note(id, NoteKind::Resolution, "Nor this")
        .unwrap();
    technician.attach(id, "log.txt", "Log", b"1102").unwrap();
    assert_eq!(poll(&mut world, &config).synced, 1);
    let (mut comments, mut files) = (Vec::new(), Vec::new());
    for delivery in told(&world, "ticket-909") {
        match delivery.event {
            Event::CommentAdded { comment } => comments.push((comment.text, comment.visibility)),
            Event::AttachmentAdded { attachment } => files.push(attachment),
            _ => {}
        }
    }
    assert_eq!(
        comments,
        [("See the attached log".to_owned(), Visibility::Discussion)]
    );
    let AttachmentContent::Stored { token, .. } = &files[0].content else {
        panic!("{files:#?}")
    };
    assert_eq!(
        (files.len(), world.received[token].as_slice()),
        (1, b"1102".as_slice())
    );

    step("third note: a file of the Attachments tab comes without waiting for a comment");
    pass(&mut world, 60);
    world
        .psa
        .technician("training.admin")
        .attach(id, "more.txt", "More", b"4624")
        .unwrap();
    poll(&mut world, &config);
    let more = told(&world, "ticket-909");
    assert!(
        matches!(&more.last().unwrap().event, Event::AttachmentAdded { attachment } if attachment.title == "More")
    );

    step("note of step 7.3: a file of 50 MB does not come, and the case is told");
    pass(&mut world, 60);
    let large = vec![b'x'; 50_000_000];
    world
        .psa
        .technician("training.admin")
        .attach(id, "dump.bin", "Memory dump", &large)
        .unwrap();
    poll(&mut world, &config);
    let last = told(&world, "ticket-909").pop().unwrap();
    println!("  {last:?}");
    let Event::AttachmentAdded { attachment } = last.event else {
        panic!("{last:#?}")
    };
    assert_eq!(attachment.title, "Memory dump");
    assert!(
        matches!(attachment.content, AttachmentContent::LeftOut { .. }),
        "{attachment:#?}"
    );
}

#[test]
fn the_host_s_comments_are_discussion_notes_and_its_files_go_with_one_up_to_50_mb_together() {
    let (mut world, config) = (world(), config(|_| {}));
    let names = ["a", "b", "c"];
    // 50 MB together, which is not below 50 MB.
    let size = |name: &str| if name == "c" { 10_000_000 } else { 20_000_000 };
    for name in names {
        world
            .files
            .insert(format!("files/{name}"), vec![b'x'; size(name)]);
    }
    let file = |name: &str| json!({ "id": name, "file_name": format!("{name}.txt"), "size": size(name), "token": format!("files/{name}") });
    let with_files = |c: &mut Value| c["attachments"] = names.map(file).to_vec().into();

    step("note of step 7.3: no attachment without a comment");
    let outcome = send(&mut world, &config, own("10012", with_files)).unwrap();
    assert_eq!(outcome.outcome, CaseResult::Opened);
    let codes: Vec<Code> = outcome
        .warnings
        .iter()
        .map(|warning| warning.code)
        .collect();
    assert_eq!(codes, [Code::AttachmentWaiting; 3]);
    assert_eq!(
        crate::seen(&mut world, "10012").documents,
        Vec::<String>::new()
    );

    step("with a comment they go, as long as they are below 50 MB in all");
    let commented = |c: &mut Value| {
        with_files(c);
        c["comments"] = json!([
            { "id": "c-1", "text": "See the files", "visibility": "discussion", "created_at": "2019-02-11T02:00:00Z" },
            { "id": "c-2", "text": "Ours alone", "visibility": "internal", "created_at": "2019-02-11T02:00:00Z" },
        ]);
    };
    let outcome = send(&mut world, &config, own("10012", commented)).unwrap();
    let codes: Vec<Code> = outcome
        .warnings
        .iter()
        .map(|warning| warning.code)
        .collect();
    assert_eq!(codes, [Code::AttachmentRefused], "{:#?}", outcome.warnings);
    let seen = crate::seen(&mut world, "10012");
    assert_eq!(seen.documents.len(), 2);
    let notes: Vec<_> = seen
        .notes
        .iter()
        .filter(|(_, text)| !text.contains("audit log"))
        .collect();
    assert!(
        matches!(&notes[..], [(kind, text)] if kind == "discussion" && text.contains("See the files")),
        "{notes:?}"
    );
}
