//! `casewire events`, `report`, `dashboard`, `definitions`, `audit`, `health` and `config`.

use crate::world::{Run, World, case};
use casewire_simulator::{Fault, FaultRule, Match};
use serde_json::{Value, json};

const STORE: [&str; 4] = ["--config", "acme.json", "--store", "sqlite:acme.db"];

fn run(world: &World, command: &[&str], more: &[&str]) -> Run {
    let arguments: Vec<&str> = command.iter().chain(&STORE).chain(more).copied().collect();
    world.run(&arguments)
}

fn by(id: &str, who: &str) -> Value {
    let mut case = case(id);
    case["added_by"] = json!(who);
    case["group"]["email"] = json!("it@bigdesign.com");
    case
}

#[test]
fn what_happened_is_listed_reported_drawn_and_explained_without_a_request() {
    let world = World::new();
    world.configure(|config| {
        config["events"] = json!({ "raise": { "ConnectWise Manage - New ticket created": "low" } });
    });
    world.cases(&[by("10010", "ada"), by("10012", "ada"), by("10013", "bob")]);
    world.send().assert_code(0);
    let mut closed = by("10012", "ada");
    closed["status"] = json!("closed");
    world.cases(&[closed]);
    world.send().assert_code(0);
    let requests = world.requests();

    let all = run(&world, &["events"], &["--json"]);
    assert_eq!(all.assert_code(0).lines().len(), 4);
    let loud = run(
        &world,
        &["events"],
        &["--alerts", "--user", "BOB", "--json"],
    );
    let lines = loud.assert_code(0).lines();
    assert_eq!(lines.len(), 1);
    assert_eq!(lines[0]["alert"]["severity"], "low");
    let listed = run(
        &world,
        &["events"],
        &["--from", "1h", "--category", "closed"],
    );
    for word in ["ticket_closed", "10012", "Big Design"] {
        assert!(
            listed.assert_code(0).stdout.contains(word),
            "{}",
            listed.stdout
        );
    }
    let none = run(&world, &["events"], &["--until", "2019-01-01T00:00:00Z"]);
    assert!(none.assert_code(0).stdout.contains("No such event"));
    run(&world, &["events"], &["--category", "clsed"]).assert_code(2);
    run(&world, &["events"], &["--event", "closed"]).assert_code(2);

    let report = run(&world, &["report", "created"], &["--json"]);
    let rows = report.assert_code(0).lines();
    // Several are worked on at once, so their order is no one's.
    let mut users: Vec<&str> = rows.iter().filter_map(|row| row["user"].as_str()).collect();
    users.sort_unstable();
    assert_eq!(users, ["ada", "ada", "bob"]);
    let shown = run(&world, &["report", "created"], &["--group", "48Tech"]);
    assert!(
        shown
            .assert_code(0)
            .stdout
            .starts_with("ConnectWise Manage - New ticket created")
    );

    let figure = run(&world, &["dashboard", "created_by_user"], &["--json"]);
    let figure = &figure.assert_code(0).lines()[0];
    assert_eq!(figure["series"][0]["label"], "ada");
    assert_eq!(
        (&figure["series"][0]["total"], &figure["total"]),
        (&json!(2), &json!(3))
    );
    let drawn = run(
        &world,
        &["dashboard", "created_by_domain"],
        &["--bucket", "week"],
    );
    assert!(
        drawn.assert_code(0).stdout.contains("bigdesign.com"),
        "{}",
        drawn.stdout
    );

    let why = run(&world, &["audit"], &["--case", "10012", "--json"]);
    let records = why.assert_code(0).lines();
    let decided = |record: &Value| -> Vec<Value> {
        let decisions = record["decisions"].as_array().unwrap().iter();
        decisions.map(|one| one["what"].clone()).collect()
    };
    assert!(
        decided(&records[0]).contains(&json!("route")),
        "{records:?}"
    );
    assert!(
        decided(records.last().unwrap()).contains(&json!("status")),
        "{records:?}"
    );
    let shown = run(&world, &["audit"], &["--from", "1h"]);
    assert!(
        shown.assert_code(0).stdout.contains("Big Design"),
        "{}",
        shown.stdout
    );

    let definitions = world.run(&["definitions", "--json"]);
    definitions.assert_code(0);
    let all: Value = serde_json::from_str(&definitions.stdout).unwrap();
    assert_eq!(all["alerts"].as_array().unwrap().len(), 6);
    assert_eq!(
        world.requests(),
        requests,
        "nothing was asked of ConnectWise"
    );
}

