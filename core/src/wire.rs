//! The JSON form of what crosses a face: steps out, commands and answers in. Bodies cross beside it, as bytes.

use crate::{
    command::{Command, CommandByKey, Finished},
    connector::Poll,
    effect::{Answer, BodyPart, Effect, Failure, HttpResponse, Request, StoreAnswer},
    error::{Code, Error, Fault, Result},
    json,
};
use serde::{Deserialize, Serialize};
use std::{fmt, sync::Arc};

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
        let unwritten = |error: &dyn fmt::Display| {
            Error::new(Code::Internal, format!("a step cannot be written: {error}"))
        };
        let mut json = Vec::with_capacity(self.room());
        serde_json::to_writer(&mut json, &step).map_err(|error| unwritten(&error))?;
        String::from_utf8(json).map_err(|error| unwritten(&error))
    }

    /// As many bytes as the JSON form of a request takes at most: a buffer that grows would leave copies of the keys behind.
    fn room(&self) -> usize {
        let Self::Effect(Effect {
            request: Request::Http(request),
            ..
        }) = self
        else {
            return 0;
        };
        let headers = request.headers.iter();
        let headers = headers.map(|header| header.name.len() + 2 * header.value.len() + 32);
        let pieces = request.body.iter().map(|part| match part {
            BodyPart::Bytes(_) => 32,
            BodyPart::Attachment { token, .. } => 64 + 6 * token.len(),
        });
        1024 + request.url.len() + headers.sum::<usize>() + pieces.sum::<usize>()
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

/// A command as the reader of documents takes it, which names each fault's place.
#[derive(Deserialize)]
struct Document(#[serde(with = "CommandByKey")] Command);

impl Command {
    /// Reads a command from JSON, such as `{"command": "submit_case", "case": {...}}`.
    ///
    /// # Errors
    ///
    /// Refuses a bad command with all of its faults.
    pub fn from_json(json: &[u8]) -> Result<Self> {
        let faults = |faults: Vec<Fault>| Error::refused("the command", faults);
        let Document(command) = json::read_tagged(json, "command").map_err(faults)?;
        Ok(command)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults(text: &str) -> Vec<(String, Code)> {
        let error = Command::from_json(text.as_bytes()).unwrap_err();
        let faults = error.faults.into_iter();
        faults.map(|fault| (fault.pointer, fault.code)).collect()
    }

    #[test]
    fn a_command_is_read_by_its_name() {
        let read = |text: &str| Command::from_json(text.as_bytes()).unwrap();
        assert_eq!(read(r#"{"command":"read_catalog"}"#), Command::ReadCatalog);
        assert_eq!(
            read(r#"{"case_id":"10012","command":"continue_case"}"#),
            Command::ContinueCase {
                case_id: "10012".to_owned()
            }
        );
        let preflight = read(r#"{"command":"preflight","write_probe":{"every_route":true}}"#);
        assert!(
            matches!(preflight, Command::Preflight { write_probe: Some(probe), .. } if probe.every_route)
        );
        let told = serde_json::to_string(&Command::DueTasks).unwrap();
        assert_eq!(read(&told), Command::DueTasks);
    }

    #[test]
    fn every_fault_of_a_command_is_named_where_it_stands() {
        let of_case = faults(
            r#"{"command":"submit_case","case":{"id":7,"title":"t","severity":"high","category":"windows",
                "kind":"audit","group":{"id":"48Tech","mail":"x"},"created_at":"2019-02-11T01:07:14Z","updated_at":"yesterday"}}"#,
        );
        let places: Vec<&str> = of_case.iter().map(|(place, _)| place.as_str()).collect();
        assert_eq!(places, ["/case/group/mail", "/case/id", "/case/updated_at"]);
        assert_eq!(
            faults(r#"{"command":"auto_map","dryrun":true,"inventory":{"groups":[{"group":{}}]}}"#),
            [
                ("/dryrun".to_owned(), Code::UnknownKey),
                ("/inventory/groups/0/group/id".to_owned(), Code::MissingKey),
            ]
        );
        assert_eq!(
            faults(r#"{"command":"set_mapping"}"#),
            [("/mappings".to_owned(), Code::MissingKey)]
        );
        assert_eq!(
            faults(r#"{"command":"drift","full":true}"#),
            [("/full".to_owned(), Code::UnknownKey)]
        );
        assert_eq!(
            faults(r#"{"command":"sync_ticket","ticket":1,"ticket":2}"#),
            [("/ticket".to_owned(), Code::InvalidValue)]
        );
    }

    #[test]
    fn what_is_no_command_says_which_there_are() {
        let at = |code| vec![("/command".to_owned(), code)];
        assert_eq!(
            faults(r#"{"command":"submit_cas"}"#),
            at(Code::InvalidValue)
        );
        assert_eq!(faults(r#"{"command":7}"#), at(Code::InvalidValue));
        assert_eq!(faults("{}"), at(Code::MissingKey));
        assert_eq!(faults("[]"), [(String::new(), Code::InvalidValue)]);
        assert_eq!(faults("{"), [(String::new(), Code::MalformedJson)]);
        // What an earlier connector left is not for a host to begin.
        assert_eq!(
            faults(r#"{"command":"continue_deletion"}"#),
            at(Code::InvalidValue)
        );
        let error = Command::from_json(br#"{"command":"submit_cas"}"#).unwrap_err();
        assert!(error.faults[0].fix.contains("submit_case"), "{error:?}");
    }
}
