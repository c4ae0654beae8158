//! One configuration and the thread that works for it, as the other threads see them.

use crate::driver::{Traffic, Waker};
use casewire::{
    Backlog, CallbackRequest, CallbackSecret, Command, OperationId, Outcome, Settings, Task,
    Timestamp,
};
use serde_json::Value;
use std::{
    collections::{BTreeMap, VecDeque},
    sync::{Mutex, MutexGuard, OnceLock, PoisonError, mpsc::Sender},
    time::Instant,
};
use tokio::sync::oneshot;

/// What the thread of an instance is asked.
#[derive(Debug)]
pub(super) enum Ask {
    /// To perform a command.
    Command(Box<Command>, oneshot::Sender<casewire::Result<Outcome>>),
    /// To say what came of a case's operation, once it is over; dropped where it does not know it.
    Await(OperationId, oneshot::Sender<Value>),
    /// How an operation stands.
    Stand(OperationId, oneshot::Sender<Stand>),
    /// To look what is due, without waiting for the time when it looks anyway.
    Look,
    /// To finish what is under way, at most until then.
    Stop(Instant),
}

/// How an operation stands.
#[derive(Debug)]
pub(super) enum Stand {
    UnderWay,
    Over(Value),
    Unknown,
}

/// An instance that is served.
#[derive(Debug)]
pub(super) struct Instance {
    pub(super) settings: Settings,
    pub(super) secret: Option<CallbackSecret>,
    pub(super) callbacks: CallbackQueue,
    asks: Sender<Ask>,
    waker: OnceLock<Waker>,
    status: Mutex<Status>,
}

/// What the thread says of itself.
#[derive(Clone, Debug, Default)]
pub(super) struct Status {
    pub(super) traffic: Traffic,
    pub(super) backlog: Backlog,
    /// Cases by what came of them.
    pub(super) outcomes: BTreeMap<&'static str, u64>,
    pub(super) accepted: u64,
    pub(super) delivered: u64,
    /// Callbacks by what came of them.
    pub(super) callbacks: BTreeMap<&'static str, u64>,
    /// When a genuine callback came last.
    pub(super) last_callback: Option<Timestamp>,
    pub(super) tasks: BTreeMap<Task, TaskStatus>,
    /// Why it works no more.
    pub(super) stopped: Option<String>,
}

/// How a repeating task went.
#[derive(Clone, Debug, Default)]
pub(super) struct TaskStatus {
    pub(super) last_success: Option<Timestamp>,
    /// Why the last run failed; nothing where it did not.
    pub(super) error: Option<String>,
}

impl Instance {
    pub(super) fn new(
        settings: Settings,
        secret: Option<CallbackSecret>,
        asks: Sender<Ask>,
    ) -> Self {
        Self {
            settings,
            secret,
            callbacks: CallbackQueue::default(),
            asks,
            waker: OnceLock::new(),
            status: Mutex::default(),
        }
    }

    pub(super) fn name(&self) -> &str {
        &self.settings.config().instance
    }

    pub(super) fn is_driven_by(&self, waker: Waker) {
        let _ = self.waker.set(waker);
    }

    /// Asks the thread for something; what it answers with is dropped where it works no more.
    pub(super) fn ask(&self, ask: Ask) {
        let _ = self.asks.send(ask);
        self.wake();
    }

    /// Performs a command; nothing where the thread works no more.
    pub(super) async fn run(&self, command: Command) -> Option<casewire::Result<Outcome>> {
        let (sender, answer) = oneshot::channel();
        self.ask(Ask::Command(Box::new(command), sender));
        answer.await.ok()
    }

    /// Has the thread look at once what is due.
    pub(super) fn look_at_schedule(&self) {
        self.ask(Ask::Look);
    }

    /// Takes a callback in, to be judged later. Says whether there was room.
    pub(super) fn take_callback(&self, callback: CallbackRequest) -> bool {
        let taken = self.callbacks.push(callback);
        self.count_callback(if taken { "queued" } else { "dropped" });
        self.wake();
        taken
    }

    pub(super) fn count_callback(&self, result: &'static str) {
        *self.status().callbacks.entry(result).or_default() += 1;
    }

    pub(super) fn status(&self) -> MutexGuard<'_, Status> {
        self.status.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn wake(&self) {
        if let Some(waker) = self.waker.get() {
            waker.wake();
        }
    }
}

/// Callbacks that were answered and wait to be judged. One beyond the bounds is dropped: polling is the truth.
#[derive(Debug, Default)]
pub(super) struct CallbackQueue(Mutex<(VecDeque<CallbackRequest>, usize)>);

/// Most callbacks that wait.
const MOST_CALLBACKS: usize = 1024;
/// Most bytes of callbacks that wait.
const MOST_BYTES: usize = 16 << 20;

impl CallbackQueue {
    fn push(&self, callback: CallbackRequest) -> bool {
        let mut queue = self.lock();
        let bytes = queue.1 + callback.body.len();
        if queue.0.len() >= MOST_CALLBACKS || bytes > MOST_BYTES {
            return false;
        }
        queue.1 = bytes;
        queue.0.push_back(callback);
        true
    }

    pub(super) fn pop(&self) -> Option<CallbackRequest> {
        let mut queue = self.lock();
        let callback = queue.0.pop_front()?;
        queue.1 -= callback.body.len();
        Some(callback)
    }

    fn lock(&self) -> MutexGuard<'_, (VecDeque<CallbackRequest>, usize)> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn callback(bytes: usize) -> CallbackRequest {
        CallbackRequest {
            body: vec![b' '; bytes],
            signature: None,
            secret: String::new(),
        }
    }

    #[test]
    fn callbacks_are_bounded_by_number_and_by_bytes() {
        let queue = CallbackQueue::default();
        assert!((0..MOST_CALLBACKS).all(|_| queue.push(callback(1))));
        assert!(!queue.push(callback(1)));
        assert!(queue.pop().is_some() && queue.push(callback(1)));
        let queue = CallbackQueue::default();
        assert!((0..16).all(|_| queue.push(callback(1 << 20))));
        assert!(!queue.push(callback(1)));
        while queue.pop().is_some() {}
        assert!(queue.push(callback(1 << 20)));
    }
}
