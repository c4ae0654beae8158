//! The long checks of the C programs: valgrind, and ThreadSanitizer over library, standard library and program.

use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result};

use crate::command::{output, run, run_within};
use crate::debian;
use crate::parts::c;
use crate::project::Project;
use crate::server::Server;

/// The programs that run under valgrind. The others make more objects than it can look at in minutes.
const UNDER_VALGRIND: [&str; 9] = [
    "examples/c/open_ticket.c",
    "examples/cpp/open_ticket.cpp",
    "tests/hosts/c/callbacks.c",
    "tests/hosts/c/hostile.c",
    "tests/hosts/c/layout.c",
    "tests/hosts/c/log.c",
    "tests/hosts/c/pure.c",
    "tests/hosts/c/quiet.c",
    "tests/hosts/c/threads.c",
];

/// The programs that run under ThreadSanitizer.
const UNDER_THREAD_SANITIZER: [&str; 2] = ["tests/hosts/c/threads.c", "tests/hosts/c/callbacks.c"];

const LIMIT: Duration = Duration::from_secs(900);

/// Runs both.
pub(crate) fn run_all(project: &Project) -> Result<()> {
    valgrind(project)?;
    threads(project)
}

fn valgrind(project: &Project) -> Result<()> {
    c::compilers(project)?;
    debian::programs(project, &[("valgrind", "valgrind")])?;
    debian::packages(project, &["libc6-dbg"])?;
    let folder = project.scratch("valgrind")?;
    project.build_libraries()?;
    let built = project.target.join("debug/libcasewire.so");
    let shared = c::shared_library(project, &built, &folder)?;
    for source in UNDER_VALGRIND {
        let source = project.root.join(source);
        let program = c::compile(project, &source, "valgrind", &folder, &|compiler| {
            compiler.arg(&shared).arg("-Wl,-rpath,$ORIGIN");
        })?;
        let simulator = Server::simulator(project, &folder)?;
        run_within(
            LIMIT,
            project
                .command("valgrind")
                .args(["--quiet", "--error-exitcode=9", "--leak-check=full"])
                .args(["--show-leak-kinds=definite,indirect,possible"])
                .args(["--errors-for-leak-kinds=definite,indirect,possible"])
                .arg(&program)
                .arg(&simulator.url),
        )
        .with_context(|| format!("{} under valgrind", source.display()))?;
        println!("clean under valgrind: {}", source.display());
    }
    Ok(())
}

/// Helgrind does not know the locks of Rust, which are futexes; ThreadSanitizer does, where the standard library is built with
/// it too.
fn threads(project: &Project) -> Result<()> {
    c::compilers(project)?;
    let folder = project.scratch("tsan")?;
    let library = instrumented(project)?;
    for source in UNDER_THREAD_SANITIZER {
        let source = project.root.join(source);
        let program = c::compile(project, &source, "tsan", &folder, &|compiler| {
            compiler
                .arg("-fsanitize=thread")
                .arg(&library)
                .args(c::SYSTEM);
        })?;
        run_within(
            LIMIT,
            project
                .command(&program)
                .env("TSAN_OPTIONS", "halt_on_error=1 exitcode=9"),
        )
        .with_context(|| format!("{} under ThreadSanitizer", source.display()))?;
        println!("no data race: {}", source.display());
    }
    Ok(())
}

/// Has Debian's compiler, whose package has the standard library's source, build both for ThreadSanitizer.
fn instrumented(project: &Project) -> Result<PathBuf> {
    debian::packages(project, &["rustc-web", "rust-web-src"])?;
    let version = output(project.command("rustc").arg("-vV"))?;
    let host = version
        .lines()
        .find_map(|line| line.strip_prefix("host: "))
        .context("rustc does not name its host")?
        .to_owned();
    let target = project.target.join("tsan");
    run(project
        .cargo()
        .args(["rustc", "--locked", "--package", "casewire-ffi", "--lib"])
        .args(["--crate-type", "staticlib", "--target", &host])
        .args(["-Z", "build-std=std,panic_unwind"])
        // What it finds does not depend on it, and the core is compiled in half the time.
        .args(["--config", "profile.dev.package.casewire.opt-level=0"])
        .env("CARGO_TARGET_DIR", &target)
        .env("CARGO_INCREMENTAL", "0")
        .env("RUSTFLAGS", "-Zsanitizer=thread")
        .env("RUSTC", "/usr/bin/rustc")
        .env("RUSTC_BOOTSTRAP", "1")
        // Rustup points it at its own compiler's libraries.
        .env_remove("LD_LIBRARY_PATH"))?;
    Ok(target
        .join(Path::new(&host))
        .join("debug")
        .join("libcasewire.a"))
}
