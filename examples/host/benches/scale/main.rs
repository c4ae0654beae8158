//! What one node and one store carry, each figure beside its bar and beside the least that it can be, measured in one run.
//!
//! `cargo bench -p casewire-host --bench scale` for all, or with some of the names behind:
//! `cargo bench -p casewire-host --bench scale -- service links batches nodes`. `nodes` needs PostgreSQL's programs (Debian:
//! `postgresql`, or another folder of them in `CASEWIRE_POSTGRES`).

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a measurement fails by panicking"
)]

mod bars;
mod batches;
mod links;
mod nodes;
#[path = "../../tests/postgres/server.rs"]
#[allow(dead_code, reason = "the tests use the rest")]
mod postgres;
mod service;
mod world;

use bars::Bars;
use std::process::ExitCode;

/// A name, and what is measured under it.
type Part = (&'static str, fn(&mut Bars));

const PARTS: [Part; 4] = [
    ("batches", batches::measure),
    ("links", links::measure),
    ("service", service::measure),
    ("nodes", nodes::measure),
];

fn main() -> ExitCode {
    let wanted: Vec<String> = std::env::args()
        .skip(1)
        .filter(|name| !name.starts_with('-'))
        .collect();
    if let Some(unknown) = wanted
        .iter()
        .find(|name| PARTS.iter().all(|part| part.0 != **name))
    {
        println!("'{unknown}' is none of: batches, links, service, nodes");
        return ExitCode::from(2);
    }
    let mut bars = Bars::default();
    for (name, measure) in PARTS {
        if wanted.is_empty() || wanted.iter().any(|one| one == name) {
            println!("\n{name}");
            measure(&mut bars);
        }
    }
    bars.tell()
}
