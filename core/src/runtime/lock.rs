use super::{Context, Shared, Shell};
use std::{
    collections::{BTreeMap, VecDeque},
    future::Future,
    pin::Pin,
    task::{Poll, Waker},
};

/// Keyed locks, each granted in the order in which it was asked for.
#[derive(Debug, Default)]
pub(crate) struct Locks {
    last: u64,
    queues: BTreeMap<String, VecDeque<(u64, Option<Waker>)>>,
}

impl Locks {
    fn enqueue(&mut self, key: &str) -> u64 {
        self.last += 1;
        self.queues
            .entry(key.to_owned())
            .or_default()
            .push_back((self.last, None));
        self.last
    }

    fn granted(&mut self, key: &str, place: u64, holders: usize, waker: &Waker) -> bool {
        let Some(queue) = self.queues.get_mut(key) else {
            return true;
        };
        let first = queue.iter().take(holders).any(|(first, _)| *first == place);
        if let Some(entry) = queue.iter_mut().find(|(entry, _)| *entry == place) {
            entry.1 = Some(waker.clone());
        }
        first
    }

    fn leave(&mut self, key: &str, place: u64, holders: usize) {
        let Some(queue) = self.queues.get_mut(key) else {
            return;
        };
        queue.retain(|(entry, _)| *entry != place);
        for (_, waker) in queue.iter_mut().take(holders) {
            if let Some(waker) = waker.take() {
                waker.wake();
            }
        }
        if queue.is_empty() {
            self.queues.remove(key);
        }
    }
}

/// A place in a lock's queue: held once it was awaited, left when it is dropped.
#[derive(Debug)]
pub(crate) struct Guard {
    shell: Shared<Shell>,
    key: String,
    place: u64,
    holders: usize,
}

impl Drop for Guard {
    fn drop(&mut self) {
        self.shell
            .lock()
            .locks
            .leave(&self.key, self.place, self.holders);
    }
}

struct Acquire(Option<Guard>);

impl Future for Acquire {
    type Output = Guard;

    fn poll(mut self: Pin<&mut Self>, task: &mut std::task::Context<'_>) -> Poll<Guard> {
        let granted = self.0.as_ref().is_some_and(|guard| {
            guard
                .shell
                .lock()
                .locks
                .granted(&guard.key, guard.place, guard.holders, task.waker())
        });
        match self.0.take_if(|_| granted) {
            Some(guard) => Poll::Ready(guard),
            None => Poll::Pending,
        }
    }
}

impl Context {
    /// Waits for the lock of that name, in the order of the calls, and holds it until the guard is dropped.
    pub(crate) async fn lock(&self, key: impl Into<String>) -> Guard {
        self.turn(key, 1).await
    }

    /// Waits until fewer than `holders` hold the lock of that name, in the order of the calls, and holds it until the
    /// guard is dropped. Every call names the same number.
    pub(crate) async fn turn(&self, key: impl Into<String>, holders: usize) -> Guard {
        let key = key.into();
        let place = self.shell.lock().locks.enqueue(&key);
        Acquire(Some(Guard {
            shell: self.shell.clone(),
            key,
            place,
            holders,
        }))
        .await
    }
}
