use crate::world::{Run, World, case};
use serde_json::{Map, Value, json};

/// Moves the sample's routes onto a board that is not there.
fn onto_a_new_board(config: &mut Value) {
    for route in config["routes"].as_array_mut().unwrap() {
        route["board"] = json!("Heimdal Operations");
    }
    let mut map = config["status_map"]["Professional Services"].take();
    for (status, meaning) in [("New", "open"), (">Closed", "closed")] {
        map["to_case"][status] = json!(meaning);
    }
    config["status_map"] = json!({ "Heimdal Operations": map });
}

#[test]
fn boards_are_shown_to_one_who_has_no_more_than_a_connection() {
    let world = World::new();
    world.configure(|config| {
        let connection = config["connection"].take();
        *config = json!({"version": 1, "instance": "acme-soc", "connection": connection});
    });
    let run = world.run(&["boards", "--config", "acme.json"]);
    run.assert_code(0);
    for word in [
        "Network Operations",
        "for projects",
        "deactivated",
        "Tampa Office",
        "Standard SLA",
    ] {
        assert!(run.stdout.contains(word), "no {word} in {}", run.stdout);
    }
    let run = world.run(&["boards", "--config", "acme.json", "professional services"]);
    for word in ["New (not responded)", "Reputation", "Security Operations"] {
        assert!(run.stdout.contains(word), "no {word} in {}", run.stdout);
    }
    let named = ["boards", "--config", "acme.json", "Profesional", "--json"];
    let run = world.run(&named);
    assert!(
        run.assert_code(2)
            .stderr
            .contains("Did you mean 'Professional Services'?"),
        "{}",
        run.stderr
    );
}

#[test]
fn a_plan_is_shown_written_applied_and_then_out_of_date() {
    let world = World::new();
    world.configure(onto_a_new_board);
    let plan = [
        "provision",
        "--config",
        "acme.json",
        "--plan",
        "--plan-file",
        "plan.json",
    ];
    let run = world.run(&plan);
    run.assert_code(0);
    for word in [
        "Heimdal Operations",
        "status",
        "subtype",
        "Audit",
        "/routes/0/board",
    ] {
        assert!(run.stdout.contains(word), "no {word} in {}", run.stdout);
    }
    let writes = |world: &World| {
        let requests = world.server.statistics().requests.into_iter();
        let writes = requests.filter(|(name, _)| !name.starts_with("GET"));
        writes.map(|(_, count)| count).sum::<u64>()
    };
    assert_eq!(writes(&world), 0);

    let apply = [
        "provision",
        "--config",
        "acme.json",
        "--apply",
        "--plan-file",
        "plan.json",
        "--store",
        "sqlite:acme.db",
    ];
    let run = world.run(&apply);
    run.assert_code(0);
    assert!(
        run.stdout.contains("The configuration fits the instance"),
        "{}",
        run.stdout
    );
    let made = writes(&world);
    assert!(made > 5);
    world.run(&apply).assert_code(0);
    assert_eq!(writes(&world), made, "nothing is made twice");

    // Over another store nothing is known of the plan, and the instance is no longer as it was planned for.
    let mut elsewhere = apply;
    elsewhere[7] = "memory:";
    let run = world.run(&elsewhere);
    assert!(
        run.assert_code(2).stderr.contains("Make a new plan"),
        "{}",
        run.stderr
    );
    let run = world.run(&plan[..4]);
    assert!(
        run.stdout.contains("Nothing is to be made"),
        "{}",
        run.stdout
    );
}

#[test]
fn drift_names_the_change_the_place_and_the_fix() {
    let world = World::new();
    world.cases(&[case("1")]);
    world.send().assert_code(0);
    let drift = [
        "drift",
        "--config",
        "acme.json",
        "--store",
        "sqlite:acme.db",
    ];
    let run = world.run(&drift);
    assert!(
        run.assert_code(0).stdout.contains("Nothing has changed"),
        "{}",
        run.stdout
    );
    {
        let mut psa = world.server.psa();
        let fields = Map::from_iter([("name".to_owned(), json!("Cyber"))]);
        let mut technician = psa.technician("training.admin");
        technician
            .edit_setup("service/boards/1/types", 1, fields)
            .unwrap();
    }
    let run = world.run(&drift);
    run.assert_code(2);
    for word in ["renamed from 'Security'", "/routes/0/type", "Write 'Cyber'"] {
        assert!(run.stdout.contains(word), "no {word} in {}", run.stdout);
    }
    let run: Run = world.run(&[&drift[..], &["--json"]].concat());
    let report = &run.assert_code(2).lines()[0]["report"];
    assert_eq!(
        report["changes"][0]["change"],
        json!({"renamed": {"from": "Security"}})
    );
}

#[test]
fn an_instance_is_listed_exported_and_deleted_without_a_request() {
    let world = World::new();
    world.cases(&[case("1"), case("2")]);
    world.send().assert_code(0);
    let requests = world.requests();
    let over = ["--config", "acme.json", "--store", "sqlite:acme.db"];
    let run =
        |what: &str, more: &[&str]| world.run(&[&["instances", what], &over[..], more].concat());
    let listed = run("list", &["--json"]);
    assert_eq!(
        listed.assert_code(0).lines()[0][0]["instance"],
        json!("acme-soc")
    );
    let exported = run("export", &[]);
    let keys: Vec<String> = exported
        .assert_code(0)
        .lines()
        .iter()
        .map(|record| record["key"].as_str().unwrap().to_owned())
        .collect();
    assert!(keys.contains(&"acme-soc/link/1".to_owned()), "{keys:?}");
    let slip = run("delete", &["--confirm", "acme"]);
    assert!(
        slip.assert_code(2).stderr.contains("acme-soc"),
        "{}",
        slip.stderr
    );
    run("delete", &["--confirm", "acme-soc"]).assert_code(0);
    assert_eq!(run("export", &[]).assert_code(0).stdout, "");
    assert_eq!(
        run("list", &["--json"]).assert_code(0).lines()[0],
        json!([])
    );
    assert_eq!(world.requests(), requests);
}
