//! The probe: asked of an instance that plays either side of a contradiction, it tells that side; it leaves nothing behind; and
//! the stories are told on every side.

#![allow(
    clippy::panic,
    clippy::print_stdout,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a scenario prints its steps and fails by panicking"
)]

use casewire::{
    Code, Command, Connector, Credentials, ImportFilter, ImportKind, LineBreaks, Options, Outcome,
    ProbeReport, QUESTIONS, Timestamp,
};
use casewire_scenarios::{Blow, BlowKind, Life, STORIES, World, configuration};
use casewire_simulator::{
    CustomFieldsWrite, ForeignStatus, LengthUnit, Level, LinkedTwice, Module, Quirks, QuoteEscape,
    ReadOnlyName, SubPath, TooLong, Wildcard,
};
use std::{collections::BTreeSet, time::Duration};

/// A side of a contradiction: how the instance plays it, and what the probe must conclude.
type Side = (&'static str, &'static str, fn(&mut Quirks));

const SIDES: &[Side] = &[
    ("in", "yes", |_| {}),
    ("in", "no", |q| q.no_in_operator = true),
    ("wildcard", "star", |_| {}),
    ("wildcard", "percent", |q| q.wildcard = Wildcard::Percent),
    ("quote", "backslash", |_| {}),
    ("quote", "doubled", |q| {
        q.quote_escape = QuoteEscape::Doubled
    }),
    ("quote", "neither", |q| q.quote_escape = QuoteEscape::None),
    ("backslash", "doubled", |_| {}),
    ("backslash", "plain", |q| {
        q.quote_escape = QuoteEscape::Doubled
    }),
    ("dates", "utc", |_| {}),
    ("dates", "date_only", |q| q.iso_dates_find_nothing = true),
    ("not_before", "yes", |_| {}),
    ("not_before", "no", |q| q.iso_dates_find_nothing = true),
    ("long_summary", "refused", |_| {}),
    ("long_summary", "cut", |q| q.too_long = TooLong::Truncated),
    ("length_unit", "utf16", |_| {}),
    ("length_unit", "utf16", |q| q.too_long = TooLong::Truncated),
    ("length_unit", "characters", |q| {
        q.length_unit = LengthUnit::Characters
    }),
    ("length_unit", "bytes", |q| {
        q.length_unit = LengthUnit::Bytes
    }),
    ("length_unit", "bytes", |q| {
        q.length_unit = LengthUnit::Bytes;
        q.too_long = TooLong::Truncated;
    }),
    ("note_lines", "kept", |_| {}),
    ("note_lines", "folded", |q| q.single_line_notes = true),
    ("description_lines", "kept", |_| {}),
    ("description_lines", "folded", |q| {
        q.single_line_notes = true
    }),
    ("note_flags", "agree", |_| {}),
    ("note_flags", "contradict", |q| {
        q.note_flags_contradict = true
    }),
    ("unknown_field", "refused", |_| {}),
    ("unknown_field", "ignored", |q| {
        q.unknown_projection_refused = false
    }),
    ("sub_path", "nothing", |_| {}),
    ("sub_path", "applied", |q| q.sub_path = SubPath::Applied),
    ("leading_slash", "accepted", |_| {}),
    ("leading_slash", "refused", |q| {
        q.patch_leading_slash = false
    }),
    ("custom_fields", "cleared", |_| {}),
    ("custom_fields", "kept", |q| {
        q.custom_fields = CustomFieldsWrite::Merged
    }),
    ("unassociated", "refused", |_| {}),
    ("unassociated", "accepted", |q| {
        q.association_checked = false
    }),
    ("foreign_status", "refused", |_| {}),
    ("foreign_status", "ignored", |q| {
        q.foreign_status = ForeignStatus::Ignored
    }),
    ("explicit_priority", "yes", |_| {}),
    ("explicit_priority", "no", |q| q.matrix_wins = true),
    ("derived_priority", "no", |_| {}),
    ("derived_priority", "yes", |q| q.priority_from_matrix = true),
    ("linked_twice", "refused", |_| {}),
    ("linked_twice", "accepted", |q| {
        q.linked_twice = LinkedTwice::Accepted
    }),
    ("note_on_closed", "accepted", |_| {}),
    ("note_on_closed", "refused", |q| {
        q.closed_tickets_locked = true
    }),
    ("note_touches", "yes", |_| {}),
    ("note_touches", "no", |q| q.notes_touch_ticket = false),
    ("without_company", "refused", |_| {}),
    ("without_company", "accepted", |q| q.company_optional = true),
    ("skip_callback", "accepted", |_| {}),
    ("skip_callback", "accepted", |q| q.skip_callback = true),
    ("read_only_name", "both", |_| {}),
    ("read_only_name", "flag", |q| {
        q.read_only_name = ReadOnlyName::Flag
    }),
    ("read_only_name", "flay", |q| {
        q.read_only_name = ReadOnlyName::Flay
    }),
    ("owner_object", "accepted", |_| {}),
    ("owner_object", "refused", |q| q.owner_zero_refused = true),
    ("disabled_callback", "wakes", |_| {}),
    ("disabled_callback", "stays", |q| {
        q.disabled_callbacks_stay = true
    }),
    ("wrong_keys", "unauthorized", |_| {}),
    ("wrong_keys", "not_found", |q| {
        q.bad_credentials_not_found = true
    }),
    ("signing_key", "yes", |_| {}),
    ("signing_key", "no", |q| {
        q.signing_key_needs_client_id = true
    }),
];

