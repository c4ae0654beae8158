//! The C and C++ programs, with the shared library and, under the sanitizers, with the static one.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, ensure};

use crate::command::{output, run, run_within};
use crate::debian;
use crate::part::Verdict;
use crate::parts::header;
use crate::project::Project;
use crate::server::Server;

mod abi;
mod hostile;
mod quiet;

/// Where the programs are: each file is one, takes the simulator's URL, and ends with 0 when all went well.
const FOLDERS: [&str; 3] = ["examples/c", "examples/cpp", "tests/hosts/c"];

/// What the program that is written of the header is made with.
const SAMPLES: &str = "tests/hosts/hostile";

/// Each language by its files' ending: the compiler and its flags.
const LANGUAGES: [(&str, &str, &[&str]); 2] = [
    ("c", "gcc", &["-std=c99", "-D_POSIX_C_SOURCE=200809L"]),
    ("cpp", "g++", &["-std=c++17"]),
];

/// Libraries that a C program may use: what it includes, the Debian package, the linker's flag.
const LIBRARIES: [(&str, &str, &str); 2] = [
    ("<curl/curl.h>", "libcurl4-openssl-dev", "-lcurl"),
    ("<sqlite3.h>", "libsqlite3-dev", "-lsqlite3"),
];

/// What Rust's standard library asks of the system, for who links the static library.
pub(crate) const SYSTEM: [&str; 3] = ["-lpthread", "-ldl", "-lm"];

/// What only a debug build has: the call by which tests have a connector meet a fault of its own.
const PROVOKE: &str = "casewire_connector_provoke";

const LIMIT: Duration = Duration::from_secs(120);

/// Compiles and runs each program, and holds the library's symbols against the header.
pub(crate) fn test(project: &Project) -> Result<Verdict> {
    compilers(project)?;
    let folder = project.scratch("c")?;
    project.build_libraries()?;
    let built = project.target.join("debug");
    let shared = shared_library(project, &built.join("libcasewire.so"), &folder)?;
    check_symbols(project, &shared)?;
    quiet::links(&quiet::dynamic(project, &shared)?)?;
    let mut programs = programs(project)?;
    ensure!(!programs.is_empty(), "there is no C program to run");
    programs.push(every_function(project, &folder)?);
    for source in &programs {
        run_program(project, source, "shared", &folder, &|compiler| {
            compiler.arg(&shared).arg("-Wl,-rpath,$ORIGIN");
        })?;
        run_program(project, source, "static", &folder, &|compiler| {
            compiler
                .arg("-fsanitize=address,undefined")
                .arg("-fno-sanitize-recover=all")
                .arg(built.join("libcasewire.a"))
                .args(SYSTEM);
        })?;
    }
    quiet::calls(project, &folder.join("quiet-c-shared"), &folder)?;
    Ok(Verdict::PassedWith(format!(
        "C and C++ programs run: {}, each with the shared library and with the static one under the sanitizers",
        programs.len()
    )))
}

/// Makes sure that C and C++ can be compiled.
pub(crate) fn compilers(project: &Project) -> Result<()> {
    debian::programs(
        project,
        &[("gcc", "gcc"), ("g++", "g++"), ("nm", "binutils")],
    )?;
    debian::packages(project, &["libc6-dev"])
}

/// Writes the program that is hostile to every function of the header, whose binary interface has to be the committed one.
fn every_function(project: &Project, folder: &Path) -> Result<PathBuf> {
    let functions = functions(project)?;
    abi::check(project, &functions, folder)?;
    let program = folder.join("every_function.c");
    fs::write(&program, hostile::program(&functions)?)?;
    println!(
        "written: a hostile call for each argument of {} functions",
        functions.len()
    );
    Ok(program)
}

/// Writes the dump of the binary interface.
pub(crate) fn write_abi(project: &Project) -> Result<()> {
    abi::write(project, &functions(project)?, &project.scratch("abi")?)?;
    println!("written: include/casewire.abi");
    Ok(())
}

/// The functions of the header, all of them.
fn functions(project: &Project) -> Result<Vec<hostile::Function>> {
    let header = fs::read_to_string(header::file(project))?;
    let functions = hostile::functions(&header)?;
    let names: BTreeSet<_> = functions.iter().map(|one| one.name.as_str()).collect();
    let left: Vec<_> = declared(&header)
        .symmetric_difference(&names)
        .copied()
        .collect();
    ensure!(left.is_empty(), "not read of the header: {left:?}");
    Ok(functions)
}

/// Puts the shared library beside the programs under its SONAME, as an installation would.
pub(crate) fn shared_library(project: &Project, built: &Path, folder: &Path) -> Result<PathBuf> {
    let dynamic = quiet::dynamic(project, built)?;
    let name = soname(&dynamic).context("libcasewire.so has no SONAME")?;
    let library = folder.join(name);
    fs::copy(built, &library).with_context(|| format!("cannot copy {}", built.display()))?;
    Ok(library)
}

