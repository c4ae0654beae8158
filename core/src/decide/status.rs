use super::{placement::status_on, reopening::reason_key};
use crate::{
    case::Case,
    catalog::{Board, Status, same_name},
    config::Route,
    decision::Decision,
    error::{Code, Error, Fault, Result, pointer},
    nearest::{did_you_mean, listed},
    settings::Settings,
};

/// A status of a board.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct StatusRef {
    /// Record id, on its board only.
    pub(crate) id: u32,
    /// Name, as ConnectWise writes it.
    pub(crate) name: String,
    /// Whether a ticket in it is closed.
    pub(crate) closed: bool,
}

/// The status that a ticket gets after its case's status changed, or its source cleared; `None` where it stays.
///
/// What the source cleared comes first, then the case's own status where the ticket's status does not mean it already.
/// `board` is where the ticket is now, `current` its status there.
///
/// # Errors
/// A case status that the board's map does not name, or a status that the board does not have.
pub(crate) fn status_after(
    settings: &Settings,
    board: &Board,
    route: Option<&Route>,
    case: &Case,
    current: Option<&str>,
) -> Result<Option<Decision<StatusRef>>> {
    let (name, at, reason) = match wanted(settings, board, route, case, current) {
        Ok(Some(wanted)) => wanted,
        Ok(None) => return Ok(None),
        Err(fault) => return Err(Error::refused("the case", vec![fault])),
    };
    if current.is_some_and(|current| same_name(current, &name)) {
        return Ok(None);
    }
    let status = status_on(board, &name, &at)
        .map_err(|fault| Error::refused("the configuration", vec![fault]))?;
    Ok(Some(Decision::new(StatusRef::from(status), reason)))
}

impl From<&Status> for StatusRef {
    fn from(status: &Status) -> Self {
        Self {
            id: status.id,
            name: status.name.clone(),
            closed: status.closed,
        }
    }
}

type Wanted = (String, String, String);

fn wanted(
    settings: &Settings,
    board: &Board,
    route: Option<&Route>,
    case: &Case,
    current: Option<&str>,
) -> std::result::Result<Option<Wanted>, Fault> {
    // A route's statuses are those of its own board; a ticket that was moved follows the map of the board it is on.
    let route = route.filter(|route| {
        route
            .board
            .as_ref()
            .is_some_and(|name| same_name(name, &board.name))
    });
    let place = |route: &Route, key: &str| {
        let index = settings
            .config()
            .routes
            .iter()
            .position(|other| other.name == route.name)
            .unwrap_or_default();
        format!("/routes/{index}/status/{key}")
    };
    let cleared = route.and_then(|route| route.status.cleared.as_ref().map(|name| (route, name)));
    if let (Some(at), Some((route, name))) = (case.cleared_at, cleared) {
        return Ok(Some((
            name.clone(),
            place(route, "cleared"),
            format!(
                "the source cleared at {at}, and route '{}' says so",
                route.name
            ),
        )));
    }
    let stays_open = route.is_some_and(|route| route.auto_close == Some(false));
    let status = if case.is_over() && !stays_open {
        Case::CLOSED
    } else {
        &case.status
    };
    let by_reason = case
        .close_reason
        .as_deref()
        .filter(|_| same_name(status, Case::CLOSED));
    if let Some(reason) = by_reason
        && let Some(name) = closed_by_reason(settings, &board.name, reason)
    {
        let at = format!("{}/close_reasons", pointer("/status_map", &board.name));
        let why = format!("the case was closed as '{reason}'");
        return Ok(Some((name.to_owned(), pointer(&at, reason), why)));
    }
    let meant = current.and_then(|current| case_status(settings, &board.name, current));
    if meant.is_none_or(|meant| !same_name(&meant, status)) {
        return mapped(settings, board, status).map(Some);
    }
    Ok(None)
}

/// The status of an open case, where nothing else is said.
const OPEN: &str = "open";

/// The status in which a ticket is opened again for whichever case comes: that of an `open` case, or where the host has no
/// such word, the open one that new tickets of the board get, or else the first that a case status means.
///
/// # Errors
/// A board on which no case status means an open status.
pub(crate) fn status_when_reopened(
    settings: &Settings,
    board: &Board,
) -> Result<Decision<StatusRef>> {
    let initial = board.statuses.iter().find(|status| status.default);
    let initial = initial.and_then(|status| case_status(settings, &board.name, &status.name));
    let names = settings.statuses.get(&board.name.trim().to_lowercase());
    let others = names.into_iter().flat_map(|names| names.to_ticket.keys());
    [OPEN.to_owned()]
        .into_iter()
        .chain(initial)
        .chain(others.cloned())
        .filter_map(|status| status_of_case(settings, board, &status).ok())
        .find(|status| !status.value.closed)
        .map_or_else(|| status_of_case(settings, board, OPEN), Ok)
}

