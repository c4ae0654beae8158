//! A case of 2.5 kB to the body of its ticket, JSON text in and JSON text out, beside typed Rust that is written by hand and
//! does only this: 40 routes of which the first that matches is used, 500 groups, a template with a loop and a condition.
//!
//! `cargo bench -p casewire --bench translation` times both; `cargo xtask bench --only translation` counts their instructions
//! too, and has the same done in JavaScript, Java and Python.

#![allow(
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a bench may fail"
)]

use casewire::{Case, Translator};
use std::{hint::black_box, path::Path, time::Duration};

#[path = "translation/peer.rs"]
mod peer;
#[path = "mapping/processor.rs"]
mod processor;
#[path = "translation/tables.rs"]
mod tables;
#[allow(dead_code, reason = "the other bench asks more of it")]
#[path = "replay/workload.rs"]
mod workload;

use peer::Peer;
use workload::Workload;

/// Different cases, which take every route and most groups.
const CASES: usize = 400;
/// Times that all of them are gone through.
const ROUNDS: usize = 50;

/// One way from the text of a case to that of its ticket.
type Way<'a> = Box<dyn Fn(&[u8]) -> Vec<u8> + 'a>;

fn main() {
    let workload = Workload::new(16, 11);
    let lines: Vec<String> = (0..CASES).map(|index| workload.line(index)).collect();
    let tables = tables::of(&workload);
    let translator = Translator::new(&workload.settings, &workload.catalog, &workload.directory);
    let peer = Peer::new(&tables);
    let casewire: Way<'_> = Box::new(|text| translator.translate_json(text).unwrap().body());
    let reading: Way<'_> = Box::new(|text| {
        black_box(Case::from_json(text).unwrap());
        Vec::new()
    });
    let typed: Way<'_> = Box::new(|text| peer.translate(text).unwrap());
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments
        .iter()
        .map(String::as_str)
        .collect::<Vec<_>>()
        .as_slice()
    {
        ["count", way, times, ..] => {
            let way = match *way {
                "casewire" => casewire,
                "reading" => reading,
                _ => typed,
            };
            for line in lines.iter().cycle().take(times.parse().unwrap()) {
                black_box(way(line.as_bytes()));
            }
        }
        ["write", folder, ..] => write(Path::new(folder), &lines, &tables, &casewire),
        _ => compare(&lines, &[("casewire", casewire), ("typed Rust", typed)]),
    }
}

/// Writes the cases, what a program that is written by hand knows, and the tickets that it has to make.
fn write(folder: &Path, lines: &[String], tables: &serde_json::Value, way: &Way<'_>) {
    let tickets: Vec<String> = lines
        .iter()
        .map(|line| String::from_utf8(way(line.as_bytes())).unwrap())
        .collect();
    std::fs::write(folder.join("cases.jsonl"), lines.join("\n")).unwrap();
    std::fs::write(folder.join("tickets.jsonl"), tickets.join("\n")).unwrap();
    std::fs::write(folder.join("tables.json"), tables.to_string()).unwrap();
}

/// Times the ways in turns, so that a busy machine burdens them alike; they must make the same.
fn compare(lines: &[String], ways: &[(&str, Way<'_>)]) {
    for line in lines {
        let mut tickets = ways.iter().map(|(_, way)| way(line.as_bytes()));
        let first = tickets.next().unwrap();
        assert!(tickets.all(|ticket| ticket == first), "{line}");
    }
    let sample = lines.first().unwrap();
    let ticket = ways.first().map(|(_, way)| way(sample.as_bytes())).unwrap();
    println!(
        "a case of {} bytes becomes a ticket of {} bytes",
        sample.len(),
        ticket.len()
    );
    let mut spent = vec![Vec::new(); ways.len()];
    for _ in 0..ROUNDS {
        for ((_, way), spent) in ways.iter().zip(&mut spent) {
            let start = processor::time();
            for line in lines {
                black_box(way(line.as_bytes()));
            }
            spent.push(processor::time().saturating_sub(start));
        }
    }
    for ((name, _), mut spent) in ways.iter().zip(spent) {
        spent.sort_unstable();
        let middle: Duration = spent.get(ROUNDS / 2).copied().unwrap_or_default();
        println!("{} ns: {name}", middle.as_nanos() / CASES as u128);
    }
}
