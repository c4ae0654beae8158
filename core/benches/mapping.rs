//! Automatic mapping of N systems, with two MACs each, to N configurations of 5,000 companies: what it costs beside one large
//! hash join of the same keys, how the cost of a system grows with N, and how much memory it takes beyond its input.
//!
//! `cargo bench -p casewire --bench mapping`, or `... -- join` for the first of it.

#![allow(
    clippy::disallowed_types,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a bench measures against a plain hash map, and may fail"
)]

use casewire::{Joined, Mac, MacJoin};
use criterion::{Criterion, SamplingMode};
use rustc_hash::{FxBuildHasher, FxHashMap};
use std::{cell::RefCell, hint::black_box, time::Duration};

#[path = "mapping/allocator.rs"]
mod allocator;
#[path = "mapping/processor.rs"]
mod processor;
#[path = "mapping/records.rs"]
mod records;
#[path = "mapping/tables.rs"]
mod tables;

use tables::Tables;

#[global_allocator]
static ALLOCATOR: allocator::Counting = allocator::Counting;

const SMALL: usize = 10_000;
const LARGE: usize = 1_000_000;

/// Company by company, with every refusal.
fn ours(tables: &Tables) -> Vec<Joined> {
    let mut join = MacJoin::default();
    let mut joined = Vec::with_capacity(tables.systems.len());
    for company in &tables.companies {
        join.company(
            tables.configurations[company.configurations.clone()]
                .iter()
                .copied(),
            tables.systems[company.systems.clone()]
                .iter()
                .map(|macs| macs.iter().copied()),
            &mut joined,
        );
    }
    joined
}

/// One large hash map of all configurations, and the first hit of each system: no refusal is found.
fn plain(tables: &Tables) -> Vec<Option<u32>> {
    let mut map: FxHashMap<(u32, Mac), u32> =
        FxHashMap::with_capacity_and_hasher(tables.configurations.len(), FxBuildHasher);
    for (number, company) in (0..).zip(&tables.companies) {
        for (configuration, text) in
            (0..).zip(&tables.configurations[company.configurations.clone()])
        {
            if let Ok(mac) = Mac::parse(text) {
                map.insert((number, mac), configuration);
            }
        }
    }
    let mut joined = Vec::with_capacity(tables.systems.len());
    for (number, company) in (0..).zip(&tables.companies) {
        for macs in &tables.systems[company.systems.clone()] {
            joined.push(
                macs.iter()
                    .filter_map(|text| Mac::parse(text).ok())
                    .find_map(|mac| map.get(&(number, mac)).copied()),
            );
        }
    }
    joined
}

/// The same with the MAC alone as the key, which takes systems to configurations of other companies.
fn plainest(tables: &Tables) -> Vec<Option<u32>> {
    let mut map: FxHashMap<Mac, u32> =
        FxHashMap::with_capacity_and_hasher(tables.configurations.len(), FxBuildHasher);
    for (configuration, text) in (0..).zip(&tables.configurations) {
        if let Ok(mac) = Mac::parse(text) {
            map.insert(mac, configuration);
        }
    }
    tables
        .systems
        .iter()
        .map(|macs| {
            macs.iter()
                .filter_map(|text| Mac::parse(text).ok())
                .find_map(|mac| map.get(&mac).copied())
        })
        .collect()
}

/// Reading the texts, which all of them do.
fn reading(tables: &Tables) -> u64 {
    let texts = tables
        .configurations
        .iter()
        .chain(tables.systems.iter().flatten());
    texts
        .filter_map(|text| Mac::parse(text).ok())
        .fold(0, |sum, mac| sum ^ mac.bits())
}

/// Times of one way, in seconds a run.
#[derive(Default)]
struct Times(RefCell<Vec<f64>>);

impl Times {
    fn median(&self) -> f64 {
        let mut times = self.0.borrow().clone();
        times.sort_by(f64::total_cmp);
        // Nothing where a filter left it out.
        times.get(times.len() / 2).copied().unwrap_or(f64::NAN)
    }
}

/// Measures several ways side by side: each sample of one is a run of all of them, so that a busy machine burdens them alike.
/// What is measured is the time that the processor spent on it: other work on the machine would take slices out of the long runs
/// alone.
fn side_by_side(criterion: &mut Criterion, name: &str, ways: &[(&str, &dyn Fn())]) -> Vec<f64> {
    let times: Vec<Times> = ways.iter().map(|_| Times::default()).collect();
    let mut group = criterion.benchmark_group(name);
    group.sampling_mode(SamplingMode::Flat).sample_size(10);
    for (measured, (way, _)) in ways.iter().enumerate() {
        group.bench_function(*way, |bencher| {
            bencher.iter_custom(|runs| {
                let mut spent = Duration::ZERO;
                for _ in 0..runs {
                    for (at, (_, run)) in ways.iter().enumerate() {
                        let start = processor::time();
                        run();
                        let time = processor::time().saturating_sub(start);
                        times[at].0.borrow_mut().push(time.as_secs_f64());
                        if at == measured {
                            spent += time;
                        }
                    }
                }
                spent
            });
        });
    }
    group.finish();
    times.iter().map(Times::median).collect()
}

fn joins(criterion: &mut Criterion, systems: usize) -> Vec<f64> {
    let tables = Tables::of(systems);
    side_by_side(
        criterion,
        &format!("join of {systems} systems"),
        &[
            ("company by company", &|| drop(black_box(ours(&tables)))),
            ("one hash map", &|| drop(black_box(plain(&tables)))),
            ("one hash map of MACs alone", &|| {
                drop(black_box(plainest(&tables)))
            }),
            ("reading alone", &|| {
                black_box(reading(&tables));
            }),
        ],
    )
}

fn main() {
    let mut criterion = Criterion::default()
        .warm_up_time(Duration::from_millis(300))
        .measurement_time(Duration::from_secs(3))
        .configure_from_args();
    let small = joins(&mut criterion, SMALL);
    let large = joins(&mut criterion, LARGE);
    let records = records::measure(&mut criterion);
    criterion.final_summary();

    let tables = Tables::of(LARGE);
    let (found, peak) = allocator::peak_of(|| ours(&tables));
    let mapped = found
        .iter()
        .filter(|found| matches!(found, Joined::One(_)))
        .count();
    let each = |seconds: f64, systems: usize| seconds / systems as f64 * 1e9;
    println!("\njoin of tables in memory, {mapped} of {LARGE} systems mapped:");
    for (systems, times) in [(SMALL, &small), (LARGE, &large)] {
        println!(
            "  {systems:>9} systems: {:6.1} ns a system; {:.3} x one hash map by company and MAC, {:.3} x one by MAC alone; \
             reading the texts takes {:.1} ns",
            each(times[0], systems),
            times[0] / times[1],
            times[0] / times[2],
            each(times[3], systems),
        );
    }
    println!(
        "  cost of a system at {LARGE} over {SMALL}: {:.2} x (one hash map: {:.2} x)",
        each(large[0], LARGE) / each(small[0], SMALL),
        each(large[1], LARGE) / each(small[1], SMALL),
    );
    println!(
        "  peak memory beyond the input at {LARGE}: {:.1} MiB",
        peak as f64 / f64::from(1 << 20)
    );
    records.print();
}
