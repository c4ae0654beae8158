//! What a commit costs, beside a file to which the same bytes are appended and written through to the disk.

use super::bars::{Bars, median};
use casewire::{
    effect::{Batch, StoreAnswer, StoreRequest},
    store::Store as _,
};
use casewire_host::store::{HostStore as _, SqliteStore};
use std::{
    fs::File,
    io::Write as _,
    time::{Duration, Instant},
};

const ROUNDS: usize = 9;
const COMMITS: usize = 200;
const GROUP: usize = 64;
const RECORDS: usize = 4;

pub(crate) fn measure(bars: &mut Bars) {
    let folder = tempfile::tempdir().unwrap();
    let mut store = SqliteStore::open(&folder.path().join("store.db")).unwrap();
    let mut file = File::create(folder.path().join("file")).unwrap();
    let (mut single, mut append, mut group) = (Vec::new(), Vec::new(), Vec::new());
    for round in 0..ROUNDS {
        let batches: Vec<StoreRequest> = (0..COMMITS).map(|n| batch(round * COMMITS + n)).collect();
        // In turns, so that both meet the disk as it is at that time.
        let (mut appending, mut committing) = (Duration::ZERO, Duration::ZERO);
        for batch in &batches {
            let begun = Instant::now();
            file.write_all(&bytes(batch)).unwrap();
            file.sync_data().unwrap();
            appending += begun.elapsed();
            let begun = Instant::now();
            assert!(matches!(
                store.perform(batch),
                Ok(StoreAnswer::Committed { .. })
            ));
            committing += begun.elapsed();
        }
        append.push(COMMITS as f64 / appending.as_secs_f64());
        single.push(COMMITS as f64 / committing.as_secs_f64());
        group.push(rate(COMMITS, || {
            for batches in batches.chunks(GROUP) {
                assert!(store.perform_all(batches).iter().all(Result::is_ok));
            }
        }));
    }
    let (single, append, group) = (median(single), median(append), median(group));
    println!(
        "  {append:.0}/s appended and synchronised, {single:.0}/s committed, {group:.0}/s committed {GROUP} at once"
    );
    bars.at_least(
        "a durable batch of four records, times append + fdatasync",
        single / append,
        0.7,
    );
    bars.at_least(
        "commits that share a write, times single ones",
        group / single,
        3.0,
    );
}

fn rate(count: usize, work: impl FnOnce()) -> f64 {
    let begun = Instant::now();
    work();
    count as f64 / begun.elapsed().max(Duration::from_micros(1)).as_secs_f64()
}

/// Four records of the size of those that a case has.
fn batch(number: usize) -> StoreRequest {
    let put = (0..RECORDS).map(|part| {
        (
            format!("acme/outbox/{number}/{part}"),
            format!("{{\"v\":1,\"text\":\"{}\"}}", "x".repeat(480)),
        )
    });
    StoreRequest::Commit(Batch {
        put: put.collect(),
        ..Batch::default()
    })
}

fn bytes(request: &StoreRequest) -> Vec<u8> {
    let StoreRequest::Commit(batch) = request else {
        return Vec::new();
    };
    batch
        .put
        .iter()
        .flat_map(|(key, value)| [key.as_bytes(), value.as_bytes()].concat())
        .collect()
}
