//! What the library asks of the system: memory and locks, and nothing else. No thread, no file, no socket.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, ensure};

use crate::command::{output, run};
use crate::debian;
use crate::project::Project;

/// The libraries that the shared one may ask for.
const NEEDED: [&str; 4] = [
    "libc.so.6",
    "libm.so.6",
    "libgcc_s.so.1",
    "ld-linux-x86-64.so.2",
];

/// The system calls of an allocator and of locks that others hold.
const CALLS: [&str; 8] = [
    "brk",
    "futex",
    "madvise",
    "mmap",
    "mprotect",
    "mremap",
    "munmap",
    "getrandom",
];

const BEGINS: &str = "casewire begins";
const ENDED: &str = "casewire has ended";

/// Checks what a shared library is linked with.
pub(super) fn links(dynamic: &str) -> Result<()> {
    let needed = dynamic
        .lines()
        .filter(|line| line.contains("(NEEDED)"))
        .filter_map(|line| line.split_once('[')?.1.split_once(']'))
        .map(|(name, _)| name);
    let foreign: Vec<_> = needed.filter(|name| !NEEDED.contains(name)).collect();
    ensure!(foreign.is_empty(), "the library asks for {foreign:?}");
    Ok(())
}

/// Runs a program that marks where it works with the library, and checks what was asked of the system meanwhile.
pub(super) fn calls(project: &Project, program: &Path, folder: &Path) -> Result<()> {
    debian::programs(project, &[("strace", "strace")])?;
    let log = folder.join("strace.log");
    run(project
        .command("strace")
        .args(["-f", "-qq", "-o"])
        .arg(&log)
        .arg(program))?;
    let calls = between(&fs::read_to_string(&log)?)?;
    let foreign: Vec<_> = calls
        .iter()
        .filter(|call| !CALLS.contains(&call.as_str()))
        .collect();
    ensure!(
        foreign.is_empty(),
        "the library called {foreign:?}: see {}",
        log.display()
    );
    println!("the library asked the system for {calls:?} and nothing else");
    Ok(())
}

/// The names of the calls between the marks.
fn between(log: &str) -> Result<BTreeSet<String>> {
    let (_, rest) = log
        .split_once(BEGINS)
        .context("the program did not begin")?;
    let (work, _) = rest.split_once(ENDED).context("the program did not end")?;
    // The line of each mark is its own `write`.
    let lines: Vec<_> = work.lines().collect();
    let lines = lines
        .get(1..lines.len().saturating_sub(1))
        .unwrap_or_default();
    Ok(lines
        .iter()
        .filter_map(|line| {
            let call = line.split_once(' ')?.1.trim_start();
            let (name, _) = call.split_once('(')?;
            Some(name.to_owned())
        })
        .collect())
}

/// What the dynamic section of a library says.
pub(super) fn dynamic(project: &Project, library: &Path) -> Result<String> {
    output(project.command("readelf").arg("--dynamic").arg(library))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calls_between_the_marks_are_read() {
        let log = "7 execve(\"a\") = 0\n7 write(2, \"casewire begins\\n\", 16) = 16\n7 brk(NULL) = 0\n\
            8 openat(AT_FDCWD, \"/etc\") = 3\n7 write(2, \"casewire has ended\\n\", 19) = 19\n7 exit_group(0)\n";
        let calls = between(log).unwrap();
        assert_eq!(
            calls,
            BTreeSet::from(["brk".to_owned(), "openat".to_owned()])
        );
        assert!(between("nothing").is_err());
    }

    #[test]
    fn a_foreign_library_is_named() {
        let needed = |name: &str| format!(" 0x1 (NEEDED)  Shared library: [{name}]\n");
        assert!(links(&needed("libc.so.6")).is_ok());
        let refused = links(&needed("libssl.so.3")).unwrap_err().to_string();
        assert!(refused.contains("libssl.so.3"), "{refused}");
    }
}
