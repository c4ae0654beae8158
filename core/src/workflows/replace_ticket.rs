use super::{
    case_mappings::CaseMappings,
    complete_ticket::complete_ticket,
    exactly_once::Payload,
    open_ticket::{contact, decide_plan, first_comment, openings, parties, written},
    work::{Interrupt, Work},
};
use crate::{
    case::Case,
    command::CaseResult,
    company::CompanyKey,
    decide::{self, ClosedTicket, Earlier},
    decision::Decision,
    store::records::Action,
};
use std::sync::Arc;

/// Opens a further ticket for a case whose last one stays closed (row T4). It names that one, is of the same company, and is
/// told from it by its reference; the case is bound to it in the commit that follows its answer.
pub(super) async fn replace_ticket(
    work: &mut Work<'_>,
    case: &Arc<Case>,
    closed: &ClosedTicket,
    reason: &str,
) -> Result<CaseResult, Interrupt> {
    let link = work.linked()?.clone();
    let catalog = work.env.catalog(work.cx).await?;
    let company = work
        .env
        .company(work.cx, &CompanyKey::Id(link.company))
        .await?;
    let company = Decision::new(company, format!("it is that of ticket {}", closed.ticket));
    let mappings = CaseMappings::of_system(work.cx, work.env, case).await?;
    let mut parties = parties(work, case, company, &mappings).await?;
    contact(work, case, &mut parties).await?;
    let quirks = work.env.quirks(work.cx).await?;
    let line = format!("Earlier ticket of this case: {}. {reason}", closed.ticket);
    let earlier = Earlier {
        tickets: link.former.len().saturating_add(1),
        line: &line,
        notes: &link.notes,
        documents: &link.documents,
    };
    let plan = decide::further_ticket(&work.env.settings, &catalog, &parties, case, &earlier)?
        .written_for(&quirks);
    decide_plan(work, &plan);
    let action = Action::CreateTicket {
        reference: plan.reference.clone(),
        comment: first_comment(work, case, &plan, &quirks),
        openings: openings(&plan),
        written: written(&plan, case),
    };
    work.perform(action, Payload::Ticket(plan.body().into()))
        .await?;
    complete_ticket(work, case, parties.configuration.as_ref()).await?;
    Ok(CaseResult::Opened)
}
