use crate::world::{Run, SEND, World, case};
use serde_json::{Value, json};

/// Asserts that the run was refused, says all of `words`, and sent nothing.
fn assert_refused(world: &World, run: &Run, words: &[&str]) {
    run.assert_code(2);
    assert_eq!(run.stdout, "");
    for word in words {
        assert!(run.stderr.contains(word), "no '{word}' in: {}", run.stderr);
    }
    assert_eq!(world.requests(), 0);
}

#[test]
fn every_fault_of_a_configuration_is_named() {
    let world = World::new();
    world.cases(&[case("1")]);
    world.configure(|config| {
        config["conection"] = json!({});
        config["routes"][0]["status"]["created"] = json!(7);
        config["companies"]["map"][0]["company"] = json!({"identifer": "BigDesign"});
    });
    let words = [
        "/conection",
        "connection",
        "/routes/0/status/created",
        "/companies/map/0/company",
    ];
    for command in ["check", "catalog"] {
        assert_refused(
            &world,
            &world.run(&[command, "--config", "acme.json"]),
            &words,
        );
    }
    assert_refused(&world, &world.send(), &words);
}

#[test]
fn every_fault_of_every_line_is_named_with_its_line_and_pointer() {
    let world = World::new();
    let mut odd = case("2");
    odd["severity"] = json!("odd");
    let mut unknown = case("3");
    unknown["titel"] = json!("x");
    unknown["created_at"] = json!("yesterday");
    let mut missing = case("4");
    missing["attachments"] =
        json!([{"id": "a", "file_name": "a.txt", "size": 1, "token": "no-such-file"}]);
    let lines: [String; 5] = [
        case("1").to_string(),
        odd.to_string(),
        unknown.to_string(),
        "{\"id\": ".to_owned(),
        missing.to_string(),
    ];
    world.write("cases.jsonl", &lines.join("\n"));
    let words = [
        "line 2, /severity",
        "line 3, /titel",
        "line 3, /created_at",
        "line 4, ",
        "line 5, /attachments/0/token",
    ];
    assert_refused(&world, &world.send(), &words);
}

#[test]
fn a_missing_key_is_named_by_its_variable() {
    let world = World::new();
    world.cases(&[case("1")]);
    for variable in ["CASEWIRE_PUBLIC_KEY", "CASEWIRE_PRIVATE_KEY"] {
        let run: Run = world
            .program(&SEND)
            .env_remove(variable)
            .output()
            .unwrap()
            .into();
        assert_refused(&world, &run, &[variable]);
        let run: Run = world
            .program(&SEND)
            .env(variable, "")
            .output()
            .unwrap()
            .into();
        assert_refused(&world, &run, &["key"]);
    }
}

#[test]
fn files_and_stores_that_cannot_be_used_are_named() {
    let world = World::new();
    world.cases(&[case("1")]);
    world.write("not-a-store.db", &"x".repeat(5_000));
    let with = |index: usize, value: &'static str| {
        let mut arguments = SEND;
        arguments[index] = value;
        world.run(&arguments)
    };
    assert_refused(&world, &with(2, "none.json"), &["none.json"]);
    assert_refused(&world, &with(6, "none.jsonl"), &["none.jsonl"]);
    assert_refused(&world, &with(6, "."), &["directory"]);
    assert_refused(
        &world,
        &with(4, "sqlite:not-a-store.db"),
        &["not a SQLite file"],
    );
    assert_refused(
        &world,
        &with(4, "sqlite:no/such/folder.db"),
        &["no/such/folder.db"],
    );
    assert_refused(&world, &with(4, "mysql://x"), &["sqlite:PATH"]);
    let wrong = with(4, "postgres://ada:s3cret@127.0.0.1:1/x");
    assert_refused(&world, &wrong, &["127.0.0.1:1/x", "is PostgreSQL running"]);
    let unread = with(4, "postgres:/ada:s3cret@x");
    assert_refused(&world, &unread, &["postgres://USER@HOST"]);
    for run in [wrong, unread] {
        assert!(!run.stderr.contains("s3cret"), "{}", run.stderr);
    }
}

#[test]
fn a_plain_site_is_refused_unless_it_is_allowed_on_loopback() {
    let world = World::new();
    world.cases(&[case("1")]);
    let refused: [fn(&mut Value); 2] = [
        |config| config["connection"]["allow_insecure_loopback"] = json!(false),
        |config| config["connection"]["site"] = json!("http://example.com"),
    ];
    for change in refused {
        world.configure(change);
        assert_refused(&world, &world.send(), &["/connection/site"]);
    }
}
