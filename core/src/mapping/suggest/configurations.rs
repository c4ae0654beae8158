//! Configurations for systems.

use super::{
    CLOSELY, Case, ConfigurationSuggestion, Signal, SuggestedFlag, Suggestions, as_others_do,
    names::{NameIndex, host_name, likeness, squashed, weight},
};
use crate::{case::System, company::ImportedConfiguration, mapping::Mac};
use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet},
};

/// What makers write where a serial number is missing, squashed; sorted.
const NO_SERIAL_NUMBER: &[&str] = &[
    "0123456789",
    "123456789",
    "1234567890",
    "defaultstring",
    "empty",
    "invalid",
    "na",
    "none",
    "notapplicable",
    "notavailable",
    "notspecified",
    "null",
    "oem",
    "serialnumber",
    "systemserialnumber",
    "tobefilledbyoem",
    "unknown",
    "virtualmachine",
];

/// Suggests configurations for systems, at most `limit` for each (five are usual), in the order of the systems.
///
/// The configurations are those of the company that the systems' groups are mapped to, since only they may be linked. Signals are MAC,
/// serial number, host name, and the system's id or serial number beside the configuration's device identifier. The cost is bounded as
/// that of [`suggest_companies`](super::suggest_companies).
#[must_use]
pub fn suggest_configurations(
    systems: &[&System],
    configurations: &[&ImportedConfiguration],
    limit: usize,
) -> Vec<Suggestions<ConfigurationSuggestion>> {
    let index = Index::of(configurations);
    let suggestions = systems.iter().map(|system| Suggestions {
        id: system.id.clone(),
        name: system.name.clone(),
        candidates: index.suggest(system, limit),
    });
    suggestions.collect()
}

type Numbers<K> = BTreeMap<K, Vec<usize>>;

struct Index<'a> {
    /// In the order of their ids, each once, with their prepared names.
    configurations: Vec<(&'a ImportedConfiguration, String)>,
    by_mac: Numbers<Mac>,
    by_serial_number: Numbers<String>,
    by_device_identifier: Numbers<String>,
    by_name: Numbers<String>,
    near: NameIndex,
}

