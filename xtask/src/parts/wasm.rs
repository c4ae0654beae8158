//! The WASM module and the npm package around it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};

use crate::command::{output, run};
use crate::part::Verdict;
use crate::project::Project;
use crate::{debian, npm};

const TARGET: &str = "wasm32-unknown-unknown";
const PROFILE: &str = "wasm";

/// The package's name.
const NAME: &str = "casewire";

/// A module of the package.
struct Module {
    /// The stem of the generated files: `<name>.js`, `<name>.d.ts`, `<name>_bg.wasm`.
    name: &'static str,
    /// What cargo is told of features.
    features: &'static [&'static str],
    /// The most that it may weigh, gzipped, so that it does not grow unseen. It is to come under 350 kB; this is what it
    /// weighs today, and is to be lowered with it.
    budget_kb: u64,
}

/// The whole, and what needs no connector.
const MODULES: [Module; 2] = [
    Module {
        name: NAME,
        features: &[],
        budget_kb: 1_350,
    },
    Module {
        name: "casewire_pure",
        features: &["--no-default-features"],
        budget_kb: 450,
    },
];

/// Reads the finished module: what it imports and what it weighs.
const INSPECT: &str = include_str!("inspect.mjs");

/// The npm package, ready to be installed or packed.
#[derive(Debug)]
pub(crate) struct Package {
    /// Its folder.
    pub(crate) folder: PathBuf,
    /// The modules' sizes, for people.
    pub(crate) size: String,
}

/// Builds the package, checks its JavaScript and its types, and prints what it weighs.
pub(crate) fn test(project: &Project) -> Result<Verdict> {
    let package = package(project)?;
    check_types(project, package)?;
    Ok(Verdict::PassedWith(package.size.clone()))
}

/// Checks the JavaScript strictly, the committed types against it, and what a user would write against those.
fn check_types(project: &Project, package: &Package) -> Result<()> {
    let folder = project.root.join("wasm");
    npm::install_locked(project, &folder)?;
    run(project
        .command("node")
        .args(["types.mjs", "--check"])
        .arg(&package.folder)
        .current_dir(&folder))
}

/// The package, which one run builds once.
pub(crate) fn package(project: &Project) -> Result<&Package> {
    if let Some(package) = project.package.get() {
        return Ok(package);
    }
    let package = build(project)?;
    Ok(project.package.get_or_init(|| package))
}

/// Builds the modules, writes the JavaScript around them, makes them smaller and checks them.
fn build(project: &Project) -> Result<Package> {
    npm::require_node(project)?;
    let optimiser = npm::tool(project, "binaryen", "wasm-opt")?;
    let folder = project.target.join("npm").join(NAME);
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    copy_package(&project.root.join("wasm/package"), &folder)?;
    let mut sizes = Vec::new();
    for module in &MODULES {
        sizes.push(add(project, module, &optimiser, &folder)?);
    }
    let size = sizes.join("; ");
    Ok(Package { folder, size })
}

/// Adds a module to the package, and says what it weighs.
fn add(project: &Project, module: &Module, optimiser: &Path, folder: &Path) -> Result<String> {
    let name = module.name;
    let compiled = compile(project, module.features)?;
    run(project
        .program("xtask-generate")?
        .arg("wasm")
        .args([&compiled, folder])
        .arg(name))?;
    let file = folder.join(format!("{name}_bg.wasm"));
    run(project
        .command(optimiser)
        .arg("-Oz")
        // Inlining makes the module smaller and what gzip makes of it larger.
        .args(["--skip-pass=inlining", "--skip-pass=inlining-optimizing"])
        .arg(&file)
        .arg("-o")
        .arg(&file))?;
    let (raw, gzipped) = inspect(project, &file)?;
    let size = format!(
        "{name} {} kB raw, {} kB gzipped",
        raw / 1000,
        gzipped / 1000
    );
    println!("{size}");
    ensure!(
        gzipped <= module.budget_kb * 1000,
        "{size}, and the limit is {} kB gzipped",
        module.budget_kb
    );
    Ok(size)
}

