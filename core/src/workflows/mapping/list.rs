use crate::{
    environment::Environment,
    error::Result,
    mapping::{
        Mapping, MappingFilter, MappingKey, MappingOrigin, MappingPage, MappingRecord,
        MappingState, MappingTarget,
    },
    runtime::Context,
    settings::Settings,
    store::{keys::Keys, records, session},
    workflows::page::{self, MOST, MOST_READ},
};
use std::collections::BTreeMap;

/// Lists mappings by page: those of the configuration and those of the store, groups before systems.
///
/// # Errors
///
/// A limit that is out of bounds, a place that no page gave.
pub(crate) async fn list_mappings(
    cx: &Context,
    env: &Environment,
    after: Option<&str>,
    limit: u32,
    filter: &MappingFilter,
) -> Result<MappingPage> {
    let prefix = env.keys.all("mapping");
    page::check(limit, after, &[&prefix])?;
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let mut configured = configured(&env.settings, &env.keys);
    if let Some(after) = after {
        configured.retain(|key, _| key.as_str() > after);
    }
    let mut page = MappingPage::default();
    let mut after = after.map(str::to_owned);
    let mut read = 0;
    loop {
        let records = session::scan(cx, &prefix, after.clone(), MOST).await?;
        let last = records.is_empty();
        read += records.len();
        let mut batch = BTreeMap::new();
        let until = records.last().map(|record| record.key.clone());
        for record in records {
            if !configured.contains_key(&record.key) {
                let stored: MappingRecord = records::read(&record.key, &record.value)?;
                batch.insert(record.key, stored.mapping);
            }
        }
        let rest = match &until {
            Some(until) => configured.split_off(&format!("{until}\0")),
            None => BTreeMap::new(),
        };
        batch.append(&mut configured);
        configured = rest;
        for (key, mapping) in batch {
            if page.mappings.len() == limit {
                page.next = after;
                return Ok(page);
            }
            if filter.takes(&mapping) {
                page.mappings.push(mapping);
            }
            after = Some(key);
        }
        after = until.or(after);
        if last {
            return Ok(page);
        }
        if read >= MOST_READ || page.mappings.len() == limit {
            page.next = after;
            return Ok(page);
        }
    }
}

/// The mappings of the configuration, by the keys that the store would have for them.
fn configured(settings: &Settings, keys: &Keys) -> BTreeMap<String, Mapping> {
    let companies = settings.companies.iter().map(|(id, key)| {
        let target = MappingTarget::CompanyKey(key.clone());
        (MappingKey::group(id.as_str()), target, "companies.map")
    });
    let configurations = settings.systems.iter().map(|(id, key)| {
        let target = MappingTarget::ConfigurationKey(key.clone());
        (
            MappingKey::system(id.as_str()),
            target,
            "configurations.map",
        )
    });
    let all = companies.chain(configurations);
    all.map(|(key, target, map)| {
        let mapping = Mapping {
            kind: key.kind,
            id: key.id.clone(),
            name: None,
            group: None,
            state: MappingState {
                target: Some(target),
                origin: MappingOrigin::Configuration,
                reason: format!("{map} has it"),
                at: None,
                by: None,
            },
            history: Vec::new(),
        };
        (keys.mapping(&key), mapping)
    })
    .collect()
}
