use crate::{
    catalog::{Board, Catalog, Named, Status, same_name},
    config::Route,
    error::{Code, Fault},
    nearest::{did_you_mean, listed},
    settings::{RouteName, Triple},
};
use std::fmt::Display;

/// Where on ConnectWise's service desk a route puts a ticket.
#[derive(Debug)]
pub(crate) struct Placement<'a> {
    pub(crate) board: &'a Board,
    pub(crate) kind: Option<&'a Named>,
    pub(crate) subtype: Option<&'a Named>,
    pub(crate) item: Option<&'a Named>,
    pub(crate) team: Option<&'a Named>,
    pub(crate) source: Option<&'a Named>,
    /// What a new ticket gets; with the route's word for it where it has one.
    pub(crate) created: Option<&'a Status>,
}

/// Looks up a route's names in the catalog: each must exist, be active, be the board's, and go with the others.
///
/// `triple` is the one that applies. A missing name on an otherwise sound route leaves `None`.
///
/// # Errors
/// Every name that does not hold, at `at` (the route's pointer) and its key.
pub(crate) fn place<'a>(
    catalog: &'a Catalog,
    route: &Route,
    at: impl Display + Copy,
    triple: &Triple<'_>,
) -> Result<Placement<'a>, Vec<Fault>> {
    let name = route.board.as_deref().unwrap_or_default();
    let board = board(catalog, name, format_args!("{at}/board")).map_err(|fault| vec![fault])?;
    let mut faults = Vec::new();
    let team = route.team.as_deref().map(|name| RouteName {
        key: "team".into(),
        name,
    });
    let mut find = |code: Code, what: &str, name: &Option<RouteName<'_>>, among: &'a [Named]| {
        let RouteName { key, name } = name.as_ref()?;
        let what = format_args!("{what} on board '{}'", board.name);
        let found = named(code, what, name, format_args!("{at}/{key}"), among);
        found.map_err(|fault| faults.push(fault)).ok()
    };
    let kind = find(Code::UnknownType, "type", &triple.kind, &board.types);
    let subtype = find(
        Code::UnknownSubtype,
        "subtype",
        &triple.subtype,
        &board.subtypes,
    );
    let item = find(Code::UnknownItem, "item", &triple.item, &board.items);
    let team = find(Code::UnknownTeam, "team", &team, &board.teams);
    let source = match route.source.as_deref() {
        Some(name) => named(
            Code::UnknownSource,
            "source",
            name,
            format_args!("{at}/source"),
            &catalog.sources,
        )
        .map_err(|fault| faults.push(fault))
        .ok(),
        None => None,
    };
    let created = match route.status.created.as_deref() {
        Some(name) => status_on(board, name, format_args!("{at}/status/created"))
            .map_err(|fault| faults.push(fault))
            .ok(),
        None => default_status(board, at)
            .map_err(|fault| faults.push(fault))
            .ok(),
    };
    let key = triple.subtype.as_ref().map_or("subtype", |name| &name.key);
    if faults.is_empty()
        && let Some(fault) = not_associated(board, kind, subtype, item, at, key)
    {
        faults.push(fault);
    }
    if !faults.is_empty() {
        return Err(faults);
    }
    Ok(Placement {
        board,
        kind,
        subtype,
        item,
        team,
        source,
        created,
    })
}

/// A service board that takes new tickets.
pub(crate) fn board<'a>(
    catalog: &'a Catalog,
    name: &str,
    at: impl Display,
) -> Result<&'a Board, Fault> {
    let Some(board) = catalog.board(name) else {
        let known: Vec<&str> = catalog
            .boards
            .iter()
            .filter(|board| !board.inactive && !board.project)
            .map(|board| board.name.as_str())
            .collect();
        return Err(Fault::new(
            Code::UnknownBoard,
            at.to_string(),
            format!("the instance has no board '{name}'"),
            format!("{}Boards: {}", did_you_mean(name, &known), listed(&known)),
        ));
    };
    if board.inactive {
        return Err(inactive(format_args!("board '{}'", board.name), at));
    }
    if board.project {
        return Err(Fault::new(
            Code::UnknownBoard,
            at.to_string(),
            format!(
                "'{}' is a project board, which takes no service tickets",
                board.name
            ),
            "Name a service board",
        ));
    }
    Ok(board)
}

