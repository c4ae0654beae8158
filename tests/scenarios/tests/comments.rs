//! What comments and texts of a case become in ConnectWise: which note, in which form, without which secrets.

#![allow(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a scenario fails by panicking"
)]

use casewire::{Case, CaseOutcome, Command, Config, LeftOutKind, Outcome, Preview};
use casewire_scenarios::{Blow, BlowKind, World, case_document, document, submit};
use serde_json::{Value, json};

fn config(change: impl Fn(&mut Value)) -> Config {
    let mut document = document(true);
    change(&mut document);
    Config::from_json(document.to_string().as_bytes()).unwrap()
}

fn case(change: impl Fn(&mut Value)) -> Case {
    let mut document = case_document("10012");
    change(&mut document);
    Case::from_json(document.to_string().as_bytes()).unwrap()
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

fn preview(world: &mut World, config: &Config, case: Case) -> Preview {
    let command = Command::PreviewCase {
        case: Box::new(case),
    };
    let life = world.live(config, vec![command], None).unwrap();
    life.finished
        .into_iter()
        .find_map(|finished| match finished.result {
            Ok(Outcome::Preview(preview)) => Some(*preview),
            _ => None,
        })
        .unwrap()
}

fn notes(world: &mut World) -> Vec<(String, String)> {
    let tickets = world.look().tickets;
    tickets["acme-soc:10012"][0].notes.clone()
}

fn note(kind: &str, text: &str) -> (String, String) {
    (kind.to_owned(), text.to_owned())
}

/// A case with a comment of each visibility.
fn of_each_visibility(case: &mut Value) {
    case["comments"] = json!([
        {"id": "i", "text": "for **us** only", "created_at": "2019-02-11T02:00:00Z"},
        {"id": "d", "text": "we look **into** it", "visibility": "discussion", "created_at": "2019-02-11T02:01:00Z"},
        {"id": "r", "text": "it was a test", "visibility": "resolution", "created_at": "2019-02-11T02:02:00Z"},
    ]);
}

#[test]
fn comments_become_the_kind_of_note_that_is_asked_for() {
    let [us, into, test] = [
        "Comments: for \\*\\*us\\*\\* only",
        "Comments: we look \\*\\*into\\*\\* it",
        "Comments: it was a test",
    ];
    for (comments, expected, left_out) in [
        (
            Value::Null,
            vec![
                note("internal", us),
                note("internal", into),
                note("internal", test),
            ],
            vec![],
        ),
        (
            json!({"mode": "as_written"}),
            vec![
                note("internal", us),
                note("discussion", into),
                note("resolution", test),
            ],
            vec![],
        ),
        (
            json!({"mode": "discussion"}),
            vec![
                note("discussion", us),
                note("discussion", into),
                note("discussion", test),
            ],
            vec![],
        ),
        // Guide 002: discussion notes only, and Markdown is lost. What technicians say among themselves stays in the host.
        (
            json!({"mode": "discussion_only", "format": "markdown"}),
            vec![
                note("discussion", "Comments: we look into it"),
                note("discussion", test),
            ],
            vec!["i"],
        ),
        (json!({"mode": "none"}), vec![], vec!["i", "d", "r"]),
        (
            json!({"mode": "none", "by_visibility": {"resolution": "internal"}}),
            vec![note("internal", test)],
            vec!["i", "d"],
        ),
        (
            json!({"format": "markdown"}),
            vec![
                note("internal", "Comments: for **us** only"),
                note("internal", "Comments: we look **into** it"),
                note("internal", test),
            ],
            vec![],
        ),
    ] {
        let mut world = World::new(1);
        let config = config(|d| {
            d["ticket"]["initial_description"] = Value::Null;
            if !comments.is_null() {
                d["comments"] = comments.clone();
            }
        });
        let plan = preview(&mut world, &config, case(of_each_visibility))
            .ticket
            .unwrap();
        let stays: Vec<&str> = plan.left_out.iter().map(|left| left.id.as_str()).collect();
        assert_eq!(stays, left_out, "{comments}");
        assert!(
            plan.left_out
                .iter()
                .all(|left| left.what == LeftOutKind::Comment && !left.reason.is_empty())
        );
        send(&mut world, &config, case(of_each_visibility));
        let mut expected = expected;
        expected.sort();
        assert_eq!(notes(&mut world), expected, "{comments}");
    }
}

#[test]
fn html_is_shown_as_text_and_nothing_of_it_can_be_clicked() {
    let mut world = World::new(1);
    let config = config(|d| d["comments"] = json!({"format": "html"}));
    let html = "<p>Mail from <a href=\"http://evil.example/x\">your bank</a></p><script>steal()</script>\
        <ul><li>opened</li><li>[click](http://evil.example)</li></ul><img src=\"http://evil.example/p.png\">";
    send(
        &mut world,
        &config,
        case(|c| {
            c["description"] = json!(html);
            c["artifacts"] =
                json!([{"type": "subject", "value": "a < b & [x](http://evil.example)"}]);
            c["comments"] = json!([
                {"id": "1", "text": html, "created_at": "2019-02-11T02:00:00Z"},
                {"id": "2", "text": "1 < 2", "format": "plain", "created_at": "2019-02-11T02:01:00Z"},
            ]);
        }),
    );
    let body = "Mail from your bank (http\\://evil.example/x)\n\n- opened\n- \\[click](http\\://evil.example)";
    assert_eq!(
        notes(&mut world),
        [
            note(
                "discussion",
                &format!("{body}\nsubject: a < b & \\[x](http\\://evil.example)")
            ),
            note("internal", "Comments: 1 < 2"),
            note("internal", &format!("Comments: {body}")),
        ]
    );
}

#[test]
fn a_template_s_own_words_may_be_markup_and_what_it_prints_may_not() {
    let mut world = World::new(1);
    let config = config(|d| {
        d["ticket"]["initial_description"] = json!(
            "**{{ case.title }}** [console](https://soc.example/{{ case.id }})\n{% for a in case.artifacts %}- {{ a.value }}\n{% endfor %}"
        );
    });
    send(
        &mut world,
        &config,
        case(|c| {
            c["title"] = json!("**x** <b>");
            c["artifacts"] = json!([{"type": "url", "value": "https://evil.example"}]);
        }),
    );
    let said =
        "**\\*\\*x\\*\\* \\<b>** [console](https://soc.example/10012)\n- https\\://evil.example";
    assert!(
        notes(&mut world).contains(&note("discussion", said)),
        "{:?}",
        notes(&mut world)
    );
}

#[test]
fn secrets_are_taken_out_of_every_text_and_counted() {
    let mut world = World::new(1);
    let config = config(|d| {
        d["redaction"] = json!({
            "patterns": ["email", "ipv4", "credit_card", "cloud_key", "private_key"],
            "custom": [{"name": "employee number", "mask": "EMP-####"}],
        });
    });
    let secretive = |c: &mut Value| {
        c["title"] = json!("Login of john@bigdesign.com");
        c["description"] = json!("from 192.168.4.78 by EMP-1234, card 4111 1111 1111 1111");
        c["artifacts"] = json!([]);
        c["comments"][0]["text"] =
            json!("key AKIAIOSFODNN7EXAMPLE sent to a@b.example and c@d.example");
    };
    let plan = preview(&mut world, &config, case(secretive))
        .ticket
        .unwrap();
    for (field, said) in [
        ("summary", "redacted: 1 × e-mail address"),
        (
            "initialDescription",
            "redacted: 1 × IP address, 1 × card number, 1 × employee number",
        ),
        (
            "initialInternalAnalysis",
            "redacted: 1 × cloud key, 2 × e-mail address",
        ),
    ] {
        let reason = &plan.field(field).unwrap().reason;
        assert!(reason.ends_with(said), "{reason}");
    }
    send(&mut world, &config, case(secretive));
    let ticket = world.look().tickets["acme-soc:10012"][0].clone();
    assert_eq!(
        ticket.summary,
        "EventTracker Case #10012 - Login of (redacted: e-mail address)"
    );
    assert_eq!(
        ticket.notes,
        [
            note(
                "discussion",
                "from (redacted: IP address) by (redacted: employee number), card (redacted: card number)"
            ),
            note(
                "internal",
                "Comments: key (redacted: cloud key) sent to (redacted: e-mail address) and (redacted: e-mail address)"
            ),
        ]
    );
}

#[test]
fn a_long_note_is_cut_at_its_limit() {
    let mut world = World::new(1);
    let config = config(|d| d["comments"] = json!({"max_length": 100}));
    let long = |c: &mut Value| c["comments"][0]["text"] = json!("😀".repeat(200));
    send(&mut world, &config, case(long));
    let text = notes(&mut world)
        .into_iter()
        .find(|(kind, _)| kind == "internal")
        .unwrap()
        .1;
    assert!(text.ends_with("😀…"), "{text}");
    assert!(text.encode_utf16().count() <= 100);
}

fn resolved(case: &mut Value) {
    case["status"] = json!("closed");
    case["close_reason"] = json!("fixed");
}

#[test]
fn how_it_ended_is_said_once_for_each_closing_whatever_goes_wrong() {
    let config = config(|d| {
        d["comments"] = json!({"resolution": "Closed as {{ case.close_reason or 'cleared' }}."});
    });
    let resolutions = |world: &mut World| {
        let notes = notes(world).into_iter();
        let of_kind =
            notes.filter(|(kind, text)| kind == "resolution" && text == "Closed as fixed.");
        of_kind.count()
    };
    let mut before = World::new(1);
    send(&mut before, &config, case(|_| {}));
    let life = before
        .clone()
        .live(&config, submit(vec![case(resolved)]), None)
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
                .live(&config, submit(vec![case(resolved)]), Some(&blow))
                .unwrap();
            world
                .live(&config, submit(vec![case(resolved)]), None)
                .unwrap();
            assert_eq!(resolutions(&mut world), 1, "{blow}");
            assert!(world.look().tickets["acme-soc:10012"][0].closed, "{blow}");
        }
    }
    // Opened again and closed again, it is said again; a closed case that changes says nothing new.
    let mut world = before;
    send(&mut world, &config, case(resolved));
    send(&mut world, &config, case(|_| {}));
    send(&mut world, &config, case(resolved));
    send(
        &mut world,
        &config,
        case(|c| {
            resolved(c);
            c["severity"] = json!("medium");
        }),
    );
    assert_eq!(resolutions(&mut world), 2);
}
