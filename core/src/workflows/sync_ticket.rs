//! What changes in a ticket reaches its cases (guide 000 section 9.3 "and vice-versa", guide 003 "Incident Inbound"). This is
//! the one place where a ticket is compared with what its cases were told; callbacks, polls and reconciles lead here.

use super::{
    own_notes, ticket_first,
    work::{Interrupt, Work},
};
use crate::{
    callback::TicketHint,
    command::{SyncReason, TicketOutcome},
    delivery::Event,
    effect::Batch,
    environment::Environment,
    error::{Code, Error, Result},
    runtime::Context,
    service::{
        TicketId,
        tickets::{self, Ticket},
    },
    store::{
        records::{Gone, TicketRecord},
        session::{self, Stored},
    },
};
use std::collections::{BTreeMap, BTreeSet, btree_map::Entry};

mod documents;
mod known;
mod members;
mod notes;
mod own;
mod state;

use known::{Known, Scope, records_of, unbound_maker};
use own::OwnWrites;

/// How often other connectors may get in first before it is called a fault.
const ROUNDS: u32 = 16;

/// How many merges one after the other are followed.
const MERGES: usize = 8;

/// Whether a ticket is of interest: one of a case is, and one that may ask for a case. Asked before a callback is proven, so nothing is sent for it.
pub(super) async fn concerns(cx: &Context, env: &Environment, hint: &TicketHint) -> Result<bool> {
    let record = session::get_one::<TicketRecord>(cx, env.keys.ticket(hint.ticket)).await?;
    Ok(record.value.is_some() || ticket_first::may_ask(env, hint))
}

/// Reads a ticket and tells its cases what changed.
pub(super) async fn sync_ticket(
    cx: &Context,
    env: &Environment,
    ticket: TicketId,
    reason: SyncReason,
) -> Result<TicketOutcome> {
    // One reading at a time: whoever waits here finds all that was saved until its turn.
    let _turn = cx.lock(format!("sync ticket {}", ticket.0)).await;
    env.awaited_tickets.lock().remove(&ticket);
    let mut outcome = TicketOutcome {
        ticket_id: ticket,
        case_ids: Vec::new(),
        told: 0,
    };
    if !env.settings.config().policies.ticket_inbound.enabled {
        return Ok(outcome);
    }
    let record = session::get_one::<TicketRecord>(cx, env.keys.ticket(ticket)).await?;
    if record.value.is_none() && ticket_first::take_up(cx, env, ticket).await?.is_none() {
        return Ok(outcome);
    }
    let mut scope = Scope {
        tickets: BTreeSet::from([ticket]),
        unbound: BTreeSet::new(),
    };
    for round in 0..ROUNDS {
        match attempt(cx, env, &mut scope, reason, &mut outcome).await {
            Ok(()) => {
                for first in outcome.case_ids.clone() {
                    members::tell(cx, env, &first, reason, &mut outcome).await?;
                }
                return Ok(outcome);
            }
            Err(Interrupt::Failed(error)) => return Err(error),
            Err(Interrupt::Again) => cx.sleep_until(cx.now().after(cx.backoff(round) / 8)).await,
        }
    }
    Err(overtaken(ticket))
}

fn overtaken(ticket: TicketId) -> Error {
    Error::new(
        Code::StoreConflict,
        format!("other connectors kept changing the cases of ticket {ticket}; read it again"),
    )
}

