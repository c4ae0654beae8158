//! One page of listed tickets: which of them are read, and what that comes to.

use super::Work;
use crate::{
    command::SyncReason,
    effect::Batch,
    error::{Code, Error, Result},
    runtime::join_all,
    service::{TicketId, listed_tickets::ListedTicket},
    store::{
        records::{CaseRequestRecord, Link, PendingSync, SeenTicket, TicketRecord, WhyPending},
        session,
    },
    time::Timestamp,
    workflows::{
        sync_ticket,
        ticket_first::{self, Wish},
    },
};
use std::{collections::BTreeMap, time::Duration};

/// Tickets that are read side by side; the budget of requests may allow fewer (API.md section 14).
const ABREAST: usize = 8;
/// Times are whole seconds (API.md section 15): a ticket that changed so shortly before it was listed may change again within
/// the same second, so that all of it is read once more.
const SAME_SECOND: Duration = Duration::from_secs(2);

/// What becomes of a listed ticket.
enum Fate {
    Unchanged,
    Read(SyncReason),
    Wait(WhyPending),
    /// It asks for a case.
    Request,
    Refused,
    None,
}

/// What the store knows of the tickets of a page.
struct Known {
    links: BTreeMap<TicketId, Link>,
    seen: BTreeMap<TicketId, SeenTicket>,
    pending: BTreeMap<TicketId, PendingSync>,
    requests: BTreeMap<TicketId, CaseRequestRecord>,
}

