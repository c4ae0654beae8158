use crate::text::casewire_text;
use casewire::{
    Code, Error, Outcome, Poll,
    effect::{Answer, EffectId, OperationId, Request},
};
use std::ffi::c_void;

/// What ends the connector.
pub const CASEWIRE_LOG_ERROR: u32 = 1;

/// What failed: an operation, or an effect, which may be tried again.
pub const CASEWIRE_LOG_WARNING: u32 = 2;

/// Operations and deliveries.
pub const CASEWIRE_LOG_INFO: u32 = 3;

/// Requests and other effects, and what came of them.
pub const CASEWIRE_LOG_DEBUG: u32 = 4;

/// Takes a line of a connector's log: one of the CASEWIRE_LOG_ levels, and a message that is lent until it returns. The
/// message holds no secret, and no query, header or body of a request.
///
/// It is called on the thread that made the call, before that returns, and no lock is held: it may call any function with
/// any object, but must not free the connector. It must not throw or jump out.
pub type casewire_log =
    Option<unsafe extern "C" fn(user_data: *mut c_void, level: u32, message: casewire_text)>;

/// Where a connector says what it does.
#[derive(Debug)]
pub(crate) struct Log {
    callback: casewire_log,
    user_data: *mut c_void,
    level: u32,
}

// SAFETY: whoever gives the callback promises that any thread may call it with its `user_data`.
unsafe impl Send for Log {}
// SAFETY: as above.
unsafe impl Sync for Log {}

impl Log {
    pub(crate) const NONE: Self = Self {
        callback: None,
        user_data: std::ptr::null_mut(),
        level: 0,
    };

    pub(crate) fn new(callback: casewire_log, user_data: *mut c_void, level: u32) -> Self {
        Self {
            callback,
            user_data,
            level,
        }
    }

    /// Says something, which is put into words only where it is wanted.
    fn say(&self, level: u32, message: impl FnOnce() -> String) {
        if level <= self.level
            && let Some(callback) = self.callback
        {
            let message = message();
            // SAFETY: who gave the callback promised that it is callable as long as the connector lives.
            unsafe { callback(self.user_data, level, casewire_text::of(&message)) }
        }
    }

    pub(crate) fn submitted(&self, operation: OperationId) {
        self.say(CASEWIRE_LOG_INFO, || {
            format!("operation {} was submitted", operation.0)
        });
    }

    pub(crate) fn cancelled(&self, operation: OperationId) {
        self.say(CASEWIRE_LOG_INFO, || {
            format!("operation {} was cancelled", operation.0)
        });
    }

    pub(crate) fn polled(&self, poll: &Poll) {
        match poll {
            Poll::Idle { .. } => {}
            Poll::Finished(finished) => match &finished.result {
                Ok(outcome) => self.say(CASEWIRE_LOG_INFO, || {
                    let ticket = match outcome {
                        Outcome::Case(case) => case.ticket_id,
                        _ => None,
                    };
                    let ticket = ticket.map_or(String::new(), |id| format!(": ticket {}", id.0));
                    format!("operation {} is over{ticket}", finished.operation.0)
                }),
                Err(error) => self.say(CASEWIRE_LOG_WARNING, || {
                    format!(
                        "operation {} failed: {}",
                        finished.operation.0,
                        error.code.name()
                    )
                }),
            },
            Poll::Effect(effect) => {
                let id = effect.id.0;
                let level = match &effect.request {
                    Request::Deliver(_) => CASEWIRE_LOG_INFO,
                    _ => CASEWIRE_LOG_DEBUG,
                };
                self.say(level, || format!("effect {id}: {}", shown(&effect.request)));
            }
        }
    }

    pub(crate) fn answered(&self, effect: EffectId, answer: &Said) {
        match answer {
            Said::Status(status) => self.say(CASEWIRE_LOG_DEBUG, || {
                format!("effect {}: answered with {status}", effect.0)
            }),
            Said::Done => self.say(CASEWIRE_LOG_DEBUG, || {
                format!("effect {}: answered", effect.0)
            }),
            Said::Failed(kind) => self.say(CASEWIRE_LOG_WARNING, || {
                format!("effect {}: failed, {kind}", effect.0)
            }),
        }
    }

    pub(crate) fn refused(&self, error: &Error) {
        if error.code == Code::Internal {
            self.say(CASEWIRE_LOG_ERROR, || {
                "casewire met a fault of its own: the connector can only be freed".to_owned()
            });
        }
    }
}

/// What an answer says, as far as it is logged.
pub(crate) enum Said {
    Status(u16),
    Done,
    Failed(String),
}

impl Said {
    pub(crate) fn of(answer: &Answer) -> Self {
        match answer {
            Answer::Http(response) => Self::Status(response.status),
            // The host's own message may say more than it should.
            Answer::Failed(failure) => Self::Failed(format!("{:?}", failure.kind)),
            _ => Self::Done,
        }
    }
}

fn shown(request: &Request) -> String {
    match request {
        Request::Http(request) => {
            let path = request.url.split(['?', '#']).next().unwrap_or_default();
            format!("{} {path}", request.method.as_str())
        }
        Request::Store(_) => "store".to_owned(),
        Request::Timer { deadline } => format!("timer until {deadline}"),
        Request::Deliver(delivery) => format!("delivery {}", delivery.id),
        Request::Fetch { .. } => "content".to_owned(),
        Request::Cancel { target } => format!("cancel of effect {}", target.0),
    }
}
