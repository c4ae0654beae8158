//! The machine on which it was measured.

use std::fs;

use anyhow::Result;

use crate::command::output;
use crate::project::Project;

/// Processors, system, compiler and day, in a line.
pub(super) fn said(project: &Project) -> Result<String> {
    let processors = std::thread::available_parallelism().map_or(1, usize::from);
    let about = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = about
        .lines()
        .find(|line| line.starts_with("model name"))
        .and_then(|line| line.split_once(": "))
        .map_or(std::env::consts::ARCH, |(_, model)| model);
    let day = output(project.command("date").args(["--utc", "+%Y-%m-%d"]))?;
    let compiler = output(project.command("rustc").arg("--version"))?;
    let compiler = compiler.split(" (").next().unwrap_or_default();
    Ok(format!(
        "{}, {processors} processors of the kind {model}, {}, {}",
        day.trim(),
        std::env::consts::OS,
        compiler.trim()
    ))
}
