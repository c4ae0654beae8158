//! The Java face: compiled and tested by Maven against the simulator.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result};

use crate::command::{output, run_within};
use crate::debian;
use crate::part::Verdict;
use crate::project::Project;
use crate::server::Server;

/// The Maven project.
const PROJECT: &str = "examples/java/pom.xml";

/// The program that writes the promises of a store as data.
const VECTORS: &str = "debug/examples/store_vectors";

const LIMIT: Duration = Duration::from_secs(300);

/// Runs the tests.
pub(crate) fn test(project: &Project) -> Result<Verdict> {
    debian::programs(
        project,
        &[("javac", "default-jdk-headless"), ("mvn", "maven")],
    )?;
    project.build_libraries()?;
    let folder = project.scratch("java")?;
    let vectors = store_vectors(project, &folder)?;
    let simulator = Server::simulator(project, &folder)?;
    run_within(
        LIMIT,
        maven(project, &project.target.join("debug"), &folder)?
            .env("CASEWIRE_SIMULATOR", &simulator.url)
            .env("CASEWIRE_STORE_VECTORS", vectors),
    )?;
    Ok(Verdict::Passed)
}

/// Lays the native library where the jar has it, and gives the Maven that compiles all and tests.
pub(crate) fn maven(project: &Project, built: &Path, folder: &Path) -> Result<Command> {
    debian::programs(
        project,
        &[("javac", "default-jdk-headless"), ("mvn", "maven")],
    )?;
    let natives = folder.join("natives");
    let library = natives.join(platform()).join("libcasewire.so");
    copy(&built.join("libcasewire.so"), &library)?;
    let mut maven = project.command("mvn");
    maven
        .args(["--batch-mode", "--no-transfer-progress", "--file", PROJECT])
        .arg("-Dmaven.wagon.http.retryHandler.count=5")
        .arg(format!("-Dcasewire.natives={}", natives.display()))
        .arg(format!(
            "-Dcasewire.build={}",
            folder.join("build").display()
        ))
        .arg("test");
    Ok(maven)
}

/// Writes the promises that a store keeps, which every face holds its own stores to.
pub(crate) fn store_vectors(project: &Project, folder: &Path) -> Result<PathBuf> {
    let file = folder.join("store.jsonl");
    let promises = output(&mut project.command(project.target.join(VECTORS)))?;
    fs::write(&file, promises).with_context(|| format!("cannot write {}", file.display()))?;
    Ok(file)
}

/// The platform's name as JNA has it.
fn platform() -> String {
    let machine = match std::env::consts::ARCH {
        "x86_64" => "x86-64",
        other => other,
    };
    format!("{}-{machine}", std::env::consts::OS)
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    if let Some(folder) = to.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::copy(from, to).with_context(|| format!("cannot copy {}", from.display()))?;
    Ok(())
}
