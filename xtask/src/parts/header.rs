//! The C header, which cbindgen writes from the ffi crate.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};

use crate::command::run;
use crate::debian;
use crate::part::Verdict;
use crate::parts::tables;
use crate::project::Project;

/// Each language as the compiler's name, its Debian package, the standard and a file's ending.
const LANGUAGES: [(&str, &str, &str, &str); 2] = [
    ("gcc", "gcc", "-std=c99", "c"),
    ("g++", "g++", "-std=c++17", "cpp"),
];

/// The flags with which the header and all C programs have to compile.
pub(crate) const STRICT: [&str; 4] = ["-Wall", "-Wextra", "-Werror", "-pedantic"];

/// The folder that holds the header.
pub(crate) fn folder(project: &Project) -> PathBuf {
    project.root.join("include")
}

/// The committed header.
pub(crate) fn file(project: &Project) -> PathBuf {
    folder(project).join("casewire.h")
}

/// Writes the header, and what other faces have of it.
pub(crate) fn write(project: &Project) -> Result<()> {
    generate(project, &file(project))?;
    println!("written: include/casewire.h");
    tables::write(project, &file(project))
}

/// Fails if the committed header, or what other faces have of it, is not what the ffi crate says.
pub(crate) fn check(project: &Project) -> Result<()> {
    let fresh = project.scratch("header")?.join("casewire.h");
    generate(project, &fresh)?;
    let committed = fs::read(file(project)).unwrap_or_default();
    if committed != fs::read(&fresh)? {
        // Only for the eye: what decides is the comparison above.
        let _ = run(project
            .command("diff")
            .arg("-uN")
            .args([&file(project), &fresh]));
        anyhow::bail!("include/casewire.h is out of date: run `cargo xtask header`");
    }
    tables::check(project, &fresh)
}

/// Checks that the header is up to date, and compiles it alone, included twice, in each language.
pub(crate) fn test(project: &Project) -> Result<Verdict> {
    check(project)?;
    debian::programs(
        project,
        &LANGUAGES.map(|(compiler, package, ..)| (compiler, package)),
    )?;
    let folder = tempfile::tempdir()?;
    for (compiler, _, standard, ending) in LANGUAGES {
        let source = folder.path().join("twice").with_extension(ending);
        // A declaration of its own, for an empty translation unit is no valid C.
        fs::write(
            &source,
            "#include \"casewire.h\"\n#include \"casewire.h\"\nextern int twice;\n",
        )?;
        run(project
            .command(compiler)
            .args([standard, "-fsyntax-only"])
            .args(STRICT)
            .arg("-I")
            .arg(self::folder(project))
            .arg(source))?;
    }
    Ok(Verdict::Passed)
}

fn generate(project: &Project, header: &Path) -> Result<()> {
    run(project
        .program("xtask-generate")?
        .arg("header")
        .arg(project.root.join("ffi"))
        .arg(header))?;
    let text = fs::read_to_string(header).context("no header was written")?;
    ensure!(text.contains("casewire_"), "the header declares nothing");
    Ok(())
}
