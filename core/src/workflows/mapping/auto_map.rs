use super::{
    lookup,
    staging::{ROUNDS, Staging, contended, go_on},
};
use crate::{
    case::Group,
    company::{CompanyId, CompanyKey, ConfigurationId, ImportedCompany, ImportedConfiguration},
    effect::{Batch, Expectation},
    environment::Environment,
    error::{Code, Error, Fault, Result},
    import::{ImportFilter, ImportKind},
    inventory::{Inventory, InventoryGroup},
    mapping::{
        AutoMapItem, AutoMapOutcome, AutoMapReport, ExistingMappings, GroupOutcome, MappedCompany,
        MappedConfiguration, Mapping, MappingKey, MappingOrigin, MappingRules, MappingState,
        MappingTarget, SystemOutcome, SystemRefusal, auto_map_companies, auto_map_systems,
    },
    runtime::Context,
    schedule::Task,
    settings::Settings,
    store::{
        imported,
        records::TaskRun,
        session::{self, Stored},
    },
    workflows::import::import,
};
use std::collections::{BTreeMap, BTreeSet};

/// Mappings that are saved at once. A run that is interrupted has saved whole ones, and the next run makes the others.
const AT_ONCE: usize = 500;

/// Maps the selected groups to companies by e-mail domain, and their systems to device configurations by MAC (guide 000
/// section 6.1), and goes on with the cases that were held for them. What a person or the configuration decided stays.
///
/// It reads from ConnectWise first what has changed there.
///
/// # Errors
///
/// Faults of the request, all at once; what reading failed with. Nothing was saved then.
pub(crate) async fn auto_map(
    cx: &Context,
    env: &Environment,
    inventory: Inventory,
    groups: Option<&[String]>,
    dry_run: bool,
) -> Result<AutoMapReport> {
    let _turn = cx.lock("auto map").await;
    let rules = Rules::of(&env.settings);
    let inventory = selected(&rules, inventory, groups)?;
    let wanted = session::get_one::<TaskRun>(cx, env.keys.wanted(Task::AutoMap)).await?;
    let what: &[ImportKind] = match rules.macs {
        true => &ImportKind::ALL,
        false => &[ImportKind::Companies, ImportKind::Contacts],
    };
    let mut report = AutoMapReport {
        dry_run,
        imported: import(cx, env, what, &ImportFilter::default(), false).await?,
        ..AutoMapReport::default()
    };
    let known = Known::read(cx, env, &inventory).await?;
    for _ in 0..ROUNDS {
        let mut groups = stage_groups(cx, env, &rules, &inventory, &known).await?;
        let mut systems = match rules.macs {
            true => stage_systems(cx, env, &inventory, &groups.companies).await?,
            false => StagedSystems::none(cx, env).await?,
        };
        // Systems first: a case that goes on with its group's company finds its configuration too.
        let saved =
            dry_run || save(&mut systems.staging).await? && save(&mut groups.staging).await?;
        if !saved {
            continue;
        }
        report.add(groups.items);
        report.add(systems.items);
        if !dry_run {
            remember(cx, env, &wanted).await?;
            let mapped = groups.companies.into_keys();
            let mapped = mapped.filter(|group| !env.settings.companies.contains_key(group));
            report.held_cases = go_on(cx, env, &mapped.collect()).await?;
        }
        return Ok(report);
    }
    Err(contended())
}

/// What the configuration says of automatic mapping.
pub(super) struct Rules {
    /// By e-mail domain.
    pub(super) domains: bool,
    /// By hardware address.
    pub(super) macs: bool,
    pub(super) selected: Option<BTreeSet<String>>,
    pub(super) of_domains: MappingRules,
}

