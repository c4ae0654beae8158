//! What is taken in, and what is refused.

use super::running::{Service, TOKEN, command, lines, until};
use crate::world::{World, case};
use serde_json::{Value, json};
use std::time::{Duration, Instant};

fn bytes(value: &Value) -> Vec<u8> {
    value.to_string().into_bytes()
}

fn comment(id: &str) -> Value {
    json!({ "id": id, "text": "reviewing", "created_at": "2019-02-11T01:10:00Z" })
}

#[test]
fn a_case_its_comments_and_files_become_a_ticket() {
    let world = World::new();
    let service = Service::start(&world, &[]);
    let (status, told) = service.post("/cases?wait=20s", &bytes(&case("10012")));
    assert_eq!(status, 200, "{told}");
    assert_eq!(told["result"]["outcome"], "opened");
    let ticket = told["result"]["ticket_id"].clone();

    let (status, told) = service.post("/cases/10012/comments?wait=20s", &bytes(&comment("c-7")));
    assert_eq!(
        (status, &told["result"]["outcome"]),
        (200, &json!("updated"))
    );
    let file = vec![b'x'; 3 << 20];
    let upload = "/cases/10012/attachments?wait=20s&id=a-1&file_name=log.txt&title=Log";
    let (status, told) = service.post(upload, &file);
    assert_eq!(
        (status, &told["result"]["outcome"]),
        (200, &json!("updated")),
        "{told}"
    );
    assert_eq!(told["size"], json!(file.len()));
    assert_eq!(told["sha256"], json!(sha256(&file)));
    let psa = world.server.psa();
    assert_eq!(psa.raw("documents").unwrap().len(), 1);
    let notes = psa.raw("notes").unwrap();
    drop(psa);
    assert!(
        notes
            .iter()
            .any(|note| note["text"].as_str().unwrap().contains("reviewing"))
    );

    let (status, shown) = service.get("/cases/10012");
    assert_eq!(
        (status, &shown["state"], &shown["link"]["ticket_id"]),
        (200, &json!("in_step"), &ticket)
    );
    assert_eq!(shown["link"]["documents"], 1);
    // What was added stays where the case is handed over without it.
    let (_, told) = service.post("/cases?wait=20s", &bytes(&case("10012")));
    assert_eq!(
        told["result"].get("outcome").unwrap_or(&json!("unchanged")),
        "unchanged"
    );
    let (status, over) = service.get(&format!("/operations/{}", "0-1"));
    assert_eq!((status, &over["code"]), (404, &json!("unknown_operation")));
    world.assert_tickets(1);
}

