//! Callbacks: what ConnectWise posts to the host when a ticket is saved (API.md section 13, row S1).
//!
//! A callback is a hint, polling is the truth. A callback that is genuine leads to a re-read of its ticket and to nothing
//! else; one that is not leads to no change at all, and to no request other than for a signing key at ConnectWise itself.

use crate::{error::Code, service::TicketId};
use base64::{Engine, engine::general_purpose::STANDARD};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use std::fmt;

mod claim;
mod judge;
mod key_address;
mod payload;
mod receiver;
mod registration;
mod secret;
mod seen;
mod signing_keys;

pub(crate) use claim::{Claim, Refusal, Rules, Verdict};
pub use judge::CallbackJudge;
pub(crate) use key_address::{KeyAddress, Tenant};
pub(crate) use payload::TicketHint;
pub(crate) use receiver::Receiver;
pub(crate) use registration::{Act, Registered, Wanted, description, repairs};
pub use registration::{CallbackAct, CallbackActKind, CallbackRegistration, CallbacksReport};
pub use secret::CallbackSecret;
pub(crate) use secret::PathSecret;
pub(crate) use seen::SeenCallbacks;
pub(crate) use signing_keys::{Lookup, SigningKeys};

/// The largest body of a callback that is looked at, in bytes: 1 MiB. A receiver need not read more.
pub const MAX_CALLBACK_BODY: usize = 1 << 20;

/// A callback as the host's receiver took it in. The receiver answers 204 at once, whatever comes of it: ConnectWise waits
/// five seconds, and repeats a callback only after 404, 409, 419 and 429 (API.md section 13.4).
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CallbackRequest {
    /// The body, byte for byte as it was received, since the signature is made of these bytes. In JSON it is base64 with
    /// the standard alphabet and padding.
    #[serde(serialize_with = "encode", deserialize_with = "decode")]
    pub body: Vec<u8>,
    /// Value of the header `x-content-signature`, where there was one (API.md section 13.3).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signature: Option<String>,
    /// The last segment of the path to which it was posted, without the query: behind the receiver's own address stands a
    /// secret that only ConnectWise was told.
    pub secret: String,
}

fn encode<S: Serializer>(body: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&STANDARD.encode(body))
}

fn decode<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<u8>, D::Error> {
    let text = String::deserialize(deserializer)?;
    STANDARD.decode(text).map_err(|_| {
        de::Error::custom("the body is not base64: encode the received bytes, with padding")
    })
}

impl fmt::Debug for CallbackRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CallbackRequest")
            .field("body", &format_args!("[{} bytes]", self.body.len()))
            .field("signature", &self.signature)
            .finish_non_exhaustive()
    }
}

/// What came of a callback.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "decision", rename_all = "snake_case")]
pub enum CallbackOutcome {
    /// It is genuine: its ticket is read again, as an operation of its own that comes to
    /// [`Outcome::Ticket`](crate::Outcome::Ticket). Callbacks that come before that has begun share it.
    Reread {
        /// The ticket.
        ticket: TicketId,
    },
    /// It tells nothing that is wanted: of a ticket without a case, of another record, or it came before.
    Ignored {
        /// Why, in words for a person.
        why: String,
    },
    /// It is not proven to be of ConnectWise. Nothing was changed.
    Refused {
        /// Why, in words for a person. Holds nothing of what was received.
        why: String,
        /// Stable code. A transient one says that the same callback could be proven later.
        code: Code,
    },
}

impl From<Refusal> for CallbackOutcome {
    fn from(refusal: Refusal) -> Self {
        Self::Refused {
            why: refusal.why,
            code: refusal.code,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_body_crosses_json_byte_for_byte_and_no_secret_is_in_debug_output() {
        let request = CallbackRequest {
            body: vec![0, 255, b'{', 10],
            signature: Some("s".to_owned()),
            secret: "hunter2".to_owned(),
        };
        let text = serde_json::to_string(&request).unwrap();
        assert!(text.contains(r#""body":"AP97Cg==""#), "{text}");
        assert_eq!(
            serde_json::from_str::<CallbackRequest>(&text).unwrap(),
            request
        );
        assert!(!format!("{request:?}").contains("hunter2"));
        for body in ["AP97Cg", "AP97Cg==\n", "*", "AP97Cg==x"] {
            let text = format!(r#"{{"body":{body:?},"secret":"s"}}"#);
            assert!(
                serde_json::from_str::<CallbackRequest>(&text).is_err(),
                "{body}"
            );
        }
    }
}
