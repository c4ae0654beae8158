//! Tickets that become cases (row S6; guide 002 step 3 and "Create a ConnectWise ticket").
//!
//! The link and the delivery that asks the host for the case are one commit, so that it happens once, whoever finds the ticket
//! first: a callback, a poll, another connector. Then the case's reference is written onto the ticket.

use super::{
    own_notes, poll,
    work::{Interrupt, Work},
};
use crate::{
    callback::TicketHint,
    case::Visibility,
    catalog::same_name,
    command::Command,
    company::CompanyId,
    config::{RefusalPlace, Trigger},
    decide,
    delivery::{CaseRequest, Event},
    effect::{Batch, Expectation},
    environment::Environment,
    error::{Code, Error, Result},
    mapping::MappedCompany,
    runtime::Context,
    service::{
        TicketId,
        listed_tickets::ListedTicket,
        tickets::{self, Ticket},
    },
    store::{
        records::{CaseRequestRecord, Link, RefusedRequest, RequestIntent, TicketRecord, Written},
        session::{self, Stored},
    },
    system::members::own_identifier,
    time::Timestamp,
    workflows::announce::Announcement,
};
use std::collections::BTreeMap;

mod contact;
mod writes;

pub(super) use writes::{finish_write, finish_writes};

/// How often other connectors may get in first before it is called a fault.
const ROUNDS: u32 = 16;

/// What a ticket without a case asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wish {
    /// Nothing.
    None,
    /// A case, which was refused, and nothing has changed since.
    Refused,
    /// A case.
    New,
}

/// The trigger, where tickets become cases.
fn trigger(env: &Environment) -> Option<&Trigger> {
    let config = env.settings.config();
    let on = config.policies.ticket_inbound.enabled;
    config.inbound.trigger.as_ref().filter(|_| on)
}

/// Whether a callback may tell of a ticket that asks for a case. Asked before the callback is proven; what it says of the
/// ticket is read again.
pub(super) fn may_ask(env: &Environment, hint: &TicketHint) -> bool {
    let is = |name: &Option<String>, wanted: &str| {
        name.as_deref().is_some_and(|name| same_name(name, wanted))
    };
    trigger(env)
        .is_some_and(|trigger| is(&hint.board, &trigger.board) && is(&hint.status, &trigger.status))
}

/// What a listed ticket without a case asks for.
pub(super) fn wish(
    env: &Environment,
    row: &ListedTicket,
    record: Option<&CaseRequestRecord>,
) -> Wish {
    let asks = trigger(env).is_some_and(|trigger| {
        same_name(ListedTicket::label(row.board.as_ref()), &trigger.board)
            && same_name(ListedTicket::label(row.status.as_ref()), &trigger.status)
            && row.is_service_ticket()
            && !row.closed_flag
            && row.merged_parent_ticket.is_none()
            && !is_ours(env, row.external_xref.as_deref())
    });
    let refused = record.and_then(|record| record.refused.as_ref());
    match refused {
        _ if !asks => Wish::None,
        Some(refused) if refused.updated.is_some() && refused.updated == row.updated() => {
            Wish::Refused
        }
        _ => Wish::New,
    }
}

/// Whether a reference is one of this instance's cases: their tickets are made by casewire, and may be so right now.
fn is_ours(env: &Environment, reference: Option<&str>) -> bool {
    let own = decide::reference_of_any(env.settings.config());
    reference.is_some_and(|reference| reference.starts_with(&own))
}

/// Makes a case of a ticket without one, where it asks for that. Gives the case's id.
///
/// # Errors
///
/// What reading the ticket, or writing to it or to the store, came to. What was begun is finished by the next poll, or by the
/// next connector over the store.
pub(super) async fn take_up(
    cx: &Context,
    env: &Environment,
    ticket: TicketId,
) -> Result<Option<String>> {
    let Some(trigger) = trigger(env) else {
        return Ok(None);
    };
    // A case that the host hands over under this id already waits here.
    let _turn = cx.lock(format!("case {}", case_id(ticket))).await;
    for round in 0..ROUNDS {
        match attempt(cx, env, trigger, ticket).await {
            Ok(case_id) => return Ok(case_id),
            Err(Interrupt::Failed(error)) => return Err(error),
            Err(Interrupt::Again) => cx.sleep_until(cx.now().after(cx.backoff(round) / 8)).await,
        }
    }
    Err(Error::new(
        Code::StoreConflict,
        format!(
            "other connectors kept changing what is known of ticket {ticket}; the next poll takes it up again"
        ),
    ))
}

/// The id of the case that a ticket becomes; a host's own case may have it already.
fn case_id(ticket: TicketId) -> String {
    format!("ticket-{ticket}")
}

