use super::{
    answer::{self, Answer, Trouble},
    client::{Client, header},
    query::Query,
    retry_after::retry_after,
};
use crate::{
    effect::{HttpRequest, Method},
    error::{Code, Result},
    runtime::Context,
    time::Timestamp,
};
use serde::de::DeserializeOwned;
use std::time::Duration;

/// What a request for a list says about paging (API.md section 4).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Pagination {
    ByNumber,
    ForwardOnly,
}

impl Client {
    /// Reads what a path holds.
    ///
    /// What may pass (no connection, no answer, 408, 429, 5xx, a torn answer) is tried again, at most five times in all
    /// with growing waits. A 404 after a cloud release is followed to the new codebase.
    ///
    /// # Errors
    ///
    /// See `api/error.rs`: what ConnectWise refused, or the last trouble.
    pub(crate) async fn read<T: DeserializeOwned + Send>(
        &self,
        cx: &Context,
        path: &str,
        query: &Query,
    ) -> Result<T> {
        let answer = self.fetch(cx, path, query, Pagination::ByNumber).await?;
        Ok(answer.value)
    }

    pub(super) async fn fetch<T: DeserializeOwned + Send>(
        &self,
        cx: &Context,
        path: &str,
        query: &Query,
        pagination: Pagination,
    ) -> Result<Answer<T>> {
        let mut instance = self.instance(cx).await?;
        let mut may_move = true;
        loop {
            let mut request = self.request(&instance, Method::Get, path, query);
            if pagination == Pagination::ForwardOnly {
                request
                    .headers
                    .push(header("pagination-type", "forward-only"));
            }
            let error = match self.persist(cx, &request, &instance.host).await {
                Ok(answer) => {
                    self.note_success();
                    return Ok(answer);
                }
                Err(error) => error,
            };
            match error.http_status {
                Some(404) if may_move => match self.moved(cx, &instance, &error).await {
                    Some(now) => instance = now,
                    None => return Err(error),
                },
                Some(406) if self.drop_pin() => {}
                _ => return Err(error),
            }
            may_move = may_move && error.http_status != Some(404);
        }
    }

    /// Sends a request until it is answered, refused, or tried often enough.
    pub(super) async fn persist<T: DeserializeOwned>(
        &self,
        cx: &Context,
        request: &HttpRequest,
        host: &str,
    ) -> Result<Answer<T>> {
        let mut tries = 0;
        loop {
            let outcome = cx.http(request.clone()).await;
            let trouble = match answer::read(outcome, host, self.has_spoken()) {
                Ok(answer) => return Ok(answer),
                Err(trouble) => trouble,
            };
            tries += 1;
            let resume = resume_at(cx, &trouble, tries);
            if !trouble.passing || tries >= self.tries() {
                return Err(self.redact(trouble.error));
            }
            cx.sleep_until(resume).await;
        }
    }
}

/// When to try again after `tries` tries. A throttled client holds back all of its requests until then.
pub(super) fn resume_at(cx: &Context, trouble: &Trouble, tries: u32) -> Timestamp {
    let now = cx.now();
    let asked = trouble
        .response
        .as_ref()
        .filter(|response| matches!(response.status, 429 | 503))
        .and_then(|response| retry_after(response, now));
    if trouble.error.code != Code::Throttled {
        let wait = cx.backoff(tries - 1);
        return now.after(asked.map_or(wait, |asked| wait.max(asked.min(Duration::from_secs(60)))));
    }
    let doubling = Duration::from_secs(30 << (tries - 1).min(4));
    let resume = now.after(asked.unwrap_or(doubling));
    cx.pause_requests_until(resume);
    resume
}
