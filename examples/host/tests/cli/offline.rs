//! What asks nothing of ConnectWise: a starting configuration, and a history replayed.

use crate::world::{World, guide};
use serde_json::{Value, json};

#[test]
fn a_preset_is_written_with_its_schema_and_is_never_written_over() {
    let world = World::new();
    let url = world.server.url();
    let arguments = [
        "init",
        "--preset",
        "netsurion",
        "--site",
        url,
        "--company-id",
        "acme",
        "--client-id",
        "6f1f6f0e-3c1d-4a52-9a54-0b9f5f4f9e11",
        "--instance",
        "soc",
        "--out",
        "new.json",
    ];
    let run = world.run(&arguments);
    run.assert_code(0);
    let written: Value =
        serde_json::from_str(&std::fs::read_to_string(world.path("new.json")).unwrap()).unwrap();
    assert_eq!(written["instance"], json!("soc"));
    assert_eq!(written["connection"]["site"], json!(url));
    let schema = written["$schema"].as_str().unwrap();
    let schema: Value =
        serde_json::from_str(&std::fs::read_to_string(world.path(schema)).unwrap()).unwrap();
    for key in written.as_object().unwrap().keys() {
        assert!(
            schema["properties"][key]["description"].is_string(),
            "{key} is not explained"
        );
    }
    // The simulated instance is a fresh one, so the guide's names are all there.
    world.run(&["check", "--config", "new.json"]).assert_code(0);
    let again = world.run(&arguments);
    again.assert_code(3);
    assert!(again.stderr.contains("new.json"), "{}", again.stderr);
}

#[test]
fn a_bad_connection_is_refused_and_nothing_is_written() {
    let world = World::new();
    let run = world.run(&[
        "init",
        "--preset",
        "fortisiem",
        "--site",
        "http://psa.example",
        "--company-id",
        "acme",
        "--out",
        "new.json",
    ]);
    run.assert_code(2);
    assert!(run.stderr.contains("/connection/site"), "{}", run.stderr);
    assert!(!world.path("new.json").exists());
}

#[test]
fn a_history_is_replayed_without_a_request() {
    let world = World::new();
    let catalog = world.run(&["catalog", "--config", "acme.json"]);
    world.write("catalog.json", &catalog.assert_code(0).stdout);
    world.configure(|config| config["repeats"] = json!({ "join_key": ["case.kind"] }));
    let history: Vec<Value> = (0..5)
        .map(|number| {
            let mut case = guide()[0].clone();
            case["id"] = json!(format!("h{number}"));
            if number == 4 {
                case["severity"] = json!("unheard of");
            }
            case
        })
        .collect();
    world.cases(&history);
    let before = world.requests();
    let arguments = [
        "replay",
        "--config",
        "acme.json",
        "--catalog",
        "catalog.json",
        "--cases",
        "cases.jsonl",
    ];
    let run = world.run(&[&arguments[..], &["--json"]].concat());
    let report: Value = serde_json::from_str(&run.assert_code(0).stdout).unwrap();
    assert_eq!(
        [
            &report["cases"],
            &report["tickets"],
            &report["joined"],
            &report["refused"]
        ],
        [&json!(5), &json!(1), &json!(3), &json!(1)],
        "{report}"
    );
    let run = world.run(&arguments);
    let shown = &run.assert_code(0).stdout;
    assert!(
        shown.contains("joined to the ticket that it repeats") && shown.contains("48Tech"),
        "{shown}"
    );
    assert_eq!(world.requests(), before, "a replay asks nothing");
}
