//! The program over a PostgreSQL database: its commands, and several nodes of the service.

use crate::{
    running::{Service, lines, until},
    server::{PASSWORD, Postgres},
    world::{World, case, guide},
};
use serde_json::{Value, json};

#[test]
fn every_command_works_over_it() {
    let server = Postgres::start();
    let url = server.database("commands");
    let world = World::new();
    world.configure(|config| config["policies"] = json!({"ticket_inbound": {"enabled": true}}));
    world.cases(&guide());
    world.write("inventory.json", include_str!("../../../inventory.json"));
    let over = |command: &str| {
        let mut arguments: Vec<&str> = command.split(' ').collect();
        arguments.extend(["--config", "acme.json", "--store", &url]);
        let run = world.run(&arguments);
        assert_eq!(run.code, Some(0), "{command}: {}", run.stderr);
        run
    };
    let made = over("send --cases cases.jsonl").count("opened");
    assert_eq!(over("send --cases cases.jsonl").count("unchanged"), made);
    world.assert_tickets(made);
    for command in [
        "check",
        "import --companies",
        "map list",
        "map auto --inventory inventory.json",
        "links",
        "outbox list",
        "poll",
        "reconcile",
        "health",
        "events",
        "report created",
        "dashboard created_by_user",
        "audit --from 1d",
        "drift",
        "instances list",
        "instances export",
    ] {
        over(command);
    }
    let links = over("links --json").stdout;
    assert!(links.contains("909"), "{links}");
}

#[test]
fn a_password_is_in_no_line_that_the_program_writes() {
    let server = Postgres::start();
    let role = format!("CREATE ROLE ada LOGIN PASSWORD '{PASSWORD}'");
    server.run("postgres", &role);
    server.run("postgres", "CREATE DATABASE own OWNER ada");
    let world = World::new();
    world.cases(&[case("1")]);
    let port = server.port;
    let url = format!("postgres://ada@127.0.0.1:{port}/own");
    let send = |store: &str, password: &str| {
        let arguments = [
            "send",
            "-vv",
            "--config",
            "acme.json",
            "--store",
            store,
            "--cases",
            "cases.jsonl",
        ];
        let mut command = world.program(&arguments);
        let output = command
            .env("PGPASSWORD", password)
            .env("RUST_LOG", "trace")
            .output()
            .unwrap();
        let run = crate::world::Run::from(output);
        assert!(!run.stderr.contains(PASSWORD), "{}", run.stderr);
        run
    };
    assert_eq!(send(&url, PASSWORD).code, Some(0));
    assert_eq!(
        send(
            &format!("postgres://ada:{PASSWORD}@127.0.0.1:{port}/own"),
            ""
        )
        .code,
        Some(0)
    );
    let run = send(&url, "wrong");
    assert_eq!(run.code, Some(2));
    assert!(
        run.stderr.contains("PGPASSWORD") && run.stderr.contains(&format!("127.0.0.1:{port}/own")),
        "{}",
        run.stderr
    );
}

#[test]
fn what_one_node_takes_in_another_shows_in_order() {
    let server = Postgres::start();
    let url = server.database("nodes");
    let world = World::new();
    let refused = world.run(&[
        "serve",
        "--config",
        "acme.json",
        "--store",
        &url,
        "--allow-loopback-without-token",
    ]);
    assert_eq!(refused.code, Some(2));
    assert!(
        refused.stderr.contains("--attachments"),
        "{}",
        refused.stderr
    );
    let start = || Service::start(&world, &["--store", &url, "--attachments", "files"]);
    let (first, second) = (start(), start());
    assert_eq!(second.get("/changes").1["changes"], json!([]));
    let (status, told) = first.post("/cases?wait=30s", case("1").to_string().as_bytes());
    assert_eq!(
        (status, &told["result"]["outcome"]),
        (200, &json!("opened"))
    );
    // The second node waits for what the first one brings about.
    let (status, page) = second.get("/changes?wait=20s");
    assert_eq!(
        (status, page["changes"].as_array().unwrap().len()),
        (200, 1),
        "{page}"
    );
    let (status, _) = second.post(
        "/cases/1/attachments?id=f&file_name=a.txt&title=A&wait=30s",
        b"a file that the other node uploaded",
    );
    assert_eq!(status, 200);
    let comment =
        json!({"id": "c1", "text": "by the second node", "created_at": "2019-02-11T01:08:14Z"});
    assert_eq!(
        second
            .post("/cases/1/comments?wait=30s", comment.to_string().as_bytes())
            .0,
        200
    );
    let ids = (2..60).map(|n| n.to_string());
    let (left, right): (Vec<_>, Vec<_>) = ids.partition(|id| id.parse::<u32>().unwrap() % 2 == 0);
    assert_eq!(first.post("/cases", &lines(left.into_iter())).0, 202);
    assert_eq!(second.post("/cases", &lines(right.into_iter())).0, 202);
    until("every ticket is made", || world.tickets().len() == 59);
    let feed = |node: &Service| -> Vec<(String, Value)> {
        let (_, page) = node.get("/changes?limit=1000");
        let changes = page["changes"].as_array().unwrap().iter();
        changes
            .map(|change| {
                (
                    change["cursor"].as_str().unwrap().to_owned(),
                    change["delivery"]["id"].clone(),
                )
            })
            .collect()
    };
    until("every change is in the feed", || feed(&first).len() >= 59);
    assert_eq!(feed(&first), feed(&second));
    let cursors: Vec<u64> = feed(&first)
        .iter()
        .map(|(cursor, _)| cursor.parse().unwrap())
        .collect();
    assert_eq!(cursors, (1..=cursors.len() as u64).collect::<Vec<_>>());
    let (_, shown) = first.get("/cases/1");
    assert_eq!(shown["state"], "in_step", "{shown}");
    let psa = world.server.psa();
    assert_eq!(psa.raw("documents").unwrap().len(), 1);
    let notes = psa.raw("notes").unwrap();
    let of_comment = notes
        .iter()
        .filter(|note| note.to_string().contains("by the second node"));
    assert_eq!(of_comment.count(), 1);
    drop(psa);
    assert_eq!(first.stop(), Some(0));
    assert_eq!(second.stop(), Some(0));
    world.assert_tickets(59);
}
