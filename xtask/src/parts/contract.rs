//! The requests that casewire makes, checked by Prism against the OpenAPI description of ConnectWise PSA.

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result};

use crate::built;
use crate::command::run_within;
use crate::npm;
use crate::part::Verdict;
use crate::project::Project;
use crate::server::Server;

/// Names another folder of published documents than the one that lies beside the project.
const SHARED: &str = "CASEWIRE_SHARED";

const LIMIT: Duration = Duration::from_secs(300);

/// Plays the scenarios' Prism story, which finds the URL in `CASEWIRE_PRISM`.
pub(crate) fn test(project: &Project) -> Result<Verdict> {
    let shared =
        std::env::var_os(SHARED).map_or_else(|| project.root.join("../shared"), PathBuf::from);
    let description = shared.join("connectwise/openapi-subset.json");
    if !description.is_file() {
        return Ok(Verdict::Skipped(format!(
            "no OpenAPI description beside the project; {SHARED} may name its folder"
        )));
    }
    npm::require_node(project)?;
    let prism = npm::tool(project, "prism", "prism")?;
    let folder = project.scratch("contract")?;
    let mut story = built::test(project, Path::new("tests/scenarios"), "prism")?;
    let port = free_port()?.to_string();
    let server = Server::start(
        project.command(prism).arg("mock").arg(&description).args([
            "--host",
            "127.0.0.1",
            "--port",
            &port,
        ]),
        folder.join("prism.log"),
    )?;
    run_within(LIMIT, story.env("CASEWIRE_PRISM", &server.url)).inspect_err(|_| {
        println!("Prism said:");
        let printed = server.printed();
        // The command line's own lines are a list of all routes.
        for line in printed.lines().filter(|line| !line.contains("[CLI]")) {
            println!("{line}");
        }
    })?;
    Ok(Verdict::Passed)
}

/// A port that nobody listens on. Prism cannot choose one itself.
fn free_port() -> Result<u16> {
    let listener = TcpListener::bind(("127.0.0.1", 0)).context("loopback has no free port")?;
    Ok(listener.local_addr()?.port())
}
