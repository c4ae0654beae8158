//! What must be known of a ticket's cases, and still hold, when one of them is told what changed in it.

use super::{
    super::work::{Interrupt, Work},
    own::OwnWrites,
};
use crate::{
    decide,
    effect::Expectation,
    environment::Environment,
    error::Result,
    runtime::Context,
    service::{TicketId, tickets::Ticket},
    store::{
        records::{Action, OutboxEntry, TicketRecord},
        session::{self, Stored},
    },
};
use std::collections::BTreeSet;

/// What is looked at together.
pub(super) struct Scope {
    /// The ticket that was asked for, and those that it was merged into.
    pub(super) tickets: BTreeSet<TicketId>,
    /// Cases that made one of them and do not know it yet.
    pub(super) unbound: BTreeSet<String>,
}

/// What is known of the cases of these tickets.
pub(super) async fn records_of(
    cx: &Context,
    env: &Environment,
    tickets: &BTreeSet<TicketId>,
) -> Result<Vec<Stored<TicketRecord>>> {
    let keys = tickets.iter().map(|ticket| env.keys.ticket(*ticket));
    session::get_many(cx, keys.collect()).await
}

impl Scope {
    /// The cases of tickets, in the order of their ids.
    pub(super) fn cases_of(&self, records: &[Stored<TicketRecord>]) -> BTreeSet<String> {
        let known = records.iter().filter_map(|record| record.value.as_ref());
        let known = known.flat_map(TicketRecord::cases).map(str::to_owned);
        known.chain(self.unbound.iter().cloned()).collect()
    }
}

/// The case other than `cases` that made a ticket, where the answer to that is not recorded yet: the ticket's first notes are
/// its own.
pub(super) async fn unbound_maker(
    cx: &Context,
    env: &Environment,
    ticket: &Ticket,
    cases: &BTreeSet<String>,
) -> Result<Option<String>> {
    let reference = ticket.external_xref.as_deref().unwrap_or_default();
    let maker = decide::case_of(env.settings.config(), reference);
    let Some(maker) = maker.filter(|maker| !cases.contains(*maker)) else {
        return Ok(None);
    };
    let entry = session::get_one::<OutboxEntry>(cx, env.keys.outbox(maker)).await?;
    let creates = entry.value.and_then(|entry| entry.intent).is_some_and(
        |intent| matches!(intent.action, Action::CreateTicket { reference: made, .. } if made == reference),
    );
    Ok(creates.then(|| maker.to_owned()))
}

/// The tickets' cases as they were known before the tickets were read: a case that comes to one of them later may have written
/// what was read, which is then no one else's to say.
pub(super) struct Known {
    pub(super) standing: Vec<Expectation>,
    /// What casewire wrote for cases of the ticket that are not told now.
    pub(super) own: OwnWrites,
}

impl Known {
    /// What casewire itself wrote on the ticket, for these cases and others.
    pub(super) fn own_writes(&self, works: &[&mut Work<'_>]) -> OwnWrites {
        let mut own = self.own.clone();
        own.add(works.iter().filter_map(|work| work.link()));
        own
    }

    /// Commits what each case was told, one after the other, if no one changed the cases of the ticket meanwhile.
    pub(super) async fn commit_all(
        &self,
        works: &mut [&mut Work<'_>],
    ) -> std::result::Result<(), Interrupt> {
        for place in 0..works.len() {
            self.commit(works, place).await?;
        }
        Ok(())
    }

    /// Commits what one of the cases was told.
    pub(super) async fn commit(
        &self,
        works: &mut [&mut Work<'_>],
        place: usize,
    ) -> std::result::Result<(), Interrupt> {
        let others = works
            .iter()
            .enumerate()
            .filter(|(other, _)| *other != place);
        let others = others.flat_map(|(_, work)| work.standing());
        let others = others.chain(self.standing.iter().cloned()).collect();
        match works.get_mut(place) {
            Some(work) => work.commit_changes_beside(others).await,
            None => Ok(()),
        }
    }
}
