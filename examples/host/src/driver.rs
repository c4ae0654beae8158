//! The blocking driver: performs a connector's effects on threads and holds no logic.
//!
//! Requests go to a small pool of worker threads, store requests to one store thread, timers wait in the calling thread,
//! which alone touches the connector. Every effect is answered, also where a worker fails.

use crate::{clock::now, store::HostStore, transport::Transport};
use casewire::{
    Command, Connector, Delivery, Error, Finished, Poll, Result, Timestamp,
    effect::{Answer, Effect, EffectId, Failure, FailureKind, OperationId, Request},
};
use std::{
    collections::{BTreeSet, VecDeque},
    fmt,
    sync::mpsc::{self, Receiver, RecvTimeoutError},
    time::Duration,
};

mod storing;
mod workers;

use storing::StoreThread;
use workers::{Job, Workers};

/// What a driver waits for.
#[derive(Debug)]
#[allow(
    clippy::large_enum_variant,
    reason = "it is moved once and never stored"
)]
pub enum Progress {
    /// An operation is over.
    Finished(Finished),
    /// Nothing happened for as long as the caller was willing to wait.
    Waiting,
    /// Every operation is over.
    Idle,
}

/// Takes a delivery over and says whether it is durable.
type Deliver<'a> = dyn FnMut(&Delivery) -> std::result::Result<(), String> + 'a;

/// Runs a connector with the host's own transport, store and deliveries.
pub struct Driver<'a> {
    connector: Connector,
    workers: Workers,
    store: StoreThread,
    timers: BTreeSet<(Timestamp, EffectId)>,
    deliver: Box<Deliver<'a>>,
    answers: Receiver<(EffectId, Answer)>,
    finished: VecDeque<Finished>,
    requests: u64,
}

impl<'a> Driver<'a> {
    /// Starts the threads: one worker for each request that may be under way at once, and one for the store.
    ///
    /// `deliver` is called in the thread that runs the driver, and says that a delivery is durable.
    pub fn new(
        connector: Connector,
        transport: &dyn Transport,
        store: Box<dyn HostStore>,
        concurrency: usize,
        deliver: impl FnMut(&Delivery) -> std::result::Result<(), String> + 'a,
    ) -> Self {
        let (sender, answers) = mpsc::channel();
        Self {
            connector,
            workers: Workers::start(transport, concurrency.max(1), &sender),
            store: StoreThread::start(store, sender),
            timers: BTreeSet::new(),
            deliver: Box::new(deliver),
            answers,
            finished: VecDeque::new(),
            requests: 0,
        }
    }

    /// Takes a command; [`next`](Self::next) performs it.
    ///
    /// # Errors
    ///
    /// Refuses bad input with all faults at once.
    pub fn submit(&mut self, command: Command) -> Result<OperationId> {
        self.connector.submit(command, now())
    }

    /// Stops an operation; what it began in ConnectWise stays in the store.
    ///
    /// # Errors
    ///
    /// Where there is no such operation any more.
    pub fn cancel(&mut self, operation: OperationId) -> Result<()> {
        self.connector.cancel(operation, now())
    }

    /// Works until an operation is over, all are, or `patience` has passed.
    pub fn next(&mut self, patience: Duration) -> Progress {
        let end = now().after(patience);
        loop {
            let idle = self.drain();
            if let Some(finished) = self.finished.pop_front() {
                return Progress::Finished(finished);
            }
            if idle {
                return Progress::Idle;
            }
            if !self.wait(end) && now() >= end {
                return Progress::Waiting;
            }
        }
    }

    /// Works until every operation is over.
    pub fn run_until_idle(&mut self, mut on_finished: impl FnMut(Finished)) {
        loop {
            match self.next(Duration::from_secs(3600)) {
                Progress::Finished(finished) => on_finished(finished),
                Progress::Waiting => {}
                Progress::Idle => return,
            }
        }
    }

    /// Performs one command to its end and returns what came of it. Other operations go on meanwhile.
    ///
    /// # Errors
    ///
    /// The operation's own.
    pub fn run(&mut self, command: Command) -> Result<casewire::Outcome> {
        let operation = self.submit(command)?;
        let mut others = VecDeque::new();
        let result = loop {
            match self.next(Duration::from_secs(3600)) {
                Progress::Finished(finished) if finished.operation == operation => {
                    break finished.result;
                }
                Progress::Finished(finished) => others.push_back(finished),
                Progress::Waiting => {}
                Progress::Idle => {
                    break Err(Error::new(
                        casewire::Code::Internal,
                        "the connector forgot an operation",
                    ));
                }
            }
        };
        others.append(&mut self.finished);
        self.finished = others;
        result
    }

    /// How many requests it has sent, or tried to send.
    #[must_use]
    pub fn requests(&self) -> u64 {
        self.requests
    }

    /// How far the import under way has come.
    #[must_use]
    pub fn import_progress(&self) -> Option<casewire::ImportProgress> {
        self.connector.import_progress()
    }

    /// Takes every effect that the connector has. Returns whether there is nothing left to wait for.
    fn drain(&mut self) -> bool {
        loop {
            match self.connector.poll(now()) {
                Poll::Effect(effect) => self.perform(effect),
                Poll::Finished(finished) => self.finished.push_back(finished),
                Poll::Idle {
                    operations,
                    effects,
                } => return operations == 0 && effects == 0,
            }
        }
    }

    fn perform(&mut self, effect: Effect) {
        let id = effect.id;
        match effect.request {
            Request::Http(request) => {
                self.requests += 1;
                self.workers.perform(id, Job::Send(request));
            }
            Request::Fetch { token } => self.workers.perform(id, Job::Fetch(token)),
            Request::Store(request) => self.store.perform(id, request),
            Request::Timer { deadline } => {
                self.timers.insert((deadline, id));
            }
            Request::Deliver(delivery) => {
                let answer = match (self.deliver)(&delivery) {
                    Ok(()) => Answer::Done,
                    Err(message) => Answer::Failed(Failure::new(FailureKind::Other, message)),
                };
                self.resolve(id, answer);
            }
            Request::Cancel { target } => {
                self.timers.retain(|(_, timer)| *timer != target);
                self.workers.cancel(target);
                self.resolve(id, Answer::Done);
            }
        }
    }

    /// Waits for an answer or a timer, at most until `end`. Returns whether there was one.
    fn wait(&mut self, end: Timestamp) -> bool {
        let deadline = self.timers.first().map_or(end, |(time, _)| end.min(*time));
        let mut progress = match self.answers.recv_timeout(deadline.since(now())) {
            Ok((id, answer)) => {
                self.resolve(id, answer);
                true
            }
            Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => false,
        };
        while let Ok((id, answer)) = self.answers.try_recv() {
            self.resolve(id, answer);
        }
        while let Some((deadline, id)) = self.timers.first().copied()
            && deadline <= now()
        {
            self.timers.remove(&(deadline, id));
            self.resolve(id, Answer::Done);
            progress = true;
        }
        progress
    }

    fn resolve(&mut self, id: EffectId, answer: Answer) {
        // An effect that was cancelled meanwhile is stale, which is as it should be.
        if let Err(error) = self.connector.resolve(id, answer, now()) {
            tracing::debug!("effect {}: {error}", id.0);
        }
    }
}

impl fmt::Debug for Driver<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Driver")
            .field("connector", &self.connector)
            .field("timers", &self.timers)
            .field("requests", &self.requests)
            .finish_non_exhaustive()
    }
}
