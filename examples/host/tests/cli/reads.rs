use crate::world::{Run, World, guide};
use serde_json::{Value, json};

#[test]
fn check_names_each_part_and_ends_well() {
    let world = World::new();
    let run = world.run(&["check", "--config", "acme.json"]);
    run.assert_code(0);
    for word in [
        "host",
        "keys",
        "rights",
        "version",
        "The configuration fits",
    ] {
        assert!(run.stdout.contains(word), "{}", run.stdout);
    }
    let run = world.run(&["check", "--config", "acme.json", "--json"]);
    assert_eq!(run.assert_code(0).lines()[0]["ok"], json!(true));
    world.assert_tickets(0);
}

#[test]
fn check_says_which_part_is_wrong() {
    let world = World::new();
    let mut program = world.program(&["check", "--config", "acme.json"]);
    let run: Run = program
        .env("CASEWIRE_PRIVATE_KEY", "wrong")
        .output()
        .unwrap()
        .into();
    run.assert_code(3);
    let keys = run
        .stdout
        .lines()
        .find(|line| line.trim_start().starts_with("keys"))
        .unwrap();
    assert!(keys.contains("FAILED"), "{}", run.stdout);

    world.configure(|config| config["connection"]["company_id"] = json!("nobody"));
    let run = world.run(&["check", "--config", "acme.json"]);
    let company = run
        .assert_code(3)
        .stdout
        .lines()
        .find(|line| line.trim_start().starts_with("company id"));
    assert!(company.unwrap().contains("FAILED"), "{}", run.stdout);
}

#[test]
fn check_holds_the_configuration_against_the_instance() {
    let world = World::new();
    world.configure(|config| config["routes"][1]["type"] = json!("Securty"));
    let run = world.run(&["check", "--config", "acme.json"]);
    run.assert_code(2);
    assert!(run.stderr.contains("/routes/1/type"), "{}", run.stderr);
}

#[test]
fn check_tells_all_findings_and_the_worst_first() {
    let world = World::new();
    world.configure(|config| {
        config["routes"][1]["type"] = json!("Securty");
        config["companies"]["map"][1]["company"] = json!({"identifier": "GoneCorp"});
        config["connection"]["credential_expiry"] = json!("2001-01-01");
    });
    let run = world.run(&["check", "--config", "acme.json"]);
    run.assert_code(2);
    for place in [
        "/routes/1/type",
        "/companies/map/1/company",
        "/connection/credential_expiry",
    ] {
        assert!(run.stdout.contains(place), "{}", run.stdout);
        assert!(run.stderr.contains(place), "{}", run.stderr);
    }
    let first = run.stdout.find("ERROR").unwrap();
    assert!(run.stdout.find("info").is_none_or(|info| first < info));

    let run = world.run(&["check", "--config", "acme.json", "--json"]);
    let report = &run.assert_code(2).lines()[0];
    assert_eq!(report["ok"], json!(false));
    assert_eq!(report["findings"][0]["severity"], json!("error"));
}

#[test]
fn check_shows_the_least_role() {
    let world = World::new();
    let run = world.run(&["check", "--config", "acme.json", "--role"]);
    run.assert_code(0);
    for word in [
        "Close Service Tickets",
        "guides 002 and 004",
        "ServiceBoard",
    ] {
        assert!(run.stdout.contains(word), "{}", run.stdout);
    }
    assert!(!run.stdout.contains("provision"), "{}", run.stdout);
    let arguments = [
        "check",
        "--config",
        "acme.json",
        "--role",
        "--also",
        "provision",
    ];
    let run = world.run(&arguments);
    assert!(
        run.assert_code(0).stdout.contains("provision"),
        "{}",
        run.stdout
    );
}

#[test]
fn check_opens_a_test_ticket_and_closes_it() {
    let world = World::new();
    let run = world.run(&["check", "--config", "acme.json", "--test-ticket"]);
    run.assert_code(0);
    assert!(run.stdout.contains("it is closed"), "{}", run.stdout);
    let tickets = world.server.psa().raw("tickets").unwrap();
    assert_eq!(tickets.len(), 1);
    assert_eq!(tickets[0]["closedFlag"], json!(true));
}

