use super::maps::{StatusNames, in_to_case, lowered};
use crate::{
    config::{Config, Match, Route},
    error::{Code, Fault, pointer},
    nearest::{did_you_mean, listed},
};
use std::collections::{BTreeMap, BTreeSet};

/// A route with its conditions ready to compare.
#[derive(Debug)]
pub(crate) struct CompiledRoute {
    /// Its place in the configuration.
    pub(crate) index: usize,
    /// Conditions that must all hold.
    pub(crate) when: Vec<(Criterion, BTreeSet<String>)>,
}

/// What a condition looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Criterion {
    Category,
    Kind,
    Severity,
    Group,
    System,
    Tag,
}

impl Criterion {
    /// Its key in `when`.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Category => "category",
            Self::Kind => "kind",
            Self::Severity => "severity",
            Self::Group => "group",
            Self::System => "system",
            Self::Tag => "tag",
        }
    }
}

pub(super) fn compile(
    config: &Config,
    statuses: &BTreeMap<String, StatusNames>,
    priorities: &BTreeMap<String, String>,
    faults: &mut Vec<Fault>,
) -> Vec<CompiledRoute> {
    if config.routes.is_empty() {
        faults.push(Fault::new(
            Code::InvalidValue,
            "/routes",
            "no route says where a case goes",
            "Add at least one route with a board",
        ));
    }
    let mut names: BTreeMap<String, usize> = BTreeMap::new();
    let mut compiled: Vec<CompiledRoute> = Vec::new();
    for (index, route) in config.routes.iter().enumerate() {
        let place = format!("/routes/{index}");
        let when = conditions(&route.when);
        blank(route, &place, faults);
        own_name(route, index, &mut names, &place, faults);
        by_kind(route, &place, faults);
        parts(route, &place, faults);
        on_board(config, route, &place, statuses, faults);
        severities(route, &place, priorities, faults);
        if let Some(earlier) = compiled.iter().find(|earlier| covers(&earlier.when, &when)) {
            faults.push(Fault::new(
                Code::InvalidValue,
                &place,
                format!(
                    "the route '{}' never gets a case: route '{}' (/routes/{}) takes all of them before it",
                    route.name, config.routes.get(earlier.index).map_or("", |route| &route.name), earlier.index
                ),
                "Move it before that route, or narrow that route's 'when'",
            ));
        }
        compiled.push(CompiledRoute { index, when });
    }
    compiled
}

pub(super) fn conditions(when: &Match) -> Vec<(Criterion, BTreeSet<String>)> {
    [
        (Criterion::Category, &when.category),
        (Criterion::Kind, &when.kind),
        (Criterion::Severity, &when.severity),
        (Criterion::Group, &when.group),
        (Criterion::System, &when.system),
        (Criterion::Tag, &when.tag),
    ]
    .into_iter()
    .filter(|(_, values)| !values.is_empty())
    .map(|(criterion, values)| {
        let values = values.iter().map(|value| value.trim().to_lowercase());
        (criterion, values.collect())
    })
    .collect()
}

/// Whether every case that `later` takes is taken by `earlier`: each of its conditions is one of later's, no narrower.
fn covers(
    earlier: &[(Criterion, BTreeSet<String>)],
    later: &[(Criterion, BTreeSet<String>)],
) -> bool {
    earlier.iter().all(|(criterion, values)| {
        later
            .iter()
            .any(|(other, narrower)| other == criterion && narrower.is_subset(values))
    })
}

fn own_name(
    route: &Route,
    index: usize,
    names: &mut BTreeMap<String, usize>,
    place: &str,
    faults: &mut Vec<Fault>,
) {
    if route.name.trim().is_empty() {
        return;
    }
    if let Some(first) = names.insert(route.name.trim().to_lowercase(), index) {
        faults.push(Fault::new(
            Code::InvalidValue,
            format!("{place}/name"),
            format!("the name '{}' is that of /routes/{first} too", route.name),
            "Give each route a name of its own",
        ));
    }
}

/// Names every text of a route that is there and blank.
fn blank(route: &Route, place: &str, faults: &mut Vec<Fault>) {
    let texts = [
        ("name", Some(&route.name)),
        ("board", route.board.as_ref()),
        ("type", route.kind.as_ref()),
        ("subtype", route.subtype.as_ref()),
        ("item", route.item.as_ref()),
        ("team", route.team.as_ref()),
        ("source", route.source.as_ref()),
        ("priority", route.priority.as_ref()),
        ("status/created", route.status.created.as_ref()),
        ("status/updated", route.status.updated.as_ref()),
        ("status/cleared", route.status.cleared.as_ref()),
    ];
    for (key, text) in texts {
        if text.is_some_and(|text| text.trim().is_empty()) {
            faults.push(Fault::new(
                Code::InvalidValue,
                format!("{place}/{key}"),
                "a name is empty here",
                "Fill it in, or remove the key",
            ));
        }
    }
}

