use super::{
    HostStore, SqliteStore,
    sqlite::{perform_within, readable},
};
use casewire::effect::{StoreAnswer, StoreRequest};
use rusqlite::Connection;
use std::{
    fmt,
    path::Path,
    sync::{
        Arc, Mutex, PoisonError,
        mpsc::{self, Receiver, Sender, SyncSender},
    },
    thread::{self, JoinHandle},
};

/// How many jobs share one write to the disk at most.
const GROUP: usize = 512;

/// One SQLite file for many: the records of several connectors and tables beside them. A thread of its own takes every job
/// that waits and performs them in one transaction; a job is told of once that is on the disk.
#[derive(Clone)]
pub struct Desk {
    jobs: Sender<Job>,
    state: Arc<State>,
}

struct State {
    thread: Mutex<Option<JoinHandle<()>>>,
    trouble: Mutex<Option<String>>,
}

/// Tells whoever waits, with what went wrong where the transaction failed.
type Tell = Box<dyn FnOnce(Result<(), String>) + Send>;

/// Performs a job within a transaction, and returns whether its changes stay.
type Work = Box<dyn FnOnce(&Connection) -> (bool, Tell) + Send>;

enum Job {
    Records(
        Vec<StoreRequest>,
        SyncSender<Vec<Result<StoreAnswer, String>>>,
    ),
    Work(Work),
    Close,
}

impl Desk {
    /// Opens the file, and makes it and the tables where there are none.
    ///
    /// # Errors
    ///
    /// Says what is wrong with the file and what to do.
    pub fn open(path: &Path, tables: &str) -> Result<Self, String> {
        let mut store = SqliteStore::open(path)?;
        store
            .add_tables(tables)
            .map_err(|error| format!("the store {}: {error}", path.display()))?;
        let (jobs, queue) = mpsc::channel();
        let state = Arc::new(State {
            thread: Mutex::new(None),
            trouble: Mutex::new(None),
        });
        let shared = Arc::clone(&state);
        let thread = thread::Builder::new()
            .name("casewire-store".to_owned())
            .spawn(move || work(&mut store, &queue, &shared))
            .map_err(|error| error.to_string())?;
        *lock(&state.thread) = Some(thread);
        Ok(Self { jobs, state })
    }

    /// Performs `work` and then tells, from the store's thread, what it came to. Jobs are performed and told of in the order
    /// in which they were given.
    pub fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
        tell: impl FnOnce(Result<T, String>) + Send + 'static,
    ) {
        let job = Job::Work(Box::new(move |connection| {
            let result = work(connection).map_err(readable);
            let stays = result.is_ok();
            let tell: Tell = Box::new(move |committed| tell(committed.and(result)));
            (stays, tell)
        }));
        if let Err(mpsc::SendError(Job::Work(work))) = self.jobs.send(job) {
            // Nobody will perform it: dropped, it tells by its absence.
            drop(work);
        }
    }

    /// Performs `work` and waits for it.
    ///
    /// # Errors
    ///
    /// Where it failed, or the store is closed.
    pub fn wait<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T, String> {
        let (sender, result) = mpsc::sync_channel(1);
        self.run(work, move |told| {
            let _ = sender.send(told);
        });
        result.recv().unwrap_or_else(|_| Err(closed()))
    }

    /// Performs `work` and lets the task wait for it.
    ///
    /// # Errors
    ///
    /// Where it failed, or the store is closed.
    pub async fn ask<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T, String> {
        let (sender, result) = tokio::sync::oneshot::channel();
        self.run(work, move |told| {
            let _ = sender.send(told);
        });
        result.await.unwrap_or_else(|_| Err(closed()))
    }

    /// Why the last job failed; nothing where it did not.
    #[must_use]
    pub fn trouble(&self) -> Option<String> {
        lock(&self.state.trouble).clone()
    }

    /// Performs what was given before and closes the file.
    pub fn close(&self) {
        let _ = self.jobs.send(Job::Close);
        if let Some(thread) = lock(&self.state.thread).take() {
            let _ = thread.join();
        }
    }
}

impl HostStore for Desk {
    fn perform_all(&mut self, requests: &[StoreRequest]) -> Vec<Result<StoreAnswer, String>> {
        let (sender, answers) = mpsc::sync_channel(1);
        let _ = self.jobs.send(Job::Records(requests.to_vec(), sender));
        answers
            .recv()
            .unwrap_or_else(|_| requests.iter().map(|_| Err(closed())).collect())
    }
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
        *lock(&state.trouble) = result.clone().err();
        for tell in told {
            tell(result.clone());
        }
        if closing {
            return;
        }
    }
}

/// Performs jobs in one transaction.
fn perform(store: &mut SqliteStore, jobs: Vec<Job>) -> (Vec<Tell>, Result<(), String>) {
    let mut told = Vec::with_capacity(jobs.len());
    let mut group = match store.begin() {
        Ok(group) => group,
        Err(error) => {
            let error = readable(error);
            // Jobs that are dropped answer their waiters by their absence; records are answered in full.
            for job in jobs {
                if let Job::Records(requests, answers) = job {
                    let failed = requests.iter().map(|_| Err(error.clone())).collect();
                    let _ = answers.send(failed);
                }
            }
            return (told, Err(error));
        }
    };
    for job in jobs {
        match job {
            Job::Records(requests, answers) => {
                let performed = perform_within(&mut group, &requests);
                told.push(Box::new(move |committed: Result<(), String>| {
                    let result = match committed {
                        Ok(()) => performed,
                        Err(error) => performed.iter().map(|_| Err(error.clone())).collect(),
                    };
                    let _ = answers.send(result);
                }) as Tell);
            }
            Job::Work(work) => match group.savepoint() {
                Ok(savepoint) => {
                    let (stays, tell) = work(&savepoint);
                    let ended = match stays {
                        true => savepoint.commit(),
                        false => savepoint.finish(),
                    };
                    told.push(match ended {
                        Ok(()) => tell,
                        Err(error) => {
                            let error = readable(error);
                            Box::new(move |_| tell(Err(error)))
                        }
                    });
                }
                Err(error) => drop(error),
            },
            Job::Close => {}
        }
    }
    (told, group.commit().map_err(readable))
}

fn closed() -> String {
    "the store did not perform it".to_owned()
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl fmt::Debug for Desk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Desk").finish_non_exhaustive()
    }
}
