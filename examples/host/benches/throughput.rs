//! A backlog of 1,000 cases against an instance that takes 20 ms for each answer, with 8 requests at once.
//!
//! `cargo bench -p casewire-host --bench throughput`

use casewire_simulator::{Options, PRIVATE_KEY, PUBLIC_KEY, Server};
use serde_json::{Value, json};
use std::{
    io::Write,
    process::Command,
    time::{Duration, Instant},
};

const CASES: usize = 1_000;
const LATENCY: Duration = Duration::from_millis(20);
const CONCURRENCY: u32 = 8;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let server = Server::start(Options {
        latency: LATENCY,
        ..Options::default()
    })?;
    server.psa().settings.requests_per_minute = None;
    let folder = tempfile::tempdir()?;
    let mut config: Value = serde_json::from_str(include_str!("../../configuration.json"))?;
    let connection = json!({"site": server.url(), "company_id": "acme", "allow_insecure_loopback": true,
        "client_id": "6f1f6f0e-3c1d-4a52-9a54-0b9f5f4f9e11"});
    let limits = json!({"concurrency": CONCURRENCY, "requests_per_minute": 60_000});
    if let Some(config) = config.as_object_mut() {
        config.insert("connection".to_owned(), connection);
        config.insert("limits".to_owned(), limits);
    }
    std::fs::write(folder.path().join("acme.json"), config.to_string())?;
    let cases: String = (0..CASES).map(|n| format!("{}\n", case(n))).collect();
    std::fs::write(folder.path().join("cases.jsonl"), cases)?;

    let begin = Instant::now();
    let output = Command::new(env!("CARGO_BIN_EXE_casewire"))
        .args(["send", "--config", "acme.json", "--store", "sqlite:acme.db"])
        .args(["--cases", "cases.jsonl"])
        .current_dir(folder.path())
        .env("CASEWIRE_PUBLIC_KEY", PUBLIC_KEY)
        .env("CASEWIRE_PRIVATE_KEY", PRIVATE_KEY)
        .output()?;
    let time = begin.elapsed();

    let statistics = server.statistics();
    let tickets = server.psa().raw("tickets").unwrap_or_default().len();
    let ideal = LATENCY.as_secs_f64() * statistics.total as f64 / f64::from(CONCURRENCY);
    let mut out = std::io::stdout().lock();
    for (request, count) in &statistics.requests {
        writeln!(out, "{count:>6} {request}")?;
    }
    writeln!(
        out,
        "{tickets} tickets, {} requests, at most {} at once, {:.2} s; requests × latency / {CONCURRENCY} = {ideal:.2} s: {:.2} times that",
        statistics.total,
        statistics.peak_concurrency,
        time.as_secs_f64(),
        time.as_secs_f64() / ideal
    )?;
    out.write_all(&output.stderr)?;
    assert!(output.status.success());
    assert_eq!(tickets, CASES);
    assert_eq!(statistics.peak_concurrency, u64::from(CONCURRENCY));
    Ok(())
}

fn case(number: usize) -> Value {
    json!({
        "id": number.to_string(),
        "title": "Windows: Audit log cleared",
        "severity": "high",
        "category": "windows",
        "kind": "audit",
        "group": {"id": "48Tech"},
        "created_at": "2019-02-11T01:07:14Z",
        "updated_at": "2019-02-11T01:07:14Z",
    })
}
