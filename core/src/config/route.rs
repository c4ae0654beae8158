use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Where a kind of case goes.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Route {
    /// Name that explanations use.
    pub name: String,
    /// Which cases it takes; all where nothing is said.
    #[serde(default, skip_serializing_if = "Match::is_any")]
    pub when: Match,
    /// Makes no ticket (guide 004: group policy changes, Microsoft Updates).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub ignore: bool,
    /// Board, by name. Required unless `ignore`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub board: Option<String>,
    /// Type on the board, by name.
    #[serde(default, rename = "type", skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// Type per kind of case, before `type` (guide 004: one type per kind of notification).
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub type_by_kind: BTreeMap<String, String>,
    /// Subtype, associated with the type.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subtype: Option<String>,
    /// Subtype per kind of case, before `subtype` (guide 004: one subtype per module).
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub subtype_by_kind: BTreeMap<String, String>,
    /// Item, associated with type and subtype.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub item: Option<String>,
    /// Team of the board.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub team: Option<String>,
    /// Source, by name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// Priority, by name, before the priority map.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub priority: Option<String>,
    /// The ticket's severity, before `ticket.severity` and any mapping of that field.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub severity: Option<Level>,
    /// The ticket's impact, before `ticket.impact` and any mapping of that field.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub impact: Option<Level>,
    /// Statuses, by name.
    #[serde(default)]
    pub status: RouteStatus,
    /// Whether its tickets are closed when the case's source clears (row T6); they are where nothing is said. A case that
    /// someone closed closes its ticket all the same.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub auto_close: Option<bool>,
}

/// The statuses that a route gives a ticket.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct RouteStatus {
    /// When it is opened; the board's default where nothing is said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub created: Option<String>,
    /// When the case changes; left as it is where nothing is said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub updated: Option<String>,
    /// When the case's source clears; the status map's where nothing is said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cleared: Option<String>,
}

/// Which cases a route takes: each list that is given must hold the case's value. Compared without case.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct Match {
    /// Any of these categories.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub category: Vec<String>,
    /// Any of these kinds.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub kind: Vec<String>,
    /// Any of these severities.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub severity: Vec<String>,
    /// Any of these group ids.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub group: Vec<String>,
    /// Any of these system ids.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub system: Vec<String>,
    /// At least one of these tags.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tag: Vec<String>,
}

impl Match {
    /// Whether it takes every case.
    #[must_use]
    pub fn is_any(&self) -> bool {
        *self == Self::default()
    }
}

/// One board's statuses in both directions.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct StatusMap {
    /// From ticket status to case status; every status of the board.
    pub to_case: BTreeMap<String, String>,
    /// From case status to ticket status.
    pub to_ticket: BTreeMap<String, String>,
    /// From a case's close reason to a closed status of the board, before `to_ticket`; backwards, what such a status says of
    /// why a ticket was closed. Reasons are compared by their letters and digits alone.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub close_reasons: BTreeMap<String, String>,
}

/// A ticket's severity or impact (API.md section 7).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Level {
    /// `Low`.
    Low,
    /// `Medium`.
    Medium,
    /// `High`.
    High,
}

impl Level {
    /// As ConnectWise writes it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Low => "Low",
            Self::Medium => "Medium",
            Self::High => "High",
        }
    }
}

/// What ConnectWise asks of a new board (API.md section 8: location and department are required).
///
/// Where nothing is said, that of the instance's boards is taken, if they have but one.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct Provision {
    /// Location, by name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub location: Option<String>,
    /// Department, by name; ConnectWise's pages also call it business unit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub department: Option<String>,
}

impl Provision {
    /// Whether nothing is said.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}
