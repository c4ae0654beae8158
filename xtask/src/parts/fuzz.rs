//! The fuzz targets under libFuzzer and AddressSanitizer.

use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context, Result, ensure};

use crate::command::{install, on_path, run};
use crate::project::Project;

const TARGETS: [&str; 8] = [
    "configuration",
    "case",
    "callback",
    "answer",
    "conditions",
    "template",
    "csv",
    "boundary",
];

/// The version of cargo-fuzz that is installed where none is.
const VERSION: &str = "0.13.2";

/// Where the targets are.
const FOLDER: &str = "tests/fuzzing/fuzz";

/// Runs targets, all where none is named, each for that long.
///
/// What libFuzzer finds worth keeping stays in the target folder; the committed inputs are only read. An input that fails is
/// kept below `tests/fuzzing/fuzz/artifacts`, and its path is printed.
pub(crate) fn run_all(project: &Project, targets: &[String], each: Duration) -> Result<()> {
    for target in targets {
        ensure!(
            TARGETS.contains(&&**target),
            "there is no target '{target}': name some of {}",
            TARGETS.join(", ")
        );
    }
    let cargo_fuzz = cargo_fuzz(project)?;
    let is_wanted = |target: &&&str| targets.is_empty() || targets.iter().any(|it| it == **target);
    let mut failed = Vec::new();
    for target in TARGETS.iter().filter(is_wanted) {
        let found = project.target.join("fuzz/corpus").join(target);
        fs::create_dir_all(&found).with_context(|| format!("cannot make {}", found.display()))?;
        let committed = project.root.join("tests/fuzzing/corpus").join(target);
        println!("{target}: {} s", each.as_secs());
        let ran = run(project
            .command(&cargo_fuzz)
            .args(["run", "--fuzz-dir", FOLDER, target])
            .args([&found, &committed])
            .args(["--", "-timeout=30", "-rss_limit_mb=4096"])
            .args(["-len_control=0", "-max_len=65536", "-print_final_stats=1"])
            .arg(format!("-max_total_time={}", each.as_secs()))
            // The sanitizer is behind an unstable flag, which this lets a stable compiler take.
            .env("RUSTC_BOOTSTRAP", "1")
            .env("CARGO_TARGET_DIR", project.target.join("fuzz")));
        if let Err(error) = ran {
            println!("{error:#}");
            failed.push(*target);
        }
    }
    ensure!(failed.is_empty(), "failed: {}", failed.join(", "));
    Ok(())
}

/// The cargo-fuzz on the path, the one installed before, or a newly installed one.
fn cargo_fuzz(project: &Project) -> Result<PathBuf> {
    let folder = project.tools().join("cargo-fuzz");
    let program = folder.join("bin/cargo-fuzz");
    if let Some(there) = on_path("cargo-fuzz") {
        return Ok(there);
    }
    if !program.is_file() {
        println!("installing cargo-fuzz");
        let mut cargo = project.cargo();
        install(
            cargo
                .args(["install", "cargo-fuzz", "--locked", "--quiet"])
                .args(["--version", VERSION])
                .arg("--root")
                .arg(&folder)
                .env("CARGO_TARGET_DIR", folder.join("target")),
        )?;
        fs::remove_dir_all(folder.join("target"))?;
    }
    Ok(program)
}