#[test]
fn health_fails_where_something_failed_for_good() {
    let world = World::new();
    let well = run(&world, &["health"], &[]);
    assert!(
        well.assert_code(0).stdout.starts_with("Healthy"),
        "{}",
        well.stdout
    );
    world.server.psa().add_fault(FaultRule {
        when: Match {
            method: Some("POST".to_owned()),
            path: Some("service/tickets".to_owned()),
            ..Match::default()
        },
        fault: Fault::Forbidden,
        times: None,
    });
    world.cases(&[case("10012")]);
    world.send().assert_code(3);
    let ill = run(&world, &["health"], &[]);
    ill.assert_code(3);
    for word in ["Failing", "1 failed", "casewire outbox"] {
        assert!(ill.stdout.contains(word), "no {word} in {}", ill.stdout);
    }
    let report = run(&world, &["health"], &["--json"]);
    let report = &report.assert_code(3).lines()[0];
    assert_eq!(report["findings"][0]["code"], "failed_cases");
}

#[test]
fn a_configuration_goes_from_one_client_to_another_without_what_is_the_first_one_s_own() {
    let world = World::new();
    let export = [
        "config",
        "export",
        "--config",
        "acme.json",
        "--out",
        "ours.json",
    ];
    let exported = world.run(&export);
    exported.assert_code(0);
    assert!(
        exported.stderr.contains("/companies/map"),
        "{}",
        exported.stderr
    );
    let text = std::fs::read_to_string(world.path("ours.json")).unwrap();
    assert!(
        !text.contains("48Tech") && !text.contains("127.0.0.1"),
        "{text}"
    );
    world.run(&export).assert_code(3);

    let import = |more: &[&str]| {
        let mut arguments = vec![
            "config",
            "import",
            "--from",
            "ours.json",
            "--instance",
            "zen-soc",
        ];
        arguments.extend(["--company-id", "acme", "--out", "zen.json"]);
        arguments.extend(more);
        world.run(&arguments)
    };
    import(&["--site", "http://psa.example"]).assert_code(2);
    let url = world.server.url();
    let imported = import(&["--site", url, "--group", "Zen=BigDesign"]);
    imported.assert_code(0);
    assert!(
        imported.stdout.contains("/configurations/map"),
        "{}",
        imported.stdout
    );
    assert!(
        !imported.stdout.contains("/companies/map"),
        "{}",
        imported.stdout
    );
    // It works at once: the group is mapped, the boards bear the same names.
    let mut own = case("1");
    own["group"] = json!({ "id": "Zen" });
    world.cases(&[own]);
    let store = ["--store", "sqlite:zen.db", "--cases", "cases.jsonl"];
    let sent = world.run(&[&["send", "--config", "zen.json"][..], &store].concat());
    sent.assert_code(0);
    assert_eq!(world.tickets().keys().next().unwrap(), "zen-soc:1");

    let migrate = ["config", "migrate", "--config", "zen.json"];
    let migrated = world.run(&migrate);
    assert!(
        migrated.assert_code(0).stderr.contains("already"),
        "{}",
        migrated.stderr
    );
    world.configure(|config| config["version"] = json!(99));
    let newer = world.run(&["config", "migrate", "--config", "acme.json"]);
    assert!(
        newer.assert_code(2).stderr.contains("newer casewire"),
        "{}",
        newer.stderr
    );
}
