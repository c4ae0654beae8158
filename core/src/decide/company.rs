use crate::{
    case::Case,
    company::{CompanyKey, ConfigurationKey},
    config::UnmappedPolicy,
    decision::Decision,
    mapping::{Mapping, MappingKey, MappingOrigin},
    settings::Settings,
};

/// Which company a case belongs to, before anything is looked up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum CompanyChoice {
    /// The one that the group is mapped to.
    Mapped(Decision<CompanyKey>),
    /// The group is not mapped: the company that catches all.
    CatchAll(Decision<CompanyKey>),
    /// The group is not mapped: the policy holds or refuses.
    Unmapped {
        policy: UnmappedPolicy,
        reason: String,
    },
    /// No tickets are made for the group.
    LeftOut(String),
}

/// Whether the store is to be asked for a mapping: not where the configuration decides.
pub(crate) fn asks_mapping(settings: &Settings, key: &MappingKey) -> bool {
    let configured = match key.kind {
        crate::mapping::MappedKind::Group => {
            settings.companies.contains_key(&key.id) || !runs_for(settings, &key.id)
        }
        crate::mapping::MappedKind::System => settings.systems.contains_key(&key.id),
    };
    !configured
}

fn runs_for(settings: &Settings, group: &str) -> bool {
    settings
        .run_for
        .as_ref()
        .is_none_or(|groups| groups.contains(group))
}

/// The company of a case by the configuration's map, else by the store's mapping, else by the policy for groups without one.
pub(crate) fn company_key(
    settings: &Settings,
    case: &Case,
    mapping: Option<&Mapping>,
) -> CompanyChoice {
    let group = &case.group.id;
    if !runs_for(settings, group) {
        return CompanyChoice::LeftOut(format!(
            "companies.run_for does not name the group '{group}', so no ticket is made for it"
        ));
    }
    if let Some(key) = settings.companies.get(group) {
        return CompanyChoice::Mapped(Decision::new(
            key.clone(),
            ["group '", group, "' is mapped by hand"].concat(),
        ));
    }
    if let Some(mapping) = mapping
        && let Some(company) = mapping.company()
    {
        return CompanyChoice::Mapped(Decision::new(
            CompanyKey::Id(company.id),
            format!("group '{group}' is mapped {}", how(mapping)),
        ));
    }
    let unmapped = &settings.config().companies.unmapped;
    match (unmapped.policy, &unmapped.company) {
        (UnmappedPolicy::CatchAll, Some(key)) => CompanyChoice::CatchAll(Decision::new(
            key.clone(),
            format!("group '{group}' has no company, and this one catches all"),
        )),
        (policy, _) => CompanyChoice::Unmapped {
            policy,
            reason: without_company(group, mapping),
        },
    }
}

/// Why a group has no company, and what to do.
fn without_company(group: &str, mapping: Option<&Mapping>) -> String {
    let why = match mapping.map(|mapping| &mapping.state) {
        Some(state) if state.origin == MappingOrigin::Removed => ": its map was removed",
        Some(state) if !state.reason.is_empty() => &format!(": {}", state.reason),
        _ => "",
    };
    format!(
        "group '{group}' has no company{why}; map it by hand, or add it to companies.map, and the case goes on from there"
    )
}

/// How a mapping of the store came about.
fn how(mapping: &Mapping) -> String {
    let state = &mapping.state;
    let way = match state.origin {
        MappingOrigin::Automatic => "automatically",
        _ => "by hand",
    };
    let by = state.by.as_ref().map(|by| format!(" by {by}"));
    let reason = Some(&state.reason).filter(|reason| !reason.is_empty());
    let reason = reason.map(|reason| format!(": {reason}"));
    format!(
        "{way}{}{}",
        by.unwrap_or_default(),
        reason.unwrap_or_default()
    )
}

