use super::reopening;
use crate::{
    catalog::same_name,
    company::{CompanyKey, ConfigurationKey},
    config::{Config, UnmappedPolicy},
    error::{Code, Fault, pointer},
    nearest::{did_you_mean, listed},
};
use std::collections::{BTreeMap, BTreeSet};

/// One board's statuses in both directions, by lower-case name.
#[derive(Debug)]
pub(crate) struct StatusNames {
    /// From ticket status to case status.
    pub(crate) to_case: BTreeMap<String, String>,
    /// From case status to ticket status.
    pub(crate) to_ticket: BTreeMap<String, String>,
    /// By close reason, by its letters and digits: the reason as it is written, and its ticket status.
    pub(crate) close_reasons: BTreeMap<String, (String, String)>,
}

impl StatusNames {
    /// The close reason that a ticket status means; nothing where it means none or more than one.
    pub(crate) fn close_reason(&self, status: &str) -> Option<&str> {
        let mut meant = self
            .close_reasons
            .values()
            .filter(|(_, name)| same_name(name, status));
        let (reason, _) = meant.next()?;
        meant.next().is_none().then_some(reason)
    }
}

pub(super) fn companies(config: &Config, faults: &mut Vec<Fault>) -> BTreeMap<String, CompanyKey> {
    let mut companies = BTreeMap::new();
    for (index, mapping) in config.companies.map.iter().enumerate() {
        let place = format!("/companies/map/{index}");
        company(&mapping.company, &format!("{place}/company"), faults);
        let known = companies.insert(mapping.group.clone(), mapping.company.clone());
        once(known.is_some(), "group", &mapping.group, &place, faults);
    }
    if let Some(filter) = &config.companies.import {
        filter.check("/companies/import", faults);
    }
    let unmapped = &config.companies.unmapped;
    match (unmapped.policy, &unmapped.company) {
        (UnmappedPolicy::CatchAll, None) => faults.push(Fault::new(
            Code::MissingKey,
            "/companies/unmapped/company",
            "the policy 'catch_all' needs the company that catches all",
            "Add \"company\": {\"identifier\": …}, or choose the policy 'hold'",
        )),
        (UnmappedPolicy::CatchAll, Some(key)) => {
            company(key, "/companies/unmapped/company", faults);
        }
        (_, Some(_)) => faults.push(Fault::new(
            Code::InvalidValue,
            "/companies/unmapped/company",
            "a company stands here, and the policy does not use it",
            "Remove it, or choose the policy 'catch_all'",
        )),
        (_, None) => {}
    }
    companies
}

/// The groups for which tickets are made. Checks the groups that are selected for automatic mapping as well.
pub(super) fn run_for(config: &Config, faults: &mut Vec<Fault>) -> Option<BTreeSet<String>> {
    if let Some(rules) = &config.companies.auto_map {
        if let Some(groups) = &rules.groups {
            groups_once(groups, "/companies/auto_map/groups", faults);
        }
        for (index, domain) in rules.public_domains.iter().enumerate() {
            let place = format!("/companies/auto_map/public_domains/{index}");
            not_blank(!domain.trim().is_empty(), &place, faults);
        }
    }
    let groups = config.companies.run_for.as_ref()?;
    groups_once(groups, "/companies/run_for", faults);
    Some(groups.iter().cloned().collect())
}

fn groups_once(groups: &[String], place: &str, faults: &mut Vec<Fault>) {
    let mut known = BTreeSet::new();
    for (index, group) in groups.iter().enumerate() {
        let place = format!("{place}/{index}");
        not_blank(!group.trim().is_empty(), &place, faults);
        if !known.insert(group) {
            faults.push(Fault::new(
                Code::InvalidValue,
                place,
                format!("the group '{group}' stands here twice"),
                "Keep one of the two",
            ));
        }
    }
}

pub(super) fn systems(
    config: &Config,
    faults: &mut Vec<Fault>,
) -> BTreeMap<String, ConfigurationKey> {
    let mut systems = BTreeMap::new();
    if let Some(filter) = &config.configurations.import {
        filter.check("/configurations/import", faults);
    }
    for (index, mapping) in config.configurations.map.iter().enumerate() {
        let place = format!("/configurations/map/{index}");
        let (name, filled) = match &mapping.configuration {
            ConfigurationKey::Name(key) => ("name", !key.trim().is_empty()),
            ConfigurationKey::DeviceIdentifier(key) => {
                ("device_identifier", !key.trim().is_empty())
            }
            ConfigurationKey::SerialNumber(key) => ("serial_number", !key.trim().is_empty()),
            ConfigurationKey::Id(id) => ("id", id.0 > 0),
        };
        not_blank(filled, &format!("{place}/configuration/{name}"), faults);
        let known = systems.insert(mapping.system.clone(), mapping.configuration.clone());
        once(known.is_some(), "system", &mapping.system, &place, faults);
    }
    systems
}

