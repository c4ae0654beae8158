//! Reads JSON documents: those of a host, of which all faults are named at once, and those of ConnectWise and of the store.
//!
//! A text becomes a tree, which borrows from it, in one pass; types are read from the tree. What is wrong in a document of a host
//! is noted, something harmless is put in its place, and the tree is read again.

use crate::error::{Code, Fault};
use node::Node;
use problem::Problem;
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::fmt;
use tree::Tree;

mod access;
mod faults;
mod node;
mod problem;
mod repairs;
mod strict;
mod tree;

/// Why a document that is no host's does not read.
#[derive(Debug)]
pub(crate) enum Unreadable {
    /// It is no JSON, or breaks off.
    Malformed(serde_json::Error),
    /// It is JSON of another form.
    OtherForm(Problem),
}

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Malformed(error) => error.fmt(f),
            Self::OtherForm(problem) => problem.fmt(f),
        }
    }
}

/// Reads a document of ConnectWise or of the store: what its type does not know is no fault.
///
/// # Errors
/// The first fault.
pub(crate) fn of_text<T: DeserializeOwned>(text: &str) -> Result<T, Unreadable> {
    Document::parse(text)?.read()
}

/// Reads what is a value already.
///
/// # Errors
/// As [`of_text`].
pub(crate) fn of_value<T: DeserializeOwned>(value: &Value) -> Result<T, Unreadable> {
    Document(Tree::from(value)).read()
}

/// A document that may be read as more than one type.
#[derive(Debug)]
pub(crate) struct Document<'a>(Tree<'a>);

impl<'a> Document<'a> {
    /// # Errors
    /// [`Unreadable::Malformed`].
    pub(crate) fn parse(text: &'a str) -> Result<Self, Unreadable> {
        Tree::parse(text).map(Self).map_err(Unreadable::Malformed)
    }

    /// # Errors
    /// [`Unreadable::OtherForm`].
    pub(crate) fn read<T: DeserializeOwned>(&self) -> Result<T, Unreadable> {
        T::deserialize(Node::sound(&self.0)).map_err(Unreadable::OtherForm)
    }
}

/// Reads a document. Types should carry `deny_unknown_fields`.
///
/// # Errors
/// Every fault of form: bad UTF-8, malformed JSON, repeated, unknown and missing keys, and values of the wrong type.
pub fn read<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Vec<Fault>> {
    read_and_check(bytes, |_| Vec::new())
}

/// Reads a document and checks its meaning. Faults of meaning are named next to those of form wherever enough of the
/// document could be read to judge it.
pub(crate) fn read_and_check<T: DeserializeOwned>(
    bytes: &[u8],
    check: impl Fn(&T) -> Vec<Fault>,
) -> Result<T, Vec<Fault>> {
    faults::read(text(bytes)?, None, check)
}

/// Reads a document of others of which it matters only whether it is sound: nothing where [`read`] names a fault.
pub(crate) fn sound<T: DeserializeOwned>(bytes: &[u8]) -> Option<T> {
    strict::read(std::str::from_utf8(bytes).ok()?)
}

/// Reads a document as [`read_and_check`] does, of a kind that comes so often that a reader of its own is worth its size.
pub(crate) fn read_often<T: DeserializeOwned>(
    bytes: &[u8],
    check: impl Fn(&T) -> Vec<Fault>,
) -> Result<T, Vec<Fault>> {
    match sound(bytes) {
        Some(document) if check(&document).is_empty() => Ok(document),
        _ => read_and_check(bytes, check),
    }
}

/// Reads a document that says by the key `tag`, beside its own keys, which choice of the enum it is. The enum itself has one
/// key for each choice, as serde writes enums by default: so every fault keeps its place, which serde's own tags lose.
pub(crate) fn read_tagged<T: DeserializeOwned>(
    bytes: &[u8],
    tag: &'static str,
) -> Result<T, Vec<Fault>> {
    faults::read(text(bytes)?, Some(tag), |_| Vec::new())
}

