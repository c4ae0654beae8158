use super::{
    DriftKind, DriftSubject,
    names::{self, UsedName},
};
use crate::{
    case::Case,
    catalog::{Board, Catalog, same_name},
    decide::place,
    error::{Code, pointer},
    repair::Repair,
    settings::Settings,
};
use std::collections::BTreeSet;

/// The configuration, as far as changes of an instance can break it.
pub(super) struct Breaks<'a> {
    settings: &'a Settings,
    now: &'a Catalog,
    names: BTreeSet<UsedName>,
}

/// What changed, by the name that the configuration would have for it.
pub(super) struct Change<'a> {
    pub(super) subject: DriftSubject,
    pub(super) board: Option<&'a str>,
    /// Its name now, or its last one.
    pub(super) name: &'a str,
    pub(super) kind: &'a DriftKind,
}

impl<'a> Breaks<'a> {
    pub(super) fn new(settings: &'a Settings, now: &'a Catalog) -> Self {
        let names = names::of(settings);
        Self {
            settings,
            now,
            names,
        }
    }

    /// What of the configuration a change breaks.
    pub(super) fn of(&self, change: &Change<'_>) -> Vec<Repair> {
        let name = change.name;
        let what = change.subject.said();
        match change.kind {
            DriftKind::Added | DriftKind::Activated => self.unmapped(change).into_iter().collect(),
            DriftKind::Renamed { from } => self.at_each_use(change, from, true, || {
                (
                    format!("the {what} '{from}' is called '{name}' now"),
                    format!("Write '{name}'"),
                )
            }),
            // A deactivated status may stay in to_case: old tickets can still be in it.
            DriftKind::Deactivated => self.at_each_use(change, name, false, || {
                (
                    format!("the {what} '{name}' was deactivated in ConnectWise"),
                    "Activate it there, or name another".to_owned(),
                )
            }),
            DriftKind::Deleted => self.at_each_use(change, name, true, || {
                (
                    format!("the {what} '{name}' was deleted in ConnectWise"),
                    "Name another, or take the entry out".to_owned(),
                )
            }),
            DriftKind::Closes | DriftKind::Opens => self.other_meaning(change),
        }
    }

    fn at_each_use(
        &self,
        change: &Change<'_>,
        name: &str,
        with_to_case: bool,
        said: impl Fn() -> (String, String),
    ) -> Vec<Repair> {
        let uses = self.names.iter().filter(|used| {
            used.is(change.subject, change.board, name)
                && (with_to_case || !used.pointer.contains("/to_case/"))
        });
        uses.map(|used| {
            let (message, fix) = said();
            Repair {
                pointer: used.pointer.clone(),
                message,
                fix,
            }
        })
        .collect()
    }

    /// A status of a board in use that means no case status.
    fn unmapped(&self, change: &Change<'_>) -> Option<Repair> {
        let (key, to_case) = self.to_case(change)?;
        let mapped = to_case.keys().any(|status| same_name(status, change.name));
        (!mapped).then(|| Repair {
            pointer: format!("{key}/to_case"),
            message: format!("the status '{}' has no case status", change.name),
            fix: format!("Add \"{}\" to to_case", change.name),
        })
    }

    /// A status that closes tickets and means an open case, or the reverse.
    fn other_meaning(&self, change: &Change<'_>) -> Vec<Repair> {
        let Some((key, to_case)) = self.to_case(change) else {
            return Vec::new();
        };
        let closes = *change.kind == DriftKind::Closes;
        let other = to_case.iter().filter(|(status, case)| {
            same_name(status, change.name) && same_name(case, Case::CLOSED) != closes
        });
        other
            .map(|(status, case)| Repair {
                pointer: pointer(&format!("{key}/to_case"), status),
                message: format!(
                    "tickets in '{status}' are {} now, and it means the case status '{case}'",
                    if closes { "closed" } else { "open" }
                ),
                fix: "Name another case status, or change the status back in ConnectWise"
                    .to_owned(),
            })
            .collect()
    }

    /// The map of a status's board, with its place.
    fn to_case(
        &self,
        change: &Change<'_>,
    ) -> Option<(String, &std::collections::BTreeMap<String, String>)> {
        let board = change
            .board
            .filter(|_| change.subject == DriftSubject::Status)?;
        let maps = &self.settings.config().status_map;
        let (name, map) = maps.iter().find(|(name, _)| same_name(name, board))?;
        Some((pointer("/status_map", name), &map.to_case))
    }

    /// The routes whose type, subtype and item no longer go together. Names are those of the association that is gone.
    pub(super) fn of_dissociation(
        &self,
        board: &Board,
        kind: &str,
        subtype: Option<&str>,
    ) -> Vec<Repair> {
        let mut repairs = BTreeSet::new();
        for (index, route) in self.settings.config().routes.iter().enumerate() {
            let on_board = route
                .board
                .as_ref()
                .is_some_and(|name| same_name(name, &board.name));
            if route.ignore || !on_board {
                continue;
            }
            for triple in route.triples() {
                let is = |name: &Option<crate::settings::RouteName<'_>>, other: Option<&str>| match (
                    name, other,
                ) {
                    (Some(name), Some(other)) => same_name(name.name, other),
                    _ => false,
                };
                if !is(&triple.kind, Some(kind)) || !is(&triple.subtype, subtype) {
                    continue;
                }
                let at = format!("/routes/{index}");
                let faults = place(self.now, route, &at, &triple)
                    .err()
                    .unwrap_or_default();
                let own = faults
                    .into_iter()
                    .filter(|fault| fault.code == Code::NotAssociated);
                repairs.extend(own.map(Repair::from));
            }
        }
        repairs.into_iter().collect()
    }
}
