//! What every input from outside must leave true, whatever it is.
//!
//! A [`Target`] takes bytes and panics where a property does not hold: that nothing panics is only the first of them. The
//! same functions are run in two ways. `cargo xtask fuzz` lets libFuzzer look for inputs, with AddressSanitizer. The test
//! `corpora` plays the committed inputs of `corpus/` and some thousand seeded mutations of them, in seconds and with nothing
//! but cargo.
//!
//! An input that libFuzzer finds to fail is committed to `corpus/` under a name that says what was wrong.

#![allow(
    clippy::panic,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "test support: what is not as it must be fails the run"
)]

mod answers;
mod boundary;
mod callbacks;
mod conditions;
mod documents;
mod edits;
mod lists;
mod mutations;
mod refusals;
mod templates;
mod worlds;

pub use mutations::{Mutations, corpus};

/// A kind of input.
#[derive(Clone, Copy, Debug)]
pub struct Target {
    /// Its name: that of the fuzz target, and of the folder below `corpus/`.
    pub name: &'static str,
    /// Panics where a property does not hold.
    pub run: fn(&[u8]),
    /// How many mutations the test tries: more of what is fast.
    pub mutations: usize,
}

/// All of them.
pub const TARGETS: [Target; 8] = [
    Target {
        name: "configuration",
        run: documents::configuration,
        mutations: 3_000,
    },
    Target {
        name: "case",
        run: documents::case,
        mutations: 3_000,
    },
    Target {
        name: "callback",
        run: callbacks::callback,
        mutations: 1_000,
    },
    Target {
        name: "answer",
        run: answers::answer,
        mutations: 1_000,
    },
    Target {
        name: "conditions",
        run: conditions::conditions,
        mutations: 500,
    },
    Target {
        name: "template",
        run: templates::template,
        mutations: 3_000,
    },
    Target {
        name: "csv",
        run: lists::csv,
        mutations: 10_000,
    },
    Target {
        name: "boundary",
        run: boundary::boundary,
        mutations: 3_000,
    },
];

/// Runs the target of that name.
///
/// # Panics
///
/// Where a property does not hold, or there is no such target.
pub fn run(name: &str, input: &[u8]) {
    let target = TARGETS.iter().find(|target| target.name == name);
    (target.expect("a target of that name").run)(input);
}