fn soname(dynamic: &str) -> Option<&str> {
    let line = dynamic.lines().find(|line| line.contains("(SONAME)"))?;
    line.split_once('[')?
        .1
        .split_once(']')
        .map(|(name, _)| name)
}

fn check_symbols(project: &Project, library: &Path) -> Result<()> {
    let listing = output(
        project
            .command("nm")
            .args(["--dynamic", "--defined-only", "--format=posix"])
            .arg(library),
    )?;
    let exported: BTreeSet<_> = listing
        .lines()
        .filter_map(|line| line.split(' ').next())
        .filter(|name| *name != PROVOKE)
        .collect();
    let header = fs::read_to_string(header::file(project))?;
    let declared = declared(&header);
    let apart: Vec<_> = exported.symmetric_difference(&declared).collect();
    ensure!(
        apart.is_empty(),
        "in the header or in the library, but not in both: {apart:?}"
    );
    println!("{} symbols, all of them declared", exported.len());
    Ok(())
}

/// The functions that a header declares. Its comments may name functions too, with `()` behind them.
pub(crate) fn declared(header: &str) -> BTreeSet<&str> {
    header
        .lines()
        .filter(|line| !line.trim_start().starts_with(['*', '/', '#']))
        .filter_map(|line| {
            let (before, _) = line.split_once('(')?;
            let name = before.rsplit([' ', '*']).next()?;
            name.starts_with("casewire_").then_some(name)
        })
        .collect()
}

fn programs(project: &Project) -> Result<Vec<PathBuf>> {
    let mut programs = Vec::new();
    for folder in FOLDERS {
        let folder = project.root.join(folder);
        if !folder.is_dir() {
            continue;
        }
        for entry in fs::read_dir(&folder)? {
            let path = entry?.path();
            if language(&path).is_some() {
                programs.push(path);
            }
        }
    }
    programs.sort();
    Ok(programs)
}

fn language(
    source: &Path,
) -> Option<&'static (&'static str, &'static str, &'static [&'static str])> {
    let ending = source.extension()?;
    LANGUAGES.iter().find(|(known, ..)| ending == *known)
}

fn run_program(
    project: &Project,
    source: &Path,
    kind: &str,
    folder: &Path,
    link: &dyn Fn(&mut Command),
) -> Result<()> {
    let program = compile(project, source, kind, folder, link)?;
    let simulator = Server::simulator(project, folder)?;
    run_within(LIMIT, project.command(&program).arg(&simulator.url))
        .with_context(|| format!("{} with the {kind} library", source.display()))
}

/// Compiles a program as strictly as can be; `link` says with which library.
pub(crate) fn compile(
    project: &Project,
    source: &Path,
    kind: &str,
    folder: &Path,
    link: &dyn Fn(&mut Command),
) -> Result<PathBuf> {
    let name = source
        .file_name()
        .context("a program has no name")?
        .to_string_lossy()
        .replace('.', "-");
    let program = folder.join(format!("{name}-{kind}"));
    let (_, compiler, flags) = language(source).context("a program is in no known language")?;
    let mut compiler = project.command(compiler);
    compiler
        .args(*flags)
        .arg("-g")
        .args(header::STRICT)
        .arg("-I")
        .arg(header::folder(project))
        .arg("-I")
        .arg(project.root.join(SAMPLES))
        .arg(source)
        .arg("-o")
        .arg(&program);
    link(&mut compiler);
    let text = fs::read_to_string(source)?;
    for (include, package, flag) in LIBRARIES {
        if text.contains(include) {
            debian::packages(project, &[package])?;
            compiler.arg(flag);
        }
    }
    run(&mut compiler)?;
    Ok(program)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn declarations_are_read_and_comments_are_not() {
        let header = "/**\n * Free with casewire_bytes_free().\n */\n\
            uint32_t casewire_abi_version(void);\n\
            casewire_status casewire_connector_poll(struct casewire_connector *connector,\n\
            \x20                                       uint64_t now);\n\
            const char *casewire_name(void);\n\
            typedef void (*other)(int);\n";
        assert_eq!(
            declared(header),
            BTreeSet::from([
                "casewire_abi_version",
                "casewire_connector_poll",
                "casewire_name"
            ])
        );
    }

    #[test]
    fn the_soname_is_read() {
        let dynamic = " 0x000000000000000e (SONAME)   Library soname: [libcasewire.so.0]\n";
        assert_eq!(soname(dynamic), Some("libcasewire.so.0"));
        assert_eq!(soname("nothing"), None);
    }
}
