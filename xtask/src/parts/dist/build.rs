//! The library itself: built for size, the same bytes wherever it is built, its debug information apart.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};

use super::Platform;
use crate::command::run;
use crate::debian;
use crate::parts::wasm;
use crate::project::Project;

const PROFILE: &str = "dist";

/// The library by its full name; the shorter ones are links to it.
pub(super) const LINUX_LIBRARY: &str = concat!("lib/libcasewire.so.", env!("CARGO_PKG_VERSION"));
const LINUX_DEBUG: &str = concat!(
    "lib/debug/libcasewire.so.",
    env!("CARGO_PKG_VERSION"),
    ".debug"
);
const WINDOWS_LIBRARY: &str = "bin/casewire.dll";
const WINDOWS_DEBUG: &str = "bin/casewire.dll.debug";
const WINDOWS_IMPORTS: &str = "lib/libcasewire.dll.a";

/// What is built, in the release folder.
pub(super) fn files(platform: Platform) -> &'static [&'static str] {
    match platform {
        Platform::Linux => &[LINUX_LIBRARY, LINUX_DEBUG],
        Platform::Windows => &[WINDOWS_LIBRARY, WINDOWS_DEBUG],
    }
}

/// Builds the library from the sources in `root`, and gives the folder that holds it.
pub(super) fn library(
    project: &Project,
    platform: Platform,
    root: &Path,
    name: &str,
) -> Result<PathBuf> {
    let target = project.target.join("dist").join(name);
    let mut build = project.cargo();
    build
        .current_dir(root)
        .args(["build", "--locked", "--package", "casewire-ffi", "--lib"])
        .args(["--target", platform.target(), "--profile", PROFILE])
        .env("CARGO_TARGET_DIR", &target);
    let mut flags = wasm::remapped(root);
    if platform == Platform::Windows {
        debian::packages(
            project,
            &[
                "binutils-mingw-w64-x86-64",
                "gcc-mingw-w64-x86-64-win32",
                "rustc-web",
                "rust-web-src",
            ],
        )?;
        build
            .args(["-Z", "build-std=std,panic_unwind"])
            .env("RUSTC", "/usr/bin/rustc")
            .env("RUSTC_BOOTSTRAP", "1")
            .env(
                "CARGO_TARGET_X86_64_PC_WINDOWS_GNU_LINKER",
                "x86_64-w64-mingw32-gcc-win32",
            )
            .env_remove("LD_LIBRARY_PATH");
        // No time of the link in the file, and no library beside it that Windows does not have.
        for flag in [
            "-Clink-arg=-Wl,--no-insert-timestamp",
            "-Clink-arg=-static-libgcc",
        ] {
            flags.push('\u{1f}');
            flags.push_str(flag);
        }
    }
    build.env("CARGO_ENCODED_RUSTFLAGS", flags);
    run(&mut build)?;
    Ok(target.join(platform.target()).join(PROFILE))
}

/// Puts the library into the release folder, stripped, and what was stripped beside it.
pub(super) fn put(
    project: &Project,
    platform: Platform,
    built: &Path,
    folder: &Path,
) -> Result<()> {
    match platform {
        Platform::Linux => {
            let tool = |name: &str| project.command(name);
            strip(
                &tool,
                &built.join("libcasewire.so"),
                folder,
                [LINUX_LIBRARY, LINUX_DEBUG],
            )?;
            link(
                folder,
                LINUX_LIBRARY,
                &["libcasewire.so.0", "libcasewire.so"],
            )
        }
        Platform::Windows => {
            let tool = |name: &str| project.command(format!("x86_64-w64-mingw32-{name}"));
            strip(
                &tool,
                &built.join("casewire.dll"),
                folder,
                [WINDOWS_LIBRARY, WINDOWS_DEBUG],
            )?;
            let imports = folder.join(WINDOWS_IMPORTS);
            fs::create_dir_all(imports.parent().context("a folder is missing")?)?;
            fs::copy(built.join("libcasewire.dll.a"), imports)?;
            Ok(())
        }
    }
}

fn strip(
    tool: &dyn Fn(&str) -> Command,
    built: &Path,
    folder: &Path,
    [library, debug]: [&str; 2],
) -> Result<()> {
    let (library, debug) = (folder.join(library), folder.join(debug));
    for file in [&library, &debug] {
        fs::create_dir_all(file.parent().context("a folder is missing")?)?;
    }
    run(tool("objcopy")
        .arg("--only-keep-debug")
        .arg(built)
        .arg(&debug))?;
    run(tool("objcopy")
        .arg("--strip-unneeded")
        .arg(format!("--add-gnu-debuglink={}", debug.display()))
        .arg(built)
        .arg(&library))?;
    ensure!(library.is_file(), "{} was not written", library.display());
    Ok(())
}

#[cfg(unix)]
fn link(folder: &Path, library: &str, names: &[&str]) -> Result<()> {
    let library = folder.join(library);
    let file = library.file_name().context("the library has no name")?;
    for name in names {
        std::os::unix::fs::symlink(file, library.with_file_name(name))?;
    }
    Ok(())
}

#[cfg(not(unix))]
fn link(folder: &Path, library: &str, names: &[&str]) -> Result<()> {
    let library = folder.join(library);
    for name in names {
        fs::copy(&library, library.with_file_name(name))?;
    }
    Ok(())
}
