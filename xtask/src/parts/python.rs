//! The Python face, with nothing but the standard library, against the simulator.

use std::time::Duration;

use anyhow::Result;

use crate::command::run_within;
use crate::part::Verdict;
use crate::parts::java;
use crate::project::Project;
use crate::server::Server;

const PROJECT: &str = "examples/python";

const LIMIT: Duration = Duration::from_secs(180);

/// Runs the tests.
pub(crate) fn test(project: &Project) -> Result<Verdict> {
    project.build_libraries()?;
    let folder = project.scratch("python")?;
    let vectors = java::store_vectors(project, &folder)?;
    let simulator = Server::simulator(project, &folder)?;
    run_within(
        LIMIT,
        project
            .command("python3")
            .args(["-m", "unittest", "discover", "--start-directory", "tests"])
            .current_dir(project.root.join(PROJECT))
            .env("PYTHONPATH", ".")
            .env("PYTHONDONTWRITEBYTECODE", "1")
            .env(
                "CASEWIRE_LIBRARY",
                project.target.join("debug/libcasewire.so"),
            )
            .env("CASEWIRE_SIMULATOR", &simulator.url)
            .env("CASEWIRE_STORE_VECTORS", vectors),
    )?;
    Ok(Verdict::Passed)
}
