//! Bad input is refused whole: with all of its faults, each with a JSON pointer and a fix, and with no request sent, or
//! none but reads where only the instance can tell.

use casewire::{Case, Code, Command, Config, Connector, Credentials, Error, Options, Timestamp};
use casewire_scenarios::{World, case_document, configuration, document, submit};
use serde_json::{Value, json};

/// What is changed, under which name, and the faults that it must be refused with.
type Row = (
    &'static str,
    fn(&mut Value),
    &'static [(&'static str, Code)],
);

/// Refused, with exactly these pointers and codes, each with a fix.
fn assert_refused(error: &Error, expected: &[(&str, Code)]) {
    let faults: Vec<_> = error
        .faults
        .iter()
        .map(|fault| (fault.pointer.as_str(), fault.code))
        .collect();
    assert_eq!(faults, expected, "{error}");
    for fault in &error.faults {
        assert!(
            !fault.message.is_empty() && !fault.fix.is_empty(),
            "{fault:?}"
        );
    }
}

fn config(change: impl Fn(&mut Value)) -> Result<Config, Error> {
    let mut document = document(true);
    change(&mut document);
    Config::from_json(document.to_string().as_bytes())
}

fn case(change: impl Fn(&mut Value)) -> Result<Case, Error> {
    let mut document = case_document("10012");
    change(&mut document);
    Case::from_json(document.to_string().as_bytes())
}

#[test]
fn configurations_are_refused_before_anything_is_begun() {
    let table: &[Row] = &[
        (
            "unknown key",
            |c| c["routes"][0]["bord"] = json!("x"),
            &[("/routes/0/bord", Code::UnknownKey)],
        ),
        (
            "http site",
            |c| c["connection"]["site"] = json!("http://psa.example"),
            &[("/connection/site", Code::InsecureSite)],
        ),
        (
            "template that does not compile",
            |c| c["ticket"]["summary"] = json!("{{ case.title"),
            &[("/ticket/summary", Code::InvalidTemplate)],
        ),
        (
            "template with an unknown name",
            |c| c["ticket"]["summary"] = json!("{{ case.titel }}"),
            &[("/ticket/summary", Code::InvalidTemplate)],
        ),
        (
            "field that may not be written",
            |c| c["ticket"]["fields"] = json!([{ "field": "closedFlag", "from": "case.status" }]),
            &[("/ticket/fields/0/field", Code::UnknownField)],
        ),
        (
            "a value that an enumeration lacks",
            |c| c["ticket"]["impact"] = json!("Huge"),
            &[("/ticket/impact", Code::InvalidValue)],
        ),
        (
            "several at once",
            |c| {
                c["connection"]["site"] = json!("http://psa.example");
                c["limits"]["concurrency"] = json!("eight");
                c["priorty_map"] = json!({});
                c["ticket"]["summary"] = json!("{% for %}");
            },
            &[
                ("/connection/site", Code::InsecureSite),
                ("/limits/concurrency", Code::InvalidValue),
                ("/priorty_map", Code::UnknownKey),
                ("/ticket/summary", Code::InvalidTemplate),
            ],
        ),
    ];
    for (name, change, expected) in table {
        println!("{name}");
        assert_refused(&config(change).unwrap_err(), expected);
    }
    let error = Config::from_json(b"{\"version\": 1,").unwrap_err();
    assert_refused(&error, &[("", Code::MalformedJson)]);
    assert!(error.faults[0].message.contains("line 1"), "{error}");
    assert_refused(
        &Config::from_json(b"{\"version\": \"\xff\"}").unwrap_err(),
        &[("", Code::InvalidUtf8)],
    );
    let unknown = config(|c| c["routes"][0]["bord"] = json!("x")).unwrap_err();
    assert!(
        unknown.faults[0].fix.contains("'board'"),
        "the nearest known key: {unknown}"
    );
}

#[test]
fn cases_are_refused_before_any_effect() {
    let table: &[Row] = &[
        (
            "severity without a priority",
            |c| c["severity"] = json!("odd"),
            &[("/severity", Code::UnmappedSeverity)],
        ),
        (
            "status without a mapping",
            |c| c["status"] = json!("odd"),
            &[("/status", Code::UnmappedStatus)],
        ),
        (
            "control character",
            |c| c["title"] = json!("a\u{7}b"),
            &[("/title", Code::ControlCharacter)],
        ),
        (
            "empty title",
            |c| c["title"] = json!(" "),
            &[("/title", Code::InvalidValue)],
        ),
        (
            "long id",
            |c| c["id"] = json!("x".repeat(201)),
            &[("/id", Code::TooLong)],
        ),
        (
            "10 MB description",
            |c| c["description"] = json!("x".repeat(10_000_000)),
            &[("/description", Code::TooLong)],
        ),
        (
            "unknown key",
            |c| c["severty"] = json!("low"),
            &[("/severty", Code::UnknownKey)],
        ),
        (
            "missing key",
            |c| drop(c.as_object_mut().unwrap().remove("severity")),
            &[("/severity", Code::MissingKey)],
        ),
        (
            "several at once",
            |c| {
                c["title"] = json!("");
                c["severity"] = json!("odd");
                c["comments"][0]["text"] = json!("x".repeat(2_000_000));
            },
            &[
                ("/comments/0/text", Code::TooLong),
                ("/severity", Code::UnmappedSeverity),
                ("/title", Code::InvalidValue),
            ],
        ),
    ];
    let now = Timestamp::from_millis(1_549_847_234_000);
    let keys = Credentials::added_by_host();
    let mut connector = Connector::new(configuration(true), keys, Options::default(), now).unwrap();
    for (name, change, expected) in table {
        println!("{name}");
        let mut document = case_document("10012");
        change(&mut document);
        // What the form shows is refused when it is read, what only the configuration shows when it is submitted; a host
        // that asks for both at once gets all.
        let error = match serde_json::from_value::<Case>(document) {
            Ok(case) => connector
                .submit(
                    Command::SubmitCase {
                        case: Box::new(case),
                    },
                    now,
                )
                .unwrap_err(),
            Err(_) => case(change).unwrap_err(),
        };
        assert_refused(&error, expected);
    }
}