/// An active status of a board.
pub(crate) fn status_on<'a>(
    board: &'a Board,
    name: &str,
    at: impl Display,
) -> Result<&'a Status, Fault> {
    match board.status(name) {
        Some(status) if status.inactive => Err(inactive(
            format_args!("status '{}' of board '{}'", status.name, board.name),
            at,
        )),
        Some(status) => Ok(status),
        None => {
            let known: Vec<&str> = board
                .statuses
                .iter()
                .filter(|status| !status.inactive)
                .map(|status| status.name.as_str())
                .collect();
            Err(Fault::new(
                Code::UnknownStatus,
                at.to_string(),
                format!("the board '{}' has no status '{name}'", board.name),
                format!("{}Statuses: {}", did_you_mean(name, &known), listed(&known)),
            ))
        }
    }
}

/// An active record among those of its kind.
pub(crate) fn named<'a>(
    code: Code,
    what: impl Display,
    name: &str,
    at: impl Display,
    among: &'a [Named],
) -> Result<&'a Named, Fault> {
    let mut same = among.iter().filter(|record| same_name(&record.name, name));
    match same
        .clone()
        .find(|record| !record.inactive)
        .or_else(|| same.next())
    {
        Some(record) if record.inactive => {
            Err(inactive(format_args!("{what} '{}'", record.name), at))
        }
        Some(record) => Ok(record),
        None => {
            let known: Vec<&str> = among
                .iter()
                .filter(|record| !record.inactive)
                .map(|record| record.name.as_str())
                .collect();
            Err(Fault::new(
                code,
                at.to_string(),
                format!("there is no {what} named '{name}'"),
                format!(
                    "{}There are: {}",
                    did_you_mean(name, &known),
                    listed(&known)
                ),
            ))
        }
    }
}

fn default_status(board: &Board, at: impl Display) -> Result<&Status, Fault> {
    board
        .statuses
        .iter()
        .find(|status| status.default && !status.inactive)
        .ok_or_else(|| {
            Fault::new(
                Code::UnknownStatus,
                format!("{at}/status"),
                format!(
                    "the board '{}' has no default status for new tickets",
                    board.name
                ),
                "Name the status in the route's status.created",
            )
        })
}

fn inactive(what: impl Display, at: impl Display) -> Fault {
    Fault::new(
        Code::Inactive,
        at.to_string(),
        format!("the {what} was deactivated in ConnectWise"),
        "Activate it there, or name another",
    )
}

/// Type, subtype and item must stand together in the board's associations, as far as the catalog lists any.
fn not_associated(
    board: &Board,
    kind: Option<&Named>,
    subtype: Option<&Named>,
    item: Option<&Named>,
    at: impl Display,
    subtype_key: &str,
) -> Option<Fault> {
    let (kind, subtype) = (kind?, subtype?);
    if board.associations.is_empty() {
        return None;
    }
    let of_type = || {
        board
            .associations
            .iter()
            .filter(|triple| triple.kind == kind.id)
    };
    let names = |ids: Vec<u32>, among: &[Named]| {
        let mut names: Vec<String> = among
            .iter()
            .filter(|record| ids.contains(&record.id) && !record.inactive)
            .map(|record| record.name.clone())
            .collect();
        names.sort();
        listed(&names)
    };
    if !of_type().any(|triple| triple.subtype == Some(subtype.id)) {
        let ids = of_type().filter_map(|triple| triple.subtype).collect();
        return Some(Fault::new(
            Code::NotAssociated,
            format!("{at}/{subtype_key}"),
            format!(
                "board '{}' does not associate subtype '{}' with type '{}'",
                board.name, subtype.name, kind.name
            ),
            format!("Subtypes of that type: {}", names(ids, &board.subtypes)),
        ));
    }
    let item = item?;
    let of_subtype = || of_type().filter(|triple| triple.subtype == Some(subtype.id));
    if of_subtype().any(|triple| triple.item == Some(item.id)) {
        return None;
    }
    let ids = of_subtype().filter_map(|triple| triple.item).collect();
    Some(Fault::new(
        Code::NotAssociated,
        format!("{at}/item"),
        format!(
            "board '{}' does not associate item '{}' with type '{}' and subtype '{}'",
            board.name, item.name, kind.name, subtype.name
        ),
        format!("Items of that subtype: {}", names(ids, &board.items)),
    ))
}
