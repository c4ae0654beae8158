use super::step;
use crate::{
    api::Performed,
    catalog::same_name,
    effect::Batch,
    environment::Environment,
    error::{Code, Error, Result},
    provision::{Creation, ProvisionPlan, StepReport, StepResult},
    runtime::Context,
    store::{
        records::{ProvisionIntent, ProvisionRun},
        session::{self, Stored},
    },
    time::Timestamp,
};
use std::time::Duration;

/// How long after its intent a request may leave.
const SEND_WINDOW: Duration = Duration::from_secs(30);

/// How often a step that was surely not performed is tried before the run is put off.
const TRIES: u32 = 5;

/// A plan under way: each step is searched for by name, then intended, then performed, and searched for again where its answer
/// was lost.
pub(super) struct Run<'a> {
    cx: &'a Context,
    env: &'a Environment,
    stored: Stored<ProvisionRun>,
    seen: step::Seen,
}

impl<'a> Run<'a> {
    pub(super) async fn load(cx: &'a Context, env: &'a Environment) -> Result<Self> {
        Ok(Self {
            cx,
            env,
            stored: session::get_one(cx, env.keys.provision()).await?,
            seen: step::Seen::default(),
        })
    }

    fn run(&self) -> Option<&ProvisionRun> {
        self.stored.value.as_ref()
    }

    /// Whether this is the plan of the run.
    pub(super) fn is_of(&self, plan: &ProvisionPlan) -> bool {
        self.run().is_some_and(|run| run.plan == *plan)
    }

    /// Whether this is the plan of the run, and steps are left.
    pub(super) fn is_under_way(&self, plan: &ProvisionPlan) -> bool {
        self.is_of(plan) && self.run().is_some_and(|run| !run.finished)
    }

    pub(super) fn begin(&mut self, plan: &ProvisionPlan) {
        self.stored.value = Some(ProvisionRun {
            plan: plan.clone(),
            done: Vec::new(),
            intent: None,
            finished: false,
        });
    }

    /// The record of the first step that has come to nothing yet.
    pub(super) fn next(&self) -> Option<Creation> {
        let run = self.run()?;
        let step = run.plan.steps.get(run.done.len())?;
        Some(step.create.clone())
    }

    /// Finds out what became of a request that an earlier connector may have sent.
    pub(super) async fn settle(&mut self) -> Result<()> {
        let intent = self.run().and_then(|run| run.intent);
        if let (Some(intent), Some(create)) = (intent, self.next()) {
            self.settle_since(&create, intent.not_after).await?;
        }
        Ok(())
    }

    /// Searches for a record until it is found, or the request for it can no longer land.
    async fn settle_since(&mut self, create: &Creation, last_moment: Timestamp) -> Result<bool> {
        let proof = last_moment.after(self.env.settings.config().limits.settle.0);
        for tries in 0.. {
            let asked = self.cx.now();
            self.seen.forget();
            if let Some(id) = self.seen.find(self.cx, &self.env.api, create).await? {
                self.record(create, StepResult::Done { id });
                return Ok(true);
            }
            if asked >= proof {
                break;
            }
            let next = asked.after(self.cx.backoff(tries));
            self.cx.sleep_until(proof.min(next)).await;
        }
        self.retract();
        Ok(false)
    }

