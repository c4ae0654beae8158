//! What the dashboard asks for: who may, what it may, and that no secret is in any answer.

use super::running::{Service, TOKEN, command, lines, until};
use crate::world::World;
use casewire_simulator::{PRIVATE_KEY, PUBLIC_KEY};
use serde_json::{Value, json};
use std::process::Command;

const ADMIN: &str = "a-token-of-administrators-0123456789";

/// A service with a page, which is no more than it has to be.
fn service(world: &World) -> Service {
    std::fs::create_dir_all(world.path("page/assets")).unwrap();
    world.write("page/index.html", "<!doctype html><title>page</title>");
    world.write("page/assets/app-1.js", "export {};");
    world.write("page/assets/app-1.js.gz", "compressed");
    world.write("inventory.json", include_str!("../../../../inventory.json"));
    Service::begin(with_admin(command(
        world,
        &["--dashboard", "page", "--inventory", "inventory.json"],
    )))
}

fn with_admin(mut command: Command) -> Command {
    command.env("CASEWIRE_ADMIN_TOKEN", ADMIN);
    command
}

fn ask(service: &Service, command: Value) -> (u16, Value) {
    service.call(
        "POST",
        "/commands",
        Some(ADMIN),
        command.to_string().as_bytes(),
    )
}

#[test]
fn the_page_comes_with_a_policy_and_nothing_else_of_the_disk_does() {
    let world = World::new();
    let service = service(&world);
    let page = service.whole("GET", "/", &[]);
    assert_eq!(page.status, 200);
    let policy = page.header("content-security-policy");
    assert!(policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"));
    let policy = policy.replace("wasm-unsafe-eval", "");
    assert!(!policy.contains("unsafe-inline") && !policy.contains("unsafe-eval"));
    let asset = service.whole(
        "GET",
        "/assets/app-1.js",
        &[("accept-encoding", "identity")],
    );
    assert_eq!(
        asset.header("content-type"),
        "text/javascript; charset=utf-8"
    );
    assert!(asset.header("cache-control").contains("immutable"));
    for path in [
        "/assets/..%2f..%2facme.json",
        "/assets/../../acme.json",
        "/assets/app-1.js.gz",
        "/index.html",
    ] {
        assert_eq!(service.text("GET", path, None, b"").0, 404, "{path}");
    }
}

#[test]
fn only_an_administrator_asks_for_what_the_page_asks_for() {
    let world = World::new();
    let service = service(&world);
    for (method, path) in [
        ("POST", "/commands"),
        ("GET", "/configuration"),
        ("PUT", "/configuration"),
        ("POST", "/connection/test"),
        ("GET", "/inventory"),
        ("GET", "/instances"),
        ("GET", "/cases"),
        ("GET", "/cases/1/history"),
        ("GET", "/instances/acme-soc/configuration"),
    ] {
        for token in [None, Some(TOKEN), Some("a-token-of-nobody-0123456789")] {
            assert_eq!(service.call(method, path, token, b"{}").0, 401, "{path}");
        }
    }
    assert_eq!(service.call("GET", "/instances", Some(ADMIN), b"").0, 200);
    // An administrator may do what the product may, too.
    assert_eq!(service.call("GET", "/changes", Some(ADMIN), b"").0, 200);
    let other = World::new();
    let without = Service::start(&other, &[]);
    assert_eq!(without.call("GET", "/instances", Some(ADMIN), b"").0, 404);
}

#[test]
fn a_page_without_an_administrators_token_is_refused_at_once() {
    let world = World::new();
    std::fs::create_dir_all(world.path("page/assets")).unwrap();
    world.write("page/index.html", "");
    let mut refused = command(&world, &["--dashboard", "page"]);
    let output = refused.env_remove("CASEWIRE_ADMIN_TOKEN").output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    let text = String::from_utf8(output.stderr).unwrap();
    assert!(text.contains("CASEWIRE_ADMIN_TOKEN"), "{text}");
    let output = with_admin(command(&world, &["--dashboard", "nowhere"]));
    let output = { output }.output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(
        String::from_utf8(output.stderr)
            .unwrap()
            .contains("npm run build")
    );
}

#[test]
fn a_group_is_mapped_and_its_held_case_goes_on() {
    let world = World::new();
    let service = service(&world);
    let (_, early) = ask(&service, json!({"command": "list_companies"}));
    assert_eq!(early["code"], "not_imported", "{early}");
    let import = json!({"command": "import", "what": ["companies", "configurations", "contacts"]});
    assert_eq!(ask(&service, import).0, 200);
    let (_, found) = ask(
        &service,
        json!({"command": "list_companies", "text": "bigDESIGN", "limit": 1}),
    );
    assert_eq!(found["companies"][0]["identifier"], "BigDesign", "{found}");
    let company = &found["companies"][0]["id"];
    let (_, devices) = ask(
        &service,
        json!({"command": "list_configurations", "company": company, "limit": 1}),
    );
    let first = devices["configurations"][0]["id"].as_u64().unwrap();
    let (_, rest) = ask(
        &service,
        json!({"command": "list_configurations", "company": company, "after": first}),
    );
    let rest = rest["configurations"].as_array().unwrap();
    assert!(rest.iter().all(|one| one["id"].as_u64().unwrap() > first) && !rest.is_empty());

    let of_group = |group: &str| {
        let command = json!({"command": "list_configurations", "group": group});
        ask(&service, command).1["configurations"].clone()
    };
    let all = of_group("48Tech");
    assert_eq!(all.as_array().unwrap().len(), rest.len() + 1);
    assert!(
        all.as_array()
            .unwrap()
            .iter()
            .all(|one| one["company"] == *company)
    );
    assert_eq!(of_group("UnmappedCo"), json!([]));

    let held = json!({"id": "h-1", "title": "t", "severity": "high", "group": {"id": "UnmappedCo"},
        "created_at": "2019-02-11T01:07:14Z", "updated_at": "2019-02-11T01:07:14Z"});
    service.post("/cases?wait=20s", held.to_string().as_bytes());
    let history = || {
        service
            .call("GET", "/cases/h-1/history", Some(ADMIN), b"")
            .1
    };
    assert_eq!(history()["waiting"]["state"], "held");
    let map = json!({"command": "set_mapping", "by": "page",
        "mappings": [{"kind": "group", "id": "UnmappedCo", "company": {"id": company}}]});
    let (status, changed) = ask(&service, map);
    assert_eq!(
        (status, &changed["held_cases"]),
        (200, &json!(1)),
        "{changed}"
    );
    until("its ticket is opened", || !history()["link"].is_null());
    until("it is told", || {
        history()["changes"]
            .as_array()
            .is_some_and(|all| !all.is_empty())
    });
    assert_eq!(history()["case"]["title"], "t");
    let (_, cases) = service.call("GET", "/cases?limit=5", Some(ADMIN), b"");
    assert_eq!(cases["cases"].as_array().unwrap().len(), 1);
    let (_, inventory) = service.call("GET", "/inventory", Some(ADMIN), b"");
    assert_eq!(inventory["groups"][0]["group"]["id"], "48Tech");
}

#[test]
fn what_is_not_for_pages_is_refused_and_done_for_nobody() {
    let world = World::new();
    let service = service(&world);
    for command in [
        json!({"command": "delete_instance", "confirm": "acme-soc", "force": true}),
        json!({"command": "export_instance"}),
        json!({"command": "list_callbacks"}),
        json!({"command": "probe", "sandbox": true}),
        json!({"command": "preflight", "write_probe": {}}),
    ] {
        let (status, refusal) = ask(&service, command);
        assert_eq!(
            (status, refusal["code"].as_str()),
            (403, Some("not_allowed"))
        );
    }
    let (status, refusal) = ask(&service, json!({"command": "list_links", "limt": 5}));
    assert_eq!(
        (status, &refusal["faults"][0]["pointer"]),
        (400, &json!("/limt"))
    );
    assert!(world.tickets().is_empty());
    assert_eq!(ask(&service, json!({"command": "list_mappings"})).0, 200);
}

#[test]
fn a_connection_is_tested_before_it_is_saved_and_the_keys_go_nowhere_else() {
    let world = World::new();
    let service = service(&world);
    service.post("/cases?wait=20s", &lines(["1".to_owned()].into_iter()));
    let before = service.whole("GET", "/configuration", &[("authorization", &bearer())]);
    let mut config: Value = serde_json::from_str(&before.text).unwrap();
    let test = |connection: &Value| {
        let body = json!({ "connection": connection }).to_string();
        service.call("POST", "/connection/test", Some(ADMIN), body.as_bytes())
    };
    assert_eq!(test(&config["connection"]).1["ok"], true);

    let mut elsewhere = config["connection"].clone();
    for site in [
        "https://attacker.example",
        "https://myconnectwise.net.attacker.example",
        "https://x@attacker.example/.myconnectwise.net",
        "https://attacker.example\\.myconnectwise.net",
        "http://127.0.0.1:1",
    ] {
        elsewhere["site"] = json!(site);
        let (status, refusal) = test(&elsewhere);
        assert_eq!(status, 400, "{site}: {refusal}");
        assert_eq!(refusal["faults"][0]["pointer"], "/connection/site");
    }
    config["connection"]["company_id"] = json!("nobody");
    let (_, report) = test(&config["connection"]);
    assert_eq!(report["ok"], false);

    let tag = before.header("etag");
    let save = |config: &Value, tag: &str| {
        let headers = [("authorization", bearer()), ("if-match", tag.to_owned())];
        let headers = headers
            .each_ref()
            .map(|(name, value)| (*name, value.as_str()));
        service.send(
            "PUT",
            "/configuration",
            &headers,
            config.to_string().as_bytes(),
        )
    };
    let failed = save(&config, &tag);
    assert_eq!(failed.status, 409, "{}", failed.text);
    assert!(failed.text.contains("connection_failed"));
    config["connection"]["company_id"] = json!("acme");
    config["routes"][1]["type"] = json!("Securty");
    let misfit = save(&config, &tag);
    assert_eq!(misfit.status, 400, "{}", misfit.text);
    assert!(misfit.text.contains("/routes/1/type"));
    assert_eq!(
        std::fs::read_to_string(world.path("acme.json")).unwrap(),
        before.text
    );

    config["routes"][1]["type"] = json!("Security");
    config["ticket"]["summary"] = json!("SOC {{ case.title }}");
    let saved = save(&config, &tag);
    assert_eq!(saved.status, 200, "{}", saved.text);
    assert_eq!(save(&config, &tag).status, 412);
    // The instance goes on with it, over the same store.
    service.post("/cases?wait=20s", &lines(["2".to_owned()].into_iter()));
    let tickets = world.server.psa().raw("tickets").unwrap();
    let summaries: Vec<_> = tickets
        .iter()
        .map(|ticket| ticket["summary"].as_str().unwrap())
        .collect();
    assert_eq!(summaries.len(), 2);
    assert!(summaries[1].starts_with("SOC "), "{summaries:?}");
    assert_eq!(service.get("/cases/1").1["state"], "in_step");
    for text in [&before.text, &saved.text, &misfit.text] {
        assert!(!text.contains(PRIVATE_KEY) && !text.contains(PUBLIC_KEY));
    }
}

fn bearer() -> String {
    format!("Bearer {ADMIN}")
}