/// Sides that no question asks, because they show only to a receiver of callbacks, to a burst of requests or to a new company.
const UNASKED: &[fn(&mut Quirks)] = &[
    |q| q.callback_capitals = true,
    |q| q.callback_retries_all = true,
    |q| q.company_identifier_length = 25,
    |q| q.open_system_info = true,
    |q| q.links_name_ui_host = true,
    |q| q.unordered_lists = false,
    |q| q.notes_without_flags = true,
];

fn probe() -> Command {
    Command::Probe {
        sandbox: true,
        company: None,
    }
}

fn report(life: &Life) -> &ProbeReport {
    life.finished
        .iter()
        .find_map(|finished| match &finished.result {
            Ok(Outcome::Probe(report)) => Some(&**report),
            _ => None,
        })
        .unwrap_or_else(|| panic!("{:#?}", life.finished))
}

fn probed(world: &mut World) -> ProbeReport {
    let life = world
        .live(&configuration(true), vec![probe()], None)
        .unwrap();
    report(&life).clone()
}

#[test]
fn each_side_of_each_contradiction_is_told() {
    for (id, expected, set) in SIDES {
        println!("{id}: {expected}");
        let mut world = World::new(1);
        set(&mut world.psa.settings.quirks);
        let report = probed(&mut world);
        let answer = report
            .answers
            .iter()
            .find(|answer| answer.id == *id)
            .unwrap();
        assert_eq!(answer.conclusion, *expected, "{answer:#?}");
        assert!(!answer.came.is_empty(), "{answer:#?}");
        assert_left_nothing(&world);
    }
}

#[test]
fn every_question_is_answered_or_says_why_it_was_not_asked() {
    let report = probed(&mut World::new(1));
    let ids: Vec<&str> = report.answers.iter().map(|answer| answer.id).collect();
    let asked: Vec<&str> = QUESTIONS.iter().map(|question| question.id).collect();
    assert_eq!(ids, asked);
    for (answer, question) in report.answers.iter().zip(QUESTIONS) {
        assert!(!answer.came.is_empty(), "{answer:#?}");
        let legal =
            answer.conclusion == "not_asked" || question.conclusions.contains(&answer.conclusion);
        assert!(legal, "{answer:#?}");
    }
    let told: BTreeSet<&str> = SIDES.iter().map(|(id, _, _)| *id).collect();
    for question in QUESTIONS {
        let unasked = question.conclusions.is_empty();
        assert_eq!(told.contains(question.id), !unasked, "{}", question.id);
    }
    assert_eq!(report.quirks.member.as_deref(), Some("casewire-api"));
    assert_eq!(report.quirks.release.as_deref(), Some("v2025.1.105333"));
}

