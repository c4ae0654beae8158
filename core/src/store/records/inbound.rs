use crate::{
    delivery::MassCounts,
    quirks::DateForm,
    reconcile::{ReconcileFinding, ReconcileKind},
    store::imported::Newest,
    time::Timestamp,
};
use serde::{Deserialize, Serialize};

/// How far polling has come. It changes together with what was found.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct PollCursor {
    /// All that changed until then, by ConnectWise's clock, was seen. Never later than `newest`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) until: Option<Timestamp>,
    /// The ticket that changed last. Whatever is asked from its time on must find it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) newest: Option<Newest>,
    /// The form of times in which it was found.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) date_form: Option<DateForm>,
    /// A list of changes that is being read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) progress: Option<PollProgress>,
    #[serde(default)]
    pub(crate) reread: Reread,
    /// Changes that are held back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) held: Option<HeldChange>,
}

/// A list of changes that is being read.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct PollProgress {
    /// From when on.
    pub(crate) since: Timestamp,
    pub(crate) form: DateForm,
    /// The ticket up to which all is durable.
    pub(crate) after: u32,
    /// Whether the ticket that must be found was among them.
    pub(crate) found: bool,
    /// When the first page was given, by ConnectWise's clock or ours.
    pub(crate) asked_at: Timestamp,
    /// The ticket that changed last, of those read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) newest: Option<Newest>,
}

/// The slower reading of every open ticket.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Reread {
    /// When the last round began.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) began_at: Option<Timestamp>,
    /// The key of the link up to which this round has come; nothing between two rounds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) after: Option<String>,
}

/// Changes of many tickets at once that the host is not told of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct HeldChange {
    pub(crate) since: Timestamp,
    /// As the host was told.
    pub(crate) counts: MassCounts,
    /// The host said that they are meant.
    #[serde(default)]
    pub(crate) released: bool,
}

/// The state in which a ticket was read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct SeenTicket {
    pub(crate) updated: Timestamp,
    pub(crate) digest: String,
    /// Whether it may have changed again within the second of its last change.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(crate) unsettled: bool,
}

/// A ticket that was found to have changed and is read later.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct PendingSync {
    pub(crate) ticket: u32,
    pub(crate) why: WhyPending,
}

/// Why a ticket is read later.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum WhyPending {
    /// It is gone.
    Deleted,
    /// It was closed in ConnectWise.
    Closed,
    /// It lies on another board.
    Moved,
    /// Reading it failed.
    Failed,
}

/// What was done about a ticket that asks for a case.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct CaseRequestRecord {
    pub(crate) ticket: u32,
    /// The write that may have been sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) intent: Option<RequestIntent>,
    /// That it was refused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) refused: Option<RefusedRequest>,
}

/// A write to a ticket that asks for a case, recorded before it may be sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "action", rename_all = "snake_case")]
pub(crate) enum RequestIntent {
    /// The case's reference is written onto the ticket. Found again by reading it; twice is as good as once.
    MarkTicket {
        reference: String,
        /// The driver does not send it later than this.
        not_after: Timestamp,
    },
    /// The refusal is written onto the ticket as an internal note. Found again among its notes by author and text.
    ExplainRefusal {
        text: String,
        /// The driver does not send it later than this.
        not_after: Timestamp,
    },
}

impl RequestIntent {
    /// Until when the write may leave. Till then it is left to the connector that recorded it.
    pub(crate) const fn not_after(&self) -> Timestamp {
        match self {
            Self::MarkTicket { not_after, .. } | Self::ExplainRefusal { not_after, .. } => {
                *not_after
            }
        }
    }
}

/// A request for a case that was refused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct RefusedRequest {
    /// The contact's address, or nothing.
    pub(crate) contact: String,
    /// When the ticket had changed last by then: it is judged again when it changes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) updated: Option<Timestamp>,
    pub(crate) reason: String,
}

/// A comparison of all links with ConnectWise that is under way.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct ReconcileProgress {
    pub(crate) began_at: Timestamp,
    pub(crate) repair: bool,
    pub(crate) stage: ReconcileStage,
    pub(crate) links: u64,
    pub(crate) tickets: u64,
    pub(crate) repaired: u64,
    pub(crate) found: Vec<(ReconcileKind, u64)>,
    pub(crate) findings: Vec<ReconcileFinding>,
}

/// What of a comparison is next.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "stage", rename_all = "snake_case")]
pub(crate) enum ReconcileStage {
    /// The cases that wait.
    #[default]
    Outbox,
    /// The links after this key.
    Links {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        after: Option<String>,
    },
    /// The tickets with a reference, after this number.
    References { after: u32 },
    /// Nothing.
    Over,
}
