use crate::{
    boundary::{self, Output, borrow, free, lock},
    error::casewire_error,
    status::casewire_status,
    step::casewire_step,
    text::{casewire_slice, casewire_text},
};
use casewire::{
    Code, Error, Result,
    effect::{Answer, Effect, EffectId, Failure, FailureKind, HttpResponse, Request, StoredBody},
};
use std::sync::Mutex;

/// Not one byte of a request left: no address, no connection, its time had passed.
pub const CASEWIRE_FAILURE_NOT_SENT: u32 = 1;

/// The certificate or the TLS version was refused; nothing was sent.
pub const CASEWIRE_FAILURE_TLS: u32 = 2;

/// A request may have been performed, and no complete answer came. Where the host is not sure, it says this.
pub const CASEWIRE_FAILURE_UNANSWERED: u32 = 3;

/// The answer is larger than casewire_step_http_max_answer.
pub const CASEWIRE_FAILURE_TOO_LARGE: u32 = 4;

/// The store, the delivery or the content failed.
pub const CASEWIRE_FAILURE_OTHER: u32 = 5;

/// An attachment is not there any more, or has another length than the step says; nothing was sent.
pub const CASEWIRE_FAILURE_CONTENT: u32 = 6;

/// What came of an effect, made piece by piece and then given to casewire_connector_answer.
///
/// It is the caller's, who frees it with casewire_answer_free, unless a callback was lent it to fill it in. Any thread
/// may use it, one call at a time takes effect. A second casewire_answer_set_... takes the place of the first.
#[derive(Debug)]
pub struct casewire_answer {
    effect: EffectId,
    max_body: u64,
    content: Mutex<Option<Answer>>,
}

impl casewire_answer {
    pub(crate) fn to(effect: &Effect) -> Self {
        Self {
            effect: effect.id,
            max_body: match &effect.request {
                Request::Http(request) => request.max_answer,
                _ => u64::MAX,
            },
            content: Mutex::new(None),
        }
    }

    /// The effect that it answers.
    pub(crate) fn effect(&self) -> EffectId {
        self.effect
    }

    pub(crate) fn set(&self, answer: Answer) {
        *lock(&self.content) = Some(answer);
    }

    /// Takes the content out; nothing where none was set.
    pub(crate) fn take(&self) -> Option<Answer> {
        lock(&self.content).take()
    }

    /// # Errors
    ///
    /// [`Code::WrongAnswer`] for an answer that has no headers.
    fn add_header(&self, name: &str, value: &str) -> Result<()> {
        match lock(&self.content).as_mut() {
            Some(Answer::Http(response)) => {
                response.headers.push((name.to_owned(), value.to_owned()));
                Ok(())
            }
            _ => Err(wrong("a header", "casewire_answer_set_http")),
        }
    }

    /// # Errors
    ///
    /// [`Code::WrongAnswer`] for an answer that has no body, [`Code::AnswerTooLarge`] above the effect's bound.
    fn add_body(&self, bytes: &[u8]) -> Result<()> {
        let mut content = lock(&self.content);
        let body = match content.as_mut() {
            Some(Answer::Http(response)) => &mut response.body,
            Some(Answer::Fetched(body)) => body,
            // The rest of a body that was found too large.
            Some(Answer::Failed(failure)) if failure.kind == FailureKind::TooLarge => {
                return Err(self.too_large());
            }
            _ => {
                let setter = "casewire_answer_set_http or casewire_answer_set_fetched";
                return Err(wrong("a body", setter));
            }
        };
        if body.len() as u64 + bytes.len() as u64 > self.max_body {
            let error = self.too_large();
            let failure = Failure::new(FailureKind::TooLarge, error.message.clone());
            *content = Some(Answer::Failed(failure));
            return Err(error);
        }
        body.extend_from_slice(bytes);
        Ok(())
    }

    /// # Errors
    ///
    /// [`Code::WrongAnswer`] for an answer that has no body.
    fn set_stored(&self, stored: StoredBody) -> Result<()> {
        match lock(&self.content).as_mut() {
            Some(Answer::Http(response)) => {
                response.stored = Some(stored);
                Ok(())
            }
            _ => Err(wrong("a stored body", "casewire_answer_set_http")),
        }
    }

