//! A vendor with ten thousand ConnectWise instances and five million cases a day, in virtual time.
//!
//! First the connector itself works for instances of several sizes through a day and a storm: its own budget decides when a
//! request may leave, the simulator answers. Then a model of the whole fleet, which spends what was measured for a case,
//! says how busy nodes, database and budgets are, how long cases wait, what a lost node does, and what is full first.
//!
//! `cargo run --release -p casewire-scenarios --example fleet`, with `--name value` for each input that is another:
//! see [`Inputs`].

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a simulation prints its figures and fails by panicking"
)]

mod chance;
mod model;
mod one;

use std::collections::BTreeMap;

/// What the fleet is like, and what was measured on one machine with two cores (docs/scaling.md names the commands).
#[derive(Clone, Debug)]
pub(crate) struct Inputs {
    /// `--instances`: ConnectWise instances.
    pub(crate) instances: usize,
    /// `--cases`: cases a day, of all of them.
    pub(crate) cases: f64,
    /// `--spread`: how unequal they are, as the deviation of a lognormal distribution.
    pub(crate) spread: f64,
    /// `--rate`: requests a minute that an instance permits this connector.
    pub(crate) rate: f64,
    /// `--requests`: requests of a new case; measured with the connector where it is 0.
    pub(crate) requests: f64,
    /// `--processor-ms`: milliseconds of one processor that a case takes on its node.
    pub(crate) processor_ms: f64,
    /// `--processors`: processors of a node.
    pub(crate) processors: f64,
    /// `--instances-a-node`: instances that a node holds at most.
    pub(crate) instances_a_node: usize,
    /// `--database`: cases a second that one database carries.
    pub(crate) database: f64,
    /// `--bytes`: bytes of a case in the store.
    pub(crate) bytes: f64,
    /// `--takeover`: seconds until the instances of a lost node work on another one.
    pub(crate) takeover: f64,
}

impl Inputs {
    fn read() -> Self {
        let mut given: BTreeMap<String, f64> = BTreeMap::new();
        let mut arguments = std::env::args().skip(1);
        while let Some(name) = arguments.next() {
            let value = arguments.next().and_then(|value| value.parse().ok());
            let value: f64 = value.unwrap_or_else(|| panic!("{name} takes a number"));
            given.insert(name, value);
        }
        let mut of = |name: &str, usual: f64| given.remove(name).unwrap_or(usual);
        let inputs = Self {
            instances: of("--instances", 10_000.0) as usize,
            cases: of("--cases", 5_000_000.0),
            spread: of("--spread", 1.5),
            rate: of("--rate", 600.0),
            requests: of("--requests", 0.0),
            processor_ms: of("--processor-ms", 1.5),
            processors: of("--processors", 2.0),
            instances_a_node: of("--instances-a-node", 500.0) as usize,
            database: of("--database", 200.0),
            bytes: of("--bytes", 8_000.0),
            takeover: of("--takeover", 95.0),
        };
        assert!(given.is_empty(), "unknown: {:?}", given.keys());
        inputs
    }
}

fn main() {
    let mut inputs = Inputs::read();
    println!("The connector, in virtual time");
    let measured = one::instances(&inputs);
    if inputs.requests == 0.0 {
        inputs.requests = measured;
    }
    println!("\nThe fleet: {inputs:?}");
    model::fleet(&inputs);
}
