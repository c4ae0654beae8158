use crate::{
    effect::{Answer, Failure, HttpRequest, HttpResponse, Request, StoreAnswer, StoreRequest},
    error::Result,
    time::Timestamp,
};

/// What a workflow sees of the runtime: the time, the effects, locks and chance.
#[derive(Clone, Debug)]
pub(crate) struct Context {}

impl Context {
    /// The time of the last call by the host.
    pub(crate) fn now(&self) -> Timestamp {
        Timestamp::default()
    }

    /// A number from the seeded generator.
    pub(crate) fn random(&self) -> u64 {
        0
    }

    /// Sends a request within the budget.
    pub(crate) async fn http(
        &self,
        request: HttpRequest,
    ) -> std::result::Result<HttpResponse, Failure> {
        let _ = (
            request,
            Request::Timer {
                deadline: self.now(),
            },
        );
        std::future::pending::<Answer>().await;
        Err(Failure::new(crate::effect::FailureKind::Other, ""))
    }

    /// Holds back every further request until `time` (a 429's Retry-After).
    pub(crate) fn pause_requests_until(&self, time: Timestamp) {
        let _ = time;
    }

    /// Performs a request to the store.
    pub(crate) async fn store(&self, request: StoreRequest) -> Result<StoreAnswer> {
        let _ = request;
        std::future::pending().await
    }

    /// Waits until `deadline`.
    pub(crate) async fn sleep_until(&self, deadline: Timestamp) {
        let _ = deadline;
    }
}
