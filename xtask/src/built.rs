//! Programs that cargo builds and that are run apart from it.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};
use serde_json::Value;

use crate::command::output;
use crate::project::{Project, WORKSPACE};

/// Builds what the command names, and gives the program of the test or bench of that name.
pub(crate) fn program(cargo: &mut Command, name: &str) -> Result<PathBuf> {
    cargo.args(["--no-run", "--message-format", "json-render-diagnostics"]);
    let messages = output(cargo)?;
    executable(&messages, name).with_context(|| format!("cargo names no program of {name}"))
}

fn executable(messages: &str, name: &str) -> Option<PathBuf> {
    messages.lines().rev().find_map(|line| {
        let message: Value = serde_json::from_str(line).ok()?;
        let is_wanted = message.get("target")?.get("name")? == name;
        let file = message.get("executable")?.as_str()?;
        is_wanted.then(|| PathBuf::from(file))
    })
}

/// Builds a test that is not run with the others, and gives the command that runs it where cargo would. It is built with the
/// others all the same: by itself it would have dependencies with other features, and the core would be compiled once more.
pub(crate) fn test(project: &Project, package: &Path, name: &str) -> Result<Command> {
    println!("$ cargo test --no-run --test {name}");
    let mut cargo = project.cargo();
    // Beside `--tests` cargo would not see the one that is named.
    let others = WORKSPACE.iter().filter(|kind| **kind != "--tests");
    cargo.args(["test", "--locked"]).args(others);
    let mut test = project.command(program(cargo.args(["--test", name]), name)?);
    test.current_dir(project.root.join(package));
    Ok(test)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_program_of_a_name_is_found_among_cargos_messages() {
        let messages = "{\"target\":{\"name\":\"a\"},\"executable\":null}\n\
            {\"target\":{\"name\":\"a\"},\"executable\":\"/t/a-1\"}\n\
            {\"target\":{\"name\":\"b\"},\"executable\":\"/t/b-1\"}\n{\"reason\":\"build-finished\"}\n";
        assert_eq!(executable(messages, "a"), Some(PathBuf::from("/t/a-1")));
        assert_eq!(executable(messages, "c"), None);
    }
}
