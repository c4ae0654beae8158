//! Suggestions for what automatic mapping leaves unmapped: several signals, a score, and the evidence in words (row M6).

use super::{NamedCompany, NamedConfiguration};
use serde::{Deserialize, Serialize};
use std::cmp::Reverse;

mod companies;
mod configurations;
mod names;
#[cfg(test)]
mod tests;

pub use companies::suggest_companies;
pub use configurations::suggest_configurations;

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
    /// How likely, 1 to 100: each signal takes its share of the doubt that the stronger ones left.
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

/// How many candidates are compared closely for each signal of a group or system.
const CLOSELY: usize = 40;

/// Below this a candidate is not shown.
const LEAST_SCORE: u8 = 20;

/// Words for a signal that other records have too.
fn as_others_do(others: usize, record: &str, records: &str) -> String {
    match others {
        0 => String::new(),
        1 => format!(", as another {record} does"),
        others => format!(", as {others} other {records} do"),
    }
}

/// What speaks for one candidate, with the weight of each signal from 0 to 100.
#[derive(Default)]
struct Case(Vec<(u8, Evidence)>);

impl Case {
    fn add(&mut self, weight: u8, signal: Signal, text: String) {
        self.0.push((weight.min(100), Evidence { signal, text }));
    }

    /// The score, and the evidence, strongest first; nothing where it is too weak to be shown.
    fn close(mut self) -> Option<(u8, Vec<Evidence>)> {
        self.0
            .sort_by_key(|(weight, evidence)| (Reverse(*weight), evidence.signal));
        let doubt = self.0.iter().fold(10_000_u32, |doubt, (weight, _)| {
            doubt * (100 - u32::from(*weight)) / 100
        });
        let score = u8::try_from(100 - doubt.div_ceil(100)).unwrap_or_default();
        let evidence = self.0.into_iter().map(|(_, evidence)| evidence).collect();
        (score >= LEAST_SCORE).then_some((score, evidence))
    }
}
