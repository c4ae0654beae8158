//! Which company a group is, and which configuration a system is: automatic matches, suggestions, and lists to edit by hand
//! (rows M2, M3 and M6; guide 000, sections 5 to 7).
//!
//! All of it is pure: it sees the host's groups and systems, the imported records of ConnectWise and the mappings that exist,
//! and says what it would map, or why not. What is mapped automatically is certain; what is only likely is a suggestion.

mod companies;
mod configurations;
mod csv;
mod customers;
mod domain;
mod join;
mod mac;
mod named;
mod record;
mod request;
mod suggest;

pub use companies::{DomainEvidence, GroupMatch, GroupOutcome, GroupRefusal, auto_map_companies};
pub use configurations::{
    SystemMatch, SystemMatcher, SystemOutcome, SystemRefusal, UnusableMac, auto_map_systems,
};
pub use csv::{MappingRow, ReadMappings, read_mappings, write_mappings};
pub use customers::{
    CustomerChange, CustomerFinding, CustomersReport, KnownCompany, KnownCustomer,
    compare_customers,
};
pub use domain::{AddressFault, Domain};
pub use join::{Joined, MacJoin};
pub use mac::{Mac, MacFault};
pub use named::{FirstFew, NamedCompany, NamedConfiguration};
pub use record::*;
pub use request::*;
pub use suggest::{
    CompanySuggestion, ConfigurationSuggestion, Evidence, Signal, SuggestedFlag, Suggestions,
    suggest_companies, suggest_configurations,
};

use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// What a host or its user adds to the rules of automatic mapping.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct MappingRules {
    /// Domains of mailbox providers beyond those that casewire knows; compared without case.
    pub public_domains: BTreeSet<String>,
    /// Names of company statuses that count as inactive, compared without case; `Inactive` unless set.
    pub inactive_statuses: BTreeSet<String>,
}

impl Default for MappingRules {
    fn default() -> Self {
        Self {
            public_domains: BTreeSet::new(),
            inactive_statuses: BTreeSet::from(["Inactive".to_owned()]),
        }
    }
}

impl MappingRules {
    /// Whether a company with this status takes no new tickets.
    pub(crate) fn is_inactive(&self, status: &str) -> bool {
        let status = status.trim().to_lowercase();
        self.inactive_statuses
            .iter()
            .any(|inactive| inactive.trim().to_lowercase() == status)
    }
}

/// The mappings that exist, by the id of the group or system.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ExistingMappings<T> {
    /// Mapped by a person or by the configuration: automatic mapping leaves the group or system alone and gives the
    /// configuration to nobody else.
    pub by_hand: BTreeMap<String, T>,
    /// Left unmapped by a person: automatic mapping leaves it alone.
    pub left_out: BTreeSet<String>,
    /// Mapped automatically before: stays as long as it is still right.
    pub automatic: BTreeMap<String, T>,
}

impl<T> Default for ExistingMappings<T> {
    fn default() -> Self {
        Self {
            by_hand: BTreeMap::new(),
            left_out: BTreeSet::new(),
            automatic: BTreeMap::new(),
        }
    }
}

impl<T> ExistingMappings<T> {
    /// Whether a person has decided about this group or system.
    #[must_use]
    pub fn is_decided(&self, id: &str) -> bool {
        self.by_hand.contains_key(id) || self.left_out.contains(id)
    }
}
