//! Debian packages: what is missing is installed, what is there stays as it is.

use std::process::Stdio;

use anyhow::{Context, Result, bail};

use crate::command::{install, on_path};
use crate::project::Project;

/// Makes sure that programs can be called, each given with the Debian package that brings it.
pub(crate) fn programs(project: &Project, needs: &[(&str, &'static str)]) -> Result<()> {
    let missing: Vec<_> = needs
        .iter()
        .filter(|(program, _)| on_path(program).is_none())
        .map(|(_, package)| *package)
        .collect();
    fetch(project, &missing)
}

/// Makes sure that packages are installed.
pub(crate) fn packages(project: &Project, wanted: &[&'static str]) -> Result<()> {
    if wanted.is_empty() {
        return Ok(());
    }
    let listing = project
        .command("dpkg-query")
        .args(["--show", "--showformat=${Package} ${db:Status-Status}\\n"])
        .args(wanted)
        .stderr(Stdio::null())
        .output()
        .with_context(|| {
            format!(
                "this is not Debian: install what its packages {} bring",
                wanted.join(" ")
            )
        })?;
    let listing = String::from_utf8_lossy(&listing.stdout);
    fetch(project, &missing(&listing, wanted))
}

/// Those of the wanted packages that dpkg's listing does not show as installed.
fn missing(listing: &str, wanted: &[&'static str]) -> Vec<&'static str> {
    let installed: Vec<_> = listing
        .lines()
        .filter_map(|line| line.strip_suffix(" installed"))
        .collect();
    wanted
        .iter()
        .filter(|package| !installed.contains(package))
        .copied()
        .collect()
}

fn fetch(project: &Project, missing: &[&str]) -> Result<()> {
    if missing.is_empty() {
        return Ok(());
    }
    println!("installing Debian packages: {}", missing.join(" "));
    if on_path("apt-get").is_none() {
        bail!(
            "there is no apt-get here: install what Debian's packages {} bring",
            missing.join(" ")
        );
    }
    let apt = || {
        let mut command = project.command("apt-get");
        command
            .args(["--quiet=2", "-o", "DPkg::Lock::Timeout=300"])
            .args(["-o", "Dpkg::Use-Pty=0"])
            .env("DEBIAN_FRONTEND", "noninteractive")
            .stdin(Stdio::null());
        command
    };
    if !project.lists_fetched.replace(true) {
        install(apt().args(["-o", "APT::Update::Error-Mode=any", "update"]))?;
    }
    install(
        apt()
            .args(["install", "--yes", "--no-install-recommends"])
            .args(missing),
    )
    .with_context(|| format!("as root, run: apt-get install {}", missing.join(" ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_installed_packages_count_as_there() {
        let listing = "gcc installed\nrustc-web config-files\n";
        assert_eq!(
            missing(listing, &["gcc", "rustc-web", "rust-web-src"]),
            ["rustc-web", "rust-web-src"]
        );
    }

    #[test]
    fn a_longer_name_is_another_package() {
        assert_eq!(missing("gcc-12 installed\n", &["gcc"]), ["gcc"]);
    }
}
