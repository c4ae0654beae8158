//! What the host is handed: the state of a ticket and events, at least once, with a stable id.

use crate::{
    mapping::{MappedCompany, MappedConfiguration, MappingOrigin},
    service::TicketId,
    time::Timestamp,
};
use serde::{Deserialize, Serialize};

/// Something for the host to keep. Offered until the host says that it is durable, in order per subject.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Delivery {
    /// Stable id, by which a repeat is known.
    pub id: String,
    /// What it is about; in JSON one key beside the others, such as `"case_id": "10012"`.
    #[serde(flatten)]
    pub subject: Subject,
    /// When it happened.
    pub at: Timestamp,
    /// What happened.
    pub event: Event,
    /// The ticket as it is now, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ticket: Option<TicketState>,
}

/// What an event is about. Deliveries keep their order per subject, and are numbered by it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Subject {
    /// The case with this id.
    #[serde(rename = "case_id")]
    Case(String),
    /// The group with this id.
    #[serde(rename = "group_id")]
    Group(String),
    /// The system with this id.
    #[serde(rename = "system_id")]
    System(String),
    /// The ConnectWise instance as a whole, by the name that the configuration gives it.
    #[serde(rename = "instance")]
    Instance(String),
}

impl Subject {
    /// The case's id, where it is about a case.
    #[must_use]
    pub fn case_id(&self) -> Option<&str> {
        match self {
            Self::Case(id) => Some(id),
            Self::Group(_) | Self::System(_) | Self::Instance(_) => None,
        }
    }
}

impl Delivery {
    /// The case's id, where it is about a case.
    #[must_use]
    pub fn case_id(&self) -> Option<&str> {
        self.subject.case_id()
    }
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
    /// The group has no company: of a case that is held for it, or of the group itself where automatic mapping failed
    /// (guide 000 section 6.2). What was told and has not changed is not told again.
    GroupMappingFailed {
        /// Why, and what to do.
        reason: String,
    },
    /// The system has no device configuration: of a case whose ticket was opened without one, or of the system itself where
    /// automatic mapping failed.
    SystemMappingFailed {
        /// Why, and what to do.
        reason: String,
    },
    /// The group was mapped to a company.
    GroupMapped {
        /// The company.
        company: MappedCompany,
        /// By whom.
        origin: MappingOrigin,
        /// Why.
        reason: String,
    },
    /// The system was mapped to a device configuration.
    SystemMapped {
        /// The device configuration.
        configuration: MappedConfiguration,
        /// By whom.
        origin: MappingOrigin,
        /// Why.
        reason: String,
    },
    /// The group or system is mapped no more.
    MappingRemoved {
        /// Why.
        reason: String,
    },
    /// The case was taken out of the outbox by hand, and gets no ticket, or no change of it, until it is handed over again
    /// (row E4).
    CaseDiscarded {
        /// Why.
        reason: String,
        /// Who did it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        by: Option<String>,
    },
    /// More tickets than `companies.unmapped.alarm_at` were opened today for the company that catches all (row M7). Told
    /// once a day.
    CatchAllGrows {
        /// The day in UTC, `YYYY-MM-DD`.
        day: String,
        /// How many tickets it has this day, up to now.
        tickets: u64,
        /// Name of the company.
        company: String,
    },
    /// Callback registrations that were in place before were lost or disabled, and are in place again (row E1). What was
    /// saved meanwhile is found by polling.
    CallbackRepaired {
        /// What was wrong, one line for each registration.
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
