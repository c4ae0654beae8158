//! The JSON form of what crosses a face: steps out, commands and answers in. Bodies cross beside it, as bytes.

use crate::{
    command::{Command, Finished},
    connector::Poll,
    effect::{Answer, BodyPart, Effect, Failure, HttpResponse, Request, StoreAnswer},
    error::{Code, Error, Fault, Result},
    json,
};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// A step in its JSON form.
///
/// `{"step": "effect", ...}`, `{"step": "finished", ...}` or `{"step": "idle", ...}`.
#[derive(Serialize)]
#[serde(tag = "step", rename_all = "snake_case")]
enum Step<'a> {
    Effect {
        #[serde(flatten)]
        effect: &'a Effect,
        /// The pieces of the body, where there is one.
        #[serde(skip_serializing_if = "Vec::is_empty")]
        body: Vec<Piece<'a>>,
    },
    Finished(&'a Finished),
    Idle {
        operations: usize,
        effects: usize,
    },
}

/// A piece of a request's body: either so many bytes, which the face hands out, or an attachment.
#[derive(Serialize)]
struct Piece<'a> {
    size: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    attachment: Option<&'a str>,
}

impl Poll {
    /// The JSON form.
    ///
    /// # Errors
    ///
    /// [`Code::Internal`], which no value of this type is known to cause.
    pub fn to_json(&self) -> Result<String> {
        let step = match self {
            Self::Effect(effect) => Step::Effect {
                effect,
                body: self
                    .body()
                    .iter()
                    .map(|part| Piece {
                        size: part.len(),
                        attachment: match part {
                            BodyPart::Bytes(_) => None,
                            BodyPart::Attachment { token, .. } => Some(token),
                        },
                    })
                    .collect(),
            },
            Self::Finished(finished) => Step::Finished(finished),
            Self::Idle {
                operations,
                effects,
            } => Step::Idle {
                operations: *operations,
                effects: *effects,
            },
        };
        serde_json::to_string(&step).map_err(|error| {
            Error::new(Code::Internal, format!("a step cannot be written: {error}"))
        })
    }

    /// The pieces of the request's body, where the step is a request with one.
    #[must_use]
    pub fn body(&self) -> &[BodyPart] {
        match self {
            Self::Effect(Effect {
                request: Request::Http(request),
                ..
            }) => &request.body,
            _ => &[],
        }
    }

    /// The bytes of one piece of the body; nothing for an attachment, whose bytes the host has.
    #[must_use]
    pub fn body_bytes(&self, piece: usize) -> Option<Arc<[u8]>> {
        match self.body().get(piece)? {
            BodyPart::Bytes(bytes) => Some(Arc::clone(bytes)),
            BodyPart::Attachment { .. } => None,
        }
    }
}

/// An answer in its JSON form: exactly one of these keys.
#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Form {
    /// `{"http": {"status": 200, "headers": [["content-type", "application/json"]]}}`, with the body beside it.
    Http(HttpResponse),
    /// `{"store": {"committed": {"revision": 7}}}`
    Store(StoreAnswer),
    /// `{"done": {}}`
    Done {},
    /// `{"fetched": {}}`, with the content beside it.
    Fetched {},
    /// `{"failed": {"kind": "unanswered", "message": "..."}}`
    Failed(Failure),
}

impl Answer {
    /// Reads an answer from its JSON form and the bytes that came with it.
    ///
    /// # Errors
    ///
    /// Refuses what is not an answer, with its faults.
    pub fn from_json(json: &[u8], body: Vec<u8>) -> Result<Self> {
        let form = json::read(json).map_err(|faults| Error::refused("the answer", faults))?;
        Ok(match form {
            Form::Http(response) => Self::Http(HttpResponse { body, ..response }),
            Form::Store(answer) => Self::Store(answer),
            Form::Done {} => Self::Done,
            Form::Fetched {} => Self::Fetched(body),
            Form::Failed(failure) => Self::Failed(failure),
        })
    }
}

impl Command {
    /// Reads a command from JSON, such as `{"command": "submit_case", "case": {...}}`.
    ///
    /// # Errors
    ///
    /// Refuses a bad command with all of its faults.
    pub fn from_json(json: &[u8]) -> Result<Self> {
        let faults = |faults: Vec<Fault>| Error::refused("the command", faults);
        json::read(json).map_err(faults)
    }
}
