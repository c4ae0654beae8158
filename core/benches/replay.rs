//! What it costs to replay a history of cases, beside reading and translating each of them once, and how much memory it takes.
//!
//! `cargo bench -p casewire --bench replay`: 1,000,000 cases of 2 kB against 40 routes, 500 groups and templates with a loop and
//! a condition. `... -- 100000` replays so many.

#![allow(
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a bench may fail"
)]

use casewire::{Case, Replay, Translator};
use std::{hint::black_box, sync::Arc, time::Duration};

#[path = "mapping/allocator.rs"]
mod allocator;
#[path = "mapping/processor.rs"]
mod processor;
#[path = "replay/workload.rs"]
mod workload;

use workload::Workload;

#[global_allocator]
static ALLOCATOR: allocator::Counting = allocator::Counting;

/// Cases that one way takes before the other has its turn, so that a busy machine burdens both alike.
const BATCH: usize = 5_000;

/// The time that the processor spent on each way.
#[derive(Default)]
struct Spent {
    translating: Duration,
    replaying: Duration,
}

fn translator(workload: &Workload) -> Translator<'_> {
    Translator::new(&workload.settings, &workload.catalog, &workload.directory)
}

/// Replays so many cases, and translates the same ones.
fn history(workload: &Workload, cases: usize) -> (Spent, casewire::ReplayReport) {
    let mut spent = Spent::default();
    let translator = translator(workload);
    let mut replay = Replay::new(&workload.settings, &workload.catalog, &workload.directory);
    for first in (0..cases).step_by(BATCH) {
        let lines: Vec<String> = (first..cases.min(first + BATCH))
            .map(|index| workload.line(index))
            .collect();
        let start = processor::time();
        for line in &lines {
            let case = Arc::new(Case::from_json(line.as_bytes()).unwrap());
            black_box(translator.translate(&case).unwrap().body());
        }
        let between = processor::time();
        for line in &lines {
            let case = Arc::new(Case::from_json(line.as_bytes()).unwrap());
            black_box(replay.case(&case));
        }
        spent.translating += between.saturating_sub(start);
        spent.replaying += processor::time().saturating_sub(between);
    }
    (spent, replay.finish())
}

fn main() {
    let asked = std::env::args().find_map(|argument| argument.parse().ok());
    let cases = asked.unwrap_or(1_000_000);
    let workload = Workload::new(12, 8);
    let one = workload.line(0);
    let body = {
        let case = Arc::new(Case::from_json(one.as_bytes()).unwrap());
        translator(&workload).translate(&case).unwrap().body()
    };
    println!(
        "a case of {} bytes becomes a ticket of {} bytes",
        one.len(),
        body.len()
    );
    let (_, short) = allocator::peak_of(|| history(&workload, cases / 4));
    let ((spent, report), long) = allocator::peak_of(|| history(&workload, cases));
    let each = |time: Duration| time.as_secs_f64() / cases as f64 * 1e6;
    let mib = |bytes: usize| bytes as f64 / f64::from(1 << 20);
    let totals = report.totals;
    println!(
        "{} cases: {} tickets, {} joined, {} rolled up, {} held, {} refused",
        totals.cases, totals.tickets, totals.joined, totals.rolled_up, totals.held, totals.refused
    );
    println!(
        "  reading and translating {:.2} us a case, replaying {:.2} us: {:.3} x",
        each(spent.translating),
        each(spent.replaying),
        spent.replaying.as_secs_f64() / spent.translating.as_secs_f64()
    );
    println!(
        "  peak memory, of which {:.1} MiB are the lines at hand: {:.1} MiB over {} cases, {:.1} MiB over {cases}",
        mib(BATCH * one.len()),
        mib(short),
        cases / 4,
        mib(long),
    );
}
