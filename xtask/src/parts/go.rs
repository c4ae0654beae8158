//! The Go module, with nothing but the standard library, against the simulator.

use std::fs;
use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result, ensure};

use crate::command::{output, run, run_within};
use crate::debian;
use crate::part::Verdict;
use crate::parts::{c, java};
use crate::project::Project;
use crate::server::Server;

const PROJECT: &str = "examples/go";

const LIMIT: Duration = Duration::from_secs(300);

/// Checks the sources, and runs the tests twice: as they are, and under the race detector.
pub(crate) fn test(project: &Project) -> Result<Verdict> {
    debian::programs(project, &[("go", "golang-go"), ("gcc", "gcc")])?;
    debian::packages(project, &["libc6-dev"])?;
    project.build_libraries()?;
    let folder = project.scratch("go")?;
    let built = project.target.join("debug/libcasewire.so");
    c::shared_library(project, &built, &folder)?;
    // The name by which the linker looks for it.
    let linked = folder.join("libcasewire.so");
    fs::copy(&built, &linked).with_context(|| format!("cannot write {}", linked.display()))?;
    let unformatted = output(go_tool(project, "gofmt", &folder).args(["-l", "."]))?;
    ensure!(unformatted.is_empty(), "run gofmt -w on {unformatted}");
    run(go_tool(project, "go", &folder).args(["vet", "./..."]))?;
    let vectors = java::store_vectors(project, &folder)?;
    let simulator = Server::simulator(project, &folder)?;
    for flags in [[].as_slice(), ["-race"].as_slice()] {
        run_within(
            LIMIT,
            go_tool(project, "go", &folder)
                .args(["test", "-count=1"])
                .args(flags)
                .arg("./...")
                .env("CASEWIRE_SIMULATOR", &simulator.url)
                .env("CASEWIRE_STORE_VECTORS", &vectors),
        )?;
    }
    Ok(Verdict::Passed)
}

/// A Go tool in the module's folder that links with the library in `folder`, and never fetches another toolchain.
fn go_tool(project: &Project, tool: &str, folder: &Path) -> std::process::Command {
    let mut command = project.command(tool);
    command
        .current_dir(project.root.join(PROJECT))
        .env("CGO_ENABLED", "1")
        .env("GOTOOLCHAIN", "local")
        .env("GOFLAGS", "-mod=readonly")
        .env("CGO_LDFLAGS", format!("-L{}", folder.display()))
        .env("LD_LIBRARY_PATH", folder);
    command
}
