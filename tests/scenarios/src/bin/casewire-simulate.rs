//! Deterministic simulation on the command line: `cargo xtask simulate`.
#![allow(
    clippy::print_stdout,
    reason = "a command line program speaks on stdout"
)]

use casewire_scenarios::simulation::{Episode, Mutant, Wanted, report};
use clap::{Parser, builder::PossibleValuesParser, builder::TypedValueParser};
use std::{num::NonZero, process::ExitCode, thread};

/// Plays the core against the simulated ConnectWise in virtual time, with everything going wrong that can.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask simulate", bin_name = "cargo xtask simulate")]
struct Simulate {
    /// The seed of the first episode; each further one has the next.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Steps after which it is enough: polls, answers, deeds, faults, moves of clocks. The last episode is played to its end.
    #[arg(long, default_value_t = 1_000_000)]
    steps: u64,
    /// Threads; by default as many as there are cores.
    #[arg(long)]
    jobs: Option<NonZero<usize>>,
    /// Plants a bug, which must then be found.
    #[arg(long, value_parser = mutants())]
    mutant: Option<Mutant>,
    /// Plays no more than these acts of the one episode of the seed.
    #[arg(long, value_name = "ACT", value_delimiter = ',')]
    only: Vec<usize>,
}

fn mutants() -> impl TypedValueParser<Value = Mutant> {
    let names = Mutant::ALL.map(Mutant::name);
    PossibleValuesParser::new(names).map(|name| Mutant::of(&name).unwrap_or(Mutant::BlindRetry))
}

fn main() -> ExitCode {
    let asked = Simulate::parse();
    if !asked.only.is_empty() {
        let episode = Episode::of(asked.seed, asked.mutant).only(&asked.only);
        return verdict(report(&episode), asked.mutant);
    }
    let cores = thread::available_parallelism().unwrap_or(NonZero::<usize>::MIN);
    let jobs = asked.jobs.unwrap_or(cores);
    let run = Wanted {
        seed: asked.seed,
        steps: asked.steps,
        jobs,
        failures: 1,
        mutant: asked.mutant,
    }
    .play();
    for (name, count) in run.counts.named() {
        println!("{count:>10}  {name}");
    }
    let (steps, seconds) = (run.counts.steps(), run.took.as_secs_f64());
    println!(
        "{steps:>10}  steps in {seconds:.1} s on {jobs} threads: {:.0} a minute on each",
        steps as f64 / seconds * 60.0 / jobs.get() as f64
    );
    let failed = run.failed.first_key_value();
    let found = failed.map(|(seed, wrong)| {
        println!("seed {seed} failed: {}", wrong.join("\n"));
        report(&Episode::of(*seed, asked.mutant)).unwrap_or_default()
    });
    verdict(found, asked.mutant)
}

/// Fails where something was found, or where a planted bug was not.
fn verdict(found: Option<String>, mutant: Option<Mutant>) -> ExitCode {
    match (found, mutant) {
        (Some(report), None) => {
            println!("{report}");
            ExitCode::FAILURE
        }
        (Some(report), Some(mutant)) => {
            println!("{report}\nthe planted bug '{}' was found", mutant.name());
            ExitCode::SUCCESS
        }
        (None, Some(mutant)) => {
            println!("the planted bug '{}' was not found", mutant.name());
            ExitCode::FAILURE
        }
        (None, None) => {
            println!("nothing was lost, doubled, out of order, too fast, unintended or let out");
            ExitCode::SUCCESS
        }
    }
}
