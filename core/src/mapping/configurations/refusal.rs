//! Why systems of a company were not mapped, with the names of all that is concerned.

use super::{SystemRefusal, UnusableMac};
use crate::{
    case::System,
    company::{ConfigurationId, ImportedConfiguration},
    mapping::{FirstFew, Joined, Mac, MacFault, NamedConfiguration},
    text::cut,
};
use std::collections::{BTreeMap, BTreeSet};

/// What the reasons of a company's refusals are made from: who else has the MACs of the refused systems.
pub(super) struct Refusals<'a> {
    open: &'a [&'a ImportedConfiguration],
    by_hand: &'a [(ConfigurationId, &'a str)],
    held: &'a [(ConfigurationId, &'a str)],
    /// Every configuration of the company that has such a MAC, open or not, in the order of MAC and id.
    configurations: Vec<(Mac, &'a ImportedConfiguration)>,
    /// Every system in the game that has one, in the order of MAC and id.
    systems: Vec<(Mac, &'a str)>,
    /// Open configurations without a usable MAC, by their names in lower case.
    without_mac: BTreeMap<String, (&'a ImportedConfiguration, MacFault)>,
}

impl<'a> Refusals<'a> {
    pub(super) fn of(
        refused: &[(&'a System, Joined)],
        systems: impl Iterator<Item = &'a System>,
        all: &[&'a ImportedConfiguration],
        open: &'a [&'a ImportedConfiguration],
        by_hand: &'a [(ConfigurationId, &'a str)],
        held: &'a [(ConfigurationId, &'a str)],
    ) -> Self {
        let mut concerned: Vec<Mac> = refused
            .iter()
            .flat_map(|(system, _)| usable(system))
            .collect();
        concerned.sort_unstable();
        concerned.dedup();
        let is_concerned = |mac: &Mac| concerned.binary_search(mac).is_ok();

        let mut configurations: Vec<(Mac, &ImportedConfiguration)> = all
            .iter()
            .filter_map(|configuration| {
                Some((Mac::parse(&configuration.mac_address).ok()?, *configuration))
            })
            .filter(|(mac, _)| is_concerned(mac))
            .collect();
        configurations.sort_unstable_by_key(|(mac, configuration)| (*mac, configuration.id));
        let mut systems: Vec<(Mac, &str)> = systems
            .flat_map(|system| usable(system).map(|mac| (mac, system.id.as_str())))
            .filter(|(mac, _)| is_concerned(mac))
            .collect();
        systems.sort_unstable();
        systems.dedup();
        let without_mac = open
            .iter()
            .rev()
            .filter_map(|configuration| {
                let fault = Mac::parse(&configuration.mac_address).err()?;
                Some((
                    configuration.name.trim().to_lowercase(),
                    (*configuration, fault),
                ))
            })
            .collect();
        Self {
            open,
            by_hand,
            held,
            configurations,
            systems,
            without_mac,
        }
    }

    pub(super) fn reason(&self, system: &System, joined: Joined) -> SystemRefusal {
        match joined {
            Joined::SeveralConfigurations => self.several_configurations(system),
            Joined::SeveralSystems(at) => self.several_systems(at),
            Joined::One(at) => self.held_by_another(at),
            Joined::Nothing => None,
        }
        .unwrap_or_else(|| self.nothing_open(system))
    }

    fn several_configurations(&self, system: &System) -> Option<SystemRefusal> {
        let macs: BTreeSet<Mac> = usable(system).collect();
        let having: Vec<_> = macs
            .iter()
            .flat_map(|mac| self.configurations_with(*mac))
            .filter(|(_, configuration)| self.is_open(configuration.id))
            .collect();
        Some(SystemRefusal::SeveralConfigurations {
            configurations: FirstFew::of(
                having
                    .iter()
                    .map(|(_, configuration)| (*configuration).into()),
            ),
            macs: FirstFew::of(having.iter().map(|(mac, _)| *mac)),
        })
    }

    fn several_systems(&self, at: u32) -> Option<SystemRefusal> {
        let configuration = self.open.get(at as usize)?;
        let mac = Mac::parse(&configuration.mac_address).ok()?;
        let from = self.systems.partition_point(|(other, _)| *other < mac);
        let systems = self
            .systems
            .iter()
            .skip(from)
            .take_while(|(other, _)| *other == mac);
        Some(SystemRefusal::SeveralSystems {
            configuration: (*configuration).into(),
            mac,
            systems: FirstFew::of(systems.map(|(_, system)| (*system).to_owned())),
        })
    }

    fn held_by_another(&self, at: u32) -> Option<SystemRefusal> {
        let configuration = self.open.get(at as usize)?;
        let system = mapped_to(self.held, configuration.id).next()?;
        Some(SystemRefusal::HeldByAnother {
            configuration: (*configuration).into(),
            system: system.to_owned(),
        })
    }

    /// Why a system is refused that has no MAC of an open configuration.
    fn nothing_open(&self, system: &System) -> SystemRefusal {
        let macs: BTreeSet<Mac> = usable(system).collect();
        if macs.is_empty() {
            return no_usable_mac(system);
        }
        if let Some((_, configuration)) = macs
            .iter()
            .flat_map(|mac| self.configurations_with(*mac))
            .next()
        {
            return self.not_open(configuration);
        }
        let name = system
            .name
            .as_deref()
            .unwrap_or_default()
            .trim()
            .to_lowercase();
        match self.without_mac.get(&name) {
            Some((configuration, fault)) if !name.is_empty() => {
                SystemRefusal::NoMacOnConfiguration {
                    configuration: (*configuration).into(),
                    configuration_type: configuration.kind.clone(),
                    fault: *fault,
                }
            }
            _ => SystemRefusal::NoConfiguration {
                macs: FirstFew::of(macs),
            },
        }
    }

    fn not_open(&self, configuration: &ImportedConfiguration) -> SystemRefusal {
        let systems = FirstFew::of(mapped_to(self.by_hand, configuration.id).map(str::to_owned));
        let configuration = NamedConfiguration::from(configuration);
        if systems.some.is_empty() {
            SystemRefusal::Inactive { configuration }
        } else {
            SystemRefusal::MappedByHand {
                configuration,
                systems,
            }
        }
    }

    fn is_open(&self, configuration: ConfigurationId) -> bool {
        self.open
            .binary_search_by_key(&configuration, |open| open.id)
            .is_ok()
    }

    fn configurations_with(
        &self,
        mac: Mac,
    ) -> impl Iterator<Item = &(Mac, &'a ImportedConfiguration)> {
        let from = self
            .configurations
            .partition_point(|(other, _)| *other < mac);
        self.configurations
            .iter()
            .skip(from)
            .take_while(move |(other, _)| *other == mac)
    }
}

fn usable(system: &System) -> impl Iterator<Item = Mac> {
    system.macs.iter().filter_map(|text| Mac::parse(text).ok())
}

fn mapped_to<'a>(
    mappings: &[(ConfigurationId, &'a str)],
    configuration: ConfigurationId,
) -> impl Iterator<Item = &'a str> {
    let from = mappings.partition_point(|(other, _)| *other < configuration);
    mappings
        .iter()
        .skip(from)
        .take_while(move |(other, _)| *other == configuration)
        .map(|(_, system)| *system)
}

fn no_usable_mac(system: &System) -> SystemRefusal {
    let unusable: Vec<UnusableMac> = system
        .macs
        .iter()
        .filter_map(|text| Some((text, Mac::parse(text).err()?)))
        .filter(|(_, fault)| *fault != MacFault::Empty)
        .map(|(text, fault)| UnusableMac {
            text: cut(text.trim(), 40),
            fault,
        })
        .collect();
    if unusable.is_empty() {
        SystemRefusal::NoMac
    } else {
        SystemRefusal::UnusableMacs {
            macs: FirstFew::of(unusable),
        }
    }
}
