use serde::{Deserialize, Serialize};
use std::fmt;

/// Where ConnectWise tells of saved tickets, and of which (API.md section 13.1).
///
/// The secret that makes the address unguessable is no part of it: see [`CallbackSecret`](crate::CallbackSecret).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Callbacks {
    /// The receiver's public https address, without query, such as `https://soc.example/psa/callbacks`; ConnectWise posts
    /// to a path below it. Where nothing is said, [`Command::EnsureCallbacks`](crate::Command::EnsureCallbacks) has to name it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// Of which tickets.
    #[serde(default)]
    pub level: CallbackLevel,
}

/// Of which tickets callbacks are told. Everything but `owner` is a registration for each ticket, board or status, at most
/// 1000 in all. Of a company's tickets ConnectWise has no level (API.md section 13.1).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum CallbackLevel {
    /// Of each open ticket of a case, one by one (guide 000 section 10). A new ticket is told of once it is registered:
    /// with the next [`Command::EnsureCallbacks`](crate::Command::EnsureCallbacks).
    Ticket,
    /// Of every ticket on a board that a route names.
    Board,
    /// Of every ticket in a status of a board that a route names.
    Status,
    /// Of every ticket: one registration.
    #[default]
    Owner,
}

impl CallbackLevel {
    /// The word that ConnectWise stores, in lower case.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Ticket => "ticket",
            Self::Board => "board",
            Self::Status => "status",
            Self::Owner => "owner",
        }
    }
}

impl fmt::Display for CallbackLevel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
