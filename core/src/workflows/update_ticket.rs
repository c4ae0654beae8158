use super::{
    case_mappings::CaseMappings,
    complete_ticket::complete_ticket,
    exactly_once::Payload,
    open_ticket::{parties, written},
    replace_ticket::replace_ticket,
    work::{Interrupt, Work},
};
use crate::{
    api::Patch,
    case::Case,
    catalog::{Board, Catalog},
    command::CaseResult,
    company::{Company, Configuration},
    config::{FieldOwner, ReopenThen},
    decide::{self, CaseChange, ClosedTicket, StatusRef},
    decision::{Decision, TicketPlan},
    delivery::{ChangedBy, Event, TicketField},
    error::{Code, Error},
    service::tickets::{self, Ticket},
    store::records::{Action, Written},
};
use serde_json::{Value, json};
use std::{collections::BTreeMap, sync::Arc};

/// Changes a case's ticket after the case: status, priority, summary, then notes and documents.
pub(crate) async fn update_ticket(
    work: &mut Work<'_>,
    case: &Arc<Case>,
) -> Result<CaseResult, Interrupt> {
    let ticket = current_ticket(work).await?;
    let closed = ClosedTicket::of(&work.env.settings, &ticket, &work.linked()?.written);
    if let Some(closed) = &closed {
        let change = CaseChange::of(case, work.wishes_status(case).await?);
        let settings = &work.env.settings;
        let decision = decide::reopening(settings, closed, &case.severity, change, work.cx.now());
        work.explain(&decision.reason);
        work.decide(
            "closed_ticket",
            Some(decision.value.name()),
            &decision.reason,
        );
        match decision.value {
            ReopenThen::NewTicket => {
                return replace_ticket(work, case, closed, &decision.reason).await;
            }
            ReopenThen::Reopen => work.reopens(),
            ReopenThen::Note => {}
        }
    }
    let case_plan = plan(work, case).await?;
    let was_closed = closed.is_some();
    let changed = change_ticket(work, case, &case_plan, &ticket).await?;
    let added = complete_ticket(work, case, case_plan.configuration.as_ref()).await?;
    let reopened = was_closed && !work.linked()?.closed;
    if reopened {
        work.change_link(|link| link.reopened = link.reopened.saturating_add(1));
        work.tell(Event::TicketReopened {
            by: ChangedBy::Case,
        });
    } else if changed || added {
        work.tell(Event::TicketModified);
    }
    Ok(if changed || added {
        CaseResult::Updated
    } else {
        CaseResult::Unchanged
    })
}

/// What the case asks of its ticket now.
pub(super) struct CasePlan {
    pub(super) catalog: Arc<Catalog>,
    pub(super) ticket: TicketPlan,
    pub(super) configuration: Option<Decision<Configuration>>,
    /// Whether the case's status is a wish of its host.
    wishes_status: bool,
}

/// Decides anew, with the company that the ticket has.
pub(super) async fn plan(work: &mut Work<'_>, case: &Arc<Case>) -> Result<CasePlan, Interrupt> {
    let catalog = work.env.catalog(work.cx).await?;
    let link = work.linked()?;
    let company = Company {
        id: link.company,
        identifier: String::new(),
        name: link.company_name.clone(),
        deleted: false,
        default_contact: None,
    };
    let company = Decision::new(company, "the ticket's company");
    let mappings = match link.configurations.is_empty() {
        true => CaseMappings::of_system(work.cx, work.env, case).await?,
        false => CaseMappings::default(),
    };
    let parties = parties(work, case, company, &mappings).await?;
    let ticket = decide::ticket(&work.env.settings, &catalog, &parties, case)?;
    let wishes_status = work.wishes_status(case).await?;
    Ok(CasePlan {
        wishes_status,
        catalog,
        ticket,
        configuration: parties.configuration,
    })
}

/// Reads the ticket as it is now; one that was merged is followed to the ticket that survives.
pub(super) async fn current_ticket(work: &mut Work<'_>) -> Result<Ticket, Interrupt> {
    let mut id = work.linked()?.ticket;
    let mut path = vec![id];
    for _ in 0..8 {
        let ticket = match tickets::get(work.cx, &work.env.api, id).await {
            Ok(ticket) => ticket,
            Err(error) if error.code == Code::NotFound => break,
            Err(error) => return Err(error.into()),
        };
        if let Some(parent) = ticket.merged_into() {
            id = parent;
            path.push(id);
            continue;
        }
        let merged = work.follow(&path).await?;
        if path.len() > 1 {
            work.tell_of_survivor(&ticket, &merged);
            work.sync_later(id);
        }
        work.see(&ticket);
        return Ok(ticket);
    }
    // The case is told once that is certain.
    work.sync_later(id);
    let case_id = &work.linked()?.case_id;
    Err(Error::new(
        Code::NotFound,
        format!("ticket {id} of case '{case_id}' is gone: it was deleted, or the API member may not see it"),
    )
    .into())
}

