//! The translation of a case, beside programs that do only this.

use std::fs;
use std::path::Path;

use anyhow::Result;

use super::{
    Row, cargo, grouped,
    peers::{jackson, nanoseconds, python},
};
use crate::command::output;
use crate::debian;
use crate::npm;
use crate::project::Project;

const FOLDER: &str = "core/benches/translation";

/// Times of what hand-written Rust takes.
const MOST_TIMES: f64 = 1.6;

/// Cases of a short and of a long count, each case as often as the others: what they differ by is what the cases cost.
const SHORT: u64 = 400;
const LONG: u64 = 1_200;

pub(super) fn measure(project: &Project) -> Result<Vec<Row>> {
    debian::programs(project, &[("valgrind", "valgrind")])?;
    debian::packages(project, &["libc6-dbg"])?;
    let program = cargo::built(project, "casewire", "translation")?;
    let folder = project.scratch("translation")?;
    let count = |way: &str| instructions(project, &program, way, &folder);
    let (casewire, reading, typed) = (count("casewire")?, count("reading")?, count("typed")?);
    let mut rows = vec![
        Row::plain("instructions a case", grouped(casewire)),
        Row::plain("of these to read and check the case", grouped(reading)),
        Row::plain("instructions a case, typed Rust", grouped(typed)),
        Row::at_most(
            "casewire over typed Rust, in instructions",
            casewire / typed,
            "x",
            MOST_TIMES,
        ),
    ];
    let printed = output(&mut project.command(&program))?;
    print!("{printed}");
    let time = |name: &str| cargo::time(&printed, name);
    let own = time("casewire")?;
    rows.push(Row::plain("time a case", format!("{} ns", grouped(own))));
    rows.push(Row::plain(
        "time a case, typed Rust",
        format!("{} ns", grouped(time("typed Rust")?)),
    ));
    output(project.command(&program).arg("write").arg(&folder))?;
    for (name, time) in [
        ("JavaScript on Node", node(project, &folder)?),
        ("Java with Jackson", java(project, &folder)?),
        ("Python with orjson", orjson(project, &folder)?),
    ] {
        let what = format!("time a case, {name}");
        rows.push(Row::below(&what, own, "ns", time, name));
    }
    Ok(rows)
}

/// What one case costs a way.
fn instructions(project: &Project, program: &Path, way: &str, folder: &Path) -> Result<f64> {
    let counted = |cases: u64| {
        let log = folder.join(format!("{way}-{cases}.log"));
        let profile = folder.join(format!("{way}-{cases}.callgrind"));
        output(
            project
                .command("valgrind")
                .arg("--tool=callgrind")
                .arg(format!("--log-file={}", log.display()))
                .arg(format!("--callgrind-out-file={}", profile.display()))
                .arg(program)
                .args(["count", way, &cases.to_string()]),
        )?;
        cargo::number(&fs::read_to_string(&log)?, &["Collected :"])
    };
    Ok((counted(LONG)? - counted(SHORT)?) / (LONG - SHORT) as f64)
}

fn node(project: &Project, folder: &Path) -> Result<f64> {
    npm::require_node(project)?;
    let script = project.root.join(FOLDER).join("peer.mjs");
    nanoseconds(&output(project.command("node").arg(script).arg(folder))?)
}

fn java(project: &Project, folder: &Path) -> Result<f64> {
    let classes = jackson(project, &project.root.join(FOLDER).join("pom.xml"), folder)?;
    let source = project.root.join(FOLDER).join("Peer.java");
    let mut java = project.command("java");
    nanoseconds(&output(
        java.arg("-cp").arg(classes).arg(source).arg(folder),
    )?)
}

fn orjson(project: &Project, folder: &Path) -> Result<f64> {
    let python = python(project)?;
    let script = project.root.join(FOLDER).join("peer.py");
    nanoseconds(&output(project.command(python).arg(script).arg(folder))?)
}
