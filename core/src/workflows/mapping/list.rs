use crate::{
    environment::Environment,
    error::{Code, Error, Fault, Result},
    mapping::{
        Mapping, MappingFilter, MappingKey, MappingOrigin, MappingPage, MappingRecord,
        MappingState, MappingTarget,
    },
    runtime::Context,
    settings::Settings,
    store::{keys::Keys, records, session},
};
use std::collections::BTreeMap;

/// Most mappings of a page.
pub(super) const MOST: u32 = 1000;

/// Records that are read for a page at most, so that a rare find does not read the whole store at once.
const MOST_READ: usize = 4000;

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
    let mut faults = Vec::new();
    if !(1..=MOST).contains(&limit) {
        let message = format!("{limit} is no number from 1 to {MOST}");
        let fix = "Choose how many mappings a page has";
        faults.push(Fault::new(Code::InvalidValue, "/limit", message, fix));
    }
    let prefix = env.keys.all("mapping");
    if after.is_some_and(|after| !after.starts_with(&prefix)) {
        let fix = "Give what the page before had as its 'next'";
        let message = "no page gave this place";
        faults.push(Fault::new(Code::UnknownPlace, "/after", message, fix));
    }
    if !faults.is_empty() {
        return Err(Error::refused("the request", faults));
    }
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
