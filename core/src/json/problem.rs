use crate::nearest::{did_you_mean, listed};
use serde::de;
use std::fmt;

/// What a type says against a value, and where it stood.
#[derive(Debug)]
pub(crate) struct Problem {
    /// Where, once the nearest node has said so.
    pub(super) pointer: Option<String>,
    pub(super) kind: Kind,
}

#[derive(Debug)]
pub(super) enum Kind {
    /// Something of another type or range stands there.
    Unexpected { found: String, expected: String },
    /// A key that must be there is not.
    Missing(&'static str),
    /// A word that is none of these.
    UnknownWord {
        word: String,
        known: &'static [&'static str],
    },
    /// A choice is made by exactly one key, and there are none or several.
    NotOneKey { known: &'static [&'static str] },
    /// What the type itself says.
    Other(String),
}

impl Problem {
    pub(super) fn new(kind: Kind) -> Self {
        Self {
            pointer: None,
            kind,
        }
    }

    /// Says where, unless a node further in has said so.
    pub(super) fn at(mut self, pointer: String) -> Self {
        self.pointer.get_or_insert(pointer);
        self
    }

    /// What is wrong.
    pub(super) fn message(&self) -> String {
        match &self.kind {
            Kind::Missing(key) => format!("the key '{key}' is missing"),
            Kind::Unexpected { found, expected } => format!("expected {expected}, found {found}"),
            Kind::UnknownWord { word, .. } => format!(
                "'{}' is none of the words that may stand here",
                crate::text::cut(word, 60)
            ),
            Kind::NotOneKey { .. } => "an object with exactly one key must stand here".to_owned(),
            Kind::Other(message) => message.clone(),
        }
    }

    /// How to mend it.
    pub(super) fn fix(&self) -> String {
        match &self.kind {
            Kind::Missing(key) => format!("Add '{key}'"),
            Kind::Unexpected { expected, .. } => format!("Write {expected} here"),
            Kind::UnknownWord { word, known } => {
                let nearest = did_you_mean(word, known);
                format!("{nearest}Write one of: {}", listed(known))
            }
            Kind::NotOneKey { known } => format!("Keep one of: {}", listed(known)),
            Kind::Other(_) => "Write a value of that form".to_owned(),
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.pointer.as_deref() {
            Some(pointer) if !pointer.is_empty() => write!(f, "{pointer}: {}", self.message()),
            _ => f.write_str(&self.message()),
        }
    }
}

impl std::error::Error for Problem {}

impl de::Error for Problem {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self::new(Kind::Other(message.to_string()))
    }

    fn invalid_type(found: de::Unexpected<'_>, expected: &dyn de::Expected) -> Self {
        Self::new(Kind::Unexpected {
            found: said(&found),
            expected: plain(&expected.to_string()),
        })
    }

    fn invalid_value(found: de::Unexpected<'_>, expected: &dyn de::Expected) -> Self {
        Self::invalid_type(found, expected)
    }

    fn missing_field(field: &'static str) -> Self {
        Self::new(Kind::Missing(field))
    }

    fn unknown_variant(word: &str, known: &'static [&'static str]) -> Self {
        Self::new(Kind::UnknownWord {
            word: word.to_owned(),
            known,
        })
    }
}

fn said(found: &de::Unexpected<'_>) -> String {
    match found {
        de::Unexpected::Bool(value) => value.to_string(),
        de::Unexpected::Unsigned(value) => value.to_string(),
        de::Unexpected::Signed(value) => value.to_string(),
        de::Unexpected::Float(value) => value.to_string(),
        de::Unexpected::Str(value) => format!("\"{}\"", crate::text::cut(value, 40)),
        de::Unexpected::Unit | de::Unexpected::Option => "null".to_owned(),
        de::Unexpected::Seq => "a list".to_owned(),
        de::Unexpected::Map => "an object".to_owned(),
        other => other.to_string(),
    }
}

/// Says what a Rust type expects in JSON's words.
fn plain(expected: &str) -> String {
    let (low, high) = match expected {
        "a string" => return "a text".to_owned(),
        "a boolean" => return "true or false".to_owned(),
        "a sequence" => return "a list".to_owned(),
        "u8" => ("0", "255"),
        "u16" => ("0", "65535"),
        "u32" => ("0", "4294967295"),
        "u64" | "usize" => ("0", "18446744073709551615"),
        "i32" => ("-2147483648", "2147483647"),
        text if text.starts_with("struct ") || text == "a map" => return "an object".to_owned(),
        text => return text.to_owned(),
    };
    format!("a whole number from {low} to {high}")
}
