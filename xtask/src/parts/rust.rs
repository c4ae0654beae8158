//! The parts that cargo runs on its own.

use anyhow::Result;

use crate::command::run;
use crate::part::Verdict;
use crate::project::Project;

/// Packages with a target that is named `casewire` like the core: one run of rustdoc cannot hold two of them.
const SAME_NAME_AS_CORE: [&str; 2] = ["casewire-ffi", "casewire-host"];

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
    run(project
        .cargo()
        .args(["test", "--workspace", "--locked"])
        .args(["--lib", "--bins", "--tests", "--examples"]))?;
    Ok(Verdict::Passed)
}

/// Builds the documentation without a warning and runs its examples.
pub(crate) fn docs(project: &Project) -> Result<Verdict> {
    let doc = || {
        let mut command = project.cargo();
        command
            .args(["doc", "--no-deps", "--locked"])
            .env("RUSTDOCFLAGS", "-D warnings");
        command
    };
    let mut others = doc();
    others.arg("--workspace");
    for package in SAME_NAME_AS_CORE {
        others.args(["--exclude", package]);
        run(doc().args(["--package", package]))?;
    }
    run(&mut others)?;
    run(project
        .cargo()
        .args(["test", "--workspace", "--doc", "--locked"]))?;
    Ok(Verdict::Passed)
}
