use super::{
    answer::{self, Trouble},
    client::{Client, header},
    query::Query,
    read::resume_at,
};
use crate::{
    effect::{BodyPart, Method},
    error::{Code, Error},
    runtime::Context,
    time::Timestamp,
};
use serde::{Serialize, de::DeserializeOwned};

/// A request that changes something.
#[derive(Clone, Debug)]
pub(crate) struct Write {
    pub(crate) method: Method,
    /// Path below `apis/3.0`.
    pub(crate) path: String,
    pub(crate) query: Query,
    pub(crate) body: Vec<BodyPart>,
    pub(crate) content_type: String,
    /// It must not leave later than this.
    pub(crate) not_after: Timestamp,
}

/// Whether ConnectWise may have performed a write that failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Performed {
    /// It surely has not: nothing was sent, or it was refused.
    No,
    /// It may have, now or within the settle window: search before trying again.
    Unknown,
}

/// A write that failed.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct WriteFailure {
    pub(crate) performed: Performed,
    pub(crate) error: Error,
}

/// What comes of a write.
pub(crate) type WriteResult<T> = Result<T, WriteFailure>;

impl WriteFailure {
    pub(crate) fn not_performed(error: Error) -> Self {
        Self {
            performed: Performed::No,
            error,
        }
    }
}

impl Write {
    /// A write with a JSON body.
    pub(crate) fn json(
        method: Method,
        path: impl Into<String>,
        body: &impl Serialize,
        not_after: Timestamp,
    ) -> WriteResult<Self> {
        let bytes = serde_json::to_vec(body).map_err(|fault| {
            let error = Error::new(
                Code::Internal,
                format!("a request could not be written: {fault}"),
            );
            WriteFailure::not_performed(error)
        })?;
        Ok(Self {
            method,
            path: path.into(),
            query: Query::new(),
            body: vec![BodyPart::Bytes(bytes.into())],
            content_type: "application/json".to_owned(),
            not_after,
        })
    }

    /// Sets the query.
    pub(crate) fn query(self, query: Query) -> Self {
        Self { query, ..self }
    }
}

impl Client {
    /// Performs a write.
    ///
    /// Only what ConnectWise surely has not performed and what may fare better (nothing could be sent, 429, a changed
    /// codebase) is tried again, until `not_after`. Anything else comes back at once: a write is never repeated while
    /// it may have been performed (API.md section 6.3).
    ///
    /// # Errors
    ///
    /// The failure says whether the write may have been performed.
    pub(crate) async fn write<T: DeserializeOwned>(
        &self,
        cx: &Context,
        write: Write,
    ) -> WriteResult<T> {
        let mut instance = self
            .instance(cx)
            .await
            .map_err(WriteFailure::not_performed)?;
        let size = write.body.iter().map(BodyPart::len).sum();
        let mut last = None;
        let mut may_move = true;
        let mut tries = 0;
        loop {
            if cx.now() > write.not_after {
                let error = last.unwrap_or_else(expired);
                return Err(WriteFailure::not_performed(error));
            }
            let mut request = self.request(&instance, write.method, &write.path, &write.query);
            if !write.body.is_empty() {
                request
                    .headers
                    .push(header("Content-Type", &write.content_type));
            }
            request.body.clone_from(&write.body);
            request.timeout_ms = self.timeout_ms(size);
            request.not_after = Some(write.not_after);

            let outcome = cx.http(request).await;
            let trouble = match answer::read(outcome, &instance.host, self.has_spoken()) {
                Ok(answer) => {
                    self.note_success();
                    return Ok(answer.value);
                }
                Err(trouble) => trouble,
            };
            tries += 1;
            let status = trouble.error.http_status;
            if trouble.refused && trouble.passing {
                let resume = resume_at(cx, &trouble, tries);
                if resume > write.not_after {
                    return Err(self.failure(trouble));
                }
                cx.sleep_until(resume).await;
                last = Some(self.redact(trouble.error));
            } else if status == Some(404) && may_move {
                may_move = false;
                match self.moved(cx, &instance, &trouble.error).await {
                    Some(now) => instance = now,
                    None => return Err(self.failure(trouble)),
                }
            } else if status != Some(406) || !self.drop_pin() {
                return Err(self.failure(trouble));
            }
        }
    }

    fn failure(&self, trouble: Trouble) -> WriteFailure {
        WriteFailure {
            performed: if trouble.refused {
                Performed::No
            } else {
                Performed::Unknown
            },
            error: self.redact(trouble.error),
        }
    }
}

fn expired() -> Error {
    Error::new(
        Code::Expired,
        "the write was not sent because its time had passed; it is taken up again with a new time",
    )
}
