//! `casewire outbox` and `casewire links`.

use crate::world::{Run, World, case};
use casewire_simulator::{Fault, FaultRule, Match};
use serde_json::json;

const STORE: [&str; 4] = ["--config", "acme.json", "--store", "sqlite:acme.db"];

fn run(world: &World, command: &[&str], more: &[&str]) -> Run {
    let arguments: Vec<&str> = command.iter().chain(&STORE).chain(more).copied().collect();
    world.run(&arguments)
}

/// A world in which the ticket of case 10012 was refused for good, and that of 10010 was made.
fn with_a_failure() -> World {
    let world = World::new();
    world.cases(&[case("10010")]);
    world.send().assert_code(0);
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
    world
}

#[test]
fn a_dead_letter_is_listed_and_tried_again() {
    let world = with_a_failure();
    let requests = world.requests();
    let list = run(&world, &["outbox", "list"], &[]);
    for word in ["10012", "failed", "Audit log cleared"] {
        assert!(list.assert_code(0).stdout.contains(word), "{}", list.stdout);
    }
    let list = run(
        &world,
        &["outbox", "list"],
        &["--json", "--state", "failed"],
    );
    let lines = list.assert_code(0).lines();
    assert_eq!(lines.len(), 1);
    assert_eq!(
        (&lines[0]["case_id"], &lines[0]["failure"]["tries"]),
        (&json!("10012"), &json!(1))
    );
    assert!(lines[0]["failure"].get("next_try").is_none());
    let none = run(&world, &["outbox", "list"], &["--state", "retrying"]);
    assert!(none.assert_code(0).stdout.contains("Nothing waits"));
    assert_eq!(world.requests(), requests, "a list sends nothing");

    run(&world, &["outbox", "retry"], &["--all"]).assert_code(3);
    run(&world, &["outbox", "retry"], &["--case", "nobody"]).assert_code(2);
    world.server.psa().clear_faults();
    let retried = run(&world, &["outbox", "retry"], &["--case", "10012"]);
    assert_eq!(retried.assert_code(0).lines()[0]["outcome"], "opened");
    world.assert_tickets(2);
    let nothing = run(&world, &["outbox", "retry"], &["--all"]);
    assert!(nothing.assert_code(0).stdout.contains("Nothing failed"));
}

#[test]
fn a_discarded_case_gets_no_ticket() {
    let world = with_a_failure();
    let refused = run(
        &world,
        &["outbox", "discard"],
        &["--case", "nobody", "--reason", "x"],
    );
    assert!(
        refused.assert_code(2).stderr.contains("/case_ids/0"),
        "{}",
        refused.stderr
    );
    run(&world, &["outbox", "discard"], &["--case", "10012"]).assert_code(2);
    let done = run(
        &world,
        &["outbox", "discard"],
        &["--case", "10012", "--reason", "a drill", "--by", "Ada"],
    );
    assert!(done.assert_code(0).stdout.contains("10012"));
    world.server.psa().clear_faults();
    assert!(
        run(&world, &["outbox", "list"], &[])
            .stdout
            .contains("Nothing waits")
    );
    world.cases(&[case("10010")]);
    world.send().assert_code(0);
    world.assert_tickets(1);
}

#[test]
fn a_link_is_found_by_case_and_by_ticket() {
    let world = World::new();
    world.cases(&[case("10012"), case("10010")]);
    world.send().assert_code(0);
    let requests = world.requests();
    let all = run(&world, &["links"], &["--json"]);
    let lines = all.assert_code(0).lines();
    assert_eq!(lines.len(), 2);
    let ticket = lines[0]["ticket_id"].to_string();
    let case_id = lines[0]["case_id"].as_str().unwrap();
    let by_case = run(&world, &["links"], &["--case", case_id, "--json"]);
    let by_ticket = run(&world, &["links"], &["--ticket", &ticket, "--json"]);
    assert_eq!(
        by_case.assert_code(0).lines(),
        by_ticket.assert_code(0).lines()
    );
    assert_eq!(by_case.lines()[0], lines[0]);
    let table = run(&world, &["links"], &[]);
    for word in ["10010", "10012", &ticket, "Big Design", "yes"] {
        assert!(
            table.assert_code(0).stdout.contains(word),
            "{}",
            table.stdout
        );
    }
    run(&world, &["links"], &["--case", "nobody"]).assert_code(3);
    assert_eq!(world.requests(), requests, "links send nothing");
}
