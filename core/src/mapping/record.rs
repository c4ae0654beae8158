//! A mapping as the store keeps it, with what it was before, and what changes it.

use crate::{
    company::{Company, CompanyId, CompanyKey, Configuration, ConfigurationId, ConfigurationKey},
    delivery::{Event, Subject},
    time::Timestamp,
};
use serde::{Deserialize, Serialize};
use std::fmt;

/// What of the host is mapped.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MappedKind {
    /// A group, to a company.
    Group,
    /// A system, to a device configuration.
    System,
}

/// Names one group or system of the host: `{"kind": "group", "id": "48Tech"}`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MappingKey {
    /// Which of the two.
    pub kind: MappedKind,
    /// Its id in the host.
    pub id: String,
}

/// Who made a mapping what it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum MappingOrigin {
    /// `companies.map` or `configurations.map` of the configuration, which win over everything else. Never in the store.
    Configuration,
    /// A person. Automatic mapping does not touch it.
    #[default]
    Manual,
    /// Automatic mapping, which also says here why it failed. It may map anew.
    Automatic,
    /// A person took the map out. Automatic mapping leaves it so until it is set by hand or released.
    Removed,
}

/// A company, as a mapping names it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct MappedCompany {
    /// Record id, by which it is used.
    pub id: CompanyId,
    /// Unique short code when it was mapped.
    pub identifier: String,
    /// Display name when it was mapped.
    pub name: String,
}

/// A device configuration, as a mapping names it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct MappedConfiguration {
    /// Record id, by which it is used.
    pub id: ConfigurationId,
    /// Display name when it was mapped.
    pub name: String,
    /// The company that it belongs to. A case of another company's group does not get it.
    pub company: CompanyId,
}

/// What a group or system is mapped to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MappingTarget {
    /// This company.
    Company(MappedCompany),
    /// This device configuration.
    Configuration(MappedConfiguration),
    /// The company as the configuration names it.
    CompanyKey(CompanyKey),
    /// The device configuration as the configuration names it.
    ConfigurationKey(ConfigurationKey),
}

/// What a mapping is, or was, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MappingState {
    /// What it is mapped to; nothing where it is not mapped.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target: Option<MappingTarget>,
    /// Who decided it.
    pub origin: MappingOrigin,
    /// Why: the evidence of an automatic mapping, or why it failed; what a person gave as the reason.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reason: String,
    /// Since when; nothing for what the configuration says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<Timestamp>,
    /// Who did it, as the host named them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
}

/// The mapping of a group to a company, or of a system to a device configuration, and its history.
///
/// A mapping says what tickets are opened with from now on. A ticket that was opened before keeps its company; one that was
/// opened without a device configuration gets it when its case changes next.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mapping {
    /// Whether a group or a system.
    pub kind: MappedKind,
    /// Its id in the host.
    pub id: String,
    /// Its name in the host, where it was said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The group that a system belongs to, where it was said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<String>,
    /// What it is now.
    #[serde(flatten)]
    pub state: MappingState,
    /// What it was before, oldest first; at most [`Mapping::HISTORY`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub history: Vec<MappingState>,
}

/// A mapping as it stands in the store.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct MappingRecord {
    #[serde(flatten)]
    pub(crate) mapping: Mapping,
    /// How many deliveries were made for the group or system itself.
    #[serde(default)]
    pub(crate) deliveries: u64,
}

impl MappingKey {
    /// The key of a group.
    #[must_use]
    pub fn group(id: impl Into<String>) -> Self {
        Self {
            kind: MappedKind::Group,
            id: id.into(),
        }
    }

    /// The key of a system.
    #[must_use]
    pub fn system(id: impl Into<String>) -> Self {
        Self {
            kind: MappedKind::System,
            id: id.into(),
        }
    }

    pub(crate) fn subject(&self) -> Subject {
        match self.kind {
            MappedKind::Group => Subject::Group(self.id.clone()),
            MappedKind::System => Subject::System(self.id.clone()),
        }
    }
}

