//! The commands of the project itself: `cargo xtask test` and what it is made of.
#![allow(
    clippy::print_stdout,
    reason = "a command line program speaks on stdout"
)]

mod built;
mod command;
mod debian;
mod npm;
mod part;
mod parts;
mod project;
mod report;
mod server;
mod suite;

use std::ffi::OsString;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::Result;
use clap::Parser;

use crate::part::Part;
use crate::parts::dist::Platform;
use crate::project::Project;

/// The commands of the casewire project.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", version)]
enum Xtask {
    /// Runs every test of every face, installing what it needs.
    ///
    /// Parts run in a fixed order, and all of them run even if one fails. A part that cannot be run here
    /// (no compiler, no Node, no network) counts as failed unless it was left out by name.
    #[command(after_help = TEST_HELP)]
    Test {
        /// Runs these parts only.
        #[arg(long, value_name = "PART", num_args = 1.., value_delimiter = ',')]
        only: Vec<Part>,
        /// Leaves these parts out.
        #[arg(long, value_name = "PART", num_args = 1.., value_delimiter = ',', conflicts_with = "only")]
        without: Vec<Part>,
    },
    /// Writes include/casewire.h from the ffi crate, and the code tables of the other languages from it.
    #[command(
        after_help = "Examples:\n  cargo xtask header\n  cargo xtask header --check   # in a commit hook"
    )]
    Header {
        /// Writes nothing, and fails if the committed header is out of date.
        #[arg(long)]
        check: bool,
    },
    /// Writes include/casewire.abi, the dump of the binary interface that `cargo xtask test` holds the header to.
    Abi,
    /// Writes the JSON Schemas of include/ from the core's types.
    Schema,
    /// Measures what the boundary costs in C, Java and .NET, and holds it to its bars.
    Boundary {
        /// Measures the library as the tests build it, which says little of one that is shipped.
        #[arg(long)]
        debug: bool,
    },
    /// Measures what is promised of speed and memory, and writes docs/performance.md.
    ///
    /// A bench is compared with programs that do the same in other ways; what these need is installed. Fails where a bar is
    /// not kept.
    #[command(
        after_help = "Examples:\n  cargo xtask bench\n  cargo xtask bench --only translation callback"
    )]
    Bench {
        /// Runs these benches only.
        #[arg(long, value_name = "NAME", num_args = 1.., value_delimiter = ',')]
        only: Vec<String>,
    },
    /// Kills a service again and again while cases come in, and counts what ConnectWise has of them then.
    #[command(after_help = "Example:\n  cargo xtask kill-service --times 200")]
    KillService {
        /// How often it is killed; 20 cases come in between two kills.
        #[arg(long, value_name = "NUMBER", default_value_t = 200, value_parser = clap::value_parser!(u32).range(1..=100_000))]
        times: u32,
    },
    /// Makes release folders: library, header, pkg-config, CMake, schemas, licences, bill of materials, sums.
    #[command(
        after_help = "Examples:\n  cargo xtask dist\n  cargo xtask dist --for linux windows --twice"
    )]
    Dist {
        /// Makes the folders of these platforms.
        #[arg(long = "for", value_name = "PLATFORM", num_args = 1.., value_delimiter = ',', default_value = "linux")]
        platforms: Vec<Platform>,
        /// Builds each library twice, from two folders, and compares the bytes.
        #[arg(long)]
        twice: bool,
    },
    /// Looks for inputs that break a property, with libFuzzer and AddressSanitizer.
    ///
    /// It installs cargo-fuzz where there is none, and builds the core once more, which takes minutes at first.
    #[command(
        after_help = "Examples:\n  cargo xtask fuzz --seconds 60\n  cargo xtask fuzz configuration boundary"
    )]
    Fuzz {
        /// How long each target is run.
        #[arg(long, default_value_t = 600)]
        seconds: u64,
        /// The targets; all where none is named.
        targets: Vec<String>,
    },
    /// Plays the core against the simulated ConnectWise in virtual time, with everything going wrong that can.
    ///
    /// It is built as it is shipped, which takes minutes at first. A run fails where a rule is broken: the episode is shrunk,
    /// and printed with the command that plays it alone.
    #[command(after_help = SIMULATE_HELP)]
    Simulate {
        /// What is to be played; see `cargo xtask simulate -- --help`.
        #[arg(
            trailing_var_arg = true,
            allow_hyphen_values = true,
            value_name = "OPTIONS"
        )]
        options: Vec<OsString>,
    },
    /// Runs the C programs under valgrind and under ThreadSanitizer, which takes minutes.
    ///
    /// On Debian it installs valgrind, and for ThreadSanitizer the distribution's Rust with the source of its standard
    /// library, which is built for it once.
    Sanitize,
    /// Builds the npm package: WASM module, JavaScript, TypeScript types.
    #[command(after_help = "Example:\n  cargo xtask wasm && npm install ./target/npm/casewire")]
    Wasm,
}

const TEST_HELP: &str = "Examples:
  cargo xtask test                       # everything
  cargo xtask test --only format lint    # before a commit
  cargo xtask test --only c              # one face
  cargo xtask test --without wasm node browser dashboard   # on a machine without Node";

const SIMULATE_HELP: &str = "Examples:
  cargo xtask simulate --seed 1 --steps 1000000   # a million steps, on all cores
  cargo xtask simulate --seed 4711 --steps 1      # one episode again
  cargo xtask simulate --mutant blind-retry       # a planted bug, which must be found
  cargo xtask simulate -- --help                  # all options";

fn main() -> ExitCode {
    run(Xtask::parse()).unwrap_or_else(|error| {
        println!("error: {error:#}");
        ExitCode::FAILURE
    })
}

fn run(command: Xtask) -> Result<ExitCode> {
    let project = Project::find()?;
    match command {
        Xtask::Test { only, without } => return suite::run(&project, &only, &without),
        Xtask::Header { check: true } => parts::header::check(&project)?,
        Xtask::Header { check: false } => parts::header::write(&project)?,
        Xtask::Abi => parts::c::write_abi(&project)?,
        Xtask::Schema => parts::schema::write(&project)?,
        Xtask::Boundary { debug } => parts::boundary::measure(&project, debug)?,
        Xtask::Bench { only } => return parts::bench::run(&project, &only),
        Xtask::KillService { times } => parts::postgres::kill_service(&project, times)?,
        Xtask::Dist { platforms, twice } => parts::dist::make(&project, &platforms, twice)?,
        Xtask::Fuzz { seconds, targets } => {
            parts::fuzz::run_all(&project, &targets, Duration::from_secs(seconds))?;
        }
        Xtask::Simulate { options } => parts::rust::simulate(&project, &options)?,
        Xtask::Sanitize => parts::sanitize::run_all(&project)?,
        Xtask::Wasm => {
            let package = parts::wasm::package(&project)?;
            println!("{}: {}", package.folder.display(), package.size);
        }
    }
    Ok(ExitCode::SUCCESS)
}
