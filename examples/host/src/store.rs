//! Stores of the reference host.

use casewire::{
    effect::{StoreAnswer, StoreRequest},
    store::{MemoryStore, Store as _},
};

mod desk;
mod sqlite;

pub use desk::Desk;
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
