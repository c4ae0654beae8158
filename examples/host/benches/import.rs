//! 5,000 companies and 20,000 configurations from an instance that takes 20 ms for each answer, four pages at once, beside
//! the least that this can take: a bare loop with the same client that reads the same pages and throws them away.
//!
//! `cargo bench -p casewire-host --bench import`

use base64::{Engine, engine::general_purpose::STANDARD};
use casewire::{
    Command, Config, Connector, Credentials, ImportFilter, ImportKind, ImportReport, MemoryStore,
    Options, Outcome,
    effect::{Header, HttpRequest, Method},
};
use casewire_host::{
    clock::now,
    driver::Driver,
    store::{HostStore, SqliteStore},
    transport::{HttpTransport, Transport},
};
use casewire_simulator::{PRIVATE_KEY, PUBLIC_KEY, Server};
use serde_json::{Value, json};
use std::{
    error::Error,
    io::Write,
    sync::Mutex,
    thread,
    time::{Duration, Instant},
};

const COMPANIES: usize = 5_000;
const CONFIGURATIONS: usize = 20_000;
const LATENCY: Duration = Duration::from_millis(20);
const AT_ONCE: usize = 4;
const ROUNDS: usize = 7;
/// Requests of the import, discovery among them, and bytes of the answers.
const MOST_REQUESTS: u64 = 26;
const MOST_BYTES: u64 = 6_000_000;
/// Times of the least possible.
const MOST_TIMES: f64 = 1.3;

type Done<T = ()> = Result<T, Box<dyn Error>>;

fn main() -> Done {
    let server = Server::start(casewire_simulator::Options {
        latency: LATENCY,
        ..casewire_simulator::Options::default()
    })?;
    fill(&server);
    let transport = HttpTransport::new();
    let folder = tempfile::tempdir()?;

    let mut out = std::io::stdout().lock();
    let before = server.statistics();
    let report = import(&server, &transport, Box::new(MemoryStore::new()))?.1;
    let after = server.statistics();
    let (requests, bytes) = (
        after.total - before.total,
        after.bytes_out - before.bytes_out,
    );
    let pages = pages(&server);
    writeln!(
        out,
        "{requests} requests (at most {MOST_REQUESTS}), {bytes} bytes (at most {MOST_BYTES}), at most {} at once",
        after.peak_concurrency
    )?;
    let part = |part: Option<casewire::ImportedPart>| part.map_or(0, |part| part.held);
    let held = (part(report.companies), part(report.configurations));
    writeln!(out, "{} companies, {} configurations held", held.0, held.1)?;

    let (mut bare, mut memory, mut sqlite) = (Vec::new(), Vec::new(), Vec::new());
    for round in 0..ROUNDS {
        bare.push(least(&transport, &pages)?);
        memory.push(import(&server, &transport, Box::new(MemoryStore::new()))?.0);
        let path = folder.path().join(format!("{round}.db"));
        sqlite.push(import(&server, &transport, Box::new(SqliteStore::open(&path)?))?.0);
    }
    let least = middle(&mut bare);
    writeln!(
        out,
        "{:>8.1} ms  the least possible: {} pages, {AT_ONCE} at once, read and thrown away",
        millis(least),
        pages.len()
    )?;
    let mut ratios = Vec::new();
    for (name, times) in [("memory", &mut memory), ("SQLite", &mut sqlite)] {
        let time = middle(times);
        let ratio = time.as_secs_f64() / least.as_secs_f64();
        writeln!(
            out,
            "{:>8.1} ms  imported into {name}: {ratio:.2} times that (at most {MOST_TIMES})",
            millis(time)
        )?;
        ratios.push(ratio);
    }
    assert!(requests <= MOST_REQUESTS && bytes <= MOST_BYTES);
    assert_eq!(held, (COMPANIES as u64, CONFIGURATIONS as u64));
    assert!(ratios.iter().all(|ratio| *ratio <= MOST_TIMES));
    Ok(())
}

