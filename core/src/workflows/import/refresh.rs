//! Only what has changed is read.

use super::{Known, Work};
use crate::{
    api::{Conditions, Query},
    company::listing::{Judged, Listing},
    effect::Batch,
    error::Result,
    import::{FullImport, ImportedPart},
    quirks::DateForm,
    store::imported::{Buckets, Held, Holding, Newest, bucket_of},
    time::Timestamp,
};
use std::collections::BTreeMap;

/// How far back a refresh reaches into what is held already: a change that took long to be written bears the time at which
/// it began.
const OVERLAP_MILLIS: i64 = 10 * 60 * 1000;
/// How often it is read and counted before a difference is believed: a record may be made between the two.
const COUNTS: u32 = 2;

/// What came of a refresh.
pub(super) enum Refresh {
    Done(ImportedPart),
    /// It cannot be told that all changes were seen.
    NotEnough {
        why: FullImport,
        requests: u64,
    },
}

/// A refresh under way.
struct Changes {
    holding: Holding,
    newest: Newest,
    /// When the first page was given, by the server's clock.
    asked_at: Option<Timestamp>,
    read: u64,
    changed: u64,
    removed: u64,
    requests: u64,
}

impl<L: Listing> Work<'_, L> {
    /// Reads what has changed since what is held was read, and counts.
    ///
    /// It asks for changes of all records and applies the filter here: one that the filter let through before may be
    /// among them. The record that changed last must be among those that are found; where it is not, the time is written
    /// in another form. What was deleted is not among them: the count tells.
    pub(super) async fn refresh(&self, known: Known) -> Result<Refresh> {
        let Known {
            holding,
            until,
            newest,
        } = known;
        let mut changes = Changes {
            holding,
            newest,
            asked_at: None,
            read: 0,
            changed: 0,
            removed: 0,
            requests: 0,
        };
        let (conditions, of_children) = self.listing.conditions();
        for _ in 0..COUNTS {
            if !self.changes_since(until, newest, &mut changes).await? {
                return Ok(changes.not_enough(FullImport::TimesNotUnderstood));
            }
            let counted = self
                .env
                .api
                .count(self.cx, L::PATH, &conditions, &of_children)
                .await?;
            changes.requests += 1;
            if counted == changes.holding.rows + changes.holding.refused {
                return self.complete(until, changes).await.map(Refresh::Done);
            }
        }
        Ok(changes.not_enough(FullImport::CountDiffers))
    }

    /// Reads and keeps what changed since a time, in the first form of times in which the newest record is found.
    /// Returns whether there is one.
    async fn changes_since(
        &self,
        until: Timestamp,
        newest: Newest,
        changes: &mut Changes,
    ) -> Result<bool> {
        let since = Timestamp::from_millis(until.millis() - OVERLAP_MILLIS);
        // A probe asked; what an earlier refresh found out is the next best.
        let probed = self.env.quirks(self.cx).await?.dates;
        let learned = probed.unwrap_or(changes.holding.date_form);
        for form in DateForm::in_turn(learned) {
            if self.read_changes((since, form), newest, changes).await? {
                changes.holding.date_form = form;
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Reads and keeps a list of changes. Returns whether the newest record is among them.
    async fn read_changes(
        &self,
        since: (Timestamp, DateForm),
        newest: Newest,
        changes: &mut Changes,
    ) -> Result<bool> {
        let query = Query::new().fields(&self.listing.fields());
        let api = &self.env.api;
        let all = Conditions::new();
        let mut pages = api.changed_pages(L::PATH, all, since, query, Some(newest.id));
        while let Some(page) = pages.next::<L::Row>(self.cx).await? {
            changes
                .asked_at
                .get_or_insert_with(|| self.server_time(pages.asked_at()));
            let rows: Vec<Judged<L::Held>> = page
                .into_iter()
                .map(|row| self.listing.judge(row))
                .collect();
            self.keep_changes(rows, changes).await?;
        }
        changes.requests += pages.requests();
        Ok(pages.is_understood())
    }

    async fn keep_changes(&self, rows: Vec<Judged<L::Held>>, changes: &mut Changes) -> Result<()> {
        changes.read += rows.len() as u64;
        let newest = rows.iter().filter_map(Judged::newest).max();
        changes.newest = newest.map_or(changes.newest, |newest| newest.max(changes.newest));
        if !L::Held::BY_OWN_ID {
            self.take_away_elsewhere(&rows, changes).await?;
        }
        let mut by_bucket = BTreeMap::<u32, Vec<Judged<L::Held>>>::new();
        for row in rows {
            let place = row.held.as_ref().map_or((row.id, 0), Held::place);
            if row.held.is_some() || L::Held::BY_OWN_ID {
                by_bucket.entry(bucket_of(place.0)).or_default().push(row);
            }
        }
        let numbers: Vec<u32> = by_bucket.keys().copied().collect();
        let generation = changes.holding.generation;
        let buckets = self.buckets(generation, numbers.into_iter()).await?;
        let mut batch = Batch::default();
        for (mut stored, rows) in buckets.into_iter().zip(by_bucket.into_values()) {
            let bucket = stored.value.get_or_insert_default();
            let mut touched = false;
            for row in rows {
                touched |= match row.held {
                    Some(held) => {
                        let is_new = bucket.at(held.place()).is_none();
                        let is_changed = bucket.at(held.place()) != Some(&held);
                        changes.holding.rows += u64::from(is_new);
                        changes.changed += u64::from(is_changed);
                        if is_changed {
                            bucket.put(held);
                        }
                        is_changed
                    }
                    None => {
                        let gone = bucket.take((row.id, 0)).is_some();
                        changes.note_removed(usize::from(gone));
                        gone
                    }
                };
            }
            if bucket.rows.is_empty() {
                stored.value = None;
            }
            if touched {
                batch.save(&stored)?;
            }
        }
        self.commit_changes(batch, changes).await
    }

    /// Takes rows away from where they stood before, for a kind that does not stand in the bucket of its own id.
    async fn take_away_elsewhere(
        &self,
        rows: &[Judged<L::Held>],
        changes: &mut Changes,
    ) -> Result<()> {
        let now: BTreeMap<u32, Option<(u32, u32)>> = rows
            .iter()
            .map(|row| (row.id, row.held.as_ref().map(Held::place)))
            .collect();
        let generation = changes.holding.generation;
        let mut buckets = Buckets::of_generation(&self.env.keys, Self::KIND, generation);
        while let Some(page) = buckets.next::<L::Held>(self.cx).await? {
            let mut batch = Batch::default();
            for mut stored in page {
                let Some(bucket) = &mut stored.value else {
                    continue;
                };
                let before = bucket.rows.len();
                bucket.rows.retain(|row| {
                    now.get(&row.id())
                        .is_none_or(|place| *place == Some(row.place()))
                });
                let gone = before - bucket.rows.len();
                changes.note_removed(gone);
                if bucket.rows.is_empty() {
                    stored.value = None;
                }
                if gone > 0 {
                    batch.save(&stored)?;
                }
            }
            self.commit_changes(batch, changes).await?;
        }
        Ok(())
    }

    /// Commits changed rows together with their number.
    async fn commit_changes(&self, batch: Batch, changes: &Changes) -> Result<()> {
        if batch.expect.is_empty() {
            return Ok(());
        }
        let mut cursor = self.cursor();
        if let Some(holding) = &mut cursor.holding {
            holding.rows = changes.holding.rows;
        }
        self.commit(batch, cursor).await
    }

    /// Notes up to when all changes are held.
    async fn complete(&self, before: Timestamp, changes: Changes) -> Result<ImportedPart> {
        let asked_at = changes.asked_at.unwrap_or(before);
        let until = changes.newest.at.min(asked_at).max(before);
        let holding = Holding {
            at: self.cx.now(),
            until: Some(until),
            newest: Some(changes.newest),
            ..changes.holding
        };
        let part = ImportedPart {
            read: changes.read,
            changed: changes.changed,
            removed: changes.removed,
            held: holding.rows,
            requests: changes.requests,
            full: None,
            until: holding.until,
        };
        let mut cursor = self.cursor();
        cursor.holding = Some(holding);
        self.commit(Batch::default(), cursor).await?;
        Ok(part)
    }
}

impl Changes {
    fn note_removed(&mut self, rows: usize) {
        self.removed += rows as u64;
        self.holding.rows = self.holding.rows.saturating_sub(rows as u64);
    }

    fn not_enough(&self, why: FullImport) -> Refresh {
        Refresh::NotEnough {
            why,
            requests: self.requests,
        }
    }
}
