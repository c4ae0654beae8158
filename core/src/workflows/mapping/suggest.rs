use super::{auto_map::Rules, lookup, set, staging::Staging};
use crate::{
    case::{Group, System},
    company::{CompanyId, CompanyKey, ConfigurationKey, ImportedCompany, ImportedConfiguration},
    environment::Environment,
    error::{Code, Error, Fault, Result},
    import::{ImportFilter, ImportKind},
    inventory::Inventory,
    mapping::{
        Evidence, Mapping, MappingKey, MappingsChanged, NewMapping, SuggestedFlag,
        SuggestedMappings, suggest_companies, suggest_configurations,
    },
    runtime::Context,
    store::imported,
    workflows::import::import,
};
use std::collections::{BTreeMap, BTreeSet};

/// Candidates for each group or system.
const CANDIDATES: usize = 5;

/// Which suggestions are accepted.
pub(crate) struct Wanted {
    /// For these alone.
    pub(crate) only: Option<BTreeSet<MappingKey>>,
    /// Least score.
    pub(crate) at_least: u8,
}

/// Says what the groups and systems that are not mapped may be, after reading what has changed in ConnectWise (row M6).
///
/// # Errors
///
/// Faults of the inventory; what reading failed with.
pub(crate) async fn suggest_mappings(
    cx: &Context,
    env: &Environment,
    inventory: &Inventory,
) -> Result<SuggestedMappings> {
    let faults = inventory.check();
    if !faults.is_empty() {
        return Err(Error::refused("the inventory", faults));
    }
    import(cx, env, &ImportKind::ALL, &ImportFilter::default(), false).await?;
    let unmapped = Unmapped::read(cx, env, inventory).await?;
    let mut companies: Vec<ImportedCompany> = Vec::new();
    imported::each_company(cx, &env.keys, |company| companies.push(company)).await?;
    let rules = Rules::of(&env.settings).of_domains;
    let groups = suggest_companies(&unmapped.groups, &companies, &rules, CANDIDATES);

    let mut of_company: BTreeMap<CompanyId, Vec<ImportedConfiguration>> = BTreeMap::new();
    imported::each_configuration(cx, &env.keys, |row| {
        if unmapped.systems.contains_key(&row.company) {
            of_company.entry(row.company).or_default().push(row);
        }
    })
    .await?;
    let mut systems = Vec::new();
    for (company, unmapped) in &unmapped.systems {
        let rows = of_company
            .get(company)
            .map(Vec::as_slice)
            .unwrap_or_default();
        let rows: Vec<&ImportedConfiguration> = rows.iter().collect();
        systems.extend(suggest_configurations(unmapped, &rows, CANDIDATES));
    }
    systems.sort_by(|left, right| left.id.cmp(&right.id));
    Ok(SuggestedMappings { groups, systems })
}

/// Sets the suggestions that stand out: at least the score, better than any other, and nothing to mind. The others are left
/// out, each with the reason.
///
/// # Errors
///
/// As those of suggesting and of setting.
pub(crate) async fn accept(
    cx: &Context,
    env: &Environment,
    inventory: &Inventory,
    wanted: &Wanted,
    by: Option<&str>,
) -> Result<MappingsChanged> {
    let suggested = suggest_mappings(cx, env, inventory).await?;
    let groups_of: BTreeMap<&str, &str> = inventory
        .groups
        .iter()
        .flat_map(|entry| {
            let group = entry.group.id.as_str();
            entry
                .systems
                .iter()
                .map(move |system| (system.id.as_str(), group))
        })
        .collect();
    let mut accepted = Vec::new();
    let mut left_out = Vec::new();
    let is_wanted = |key: &MappingKey| wanted.only.as_ref().is_none_or(|only| only.contains(key));
    for group in suggested.groups {
        let key = MappingKey::group(group.id.as_str());
        let scores = group
            .candidates
            .iter()
            .map(|c| (c.score, c.flags.as_slice()));
        match outstanding(wanted, scores) {
            _ if !is_wanted(&key) => {}
            Ok(()) => accepted.extend(group.candidates.first().map(|best| NewMapping::Group {
                id: group.id,
                name: group.name,
                company: CompanyKey::Id(best.company.id),
                reason: reason(best.score, &best.evidence),
            })),
            Err(why) => left_out.push(uncertain(&key, why)),
        }
    }
    for system in suggested.systems {
        let key = MappingKey::system(system.id.as_str());
        let scores = system
            .candidates
            .iter()
            .map(|c| (c.score, c.flags.as_slice()));
        match outstanding(wanted, scores) {
            _ if !is_wanted(&key) => {}
            Ok(()) => accepted.extend(system.candidates.first().map(|best| {
                NewMapping::System {
                    group: groups_of
                        .get(system.id.as_str())
                        .copied()
                        .unwrap_or_default()
                        .to_owned(),
                    id: system.id,
                    name: system.name,
                    configuration: ConfigurationKey::Id(best.configuration.id),
                    reason: reason(best.score, &best.evidence),
                }
            })),
            Err(why) => left_out.push(uncertain(&key, why)),
        }
    }
    let mut changed = set::set_mapping(cx, env, &accepted, by).await?;
    changed.left_out = left_out;
    Ok(changed)
}

