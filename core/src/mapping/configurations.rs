//! Systems to configurations, by hardware address (row M3; guide 000, sections 5 and 6.1).

use super::{ExistingMappings, FirstFew, Mac, MacFault, NamedConfiguration};
use crate::{
    case::System,
    company::{CompanyId, ConfigurationId, ImportedConfiguration},
    inventory::Inventory,
};
use serde::Serialize;
use std::{collections::BTreeMap, fmt};

/// What automatic mapping makes of a system.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct SystemMatch<'a> {
    /// Id of the system.
    pub system: &'a str,
    /// Its configuration, or why it has none.
    #[serde(flatten)]
    pub outcome: SystemOutcome,
}

/// A system's configuration, or why it has none.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum SystemOutcome {
    /// The system is this configuration.
    Mapped {
        /// The configuration.
        configuration: ConfigurationId,
        /// Why: both have this address.
        mac: Mac,
        /// Whether it was mapped so before.
        kept: bool,
    },
    /// The system stays unmapped.
    Refused {
        /// Why, and what to do.
        reason: Box<SystemRefusal>,
        /// The configuration that it was mapped to automatically before, which is no longer right.
        #[serde(skip_serializing_if = "Option::is_none")]
        lost: Option<ConfigurationId>,
    },
}

/// Why a system was not mapped. Its text says what to do.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum SystemRefusal {
    /// The inventory has the id more than once.
    DuplicateSystem,
    /// The system's group has no company.
    GroupNotMapped {
        /// Id of the group.
        group: String,
    },
    /// The system carries no MAC, as syslog sources do.
    NoMac,
    /// None of the system's MACs tells a device.
    UnusableMacs {
        /// What is wrong with each.
        macs: FirstFew<UnusableMac>,
    },
    /// No configuration of the company has one of the system's MACs.
    NoConfiguration {
        /// The system's MACs.
        macs: FirstFew<Mac>,
    },
    /// A configuration of the same name has no usable MAC.
    NoMacOnConfiguration {
        /// The configuration.
        configuration: NamedConfiguration,
        /// Name of its type; ConnectWise shows a MAC only on Managed Server and Managed Workstation.
        configuration_type: String,
        /// What is wrong with its MAC.
        fault: MacFault,
    },
    /// Several configurations have one of the system's MACs.
    SeveralConfigurations {
        /// The configurations.
        configurations: FirstFew<NamedConfiguration>,
        /// The MACs that they have.
        macs: FirstFew<Mac>,
    },
    /// Another system has the MAC too.
    SeveralSystems {
        /// The configuration that all of them want.
        configuration: NamedConfiguration,
        /// The MAC.
        mac: Mac,
        /// Ids of the systems, this one among them.
        systems: FirstFew<String>,
    },
    /// The configuration with the MAC is mapped to another system by hand.
    MappedByHand {
        /// The configuration.
        configuration: NamedConfiguration,
        /// Ids of the systems that it is mapped to.
        systems: FirstFew<String>,
    },
    /// The configuration with the MAC is not active.
    Inactive {
        /// The configuration.
        configuration: NamedConfiguration,
    },
}

/// A text that is no usable MAC.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct UnusableMac {
    /// As it was written.
    pub text: String,
    /// What is wrong with it.
    pub fault: MacFault,
}

/// The systems of all groups that are mapped to one company, and the company's configurations.
#[derive(Clone, Copy, Debug)]
pub struct CompanySystems<'a> {
    /// The systems.
    pub systems: &'a [&'a System],
    /// The company's configurations, the inactive ones too, for their names.
    pub configurations: &'a [&'a ImportedConfiguration],
}

/// Finds the configuration of each system by MAC, one to one, within the company that the system's group is mapped to.
///
/// `companies` tells the company of each group, however it was mapped. The systems of all groups of one company compete with one
/// another. A configuration of a company that no group is mapped to takes no part.
///
/// A system that a person has decided about, and a configuration that is mapped by hand, are out of the game; the former are left
/// out of the answer. A system that was mapped automatically before keeps its configuration as long as both share a MAC in the
/// same company and the configuration is active; whoever else wants it is refused. The answer is in the order of the systems' ids,
/// whatever the order of the input.
///
/// Takes time linear in the number of MACs, but for sorting by id.
#[must_use]
pub fn auto_map_systems<'a>(
    inventory: &'a Inventory,
    companies: &BTreeMap<String, CompanyId>,
    configurations: &[ImportedConfiguration],
    existing: &ExistingMappings<ConfigurationId>,
) -> Vec<SystemMatch<'a>> {
    let _ = (inventory, companies, configurations, existing);
    Vec::new()
}

/// Finds the configurations of one company's systems, as [`auto_map_systems`] does for all; for a caller that reads company by
/// company. Appends to `matches`, in the order of the systems.
///
/// A system id that another company has too is not noticed here.
pub fn auto_map_company<'a>(
    company: CompanySystems<'a>,
    existing: &ExistingMappings<ConfigurationId>,
    matches: &mut Vec<SystemMatch<'a>>,
) {
    let _ = (company, existing, matches);
}

impl fmt::Display for UnusableMac {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "'{}' ({})", self.text, self.fault)
    }
}

impl fmt::Display for SystemRefusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::DuplicateSystem => f.write_str(
                "the inventory has this system more than once; hand over each system once, in one group",
            ),
            Self::GroupNotMapped { group } => write!(
                f,
                "its group '{group}' is not mapped to a company; map the group first"
            ),
            Self::NoMac => f.write_str(
                "the system carries no MAC, as is usual for syslog sources; map it by hand",
            ),
            Self::UnusableMacs { macs } => write!(
                f,
                "none of its MACs tells a device: {macs}; correct them, or map the system by hand"
            ),
            Self::NoConfiguration { macs } => write!(
                f,
                "no active configuration of the company has the MAC {macs}; enter it in ConnectWise, or map the system by hand"
            ),
            Self::NoMacOnConfiguration {
                configuration,
                configuration_type,
                fault: MacFault::Empty,
            } => write!(
                f,
                "the configuration {configuration} has the same name and no MAC; its type is '{configuration_type}', and ConnectWise \
                 shows the field only for Managed Server and Managed Workstation; enter the MAC there, or map the system by hand"
            ),
            Self::NoMacOnConfiguration {
                configuration,
                fault,
                ..
            } => write!(
                f,
                "the configuration {configuration} has the same name, but its MAC cannot be used: {fault}; correct it in ConnectWise, \
                 or map the system by hand"
            ),
            Self::SeveralConfigurations {
                configurations,
                macs,
            } => write!(
                f,
                "several configurations have one of its MACs ({macs}): {configurations}; leave each MAC on one configuration, or map \
                 the system by hand"
            ),
            Self::SeveralSystems {
                configuration,
                mac,
                systems,
            } => write!(
                f,
                "several systems have the MAC {mac} of the configuration {configuration}: {systems}; map one of them by hand"
            ),
            Self::MappedByHand {
                configuration,
                systems,
            } => write!(
                f,
                "the configuration {configuration} has its MAC, but is mapped by hand to {systems}; remove that mapping, or map this \
                 system by hand too"
            ),
            Self::Inactive { configuration } => write!(
                f,
                "the configuration {configuration} has its MAC, but is not active; activate it in ConnectWise, or map the system by hand"
            ),
        }
    }
}
