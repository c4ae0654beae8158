//! ConnectWise's service module: tickets, notes, boards and their children.

use serde::{Deserialize, Serialize};
use std::fmt;

pub(crate) mod all_notes;
pub(crate) mod boards;
pub(crate) mod listed_tickets;
pub(crate) mod notes;
pub(crate) mod ticket_configurations;
pub(crate) mod tickets;

/// Number of a service ticket.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(transparent)]
pub struct TicketId(pub u32);

impl fmt::Display for TicketId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
