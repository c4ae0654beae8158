//! The blocking driver: performs a connector's effects on threads and holds no logic.
//!
//! Requests go to a small pool of worker threads, store requests to one store thread, timers wait in the calling thread,
//! which alone touches the connector. Every effect is answered, also where a worker fails.

use crate::{clock::now, store::HostStore, transport::Transport};
use casewire::{
    Command, Connector, Delivery, Error, Finished, Poll, Result, Timestamp,
    effect::{Answer, Effect, EffectId, FailureKind, OperationId, Request},
};
use std::{
    collections::{BTreeSet, VecDeque},
    fmt,
    sync::mpsc::{self, Receiver, RecvTimeoutError},
    time::Duration,
};

mod mailbox;
mod storing;
mod workers;

pub use mailbox::{Handover, Waker};
use mailbox::{Mail, Mailbox};

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

/// Takes a delivery over and says, now or later, whether it is durable.
type Deliver<'a> = dyn FnMut(Delivery, Handover) + 'a;

/// What has passed between a driver and ConnectWise.
#[derive(Clone, Copy, Debug, Default)]
pub struct Traffic {
    /// Requests that were sent, or tried to be sent.
    pub requests: u64,
    /// Answers that say that the request was performed.
    pub answered: u64,
    /// Answers that refuse the request, and requests without one.
    pub failed: u64,
    /// When the last request was performed.
    pub last_success: Option<Timestamp>,
    /// When the last request was refused or not answered.
    pub last_failure: Option<Timestamp>,
}

/// Runs a connector with the host's own transport, store and deliveries.
pub struct Driver<'a> {
    connector: Connector,
    workers: Workers,
    store: StoreThread,
    timers: BTreeSet<(Timestamp, EffectId)>,
    deliver: Box<Deliver<'a>>,
    mailbox: Mailbox,
    mail: Receiver<Mail>,
    woken: bool,
    finished: VecDeque<Finished>,
    traffic: Traffic,
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
        mut deliver: impl FnMut(&Delivery) -> std::result::Result<(), String> + 'a,
    ) -> Self {
        Self::handing_over(
            connector,
            transport,
            store,
            concurrency,
            move |delivery, handover| handover.done(deliver(&delivery)),
        )
    }

    /// Starts a driver whose host may say later, from any thread, that a delivery is durable.
    pub fn handing_over(
        connector: Connector,
        transport: &dyn Transport,
        store: Box<dyn HostStore>,
        concurrency: usize,
        deliver: impl FnMut(Delivery, Handover) + 'a,
    ) -> Self {
        let (sender, mail) = mpsc::channel();
        let mailbox = Mailbox::new(sender);
        Self {
            connector,
            workers: Workers::start(transport, concurrency.max(1), &mailbox),
            store: StoreThread::start(store, mailbox.clone()),
            timers: BTreeSet::new(),
            deliver: Box::new(deliver),
            mailbox,
            mail,
            woken: false,
            finished: VecDeque::new(),
            traffic: Traffic::default(),
        }
    }

    /// Wakes this driver from another thread.
    #[must_use]
    pub fn waker(&self) -> Waker {
        self.mailbox.waker()
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

    /// Works until an operation is over, all are, someone [wakes](Waker::wake) it, or `patience` has passed.
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
            let answered = self.wait(end);
            if std::mem::take(&mut self.woken) || (!answered && now() >= end) {
                return Progress::Waiting;
            }
        }
    }

    /// Does nothing until someone wakes it, or `patience` has passed.
    pub fn rest(&mut self, patience: Duration) {
        let end = now().after(patience);
        while !std::mem::take(&mut self.woken) && now() < end {
            self.wait(end);
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
        self.traffic.requests
    }

    /// What has passed between it and ConnectWise.
    #[must_use]
    pub fn traffic(&self) -> Traffic {
        self.traffic
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
                self.traffic.requests += 1;
                self.workers.perform(id, Job::Send(request));
            }
            Request::Fetch { token } => self.workers.perform(id, Job::Fetch(token)),
            Request::Store(request) => self.store.perform(id, request),
            Request::Timer { deadline } => {
                self.timers.insert((deadline, id));
            }
            Request::Deliver(delivery) => (self.deliver)(delivery, self.mailbox.handover(id)),
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
        let mut progress = match self.mail.recv_timeout(deadline.since(now())) {
            Ok(mail) => {
                self.open(mail);
                true
            }
            Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => false,
        };
        while let Ok(mail) = self.mail.try_recv() {
            self.open(mail);
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

    fn open(&mut self, mail: Mail) {
        match mail {
            Mail::Answer(id, answer) => {
                self.traffic.note(&answer);
                self.resolve(id, answer);
            }
            Mail::Wake => self.woken = true,
        }
    }

    fn resolve(&mut self, id: EffectId, answer: Answer) {
        // An effect that was cancelled meanwhile is stale, which is as it should be.
        if let Err(error) = self.connector.resolve(id, answer, now()) {
            tracing::debug!("effect {}: {error}", id.0);
        }
    }
}

impl Traffic {
    fn note(&mut self, answer: &Answer) {
        match answer {
            Answer::Http(response) if (200..400).contains(&response.status) => {
                self.answered += 1;
                self.last_success = Some(now());
            }
            // A request that ConnectWise understood and refused says that it is there.
            Answer::Http(response) if matches!(response.status, 400 | 404 | 409 | 422) => {
                self.failed += 1;
                self.last_success = Some(now());
            }
            Answer::Http(_) => {
                self.failed += 1;
                self.last_failure = Some(now());
            }
            Answer::Failed(failure)
                if matches!(
                    failure.kind,
                    FailureKind::NotSent | FailureKind::Unanswered | FailureKind::TooLarge
                ) =>
            {
                self.failed += 1;
                self.last_failure = Some(now());
            }
            _ => {}
        }
    }
}

impl fmt::Debug for Driver<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Driver")
            .field("connector", &self.connector)
            .field("timers", &self.timers)
            .field("traffic", &self.traffic)
            .finish_non_exhaustive()
    }
}
