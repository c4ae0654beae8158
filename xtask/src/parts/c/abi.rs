//! What programs that were compiled before rely on: functions with their arguments, structs with their layout.
//!
//! The dump is made of a library of empty functions with the header's prototypes, so that it does not depend on what the Rust
//! compiler has to say of its own types.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use super::hostile::Function;
use crate::command::run;
use crate::debian;
use crate::parts::header;
use crate::project::Project;

/// The committed dump.
fn committed(project: &Project) -> PathBuf {
    header::folder(project).join("casewire.abi")
}

/// Writes the dump of the header as it is now.
pub(super) fn write(project: &Project, functions: &[Function], folder: &Path) -> Result<()> {
    let library = library(project, functions, folder)?;
    run(project
        .command("abidw")
        .args(["--no-corpus-path", "--no-comp-dir-path", "--no-show-locs"])
        .arg("--out-file")
        .arg(committed(project))
        .arg(library))
}

/// Fails where a program that was compiled with the committed header would not work with this one.
pub(super) fn check(project: &Project, functions: &[Function], folder: &Path) -> Result<()> {
    let library = library(project, functions, folder)?;
    let status = project
        .command("abidiff")
        // Functions may be added.
        .arg("--no-added-syms")
        .arg(committed(project))
        .arg(library)
        .status()
        .context("cannot start abidiff")?;
    if !status.success() {
        bail!(
            "the binary interface is not the one of include/casewire.abi: where the change is meant, run `cargo xtask abi`"
        );
    }
    println!("the binary interface is that of include/casewire.abi");
    Ok(())
}

fn library(project: &Project, functions: &[Function], folder: &Path) -> Result<PathBuf> {
    debian::programs(project, &[("gcc", "gcc"), ("abidiff", "abigail-tools")])?;
    let source = folder.join("interface.c");
    let library = folder.join("interface.so");
    fs::write(&source, stubs(functions))?;
    run(project
        .command("gcc")
        // By its name alone, so that the dump does not say where it was made.
        .current_dir(folder)
        .args(["-std=c99", "-g", "-shared", "-fPIC", "-I"])
        .arg(header::folder(project))
        .arg("interface.c")
        .arg("-o")
        .arg(&library))?;
    Ok(library)
}

/// Every function without a body.
fn stubs(functions: &[Function]) -> String {
    let mut text = "#include \"casewire.h\"\n".to_owned();
    for function in functions {
        let arguments: Vec<_> = function
            .arguments
            .iter()
            .map(|(of, name)| format!("{of} {name}"))
            .collect();
        let arguments = match arguments.is_empty() {
            true => "void".to_owned(),
            false => arguments.join(", "),
        };
        let Function { name, result, .. } = function;
        let _ = writeln!(text, "{result} {name}({arguments}) {{ for (;;); }}");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::super::hostile::functions;
    use super::*;

    #[test]
    fn prototypes_become_functions() {
        let header = "struct casewire_text casewire_version(void);\nvoid casewire_free(struct casewire_a *a, size_t n);\n";
        let text = stubs(&functions(header).unwrap());
        assert!(text.contains("casewire_text casewire_version(void) { for (;;); }\n"));
        assert!(text.contains("void casewire_free(casewire_a * a, size_t n) { for (;;); }\n"));
    }
}
