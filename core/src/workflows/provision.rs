use crate::{
    catalog::Catalog,
    environment::Environment,
    error::{Code, Error, Result},
    provision::{ProvisionPlan, ProvisionReport},
    runtime::Context,
};

mod run;
mod step;

use run::Run;

/// How often other connectors may get in first before it is called a fault.
const ROUNDS: u32 = 16;

/// Says what of the configuration the instance lacks and can be made there. Nothing but reads is sent.
pub(crate) async fn plan_provision(cx: &Context, env: &Environment) -> Result<ProvisionPlan> {
    let catalog = whole_catalog(cx, env).await?;
    env.settings.plan_provision(&catalog)
}

/// Makes what a plan says, each record once, and reads the catalog anew.
pub(crate) async fn apply_provision(
    cx: &Context,
    env: &Environment,
    plan: &ProvisionPlan,
) -> Result<ProvisionReport> {
    again_where_another_was_first(cx, env, Some(plan)).await
}

/// Goes on with the plan that an earlier connector left unfinished.
pub(crate) async fn continue_provision(cx: &Context, env: &Environment) -> Result<ProvisionReport> {
    again_where_another_was_first(cx, env, None).await
}

async fn again_where_another_was_first(
    cx: &Context,
    env: &Environment,
    plan: Option<&ProvisionPlan>,
) -> Result<ProvisionReport> {
    let _turn = cx.lock("provision").await;
    for round in 0..ROUNDS {
        match attempt(cx, env, plan).await {
            Err(error) if error.code == Code::StoreConflict => {
                cx.sleep_until(cx.now().after(cx.backoff(round) / 8)).await;
            }
            other => return other,
        }
    }
    Err(Error::new(
        Code::StoreConflict,
        "other connectors kept changing the plan under way; it is taken up again",
    ))
}

async fn attempt(
    cx: &Context,
    env: &Environment,
    plan: Option<&ProvisionPlan>,
) -> Result<ProvisionReport> {
    let mut run = Run::load(cx, env).await?;
    run.settle().await?;
    if let Some(plan) = plan
        && !run.is_under_way(plan)
    {
        let catalog = whole_catalog(cx, env).await?;
        let as_planned = catalog.digest() == plan.digest;
        if as_planned || !run.is_of(plan) {
            is_still_the_plan(env, &catalog, plan)?;
            run.begin(plan);
        }
    }
    while let Some(create) = run.next() {
        run.make(create).await?;
    }
    let steps = run.finish().await?;
    let remaining = match env.fresh_catalog(cx).await {
        Ok(_) => Vec::new(),
        Err(error) if !error.faults.is_empty() => error.faults,
        Err(error) => return Err(error),
    };
    Ok(ProvisionReport { steps, remaining })
}

/// The catalog, all of which could be read: what may be there unseen would be made twice.
async fn whole_catalog(cx: &Context, env: &Environment) -> Result<Catalog> {
    let reading = env.read_catalog(cx).await?;
    let gaps = reading.gap_faults();
    if gaps.is_empty() {
        Ok(reading.catalog)
    } else {
        Err(Error::refused("the configuration", gaps))
    }
}

/// # Errors
///
/// [`Code::PlanOutdated`] where today's plan is another: the instance or the configuration has changed, or the plan was.
fn is_still_the_plan(env: &Environment, catalog: &Catalog, plan: &ProvisionPlan) -> Result<()> {
    let today = env.settings.plan_provision(catalog)?;
    if today == *plan {
        return Ok(());
    }
    let what = if today.digest == plan.digest {
        "the configuration is no longer the one that the plan was made for, or the plan was changed"
    } else {
        "the instance has changed since the plan was made"
    };
    Err(Error::new(
        Code::PlanOutdated,
        format!("{what}; nothing was sent. Make a new plan, look at it, and apply that one"),
    ))
}