async fn attempt(
    cx: &Context,
    env: &Environment,
    trigger: &Trigger,
    id: TicketId,
) -> std::result::Result<Option<String>, Interrupt> {
    let keys = [env.keys.ticket(id), env.keys.request(id)];
    let (linked, record): (Stored<TicketRecord>, Stored<CaseRequestRecord>) =
        session::get_two(cx, keys).await?;
    if let Some(TicketRecord { case_id, .. }) = linked.value {
        return Ok(Some(case_id));
    }
    if record.value.as_ref().is_some_and(|it| it.intent.is_some()) {
        // What an earlier refusal wrote may be under way; one that cannot be written keeps no later request back.
        match finish_write(cx, env, id).await {
            Ok(()) => return Err(Interrupt::Again),
            Err(error) if poll::is_of_the_ticket(&error) => {}
            Err(error) => return Err(error.into()),
        }
    }
    let ticket = match tickets::get(cx, &env.api, id).await {
        Ok(ticket) => ticket,
        Err(error) if error.code == Code::NotFound => return Ok(None),
        Err(error) => return Err(error.into()),
    };
    if !asks(env, trigger, &ticket) {
        return Ok(None);
    }
    if let Err(reason) = contact::known(cx, env, trigger, &ticket).await? {
        refuse(cx, env, trigger, &ticket, record, reason).await?;
        return Ok(None);
    }
    let (case_id, not_after) = bind(cx, env, &ticket, linked, record).await?;
    writes::send_first(cx, env, id, not_after).await?;
    Ok(Some(case_id))
}

fn asks(env: &Environment, trigger: &Trigger, ticket: &Ticket) -> bool {
    let is_service_ticket = ticket
        .record_type
        .as_deref()
        .is_none_or(|kind| kind.eq_ignore_ascii_case("ServiceTicket"));
    same_name(ticket.board_name(), &trigger.board)
        && same_name(ticket.status_name(), &trigger.status)
        && is_service_ticket
        && !ticket.closed_flag
        && ticket.merged_into().is_none()
        && !is_ours(env, ticket.external_xref.as_deref())
}

/// Notes that a ticket makes no case, and says so once for each contact.
async fn refuse(
    cx: &Context,
    env: &Environment,
    trigger: &Trigger,
    ticket: &Ticket,
    mut record: Stored<CaseRequestRecord>,
    reason: String,
) -> std::result::Result<(), Interrupt> {
    let contact = contact::address(ticket).unwrap_or_default().to_owned();
    let updated = ticket.info.as_ref().and_then(|info| info.last_updated);
    let before = record.value.take().unwrap_or_default();
    let told = before
        .refused
        .as_ref()
        .is_some_and(|refused| refused.contact == contact);
    let as_note = trigger.refusal == RefusalPlace::Note;
    let first = match &before.intent {
        None if !told && as_note => Some(writes::explanation(cx, env, &reason).await?),
        _ => None,
    };
    let not_after = first.as_ref().map(RequestIntent::not_after);
    let intent = before.intent.or(first);
    record.value = Some(CaseRequestRecord {
        ticket: ticket.id.0,
        intent,
        refused: Some(RefusedRequest {
            contact,
            updated,
            reason: reason.clone(),
        }),
    });
    let mut batch = Batch::default();
    batch.save(&record)?;
    let intent = record
        .value
        .as_ref()
        .and_then(|record| record.intent.as_ref());
    if let Some(RequestIntent::ExplainRefusal { text, .. }) = intent {
        let written = (Visibility::Internal, text.as_str());
        own_notes::declare(cx, env, ticket.id, written, &mut batch).await?;
    }
    let mut announced = None;
    if !told && !as_note {
        let event = Event::CaseRequestRefused {
            ticket_id: ticket.id,
            reason,
        };
        announced = Some(Announcement::add(cx, env, event, &mut batch).await?);
    }
    session::commit(cx, batch).await?;
    if let Some(announced) = announced {
        announced.offer(cx);
    }
    if let Some(not_after) = not_after {
        writes::send_first(cx, env, ticket.id, not_after).await?;
    }
    Ok(())
}

