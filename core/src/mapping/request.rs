//! What a host asks of mappings, and what comes of it.

use super::{
    CompanySuggestion, ConfigurationSuggestion, MappedKind, Mapping, MappingKey, MappingOrigin,
    MappingTarget, Suggestions,
};
use crate::{
    company::{CompanyKey, ConfigurationKey},
    error::{Code, Fault},
    import::ImportReport,
    inventory::Inventory,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// A mapping that a person makes, such as
/// `{"kind": "group", "id": "48Tech", "company": {"identifier": "BigDesign"}}`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum NewMapping {
    /// A group to a company. Many groups may be one company.
    Group {
        /// Id of the group.
        id: String,
        /// Its name in the host, for lists.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        name: Option<String>,
        /// The company; not a deleted one.
        company: CompanyKey,
        /// Why, in the words of who does it.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        reason: String,
    },
    /// A system to a device configuration of any type, of the company that the system's group is mapped to. Many systems
    /// may be one configuration.
    System {
        /// Id of the system.
        id: String,
        /// Its name in the host, for lists.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        name: Option<String>,
        /// The group that it belongs to.
        group: String,
        /// The device configuration; an active one.
        configuration: ConfigurationKey,
        /// Why, in the words of who does it.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        reason: String,
    },
}

/// Which mappings are listed: each choice that is given must hold.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct MappingFilter {
    /// Groups, or systems.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<MappedKind>,
    /// Decided by whom.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub origin: Option<MappingOrigin>,
    /// Whether it is mapped to something.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mapped: Option<bool>,
    /// Of these groups, and of their systems.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub group: Option<String>,
    /// Id, name or target contain this text, compared without case.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
}

/// Some of the mappings, in the order of groups, systems, and their ids.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct MappingPage {
    /// The mappings, those of the configuration among them.
    pub mappings: Vec<Mapping>,
    /// What to ask for the next page with; nothing on the last. A page may be short of the limit, or empty, before the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

/// What came of mappings that were set, removed, released, accepted or imported.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct MappingsChanged {
    /// The mappings as they are now, each that was named.
    pub mappings: Vec<Mapping>,
    /// How many of them are not as they were.
    pub changed: u64,
    /// Held cases that go on now; each is an operation of its own.
    pub held_cases: u64,
    /// What was left out, and why: bad rows of an import, suggestions that were not certain enough.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub left_out: Vec<Fault>,
}

/// What came of automatic mapping.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct AutoMapReport {
    /// Whether nothing was saved: it only says what would be.
    pub dry_run: bool,
    /// Groups and systems that were mapped anew.
    pub mapped: u64,
    /// Those that stay as automatic mapping had them.
    pub kept: u64,
    /// Those that stay unmapped, or lost their mapping.
    pub refused: u64,
    /// Those that a person, or the configuration, decided about.
    pub left_alone: u64,
    /// Each group of the inventory that was selected, then each of their systems, in the order of their ids.
    pub items: Vec<AutoMapItem>,
    /// What was read of ConnectWise for it.
    pub imported: ImportReport,
    /// Held cases that go on now; each is an operation of its own.
    pub held_cases: u64,
}

/// What automatic mapping made of one group or system.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AutoMapItem {
    /// Whether a group or a system.
    pub kind: MappedKind,
    /// Its id.
    pub id: String,
    /// What became of it.
    pub outcome: AutoMapOutcome,
    /// What it is mapped to now.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub target: Option<MappingTarget>,
    /// Why.
    pub reason: String,
}

/// What became of a group or system.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum AutoMapOutcome {
    /// It was mapped, or mapped to something else.
    Mapped,
    /// It stays mapped as automatic mapping had it.
    Kept,
    /// It is not mapped.
    Refused,
    /// A person, or the configuration, decided about it.
    LeftAlone,
}

/// Candidates for the groups and systems that are not mapped.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct SuggestedMappings {
    /// For groups.
    pub groups: Vec<Suggestions<CompanySuggestion>>,
    /// For the systems of mapped groups.
    pub systems: Vec<Suggestions<ConfigurationSuggestion>>,
}

/// Mappings as a list for a spreadsheet.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct MappingTable {
    /// CSV as [`write_mappings`](crate::write_mappings) writes it; only the first page has the header.
    pub csv: String,
    /// How many rows.
    pub rows: u64,
    /// What to ask for the next page with; nothing on the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

