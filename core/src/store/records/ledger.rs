use crate::{
    case::Visibility,
    delivery::{TicketField, TicketState},
    service::TicketId,
    time::Timestamp,
};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// What a host was told of a case's ticket: against echoes, and against telling a thing twice or never. One for each case
/// whose ticket was read while `policies.ticket_inbound` was on; it is written together with the deliveries that it speaks of.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Ledger {
    /// The ticket as the host knows it: as it was told last, with what casewire itself wrote since. What it means for the
    /// case is left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) told: Option<TicketState>,
    /// When fields were changed in ConnectWise last.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) changed: BTreeMap<TicketField, Timestamp>,
    /// How far its notes and documents were read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) content: Option<ContentRead>,
    /// What came in as comments: each note's key with the digest of its kind and words.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) notes: BTreeMap<String, String>,
    /// The documents that came in as attachments.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub(crate) documents: BTreeSet<u32>,
    /// The tickets of whose merging into the case's ticket the host was told.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub(crate) merged: BTreeSet<TicketId>,
}

impl Ledger {
    /// That of a case of whose ticket the host was told nothing.
    pub(crate) const EMPTY: Self = Self {
        told: None,
        changed: BTreeMap::new(),
        content: None,
        notes: BTreeMap::new(),
        documents: BTreeSet::new(),
        merged: BTreeSet::new(),
    };
}

/// What the host surely heard of the status of a case's ticket, as far as that was not the first: it confirmed the deliveries.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Heard {
    /// Each time that it was another one, oldest first.
    pub(crate) statuses: Vec<HeardStatus>,
}

impl Heard {
    /// As many are kept.
    pub(crate) const MOST: usize = 8;
}

/// A status that the host heard.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct HeardStatus {
    /// Of the delivery that said it.
    pub(crate) number: u64,
    /// The case status that it means.
    pub(crate) status: String,
    /// When the host confirmed it.
    pub(crate) at: Timestamp,
}

/// When a ticket's notes and documents were read. ConnectWise tells the time of change in whole seconds (API.md section
/// 6.6): what is saved later within the same second leaves no trace in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ContentRead {
    /// The ticket's `_info.lastUpdated` then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) changed_at: Option<Timestamp>,
    /// When that time of change was seen first, by the host's clock.
    pub(crate) since: Timestamp,
    /// Whether they were read again when that second was surely over: as long as the time of change stays, there is nothing new.
    #[serde(default)]
    pub(crate) complete: bool,
}

/// Notes of a ticket that casewire wrote and no comment is behind, beyond those of the create request.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct OwnNotes {
    pub(crate) notes: Vec<OpeningNote>,
}

/// A note that a create request made without a comment behind it: the description, or the first internal note.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct OpeningNote {
    pub(crate) kind: Visibility,
    /// Digest of its words.
    pub(crate) digest: String,
    /// Its id in ConnectWise, once it was learned from the ticket's notes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) note: Option<u32>,
}