/// The device configuration of a case's system by the configuration's map, else by the store's mapping.
pub(crate) fn configuration_key(
    settings: &Settings,
    case: &Case,
    mapping: Option<&Mapping>,
) -> Option<Decision<ConfigurationKey>> {
    let system = &case.system.as_ref()?.id;
    if let Some(key) = settings.systems.get(system) {
        return Some(Decision::new(
            key.clone(),
            format!("system '{system}' is mapped by hand"),
        ));
    }
    let mapping = mapping?;
    let configuration = mapping.configuration()?;
    Some(Decision::new(
        ConfigurationKey::Id(configuration.id),
        format!("system '{system}' is mapped {}", how(mapping)),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        company::{CompanyId, ConfigurationId},
        decide::tests::{case, settings},
        mapping::{MappedCompany, MappedConfiguration, MappingRecord, MappingState, MappingTarget},
    };
    use serde_json::json;

    fn mapping(key: &MappingKey, target: Option<MappingTarget>, origin: MappingOrigin) -> Mapping {
        let mut record = MappingRecord::new(key);
        record.decide(MappingState {
            target,
            origin,
            reason: "because".to_owned(),
            at: None,
            by: Some("Ada".to_owned()),
        });
        record.mapping
    }

    fn to_company(group: &str, id: u32) -> Mapping {
        let company = MappedCompany {
            id: CompanyId(id),
            identifier: "Other".to_owned(),
            name: "Other".to_owned(),
        };
        let target = Some(MappingTarget::Company(company));
        mapping(&MappingKey::group(group), target, MappingOrigin::Manual)
    }

    #[test]
    fn the_configuration_wins_over_the_store_and_is_not_asked_twice() {
        let settings = settings(|_| {});
        let (mapped, other) = (case(|_| {}), case(|c| c["group"]["id"] = json!("Other")));
        assert!(!asks_mapping(&settings, &MappingKey::group("48Tech")));
        assert!(asks_mapping(&settings, &MappingKey::group("Other")));
        assert!(!asks_mapping(&settings, &MappingKey::system("48Tech-DC1")));
        let CompanyChoice::Mapped(chosen) =
            company_key(&settings, &mapped, Some(&to_company("48Tech", 7)))
        else {
            panic!("it is mapped");
        };
        assert_eq!(chosen.value, CompanyKey::Identifier("BigDesign".to_owned()));
        let CompanyChoice::Mapped(chosen) =
            company_key(&settings, &other, Some(&to_company("Other", 7)))
        else {
            panic!("it is mapped");
        };
        assert_eq!(chosen.value, CompanyKey::Id(CompanyId(7)));
        assert_eq!(
            chosen.reason,
            "group 'Other' is mapped by hand by Ada: because"
        );
    }

    #[test]
    fn a_removed_or_failed_mapping_follows_the_policy_and_says_why() {
        let settings = settings(|_| {});
        let case = case(|c| c["group"]["id"] = json!("Other"));
        let key = MappingKey::group("Other");
        for (origin, word) in [
            (MappingOrigin::Removed, "its map was removed"),
            (MappingOrigin::Automatic, "because"),
        ] {
            let chosen = company_key(&settings, &case, Some(&mapping(&key, None, origin)));
            let CompanyChoice::Unmapped { policy, reason } = chosen else {
                panic!("{chosen:?}");
            };
            assert_eq!(policy, UnmappedPolicy::Hold);
            assert!(reason.contains(word), "{reason}");
        }
    }

    #[test]
    fn a_group_that_run_for_does_not_name_gets_no_ticket_however_it_is_mapped() {
        let settings = settings(|d| d["companies"]["run_for"] = json!(["5Ktech"]));
        assert!(!asks_mapping(&settings, &MappingKey::group("48Tech")));
        assert!(matches!(
            company_key(&settings, &case(|_| {}), None),
            CompanyChoice::LeftOut(reason) if reason.contains("48Tech")
        ));
    }

    #[test]
    fn a_system_is_found_by_the_store_where_the_configuration_is_silent() {
        let settings = settings(|d| d["configurations"]["map"] = json!([]));
        let case = case(|_| {});
        let configuration = MappedConfiguration {
            id: ConfigurationId(120),
            name: "BigDesign-WRK1".to_owned(),
            company: CompanyId(100),
        };
        let target = Some(MappingTarget::Configuration(configuration));
        let key = MappingKey::system("48Tech-DC1");
        let mapped = mapping(&key, target, MappingOrigin::Automatic);
        let chosen = configuration_key(&settings, &case, Some(&mapped)).unwrap();
        assert_eq!(chosen.value, ConfigurationKey::Id(ConfigurationId(120)));
        assert!(chosen.reason.contains("automatically"));
        assert_eq!(configuration_key(&settings, &case, None), None);
    }
}
