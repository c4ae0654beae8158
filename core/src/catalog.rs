//! A snapshot of what an instance offers tickets: boards and their children, priorities, sources, custom fields.

use crate::{quirks::LengthUnit, time::Timestamp};
use serde::{Deserialize, Serialize};

/// What an instance offers tickets, as read at one time. Names are ConnectWise's.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Catalog {
    /// When it was read.
    pub read_at: Timestamp,
    /// Every service board; children only of those that the configuration names.
    pub boards: Vec<Board>,
    /// Priorities.
    pub priorities: Vec<Priority>,
    /// Sources; empty where no route names one.
    #[serde(default)]
    pub sources: Vec<Named>,
    /// Custom fields of tickets; empty where the configuration names none.
    #[serde(default)]
    pub custom_fields: Vec<CustomField>,
    /// How the instance calls the three impacts; empty unless asked for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub impacts: Vec<Label>,
    /// How the instance calls the three severities; empty unless asked for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub severities: Vec<Label>,
    /// Service level agreements, which ConnectWise applies by itself; empty unless asked for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub slas: Vec<Named>,
    /// What the instance's limits of texts count, as its probe learned it.
    #[serde(default, skip_serializing_if = "LengthUnit::is_default")]
    pub length_unit: LengthUnit,
}

/// A service board (API.md section 8).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Board {
    /// Record id.
    pub id: u32,
    /// Name.
    pub name: String,
    /// Deactivated.
    #[serde(default, alias = "inactiveFlag")]
    pub inactive: bool,
    /// A project board, which takes no service tickets.
    #[serde(default, alias = "projectFlag")]
    pub project: bool,
    /// Its location.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub location: Option<Place>,
    /// Its department, which ConnectWise's pages also call business unit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub department: Option<Place>,
    /// Statuses; ids are the board's own.
    #[serde(default)]
    pub statuses: Vec<Status>,
    /// Types.
    #[serde(default)]
    pub types: Vec<Named>,
    /// Subtypes.
    #[serde(default)]
    pub subtypes: Vec<Named>,
    /// Items.
    #[serde(default)]
    pub items: Vec<Named>,
    /// Which type, subtype and item go together.
    #[serde(default)]
    pub associations: Vec<Association>,
    /// Teams.
    #[serde(default)]
    pub teams: Vec<Named>,
}

/// A status of a board.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Status {
    /// Record id, on this board only.
    pub id: u32,
    /// Name.
    pub name: String,
    /// Whether a ticket in this status is closed.
    #[serde(default, alias = "closedStatus")]
    pub closed: bool,
    /// What a new ticket gets.
    #[serde(default, alias = "defaultFlag")]
    pub default: bool,
    /// Deactivated.
    #[serde(default)]
    pub inactive: bool,
}

/// A record that tickets refer to by name.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Named {
    /// Record id.
    pub id: u32,
    /// Name.
    pub name: String,
    /// Deactivated.
    #[serde(default, alias = "inactiveFlag")]
    pub inactive: bool,
}

/// A location or a department. The API has no list of them: they are known by the boards that have them.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Place {
    /// Record id, where it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<u32>,
    /// Name.
    pub name: String,
}

/// An impact or a severity. Tickets carry the name, `Low`, `Medium` or `High`; people see the description.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Label {
    /// Record id.
    pub id: u32,
    /// Name.
    pub name: String,
    /// What a person reads, at most 200 characters.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub description: String,
    /// What a ticket gets where nothing is said.
    #[serde(default)]
    pub default: bool,
}

/// A priority.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Priority {
    /// Record id.
    pub id: u32,
    /// Name.
    pub name: String,
    /// `Critical`, `High`, `Medium` or `Low`, on versions that have it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub level: Option<String>,
}

/// A valid triple of type, subtype and item, by id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Association {
    /// Type.
    #[serde(rename = "type")]
    pub kind: u32,
    /// Subtype, where the triple has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subtype: Option<u32>,
    /// Item, where the triple has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub item: Option<u32>,
}

/// A custom field of tickets (API.md section 17).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CustomField {
    /// Record id.
    pub id: u32,
    /// Caption.
    pub caption: String,
    /// `Text`, `TextArea`, `Number`, `Checkbox`, `Date`...
    #[serde(rename = "type", alias = "fieldTypeIdentifier")]
    pub kind: String,
    /// The values it takes, where it is a list.
    #[serde(default)]
    pub options: Vec<String>,
    /// Whether tickets must have it; closing one without can be refused.
    #[serde(
        default,
        alias = "requiredFlag",
        skip_serializing_if = "std::ops::Not::not"
    )]
    pub required: bool,
}

impl Board {
    /// Finds a status by name, without case.
    #[must_use]
    pub fn status(&self, name: &str) -> Option<&Status> {
        self.statuses
            .iter()
            .find(|status| same_name(&status.name, name))
    }
}

impl Catalog {
    /// Finds a board by name, without case.
    #[must_use]
    pub fn board(&self, name: &str) -> Option<&Board> {
        self.boards
            .iter()
            .find(|board| same_name(&board.name, name))
    }

    /// Finds a priority by name, without case.
    #[must_use]
    pub fn priority(&self, name: &str) -> Option<&Priority> {
        self.priorities
            .iter()
            .find(|priority| same_name(&priority.name, name))
    }
}

/// Whether two names are one to ConnectWise, which compares without case.
#[must_use]
pub fn same_name(left: &str, right: &str) -> bool {
    let (left, right) = (left.trim(), right.trim());
    if left.is_ascii() && right.is_ascii() {
        return left.eq_ignore_ascii_case(right);
    }
    left.to_lowercase() == right.to_lowercase()
}