pub(super) fn priorities(config: &Config, faults: &mut Vec<Fault>) -> BTreeMap<String, String> {
    let makes_tickets = config.routes.iter().any(|route| !route.ignore);
    if config.priority_map.is_empty() && (makes_tickets || config.routes.is_empty()) {
        faults.push(Fault::new(
            Code::InvalidValue,
            "/priority_map",
            "no severity has a priority",
            "Name the priority of each severity that cases have",
        ));
    }
    lowered(&config.priority_map, "/priority_map", faults)
}

pub(super) fn statuses(config: &Config, faults: &mut Vec<Fault>) -> BTreeMap<String, StatusNames> {
    let mut boards: BTreeMap<String, StatusNames> = BTreeMap::new();
    for (board, map) in &config.status_map {
        let place = pointer("/status_map", board);
        not_blank(!board.trim().is_empty(), &place, faults);
        if map.to_case.is_empty() {
            faults.push(Fault::new(
                Code::InvalidValue,
                format!("{place}/to_case"),
                "no ticket status has a case status",
                "Name the case status of each status of the board",
            ));
        }
        let names = StatusNames {
            to_case: lowered(&map.to_case, &format!("{place}/to_case"), faults),
            to_ticket: lowered(&map.to_ticket, &format!("{place}/to_ticket"), faults),
            close_reasons: reopening::close_reasons(map, &place, faults),
        };
        for (case_status, ticket_status) in &map.to_ticket {
            in_to_case(
                map.to_case.keys(),
                ticket_status,
                &pointer(&format!("{place}/to_ticket"), case_status),
                &place,
                faults,
            );
        }
        if boards.insert(board.trim().to_lowercase(), names).is_some() {
            faults.push(Fault::new(
                Code::InvalidValue,
                place,
                format!("the board '{board}' stands here twice; names compare without case"),
                "Keep one of them",
            ));
        }
    }
    boards
}

/// Names a ticket status that is no key of the board's `to_case`.
pub(super) fn in_to_case<'a>(
    to_case: impl Iterator<Item = &'a String>,
    status: &str,
    place: &str,
    board: &str,
    faults: &mut Vec<Fault>,
) {
    let known: Vec<&str> = to_case.map(String::as_str).collect();
    if !known
        .iter()
        .any(|name| crate::catalog::same_name(name, status))
    {
        faults.push(Fault::new(
            Code::UnknownStatus,
            place,
            format!("the status '{status}' has no case status in {board}/to_case"),
            format!(
                "{}Use one of {}, or add '{status}' to {board}/to_case",
                did_you_mean(status, &known),
                listed(&known)
            ),
        ));
    }
}

/// The map with its keys in lower case; keys that then fall together, and blank values, are faults.
pub(super) fn lowered(
    map: &BTreeMap<String, String>,
    place: &str,
    faults: &mut Vec<Fault>,
) -> BTreeMap<String, String> {
    let mut lowered = BTreeMap::new();
    for (key, value) in map {
        let at = pointer(place, key);
        not_blank(
            !key.trim().is_empty() && !value.trim().is_empty(),
            &at,
            faults,
        );
        if lowered
            .insert(key.trim().to_lowercase(), value.clone())
            .is_some()
        {
            faults.push(Fault::new(
                Code::InvalidValue,
                at,
                format!("'{key}' stands here twice; names compare without case"),
                "Keep one of them",
            ));
        }
    }
    lowered
}

fn company(key: &CompanyKey, place: &str, faults: &mut Vec<Fault>) {
    match key {
        CompanyKey::Identifier(text) => {
            not_blank(
                !text.trim().is_empty(),
                &format!("{place}/identifier"),
                faults,
            );
        }
        CompanyKey::Name(text) => {
            not_blank(!text.trim().is_empty(), &format!("{place}/name"), faults);
        }
        CompanyKey::Id(id) => not_blank(id.0 > 0, &format!("{place}/id"), faults),
    }
}

fn not_blank(holds: bool, place: &str, faults: &mut Vec<Fault>) {
    if !holds {
        faults.push(Fault::new(
            Code::InvalidValue,
            place,
            "a name or id is empty here",
            "Fill it in, or remove the entry",
        ));
    }
}

fn once(twice: bool, what: &str, id: &str, place: &str, faults: &mut Vec<Fault>) {
    not_blank(!id.trim().is_empty(), &format!("{place}/{what}"), faults);
    if twice {
        faults.push(Fault::new(
            Code::InvalidValue,
            format!("{place}/{what}"),
            format!("the {what} '{id}' is mapped twice"),
            "Keep one of the two mappings",
        ));
    }
}
