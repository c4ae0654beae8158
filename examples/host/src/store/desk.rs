use super::{
    HostStore, Place,
    sql::{Sql, SqlError},
};
use casewire::effect::{StoreAnswer, StoreRequest};
use std::{
    fmt,
    sync::{
        Arc, Mutex, PoisonError,
        mpsc::{self, Sender, SyncSender},
    },
    thread::JoinHandle,
};

mod postgres;
mod sqlite;

/// How many jobs share one write to the disk at most.
const GROUP: usize = 512;

/// One database for many: the records of several connectors and tables beside them. Threads of its own take every job that
/// waits and perform them together; a job is told of once that is durable.
#[derive(Clone)]
pub struct Desk {
    records: Sender<Job>,
    tasks: Sender<Job>,
    state: Arc<State>,
    shared: bool,
}

/// Tables beside the records, as each database makes them where there are none.
#[derive(Clone, Copy, Debug)]
pub struct Tables {
    /// Statements for SQLite.
    pub sqlite: &'static str,
    /// Statements for PostgreSQL.
    pub postgres: &'static str,
}

#[derive(Default)]
struct State {
    threads: Mutex<Vec<JoinHandle<()>>>,
    trouble: Mutex<Option<String>>,
}

impl State {
    fn note(&self, result: &Result<(), String>) {
        *lock(&self.trouble) = result.clone().err();
    }
}

enum Job {
    Records(
        Vec<StoreRequest>,
        SyncSender<Vec<Result<StoreAnswer, String>>>,
    ),
    Task(Box<dyn Task>),
    Close,
}

/// What is done within a transaction, and told of after it.
trait Task: Send {
    /// Makes its changes, anew where it is called again.
    fn perform(&mut self, sql: &mut dyn Sql) -> Result<(), SqlError>;

    /// Tells what came of it, or what went wrong with the transaction.
    fn tell(self: Box<Self>, committed: Result<(), String>);
}

/// A task made of two closures.
struct Asked<T, W, F> {
    work: W,
    tell: F,
    result: Option<Result<T, String>>,
}

impl<T, W, F> Task for Asked<T, W, F>
where
    T: Send,
    W: FnMut(&mut dyn Sql) -> Result<T, SqlError> + Send,
    F: FnOnce(Result<T, String>) + Send,
{
    fn perform(&mut self, sql: &mut dyn Sql) -> Result<(), SqlError> {
        let result = (self.work)(sql);
        let performed = result.as_ref().map(|_| ()).map_err(Clone::clone);
        self.result = Some(result.map_err(|error| error.to_string()));
        performed
    }

    fn tell(self: Box<Self>, committed: Result<(), String>) {
        let result = self.result.unwrap_or_else(|| Err(closed()));
        (self.tell)(committed.and(result));
    }
}

impl Desk {
    /// Opens the database, and makes the store and the tables where there are none.
    ///
    /// # Errors
    ///
    /// Says what is wrong with it and what to do.
    pub fn open(place: &Place, tables: Tables) -> Result<Self, String> {
        match place {
            Place::Sqlite(path) => sqlite::open(path, tables.sqlite),
            Place::Postgres(address) => postgres::open(address, tables.postgres),
        }
    }

    /// Whether other processes may change the tables.
    #[must_use]
    pub fn is_shared(&self) -> bool {
        self.shared
    }

    /// Performs `work` and then tells, from a thread of the store, what it came to. Jobs are performed and told of in the order
    /// in which they were given. Where another process was in the way, `work` is performed once more, as if it never was.
    pub fn run<T: Send + 'static>(
        &self,
        work: impl FnMut(&mut dyn Sql) -> Result<T, SqlError> + Send + 'static,
        tell: impl FnOnce(Result<T, String>) + Send + 'static,
    ) {
        let task = Box::new(Asked {
            work,
            tell,
            result: None,
        });
        if let Err(mpsc::SendError(Job::Task(task))) = self.tasks.send(Job::Task(task)) {
            task.tell(Err(closed()));
        }
    }

    /// Performs `work` and waits for it.
    ///
    /// # Errors
    ///
    /// Where it failed, or the store is closed.
    pub fn wait<T: Send + 'static>(
        &self,
        work: impl FnMut(&mut dyn Sql) -> Result<T, SqlError> + Send + 'static,
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
        work: impl FnMut(&mut dyn Sql) -> Result<T, SqlError> + Send + 'static,
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

    /// Performs what was given before and closes the database.
    pub fn close(&self) {
        let threads = std::mem::take(&mut *lock(&self.state.threads));
        let _ = self.tasks.send(Job::Close);
        for _ in &threads {
            let _ = self.records.send(Job::Close);
        }
        for thread in threads {
            let _ = thread.join();
        }
    }
}

impl HostStore for Desk {
    fn perform_all(&mut self, requests: &[StoreRequest]) -> Vec<Result<StoreAnswer, String>> {
        let (sender, answers) = mpsc::sync_channel(1);
        let _ = self.records.send(Job::Records(requests.to_vec(), sender));
        answers
            .recv()
            .unwrap_or_else(|_| requests.iter().map(|_| Err(closed())).collect())
    }
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
