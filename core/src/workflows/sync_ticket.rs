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
        session,
    },
};
use std::collections::{BTreeMap, BTreeSet, btree_map::Entry};

mod documents;
mod notes;
mod own;
mod state;

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
    let mut tickets = BTreeSet::from([ticket]);
    for round in 0..ROUNDS {
        match attempt(cx, env, &mut tickets, reason, &mut outcome).await {
            Ok(()) => return Ok(outcome),
            Err(Interrupt::Failed(error)) => return Err(error),
            Err(Interrupt::Again) => cx.sleep_until(cx.now().after(cx.backoff(round) / 8)).await,
        }
    }
    Err(Error::new(
        Code::StoreConflict,
        format!("other connectors kept changing the cases of ticket {ticket}; read it again"),
    ))
}

/// `tickets` are those whose cases are looked at: the one that was asked for, and those that it was merged into.
async fn attempt(
    cx: &Context,
    env: &Environment,
    tickets: &mut BTreeSet<TicketId>,
    reason: SyncReason,
    outcome: &mut TicketOutcome,
) -> std::result::Result<(), Interrupt> {
    let cases = cases_of(cx, env, tickets).await?;
    // All at once and in one order for everyone, so that no two wait for each other; with the work on a case kept apart
    // from it as submissions of the case are (contract, rule 6).
    let mut turns = Vec::new();
    for case in &cases {
        turns.push(cx.lock(format!("case {case}")).await);
    }
    if cases_of(cx, env, tickets).await? != cases {
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
        if !path.iter().all(|ticket| tickets.contains(ticket)) {
            // The ticket that survived a merge may have cases too: begin again with theirs.
            tickets.extend(path);
            return Err(Interrupt::Again);
        }
        work.follow(&path).await?;
    }
    outcome.case_ids = cases.into_iter().collect();
    let survivors: BTreeSet<TicketId> = works
        .iter()
        .filter_map(|work| Some(work.link()?.ticket))
        .collect();
    for survivor in survivors {
        let mut group: Vec<&mut Work<'_>> = works
            .iter_mut()
            .filter(|work| work.link().is_some_and(|link| link.ticket == survivor))
            .collect();
        let told = match readings.of(survivor) {
            Some(ticket) => bring_up_to_date(cx, env, &mut group, ticket, reason).await?,
            None => tell_gone(&mut group, Gone::Deleted).await?,
        };
        outcome.told += told;
    }
    drop(turns);
    Ok(())
}

/// The cases of these tickets, in the order of their ids.
async fn cases_of(
    cx: &Context,
    env: &Environment,
    tickets: &BTreeSet<TicketId>,
) -> Result<BTreeSet<String>> {
    let keys = tickets.iter().map(|ticket| env.keys.ticket(*ticket));
    let records = session::get_many::<TicketRecord>(cx, keys.collect()).await?;
    let cases = records.iter().filter_map(|record| record.value.as_ref());
    Ok(cases
        .flat_map(TicketRecord::cases)
        .map(str::to_owned)
        .collect())
}

/// Tells the cases of one ticket what changed in it.
async fn bring_up_to_date(
    cx: &Context,
    env: &Environment,
    works: &mut [&mut Work<'_>],
    ticket: &Ticket,
    reason: SyncReason,
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
    let mut merged = merged.value.unwrap_or_default().merged;
    merged.extend(works.iter().flat_map(|work| work.followed()));
    let before: u64 = works.iter().map(|work| work.told()).sum();
    if let Some((notes, _)) = &content {
        for work in works.iter_mut() {
            work.learn_own_notes(ticket, notes);
        }
    }
    let mut own = own::OwnWrites::of(works);
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
        work.tell_merges(&merged);
        work.tell_state(ticket, content.as_ref().map(|(notes, _)| notes.as_slice()));
        if let Some((notes, _)) = &content {
            work.tell_notes(notes, &own);
        }
    }
    if let Some((_, documents)) = content {
        // Neither does it wait for a long transfer.
        commit_all(works).await?;
        documents::tell(cx, env, works, &documents?, &own).await?;
        for work in works.iter_mut() {
            work.note_content_read(ticket);
        }
    }
    commit_all(works).await?;
    let after: u64 = works.iter().map(|work| work.told()).sum();
    Ok(after - before)
}

/// Commits what each case was told, one after the other.
async fn commit_all(works: &mut [&mut Work<'_>]) -> std::result::Result<(), Interrupt> {
    for place in 0..works.len() {
        let others = works
            .iter()
            .enumerate()
            .filter(|(other, _)| *other != place);
        let others = others.flat_map(|(_, work)| work.standing()).collect();
        if let Some(work) = works.get_mut(place) {
            work.commit_changes_beside(others).await?;
        }
    }
    Ok(())
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