    fn too_large(&self) -> Error {
        let message = format!(
            "the answer is larger than {} bytes: stop reading it",
            self.max_body
        );
        Error::new(Code::AnswerTooLarge, message)
    }
}

fn wrong(what: &str, setter: &str) -> Error {
    Error::new(
        Code::WrongAnswer,
        format!("{what} has no place in this answer: call {setter} first"),
    )
}

/// Makes an empty answer to an effect. It refers to nothing in the step, which may be freed before it.
///
/// Fails with CASEWIRE_STATUS_WRONG_ANSWER if the step is no effect.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn casewire_answer_new(
    step: *const casewire_step,
    answer: *mut *mut casewire_answer,
    error: *mut *mut casewire_error,
) -> casewire_status {
    // SAFETY: the caller keeps the promises of the header about these arguments.
    unsafe {
        boundary::status(error, || {
            let step = borrow(step, "step")?;
            let output = Output::new(answer, "answer")?;
            let effect = step.effect().ok_or_else(|| {
                Error::new(
                    Code::WrongAnswer,
                    "the step is no effect: it needs no answer",
                )
            })?;
            output.hand_out(casewire_answer::to(effect));
            Ok(())
        })
    }
}

/// Says that the server answered, with this HTTP status (100 to 599). Headers and body are added after it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn casewire_answer_set_http(
    answer: *mut casewire_answer,
    http_status: u32,
    error: *mut *mut casewire_error,
) -> casewire_status {
    // SAFETY: the caller keeps the promises of the header about these arguments.
    unsafe {
        boundary::status(error, || {
            let answer = borrow(answer, "answer")?;
            let status = u16::try_from(http_status).ok();
            let status = status.filter(|status| (100..600).contains(status));
            let status = status.ok_or_else(|| {
                let message = format!("http_status is {http_status}: give 100 to 599");
                Error::new(Code::InvalidValue, message)
            })?;
            answer.set(Answer::Http(HttpResponse {
                status,
                headers: Vec::new(),
                body: Vec::new(),
                stored: None,
            }));
            Ok(())
        })
    }
}

/// Adds a header that the server sent: at least `content-type`, `link`, `retry-after` and `date` are wanted. Name and
/// value are copied. One that is not UTF-8 is refused, and may be left out.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn casewire_answer_add_header(
    answer: *mut casewire_answer,
    name: casewire_text,
    value: casewire_text,
    error: *mut *mut casewire_error,
) -> casewire_status {
    // SAFETY: the caller keeps the promises of the header about these arguments.
    unsafe {
        boundary::status(error, || {
            let answer = borrow(answer, "answer")?;
            answer.add_header(name.read("name")?, value.read("value")?)
        })
    }
}

/// Adds bytes to the end of the body that the server sent, or of the content that was fetched. They are copied.
///
/// Fails with CASEWIRE_STATUS_ANSWER_TOO_LARGE when a body grows above casewire_step_http_max_answer; the answer has then
/// become CASEWIRE_FAILURE_TOO_LARGE by itself, and the host stops reading.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn casewire_answer_add_body(
    answer: *mut casewire_answer,
    bytes: casewire_slice,
    error: *mut *mut casewire_error,
) -> casewire_status {
    // SAFETY: the caller keeps the promises of the header about these arguments.
    unsafe {
        boundary::status(error, || {
            borrow(answer, "answer")?.add_body(bytes.read("bytes")?)
        })
    }
}

/// Says that the host stored the body that the server sent, as casewire_step_http_store_as asked: its length and its SHA-256 in
/// 64 lower-case hexadecimal digits. Called after casewire_answer_set_http, in place of casewire_answer_add_body.
///
/// Fails with CASEWIRE_STATUS_WRONG_ANSWER where the answer has no body.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn casewire_answer_set_stored(
    answer: *mut casewire_answer,
    size: u64,
    sha256: casewire_text,
    error: *mut *mut casewire_error,
) -> casewire_status {
    // SAFETY: the caller keeps the promises of the header about these arguments.
    unsafe {
        boundary::status(error, || {
            let answer = borrow(answer, "answer")?;
            let sha256 = sha256.read("sha256")?.to_owned();
            answer.set_stored(StoredBody { size, sha256 })
        })
    }
}

