use super::{
    DriftChange, DriftKind, DriftReport, DriftSubject,
    breaks::{Breaks, Change},
};
use crate::{
    catalog::{Association, Board, Catalog, Named},
    settings::Settings,
};
use std::collections::BTreeSet;

/// What changed from one catalog of an instance to a later one, what of the configuration that breaks, and the fix.
///
/// Children are compared on the boards of which both catalogs have them. Records are the same by id, so that a new name is a
/// renaming.
#[must_use]
pub fn drift(before: &Catalog, now: &Catalog, settings: &Settings) -> DriftReport {
    let mut comparing = Comparing {
        breaks: Breaks::new(settings, now),
        changes: Vec::new(),
    };
    let boards = |catalog: &Catalog| -> Vec<Record> {
        let boards = catalog.boards.iter();
        boards
            .map(|board| Record::new(board.id, &board.name, board.inactive))
            .collect()
    };
    comparing.table(DriftSubject::Board, None, &boards(before), &boards(now));
    for board in &now.boards {
        let earlier = before.boards.iter().find(|earlier| earlier.id == board.id);
        if let Some(earlier) = earlier.filter(|earlier| earlier.was_read() && board.was_read()) {
            comparing.children(earlier, board);
        }
    }
    let priorities = |catalog: &Catalog| -> Vec<Record> {
        let priorities = catalog.priorities.iter();
        priorities
            .map(|priority| Record::new(priority.id, &priority.name, false))
            .collect()
    };
    comparing.table(
        DriftSubject::Priority,
        None,
        &priorities(before),
        &priorities(now),
    );
    if !before.sources.is_empty() && !now.sources.is_empty() {
        let (before, now) = (records(&before.sources), records(&now.sources));
        comparing.table(DriftSubject::Source, None, &before, &now);
    }
    if !before.custom_fields.is_empty() && !now.custom_fields.is_empty() {
        let fields = |catalog: &Catalog| -> Vec<Record> {
            let fields = catalog.custom_fields.iter();
            fields
                .map(|field| Record::new(field.id, &field.caption, false))
                .collect()
        };
        comparing.table(
            DriftSubject::CustomField,
            None,
            &fields(before),
            &fields(now),
        );
    }
    DriftReport {
        since: Some(before.read_at),
        read_at: now.read_at,
        changes: comparing.changes,
        faults: Vec::new(),
    }
}

impl Board {
    /// Whether the catalog has its children: a board without any status is one of which only the name was asked.
    fn was_read(&self) -> bool {
        !self.statuses.is_empty()
    }
}

/// What of a record can drift.
struct Record {
    id: u32,
    name: String,
    inactive: bool,
    /// Of statuses.
    closed: Option<bool>,
}

impl Record {
    fn new(id: u32, name: &str, inactive: bool) -> Self {
        Self {
            id,
            name: name.to_owned(),
            inactive,
            closed: None,
        }
    }
}

fn records(named: &[Named]) -> Vec<Record> {
    let records = named.iter();
    records
        .map(|record| Record::new(record.id, &record.name, record.inactive))
        .collect()
}

struct Comparing<'a> {
    breaks: Breaks<'a>,
    changes: Vec<DriftChange>,
}

