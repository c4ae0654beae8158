//! Deterministic simulation, some seconds of it, and the planted bugs that it must find.
//!
//! `cargo xtask simulate` plays more of it, and faster; a failing seed is shrunk, and replays alone by the command that is
//! printed.

#![allow(
    clippy::panic,
    clippy::print_stdout,
    reason = "it fails by panicking, and says what it tried"
)]

use casewire_scenarios::simulation::{Beginning, Counts, Episode, Mutant, Run, Wanted, report};
use std::{num::NonZero, thread};

const STEPS: u64 = 200_000;

/// Steps within which each planted bug must be found.
const STEPS_OF_A_MUTANT: u64 = 100_000;

fn play(steps: u64, mutant: Option<Mutant>) -> Run {
    let jobs = thread::available_parallelism().unwrap_or(NonZero::<usize>::MIN);
    Wanted {
        seed: 1,
        steps,
        jobs,
        failures: 1,
        mutant,
    }
    .play()
}

#[test]
fn both_sides_converge_whatever_happens() {
    let run = play(STEPS, None);
    println!("{:#?}", run.counts);
    let (steps, seconds) = (run.counts.steps(), run.took.as_secs_f64());
    println!(
        "{steps} steps in {seconds:.1} s: {:.0} a second",
        steps as f64 / seconds
    );
    if let Some((seed, wrong)) = run.failed.first_key_value() {
        println!("seed {seed} failed: {wrong:#?}");
        panic!("{}", report(&Episode::of(*seed, None)).unwrap_or_default());
    }
    let rare = run.counts.rarest();
    assert!(rare.1 >= 20, "{} happened {} times only", rare.0, rare.1);
}

/// Finds a planted bug and gives what was wrong, after its episode was shrunk and played again.
fn found(mutant: Mutant) -> String {
    let run = play(STEPS_OF_A_MUTANT, Some(mutant));
    let Some((seed, wrong)) = run.failed.first_key_value() else {
        panic!("{} was not found in {:?}", mutant.name(), run.counts);
    };
    let beginning = Beginning::new();
    let episode = Episode::of(*seed, Some(mutant));
    let small = episode.shrunk(&beginning);
    let numbers: Vec<usize> = small.acts.iter().map(|(number, _)| *number).collect();
    let again = episode.clone().only(&numbers).play(&beginning, false);
    let Err(again) = again else {
        panic!("the shrunk episode of seed {seed} does not fail by itself");
    };
    println!(
        "{}: found in {:.2} s, of {} acts {} are enough: {}",
        mutant.name(),
        run.took.as_secs_f64(),
        episode.acts.len(),
        numbers.len(),
        again.wrong.join("; "),
    );
    assert!(!wrong.is_empty());
    let sound = Episode::of(*seed, None).only(&numbers);
    let sound = sound.play(&beginning, false);
    assert!(sound.is_ok(), "without the bug too: {sound:?}");
    again.wrong.join("\n")
}

#[test]
fn every_planted_bug_is_found_shrunk_and_not_there_without_it() {
    let told = [
        (Mutant::BlindRetry, &["too often", "not the first"][..]),
        (Mutant::ActsFirst, &["without an intent"]),
        (Mutant::LostConflict, &[""]),
        (Mutant::ReusedIds, &[""]),
        (Mutant::Echo, &["which no technician said"]),
        (Mutant::LeakedKeys, &["a secret is in"]),
        (Mutant::Unthrottled, &["ms before it may"]),
    ];
    assert_eq!(told.map(|(mutant, _)| mutant), Mutant::ALL);
    for (mutant, words) in told {
        let wrong = found(mutant);
        let says = words.iter().any(|word| wrong.contains(word));
        assert!(says, "{}: {wrong}", mutant.name());
    }
}

#[test]
fn the_same_seed_is_the_same_run_effect_by_effect() {
    let play = |seed| -> (Counts, Vec<String>) {
        let (counts, trace) = Episode::of(seed, None).traced(&Beginning::new());
        (counts, trace)
    };
    for seed in 1..=5 {
        assert_eq!(play(seed), play(seed), "seed {seed}");
    }
}
