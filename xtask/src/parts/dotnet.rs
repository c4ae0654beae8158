//! The .NET face: compiled by mono's compiler at the level of .NET Framework 4.5, and tested under mono against the simulator.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, ensure};

use crate::command::{run, run_within};
use crate::debian;
use crate::part::Verdict;
use crate::parts::java;
use crate::project::Project;
use crate::server::Server;

const SOURCES: &str = "examples/dotnet";

/// Assemblies of the framework that the library stands on.
const LIBRARY: [&str; 2] = ["-r:System.Net.Http.dll", "-r:System.Data.dll"];

const LIMIT: Duration = Duration::from_secs(300);

/// Runs the tests.
pub(crate) fn test(project: &Project) -> Result<Verdict> {
    project.build_libraries()?;
    let folder = project.scratch("dotnet")?;
    let vectors = java::store_vectors(project, &folder)?;
    let mut tests = tests(project, &project.target.join("debug"), &folder)?;
    let simulator = Server::simulator(project, &folder)?;
    run_within(
        LIMIT,
        tests
            .env("CASEWIRE_SIMULATOR", &simulator.url)
            .env("CASEWIRE_STORE_VECTORS", vectors)
            .env("CASEWIRE_DOTNET", project.root.join(SOURCES)),
    )?;
    Ok(Verdict::Passed)
}

/// Compiles the library and its tests beside the native library, and gives the program that runs them.
pub(crate) fn tests(project: &Project, built: &Path, folder: &Path) -> Result<Command> {
    debian::packages(
        project,
        &[
            "mono-mcs",
            "mono-runtime",
            "libmono-sqlite4.0-cil",
            "libmono-system-net-http4.0-cil",
        ],
    )?;
    let library = folder.join("libcasewire.so");
    fs::copy(built.join("libcasewire.so"), &library)
        .with_context(|| format!("cannot write {}", library.display()))?;
    let assembly = folder.join("Casewire.dll");
    compile(project, "Casewire", &assembly, &["-target:library"])?;
    let tests = folder.join("Casewire.Tests.exe");
    let reference = format!("-r:{}", assembly.display());
    compile(
        project,
        "Casewire.Tests",
        &tests,
        &[&reference, "-r:Mono.Data.Sqlite.dll"],
    )?;
    let mut mono = project.command("mono");
    mono.arg("--debug")
        .arg(tests)
        .env("LD_LIBRARY_PATH", folder);
    Ok(mono)
}

fn compile(project: &Project, name: &str, assembly: &Path, flags: &[&str]) -> Result<()> {
    let sources = sources(&project.root.join(SOURCES).join(name))?;
    ensure!(!sources.is_empty(), "there is no C# file in {name}");
    run(project
        .command("mcs")
        .args(["-langversion:7", "-warnaserror", "-debug", "-unsafe"])
        .args(flags)
        .args(LIBRARY)
        .arg(format!("-out:{}", assembly.display()))
        .args(sources))
}

fn sources(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut sources = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|ending| ending == "cs") {
            sources.push(path);
        }
    }
    sources.sort();
    Ok(sources)
}
