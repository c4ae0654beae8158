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