impl Rules {
    pub(super) fn of(settings: &Settings) -> Self {
        let config = settings.config();
        let companies = config.companies.auto_map.as_ref();
        let configurations = config.configurations.auto_map.as_ref();
        let public = companies.map(|rules| rules.public_domains.iter().cloned().collect());
        Self {
            domains: companies.is_some_and(|rules| rules.email_domain),
            macs: configurations.is_some_and(|rules| rules.mac),
            selected: companies
                .and_then(|rules| rules.groups.as_ref())
                .map(|groups| groups.iter().cloned().collect()),
            of_domains: MappingRules {
                public_domains: public.unwrap_or_default(),
                ..MappingRules::default()
            },
        }
    }
}

/// The part of the inventory that is mapped: the groups that were asked for, else those that the configuration selects.
fn selected(rules: &Rules, inventory: Inventory, asked: Option<&[String]>) -> Result<Inventory> {
    let mut faults: Vec<Fault> = inventory
        .check()
        .into_iter()
        .map(|fault| Fault {
            pointer: format!("/inventory{}", fault.pointer),
            ..fault
        })
        .collect();
    if !rules.domains && !rules.macs {
        faults.push(Fault::new(
            Code::AutoMapOff,
            "",
            "neither companies.auto_map.email_domain nor configurations.auto_map.mac is switched on",
            "Switch one of them on in the configuration",
        ));
    }
    let known: BTreeSet<&str> = inventory
        .groups
        .iter()
        .map(|g| g.group.id.as_str())
        .collect();
    for (index, group) in asked.unwrap_or_default().iter().enumerate() {
        if !known.contains(group.as_str()) {
            faults.push(Fault::new(
                Code::UnknownGroup,
                format!("/groups/{index}"),
                format!("the inventory has no group '{group}'"),
                "Name groups by their ids in the inventory",
            ));
        }
    }
    if !faults.is_empty() {
        return Err(Error::refused("the request", faults));
    }
    let asked: Option<BTreeSet<String>> = asked.map(|groups| groups.iter().cloned().collect());
    let Some(selected) = asked.as_ref().or(rules.selected.as_ref()) else {
        return Ok(inventory);
    };
    let mut inventory = inventory;
    let is_selected = |entry: &InventoryGroup| selected.contains(&entry.group.id);
    inventory.groups.retain(is_selected);
    Ok(inventory)
}

/// What does not change while others write: the companies of ConnectWise and of the configuration.
struct Known {
    companies: Vec<ImportedCompany>,
    /// By group id, where the configuration maps it.
    configured: BTreeMap<String, CompanyId>,
}

impl Known {
    async fn read(cx: &Context, env: &Environment, inventory: &Inventory) -> Result<Self> {
        let mut companies = Vec::new();
        imported::each_company(cx, &env.keys, |company| companies.push(company)).await?;
        Ok(Self {
            companies,
            configured: configured_companies(cx, env, inventory).await?,
        })
    }
}

struct StagedGroups<'a> {
    staging: Staging<'a>,
    items: Vec<AutoMapItem>,
    /// By group id, after the mapping.
    companies: BTreeMap<String, CompanyId>,
}

struct StagedSystems<'a> {
    staging: Staging<'a>,
    items: Vec<AutoMapItem>,
}

impl<'a> StagedSystems<'a> {
    async fn none(cx: &'a Context, env: &'a Environment) -> Result<Self> {
        Ok(Self {
            staging: Staging::load(cx, env, BTreeSet::new()).await?,
            items: Vec::new(),
        })
    }
}

