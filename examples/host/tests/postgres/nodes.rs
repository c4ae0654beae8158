//! Three nodes on one database that are killed and stopped in the middle of their work: nothing is lost, nothing doubled, as
//! ConnectWise sees it.

use crate::{
    running::{PATIENCE, Service, TOKEN, until},
    server::Postgres,
    world::{World, case},
};
use serde_json::json;
use std::{
    collections::BTreeMap,
    process::Command,
    sync::{
        Mutex,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

const NODES: usize = 3;
/// How many hand cases over, one each at a time.
const FEEDERS: usize = 6;
/// How often a node is killed or stopped.
const BLOWS: usize = 12;
/// Longer than PostgreSQL bears a transaction that stands still.
const LONG_STOP: Duration = Duration::from_secs(11);

#[test]
fn nodes_that_are_killed_and_stopped_lose_nothing_and_double_nothing() {
    let begun = Instant::now();
    let server = Postgres::start();
    let url = server.database("nodes");
    let world = World::with_latency(Duration::from_millis(15));
    let start = || Service::start(&world, &["--store", &url, "--attachments", "files"]);
    let nodes: Vec<Mutex<Service>> = (0..NODES).map(|_| Mutex::new(start())).collect();
    let addresses = || -> Vec<String> {
        nodes
            .iter()
            .map(|node| node.lock().unwrap().url.clone())
            .collect()
    };
    let addresses = Mutex::new(addresses());
    let over = AtomicBool::new(false);
    let (kills, stops) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let fed: Vec<usize> = thread::scope(|scope| {
        scope.spawn(|| {
            let _over = Over(&over);
            // Every node gets its turn; the first stop is a long one, while the others go on.
            let mut stopped_until = [begun; NODES];
            for turn in 0..BLOWS {
                let mut place = turn % NODES;
                while stopped_until[place] > Instant::now() {
                    place = (place + 1) % NODES;
                }
                thread::sleep(Duration::from_millis(200 + 110 * (turn as u64 % 4)));
                let mut node = nodes[place].lock().unwrap();
                if turn % 4 == 1 {
                    let stop = if stops.fetch_add(1, Ordering::Relaxed) == 0 {
                        LONG_STOP
                    } else {
                        Duration::from_millis(700)
                    };
                    stopped_until[place] = Instant::now() + stop;
                    signal("-STOP", node.process());
                    let process = node.process();
                    drop(node);
                    scope.spawn(move || {
                        thread::sleep(stop);
                        signal("-CONT", process);
                    });
                } else {
                    kills.fetch_add(1, Ordering::Relaxed);
                    node.kill_it();
                    *node = start();
                    addresses.lock().unwrap()[place] = node.url.clone();
                }
            }
        });
        let feeding: Vec<_> = (0..FEEDERS)
            .map(|feeder| {
                let (addresses, over) = (&addresses, &over);
                scope.spawn(move || feed(feeder, addresses, over))
            })
            .collect();
        feeding
            .into_iter()
            .map(|feeder| feeder.join().unwrap())
            .collect()
    });
    let cases: usize = fed.iter().sum();
    until("every case has its ticket", || {
        world.tickets().len() == cases
    });
    let made = begun.elapsed();
    until("nothing waits", || {
        let node = nodes[0].lock().unwrap();
        ["waiting", "retrying", "failed"].iter().all(|state| {
            let name = format!("casewire_outbox_cases{{instance=\"acme-soc\",state=\"{state}\"}}");
            node.figure(&name) == 0
        })
    });
    let quiet = begun.elapsed();
    world.assert_tickets(cases);
    let mut notes = BTreeMap::<String, usize>::new();
    for note in world.server.psa().raw("notes").unwrap() {
        let text = note["text"].as_str().unwrap_or_default();
        if let Some(place) = text.find("comment-") {
            let mark: String = text[place..]
                .chars()
                .take_while(|c| c.is_alphanumeric() || *c == '-')
                .collect();
            *notes.entry(mark).or_default() += 1;
        }
    }
    let doubled: Vec<_> = notes.iter().filter(|(_, count)| **count != 1).collect();
    assert!(doubled.is_empty(), "{doubled:?}");
    assert_eq!(notes.len(), cases);
    println!(
        "{cases} cases with a comment each, {NODES} nodes, {} kills, {} stops: {} tickets, {} comments, none doubled; the last \
         ticket after {:.0} s, nothing waits after {:.0} s",
        kills.load(Ordering::Relaxed),
        stops.load(Ordering::Relaxed),
        world.tickets().len(),
        notes.len(),
        made.as_secs_f64(),
        quiet.as_secs_f64()
    );
    for node in nodes {
        assert_eq!(node.into_inner().unwrap().stop(), Some(0));
    }
}

/// Ends the feeding, also where the test has failed.
struct Over<'a>(&'a AtomicBool);

impl Drop for Over<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Release);
    }
}

/// Hands cases over as a product does: to one node, or to the next where that does not take it; some to two nodes. Says how
/// many there were.
fn feed(feeder: usize, addresses: &Mutex<Vec<String>>, over: &AtomicBool) -> usize {
    let agent: ureq::Agent = ureq::Agent::config_builder()
        .http_status_as_error(false)
        .timeout_global(Some(Duration::from_millis(700)))
        .build()
        .into();
    let mut count = 0;
    while !over.load(Ordering::Acquire) {
        let number = count * FEEDERS + feeder;
        let mut document = case(&number.to_string());
        document["comments"] = json!([
            {"id": "c", "text": format!("comment-{number}"), "created_at": "2019-02-11T01:07:15Z"}
        ]);
        let body = document.to_string();
        let mut taken = 0;
        let wanted = if number.is_multiple_of(5) { 2 } else { 1 };
        let end = Instant::now() + PATIENCE;
        for turn in number.. {
            assert!(Instant::now() < end, "no node takes case {number}");
            let address = addresses.lock().unwrap()[turn % NODES].clone();
            let answer = agent
                .post(format!("{address}/cases"))
                .header("authorization", format!("Bearer {TOKEN}"))
                .send(body.as_bytes());
            taken += usize::from(
                answer.is_ok_and(|answer| matches!(answer.status().as_u16(), 200 | 202)),
            );
            if taken == wanted {
                break;
            }
            thread::sleep(Duration::from_millis(10));
        }
        count += 1;
        thread::sleep(Duration::from_millis(60));
    }
    count
}

fn signal(name: &str, process: u32) {
    let sent = Command::new("kill")
        .args([name, &process.to_string()])
        .status();
    assert!(sent.unwrap().success());
}
