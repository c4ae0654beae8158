use crate::{
    config::Config,
    error::{Code, Error, Result},
};
use hmac::{
    Hmac, Mac,
    digest::{Key, KeyInit},
};
use sha2::{Digest, Sha256};
use std::fmt::{self, Write as _};
use zeroize::Zeroizing;

/// The host's own secret for its callback addresses. It is in no record, output or request: the path that ConnectWise is
/// told is derived from it, another one for every instance and company.
///
/// A signature proves only that ConnectWise knows the key; the secret keeps everyone else from getting that far (API.md
/// section 13.3). With another secret the address is another one: register anew.
#[derive(Clone)]
pub struct CallbackSecret(Zeroizing<String>);

impl CallbackSecret {
    /// Bytes of the shortest one that is taken.
    const LEAST: usize = 16;

    /// Takes a secret of at least 16 bytes, such as 32 random bytes in base64.
    ///
    /// # Errors
    ///
    /// [`Code::MissingKey`] for an empty one, [`Code::InvalidValue`] for one that is too short. The message never holds it.
    pub fn new(text: impl Into<String>) -> Result<Self> {
        let text = Zeroizing::new(text.into());
        if text.is_empty() {
            return Err(Error::new(
                Code::MissingKey,
                "the callback secret is empty: give 32 random bytes in base64",
            ));
        }
        if text.len() < Self::LEAST {
            return Err(Error::new(
                Code::InvalidValue,
                "the callback secret is shorter than 16 bytes: give 32 random bytes in base64",
            ));
        }
        Ok(Self(text))
    }
}

impl CallbackSecret {
    /// Whether a segment of a path is the one that ConnectWise was told for this configuration's instance, compared in a
    /// time that does not depend on how much of it is right. For a receiver that answers everyone else with 404; the
    /// callback itself is judged by [`Command::TakeCallback`](crate::Command::TakeCallback).
    #[must_use]
    pub fn opens(&self, config: &Config, segment: &str) -> bool {
        let company_id = &config.connection.company_id;
        PathSecret::derive(self, &config.instance, company_id).is(segment)
    }
}

impl fmt::Debug for CallbackSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CallbackSecret([redacted])")
    }
}

/// The segment of the path that only ConnectWise was told.
#[derive(Clone)]
pub(crate) struct PathSecret(Hmac<Sha256>);

/// What the segment is made from; another one would be another segment.
const LABEL: &str = "casewire callback path 1";

impl PathSecret {
    /// The segment of one instance.
    pub(crate) fn derive(secret: &CallbackSecret, instance: &str, company_id: &str) -> Self {
        let mut mac = keyed(&secret.0);
        for part in [LABEL, instance, &company_id.to_ascii_lowercase()] {
            mac.update(part.as_bytes());
            mac.update(&[0]);
        }
        Self(mac)
    }

    /// The segment as it stands in the path: 64 hexadecimal digits.
    pub(crate) fn segment(&self) -> Zeroizing<String> {
        let mut text = Zeroizing::new(String::with_capacity(64));
        for byte in self.0.clone().finalize().into_bytes() {
            let _ = write!(text, "{byte:02x}");
        }
        text
    }

    /// Whether a segment is this one, compared in a time that does not depend on how much of it is right.
    pub(crate) fn is(&self, received: &str) -> bool {
        from_hex(received).is_some_and(|bytes| self.0.clone().verify_slice(&*bytes).is_ok())
    }
}

impl fmt::Debug for PathSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PathSecret([redacted])")
    }
}

/// An HMAC whose key is the SHA-256 of a text; a key shorter than a block is filled up with zeros.
pub(super) fn keyed(text: &str) -> Hmac<Sha256> {
    let mut block = Key::<Hmac<Sha256>>::default();
    for (place, byte) in block.iter_mut().zip(Sha256::digest(text.as_bytes())) {
        *place = byte;
    }
    KeyInit::new(&block)
}

fn from_hex(text: &str) -> Option<Zeroizing<[u8; 32]>> {
    let digit = |byte: u8| match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'a'..=b'f' => Some(byte - b'a' + 10),
        _ => None,
    };
    if text.len() != 64 {
        return None;
    }
    let mut bytes = Zeroizing::new([0; 32]);
    for (place, pair) in bytes.iter_mut().zip(text.as_bytes().chunks_exact(2)) {
        let [high, low] = pair else { return None };
        *place = digit(*high)? << 4 | digit(*low)?;
    }
    Some(bytes)
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    fn derived(secret: &str, instance: &str, company_id: &str) -> PathSecret {
        let secret = CallbackSecret::new(secret).unwrap();
        PathSecret::derive(&secret, instance, company_id)
    }

    pub(in crate::callback) const SECRET: &str = "0123456789abcdef";

    #[test]
    fn a_segment_is_known_by_who_made_it_and_by_no_one_else() {
        let path = derived(SECRET, "acme-soc", "acme");
        let segment = path.segment();
        assert_eq!(segment.len(), 64);
        assert!(path.is(&segment));
        assert!(derived(SECRET, "acme-soc", "ACME").is(&segment));
        for other in [
            derived("0123456789abcdeF", "acme-soc", "acme"),
            derived(SECRET, "acme-so", "cacme"),
            derived(SECRET, "acme-soc", "acme2"),
        ] {
            assert!(!other.is(&segment));
        }
        for wrong in [
            "",
            &segment[..63],
            &format!("{}0", *segment),
            &segment.to_uppercase(),
            &segment.replacen(|c: char| c.is_ascii_digit(), "g", 1),
            &"é".repeat(32),
        ] {
            assert!(!path.is(wrong), "{wrong}");
        }
    }

    #[test]
    fn a_short_secret_is_refused_and_none_is_shown() {
        assert_eq!(CallbackSecret::new("").unwrap_err().code, Code::MissingKey);
        let error = CallbackSecret::new("hunter2").unwrap_err();
        assert!(error.code == Code::InvalidValue && !error.message.contains("hunter2"));
        let shown = format!(
            "{:?} {:?}",
            CallbackSecret::new(SECRET).unwrap(),
            derived(SECRET, "i", "c")
        );
        assert!(!shown.contains(SECRET));
    }
}