/// The ticket status that a case status means on a board.
///
/// # Errors
/// A case status that the board's map does not name, or a status that the board does not have.
pub(crate) fn status_of_case(
    settings: &Settings,
    board: &Board,
    status: &str,
) -> Result<Decision<StatusRef>> {
    let (name, at, reason) =
        mapped(settings, board, status).map_err(|fault| Error::refused("the case", vec![fault]))?;
    let status = status_on(board, &name, &at)
        .map_err(|fault| Error::refused("the configuration", vec![fault]))?;
    Ok(Decision::new(StatusRef::from(status), reason))
}

/// The status that a route gives a ticket whose case changed in other ways than its status; `None` where it stays.
///
/// # Errors
/// A status that the board does not have.
pub(crate) fn status_of_update(
    board: &Board,
    route: Option<&Route>,
    current: &str,
) -> Result<Option<Decision<StatusRef>>> {
    let Some((route, name)) = route.and_then(|route| Some((route, route.status.updated.as_ref()?)))
    else {
        return Ok(None);
    };
    if same_name(current, name) {
        return Ok(None);
    }
    let status = status_on(board, name, "/routes")
        .map_err(|fault| Error::refused("the configuration", vec![fault]))?;
    let reason = format!("the case changed, and route '{}' says so", route.name);
    Ok(Some(Decision::new(StatusRef::from(status), reason)))
}

fn mapped(settings: &Settings, board: &Board, status: &str) -> std::result::Result<Wanted, Fault> {
    check(settings, &board.name, status).map(|name| {
        (
            name.to_owned(),
            pointer(
                &format!("{}/to_ticket", pointer("/status_map", &board.name)),
                status,
            ),
            format!("the case is '{status}'"),
        )
    })
}

/// The ticket status that a board's map gives a case status.
///
/// # Errors
/// Where it gives none.
pub(super) fn check<'a>(
    settings: &'a Settings,
    board: &str,
    status: &str,
) -> std::result::Result<&'a str, Fault> {
    let names = settings.statuses.get(&board.trim().to_lowercase());
    names
        .and_then(|names| names.to_ticket.get(&status.trim().to_lowercase()))
        .map(String::as_str)
        .ok_or_else(|| {
            let known: Vec<&str> = names
                .iter()
                .flat_map(|names| names.to_ticket.keys().map(String::as_str))
                .collect();
            Fault::new(
                Code::UnmappedStatus,
                "/status",
                format!("the case status '{status}' has no ticket status on board '{board}'"),
                format!(
                    "{}Add it to to_ticket of that board in the configuration's status_map, which knows: {}",
                    did_you_mean(status, &known),
                    listed(&known)
                ),
            )
        })
}

/// The closed status that a board gives tickets for a close reason.
fn closed_by_reason<'a>(settings: &'a Settings, board: &str, reason: &str) -> Option<&'a str> {
    let names = settings.statuses.get(&board.trim().to_lowercase())?;
    let (_, status) = names.close_reasons.get(&reason_key(reason))?;
    Some(status)
}

