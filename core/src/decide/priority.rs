use crate::{
    case::Case,
    catalog::{Catalog, Priority},
    config::Route,
    decision::Decision,
    error::{Code, Fault},
    nearest::{did_you_mean, listed},
    settings::Settings,
};
use std::fmt::Display;

/// The priority of a case's ticket: the route's, else that of the case's severity.
///
/// # Errors
/// A severity without a priority, or a priority that the instance does not have.
pub(crate) fn priority<'a>(
    settings: &Settings,
    catalog: &'a Catalog,
    route: &Route,
    route_at: impl Display,
    case: &Case,
) -> Result<Decision<&'a Priority>, Fault> {
    if let Some(name) = &route.priority {
        let reason = format!("the route '{}' sets it", route.name);
        let priority = known(catalog, name, format_args!("{route_at}/priority"))?;
        return Ok(Decision::new(priority, reason));
    }
    let name = name(settings, case)?;
    let priority = catalog.priority(name).ok_or_else(|| {
        let at = crate::error::pointer("/priority_map", &case.severity);
        unknown(catalog, name, at)
    })?;
    let reason = ["severity is '", &case.severity, "'"].concat();
    Ok(Decision::new(priority, reason))
}

/// The name of the priority that the configuration gives the case's severity.
///
/// # Errors
/// A severity without a priority.
pub(super) fn name<'a>(settings: &'a Settings, case: &Case) -> Result<&'a String, Fault> {
    let key = case.severity.trim().to_lowercase();
    settings
        .priorities
        .get(&key)
        .ok_or_else(|| unmapped(settings, case))
}

/// Whether `after` is at least as urgent as `before`, as far as the instance says how urgent they are. Priorities without
/// a level count as raised (API.md section 8: the sort order is the partner's own choice).
pub(crate) fn is_raised(catalog: &Catalog, before: Option<u32>, after: Option<u32>) -> bool {
    let rank = |id: Option<u32>| {
        let priority = catalog
            .priorities
            .iter()
            .find(|priority| Some(priority.id) == id)?;
        let level = priority.level.as_deref()?;
        ["Low", "Medium", "High", "Critical"]
            .iter()
            .position(|known| known.eq_ignore_ascii_case(level))
    };
    match (rank(before), rank(after)) {
        (Some(before), Some(after)) => after >= before,
        _ => true,
    }
}

/// A priority of the instance.
pub(crate) fn known<'a>(
    catalog: &'a Catalog,
    name: &str,
    at: impl Display,
) -> Result<&'a Priority, Fault> {
    let priority = catalog.priority(name);
    priority.ok_or_else(|| unknown(catalog, name, at.to_string()))
}

fn unknown(catalog: &Catalog, name: &str, at: String) -> Fault {
    let known: Vec<&str> = catalog
        .priorities
        .iter()
        .map(|priority| priority.name.as_str())
        .collect();
    Fault::new(
        Code::UnknownPriority,
        at,
        format!("the instance has no priority '{name}'"),
        format!(
            "{}Priorities: {}",
            did_you_mean(name, &known),
            listed(&known)
        ),
    )
}

fn unmapped(settings: &Settings, case: &Case) -> Fault {
    let known: Vec<&str> = settings.priorities.keys().map(String::as_str).collect();
    Fault::new(
        Code::UnmappedSeverity,
        "/severity",
        format!("the severity '{}' has no priority", case.severity),
        format!(
            "{}Add it to the configuration's priority_map, which knows: {}",
            did_you_mean(&case.severity, &known),
            listed(&known)
        ),
    )
}
