//! Which attachments become documents: limits, types, comments that go with them, files that the ticket holds already.

#![allow(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a scenario fails by panicking"
)]

use casewire::{Case, CaseOutcome, CaseResult, Code, Command, Config, LeftOutKind, Outcome};
use casewire_scenarios::{Blow, BlowKind, World, case_document, document, submit};
use serde_json::{Value, json};

fn config(attachments: Value) -> Config {
    let mut document = document(true);
    if !attachments.is_null() {
        document["attachments"] = attachments;
    }
    Config::from_json(document.to_string().as_bytes()).unwrap()
}

/// A case with these files: id, name, length.
fn case(files: &[(&str, &str, usize)], change: impl Fn(&mut Value)) -> Case {
    let mut document = case_document("10012");
    document["attachments"] = files
        .iter()
        .map(|(id, name, size)| {
            json!({"id": id, "file_name": name, "size": size, "token": format!("files/{id}"),
                "created_at": "2019-02-11T03:00:00Z"})
        })
        .collect();
    change(&mut document);
    Case::from_json(document.to_string().as_bytes()).unwrap()
}

fn world(files: &[(&str, &str, usize)]) -> World {
    let mut world = World::new(1);
    for (id, _, size) in files {
        world.files.insert(format!("files/{id}"), vec![b'x'; *size]);
    }
    world
}

fn send(world: &mut World, config: &Config, case: Case) -> CaseOutcome {
    let life = world.live(config, submit(vec![case]), None).unwrap();
    let own = life
        .finished
        .into_iter()
        .find(|finished| finished.case_id.is_some());
    match own.unwrap().result.unwrap() {
        Outcome::Case(outcome) => outcome,
        other => panic!("{other:?}"),
    }
}

fn documents(world: &mut World) -> Vec<String> {
    world.look().tickets["acme-soc:10012"][0].documents.clone()
}

/// Codes of the warnings, and the ids that they name.
fn warned(outcome: &CaseOutcome) -> Vec<(Code, String)> {
    let id = |text: &str| text.split('\'').nth(1).unwrap_or_default().to_owned();
    let warnings = outcome.warnings.iter();
    warnings
        .map(|error| (error.code, id(&error.message)))
        .collect()
}

#[test]
fn all_documents_of_a_ticket_together_keep_the_limit_and_each_refusal_is_told_once() {
    let files = [
        ("a", "a.txt", 60),
        ("b", "b.txt", 50),
        ("c", "c.txt", 40),
        ("d", "d.txt", 1),
    ];
    let mut world = world(&files);
    let config = config(json!({"total_bytes": 100}));
    // One by one, over three submissions: none of them is above the limit by itself.
    let first = send(&mut world, &config, case(&files[..1], |_| {}));
    assert_eq!(warned(&first), []);
    let second = send(&mut world, &config, case(&files[..2], |_| {}));
    assert_eq!(warned(&second), [(Code::AttachmentRefused, "b".to_owned())]);
    assert!(
        second.warnings[0]
            .message
            .contains("more than 100 together"),
        "{second:?}"
    );
    let third = send(&mut world, &config, case(&files, |_| {}));
    assert_eq!(warned(&third), [(Code::AttachmentRefused, "d".to_owned())]);
    assert_eq!(documents(&mut world), ["a.txt", "c.txt"]);
    let again = send(
        &mut world,
        &config,
        case(&files, |c| c["severity"] = json!("medium")),
    );
    assert_eq!(warned(&again), []);
}

#[test]
fn types_and_sizes_are_refused_by_rule_and_the_preview_says_so_beforehand() {
    let files = [
        ("1", "log.TXT", 5),
        ("2", "run.exe", 5),
        ("3", "invoice.exe.txt", 5),
        ("4", "big.txt", 50),
        ("5", "noextension", 5),
        ("6", "data.json", 5),
    ];
    let mut world = world(&files);
    let config = config(json!({"allowed": ["txt", ".json"], "denied": ["EXE"], "file_bytes": 40}));
    let command = Command::PreviewCase {
        case: Box::new(case(&files, |_| {})),
    };
    let life = world.live(&config, vec![command], None).unwrap();
    let preview = life
        .finished
        .into_iter()
        .find_map(|finished| match finished.result {
            Ok(Outcome::Preview(preview)) => Some(preview),
            _ => None,
        });
    let plan = preview.unwrap().ticket.unwrap();
    let left: Vec<(&str, &str)> = plan
        .left_out
        .iter()
        .map(|left| {
            assert_eq!(left.what, LeftOutKind::Attachment);
            (left.id.as_str(), left.reason.as_str())
        })
        .collect();
    assert_eq!(
        left,
        [
            ("2", "files of type 'exe' are denied"),
            ("3", "files of type 'exe' are denied"),
            ("4", "its 50 bytes are more than 40"),
            ("5", "files of type '' are not among those allowed"),
        ]
    );
    let outcome = send(&mut world, &config, case(&files, |_| {}));
    assert_eq!(outcome.outcome, CaseResult::Opened);
    let refused: Vec<String> = warned(&outcome).into_iter().map(|(_, id)| id).collect();
    assert_eq!(refused, ["2", "3", "4", "5"]);
    assert_eq!(documents(&mut world), ["data.json", "log.TXT"]);
}

