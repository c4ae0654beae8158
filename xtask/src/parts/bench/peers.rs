//! What others need to do the same, and benches that are little more than that.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};

use super::{Row, cargo, grouped};
use crate::command::{install, output};
use crate::debian;
use crate::npm;
use crate::project::Project;

/// The versions of Python's packages.
const REQUIREMENTS: &str = "xtask/python/bench.txt";

/// What a program printed, which is a number of nanoseconds.
pub(super) fn nanoseconds(printed: &str) -> Result<f64> {
    let number = printed.trim().parse();
    number.with_context(|| format!("`{printed}` is no number"))
}

/// A Python that has the packages of the benches.
pub(super) fn python(project: &Project) -> Result<PathBuf> {
    let wanted = fs::read(project.root.join(REQUIREMENTS))
        .with_context(|| format!("there is no {REQUIREMENTS}"))?;
    let folder = project.tools().join("python-bench");
    let python = folder.join("bin/python3");
    // Written last: where it is, the installation was complete.
    let done = folder.join("installed.txt");
    if fs::read(&done).is_ok_and(|installed| installed == wanted) && python.exists() {
        return Ok(python);
    }
    println!(
        "installing from PyPI: {}",
        String::from_utf8_lossy(&wanted).replace('\n', " ")
    );
    output(project.command("python3").args(["-m", "venv"]).arg(&folder))?;
    install(
        project
            .command(&python)
            .args([
                "-m",
                "pip",
                "install",
                "--quiet",
                "--disable-pip-version-check",
            ])
            .args(["--only-binary", ":all:", "--requirement", REQUIREMENTS]),
    )?;
    fs::write(done, wanted)?;
    Ok(python)
}

/// The class path of Jackson, which Maven fetches.
pub(super) fn jackson(project: &Project, pom: &Path, folder: &Path) -> Result<String> {
    debian::programs(
        project,
        &[("java", "default-jdk-headless"), ("mvn", "maven")],
    )?;
    let file = folder.join("classpath.txt");
    install(
        project
            .command("mvn")
            .args([
                "--batch-mode",
                "--quiet",
                "--no-transfer-progress",
                "--file",
            ])
            .arg(pom)
            .arg("org.apache.maven.plugins:maven-dependency-plugin:3.8.1:build-classpath")
            .arg(format!("-Dmdep.outputFile={}", file.display())),
    )?;
    Ok(fs::read_to_string(file)?.trim().to_owned())
}

/// A callback: its signature over the bare hash, and all of it over Node.
pub(super) fn callback(project: &Project) -> Result<Vec<Row>> {
    npm::require_node(project)?;
    let program = cargo::built(project, "casewire", "callback")?;
    let folder = project.scratch("callback")?;
    output(project.command(&program).arg("write").arg(&folder))?;
    let script = project.root.join("core/benches/callback/peer.mjs");
    let node = nanoseconds(&output(project.command("node").arg(script).arg(&folder))?)?;
    let printed = output(&mut project.command(&program))?;
    print!("{printed}");
    let time = |name: &str| cargo::time(&printed, name);
    let (hash, verification) = (time("SHA-256 of the body")?, time("verification")?);
    let all = time("verification, reading and decision")?;
    Ok(vec![
        Row::plain(
            "size of the body",
            format!("{} bytes", cargo::number(&printed, &["a body of"])?),
        ),
        Row::plain("SHA-256 of the body", format!("{} ns", grouped(hash))),
        Row::plain("verification", format!("{} ns", grouped(verification))),
        Row::at_most(
            "verification over the bare SHA-256 of the body",
            verification / hash,
            "x",
            1.2,
        ),
        Row::plain(
            "verification, reading and decision",
            format!("{} ns", grouped(all)),
        ),
        Row::plain(
            "the same with Node's crypto and JSON.parse",
            format!("{} ns", grouped(node)),
        ),
        Row::at_most("casewire over Node", all / node, "x", 0.65),
    ])
}

/// Automatic mapping from files.
pub(super) fn inventory(project: &Project) -> Result<Vec<Row>> {
    let python = python(project)?;
    let program = cargo::built(project, "casewire", "inventory")?;
    let folder = project.scratch("inventory")?;
    let printed = output(project.command(&program).arg(&folder))?;
    print!("{printed}");
    let number = |marks: &[&str]| cargo::number(&printed, marks);
    let passed = cargo::number(
        printed
            .lines()
            .find(|line| line.contains("s passed"))
            .unwrap_or_default(),
        &[],
    )?;
    let mapped = (cargo::number(&printed, &[])?, number(&["add up to "])?);
    let mut rows = vec![
        Row::plain("systems mapped", grouped(mapped.0)),
        Row::at_most(
            "parsing and mapping over parsing alone",
            number(&["to parse and map: "])?,
            "x",
            1.5,
        ),
        Row::at_most(
            "peak memory beyond what the caller holds",
            cargo::number(
                printed
                    .lines()
                    .find(|line| line.contains("MiB"))
                    .unwrap_or_default(),
                &[],
            )?,
            "MiB",
            275.0,
        ),
        Row::plain("from files to mappings", format!("{passed:.2} s")),
    ];
    let script = project.root.join("core/benches/inventory/peers.py");
    let peers = output(project.command(python).arg(script).arg(&folder))?;
    print!("{peers}");
    for line in peers.lines() {
        let words: Vec<&str> = line.split_whitespace().collect();
        let [name, seconds, count, sum] = words.as_slice() else {
            continue;
        };
        ensure!(
            (count.parse(), sum.parse()) == (Ok(mapped.0), Ok(mapped.1)),
            "{name} maps other systems: {line}"
        );
        let what = format!("from files to mappings, {name} on two threads");
        rows.push(Row::below(&what, passed, "s", seconds.parse()?, name));
    }
    // The files are large.
    fs::remove_dir_all(&folder)?;
    Ok(rows)
}
