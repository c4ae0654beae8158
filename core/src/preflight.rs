//! What a preflight finds: everything that would go wrong with the first tickets, before the first ticket (rows C3, C4, C9).

use crate::{
    error::{Code, Fault},
    role::RoleRight,
    service::TicketId,
    workflows::ConnectionReport,
};
use serde::{Deserialize, Serialize};

pub(crate) mod catalog;
pub(crate) mod companies;
pub(crate) mod configurations;
pub(crate) mod connection;
mod expiry;
pub(crate) mod texts;

pub(crate) use expiry::check as check_expiry;
pub use expiry::{CredentialExpiry, credential_expiry};

/// What a preflight found, all of it in one run.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PreflightReport {
    /// Whether the connection works and no finding is an error.
    pub ok: bool,
    /// The connection, part by part.
    pub connection: ConnectionReport,
    /// What was found, the worst first, then by pointer.
    pub findings: Vec<Finding>,
    /// The least security role for the features switched on.
    pub role: Vec<RoleRight>,
    /// The tickets of the write probe, where there was one.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub test_tickets: Vec<TestTicket>,
    /// Service boards of the instance, as far as the API member sees them.
    pub boards: usize,
    /// Priorities of the instance.
    pub priorities: usize,
}

/// One thing that was found.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Finding {
    /// How bad it is.
    pub severity: Severity,
    /// JSON pointer (RFC 6901) into the configuration, where it is about a place in it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pointer: Option<String>,
    /// Stable code, see [`Code`].
    pub code: Code,
    /// What is wrong.
    pub message: String,
    /// How to mend it.
    pub fix: String,
}

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Tickets will fail.
    Error,
    /// Tickets will be made, and something about them will not be as it should.
    Warning,
    /// Worth knowing.
    Info,
}

/// Every kind of finding that a preflight can make: its code and how bad it is.
pub const FINDINGS: &[(Code, Severity)] = &[
    (Code::InvalidValue, Severity::Error),
    (Code::UnmappedStatus, Severity::Error),
    (Code::UnknownBoard, Severity::Error),
    (Code::UnknownStatus, Severity::Error),
    (Code::UnknownType, Severity::Error),
    (Code::UnknownSubtype, Severity::Error),
    (Code::UnknownItem, Severity::Error),
    (Code::UnknownTeam, Severity::Error),
    (Code::UnknownPriority, Severity::Error),
    (Code::UnknownSource, Severity::Error),
    (Code::UnknownCustomField, Severity::Error),
    (Code::Inactive, Severity::Error),
    (Code::NotAssociated, Severity::Error),
    (Code::UnusableCompany, Severity::Error),
    (Code::UnusableConfiguration, Severity::Error),
    (Code::ReleaseTooOld, Severity::Error),
    (Code::CredentialExpiry, Severity::Error),
    (Code::CredentialExpiry, Severity::Warning),
    (Code::MissingRight, Severity::Error),
    (Code::NotChecked, Severity::Warning),
    (Code::NotChecked, Severity::Info),
    (Code::InactiveCompany, Severity::Warning),
    (Code::UnmappedPriority, Severity::Warning),
    (Code::StatusNotClosed, Severity::Warning),
    (Code::UnfilledField, Severity::Warning),
    (Code::MissingSubtype, Severity::Warning),
    (Code::OtherDefaultBoard, Severity::Info),
    (Code::PersonalKeys, Severity::Warning),
    (Code::OutdatedQuirks, Severity::Info),
    (Code::TextCut, Severity::Error),
    (Code::TextCut, Severity::Warning),
    (Code::TestTicketLeft, Severity::Error),
    (Code::TestStepRefused, Severity::Error),
    (Code::TestStepUnclear, Severity::Warning),
];

/// A test ticket and how each of its steps went.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TestTicket {
    /// Name of the route that it tried.
    pub route: String,
    /// Where that route stands in the configuration.
    pub pointer: String,
    /// Its number, where it was opened.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ticket_id: Option<TicketId>,
    /// The steps, in their order.
    pub steps: Vec<TestStep>,
}

/// One step of a test ticket.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TestStep {
    /// Which.
    pub step: TestStepKind,
    /// How it went.
    pub state: TestState,
    /// What came of it, in ConnectWise's words where it refused.
    pub message: String,
    /// The right that the security role lacks, where that is why.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub right: Option<String>,
}

/// The steps of a test ticket.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum TestStepKind {
    /// Closing what an earlier test left.
    CleanUp,
    /// Opening the ticket on the route's board.
    Open,
    /// Adding an internal note.
    Note,
    /// Attaching a text file.
    Attach,
    /// Changing the summary, and the status where the route says so.
    Change,
    /// Closing the ticket.
    Close,
}

/// How a step of a test ticket went.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum TestState {
    /// As it should.
    Done,
    /// ConnectWise refused it.
    Refused,
    /// No clear answer came.
    Unclear,
    /// It was not tried.
    Skipped,
}

impl Finding {
    pub(crate) fn new(
        severity: Severity,
        code: Code,
        pointer: Option<String>,
        message: impl Into<String>,
        fix: impl Into<String>,
    ) -> Self {
        Self {
            severity,
            pointer,
            code,
            message: message.into(),
            fix: fix.into(),
        }
    }
}

impl From<Fault> for Finding {
    fn from(fault: Fault) -> Self {
        Self::new(
            Severity::Error,
            fault.code,
            Some(fault.pointer),
            fault.message,
            fault.fix,
        )
    }
}