impl<'a> Index<'a> {
    fn of(configurations: &[&'a ImportedConfiguration]) -> Self {
        let mut sorted = configurations.to_vec();
        sorted.sort_by_key(|configuration| configuration.id);
        sorted.dedup_by_key(|configuration| configuration.id);
        let named: Vec<(&ImportedConfiguration, String)> = sorted
            .into_iter()
            .map(|configuration| (configuration, host_name(&configuration.name)))
            .collect();
        let mut index = Self {
            by_mac: Numbers::new(),
            by_serial_number: Numbers::new(),
            by_device_identifier: Numbers::new(),
            by_name: Numbers::new(),
            near: NameIndex::of(named.iter().map(|(_, name)| name.as_str())),
            configurations: Vec::new(),
        };
        for (number, (configuration, name)) in named.iter().enumerate() {
            if let Ok(mac) = Mac::parse(&configuration.mac_address) {
                index.by_mac.entry(mac).or_default().push(number);
            }
            if let Some(serial_number) = serial_number(&configuration.serial_number) {
                index
                    .by_serial_number
                    .entry(serial_number)
                    .or_default()
                    .push(number);
            }
            let device_identifier = squashed(&configuration.device_identifier);
            if !device_identifier.is_empty() {
                index
                    .by_device_identifier
                    .entry(device_identifier)
                    .or_default()
                    .push(number);
            }
            if !name.is_empty() {
                index.by_name.entry(name.clone()).or_default().push(number);
            }
        }
        index.configurations = named;
        index
    }

    fn suggest(&self, system: &System, limit: usize) -> Vec<ConfigurationSuggestion> {
        let asked = Asked::of(system);
        let mut suggestions: Vec<ConfigurationSuggestion> = self
            .candidates(&asked)
            .into_iter()
            .filter_map(|number| self.configurations.get(number))
            .filter_map(|(configuration, name)| self.judge(&asked, configuration, name))
            .collect();
        suggestions.sort_by_key(|suggestion| {
            let is_active = !suggestion.flags.contains(&SuggestedFlag::Inactive);
            (
                Reverse(suggestion.score),
                Reverse(is_active),
                suggestion.configuration.id,
            )
        });
        suggestions.truncate(limit);
        suggestions
    }

    fn candidates(&self, asked: &Asked<'_>) -> BTreeSet<usize> {
        fn of<K: Ord>(index: &Numbers<K>, key: &K) -> impl Iterator<Item = usize> {
            index.get(key).into_iter().flatten().copied().take(CLOSELY)
        }
        let by_mac = asked.macs.iter().flat_map(|mac| of(&self.by_mac, mac));
        let by_serial_number = asked
            .serial_number
            .iter()
            .flat_map(|number| of(&self.by_serial_number, number));
        let by_device_identifier = asked
            .identifiers
            .iter()
            .flat_map(|identifier| of(&self.by_device_identifier, identifier));
        by_mac
            .chain(by_serial_number)
            .chain(by_device_identifier)
            .chain(of(&self.by_name, &asked.name))
            .chain(self.near.near(&asked.name, CLOSELY))
            .collect()
    }

    fn judge(
        &self,
        asked: &Asked<'_>,
        configuration: &ImportedConfiguration,
        name: &str,
    ) -> Option<ConfigurationSuggestion> {
        let mut case = Case::default();
        let mac = Mac::parse(&configuration.mac_address)
            .ok()
            .filter(|mac| asked.macs.contains(mac));
        if let Some(mac) = mac {
            let (weight, others) = shared(85, self.by_mac.get(&mac));
            case.add(
                weight,
                Signal::Mac,
                format!("both have the MAC {mac}{others}"),
            );
        }
        let serial = serial_number(&configuration.serial_number)
            .filter(|number| asked.serial_number.as_ref() == Some(number));
        if let Some(serial) = &serial {
            let (weight, others) = shared(85, self.by_serial_number.get(serial));
            let text = format!(
                "both have the serial number '{}'{others}",
                configuration.serial_number
            );
            case.add(weight, Signal::SerialNumber, text);
        }
        let device_identifier = squashed(&configuration.device_identifier);
        if asked.identifiers.contains(&device_identifier) {
            let (weight, others) = shared(80, self.by_device_identifier.get(&device_identifier));
            let text = format!(
                "its device identifier is '{}', as the system's id or serial number{others}",
                configuration.device_identifier
            );
            case.add(weight, Signal::DeviceIdentifier, text);
        }
        let shown = asked.system.name.as_deref().unwrap_or_default();
        if asked.name.is_empty() {
        } else if asked.name == name {
            let (weight, others) = shared(65, self.by_name.get(name));
            case.add(
                weight,
                Signal::HostName,
                format!(
                    "'{shown}' and '{}' are the same host name{others}",
                    configuration.name
                ),
            );
        } else if let Some(likeness) = likeness(&asked.name, name) {
            let text = format!(
                "the names '{shown}' and '{}' are {} % alike",
                configuration.name,
                likeness / 10
            );
            case.add(weight(likeness), Signal::HostName, text);
        }
        let (score, evidence) = case.close()?;
        let flags = [
            (configuration.inactive, SuggestedFlag::Inactive),
            (
                self.by_name.get(name).is_some_and(|same| same.len() > 1),
                SuggestedFlag::DuplicateName,
            ),
        ];
        Some(ConfigurationSuggestion {
            configuration: configuration.into(),
            score,
            evidence,
            flags: flags
                .into_iter()
                .filter(|(holds, _)| *holds)
                .map(|(_, flag)| flag)
                .collect(),
        })
    }
}

/// What a signal weighs, less where several configurations have the same, and words for that.
fn shared(weight: u8, having: Option<&Vec<usize>>) -> (u8, String) {
    match having.map_or(0, Vec::len) {
        0 | 1 => (weight, String::new()),
        several => (
            weight * 2 / 3,
            as_others_do(several - 1, "configuration", "configurations"),
        ),
    }
}

fn serial_number(text: &str) -> Option<String> {
    let serial_number = squashed(text);
    let first = serial_number.chars().next()?;
    let says_something = serial_number.chars().count() >= 4
        && serial_number.chars().any(|c| c != first)
        && NO_SERIAL_NUMBER
            .binary_search(&serial_number.as_str())
            .is_err();
    says_something.then_some(serial_number)
}

/// A system, prepared for comparison.
struct Asked<'a> {
    system: &'a System,
    name: String,
    macs: BTreeSet<Mac>,
    serial_number: Option<String>,
    /// Id and serial number, squashed; not empty.
    identifiers: BTreeSet<String>,
}

impl<'a> Asked<'a> {
    fn of(system: &'a System) -> Self {
        let serial_number = serial_number(system.serial_number.as_deref().unwrap_or_default());
        let id = Some(squashed(&system.id)).filter(|id| !id.is_empty());
        Self {
            system,
            name: host_name(system.name.as_deref().unwrap_or_default()),
            macs: system
                .macs
                .iter()
                .filter_map(|text| Mac::parse(text).ok())
                .collect(),
            identifiers: id.into_iter().chain(serial_number.clone()).collect(),
            serial_number,
        }
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_list_is_sorted() {
        assert!(
            super::NO_SERIAL_NUMBER
                .windows(2)
                .all(|pair| pair[0] < pair[1])
        );
    }
}