fn assert_left_nothing(world: &World) {
    let open: Vec<_> = world.psa.raw("tickets").unwrap();
    let open: Vec<_> = open
        .iter()
        .filter(|ticket| ticket["closedFlag"] != true)
        .collect();
    assert!(open.is_empty(), "{open:#?}");
    let left = world
        .store
        .records()
        .filter(|record| record.key.contains("/trial/"));
    assert_eq!(left.count(), 0);
    assert!(world.psa.raw("callbacks").unwrap().is_empty());
}

#[test]
fn without_consent_nothing_is_sent() {
    let now = Timestamp::from_millis(1_549_847_234_000);
    let keys = Credentials::added_by_host();
    let mut connector = Connector::new(configuration(true), keys, Options::default(), now).unwrap();
    for text in [
        r#"{"command":"probe"}"#,
        r#"{"command":"probe","sandbox":false}"#,
    ] {
        let command = Command::from_json(text.as_bytes()).unwrap();
        let error = connector.submit(command, now).unwrap_err();
        assert_eq!(error.code, Code::ConsentMissing);
        assert_eq!(error.faults[0].pointer, "/sandbox");
        assert!(error.faults[0].fix.contains("--yes-this-is-a-sandbox"));
    }
}

#[test]
fn a_member_that_may_not_delete_leaves_closed_tickets() {
    let mut world = World::new(1);
    let role = &mut world.psa.settings.api_members[0].role;
    role.revoke(Module::ServiceTickets, Level::Delete);
    role.revoke(Module::ManageAttachments, Level::Delete);
    let report = probed(&mut world);
    assert_eq!(report.ended.len(), 1);
    assert_eq!(world.psa.raw("tickets").unwrap().len(), 1);
    assert_left_nothing(&world);
}

#[test]
fn a_crash_at_any_moment_leaves_nothing_that_the_next_probe_does_not_remove() {
    let config = configuration(true);
    let effects = {
        let mut world = World::new(1);
        world.live(&config, vec![probe()], None).unwrap().effects
    };
    for at in (1..=effects).step_by(2) {
        for kind in [
            BlowKind::DiesBefore,
            BlowKind::DiesAfter,
            BlowKind::DiesAndLandsLate(Duration::from_secs(20)),
        ] {
            let blow = Blow { at, kind };
            let mut world = World::new(1);
            world.live(&config, vec![probe()], Some(&blow)).unwrap();
            let life = world.live(&config, vec![probe()], None).unwrap();
            report(&life);
            println!("{blow}");
            world.pass_until(world.now.after(Duration::from_secs(3600)));
            assert_left_nothing(&world);
        }
    }
}

/// A change whose answer was lost lands when the ticket was to be gone: the probe waits it out, and needs no next one.
#[test]
fn a_change_that_lands_late_finds_the_test_ticket_neither_open_nor_opens_it_again() {
    let config = configuration(true);
    // A member that may not delete closes: what is deleted cannot be opened again.
    let world = || {
        let mut world = World::new(1);
        let role = &mut world.psa.settings.api_members[0].role;
        role.revoke(Module::ServiceTickets, Level::Delete);
        world
    };
    let requests = world().live(&config, vec![probe()], None).unwrap().requests;
    for at in 1..=requests {
        for seconds in [1, 20, 85] {
            let kind = BlowKind::LandsLate(Duration::from_secs(seconds));
            let blow = Blow { at, kind };
            let mut world = world();
            world.live(&config, vec![probe()], Some(&blow)).unwrap();
            world.pass_until(world.now.after(Duration::from_secs(3600)));
            let tickets = world.psa.raw("tickets").unwrap();
            assert!(
                tickets.iter().all(|ticket| ticket["closedFlag"] == true),
                "{blow}: {tickets:#?}"
            );
            let callbacks = world.psa.raw("callbacks").unwrap();
            assert!(callbacks.is_empty(), "{blow}: {callbacks:#?}");
        }
    }
}

