//! The tickets that changed since the last look, and every open one from time to time (row S2; guide 003, "ConnectWise
//! Incident Inbound Integration").
//!
//! A callback may be lost, so polling is the truth: what a poll has not made durable, the next one finds again.

use crate::{
    decide,
    effect::Batch,
    environment::Environment,
    error::{Code, Error, Result},
    poll::PollReport,
    runtime::Context,
    schedule::Task,
    store::{
        records::{PollCursor, TaskRun},
        session::{self, Stored},
    },
};

mod changes;
mod mass_change;
mod page;
mod reread;

pub(in crate::workflows) use page::{drastic, is_of_the_ticket};

use super::ticket_first;

/// How often other connectors may get in first before it is called a fault.
const ROUNDS: u32 = 16;

/// Looks for changed tickets, and reads those of cases.
///
/// What deletes, closes or moves a ticket waits until all is listed: only then is it known whether there are so many that the
/// host is not told (row S8).
///
/// # Errors
///
/// [`Code::SwitchedOff`]; what listing came to, and what will fare no better with another ticket. What was read by then is
/// durable, and the next poll goes on after it.
pub(super) async fn poll(cx: &Context, env: &Environment) -> Result<PollReport> {
    env.takes_tickets()?;
    let _one_at_a_time = cx.lock("poll").await;
    let mut work = Work::begin(cx, env).await?;
    for (ticket, error) in ticket_first::finish_writes(cx, env).await? {
        work.report.note_failure(ticket, error);
    }
    work.changes().await?;
    work.reread().await?;
    work.settle().await?;
    work.end().await?;
    Ok(work.report)
}

/// Tells the host of changes that were held back.
///
/// # Errors
///
/// As of [`poll`].
pub(super) async fn release(cx: &Context, env: &Environment) -> Result<PollReport> {
    env.takes_tickets()?;
    let _one_at_a_time = cx.lock("poll").await;
    let mut work = Work::begin(cx, env).await?;
    work.release().await?;
    work.settle().await?;
    Ok(work.report)
}

/// Tells the host of what a comparison of all links has left for later, unless there is too much of it.
///
/// # Errors
///
/// As of [`poll`].
pub(super) async fn settle(cx: &Context, env: &Environment) -> Result<PollReport> {
    let _one_at_a_time = cx.lock("poll").await;
    let mut work = Work::begin(cx, env).await?;
    work.settle().await?;
    Ok(work.report)
}

/// A poll under way.
pub(super) struct Work<'a> {
    cx: &'a Context,
    env: &'a Environment,
    cursor: Stored<PollCursor>,
    /// Ids of the boards in use.
    boards: Vec<u32>,
    /// What the references of this instance begin with.
    reference: String,
    pub(super) report: PollReport,
}

impl<'a> Work<'a> {
    pub(super) async fn begin(cx: &'a Context, env: &'a Environment) -> Result<Self> {
        env.quirks(cx).await?;
        let catalog = env.catalog(cx).await?;
        let names = env.catalog_scope().boards;
        let boards = names.iter().filter_map(|name| catalog.board(name));
        let mut boards: Vec<u32> = boards.map(|board| board.id).collect();
        boards.sort_unstable();
        boards.dedup();
        Ok(Self {
            cx,
            env,
            cursor: session::get_one(cx, env.keys.poll()).await?,
            boards,
            reference: decide::reference_of_any(env.settings.config()),
            report: PollReport::default(),
        })
    }

    fn cursor(&self) -> PollCursor {
        self.cursor.value.clone().unwrap_or_default()
    }

    /// Commits a batch together with the cursor as it is then. Where another connector polls too, its cursor is taken over:
    /// what both found is found, and what it did not get to it will find.
    ///
    /// # Errors
    ///
    /// [`Code::StoreConflict`] where another connector was first; the cursor is then as that one left it.
    async fn commit(&mut self, mut batch: Batch, cursor: PollCursor) -> Result<()> {
        let before = self.cursor.value.replace(cursor);
        batch.save(&self.cursor)?;
        match session::commit(self.cx, batch).await {
            Ok(revision) => {
                self.cursor.revision = Some(revision);
                Ok(())
            }
            Err(error) if error.code == Code::StoreConflict => {
                self.cursor = session::get_one(self.cx, self.env.keys.poll()).await?;
                Err(error)
            }
            Err(error) => {
                self.cursor.value = before;
                Err(error)
            }
        }
    }

    /// Changes the cursor alone, whoever else changes it meanwhile.
    async fn change(&mut self, change: impl Fn(&mut PollCursor)) -> Result<()> {
        for round in 0..ROUNDS {
            let mut cursor = self.cursor();
            change(&mut cursor);
            match self.commit(Batch::default(), cursor).await {
                Err(error) if error.code == Code::StoreConflict => self.wait(round).await,
                result => return result,
            }
        }
        Err(conflict())
    }

    async fn wait(&self, round: u32) {
        let backoff = self.cx.backoff(round) / 8;
        self.cx.sleep_until(self.cx.now().after(backoff)).await;
    }

    /// Notes that the task ran.
    async fn end(&mut self) -> Result<()> {
        let run = TaskRun {
            at: self.cx.now(),
            reason: String::new(),
        };
        let mut batch = Batch::default();
        batch.put_record(self.env.keys.run(Task::Poll), &run)?;
        session::commit(self.cx, batch).await?;
        self.report.until = self.cursor().until;
        Ok(())
    }
}

fn conflict() -> Error {
    Error::new(
        Code::StoreConflict,
        "other connectors kept polling at the same time; what they found is durable, and the next poll goes on after it",
    )
}