impl fmt::Display for MappingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.kind {
            MappedKind::Group => write!(f, "group '{}'", self.id),
            MappedKind::System => write!(f, "system '{}'", self.id),
        }
    }
}

impl MappingTarget {
    /// The name, identifier or id that people know it by.
    #[must_use]
    pub fn name(&self) -> String {
        match self {
            Self::Company(company) => company.name.clone(),
            Self::Configuration(configuration) => configuration.name.clone(),
            Self::CompanyKey(key) => match key {
                CompanyKey::Identifier(text) | CompanyKey::Name(text) => text.clone(),
                CompanyKey::Id(id) => id.0.to_string(),
            },
            Self::ConfigurationKey(key) => match key {
                ConfigurationKey::Name(text)
                | ConfigurationKey::DeviceIdentifier(text)
                | ConfigurationKey::SerialNumber(text) => text.clone(),
                ConfigurationKey::Id(id) => id.0.to_string(),
            },
        }
    }
}

impl From<&Company> for MappedCompany {
    fn from(company: &Company) -> Self {
        Self {
            id: company.id,
            identifier: company.identifier.clone(),
            name: company.name.clone(),
        }
    }
}

impl MappedConfiguration {
    pub(crate) fn of(company: CompanyId, configuration: &Configuration) -> Self {
        Self {
            id: configuration.id,
            name: configuration.name.clone(),
            company,
        }
    }
}

impl Mapping {
    /// How many earlier states are kept.
    pub const HISTORY: usize = 20;

    /// The reason of a mapping that was given back to automatic mapping.
    pub(crate) const RELEASED: &str =
        "it was given back to automatic mapping, which has not run since";

    /// Names the group or system.
    #[must_use]
    pub fn key(&self) -> MappingKey {
        MappingKey {
            kind: self.kind,
            id: self.id.clone(),
        }
    }

    /// The company that a group is mapped to, where it is one of the store's.
    #[must_use]
    pub fn company(&self) -> Option<&MappedCompany> {
        match &self.state.target {
            Some(MappingTarget::Company(company)) => Some(company),
            _ => None,
        }
    }

    /// The device configuration that a system is mapped to, where it is one of the store's.
    #[must_use]
    pub fn configuration(&self) -> Option<&MappedConfiguration> {
        match &self.state.target {
            Some(MappingTarget::Configuration(configuration)) => Some(configuration),
            _ => None,
        }
    }

    /// Whether a person decided it, so that automatic mapping leaves it alone.
    #[must_use]
    pub fn is_decided(&self) -> bool {
        match self.state.origin {
            MappingOrigin::Configuration | MappingOrigin::Manual | MappingOrigin::Removed => true,
            MappingOrigin::Automatic => false,
        }
    }
}

impl MappingRecord {
    /// A group or system of which nothing was decided yet.
    pub(crate) fn new(key: &MappingKey) -> Self {
        let state = MappingState {
            target: None,
            origin: MappingOrigin::Automatic,
            reason: String::new(),
            at: None,
            by: None,
        };
        let mapping = Mapping {
            kind: key.kind,
            id: key.id.clone(),
            name: None,
            group: None,
            state,
            history: Vec::new(),
        };
        Self {
            mapping,
            deliveries: 0,
        }
    }

