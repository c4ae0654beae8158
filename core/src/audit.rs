//! What was decided for a case, when, and why (row E5).

use crate::{service::TicketId, text::cut, time::Timestamp};
use serde::{Deserialize, Serialize};

/// Longest reason and value that are kept.
const REASON: usize = 300;
const VALUE: usize = 120;

/// What was decided for a case at one time, recorded with what came of it: before the request that it led to, where it led to
/// one. It holds no text of a ticket or comment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DecisionRecord {
    /// When.
    pub at: Timestamp,
    /// The case.
    pub case_id: String,
    /// Its ticket, where it had one by then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ticket_id: Option<TicketId>,
    /// Id of its group.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<String>,
    /// The decisions, in their order.
    pub decisions: Vec<Decided>,
}

/// One decision.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decided {
    /// What about: `route`, `company`, `contact`, `configuration`, a field of the ticket by ConnectWise's name, or what became
    /// of the case: `hold`, `ignore`, `refuse`, `join`, `roll_up`, `withhold`, `closed_ticket`, `close`, `leave`, `discard`,
    /// `put_off`.
    pub what: String,
    /// What was chosen; nothing where that is a text of the case, or where the decision is all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
    /// Why, in words for a person.
    pub reason: String,
}

impl Decided {
    pub(crate) fn new(what: &str, value: Option<&str>, reason: &str) -> Self {
        Self {
            what: what.to_owned(),
            value: value.map(|value| cut(value, VALUE)),
            reason: cut(reason, REASON),
        }
    }
}

/// Some of the decisions, oldest first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct AuditPage {
    /// The decisions.
    pub decisions: Vec<DecisionRecord>,
    /// What to ask for the next page with; nothing on the last. A page may be short of the limit, or empty, before the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}
