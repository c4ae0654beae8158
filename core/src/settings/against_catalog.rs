use super::{MappedField, Settings, Target};
use crate::{
    catalog::{Board, Catalog, same_name},
    config::Route,
    decide::{
        custom_field, custom_field_holds, known_board, known_priority, not_an_option, option,
        place, status_on,
    },
    error::{Code, Fault, pointer},
    nearest::{did_you_mean, listed},
};
use serde_json::Value;
use std::collections::BTreeSet;

impl Settings {
    /// Checks every name of the configuration against an instance's catalog: boards, statuses, types, subtypes, items and how
    /// they go together, teams, sources, priorities, custom fields, and that the status maps are total over the boards in use.
    ///
    /// Returns every fault at once, each with its JSON pointer and its fix; an empty list where all holds.
    #[must_use]
    pub fn check(&self, catalog: &Catalog) -> Vec<Fault> {
        let mut faults = Vec::new();
        let mut in_use = BTreeSet::new();
        for (index, route) in self.config().routes.iter().enumerate() {
            if !route.ignore {
                self.check_route(catalog, route, index, &mut faults);
                in_use.extend(route.board.as_ref().map(|name| name.trim().to_lowercase()));
            }
        }
        if let Some(trigger) = &self.config().inbound.trigger {
            in_use.insert(trigger.board.trim().to_lowercase());
            if let Some(board) = catalog.board(&trigger.board) {
                let at = "/inbound/trigger/status";
                faults.extend(status_on(board, &trigger.status, at).err());
            }
        }
        for name in self.config().status_map.keys() {
            self.check_statuses(catalog, name, &in_use, &mut faults);
        }
        for (severity, priority) in &self.config().priority_map {
            let at = pointer("/priority_map", severity);
            faults.extend(known_priority(catalog, priority, &at).err());
        }
        for priority in self.config().priority_to_case.keys() {
            let at = pointer("/priority_to_case", priority);
            faults.extend(known_priority(catalog, priority, &at).err());
        }
        for mapping in &self.fields {
            check_custom_field(catalog, mapping, &mut faults);
        }
        faults.sort();
        faults.dedup();
        faults
    }

    fn check_route(&self, catalog: &Catalog, route: &Route, index: usize, faults: &mut Vec<Fault>) {
        let at = format!("/routes/{index}");
        let mut found = BTreeSet::new();
        for triple in route.triples() {
            let placed = place(catalog, route, &at, &triple);
            found.extend(placed.err().into_iter().flatten());
        }
        faults.extend(found);
        if let Some(priority) = &route.priority {
            faults.extend(known_priority(catalog, priority, format_args!("{at}/priority")).err());
        }
        let Some(board) = route.board.as_deref().and_then(|name| catalog.board(name)) else {
            return;
        };
        for (key, status) in [
            ("updated", &route.status.updated),
            ("cleared", &route.status.cleared),
        ] {
            if let Some(status) = status {
                faults.extend(status_on(board, status, format_args!("{at}/status/{key}")).err());
            }
        }
    }

    fn check_statuses(
        &self,
        catalog: &Catalog,
        name: &str,
        in_use: &BTreeSet<String>,
        faults: &mut Vec<Fault>,
    ) {
        let at = pointer("/status_map", name);
        let board = match known_board(catalog, name, &at) {
            Ok(board) => board,
            Err(fault) => {
                faults.push(fault);
                return;
            }
        };
        let Some(map) = self.config().status_map.get(name) else {
            return;
        };
        // Children of boards that no route names may be missing from the catalog.
        if board.statuses.is_empty() && !in_use.contains(&name.trim().to_lowercase()) {
            return;
        }
        for status in map.to_case.keys() {
            extra(
                board,
                status,
                &pointer(&format!("{at}/to_case"), status),
                faults,
            );
        }
        let missing: Vec<&str> = board
            .statuses
            .iter()
            .filter(|status| !status.inactive)
            .map(|status| status.name.as_str())
            .filter(|status| !map.to_case.keys().any(|name| same_name(name, status)))
            .collect();
        for status in missing {
            faults.push(Fault::new(
                Code::UnmappedStatus,
                format!("{at}/to_case"),
                format!(
                    "the status '{status}' of board '{}' has no case status",
                    board.name
                ),
                format!("Add \"{status}\" to to_case"),
            ));
        }
        for (case_status, status) in &map.to_ticket {
            let at = pointer(&format!("{at}/to_ticket"), case_status);
            faults.extend(status_on(board, status, &at).err());
        }
    }
}

/// A status in `to_case` that the board does not have; a deactivated one may stay, old tickets can still be in it.
fn extra(board: &Board, status: &str, at: &str, faults: &mut Vec<Fault>) {
    if board.status(status).is_none() {
        let known: Vec<&str> = board
            .statuses
            .iter()
            .map(|status| status.name.as_str())
            .collect();
        faults.push(Fault::new(
            Code::UnknownStatus,
            at,
            format!("the board '{}' has no status '{status}'", board.name),
            format!(
                "{}Remove it, or use one of: {}",
                did_you_mean(status, &known),
                listed(&known)
            ),
        ));
    }
}

fn check_custom_field(catalog: &Catalog, mapping: &MappedField, faults: &mut Vec<Fault>) {
    let Target::Custom(caption) = &mapping.target else {
        return;
    };
    let at = format!("/ticket/fields/{}", mapping.index);
    let field = match custom_field(catalog, caption, &format!("{at}/custom_field")) {
        Ok(field) => field,
        Err(fault) => {
            faults.push(fault);
            return;
        }
    };
    let mut legal = |value: &Value, at: String| match custom_field_holds(field).fit(value) {
        Ok(Some(value)) if option(field, &value).is_none() => {
            faults.push(not_an_option(field, &value, &at));
        }
        Ok(_) => {}
        Err(misfit) => faults.push(misfit.fault(&at)),
    };
    for (key, value) in &mapping.map {
        legal(value, pointer(&format!("{at}/map"), key));
    }
    if let Some(value) = &mapping.default {
        legal(value, format!("{at}/default"));
    }
}