async fn stage_groups<'a>(
    cx: &'a Context,
    env: &'a Environment,
    rules: &Rules,
    inventory: &Inventory,
    known: &Known,
) -> Result<StagedGroups<'a>> {
    let groups: Vec<Group> = inventory
        .groups
        .iter()
        .map(|entry| entry.group.clone())
        .collect();
    let rows = &known.companies;
    let by_id: BTreeMap<CompanyId, &ImportedCompany> =
        rows.iter().map(|company| (company.id, company)).collect();
    let names: BTreeMap<&str, Option<&str>> = groups
        .iter()
        .map(|group| (group.id.as_str(), group.name.as_deref()))
        .collect();
    let keys = groups
        .iter()
        .map(|group| MappingKey::group(group.id.as_str()));
    let mut staging = Staging::load(cx, env, keys.collect()).await?;
    let mut existing = ExistingMappings::<CompanyId>::default();
    let mut items = Vec::new();
    let mut companies = known.configured.clone();
    for group in &groups {
        let key = MappingKey::group(group.id.as_str());
        if env.settings.companies.contains_key(&group.id) {
            existing.left_out.insert(group.id.clone());
            items.push(left_alone(&key, None));
            continue;
        }
        let mapping = staging.get(&key);
        let company = mapping.and_then(Mapping::company).map(|company| company.id);
        match (mapping, company) {
            (Some(mapping), Some(company)) if mapping.is_decided() => {
                existing.by_hand.insert(group.id.clone(), company);
            }
            (Some(mapping), None) if mapping.is_decided() => {
                existing.left_out.insert(group.id.clone());
            }
            (_, Some(company)) => {
                existing.automatic.insert(group.id.clone(), company);
            }
            (_, None) => {}
        }
        companies.extend(company.map(|company| (group.id.clone(), company)));
        let decided = mapping.filter(|mapping| mapping.is_decided());
        if let Some(mapping) = decided.or(mapping.filter(|_| !rules.domains)) {
            items.push(left_alone(&key, Some(mapping)));
        }
    }
    let matches = match rules.domains {
        true => auto_map_companies(&groups, rows, &rules.of_domains, &existing),
        false => Vec::new(),
    };
    for matched in matches {
        let key = MappingKey::group(matched.group.as_str());
        let (outcome, company, reason) = match &matched.outcome {
            GroupOutcome::Mapped {
                company,
                evidence,
                kept,
            } => {
                let outcome = match kept {
                    true => AutoMapOutcome::Kept,
                    false => AutoMapOutcome::Mapped,
                };
                (outcome, by_id.get(company).copied(), evidence.to_string())
            }
            GroupOutcome::Refused { reason, .. } => {
                (AutoMapOutcome::Refused, None, reason.to_string())
            }
        };
        match company {
            Some(company) => companies.insert(matched.group.clone(), company.id),
            None => companies.remove(&matched.group),
        };
        let target = company.map(|company| {
            MappingTarget::Company(MappedCompany {
                id: company.id,
                identifier: company.identifier.clone(),
                name: company.name.clone(),
            })
        });
        let name = names.get(matched.group.as_str()).copied().flatten();
        items.push(settle(
            &mut staging,
            &key,
            (name, None),
            outcome,
            target,
            reason,
        ));
    }
    Ok(StagedGroups {
        staging,
        items,
        companies,
    })
}

/// The companies of the groups that the configuration maps, as far as they can be used.
async fn configured_companies(
    cx: &Context,
    env: &Environment,
    inventory: &Inventory,
) -> Result<BTreeMap<String, CompanyId>> {
    let groups = || inventory.groups.iter().map(|entry| &entry.group);
    let key_of = |group: &Group| env.settings.companies.get(&group.id);
    let keys: BTreeSet<CompanyKey> = groups().filter_map(key_of).cloned().collect();
    let found = lookup::companies(cx, env, keys.into_iter().collect()).await?;
    let companies = groups().filter_map(|group| {
        let company = found.get(key_of(group)?)?.as_ref().ok()?;
        Some((group.id.clone(), company.id))
    });
    Ok(companies.collect())
}

