//! What earlier states of a case said.

use crate::{case::Case, digest};

impl Case {
    /// This case with the comments and attachments that an earlier state of it had and this one has not, in their order: the
    /// state that was handed over last need not be the newest.
    pub(super) fn with_history_of(&self, earlier: &Self) -> Self {
        let mut case = self.clone();
        keep(&mut case.comments, &earlier.comments, |one| &one.id);
        keep(&mut case.attachments, &earlier.attachments, |one| &one.id);
        case
    }

    /// A digest of all that the case says.
    pub(in crate::workflows) fn digest(&self) -> String {
        digest::of(&serde_json::to_vec(self).unwrap_or_default())
    }
}

/// Adds what is missing, each behind what it stood behind before.
fn keep<T: Clone>(all: &mut Vec<T>, earlier: &[T], id: impl Fn(&T) -> &str) {
    let mut before: Option<&T> = None;
    for old in earlier {
        let place_of = |wanted: &T| all.iter().position(|one| id(one) == id(wanted));
        if place_of(old).is_none() {
            let place = before.and_then(place_of).map_or(0, |place| place + 1);
            all.insert(place, old.clone());
        }
        before = Some(old);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept(submitted: &str, earlier: &str) -> String {
        let ids = |text: &str| text.split_whitespace().map(str::to_owned).collect();
        let (mut all, earlier): (Vec<String>, Vec<String>) = (ids(submitted), ids(earlier));
        keep(&mut all, &earlier, |id| id);
        all.join(" ")
    }

    #[test]
    fn what_is_missing_is_kept_where_it_stood() {
        assert_eq!(kept("b c", "a b"), "a b c");
        assert_eq!(kept("c", "a b"), "a b c");
        assert_eq!(kept("a b", ""), "a b");
    }

    #[test]
    fn an_older_state_that_comes_late_turns_no_order_round() {
        assert_eq!(kept("a", "a b c"), "a b c");
        assert_eq!(kept("a d", "a b"), "a b d");
        assert_eq!(kept("", "a b"), "a b");
    }
}
