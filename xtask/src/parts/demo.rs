//! The demo: the command that the README gives to a newcomer.

use std::fs;
use std::time::Duration;

use anyhow::{Result, ensure};

use crate::command::{run, run_within};
use crate::part::Verdict;
use crate::project::Project;

const BUILD: [&str; 4] = ["build", "--release", "-p", "casewire-host"];
const DEMO: [&str; 6] = ["run", "--release", "-p", "casewire-host", "--", "demo"];

/// How long a newcomer may be asked to wait, once it is built.
const LIMIT: Duration = Duration::from_secs(60);

/// Runs the demo, which has to be the one in the README and to end well.
pub(crate) fn test(project: &Project) -> Result<Verdict> {
    let command = format!("cargo {}", DEMO.join(" "));
    let readme = fs::read_to_string(project.root.join("README.md")).unwrap_or_default();
    ensure!(
        readme.is_empty() || readme.contains(&command),
        "the README does not name the demo command `{command}`"
    );
    run(project.cargo().args(BUILD))?;
    run_within(LIMIT, project.cargo().args(DEMO))?;
    Ok(Verdict::Passed)
}
