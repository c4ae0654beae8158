//! The parts of `cargo xtask test`.

use anyhow::Result;
use clap::ValueEnum;

use crate::parts;
use crate::project::Project;

/// One part, in the order in which they run: cheap ones first.
#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
pub(crate) enum Part {
    /// The formatting of the Rust code.
    Format,
    /// Clippy, where a warning is an error.
    Lint,
    /// Licences, bans and sources of all dependencies, and the purity of the core.
    Licences,
    /// The Rust tests: core, simulator, scenarios, host.
    Rust,
    /// The PostgreSQL store against a server, and nodes on one database that are killed and stopped.
    Postgres,
    /// The API documentation and its examples.
    Docs,
    /// The C header: up to date, and valid C99 and C++17.
    Header,
    /// The JSON Schemas: up to date.
    Schema,
    /// The C programs against the simulator, with the shared and the static library.
    C,
    /// The Java library against the simulator.
    Java,
    /// The .NET library under mono against the simulator.
    Dotnet,
    /// The Python package against the simulator.
    Python,
    /// The Go module, also under the race detector, against the simulator.
    Go,
    /// The WASM module and the npm package.
    Wasm,
    /// The npm package in Node against the simulator.
    Node,
    /// The npm package in Chromium, built with Vite and without a bundler.
    Browser,
    /// The dashboard, walked through in Chromium.
    Dashboard,
    /// The requests against the OpenAPI description of ConnectWise PSA.
    Contract,
    /// The README's demo command.
    Demo,
}

/// How a part that did not fail ended.
#[derive(Debug)]
pub(crate) enum Verdict {
    /// All of it passed.
    Passed,
    /// It passed, and there is something to say.
    PassedWith(String),
    /// There was nothing to test, for this reason.
    Skipped(String),
}

impl Part {
    /// The name on the command line and in the table.
    pub(crate) fn name(self) -> String {
        self.to_possible_value()
            .map_or_else(String::new, |value| value.get_name().to_owned())
    }

    /// What the part tests.
    pub(crate) fn about(self) -> String {
        self.to_possible_value()
            .and_then(|value| value.get_help().map(ToString::to_string))
            .unwrap_or_default()
    }

    /// Runs the part.
    pub(crate) fn run(self, project: &Project) -> Result<Verdict> {
        match self {
            Self::Format => parts::rust::format(project),
            Self::Lint => parts::rust::lint(project),
            Self::Licences => parts::licences::test(project),
            Self::Rust => parts::rust::test(project),
            Self::Postgres => parts::postgres::test(project),
            Self::Docs => parts::rust::docs(project),
            Self::Header => parts::header::test(project),
            Self::Schema => parts::schema::test(project),
            Self::C => parts::c::test(project),
            Self::Java => parts::java::test(project),
            Self::Dotnet => parts::dotnet::test(project),
            Self::Python => parts::python::test(project),
            Self::Go => parts::go::test(project),
            Self::Wasm => parts::wasm::test(project),
            Self::Node => parts::node::test(project),
            Self::Browser => parts::browser::test(project),
            Self::Dashboard => parts::dashboard::test(project),
            Self::Contract => parts::contract::test(project),
            Self::Demo => parts::demo::test(project),
        }
    }
}
