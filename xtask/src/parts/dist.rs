//! The release folder: what a vendor takes, reads one page of, and links.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Result, ensure};
use clap::ValueEnum;

use crate::command::run;
use crate::debian;
use crate::project::Project;

mod build;
mod contents;
mod sbom;
mod trial;

/// The most that the stripped library for Linux may weigh, so that it does not grow unseen. It is to stay under 2,500 kB; this
/// is what it weighs today, and is to be lowered with it.
const BUDGET_KB: u64 = 7_000;

/// What a release folder is for.
#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
pub(crate) enum Platform {
    /// Linux on x86-64, with glibc.
    Linux,
    /// Windows on x86-64, built with MinGW and Debian's compiler, and tried under Wine.
    Windows,
}

impl Platform {
    fn name(self) -> &'static str {
        match self {
            Self::Linux => "linux-x86_64",
            Self::Windows => "windows-x86_64",
        }
    }

    /// Rust's name.
    fn target(self) -> &'static str {
        match self {
            Self::Linux => "x86_64-unknown-linux-gnu",
            Self::Windows => "x86_64-pc-windows-gnu",
        }
    }
}

/// Makes the release folders, holds the library of Linux to its weight, and with `twice` makes each library again elsewhere
/// and compares the bytes.
pub(crate) fn make(project: &Project, platforms: &[Platform], twice: bool) -> Result<()> {
    for platform in platforms {
        let folder = release(project, *platform)?;
        if *platform == Platform::Linux {
            let weight = fs::metadata(folder.join(build::LINUX_LIBRARY))?.len() / 1000;
            println!("the stripped library weighs {weight} kB");
            ensure!(
                weight <= BUDGET_KB,
                "the library weighs {weight} kB, and the limit is {BUDGET_KB} kB"
            );
        }
        if twice {
            same_bytes(project, *platform, &folder)?;
        }
        println!("{}", folder.display());
    }
    Ok(())
}

fn release(project: &Project, platform: Platform) -> Result<PathBuf> {
    debian::programs(project, &[("gcc", "gcc"), ("objcopy", "binutils")])?;
    let name = format!("casewire-{}-{}", env!("CARGO_PKG_VERSION"), platform.name());
    let folder = project.target.join("dist").join(name);
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    fs::create_dir_all(&folder)?;
    let library = build::library(project, platform, &project.root, "build")?;
    build::put(project, platform, &library, &folder)?;
    contents::write(project, platform, &folder)?;
    trial::run(project, platform, &folder)?;
    Ok(folder)
}

/// Builds the library once more, from a copy of the sources in another place, and compares it with the one in the folder.
fn same_bytes(project: &Project, platform: Platform, folder: &Path) -> Result<()> {
    let copy = project.scratch("dist-again")?.join("elsewhere");
    run(project
        .command("git")
        .args(["clone", "--quiet", "--local", "--no-hardlinks"])
        .arg(&project.root)
        .arg(&copy))?;
    let again = build::library(project, platform, &copy, "build-again")?;
    let other = project.scratch("dist-compared")?;
    build::put(project, platform, &again, &other)?;
    for file in build::files(platform) {
        ensure!(
            fs::read(folder.join(file))? == fs::read(other.join(file))?,
            "two builds of {file} differ"
        );
        println!("{file}: two builds, the same bytes");
    }
    Ok(())
}
