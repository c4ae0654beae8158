//! What a comparison of all links with ConnectWise finds (row S9).

use crate::{
    delivery::MassCounts, poll::TicketFailure, preflight::Severity, service::TicketId,
    time::Timestamp,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Findings that a report names one by one; the others are counted.
const MOST_NAMED: usize = 500;

/// What a comparison of all open links, and of all tickets with a reference of this instance, found.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct ReconcileReport {
    /// When it began; earlier than the command where it went on with one that was cut off.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub began_at: Option<Timestamp>,
    /// Open links that were compared with their tickets.
    pub links: u64,
    /// Tickets with a reference of this instance that were compared with their links.
    pub tickets: u64,
    /// How many of each kind were found.
    pub found: BTreeMap<ReconcileKind, u64>,
    /// How many of these were repaired.
    pub repaired: u64,
    /// The first 500, in the order in which they were found.
    pub findings: Vec<ReconcileFinding>,
    /// Deletions, closings and moves that are held back because there are so many (row S8).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub held: Option<MassCounts>,
    /// Tickets that could not be read while they were repaired; the next poll tries them again.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub failures: Vec<TicketFailure>,
}

/// One difference between the store and ConnectWise.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReconcileFinding {
    /// How bad it is.
    pub severity: Severity,
    /// What it is.
    pub kind: ReconcileKind,
    /// The case, where it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub case_id: Option<String>,
    /// The ticket, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ticket_id: Option<TicketId>,
    /// What differs.
    pub message: String,
    /// What to do.
    pub fix: String,
    /// What was done about it.
    pub repair: ReconcileRepair,
}

/// What differs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReconcileKind {
    /// A case whose last try failed waits in the outbox.
    UnfinishedCase,
    /// The ticket of an open link is gone.
    MissingTicket,
    /// The ticket was merged into another one.
    MergedTicket,
    /// The ticket was closed, or has another status than was last seen.
    Status,
    /// The ticket lies on another board.
    Board,
    /// The ticket is another company's.
    Company,
    /// The ticket has another priority than casewire gave it.
    Priority,
    /// The ticket does not bear its case's reference.
    Reference,
    /// The ticket has fewer notes than were written.
    Notes,
    /// The ticket has fewer documents than were uploaded.
    Documents,
    /// More than one ticket bears the reference of a case.
    DuplicateTicket,
    /// A ticket bears the reference of a case that has no link.
    LostLink,
}

/// What was done about a finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReconcileRepair {
    /// Nothing: it was not asked for.
    NotAsked,
    /// Nothing: it is for a person to decide.
    ByHand,
    /// It was repaired, or its repair has begun.
    Done,
    /// Nothing yet: there are so many changes of its kind that they are held back.
    Held,
}

impl ReconcileKind {
    /// How bad it is.
    #[must_use]
    pub const fn severity(self) -> Severity {
        match self {
            Self::MissingTicket | Self::DuplicateTicket | Self::LostLink => Severity::Error,
            Self::UnfinishedCase
            | Self::MergedTicket
            | Self::Status
            | Self::Board
            | Self::Company
            | Self::Reference
            | Self::Notes
            | Self::Documents => Severity::Warning,
            Self::Priority => Severity::Info,
        }
    }

    /// What it is called in tables, which is what JSON says too.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::UnfinishedCase => "unfinished_case",
            Self::MissingTicket => "missing_ticket",
            Self::MergedTicket => "merged_ticket",
            Self::Status => "status",
            Self::Board => "board",
            Self::Company => "company",
            Self::Priority => "priority",
            Self::Reference => "reference",
            Self::Notes => "notes",
            Self::Documents => "documents",
            Self::DuplicateTicket => "duplicate_ticket",
            Self::LostLink => "lost_link",
        }
    }
}

impl ReconcileReport {
    pub(crate) fn note(&mut self, finding: ReconcileFinding) {
        *self.found.entry(finding.kind).or_default() += 1;
        self.repaired += u64::from(finding.repair == ReconcileRepair::Done);
        if self.findings.len() < MOST_NAMED {
            self.findings.push(finding);
        }
    }

    /// How many differences there are.
    #[must_use]
    pub fn differences(&self) -> u64 {
        self.found.values().sum()
    }
}
