use crate::{
    boundary::{free, value_or},
    error::casewire_error,
    text::casewire_text,
};
use casewire::{
    Poll,
    effect::{Effect, HttpRequest, Request},
};
use std::{fmt, sync::OnceLock};
use zeroize::Zeroize;

mod http;
mod news;
mod view;

pub use http::*;
pub use news::*;
pub use view::*;

/// Nothing to do until something is submitted, resolved or cancelled, or until an answer that is due is given.
pub const CASEWIRE_STEP_IDLE: u32 = 1;

/// An operation is over. Needs no answer.
pub const CASEWIRE_STEP_FINISHED: u32 = 2;

/// Send a request. Answered with casewire_answer_set_http whatever ConnectWise's status is.
pub const CASEWIRE_STEP_HTTP: u32 = 3;

/// Read or change records, as `json` says or as a casewire_memory_store does. Answered with casewire_answer_set_json.
pub const CASEWIRE_STEP_STORE: u32 = 4;

/// Wait until casewire_step_deadline_ms. Answered with casewire_answer_set_done then or later.
pub const CASEWIRE_STEP_TIMER: u32 = 5;

/// Take something over, as `json` says. Answered with casewire_answer_set_done once it is durable in the host.
pub const CASEWIRE_STEP_DELIVER: u32 = 6;

/// Give the content that casewire_step_token names. Answered with casewire_answer_set_fetched.
pub const CASEWIRE_STEP_FETCH: u32 = 7;

/// Stop working on the effect casewire_step_cancel_target, which needs no answer any more. Answered with
/// casewire_answer_set_done.
pub const CASEWIRE_STEP_CANCEL: u32 = 8;

/// What a poll gave: an effect to perform and to answer, the end of an operation, or that there is nothing to do.
///
/// It is the caller's, who frees it with casewire_step_free, unless a callback was lent it. It never changes, so any
/// thread may read it. What its functions return lives until it is freed. A function that does not fit the kind of the
/// step, an index that is too large, and NULL give 0 or an empty text.
pub struct casewire_step {
    poll: Poll,
    json: OnceLock<String>,
    lists: OnceLock<view::Lists>,
    failure: Option<casewire_error>,
}

impl casewire_step {
    pub(crate) fn new(poll: Poll) -> Self {
        let failure = match &poll {
            Poll::Finished(finished) => finished.result.as_ref().err(),
            _ => None,
        };
        Self {
            failure: failure.cloned().map(casewire_error::new),
            json: OnceLock::new(),
            lists: OnceLock::new(),
            poll,
        }
    }

    pub(crate) fn poll(&self) -> &Poll {
        &self.poll
    }

    pub(crate) fn effect(&self) -> Option<&Effect> {
        match &self.poll {
            Poll::Effect(effect) => Some(effect),
            _ => None,
        }
    }

    fn json(&self) -> casewire_text {
        let json = self
            .json
            .get_or_init(|| self.poll.to_json().unwrap_or_default());
        casewire_text::of(json)
    }

    fn kind(&self) -> u32 {
        match &self.poll {
            Poll::Idle { .. } => CASEWIRE_STEP_IDLE,
            Poll::Finished(_) => CASEWIRE_STEP_FINISHED,
            Poll::Effect(effect) => match &effect.request {
                Request::Http(_) => CASEWIRE_STEP_HTTP,
                Request::Store(_) => CASEWIRE_STEP_STORE,
                Request::Timer { .. } => CASEWIRE_STEP_TIMER,
                Request::Deliver(_) => CASEWIRE_STEP_DELIVER,
                Request::Fetch { .. } => CASEWIRE_STEP_FETCH,
                Request::Cancel { .. } => CASEWIRE_STEP_CANCEL,
            },
        }
    }

    fn operation(&self) -> Option<u64> {
        match &self.poll {
            Poll::Effect(effect) => Some(effect.operation.0),
            Poll::Finished(finished) => Some(finished.operation.0),
            Poll::Idle { .. } => None,
        }
    }

    fn request(&self) -> Option<&HttpRequest> {
        match &self.effect()?.request {
            Request::Http(request) => Some(request),
            _ => None,
        }
    }
}

impl fmt::Debug for casewire_step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.poll.fmt(f)
    }
}

/// The Authorization header is in the JSON form of a request too.
impl Drop for casewire_step {
    fn drop(&mut self) {
        if self.request().is_some()
            && let Some(json) = self.json.get_mut()
        {
            json.zeroize();
        }
    }
}

/// Asks a step for something, or answers neutrally.
///
/// # Safety
///
/// It is NULL or a step that is not freed while what this returns is in use.
unsafe fn ask<'a, T>(
    step: *const casewire_step,
    neutral: T,
    question: impl FnOnce(&'a casewire_step) -> Option<T>,
) -> T {
    value_or(neutral, || {
        // SAFETY: this function asks for the same.
        question(unsafe { step.as_ref() }?)
    })
}

/// Tells which of the CASEWIRE_STEP_ kinds it is; 0 for NULL. A kind that the program does not know is an effect of a
/// newer library: it is answered with casewire_answer_set_failed and CASEWIRE_FAILURE_OTHER.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn casewire_step_kind(step: *const casewire_step) -> u32 {
    // SAFETY: the caller keeps the promises of the header about this argument.
    unsafe { ask(step, 0, |step| Some(step.kind())) }
}

/// Tells the id of an effect, by which it is answered. Ids only grow, are never reused, and are never 0.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn casewire_step_effect_id(step: *const casewire_step) -> u64 {
    // SAFETY: the caller keeps the promises of the header about this argument.
    unsafe { ask(step, 0, |step| Some(step.effect()?.id.0)) }
}

/// Tells which operation is over, or which one waits for the effect; 0 for effects of the connector itself.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn casewire_step_operation_id(step: *const casewire_step) -> u64 {
    // SAFETY: the caller keeps the promises of the header about this argument.
    unsafe { ask(step, 0, casewire_step::operation) }
}

/// Gives the whole step as JSON, without the bytes of a body. With an HTTP step that includes the Authorization header:
/// do not log it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn casewire_step_json(step: *const casewire_step) -> casewire_text {
    // SAFETY: the caller keeps the promises of the header about this argument.
    unsafe { ask(step, casewire_text::EMPTY, |step| Some(step.json())) }
}

/// Frees a step. NULL is fine. Not for steps that a callback was lent. An effect is not answered by it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn casewire_step_free(step: *mut casewire_step) {
    // SAFETY: it is NULL or a step that the caller owns.
    unsafe { free(step) }
}
