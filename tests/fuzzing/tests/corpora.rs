//! Every committed input, and seeded mutations of them, through every target: what `cargo xtask fuzz` does for hours, in
//! seconds. With `CASEWIRE_FUZZ_SECONDS=120` each target is given that long, with `CASEWIRE_FUZZ_SEED=2` other mutations.

#![allow(clippy::print_stdout, reason = "it says what it tried")]

use casewire_fuzzing::{Mutations, TARGETS, corpus};
use std::{
    env,
    panic::{AssertUnwindSafe, catch_unwind},
    time::Instant,
};

fn number(name: &str) -> Option<u64> {
    env::var(name).ok()?.parse().ok()
}

#[test]
fn every_input_leaves_every_property_true() {
    let (seconds, seed) = (
        number("CASEWIRE_FUZZ_SECONDS"),
        number("CASEWIRE_FUZZ_SEED"),
    );
    let mut failed = Vec::new();
    for target in TARGETS {
        let (start, inputs) = (Instant::now(), corpus(target.name));
        let mutations = Mutations::new(&inputs, seed.unwrap_or(1)).enumerate();
        let mutations = mutations.take_while(|(count, _)| match seconds {
            Some(seconds) => start.elapsed().as_secs() < seconds,
            None => *count < target.mutations,
        });
        let mutations = mutations.map(|(_, bytes)| ("a mutation".to_owned(), bytes));
        let mut count = 0;
        for (name, bytes) in inputs.iter().cloned().chain(mutations) {
            count += 1;
            if catch_unwind(AssertUnwindSafe(|| (target.run)(&bytes))).is_err() {
                failed.push(format!("{} {name}: {}", target.name, bytes.escape_ascii()));
                break;
            }
        }
        println!(
            "{}: {count} inputs in {:.1} s",
            target.name,
            start.elapsed().as_secs_f64()
        );
    }
    assert!(failed.is_empty(), "{failed:#?}");
}
