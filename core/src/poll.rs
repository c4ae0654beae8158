//! What came of looking for changed tickets.

use crate::{delivery::MassCounts, error::Error, service::TicketId, time::Timestamp};
use serde::Serialize;

/// Failures that a report names one by one; the others are counted.
pub(crate) const MOST_NAMED: usize = 50;

/// What a poll found and did (row S2).
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct PollReport {
    /// From when on changes were asked for; nothing where held changes were released.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub since: Option<Timestamp>,
    /// All that changed until then, by ConnectWise's clock, was seen. The next poll goes on there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<Timestamp>,
    /// Tickets that ConnectWise listed as changed.
    pub listed: u64,
    /// Those of cases that are as they were when they were read last: nothing more was asked about them.
    pub unchanged: u64,
    /// Tickets of cases that were read and compared with their cases.
    pub synced: u64,
    /// Of these, open tickets that were read again only because it was time to (`inbound.reread`).
    pub reread: u64,
    /// Tickets that became cases now.
    pub requested: u64,
    /// Tickets that ask for a case and whose contact is not known.
    pub refused: u64,
    /// Tickets that could not be read. The next poll tries them again.
    pub failed: u64,
    /// The first of these, each with the reason.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub failures: Vec<TicketFailure>,
    /// Deletions, closings and moves that are held back because there are so many.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub held: Option<MassCounts>,
}

/// A ticket that could not be read.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct TicketFailure {
    /// The ticket.
    pub ticket_id: TicketId,
    /// Why.
    pub error: Error,
}

impl PollReport {
    pub(crate) fn note_failure(&mut self, ticket_id: TicketId, error: Error) {
        self.failed += 1;
        if self.failures.len() < MOST_NAMED {
            self.failures.push(TicketFailure { ticket_id, error });
        }
    }
}
