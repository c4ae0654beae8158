use crate::{
    case::Case,
    company::{CompanyKey, ConfigurationKey},
    config::UnmappedPolicy,
    decision::Decision,
    settings::Settings,
};

/// Which company a case belongs to, before anything is looked up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum CompanyChoice {
    /// This one, mapped by hand.
    Mapped(Decision<CompanyKey>),
    /// None by hand: the one that catches all, unless automatic mapping finds one.
    CatchAll(Decision<CompanyKey>),
    /// None by hand: the policy holds or refuses, unless automatic mapping finds one.
    Unmapped {
        policy: UnmappedPolicy,
        reason: String,
    },
}

/// The company of a case by the map, else by the policy for groups without one.
pub(crate) fn company_key(settings: &Settings, case: &Case) -> CompanyChoice {
    let group = &case.group.id;
    if let Some(key) = settings.companies.get(group) {
        return CompanyChoice::Mapped(Decision::new(
            key.clone(),
            format!("group '{group}' is mapped by hand"),
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
            reason: format!(
                "group '{group}' has no company; add it to companies.map, and the case goes on from there"
            ),
        },
    }
}

/// The device configuration of a case's system by the map.
pub(crate) fn configuration_key(
    settings: &Settings,
    case: &Case,
) -> Option<Decision<ConfigurationKey>> {
    let system = case.system.as_ref()?;
    let key = settings.systems.get(&system.id)?;
    Some(Decision::new(
        key.clone(),
        format!("system '{}' is mapped by hand", system.id),
    ))
}
