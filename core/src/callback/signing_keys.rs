use crate::time::Timestamp;
use std::{
    collections::{BTreeMap, VecDeque},
    fmt,
    time::Duration,
};
use zeroize::Zeroizing;

/// Keys that are kept; a tenant has one or two.
const MOST_KEYS: usize = 16;
/// Addresses without a key that are kept.
const MOST_FAILURES: usize = 64;
/// How long a key is used without asking again.
const KEY_AGE: Duration = Duration::from_secs(24 * 3600);
/// A key that does not fit a callback is asked for again no sooner than this: ConnectWise may have another one by now.
const RENEWAL_AGE: Duration = Duration::from_secs(600);
/// How long an address that gave no key is not asked again.
const FAILURE_AGE: Duration = Duration::from_secs(60);
/// Requests for keys in any minute, so that forged callbacks cannot make a connector hammer anybody.
const FETCHES_PER_MINUTE: usize = 6;

/// Signing keys by their address, in memory only, and how often they were asked for.
#[derive(Default)]
pub(crate) struct SigningKeys {
    keys: BTreeMap<String, (Timestamp, Zeroizing<String>)>,
    failures: BTreeMap<String, Timestamp>,
    fetches: VecDeque<Timestamp>,
}

/// What is known of a key.
pub(crate) enum Lookup {
    /// This is it.
    Known(Zeroizing<String>),
    /// It may be asked for; this counts as the request.
    Fetch,
    /// Its address gave none a moment ago.
    Failed,
    /// Too many keys were asked for in the last minute.
    Limited,
}

impl SigningKeys {
    /// The key of an address, if it is known and not too old.
    pub(crate) fn known(&self, url: &str, now: Timestamp) -> Option<Zeroizing<String>> {
        let (at, key) = self.keys.get(url)?;
        (now.since(*at) < KEY_AGE).then(|| key.clone())
    }

    /// What is to be done for a key that `fits`, or for any where that is always so.
    pub(crate) fn look(
        &mut self,
        url: &str,
        now: Timestamp,
        fits: impl Fn(&str) -> bool,
    ) -> Lookup {
        if let Some((at, key)) = self.keys.get(url) {
            let age = now.since(*at);
            if age < KEY_AGE && (fits(key) || age < RENEWAL_AGE) {
                return Lookup::Known(key.clone());
            }
        }
        if self
            .failures
            .get(url)
            .is_some_and(|at| now.since(*at) < FAILURE_AGE)
        {
            return Lookup::Failed;
        }
        while self
            .fetches
            .front()
            .is_some_and(|at| now.since(*at) >= Duration::from_secs(60))
        {
            self.fetches.pop_front();
        }
        if self.fetches.len() >= FETCHES_PER_MINUTE {
            return Lookup::Limited;
        }
        self.fetches.push_back(now);
        Lookup::Fetch
    }

    /// Keeps a key that was asked for.
    pub(crate) fn learn(&mut self, url: &str, key: Zeroizing<String>, now: Timestamp) {
        self.failures.remove(url);
        self.keys.insert(url.to_owned(), (now, key));
        forget_oldest(&mut self.keys, MOST_KEYS, |(at, _)| *at);
    }

    /// Notes that an address gave no key. One that is known stays in use until it is too old.
    pub(crate) fn fail(&mut self, url: &str, now: Timestamp) {
        self.failures.insert(url.to_owned(), now);
        forget_oldest(&mut self.failures, MOST_FAILURES, |at| *at);
    }
}

fn forget_oldest<T>(map: &mut BTreeMap<String, T>, most: usize, at: impl Fn(&T) -> Timestamp) {
    while map.len() > most {
        let oldest = map.iter().min_by_key(|(_, value)| at(value));
        let Some(url) = oldest.map(|(url, _)| url.clone()) else {
            return;
        };
        map.remove(&url);
    }
}

impl fmt::Debug for SigningKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SigningKeys")
            .field("keys", &self.keys.len())
            .field("failures", &self.failures.len())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_millis(seconds * 1000)
    }

    fn look(keys: &mut SigningKeys, url: &str, seconds: i64) -> &'static str {
        name(keys.look(url, at(seconds), |_| true))
    }

    fn name(lookup: Lookup) -> &'static str {
        match lookup {
            Lookup::Known(_) => "known",
            Lookup::Fetch => "fetch",
            Lookup::Failed => "failed",
            Lookup::Limited => "limited",
        }
    }

    fn key() -> Zeroizing<String> {
        Zeroizing::new("hunter2".to_owned())
    }

    #[test]
    fn a_key_is_asked_for_once_a_day() {
        let mut keys = SigningKeys::default();
        assert_eq!(look(&mut keys, "a", 0), "fetch");
        keys.learn("a", key(), at(0));
        assert_eq!(look(&mut keys, "a", 86_399), "known");
        assert_eq!(look(&mut keys, "a", 86_400), "fetch");
        assert!(keys.known("a", at(86_400)).is_none());
        assert!(!format!("{keys:?}").contains("hunter2"));
    }

    #[test]
    fn a_key_that_does_not_fit_is_asked_for_again_after_ten_minutes() {
        let mut keys = SigningKeys::default();
        keys.learn("a", key(), at(0));
        assert_eq!(name(keys.look("a", at(599), |_| false)), "known");
        assert_eq!(name(keys.look("a", at(600), |_| false)), "fetch");
        keys.learn("a", key(), at(600));
        assert_eq!(name(keys.look("a", at(601), |_| false)), "known");
    }

    #[test]
    fn an_address_without_a_key_is_left_alone_for_a_minute() {
        let mut keys = SigningKeys::default();
        keys.fail("a", at(0));
        assert_eq!(look(&mut keys, "a", 59), "failed");
        assert_eq!(look(&mut keys, "a", 60), "fetch");
    }

    #[test]
    fn six_keys_are_asked_for_in_any_minute_and_memory_is_bounded() {
        let mut keys = SigningKeys::default();
        let mut fetched = Vec::new();
        for second in 0..600 {
            let url = format!("{second}");
            if look(&mut keys, &url, second) == "fetch" {
                fetched.push(second);
                keys.fail(&url, at(second));
                keys.learn(&format!("k{second}"), key(), at(second));
            }
        }
        for window in fetched.windows(FETCHES_PER_MINUTE + 1) {
            assert!(window[FETCHES_PER_MINUTE] - window[0] >= 60);
        }
        assert!(fetched.len() >= 60);
        assert!(keys.keys.len() <= MOST_KEYS && keys.failures.len() <= MOST_FAILURES);
        assert!(keys.fetches.len() <= FETCHES_PER_MINUTE);
    }
}
