use crate::{service::TicketId, time::Timestamp};
use serde::{Deserialize, Serialize};

/// A ticket's state as the case shows it (guide 000 sections 9.2 and 9.3; guide 003, inbound step 2: external ticket state,
/// ticket state, external cleared time, external resolve time).
///
/// What lies beyond the status is known once the ticket was read while `policies.ticket_inbound` is on.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct TicketState {
    /// Number of the ticket.
    pub ticket_id: TicketId,
    /// Its summary.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub summary: Option<String>,
    /// Name of its board.
    pub board: String,
    /// Name of its status, such as `New (not responded)`: the external ticket state.
    pub status: String,
    /// The case status that the status map makes of it: the ticket state.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub case_status: Option<String>,
    /// Whether ConnectWise counts it as closed.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub closed: bool,
    /// Name of its priority.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub priority: Option<String>,
    /// The case severity that the priority maps make of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub case_severity: Option<String>,
    /// Name of the technician who owns it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    /// When it was closed: the external cleared time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closed_at: Option<Timestamp>,
    /// When it was resolved.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resolved_at: Option<Timestamp>,
    /// Text of its newest resolution note.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resolution: Option<String>,
    /// What ConnectWise says of its service level, such as `Respond by`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sla_status: Option<String>,
    /// Name of its company.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub company: Option<String>,
    /// Identifier of the member who saved it last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub changed_by: Option<String>,
}

/// A field of a ticket whose changes a case is told of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum TicketField {
    /// Summary.
    Summary,
    /// Status.
    Status,
    /// Priority.
    Priority,
    /// Owner.
    Owner,
    /// When it was closed.
    ClosedAt,
    /// When it was resolved.
    ResolvedAt,
    /// Text of the newest resolution note.
    Resolution,
    /// Service level.
    SlaStatus,
}

impl TicketField {
    /// The name that JSON carries.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Summary => "summary",
            Self::Status => "status",
            Self::Priority => "priority",
            Self::Owner => "owner",
            Self::ClosedAt => "closed_at",
            Self::ResolvedAt => "resolved_at",
            Self::Resolution => "resolution",
            Self::SlaStatus => "sla_status",
        }
    }
}

/// One field of a ticket that was changed in ConnectWise.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct TicketChange {
    /// Which.
    pub field: TicketField,
    /// What the host was told before; nothing where it was empty or not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<String>,
    /// What it is now; nothing where it is empty.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
}

/// Where a ticket's closing or reopening came from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum ChangedBy {
    /// The case: casewire did it after the host.
    #[default]
    Case,
    /// ConnectWise: a technician, the customer or a rule of the board did it. `changed_by` of the state names the member.
    #[serde(rename = "connectwise")]
    ConnectWise,
}