/// What is wrong with the stories on the side that the instance plays; told with or without a probe before.
fn told(set: fn(&mut Quirks), probes: bool) -> Vec<String> {
    let mut wrong = Vec::new();
    for story in STORIES {
        let mut world = World::new(1);
        set(&mut world.psa.settings.quirks);
        if probes {
            probed(&mut world);
        }
        story.begin(&mut world);
        let commands = story.commands(&world);
        let life = world.live(&story.config(), commands, None).unwrap();
        let failed = life.finished.iter();
        let failed = failed.filter_map(|finished| finished.result.as_ref().err());
        wrong.extend(failed.map(|error| format!("{}: {error}", story.name)));
        let judged = story.judge(&world.look(), &world).into_iter();
        wrong.extend(judged.map(|what| format!("{}: {what}", story.name)));
    }
    wrong
}

#[test]
fn every_story_is_told_on_every_side() {
    let sides = SIDES.iter().map(|(id, _, set)| (*id, *set));
    for (id, set) in sides.chain(UNASKED.iter().map(|set| ("unasked", *set))) {
        let mut quirks = Quirks::default();
        set(&mut quirks);
        if quirks == Quirks::default() {
            continue;
        }
        // There the matrix of the SLA decides, whatever is asked for.
        let expected = |what: &String| !quirks.matrix_wins || !what.contains("has the priority");
        let wrong: Vec<_> = told(set, false).into_iter().filter(expected).collect();
        assert_eq!(wrong, Vec::<String>::new(), "{id}: {quirks:#?}");
        if QUESTIONS
            .iter()
            .any(|question| question.id == id && question.wired)
        {
            assert_eq!(told(set, true), Vec::<String>::new(), "{id}, probed");
        }
    }
}

/// The three behaviours that the client takes from a probe: lists, times, line breaks.
#[test]
fn the_client_behaves_as_the_probe_found() {
    let config = configuration(true);
    let mut world = World::new(1);
    world.psa.settings.quirks.single_line_notes = true;
    let story = &STORIES[0];
    story.begin(&mut world);
    let commands = story.commands(&world);
    world.live(&config, commands, None).unwrap();
    let unprobed = description(&mut world);
    assert!(unprobed.contains("cleared. Subject:"), "{unprobed}");

    let mut world = World::new(1);
    world.psa.settings.quirks.single_line_notes = true;
    let report = probed(&mut world);
    assert_eq!(report.quirks.line_breaks, Some(LineBreaks::Folded));
    story.begin(&mut world);
    let commands = story.commands(&world);
    world.live(&config, commands, None).unwrap();
    let probed = description(&mut world);
    assert!(probed.contains("cleared. | Subject:"), "{probed}");

    let mut world = World::new(1);
    world.psa.settings.quirks.no_in_operator = true;
    let mut document = casewire_scenarios::document(true);
    document["companies"]["map"][0]["company"] = serde_json::json!({ "id": 1 });
    let by_id = casewire::Config::from_json(document.to_string().as_bytes()).unwrap();
    let preflight = || Command::Preflight {
        write_probe: None,
        also: BTreeSet::new(),
    };
    let said_in = |life: &Life| life.sent.iter().any(|sent| sent.contains("id%20in%20"));
    let life = world.live(&by_id, vec![preflight()], None).unwrap();
    assert!(said_in(&life), "it is tried where nothing is known");
    world.live(&by_id, vec![probe()], None).unwrap();
    let life = world.live(&by_id, vec![preflight()], None).unwrap();
    assert!(!said_in(&life), "{:?}", life.sent);
}

