//! The cases that share a ticket because they repeat its first case, or are part of a flood: each is told what changed in it as
//! the first one is, some at a time.

use super::{
    super::work::{Interrupt, Work},
    Readings,
    known::{Known, records_of},
    overtaken,
    own::OwnWrites,
    tell_all,
};
use crate::{
    command::{SyncReason, TicketOutcome},
    environment::Environment,
    error::Result,
    runtime::Context,
    service::TicketId,
    store::{
        records::{self, Link, OutboxEntry, TicketRecord},
        session::{self, Stored},
    },
};
use std::collections::BTreeSet;

/// As many are told together, from one reading of the ticket.
const PAGE: u32 = 64;

/// How often other connectors may get in first before the rest is left to the next reading.
const ROUNDS: u32 = 16;

/// Tells all cases that share the ticket of `first`.
pub(super) async fn tell(
    cx: &Context,
    env: &Environment,
    first: &str,
    reason: SyncReason,
    outcome: &mut TicketOutcome,
) -> Result<()> {
    let prefix = env.keys.members(first);
    let mut after = None;
    loop {
        let page = session::scan(cx, &prefix, after.take(), PAGE).await?;
        let Some(last) = page.last() else {
            return Ok(());
        };
        after = Some(last.key.clone());
        let mut cases = BTreeSet::new();
        for record in &page {
            let member: TicketRecord = records::read(&record.key, &record.value)?;
            cases.insert(member.case_id);
        }
        tell_page(cx, env, first, &cases, reason, outcome).await?;
    }
}

async fn tell_page(
    cx: &Context,
    env: &Environment,
    first: &str,
    cases: &BTreeSet<String>,
    reason: SyncReason,
    outcome: &mut TicketOutcome,
) -> Result<()> {
    for round in 0..ROUNDS {
        match attempt(cx, env, first, cases, reason).await {
            Ok(told) => {
                outcome.told += told;
                return Ok(());
            }
            Err(Interrupt::Failed(error)) => return Err(error),
            Err(Interrupt::Again) => cx.sleep_until(cx.now().after(cx.backoff(round) / 8)).await,
        }
    }
    Err(overtaken(outcome.ticket_id))
}

async fn attempt(
    cx: &Context,
    env: &Environment,
    first: &str,
    cases: &BTreeSet<String>,
    reason: SyncReason,
) -> std::result::Result<u64, Interrupt> {
    // In one order for everyone. The turns of those whose tickets they share are over: a case that joins waits for them.
    let mut turns = Vec::new();
    for case in cases {
        turns.push(cx.lock(format!("case {case}")).await);
    }
    let mut works = Vec::new();
    for case in cases {
        let mut work = Work::load(cx, env, case, None).await?;
        work.settle().await?;
        let joined = work.link().and_then(|link| link.joined.as_ref());
        // One that got a ticket of its own since is told of that one.
        if joined.is_some_and(|joined| joined.first == first) {
            works.push(work);
        }
    }
    let mut readings = Readings::default();
    let mut tickets = BTreeSet::new();
    for work in &mut works {
        let path = readings.follow(cx, env, work.linked()?.ticket).await?;
        work.follow(&path).await?;
        tickets.extend(path);
    }
    let known = writers(cx, env, &tickets).await?;
    let told = tell_all(cx, env, &mut works, &readings, reason, &known).await?;
    drop(turns);
    Ok(told)
}

/// What casewire wrote for the cases that have these tickets.
async fn writers(
    cx: &Context,
    env: &Environment,
    tickets: &BTreeSet<TicketId>,
) -> std::result::Result<Known, Interrupt> {
    let records = records_of(cx, env, tickets).await?;
    let cases = records.iter().filter_map(|record| record.value.as_ref());
    let cases: Vec<&str> = cases.flat_map(TicketRecord::cases).collect();
    let entries = cases.iter().map(|case| env.keys.outbox(case)).collect();
    let entries = session::get_many::<OutboxEntry>(cx, entries).await?;
    let under_way = |entry: &OutboxEntry| entry.intent.is_some();
    if entries
        .iter()
        .any(|entry| entry.value.as_ref().is_some_and(under_way))
    {
        // What it writes may be read before it is known for casewire's own.
        return Err(Interrupt::Again);
    }
    let links = cases.iter().map(|case| env.keys.link(case)).collect();
    let links = session::get_many::<Link>(cx, links).await?;
    let mut own = OwnWrites::default();
    own.add(links.iter().filter_map(|link| link.value.as_ref()));
    let standing = records.iter().map(Stored::standing);
    let standing = standing.chain(entries.iter().map(Stored::standing));
    let standing = standing.chain(links.iter().map(Stored::standing)).collect();
    Ok(Known { standing, own })
}
