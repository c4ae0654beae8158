//! The benches, as data.

use anyhow::Result;

use super::{
    Row,
    cargo::{self, Figure},
    peers, translation,
};
use crate::parts::boundary;
use crate::project::Project;

/// A bench: what `cargo xtask bench --only NAME` runs.
pub(crate) struct Bench {
    pub(super) name: &'static str,
    /// What it measures.
    pub(super) about: &'static str,
    /// What its figures do not say.
    pub(super) limits: &'static str,
    measure: Measure,
}

enum Measure {
    /// More than one program, or what cargo does not run.
    Own(fn(&Project) -> Result<Vec<Row>>),
    /// A bench of a package, and where its figures stand in what it prints.
    Cargo {
        package: &'static str,
        bench: &'static str,
        figures: &'static [Figure],
    },
}

impl Bench {
    pub(super) fn run(&self, project: &Project) -> Result<Vec<Row>> {
        match self.measure {
            Measure::Own(measure) => measure(project),
            Measure::Cargo {
                package,
                bench,
                figures,
            } => cargo::figures(&cargo::run(project, package, bench)?, figures),
        }
    }
}

/// All of them, in the order of the page.
pub(super) const BENCHES: &[Bench] = &[
    Bench {
        name: "translation",
        about: "a case of 2.5 kB to the body of its ticket, JSON text in and JSON text out: 40 routes of which the first that \
                matches is used, 500 groups, a template with a loop and a condition",
        limits: "The other programs are written by hand for this configuration and make the same bytes, which is checked for every \
                 case. They check neither lengths nor control characters, do not keep markup out of notes, and give no reasons: \
                 casewire does. Instructions are counted by callgrind, which knows neither caches nor AVX-512; times are those of a \
                 warm program, the middle of many rounds.",
        measure: Measure::Own(translation::measure),
    },
    Bench {
        name: "callback",
        about: "a callback of a saved ticket, from the received bytes to the ticket that is to be read again",
        limits: "The signing key is at hand. Whether the ticket has a case and the callback is new, the store is asked, which is not \
                 measured.",
        measure: Measure::Own(peers::callback),
    },
    Bench {
        name: "inventory",
        about: "automatic mapping of 1,000,000 systems, with two MACs each, to 1,000,000 configurations of 5,000 companies, from \
                files of JSON lines",
        limits: "casewire says of every system why it was mapped or not; DuckDB and Polars only find those that are. They have two \
                 threads, casewire one.",
        measure: Measure::Own(peers::inventory),
    },
    Bench {
        name: "mapping",
        about: "the same with all records in memory, beside one hash join of the same keys",
        limits: "The hash join finds no refusal.",
        measure: Measure::Cargo {
            package: "casewire",
            bench: "mapping",
            figures: &[
                Figure::plain(
                    "a system of 1,000,000, in plain tables",
                    &["in memory", "1000000 systems:"],
                    "ns",
                ),
                Figure::plain(
                    "the same, over one hash join by company and MAC",
                    &["in memory", "1000000 systems:", "a system;"],
                    "x",
                ),
                Figure::plain(
                    "a system of 1,000,000, in records",
                    &["on records", "1000000 systems:"],
                    "ns",
                ),
                Figure::plain(
                    "cost of a system of 1,000,000 over one of 10,000, in records",
                    &["on records", "10000:"],
                    "x",
                ),
                Figure::at_most(
                    "peak memory beyond the records",
                    &["on records", "peak memory beyond the input at 1000000:"],
                    "MiB",
                    275.0,
                ),
            ],
        },
    },
    Bench {
        name: "replay",
        about: "a history of 1,000,000 cases of 2 kB, judged one after the other",
        limits: "",
        measure: Measure::Cargo {
            package: "casewire",
            bench: "replay",
            figures: &[
                Figure::plain(
                    "reading and translating a case",
                    &["reading and translating "],
                    "us",
                ),
                Figure::plain("replaying it, over that", &["replaying ", "us:"], "x"),
                Figure::plain("peak memory", &["peak memory", "over 1000000"], ""),
            ],
        },
    },
    Bench {
        name: "boundary",
        about: "what the C ABI costs each face: 2.5 kB in, 1.5 kB out, over a bare UTF-8 check and copy of as many bytes",
        limits: "Nothing is done with the text.",
        measure: Measure::Own(|project| {
            let rows = boundary::rows(project, false)?
                .into_iter()
                .map(|face| Row::at_most(face.name, face.times, "x", face.bar));
            Ok(rows.collect())
        }),
    },
    Bench {
        name: "throughput",
        about: "a backlog of 1,000 cases against a simulated instance that takes 20 ms for each answer, 8 requests at once",
        limits: "The instance is on the same machine.",
        measure: Measure::Cargo {
            package: "casewire-host",
            bench: "throughput",
            figures: &[Figure::plain(
                "time, over requests times latency over 8",
                &["latency / 8 =", "s:"],
                "x",
            )],
        },
    },
    Bench {
        name: "import",
        about: "5,000 companies and 20,000 configurations from a simulated instance that takes 20 ms for each answer",
        limits: "The instance is on the same machine.",
        measure: Measure::Cargo {
            package: "casewire-host",
            bench: "import",
            figures: &[
                Figure::at_most(
                    "into memory, over a bare loop that reads the same pages",
                    &["imported into memory:"],
                    "x",
                    1.3,
                ),
                Figure::at_most(
                    "into SQLite, over that loop",
                    &["imported into SQLite:"],
                    "x",
                    1.3,
                ),
            ],
        },
    },
];
