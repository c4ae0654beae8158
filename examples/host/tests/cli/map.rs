//! `casewire map`.

use crate::world::{World, case};
use serde_json::{Value, json};

const STORE: [&str; 4] = ["--config", "acme.json", "--store", "sqlite:acme.db"];

/// A world whose configuration maps nothing by itself, with the example's inventory.
fn unmapped() -> World {
    let world = World::new();
    world.configure(|config| {
        config["companies"]["map"] = json!([]);
        config["configurations"]["map"] = json!([]);
    });
    world.write("inventory.json", include_str!("../../../inventory.json"));
    world
}

fn map(world: &World, act: &str, more: &[&str]) -> crate::world::Run {
    let arguments: Vec<&str> = ["map", act]
        .iter()
        .chain(&STORE)
        .chain(more)
        .copied()
        .collect();
    world.run(&arguments)
}

#[test]
fn groups_and_systems_are_mapped_by_rule_listed_removed_and_set() {
    let world = unmapped();
    let run = map(&world, "auto", &["--inventory", "inventory.json"]);
    run.assert_code(0);
    for word in ["Big Design, Inc.", "BigDesign-WRK2", "REFUSED", "4 mapped"] {
        assert!(run.stdout.contains(word), "no {word} in {}", run.stdout);
    }
    let list = map(&world, "list", &["--json"]);
    let lines = list.assert_code(0).lines();
    let origin = |id: &str| -> Value {
        let line = lines.iter().find(|line| line["id"] == id).unwrap();
        line["origin"].clone()
    };
    assert_eq!(origin("48Tech"), json!("automatic"));

    map(&world, "remove", &["--group", "48Tech", "--by", "Ada"]).assert_code(0);
    world.cases(&[case("10012")]);
    assert_eq!(world.send().assert_code(0).count("held"), 1);
    let set = map(
        &world,
        "set",
        &["--group", "48Tech", "--company", "BigDesign", "--json"],
    );
    let lines = set.assert_code(0).lines();
    assert_eq!(lines[0]["held_cases"], json!(1));
    assert_eq!(lines[1]["outcome"], json!("opened"));
    world.assert_tickets(1);
}

#[test]
fn a_list_goes_out_and_comes_in() {
    let world = unmapped();
    map(
        &world,
        "set",
        &["--group", "48Tech", "--company", "BigDesign"],
    )
    .assert_code(0);
    let system = [
        "--system",
        "48Tech-DC1",
        "--of",
        "48Tech",
        "--configuration",
        "bigdesign-wrk1",
    ];
    map(&world, "set", &system).assert_code(0);
    let export = map(&world, "export", &[]);
    let csv = export
        .assert_code(0)
        .stdout
        .replace("BigDesign-WRK1", "BigDesign-WRK2");
    let csv = csv.replace(",120,", ",,");
    world.write("mappings.csv", &csv);
    map(&world, "import", &["--csv", "mappings.csv"]).assert_code(0);
    world.write(
        "mappings.csv",
        "kind,id,company_identifier\ngroup,x,NoSuch\ngruop,y,BigDesign\n",
    );
    let bad = map(&world, "import", &["--csv", "mappings.csv"]);
    bad.assert_code(2);
    for place in ["/lines/2/company", "/lines/3/kind"] {
        assert!(bad.stderr.contains(place), "{}", bad.stderr);
    }
}

#[test]
fn what_cannot_be_mapped_is_refused_and_nothing_is_saved() {
    let world = unmapped();
    let run = map(
        &world,
        "set",
        &["--group", "48Tech", "--company", "GoneCorp"],
    );
    run.assert_code(2);
    assert!(run.stderr.contains("/mappings/0/company"), "{}", run.stderr);
    map(&world, "set", &["--group", "48Tech"]).assert_code(2);
    map(&world, "remove", &[]).assert_code(2);
    world.write(
        "inventory.json",
        r#"{"groups":[{"group":{"id":"a","mail":"x"}}]}"#,
    );
    let run = map(&world, "auto", &["--inventory", "inventory.json"]);
    run.assert_code(2);
    assert!(
        run.stderr.contains("/groups/0/group/mail"),
        "{}",
        run.stderr
    );
    assert!(
        map(&world, "list", &[])
            .assert_code(0)
            .stdout
            .contains("Nothing is mapped")
    );
}

#[test]
fn customers_are_compared_and_events_reach_a_file_or_the_log() {
    let world = unmapped();
    let events = [
        "--inventory",
        "inventory.json",
        "--deliveries",
        "events.jsonl",
    ];
    map(&world, "auto", &events).assert_code(0);
    let told = std::fs::read_to_string(world.path("events.jsonl")).unwrap();
    assert!(told.contains(r#""event":"group_mapped""#), "{told}");
    world.write(
        "fewer.json",
        r#"{"groups":[{"group":{"id":"Fresh","name":"Fresh Foods"}}]}"#,
    );
    let run = map(&world, "sync", &["--inventory", "fewer.json"]);
    run.assert_code(0);
    for word in ["group is new", "group is gone", "company is new", "Fresh"] {
        assert!(run.stdout.contains(word), "no {word} in {}", run.stdout);
    }
    let json = map(&world, "sync", &["--inventory", "fewer.json", "--json"]);
    assert_eq!(json.assert_code(0).lines()[0]["kind"], json!("customers"));

    let mut program = world.program(&["map", "auto", "--config", "acme.json"]);
    program.args(["--store", "memory:", "--inventory", "inventory.json"]);
    let run = program.env("RUST_LOG", "info").output().unwrap();
    let log = String::from_utf8(run.stderr).unwrap();
    assert!(log.contains("GroupMapped"), "{log}");
}
