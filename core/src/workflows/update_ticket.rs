use super::{
    case_mappings::CaseMappings,
    complete_ticket::complete_ticket,
    exactly_once::Payload,
    open_ticket::{parties, written},
    work::{Interrupt, Work},
};
use crate::{
    api::Patch,
    case::Case,
    catalog::Catalog,
    command::CaseResult,
    company::{Company, Configuration},
    decide::{self, StatusRef},
    decision::{Decision, TicketPlan},
    delivery::{ChangedBy, Event},
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
    let case_plan = plan(work, case).await?;
    let was_closed = ticket.closed_flag;
    let changed = change_ticket(work, case, &case_plan, &ticket).await?;
    let added = complete_ticket(work, case, case_plan.configuration.as_ref()).await?;
    let reopened = was_closed && !work.linked()?.closed;
    if reopened {
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
    Ok(CasePlan {
        catalog,
        ticket,
        configuration: parties.configuration,
    })
}

/// Reads the ticket as it is now; one that was merged is followed to the ticket that survives.
pub(super) async fn current_ticket(work: &mut Work<'_>) -> Result<Ticket, Interrupt> {
    let mut id = work.linked()?.ticket;
    for _ in 0..8 {
        let ticket = match tickets::get(work.cx, &work.env.api, id).await {
            Ok(ticket) => ticket,
            Err(error) if error.code == Code::NotFound => break,
            Err(error) => return Err(error.into()),
        };
        if let Some(parent) = ticket.merged_into() {
            id = parent;
            continue;
        }
        work.follow(ticket.id).await?;
        work.see(&ticket);
        return Ok(ticket);
    }
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
    let mut after = written(&plan.ticket, case);
    after.over = case.is_over();
    let mut changes = BTreeMap::<String, Value>::new();

    after.status = before.status;
    if let Some(status) = status(work, case, plan, &before, ticket)? {
        changes.insert("status".to_owned(), json!({ "id": status.value.id }));
        after.status = Some(status.value.id);
    }
    let raised = decide::is_raised(&plan.catalog, before.priority, after.priority);
    if after.priority != before.priority
        && raised
        && Ticket::id_of(ticket.priority.as_ref()) == before.priority
    {
        changes.insert("priority".to_owned(), json!({ "id": after.priority }));
    } else {
        after.priority = before.priority;
    }
    if after.summary != before.summary && ticket.summary == before.summary {
        changes.insert("summary".to_owned(), json!(after.summary));
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

/// The status that the ticket gets. A case whose status did not change leaves a technician's choice alone.
fn status(
    work: &Work<'_>,
    case: &Case,
    plan: &CasePlan,
    before: &Written,
    ticket: &Ticket,
) -> Result<Option<Decision<StatusRef>>, Interrupt> {
    let settings = &work.env.settings;
    let current = ticket.status_name();
    let Some(board) = plan.catalog.board(ticket.board_name()) else {
        return Err(Error::new(
            Code::UnknownBoard,
            format!(
                "ticket {} is on board '{}', which the configuration does not name",
                ticket.id,
                ticket.board_name()
            ),
        )
        .into());
    };
    let route = settings
        .config()
        .routes
        .iter()
        .find(|route| route.name == plan.ticket.route);
    let moved = case.status != before.case_status || case.is_over() != before.over;
    Ok(match moved {
        true => decide::status_after(settings, board, route, case, Some(current))?,
        false if ticket.closed_flag => None,
        false => decide::status_of_update(board, route, current)?,
    })
}
