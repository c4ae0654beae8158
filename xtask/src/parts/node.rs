//! The npm package in Node: packed, installed as a user would, and run against the simulator.

use std::fs;
use std::time::Duration;

use anyhow::{Context, Result, ensure};

use crate::command::run_within;
use crate::npm;
use crate::part::Verdict;
use crate::parts::wasm;
use crate::project::Project;
use crate::server::Server;

/// The tests, run by Node's own runner. They import `casewire` and find the simulator's URL in `CASEWIRE_SIMULATOR`.
const TESTS: &str = "tests/hosts/node";

const LIMIT: Duration = Duration::from_secs(300);

/// Runs the tests in a folder of their own, where the packed package is installed.
pub(crate) fn test(project: &Project) -> Result<Verdict> {
    npm::require_node(project)?;
    let package = wasm::package(project)?;
    let folder = project.scratch("node")?;
    let archive = npm::pack(project, &package.folder, &folder)?;
    let mut tests = Vec::new();
    for entry in fs::read_dir(project.root.join(TESTS)).with_context(|| format!("no {TESTS}"))? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default();
        fs::copy(&path, folder.join(name))?;
        if name.to_string_lossy().ends_with(".test.mjs") {
            tests.push(name.to_owned());
        }
    }
    tests.sort();
    ensure!(!tests.is_empty(), "there is no test in {TESTS}");
    fs::write(folder.join("package.json"), "{\"private\": true}\n")?;
    npm::install_packed(project, &folder, &archive)?;
    let simulator = Server::simulator(project, &folder)?;
    run_within(
        LIMIT,
        project
            .command("node")
            .arg("--test")
            .args(&tests)
            .env("CASEWIRE_SIMULATOR", &simulator.url)
            .current_dir(&folder),
    )?;
    Ok(Verdict::Passed)
}
