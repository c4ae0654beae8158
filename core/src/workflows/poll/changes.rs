//! What ConnectWise lists as changed.

use super::{ROUNDS, Work, conflict};
use crate::{
    effect::Batch,
    error::{Code, Result},
    quirks::DateForm,
    service::listed_tickets::{self, ListedTicket},
    store::{
        imported::Newest,
        records::{PollCursor, PollProgress},
    },
    time::Timestamp,
};

impl Work<'_> {
    /// Reads what changed, in the first form of times in which the ticket that changed last is found, and goes on where an
    /// earlier poll was cut off.
    pub(super) async fn changes(&mut self) -> Result<()> {
        for round in 0..ROUNDS {
            match self.read_changes().await {
                Err(error) if error.code == Code::StoreConflict => self.wait(round).await,
                result => return result,
            }
        }
        Err(conflict())
    }

    async fn read_changes(&mut self) -> Result<()> {
        let cursor = self.cursor();
        let since = self.since(&cursor);
        self.report.since = Some(since);
        // Before anything was found, nothing can show that a form is understood: then the one that always is.
        let must_find = cursor.newest.filter(|newest| newest.at >= since);
        let safe = self.env.api.quirks().date_form();
        let learned = cursor.date_form.or(self.env.api.quirks().dates);
        let forms: Vec<DateForm> = match must_find {
            Some(_) => DateForm::in_turn(learned.unwrap_or(DateForm::Utc)).collect(),
            None => vec![safe],
        };
        let resumed = cursor
            .progress
            .as_ref()
            .and_then(|progress| forms.iter().position(|form| *form == progress.form));
        for form in forms.iter().skip(resumed.unwrap_or_default()) {
            let understood = self.read_form(since, *form, must_find).await?;
            if understood || Some(form) == forms.last() {
                let proven = understood && must_find.is_some();
                return self.complete(proven.then_some(*form)).await;
            }
        }
        Ok(())
    }

    /// From when on: a little before where the last poll ended, or the window's beginning for the first.
    fn since(&self, cursor: &PollCursor) -> Timestamp {
        if let Some(progress) = &cursor.progress {
            return progress.since;
        }
        let inbound = &self.env.settings.config().inbound;
        let (end, back) = match cursor.until {
            Some(until) => (until, inbound.overlap),
            None => (self.cx.now(), inbound.window),
        };
        let back = i64::try_from(back.0.as_millis()).unwrap_or(i64::MAX);
        Timestamp::from_millis(end.millis().saturating_sub(back))
    }

    /// Reads and keeps a list of changes. Returns whether all that changed was seen.
    async fn read_form(
        &mut self,
        since: Timestamp,
        form: DateForm,
        must_find: Option<Newest>,
    ) -> Result<bool> {
        let progress = self.cursor().progress.filter(|it| it.form == form);
        let (after, found) = progress
            .as_ref()
            .map_or((0, false), |progress| (progress.after, progress.found));
        let mut newest = progress.as_ref().and_then(|progress| progress.newest);
        let mut asked_at = progress.map(|progress| progress.asked_at);
        let env = self.env;
        let mut pages = listed_tickets::changed(
            &env.api,
            &self.boards,
            &self.reference,
            (since, form),
            must_find.map(|newest| newest.id),
        )
        .resume_after(after, found);
        while let Some(rows) = pages.next::<ListedTicket>(self.cx).await? {
            let now = self.cx.now();
            let asked = *asked_at.get_or_insert(pages.asked_at().unwrap_or(now));
            let after = rows.iter().map(|row| row.id.0).max().unwrap_or_default();
            // A form without a zone, or without hours, reaches back further than what was asked for.
            let rows: Vec<ListedTicket> = rows
                .into_iter()
                .filter(|row| {
                    row.updated()
                        .is_none_or(|at| at.millis() / 1000 >= since.millis() / 1000)
                })
                .collect();
            self.report.listed += rows.len() as u64;
            newest = rows
                .iter()
                .filter_map(|row| {
                    Some(Newest {
                        at: row.updated()?,
                        id: row.id.0,
                    })
                })
                .chain(newest)
                .max();
            let batch = self.take_in(rows, asked).await?;
            let mut cursor = self.cursor();
            cursor.progress = Some(PollProgress {
                since,
                form,
                after,
                found: pages.has_found(),
                asked_at: asked,
                newest,
            });
            self.commit(batch, cursor).await?;
        }
        if asked_at.is_none() {
            // Nothing changed; that is as true as the form is understood.
            let mut cursor = self.cursor();
            cursor.progress = Some(PollProgress {
                since,
                form,
                after: 0,
                found: pages.has_found(),
                asked_at: pages.asked_at().unwrap_or(self.cx.now()),
                newest: None,
            });
            self.cursor.value = Some(cursor);
        }
        Ok(pages.is_understood())
    }

    /// Moves the cursor: the list was read to its end, and all of it is durable.
    async fn complete(&mut self, form: Option<DateForm>) -> Result<()> {
        let mut cursor = self.cursor();
        let Some(progress) = cursor.progress.take() else {
            return Ok(());
        };
        // A server's clock may be behind the times that it writes; a ticket that changed last is found by its own time.
        cursor.until = Some(match progress.newest {
            Some(newest) => newest.at.min(progress.asked_at),
            None => cursor.until.unwrap_or(progress.asked_at),
        });
        cursor.newest = progress.newest;
        cursor.date_form = form.or(cursor.date_form);
        self.commit(Batch::default(), cursor).await
    }
}
