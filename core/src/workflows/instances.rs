use super::test_connection::test_connection;
use crate::{
    catalog::Catalog,
    command::Outcome,
    effect::Batch,
    environment::Environment,
    error::{Code, Error, Result},
    instances::{InstanceSummary, Records, SavedConnection},
    role::Feature,
    runtime::Context,
    store::{keys::Keys, records::Deletion, session},
};

const PAGE: u32 = 256;

/// Names the instances that have records in the store, each with what waits.
pub(crate) async fn list(cx: &Context) -> Result<Vec<InstanceSummary>> {
    let mut instances = Vec::new();
    let mut after = None;
    loop {
        let page = session::scan(cx, "", after.take(), 1).await?;
        let Some(record) = page.into_iter().next() else {
            return Ok(instances);
        };
        let Some((instance, _)) = record.key.split_once('/') else {
            after = Some(record.key);
            continue;
        };
        instances.push(summary(cx, instance).await?);
        after = Some(format!("{instance}{AFTER_SLASH}"));
    }
}

/// The character after the slash: past it lie no more keys of an instance.
const AFTER_SLASH: char = '0';

async fn summary(cx: &Context, instance: &str) -> Result<InstanceSummary> {
    let keys = Keys::new(instance);
    let catalog = session::get_one::<Catalog>(cx, keys.catalog()).await?;
    let deletion = session::get_one::<Deletion>(cx, keys.deletion()).await?;
    let saved = session::get_one::<SavedConnection>(cx, keys.saved()).await?;
    Ok(InstanceSummary {
        outbox: count(cx, &keys.all("outbox")).await?,
        held: count(cx, &keys.all("held")).await?,
        undelivered: count(cx, &keys.all("delivery")).await?,
        catalog_read_at: catalog.value.map(|catalog| catalog.read_at),
        saved: saved.value,
        deleting: deletion.value.is_some(),
        instance: instance.to_owned(),
    })
}

async fn count(cx: &Context, prefix: &str) -> Result<u64> {
    let (mut count, mut after) = (0, None);
    loop {
        let page = session::scan(cx, prefix, after.take(), PAGE).await?;
        count += page.len() as u64;
        match page.into_iter().last() {
            Some(record) => after = Some(record.key),
            None => return Ok(count),
        }
    }
}

/// Tests the connection, and saves it where no part failed.
pub(crate) async fn save(cx: &Context, env: &Environment) -> Result<Outcome> {
    let config = env.settings.config();
    let features = Feature::switched_on(config);
    let test = test_connection(cx, &env.api, &features).await;
    let saved = test.report.ok.then(|| SavedConnection {
        at: cx.now(),
        site: config.connection.site.clone(),
        company_id: config.connection.company_id.clone(),
    });
    if let Some(saved) = &saved {
        let mut batch = Batch::default();
        batch.put_record(env.keys.saved(), saved)?;
        session::commit(cx, batch).await?;
    }
    Ok(Outcome::InstanceSaved {
        saved,
        connection: Box::new(test.report),
    })
}

/// Gives a page of the instance's records.
///
/// # Errors
///
/// [`Code::InvalidValue`] for a place that is none of the instance's.
pub(crate) async fn export(
    cx: &Context,
    env: &Environment,
    after: Option<String>,
) -> Result<Records> {
    let own = env.keys.everything();
    if after.as_ref().is_some_and(|after| !after.starts_with(&own)) {
        return Err(Error::new(
            Code::InvalidValue,
            "'after' is no key of this instance; give what the page before said in 'next'",
        ));
    }
    let records = session::scan(cx, &own, after, PAGE).await?;
    let full = records.len() as u64 >= u64::from(PAGE);
    let next = records
        .last()
        .filter(|_| full)
        .map(|record| record.key.clone());
    Ok(Records { records, next })
}

/// Deletes every record of the instance, and says how many there were.
///
/// # Errors
///
/// [`Code::InstanceInUse`] while cases or deliveries wait and it is not forced.
pub(crate) async fn delete(cx: &Context, env: &Environment, force: bool) -> Result<u64> {
    let waiting = waiting(cx, env).await?;
    if !force && !waiting.is_empty() {
        return Err(Error::new(
            Code::InstanceInUse,
            format!(
                "the instance '{}' still has {}; nothing was deleted. Let them come to an end, or force it",
                env.settings.config().instance,
                waiting.join(" and ")
            ),
        ));
    }
    env.shut();
    let mut batch = Batch::default();
    let deletion = Deletion { since: cx.now() };
    batch.put_record(env.keys.deletion(), &deletion)?;
    session::commit(cx, batch).await?;
    go_on_deleting(cx, env).await
}

async fn waiting(cx: &Context, env: &Environment) -> Result<Vec<String>> {
    let mut waiting = Vec::new();
    for (kind, said) in [
        ("outbox", "cases in the outbox"),
        ("held", "held cases"),
        ("delivery", "deliveries that were not taken over"),
    ] {
        let count = count(cx, &env.keys.all(kind)).await?;
        if count > 0 {
            waiting.push(format!("{count} {said}"));
        }
    }
    Ok(waiting)
}

/// Deletes page by page; the note that it is being deleted goes last, so that it is never left half done.
pub(crate) async fn go_on_deleting(cx: &Context, env: &Environment) -> Result<u64> {
    let _turn = cx.lock("deletion").await;
    let note = env.keys.deletion();
    let mut deleted = 0;
    loop {
        let page = session::scan(cx, &env.keys.everything(), None, PAGE).await?;
        let mut batch = Batch::default();
        let others = page.into_iter().filter(|record| record.key != note);
        batch.delete.extend(others.map(|record| record.key));
        if batch.delete.is_empty() {
            batch.delete.push(note);
            session::commit(cx, batch).await?;
            return Ok(deleted);
        }
        deleted += batch.delete.len() as u64;
        session::commit(cx, batch).await?;
    }
}
