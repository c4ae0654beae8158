//! Running other programs: shown, checked, tried again, or held to a time.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::Duration;

use anyhow::{Context, Result, ensure};

/// The status of `timeout` when it had to end its command.
const ENDED_BY_TIMEOUT: i32 = 124;

/// Shows a command, runs it, and fails if it does.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    println!("$ {}", shown(command));
    let status = command.status().with_context(|| missing(command))?;
    ensure!(status.success(), "`{}`: {status}", shown(command));
    Ok(())
}

/// Like [`run`], and ends the command, with all that it started, when it takes longer than `limit`.
///
/// A hanging grandchild would keep our output open, and whoever reads it would wait for ever: hence coreutils' `timeout`,
/// which ends the whole group.
pub(crate) fn run_within(limit: Duration, command: &mut Command) -> Result<()> {
    if on_path("timeout").is_none() {
        return run(command);
    }
    println!("$ {}", shown(command));
    let mut limited = Command::new("timeout");
    limited
        .args(["--kill-after=5", &limit.as_secs_f64().to_string()])
        .arg(command.get_program())
        .args(command.get_args())
        .stdin(Stdio::null());
    if let Some(folder) = command.get_current_dir() {
        limited.current_dir(folder);
    }
    for (name, value) in command.get_envs() {
        match value {
            Some(value) => limited.env(name, value),
            None => limited.env_remove(name),
        };
    }
    let status = limited.status().context("cannot start timeout")?;
    ensure!(
        status.code() != Some(ENDED_BY_TIMEOUT),
        "`{}` did not end within {} s",
        shown(command),
        limit.as_secs_f64()
    );
    ensure!(status.success(), "`{}`: {status}", shown(command));
    Ok(())
}

/// Runs a command without showing it, and returns what it printed.
pub(crate) fn output(command: &mut Command) -> Result<String> {
    let output = command
        .stderr(Stdio::inherit())
        .output()
        .with_context(|| missing(command))?;
    ensure!(
        output.status.success(),
        "`{}`: {}",
        shown(command),
        output.status
    );
    String::from_utf8(output.stdout)
        .with_context(|| format!("`{}` did not print UTF-8", shown(command)))
}

/// Shows an installing command and runs it up to three times, because registries answer slowly at times.
pub(crate) fn install(command: &mut Command) -> Result<()> {
    let mut tries = 1;
    loop {
        match run(command) {
            Ok(()) => return Ok(()),
            Err(error) if tries == 3 => return Err(error.context("failed three times")),
            Err(error) => println!("{error:#}; trying again"),
        }
        sleep(Duration::from_secs(5 * tries));
        tries += 1;
    }
}

/// Ends a child process. One that has ended already is fine.
pub(crate) fn end(child: &mut Child) {
    // Both calls can fail only because the child is gone, which is what is wanted.
    let _ = child.kill();
    let _ = child.wait();
}

/// The file that runs when `program` is called by its name.
pub(crate) fn on_path(program: &str) -> Option<PathBuf> {
    std::env::split_paths(&std::env::var_os("PATH")?)
        .map(|folder| folder.join(program))
        .find(|file| file.is_file())
}

fn missing(command: &Command) -> String {
    format!(
        "cannot start {}: is it installed?",
        Path::new(command.get_program()).display()
    )
}

fn shown(command: &Command) -> String {
    let program = Path::new(command.get_program());
    let mut words = vec![program.file_name().unwrap_or_default().to_string_lossy()];
    words.extend(command.get_args().map(|word| word.to_string_lossy()));
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_is_shown_by_its_name_and_arguments() {
        let mut command = Command::new("/usr/bin/gcc");
        command.args(["-c", "a.c"]);
        assert_eq!(shown(&command), "gcc -c a.c");
    }

    #[test]
    fn a_failing_command_is_named() {
        let error = run(&mut Command::new("false")).unwrap_err();
        assert!(error.to_string().starts_with("`false`"), "{error}");
    }

    #[test]
    fn a_missing_program_is_named() {
        let error = run(&mut Command::new("no-such-program")).unwrap_err();
        assert!(error.to_string().contains("no-such-program"), "{error}");
    }

    #[test]
    fn a_command_that_hangs_is_ended() {
        let error =
            run_within(Duration::from_millis(50), Command::new("sleep").arg("60")).unwrap_err();
        assert!(error.to_string().contains("did not end"), "{error}");
    }
}
