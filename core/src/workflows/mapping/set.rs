use super::{
    lookup::{self, Found},
    staging::{ROUNDS, Staging, contended, go_on, groups_of},
};
use crate::{
    company::{Company, CompanyId, CompanyKey, Configuration, ConfigurationKey},
    environment::Environment,
    error::{Code, Error, Fault, Result},
    mapping::{
        MappedCompany, MappedConfiguration, MappedKind, MappingKey, MappingOrigin, MappingState,
        MappingTarget, MappingsChanged, NewMapping,
    },
    runtime::Context,
    settings::Settings,
};
use std::collections::{BTreeMap, BTreeSet};

/// Sets mappings by hand (guide 000 section 7.2): checks all of them, saves all of them or none, and goes on with the cases
/// that were held for them.
///
/// # Errors
///
/// All faults at once, with nothing saved.
pub(crate) async fn set_mapping(
    cx: &Context,
    env: &Environment,
    mappings: &[NewMapping],
    by: Option<&str>,
) -> Result<MappingsChanged> {
    let judgement = judge(cx, env, mappings).await?;
    if !judgement.faults.is_empty() {
        let faults = judgement.faults.into_iter().map(|(_, fault)| fault);
        return Err(Error::refused("the mappings", faults.collect()));
    }
    save(cx, env, &judgement.sound, by).await
}

/// What was found of mappings that are to be set.
pub(super) struct Judgement {
    /// Those that can be set.
    pub(super) sound: Vec<Sound>,
    /// What is wrong with the others, each with the index of its mapping.
    pub(super) faults: Vec<(usize, Fault)>,
}

/// A mapping that can be set.
pub(super) struct Sound {
    pub(super) key: MappingKey,
    name: Option<String>,
    group: Option<String>,
    pub(super) target: MappingTarget,
    reason: String,
}

/// Holds mappings against the configuration and against ConnectWise.
pub(super) async fn judge(
    cx: &Context,
    env: &Environment,
    mappings: &[NewMapping],
) -> Result<Judgement> {
    let mut faults = of_form(&env.settings, mappings);
    let ill: BTreeSet<usize> = faults.iter().map(|(index, _)| *index).collect();
    let whole: Vec<(usize, &NewMapping)> = mappings
        .iter()
        .enumerate()
        .filter(|(index, _)| !ill.contains(index))
        .collect();

    let of_form: Vec<&NewMapping> = whole.iter().map(|(_, mapping)| *mapping).collect();
    let homes = Homes::read(cx, env, &of_form).await?;
    let mut wanted: BTreeSet<&CompanyKey> = homes.configured.values().copied().collect();
    wanted.extend(whole.iter().filter_map(|(_, mapping)| match mapping {
        NewMapping::Group { company, .. } => Some(company),
        NewMapping::System { .. } => None,
    }));
    let companies = lookup::companies(cx, env, wanted.into_iter().cloned().collect()).await?;

    let mut of_systems = BTreeMap::new();
    for (index, mapping) in whole.iter().copied() {
        if let NewMapping::System {
            group,
            configuration,
            ..
        } = mapping
        {
            match homes.of(group, &companies) {
                Ok(company) => {
                    of_systems.insert(index, (company, configuration.clone()));
                }
                Err((code, message, fix)) => faults.push((
                    index,
                    Fault::new(code, format!("/mappings/{index}/group"), message, fix),
                )),
            }
        }
    }
    let wanted: BTreeSet<_> = of_systems.values().cloned().collect();
    let configurations = lookup::configurations(cx, env, wanted.into_iter().collect()).await?;

    let mut sound = Vec::new();
    for (index, mapping) in whole.iter().copied() {
        match of_instance(index, mapping, &companies, &of_systems, &configurations) {
            Some(Ok(mapping)) => sound.push(mapping),
            Some(Err(fault)) => faults.push((index, fault)),
            None => {}
        }
    }
    Ok(Judgement { sound, faults })
}

/// Saves mappings that were found sound.
pub(super) async fn save(
    cx: &Context,
    env: &Environment,
    mappings: &[Sound],
    by: Option<&str>,
) -> Result<MappingsChanged> {
    for _ in 0..ROUNDS {
        let keys = mappings.iter().map(|mapping| mapping.key.clone());
        let mut staging = Staging::load(cx, env, keys.collect()).await?;
        for mapping in mappings {
            let state = MappingState {
                target: Some(mapping.target.clone()),
                origin: MappingOrigin::Manual,
                reason: mapping.reason.clone(),
                at: None,
                by: by.map(str::to_owned),
            };
            let (name, group) = (mapping.name.as_deref(), mapping.group.as_deref());
            staging.decide(&mapping.key, name, group, state);
        }
        let changed = staging.changed() as u64;
        let groups = groups_of(mappings.iter().map(|mapping| &mapping.key));
        let wanted = (!groups.is_empty()).then_some("groups were mapped by hand");
        match staging.commit(wanted).await {
            Err(error) if error.code == Code::StoreConflict => {}
            Err(error) => return Err(error),
            Ok(()) => {
                let now = mappings
                    .iter()
                    .filter_map(|mapping| staging.get(&mapping.key));
                return Ok(MappingsChanged {
                    mappings: now.cloned().collect(),
                    changed,
                    held_cases: go_on(cx, env, &groups).await?,
                    left_out: Vec::new(),
                });
            }
        }
    }
    Err(contended())
}

