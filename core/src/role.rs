//! The least security role that the API member needs, as a table merged from the guides.

use crate::config::Config;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// Something that casewire does in ConnectWise and that can be switched on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Feature {
    /// Finding the companies of groups.
    Companies,
    /// Linking device configurations to tickets.
    Configurations,
    /// Finding the contacts of cases.
    Contacts,
    /// Opening and changing tickets, and their notes.
    Tickets,
    /// Closing and reopening tickets.
    Closing,
    /// Documents on tickets.
    Attachments,
    /// Reading boards and the other setup tables.
    Catalog,
    /// Recognising the API member among the members.
    Members,
    /// Making boards, statuses, types, subtypes and items.
    Provision,
    /// Being called back when tickets change.
    Callbacks,
    /// Making device configurations of devices.
    Devices,
}

impl Feature {
    /// Every feature, in the order of the table.
    pub const ALL: [Self; 11] = [
        Self::Companies,
        Self::Configurations,
        Self::Contacts,
        Self::Tickets,
        Self::Closing,
        Self::Attachments,
        Self::Catalog,
        Self::Members,
        Self::Provision,
        Self::Callbacks,
        Self::Devices,
    ];

    /// The features that a configuration switches on. Provision and callbacks are asked for by commands, not by it.
    #[must_use]
    pub fn switched_on(config: &Config) -> BTreeSet<Self> {
        let mut features = BTreeSet::from([Self::Catalog, Self::Members]);
        let devices = &config.configurations;
        if !devices.map.is_empty() || devices.auto_map.as_ref().is_some_and(|auto| auto.mac) {
            features.insert(Self::Configurations);
        }
        if config.devices.is_some() && config.policies.devices_outbound.enabled {
            features.extend([Self::Companies, Self::Devices]);
        }
        if config.routes.iter().any(|route| !route.ignore) {
            features.extend([
                Self::Companies,
                Self::Contacts,
                Self::Tickets,
                Self::Closing,
                Self::Attachments,
            ]);
        }
        features
    }

    /// The oldest release with which it works, as year and number, and who says so (row C9).
    #[must_use]
    pub const fn needs(self) -> ((u16, u16), &'static str) {
        match self {
            // The oldest model that the published document was compared with (API.md section 0).
            Self::Callbacks | Self::Provision => ((2022, 1), "API.md section 0"),
            _ => ((2019, 3), "guide 000, prerequisites"),
        }
    }

    /// What it is called in tables.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Companies => "companies",
            Self::Configurations => "configurations",
            Self::Contacts => "contacts",
            Self::Tickets => "tickets",
            Self::Closing => "closing",
            Self::Attachments => "attachments",
            Self::Catalog => "boards",
            Self::Members => "members",
            Self::Provision => "provision",
            Self::Callbacks => "callbacks",
            Self::Devices => "devices",
        }
    }
}

/// How far a right of a security role reaches. ConnectWise shows it as a level per column.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reach {
    /// Not at all.
    #[default]
    None,
    /// What the member itself made.
    Mine,
    /// Everything.
    All,
}

/// A line of a security role: one right and how far each of its levels must reach.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RoleRight {
    /// The module's tab, such as `Service Desk`.
    pub module: &'static str,
    /// The right, such as `Close Service Tickets`.
    pub right: &'static str,
    /// Add Level.
    pub add: Reach,
    /// Edit Level.
    pub edit: Reach,
    /// Delete Level.
    pub delete: Reach,
    /// Inquire Level.
    pub inquire: Reach,
    /// The features that need it, of those that were asked for.
    pub features: BTreeSet<Feature>,
    /// The guides and sections that it comes from.
    pub sources: BTreeSet<&'static str>,
    /// What else has to be set there; empty where nothing has.
    #[serde(skip_serializing_if = "str::is_empty")]
    pub note: &'static str,
}

/// A right that one feature needs.
pub(crate) struct Need {
    pub(crate) feature: Feature,
    pub(crate) module: &'static str,
    pub(crate) right: &'static str,
    /// Add, Edit, Delete, Inquire.
    levels: [Reach; 4],
    /// A list that can be read with it alone, and that shows whether the role has it.
    pub(crate) path: Option<&'static str>,
    /// Whether every instance has such records.
    pub(crate) never_empty: bool,
    source: &'static str,
    note: &'static str,
}

const NO: Reach = Reach::None;
const ALL: Reach = Reach::All;