    /// Makes a record, unless it is there.
    pub(super) async fn make(&mut self, create: Creation) -> Result<()> {
        if let Some(reason) = self.wants(&create) {
            self.record(&create, StepResult::Skipped { reason });
            return Ok(());
        }
        for tries in 0.. {
            match self.seen.find(self.cx, &self.env.api, &create).await {
                Ok(Some(id)) => {
                    self.record(&create, StepResult::WasThere { id });
                    return Ok(());
                }
                Ok(None) => {}
                Err(error) if is_refusal(&error) => {
                    return self.refused(&create, &error);
                }
                Err(error) => return Err(error),
            }
            let not_after = self.cx.now().after(SEND_WINDOW);
            self.declare(not_after).await?;
            let Err(failure) = self.send(&create, not_after).await else {
                return Ok(());
            };
            match failure.performed {
                Performed::Unknown => {
                    let last_moment = self.cx.now().min(not_after);
                    if self.settle_since(&create, last_moment).await? {
                        return Ok(());
                    }
                    if tries >= TRIES {
                        return self.put_off(failure.error).await;
                    }
                }
                Performed::No => {
                    self.retract();
                    self.seen.forget();
                    // Someone else may have made it meanwhile: names are unique on a board.
                    if is_refusal(&failure.error)
                        && self
                            .seen
                            .find(self.cx, &self.env.api, &create)
                            .await?
                            .is_none()
                    {
                        return self.refused(&create, &failure.error);
                    }
                    if !is_refusal(&failure.error) && (!failure.error.retry || tries >= TRIES) {
                        return self.put_off(failure.error).await;
                    }
                    let next = self.cx.now().after(self.cx.backoff(tries));
                    self.cx.sleep_until(next).await;
                }
            }
        }
        Ok(())
    }

    async fn send(
        &mut self,
        create: &Creation,
        not_after: Timestamp,
    ) -> std::result::Result<(), crate::api::WriteFailure> {
        let id = step::create(self.cx, &self.env.api, &self.seen, create, not_after).await?;
        self.seen.add(create, id);
        self.record(create, StepResult::Done { id });
        Ok(())
    }

    /// What a record needs that was refused before.
    fn wants(&self, create: &Creation) -> Option<String> {
        let run = self.run()?;
        let lacking = run.done.iter().find(|report| {
            let refused = matches!(
                report.result,
                StepResult::Refused { .. } | StepResult::Skipped { .. }
            );
            let needed = match (&report.create, create) {
                (_, Creation::Board { .. }) => false,
                (Creation::Board { name, .. }, other) => same_name(name, other.board()),
                (
                    Creation::Type { board, name },
                    Creation::Subtype {
                        board: own, types, ..
                    },
                ) => same_name(board, own) && types.iter().any(|kind| same_name(kind, name)),
                _ => false,
            };
            refused && needed
        })?;
        let (what, name) = (lacking.create.what(), lacking.create.name());
        Some(format!("it needs the {what} '{name}', which was not made"))
    }

    fn refused(&mut self, create: &Creation, error: &Error) -> Result<()> {
        let reason = error.to_string();
        self.record(create, StepResult::Refused { reason });
        Ok(())
    }

    fn record(&mut self, create: &Creation, result: StepResult) {
        if let Some(run) = &mut self.stored.value {
            run.intent = None;
            run.done.push(StepReport {
                create: create.clone(),
                result,
            });
        }
    }

    fn retract(&mut self) {
        if let Some(run) = &mut self.stored.value {
            run.intent = None;
        }
    }

    async fn declare(&mut self, not_after: Timestamp) -> Result<()> {
        if let Some(run) = &mut self.stored.value {
            run.intent = Some(ProvisionIntent { not_after });
        }
        self.commit().await
    }

    /// Leaves the rest of the plan to a later connector, or to the next time it is applied.
    async fn put_off(&mut self, error: Error) -> Result<()> {
        self.commit().await?;
        Err(error)
    }

    /// Ends the run: every step came to something.
    pub(super) async fn finish(&mut self) -> Result<Vec<StepReport>> {
        match &mut self.stored.value {
            Some(run) if !run.finished => {
                run.finished = true;
                self.commit().await?;
            }
            _ => {}
        }
        Ok(self.run().map(|run| run.done.clone()).unwrap_or_default())
    }

    async fn commit(&mut self) -> Result<()> {
        let mut batch = Batch::default();
        batch.save(&self.stored)?;
        let revision = session::commit(self.cx, batch).await?;
        self.stored.revision = Some(revision);
        Ok(())
    }
}

/// Whether ConnectWise says that it will not do this, as opposed to a failure of the connection or of all requests.
fn is_refusal(error: &Error) -> bool {
    matches!(
        error.code,
        Code::Rejected | Code::Forbidden | Code::NotFound | Code::InUse | Code::TooLarge
    )
}
