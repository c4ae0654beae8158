//! The reference host over PostgreSQL, and the service under kills.

use std::path::Path;
use std::time::Duration;

use anyhow::Result;

use crate::built;
use crate::command::{run, run_within};
use crate::debian;
use crate::part::Verdict;
use crate::project::Project;

/// Debian's server; its programs are not on the path.
const PACKAGE: &str = "postgresql";
/// Names the folder of another server's programs.
const PROGRAMS: &str = "CASEWIRE_POSTGRES";

const LIMIT: Duration = Duration::from_secs(300);

/// Runs the tests that start a server for themselves.
pub(crate) fn test(project: &Project) -> Result<Verdict> {
    if std::env::var_os(PROGRAMS).is_none() {
        debian::packages(project, &[PACKAGE])?;
    }
    let mut tests = built::test(project, Path::new("examples/host"), "postgres")?;
    run_within(LIMIT, tests.arg("--nocapture"))?;
    Ok(Verdict::Passed)
}

/// Kills the service `times` times under load.
pub(crate) fn kill_service(project: &Project, times: u32) -> Result<()> {
    project.build()?;
    run(project
        .cargo()
        .args(["test", "--locked", "--workspace", "--test", "cli"])
        .args(["--", "--nocapture", "a_service_that_is_killed_under_load"])
        .env("CASEWIRE_KILLS", times.to_string()))
}
