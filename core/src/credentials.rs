//! The API keys, held so that they cannot leak.

use crate::error::{Code, Error, Result};
use base64::{Engine, engine::general_purpose::STANDARD};
use std::fmt;
use zeroize::Zeroizing;

/// The API member's keys, or the statement that the host adds them itself.
///
/// They lie in memory that is overwritten when it is freed, and are in no debug output, error, event or record. Only
/// the `Authorization` header of an effect holds them, for the driver to send.
#[derive(Clone)]
pub struct Credentials(Kind);

#[derive(Clone)]
enum Kind {
    Keys {
        public: Zeroizing<String>,
        private: Zeroizing<String>,
    },
    AddedByHost,
}

impl Credentials {
    /// Takes the two keys of an API member (System > Members > API Members > API Keys).
    ///
    /// # Errors
    ///
    /// [`Code::MissingKey`] for an empty key, [`Code::ControlCharacter`] and [`Code::InvalidValue`] for one with
    /// control characters, spaces or, in the public key, a colon. The message never holds the key.
    pub fn keys(public: impl Into<String>, private: impl Into<String>) -> Result<Self> {
        let public = Zeroizing::new(public.into());
        let private = Zeroizing::new(private.into());
        check("public key", &public)?;
        check("private key", &private)?;
        if public.contains(':') {
            return Err(Error::new(
                Code::InvalidValue,
                "the public key holds a colon: copy it again from the API member's page",
            ));
        }
        Ok(Self(Kind::Keys { public, private }))
    }

    /// States that the host adds the `Authorization` header to every request; casewire then never sees a key.
    #[must_use]
    pub fn added_by_host() -> Self {
        Self(Kind::AddedByHost)
    }

    /// The value of the `Authorization` header (API.md section 2), unless the host adds it.
    pub(crate) fn authorization(&self, company_id: &str) -> Option<Zeroizing<String>> {
        let Kind::Keys { public, private } = &self.0 else {
            return None;
        };
        let joined = secret(&[company_id, "+", public, ":", private]);
        let encoded = Zeroizing::new(STANDARD.encode(joined.as_bytes()));
        Some(secret(&["Basic ", &encoded]))
    }

    /// Takes the keys out of a text that came from outside.
    pub(crate) fn redact(&self, text: &str) -> String {
        match &self.0 {
            Kind::Keys { public, private } => text
                .replace(private.as_str(), "[redacted]")
                .replace(public.as_str(), "[redacted]"),
            Kind::AddedByHost => text.to_owned(),
        }
    }
}

/// Joins texts in one buffer from the start: one that grows leaves copies of what it held behind.
fn secret(parts: &[&str]) -> Zeroizing<String> {
    let mut text = String::with_capacity(parts.iter().map(|part| part.len()).sum());
    for part in parts {
        text.push_str(part);
    }
    Zeroizing::new(text)
}

fn check(what: &str, key: &str) -> Result<()> {
    let (code, fault) = if key.is_empty() {
        (Code::MissingKey, "is empty")
    } else if key.chars().any(char::is_control) {
        (Code::ControlCharacter, "holds a control character")
    } else if key.chars().any(char::is_whitespace) {
        (Code::InvalidValue, "holds a space")
    } else {
        return Ok(());
    };
    Err(Error::new(
        code,
        format!("the {what} {fault}: copy it again from the API member's page"),
    ))
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.0 {
            Kind::Keys { .. } => "Credentials([redacted])",
            Kind::AddedByHost => "Credentials(added by the host)",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_header_is_company_plus_public_colon_private() {
        let credentials = Credentials::keys("pub", "priv").unwrap();
        let header = credentials.authorization("acme").unwrap();
        assert_eq!(
            *header,
            format!("Basic {}", STANDARD.encode("acme+pub:priv"))
        );
        assert!(Credentials::added_by_host().authorization("acme").is_none());
    }

    #[test]
    fn keys_are_in_no_debug_output_and_no_refusal() {
        let credentials = Credentials::keys("pubkey1", "privkey2").unwrap();
        let text = format!("{credentials:?}");
        assert!(!text.contains("pubkey1") && !text.contains("privkey2"));
        for (public, private) in [
            ("", "x"),
            ("hunter2\n", "x"),
            ("a", "hunter2 "),
            ("hunter2:", "x"),
        ] {
            let error = Credentials::keys(public, private).unwrap_err();
            assert!(!format!("{error:?}").contains("hunter2"));
        }
    }
}
