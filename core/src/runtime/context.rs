use super::{Shared, Shell, budget};
use crate::{
    command::Command,
    config::Limits,
    delivery::Delivery,
    effect::{
        Answer, EffectId, Failure, FailureKind, HttpRequest, HttpResponse, OperationId, Request,
        StoreAnswer, StoreRequest,
    },
    error::{Code, Error, Result},
    health::BudgetHealth,
    time::Timestamp,
};
use std::{
    future::Future,
    pin::Pin,
    task::{self, Poll},
    time::Duration,
};

/// What a workflow sees of the runtime: the time, the effects, locks and chance.
#[derive(Clone, Debug)]
pub(crate) struct Context {
    pub(super) shell: Shared<Shell>,
    pub(super) operation: OperationId,
}

impl Context {
    /// The time of the last call by the host.
    pub(crate) fn now(&self) -> Timestamp {
        self.shell.lock().now
    }

    /// A number from the seeded generator.
    pub(crate) fn random(&self) -> u64 {
        self.shell.lock().random.next()
    }

    /// Sends a request within the budget.
    pub(crate) async fn http(
        &self,
        request: HttpRequest,
    ) -> std::result::Result<HttpResponse, Failure> {
        match self.perform(Request::Http(request)).await {
            Answer::Http(response) => Ok(response),
            answer => Err(failure(answer)),
        }
    }

    /// Holds back every further request until `time` (a 429's Retry-After).
    pub(crate) fn pause_requests_until(&self, time: Timestamp) {
        self.shell.lock().budget.pause_until(time);
    }

    /// Performs a request to the store.
    ///
    /// # Errors
    ///
    /// [`Code::StoreFailed`].
    pub(crate) async fn store(&self, request: StoreRequest) -> Result<StoreAnswer> {
        match self.perform(Request::Store(request)).await {
            Answer::Store(answer) => Ok(answer),
            answer => {
                let reason = failure(answer).message;
                Err(Error::new(
                    Code::StoreFailed,
                    format!(
                        "the store failed ({reason}); nothing was sent. Mend the store and submit again"
                    ),
                ))
            }
        }
    }

    /// Hands something over to the host.
    pub(crate) async fn deliver(&self, delivery: Delivery) -> std::result::Result<(), Failure> {
        match self.perform(Request::Deliver(delivery)).await {
            Answer::Done => Ok(()),
            answer => Err(failure(answer)),
        }
    }

    /// Asks the host for content that it has named.
    pub(crate) async fn fetch(&self, token: String) -> std::result::Result<Vec<u8>, Failure> {
        match self.perform(Request::Fetch { token }).await {
            Answer::Fetched(content) => Ok(content),
            answer => Err(failure(answer)),
        }
    }

    /// As much of `most` as the server's health allows: all while it answers, half after a 429 or 502 to 504, and so on; at
    /// least one.
    pub(crate) fn share(&self, most: u32) -> u32 {
        self.shell.lock().budget.share(most)
    }

    /// How much of the budget is left.
    pub(crate) fn budget(&self, limits: &Limits) -> BudgetHealth {
        let shell = self.shell.lock();
        shell.budget.health(limits, shell.now)
    }

    /// Waits until `deadline`.
    pub(crate) async fn sleep_until(&self, deadline: Timestamp) {
        while self.now() < deadline {
            if let Answer::Failed(_) = self.perform(Request::Timer { deadline }).await {
                return;
            }
        }
    }

    /// The wait before the next try of something that failed `tries` times.
    pub(crate) fn backoff(&self, tries: u32) -> Duration {
        budget::backoff(tries, self.random())
    }

    /// Starts another operation, whose outcome the host is told under the id that is returned.
    pub(crate) fn submit(&self, command: Command) -> OperationId {
        self.start(command, true)
    }

    /// Starts another operation that is no one's business.
    pub(crate) fn spawn(&self, command: Command) {
        self.start(command, false);
    }

    fn start(&self, command: Command, told: bool) -> OperationId {
        let mut shell = self.shell.lock();
        let operation = OperationId(shell.next_id());
        shell.submitted.push_back((operation, command, told));
        operation
    }

    fn perform(&self, request: Request) -> impl Future<Output = Answer> + Send + use<> {
        let id = self.shell.lock().ask(self.operation, request);
        Pending {
            shell: self.shell.clone(),
            operation: self.operation,
            id,
            over: false,
        }
    }
}

fn failure(answer: Answer) -> Failure {
    match answer {
        Answer::Failed(failure) => failure,
        _ => Failure::new(FailureKind::Other, "the answer is of another kind"),
    }
}

/// An effect that waits for its answer. Dropped before, it is cancelled.
struct Pending {
    shell: Shared<Shell>,
    operation: OperationId,
    id: EffectId,
    over: bool,
}

impl Future for Pending {
    type Output = Answer;

    fn poll(mut self: Pin<&mut Self>, task: &mut task::Context<'_>) -> Poll<Answer> {
        let answer = self.shell.lock().take_answer(self.id, task.waker());
        match answer {
            Some(answer) => {
                self.over = true;
                Poll::Ready(answer)
            }
            None => Poll::Pending,
        }
    }
}

impl Drop for Pending {
    fn drop(&mut self) {
        if !self.over {
            self.shell.lock().abandon(self.operation, self.id);
        }
    }
}