#[test]
fn what_only_the_instance_can_tell_is_refused_with_reads_alone() {
    let table: &[Row] = &[
        (
            "unknown type",
            |c| c["routes"][0]["type"] = json!("Securty"),
            &[("/routes/0/type", Code::UnknownType)],
        ),
        (
            "unknown subtype",
            |c| c["routes"][0]["subtype"] = json!("Odd"),
            &[("/routes/0/subtype", Code::UnknownSubtype)],
        ),
        (
            "unknown priority",
            |c| c["priority_map"]["medium"] = json!("P9"),
            &[("/priority_map/medium", Code::UnknownPriority)],
        ),
        (
            "status of another board",
            |c| {
                c["routes"][0]["status"]["updated"] = json!("Completed");
                c["status_map"]["Professional Services"]["to_case"]["Completed"] = json!("open");
            },
            &[
                ("/routes/0/status/updated", Code::UnknownStatus),
                (
                    "/status_map/Professional Services/to_case/Completed",
                    Code::UnknownStatus,
                ),
            ],
        ),
        (
            "inactive status",
            |c| {
                c["routes"][0]["status"]["created"] = json!("Escalated (old)");
                c["status_map"]["Professional Services"]["to_case"]["Escalated (old)"] =
                    json!("open");
            },
            &[("/routes/0/status/created", Code::Inactive)],
        ),
        (
            "inactive type and item",
            |c| {
                c["routes"][0]["type"] = json!("Legacy");
                c["routes"][0]["item"] = json!("Pager");
            },
            &[
                ("/routes/0/item", Code::Inactive),
                ("/routes/0/type", Code::Inactive),
            ],
        ),
        (
            "inactive board",
            |c| {
                c["routes"][0]["board"] = json!("Help Desk (retired)");
                let map = json!({"to_case": {"New": "open", "Closed": "closed"}, "to_ticket": {"open": "New", "in_progress": "New", "closed": "Closed"}});
                c["status_map"]["Help Desk (retired)"] = map;
                c["routes"][0]["status"] = json!({"created": "New", "cleared": "Closed"});
            },
            &[
                ("/routes/0/board", Code::Inactive),
                ("/status_map/Help Desk (retired)", Code::Inactive),
            ],
        ),
        (
            "subtype of another type",
            |c| c["routes"][0]["subtype"] = json!("Outage"),
            &[("/routes/0/subtype", Code::NotAssociated)],
        ),
        (
            "item of another subtype",
            |c| c["routes"][0]["item"] = json!("Endpoint"),
            &[("/routes/0/item", Code::NotAssociated)],
        ),
        (
            "status without a case status",
            |c| {
                drop(
                    c["status_map"]["Professional Services"]["to_case"]
                        .as_object_mut()
                        .unwrap()
                        .remove("Waiting Customer Response"),
                )
            },
            &[(
                "/status_map/Professional Services/to_case",
                Code::UnmappedStatus,
            )],
        ),
    ];
    for (name, change, expected) in table {
        println!("{name}");
        let mut world = World::new(1);
        let life = world
            .live(
                &config(change).unwrap(),
                submit(vec![case(|_| {}).unwrap()]),
                None,
            )
            .unwrap();
        let failed: Vec<_> = life
            .finished
            .iter()
            .filter_map(|finished| finished.result.as_ref().err())
            .collect();
        assert_eq!(failed.len(), 1);
        assert_refused(failed[0], expected);
        assert!(
            life.sent.iter().all(|request| request.starts_with("GET ")),
            "{:?}",
            life.sent
        );
        assert!(world.look().tickets.is_empty());
    }
    let mut world = World::new(1);
    let board = config(|c| {
        c["routes"][0]["board"] = json!("Profesional Services");
        let map = c["status_map"]["Professional Services"].take();
        c["status_map"] = json!({ "Profesional Services": map });
    });
    let life = world
        .live(&board.unwrap(), submit(vec![case(|_| {}).unwrap()]), None)
        .unwrap();
    let error = life
        .finished
        .iter()
        .find_map(|finished| finished.result.as_ref().err())
        .unwrap();
    assert!(
        error
            .faults
            .iter()
            .all(|fault| fault.code == Code::UnknownBoard),
        "{error}"
    );
    assert!(
        error.faults[0].fix.contains("'Professional Services'"),
        "{error}"
    );
}
