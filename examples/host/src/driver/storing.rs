use super::mailbox::Mailbox;
use crate::store::HostStore;
use casewire::effect::{Answer, EffectId, Failure, FailureKind, StoreAnswer, StoreRequest};
use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::mpsc::{self, Receiver, Sender},
    thread::{self, JoinHandle},
};

/// How many requests share one write to the disk at most.
const GROUP: usize = 512;

/// The thread that owns the store. It takes every request that waits and performs them together.
pub(super) struct StoreThread {
    requests: Option<Sender<(EffectId, StoreRequest)>>,
    answers: Mailbox,
    thread: Option<JoinHandle<()>>,
}

impl StoreThread {
    pub(super) fn start(mut store: Box<dyn HostStore>, answers: Mailbox) -> Self {
        let (requests, queue) = mpsc::channel();
        let results = answers.clone();
        let thread = thread::spawn(move || {
            while let Some((ids, group)) = take(&queue) {
                let answered = perform(store.as_mut(), &group);
                for (id, answer) in ids.into_iter().zip(answered) {
                    if !results.answer(id, answer) {
                        return;
                    }
                }
            }
        });
        Self {
            requests: Some(requests),
            answers,
            thread: Some(thread),
        }
    }

    pub(super) fn perform(&self, id: EffectId, request: StoreRequest) {
        let sent = self
            .requests
            .as_ref()
            .is_some_and(|requests| requests.send((id, request)).is_ok());
        if !sent {
            self.answers
                .answer(id, failed("the store has stopped".to_owned()));
        }
    }
}

impl Drop for StoreThread {
    /// Lets the store finish and close.
    fn drop(&mut self) {
        self.requests = None;
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn take(queue: &Receiver<(EffectId, StoreRequest)>) -> Option<(Vec<EffectId>, Vec<StoreRequest>)> {
    let first = queue.recv().ok()?;
    let others = std::iter::from_fn(|| queue.try_recv().ok());
    Some(std::iter::once(first).chain(others.take(GROUP - 1)).unzip())
}

/// Performs a group; a store that panics or leaves out an answer has failed, and every request is answered.
fn perform(store: &mut dyn HostStore, group: &[StoreRequest]) -> Vec<Answer> {
    let results = catch_unwind(AssertUnwindSafe(|| store.perform_all(group)))
        .unwrap_or_else(|_| vec![Err("the store panicked".to_owned()); group.len()]);
    let lost = std::iter::repeat_with(|| Err("the store did not answer".to_owned()));
    let answer = |result: Result<StoreAnswer, String>| result.map_or_else(failed, Answer::Store);
    results
        .into_iter()
        .chain(lost)
        .take(group.len())
        .map(answer)
        .collect()
}

fn failed(message: String) -> Answer {
    Answer::Failed(Failure::new(FailureKind::Other, message))
}