/// Says that it is done: the time has come, the delivery is durable, the effect is cancelled.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn casewire_answer_set_done(
    answer: *mut casewire_answer,
    error: *mut *mut casewire_error,
) -> casewire_status {
    // SAFETY: the caller keeps the promises of the header about these arguments.
    unsafe {
        boundary::status(error, || {
            borrow(answer, "answer")?.set(Answer::Done);
            Ok(())
        })
    }
}

/// Says that the content that was asked for is there. Its bytes are added with casewire_answer_add_body.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn casewire_answer_set_fetched(
    answer: *mut casewire_answer,
    error: *mut *mut casewire_error,
) -> casewire_status {
    // SAFETY: the caller keeps the promises of the header about these arguments.
    unsafe {
        boundary::status(error, || {
            borrow(answer, "answer")?.set(Answer::Fetched(Vec::new()));
            Ok(())
        })
    }
}

/// Says that it could not be done: one of the CASEWIRE_FAILURE_ kinds, and what the host knows about it, which must hold
/// no secret. The message is copied.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn casewire_answer_set_failed(
    answer: *mut casewire_answer,
    failure: u32,
    message: casewire_text,
    error: *mut *mut casewire_error,
) -> casewire_status {
    // SAFETY: the caller keeps the promises of the header about these arguments.
    unsafe {
        boundary::status(error, || {
            let answer = borrow(answer, "answer")?;
            let message = message.read("message")?;
            let kind = match failure {
                CASEWIRE_FAILURE_NOT_SENT => FailureKind::NotSent,
                CASEWIRE_FAILURE_TLS => FailureKind::Tls,
                CASEWIRE_FAILURE_UNANSWERED => FailureKind::Unanswered,
                CASEWIRE_FAILURE_TOO_LARGE => FailureKind::TooLarge,
                CASEWIRE_FAILURE_OTHER => FailureKind::Other,
                CASEWIRE_FAILURE_CONTENT => FailureKind::Content,
                _ => {
                    return Err(Error::new(
                        Code::InvalidValue,
                        format!("failure is {failure}: give one of CASEWIRE_FAILURE_..."),
                    ));
                }
            };
            answer.set(Answer::Failed(Failure::new(kind, message)));
            Ok(())
        })
    }
}

/// Sets the whole answer from its JSON form, with the body beside it; both are copied. Exactly one of:
///
///     {"http": {"status": 200, "headers": [["content-type", "application/json"]]}}
///     {"http": {"status": 200, "headers": [], "stored": {"size": 4, "sha256": "9f86..."}}}
///     {"store": {"records": [{"key": "a", "revision": 1, "value": "{}"}, null]}}
///     {"store": {"page": [{"key": "a", "revision": 1, "value": "{}"}]}}
///     {"store": {"committed": {"revision": 7}}}
///     {"store": "conflict"}
///     {"done": {}}
///     {"fetched": {}}
///     {"failed": {"kind": "unanswered", "message": "..."}}
#[unsafe(no_mangle)]
pub unsafe extern "C" fn casewire_answer_set_json(
    answer: *mut casewire_answer,
    json: casewire_text,
    body: casewire_slice,
    error: *mut *mut casewire_error,
) -> casewire_status {
    // SAFETY: the caller keeps the promises of the header about these arguments.
    unsafe {
        boundary::status(error, || {
            let answer = borrow(answer, "answer")?;
            let json = json.read("json")?;
            let body = body.read("body")?;
            answer.set(Answer::from_json(json.as_bytes(), Vec::new())?);
            if body.is_empty() {
                return Ok(());
            }
            answer.add_body(body)
        })
    }
}

/// Frees an answer. NULL is fine. Not for answers that a callback was lent.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn casewire_answer_free(answer: *mut casewire_answer) {
    // SAFETY: it is NULL or an answer that the caller owns.
    unsafe { free(answer) }
}