impl NewMapping {
    /// Names the group or system.
    #[must_use]
    pub fn key(&self) -> MappingKey {
        match self {
            Self::Group { id, .. } => MappingKey::group(id.as_str()),
            Self::System { id, .. } => MappingKey::system(id.as_str()),
        }
    }
}

impl MappingFilter {
    /// Whether a mapping is one of those that are wanted.
    #[must_use]
    pub fn takes(&self, mapping: &Mapping) -> bool {
        let state = &mapping.state;
        let of_group = |group: &String| match mapping.kind {
            MappedKind::Group => mapping.id == *group,
            MappedKind::System => mapping.group.as_ref() == Some(group),
        };
        self.kind.is_none_or(|kind| mapping.kind == kind)
            && self.origin.is_none_or(|origin| state.origin == origin)
            && self
                .mapped
                .is_none_or(|mapped| state.target.is_some() == mapped)
            && self.group.as_ref().is_none_or(of_group)
            && self
                .text
                .as_ref()
                .is_none_or(|text| contains(mapping, text))
    }
}

fn contains(mapping: &Mapping, text: &str) -> bool {
    let text = text.trim().to_lowercase();
    let target = mapping.state.target.as_ref().map(MappingTarget::name);
    let texts = [
        Some(&mapping.id),
        mapping.name.as_ref(),
        mapping.group.as_ref(),
        target.as_ref(),
    ];
    let mut texts = texts.into_iter().flatten();
    texts.any(|found| found.to_lowercase().contains(&text))
}

impl Inventory {
    /// Every fault: empty ids, and groups and systems that stand in it more than once.
    #[must_use]
    pub fn check(&self) -> Vec<Fault> {
        let mut faults = Vec::new();
        let (mut groups, mut systems) = (BTreeSet::new(), BTreeSet::new());
        let mut once = |known: bool, place: String, what: &str, id: &str| {
            let message = match (id.trim().is_empty(), known) {
                (true, _) => format!("a {what} without an id"),
                (_, true) => format!("the {what} '{id}' stands in the inventory more than once"),
                _ => return,
            };
            let fix = "Hand over each group and system once, each with its id";
            faults.push(Fault::new(Code::InvalidValue, place, message, fix));
        };
        for (index, entry) in self.groups.iter().enumerate() {
            let place = format!("/groups/{index}");
            let id = entry.group.id.as_str();
            once(!groups.insert(id), format!("{place}/group/id"), "group", id);
            for (index, system) in entry.systems.iter().enumerate() {
                let id = system.id.as_str();
                let place = format!("{place}/systems/{index}/id");
                once(!systems.insert(id), place, "system", id);
            }
        }
        faults
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json;

    fn read(text: &str) -> Vec<(String, Code)> {
        match json::read::<Vec<NewMapping>>(text.as_bytes()) {
            Ok(_) => Vec::new(),
            Err(faults) => faults
                .into_iter()
                .map(|fault| (fault.pointer, fault.code))
                .collect(),
        }
    }

    #[test]
    fn a_mapping_is_read_and_a_bad_one_is_named() {
        let sound = r#"[{"kind":"group","id":"48Tech","company":{"identifier":"BigDesign"}},
            {"kind":"system","id":"48Tech-DC1","group":"48Tech","configuration":{"name":"BigDesign-Wrk1"}}]"#;
        assert_eq!(read(sound), []);
        let bad = read(r#"[{"kind":"group","id":"48Tech"}]"#);
        assert!(
            bad.iter().any(|(place, _)| place.starts_with("/0")),
            "{bad:?}"
        );
        let bad = read(r#"[{"kind":"grup","id":"48Tech","company":{"id":1}}]"#);
        assert!(
            bad.iter().any(|(place, _)| place.starts_with("/0")),
            "{bad:?}"
        );
    }

    #[test]
    fn an_inventory_names_what_stands_in_it_twice() {
        let inventory: Inventory = serde_json::from_str(
            r#"{"groups":[{"group":{"id":"a"},"systems":[{"id":"s"},{"id":" "}]},
                {"group":{"id":"a"},"systems":[{"id":"s"}]}]}"#,
        )
        .unwrap();
        let places: Vec<String> = inventory.check().into_iter().map(|f| f.pointer).collect();
        let expected = [
            "/groups/0/systems/1/id",
            "/groups/1/group/id",
            "/groups/1/systems/0/id",
        ];
        assert_eq!(places, expected);
    }
}