impl Work<'_> {
    /// Reads what of a page has changed, and says what is to be committed together with the cursor. What a reading came to is
    /// durable by then.
    pub(super) async fn take_in(
        &mut self,
        rows: Vec<ListedTicket>,
        asked_at: Timestamp,
    ) -> Result<Batch> {
        let known = self.known(&rows).await?;
        let mut batch = Batch::default();
        let mut read = Vec::new();
        for row in rows {
            match self.fate(&known, &row) {
                Fate::Unchanged => self.report.unchanged += 1,
                Fate::Refused => self.report.refused += 1,
                Fate::None => {}
                Fate::Wait(why) => self.put_off(&mut batch, row.id, why)?,
                Fate::Read(reason) => read.push((row, reason)),
                Fate::Request => read.push((row, SyncReason::Poll)),
            }
        }
        for rows in read.chunks(ABREAST) {
            let reads = rows
                .iter()
                .map(|(row, reason)| sync_ticket::sync_ticket(self.cx, self.env, row.id, *reason));
            for ((row, _), read) in rows.iter().zip(join_all(reads).await) {
                let linked = known.links.contains_key(&row.id);
                match read {
                    Ok(outcome) if linked || !outcome.case_ids.is_empty() => {
                        self.report.requested += u64::from(!linked);
                        self.report.synced += u64::from(linked);
                        self.remember(&mut batch, row, asked_at)?;
                        if known.pending.contains_key(&row.id) {
                            batch.delete.push(self.env.keys.pending(row.id));
                        }
                    }
                    Ok(_) => self.report.refused += 1,
                    Err(error) if is_of_the_ticket(&error) => {
                        self.report.note_failure(row.id, error);
                        self.put_off(&mut batch, row.id, WhyPending::Failed)?;
                    }
                    Err(error) => return Err(error),
                }
            }
        }
        Ok(batch)
    }

    fn fate(&self, known: &Known, row: &ListedTicket) -> Fate {
        let Some(link) = known.links.get(&row.id) else {
            let wish = ticket_first::wish(self.env, row, known.requests.get(&row.id));
            return match wish {
                Wish::None => Fate::None,
                Wish::Refused => Fate::Refused,
                Wish::New => Fate::Request,
            };
        };
        if let Some(why) = drastic(link, row) {
            return Fate::Wait(why);
        }
        let as_before = known
            .seen
            .get(&row.id)
            .filter(|seen| Some(seen.updated) == row.updated() && seen.digest == row.digest());
        match as_before {
            // What was held back and is undone is told as it is now.
            _ if known.pending.contains_key(&row.id) => Fate::Read(SyncReason::Poll),
            Some(seen) if seen.unsettled => Fate::Read(SyncReason::Asked),
            Some(_) => Fate::Unchanged,
            None => Fate::Read(SyncReason::Poll),
        }
    }

    async fn known(&self, rows: &[ListedTicket]) -> Result<Known> {
        let (cx, keys) = (self.cx, &self.env.keys);
        let ids: Vec<TicketId> = rows.iter().map(|row| row.id).collect();
        let cases = ids.iter().map(|id| keys.ticket(*id)).collect();
        let cases = session::get_many::<TicketRecord>(cx, cases).await?;
        let mut linked = Vec::new();
        let mut others = Vec::new();
        for (id, record) in ids.into_iter().zip(cases) {
            match record.value {
                Some(record) => linked.push((id, record.case_id)),
                None => others.push(id),
            }
        }
        let links = linked
            .iter()
            .map(|(_, case_id)| keys.link(case_id))
            .collect();
        let links = session::get_many::<Link>(cx, links).await?;
        let seen = linked.iter().map(|(id, _)| keys.seen_ticket(*id)).collect();
        let seen = session::get_many::<SeenTicket>(cx, seen).await?;
        let pending = linked.iter().map(|(id, _)| keys.pending(*id)).collect();
        let pending = session::get_many::<PendingSync>(cx, pending).await?;
        let requests = match self.env.settings.config().inbound.trigger {
            Some(_) => {
                let requests = others.iter().map(|id| keys.request(*id)).collect();
                session::get_many::<CaseRequestRecord>(cx, requests).await?
            }
            None => Vec::new(),
        };
        let of_linked = || linked.iter().map(|(id, _)| *id);
        Ok(Known {
            links: present(of_linked(), links),
            seen: present(of_linked(), seen),
            pending: present(of_linked(), pending),
            requests: present(others.into_iter(), requests),
        })
    }

    /// Remembers in which state a ticket was read.
    pub(super) fn remember(
        &self,
        batch: &mut Batch,
        row: &ListedTicket,
        asked_at: Timestamp,
    ) -> Result<()> {
        let Some(updated) = row.updated() else {
            return Ok(());
        };
        let seen = SeenTicket {
            updated,
            digest: row.digest(),
            unsettled: updated.after(SAME_SECOND) > asked_at,
        };
        batch.put_record(self.env.keys.seen_ticket(row.id), &seen)
    }

    /// Leaves a ticket for later.
    pub(super) fn put_off(
        &self,
        batch: &mut Batch,
        ticket: TicketId,
        why: WhyPending,
    ) -> Result<()> {
        let pending = PendingSync {
            ticket: ticket.0,
            why,
        };
        batch.put_record(self.env.keys.pending(ticket), &pending)
    }
}

fn present<T>(
    ids: impl Iterator<Item = TicketId>,
    records: Vec<session::Stored<T>>,
) -> BTreeMap<TicketId, T> {
    ids.zip(records)
        .filter_map(|(id, record)| Some((id, record.value?)))
        .collect()
}

/// What of a change the host is not told before it is known how many there are.
pub(in crate::workflows) fn drastic(link: &Link, row: &ListedTicket) -> Option<WhyPending> {
    let board = ListedTicket::label(row.board.as_ref());
    if !link.is_open() {
        None
    } else if row.closed_flag && row.merged_parent_ticket.is_none() {
        Some(WhyPending::Closed)
    } else if !board.is_empty() && !crate::catalog::same_name(board, &link.board) {
        Some(WhyPending::Moved)
    } else {
        None
    }
}

/// Whether it is this ticket that cannot be read, and another one may be.
pub(in crate::workflows) fn is_of_the_ticket(error: &Error) -> bool {
    !error.retry
        && !matches!(
            error.code,
            Code::StoreFailed | Code::Unauthorized | Code::SwitchedOff | Code::InstanceDeleted
        )
}
