//! The executor of the workflows: operations, effects, locks and the budget. No I/O, no clock, no threads.

mod budget;
mod context;
#[cfg(test)]
mod contract;
mod executor;
mod join;
mod lock;
mod random;
mod shell;

pub(crate) use context::Context;
pub(crate) use executor::{Executor, Step};
pub(crate) use join::join_all;
pub(crate) use lock::Guard;
pub(crate) use shell::Shell;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// A value that a connector and its workflows share. The lock is held for moments and never while host code runs.
#[derive(Debug)]
pub(crate) struct Shared<T>(Arc<Mutex<T>>);

impl<T> Shared<T> {
    pub(crate) fn new(value: T) -> Self {
        Self(Arc::new(Mutex::new(value)))
    }

    pub(crate) fn lock(&self) -> MutexGuard<'_, T> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<T> Clone for Shared<T> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}
