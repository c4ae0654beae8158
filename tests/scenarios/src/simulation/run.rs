//! Many episodes, and what is said of those that fail.

use super::{Beginning, Counts, Episode, Mutant};
use std::{
    collections::BTreeMap,
    fmt::Write,
    num::NonZero,
    sync::{
        Mutex,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

/// What is to be played.
#[derive(Clone, Copy, Debug)]
pub struct Wanted {
    /// The seed of the first episode; the others have those that follow.
    pub seed: u64,
    /// After how many steps it is enough; the episodes under way are played to their end.
    pub steps: u64,
    /// Threads to play on, each its own episodes.
    pub jobs: NonZero<usize>,
    /// Failed episodes after which it is enough.
    pub failures: usize,
    /// The bug that is planted.
    pub mutant: Option<Mutant>,
}

/// What came of it.
#[derive(Debug)]
pub struct Run {
    /// What the episodes amounted to that did not fail.
    pub counts: Counts,
    /// What was wrong, by seed.
    pub failed: BTreeMap<u64, Vec<String>>,
    /// How long it took.
    pub took: Duration,
}

impl Wanted {
    /// Plays it.
    #[must_use]
    pub fn play(&self) -> Run {
        let next = AtomicU64::new(self.seed);
        let (done, stopped) = (AtomicU64::new(0), AtomicBool::new(false));
        let all = Mutex::new(Counts::default());
        let failed = Mutex::new(BTreeMap::new());
        let start = Instant::now();
        thread::scope(|scope| {
            for _ in 0..self.jobs.get() {
                scope.spawn(|| {
                    let beginning = Beginning::new();
                    while done.load(Ordering::Relaxed) < self.steps
                        && !stopped.load(Ordering::Relaxed)
                    {
                        let seed = next.fetch_add(1, Ordering::Relaxed);
                        match Episode::of(seed, self.mutant).play(&beginning, false) {
                            Ok(counts) => {
                                done.fetch_add(counts.steps(), Ordering::Relaxed);
                                *all.lock().unwrap() += counts;
                            }
                            Err(failure) => {
                                let mut failed = failed.lock().unwrap();
                                failed.insert(seed, failure.wrong);
                                stopped.store(failed.len() >= self.failures, Ordering::Relaxed);
                            }
                        }
                    }
                });
            }
        });
        Run {
            counts: all.into_inner().unwrap(),
            failed: failed.into_inner().unwrap(),
            took: start.elapsed(),
        }
    }
}

/// Plays an episode, shrinks it where it fails, and says then what happened and how to see it again.
#[must_use]
pub fn report(episode: &Episode) -> Option<String> {
    let beginning = Beginning::new();
    let failure = episode.play(&beginning, false).err()?;
    let small = episode.shrunk(&beginning);
    let again = small.play(&beginning, true).err().unwrap_or(failure);
    let mut report = String::new();
    for line in &again.trace {
        let _ = writeln!(report, "{line}");
    }
    let (seed, all) = (episode.seed, episode.acts.len());
    let _ = writeln!(report, "\nof {all} acts these are enough:\n{small}");
    let _ = writeln!(report, "{}\n", again.wrong.join("\n"));
    let mutant = episode.setting.mutant;
    let mutant = mutant.map_or(String::new(), |it| format!(" --mutant {}", it.name()));
    let numbers: Vec<String> = small.acts.iter().map(|it| it.0.to_string()).collect();
    let _ = writeln!(
        report,
        "replay it with: cargo xtask simulate --seed {seed} --steps 1{mutant}\n\
         and no more of it than is enough: cargo xtask simulate --seed {seed}{mutant} --only {}",
        numbers.join(",")
    );
    Some(report)
}
