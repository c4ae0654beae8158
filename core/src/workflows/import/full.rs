//! Everything is read, page by page and several at once, beside what is held.

use super::{PAGES_AT_ONCE, Work};
use crate::{
    api::{NumberedPage, NumberedPages, Query},
    company::listing::{Judged, Listing},
    effect::Batch,
    error::Result,
    import::{FullImport, ImportedPart},
    quirks::DateForm,
    runtime::{Shared, join_all},
    store::imported::{Held, Holding, Progress, bucket_of},
};
use std::collections::{BTreeMap, BTreeSet};

/// Pages that are under way or wait to be kept: while one is kept, the next is on its way.
const PAGES_IN_HAND: usize = PAGES_AT_ONCE + 2;

/// A full import under way.
struct Full<'a, L> {
    work: &'a Work<'a, L>,
    pages: NumberedPages<'a>,
    /// What was held before, and stays so until all is read.
    before: Option<Holding>,
    progress: Shared<Progress>,
    /// First and last id of each page of this run. Two pages that share both are one: the server does not turn pages.
    spans: Shared<BTreeSet<(u32, u32)>>,
}

/// Which page is read.
#[derive(Clone, Copy)]
struct Place {
    /// Of the records after this id.
    after: Option<u32>,
    /// None for a first page.
    number: Option<u32>,
}

/// The pages that no worker has taken.
struct Queue {
    pages: BTreeSet<u32>,
    failed: bool,
}

impl<L: Listing> Work<'_, L> {
    /// Reads everything and lets it take the place of what is held.
    ///
    /// The first page says how many more there are. These are asked for by the ids after it and from the last one down:
    /// a record that is deleted meanwhile moves others towards pages that are still to come, and none is missed. An empty
    /// page is the end, whatever the links say; where the last one names another, it goes on after the highest id.
    /// `requests` were spent before.
    pub(super) async fn full(&self, why: FullImport, requests: u64) -> Result<ImportedPart> {
        let cursor = self.cursor();
        let progress = self.resumable(&cursor).unwrap_or_else(|| Progress {
            generation: cursor.generation + 1,
            filter: self.listing.digest(),
            began_at: self.cx.now(),
            requests,
            ..Progress::default()
        });
        let (conditions, of_children) = self.listing.conditions();
        let query = Query::new()
            .child_conditions(&of_children)
            .fields(&self.listing.fields());
        let full = Full {
            work: self,
            pages: self.env.api.numbered_pages(L::PATH, conditions, query),
            before: cursor.holding,
            progress: Shared::new(progress),
            spans: Shared::new(BTreeSet::new()),
        };
        full.read().await?;
        full.complete(why).await
    }
}

