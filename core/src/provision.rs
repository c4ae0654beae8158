//! What of a configuration an instance lacks, and in which order it can be made there (row B5, guide 004 "Tickets
//! configuration").

use crate::{
    catalog::{Catalog, Place},
    error::Fault,
    repair::Repair,
};
use serde::{Deserialize, Serialize};

mod plan;

/// What is to be made in ConnectWise, in this order, so that the configuration fits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProvisionPlan {
    /// Digest of the boards and tables that it was made from: it is not applied to an instance that has changed since.
    pub digest: String,
    /// What is made, in order. Nothing that exists is touched.
    pub steps: Vec<ProvisionStep>,
    /// What the API cannot make or casewire must not touch, for a person; steps do not wait for it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub manual: Vec<Repair>,
}

/// One record to be made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProvisionStep {
    /// The record.
    pub create: Creation,
    /// Why it is needed.
    pub reason: String,
}

/// A record to be made (API.md section 8). Boards are named by name: they may be made by an earlier step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "record", rename_all = "snake_case", deny_unknown_fields)]
pub enum Creation {
    /// A service board.
    Board {
        /// Name, at most 50 characters.
        name: String,
        /// ConnectWise asks for one.
        location: Place,
        /// ConnectWise asks for one.
        department: Place,
    },
    /// A status.
    Status {
        /// Its board.
        board: String,
        /// Name, at most 50 characters.
        name: String,
        /// Whether a ticket in it is closed.
        closed: bool,
        /// Its place among the board's statuses.
        sort_order: u32,
    },
    /// A type.
    Type {
        /// Its board.
        board: String,
        /// Name, at most 50 characters.
        name: String,
    },
    /// A subtype, associated with these types.
    Subtype {
        /// Its board.
        board: String,
        /// Name, at most 50 characters.
        name: String,
        /// Types of the board, by name.
        types: Vec<String>,
    },
    /// An item. Which types and subtypes it goes with cannot be said through the API.
    Item {
        /// Its board.
        board: String,
        /// Name, at most 50 characters.
        name: String,
    },
}

/// What came of a plan.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ProvisionReport {
    /// What came of each step, in the plan's order.
    pub steps: Vec<StepReport>,
    /// What of the configuration still does not fit the instance, read anew; empty where all of it does.
    pub remaining: Vec<Fault>,
}

/// What came of a step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StepReport {
    /// The record.
    pub create: Creation,
    /// What came of it.
    pub result: StepResult,
}

/// What came of a step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StepResult {
    /// It was made.
    Done {
        /// Its id in ConnectWise.
        id: u32,
    },
    /// It was there already and was left as it is. ConnectWise gives a new board statuses of its own.
    WasThere {
        /// Its id in ConnectWise.
        id: u32,
    },
    /// ConnectWise refused it, such as for want of a right.
    Refused {
        /// Why, and what to do.
        reason: String,
    },
    /// It was not tried, because what it needs was refused.
    Skipped {
        /// What it needs.
        reason: String,
    },
}

impl Creation {
    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Board { name, .. }
            | Self::Status { name, .. }
            | Self::Type { name, .. }
            | Self::Subtype { name, .. }
            | Self::Item { name, .. } => name,
        }
    }

    /// Name of its board; a board's own.
    #[must_use]
    pub fn board(&self) -> &str {
        match self {
            Self::Board { name, .. } => name,
            Self::Status { board, .. }
            | Self::Type { board, .. }
            | Self::Subtype { board, .. }
            | Self::Item { board, .. } => board,
        }
    }

    /// What it is, such as `subtype`.
    #[must_use]
    pub fn what(&self) -> &'static str {
        match self {
            Self::Board { .. } => "board",
            Self::Status { .. } => "status",
            Self::Type { .. } => "type",
            Self::Subtype { .. } => "subtype",
            Self::Item { .. } => "item",
        }
    }
}

impl Catalog {
    /// A digest of all that the catalog says, the time of reading aside.
    pub(crate) fn digest(&self) -> String {
        let timeless = Self {
            read_at: crate::time::Timestamp::from_millis(0),
            ..self.clone()
        };
        crate::digest::of(&serde_json::to_vec(&timeless).unwrap_or_default())
    }
}
