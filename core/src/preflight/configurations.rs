use super::{Finding, Severity};
use crate::{
    company::{CompanyId, ConfigurationKey, configurations::FoundConfiguration},
    config::Config,
    error::Code,
    mapping::MappedConfiguration,
};
use std::collections::{BTreeMap, BTreeSet};

/// The device configurations that a configuration names.
pub(crate) fn named(config: &Config) -> BTreeSet<ConfigurationKey> {
    let map = config.configurations.map.iter();
    map.map(|mapping| mapping.configuration.clone()).collect()
}

/// Each named device configuration is there, active, and once within its company. Which company a system's cases are of shows
/// only with the case: it has to be one of `companies`, where these are known.
pub(crate) fn check(
    config: &Config,
    companies: Option<&BTreeSet<CompanyId>>,
    found: &[FoundConfiguration],
    findings: &mut Vec<Finding>,
) {
    for (index, mapping) in config.configurations.map.iter().enumerate() {
        let key = &mapping.configuration;
        let all: Vec<&FoundConfiguration> =
            found.iter().filter(|found| found.is_named(key)).collect();
        let active: Vec<&&FoundConfiguration> = all
            .iter()
            .filter(|found| found.active)
            .filter(|found| companies.is_none_or(|companies| companies.contains(&found.company)))
            .collect();
        let mut by_company: BTreeMap<CompanyId, usize> = BTreeMap::new();
        for found in &active {
            *by_company.entry(found.company).or_default() += 1;
        }
        let (why, fix) = if all.is_empty() {
            ("is not there", "Name one of the company's configurations")
        } else if active.is_empty() && all.iter().all(|found| !found.active) {
            (
                "is not active",
                "Activate it in ConnectWise, or name another",
            )
        } else if active.is_empty() {
            (
                "belongs to no company that a group is mapped to",
                "Map a group to its company, or name another",
            )
        } else if by_company.values().any(|count| *count > 1) {
            (
                "is there more than once within a company",
                "Name it by its id",
            )
        } else {
            continue;
        };
        findings.push(Finding::new(
            Severity::Error,
            Code::UnusableConfiguration,
            Some(format!("/configurations/map/{index}/configuration")),
            format!("the device configuration {key} {why}"),
            fix,
        ));
    }
}

/// The device configurations that systems are mapped to in the store. A case whose system has lost its configuration gets a
/// ticket without one, so that this is worth a warning only.
pub(crate) fn check_mapped(
    systems: &[(String, MappedConfiguration)],
    found: &[FoundConfiguration],
    findings: &mut Vec<Finding>,
) {
    for (system, mapped) in systems {
        let why = match found.iter().find(|found| found.id == mapped.id) {
            None => "is not there any more",
            Some(found) if !found.active => "is not active",
            Some(found) if found.company != mapped.company => "belongs to another company now",
            Some(_) => continue,
        };
        findings.push(Finding::new(
            Severity::Warning,
            Code::UnusableConfiguration,
            None,
            format!(
                "the system '{system}' is mapped to the device configuration '{}' (id {}), which {why}",
                mapped.name, mapped.id.0
            ),
            "Map the system anew; automatic mapping does so by itself for those that it mapped",
        ));
    }
}
