//! The dashboard: built, given out by the demo, and walked through in Chromium.

use std::fs;
use std::time::Duration;

use anyhow::Result;

use crate::command::{run, run_within};
use crate::part::Verdict;
use crate::parts::wasm;
use crate::project::Project;
use crate::{debian, npm};

/// The page's own project, with its tools.
const PAGE: &str = "examples/dashboard";

const LIMIT: Duration = Duration::from_secs(300);

/// Builds the page around the package and walks through its views.
pub(crate) fn test(project: &Project) -> Result<Verdict> {
    npm::require_node(project)?;
    debian::programs(project, &[("chromium", "chromium")])?;
    npm::locked(project, PAGE)?;
    let package = wasm::package(project)?;
    let folder = project.root.join(PAGE);
    run(project
        .command("npm")
        .args(["run", "--silent", "build", "--", "--logLevel", "warn"])
        .env("CASEWIRE_PACKAGE", &package.folder)
        .current_dir(&folder))?;
    // Built here where this run has not built all.
    let casewire = project.host()?;
    let shots = project.scratch("dashboard")?;
    run_within(
        LIMIT,
        project
            .command("node")
            .arg("walks/all.mjs")
            .env("CASEWIRE", &casewire)
            .env("CASEWIRE_PAGE", folder.join("dist"))
            .env("CASEWIRE_SHOTS", &shots)
            .current_dir(&folder),
    )?;
    let figures = fs::read_to_string(shots.join("figures.txt")).unwrap_or_default();
    Ok(Verdict::PassedWith(figures.trim().to_owned()))
}
