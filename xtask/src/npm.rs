//! Tools from npm, each pinned by a lock file under xtask/npm.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};

use crate::command::{install, output};
use crate::project::Project;

/// The oldest Node that the package supports.
const OLDEST_NODE: u32 = 20;

/// Installs a tool if it is not there in the locked version, and returns its program's file.
pub(crate) fn tool(project: &Project, name: &str, program: &str) -> Result<PathBuf> {
    let pinned = project.root.join("xtask/npm").join(name);
    let folder = project.tools().join(name);
    let program = folder.join("node_modules/.bin").join(program);
    let lock = fs::read(pinned.join("package-lock.json"))
        .with_context(|| format!("xtask/npm/{name} has no lock file"))?;
    // The copy of the lock is written last: where it is, the installation was complete.
    let done = folder.join("installed.json");
    if fs::read(&done).is_ok_and(|installed| installed == lock) && program.exists() {
        return Ok(program);
    }
    println!("installing from npm: {name}");
    fs::create_dir_all(&folder)?;
    for file in ["package.json", "package-lock.json"] {
        fs::copy(pinned.join(file), folder.join(file))?;
    }
    install_locked(project, &folder)?;
    ensure!(
        program.exists(),
        "npm did not install {}",
        program.display()
    );
    fs::write(done, lock)?;
    Ok(program)
}

/// Installs what a folder's lock file names, without scripts.
pub(crate) fn install_locked(project: &Project, folder: &Path) -> Result<()> {
    install(
        project
            .command("npm")
            .args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"])
            .args(["--loglevel=error"])
            .current_dir(folder),
    )
}

/// Makes sure that a project of this workspace has what its lock file names, and returns its `node_modules`.
pub(crate) fn locked(project: &Project, folder: &str) -> Result<PathBuf> {
    let folder = project.root.join(folder);
    let lock = fs::read(folder.join("package-lock.json"))
        .with_context(|| format!("{} has no lock file", folder.display()))?;
    let modules = folder.join("node_modules");
    // Written last: where it is, the installation was complete.
    let done = modules.join(".installed.json");
    if !fs::read(&done).is_ok_and(|installed| installed == lock) {
        println!("installing from npm: {}", folder.display());
        install_locked(project, &folder)?;
        fs::write(done, lock)?;
    }
    Ok(modules)
}

/// The address of an installed package's ES module, for an import from elsewhere.
pub(crate) fn module(modules: &Path, name: &str) -> String {
    format!("file://{}", modules.join(name).join("index.mjs").display())
}

/// Packs a package into `folder` and returns the archive.
pub(crate) fn pack(project: &Project, package: &Path, folder: &Path) -> Result<PathBuf> {
    let name = output(
        project
            .command("npm")
            .args(["pack", "--silent", "--pack-destination"])
            .arg(folder)
            .current_dir(package),
    )?;
    Ok(folder.join(name.trim()))
}

/// Installs a packed package in a project's folder, as a user would.
pub(crate) fn install_packed(project: &Project, folder: &Path, archive: &Path) -> Result<()> {
    install(
        project
            .command("npm")
            .args(["install", "--no-audit", "--no-fund", "--loglevel=error"])
            .arg(archive)
            .current_dir(folder),
    )
}

/// Fails where Node is missing or too old.
pub(crate) fn require_node(project: &Project) -> Result<()> {
    let version = output(project.command("node").arg("--version"))?;
    ensure!(
        major(&version).is_some_and(|major| major >= OLDEST_NODE),
        "Node {OLDEST_NODE} or newer is needed, and this is {}",
        version.trim()
    );
    Ok(())
}

fn major(version: &str) -> Option<u32> {
    version.strip_prefix('v')?.split('.').next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_major_version_is_read() {
        assert_eq!(major("v20.20.2\n"), Some(20));
        assert_eq!(major("20.20.2"), None);
    }
}
