//! What the core asks of the host, and what the host answers.
//!
//! Every effect carries an id and is answered exactly once with [`Connector::resolve`](crate::Connector::resolve), in any
//! order, from any thread. The one exception: once an effect was cancelled, it needs no answer, and an answer that still
//! comes is refused as [`Code::StaleEffect`](crate::Code::StaleEffect) and changes nothing.

use crate::{delivery::Delivery, time::Timestamp};
use serde::{Deserialize, Serialize, Serializer};

mod http;
mod store;

pub use http::{BodyPart, Header, HttpRequest, HttpResponse, Method, StoredBody};
pub use store::{Batch, Expectation, Record, StoreAnswer, StoreRequest};

/// Names one effect of one connector. Only grows, is never reused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct EffectId(pub u64);

/// Names one submitted command of one connector. Only grows, is never reused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct OperationId(pub u64);

/// Something that the host is asked to do.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Effect {
    /// To be named in the answer.
    pub id: EffectId,
    /// The operation that waits for it.
    pub operation: OperationId,
    /// What to do.
    #[serde(flatten)]
    pub request: Request,
}

/// What the host is asked to do.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "effect", rename_all = "snake_case")]
#[allow(
    clippy::large_enum_variant,
    reason = "it is moved once and never stored"
)]
pub enum Request {
    /// Send a request and read the answer. Answered with [`Answer::Http`] whatever the status.
    Http(HttpRequest),
    /// Read or change records. Answered with [`Answer::Store`].
    Store(StoreRequest),
    /// Wait. Answered with [`Answer::Done`] at `deadline` or later.
    Timer {
        /// The time at which to answer.
        deadline: Timestamp,
    },
    /// Take something over. Answered with [`Answer::Done`] once it is durable in the host.
    Deliver(#[serde(serialize_with = "apart")] Delivery),
    /// Give content that the host had named. Answered with [`Answer::Fetched`].
    Fetch {
        /// What the host called it.
        token: String,
    },
    /// Stop working on another effect, whose answer is no longer wanted. Answered with [`Answer::Done`].
    Cancel {
        /// That other effect.
        target: EffectId,
    },
}

/// Keeps the id of a delivery apart from that of its effect: `{"id": 7, "effect": "deliver", "delivery": {"id": "...", ...}}`.
fn apart<S: Serializer>(delivery: &Delivery, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_map([("delivery", delivery)])
}

/// What came of an effect.
#[derive(Clone, Debug, PartialEq)]
pub enum Answer {
    /// The server answered, with any status.
    Http(HttpResponse),
    /// The store answered.
    Store(StoreAnswer),
    /// It is done: the time has come, the delivery is durable, the effect is cancelled.
    Done,
    /// The content asked for.
    Fetched(Vec<u8>),
    /// It could not be done.
    Failed(Failure),
}

/// Why an effect could not be done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure {
    /// The class, which decides what is safe to do next.
    pub kind: FailureKind,
    /// What the host knows about it. Must hold no secret.
    #[serde(default)]
    pub message: String,
}

impl Failure {
    /// Makes a failure.
    #[must_use]
    pub fn new(kind: FailureKind, message: impl Into<String>) -> Self {
        Self {
            kind,
            message: message.into(),
        }
    }
}

/// The class of a failure. Where a host is not sure, it says [`Unanswered`](Self::Unanswered).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FailureKind {
    /// Not one byte of the request left: no address, no connection, `not_after` has passed.
    NotSent,
    /// The certificate or TLS version was refused; nothing was sent.
    Tls,
    /// The request may have been performed; no complete answer came.
    Unanswered,
    /// An attachment is not there any more, or has another length than was said; nothing was sent.
    Content,
    /// The answer is larger than `max_answer`.
    TooLarge,
    /// The store, the delivery or the content failed.
    Other,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::delivery::{Event, Subject};

    #[test]
    fn the_id_of_a_delivery_does_not_hide_that_of_its_effect() {
        let delivery = Delivery {
            id: "d-1".to_owned(),
            subject: Subject::Case("10012".to_owned()),
            at: Timestamp::default(),
            event: Event::TicketCreated,
            ticket: None,
            alert: None,
        };
        let effect = Effect {
            id: EffectId(7),
            operation: OperationId(3),
            request: Request::Deliver(delivery),
        };
        let text = serde_json::to_string(&effect).unwrap();
        assert!(
            text.starts_with(r#"{"id":7,"operation":3,"effect":"deliver","delivery":{"id":"d-1","#),
            "{text}"
        );
        assert_eq!(text.matches(r#""id":"#).count(), 2, "{text}");
        assert!(text.contains(r#""case_id":"10012""#), "{text}");
    }
}
