use crate::{config::Repeats, time::Timestamp};
use std::time::Duration;

/// Whether a repeat reopens its key's closed ticket; otherwise it gets a new one that names the old.
///
/// A ticket that was closed longer ago than repeats are joined stays closed.
pub(crate) fn reopens(repeats: &Repeats, closed_at: Option<Timestamp>, now: Timestamp) -> bool {
    let age = closed_at.map_or(Duration::ZERO, |closed_at| now.since(closed_at));
    repeats.reopen && age < repeats.window.0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::Span;

    #[test]
    fn a_repeat_reopens_a_ticket_that_was_closed_within_the_window() {
        let mut repeats = Repeats {
            join_key: Vec::new(),
            window: Span::seconds(86_400),
            reopen: true,
            batch: Span::seconds(0),
            correlation: None,
        };
        let now = Timestamp::from_millis(1_000_000_000_000);
        let ago = |hours: i64| Some(Timestamp::from_millis(now.millis() - hours * 3_600_000));
        assert!(reopens(&repeats, None, now) && reopens(&repeats, ago(23), now));
        assert!(!reopens(&repeats, ago(24), now));
        repeats.reopen = false;
        assert!(!reopens(&repeats, ago(1), now));
    }
}
