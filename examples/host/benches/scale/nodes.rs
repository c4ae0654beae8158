//! Two nodes on one PostgreSQL database beside one, where the store is the limit and not the rate or the processors: every
//! write to its disk takes 20 ms more (`commit_delay`), as on a server that also waits for a standby.

use super::{
    bars::{Bars, median},
    postgres::Postgres,
    world::{Service, World},
};
use serde_json::json;
use std::{
    thread,
    time::{Duration, Instant},
};

const CASES: usize = 400;
const ROUNDS: usize = 3;
const PATIENCE: Duration = Duration::from_secs(300);

pub(crate) fn measure(bars: &mut Bars) {
    let server = Postgres::with(&["commit_delay=20000", "commit_siblings=0"]);
    let (mut one, mut two, mut same) = (Vec::new(), Vec::new(), Vec::new());
    for round in 0..ROUNDS {
        one.push(run(&server, &format!("one{round}"), &["acme"]));
        two.push(run(&server, &format!("two{round}"), &["acme", "zen"]));
        same.push(run(&server, &format!("same{round}"), &["acme", "acme"]));
    }
    let (one, two, same) = (median(one), median(two), median(same));
    drop(server);
    let server = Postgres::start();
    let plain = run(&server, "plain", &["acme", "zen"]);
    let size: i64 = server
        .client("plain")
        .query_one("SELECT pg_database_size('plain')", &[])
        .unwrap()
        .get(0);
    println!(
        "  without the delay two nodes carry {plain:.1} cases/s with the instance, the database and both nodes on this computer; a case takes {:.0} bytes",
        size as f64 / (2 * CASES) as f64
    );
    println!(
        "  one node {one:.1} cases/s; two nodes {two:.1}, each with an instance of its own, or {same:.1} on the same instance"
    );
    bars.at_least("two nodes, times one", two / one, 1.8);
}

/// Cases a second of all nodes together.
fn run(server: &Postgres, database: &str, instances: &[&str]) -> f64 {
    let url = server.database(database);
    let world = World::new(Duration::ZERO, None);
    for instance in instances {
        world.configure(
            instance,
            json!({"concurrency": 4, "requests_per_minute": 60_000}),
        );
    }
    let nodes: Vec<Service> = instances
        .iter()
        .map(|instance| {
            Service::start(
                &world,
                &format!("{instance}.json"),
                &["--store", &url, "--attachments", "files"],
            )
        })
        .collect();
    for (place, node) in nodes.iter().enumerate() {
        node.hand_over(place * 1_000_000..place * 1_000_000 + 1);
    }
    world.wait_for_tickets(nodes.len(), PATIENCE);
    let before: f64 = nodes.iter().map(Service::processor).sum();
    let begun = Instant::now();
    thread::scope(|scope| {
        for (place, node) in nodes.iter().enumerate() {
            let first = place * 1_000_000 + 1;
            scope.spawn(move || node.hand_over(first..first + CASES));
        }
    });
    world.wait_for_tickets(nodes.len() * (CASES + 1), PATIENCE);
    let seconds = begun.elapsed().as_secs_f64();
    let busy = (nodes.iter().map(Service::processor).sum::<f64>() - before) / seconds;
    println!(
        "  {database}: {} cases in {seconds:.1} s; the nodes used {busy:.2} of the processors",
        nodes.len() * CASES
    );
    for node in nodes {
        node.stop();
    }
    (instances.len() * CASES) as f64 / seconds
}
