use super::Intent;
use crate::{case::Case, service::TicketId, time::Timestamp};
use serde::{Deserialize, Serialize};
use std::{collections::BTreeMap, sync::Arc};

/// The tickets of one join key, and the opening that may be under way.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct JoinRecord {
    /// For people.
    pub(crate) key: String,
    /// Whoever opens the key's ticket now; no one else does meanwhile.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) claim: Option<Claim>,
    /// Newest last; the last is the one that repeats join.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) tickets: Vec<KeyTicket>,
}

/// The right to open the key's ticket.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Claim {
    pub(crate) case_id: String,
    /// After it someone else may see to the case.
    pub(crate) until: Timestamp,
}

/// A ticket of a join key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct KeyTicket {
    /// The case that it was opened for.
    pub(crate) case_id: String,
    pub(crate) ticket: TicketId,
    /// When it was opened, or a batch of repeats began.
    pub(crate) at: Timestamp,
}

/// When the last new tickets of a scope were opened.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct FloodRecord {
    /// For people.
    pub(crate) scope: String,
    /// As many as the limit at most, oldest first.
    pub(crate) opened: Vec<Timestamp>,
}

/// Cases that share a ticket or a summary, and what of them waits to be written.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Gathering {
    pub(crate) what: Gathered,
    /// For people: the key, the scope, or the window.
    pub(crate) name: String,
    /// The case that has the ticket: the first of its key, or one of casewire's own.
    pub(crate) case_id: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) ticket: Option<TicketId>,
    /// The case of casewire's own, from which the ticket is opened.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) own: Option<Arc<Case>>,
    /// How many cases there are.
    pub(crate) cases: u64,
    /// How often there was something to write.
    pub(crate) total: u64,
    /// How much of `total` was written, or is in the intent.
    pub(crate) written: u64,
    /// Cases per kind and group; bounded.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) counts: BTreeMap<String, u64>,
    /// The first of what waits, a line or few for each; bounded.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) lines: Vec<String>,
    pub(crate) first_at: Timestamp,
    pub(crate) last_at: Timestamp,
    /// When what waits is written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) due: Option<Timestamp>,
    /// When it is over.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) ends: Option<Timestamp>,
    /// Whether the end was told; what is kept is deleted at the next.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(crate) over: bool,
    /// The time under which it stands among what is due.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) marker: Option<Timestamp>,
    /// The write that may have been sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) intent: Option<Intent>,
    /// Why the last try failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) last_error: Option<String>,
}

/// Why cases are gathered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Gathered {
    /// They repeat the first.
    Repeats,
    /// They are too many.
    Flood,
    /// They came within a maintenance window.
    Window,
}

/// That something is due.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct DueRecord {
    /// Id of the gathering.
    pub(crate) gathering: String,
    pub(crate) at: Timestamp,
}

/// Why a case shares the ticket of another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Joined {
    /// Id of the gathering.
    pub(crate) gathering: String,
    pub(crate) what: Gathered,
    /// The case that has the ticket.
    pub(crate) first: String,
}

/// A case that the host has, by its id.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct CaseReference {
    pub(crate) case_id: String,
    pub(crate) accepted_at: Timestamp,
    /// How often it was asked for in vain.
    #[serde(default)]
    pub(crate) tries: u32,
    /// Not before then is it asked for again; nothing where that cannot help.
    pub(crate) next: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) last_error: Option<String>,
}
