use super::{Finding, Severity};
use crate::{
    case::Case,
    catalog::{Board, Catalog, same_name},
    config::{Config, Route, WhenEmpty},
    error::{Code, Fault, pointer},
    nearest::listed,
    settings::{MappedField, Settings, Target},
    workflows::read_catalog::{CatalogGap, CatalogPart},
};

/// The configuration against the instance's boards and tables, as far as these could be read.
pub(crate) fn check(
    settings: &Settings,
    catalog: &Catalog,
    gaps: &[CatalogGap],
    findings: &mut Vec<Finding>,
) {
    let config = settings.config();
    findings.extend(gaps.iter().map(|gap| unread(config, catalog, gap)));
    let hidden = |finding: &Finding| {
        gaps.iter()
            .any(|gap| explains(config, catalog, gap, finding))
    };
    let faults = settings.check(catalog).into_iter().map(Finding::from);
    findings.extend(faults.filter(|finding| !hidden(finding)));

    let mut further = Vec::new();
    if gaps.iter().all(|gap| gap.part != CatalogPart::Priorities) {
        further.extend(warnings(settings.unmapped_priorities(catalog)));
    }
    further.extend(warnings(settings.unmapped_case_statuses()));
    closing(config, catalog, &mut further);
    subtypes(config, catalog, &mut further);
    required_fields(settings, catalog, &mut further);
    findings.append(&mut further);
}

/// What tickets can be opened without, and what then does not come back to the case.
fn warnings(faults: Vec<Fault>) -> impl Iterator<Item = Finding> {
    faults.into_iter().map(|fault| Finding {
        severity: Severity::Warning,
        ..Finding::from(fault)
    })
}

/// A part of the catalog that could not be read.
fn unread(config: &Config, catalog: &Catalog, gap: &CatalogGap) -> Finding {
    let place = gap.board.and_then(|id| {
        let board = catalog.boards.iter().find(|board| board.id == id)?;
        let index = config.routes.iter().position(|route| is_on(route, board))?;
        Some(format!("/routes/{index}/board"))
    });
    if gap.error.code == Code::Forbidden {
        return Finding::new(
            Severity::Error,
            Code::MissingRight,
            place,
            format!("the API member may not read the {}", gap.what),
            "Give its security role System > Table Setup: Inquire for it, and let it see the board",
        );
    }
    Finding::new(
        Severity::Warning,
        Code::NotChecked,
        place,
        format!("the {} could not be read: {}", gap.what, gap.error.message),
        "Check again",
    )
}

/// Whether a finding only says that what could not be read is not there.
fn explains(config: &Config, catalog: &Catalog, gap: &CatalogGap, finding: &Finding) -> bool {
    let codes: &[Code] = match gap.part {
        CatalogPart::Priorities => &[Code::UnknownPriority],
        CatalogPart::Sources => &[Code::UnknownSource],
        CatalogPart::CustomFields => &[Code::UnknownCustomField],
        CatalogPart::Statuses => &[Code::UnknownStatus, Code::UnmappedStatus],
        CatalogPart::Types => &[Code::UnknownType],
        CatalogPart::Subtypes => &[Code::UnknownSubtype],
        CatalogPart::Items => &[Code::UnknownItem],
        CatalogPart::Associations => &[Code::NotAssociated],
        CatalogPart::Teams => &[Code::UnknownTeam],
        CatalogPart::Impacts | CatalogPart::Severities | CatalogPart::Slas => &[],
    };
    if !codes.contains(&finding.code) {
        return false;
    }
    let board = gap
        .board
        .and_then(|id| catalog.boards.iter().find(|board| board.id == id));
    let (Some(board), Some(at)) = (board, &finding.pointer) else {
        return true;
    };
    let below = |place: &str| {
        at.strip_prefix(place)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    let of_route = config
        .routes
        .iter()
        .enumerate()
        .any(|(index, route)| is_on(route, board) && below(&format!("/routes/{index}")));
    let of_map = config
        .status_map
        .keys()
        .any(|name| same_name(name, &board.name) && below(&pointer("/status_map", name)));
    of_route || of_map
}

fn is_on(route: &Route, board: &Board) -> bool {
    !route.ignore
        && route
            .board
            .as_ref()
            .is_some_and(|name| same_name(name, &board.name))
}

/// Statuses by which tickets are to be closed, and that do not close them.
fn closing(config: &Config, catalog: &Catalog, findings: &mut Vec<Finding>) {
    let mut check = |board: &Board, status: &str, at: String, when: &str| {
        let open = board
            .status(status)
            .is_some_and(|status| !status.closed && !status.inactive);
        if open {
            let closing: Vec<&str> = board
                .statuses
                .iter()
                .filter(|status| status.closed && !status.inactive)
                .map(|status| status.name.as_str())
                .collect();
            let fix = if closing.is_empty() {
                "Let a status of the board close tickets (Closed Status), and name it here"
                    .to_owned()
            } else {
                format!("Name a status that closes: {}", listed(&closing))
            };
            findings.push(Finding::new(
                Severity::Warning,
                Code::StatusNotClosed,
                Some(at),
                format!(
                    "the status '{status}' of board '{}' does not close a ticket: {when} and it stays open",
                    board.name
                ),
                fix,
            ));
        }
    };
    for (index, route) in config.routes.iter().enumerate() {
        if let (Some(board), Some(status)) = (board_of(catalog, route), &route.status.cleared) {
            let at = format!("/routes/{index}/status/cleared");
            check(board, status, at, "a case's source clears");
        }
    }
    for (name, map) in &config.status_map {
        let closed = map
            .to_ticket
            .iter()
            .find(|(case_status, _)| same_name(case_status, Case::CLOSED));
        if let (Some(board), Some((case_status, status))) = (catalog.board(name), closed) {
            let at = pointer(
                &format!("{}/to_ticket", pointer("/status_map", name)),
                case_status,
            );
            check(board, status, at, "a case is closed");
        }
    }
}

fn board_of<'a>(catalog: &'a Catalog, route: &Route) -> Option<&'a Board> {
    if route.ignore {
        return None;
    }
    catalog.board(route.board.as_deref()?)
}

