use crate::{
    case::Case,
    config::Route,
    decision::Decision,
    settings::{Criterion, Settings},
};
use serde::Serialize;
use std::{borrow::Cow, collections::BTreeSet};

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
        // Most routes do not take a case, so nothing is put into words before it is known.
        if facets.unmet(&compiled.when).is_none() {
            let why = facets.met_because(&compiled.when);
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
pub(crate) fn meets(case: &Case, when: &[Condition]) -> Result<String, String> {
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
    category: Option<Facet<'a>>,
    kind: Option<Facet<'a>>,
    severity: Option<Facet<'a>>,
    group: Option<Facet<'a>>,
    system: Option<Facet<'a>>,
    tags: Vec<Facet<'a>>,
}

/// A condition of a route, and the values that it takes.
type Condition = (Criterion, BTreeSet<String>);

/// A value as the case has it, and as conditions name it.
type Facet<'a> = (&'a str, Cow<'a, str>);

impl<'a> Facets<'a> {
    fn of(case: &'a Case) -> Self {
        let facet = |value: &'a str| (value, lowered(value));
        let optional = |value: &'a Option<String>| value.as_deref().map(facet);
        Self {
            category: optional(&case.category),
            kind: optional(&case.kind),
            severity: Some(facet(&case.severity)),
            group: Some(facet(&case.group.id)),
            system: case.system.as_ref().map(|system| facet(&system.id)),
            tags: case.tags.iter().map(|tag| facet(tag)).collect(),
        }
    }

    fn values(&self, criterion: Criterion) -> &[Facet<'a>] {
        match criterion {
            Criterion::Category => self.category.as_slice(),
            Criterion::Kind => self.kind.as_slice(),
            Criterion::Severity => self.severity.as_slice(),
            Criterion::Group => self.group.as_slice(),
            Criterion::System => self.system.as_slice(),
            Criterion::Tag => &self.tags,
        }
    }

    /// The value that a condition takes.
    fn met(&self, criterion: Criterion, wanted: &BTreeSet<String>) -> Option<&'a str> {
        let mut values = self.values(criterion).iter();
        let met = values.find(|(_, value)| wanted.contains(value.as_ref()));
        met.map(|(value, _)| *value)
    }

    /// The first condition that does not hold.
    fn unmet<'w>(&self, when: &'w [Condition]) -> Option<&'w Condition> {
        let holds = |(criterion, wanted): &Condition| self.met(*criterion, wanted).is_some();
        when.iter().find(|condition| !holds(condition))
    }

    /// Why conditions take the case, or why not.
    fn meet(&self, when: &[Condition]) -> Result<String, String> {
        match self.unmet(when) {
            None => Ok(self.met_because(when)),
            Some((criterion, wanted)) => {
                Err(unmet_because(*criterion, self.values(*criterion), wanted))
            }
        }
    }

    fn met_because(&self, when: &[Condition]) -> String {
        if when.is_empty() {
            return "it takes every case".to_owned();
        }
        let said = when.iter().filter_map(|(criterion, wanted)| {
            let value = self.met(*criterion, wanted)?;
            Some([criterion.name(), " is '", value, "'"].concat())
        });
        said.collect::<Vec<_>>().join(" and ")
    }
}

/// A value as conditions name it: without blanks around it, in lower case.
fn lowered(value: &str) -> Cow<'_, str> {
    let value = value.trim();
    let is_lower = |byte: u8| byte.is_ascii() && !byte.is_ascii_uppercase();
    if value.bytes().all(is_lower) {
        Cow::Borrowed(value)
    } else {
        Cow::Owned(value.to_lowercase())
    }
}

fn unmet_because(criterion: Criterion, values: &[Facet<'_>], wanted: &BTreeSet<String>) -> String {
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
