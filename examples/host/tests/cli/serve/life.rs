//! Its life: figures, health, and a clean end.

use super::running::{Service, TOKEN, lines, until};
use crate::world::{World, case};
use casewire_simulator::{Fault, FaultRule, Match};
use serde_json::json;
use std::time::{Duration, Instant};

#[test]
fn asked_to_stop_it_finishes_or_keeps_what_is_under_way() {
    let world = World::with_latency(Duration::from_millis(100));
    let service = Service::start(&world, &["--grace", "1"]);
    assert_eq!(
        service
            .post("/cases", &lines((0..200).map(|n| n.to_string())))
            .0,
        202
    );
    until("work is under way", || !world.tickets().is_empty());
    let begun = Instant::now();
    assert_eq!(service.stop(), Some(0));
    assert!(
        begun.elapsed() < Duration::from_secs(8),
        "{:?}",
        begun.elapsed()
    );
    let made = world.tickets().len();
    assert!(made < 200, "it stopped too late");
    let service = Service::start(&world, &[]);
    until("the rest is made", || world.tickets().len() == 200);
    until("nothing waits", || {
        service.figure("casewire_outbox_cases{instance=\"acme-soc\",state=\"waiting\"}") == 0
    });
    world.assert_tickets(200);
    until("each is told of", || {
        service.get("/changes?limit=1000").1["changes"]
            .as_array()
            .unwrap()
            .len()
            >= 200
    });
}

#[test]
fn what_is_idle_stops_at_once_and_sends_waiting_readers_home() {
    let world = World::new();
    let service = Service::start(&world, &[]);
    let (status, told) = service.post("/cases?wait=20s", case("1").to_string().as_bytes());
    assert_eq!(status, 200, "{told}");
    // The case is answered before its event is in the feed.
    assert_eq!(service.get("/changes?wait=20s").0, 200);
    std::thread::scope(|scope| {
        let waiting = scope.spawn(|| service.get("/changes?after=1&wait=60s").0);
        std::thread::sleep(Duration::from_millis(300));
        let begun = Instant::now();
        service.ask_to_stop();
        assert_eq!(waiting.join().unwrap(), 200);
        assert!(begun.elapsed() < Duration::from_secs(3));
    });
    assert_eq!(service.end(), Some(0));
}

#[test]
fn health_names_what_does_not_work_and_cases_are_still_taken_in() {
    let world = World::new();
    world.server.psa().add_fault(FaultRule {
        when: Match::default(),
        fault: Fault::NotPerformed,
        times: None,
    });
    let service = Service::start(&world, &["--max-age", "1"]);
    let (status, _) = service.post("/cases", case("1").to_string().as_bytes());
    assert_eq!(status, 202);
    let reasons = || -> Vec<String> {
        let (status, health) = service.call("GET", "/healthz", None, b"");
        assert_eq!(status, 200);
        let reasons = health["reasons"].as_array().unwrap().iter();
        reasons
            .map(|reason| reason["code"].as_str().unwrap().to_owned())
            .collect()
    };
    until("ConnectWise and the backlog are named", || {
        reasons() == ["connectwise", "backlog"]
    });
    let (_, shown) = service.get("/cases/1");
    assert_ne!(shown["state"], "in_step");
    world.server.psa().clear_faults();
    until("the case has its ticket", || world.tickets().len() == 1);
    until("all is well", || reasons().is_empty());
}

#[test]
fn figures_are_in_the_text_format_and_count_what_happened() {
    let world = World::new();
    let service = Service::start(&world, &[]);
    service.post("/cases?wait=20s", case("1").to_string().as_bytes());
    service.post("/cases", b"{");
    until("the change is told", || {
        service.figure("casewire_deliveries_total{instance=\"acme-soc\"}") == 1
    });
    let (status, text) = service.text("GET", "/metrics", Some(TOKEN), b"");
    assert_eq!(status, 200);
    let mut families = 0;
    for line in text.lines() {
        if let Some(comment) = line.strip_prefix("# ") {
            let mut words = comment.split(' ');
            families += usize::from(words.next() == Some("TYPE"));
            assert!(words.next().unwrap().starts_with("casewire_"), "{line}");
            continue;
        }
        let (name, value) = line.rsplit_once(' ').unwrap();
        value.parse::<f64>().unwrap();
        let labels = name.split_once('{').map_or("", |(_, labels)| labels);
        assert!(labels.is_empty() || labels.ends_with("\"}"), "{line}");
    }
    assert!(families >= 8, "{text}");
    for (name, value) in [
        ("casewire_cases_accepted_total{instance=\"acme-soc\"}", 1),
        (
            "casewire_case_outcomes_total{instance=\"acme-soc\",outcome=\"opened\"}",
            1,
        ),
        ("casewire_deliveries_total{instance=\"acme-soc\"}", 1),
        ("casewire_http_answers_total{status=\"400\"}", 1),
    ] {
        assert_eq!(service.figure(name), value, "{name}");
    }
    assert!(!text.contains(TOKEN));
}

/// Run by hand: `cargo test --release -p casewire-host --test cli a_thousand -- --ignored --nocapture`.
#[test]
#[ignore = "a measurement, not a check"]
fn a_thousand_cases() {
    let world = World::new();
    let service = Service::start(&world, &[]);
    let begun = Instant::now();
    assert_eq!(
        service
            .post("/cases", &lines((0..1000).map(|n| n.to_string())))
            .0,
        202
    );
    let accepted = begun.elapsed();
    while world.tickets().len() < 1000 {
        assert!(begun.elapsed() < Duration::from_secs(300));
        std::thread::sleep(Duration::from_millis(50));
    }
    let made = begun.elapsed();
    let status = std::fs::read_to_string(format!("/proc/{}/status", service.process())).unwrap();
    let peak = status
        .lines()
        .find(|line| line.starts_with("VmHWM"))
        .unwrap();
    println!(
        "accepted after {accepted:?}, ticketed after {made:?}: {:.0} cases/s; {peak}",
        1000.0 / made.as_secs_f64()
    );
    assert_eq!(json!(1000), json!(world.tickets().len()));
}
