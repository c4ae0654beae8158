//! What the boundary costs each face: a text of 2.5 kB in, which the library checks and copies, and one of 1.5 kB out,
//! against a bare UTF-8 check and copy of as many bytes.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, ensure};

use crate::command::{output, run};
use crate::debian;
use crate::parts::{dotnet, header, java};
use crate::project::Project;

/// Each face with how many times the bare check and copy it may cost.
const BARS: [(&str, Measure, f64); 3] = [
    ("C", c, 1.1),
    ("Java, JNA direct mapping", jna, 7.0),
    (".NET, P/Invoke under mono", p_invoke, 3.0),
];

/// Measures a face with the library in a folder: nanoseconds, and on further lines what of it costs how much.
type Measure = fn(&Project, &Path, &Path) -> Result<String>;

/// What a face costs.
#[derive(Debug)]
pub(crate) struct Face {
    pub(crate) name: &'static str,
    /// How many times the bare check and copy it costs.
    pub(crate) times: f64,
    /// How many times it may.
    pub(crate) bar: f64,
}

/// Measures every face and prints how it stands. Fails where one costs more than it may.
pub(crate) fn measure(project: &Project, is_debug: bool) -> Result<()> {
    let faces = rows(project, is_debug)?;
    let over = faces.iter().filter(|face| face.times > face.bar);
    let over: Vec<&str> = over.map(|face| face.name).collect();
    ensure!(over.is_empty(), "too slow: {over:?}");
    Ok(())
}

/// Measures every face and prints how it stands.
pub(crate) fn rows(project: &Project, is_debug: bool) -> Result<Vec<Face>> {
    let mut cargo = project.cargo();
    cargo.args(["build", "--locked", "--package", "casewire-ffi"]);
    cargo.args(["--lib", "--example", "boundary_baseline"]);
    let built = project
        .target
        .join(if is_debug { "debug" } else { "release" });
    if !is_debug {
        cargo.arg("--release");
    }
    run(&mut cargo)?;
    let bare = nanoseconds(&output(
        &mut project.command(built.join("examples/boundary_baseline")),
    )?)?;
    println!("{bare:.0} ns: bare UTF-8 check and copy");
    let folder = project.scratch("boundary")?;
    let mut faces = Vec::new();
    for (face, measure, bar) in BARS {
        let measured = measure(project, &built, &folder)?;
        let mut lines = measured.lines();
        let spent = nanoseconds(lines.next().unwrap_or_default())?;
        let times = spent / bare;
        println!("{spent:.0} ns: {face}, {times:.1} times that, at most {bar}");
        for line in lines {
            println!("    of which, in ns: {line}");
        }
        faces.push(Face {
            name: face,
            times,
            bar,
        });
    }
    Ok(faces)
}

fn nanoseconds(text: &str) -> Result<f64> {
    text.trim()
        .parse()
        .with_context(|| format!("`{text}` is no number"))
}

fn c(project: &Project, built: &Path, folder: &Path) -> Result<String> {
    debian::programs(project, &[("gcc", "gcc")])?;
    let program = folder.join("boundary");
    run(project
        .command("gcc")
        .args(["-std=c99", "-D_POSIX_C_SOURCE=200809L", "-O2", "-I"])
        .arg(header::folder(project))
        .arg("tests/hosts/boundary/boundary.c")
        .arg(built.join("libcasewire.a"))
        .args(["-lpthread", "-ldl", "-lm", "-o"])
        .arg(&program))?;
    output(&mut project.command(program))
}

fn jna(project: &Project, built: &Path, folder: &Path) -> Result<String> {
    let file = folder.join("java.txt");
    run(java::maven(project, built, folder)?
        .args(["--quiet", "-Dtest=BoundaryBenchmark"])
        .env("CASEWIRE_BENCHMARK", &file))?;
    Ok(fs::read_to_string(file)?)
}

fn p_invoke(project: &Project, built: &Path, folder: &Path) -> Result<String> {
    output(dotnet::tests(project, built, folder)?.arg("--benchmark"))
}