impl<L: Listing> Full<'_, L> {
    async fn read(&self) -> Result<()> {
        loop {
            let progress = self.progress.lock().clone();
            if progress.wants_first_page() {
                let after = progress.after.map(|_| progress.highest);
                self.page(Place {
                    after,
                    number: None,
                })
                .await?;
            } else if !progress.missing.is_empty() {
                self.side_by_side(progress.after, progress.missing).await?;
            } else {
                return Ok(());
            }
        }
    }

    async fn side_by_side(&self, after: Option<u32>, pages: BTreeSet<u32>) -> Result<()> {
        let workers = pages.len().min(PAGES_IN_HAND);
        let queue = Shared::new(Queue {
            pages,
            failed: false,
        });
        let results = join_all((0..workers).map(|_| self.take_turns(after, &queue))).await;
        results.into_iter().collect()
    }

    /// Reads pages until none is left, or another worker has failed.
    async fn take_turns(&self, after: Option<u32>, queue: &Shared<Queue>) -> Result<()> {
        while let Some(number) = self.take(queue) {
            let place = Place {
                after,
                number: Some(number),
            };
            let page = self.page(place).await;
            page.inspect_err(|_| queue.lock().failed = true)?;
        }
        Ok(())
    }

    /// The highest page; the lowest where the server promises pages that are not there.
    fn take(&self, queue: &Shared<Queue>) -> Option<u32> {
        let (mut queue, progress) = (queue.lock(), self.progress.lock());
        queue.pages.retain(|page| progress.missing.contains(page));
        if queue.failed {
            None
        } else if progress.broken_promise {
            queue.pages.pop_first()
        } else {
            queue.pages.pop_last()
        }
    }

    async fn page(&self, place: Place) -> Result<()> {
        let cx = self.work.cx;
        let number = place.number.unwrap_or(1);
        let page = {
            let _turn = cx.turn("import pages", PAGES_AT_ONCE).await;
            self.pages.page(cx, place.after, number).await?
        };
        let one_at_a_time = format!("keep {}", L::Held::KIND.name());
        let _turn = cx.lock(one_at_a_time).await;
        self.keep(place.number, page).await
    }

    /// Keeps a page: its rows and how far the import has come, in one commit.
    async fn keep(&self, number: Option<u32>, page: NumberedPage<L::Row>) -> Result<()> {
        let work = self.work;
        let mut progress = self.progress.lock().clone();
        progress.requests += 1;
        progress
            .asked_at
            .get_or_insert_with(|| work.server_time(page.date));
        let (last, more) = (page.last, page.more);
        let rows: Vec<Judged<L::Held>> = page
            .rows
            .into_iter()
            .map(|row| work.listing.judge(row))
            .collect();
        let mut batch = Batch::default();
        let is_another = self.is_another(&rows);
        let highest = rows.iter().map(|row| row.id).max();
        progress.highest = progress.highest.max(highest.unwrap_or_default());
        match number {
            None => progress.keep_first(last, more && is_another),
            Some(number) if is_another => progress.keep(number, more),
            Some(number) => progress.end_before(number),
        }
        self.put(&mut batch, &mut progress, rows).await?;

        let mut cursor = work.cursor();
        cursor.generation = progress.generation;
        cursor.progress = Some(progress.clone());
        work.commit(batch, cursor).await?;
        let pages = progress.last + 1;
        let missing = u32::try_from(progress.missing.len()).unwrap_or(pages);
        work.note_progress(pages.saturating_sub(missing), Some(pages));
        *self.progress.lock() = progress;
        Ok(())
    }

    /// Whether a page holds something, and is none that was read under another number.
    fn is_another(&self, rows: &[Judged<L::Held>]) -> bool {
        let span = rows.first().zip(rows.last());
        span.is_some_and(|(first, last)| self.spans.lock().insert((first.id, last.id)))
    }

    async fn put(
        &self,
        batch: &mut Batch,
        progress: &mut Progress,
        rows: Vec<Judged<L::Held>>,
    ) -> Result<()> {
        let mut by_bucket = BTreeMap::<u32, Vec<L::Held>>::new();
        for row in rows {
            progress.read += 1;
            progress.newest = progress.newest.max(row.newest());
            match row.held {
                Some(held) => by_bucket
                    .entry(bucket_of(held.place().0))
                    .or_default()
                    .push(held),
                None => progress.refused += 1,
            }
        }
        let buckets = self
            .work
            .buckets(progress.generation, by_bucket.keys().copied())
            .await?;
        let before = match &self.before {
            Some(holding) => {
                self.work
                    .buckets(holding.generation, by_bucket.keys().copied())
                    .await?
            }
            None => Vec::new(),
        };
        let mut before = before.into_iter();
        for (mut stored, rows) in buckets.into_iter().zip(by_bucket.into_values()) {
            let before = before.next().and_then(|stored| stored.value);
            let bucket = stored.value.get_or_insert_default();
            for row in rows {
                let known = before.as_ref().and_then(|bucket| bucket.at(row.place()));
                let (is_known, is_changed) = (known.is_some(), known != Some(&row));
                if bucket.put(row).is_none() {
                    progress.rows += 1;
                    progress.known += u64::from(is_known);
                    progress.changed += u64::from(is_changed);
                }
            }
            batch.save(&stored)?;
        }
        Ok(())
    }

    /// Lets what was read take the place of what was held.
    async fn complete(&self, why: FullImport) -> Result<ImportedPart> {
        let work = self.work;
        let progress = self.progress.lock().clone();
        let until = progress.newest.map(|newest| {
            progress
                .asked_at
                .map_or(newest.at, |asked| newest.at.min(asked))
        });
        let mut cursor = work.cursor();
        cursor.generation = progress.generation;
        cursor.progress = None;
        if let Some(before) = &self.before {
            cursor.stale.insert(before.generation);
        }
        cursor.holding = Some(Holding {
            generation: progress.generation,
            filter: progress.filter,
            rows: progress.rows,
            refused: progress.refused,
            full_at: work.cx.now(),
            at: work.cx.now(),
            until,
            newest: progress.newest,
            // The documented form, which the refresh does without where it finds nothing.
            date_form: self
                .before
                .as_ref()
                .map_or(DateForm::Utc, |before| before.date_form),
        });
        work.commit(Batch::default(), cursor).await?;
        let held_before = self.before.as_ref().map_or(0, |before| before.rows);
        Ok(ImportedPart {
            read: progress.read,
            changed: progress.changed,
            removed: held_before.saturating_sub(progress.known),
            held: progress.rows,
            requests: progress.requests,
            full: Some(why),
            until,
        })
    }
}
