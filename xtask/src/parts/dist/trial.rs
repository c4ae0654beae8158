//! Uses a release folder as a vendor would: with pkg-config and CMake on Linux, with MinGW and Wine for Windows.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, ensure};

use super::{Platform, build};
use crate::command::{output, run as run_command};
use crate::debian;
use crate::project::Project;

/// What the library for Linux may need.
const NEEDED: [&str; 4] = [
    "ld-linux-x86-64.so.2",
    "libc.so.6",
    "libgcc_s.so.1",
    "libm.so.6",
];

/// The program that is built against the folder.
const PROGRAM: &str = "tests/hosts/dist";

/// Fails where the folder cannot be used.
pub(super) fn run(project: &Project, platform: Platform, folder: &Path) -> Result<()> {
    match platform {
        Platform::Linux => linux(project, folder),
        Platform::Windows => windows(project, folder),
    }
}

fn linux(project: &Project, folder: &Path) -> Result<()> {
    debian::programs(
        project,
        &[
            ("readelf", "binutils"),
            ("pkg-config", "pkg-config"),
            ("cmake", "cmake"),
            ("make", "make"),
        ],
    )?;
    let library = folder.join(build::LINUX_LIBRARY);
    let dynamic = output(project.command("readelf").arg("--dynamic").arg(&library))?;
    for line in dynamic.lines().filter(|line| line.contains("(NEEDED)")) {
        ensure!(
            NEEDED
                .iter()
                .any(|name| line.contains(&format!("[{name}]"))),
            "the library needs more than it may:{line}"
        );
    }
    let scratch = project.scratch("dist-trial")?;
    let source = project.root.join(PROGRAM);
    let flags = output(
        project
            .command("pkg-config")
            .env("PKG_CONFIG_PATH", folder.join("lib/pkgconfig"))
            .args(["--cflags", "--libs", "casewire"]),
    )?;
    let program = scratch.join("with-pkg-config");
    run_command(
        project
            .command("gcc")
            .arg(source.join("first.c"))
            .args(flags.split_whitespace())
            .arg(format!("-Wl,-rpath,{}", folder.join("lib").display()))
            .arg("-o")
            .arg(&program),
    )?;
    run_command(&mut project.command(&program))?;
    let built = scratch.join("cmake");
    run_command(
        project
            .command("cmake")
            .arg("-S")
            .arg(&source)
            .arg("-B")
            .arg(&built)
            .arg(format!("-DCMAKE_PREFIX_PATH={}", folder.display())),
    )?;
    run_command(project.command("cmake").arg("--build").arg(&built))?;
    run_command(&mut project.command(built.join("first")))?;
    run_command(project.command("sha256sum").current_dir(folder).args([
        "--check",
        "--quiet",
        "SHA256SUMS",
    ]))
}

fn windows(project: &Project, folder: &Path) -> Result<()> {
    debian::packages(project, &["wine64"])?;
    let scratch = project.scratch("dist-trial-windows")?;
    let source = project.root.join(PROGRAM);
    let compiler = "x86_64-w64-mingw32-gcc-win32";
    run_command(
        project
            .command(compiler)
            .arg(source.join("first.c"))
            .arg("-I")
            .arg(folder.join("include"))
            .arg(folder.join("lib/casewire.lib"))
            .arg("-o")
            .arg(scratch.join("first.exe")),
    )?;
    // Wine 8 lacks this library of Windows, from which Rust takes its hash keys.
    run_command(
        project
            .command(compiler)
            .args(["-shared", "-o"])
            .arg(scratch.join("bcryptprimitives.dll"))
            .arg(source.join("bcryptprimitives.c"))
            .arg("-ladvapi32"),
    )?;
    let name = Path::new(
        build::files(Platform::Windows)
            .first()
            .context("no library")?,
    );
    fs::copy(folder.join(name), scratch.join("casewire.dll"))?;
    let wine = ["wine64", "wine", "/usr/lib/wine/wine64"]
        .into_iter()
        .find(|name| crate::command::on_path(name).is_some() || Path::new(name).is_file())
        .context("Wine is not where Debian puts it")?;
    run_command(
        project
            .command(wine)
            .arg(scratch.join("first.exe"))
            .current_dir(&scratch)
            .env("WINEPREFIX", scratch.join("prefix"))
            .env("WINEDEBUG", "-all"),
    )
}