fn text(bytes: &[u8]) -> Result<&str, Vec<Fault>> {
    std::str::from_utf8(bytes).map_err(|error| {
        vec![Fault::new(
            Code::InvalidUtf8,
            "",
            format!("the text is not UTF-8 at byte {}", error.valid_up_to()),
            "Save the document as UTF-8",
        )]
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::{Span, Timestamp};
    use serde::Deserialize;
    use std::collections::BTreeMap;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "only its form matters")]
    struct Sample {
        name: String,
        count: u8,
        at: Timestamp,
        #[serde(default)]
        every: Option<Span>,
        #[serde(default)]
        inner: Vec<Inner>,
        #[serde(default)]
        map: BTreeMap<String, Inner>,
        #[serde(default)]
        key: Option<Key>,
    }

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "only its form matters")]
    struct Inner {
        severity: Level,
        #[serde(default)]
        flag: bool,
    }

    #[derive(Debug, Deserialize)]
    #[serde(rename_all = "snake_case")]
    enum Level {
        High,
        Low,
    }

    #[derive(Debug, Deserialize)]
    #[serde(rename_all = "snake_case")]
    #[expect(dead_code, reason = "only its form matters")]
    enum Key {
        Identifier(String),
        Id(u32),
    }

    fn faults(text: &str) -> Vec<(String, Code)> {
        let faults = read::<Sample>(text.as_bytes()).unwrap_err();
        assert!(
            faults
                .iter()
                .all(|fault| !fault.fix.is_empty() && !fault.message.is_empty())
        );
        faults
            .into_iter()
            .map(|fault| (fault.pointer, fault.code))
            .collect()
    }

    fn fault(text: &str) -> Fault {
        let mut faults = read::<Sample>(text.as_bytes()).unwrap_err();
        assert_eq!(faults.len(), 1, "{faults:?}");
        faults.remove(0)
    }

    const SOUND: &str = r#"{"name":"n","count":1,"at":"2019-02-11T01:07:14Z","every":"6h",
        "inner":[{"severity":"high"}],"map":{"a":{"severity":"low","flag":true}},"key":{"id":7}}"#;

    #[test]
    fn a_sound_document_is_read() {
        assert!(read::<Sample>(SOUND.as_bytes()).is_ok());
    }

    #[test]
    fn all_faults_are_named_at_once() {
        let found = faults(
            r#"{"nam":"n","count":300,"at":"yesterday","every":6,
                "inner":[{"severty":"high"},{"severity":"hihg"},{"severity":"low","flag":"yes"},7],
                "map":{"a/b":{"flag":1,"severity":null}},"key":{"identifer":"x"}}"#,
        );
        let expected = [
            ("/nam", Code::UnknownKey),
            ("/name", Code::MissingKey),
            ("/count", Code::InvalidValue),
            ("/at", Code::InvalidValue),
            ("/every", Code::InvalidValue),
            ("/inner/0/severty", Code::UnknownKey),
            ("/inner/0/severity", Code::MissingKey),
            ("/inner/1/severity", Code::InvalidValue),
            ("/inner/2/flag", Code::InvalidValue),
            ("/inner/3", Code::InvalidValue),
            ("/map/a~1b/flag", Code::InvalidValue),
            ("/map/a~1b/severity", Code::InvalidValue),
            ("/key/identifer", Code::UnknownKey),
        ];
        for (pointer, code) in expected {
            assert!(
                found.contains(&(pointer.to_owned(), code)),
                "{pointer} in {found:?}"
            );
        }
        assert_eq!(found.len(), expected.len(), "{found:?}");
    }

    #[test]
    fn the_nearest_key_is_offered() {
        let fault = fault(&SOUND.replace("\"count\"", "\"count\":2,\"nmae\""));
        assert_eq!(fault.pointer, "/nmae");
        assert!(fault.fix.contains("Did you mean 'name'?"), "{}", fault.fix);
        assert!(fault.fix.contains("every"), "{}", fault.fix);
    }

    #[test]
    fn repeated_keys_are_refused_at_any_depth() {
        let found = faults(&SOUND.replace("{\"id\":7}", "{\"id\":7,\"id\":8}"));
        assert_eq!(found, [("/key/id".to_owned(), Code::InvalidValue)]);
        let found = faults(&SOUND.replace("\"map\":{", "\"map\":{\"a\":{\"severity\":\"low\"},"));
        assert_eq!(found, [("/map/a".to_owned(), Code::InvalidValue)]);
    }

    #[test]
    fn malformed_text_names_line_and_column() {
        for text in [
            "",
            "{",
            "{\"a\":1,}",
            "[1 2]",
            "nul",
            "{} {}",
            "\"\\ud800\"",
            "\u{feff}{}",
        ] {
            let fault = fault(text);
            assert_eq!(fault.code, Code::MalformedJson, "{text}");
            assert!(fault.message.contains("line"), "{}", fault.message);
        }
        assert_eq!(fault(&"[".repeat(100_000)).code, Code::MalformedJson);
        let error = read::<Sample>(b"{\"name\":\"\xff\"}").unwrap_err();
        assert_eq!(error[0].code, Code::InvalidUtf8);
        assert!(error[0].message.contains("byte 9"));
    }

    #[test]
    fn any_text_is_either_read_or_refused_with_faults() {
        for cut in 0..SOUND.len() {
            let text = &SOUND[..cut];
            assert!(!read::<Sample>(text.as_bytes()).unwrap_err().is_empty());
            let swapped = SOUND.replacen(&SOUND[cut..=cut], "[", 1);
            let _ = read::<Sample>(swapped.as_bytes());
        }
        for text in ["null", "[]", "7", "\"x\"", "true", "{}", "[{}]"] {
            assert!(
                !read::<Sample>(text.as_bytes()).unwrap_err().is_empty(),
                "{text}"
            );
        }
    }
}
