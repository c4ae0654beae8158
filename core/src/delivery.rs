//! What the host is handed: the state of a ticket and events, at least once, with a stable id.

use crate::{service::TicketId, time::Timestamp};
use serde::{Deserialize, Serialize};

/// Something for the host to keep. Offered until the host says that it is durable, in order per case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Delivery {
    /// Stable id, by which a repeat is known.
    pub id: String,
    /// The case that it is about.
    pub case_id: String,
    /// When it happened.
    pub at: Timestamp,
    /// What happened.
    pub event: Event,
    /// The ticket as it is now, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ticket: Option<TicketState>,
}

/// What happened (rows E1 and S10).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Event {
    /// A ticket was opened for the case.
    TicketCreated,
    /// The ticket was changed after the case.
    TicketModified,
    /// The ticket was closed after the case.
    TicketClosed,
    /// The ticket was opened again after the case.
    TicketReopened,
    /// The case's group has no company.
    GroupMappingFailed {
        /// Why, and what to do.
        reason: String,
    },
    /// The case's system has no device configuration; its ticket was opened without one.
    SystemMappingFailed {
        /// Why, and what to do.
        reason: String,
    },
}

/// A ticket's state as the case shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TicketState {
    /// Number of the ticket.
    pub ticket_id: TicketId,
    /// Name of its board.
    pub board: String,
    /// Name of its status, such as `New (not responded)`.
    pub status: String,
    /// The case status that the status map makes of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub case_status: Option<String>,
    /// Name of its company.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub company: Option<String>,
}