/// Whether the first candidate stands out; why not, where it does not.
fn outstanding<'a>(
    wanted: &Wanted,
    mut candidates: impl Iterator<Item = (u8, &'a [SuggestedFlag])>,
) -> std::result::Result<(), &'static str> {
    let Some((best, flags)) = candidates.next() else {
        return Err("nothing speaks for any");
    };
    match candidates.next() {
        _ if best < wanted.at_least => Err("what speaks for the best is not enough"),
        _ if !flags.is_empty() => {
            Err("the best is inactive, deleted, or one of several of its name")
        }
        Some((second, _)) if second >= best => Err("two speak for themselves alike"),
        _ => Ok(()),
    }
}

fn uncertain(key: &MappingKey, why: &str) -> Fault {
    Fault::new(
        Code::UncertainSuggestion,
        "",
        format!("the {key} was left out: {why}"),
        "Look at its suggestions, and map it by hand",
    )
}

fn reason(score: u8, evidence: &[Evidence]) -> String {
    let texts: Vec<&str> = evidence
        .iter()
        .map(|evidence| evidence.text.as_str())
        .collect();
    format!("accepted suggestion ({score} of 100): {}", texts.join("; "))
}

/// What of an inventory is not mapped.
struct Unmapped<'a> {
    groups: Vec<Group>,
    /// By the company of their groups.
    systems: BTreeMap<CompanyId, Vec<&'a System>>,
}

impl<'a> Unmapped<'a> {
    async fn read(cx: &Context, env: &Environment, inventory: &'a Inventory) -> Result<Self> {
        let keys = inventory.groups.iter().flat_map(|entry| {
            let systems = entry.systems.iter();
            let systems = systems.map(|system| MappingKey::system(system.id.as_str()));
            std::iter::once(MappingKey::group(entry.group.id.as_str())).chain(systems)
        });
        let stored = Staging::load(cx, env, keys.collect()).await?;
        let configured: BTreeSet<CompanyKey> = inventory
            .groups
            .iter()
            .filter_map(|entry| env.settings.companies.get(&entry.group.id).cloned())
            .collect();
        let configured = lookup::companies(cx, env, configured.into_iter().collect()).await?;
        let mut unmapped = Self {
            groups: Vec::new(),
            systems: BTreeMap::new(),
        };
        for entry in &inventory.groups {
            let key = MappingKey::group(entry.group.id.as_str());
            let company = match env.settings.companies.get(&entry.group.id) {
                Some(key) => configured
                    .get(key)
                    .and_then(|found| found.as_ref().ok())
                    .map(|company| company.id),
                None => stored
                    .get(&key)
                    .and_then(Mapping::company)
                    .map(|found| found.id),
            };
            let Some(company) = company else {
                unmapped.groups.push(entry.group.clone());
                continue;
            };
            let is_unmapped = |system: &&System| {
                let key = MappingKey::system(system.id.as_str());
                let mapped = stored.get(&key).and_then(Mapping::configuration).is_some();
                !mapped && !env.settings.systems.contains_key(&system.id)
            };
            let systems = entry.systems.iter().filter(is_unmapped);
            unmapped.systems.entry(company).or_default().extend(systems);
        }
        Ok(unmapped)
    }
}