async fn stage_systems<'a>(
    cx: &'a Context,
    env: &'a Environment,
    inventory: &Inventory,
    companies: &BTreeMap<String, CompanyId>,
) -> Result<StagedSystems<'a>> {
    let of_interest: BTreeSet<CompanyId> = companies.values().copied().collect();
    let mut rows: Vec<ImportedConfiguration> = Vec::new();
    imported::each_configuration(cx, &env.keys, |row| {
        if of_interest.contains(&row.company) {
            rows.push(row);
        }
    })
    .await?;
    let by_id: BTreeMap<ConfigurationId, &ImportedConfiguration> =
        rows.iter().map(|row| (row.id, row)).collect();
    let others = OtherSystems::read(cx, env, inventory, &rows).await?;
    let mut systems = BTreeMap::new();
    for entry in &inventory.groups {
        for system in &entry.systems {
            let said = (system.name.as_deref(), Some(entry.group.id.as_str()));
            systems.insert(system.id.as_str(), said);
        }
    }
    let keys = systems.keys().map(|id| MappingKey::system(*id));
    let mut staging = Staging::load(cx, env, keys.collect()).await?;
    let mut existing = others.0.clone();
    let mut items = Vec::new();
    for id in systems.keys() {
        let key = MappingKey::system(*id);
        let id = (*id).to_owned();
        if let Some(configured) = env.settings.systems.get(&id) {
            let group = systems.get(id.as_str()).and_then(|(_, group)| *group);
            let company = group.and_then(|group| companies.get(group));
            let found = rows
                .iter()
                .find(|row| Some(&row.company) == company && lookup::is_named(row, configured));
            match found {
                Some(row) => {
                    existing.by_hand.insert(id, row.id);
                }
                None => {
                    existing.left_out.insert(id);
                }
            }
            items.push(left_alone(&key, None));
            continue;
        }
        let Some(mapping) = staging.get(&key) else {
            continue;
        };
        let configuration = mapping.configuration().map(|found| found.id);
        match configuration {
            Some(configuration) if mapping.is_decided() => {
                existing.by_hand.insert(id, configuration);
            }
            None if mapping.is_decided() => {
                existing.left_out.insert(id);
            }
            Some(configuration) => {
                existing.automatic.insert(id, configuration);
            }
            None => {}
        }
        if mapping.is_decided() {
            items.push(left_alone(&key, Some(mapping)));
        }
    }
    for matched in auto_map_systems(inventory, companies, &rows, &existing) {
        let key = MappingKey::system(matched.system);
        let (outcome, row, reason, told) = match &matched.outcome {
            SystemOutcome::Mapped {
                configuration,
                mac,
                kept,
            } => {
                let outcome = match kept {
                    true => AutoMapOutcome::Kept,
                    false => AutoMapOutcome::Mapped,
                };
                let reason = format!("both have the MAC {mac}");
                (outcome, by_id.get(configuration).copied(), reason, true)
            }
            // A group without a company was told of already, and a syslog source has no MAC by nature.
            SystemOutcome::Refused { reason, lost } => {
                let plain = matches!(
                    **reason,
                    SystemRefusal::NoMac | SystemRefusal::GroupNotMapped { .. }
                );
                let told = !plain || lost.is_some();
                (AutoMapOutcome::Refused, None, reason.to_string(), told)
            }
        };
        let target = row.map(|row| {
            MappingTarget::Configuration(MappedConfiguration {
                id: row.id,
                name: row.name.clone(),
                company: row.company,
            })
        });
        if !told && staging.get(&key).and_then(Mapping::configuration).is_none() {
            items.push(item(&key, outcome, target, reason));
            continue;
        }
        let said = systems.get(matched.system).copied().unwrap_or_default();
        items.push(settle(&mut staging, &key, said, outcome, target, reason));
    }
    Ok(StagedSystems { staging, items })
}

/// Systems that are not in the inventory, or not selected, and the configurations that they have: given to nobody else.
struct OtherSystems(ExistingMappings<ConfigurationId>);