/// The only case, changed.
fn case(change: impl Fn(&mut serde_json::Value)) -> casewire::Case {
    let mut document = casewire_scenarios::case_document("10012");
    change(&mut document);
    casewire::Case::from_json(document.to_string().as_bytes()).unwrap()
}

/// The ticket of the only case after it came and changed, or what was wrong with it.
fn ticket_after(
    world: &mut World,
    config: &casewire::Config,
    titles: [&str; 2],
) -> Result<serde_json::Value, casewire::Error> {
    for (index, title) in titles.iter().enumerate() {
        let case = case(|case| {
            case["title"] = serde_json::json!(title);
            case["updated_at"] = serde_json::json!(format!("2019-02-11T01:1{index}:00Z"));
        });
        let life = world
            .live(config, casewire_scenarios::submit(vec![case]), None)
            .unwrap();
        for finished in life.finished {
            finished.result?;
        }
        world.pass_until(world.now.after(Duration::from_secs(3600)));
    }
    let open = |ticket: &serde_json::Value| ticket["externalXRef"] == "acme-soc:10012";
    let tickets = world.psa.raw("tickets").unwrap();
    Ok(tickets.into_iter().find(open).unwrap())
}

#[test]
fn summaries_are_cut_by_what_the_instance_counts() {
    let mut config = casewire_scenarios::document(true);
    config["ticket"]["summary"] = serde_json::json!("{{ case.title }}");
    let config = casewire::Config::from_json(config.to_string().as_bytes()).unwrap();
    let titles = ["\u{e4}".repeat(90), format!("b{}", "\u{e4}".repeat(90))];
    let titles = [titles[0].as_str(), titles[1].as_str()];
    let bytes = |world: &mut World| world.psa.settings.quirks.length_unit = LengthUnit::Bytes;
    let mut world = World::new(1);
    bytes(&mut world);
    let refused = ticket_after(&mut world, &config, titles).unwrap_err();
    assert_eq!(refused.code, Code::Rejected, "{refused}");
    let mut world = World::new(1);
    bytes(&mut world);
    probed(&mut world);
    let ticket = ticket_after(&mut world, &config, titles).unwrap();
    let summary = ticket["summary"].as_str().unwrap();
    assert!(summary.starts_with("b\u{e4}") && summary.ends_with('\u{2026}'));
    assert!((98..=100).contains(&summary.len()), "{}", summary.len());

    let signs = "\u{1F600}".repeat(90);
    let kept = |probes: bool| {
        let mut world = World::new(1);
        world.psa.settings.quirks.length_unit = LengthUnit::Characters;
        if probes {
            probed(&mut world);
        }
        let ticket = ticket_after(&mut world, &config, [&signs, &signs]).unwrap();
        ticket["summary"].as_str().unwrap().chars().count()
    };
    assert_eq!((kept(false), kept(true)), (50, 90));
}

#[test]
fn a_priority_holds_where_the_matrix_would_choose_another() {
    let mut config = casewire_scenarios::document(true);
    config["ticket"]["impact"] = serde_json::json!("Low");
    config["ticket"]["severity"] = serde_json::json!("Low");
    let config = casewire::Config::from_json(config.to_string().as_bytes()).unwrap();
    let priority = |probes: bool| {
        let mut world = World::new(1);
        world.psa.settings.quirks.matrix_wins = true;
        if probes {
            probed(&mut world);
        }
        let ticket = ticket_after(&mut world, &config, ["one", "two"]).unwrap();
        let id = ticket["priority"]["id"].clone();
        let priorities = world.psa.raw("service/priorities").unwrap();
        let priority = priorities.iter().find(|priority| priority["id"] == id);
        priority.unwrap()["name"].as_str().unwrap().to_owned()
    };
    assert_ne!(priority(false), priority(true));
    assert_eq!(priority(true), "Priority 1 - Emergency Response");
}

