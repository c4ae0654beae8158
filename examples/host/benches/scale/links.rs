//! A store with a million links beside one with a single link: how soon there is something to do, and what commands cost.

use super::{
    bars::{Bars, median},
    world::{World, case},
};
use casewire::{
    Case, Command, Config, Connector, Credentials, Options, Poll,
    effect::{Answer, Request},
    store::Store as _,
};
use casewire_host::{clock::now, store::SqliteStore};
use rusqlite::{Connection, params};
use serde_json::json;
use std::{
    path::Path,
    time::{Duration, Instant},
};

const LINKS: usize = 1_000_000;
const ROUNDS: usize = 9;
/// The case and the ticket that all others are made after.
const CASE: usize = 7_700_077;
const TICKET: usize = 83_456_789;
/// Commands whose answer does not grow with the store. `links` without a case lists all of them, and `reconcile` reads the
/// ticket of every one that is open.
const COMMANDS: [&str; 11] = [
    "send --cases new.jsonl",
    "links --case 7700077",
    "links --ticket 83456789",
    "outbox list",
    "poll",
    "health",
    "events --from 1h",
    "audit --case 7700077",
    "map list",
    "import --companies",
    "check",
];

pub(crate) fn measure(bars: &mut Bars) {
    let world = World::new(Duration::ZERO, None);
    world.server.psa().set_first_ticket_id(TICKET as i64);
    world.configure("acme", json!({"requests_per_minute": 60_000}));
    let config = std::fs::read_to_string(world.path("acme.json")).unwrap();
    let mut config: serde_json::Value = serde_json::from_str(&config).unwrap();
    config["policies"] = json!({"ticket_inbound": {"enabled": true}});
    world.write("acme.json", &config.to_string());
    world.write("new.jsonl", &case(CASE).to_string());
    time(&world, "send --cases new.jsonl", "few.db");
    std::fs::copy(world.path("few.db"), world.path("many.db")).unwrap();
    let begun = Instant::now();
    let bytes = multiply(&world.path("many.db"));
    println!(
        "  {LINKS} links made in {:.0} s: {:.0} bytes each, a file of {:.0} MB",
        begun.elapsed().as_secs_f64(),
        bytes / LINKS as f64,
        bytes / 1e6
    );
    let starts = |store: &str| {
        let path = world.path(store);
        let times = (0..ROUNDS).map(|round| first_effect(&world, &path, round));
        let (opened, effect): (Vec<f64>, Vec<f64>) = times.unzip();
        (median(opened), median(effect))
    };
    for store in ["few.db", "many.db"] {
        let (opened, effect) = starts(store);
        println!("  {store}: opened in {opened:.1} ms, the first request {effect:.1} ms later");
        if store == "many.db" {
            bars.at_most(
                "ms from the opened store to the first request",
                effect,
                100.0,
            );
        }
    }
    for (place, command) in COMMANDS.iter().enumerate() {
        let (mut few, mut many) = (Vec::new(), Vec::new());
        for round in 0..ROUNDS {
            for (store, times) in [("few.db", &mut few), ("many.db", &mut many)] {
                world.write("new.jsonl", &case(1_000 * (place + 1) + round).to_string());
                times.push(time(&world, command, store));
            }
        }
        let (few, many) = (median(few), median(many));
        bars.at_most(
            &format!("casewire {command} ({many:.1} ms), times one link ({few:.1} ms)"),
            many / few,
            2.0,
        );
    }
}

/// Makes the links after the one that is there, and gives the size of the file.
fn multiply(path: &Path) -> f64 {
    let mut connection = Connection::open(path).unwrap();
    connection
        .execute_batch(
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF; PRAGMA cache_size = -200000",
        )
        .unwrap();
    let group = connection.transaction().unwrap();
    let (case_id, number) = (CASE.to_string(), TICKET.to_string());
    let models: Vec<(String, String)> = {
        let mut select = group
            .prepare("SELECT key, value FROM records WHERE key LIKE '%/link/%' OR key LIKE '%/ticket/%' ORDER BY key")
            .unwrap();
        let rows = select
            .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))
            .unwrap();
        rows.map(Result::unwrap).collect()
    };
    assert_eq!(models.len(), 2, "a link is two records");
    for (key, value) in models {
        let mut insert = group
            .prepare("INSERT INTO records (key, revision, value) VALUES (?1, 1, ?2)")
            .unwrap();
        for link in 0..LINKS {
            let (own_case, own_ticket) = (
                (2_000_000 + link).to_string(),
                (10_000_000 + link).to_string(),
            );
            let own = |text: &str| {
                text.replace(&case_id, &own_case)
                    .replace(&number, &own_ticket)
            };
            insert.execute(params![own(&key), own(&value)]).unwrap();
        }
    }
    group.commit().unwrap();
    connection
        .query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))
        .unwrap();
    std::fs::metadata(path).unwrap().len() as f64
}

/// Milliseconds to open the store, and from there to the first request of a connector that has a case.
fn first_effect(world: &World, path: &Path, round: usize) -> (f64, f64) {
    let config = Config::from_json(&std::fs::read(world.path("acme.json")).unwrap()).unwrap();
    let credentials = Credentials::keys(
        casewire_simulator::PUBLIC_KEY,
        casewire_simulator::PRIVATE_KEY,
    )
    .unwrap();
    let case = Case::from_json(case(500 + round).to_string().as_bytes()).unwrap();
    let begun = Instant::now();
    let mut store = SqliteStore::open(path).unwrap();
    let opened = begun.elapsed();
    let mut connector = Connector::new(config, credentials, Options::default(), now()).unwrap();
    connector
        .submit(
            Command::SubmitCase {
                case: Box::new(case),
            },
            now(),
        )
        .unwrap();
    loop {
        match connector.poll(now()) {
            Poll::Effect(effect) => match effect.request {
                Request::Store(request) => {
                    let answer = store.perform(&request).unwrap();
                    connector
                        .resolve(effect.id, Answer::Store(answer), now())
                        .unwrap();
                }
                Request::Http(_) => break,
                _ => {}
            },
            Poll::Finished(_) => {}
            Poll::Idle { .. } => panic!("there is nothing to do"),
        }
    }
    let effect = begun.elapsed() - opened;
    (opened.as_secs_f64() * 1000.0, effect.as_secs_f64() * 1000.0)
}

/// Milliseconds that a command takes.
fn time(world: &World, command: &str, store: &str) -> f64 {
    let store = format!("sqlite:{store}");
    let mut arguments: Vec<&str> = command.split(' ').collect();
    arguments.extend(["--config", "acme.json", "--store", &store]);
    let begun = Instant::now();
    let output = world.program(&arguments).output().unwrap();
    let time = begun.elapsed();
    assert!(
        output.status.success(),
        "{command}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    time.as_secs_f64() * 1000.0
}
