use super::{
    answer::{self, Take, Trouble},
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
use std::sync::Arc;

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
        Ok(Self::json_text(method, path, bytes.into(), not_after))
    }

    /// A write whose body is JSON text already.
    pub(crate) fn json_text(
        method: Method,
        path: impl Into<String>,
        text: Arc<[u8]>,
        not_after: Timestamp,
    ) -> Self {
        Self {
            method,
            path: path.into(),
            query: Query::new(),
            body: vec![BodyPart::Bytes(text)],
            content_type: "application/json".to_owned(),
            not_after,
        }
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
    pub(crate) async fn write<T: DeserializeOwned + Send>(
        &self,
        cx: &Context,
        write: Write,
    ) -> WriteResult<T> {
        let mut value = None;
        self.send(cx, write, &mut value).await?;
        // Taken with the answer, so it is there.
        value.ok_or_else(|| WriteFailure {
            performed: Performed::Unknown,
            error: Error::new(Code::Internal, "an answer was not read"),
        })
    }

    async fn send(&self, cx: &Context, write: Write, value: &mut dyn Take) -> WriteResult<()> {
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
            let trouble = match answer::read(outcome, &instance.host, self.has_spoken(), value) {
                Ok(_) => {
                    self.note_success();
                    return Ok(());
                }
                Err(trouble) => trouble,
            };
            tries += 1;
            let status = trouble.error.http_status;
            if trouble.refused && trouble.passing {
                let resume = resume_at(cx, &trouble, tries);
                if resume > write.not_after {
                    return Err(self.failure(*trouble));
                }
                cx.sleep_until(resume).await;
                last = Some(self.redact(trouble.error));
            } else if status == Some(404) && may_move {
                may_move = false;
                let error = self.redact(trouble.error);
                instance = self
                    .moved(cx, &instance, error)
                    .await
                    .map_err(WriteFailure::not_performed)?;
            } else if status != Some(406) || !self.drop_pin() {
                return Err(self.failure(*trouble));
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        api::testing::{Reply, Server, client, company_info, created, lost, status, with_header},
        effect::FailureKind,
    };
    use serde_json::{Value, json};
    use std::time::Duration;

    fn post(server: &mut Server, seconds: u64) -> WriteResult<Value> {
        let not_after = server.now.after(Duration::from_secs(seconds));
        server.run(move |cx| async move {
            let write = Write::json(
                Method::Post,
                "/service/tickets",
                &json!({"summary": "x"}),
                not_after,
            )?;
            client().write(&cx, write).await
        })
    }

    fn failure(reply: Reply) -> (Performed, Code, usize) {
        let mut server = Server::new([reply]);
        let failure = post(&mut server, 0).unwrap_err();
        (failure.performed, failure.error.code, server.sent.len())
    }

    #[test]
    fn a_write_carries_its_body_its_type_and_its_last_time() {
        let mut server = Server::new([created(json!({"id": 1}))]);
        assert_eq!(post(&mut server, 30).unwrap(), json!({"id": 1}));
        let (at, request) = &server.sent[0];
        assert_eq!(request.not_after, Some(at.after(Duration::from_secs(30))));
        assert!(
            request
                .headers
                .iter()
                .any(|header| header.name == "Content-Type" && header.value == "application/json")
        );
        assert_eq!(server.body(0), json!({"summary": "x"}));
    }

    #[test]
    fn what_may_have_been_performed_comes_back_at_once_as_unknown() {
        for (reply, code) in [
            (lost(FailureKind::Unanswered), Code::Unanswered),
            (lost(FailureKind::Other), Code::Unanswered),
            (lost(FailureKind::TooLarge), Code::AnswerTooLarge),
            (status(408, ""), Code::ServerFailed),
            (status(500, "{}"), Code::ServerFailed),
            (status(502, "<html>"), Code::ServerFailed),
            (status(504, ""), Code::ServerFailed),
            (status(201, ""), Code::UnexpectedAnswer),
            (status(201, "<html>"), Code::UnexpectedAnswer),
            (status(201, "{\"id\":1"), Code::UnexpectedAnswer),
            (status(302, ""), Code::UnexpectedAnswer),
        ] {
            let mut server = Server::new([reply]);
            let failure = post(&mut server, 3600).unwrap_err();
            assert_eq!(
                (failure.performed, failure.error.code),
                (Performed::Unknown, code)
            );
            assert_eq!(server.sent.len(), 1);
        }
    }

    #[test]
    fn what_was_refused_comes_back_as_not_performed() {
        for (reply, code) in [
            (status(400, "{}"), Code::Rejected),
            (status(401, "{}"), Code::Unauthorized),
            (status(403, "{}"), Code::Forbidden),
            (status(404, r#"{"code":"NotFound"}"#), Code::NotFound),
            (status(409, "{}"), Code::InUse),
            (status(413, "<html>"), Code::TooLarge),
            (status(415, ""), Code::Rejected),
            (lost(FailureKind::Tls), Code::Tls),
        ] {
            assert_eq!(failure(reply), (Performed::No, code, 1));
        }
    }

    #[test]
    fn what_never_left_is_tried_again_until_its_time_has_passed() {
        let mut server = Server::new([
            lost(FailureKind::NotSent),
            lost(FailureKind::NotSent),
            created(json!({})),
        ]);
        assert!(post(&mut server, 30).is_ok());
        assert_eq!(server.sent.len(), 3);

        let mut server = Server::new(vec![lost(FailureKind::NotSent); 50]);
        let start = server.now;
        let failure = post(&mut server, 30).unwrap_err();
        assert_eq!(
            (failure.performed, failure.error.code),
            (Performed::No, Code::NotSent)
        );
        assert!(server.sent.len() > 3 && server.now <= start.after(Duration::from_secs(30)));
    }

    #[test]
    fn throttling_is_waited_out_within_the_time() {
        let slow = || with_header(429, "retry-after", "10", "");
        let mut server = Server::new([slow(), created(json!({}))]);
        assert!(post(&mut server, 30).is_ok());
        assert_eq!(server.delays(), [0, 10_000]);

        let mut server = Server::new([slow()]);
        let failure = post(&mut server, 5).unwrap_err();
        assert_eq!(
            (failure.performed, failure.error.code),
            (Performed::No, Code::Throttled)
        );
    }

    #[test]
    fn a_write_whose_time_has_passed_is_not_sent() {
        let mut server = Server::new([]);
        server.now = server.now.after(Duration::from_secs(1));
        let failure = server.run(|cx| async move {
            let past = Timestamp::from_millis(cx.now().millis() - 1);
            let write = Write::json(Method::Post, "/service/tickets", &json!({}), past)?;
            client().write::<Value>(&cx, write).await
        });
        let failure = failure.unwrap_err();
        assert_eq!(
            (failure.performed, failure.error.code),
            (Performed::No, Code::Expired)
        );
    }

    #[test]
    fn a_write_is_followed_to_the_new_codebase() {
        let mut server = Server::new([status(404, "<html>"), created(json!({}))]);
        server.company_info = [company_info("v2025_1/"), company_info("v2025_2/")].into();
        assert!(post(&mut server, 30).is_ok());
        assert!(server.sent[1].1.url.contains("/v2025_2/"));
    }

    #[test]
    fn a_write_that_finds_no_codebase_was_not_performed() {
        let mut server = Server::new([]);
        server.company_info = [lost(FailureKind::Unanswered)].into();
        let failure = post(&mut server, 600).unwrap_err();
        assert_eq!((failure.performed, server.sent.len()), (Performed::No, 0));
    }
}
