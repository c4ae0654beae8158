//! Ten thousand new cases through `casewire serve` with SQLite: how near it comes to the rate that the instance permits, and
//! whether its memory grows.

use super::{
    bars::Bars,
    world::{Service, World},
};
use rusqlite::Connection;
use serde_json::json;
use std::{
    path::Path,
    time::{Duration, Instant},
};

const CASES: usize = 10_000;
/// Requests a minute that the instance permits; ConnectWise itself permits about a thousand.
const PERMITTED: u32 = 30_000;
/// Cases that wait at most: enough for the rate to be the limit.
const BACKLOG: usize = 400;
const AT_ONCE: usize = 100;
const PATIENCE: Duration = Duration::from_secs(900);
const MB: f64 = 1_048_576.0;

pub(crate) fn measure(bars: &mut Bars) {
    let world = World::new(Duration::from_millis(10), Some(PERMITTED));
    world.configure(
        "acme",
        json!({"concurrency": 16, "requests_per_minute": PERMITTED}),
    );
    let service = Service::start(&world, "acme.json", &["--store", "sqlite:acme.db"]);
    // The first case pays for what is read once.
    service.hand_over(0..1);
    world.wait_for_tickets(1, PATIENCE);
    let requests = world.server.statistics().total;
    let begun = Instant::now();
    let (mut given, mut first) = (1, None);
    while given < CASES {
        let made = world.tickets();
        if made >= CASES / 10 && first.is_none() {
            first = Some(service.memory());
        }
        if given < made + BACKLOG {
            let end = (given + AT_ONCE).min(CASES);
            service.hand_over(given..end);
            given = end;
        } else {
            std::thread::sleep(Duration::from_millis(2));
        }
    }
    world.wait_for_tickets(CASES, PATIENCE);
    let seconds = begun.elapsed().as_secs_f64();
    let last = service.memory();
    let statistics = world.server.statistics();
    let used = statistics.total - requests;
    let throttled = statistics.answers.get(&429).copied().unwrap_or(0);
    // What is told to the host may still be under way.
    std::thread::sleep(Duration::from_secs(2));
    let processor = service.processor();
    service.stop();
    println!(
        "  {CASES} cases in {seconds:.1} s: {:.0} cases/s, {:.2} requests a case, {throttled} answers 429, {:.2} ms of processor time a case",
        CASES as f64 / seconds,
        used as f64 / CASES as f64,
        processor * 1000.0 / CASES as f64,
    );
    for (request, count) in &statistics.requests {
        println!("  {count:>8} {request}");
    }
    bars.at_least(
        "requests a second, times those that the instance permits",
        used as f64 / seconds / (f64::from(PERMITTED) / 60.0),
        0.9,
    );
    let first = first.unwrap_or(last);
    println!(
        "  memory: {:.1} MB after the first thousand, {:.1} MB after the last",
        first as f64 / MB,
        last as f64 / MB
    );
    bars.at_most(
        "MB by which memory grew in between",
        (last as f64 - first as f64) / MB,
        64.0,
    );
    disk(bars, &world.path("acme.db"));
    assert_eq!(world.tickets(), CASES);
}

/// How much larger the file is than what is in it.
fn disk(bars: &mut Bars, path: &Path) {
    let connection = Connection::open(path).unwrap();
    connection
        .query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))
        .unwrap();
    let size = std::fs::metadata(path).unwrap().len() as f64;
    let payload = |select: &str| -> f64 {
        connection
            .query_row(select, [], |row| row.get::<_, Option<i64>>(0))
            .unwrap()
            .unwrap_or(0) as f64
    };
    // Text as its bytes, numbers as eight.
    let records = payload(
        "SELECT sum(length(CAST(key AS BLOB)) + 8 + length(CAST(value AS BLOB))) FROM records",
    );
    let cases = payload(
        "SELECT sum(length(CAST(instance AS BLOB)) + length(CAST(case_id AS BLOB)) + length(CAST(document AS BLOB)) + 8)
         FROM service_cases",
    );
    let feed = payload(
        "SELECT sum(16 + length(CAST(instance AS BLOB)) + length(CAST(delivery AS BLOB)) + length(CAST(subject AS BLOB))
         + length(CAST(document AS BLOB))) FROM service_feed",
    );
    let count = payload("SELECT count(*) FROM records");
    println!(
        "  a case in the file: {:.0} bytes; of it {:.1} records with {:.0} bytes, {:.0} bytes of the case itself, {:.0} bytes of the feed",
        size / CASES as f64,
        count / CASES as f64,
        records / CASES as f64,
        cases / CASES as f64,
        feed / CASES as f64,
    );
    bars.at_most(
        "the file, times what is in it",
        size / (records + cases + feed),
        1.35,
    );
}
