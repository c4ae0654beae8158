use super::{Finding, Severity};
use crate::{
    company::{
        CompanyId, CompanyKey,
        companies::is_named,
        standing::{CompanyStanding, CompanyStatus},
    },
    config::Config,
    error::Code,
};
use std::collections::BTreeSet;

/// The companies that a configuration names.
pub(crate) fn named(config: &Config) -> BTreeSet<CompanyKey> {
    places(config).map(|(_, key)| key.clone()).collect()
}

/// Every company of the map, and the one that catches all, with its pointer.
fn places(config: &Config) -> impl Iterator<Item = (String, &CompanyKey)> {
    let map = config.companies.map.iter().enumerate();
    map.map(|(index, mapping)| (format!("/companies/map/{index}/company"), &mapping.company))
        .chain(
            config
                .companies
                .unmapped
                .company
                .iter()
                .map(|key| ("/companies/unmapped/company".to_owned(), key)),
        )
}

/// Each named company is there, once, and takes new tickets (API.md sections 7 and 12).
pub(crate) fn check(
    config: &Config,
    found: &[CompanyStanding],
    statuses: &[CompanyStatus],
    findings: &mut Vec<Finding>,
) {
    findings.extend(places(config).filter_map(|(at, key)| {
        let (severity, code, why, fix) = wrong(key, found, statuses)?;
        Some(Finding::new(
            severity,
            code,
            Some(at),
            format!("the company {key} {why}"),
            fix,
        ))
    }));
}

/// The companies that groups are mapped to in the store, each with the group that comes first.
pub(crate) fn check_mapped(
    groups: &[(String, CompanyId)],
    found: &[CompanyStanding],
    statuses: &[CompanyStatus],
    findings: &mut Vec<Finding>,
) {
    findings.extend(groups.iter().filter_map(|(group, company)| {
        let key = CompanyKey::Id(*company);
        let (severity, code, why, _) = wrong(&key, found, statuses)?;
        Some(Finding::new(
            severity,
            code,
            None,
            format!("the group '{group}' is mapped to the company {key}, which {why}"),
            "Map the group to another company, or change the company in ConnectWise",
        ))
    }));
}

fn wrong(
    key: &CompanyKey,
    found: &[CompanyStanding],
    statuses: &[CompanyStatus],
) -> Option<(Severity, Code, String, String)> {
    let unusable = |why: String, fix: &str| {
        Some((Severity::Error, Code::UnusableCompany, why, fix.to_owned()))
    };
    let named: Vec<&CompanyStanding> = found
        .iter()
        .filter(|standing| is_named(&standing.company, key))
        .collect();
    let usable: Vec<&&CompanyStanding> = named
        .iter()
        .filter(|standing| !standing.company.deleted)
        .collect();
    let [standing] = usable.as_slice() else {
        if usable.len() > 1 {
            let identifiers: Vec<&str> = usable
                .iter()
                .map(|standing| standing.company.identifier.as_str())
                .collect();
            return unusable(
                format!(
                    "is there {} times: {}",
                    usable.len(),
                    identifiers.join(", ")
                ),
                "Name it by its identifier",
            );
        }
        return if named.is_empty() {
            unusable(
                "is not there".to_owned(),
                "Name one that is, by its identifier",
            )
        } else {
            unusable(
                "lies in the recycle bin".to_owned(),
                "Restore it in ConnectWise, or name another",
            )
        };
    };
    let status = statuses
        .iter()
        .find(|status| Some(status.id) == standing.status)?;
    if status.disallow_saving {
        return unusable(
            format!(
                "has the status '{}', which takes no new tickets",
                status.name
            ),
            "Change its status in ConnectWise, or name another company",
        );
    }
    status.inactive.then(|| {
        (
            Severity::Warning,
            Code::InactiveCompany,
            format!("has the inactive status '{}'", status.name),
            "Change its status in ConnectWise, or name another company".to_owned(),
        )
    })
}