    /// Takes a new state. What is then to be told: a new target, the loss of one, or a failure that was not told before.
    /// Nothing changes, not even the time, where the new state says what the old one said.
    pub(crate) fn decide(&mut self, state: MappingState) -> Option<Event> {
        let before = &mut self.mapping.state;
        let same_target = before.target == state.target;
        let same_decision = same_target && before.origin == state.origin;
        if same_decision && before.reason == state.reason {
            return None;
        }
        let reason = state.reason.clone();
        let event = match (&before.target, &state.target) {
            (_, Some(_)) if same_decision => None,
            (_, Some(MappingTarget::Company(company))) => Some(Event::GroupMapped {
                company: company.clone(),
                origin: state.origin,
                reason,
            }),
            (_, Some(MappingTarget::Configuration(configuration))) => Some(Event::SystemMapped {
                configuration: configuration.clone(),
                origin: state.origin,
                reason,
            }),
            (Some(_), None) => Some(Event::MappingRemoved { reason }),
            (None, None)
                if state.origin == MappingOrigin::Automatic
                    && state.reason != Mapping::RELEASED =>
            {
                Some(match self.mapping.kind {
                    MappedKind::Group => Event::GroupMappingFailed { reason },
                    MappedKind::System => Event::SystemMappingFailed { reason },
                })
            }
            _ => None,
        };
        let before = std::mem::replace(before, state);
        if !same_decision && before.at.is_some() {
            let history = &mut self.mapping.history;
            history.push(before);
            let excess = history.len().saturating_sub(Mapping::HISTORY);
            history.drain(..excess);
        }
        event
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn state(target: Option<u32>, origin: MappingOrigin, reason: &str) -> MappingState {
        MappingState {
            target: target.map(|id| {
                MappingTarget::Company(MappedCompany {
                    id: CompanyId(id),
                    identifier: format!("C{id}"),
                    name: format!("Company {id}"),
                })
            }),
            origin,
            reason: reason.to_owned(),
            at: Some(Timestamp::from_millis(i64::from(target.unwrap_or(0)))),
            by: None,
        }
    }

    fn record() -> MappingRecord {
        MappingRecord::new(&MappingKey::group("48Tech"))
    }

    #[test]
    fn a_failure_is_told_once_and_again_only_when_it_is_another() {
        let mut record = record();
        let failed = |reason| state(None, MappingOrigin::Automatic, reason);
        assert!(matches!(
            record.decide(failed("no company has the domain")),
            Some(Event::GroupMappingFailed { .. })
        ));
        assert_eq!(record.decide(failed("no company has the domain")), None);
        assert!(record.decide(failed("two companies have it")).is_some());
        assert!(
            record.mapping.history.is_empty(),
            "another reason is no other decision"
        );
    }

    #[test]
    fn the_last_twenty_states_are_kept() {
        let mut record = record();
        for id in 1..=30 {
            let event = record.decide(state(Some(id), MappingOrigin::Manual, "by hand"));
            assert!(
                matches!(event, Some(Event::GroupMapped { company, .. }) if company.id.0 == id)
            );
        }
        let history = &record.mapping.history;
        assert_eq!(history.len(), Mapping::HISTORY);
        assert_eq!(
            history[0],
            state(Some(10), MappingOrigin::Manual, "by hand")
        );
        assert_eq!(
            history[19],
            state(Some(29), MappingOrigin::Manual, "by hand")
        );
    }

    #[test]
    fn a_map_that_is_taken_out_is_told_of_and_one_that_was_not_there_is_not() {
        let mut record = record();
        let removed = state(None, MappingOrigin::Removed, "a person removed the map");
        assert_eq!(record.decide(removed.clone()), None);
        record.decide(state(Some(1), MappingOrigin::Automatic, "domain"));
        assert!(matches!(
            record.decide(removed),
            Some(Event::MappingRemoved { .. })
        ));
        assert!(record.mapping.is_decided());
    }

    #[test]
    fn a_mapping_reads_back_as_it_was_written() {
        let mut record = record();
        record.decide(state(Some(1), MappingOrigin::Automatic, "domain"));
        record.decide(state(None, MappingOrigin::Removed, "wrong"));
        let text = serde_json::to_string(&record).unwrap();
        assert_eq!(
            serde_json::from_str::<MappingRecord>(&text).unwrap(),
            record
        );
        assert!(
            text.starts_with(r#"{"kind":"group","id":"48Tech","origin":"removed""#),
            "{text}"
        );
    }
}
