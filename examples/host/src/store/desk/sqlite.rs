//! A desk over a SQLite file: one thread, and one transaction for all that waits.

use super::{Desk, GROUP, Job, State, Task, lock};
use crate::store::{
    SqliteStore,
    sqlite::{perform_within, readable},
};
use casewire::effect::StoreAnswer;
use std::{
    path::Path,
    sync::{
        Arc,
        mpsc::{self, Receiver, SyncSender},
    },
    thread,
};

pub(super) fn open(path: &Path, tables: &str) -> Result<Desk, String> {
    let mut store = SqliteStore::open(path)?;
    store
        .add_tables(tables)
        .map_err(|error| format!("the store {}: {error}", path.display()))?;
    let (jobs, queue) = mpsc::channel();
    let state = Arc::<State>::default();
    let shared = Arc::clone(&state);
    let thread = thread::Builder::new()
        .name("casewire-store".to_owned())
        .spawn(move || work(&mut store, &queue, &shared))
        .map_err(|error| error.to_string())?;
    lock(&state.threads).push(thread);
    Ok(Desk {
        records: jobs.clone(),
        tasks: jobs,
        state,
        shared: false,
    })
}

fn work(store: &mut SqliteStore, queue: &Receiver<Job>, state: &State) {
    while let Ok(first) = queue.recv() {
        let others = std::iter::from_fn(|| queue.try_recv().ok()).take(GROUP - 1);
        let mut closing = false;
        let mut jobs = Vec::new();
        for job in std::iter::once(first).chain(others) {
            match job {
                Job::Close => closing = true,
                job => jobs.push(job),
            }
        }
        let (told, result) = perform(store, jobs);
        state.note(&result);
        for told in told {
            told.tell(result.clone());
        }
        if closing {
            return;
        }
    }
}

/// A job that was performed and is told of once the transaction is on the disk.
enum Told {
    Records(
        Vec<Result<StoreAnswer, String>>,
        SyncSender<Vec<Result<StoreAnswer, String>>>,
    ),
    Task(Box<dyn Task>),
    /// A task whose savepoint failed.
    Failed(Box<dyn Task>, String),
}

impl Told {
    fn tell(self, committed: Result<(), String>) {
        match self {
            Self::Records(performed, answers) => {
                let _ = answers.send(match committed {
                    Ok(()) => performed,
                    Err(error) => performed.iter().map(|_| Err(error.clone())).collect(),
                });
            }
            Self::Task(task) => task.tell(committed),
            Self::Failed(task, error) => task.tell(Err(error)),
        }
    }
}

/// Performs jobs in one transaction.
fn perform(store: &mut SqliteStore, jobs: Vec<Job>) -> (Vec<Told>, Result<(), String>) {
    let mut told = Vec::with_capacity(jobs.len());
    let mut group = match store.begin() {
        Ok(group) => group,
        Err(error) => {
            let error = readable(error);
            for job in jobs {
                match job {
                    Job::Records(requests, answers) => {
                        let failed = requests.iter().map(|_| Err(error.clone())).collect();
                        let _ = answers.send(failed);
                    }
                    Job::Task(task) => task.tell(Err(error.clone())),
                    Job::Close => {}
                }
            }
            return (told, Err(error));
        }
    };
    for job in jobs {
        match job {
            Job::Records(requests, answers) => {
                let performed = perform_within(&mut group, &requests);
                told.push(Told::Records(performed, answers));
            }
            Job::Task(mut task) => {
                let ended =
                    group
                        .savepoint()
                        .and_then(|savepoint| match task.perform(&mut &*savepoint) {
                            Ok(()) => savepoint.commit(),
                            Err(_) => savepoint.finish(),
                        });
                told.push(match ended {
                    Ok(()) => Told::Task(task),
                    Err(error) => Told::Failed(task, readable(error)),
                });
            }
            Job::Close => {}
        }
    }
    (told, group.commit().map_err(readable))
}
