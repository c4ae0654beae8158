//! The npm package in Chromium: packed, installed by two tiny projects as a user would, and run against the simulator.

use std::fs;
use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result};

use crate::command::{run, run_within};
use crate::part::Verdict;
use crate::parts::wasm;
use crate::project::Project;
use crate::server::Server;
use crate::{debian, npm};

/// The projects `vite` and `plain`, the story that both tell, and what drives them.
const TESTS: &str = "tests/hosts/browser";

/// What stands for the host: a configuration, a case.
const HOST: &str = "tests/hosts/node/host.mjs";

/// The package over the C ABI.
const PYTHON: &str = "examples/python";

/// Where the browser's driver and the bundler are pinned.
const TOOLS: &str = "examples/dashboard";

/// How many previews of random cases are compared, and from which seed they are.
const PREVIEWS: &str = "200";
const SEED: &str = "7";

const LIMIT: Duration = Duration::from_secs(180);

/// Builds the projects in a folder of their own and has Chromium open them.
pub(crate) fn test(project: &Project) -> Result<Verdict> {
    npm::require_node(project)?;
    debian::programs(project, &[("chromium", "chromium")])?;
    let tools = npm::locked(project, TOOLS)?;
    let package = wasm::package(project)?;
    let folder = project.scratch("browser")?;
    let archive = npm::pack(project, &package.folder, &folder)?;
    let from = project.root.join(TESTS);
    copy_all(&from, &folder)?;
    let (vite, plain) = (folder.join("vite"), folder.join("plain"));
    fs::copy(from.join("story.js"), vite.join("src/story.js"))?;
    fs::copy(from.join("story.js"), plain.join("story.js"))?;
    fs::copy(project.root.join(HOST), plain.join("host.mjs"))?;
    for name in [
        "packaging.mjs",
        "parity.mjs",
        "parity.py",
        "chromium.mjs",
        "server.mjs",
    ] {
        fs::copy(from.join(name), plain.join(name))?;
    }
    npm::install_packed(project, &vite, &archive)?;
    npm::install_packed(project, &plain, &archive)?;
    run(project
        .command(tools.join(".bin/vite"))
        .args(["build", "--logLevel", "warn"])
        .current_dir(&vite))?;
    let simulator = Server::simulator(project, &folder)?;
    // Previews are compared with those of the reference host and of the C ABI, too.
    project.build()?;
    let casewire = project.host()?;
    let library = project.target.join("debug/libcasewire.so");
    for arguments in [
        ["packaging.mjs", "../vite/dist", "."],
        ["parity.mjs", PREVIEWS, SEED],
    ] {
        run_within(
            LIMIT,
            project
                .command("node")
                .args(arguments)
                .env("CASEWIRE", &casewire)
                .env("CASEWIRE_LIBRARY", &library)
                .env("PYTHONPATH", project.root.join(PYTHON))
                .env("CASEWIRE_SIMULATOR", &simulator.url)
                .env("PLAYWRIGHT", npm::module(&tools, "playwright-core"))
                .current_dir(&plain),
        )?;
    }
    Ok(Verdict::Passed)
}

/// Copies a folder with all that is in it.
fn copy_all(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from).with_context(|| format!("no {}", from.display()))? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy_all(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}
