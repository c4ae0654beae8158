use super::{Context, Shared, Shell};
use crate::{
    command::{Command, Finished, Outcome},
    effect::{Answer, Effect, EffectId, OperationId},
    error::{Code, Error, Result},
    time::Timestamp,
};
use std::{
    collections::{BTreeMap, VecDeque},
    fmt,
    future::Future,
    pin::Pin,
    sync::Arc,
    task::{self, Poll, Wake, Waker},
};

/// A workflow under way.
pub(crate) type Workflow = Pin<Box<dyn Future<Output = Result<Outcome>> + Send>>;

/// Runs workflows as far as they get without the host.
pub(crate) struct Executor {
    shell: Shared<Shell>,
    start: Box<dyn Fn(Context, Command) -> Workflow + Send>,
    /// How many workflows may be under way; more wait in `queued`.
    capacity: usize,
    queued: VecDeque<Queued>,
    /// Operations that are short and wait for no room: those that the host does not hear of, and
    /// [brief](Command::is_brief) ones.
    own: VecDeque<Queued>,
    running: BTreeMap<OperationId, Running>,
    woken: Shared<VecDeque<OperationId>>,
    finished: VecDeque<Finished>,
}

struct Queued {
    operation: OperationId,
    command: Command,
    told: bool,
}

struct Running {
    workflow: Workflow,
    case_id: Option<String>,
    told: bool,
}

/// What the host gets from one poll.
#[allow(
    clippy::large_enum_variant,
    reason = "it is moved once and never stored"
)]
pub(crate) enum Step {
    Effect(Effect),
    Finished(Finished),
    Idle { operations: usize, effects: usize },
}

struct OperationWaker {
    operation: OperationId,
    woken: Shared<VecDeque<OperationId>>,
}

impl Wake for OperationWaker {
    fn wake(self: Arc<Self>) {
        self.woken.lock().push_back(self.operation);
    }
}

impl Executor {
    pub(crate) fn new(
        shell: Shell,
        capacity: usize,
        start: impl Fn(Context, Command) -> Workflow + Send + 'static,
    ) -> Self {
        Self {
            shell: Shared::new(shell),
            start: Box::new(start),
            capacity,
            queued: VecDeque::new(),
            own: VecDeque::new(),
            running: BTreeMap::new(),
            woken: Shared::new(VecDeque::new()),
            finished: VecDeque::new(),
        }
    }

    pub(crate) fn submit(&mut self, command: Command, now: Timestamp) -> OperationId {
        let mut shell = self.shell.lock();
        shell.advance(now);
        let operation = OperationId(shell.next_id());
        drop(shell);
        self.enqueue(operation, command, true);
        operation
    }

    fn enqueue(&mut self, operation: OperationId, command: Command, told: bool) {
        let queue = if told && !command.is_brief() {
            &mut self.queued
        } else {
            &mut self.own
        };
        queue.push_back(Queued {
            operation,
            command,
            told,
        });
    }

    pub(crate) fn poll(&mut self, now: Timestamp) -> Step {
        self.shell.lock().advance(now);
        loop {
            self.run();
            if let Some(finished) = self.finished.pop_front() {
                return Step::Finished(finished);
            }
            let effect = self.shell.lock().next_effect();
            if let Some(effect) = effect {
                return Step::Effect(effect);
            }
            // Looking for an effect can answer expired ones, which wakes workflows.
            if self.woken.lock().is_empty() {
                let operations = self.running.len() + self.queued.len() + self.own.len();
                return Step::Idle {
                    operations,
                    effects: self.shell.lock().under_way(),
                };
            }
        }
    }

    pub(crate) fn resolve(&mut self, id: EffectId, answer: Answer, now: Timestamp) -> Result<()> {
        let mut shell = self.shell.lock();
        shell.advance(now);
        shell.resolve(id, answer)
    }

    pub(crate) fn cancel(&mut self, operation: OperationId, now: Timestamp) -> Result<()> {
        self.shell.lock().advance(now);
        let case_id = if let Some(queued) = self.unqueue(operation) {
            queued.command.case_id().map(str::to_owned)
        } else if self
            .running
            .get(&operation)
            .is_some_and(|running| running.told)
        {
            self.running
                .remove(&operation)
                .and_then(|running| running.case_id)
        } else {
            return Err(Error::new(
                Code::UnknownOperation,
                format!("operation {} is unknown or has finished", operation.0),
            ));
        };
        let error = Error::new(
            Code::Cancelled,
            "the host cancelled the operation; what it began stays in the outbox",
        );
        self.finished.push_back(Finished {
            operation,
            case_id,
            result: Err(error),
        });
        Ok(())
    }

    /// Takes out an operation that has not begun and that the host hears of.
    fn unqueue(&mut self, operation: OperationId) -> Option<Queued> {
        for queue in [&mut self.queued, &mut self.own] {
            let place = queue
                .iter()
                .position(|queued| queued.told && queued.operation == operation);
            if let Some(index) = place {
                return queue.remove(index);
            }
        }
        None
    }

    fn run(&mut self) {
        loop {
            let woken = self.woken.lock().pop_front();
            match woken {
                Some(operation) => self.advance(operation),
                None if !self.admit() => return,
                None => {}
            }
        }
    }

    /// Starts a queued workflow, if there is one and room for it.
    fn admit(&mut self) -> bool {
        loop {
            let Some((operation, command, told)) = self.shell.lock().submitted.pop_front() else {
                break;
            };
            self.enqueue(operation, command, told);
        }
        let room = self.running.len() < self.capacity;
        let next = self
            .own
            .pop_front()
            .or_else(|| if room { self.queued.pop_front() } else { None });
        let Some(Queued {
            operation,
            command,
            told,
        }) = next
        else {
            return false;
        };
        let case_id = command.case_id().map(str::to_owned);
        let context = Context {
            shell: self.shell.clone(),
            operation,
        };
        let workflow = (self.start)(context, command);
        self.running.insert(
            operation,
            Running {
                workflow,
                case_id,
                told,
            },
        );
        self.advance(operation);
        true
    }

    fn advance(&mut self, operation: OperationId) {
        let Some(running) = self.running.get_mut(&operation) else {
            return;
        };
        let waker = Waker::from(Arc::new(OperationWaker {
            operation,
            woken: self.woken.clone(),
        }));
        if let Poll::Ready(result) = running
            .workflow
            .as_mut()
            .poll(&mut task::Context::from_waker(&waker))
            && let Some(Running { case_id, told, .. }) = self.running.remove(&operation)
            && told
        {
            self.finished.push_back(Finished {
                operation,
                case_id,
                result,
            });
        }
    }
}

impl fmt::Debug for Executor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Executor")
            .field("queued", &self.queued.len())
            .field("running", &self.running.keys())
            .finish_non_exhaustive()
    }
}
