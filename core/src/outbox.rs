//! What waits in the store, and which case has which ticket (row E4).

use crate::{
    company::{CompanyId, ConfigurationId},
    effect::OperationId,
    service::TicketId,
    time::Timestamp,
};
use serde::{Deserialize, Serialize};

/// A case that is durable in the store.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Accepted {
    /// Id of the case.
    pub case_id: String,
    /// The operation that brings its ticket in step, which comes to [`Outcome::Case`](crate::Outcome::Case); nothing where
    /// there is nothing to do, since the ticket holds all of the case, or the case was over before it had one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub operation: Option<OperationId>,
}

/// How a case in the store stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OutboxState {
    /// It is being worked on, or its turn comes.
    Waiting,
    /// The last try failed, and there will be another.
    Retrying,
    /// It failed for good: someone has to mend the case, the configuration or ConnectWise, and retry or discard it.
    Failed,
    /// It waits for its group to be mapped.
    Held,
}

impl OutboxState {
    /// The name that JSON carries.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Retrying => "retrying",
            Self::Failed => "failed",
            Self::Held => "held",
        }
    }
}

/// A try that failed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FailedTry {
    /// Stable code, as that of an [`Error`](crate::Error).
    pub code: String,
    /// What happened and what to do about it.
    pub message: String,
    /// When.
    pub at: Timestamp,
    /// How many tries failed since the case was handed over last.
    pub tries: u32,
    /// When it is tried again: a minute after the first failure, then twice as long each time, at most an hour. Nothing where
    /// another try cannot help.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_try: Option<Timestamp>,
}

/// A case that waits in the store.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct OutboxItem {
    /// Id of the case.
    pub case_id: String,
    /// The number that people see.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
    /// Its title.
    pub title: String,
    /// Id of its group.
    pub group: String,
    /// How it stands.
    pub state: OutboxState,
    /// When it was handed over first.
    pub accepted_at: Timestamp,
    /// The write to ConnectWise that may be under way, such as `create_ticket`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub action: Option<String>,
    /// Why the last try failed, and when the next is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub failure: Option<FailedTry>,
    /// Why it is held.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// Some of the cases that wait: those of the outbox, then those that are held, in the order of their keys.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct OutboxPage {
    /// The cases.
    pub items: Vec<OutboxItem>,
    /// What to ask for the next page with; nothing on the last. A page may be short of the limit, or empty, before the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

/// How much waits.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Backlog {
    /// Cases that are being worked on, or whose turn comes.
    pub waiting: u64,
    /// Cases whose last try failed, and that are tried again.
    pub retrying: u64,
    /// Cases that failed for good.
    pub failed: u64,
    /// Cases that wait for their group to be mapped.
    pub held: u64,
    /// Deliveries that the host has not taken over yet.
    pub undelivered: u64,
    /// When the oldest case that waits or is tried again was handed over.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub oldest: Option<Timestamp>,
}

/// A case and its ticket.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LinkItem {
    /// Id of the case.
    pub case_id: String,
    /// Number of the ticket.
    pub ticket_id: TicketId,
    /// What the ticket bears in `externalXRef`.
    pub reference: String,
    /// Name of its board.
    pub board: String,
    /// Name of its status when it was last seen.
    pub status: String,
    /// Whether that status is a closed one.
    pub closed: bool,
    /// Id of its company.
    pub company_id: CompanyId,
    /// Name of its company.
    pub company: String,
    /// Name of the route that the case took.
    pub route: String,
    /// Whether the ticket holds all that was handed over of the case.
    pub in_step: bool,
    /// How many comments the ticket holds as notes.
    pub notes: u64,
    /// How many attachments it holds as documents.
    pub documents: u64,
    /// How many attachments ConnectWise refused.
    pub refused_documents: u64,
    /// The device configurations that were linked.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub configurations: Vec<ConfigurationId>,
}

/// Some of the cases with tickets, in the order of their keys.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct LinkPage {
    /// The links.
    pub links: Vec<LinkItem>,
    /// What to ask for the next page with; nothing on the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}
