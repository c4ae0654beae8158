//! Compares what the store says with what ConnectWise has (row S9): every open link with its ticket, and every ticket that
//! bears a reference of this instance with its link. Page by page; one that was cut off goes on at its page.

use super::{poll, sync_ticket, ticket_first};
use crate::{
    command::{Command, SyncReason},
    effect::Batch,
    environment::Environment,
    error::Result,
    reconcile::{ReconcileFinding, ReconcileKind, ReconcileRepair, ReconcileReport},
    runtime::Context,
    schedule::Task,
    service::TicketId,
    store::{
        records::{
            OutboxEntry, PendingSync, ReconcileProgress, ReconcileStage, TaskRun, WhyPending,
        },
        session::{self, Stored},
    },
};
use std::time::Duration;

mod links;
mod references;

/// One that was cut off longer ago is begun anew: too much may have changed.
const RESUMABLE: Duration = Duration::from_secs(6 * 3600);

/// Compares, and repairs what is safe to repair where that is asked for. Nothing is ever deleted.
///
/// # Errors
///
/// [`SwitchedOff`](crate::Code::SwitchedOff), where it shall repair; what reading came to. It then goes on at the page that
/// failed when it is asked for again within six hours.
pub(super) async fn reconcile(
    cx: &Context,
    env: &Environment,
    repair: bool,
) -> Result<ReconcileReport> {
    if repair {
        env.takes_tickets()?;
    }
    let _one_at_a_time = cx.lock("reconcile").await;
    env.quirks(cx).await?;
    let mut work = Work::begin(cx, env, repair).await?;
    loop {
        match work.progress().stage {
            ReconcileStage::Outbox => work.outbox().await?,
            ReconcileStage::Links { after } => work.links(after).await?,
            ReconcileStage::References { after } => work.references(after).await?,
            ReconcileStage::Over => return work.end().await,
        }
    }
}

/// A comparison under way.
struct Work<'a> {
    cx: &'a Context,
    env: &'a Environment,
    stored: Stored<ReconcileProgress>,
    /// What the page under way will be written with.
    batch: Batch,
    report: ReconcileReport,
    repair: bool,
}

impl<'a> Work<'a> {
    async fn begin(cx: &'a Context, env: &'a Environment, repair: bool) -> Result<Self> {
        let mut stored: Stored<ReconcileProgress> =
            session::get_one(cx, env.keys.reconcile()).await?;
        let resumable = stored.value.take().filter(|progress| {
            progress.repair == repair && cx.now().since(progress.began_at) < RESUMABLE
        });
        let progress = resumable.unwrap_or_else(|| ReconcileProgress {
            began_at: cx.now(),
            repair,
            stage: ReconcileStage::Outbox,
            links: 0,
            tickets: 0,
            repaired: 0,
            found: Vec::new(),
            findings: Vec::new(),
        });
        let report = ReconcileReport {
            began_at: Some(progress.began_at),
            links: progress.links,
            tickets: progress.tickets,
            repaired: progress.repaired,
            found: progress.found.iter().copied().collect(),
            findings: progress.findings.clone(),
            ..ReconcileReport::default()
        };
        stored.value = Some(progress);
        Ok(Self {
            cx,
            env,
            stored,
            batch: Batch::default(),
            report,
            repair,
        })
    }

    fn progress(&self) -> ReconcileProgress {
        self.stored.value.clone().unwrap_or_default()
    }

    /// Keeps what was found up to here.
    async fn keep(&mut self, stage: ReconcileStage) -> Result<()> {
        self.stored.value = Some(ReconcileProgress {
            stage,
            links: self.report.links,
            tickets: self.report.tickets,
            repaired: self.report.repaired,
            found: self.report.found.clone().into_iter().collect(),
            findings: self.report.findings.clone(),
            ..self.progress()
        });
        let mut batch = std::mem::take(&mut self.batch);
        batch.save(&self.stored)?;
        self.stored.revision = Some(session::commit(self.cx, batch).await?);
        Ok(())
    }

    /// Cases whose last try failed.
    async fn outbox(&mut self) -> Result<()> {
        let mut failed = Vec::new();
        session::each(
            self.cx,
            &self.env.keys.all("outbox"),
            |entry: OutboxEntry| {
                if let Some(failure) = entry.failure {
                    failed.push((entry.case.id.clone(), failure.message));
                }
            },
        )
        .await?;
        for (case_id, error) in failed {
            if self.repair {
                self.cx.submit(Command::ContinueCase {
                    case_id: case_id.clone(),
                });
            }
            self.note(Found {
                kind: ReconcileKind::UnfinishedCase,
                case_id: Some(case_id),
                ticket: None,
                message: format!("its last try failed: {error}"),
                fix:
                    "Remove the cause; the case is tried again when it is submitted, or by a repair"
                        .to_owned(),
                repair: self.if_asked(),
            });
        }
        self.keep(ReconcileStage::Links { after: None }).await
    }

    fn if_asked(&self) -> ReconcileRepair {
        if self.repair {
            ReconcileRepair::Done
        } else {
            ReconcileRepair::NotAsked
        }
    }

    fn note(&mut self, found: Found) {
        self.report.note(ReconcileFinding {
            severity: found.kind.severity(),
            kind: found.kind,
            case_id: found.case_id,
            ticket_id: found.ticket,
            message: found.message,
            fix: found.fix,
            repair: found.repair,
        });
    }

    /// Has a ticket read again after the page, together with the other deletions, closings and moves.
    fn put_off(&mut self, ticket: TicketId, why: WhyPending) -> Result<()> {
        let pending = PendingSync {
            ticket: ticket.0,
            why,
        };
        self.batch
            .put_record(self.env.keys.pending(ticket), &pending)
    }

    /// Reads a ticket and brings its case in step with it. One that cannot be read is tried again by the next poll.
    async fn sync(&mut self, ticket: TicketId) -> Result<()> {
        match sync_ticket::sync_ticket(self.cx, self.env, ticket, SyncReason::Reconcile).await {
            Ok(_) => Ok(()),
            Err(error) if poll::is_of_the_ticket(&error) => {
                self.put_off(ticket, WhyPending::Failed)
            }
            Err(error) => Err(error),
        }
    }

    /// Tells what waits, unless there is too much of it, and forgets how far it had come.
    async fn end(mut self) -> Result<ReconcileReport> {
        if self.repair {
            ticket_first::finish_writes(self.cx, self.env).await?;
            let told = poll::settle(self.cx, self.env).await?;
            self.report.held = told.held;
            self.report.failures = told.failures;
        }
        if self.report.held.is_some() {
            for finding in &mut self.report.findings {
                let drastic = matches!(
                    finding.kind,
                    ReconcileKind::MissingTicket | ReconcileKind::Status | ReconcileKind::Board
                );
                if drastic && finding.repair == ReconcileRepair::Done {
                    finding.repair = ReconcileRepair::Held;
                    self.report.repaired -= 1;
                }
            }
        }
        self.stored.value = None;
        let mut batch = Batch::default();
        batch.save(&self.stored)?;
        let run = TaskRun {
            at: self.cx.now(),
            reason: String::new(),
        };
        batch.put_record(self.env.keys.run(Task::Reconcile), &run)?;
        session::commit(self.cx, batch).await?;
        Ok(self.report)
    }
}

/// A difference, before it is noted.
struct Found {
    kind: ReconcileKind,
    case_id: Option<String>,
    ticket: Option<TicketId>,
    message: String,
    fix: String,
    repair: ReconcileRepair,
}
