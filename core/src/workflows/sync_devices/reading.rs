use crate::{
    api::Client,
    company::{
        CompanyId, CompanyKey, ConfigurationId, ConfigurationKey,
        device_rows::{self, DeviceRow},
    },
    devices::{
        Device,
        plan::{Home, Known, Steps, found, steps, types_in_question},
        wanted::{self, Tables},
    },
    environment::Environment,
    error::{Code, Error, Fault, Result},
    mapping::{MappingKey, MappingRecord},
    runtime::{Context, join_all},
    settings::DeviceRules,
    store::{
        records::DeviceRecord,
        session::{self, Stored},
    },
    workflows::mapping::lookup,
};
use std::collections::{BTreeMap, BTreeSet};

/// Records that are read at once.
const PAGE: u32 = 1000;

/// What becomes of requests that an earlier run may have sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Intents {
    /// It is waited until they can no longer land.
    Settled,
    Ignored,
}

/// Everything that the devices are held against.
pub(super) struct Reading {
    pub(super) records: BTreeMap<String, Stored<DeviceRecord>>,
    known: Vec<Known>,
    tables: Tables,
    rows: Vec<DeviceRow>,
    /// Configurations of devices that are not among these.
    held: BTreeSet<ConfigurationId>,
}

impl Reading {
    pub(super) async fn of(
        cx: &Context,
        env: &Environment,
        rules: &DeviceRules,
        devices: &[Device],
        intents: Intents,
    ) -> Result<Self> {
        let length_unit = env.quirks(cx).await?.length_unit();
        let records = records(cx, env).await?;
        let own: BTreeSet<&str> = devices.iter().map(|device| device.id.as_str()).collect();
        if intents == Intents::Settled {
            settle(cx, env, &records, &own).await;
        }
        let homes = homes(cx, env, rules, devices).await?;
        let mapped = mapped(cx, env, devices).await?;
        let known: Vec<Known> = devices
            .iter()
            .map(|device| Known {
                home: home(rules, device, &homes),
                linked: records
                    .get(&device.id)
                    .and_then(|stored| stored.value.as_ref()?.configuration),
                mapped: mapped.get(&device.id).cloned(),
            })
            .collect();
        let held = records
            .values()
            .filter_map(|stored| stored.value.as_ref())
            .filter(|record| !own.contains(record.device.as_str()))
            .filter_map(|record| record.configuration)
            .collect();
        let tables = Tables {
            length_unit,
            ..tables(cx, &env.api, rules).await?
        };
        let faults = wanted::check(rules, &tables);
        if !faults.is_empty() {
            return Err(Error::refused("the configuration", faults));
        }
        let companies: BTreeSet<CompanyId> = known
            .iter()
            .filter_map(|known| match known.home {
                Home::Company(company) => Some(company),
                Home::LeftOut | Home::None(_) => None,
            })
            .collect();
        let rows = device_rows::list(cx, &env.api, &companies, &columns(rules)).await?;
        Ok(Self {
            records,
            known,
            tables,
            rows,
            held,
        })
    }

    /// What becomes of every device, in their order; types are asked for their questions where that matters.
    pub(super) async fn steps<'a>(
        &self,
        cx: &Context,
        env: &Environment,
        rules: &'a DeviceRules,
        devices: &'a [Device],
    ) -> Result<Steps<'a>> {
        let Self {
            known,
            tables,
            rows,
            held,
            ..
        } = self;
        let (found, mut all) = found(rules, tables, devices, known, rows, held);
        let kinds: Vec<u32> = types_in_question(rules, &found, rows).into_iter().collect();
        let reads = kinds
            .iter()
            .map(|kind| device_rows::questions(cx, &env.api, *kind));
        let mut questions = BTreeMap::new();
        for (kind, read) in kinds.iter().zip(join_all(reads).await) {
            questions.insert(*kind, read?);
        }
        let whole = env.api.quirks().wants_all_custom_fields();
        all.steps
            .extend(steps(rules, tables, found, rows, &questions, whole));
        all.steps.sort_by_key(|step| step.index);
        Ok(all)
    }
}

/// The types and, where a column writes it, the statuses.
///
/// # Errors
///
/// What reading came to.
pub(in crate::workflows) async fn tables(
    cx: &Context,
    api: &Client,
    rules: &DeviceRules,
) -> Result<Tables> {
    Ok(Tables {
        types: device_rows::types(cx, api).await?,
        statuses: match rules.writes("status") {
            true => device_rows::statuses(cx, api).await?,
            false => Vec::new(),
        },
        ..Tables::default()
    })
}

/// What of a configuration has to be read to be compared.
fn columns(rules: &DeviceRules) -> BTreeSet<&'static str> {
    let mut columns: BTreeSet<&str> = rules.fields().collect();
    if columns.remove("type") && rules.change_type {
        columns.insert("type/id");
        columns.insert("type/name");
    }
    if columns.remove("status") {
        columns.insert("status/id");
        columns.insert("status/name");
    }
    if rules.writes_custom_fields() {
        columns.insert("customFields");
    }
    if rules.answers_questions() {
        columns.insert("questions");
    }
    columns
}