async fn attempt(
    cx: &Context,
    env: &Environment,
    scope: &mut Scope,
    reason: SyncReason,
    outcome: &mut TicketOutcome,
) -> std::result::Result<(), Interrupt> {
    let cases = scope.cases_of(&records_of(cx, env, &scope.tickets).await?);
    // All at once and in one order for everyone, so that no two wait for each other; with the work on a case kept apart
    // from it as submissions of the case are (contract, rule 6).
    let mut turns = Vec::new();
    for case in &cases {
        turns.push(cx.lock(format!("case {case}")).await);
    }
    let mut records = records_of(cx, env, &scope.tickets).await?;
    if scope.cases_of(&records) != cases {
        return Err(Interrupt::Again);
    }
    let mut works = Vec::new();
    for case in &cases {
        let mut work = Work::load(cx, env, case, None).await?;
        // What may be under way for the case is casewire's own, once it is found.
        work.settle().await?;
        if work.link().is_some() {
            works.push(work);
        }
    }
    let mut readings = Readings::default();
    for work in &mut works {
        let linked = work.linked()?.ticket;
        let path = readings.follow(cx, env, linked).await?;
        if !path.iter().all(|ticket| scope.tickets.contains(ticket)) {
            // The ticket that survived a merge may have cases too: begin again with theirs.
            scope.tickets.extend(path);
            return Err(Interrupt::Again);
        }
        for ticket in path.iter().filter_map(|ticket| readings.of(*ticket)) {
            if let Some(maker) = unbound_maker(cx, env, ticket, &cases).await? {
                scope.unbound.insert(maker);
                return Err(Interrupt::Again);
            }
        }
        work.follow(&path).await?;
    }
    if works.iter().any(Work::has_moved) {
        // Written before the ticket is read for more: whoever writes to it next for another case finds these too.
        for work in &mut works {
            work.commit_changes().await?;
        }
        records = records_of(cx, env, &scope.tickets).await?;
        if scope.cases_of(&records) != cases {
            return Err(Interrupt::Again);
        }
    }
    let known = Known {
        standing: records.iter().map(Stored::standing).collect(),
        own: OwnWrites::default(),
    };
    outcome.case_ids = cases.into_iter().collect();
    outcome.told += tell_all(cx, env, &mut works, &readings, reason, &known).await?;
    drop(turns);
    Ok(())
}