/// Kinds that a route takes by name and has no subtype for, where the type has some.
fn subtypes(config: &Config, catalog: &Catalog, findings: &mut Vec<Finding>) {
    for (index, route) in config.routes.iter().enumerate() {
        let (Some(board), Some(kind)) = (board_of(catalog, route), &route.kind) else {
            continue;
        };
        let of_type = board
            .types
            .iter()
            .filter(|named| same_name(&named.name, kind))
            .any(|named| {
                board
                    .associations
                    .iter()
                    .any(|triple| triple.kind == named.id && triple.subtype.is_some())
            });
        if !of_type || route.subtype.is_some() || route.subtype_by_kind.is_empty() {
            continue;
        }
        let missing: Vec<&str> = route
            .when
            .kind
            .iter()
            .map(String::as_str)
            .filter(|kind| {
                !route
                    .subtype_by_kind
                    .keys()
                    .any(|known| same_name(known, kind))
            })
            .collect();
        if !missing.is_empty() {
            findings.push(Finding::new(
                Severity::Warning,
                Code::MissingSubtype,
                Some(format!("/routes/{index}/subtype_by_kind")),
                format!(
                    "the route '{}' takes these kinds and has no subtype for them: {}",
                    route.name,
                    listed(&missing)
                ),
                "Add their subtypes, or a 'subtype' for all others",
            ));
        }
    }
}

/// Custom fields that tickets must have and that no mapping surely fills: closing a ticket without them can be refused
/// (API.md section 7).
fn required_fields(settings: &Settings, catalog: &Catalog, findings: &mut Vec<Finding>) {
    for field in catalog.custom_fields.iter().filter(|field| field.required) {
        let is_for = |mapping: &&MappedField| matches!(&mapping.target, Target::Custom(caption) if same_name(caption, &field.caption));
        let (at, message, fix) = match settings.fields.iter().find(is_for) {
            None => (
                "/ticket/fields".to_owned(),
                format!(
                    "tickets must have '{}', and nothing fills it",
                    field.caption
                ),
                format!("Add a mapping with \"custom_field\": \"{}\"", field.caption),
            ),
            Some(mapping) if mapping.default.is_none() && mapping.when_empty == WhenEmpty::Omit => {
                (
                    format!("/ticket/fields/{}", mapping.index),
                    format!(
                        "tickets must have '{}', and a case may leave it empty",
                        field.caption
                    ),
                    "Give the mapping a default, or let it refuse such cases".to_owned(),
                )
            }
            Some(_) => continue,
        };
        findings.push(Finding::new(
            Severity::Warning,
            Code::UnfilledField,
            Some(at),
            message,
            fix,
        ));
    }
}
