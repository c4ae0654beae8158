//! Mappings as a list for a spreadsheet: out, and in again with each bad row named (row M6).

use super::{MappedKind, MappingOrigin};
use crate::{
    company::{CompanyId, ConfigurationId},
    error::{Fault, Result},
};
use serde::{Deserialize, Serialize};

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
}

/// What was read of a list: the good rows, and every fault of the bad ones.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct ReadMappings {
    /// The rows without fault, each with the line on which it begins, counted from 1.
    pub rows: Vec<(u64, MappingRow)>,
    /// All faults of the others, in the order of their lines; pointers are of the form `/lines/7/company_id`.
    pub faults: Vec<Fault>,
}

/// Writes mappings as CSV (RFC 4180, with a header): what a spreadsheet would take for a formula begins with an apostrophe.
///
/// # Errors
///
/// [`Code::Internal`](crate::Code::Internal), which no row is known to cause.
pub fn write_mappings(rows: &[MappingRow]) -> Result<String> {
    let _ = rows;
    Ok(String::new())
}

/// Reads what [`write_mappings`] wrote and a person edited: columns in any order, with `,` or `;` between them, with or without a byte
/// order mark, with either line end.
///
/// # Errors
///
/// Refuses what has no usable header, with all of its faults; faults of rows are in the answer.
pub fn read_mappings(text: &[u8]) -> Result<ReadMappings> {
    let _ = text;
    Ok(ReadMappings::default())
}
