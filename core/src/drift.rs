//! What changed in an instance since it last fitted the configuration, and what that breaks (row B6).

use crate::{error::Fault, repair::Repair, time::Timestamp};
use serde::{Deserialize, Serialize};
use std::fmt;

mod breaks;
mod compare;
mod names;

pub use compare::drift;

/// What changed between two catalogs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DriftReport {
    /// When the earlier catalog was read; nothing where there was none to compare with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<Timestamp>,
    /// When the later catalog was read.
    pub read_at: Timestamp,
    /// What changed: boards, then what belongs to them, then the instance's tables.
    pub changes: Vec<DriftChange>,
    /// All that does not fit now, whether or not a change explains it. Routes that are not named here go on working.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub faults: Vec<Repair>,
}

/// One change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DriftChange {
    /// What changed.
    pub subject: DriftSubject,
    /// Name of its board, where it belongs to one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub board: Option<String>,
    /// Its name now, or its last one; for an association the names with slashes between.
    pub name: String,
    /// How.
    pub change: DriftKind,
    /// What of the configuration this breaks, with the fix.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub breaks: Vec<Repair>,
}

/// What can change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DriftSubject {
    /// A service board.
    Board,
    /// A status of a board.
    Status,
    /// A type of a board.
    Type,
    /// A subtype of a board.
    Subtype,
    /// An item of a board.
    Item,
    /// Type, subtype and item that go together on a board.
    Association,
    /// A team of a board.
    Team,
    /// A priority.
    Priority,
    /// A source.
    Source,
    /// A custom field of tickets.
    CustomField,
}

/// How it changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DriftKind {
    /// It is new.
    Added,
    /// It has another name.
    Renamed {
        /// The name that it had.
        from: String,
    },
    /// It was deactivated.
    Deactivated,
    /// It was activated again.
    Activated,
    /// It is gone.
    Deleted,
    /// Tickets in this status are closed now.
    Closes,
    /// Tickets in this status are open now.
    Opens,
}

impl DriftReport {
    /// Whether anything of the configuration no longer fits.
    #[must_use]
    pub fn is_broken(&self) -> bool {
        !self.faults.is_empty() || self.changes.iter().any(|change| !change.breaks.is_empty())
    }

    /// Whether there is anything to tell.
    pub(crate) fn says_anything(&self) -> bool {
        !self.changes.is_empty() || self.is_broken()
    }

    /// Whether it says what another one says, whenever that was read.
    pub(crate) fn says(&self, other: &Self) -> bool {
        self.since == other.since && self.changes == other.changes && self.faults == other.faults
    }

    /// What changed, or else what does not fit, one line for each.
    pub(crate) fn in_lines(&self) -> String {
        const MOST: usize = 20;
        let mut lines: Vec<String> = self.changes.iter().map(ToString::to_string).collect();
        if lines.is_empty() {
            let faults = self.faults.iter();
            lines.extend(faults.map(|fault| format!("{}: {}", fault.pointer, fault.message)));
        }
        let more = lines.len().saturating_sub(MOST);
        lines.truncate(MOST);
        if more > 0 {
            lines.push(format!("and {more} more"));
        }
        lines.join("\n")
    }

    pub(crate) fn with_faults(self, faults: &[Fault]) -> Self {
        let faults = faults.iter().cloned().map(Repair::from).collect();
        Self { faults, ..self }
    }
}

impl fmt::Display for DriftChange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} '{}'", self.subject.said(), self.name)?;
        if let Some(board) = &self.board {
            write!(f, " of board '{board}'")?;
        }
        match &self.change {
            DriftKind::Added => f.write_str(" was added"),
            DriftKind::Renamed { from } => write!(f, " was called '{from}' before"),
            DriftKind::Deactivated => f.write_str(" was deactivated"),
            DriftKind::Activated => f.write_str(" was activated"),
            DriftKind::Deleted => f.write_str(" was deleted"),
            DriftKind::Closes => f.write_str(" closes tickets now"),
            DriftKind::Opens => f.write_str(" leaves tickets open now"),
        }
    }
}

impl DriftSubject {
    /// In words.
    #[must_use]
    pub fn said(self) -> &'static str {
        match self {
            Self::Board => "board",
            Self::Status => "status",
            Self::Type => "type",
            Self::Subtype => "subtype",
            Self::Item => "item",
            Self::Association => "association",
            Self::Team => "team",
            Self::Priority => "priority",
            Self::Source => "source",
            Self::CustomField => "custom field",
        }
    }
}