#[test]
fn a_probe_needs_consent_and_keeps_what_it_learns() {
    let world = World::new();
    let run = world.run(&["check", "--config", "acme.json", "--probe"]);
    run.assert_code(2);
    assert!(
        run.stderr.contains("--yes-this-is-a-sandbox"),
        "{}",
        run.stderr
    );
    assert_eq!(world.server.psa().raw("tickets").unwrap().len(), 0);

    world.server.psa().settings.quirks.no_in_operator = true;
    let arguments = [
        "check",
        "--config",
        "acme.json",
        "--store",
        "sqlite:acme.db",
        "--probe",
        "--yes-this-is-a-sandbox",
    ];
    let run = world.run(&arguments);
    run.assert_code(0);
    let line = run.stdout.lines().find(|line| line.contains("say in"));
    assert!(line.unwrap().contains("no *"), "{}", run.stdout);
    assert_eq!(world.server.psa().raw("tickets").unwrap().len(), 0);
    let arguments: Vec<&str> = arguments.into_iter().chain(["--json"]).collect();
    let run = world.run(&arguments);
    let learned = &run.assert_code(0).lines()[1];
    assert_eq!(learned["quirks"]["in_operator"], json!(false));
}

#[test]
fn a_preview_over_a_saved_catalog_needs_neither_keys_nor_network() {
    let world = World::new();
    world.cases(&guide());
    let catalog = world.run(&["catalog", "--config", "acme.json"]);
    world.write("catalog.json", &catalog.assert_code(0).stdout);
    let requests = world.requests();

    let arguments = [
        "preview",
        "--config",
        "acme.json",
        "--catalog",
        "catalog.json",
        "--cases",
        "cases.jsonl",
        "--json",
    ];
    let mut program = world.program(&arguments);
    program
        .env_remove("CASEWIRE_PUBLIC_KEY")
        .env_remove("CASEWIRE_PRIVATE_KEY");
    let run: Run = program.output().unwrap().into();
    let lines = run.assert_code(0).lines();
    let outcomes: Vec<&Value> = lines.iter().map(|line| &line["outcome"]).collect();
    assert_eq!(outcomes, ["ticket", "ticket", "held"]);
    assert_eq!(world.requests(), requests);
}

#[test]
fn a_live_preview_names_each_field_and_sends_no_write() {
    let world = World::new();
    world.cases(&guide());
    let run = world.run(&["preview", "--config", "acme.json", "--cases", "cases.jsonl"]);
    run.assert_code(0);
    for word in [
        "EventTracker Case #10012",
        "Big Design, Inc.",
        "BigDesign-WRK1",
        "UnmappedCo",
    ] {
        assert!(run.stdout.contains(word), "no {word} in {}", run.stdout);
    }
    world.assert_tickets(0);
    let writes = world
        .server
        .statistics()
        .requests
        .into_keys()
        .filter(|name| !name.starts_with("GET"));
    assert_eq!(writes.count(), 0);
}

#[test]
fn the_demo_tells_the_story_to_its_end() {
    let world = World::new();
    let run = world.run(&["demo"]);
    run.assert_code(0);
    for word in [
        "909",
        "10012",
        "Final review is done",
        "Reference document",
        "BigDesign-WRK1",
        "UnmappedCo",
    ] {
        assert!(run.stdout.contains(word), "no {word} in {}", run.stdout);
    }
}

#[test]
fn every_command_shows_an_example() {
    let world = World::new();
    for command in [
        "demo",
        "simulator",
        "check",
        "catalog",
        "boards",
        "provision",
        "drift",
        "instances",
        "map",
        "preview",
        "send",
    ] {
        let run = world.run(&[command, "--help"]);
        run.assert_code(0);
        assert!(
            run.stdout.contains(&format!("casewire {command}")),
            "{}",
            run.stdout
        );
    }
}
