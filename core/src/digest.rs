use sha2::{Digest, Sha256};
use std::fmt::Write as _;

/// A digest of the words of a text, whatever became of its line ends and spaces on the way (API.md section 6.5).
pub(crate) fn of_words(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    of(words.join(" ").as_bytes())
}

/// The first 128 bits of the SHA-256 of some bytes, as 32 hexadecimal digits.
pub(crate) fn of(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(32);
    for byte in Sha256::digest(bytes).iter().take(16) {
        let _ = write!(text, "{byte:02x}");
    }
    text
}
