//! The parts that cargo runs on its own.

use std::ffi::OsString;

use anyhow::Result;

use crate::command::run;
use crate::part::Verdict;
use crate::project::{Project, WORKSPACE};

/// Checks the formatting.
pub(crate) fn format(project: &Project) -> Result<Verdict> {
    run(project.cargo().args(["fmt", "--all", "--check"]))?;
    Ok(Verdict::Passed)
}

/// Runs Clippy on everything, tests included.
pub(crate) fn lint(project: &Project) -> Result<Verdict> {
    run(project
        .cargo()
        .args(["clippy", "--workspace", "--all-targets", "--locked"])
        .args(["--", "-D", "warnings"]))?;
    Ok(Verdict::Passed)
}

/// Runs the tests of all crates; the examples in the documentation are tested with it, in [`docs`].
pub(crate) fn test(project: &Project) -> Result<Verdict> {
    project.build()?;
    run(project.cargo().args(["test", "--locked"]).args(WORKSPACE))?;
    Ok(Verdict::Passed)
}

/// Plays the deterministic simulation.
pub(crate) fn simulate(project: &Project, options: &[OsString]) -> Result<()> {
    run(project
        .cargo()
        .args(["run", "--release", "--locked", "--quiet"])
        .args([
            "--package",
            "casewire-scenarios",
            "--bin",
            "casewire-simulate",
            "--",
        ])
        .args(options))
}

/// Builds the documentation without a warning and runs its examples.
pub(crate) fn docs(project: &Project) -> Result<Verdict> {
    run(project
        .cargo()
        .args(["doc", "--workspace", "--no-deps", "--locked"])
        .env("RUSTDOCFLAGS", "-D warnings"))?;
    run(project
        .cargo()
        // The C ABI once more, whose documentation is the header's.
        .args([
            "test",
            "--workspace",
            "--doc",
            "--locked",
            "--exclude",
            "casewire-boundary",
        ]))?;
    Ok(Verdict::Passed)
}