/// Every device that was sent before.
async fn records(
    cx: &Context,
    env: &Environment,
) -> Result<BTreeMap<String, Stored<DeviceRecord>>> {
    let mut all = BTreeMap::new();
    let prefix = env.keys.all("device");
    let mut after = None;
    loop {
        let page = session::scan(cx, &prefix, after.take(), PAGE).await?;
        let Some(last) = page.last() else {
            return Ok(all);
        };
        after = Some(last.key.clone());
        for record in page {
            let key = record.key.clone();
            let stored = Stored::<DeviceRecord>::from_record(key, Some(record))?;
            if let Some(device) = stored.value.as_ref().map(|record| record.device.clone()) {
                all.insert(device, stored);
            }
        }
    }
}

/// Waits until no request for one of the devices can still land: what it made or changed is then seen like anything else.
async fn settle(
    cx: &Context,
    env: &Environment,
    records: &BTreeMap<String, Stored<DeviceRecord>>,
    own: &BTreeSet<&str>,
) {
    let intents = records.values().filter_map(|stored| stored.value.as_ref());
    let intents = intents.filter(|record| own.contains(record.device.as_str()));
    let last = intents
        .filter_map(|record| Some(record.intent?.not_after))
        .max();
    if let Some(last) = last {
        let settle = env.settings.config().limits.settle.0;
        cx.sleep_until(last.after(settle)).await;
    }
}

/// The company of each group, or why it has none that can be used.
type Homes = BTreeMap<String, std::result::Result<CompanyId, Fault>>;

fn home(rules: &DeviceRules, device: &Device, homes: &Homes) -> Home {
    if !rules.sends(device) {
        return Home::LeftOut;
    }
    match homes.get(&device.group) {
        Some(Ok(company)) => Home::Company(*company),
        Some(Err(fault)) => Home::None(fault.clone()),
        None => Home::LeftOut,
    }
}

async fn homes(
    cx: &Context,
    env: &Environment,
    rules: &DeviceRules,
    devices: &[Device],
) -> Result<Homes> {
    let sent = devices.iter().filter(|device| rules.sends(device));
    let groups: BTreeSet<&str> = sent.map(|device| device.group.as_str()).collect();
    let mut homes = Homes::new();
    let mut named: BTreeMap<String, CompanyKey> = BTreeMap::new();
    let mut asked = Vec::new();
    for group in groups {
        match env.settings.companies.get(group) {
            Some(key) => {
                named.insert(group.to_owned(), key.clone());
            }
            None => asked.push(group.to_owned()),
        }
    }
    let keys = asked
        .iter()
        .map(|group| env.keys.mapping(&MappingKey::group(group.as_str())));
    let stored = session::get_many::<MappingRecord>(cx, keys.collect()).await?;
    for (group, stored) in asked.into_iter().zip(stored) {
        let mapping = stored.value.map(|record| record.mapping);
        let company = mapping.as_ref().and_then(|mapping| mapping.company());
        match company {
            Some(company) => {
                named.insert(group, CompanyKey::Id(company.id));
            }
            None => {
                let message = format!("group '{group}' has no company");
                let fix = "Map it by hand, or add it to companies.map";
                let fault = Fault::new(Code::UnmappedGroup, "", message, fix);
                homes.insert(group, Err(fault));
            }
        }
    }
    let keys: BTreeSet<CompanyKey> = named.values().cloned().collect();
    let companies = lookup::companies(cx, env, keys.into_iter().collect()).await?;
    for (group, key) in named {
        let home = match companies.get(&key) {
            Some(Ok(company)) => Ok(company.id),
            Some(Err(error)) => Err(unusable(&error.message)),
            None => Err(unusable("the company was not found")),
        };
        homes.insert(group, home);
    }
    Ok(homes)
}

fn unusable(message: &str) -> Fault {
    let fix = "Map the group to a company that is there";
    Fault::new(Code::UnusableCompany, "", message, fix)
}

/// The configurations that systems are mapped to, by the configuration or by the store.
async fn mapped(
    cx: &Context,
    env: &Environment,
    devices: &[Device],
) -> Result<BTreeMap<String, ConfigurationKey>> {
    let mut mapped = BTreeMap::new();
    let mut asked = Vec::new();
    for device in devices {
        match env.settings.systems.get(&device.id) {
            Some(key) => {
                mapped.insert(device.id.clone(), key.clone());
            }
            None => asked.push(device.id.as_str()),
        }
    }
    let keys = asked
        .iter()
        .map(|id| env.keys.mapping(&MappingKey::system(*id)));
    let stored = session::get_many::<MappingRecord>(cx, keys.collect()).await?;
    for (id, stored) in asked.into_iter().zip(stored) {
        let mapping = stored.value.map(|record| record.mapping);
        let target = mapping.as_ref().and_then(|mapping| mapping.configuration());
        if let Some(configuration) = target {
            mapped.insert(id.to_owned(), ConfigurationKey::Id(configuration.id));
        }
    }
    Ok(mapped)
}
