use crate::{
    case::Case,
    catalog::same_name,
    config::{Reopen, ReopenOn, ReopenRule, ReopenThen},
    decision::Decision,
    service::{TicketId, tickets::Ticket},
    settings::Settings,
    store::records::Written,
    time::{Span, Timestamp},
};
use std::time::Duration;

/// What is known of a closed ticket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ClosedTicket {
    pub(crate) ticket: TicketId,
    /// Name of its status.
    pub(crate) status: String,
    /// When it was closed, where ConnectWise says so.
    pub(crate) closed_at: Option<Timestamp>,
    /// Why it was closed: what the case said when it closed it, or what its status means on its board.
    pub(crate) reason: Option<String>,
}

impl ClosedTicket {
    /// Of a ticket as it is now; `None` where it is open. A status that a technician chose says more than what the case
    /// said before.
    pub(crate) fn of(settings: &Settings, ticket: &Ticket, written: &Written) -> Option<Self> {
        if !ticket.closed_flag {
            return None;
        }
        let status = ticket.status_name();
        let by_status = settings
            .statuses
            .get(&ticket.board_name().trim().to_lowercase())
            .and_then(|names| names.close_reason(status));
        let changed_since = written.status != Ticket::id_of(ticket.status.as_ref());
        let said = written.close_reason.as_deref();
        let reason = if changed_since {
            by_status.or(said)
        } else {
            said.or(by_status)
        };
        Some(Self {
            ticket: ticket.id,
            status: status.to_owned(),
            closed_at: ticket.closed_date,
            reason: reason.map(str::to_owned),
        })
    }
}

/// What a case says that has a closed ticket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CaseChange {
    /// It is over: it was closed, or its source cleared.
    Over,
    /// It was over and is so no more, its status moved to an open one, or it occurred again.
    CameBack,
    /// It changed in another way.
    Changed,
}

impl CaseChange {
    /// `wishes_status` says whether its host gave it another status since the ticket was last written.
    pub(crate) fn of(case: &Case, wishes_status: bool) -> Self {
        if case.is_over() {
            Self::Over
        } else if wishes_status {
            Self::CameBack
        } else {
            Self::Changed
        }
    }
}

/// What becomes of a closed ticket, with the reason. Pure: the age is counted from `closed.closed_at` to `now`.
///
/// Without rules in the configuration, a case that comes back opens its ticket again and every other change is a note.
pub(crate) fn reopening(
    settings: &Settings,
    closed: &ClosedTicket,
    severity: &str,
    change: CaseChange,
    now: Timestamp,
) -> Decision<ReopenThen> {
    let ticket = closed.ticket;
    let what = match change {
        CaseChange::Over => {
            return Decision::new(
                ReopenThen::Note,
                format!("ticket {ticket} is closed, and the case is over"),
            );
        }
        CaseChange::CameBack => "the case came back",
        CaseChange::Changed => "the case changed",
    };
    let rules = settings.config().reopen.as_ref();
    let asks =
        change == CaseChange::CameBack || rules.is_some_and(|rules| rules.on == ReopenOn::Changed);
    if !asks {
        return Decision::new(
            ReopenThen::Note,
            format!("ticket {ticket} is closed, and only a case that comes back opens it again"),
        );
    }
    let Some(rules) = rules else {
        return Decision::new(ReopenThen::Reopen, what);
    };
    let (then, why) = by_rules(rules, closed, severity, now);
    Decision::new(then, format!("{what}, and {why}"))
}

fn by_rules(
    rules: &Reopen,
    closed: &ClosedTicket,
    severity: &str,
    now: Timestamp,
) -> (ReopenThen, String) {
    let age = closed.closed_at.map(|at| now.since(at));
    let ticket = closed.ticket;
    let never = closed.reason.as_deref().filter(|reason| {
        let mut never = rules.never.iter();
        never.any(|other| same_reason(other, reason))
    });
    let first = rules.rules.iter().enumerate();
    let first = first
        .filter(|(_, rule)| never.is_none() || rule.then != ReopenThen::Reopen)
        .find(|(_, rule)| rule.fits(closed, severity, age));
    if let Some((index, rule)) = first {
        return (
            rule.then,
            format!("rule {index} of /reopen/rules fits ticket {ticket}"),
        );
    }
    if let Some(reason) = never {
        return (
            ReopenThen::Note,
            format!("ticket {ticket} was closed as '{reason}', which never reopens"),
        );
    }
    match age {
        None => (
            ReopenThen::Reopen,
            format!("ConnectWise does not say when ticket {ticket} was closed"),
        ),
        Some(age) if age <= rules.within.0 => (
            ReopenThen::Reopen,
            format!(
                "ticket {ticket} was closed {} ago, within {}",
                whole(age),
                rules.within
            ),
        ),
        Some(age) => (
            rules.later,
            format!(
                "ticket {ticket} was closed {} ago, longer than {}",
                whole(age),
                rules.within
            ),
        ),
    }
}

impl ReopenRule {
    /// Whether each condition holds. A ticket of unknown age counts as closed just now.
    fn fits(&self, closed: &ClosedTicket, severity: &str, age: Option<Duration>) -> bool {
        let any = |wanted: &[String], holds: &dyn Fn(&str) -> bool| {
            wanted.is_empty() || wanted.iter().any(|wanted| holds(wanted))
        };
        let reason = closed.reason.as_deref();
        any(&self.reason, &|wanted| {
            reason.is_some_and(|reason| same_reason(wanted, reason))
        }) && any(&self.status, &|wanted| same_name(wanted, &closed.status))
            && any(&self.severity, &|wanted| same_name(wanted, severity))
            && self
                .closed_within
                .is_none_or(|within| age.unwrap_or_default() <= within.0)
    }
}

/// Whether two texts name one close reason: `False positive` is `false_positive`, and `won't fix` is `wont_fix`.
pub(crate) fn same_reason(left: &str, right: &str) -> bool {
    reason_key(left) == reason_key(right)
}

/// A close reason by its letters and digits.
pub(crate) fn reason_key(reason: &str) -> String {
    reason
        .chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}

/// An age in the largest unit that it fills at least twice.
fn whole(age: Duration) -> Span {
    let seconds = age.as_secs();
    let unit = [86_400, 3600, 60]
        .into_iter()
        .find(|unit| seconds >= 2 * unit)
        .unwrap_or(1);
    Span::seconds(seconds / unit * unit)
}

#[cfg(test)]
mod tests;