/// Fills the instance up to the numbers, with what the guides have counted in.
fn fill(server: &Server) {
    let mut psa = server.psa();
    psa.settings.requests_per_minute = None;
    let there = |name: &str| psa.raw(name).map_or(0, |rows| rows.len());
    let companies = COMPANIES - there("company/companies");
    let configurations = CONFIGURATIONS - there("company/configurations");
    psa.populate(companies, configurations);
}

/// Imports with a connector that knows nothing, and says how long it took.
fn import(
    server: &Server,
    transport: &HttpTransport,
    store: Box<dyn HostStore>,
) -> Done<(Duration, ImportReport)> {
    let mut config: Value = serde_json::from_str(include_str!("../../configuration.json"))?;
    let connection = json!({"site": server.url(), "company_id": "acme", "allow_insecure_loopback": true,
        "client_id": "6f1f6f0e-3c1d-4a52-9a54-0b9f5f4f9e11"});
    if let Some(config) = config.as_object_mut() {
        config.insert("connection".to_owned(), connection);
        config.insert("limits".to_owned(), json!({"requests_per_minute": 60_000}));
    }
    let config = Config::from_json(config.to_string().as_bytes())?;
    let credentials = Credentials::keys(PUBLIC_KEY, PRIVATE_KEY)?;
    let begin = Instant::now();
    let connector = Connector::new(config, credentials, Options::default(), now())?;
    let mut driver = Driver::new(connector, transport, store, AT_ONCE, |_| Ok(()));
    let outcome = driver.run(Command::Import {
        what: vec![ImportKind::Companies, ImportKind::Configurations],
        filter: ImportFilter::default(),
        full: false,
    })?;
    let time = begin.elapsed();
    match outcome {
        Outcome::Imported(report) => Ok((time, *report)),
        other => Err(format!("{other:?}").into()),
    }
}

/// The requests for the pages of the last import, as the instance saw them.
fn pages(server: &Server) -> Vec<HttpRequest> {
    let statistics = server.statistics();
    let of_pages = statistics
        .last
        .iter()
        .filter(|request| request.target.contains("pageSize=1000"));
    of_pages
        .map(|request| HttpRequest {
            method: Method::Get,
            url: format!("{}{}", server.url(), request.target),
            headers: vec![
                header("Authorization", &authorization()),
                header("clientId", "6f1f6f0e-3c1d-4a52-9a54-0b9f5f4f9e11"),
            ],
            body: Vec::new(),
            timeout_ms: 30_000,
            max_answer: 16 << 20,
            not_after: None,
            store_as: None,
        })
        .collect()
}

fn authorization() -> String {
    let keys = format!("acme+{PUBLIC_KEY}:{PRIVATE_KEY}");
    format!("Basic {}", STANDARD.encode(keys))
}

fn header(name: &'static str, value: &str) -> Header {
    Header {
        name,
        value: value.to_owned(),
    }
}

/// Sends the requests, as many at once as an import does, and reads the bodies.
fn least(transport: &HttpTransport, pages: &[HttpRequest]) -> Done<Duration> {
    let begin = Instant::now();
    let next = Mutex::new(pages.iter());
    thread::scope(|scope| {
        let workers: Vec<_> = (0..AT_ONCE)
            .map(|_| {
                let mut client = transport.client();
                let next = &next;
                scope.spawn(move || {
                    loop {
                        let request = next.lock().map_err(|_| "a worker panicked")?.next();
                        let Some(request) = request else {
                            return Ok(());
                        };
                        let answer = client.send(request).map_err(|_| "a page was not read")?;
                        if answer.status != 200 || answer.body.is_empty() {
                            return Err("a page was refused");
                        }
                    }
                })
            })
            .collect();
        workers
            .into_iter()
            .try_for_each(|worker| worker.join().unwrap_or(Err("a worker panicked")))
    })?;
    Ok(begin.elapsed())
}

fn middle(times: &mut [Duration]) -> Duration {
    times.sort_unstable();
    times.get(times.len() / 2).copied().unwrap_or_default()
}

fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}