#[test]
fn guide_002_an_attachment_goes_with_a_comment() {
    let files = [("a", "a.txt", 5), ("b", "b.txt", 5)];
    let mut world = world(&files);
    let config = config(json!({"with_comment": true}));
    let waiting = send(&mut world, &config, case(&files, |_| {}));
    assert_eq!(
        warned(&waiting),
        [
            (Code::AttachmentWaiting, "a".to_owned()),
            (Code::AttachmentWaiting, "b".to_owned())
        ]
    );
    assert_eq!(documents(&mut world), Vec::<String>::new());
    let named = |c: &mut Value| {
        c["attachments"][0]["comment"] = json!("c-9");
        c["attachments"][1]["comment"] = json!("c-10");
        let comment =
            json!({"id": "c-9", "text": "see the file", "created_at": "2019-02-11T02:00:00Z"});
        c["comments"].as_array_mut().unwrap().push(comment);
    };
    let one = send(&mut world, &config, case(&files, named));
    assert_eq!(warned(&one), [(Code::AttachmentWaiting, "b".to_owned())]);
    assert_eq!(documents(&mut world), ["a.txt"]);
    let later = |c: &mut Value| {
        let comment =
            json!({"id": "c-11", "text": "and that", "created_at": "2019-02-11T04:00:00Z"});
        c["comments"].as_array_mut().unwrap().push(comment);
    };
    send(&mut world, &config, case(&files, later));
    assert_eq!(documents(&mut world), ["a.txt", "b.txt"]);
}

#[test]
fn a_file_that_the_ticket_holds_is_known_by_its_hash_whatever_goes_wrong() {
    let files = [
        ("a", "a.txt", 5),
        ("b", "copy of a.txt", 5),
        ("c", "c.txt", 6),
    ];
    let same = |c: &mut Value| {
        c["attachments"][0]["sha256"] = json!("AB".repeat(32));
        c["attachments"][1]["sha256"] = json!("ab".repeat(32));
        c["attachments"][2]["sha256"] = json!("cd".repeat(32));
    };
    for config in [config(Value::Null), config(json!({}))] {
        let before = world(&files);
        let life = before
            .clone()
            .live(&config, submit(vec![case(&files, same)]), None)
            .unwrap();
        for at in 1..=life.effects {
            for kind in [
                BlowKind::DiesBefore,
                BlowKind::DiesAfter,
                BlowKind::StoreAnswerLost,
            ] {
                let mut world = before.clone();
                let blow = Blow { at, kind };
                world
                    .live(&config, submit(vec![case(&files, same)]), Some(&blow))
                    .unwrap();
                send(&mut world, &config, case(&files, same));
                assert_eq!(documents(&mut world), ["a.txt", "c.txt"], "{blow}");
            }
        }
    }
}

#[test]
fn guide_001_the_first_record_is_shown_later_ones_are_attached_and_a_failed_upload_keeps_the_ticket()
 {
    let files = [("r-2", "record-2.txt", 7), ("r-3", "record-3.txt", 7)];
    let mut world = world(&files);
    // The host cannot read its second file any more.
    world.files.remove("files/r-2");
    let mut document = document(true);
    document["ticket"]["initial_description"] = json!(
        "{% for a in case.artifacts %}{% if loop.first %}{{ a.type }}: {{ a.value }}{% endif %}{% endfor %}"
    );
    let config = Config::from_json(document.to_string().as_bytes()).unwrap();
    let records = |c: &mut Value| {
        c["artifacts"] =
            json!([{"type": "who", "value": "John"}, {"type": "what", "value": "Log"}]);
    };
    let outcome = send(&mut world, &config, case(&files, records));
    assert_eq!(outcome.outcome, CaseResult::Opened);
    assert_eq!(outcome.warnings.len(), 1, "{outcome:?}");
    assert_eq!(outcome.warnings[0].code, Code::NotFetched);
    let ticket = world.look().tickets["acme-soc:10012"][0].clone();
    assert!(
        ticket
            .notes
            .contains(&("discussion".to_owned(), "who: John".to_owned()))
    );
    assert_eq!(ticket.documents, ["record-3.txt"]);
    let again = send(
        &mut world,
        &config,
        case(&files, |c| {
            records(c);
            c["severity"] = json!("medium");
        }),
    );
    assert_eq!(again.warnings, []);
}
