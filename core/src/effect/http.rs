use crate::time::Timestamp;
use serde::{Deserialize, Serialize};
use std::{fmt, sync::Arc};
use zeroize::Zeroize as _;

/// A request to ConnectWise. Redirects are not followed, whatever the request: an answer of 3xx is handed over as it is.
#[derive(Clone, PartialEq, Serialize)]
pub struct HttpRequest {
    /// Method.
    pub method: Method,
    /// Absolute address, already encoded.
    pub url: String,
    /// Headers in the order in which to send them. `Host` and `Content-Length` are the driver's.
    pub headers: Vec<Header>,
    /// Body, in pieces to be sent one after the other; empty for none. Not part of the JSON form: a face hands it out apart.
    #[serde(skip)]
    pub body: Vec<BodyPart>,
    /// How long the whole exchange may take, in milliseconds.
    pub timeout_ms: u64,
    /// Largest answer to read, in bytes.
    pub max_answer: u64,
    /// A write that has not left by this time must not leave at all; answered as not sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub not_after: Option<Timestamp>,
    /// Where it is given, the body of an answer of 2xx is a file for the host: the driver streams it, at most `max_answer`
    /// bytes, to the host's storage under this name, in place of what may have been there, and answers with its length and
    /// digest as [`HttpResponse::stored`] and with no body, once it is durable. An answer of another status is handed over as
    /// any other. The name is made of letters, digits, `-`, `_`, `.` and `/`, and no part of it is `.` or `..`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub store_as: Option<String>,
}

impl HttpRequest {
    /// Whether its body holds a secret: the address at which callbacks are received.
    fn is_confidential(&self) -> bool {
        self.url.contains("/system/callbacks")
    }
}

impl fmt::Debug for HttpRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut parts = f.debug_struct("HttpRequest");
        parts
            .field("method", &self.method)
            .field("url", &self.url)
            .field("headers", &self.headers);
        if self.is_confidential() {
            let size: u64 = self.body.iter().map(BodyPart::len).sum();
            parts.field("body", &format_args!("[{size} bytes]"));
        } else {
            parts.field("body", &self.body);
        }
        parts
            .field("timeout_ms", &self.timeout_ms)
            .field("max_answer", &self.max_answer)
            .field("not_after", &self.not_after)
            .field("store_as", &self.store_as)
            .finish()
    }
}

/// Method of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Method {
    /// Reads.
    Get,
    /// Creates.
    Post,
    /// Changes single fields.
    Patch,
    /// Removes.
    Delete,
}

impl Method {
    /// The method as it stands in the request line.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Patch => "PATCH",
            Self::Delete => "DELETE",
        }
    }
}

/// A header. The value of `Authorization` is kept out of debug output, and every value is overwritten when it is freed.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct Header {
    /// Name, compared without case.
    pub name: &'static str,
    /// Value.
    pub value: String,
}

impl Drop for Header {
    fn drop(&mut self) {
        self.value.zeroize();
    }
}

impl fmt::Debug for Header {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let secret = self.name.eq_ignore_ascii_case("authorization");
        let value = if secret { "[redacted]" } else { &self.value };
        write!(f, "{}: {value}", self.name)
    }
}

/// A piece of a request's body.
#[derive(Clone, PartialEq, Eq)]
pub enum BodyPart {
    /// Bytes as they are.
    Bytes(Arc<[u8]>),
    /// The bytes of an attachment, streamed by the driver. One that is missing or of another length is answered as
    /// [`FailureKind::Content`](crate::effect::FailureKind::Content).
    Attachment {
        /// What the host called it.
        token: String,
        /// Its length.
        size: u64,
    },
}

impl BodyPart {
    /// Length in bytes.
    #[must_use]
    pub fn len(&self) -> u64 {
        match self {
            Self::Bytes(bytes) => bytes.len() as u64,
            Self::Attachment { size, .. } => *size,
        }
    }

    /// Whether there is nothing in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl fmt::Debug for BodyPart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bytes(bytes) => f.write_str(&String::from_utf8_lossy(bytes)),
            Self::Attachment { token, size } => write!(f, "[attachment {token}, {size} bytes]"),
        }
    }
}

/// A body that the driver stored in the host.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct StoredBody {
    /// Length in bytes.
    pub size: u64,
    /// SHA-256, in 64 lower-case hexadecimal digits.
    pub sha256: String,
}

/// What the server answered. The body is kept out of debug output: it may be a signing key.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct HttpResponse {
    /// Status.
    pub status: u16,
    /// Headers: at least `content-type`, `link`, `retry-after` and `date`, where the server sent them.
    #[serde(default)]
    pub headers: Vec<(String, String)>,
    /// Body. Not part of the JSON form: a face takes it apart.
    #[serde(skip)]
    pub body: Vec<u8>,
    /// The body, where the request had it stored; `body` is empty then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stored: Option<StoredBody>,
}

impl fmt::Debug for HttpResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HttpResponse")
            .field("status", &self.status)
            .field("headers", &self.headers)
            .field("body", &format_args!("[{} bytes]", self.body.len()))
            .field("stored", &self.stored)
            .finish()
    }
}

impl HttpResponse {
    /// The value of a header, by its name without case.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(key, _)| key.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }
}