/// The case status that a ticket status means on a board.
pub(crate) fn case_status(settings: &Settings, board: &str, ticket_status: &str) -> Option<String> {
    settings
        .statuses
        .get(&board.trim().to_lowercase())?
        .to_case
        .get(&ticket_status.trim().to_lowercase())
        .cloned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decide::tests::{case, catalog, settings};
    use serde_json::{Value, json};

    fn after(
        configure: impl Fn(&mut Value),
        change: impl Fn(&mut Value),
        current: Option<&str>,
    ) -> Result<Option<String>> {
        let settings = settings(configure);
        let catalog = catalog();
        let board = catalog.board("Professional Services").unwrap();
        let route = settings.config().routes.first();
        let decision = status_after(&settings, board, route, &case(change), current)?;
        Ok(decision.map(|decision| {
            assert!(!decision.reason.is_empty());
            decision.value.name
        }))
    }

    const NEW: Option<&str> = Some("New (not responded)");

    #[test]
    fn a_ticket_follows_its_case() {
        let status = |status: &'static str| move |case: &mut Value| case["status"] = json!(status);
        let cleared = |case: &mut Value| case["cleared_at"] = json!("2019-02-12T00:00:00Z");
        let closed = Some("Closed".to_owned());
        let in_progress = Some("In Progress".to_owned());
        assert_eq!(after(|_| {}, |_| {}, NEW).unwrap(), None);
        assert_eq!(
            after(|_| {}, status("in_progress"), NEW).unwrap(),
            in_progress
        );
        assert_eq!(after(|_| {}, status("closed"), NEW).unwrap(), closed);
        assert_eq!(after(|_| {}, cleared, NEW).unwrap(), closed);
        assert_eq!(after(|_| {}, cleared, Some("closed")).unwrap(), None);
        assert_eq!(
            after(|_| {}, |_| {}, Some("Closed")).unwrap(),
            NEW.map(str::to_owned)
        );
        // What a technician chose stays where it means the same to the case.
        let waiting = Some("Waiting Customer Response");
        assert_eq!(after(|_| {}, status("In_Progress"), waiting).unwrap(), None);
        assert_eq!(
            after(|_| {}, status("odd"), NEW).unwrap_err().code,
            Code::UnmappedStatus
        );
    }

    #[test]
    fn a_route_may_leave_its_tickets_open_when_the_source_clears() {
        let configure = |d: &mut Value| {
            d["routes"][0]["auto_close"] = json!(false);
            d["routes"][0]["status"] = json!({"created": "New (not responded)"});
        };
        let cleared = |case: &mut Value| case["cleared_at"] = json!("2019-02-12T00:00:00Z");
        assert_eq!(after(configure, cleared, NEW).unwrap(), None);
        let closed = |case: &mut Value| case["status"] = json!("closed");
        let status = after(configure, closed, NEW).unwrap();
        assert_eq!(status.as_deref(), Some("Closed"));
    }

    #[test]
    fn a_route_s_status_for_updates_applies_where_the_ticket_has_another() {
        let settings = settings(|document| {
            document["routes"][0]["status"]["updated"] = json!("In Progress");
        });
        let catalog = catalog();
        let board = catalog.board("Professional Services").unwrap();
        let route = settings.config().routes.first();
        let after = |current| {
            status_of_update(board, route, current)
                .unwrap()
                .map(|status| status.value.name)
        };
        assert_eq!(after("New (not responded)").as_deref(), Some("In Progress"));
        assert_eq!(after("In Progress"), None);
        assert_eq!(
            status_of_update(board, None, "New (not responded)").unwrap(),
            None
        );
    }

    #[test]
    fn a_shared_ticket_is_opened_again_in_a_host_s_own_words() {
        let catalog = catalog();
        let board = catalog.board("Professional Services").unwrap();
        let reopened = |to_case: Value, to_ticket: Value| {
            let settings = settings(|document| {
                document["status_map"]["Professional Services"] =
                    json!({ "to_case": to_case, "to_ticket": to_ticket });
            });
            status_when_reopened(&settings, board).map(|status| status.value.name)
        };
        let to_case = |new: &str| {
            json!({ "New (not responded)": new, "In Progress": "active", "Waiting Customer Response": "active",
                "Closed": "closed" })
        };
        let open = reopened(
            to_case("open"),
            json!({ "active": "In Progress", "open": "New (not responded)", "closed": "Closed" }),
        );
        assert_eq!(open.unwrap(), "New (not responded)");
        let new = reopened(
            to_case("new"),
            json!({ "active": "In Progress", "closed": "Closed", "new": "New (not responded)" }),
        );
        assert_eq!(new.unwrap(), "New (not responded)");
        let active = reopened(
            to_case("new"),
            json!({ "active": "In Progress", "a": "Closed", "closed": "Closed" }),
        );
        assert_eq!(active.unwrap(), "In Progress");
        let none = reopened(to_case("new"), json!({ "closed": "Closed" }));
        assert_eq!(none.unwrap_err().code, Code::UnmappedStatus);
    }

    #[test]
    fn ticket_statuses_mean_case_statuses() {
        let settings = settings(|_| {});
        let meant = |status: &str| case_status(&settings, "professional services", status);
        assert_eq!(
            meant("waiting customer response").as_deref(),
            Some("in_progress")
        );
        assert_eq!(meant("Unheard of"), None);
    }
}
