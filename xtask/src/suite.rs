//! Runs the chosen parts one after the other.

use std::process::ExitCode;
use std::time::Instant;

use anyhow::Result;
use clap::ValueEnum;

use crate::part::{Part, Verdict};
use crate::project::Project;
use crate::report::{Outcome, Report};

/// Runs the parts of `only`, or all parts but those of `without`, and prints how each ended.
///
/// A part that fails does not keep the next ones from running; the exit code tells whether all passed.
pub(crate) fn run(project: &Project, only: &[Part], without: &[Part]) -> Result<ExitCode> {
    let mut report = Report::default();
    let started = Instant::now();
    for part in Part::value_variants().iter().copied() {
        if !only.is_empty() && !only.contains(&part) {
            continue;
        }
        let begun = Instant::now();
        let outcome = if without.contains(&part) {
            Outcome::Skipped("left out by name".to_owned())
        } else {
            println!("\n== {}: {}", part.name(), part.about());
            let outcome = match part.run(project) {
                Ok(Verdict::Passed) => Outcome::Passed(String::new()),
                Ok(Verdict::PassedWith(remark)) => Outcome::Passed(remark),
                Ok(Verdict::Skipped(reason)) => Outcome::Skipped(reason),
                Err(error) => {
                    println!("error: {error:#}");
                    Outcome::Failed(format!("{error:#}"))
                }
            };
            let seconds = begun.elapsed().as_secs_f64();
            println!("== {}: {} in {seconds:.1} s", part.name(), outcome.word());
            outcome
        };
        report.add(part.name(), outcome, begun.elapsed());
    }
    print!("\n{}", report.table(started.elapsed()));
    Ok(if report.failed() == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}