impl OtherSystems {
    async fn read(
        cx: &Context,
        env: &Environment,
        inventory: &Inventory,
        rows: &[ImportedConfiguration],
    ) -> Result<Self> {
        let known: BTreeSet<&str> = inventory
            .groups
            .iter()
            .flat_map(|entry| &entry.systems)
            .map(|system| system.id.as_str())
            .collect();
        let ids: BTreeSet<ConfigurationId> = rows.iter().map(|row| row.id).collect();
        let mut existing = ExistingMappings::default();
        let prefix = env.keys.all("mapping/system");
        session::each(cx, &prefix, |record: crate::mapping::MappingRecord| {
            let mapping = record.mapping;
            if let Some(found) = mapping.configuration()
                && !known.contains(mapping.id.as_str())
                && ids.contains(&found.id)
            {
                existing.by_hand.insert(mapping.id.clone(), found.id);
            }
        })
        .await?;
        Ok(Self(existing))
    }
}

/// Puts what was found into the staging, and into the report.
fn settle(
    staging: &mut Staging<'_>,
    key: &MappingKey,
    (name, group): (Option<&str>, Option<&str>),
    outcome: AutoMapOutcome,
    target: Option<MappingTarget>,
    reason: String,
) -> AutoMapItem {
    let state = MappingState {
        target: target.clone(),
        origin: MappingOrigin::Automatic,
        reason: reason.clone(),
        at: None,
        by: None,
    };
    staging.decide(key, name, group, state);
    item(key, outcome, target, reason)
}

fn item(
    key: &MappingKey,
    outcome: AutoMapOutcome,
    target: Option<MappingTarget>,
    reason: String,
) -> AutoMapItem {
    AutoMapItem {
        kind: key.kind,
        id: key.id.clone(),
        outcome,
        target,
        reason,
    }
}

fn left_alone(key: &MappingKey, mapping: Option<&Mapping>) -> AutoMapItem {
    let (target, reason) = match mapping.map(|mapping| &mapping.state) {
        None => (None, "the configuration maps it".to_owned()),
        Some(state) => {
            let reason = match (state.origin, &state.target) {
                (MappingOrigin::Automatic, _) => "its kind is not mapped automatically",
                (_, Some(_)) => "it was mapped by hand",
                (_, None) => "its map was removed by hand",
            };
            (state.target.clone(), reason.to_owned())
        }
    };
    item(key, AutoMapOutcome::LeftAlone, target, reason)
}

/// Saves what was decided. False where another connector was first, and everything is to be decided again.
async fn save(staging: &mut Staging<'_>) -> Result<bool> {
    match staging.commit_in_parts(AT_ONCE).await {
        Ok(()) => Ok(true),
        Err(error) if error.code == Code::StoreConflict => Ok(false),
        Err(error) => Err(error),
    }
}

/// Records the run. A wish that came during the run stays.
async fn remember(cx: &Context, env: &Environment, wanted: &Stored<TaskRun>) -> Result<()> {
    let run = TaskRun {
        at: cx.now(),
        reason: String::new(),
    };
    let mut batch = Batch::default();
    batch.put_record(env.keys.run(Task::AutoMap), &run)?;
    if wanted.revision.is_some() {
        let mut fulfilled = batch.clone();
        fulfilled.delete.push(wanted.key.clone());
        fulfilled.expect.push(Expectation {
            key: wanted.key.clone(),
            revision: wanted.revision,
        });
        match session::commit(cx, fulfilled).await {
            Err(error) if error.code == Code::StoreConflict => {}
            result => return result.map(|_| ()),
        }
    }
    session::commit(cx, batch).await.map(|_| ())
}

impl AutoMapReport {
    fn add(&mut self, mut items: Vec<AutoMapItem>) {
        items.sort_by(|left, right| (left.kind, &left.id).cmp(&(right.kind, &right.id)));
        for item in &items {
            let count = match item.outcome {
                AutoMapOutcome::Mapped => &mut self.mapped,
                AutoMapOutcome::Kept => &mut self.kept,
                AutoMapOutcome::Refused => &mut self.refused,
                AutoMapOutcome::LeftAlone => &mut self.left_alone,
            };
            *count += 1;
        }
        self.items.append(&mut items);
    }
}