/// Binds a ticket to a new case, and asks the host for it, in one commit with the intent to mark the ticket. Gives the case's id,
/// and until when the mark may leave.
async fn bind(
    cx: &Context,
    env: &Environment,
    ticket: &Ticket,
    unlinked: Stored<TicketRecord>,
    mut record: Stored<CaseRequestRecord>,
) -> std::result::Result<(String, Timestamp), Interrupt> {
    let mut work = free(cx, env, ticket.id).await?;
    let case_id = work.case_id().to_owned();
    let reference = decide::reference(env.settings.config(), &case_id).value;
    let request = request(cx, env, ticket).await?;
    work.set_link(adopted(env, &case_id, &reference, ticket));
    work.know(ticket);
    work.tell(Event::CaseRequested {
        request: Box::new(request),
    });
    let not_after = writes::last_moment(cx);
    record.value = Some(CaseRequestRecord {
        ticket: ticket.id.0,
        intent: Some(RequestIntent::MarkTicket {
            reference,
            not_after,
        }),
        refused: None,
    });
    let mut along = Batch::default();
    along.save(&record)?;
    along.expect.push(Expectation {
        key: unlinked.key,
        revision: unlinked.revision,
    });
    work.commit_along(along);
    work.commit().await?;
    Ok((case_id, not_after))
}

/// The records of a case id that no case has. The host may have a case `ticket-909` of its own.
async fn free<'a>(
    cx: &'a Context,
    env: &'a Environment,
    ticket: TicketId,
) -> std::result::Result<Work<'a>, Interrupt> {
    const MOST: u32 = 100;
    for number in 1..MOST {
        let case_id = match number {
            1 => case_id(ticket),
            number => format!("{}-{number}", case_id(ticket)),
        };
        let work = Work::load(cx, env, &case_id, None).await?;
        if work.link().is_none() && work.case().is_none() {
            return Ok(work);
        }
    }
    Err(Error::new(
        Code::Internal,
        format!("every case id for ticket {ticket} is taken by another case"),
    )
    .into())
}

/// A link to a ticket that casewire did not make. It has written nothing there, so that whatever stands in the ticket is a
/// technician's choice.
pub(super) fn adopted(env: &Environment, case_id: &str, reference: &str, ticket: &Ticket) -> Link {
    let settings = &env.settings;
    let (board, status) = (ticket.board_name(), ticket.status_name());
    Link {
        case_id: case_id.to_owned(),
        ticket: ticket.id,
        reference: reference.to_owned(),
        board: board.to_owned(),
        company: CompanyId(Ticket::id_of(ticket.company.as_ref()).unwrap_or_default()),
        company_name: ticket.company_name().to_owned(),
        status: status.to_owned(),
        closed: ticket.closed_flag,
        member: env.api.quirks().member.clone(),
        written: Written {
            case_status: decide::case_status(settings, board, status).unwrap_or_default(),
            case_severity: severity(env, ticket).unwrap_or_default(),
            over: ticket.closed_flag,
            status: Ticket::id_of(ticket.status.as_ref()),
            ..Written::default()
        },
        adopted: true,
        case_digest: String::new(),
        notes: BTreeMap::new(),
        documents: BTreeMap::new(),
        uploads: BTreeMap::new(),
        openings: Vec::new(),
        configurations: Vec::new(),
        former: Vec::new(),
        reopened: 0,
        gone: None,
        deliveries: 0,
        joined: None,
        owed: None,
        about: None,
    }
}

fn severity(env: &Environment, ticket: &Ticket) -> Option<String> {
    let priority = ticket.priority.as_ref()?.label()?;
    let severities = &env.settings.severities;
    severities.get(&priority.trim().to_lowercase()).cloned()
}

async fn request(cx: &Context, env: &Environment, ticket: &Ticket) -> Result<CaseRequest> {
    let company = ticket.company.clone().unwrap_or_default();
    let company = MappedCompany {
        id: CompanyId(company.id.unwrap_or_default()),
        identifier: company.identifier.unwrap_or_default(),
        name: company.name.unwrap_or_default(),
    };
    let info = ticket.info.clone().unwrap_or_default();
    Ok(CaseRequest {
        title: ticket.summary.clone(),
        groups: contact::groups_of(cx, env, &company).await?,
        company,
        contact: ticket
            .contact
            .as_ref()
            .and_then(|contact| contact.label())
            .map(str::to_owned),
        contact_email: contact::address(ticket).map(str::to_owned),
        severity: severity(env, ticket),
        requested_by: own_identifier(&info)
            .map(str::to_owned)
            .filter(|_| info.updated_by.is_none())
            .or(info.updated_by),
        created_at: info.date_entered,
    })
}

/// Goes on with what an earlier connector left: marks tickets, explains refusals.
pub(super) async fn resume(cx: &Context, env: &Environment) -> Result<()> {
    session::each(cx, &env.keys.all("request"), |record: CaseRequestRecord| {
        if record.intent.is_some() {
            cx.submit(Command::ContinueRequest {
                ticket: TicketId(record.ticket),
            });
        }
    })
    .await
}