fn sha256(bytes: &[u8]) -> String {
    use sha2::{Digest as _, Sha256};
    Sha256::digest(bytes)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

#[test]
fn what_was_taken_over_outlives_a_crash_right_after_the_answer() {
    let world = World::with_latency(Duration::from_millis(150));
    let service = Service::start(&world, &[]);
    let (status, told) = service.post("/cases", &lines((0..30).map(|n| n.to_string())));
    assert_eq!(status, 202, "{told}");
    assert_eq!(told["cases"].as_array().unwrap().len(), 30);
    service.kill();
    assert!(world.tickets().len() < 30, "it was killed too late");
    let service = Service::start(&world, &[]);
    until("30 tickets", || world.tickets().len() == 30);
    until("nothing waits", || {
        service.figure("casewire_outbox_cases{instance=\"acme-soc\",state=\"waiting\"}") == 0
    });
    world.assert_tickets(30);
}

#[test]
fn without_the_token_nothing_is_said_and_without_one_nothing_is_served() {
    let world = World::new();
    let service = Service::start(&world, &[]);
    for token in [
        None,
        Some("wrong"),
        Some("a-token-of-the-tests-012345678"),
        Some(""),
    ] {
        for (method, path) in [
            ("POST", "/cases"),
            ("GET", "/changes"),
            ("GET", "/metrics"),
            ("GET", "/cases/1"),
        ] {
            let (status, told) = service.call(method, path, token, &bytes(&case("1")));
            assert_eq!(
                (status, &told["code"]),
                (401, &json!("unauthorized")),
                "{path}"
            );
        }
    }
    assert_eq!(service.call("GET", "/healthz", None, b"").0, 200);
    let (status, told) = service.call("GET", "/elsewhere", Some(TOKEN), b"");
    assert_eq!((status, &told["code"]), (404, &json!("not_found")));

    let mut bare = command(&world, &[]);
    let refused = bare.env_remove("CASEWIRE_TOKEN").output().unwrap();
    assert_eq!(refused.status.code(), Some(2));
    let told = String::from_utf8(refused.stderr).unwrap();
    assert!(told.contains("CASEWIRE_TOKEN is not set"), "{told}");
    let public = world.run(&[
        "serve",
        "--config",
        "acme.json",
        "--store",
        "sqlite:acme.db",
        "--listen",
        "0.0.0.0:0",
        "--allow-loopback-without-token",
    ]);
    public.assert_code(2);
}

#[test]
fn bad_input_is_refused_whole_with_all_of_its_faults() {
    let world = World::new();
    let service = Service::start(&world, &[]);
    until("the boards are read", || {
        service.figure(
            "casewire_connectwise_requests_total{instance=\"acme-soc\",result=\"answered\"}",
        ) > 5
    });
    let (status, told) = service.post("/cases", b"{\"id\":");
    assert_eq!(
        (status, &told["code"]),
        (400, &json!("malformed_json")),
        "{told}"
    );
    let (status, told) = service.post("/cases", br#"{"id":"1","titel":"x","severity":"dreadful"}"#);
    assert_eq!(status, 400);
    let faults = told["faults"].as_array().unwrap();
    let pointers: Vec<&str> = faults
        .iter()
        .map(|f| f["pointer"].as_str().unwrap())
        .collect();
    for pointer in ["/titel", "/title", "/group"] {
        assert!(pointers.contains(&pointer), "{pointers:?}");
    }
    assert!(
        faults
            .iter()
            .all(|fault| fault["fix"].as_str().is_some_and(|fix| !fix.is_empty()))
    );

    let mut second = case("2");
    second["severity"] = json!("dreadful");
    let body = format!("{}\n{second}\n", case("1"));
    let (status, told) = service.post("/cases", body.as_bytes());
    assert_eq!(
        (status, &told["faults"][0]["pointer"]),
        (400, &json!("/lines/2/severity"))
    );
    let (status, told) = service.post("/cases/nobody/comments", &bytes(&comment("c")));
    assert_eq!((status, &told["code"]), (404, &json!("unknown_case")));

    let mut thief = case("3");
    thief["attachments"] =
        json!([{ "id": "a", "file_name": "x", "size": 1, "token": "/etc/hostname" }]);
    let (status, told) = service.post("/cases", &bytes(&thief));
    assert_eq!(
        (status, &told["faults"][0]["pointer"]),
        (400, &json!("/attachments/0/token"))
    );
    let (status, told) = service.post("/cases?wait=soon", &bytes(&case("1")));
    assert_eq!(
        (status, &told["faults"][0]["pointer"]),
        (400, &json!("/wait"))
    );
    let large = vec![b' '; (16 << 20) + 1];
    let (status, told) = service.post("/cases", &large);
    assert_eq!((status, &told["code"]), (413, &json!("too_large")));
    assert!(world.tickets().is_empty());
    assert_eq!(service.get("/cases/1").0, 404);
}

#[test]
fn files_are_bounded_and_leave_nothing_behind_when_they_are_refused() {
    let world = World::new();
    let service = Service::start(&world, &["--attachment-space", "2"]);
    assert_eq!(service.post("/cases?wait=20s", &bytes(&case("1"))).0, 200);
    let path = "/cases/1/attachments?id=a-1&file_name=log.txt";
    let (status, told) = service.post(path, &vec![b'x'; 3 << 20]);
    assert_eq!((status, &told["code"]), (507, &json!("attachments_full")));
    let folder = world.path("acme.db.attachments");
    assert_eq!(std::fs::read_dir(&folder).unwrap().count(), 0);
    let (status, first) = service.post(&format!("{path}&wait=20s"), b"some text");
    assert_eq!(status, 200, "{first}");
    let (status, told) = service.post(path, b"another text");
    assert_eq!((status, &told["code"]), (409, &json!("attachment_differs")));
    let kept = std::fs::read_dir(&folder).unwrap();
    let contents: Vec<Vec<u8>> = kept
        .map(|entry| std::fs::read(entry.unwrap().path()).unwrap())
        .collect();
    assert!(contents.contains(&b"some text".to_vec()));
    let bytes: usize = contents.iter().map(Vec::len).sum();
    assert_eq!(
        service.figure("casewire_attachment_bytes"),
        u64::try_from(bytes).unwrap()
    );
    // The same once more is the same.
    let (status, told) = service.post(&format!("{path}&wait=20s"), b"some text");
    assert_eq!((status, &told["token"]), (200, &first["token"]));
}

#[test]
fn two_instances_in_one_process_keep_to_themselves() {
    let (world, other) = (World::new(), World::new());
    let text = std::fs::read_to_string(world.path("acme.json")).unwrap();
    let mut config: Value = serde_json::from_str(&text).unwrap();
    config["instance"] = json!("zen");
    config["connection"]["site"] = json!(other.server.url());
    world.write("zen.json", &config.to_string());
    let service = Service::start(&world, &["--config", "acme.json", "--config", "zen.json"]);
    let (status, told) = service.post("/cases", &bytes(&case("1")));
    assert_eq!((status, &told["code"]), (404, &json!("unknown_instance")));
    for (name, id) in [("acme-soc", "1"), ("zen", "1"), ("zen", "2")] {
        let path = format!("/instances/{name}/cases?wait=20s");
        let (status, told) = service.post(&path, &bytes(&case(id)));
        assert_eq!(
            (status, &told["result"]["outcome"]),
            (200, &json!("opened")),
            "{told}"
        );
    }
    assert_eq!((world.tickets().len(), other.tickets().len()), (1, 2));
    assert_eq!(service.get("/instances/acme-soc/cases/2").0, 404);
    let (_, page) = service.get("/instances/zen/changes?wait=5s");
    let changes = page["changes"].as_array().unwrap();
    assert!(!changes.is_empty() && changes.iter().all(|change| change["instance"] == "zen"));

    // One whose ConnectWise is gone does not hold the other up.
    drop(other);
    let begun = Instant::now();
    service.post("/instances/zen/cases", &bytes(&case("3")));
    let (status, _) = service.post("/instances/acme-soc/cases?wait=20s", &bytes(&case("4")));
    assert!(status == 200 && begun.elapsed() < Duration::from_secs(5));
}
