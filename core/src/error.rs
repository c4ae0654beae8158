//! The one error type of every face, and the faults that it carries.

use serde::Serialize;
use std::fmt;

mod code;
pub use code::Code;

/// What went wrong, in words that say what to do.
///
/// The same code is the C status, the exception of the Java and C# bindings and the `code` of the TypeScript error.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Error {
    /// Stable code, see [`Code`].
    pub code: Code,
    /// What happened and what to do about it. Never holds a secret.
    pub message: String,
    /// HTTP status of ConnectWise's answer, where there was one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub http_status: Option<u16>,
    /// ConnectWise's own error code, such as `InvalidObject` (API.md section 3).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub connectwise_code: Option<String>,
    /// The field that ConnectWise named, such as `status/name`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// Whether the same call can succeed later without a change.
    pub retry: bool,
    /// Every fault of a refused input, all at once. Empty for errors that are not about input.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub faults: Vec<Fault>,
}

/// One fault of an input: where it is, what is wrong and how to mend it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Fault {
    /// JSON pointer (RFC 6901) into the configuration or the case; empty for the whole document.
    pub pointer: String,
    /// Stable code, see [`Code`].
    pub code: Code,
    /// What is wrong.
    pub message: String,
    /// How to mend it.
    pub fix: String,
}

/// A result with the crate's [`Error`].
pub type Result<T> = std::result::Result<T, Error>;

impl Error {
    /// Makes an error from a code and a message.
    #[must_use]
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
            http_status: None,
            connectwise_code: None,
            field: None,
            retry: code.is_transient(),
            faults: Vec::new(),
        }
    }

    /// Refuses an input with all of its faults; the code is that of the first.
    #[must_use]
    pub fn refused(what: &str, mut faults: Vec<Fault>) -> Self {
        faults.sort();
        faults.dedup();
        let code = faults
            .first()
            .map_or(Code::InvalidInput, |fault| fault.code);
        let count = match faults.len() {
            1 => "1 fault".to_owned(),
            n => format!("{n} faults"),
        };
        Self {
            faults,
            ..Self::new(code, format!("{what} has {count}; nothing was sent"))
        }
    }
}

impl Fault {
    /// Makes a fault.
    #[must_use]
    pub fn new(
        code: Code,
        pointer: impl Into<String>,
        message: impl Into<String>,
        fix: impl Into<String>,
    ) -> Self {
        Self {
            pointer: pointer.into(),
            code,
            message: message.into(),
            fix: fix.into(),
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)?;
        for fault in &self.faults {
            write!(f, "\n  {fault}")?;
        }
        Ok(())
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let pointer = if self.pointer.is_empty() {
            "/"
        } else {
            &self.pointer
        };
        write!(
            f,
            "{pointer}: {}. {} [{}]",
            self.message,
            self.fix,
            self.code.name()
        )
    }
}

impl std::error::Error for Error {}

/// Appends one reference token to a JSON pointer, escaped as RFC 6901 asks.
#[must_use]
pub fn pointer(parent: &str, token: &str) -> String {
    format!("{parent}/{}", token.replace('~', "~0").replace('/', "~1"))
}
