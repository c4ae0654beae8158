//! Stores of the reference host.

use casewire::{
    effect::{StoreAnswer, StoreRequest},
    store::{MemoryStore, Store as _},
};
use std::path::PathBuf;

mod desk;
mod postgres;
mod sql;
mod sqlite;

pub use desk::{Desk, Tables};
pub use postgres::{PostgresAddress, PostgresStore};
pub use sql::{Row, Sql, SqlError, Value};
pub use sqlite::SqliteStore;

/// A store that performs several requests at once, so that they can share one write to the disk.
pub trait HostStore: Send {
    /// Performs requests that wait side by side and answers each in its place. A commit is durable when this returns.
    fn perform_all(&mut self, requests: &[StoreRequest]) -> Vec<Result<StoreAnswer, String>>;
}

impl HostStore for MemoryStore {
    fn perform_all(&mut self, requests: &[StoreRequest]) -> Vec<Result<StoreAnswer, String>> {
        requests
            .iter()
            .map(|request| self.perform(request))
            .collect()
    }
}

/// The answers to reads and to commits, each in their order, in the order of the requests.
fn in_order(
    requests: &[StoreRequest],
    reads: Vec<Result<StoreAnswer, String>>,
    commits: Vec<Result<StoreAnswer, String>>,
) -> Vec<Result<StoreAnswer, String>> {
    let (mut reads, mut commits) = (reads.into_iter(), commits.into_iter());
    let lost = || Err("the store did not answer".to_owned());
    requests
        .iter()
        .map(|request| match request {
            StoreRequest::Commit(_) => commits.next().unwrap_or_else(lost),
            _ => reads.next().unwrap_or_else(lost),
        })
        .collect()
}

/// A database in which a store is kept.
#[derive(Clone, Debug)]
pub enum Place {
    /// A SQLite file.
    Sqlite(PathBuf),
    /// A PostgreSQL database.
    Postgres(Box<PostgresAddress>),
}

impl Place {
    /// Opens the store, and makes it where there is none.
    ///
    /// # Errors
    ///
    /// Says what is wrong with the place and what to do.
    pub fn open(&self) -> Result<Box<dyn HostStore>, String> {
        Ok(match self {
            Self::Sqlite(path) => Box::new(SqliteStore::open(path)?),
            Self::Postgres(address) => Box::new(PostgresStore::open(address)?),
        })
    }
}
