//! What the host is handed: the state of a ticket and events, at least once, with a stable id.

use crate::{
    event_log::Alert,
    mapping::{MappedCompany, MappedConfiguration, MappingOrigin},
    service::TicketId,
    time::Timestamp,
};
use serde::{Deserialize, Serialize};

mod content;
mod ticket;

pub use content::{AttachmentContent, CommentSource, IncomingAttachment, IncomingComment};
pub use ticket::{ChangedBy, TicketChange, TicketField, TicketState};

/// Something for the host to keep. Offered until the host says that it is durable, in order per subject.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
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
    /// The alert that it is raised as, where the configuration's `events.raise` says so (row E8).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub alert: Option<Alert>,
}

/// What an event is about. Deliveries keep their order per subject, and are numbered by it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
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
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Event {
    /// A ticket was opened for the case.
    TicketCreated,
    /// The ticket was changed after the case: a field, a note or a document.
    TicketModified,
    /// The ticket was closed, after the case or in ConnectWise.
    TicketClosed {
        /// By which side.
        #[serde(default)]
        by: ChangedBy,
    },
    /// The ticket was opened again, after the case or in ConnectWise.
    TicketReopened {
        /// By which side.
        #[serde(default)]
        by: ChangedBy,
    },
    /// Fields of the ticket were changed in ConnectWise (rows S2 and S3). Its closing and reopening is told by
    /// [`TicketClosed`](Self::TicketClosed) and [`TicketReopened`](Self::TicketReopened) in place of its status and times.
    TicketChanged {
        /// Which, with what the host knew before and what they are now.
        changes: Vec<TicketChange>,
    },
    /// Someone wrote on the ticket in ConnectWise (row S4).
    CommentAdded {
        /// What.
        comment: IncomingComment,
    },
    /// What was written on the ticket was changed in ConnectWise.
    CommentChanged {
        /// As it is now.
        comment: IncomingComment,
    },
    /// Someone attached a file to the ticket in ConnectWise (row S5).
    AttachmentAdded {
        /// Which, and where its content is.
        attachment: IncomingAttachment,
    },
    /// A ticket was merged into another (row S8). It is told to the cases of both, and both go on with the one that survives.
    TicketMerged {
        /// The ticket that is no more worked on.
        from: TicketId,
        /// The ticket that survives.
        into: TicketId,
    },
    /// The ticket is gone: it was deleted, or the API member may not see it any more. Told once. The case gets no other
    /// ticket by itself, unless `inbound.when_deleted` says so.
    TicketDeleted {
        /// Which.
        ticket: TicketId,
    },
    /// The ticket was converted to a project ticket, which casewire does not follow. Told once.
    TicketConverted {
        /// What it is now, by ConnectWise's name; nothing where it cannot be read as a service ticket any more.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        record_type: Option<String>,
    },
    /// The ticket was moved to another board, and has a status of that one.
    TicketMoved {
        /// Name of the board before.
        from: String,
        /// Name of the board now.
        to: String,
        /// Whether `status_map` names it. Where it does not, the ticket's status says nothing to the case, nor the case's to
        /// the ticket.
        mapped: bool,
    },
    /// The ticket was given to another company.
    CompanyChanged {
        /// Name of the company before.
        from: String,
        /// Name of the company now.
        to: String,
    },
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
    /// The boards or tables of the instance changed since the configuration last fitted them (row B6). Told once for the same
    /// changes; [`Command::Drift`](crate::Command::Drift) has them in full.
    CatalogDrift {
        /// Whether something of the configuration no longer fits.
        breaks: bool,
        /// What changed, one line for each, at most 20 of them.
        reason: String,
    },
    /// The API member's keys end soon, or have ended (row C4). Told once from 30 days before their last day on, and once when
    /// that has passed.
    CredentialExpiring {
        /// Their last day, `YYYY-MM-DD`, as the configuration says.
        day: String,
        /// Whole days until then; negative once they have ended.
        days_left: i64,
    },
    /// Callback registrations that were in place before were lost or disabled, and are in place again (row E1). What was
    /// saved meanwhile is found by polling.
    CallbackRepaired {
        /// What was wrong, one line for each registration.
        reason: String,
    },
    /// The case repeats another and shares its ticket (row T4).
    RepeatJoined {
        /// The case that the ticket was opened for.
        first_case: String,
    },
    /// The case is one of too many and shares a ticket with the others (row T5).
    RolledUp {
        /// What is flooded, such as `group 48Tech`.
        scope: String,
    },
    /// The case came within a maintenance window and makes no ticket (row T8).
    Withheld {
        /// Name of the window.
        window: String,
        /// When the window ends.
        until: Timestamp,
    },
    /// There are more new tickets than `flood.limit`: further cases share one (row T5). Of the instance.
    FloodBegan {
        /// What is flooded, such as `group 48Tech`.
        scope: String,
        /// The ticket that they share.
        ticket: TicketId,
    },
    /// No more cases share a ticket. Of the instance.
    FloodEnded {
        /// What was flooded.
        scope: String,
        /// The ticket that they share.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        ticket: Option<TicketId>,
        /// How many cases share it.
        cases: u64,
    },
    /// A maintenance window in which cases were held back is over (row T8). Of the instance.
    MaintenanceEnded {
        /// Name of the window.
        window: String,
        /// The ticket that has the summary.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        ticket: Option<TicketId>,
        /// How many cases were held back.
        cases: u64,
    },
    /// A ticket was saved with the status that asks for a case, and is the ticket of the case with the subject's id from
    /// now on (row S6). The host hands that case over under this id like any other.
    CaseRequested {
        /// What the ticket says.
        request: Box<CaseRequest>,
    },
    /// A ticket asks for a case and its contact is not known, so that it makes none (row S6). Told where
    /// `inbound.trigger.refusal` is `event`, once for each ticket and contact.
    CaseRequestRefused {
        /// The ticket.
        ticket_id: TicketId,
        /// Why, and what to do.
        reason: String,
    },
    /// So many tickets were deleted, closed or moved at once that nobody is told of any of these changes, until
    /// [`Command::ReleaseMassChange`](crate::Command::ReleaseMassChange) says that it is meant (row S8).
    MassChangeHeld {
        /// How many, and out of how many.
        counts: MassCounts,
    },
}

/// A ticket that became a case (row S6; guide 002, "Create a ConnectWise ticket").
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CaseRequest {
    /// Summary of the ticket.
    pub title: String,
    /// The company that the ticket is for.
    pub company: MappedCompany,
    /// Ids of the groups that are mapped to that company, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub groups: Vec<String>,
    /// Name of the ticket's contact.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contact: Option<String>,
    /// The contact's e-mail address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contact_email: Option<String>,
    /// The case severity that the ticket's priority means, where it means one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub severity: Option<String>,
    /// Identifier of the member who saved the ticket last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub requested_by: Option<String>,
    /// When the ticket was made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created_at: Option<Timestamp>,
}

/// Changes of many tickets at once, by what they are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct MassCounts {
    /// Tickets that are gone.
    pub deleted: u64,
    /// Tickets that were closed in ConnectWise.
    pub closed: u64,
    /// Tickets that lie on another board.
    pub moved: u64,
    /// Open tickets of cases, those among them.
    pub open: u64,
}

impl MassCounts {
    /// How many tickets changed.
    #[must_use]
    pub fn changes(&self) -> u64 {
        self.deleted + self.closed + self.moved
    }
}
