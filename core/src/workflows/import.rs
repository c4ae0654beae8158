//! Companies, device configurations and primary contacts, read into the store for mapping (row M1).

use crate::{
    company::listing::{Companies, Configurations, Contacts, Listing},
    effect::Batch,
    environment::Environment,
    error::Result,
    import::{FullImport, ImportFilter, ImportKind, ImportReport, ImportedPart},
    runtime::{Context, Shared, join_all},
    store::{
        imported::{Bucket, Buckets, Held, Holding, ImportCursor, Newest, Progress},
        session::{self, Stored},
    },
    time::Timestamp,
};
use std::{future::Future, pin::Pin, time::Duration};

mod full;
mod refresh;

use refresh::Refresh;

/// Pages that are under way at once, over all kinds; the budget of requests may allow fewer (API.md section 14).
const PAGES_AT_ONCE: usize = 4;
/// An import that was interrupted longer ago is begun anew: too much may have moved.
const RESUMABLE: Duration = Duration::from_secs(6 * 3600);
/// Everything is read again after this time in any case: a record that was deleted in the very moment in which pages were
/// read side by side can hide one that the count does not miss.
const OLDEST: Duration = Duration::from_secs(7 * 24 * 3600);
/// How far the server's clock may be behind ours where it does not say what time it has.
const CLOCKS_APART: i64 = 3_600_000;

/// Imports the kinds that are asked for, side by side.
///
/// What was imported before is refreshed by time of change; everything is read where that cannot be, or is asked for. What
/// is held stays as it was until a full import is complete. Each page is kept when it comes, and an import that was
/// interrupted goes on with the page after.
///
/// # Errors
///
/// What reading one of the kinds came to, after the others ended; these are kept.
pub(crate) async fn import(
    cx: &Context,
    env: &Environment,
    what: &[ImportKind],
    filter: &ImportFilter,
    full: bool,
) -> Result<ImportReport> {
    let config = env.settings.config();
    let companies = Companies {
        filter: filter
            .companies
            .clone()
            .or_else(|| config.companies.import.clone())
            .unwrap_or_default(),
    };
    let configurations = Configurations {
        filter: filter
            .configurations
            .clone()
            .or_else(|| config.configurations.import.clone())
            .unwrap_or_default(),
    };
    let contacts = Contacts;
    let mut kinds: Vec<OneKind<'_>> = Vec::new();
    for kind in kinds_asked(what) {
        kinds.push(match kind {
            ImportKind::Companies => one(kind, import_kind(cx, env, &companies, full)),
            ImportKind::Configurations => one(kind, import_kind(cx, env, &configurations, full)),
            ImportKind::Contacts => one(kind, import_kind(cx, env, &contacts, full)),
        });
    }
    let begun = kinds_asked(what).map(|kind| (kind, (0, None)));
    env.importing.lock().extend(begun);
    let mut report = ImportReport::default();
    let parts = join_all(kinds).await;
    env.importing.lock().retain(|kind, _| !what.contains(kind));
    for (kind, part) in parts {
        let part = Some(part?);
        match kind {
            ImportKind::Companies => report.companies = part,
            ImportKind::Configurations => report.configurations = part,
            ImportKind::Contacts => report.contacts = part,
        }
    }
    Ok(report)
}

fn kinds_asked(what: &[ImportKind]) -> impl Iterator<Item = ImportKind> {
    ImportKind::ALL
        .into_iter()
        .filter(|kind| what.contains(kind))
}

type OneKind<'a> = Pin<Box<dyn Future<Output = (ImportKind, Result<ImportedPart>)> + Send + 'a>>;

fn one<'a>(
    kind: ImportKind,
    part: impl Future<Output = Result<ImportedPart>> + Send + 'a,
) -> OneKind<'a> {
    Box::pin(async move { (kind, part.await) })
}

/// Brings what is held of one kind up to date.
async fn import_kind<L: Listing>(
    cx: &Context,
    env: &Environment,
    listing: &L,
    asked: bool,
) -> Result<ImportedPart> {
    let kind = L::Held::KIND;
    let _one_at_a_time = cx.lock(format!("import {}", kind.name())).await;
    let work = Work {
        cx,
        env,
        listing,
        cursor: Shared::new(session::get_one(cx, env.keys.import(kind)).await?),
    };
    work.sweep().await?;
    match work.plan(asked) {
        Plan::Full(why) => work.full(why, 0).await,
        Plan::Refresh(held) => match work.refresh(held).await? {
            Refresh::Done(part) => {
                work.note_progress(1, Some(1));
                Ok(part)
            }
            Refresh::NotEnough { why, requests } => work.full(why, requests).await,
        },
    }
}

