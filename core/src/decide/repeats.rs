use super::reopening::{CaseChange, ClosedTicket, reopening};
use crate::{
    config::{ReopenThen, Repeats},
    decision::Decision,
    settings::Settings,
    time::Timestamp,
};
use std::time::Duration;

/// What becomes of a key's closed ticket when the incident is repeated.
///
/// The rules of `reopen` decide, where there are any: a repeat is an incident that came back. Otherwise the ticket is opened
/// again, unless `repeats.reopen` forbids it or it was closed longer ago than repeats are joined.
pub(crate) fn repeat_of_closed(
    settings: &Settings,
    repeats: &Repeats,
    closed: &ClosedTicket,
    severity: &str,
    now: Timestamp,
) -> Decision<ReopenThen> {
    if settings.config().reopen.is_some() {
        return reopening(settings, closed, severity, CaseChange::CameBack, now);
    }
    let age = closed
        .closed_at
        .map_or(Duration::ZERO, |closed_at| now.since(closed_at));
    if !repeats.reopen {
        return Decision::new(ReopenThen::NewTicket, "repeats.reopen is off");
    }
    if age >= repeats.window.0 {
        let reason = format!("the ticket was closed longer than {} ago", repeats.window);
        return Decision::new(ReopenThen::NewTicket, reason);
    }
    Decision::new(ReopenThen::Reopen, "the incident was repeated")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{decide::tests::settings, service::TicketId};
    use serde_json::{Value, json};

    fn then(change: impl Fn(&mut Value), hours_ago: i64, reason: Option<&str>) -> ReopenThen {
        let settings = settings(|d| {
            d["repeats"] = json!({ "join_key": ["case.kind"] });
            change(d);
        });
        let now = Timestamp::from_millis(1_000_000_000_000);
        let closed = ClosedTicket {
            ticket: TicketId(909),
            status: "Closed".to_owned(),
            closed_at: Some(Timestamp::from_millis(now.millis() - hours_ago * 3_600_000)),
            reason: reason.map(str::to_owned),
        };
        let repeats = settings.config().repeats.as_ref().unwrap();
        repeat_of_closed(&settings, repeats, &closed, "low", now).value
    }

    #[test]
    fn without_rules_a_repeat_reopens_what_was_closed_within_the_window() {
        assert_eq!(then(|_| {}, 23, None), ReopenThen::Reopen);
        assert_eq!(then(|_| {}, 24, None), ReopenThen::NewTicket);
        let off = |d: &mut Value| d["repeats"]["reopen"] = json!(false);
        assert_eq!(then(off, 1, None), ReopenThen::NewTicket);
    }

    #[test]
    fn the_rules_for_age_and_close_reason_come_first() {
        let rules = |d: &mut Value| d["reopen"] = json!({ "never": ["false_positive"] });
        assert_eq!(then(rules, 1, Some("False positive")), ReopenThen::Note);
        assert_eq!(then(rules, 1, Some("resolved")), ReopenThen::Reopen);
    }
}
