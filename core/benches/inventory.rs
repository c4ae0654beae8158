//! Automatic mapping from files of JSON lines: 1,000,000 systems, with two MACs each, to 1,000,000 configurations of 5,000
//! companies, beside only parsing the files.
//!
//! `cargo bench -p casewire --bench inventory`; `cargo xtask bench --only inventory` has DuckDB and Polars do the same.

#![allow(
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a bench may fail"
)]

use casewire::{
    CompanyId, ConfigurationId, ExistingMappings, Group, ImportedConfiguration, Inventory,
    InventoryGroup, System, SystemOutcome, auto_map_systems,
};
use serde::Deserialize;
use serde_json::json;
use std::{
    collections::BTreeMap,
    fs::File,
    hint::black_box,
    io::{BufRead, BufReader, BufWriter, Write},
    path::Path,
    time::{Duration, Instant},
};

#[path = "mapping/allocator.rs"]
mod allocator;
#[path = "mapping/processor.rs"]
mod processor;
#[allow(dead_code, reason = "the other bench asks more of it")]
#[path = "mapping/tables.rs"]
mod tables;

use tables::{COMPANIES, pairs};

#[global_allocator]
static ALLOCATOR: allocator::Counting = allocator::Counting;

const SYSTEMS: usize = 1_000_000;
const ROUNDS: usize = 5;

/// A line of the host's file.
#[derive(Deserialize)]
struct SystemLine {
    group: String,
    id: String,
    macs: Vec<String>,
}

/// What the files hold.
#[derive(Default)]
struct Parsed {
    inventory: Inventory,
    companies: BTreeMap<String, CompanyId>,
    configurations: Vec<ImportedConfiguration>,
}

fn main() {
    let given = std::env::args()
        .skip(1)
        .find(|argument| !argument.starts_with("--"));
    let kept = given.as_ref().map(Path::new);
    let made = Path::new(env!("CARGO_TARGET_TMPDIR")).join("inventory");
    let folder = kept.unwrap_or(&made);
    std::fs::create_dir_all(folder).unwrap();
    write(folder);
    measure(folder);
    if kept.is_none() {
        std::fs::remove_dir_all(folder).unwrap();
    }
}

fn measure(folder: &Path) {
    let (mut parsing, mut all, mut passed) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let start = processor::time();
        drop(black_box(parsed(folder)));
        parsing.push(processor::time().saturating_sub(start));
        let (start, begin) = (processor::time(), Instant::now());
        black_box(mapped(&parsed(folder)));
        all.push(processor::time().saturating_sub(start));
        passed.push(begin.elapsed());
    }
    let files = parsed(folder);
    let ((count, sum), peak) = allocator::peak_of(|| mapped(&files));
    let (parsing, all, passed) = (middle(parsing), middle(all), middle(passed));
    println!("{count} of {SYSTEMS} systems mapped, their configurations' ids add up to {sum}");
    println!(
        "{:.3} s of the processor to parse the files, {:.3} s to parse and map: {:.3} x",
        parsing.as_secs_f64(),
        all.as_secs_f64(),
        all.as_secs_f64() / parsing.as_secs_f64()
    );
    println!(
        "{:.3} s passed from files to mappings",
        passed.as_secs_f64()
    );
    println!(
        "{:.1} MiB at the peak, beyond what the caller holds",
        peak as f64 / f64::from(1 << 20)
    );
}

/// How many systems are mapped, and the sum of what they are mapped to.
fn mapped(files: &Parsed) -> (u64, u64) {
    let existing = ExistingMappings::<ConfigurationId>::default();
    let (inventory, companies) = (&files.inventory, &files.companies);
    let matches = auto_map_systems(inventory, companies, &files.configurations, &existing);
    let ids = matches.iter().filter_map(|found| match found.outcome {
        SystemOutcome::Mapped { configuration, .. } => Some(u64::from(configuration.0)),
        SystemOutcome::Refused { .. } => None,
    });
    ids.fold((0, 0), |(count, sum), id| (count + 1, sum + id))
}

fn parsed(folder: &Path) -> Parsed {
    let mut parsed = Parsed {
        companies: serde_json::from_reader(open(folder, "companies.json")).unwrap(),
        ..Parsed::default()
    };
    let groups = &mut parsed.inventory.groups;
    lines(folder, "systems.jsonl", |line: SystemLine| {
        let system = System {
            id: line.id,
            name: None,
            os: None,
            macs: line.macs,
            ips: Vec::new(),
            serial_number: None,
        };
        match groups.last_mut() {
            Some(last) if last.group.id == line.group => last.systems.push(system),
            _ => groups.push(InventoryGroup {
                group: Group {
                    id: line.group,
                    name: None,
                    email: None,
                },
                systems: vec![system],
            }),
        }
    });
    let configurations = &mut parsed.configurations;
    lines(folder, "configurations.jsonl", |line| {
        configurations.push(line)
    });
    parsed
}

fn lines<T: for<'de> Deserialize<'de>>(folder: &Path, name: &str, mut each: impl FnMut(T)) {
    let mut reader = open(folder, name);
    let mut line = Vec::new();
    while reader.read_until(b'\n', &mut line).unwrap() > 0 {
        each(serde_json::from_slice(&line).unwrap());
        line.clear();
    }
}

fn open(folder: &Path, name: &str) -> BufReader<File> {
    BufReader::with_capacity(1 << 16, File::open(folder.join(name)).unwrap())
}

fn write(folder: &Path) {
    let file = |name: &str| BufWriter::new(File::create(folder.join(name)).unwrap());
    let (mut systems, mut configurations) = (file("systems.jsonl"), file("configurations.jsonl"));
    let mut companies = BTreeMap::new();
    let each = SYSTEMS / COMPANIES;
    for company in 0..COMPANIES {
        let group = format!("group-{company:04}");
        for (pair, texts) in pairs(company, each).into_iter().enumerate() {
            let number = company * each + pair;
            let system =
                json!({"group": group, "id": format!("agent-{number:07}"), "macs": texts.system});
            writeln!(systems, "{system}").unwrap();
            let configuration = json!({
                "id": number, "company": company, "name": format!("device-{number}"),
                "type": "Managed Workstation", "mac_address": texts.configuration,
            });
            writeln!(configurations, "{configuration}").unwrap();
        }
        companies.insert(group, company);
    }
    std::fs::write(
        folder.join("companies.json"),
        serde_json::to_vec(&companies).unwrap(),
    )
    .unwrap();
    systems.flush().unwrap();
    configurations.flush().unwrap();
}

fn middle(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}
