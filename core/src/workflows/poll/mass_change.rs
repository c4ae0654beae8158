//! Deletions, closings and moves: told where they are few, held back where they are many (row S8).

use super::{Work, page};
use crate::{
    command::SyncReason,
    delivery::{Event, MassCounts},
    effect::Batch,
    error::{Code, Result},
    runtime::join_all,
    service::TicketId,
    store::{
        records::{self, HeldChange, Link, PendingSync, TicketRecord, WhyPending},
        session,
    },
    workflows::{announce::Announcement, sync_ticket},
};

const PAGE: u32 = 64;
/// Tickets that are read side by side.
const ABREAST: usize = 8;

impl Work<'_> {
    /// Says that the changes that are held back are meant.
    pub(super) async fn release(&mut self) -> Result<()> {
        self.change(|cursor| {
            if let Some(held) = &mut cursor.held {
                held.released = true;
            }
        })
        .await
    }

    /// Reads the tickets that were left for later, unless there are so many that they are held back.
    pub(super) async fn settle(&mut self) -> Result<()> {
        let mut counts = self.count().await?;
        let guard = self.env.settings.config().inbound.mass_change;
        let released = self.cursor().held.is_some_and(|held| held.released);
        if counts.changes() >= guard.at_least && !released {
            session::each(self.cx, &self.env.keys.all("link"), |link: Link| {
                counts.open += u64::from(link.is_open() && link.joined.is_none());
            })
            .await?;
            if guard.holds(counts.changes(), counts.open) {
                self.report.held = Some(counts);
                self.hold(counts).await?;
                return self.read_pending(|why| why == WhyPending::Failed).await;
            }
        }
        self.read_pending(|_| true).await?;
        if self.cursor().held.is_some() {
            self.change(|cursor| cursor.held = None).await?;
        }
        Ok(())
    }

    /// Tells the host once that changes are held back.
    async fn hold(&mut self, counts: MassCounts) -> Result<()> {
        if self.cursor().held.is_some() {
            return Ok(());
        }
        let mut cursor = self.cursor();
        cursor.held = Some(HeldChange {
            since: self.cx.now(),
            counts,
            released: false,
        });
        let mut batch = Batch::default();
        let event = Event::MassChangeHeld { counts };
        let announced = Announcement::add(self.cx, self.env, event, &mut batch).await?;
        match self.commit(batch, cursor).await {
            Ok(()) => announced.offer(self.cx),
            // Another connector tells it, or the next poll does.
            Err(error) if error.code == Code::StoreConflict => {}
            Err(error) => return Err(error),
        }
        Ok(())
    }

    /// How many changes wait; those that someone else told meanwhile are forgotten.
    async fn count(&mut self) -> Result<MassCounts> {
        let mut counts = MassCounts::default();
        let mut after = None;
        loop {
            let page = self.pending(after.take()).await?;
            let Some((last, _)) = page.last() else {
                return Ok(counts);
            };
            after = Some(last.clone());
            let links = self.links(&page).await?;
            let mut told = Batch::default();
            for ((key, pending), link) in page.iter().zip(links) {
                let number = match (pending.why, link) {
                    (WhyPending::Failed, _) => continue,
                    (_, link) if !link.as_ref().is_some_and(Link::is_open) => {
                        told.delete.push(key.clone());
                        continue;
                    }
                    (WhyPending::Deleted, _) => &mut counts.deleted,
                    (WhyPending::Closed, _) => &mut counts.closed,
                    (WhyPending::Moved, _) => &mut counts.moved,
                };
                *number += 1;
            }
            if !told.delete.is_empty() {
                session::commit(self.cx, told).await?;
            }
        }
    }

    /// Reads the waiting tickets of that kind. One that fails again goes on waiting.
    async fn read_pending(&mut self, kind: impl Fn(WhyPending) -> bool) -> Result<()> {
        let mut after = None;
        loop {
            let page = self.pending(after.take()).await?;
            let Some((last, _)) = page.last() else {
                return Ok(());
            };
            after = Some(last.clone());
            let wanted: Vec<_> = page.into_iter().filter(|(_, it)| kind(it.why)).collect();
            for some in wanted.chunks(ABREAST) {
                let reads = some.iter().map(|(_, pending)| {
                    sync_ticket::sync_ticket(
                        self.cx,
                        self.env,
                        TicketId(pending.ticket),
                        SyncReason::Poll,
                    )
                });
                let mut done = Batch::default();
                for ((key, pending), read) in some.iter().zip(join_all(reads).await) {
                    match read {
                        Ok(_) => {
                            self.report.synced += 1;
                            done.delete.push(key.clone());
                        }
                        Err(error) if page::is_of_the_ticket(&error) => {
                            self.report.note_failure(TicketId(pending.ticket), error);
                        }
                        Err(error) => return Err(error),
                    }
                }
                if !done.delete.is_empty() {
                    session::commit(self.cx, done).await?;
                }
            }
        }
    }

    async fn pending(&self, after: Option<String>) -> Result<Vec<(String, PendingSync)>> {
        let page = session::scan(self.cx, &self.env.keys.all("pending"), after, PAGE).await?;
        page.into_iter()
            .map(|record| {
                Ok((
                    record.key.clone(),
                    records::read(&record.key, &record.value)?,
                ))
            })
            .collect()
    }

    async fn links(&self, page: &[(String, PendingSync)]) -> Result<Vec<Option<Link>>> {
        let keys = page
            .iter()
            .map(|(_, pending)| self.env.keys.ticket(TicketId(pending.ticket)))
            .collect();
        let cases = session::get_many::<TicketRecord>(self.cx, keys).await?;
        let mut links = Vec::with_capacity(cases.len());
        for case in cases {
            let link = match case.value {
                Some(TicketRecord { case_id, .. }) => {
                    session::get_one::<Link>(self.cx, self.env.keys.link(&case_id))
                        .await?
                        .value
                }
                None => None,
            };
            links.push(link);
        }
        Ok(links)
    }
}