#[test]
fn a_quote_in_a_name_is_asked_for_where_its_escaping_was_probed() {
    let mut document = casewire_scenarios::document(true);
    document["companies"]["map"][0]["company"] = serde_json::json!({ "name": "O\"Brien \\ Sons" });
    let config = casewire::Config::from_json(document.to_string().as_bytes()).unwrap();
    for (escape, probes, said) in [
        (QuoteEscape::Backslash, false, None),
        (
            QuoteEscape::Backslash,
            true,
            Some(r#"name%3D%22O%5C%22Brien%20%5C%5C%20Sons%22"#),
        ),
        (
            QuoteEscape::Doubled,
            true,
            Some(r#"name%3D%22O%22%22Brien%20%5C%20Sons%22"#),
        ),
        (QuoteEscape::None, true, None),
    ] {
        let mut world = World::new(1);
        world.psa.settings.quirks.quote_escape = escape;
        let fields = serde_json::Map::from_iter([(
            "name".to_owned(),
            serde_json::json!("O\"Brien \\ Sons"),
        )]);
        let companies = world.psa.raw("companies").unwrap();
        let id = companies
            .iter()
            .find(|company| company["identifier"] == "BigDesign")
            .unwrap()["id"]
            .as_i64()
            .unwrap();
        let mut technician = world.psa.technician("training.admin");
        technician
            .edit_setup("company/companies", id, fields)
            .unwrap();
        if probes {
            let probe = Command::Probe {
                sandbox: true,
                company: Some(casewire::CompanyKey::Id(casewire::CompanyId(id as u32))),
            };
            let life = world.live(&config, vec![probe], None).unwrap();
            report(&life);
        }
        let case = case(|_| {});
        let life = world
            .live(&config, casewire_scenarios::submit(vec![case]), None)
            .unwrap();
        assert!(
            life.finished.iter().all(|finished| finished.result.is_ok()),
            "{:#?}",
            life.finished
        );
        let mut asked = life
            .sent
            .iter()
            .filter(|sent| sent.contains("/company/companies?"));
        let asked = asked.next().unwrap();
        match said {
            Some(said) => assert!(asked.contains(said), "{asked}"),
            None => assert!(!asked.contains("conditions="), "{asked}"),
        }
    }
}

/// The Discussion note of the only case's ticket.
fn description(world: &mut World) -> String {
    let seen = world.look();
    let tickets = &seen.tickets["acme-soc:10012"];
    let mut notes = tickets[0].notes.iter();
    let (_, text) = notes.find(|(kind, _)| kind == "discussion").unwrap();
    text.clone()
}

#[test]
fn an_import_writes_times_as_the_probe_found() {
    let config = configuration(true);
    let import = || Command::Import {
        what: vec![ImportKind::Companies],
        filter: ImportFilter::default(),
        full: false,
    };
    let tried_utc = |probes: bool| {
        let mut world = World::new(1);
        world.psa.settings.quirks.iso_dates_find_nothing = true;
        if probes {
            probed(&mut world);
        }
        world.live(&config, vec![import()], None).unwrap();
        world.pass_until(world.now.after(Duration::from_secs(3600)));
        let life = world.live(&config, vec![import()], None).unwrap();
        let asked: Vec<_> = life
            .sent
            .iter()
            .filter(|sent| sent.contains("lastUpdated%20"))
            .collect();
        assert!(!asked.is_empty(), "{:?}", life.sent);
        asked.iter().any(|sent| sent.contains("Z%5D"))
    };
    assert!(
        tried_utc(false),
        "the documented form is tried where nothing is known"
    );
    assert!(!tried_utc(true), "a probe has shown that it finds nothing");
}
