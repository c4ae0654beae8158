//! The companies and device configurations that mappings name, as ConnectWise has them.

use super::staging::Staging;
use crate::{
    catalog::same_name,
    company::{
        Company, CompanyId, CompanyKey, Configuration, ConfigurationKey, ImportedConfiguration,
    },
    environment::Environment,
    error::{Code, Error, Result},
    import::ImportKind,
    mapping::{Mapping, MappingKey},
    runtime::{Context, join_all},
    store::imported,
};
use std::collections::{BTreeMap, BTreeSet};

/// Up to so many are asked of ConnectWise one by one; more are looked for among the imported ones first.
const FEW: usize = 20;

/// Lookups side by side.
const ABREAST: usize = 8;

/// What a lookup found, or why what it found cannot be used. What fails for another reason ends the whole.
pub(in crate::workflows) type Found<K, V> = BTreeMap<K, std::result::Result<V, Error>>;

/// The company that a group is mapped to, by the configuration or else by a mapping. One that the configuration names and
/// that cannot be used is none.
///
/// # Errors
///
/// What looking it up failed with.
pub(in crate::workflows) async fn company_of_group(
    cx: &Context,
    env: &Environment,
    group: &str,
) -> Result<Option<CompanyId>> {
    if let Some(key) = env.settings.companies.get(group) {
        let company = judged(env.company(cx, key).await)?;
        return Ok(company.ok().map(|company| company.id));
    }
    let key = MappingKey::group(group);
    let stored = Staging::load(cx, env, BTreeSet::from([key.clone()])).await?;
    let company = stored.get(&key).and_then(Mapping::company);
    Ok(company.map(|company| company.id))
}

/// The companies of these keys.
///
/// # Errors
///
/// What asking failed with.
pub(in crate::workflows) async fn companies(
    cx: &Context,
    env: &Environment,
    keys: Vec<CompanyKey>,
) -> Result<Found<CompanyKey, Company>> {
    let mut found = BTreeMap::new();
    if keys.len() > FEW && has(cx, env, ImportKind::Companies).await? {
        let mut named: BTreeMap<&CompanyKey, Vec<Company>> = BTreeMap::new();
        let index = CompanyIndex::of(&keys);
        imported::each_company(cx, &env.keys, |company| {
            for key in index.named(&company) {
                named.entry(key).or_default().push(Company {
                    id: company.id,
                    identifier: company.identifier.clone(),
                    name: company.name.clone(),
                    deleted: company.deleted,
                    default_contact: None,
                });
            }
        })
        .await?;
        for (key, companies) in named {
            if let Ok(company) = Environment::usable_company(key, companies) {
                found.insert(key.clone(), Ok(company));
            }
        }
    }
    let missing: Vec<CompanyKey> = keys
        .into_iter()
        .filter(|key| !found.contains_key(key))
        .collect();
    for keys in missing.chunks(ABREAST) {
        let lookups = keys.iter().map(|key| env.fresh_company(cx, key));
        for (key, company) in keys.iter().zip(join_all(lookups).await) {
            found.insert(key.clone(), judged(company)?);
        }
    }
    Ok(found)
}

/// The device configurations of these keys, each within a company.
///
/// # Errors
///
/// What asking failed with.
pub(super) async fn configurations(
    cx: &Context,
    env: &Environment,
    keys: Vec<(CompanyId, ConfigurationKey)>,
) -> Result<Found<(CompanyId, ConfigurationKey), Configuration>> {
    let mut found = BTreeMap::new();
    if keys.len() > FEW && has(cx, env, ImportKind::Configurations).await? {
        let mut of_company: BTreeMap<CompanyId, Vec<&(CompanyId, ConfigurationKey)>> =
            BTreeMap::new();
        for key in &keys {
            of_company.entry(key.0).or_default().push(key);
        }
        let mut named: BTreeMap<&(CompanyId, ConfigurationKey), Vec<Configuration>> =
            BTreeMap::new();
        imported::each_configuration(cx, &env.keys, |row| {
            let wanted = of_company.get(&row.company).into_iter().flatten();
            for key in wanted.filter(|key| !row.inactive && is_named(&row, &key.1)) {
                named.entry(*key).or_default().push(Configuration {
                    id: row.id,
                    name: row.name.clone(),
                });
            }
        })
        .await?;
        for (key, rows) in named {
            if let Ok([row]) = <[Configuration; 1]>::try_from(rows) {
                found.insert(key.clone(), Ok(row));
            }
        }
    }
    let missing: Vec<_> = keys
        .into_iter()
        .filter(|key| !found.contains_key(key))
        .collect();
    for keys in missing.chunks(ABREAST) {
        let lookups = keys
            .iter()
            .map(|(company, key)| env.fresh_configuration(cx, *company, key));
        for (key, configuration) in keys.iter().zip(join_all(lookups).await) {
            found.insert(key.clone(), judged(configuration)?);
        }
    }
    Ok(found)
}

async fn has(cx: &Context, env: &Environment, kind: ImportKind) -> Result<bool> {
    Ok(imported::state(cx, &env.keys, kind).await?.is_some())
}

/// Keeps what is wrong with the record apart from what is wrong with asking.
fn judged<T>(result: Result<T>) -> Result<std::result::Result<T, Error>> {
    match result {
        Ok(value) => Ok(Ok(value)),
        Err(error) => match error.code {
            Code::UnusableCompany | Code::UnusableConfiguration => Ok(Err(error)),
            _ => Err(error),
        },
    }
}

pub(super) fn is_named(row: &ImportedConfiguration, key: &ConfigurationKey) -> bool {
    match key {
        ConfigurationKey::Id(id) => row.id == *id,
        ConfigurationKey::Name(text) => same_name(&row.name, text),
        ConfigurationKey::DeviceIdentifier(text) => same_name(&row.device_identifier, text),
        ConfigurationKey::SerialNumber(text) => same_name(&row.serial_number, text),
    }
}

/// Keys by what they name, so that each company is compared once.
#[derive(Default)]
struct CompanyIndex<'a> {
    ids: BTreeMap<CompanyId, &'a CompanyKey>,
    identifiers: BTreeMap<String, Vec<&'a CompanyKey>>,
    names: BTreeMap<String, Vec<&'a CompanyKey>>,
}

impl<'a> CompanyIndex<'a> {
    fn of(keys: &'a [CompanyKey]) -> Self {
        let mut index = Self::default();
        for key in keys {
            match key {
                CompanyKey::Id(id) => {
                    index.ids.insert(*id, key);
                }
                CompanyKey::Identifier(text) => {
                    index.identifiers.entry(folded(text)).or_default().push(key);
                }
                CompanyKey::Name(text) => index.names.entry(folded(text)).or_default().push(key),
            }
        }
        index
    }

    fn named(&self, company: &crate::company::ImportedCompany) -> Vec<&'a CompanyKey> {
        let by_id = self.ids.get(&company.id).copied();
        let by_identifier = self.identifiers.get(&folded(&company.identifier));
        let by_name = self.names.get(&folded(&company.name));
        let by_text = [by_identifier, by_name].into_iter().flatten().flatten();
        by_id.into_iter().chain(by_text.copied()).collect()
    }
}

/// A name as names compare: without case and spaces around.
fn folded(text: &str) -> String {
    text.trim().to_lowercase()
}
