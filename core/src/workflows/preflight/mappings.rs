//! The mappings of the store, held against ConnectWise.

use super::unread;
use crate::{
    company::{
        CompanyId, CompanyKey, ConfigurationKey, configurations as configuration_records, standing,
    },
    environment::Environment,
    error::{Code, Result},
    mapping::{MappedConfiguration, MappingRecord},
    preflight::{self as judge, Finding, Severity},
    runtime::Context,
    store::{records, session},
};
use std::collections::{BTreeMap, BTreeSet};

/// Companies, and device configurations, that are looked at, at most: automatic mapping and the comparison of customers look at
/// all.
const MOST: usize = 1000;

/// Mappings that are read at once.
const PAGE: u32 = 1000;

/// Checks that what groups and systems are mapped to is still there and can be used.
///
/// # Errors
///
/// What the store came to; everything else is a finding.
pub(super) async fn check(
    cx: &Context,
    env: &Environment,
    findings: &mut Vec<Finding>,
) -> Result<()> {
    let mut groups = BTreeMap::<CompanyId, String>::new();
    let mut left = 0;
    each(cx, env, "mapping/group", |record| {
        let Some(company) = record.mapping.company().map(|company| company.id) else {
            return;
        };
        if env.settings.companies.contains_key(&record.mapping.id) || groups.contains_key(&company)
        {
            return;
        }
        match groups.len() < MOST {
            true => drop(groups.insert(company, record.mapping.id)),
            false => left += 1,
        }
    })
    .await?;
    let mut systems = Vec::<(String, MappedConfiguration)>::new();
    each(cx, env, "mapping/system", |record| {
        let Some(configuration) = record.mapping.configuration().cloned() else {
            return;
        };
        if env.settings.systems.contains_key(&record.mapping.id) {
            return;
        }
        match systems.len() < MOST {
            true => systems.push((record.mapping.id, configuration)),
            false => left += 1,
        }
    })
    .await?;
    of_groups(cx, env, groups, findings).await;
    of_systems(cx, env, &systems, findings).await;
    if left > 0 {
        findings.push(Finding::new(
            Severity::Info,
            Code::NotChecked,
            None,
            format!("{left} more mappings of the store were not looked at"),
            "Run automatic mapping and the comparison of customers, which look at all",
        ));
    }
    Ok(())
}

async fn each(
    cx: &Context,
    env: &Environment,
    kind: &str,
    mut visit: impl FnMut(MappingRecord) + Send,
) -> Result<()> {
    let prefix = env.keys.all(kind);
    let mut after = None;
    loop {
        let page = session::scan(cx, &prefix, after, PAGE).await?;
        let Some(last) = page.last() else {
            return Ok(());
        };
        after = Some(last.key.clone());
        for record in page {
            visit(records::read(&record.key, &record.value)?);
        }
    }
}

async fn of_groups(
    cx: &Context,
    env: &Environment,
    groups: BTreeMap<CompanyId, String>,
    findings: &mut Vec<Finding>,
) {
    if groups.is_empty() {
        return;
    }
    let api = env.api.impatient();
    let keys: BTreeSet<CompanyKey> = groups.keys().copied().map(CompanyKey::Id).collect();
    let found = standing::find(cx, &api, &keys).await;
    let statuses = standing::statuses(cx, &api).await;
    match (found, statuses) {
        (Ok(found), Ok(statuses)) => {
            let groups: Vec<(String, CompanyId)> = groups
                .into_iter()
                .map(|(company, group)| (group, company))
                .collect();
            judge::companies::check_mapped(&groups, &found, &statuses, findings);
        }
        (Err(error), _) | (_, Err(error)) => {
            unread(
                "the companies of mapped groups",
                &error,
                "/companies",
                findings,
            );
        }
    }
}

async fn of_systems(
    cx: &Context,
    env: &Environment,
    systems: &[(String, MappedConfiguration)],
    findings: &mut Vec<Finding>,
) {
    if systems.is_empty() {
        return;
    }
    let keys: BTreeSet<ConfigurationKey> = systems
        .iter()
        .map(|(_, configuration)| ConfigurationKey::Id(configuration.id))
        .collect();
    match configuration_records::find_any(cx, &env.api.impatient(), &keys).await {
        Ok(found) => judge::configurations::check_mapped(systems, &found, findings),
        Err(error) => {
            let what = "the device configurations of mapped systems";
            unread(what, &error, "/configurations", findings);
        }
    }
}
