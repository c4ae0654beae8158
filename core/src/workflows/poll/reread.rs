//! Every open ticket, a few with each poll: a note or a document may come without the ticket's time of change moving, and what
//! was deleted is in no list of changes.

use super::{Work, page};
use crate::{
    command::SyncReason,
    effect::Batch,
    error::{Code, Result},
    runtime::join_all,
    service::{
        TicketId,
        listed_tickets::{self, ListedTicket},
    },
    store::{
        records::{self, Link, WhyPending},
        session,
    },
    workflows::sync_ticket,
};
use std::collections::BTreeMap;

/// Open tickets that one poll reads again.
const AT_ONCE: usize = 100;
/// Links that are looked at together.
const PAGE: u32 = 256;
/// Tickets that are read side by side.
const ABREAST: usize = 8;

impl Work<'_> {
    /// Reads some open tickets again, where a round is under way or due.
    pub(super) async fn reread(&mut self) -> Result<()> {
        let (now, every) = (self.cx.now(), self.env.settings.config().inbound.reread.0);
        let round = self.cursor().reread;
        let due = round.began_at.is_none_or(|began| began.after(every) <= now);
        if round.after.is_none() && !due {
            return Ok(());
        }
        if round.after.is_none() && round.began_at.is_none() {
            // The first poll has just read all that changed in its window; the first round begins a span later.
            return self
                .change(|cursor| cursor.reread.began_at = Some(now))
                .await;
        }
        if round.after.is_none() {
            self.change(|cursor| cursor.reread.began_at = Some(now))
                .await?;
        }
        let prefix = self.env.keys.all("link");
        let mut after = round.after;
        let mut open: Vec<Link> = Vec::new();
        while open.len() < AT_ONCE {
            let page = session::scan(self.cx, &prefix, after.clone(), PAGE).await?;
            if page.is_empty() {
                after = None;
                break;
            }
            for record in page {
                if open.len() >= AT_ONCE {
                    break;
                }
                after = Some(record.key.clone());
                if let Ok(link) = records::read::<Link>(&record.key, &record.value)
                    && link.is_open()
                    && open.iter().all(|other| other.ticket != link.ticket)
                {
                    open.push(link);
                }
            }
        }
        let mut batch = self.read_again(&open).await?;
        for round in 0..super::ROUNDS {
            let mut cursor = self.cursor();
            cursor.reread.after.clone_from(&after);
            match self.commit(std::mem::take(&mut batch), cursor).await {
                // What was found is found again in a later round.
                Err(error) if error.code == Code::StoreConflict => self.wait(round).await,
                result => return result,
            }
        }
        Ok(())
    }

    async fn read_again(&mut self, links: &[Link]) -> Result<Batch> {
        let mut batch = Batch::default();
        let ids: Vec<u32> = links.iter().map(|link| link.ticket.0).collect();
        let listed = listed_tickets::with_ids(self.cx, &self.env.api, &ids).await?;
        let asked_at = self.cx.now();
        let listed: BTreeMap<TicketId, ListedTicket> =
            listed.into_iter().map(|row| (row.id, row)).collect();
        let mut read = Vec::new();
        for link in links {
            match listed.get(&link.ticket) {
                None => self.put_off(&mut batch, link.ticket, WhyPending::Deleted)?,
                Some(row) => match page::drastic(link, row) {
                    Some(why) => self.put_off(&mut batch, row.id, why)?,
                    None => read.push(row),
                },
            }
        }
        for rows in read.chunks(ABREAST) {
            let reads = rows.iter().map(|row| {
                sync_ticket::sync_ticket(self.cx, self.env, row.id, SyncReason::Reconcile)
            });
            for (row, read) in rows.iter().zip(join_all(reads).await) {
                match read {
                    Ok(_) => {
                        self.report.synced += 1;
                        self.report.reread += 1;
                        self.remember(&mut batch, row, asked_at)?;
                    }
                    Err(error) if page::is_of_the_ticket(&error) => {
                        self.report.note_failure(row.id, error);
                        self.put_off(&mut batch, row.id, WhyPending::Failed)?;
                    }
                    Err(error) => return Err(error),
                }
            }
        }
        Ok(batch)
    }
}
