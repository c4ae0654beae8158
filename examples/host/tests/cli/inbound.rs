use crate::world::{Run, World, case, guide};
use serde_json::{Value, json};

const POLL: [&str; 5] = ["poll", "--config", "acme.json", "--store", "sqlite:acme.db"];
const RECONCILE: [&str; 5] = [
    "reconcile",
    "--config",
    "acme.json",
    "--store",
    "sqlite:acme.db",
];

/// A world with two tickets, whose changes come back.
fn sent() -> World {
    let world = World::new();
    world.configure(|config| config["policies"] = json!({"ticket_inbound": {"enabled": true}}));
    world.cases(&guide());
    world.send().assert_code(0);
    world
}

fn with(arguments: &[&'static str], more: &[&'static str]) -> Vec<&'static str> {
    arguments.iter().chain(more).copied().collect()
}

fn report(run: &Run) -> Value {
    run.lines().pop().unwrap()["report"].clone()
}

fn tickets(world: &World) -> Vec<i64> {
    let tickets = world.server.psa().raw("tickets").unwrap();
    tickets
        .iter()
        .map(|ticket| ticket["id"].as_i64().unwrap())
        .collect()
}

#[test]
fn poll_reads_what_changed_and_says_so() {
    let world = sent();
    let run = world.run(&with(&POLL, &["--json"]));
    let first = report(run.assert_code(0));
    assert_eq!(first["synced"], json!(2), "{first}");
    let ticket = tickets(&world)[0];
    world
        .server
        .psa()
        .technician("training.admin")
        .set_status(ticket, "In Progress")
        .unwrap();
    let run = world.run(&POLL);
    run.assert_code(0);
    for word in ["Listed", "Unchanged", "Up to"] {
        assert!(run.stdout.contains(word), "{}", run.stdout);
    }
}

#[test]
fn poll_is_refused_while_the_policy_is_off() {
    let world = World::new();
    let run = world.run(&POLL);
    run.assert_code(3);
    assert!(
        run.stderr.contains("policies.ticket_inbound.enabled"),
        "{}",
        run.stderr
    );
    assert_eq!(world.requests(), 0);
}

#[test]
fn poll_holds_a_mass_change_back_until_it_is_released() {
    let world = sent();
    let cases: Vec<Value> = (1..=12).map(|number| case(&number.to_string())).collect();
    world.cases(&cases);
    world.send().assert_code(0);
    world.run(&POLL).assert_code(0);
    world
        .server
        .psa()
        .technician("training.admin")
        .close_all(1, "Closed")
        .unwrap();
    let run = world.run(&POLL);
    run.assert_code(3);
    assert!(
        run.stderr.contains("--release-mass-change"),
        "{}",
        run.stderr
    );
    assert!(run.stdout.contains("mass_change_held"), "{}", run.stdout);
    let run = world.run(&with(&POLL, &["--release-mass-change", "other"]));
    run.assert_code(2);
    assert!(run.stderr.contains("/confirm"), "{}", run.stderr);
    world
        .run(&with(&POLL, &["--release-mass-change", "acme-soc"]))
        .assert_code(0);
}

#[test]
fn reconcile_names_what_is_out_of_step_and_repairs_it() {
    let world = sent();
    let run = world.run(&RECONCILE);
    assert!(
        run.assert_code(0).stdout.contains("all in step"),
        "{}",
        run.stdout
    );
    let ticket = tickets(&world)[0];
    world
        .server
        .psa()
        .technician("training.admin")
        .delete(ticket)
        .unwrap();
    let run = world.run(&RECONCILE);
    run.assert_code(3);
    let number = ticket.to_string();
    for word in ["ERROR missing_ticket", &number, "not asked"] {
        assert!(run.stdout.contains(word), "no {word} in {}", run.stdout);
    }
    let run = world.run(&with(&RECONCILE, &["--json"]));
    let report = report(run.assert_code(3));
    assert_eq!(report["found"], json!({"missing_ticket": 1}));
    let writes = world
        .server
        .statistics()
        .requests
        .into_keys()
        .filter(|name| name.starts_with("DELETE"));
    assert_eq!(writes.count(), 0);
}

#[test]
fn help_shows_examples() {
    let world = World::new();
    for command in ["poll", "reconcile"] {
        let run = world.run(&[command, "--help"]);
        run.assert_code(0);
        assert!(
            run.stdout
                .contains(&format!("casewire {command} --config acme.json"))
        );
    }
}