impl Comparing<'_> {
    fn table(
        &mut self,
        subject: DriftSubject,
        board: Option<&str>,
        before: &[Record],
        now: &[Record],
    ) {
        for record in now {
            let Some(earlier) = before.iter().find(|earlier| earlier.id == record.id) else {
                if !record.inactive {
                    self.add(subject, board, &record.name, DriftKind::Added);
                }
                continue;
            };
            if earlier.name != record.name {
                let from = earlier.name.clone();
                self.add(subject, board, &record.name, DriftKind::Renamed { from });
            }
            match (earlier.inactive, record.inactive) {
                (false, true) => self.add(subject, board, &record.name, DriftKind::Deactivated),
                (true, false) => self.add(subject, board, &record.name, DriftKind::Activated),
                _ => {}
            }
            match (earlier.closed, record.closed) {
                (Some(false), Some(true)) => {
                    self.add(subject, board, &record.name, DriftKind::Closes);
                }
                (Some(true), Some(false)) => {
                    self.add(subject, board, &record.name, DriftKind::Opens);
                }
                _ => {}
            }
        }
        for record in before {
            if !now.iter().any(|later| later.id == record.id) {
                self.add(subject, board, &record.name, DriftKind::Deleted);
            }
        }
    }

    fn children(&mut self, before: &Board, now: &Board) {
        let statuses = |board: &Board| -> Vec<Record> {
            let statuses = board.statuses.iter();
            statuses
                .map(|status| Record {
                    closed: Some(status.closed),
                    ..Record::new(status.id, &status.name, status.inactive)
                })
                .collect()
        };
        // The configuration knows a renamed board by its old name.
        let board = Some(before.name.as_str());
        self.table(
            DriftSubject::Status,
            board,
            &statuses(before),
            &statuses(now),
        );
        for (subject, before, now) in [
            (DriftSubject::Type, &before.types, &now.types),
            (DriftSubject::Subtype, &before.subtypes, &now.subtypes),
            (DriftSubject::Item, &before.items, &now.items),
            (DriftSubject::Team, &before.teams, &now.teams),
        ] {
            self.table(subject, board, &records(before), &records(now));
        }
        self.associations(before, now);
    }

    fn associations(&mut self, before: &Board, now: &Board) {
        let set = |board: &Board| -> BTreeSet<Triple> {
            board.associations.iter().map(Triple::from).collect()
        };
        let (earlier, later) = (set(before), set(now));
        for (triple, board, kind) in earlier
            .difference(&later)
            .map(|triple| (triple, before, DriftKind::Deleted))
            .chain(
                later
                    .difference(&earlier)
                    .map(|triple| (triple, now, DriftKind::Added)),
            )
        {
            let Some([name, subtype, item]) = triple.names(board) else {
                continue;
            };
            let breaks = match kind {
                DriftKind::Deleted => self.breaks.of_dissociation(before, &name, Some(&subtype)),
                _ => Vec::new(),
            };
            let parts = [name, subtype, item];
            let parts = parts.iter().filter(|part| !part.is_empty());
            self.changes.push(DriftChange {
                subject: DriftSubject::Association,
                board: Some(before.name.clone()),
                name: parts.cloned().collect::<Vec<_>>().join(" / "),
                change: kind,
                breaks,
            });
        }
    }

    fn add(&mut self, subject: DriftSubject, board: Option<&str>, name: &str, kind: DriftKind) {
        let breaks = self.breaks.of(&Change {
            subject,
            board,
            name,
            kind: &kind,
        });
        self.changes.push(DriftChange {
            subject,
            board: board.map(str::to_owned),
            name: name.to_owned(),
            change: kind,
            breaks,
        });
    }
}

/// An association, in an order.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Triple {
    kind: u32,
    subtype: Option<u32>,
    item: Option<u32>,
}

impl From<&Association> for Triple {
    fn from(association: &Association) -> Self {
        Self {
            kind: association.kind,
            subtype: association.subtype,
            item: association.item,
        }
    }
}

impl Triple {
    /// Its names on a board; nothing where one of its records is unknown there.
    fn names(self, board: &Board) -> Option<[String; 3]> {
        let name = |id: Option<u32>, among: &[Named]| match id {
            Some(id) => {
                let record = among.iter().find(|record| record.id == id)?;
                Some(record.name.clone())
            }
            None => Some(String::new()),
        };
        Some([
            name(Some(self.kind), &board.types)?,
            name(self.subtype, &board.subtypes)?,
            name(self.item, &board.items)?,
        ])
    }
}

#[cfg(test)]
mod tests;
