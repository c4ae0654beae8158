//! A service that is killed again and again while cases come in: nothing is lost, nothing doubled, as ConnectWise sees it.
//!
//! A few kills here; `cargo xtask kill-service --times 200` for as many as one likes.

use super::running::{PATIENCE, Service, TOKEN, until};
use crate::world::{World, case};
use serde_json::json;
use std::{
    collections::BTreeMap,
    sync::{
        Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

/// Says how often.
const TIMES: &str = "CASEWIRE_KILLS";
/// Cases that are handed over between two kills.
const CASES_A_KILL: usize = 20;
/// Files of two of those cases, comments of all.
const WITH_FILE: usize = 10;

#[test]
fn a_service_that_is_killed_under_load_loses_nothing_and_doubles_nothing() {
    let times: usize = std::env::var(TIMES).map_or(8, |times| times.parse().unwrap());
    let cases = times * CASES_A_KILL;
    let begun = Instant::now();
    let world = World::with_latency(Duration::from_millis(5));
    let start = || Service::start(&world, &["--attachment-space", "64"]);
    let service = Mutex::new(start());
    let address = Mutex::new(service.lock().unwrap().url.clone());
    let taken = AtomicUsize::new(0);
    let mut late = 0;
    thread::scope(|scope| {
        for feeder in 0..2 {
            let (address, taken) = (&address, &taken);
            scope.spawn(move || {
                for number in (0..cases).filter(|number| number % 2 == feeder) {
                    // Not far ahead of the kills, so that every one finds work under way.
                    hand_over(number, address);
                    taken.fetch_add(1, Ordering::Relaxed);
                }
            });
        }
        for kill in 1..=times {
            let due = Instant::now() + Duration::from_secs(30);
            // The moment within the load is another one each time.
            let goal = (kill - 1) * CASES_A_KILL + (kill * 7) % CASES_A_KILL;
            while taken.load(Ordering::Relaxed) < goal.min(cases - 1) && Instant::now() < due {
                thread::sleep(Duration::from_millis(1));
            }
            thread::sleep(Duration::from_micros(kill as u64 * 7_919 % 40_000));
            late += usize::from(world.tickets().len() < cases);
            let mut service = service.lock().unwrap();
            service.kill_it();
            *service = start();
            *address.lock().unwrap() = service.url.clone();
        }
    });
    let service = service.into_inner().unwrap();
    wait_for_tickets(&world, cases);
    until("nothing waits", || {
        ["waiting", "retrying", "failed"].iter().all(|state| {
            service.figure(&format!(
                "casewire_outbox_cases{{instance=\"acme-soc\",state=\"{state}\"}}"
            )) == 0
        })
    });
    world.assert_tickets(cases);
    let psa = world.server.psa();
    let marks = |list: &str, field: &str| {
        let mut marks = BTreeMap::<String, usize>::new();
        for record in psa.raw(list).unwrap() {
            let text = record[field].as_str().unwrap_or_default();
            if let Some(place) = text.find("mark-") {
                let is_mark = |c: &char| c.is_ascii_alphanumeric() || *c == '-';
                *marks
                    .entry(text[place..].chars().take_while(is_mark).collect())
                    .or_default() += 1;
            }
        }
        assert!(
            marks.values().all(|count| *count == 1),
            "doubled: {marks:?}"
        );
        marks.len()
    };
    assert_eq!(marks("notes", "text"), cases);
    assert_eq!(marks("documents", "title"), cases.div_ceil(WITH_FILE));
    drop(psa);
    assert_eq!(late, times, "some kills came when all was done");
    println!(
        "{times} kills, {cases} cases, each with a comment: none lost, none doubled, in {:.0} s",
        begun.elapsed().as_secs_f64()
    );
}

/// Waits as long as tickets are made.
fn wait_for_tickets(world: &World, count: usize) {
    let (mut made, mut since) = (0, Instant::now());
    while made < count {
        assert!(
            since.elapsed() < PATIENCE,
            "{made} of {count} cases have a ticket, and it stays so"
        );
        thread::sleep(Duration::from_millis(50));
        let now = world.tickets().len();
        if now > made {
            (made, since) = (now, Instant::now());
        }
    }
}

/// Hands a case over, and its file, until the service says that it has them.
fn hand_over(number: usize, address: &Mutex<String>) {
    let mut document = case(&number.to_string());
    document["comments"] = json!([{"id": "c", "text": format!("mark-{number}"), "created_at": "2019-02-11T01:07:15Z"}]);
    send("/cases", document.to_string().as_bytes(), address);
    if number.is_multiple_of(WITH_FILE) {
        let path = format!("/cases/{number}/attachments?id=f&file_name=f.txt&title=mark-{number}");
        send(&path, format!("the file of {number}").as_bytes(), address);
    }
}

fn send(path: &str, body: &[u8], address: &Mutex<String>) {
    let agent: ureq::Agent = ureq::Agent::config_builder()
        .http_status_as_error(false)
        .timeout_global(Some(Duration::from_secs(5)))
        .build()
        .into();
    let end = Instant::now() + Duration::from_secs(60);
    loop {
        let url = format!("{}{path}", address.lock().unwrap());
        let answer = agent
            .post(url)
            .header("authorization", format!("Bearer {TOKEN}"))
            .send(body);
        match answer.map(|answer| answer.status().as_u16()) {
            Ok(200 | 202) => return,
            Ok(503) | Err(_) => {}
            Ok(status) => panic!("{path} was answered with {status}"),
        }
        assert!(Instant::now() < end, "nobody takes {path}");
        thread::sleep(Duration::from_millis(3));
    }
}
