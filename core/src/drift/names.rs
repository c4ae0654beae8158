use super::DriftSubject;
use crate::{catalog::same_name, config::Route, error::pointer, settings::Settings};
use std::collections::BTreeSet;

/// A name of ConnectWise's that stands in the configuration.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct UsedName {
    pub(super) subject: DriftSubject,
    /// The board that it belongs to, where it belongs to one.
    pub(super) board: Option<String>,
    pub(super) name: String,
    /// Where it stands.
    pub(super) pointer: String,
}

impl UsedName {
    pub(super) fn is(&self, subject: DriftSubject, board: Option<&str>, name: &str) -> bool {
        let same_board = match (&self.board, board) {
            (Some(own), Some(board)) => same_name(own, board),
            (own, board) => own.is_none() && board.is_none(),
        };
        self.subject == subject && same_board && same_name(&self.name, name)
    }
}

/// Every name of ConnectWise's that stands in the configuration.
pub(super) fn of(settings: &Settings) -> BTreeSet<UsedName> {
    let config = settings.config();
    let mut names = Names(BTreeSet::new());
    for (index, route) in config.routes.iter().enumerate() {
        if !route.ignore {
            names.route(route, &format!("/routes/{index}"));
        }
    }
    for (board, map) in &config.status_map {
        let at = pointer("/status_map", board);
        names.add(DriftSubject::Board, None, board, at.clone());
        for status in map.to_case.keys() {
            let at = pointer(&format!("{at}/to_case"), status);
            names.add(DriftSubject::Status, Some(board), status, at);
        }
        for (case, status) in &map.to_ticket {
            let at = pointer(&format!("{at}/to_ticket"), case);
            names.add(DriftSubject::Status, Some(board), status, at);
        }
    }
    for (severity, priority) in &config.priority_map {
        let at = pointer("/priority_map", severity);
        names.add(DriftSubject::Priority, None, priority, at);
    }
    for priority in config.priority_to_case.keys() {
        let at = pointer("/priority_to_case", priority);
        names.add(DriftSubject::Priority, None, priority, at);
    }
    for (index, field) in config.ticket.fields.iter().enumerate() {
        if let Some(caption) = &field.custom_field {
            let at = format!("/ticket/fields/{index}/custom_field");
            names.add(DriftSubject::CustomField, None, caption, at);
        }
    }
    names.0
}

struct Names(BTreeSet<UsedName>);

impl Names {
    fn route(&mut self, route: &Route, at: &str) {
        let Some(board) = route.board.as_deref() else {
            return;
        };
        self.add(DriftSubject::Board, None, board, format!("{at}/board"));
        for triple in route.triples() {
            for (subject, name) in [
                (DriftSubject::Type, triple.kind),
                (DriftSubject::Subtype, triple.subtype),
                (DriftSubject::Item, triple.item),
            ] {
                if let Some(name) = name {
                    self.add(
                        subject,
                        Some(board),
                        name.name,
                        format!("{at}/{}", name.key),
                    );
                }
            }
        }
        let status = &route.status;
        for (subject, board, key, name) in [
            (DriftSubject::Team, Some(board), "team", &route.team),
            (DriftSubject::Source, None, "source", &route.source),
            (DriftSubject::Priority, None, "priority", &route.priority),
            (
                DriftSubject::Status,
                Some(board),
                "status/created",
                &status.created,
            ),
            (
                DriftSubject::Status,
                Some(board),
                "status/updated",
                &status.updated,
            ),
            (
                DriftSubject::Status,
                Some(board),
                "status/cleared",
                &status.cleared,
            ),
        ] {
            if let Some(name) = name {
                self.add(subject, board, name, format!("{at}/{key}"));
            }
        }
    }

    fn add(&mut self, subject: DriftSubject, board: Option<&str>, name: &str, pointer: String) {
        self.0.insert(UsedName {
            subject,
            board: board.map(str::to_owned),
            name: name.to_owned(),
            pointer,
        });
    }
}