fn parts(route: &Route, place: &str, faults: &mut Vec<Fault>) {
    let mut fault = |key: &str, message: &str, fix: &str| {
        faults.push(Fault::new(
            Code::InvalidValue,
            format!("{place}/{key}"),
            message,
            fix,
        ));
    };
    if route.ignore {
        if route.board.is_some() {
            fault(
                "ignore",
                "the route makes no ticket and yet names a board",
                "Remove 'ignore' or 'board'",
            );
        }
        return;
    }
    if route.board.is_none() {
        faults.push(Fault::new(
            Code::MissingKey,
            format!("{place}/board"),
            "the route names no board",
            "Name the board on which its tickets are opened, or set 'ignore' to true",
        ));
        return;
    }
    if route.auto_close == Some(false) && route.status.cleared.is_some() {
        fault(
            "auto_close",
            "the route leaves tickets open when the source clears, and yet names a status for it",
            "Remove 'auto_close' or 'status.cleared'",
        );
    }
    let mut unfounded = BTreeSet::new();
    for triple in route.triples() {
        match (triple.kind, triple.subtype, triple.item) {
            (None, Some(subtype), _) => {
                unfounded.insert((subtype.key, "a subtype needs a type", "Add 'type'"));
            }
            (_, None, Some(item)) => {
                unfounded.insert((item.key, "an item needs a subtype", "Add 'subtype'"));
            }
            _ => {}
        }
    }
    for (key, message, fix) in unfounded {
        fault(&key, message, fix);
    }
}

/// Names every entry of a map by kind that is blank, or the same as another without case.
fn by_kind(route: &Route, place: &str, faults: &mut Vec<Fault>) {
    for (key, map) in [
        ("type_by_kind", &route.type_by_kind),
        ("subtype_by_kind", &route.subtype_by_kind),
    ] {
        lowered(map, &format!("{place}/{key}"), faults);
    }
}

fn on_board(
    config: &Config,
    route: &Route,
    place: &str,
    statuses: &BTreeMap<String, StatusNames>,
    faults: &mut Vec<Fault>,
) {
    let Some(board) = route.board.as_ref().filter(|_| !route.ignore) else {
        return;
    };
    if !statuses.contains_key(&board.trim().to_lowercase()) {
        let known: Vec<&str> = config.status_map.keys().map(String::as_str).collect();
        faults.push(Fault::new(
            Code::UnknownBoard,
            format!("{place}/board"),
            format!("the board '{board}' has no entry in status_map"),
            format!(
                "{}Add '{board}' to status_map with every status of the board",
                did_you_mean(board, &known)
            ),
        ));
        return;
    }
    let Some((name, map)) = config
        .status_map
        .iter()
        .find(|(name, _)| crate::catalog::same_name(name, board))
    else {
        return;
    };
    let map_place = pointer("/status_map", name);
    let named = [
        ("created", &route.status.created),
        ("updated", &route.status.updated),
        ("cleared", &route.status.cleared),
    ];
    for (key, status) in named {
        if let Some(status) = status.as_ref().filter(|status| !status.trim().is_empty()) {
            in_to_case(
                map.to_case.keys(),
                status,
                &format!("{place}/status/{key}"),
                &map_place,
                faults,
            );
        }
    }
}

/// A severity in a condition that no case can have without being refused is most likely a slip.
fn severities(
    route: &Route,
    place: &str,
    priorities: &BTreeMap<String, String>,
    faults: &mut Vec<Fault>,
) {
    for (index, severity) in route.when.severity.iter().enumerate() {
        if !priorities.contains_key(&severity.trim().to_lowercase())
            && route.priority.is_none()
            && !route.ignore
        {
            let known: Vec<&str> = priorities.keys().map(String::as_str).collect();
            faults.push(Fault::new(
                Code::UnmappedSeverity,
                format!("{place}/when/severity/{index}"),
                format!("the severity '{severity}' has no priority in priority_map"),
                format!(
                    "{}Use one of {}, or add it to priority_map",
                    did_you_mean(severity, &known),
                    listed(&known)
                ),
            ));
        }
    }
}