/// Compiles a module with the installed target, or else with Debian's compiler and the standard library's source.
fn compile(project: &Project, features: &[&str]) -> Result<PathBuf> {
    let target = project.target.join("wasm");
    let mut build = project.cargo();
    build
        .args(["build", "--locked", "--package", "casewire-wasm"])
        .args(["--target", TARGET, "--profile", PROFILE])
        .args(features)
        .env("CARGO_TARGET_DIR", &target);
    let installed =
        output(
            project
                .command("rustc")
                .args(["--print", "target-libdir", "--target", TARGET]),
        )?;
    if !Path::new(installed.trim()).is_dir() {
        println!(
            "the target {TARGET} is not installed; users of rustup: rustup target add {TARGET}"
        );
        with_debian(project, &mut build)?;
    }
    build.env("CARGO_ENCODED_RUSTFLAGS", remapped(&project.root));
    run(&mut build)?;
    let module = target.join(TARGET).join(PROFILE).join("casewire_wasm.wasm");
    ensure!(
        module.is_file(),
        "cargo did not write {}: is the library of the wasm crate named otherwise?",
        module.display()
    );
    Ok(module)
}

/// Has Debian's compiler build the standard library first. Its version moves, so it is never named.
fn with_debian(project: &Project, build: &mut Command) -> Result<()> {
    debian::packages(project, &["rustc-web", "rust-web-src"])?;
    let sysroot = output(project.command("rustc").args(["--print", "sysroot"]))?;
    let version = output(project.command("rustc").arg("-vV"))?;
    let host = version
        .lines()
        .find_map(|line| line.strip_prefix("host: "))
        .context("rustc does not name its host")?;
    let linker = Path::new(sysroot.trim())
        .join("lib/rustlib")
        .join(host)
        .join("bin/rust-lld");
    build
        .args(["-Z", "build-std=std,panic_abort"])
        .env("RUSTC", "/usr/bin/rustc")
        .env("RUSTC_BOOTSTRAP", "1")
        .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", linker)
        // Rustup points it at its own compiler's libraries.
        .env_remove("LD_LIBRARY_PATH");
    Ok(())
}

/// Flags that keep this machine's folders out of panic messages.
pub(crate) fn remapped(root: &Path) -> String {
    let home = std::env::var("HOME").unwrap_or_default();
    let cargo = std::env::var("CARGO_HOME").unwrap_or_else(|_| format!("{home}/.cargo"));
    [(root.display().to_string(), "casewire"), (cargo, "cargo")]
        .map(|(folder, name)| format!("--remap-path-prefix={folder}={name}"))
        .join("\u{1f}")
}

/// Copies what is written by hand, with the workspace's version put in for `0.0.0`.
fn copy_package(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from).with_context(|| format!("cannot read {}", from.display()))? {
        let path = entry?.path();
        let copy = to.join(path.file_name().unwrap_or_default());
        if path.is_dir() {
            copy_package(&path, &copy)?;
        } else if path.ends_with("package.json") {
            let text = fs::read_to_string(&path)?;
            fs::write(copy, text.replace("0.0.0", env!("CARGO_PKG_VERSION")))?;
        } else {
            fs::copy(&path, copy)?;
        }
    }
    Ok(())
}

/// The module's size in bytes, raw and gzipped. Fails if it imports from `env`, where nobody would answer.
fn inspect(project: &Project, module: &Path) -> Result<(u64, u64)> {
    let report = output(
        project
            .command("node")
            .args(["--input-type=module", "--eval", INSPECT])
            .arg(module),
    )?;
    let mut lines = report.lines();
    let mut size = || lines.next().and_then(|line| line.parse().ok());
    let sizes = size()
        .zip(size())
        .context("the module's size is not known")?;
    let foreign: Vec<_> = lines.filter(|line| line.starts_with("env.")).collect();
    ensure!(
        foreign.is_empty(),
        "the module imports what no browser has: {}",
        foreign.join(", ")
    );
    Ok(sizes)
}