/// What has to be done for one kind.
enum Plan {
    Full(FullImport),
    Refresh(Known),
}

/// What a refresh begins with.
struct Known {
    holding: Holding,
    until: Timestamp,
    newest: Newest,
}

/// The import of one kind under way.
struct Work<'a, L> {
    cx: &'a Context,
    env: &'a Environment,
    listing: &'a L,
    cursor: Shared<Stored<ImportCursor>>,
}

impl<L: Listing> Work<'_, L> {
    const KIND: ImportKind = L::Held::KIND;

    fn cursor(&self) -> ImportCursor {
        self.cursor.lock().value.clone().unwrap_or_default()
    }

    /// Commits a batch together with the cursor as it is then.
    async fn commit(&self, mut batch: Batch, cursor: ImportCursor) -> Result<()> {
        let mut stored = self.cursor.lock().clone();
        stored.value = Some(cursor);
        batch.save(&stored)?;
        stored.revision = Some(session::commit(self.cx, batch).await?);
        *self.cursor.lock() = stored;
        Ok(())
    }

    /// Says how far it has come, for whoever watches.
    fn note_progress(&self, done: u32, pages: Option<u32>) {
        let mut importing = self.env.importing.lock();
        importing.insert(Self::KIND, (done, pages));
    }

    fn plan(&self, asked: bool) -> Plan {
        let cursor = self.cursor();
        if self.resumable(&cursor).is_some() {
            return Plan::Full(FullImport::Resumed);
        }
        let Some(holding) = cursor.holding else {
            return Plan::Full(FullImport::First);
        };
        if asked {
            return Plan::Full(FullImport::Asked);
        }
        if holding.filter != self.listing.digest() {
            return Plan::Full(FullImport::FilterChanged);
        }
        if self.cx.now().since(holding.full_at) > OLDEST {
            return Plan::Full(FullImport::Due);
        }
        match (holding.until, holding.newest) {
            (Some(until), Some(newest)) => Plan::Refresh(Known {
                holding,
                until,
                newest,
            }),
            _ => Plan::Full(FullImport::NoTimes),
        }
    }

    /// The full import that was interrupted, if this one can go on with it.
    fn resumable(&self, cursor: &ImportCursor) -> Option<Progress> {
        let digest = self.listing.digest();
        let now = self.cx.now();
        cursor
            .progress
            .clone()
            .filter(|progress| progress.filter == digest)
            .filter(|progress| now.since(progress.began_at) < RESUMABLE)
    }

    /// When the server answered, by its own clock; a careful guess where it does not say.
    fn server_time(&self, date: Option<Timestamp>) -> Timestamp {
        let now = self.cx.now().millis();
        date.unwrap_or_else(|| Timestamp::from_millis(now - CLOCKS_APART))
    }

    /// Deletes the rows of generations that nobody needs any more.
    async fn sweep(&self) -> Result<()> {
        let mut cursor = self.cursor();
        let abandoned = cursor.progress.as_ref().map(|progress| progress.generation);
        if self.resumable(&cursor).is_none()
            && let Some(generation) = abandoned
        {
            cursor.stale.insert(generation);
            cursor.progress = None;
        }
        while let Some(generation) = cursor.stale.first().copied() {
            let mut rows = Buckets::of_generation(&self.env.keys, Self::KIND, generation);
            while let Some(page) = rows.next::<L::Held>(self.cx).await? {
                let batch = Batch {
                    delete: page.into_iter().map(|bucket| bucket.key).collect(),
                    ..Batch::default()
                };
                self.commit(batch, cursor.clone()).await?;
            }
            cursor.stale.remove(&generation);
            self.commit(Batch::default(), cursor.clone()).await?;
        }
        Ok(())
    }

    /// The buckets of a generation with these numbers, in their order; empty where there is none yet.
    async fn buckets(
        &self,
        generation: u32,
        numbers: impl Iterator<Item = u32>,
    ) -> Result<Vec<Stored<Bucket<L::Held>>>> {
        let keys = numbers
            .map(|number| self.env.keys.bucket(Self::KIND, generation, number))
            .collect();
        session::get_many(self.cx, keys).await
    }
}
