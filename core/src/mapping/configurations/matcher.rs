//! The matching itself, one company after another.

use super::{SystemMatch, SystemOutcome, SystemRefusal, refusal::Refusals};
use crate::{
    case::System,
    company::{CompanyId, ConfigurationId, ImportedConfiguration},
    inventory::Inventory,
    mapping::{ExistingMappings, Joined, Mac, MacJoin},
};
use std::collections::{BTreeMap, BTreeSet};

/// Finds the configurations of systems as [`auto_map_systems`](super::auto_map_systems) does, fed with the configurations of one company
/// after another, so that they need not all be in memory.
#[derive(Debug)]
pub struct SystemMatcher<'a> {
    existing: &'a ExistingMappings<ConfigurationId>,
    /// By company, and by id within it; those of groups without a company are not here.
    systems: Vec<(CompanyId, &'a System)>,
    /// The companies of these that were not matched yet.
    wanted: BTreeSet<CompanyId>,
    /// What is mapped by hand, and to which system.
    by_hand: Vec<(ConfigurationId, &'a str)>,
    /// What is mapped automatically to systems that the inventory does not have.
    held: Vec<(ConfigurationId, &'a str)>,
    /// What is mapped automatically more than once, so that nobody keeps it.
    disputed: Vec<ConfigurationId>,
    matches: Vec<SystemMatch<'a>>,
    join: MacJoin,
    joined: Vec<Joined>,
}

impl<'a> SystemMatcher<'a> {
    /// Takes up the inventory, the company of each group, and the mappings that exist.
    #[must_use]
    pub fn new(
        inventory: &'a Inventory,
        companies: &BTreeMap<String, CompanyId>,
        existing: &'a ExistingMappings<ConfigurationId>,
    ) -> Self {
        let mut matcher = Self {
            existing,
            systems: Vec::new(),
            wanted: BTreeSet::new(),
            by_hand: sorted(
                existing
                    .by_hand
                    .iter()
                    .map(|(system, configuration)| (*configuration, system.as_str())),
            ),
            held: Vec::new(),
            disputed: disputed(existing),
            matches: Vec::new(),
            join: MacJoin::default(),
            joined: Vec::new(),
        };
        let ids = matcher.take_up(inventory, companies);
        let absent = existing
            .automatic
            .iter()
            .filter(|(system, _)| ids.binary_search(&system.as_str()).is_err());
        matcher.held =
            sorted(absent.map(|(system, configuration)| (*configuration, system.as_str())));
        matcher
    }

    /// Sorts the systems into those of a company and those that are refused at once; tells all ids, sorted.
    fn take_up(
        &mut self,
        inventory: &'a Inventory,
        companies: &BTreeMap<String, CompanyId>,
    ) -> Vec<&'a str> {
        let count = inventory
            .groups
            .iter()
            .map(|group| group.systems.len())
            .sum();
        let mut systems: Vec<(&'a str, &'a str, Option<CompanyId>, &'a System)> =
            Vec::with_capacity(count);
        for group in &inventory.groups {
            let id = group.group.id.as_str();
            let company = companies.get(id).copied();
            let of_group = group.systems.iter();
            systems.extend(of_group.map(|system| (system.id.as_str(), id, company, system)));
        }
        systems.sort_unstable_by_key(|(id, group, ..)| (*id, *group));
        self.systems.reserve_exact(count);
        self.matches.reserve_exact(count);
        for same in systems.chunk_by(|left, right| left.0 == right.0) {
            let [(id, group, company, system), others @ ..] = same else {
                continue;
            };
            if self.existing.is_decided(id) {
                continue;
            }
            if !others.is_empty() {
                self.refuse(system, SystemRefusal::DuplicateSystem);
            } else if let Some(company) = company {
                self.systems.push((*company, system));
            } else {
                let group = (*group).to_owned();
                self.refuse(system, SystemRefusal::GroupNotMapped { group });
            }
        }
        self.systems.sort_by_key(|(company, _)| *company);
        self.wanted = self.systems.iter().map(|(company, _)| *company).collect();
        systems.into_iter().map(|(id, ..)| id).collect()
    }

    /// The companies whose configurations are still wanted, in order.
    pub fn companies(&self) -> impl Iterator<Item = CompanyId> {
        self.wanted.iter().copied()
    }

    /// Matches the systems of one company with all of its configurations, the inactive ones too, for the reasons. Each company is
    /// matched once; one that is not wanted, and configurations of another, are passed over.
    pub fn company<'c>(
        &mut self,
        company: CompanyId,
        configurations: impl IntoIterator<Item = &'c ImportedConfiguration>,
    ) {
        if !self.wanted.remove(&company) {
            return;
        }
        let from = self.systems.partition_point(|(other, _)| *other < company);
        let to = self.systems.partition_point(|(other, _)| *other <= company);
        let mut all: Vec<&ImportedConfiguration> = configurations
            .into_iter()
            .filter(|configuration| configuration.company == company)
            .collect();
        all.sort_unstable_by_key(|configuration| configuration.id);
        all.dedup_by_key(|configuration| configuration.id);
        let open: Vec<&ImportedConfiguration> = all
            .iter()
            .copied()
            .filter(|configuration| self.is_open(configuration))
            .collect();

        self.joined.clear();
        let systems = self.systems.get(from..to).unwrap_or_default();
        self.join.company(
            open.iter()
                .map(|configuration| configuration.mac_address.as_str()),
            systems
                .iter()
                .map(|(_, system)| system.macs.iter().map(String::as_str)),
            &mut self.joined,
        );
        let mut refused = Vec::new();
        for ((_, system), joined) in systems.iter().zip(&self.joined) {
            match self.mapped(system, *joined, &open) {
                Some(outcome) => self.matches.push(SystemMatch {
                    system: &system.id,
                    outcome,
                }),
                None => refused.push((*system, *joined)),
            }
        }
        if refused.is_empty() {
            return;
        }
        let refusals = Refusals::of(
            &refused,
            systems.iter().map(|(_, system)| *system),
            &all,
            &open,
            &self.by_hand,
            &self.held,
        );
        let reasons: Vec<_> = refused
            .into_iter()
            .map(|(system, joined)| (system, refusals.reason(system, joined)))
            .collect();
        for (system, reason) in reasons {
            self.refuse(system, reason);
        }
    }

    /// All matches, in the order of the systems' ids. A company that was not fed has no configurations.
    #[must_use]
    pub fn finish(mut self) -> Vec<SystemMatch<'a>> {
        while let Some(company) = self.wanted.first().copied() {
            self.company(company, []);
        }
        self.matches.sort_unstable_by_key(|found| found.system);
        self.matches
    }

    fn is_open(&self, configuration: &ImportedConfiguration) -> bool {
        !configuration.inactive && !has(&self.by_hand, configuration.id)
    }

    /// The configuration that the system keeps or gets.
    fn mapped(
        &self,
        system: &System,
        joined: Joined,
        open: &[&ImportedConfiguration],
    ) -> Option<SystemOutcome> {
        let before = self.existing.automatic.get(&system.id).copied();
        let kept = before
            .filter(|before| self.disputed.binary_search(before).is_err())
            .and_then(|before| {
                open.binary_search_by_key(&before, |configuration| configuration.id)
                    .ok()
            })
            .and_then(|at| open.get(at))
            .and_then(|configuration| {
                Some((
                    configuration.id,
                    Mac::parse(&configuration.mac_address).ok()?,
                ))
            })
            .filter(|(_, mac)| system.macs.iter().any(|text| Mac::parse(text) == Ok(*mac)));
        let found = || {
            let Joined::One(at) = joined else { return None };
            let configuration = open.get(at as usize)?;
            let mac = Mac::parse(&configuration.mac_address).ok()?;
            (!has(&self.held, configuration.id)).then_some((configuration.id, mac))
        };
        let (configuration, mac) = kept.or_else(found)?;
        Some(SystemOutcome::Mapped {
            configuration,
            mac,
            kept: before == Some(configuration),
        })
    }

    fn refuse(&mut self, system: &'a System, reason: SystemRefusal) {
        self.matches.push(SystemMatch {
            system: &system.id,
            outcome: SystemOutcome::Refused {
                reason: Box::new(reason),
                lost: self.existing.automatic.get(&system.id).copied(),
            },
        });
    }
}

fn sorted<'a>(
    mappings: impl Iterator<Item = (ConfigurationId, &'a str)>,
) -> Vec<(ConfigurationId, &'a str)> {
    let mut mappings: Vec<_> = mappings.collect();
    mappings.sort_unstable();
    mappings
}

fn has(mappings: &[(ConfigurationId, &str)], configuration: ConfigurationId) -> bool {
    mappings
        .binary_search_by_key(&configuration, |(other, _)| *other)
        .is_ok()
}

fn disputed(existing: &ExistingMappings<ConfigurationId>) -> Vec<ConfigurationId> {
    let mut mapped: Vec<ConfigurationId> = existing.automatic.values().copied().collect();
    mapped.sort_unstable();
    let mut disputed: Vec<ConfigurationId> = mapped
        .chunk_by(|left, right| left == right)
        .filter_map(|same| match same {
            [first, _, ..] => Some(*first),
            _ => None,
        })
        .collect();
    disputed.dedup();
    disputed
}
