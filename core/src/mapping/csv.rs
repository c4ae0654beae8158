//! Mappings as a list for a spreadsheet: out, and in again with each bad row named (row M6).

use super::{MappedKind, MappingOrigin};
use crate::{
    company::{CompanyId, ConfigurationId},
    error::{Fault, Result},
};
use serde::{Deserialize, Serialize};

mod read;
#[cfg(test)]
mod tests;
mod write;

/// One mapping as a row: of a group to a company, or of a system to a configuration.
///
/// The columns are the fields, in this order. Ids win over identifier and name, which are there to be read.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MappingRow {
    /// What is mapped.
    pub kind: MappedKind,
    /// Id of the group or system.
    pub id: String,
    /// Its name; only for readers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The company: of a group, what it is mapped to; of a system, only for readers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub company_id: Option<CompanyId>,
    /// The company's identifier; names the company where the id is missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub company_identifier: Option<String>,
    /// The company's name; only for readers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub company_name: Option<String>,
    /// The configuration that a system is mapped to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub configuration_id: Option<ConfigurationId>,
    /// The configuration's name; names it within the company where the id is missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub configuration_name: Option<String>,
    /// Where the mapping came from; by hand where the column is empty.
    #[serde(default)]
    pub origin: MappingOrigin,
    /// The group that a system belongs to; may be missing where it is known of the system already.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<String>,
}

/// What was read of a list: the good rows, and every fault of the bad ones.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct ReadMappings {
    /// The rows without fault, each with the line on which it begins, counted from 1.
    pub rows: Vec<(u64, MappingRow)>,
    /// All faults of the others, in the order of their lines; pointers are of the form `/lines/7/company_id`.
    pub faults: Vec<Fault>,
}

/// Writes mappings as CSV (RFC 4180, with a header, without a byte order mark): what a spreadsheet would take for a formula begins with
/// an apostrophe, and names are folded into one line.
#[must_use]
pub fn write_mappings(rows: &[MappingRow]) -> String {
    write::list(rows)
}

/// Reads what [`write_mappings`] wrote and a person edited: columns in any order, with `,` or `;` between them, with or without a byte
/// order mark, with either line end. Rows without any text are passed over.
///
/// # Errors
///
/// Refuses what has no usable header, with all of its faults; faults of rows are in the answer.
pub fn read_mappings(text: &[u8]) -> Result<ReadMappings> {
    read::list(text)
}

/// The columns, in the order in which they are written.
const COLUMNS: [&str; 10] = [
    "kind",
    "id",
    "name",
    "company_id",
    "company_identifier",
    "company_name",
    "configuration_id",
    "configuration_name",
    "origin",
    "group",
];

/// What a spreadsheet takes for the beginning of a formula, and the apostrophe that keeps it from doing so.
const GUARDED: [char; 7] = ['=', '+', '-', '@', '\t', '\r', '\''];

impl MappedKind {
    const ALL: [Self; 2] = [Self::Group, Self::System];

    const fn name(self) -> &'static str {
        match self {
            Self::Group => "group",
            Self::System => "system",
        }
    }
}

impl MappingOrigin {
    const ALL: [Self; 4] = [
        Self::Configuration,
        Self::Manual,
        Self::Automatic,
        Self::Removed,
    ];

    const fn name(self) -> &'static str {
        match self {
            Self::Configuration => "configuration",
            Self::Manual => "manual",
            Self::Automatic => "automatic",
            Self::Removed => "removed",
        }
    }
}
