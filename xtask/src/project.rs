//! The project on disk, and how its cargo is called.

use std::cell::{Cell, OnceCell};
use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use crate::command::run;
use crate::parts::wasm::Package;

/// What of the workspace is built and tested together.
pub(crate) const WORKSPACE: [&str; 5] = ["--workspace", "--lib", "--bins", "--tests", "--examples"];

/// The project's folders, and what one run remembers.
#[derive(Debug)]
pub(crate) struct Project {
    /// The workspace's root.
    pub(crate) root: PathBuf,
    /// The target folder.
    pub(crate) target: PathBuf,
    /// Whether this run has fetched Debian's package lists.
    pub(crate) lists_fetched: Cell<bool>,
    /// Set once this run has built the workspace.
    built: OnceCell<()>,
    /// The npm package, once this run has built it.
    pub(crate) package: OnceCell<Package>,
}

impl Project {
    /// Finds the project from what cargo tells a program that it runs.
    pub(crate) fn find() -> Result<Self> {
        let manifest =
            env::var_os("CARGO_MANIFEST_DIR").context("start this program as `cargo xtask`")?;
        let root = Path::new(&manifest)
            .parent()
            .context("xtask has no parent folder")?
            .to_path_buf();
        let target = match env::var_os("CARGO_TARGET_DIR") {
            Some(folder) => env::current_dir()?.join(folder),
            None => root.join("target"),
        };
        Ok(Self {
            root,
            target,
            lists_fetched: Cell::new(false),
            built: OnceCell::new(),
            package: OnceCell::new(),
        })
    }

    /// The cargo that runs this program, in the project's root.
    pub(crate) fn cargo(&self) -> Command {
        let cargo = env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo"));
        let mut command = self.command(cargo);
        // What `cargo xtask` set for this program: build scripts watch it, and would run anew after each change of caller.
        for (name, _) in env::vars_os() {
            let of_this_program =
                |name: &str| name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_");
            if name.to_str().is_some_and(of_this_program) {
                command.env_remove(name);
            }
        }
        command.env("CARGO_TARGET_DIR", &self.target);
        command
    }

    /// Builds every library, program and test of the workspace, once in a run.
    ///
    /// All parts share this one build: cargo chooses the features of dependencies by what it is asked to build, so a package
    /// built by itself would compile the core, and most of what it stands on, once more.
    pub(crate) fn build(&self) -> Result<()> {
        if self.built.get().is_none() {
            run(self.cargo().args(["build", "--locked"]).args(WORKSPACE))?;
            self.built.get_or_init(|| ());
        }
        Ok(())
    }

    /// Builds every library and program of the workspace, with the features of [`build`](Self::build): enough for the faces in
    /// other languages, where the Rust tests are left out.
    pub(crate) fn build_libraries(&self) -> Result<()> {
        if self.built.get().is_none() {
            run(self
                .cargo()
                .args(["build", "--locked"])
                .args(WORKSPACE.iter().filter(|kind| **kind != "--tests")))?;
        }
        Ok(())
    }

    /// A program of the workspace that is named like its package.
    pub(crate) fn program(&self, name: &str) -> Result<Command> {
        self.build_libraries()?;
        Ok(self.command(self.target.join("debug").join(name)))
    }

    /// The reference host's program, built by itself where this run has not built all.
    pub(crate) fn host(&self) -> Result<PathBuf> {
        self.program("casewire-host")?;
        Ok(self.target.join("debug/casewire"))
    }

    /// A command in the project's root that never makes rustup fetch a toolchain.
    pub(crate) fn command(&self, program: impl AsRef<std::ffi::OsStr>) -> Command {
        let mut command = Command::new(program);
        command
            .current_dir(&self.root)
            .env("RUSTUP_AUTO_INSTALL", "0");
        command
    }

    /// Where tools are kept between runs.
    pub(crate) fn tools(&self) -> PathBuf {
        self.target.join("tools")
    }

    /// An empty folder for one part's files, kept after the run so that they can be looked at.
    pub(crate) fn scratch(&self, part: &str) -> Result<PathBuf> {
        let folder = self.target.join("xtask").join(part);
        if folder.exists() {
            std::fs::remove_dir_all(&folder)
                .with_context(|| format!("cannot empty {}", folder.display()))?;
        }
        std::fs::create_dir_all(&folder)
            .with_context(|| format!("cannot make {}", folder.display()))?;
        Ok(folder)
    }
}
