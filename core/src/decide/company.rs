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
    /// This one.
    Key(Decision<CompanyKey>),
    /// None by hand: automatic mapping may still find one; where it does not, the policy holds or refuses.
    Unmapped {
        policy: UnmappedPolicy,
        reason: String,
    },
}

/// The company of a case by the map, or by the policy that catches all.
///
/// Where companies are mapped automatically as well, ask that mapping before taking the one that catches all:
/// its choice carries the policy in its reason.
pub(crate) fn company_key(settings: &Settings, case: &Case) -> CompanyChoice {
    let group = &case.group.id;
    if let Some(key) = settings.companies.get(group) {
        return CompanyChoice::Key(Decision::new(
            key.clone(),
            format!("group '{group}' is mapped by hand"),
        ));
    }
    let unmapped = &settings.config().companies.unmapped;
    match (unmapped.policy, &unmapped.company) {
        (UnmappedPolicy::CatchAll, Some(key)) => CompanyChoice::Key(Decision::new(
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
