use crate::time::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::VecDeque;

/// Buckets of the ledger; with [`EACH`] it holds the last 4096 messages or so.
const BUCKETS: u8 = 64;
/// Messages that a bucket holds.
const EACH: usize = 64;

/// One bucket of the ledger of callbacks that were believed: their messages, oldest first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct SeenCallbacks {
    messages: VecDeque<String>,
    /// When the last one came.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    at: Option<Timestamp>,
}

impl SeenCallbacks {
    /// The bucket that a message belongs to.
    pub(crate) fn bucket(message: &str) -> u8 {
        let digits = message.get(..2).unwrap_or_default();
        u8::from_str_radix(digits, 16).unwrap_or_default() % BUCKETS
    }

    /// Whether the message was believed before.
    pub(crate) fn has(&self, message: &str) -> bool {
        self.messages.iter().any(|seen| seen == message)
    }

    /// Every bucket.
    pub(crate) fn buckets() -> impl Iterator<Item = u8> {
        0..BUCKETS
    }

    /// When the last of its messages came.
    pub(crate) fn last(&self) -> Option<Timestamp> {
        self.at
    }

    /// Notes a message, and forgets the oldest where there are too many.
    pub(crate) fn note(&mut self, message: &str, now: Timestamp) {
        self.at = Some(now);
        self.messages.push_back(message.to_owned());
        while self.messages.len() > EACH {
            self.messages.pop_front();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::digest;

    #[test]
    fn a_bucket_remembers_the_latest_and_is_bounded() {
        let mut seen = SeenCallbacks::default();
        for number in 0..200_u32 {
            let now = Timestamp::from_millis(i64::from(number));
            seen.note(&digest::of(&number.to_be_bytes()), now);
        }
        assert_eq!(seen.messages.len(), EACH);
        assert_eq!(seen.last(), Some(Timestamp::from_millis(199)));
        assert!(seen.has(&digest::of(&199_u32.to_be_bytes())));
        assert!(!seen.has(&digest::of(&0_u32.to_be_bytes())));
    }

    #[test]
    fn messages_spread_over_all_buckets() {
        let buckets: std::collections::BTreeSet<u8> = (0..4096_u32)
            .map(|number| SeenCallbacks::bucket(&digest::of(&number.to_be_bytes())))
            .collect();
        assert_eq!(buckets.len(), usize::from(BUCKETS));
        assert_eq!(SeenCallbacks::bucket(""), 0);
    }
}