/// Every right that casewire knows to need. Guide 001 has no Edit on Service Tickets, under which nothing can be changed or
/// reopened; the guides leave out contacts, configurations and members. What guides 002 and 004 grant beyond it
/// (Service Ticket - Dependencies, Resource Scheduling, My Account, My Company, Delete on Service Tickets) nothing uses.
pub(crate) const NEEDS: [Need; 12] = [
    Need {
        feature: Feature::Companies,
        module: "Companies",
        right: "Company Maintenance",
        levels: [NO, NO, NO, ALL],
        path: Some("/company/companies"),
        never_empty: true,
        source: "guides 001, 002 and 004",
        note: "",
    },
    Need {
        feature: Feature::Configurations,
        module: "Companies",
        right: "Configurations",
        levels: [NO, NO, NO, ALL],
        path: Some("/company/configurations"),
        never_empty: false,
        source: "API.md section 2",
        note: "Rights are per configuration type: allow every type in use",
    },
    Need {
        feature: Feature::Contacts,
        module: "Companies",
        right: "Contacts",
        levels: [NO, NO, NO, ALL],
        path: Some("/company/contacts"),
        never_empty: false,
        source: "API.md section 12",
        note: "",
    },
    Need {
        feature: Feature::Tickets,
        module: "Service Desk",
        right: "Service Tickets",
        levels: [ALL, ALL, NO, ALL],
        path: Some("/service/tickets"),
        never_empty: false,
        source: "guides 002 and 004",
        note: "",
    },
    Need {
        feature: Feature::Closing,
        module: "Service Desk",
        right: "Close Service Tickets",
        levels: [ALL, ALL, NO, ALL],
        path: None,
        never_empty: false,
        source: "guides 002 and 004",
        note: "",
    },
    Need {
        feature: Feature::Attachments,
        module: "Companies",
        right: "Manage Attachments",
        levels: [ALL, NO, NO, ALL],
        path: None,
        never_empty: false,
        source: "guides 001 and 002",
        note: "",
    },
    Need {
        feature: Feature::Catalog,
        module: "System",
        right: "Table Setup",
        levels: [NO, NO, NO, ALL],
        path: Some("/service/boards"),
        never_empty: true,
        source: "guides 001 and 002",
        note: "Customize: allow Company / Company Statuses, Company / Company Type, Service / Priority, Service / ServiceBoard",
    },
    Need {
        feature: Feature::Members,
        module: "System",
        right: "Member Maintenance",
        levels: [NO, NO, NO, ALL],
        path: Some("/system/members"),
        never_empty: false,
        source: "guide 004",
        note: "",
    },
    Need {
        feature: Feature::Provision,
        module: "System",
        right: "Table Setup",
        levels: [ALL, ALL, NO, ALL],
        path: None,
        never_empty: true,
        source: "guide 004",
        note: "",
    },
    Need {
        feature: Feature::Callbacks,
        module: "System",
        right: "Member Maintenance",
        levels: [NO, NO, NO, ALL],
        path: None,
        never_empty: false,
        source: "API.md section 13.1",
        note: "",
    },
    Need {
        feature: Feature::Callbacks,
        module: "System",
        right: "Callbacks",
        levels: [ALL, ALL, ALL, ALL],
        path: None,
        never_empty: false,
        source: "API.md section 13.1",
        note: "No guide names the right under which callbacks are kept; they belong to the member who made them",
    },
    Need {
        feature: Feature::Devices,
        module: "Companies",
        right: "Configurations",
        levels: [ALL, ALL, NO, ALL],
        path: None,
        never_empty: false,
        source: "guide 003",
        note: "Rights are per configuration type: allow every type that devices become",
    },
];

impl Need {
    /// The right as people find it, such as `Companies > Contacts: Inquire`.
    pub(crate) fn inquire(&self) -> String {
        format!("{} > {}: Inquire", self.module, self.right)
    }
}

/// The rights of these features that reading can show, each list once.
pub(crate) fn readable(features: &BTreeSet<Feature>) -> Vec<&'static Need> {
    NEEDS
        .iter()
        .filter(|need| need.path.is_some() && features.contains(&need.feature))
        .collect()
}

/// The least security role for these features: one line for each right, in the order of ConnectWise's tabs.
///
/// The role's Security Permission is Member (guide 004). A role limited to the tickets that the integrator made works too, and
/// shows only those.
#[must_use]
pub fn least_role(features: &BTreeSet<Feature>) -> Vec<RoleRight> {
    let mut rows: BTreeMap<(&str, &str), RoleRight> = BTreeMap::new();
    for need in NEEDS.iter().filter(|need| features.contains(&need.feature)) {
        let row = rows
            .entry((need.module, need.right))
            .or_insert_with(|| RoleRight {
                module: need.module,
                right: need.right,
                add: NO,
                edit: NO,
                delete: NO,
                inquire: NO,
                features: BTreeSet::new(),
                sources: BTreeSet::new(),
                note: "",
            });
        let [add, edit, delete, inquire] = need.levels;
        row.add = row.add.max(add);
        row.edit = row.edit.max(edit);
        row.delete = row.delete.max(delete);
        row.inquire = row.inquire.max(inquire);
        row.features.insert(need.feature);
        row.sources.insert(need.source);
        if row.note.is_empty() {
            row.note = need.note;
        }
    }
    rows.into_values().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_right_that_two_features_need_stands_once_with_the_wider_levels() {
        let role = least_role(&BTreeSet::from([Feature::Catalog, Feature::Provision]));
        assert_eq!(role.len(), 1);
        let row = &role[0];
        assert_eq!((row.module, row.right), ("System", "Table Setup"));
        assert_eq!(
            [row.add, row.edit, row.delete, row.inquire],
            [ALL, ALL, NO, ALL]
        );
        assert_eq!(row.features.len(), 2);
        assert!(row.note.contains("ServiceBoard"));
    }

    #[test]
    fn reading_alone_needs_no_right_to_write() {
        let role = least_role(&BTreeSet::from([Feature::Companies, Feature::Catalog]));
        assert!(
            role.iter()
                .all(|row| (row.add, row.edit, row.delete) == (NO, NO, NO))
        );
    }

    #[test]
    fn the_configuration_says_which_features_are_on() {
        let mut config = crate::decide::tests::config();
        config.configurations = crate::config::Configurations::default();
        let features = Feature::switched_on(&config);
        assert!(!features.contains(&Feature::Configurations));
        assert!(features.contains(&Feature::Closing) && !features.contains(&Feature::Callbacks));
        for route in &mut config.routes {
            route.ignore = true;
        }
        assert!(!Feature::switched_on(&config).contains(&Feature::Tickets));
        assert!(least_role(&BTreeSet::new()).is_empty());
    }
}