/// What can be said without asking anybody.
fn of_form(settings: &Settings, mappings: &[NewMapping]) -> Vec<(usize, Fault)> {
    let mut faults = Vec::new();
    let mut known = BTreeSet::new();
    for (index, mapping) in mappings.iter().enumerate() {
        let place = format!("/mappings/{index}");
        let key = mapping.key();
        let mut fault = |code, key: &str, message: String, fix: &str| {
            let place = format!("{place}/{key}");
            faults.push((index, Fault::new(code, place, message, fix)));
        };
        if key.id.trim().is_empty() {
            let message = "the id is empty".to_owned();
            fault(
                Code::InvalidValue,
                "id",
                message,
                "Give the id that the host knows",
            );
        } else if let Some((code, message, fix)) = configured(settings, &key) {
            fault(code, "id", message, fix);
        } else if !known.insert(key.clone()) {
            fault(
                Code::RepeatedMapping,
                "id",
                format!("the {key} stands here more than once"),
                "Keep one of its mappings",
            );
        }
        let (target, blank) = match mapping {
            NewMapping::Group { company, .. } => ("company", company.is_blank()),
            NewMapping::System { configuration, .. } => ("configuration", configuration.is_blank()),
        };
        if blank {
            let message = format!("the {target} has no name or id");
            fault(Code::InvalidValue, target, message, "Fill it in");
        }
    }
    faults
}

/// What is wrong with changing a mapping that the configuration has.
pub(super) fn configured(
    settings: &Settings,
    key: &MappingKey,
) -> Option<(Code, String, &'static str)> {
    let (map, known) = match key.kind {
        MappedKind::Group => ("companies.map", settings.companies.contains_key(&key.id)),
        MappedKind::System => ("configurations.map", settings.systems.contains_key(&key.id)),
    };
    known.then(|| {
        (
            Code::MappedByConfiguration,
            format!("{map} maps the {key}, and wins over what is set here"),
            "Change it there, or remove it there first",
        )
    })
}

fn of_instance(
    index: usize,
    mapping: &NewMapping,
    companies: &Found<CompanyKey, Company>,
    of_systems: &BTreeMap<usize, (CompanyId, ConfigurationKey)>,
    configurations: &Found<(CompanyId, ConfigurationKey), Configuration>,
) -> Option<std::result::Result<Sound, Fault>> {
    let unusable = |error: &Error, key: &str, fix: &str| {
        let place = format!("/mappings/{index}/{key}");
        Some(Err(Fault::new(
            error.code,
            place,
            error.message.clone(),
            fix,
        )))
    };
    let key = mapping.key();
    let (name, group, target, reason) = match mapping {
        NewMapping::Group {
            name,
            company,
            reason,
            ..
        } => match companies.get(company)? {
            Ok(company) => {
                let target = MappingTarget::Company(MappedCompany::from(company));
                (name, None, target, reason)
            }
            Err(error) => return unusable(error, "company", "Name a company that is there"),
        },
        NewMapping::System {
            name,
            group,
            reason,
            ..
        } => {
            let within = of_systems.get(&index)?;
            match configurations.get(within)? {
                Ok(configuration) => {
                    let target = MappedConfiguration::of(within.0, configuration);
                    let target = MappingTarget::Configuration(target);
                    (name, Some(group.clone()), target, reason)
                }
                Err(error) => {
                    let fix = "Name an active configuration of that company";
                    return unusable(error, "configuration", fix);
                }
            }
        }
    };
    Some(Ok(Sound {
        key,
        name: name.clone(),
        group,
        target,
        reason: reason.clone(),
    }))
}

/// The companies that groups have: by these very mappings, by the configuration, or by the store.
struct Homes<'a> {
    staged: BTreeMap<&'a str, &'a CompanyKey>,
    configured: BTreeMap<&'a str, &'a CompanyKey>,
    stored: BTreeMap<&'a str, CompanyId>,
}

impl<'a> Homes<'a> {
    async fn read(cx: &Context, env: &'a Environment, mappings: &[&'a NewMapping]) -> Result<Self> {
        let mut homes = Self {
            staged: BTreeMap::new(),
            configured: BTreeMap::new(),
            stored: BTreeMap::new(),
        };
        let mut asked = BTreeSet::new();
        for mapping in mappings {
            match *mapping {
                NewMapping::Group { id, company, .. } => {
                    homes.staged.insert(id, company);
                }
                NewMapping::System { group, .. } => match env.settings.companies.get(group) {
                    Some(key) => {
                        homes.configured.insert(group, key);
                    }
                    None => {
                        asked.insert(group.as_str());
                    }
                },
            }
        }
        asked.retain(|group| !homes.staged.contains_key(group));
        let keys = asked.iter().map(|group| MappingKey::group(*group));
        let stored = Staging::load(cx, env, keys.collect()).await?;
        for group in asked {
            let mapping = stored.get(&MappingKey::group(group));
            if let Some(company) = mapping.and_then(|mapping| mapping.company()) {
                homes.stored.insert(group, company.id);
            }
        }
        Ok(homes)
    }

    fn of(
        &self,
        group: &str,
        companies: &Found<CompanyKey, Company>,
    ) -> std::result::Result<CompanyId, (Code, String, &'static str)> {
        let key = self.configured.get(group).or(self.staged.get(group));
        match key.map(|key| companies.get(*key)) {
            Some(Some(Ok(company))) => Ok(company.id),
            Some(_) => Err((
                Code::UnusableCompany,
                format!("the company that the group '{group}' is mapped to cannot be used"),
                "Map the group to another company first",
            )),
            None => self.stored.get(group).copied().ok_or_else(|| {
                (
                    Code::UnmappedGroup,
                    format!("the group '{group}' has no company, so none of its configurations can be offered"),
                    "Map the group first, or together with its systems",
                )
            }),
        }
    }
}