/// Writes the fields that the case changes and no technician has changed since. Says whether there were any.
pub(super) async fn change_ticket(
    work: &mut Work<'_>,
    case: &Case,
    plan: &CasePlan,
    ticket: &Ticket,
) -> Result<bool, Interrupt> {
    let before = work.linked()?.written.clone();
    let reopens = work.is_reopening();
    let mut after = written(&plan.ticket, case);
    after.over = case.is_over();
    after.deliveries = work.deliveries_before();
    after.close_reason = close_reason(case, &before, ticket.closed_flag && !reopens);
    let mut changes = BTreeMap::<String, Value>::new();

    after.status = before.status;
    let name = ticket.board_name();
    let is_mapped = work.env.settings.maps_statuses_of(name);
    let board = plan.catalog.board(name).filter(|_| is_mapped);
    if board.is_none() {
        work.warn(unknown_board(ticket));
    }
    if let Some(board) = board
        && let Some(status) = status(work, case, plan, board, &before, ticket)?
    {
        changes.insert("status".to_owned(), json!({ "id": status.value.id }));
        after.status = Some(status.value.id);
        work.decide("status", Some(&status.value.name), &status.reason);
    } else if plan.wishes_status && technician_wins(work, case, &before, ticket) {
        let reason = "a technician's choice is newer than the case's";
        work.decide("status", Some(ticket.status_name()), reason);
    }
    let owners = work.env.settings.config().inbound.fields;
    let raised = decide::is_raised(&plan.catalog, before.priority, after.priority);
    let priority = Ticket::id_of(ticket.priority.as_ref());
    let left_alone = priority == before.priority && owners.priority != FieldOwner::Ticket;
    if after.priority != before.priority
        && priority != after.priority
        && (owners.priority == FieldOwner::Case || (raised && left_alone))
    {
        changes.insert("priority".to_owned(), json!({ "id": after.priority }));
        if let Some(field) = plan.ticket.field("priority") {
            work.decide("priority", field.shown.as_deref(), &field.reason);
        }
    } else {
        after.priority = before.priority;
    }
    let left_alone = ticket.summary == before.summary && owners.summary != FieldOwner::Ticket;
    if after.summary != before.summary && (owners.summary == FieldOwner::Case || left_alone) {
        changes.insert("summary".to_owned(), json!(after.summary));
        work.decide(
            "summary",
            None,
            "the case's title, or what else it is made of, changed",
        );
    } else {
        after.summary.clone_from(&before.summary);
    }

    if changes.is_empty() {
        if after != before {
            work.change_link(|link| link.written = after);
        }
        return Ok(false);
    }
    let patch = changes.iter().fold(Patch::new(), |patch, (field, value)| {
        patch.replace(field, value.clone())
    });
    let action = Action::ChangeTicket {
        changes,
        written: after,
    };
    work.perform(action, Payload::Changes(patch)).await?;
    Ok(true)
}

fn unknown_board(ticket: &Ticket) -> Error {
    Error::new(
        Code::UnknownBoard,
        format!(
            "ticket {} is on board '{}', which the configuration does not name: its status stays as it is. Move it back, or name \
             the board in a route and in status_map",
            ticket.id,
            ticket.board_name()
        ),
    )
}

/// Whether the case closes the ticket now.
pub(super) fn closes(
    work: &Work<'_>,
    case: &Case,
    plan: &CasePlan,
    ticket: &Ticket,
) -> Result<bool, Interrupt> {
    let before = &work.linked()?.written;
    let name = ticket.board_name();
    let is_mapped = work.env.settings.maps_statuses_of(name);
    let Some(board) = plan.catalog.board(name).filter(|_| is_mapped) else {
        return Ok(false);
    };
    let status = status(work, case, plan, board, before, ticket)?;
    Ok(!ticket.closed_flag && status.is_some_and(|status| status.value.closed))
}

/// The status that the ticket gets. A case whose status did not change leaves a technician's choice alone.
fn status(
    work: &Work<'_>,
    case: &Case,
    plan: &CasePlan,
    board: &Board,
    before: &Written,
    ticket: &Ticket,
) -> Result<Option<Decision<StatusRef>>, Interrupt> {
    let settings = &work.env.settings;
    let current = ticket.status_name();
    if technician_wins(work, case, before, ticket) {
        return Ok(None);
    }
    let route = settings
        .config()
        .routes
        .iter()
        .find(|route| route.name == plan.ticket.route);
    let ours = Ticket::id_of(ticket.status.as_ref()) == before.status;
    Ok(match (ticket.closed_flag, case.is_over()) {
        // Whoever closed it otherwise meant it so.
        (true, true) if !ours => None,
        (true, false) if !work.is_reopening() => None,
        (true, false) => decide::status_after(settings, board, route, case, Some(current))?,
        (_, _) if plan.wishes_status => {
            decide::status_after(settings, board, route, case, Some(current))?
        }
        (true, true) => None,
        (false, _) => decide::status_of_update(board, route, current)?,
    })
}

/// Whether a technician chose the ticket's status since, and later than the case changed. Of a status of another board it is not
/// said that someone chose it.
fn technician_wins(work: &Work<'_>, case: &Case, before: &Written, ticket: &Ticket) -> bool {
    let config = work.env.settings.config();
    let chosen = Ticket::id_of(ticket.status.as_ref()) != before.status;
    if !config.policies.ticket_inbound.enabled || !chosen {
        return false;
    }
    let changed_at = work.changed_in_connectwise(TicketField::Status, ticket);
    let case_changed_at = case.cleared_at.unwrap_or(case.updated_at);
    !decide::case_wins(config.inbound.fields.status, case_changed_at, changed_at)
}

/// Why the ticket is closed, as far as the case says so: what it said when it closed it holds until the ticket is opened.
fn close_reason(case: &Case, before: &Written, stays_closed: bool) -> Option<String> {
    let said = case.close_reason.clone().filter(|_| case.is_over());
    said.or_else(|| before.close_reason.clone().filter(|_| stays_closed))
}