/// Tells cases what became of their tickets.
async fn tell_all(
    cx: &Context,
    env: &Environment,
    works: &mut [Work<'_>],
    readings: &Readings,
    reason: SyncReason,
    known: &Known,
) -> std::result::Result<u64, Interrupt> {
    let mut told = 0;
    let survivors: BTreeSet<TicketId> = works
        .iter()
        .filter_map(|work| Some(work.link()?.ticket))
        .collect();
    for survivor in survivors {
        let mut group: Vec<&mut Work<'_>> = works
            .iter_mut()
            .filter(|work| work.link().is_some_and(|link| link.ticket == survivor))
            .collect();
        told += match readings.of(survivor) {
            Some(ticket) => bring_up_to_date(cx, env, &mut group, ticket, reason, known).await?,
            None => tell_gone(&mut group, Gone::Deleted).await?,
        };
    }
    Ok(told)
}

/// Tells the cases of one ticket what changed in it.
async fn bring_up_to_date(
    cx: &Context,
    env: &Environment,
    works: &mut [&mut Work<'_>],
    ticket: &Ticket,
    reason: SyncReason,
    known: &Known,
) -> std::result::Result<u64, Interrupt> {
    if !ticket.is_service_ticket() {
        let record_type = ticket.record_type.clone();
        return tell_converted(works, record_type).await;
    }
    let mut content = None;
    if works.iter().any(|work| work.lacks_content(ticket, reason)) {
        let notes = notes::read(cx, env, ticket.id).await?;
        // A role that may not see documents sees notes: what was read is told, and then what failed.
        let documents = documents::read(cx, env, ticket.id).await;
        content = Some((notes, documents));
    }
    let merged = session::get_one::<TicketRecord>(cx, env.keys.ticket(ticket.id)).await?;
    let merged = merged.value.unwrap_or_default().merged;
    let before: u64 = works.iter().map(|work| work.told()).sum();
    if let Some((notes, _)) = &content {
        for place in 0..works.len() {
            let taken = known.own_writes(works).notes;
            if let Some(work) = works.get_mut(place) {
                work.learn_own_notes(ticket, notes, &taken);
            }
        }
    }
    let mut own = known.own_writes(works);
    if let Some((notes, _)) = &content {
        let mut declared = own_notes::read(cx, env, ticket.id).await?;
        if own.learn_declared(&mut declared, works, notes) {
            let mut batch = Batch::default();
            batch.save(&declared)?;
            session::commit(cx, batch).await?;
        }
    }
    for work in works.iter_mut() {
        work.change_link_if(|link| link.gone.take().is_some());
        let notes = content.as_ref().map(|(notes, _)| notes.as_slice());
        work.tell_state(ticket, notes, &merged);
        if let Some((notes, _)) = &content {
            work.tell_notes(notes, &own);
        }
    }
    if let Some((_, documents)) = content {
        // Neither does it wait for a long transfer.
        known.commit_all(works).await?;
        documents::tell(cx, env, works, &documents?, &own, known).await?;
        for work in works.iter_mut() {
            work.note_content_read(ticket);
        }
    }
    known.commit_all(works).await?;
    let after: u64 = works.iter().map(|work| work.told()).sum();
    Ok(after - before)
}

/// Tells the cases of a ticket that is no service ticket any more, once.
async fn tell_converted(
    works: &mut [&mut Work<'_>],
    record_type: Option<String>,
) -> std::result::Result<u64, Interrupt> {
    let mut told = 0;
    for work in works {
        if work.change_link_if(|link| link.gone.replace(Gone::Converted).is_none()) {
            let record_type = record_type.clone();
            work.tell(Event::TicketConverted { record_type });
            told += 1;
        }
        work.commit_changes().await?;
    }
    Ok(told)
}

/// Tells the cases of a ticket that is not there any more, once.
async fn tell_gone(works: &mut [&mut Work<'_>], gone: Gone) -> std::result::Result<u64, Interrupt> {
    let mut told = 0;
    for work in works {
        let ticket = work.linked()?.ticket;
        if work.change_link_if(|link| link.gone.replace(gone).is_none()) {
            work.tell(Event::TicketDeleted { ticket });
            told += 1;
        }
        work.commit_changes().await?;
    }
    Ok(told)
}

/// Tickets as they were read, each once; nothing for one that is gone.
#[derive(Debug, Default)]
struct Readings(BTreeMap<TicketId, Option<Ticket>>);

impl Readings {
    fn of(&self, ticket: TicketId) -> Option<&Ticket> {
        self.0.get(&ticket)?.as_ref()
    }

    /// The ticket and those that it was merged into, one after the other; the last one survives.
    async fn follow(
        &mut self,
        cx: &Context,
        env: &Environment,
        from: TicketId,
    ) -> Result<Vec<TicketId>> {
        let mut path = vec![from];
        let mut next = Some(from);
        while let Some(id) = next.take() {
            if let Entry::Vacant(unread) = self.0.entry(id) {
                unread.insert(read_ticket(cx, env, id).await?);
            }
            let into = self.of(id).and_then(Ticket::merged_into);
            if let Some(into) = into.filter(|into| !path.contains(into) && path.len() <= MERGES) {
                path.push(into);
                next = Some(into);
            }
        }
        Ok(path)
    }
}

/// Reads a ticket; nothing where it is gone, which two witnesses must say: its own path, and the list by its number. A 404
/// alone may be that of a codebase that moved (API.md section 3).
async fn read_ticket(cx: &Context, env: &Environment, id: TicketId) -> Result<Option<Ticket>> {
    match tickets::get(cx, &env.api, id).await {
        Ok(ticket) => Ok(Some(ticket)),
        Err(error) if error.code == Code::NotFound => {
            if !tickets::is_listed(cx, &env.api, id).await? {
                return Ok(None);
            }
            tickets::get(cx, &env.api, id).await.map(Some)
        }
        Err(error) => Err(error),
    }
}
