use crate::{
    case::Case,
    config::Route,
    decision::Decision,
    settings::{Criterion, Settings},
};
use serde::Serialize;
use std::collections::BTreeSet;

/// Where a case goes.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Routing<'a> {
    /// To a board.
    To(Decision<&'a Route>, usize),
    /// It makes no ticket, by configuration.
    Ignored(Decision<&'a Route>),
    /// No route takes it; why.
    Nowhere(String),
}

/// Whether one route takes a case, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RouteExplanation {
    /// Place of the route in the configuration, from 0.
    pub index: usize,
    /// Name of the route.
    pub route: String,
    /// Whether it takes the case. The first that does is used.
    pub matched: bool,
    /// Why, such as `category is 'windows' and kind is 'audit'`.
    pub reason: String,
}

/// The first route that takes a case.
pub(crate) fn route<'a>(settings: &'a Settings, case: &Case) -> Routing<'a> {
    let facets = Facets::of(case);
    for compiled in &settings.routes {
        let Some(route) = settings.config().routes.get(compiled.index) else {
            continue;
        };
        if let Ok(why) = facets.meet(&compiled.when) {
            let reason = format!("route '{}' (routes/{}): {why}", route.name, compiled.index);
            let decision = Decision::new(route, reason);
            return if route.ignore {
                Routing::Ignored(decision)
            } else {
                Routing::To(decision, compiled.index)
            };
        }
    }
    Routing::Nowhere(format!(
        "none of the {} routes takes the case",
        settings.routes.len()
    ))
}

/// Why conditions take a case, or why not.
pub(crate) fn meets(case: &Case, when: &[(Criterion, BTreeSet<String>)]) -> Result<String, String> {
    Facets::of(case).meet(when)
}

/// What each route says of a case, in order.
pub(crate) fn explain_routes(settings: &Settings, case: &Case) -> Vec<RouteExplanation> {
    let facets = Facets::of(case);
    settings
        .routes
        .iter()
        .map(|compiled| {
            let verdict = facets.meet(&compiled.when);
            RouteExplanation {
                index: compiled.index,
                route: settings
                    .config()
                    .routes
                    .get(compiled.index)
                    .map(|route| route.name.clone())
                    .unwrap_or_default(),
                matched: verdict.is_ok(),
                reason: verdict.unwrap_or_else(|why| why),
            }
        })
        .collect()
}

/// What routes look at, as the case has it and in lower case.
struct Facets<'a> {
    values: [(Criterion, Vec<(&'a str, String)>); 6],
}

impl<'a> Facets<'a> {
    fn of(case: &'a Case) -> Self {
        let one = |value: Option<&'a str>| value.into_iter().map(lower).collect::<Vec<_>>();
        let system = case.system.as_ref().map(|system| system.id.as_str());
        Self {
            values: [
                (Criterion::Category, one(case.category.as_deref())),
                (Criterion::Kind, one(case.kind.as_deref())),
                (Criterion::Severity, one(Some(&case.severity))),
                (Criterion::Group, one(Some(&case.group.id))),
                (Criterion::System, one(system)),
                (
                    Criterion::Tag,
                    case.tags.iter().map(|tag| lower(tag)).collect(),
                ),
            ],
        }
    }

    /// Why conditions take the case, or why not.
    fn meet(&self, when: &[(Criterion, BTreeSet<String>)]) -> Result<String, String> {
        if when.is_empty() {
            return Ok("it takes every case".to_owned());
        }
        let mut met = Vec::with_capacity(when.len());
        for (criterion, wanted) in when {
            let values = self
                .values
                .iter()
                .find(|(other, _)| other == criterion)
                .map_or(&[][..], |(_, values)| values.as_slice());
            match values.iter().find(|(_, value)| wanted.contains(value)) {
                Some((value, _)) => met.push(format!("{} is '{value}'", criterion.name())),
                None => return Err(unmet(*criterion, values, wanted)),
            }
        }
        Ok(met.join(" and "))
    }
}

fn lower(value: &str) -> (&str, String) {
    (value, value.trim().to_lowercase())
}

fn unmet(criterion: Criterion, values: &[(&str, String)], wanted: &BTreeSet<String>) -> String {
    let wanted: Vec<&str> = wanted.iter().map(String::as_str).collect();
    let wanted = crate::nearest::listed(&wanted);
    let name = criterion.name();
    match values.first() {
        Some((value, _)) if values.len() == 1 => {
            format!("{name} is '{value}', none of: {wanted}")
        }
        Some(_) => format!("no {name} is one of: {wanted}"),
        None => format!("the case has no {name}, and one of these is asked for: {wanted}"),
    }
}
