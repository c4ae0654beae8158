use sha2::{Digest, Sha256};

/// A digest of the words of a text, whatever became of its line ends and spaces on the way (API.md section 6.5).
pub(crate) fn of_words(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    of(words.join(" ").as_bytes())
}

/// The first 128 bits of the SHA-256 of some bytes, as 32 hexadecimal digits.
pub(crate) fn of(bytes: &[u8]) -> String {
    let digits = |byte: &u8| [byte >> 4, byte & 15].map(|half| char::from_digit(half.into(), 16));
    let digest = Sha256::digest(bytes);
    digest.iter().take(16).flat_map(digits).flatten().collect()
}
