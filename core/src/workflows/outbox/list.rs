use crate::{
    delivery::Delivery,
    environment::Environment,
    error::Result,
    outbox::{Backlog, OutboxItem, OutboxPage, OutboxState},
    runtime::Context,
    store::{
        records::{self, HeldCase, OutboxEntry},
        session::{self, each},
    },
    workflows::page::{self, MOST_READ},
};

/// Records that are read at once; each may hold a whole case.
const PAGE: u32 = 64;

/// Lists cases that wait, by page: those of the outbox, then the held ones.
///
/// # Errors
///
/// A limit that is out of bounds, a place that no page gave.
pub(crate) async fn list_outbox(
    cx: &Context,
    env: &Environment,
    after: Option<String>,
    limit: u32,
    state: Option<OutboxState>,
    case_id: Option<&str>,
) -> Result<OutboxPage> {
    let prefixes = [env.keys.all("outbox"), env.keys.all("held")];
    page::check(limit, after.as_deref(), &[&prefixes[0], &prefixes[1]])?;
    if let Some(case_id) = case_id {
        let keys = [env.keys.outbox(case_id), env.keys.held(case_id)];
        let (entry, held) = session::get_two::<OutboxEntry, HeldCase>(cx, keys).await?;
        let entry = entry.value.map(OutboxItem::from);
        let item = entry.or_else(|| held.value.map(OutboxItem::from));
        let wanted = item.filter(|item| state.is_none_or(|state| item.state == state));
        return Ok(OutboxPage {
            items: wanted.into_iter().collect(),
            next: None,
        });
    }
    let mut page = OutboxPage::default();
    let mut read = 0;
    for (index, prefix) in prefixes.iter().enumerate() {
        let mut place = after.clone();
        match place.as_deref() {
            Some(after) if after.starts_with(prefix.as_str()) => {}
            // The page before ended among the held ones, past all of the outbox.
            Some(after) if index == 0 && after.starts_with(prefixes[1].as_str()) => continue,
            _ => place = None,
        }
        loop {
            let records = session::scan(cx, prefix, place.take(), PAGE).await?;
            if records.is_empty() {
                break;
            }
            read += records.len();
            for record in records {
                let item = match index {
                    0 => records::read::<OutboxEntry>(&record.key, &record.value)?.into(),
                    _ => OutboxItem::from(records::read::<HeldCase>(&record.key, &record.value)?),
                };
                if state.is_none_or(|state| item.state == state) {
                    page.items.push(item);
                }
                place = Some(record.key);
                if page.items.len() >= limit as usize {
                    page.next = place;
                    return Ok(page);
                }
            }
            if read >= MOST_READ {
                page.next = place;
                return Ok(page);
            }
        }
    }
    Ok(page)
}

/// Counts what waits.
pub(crate) async fn backlog(cx: &Context, env: &Environment) -> Result<Backlog> {
    let mut backlog = Backlog::default();
    each(cx, &env.keys.all("outbox"), |entry: OutboxEntry| {
        let state = entry.state();
        match state {
            OutboxState::Failed => backlog.failed += 1,
            OutboxState::Retrying => backlog.retrying += 1,
            OutboxState::Waiting | OutboxState::Held => backlog.waiting += 1,
        }
        if state != OutboxState::Failed {
            let oldest = backlog.oldest.get_or_insert(entry.accepted_at);
            *oldest = entry.accepted_at.min(*oldest);
        }
    })
    .await?;
    each(cx, &env.keys.all("held"), |_: HeldCase| backlog.held += 1).await?;
    each(cx, &env.keys.all("delivery"), |_: Delivery| {
        backlog.undelivered += 1;
    })
    .await?;
    Ok(backlog)
}

impl OutboxEntry {
    fn state(&self) -> OutboxState {
        match &self.failure {
            None => OutboxState::Waiting,
            Some(failure) if failure.next_try.is_some() => OutboxState::Retrying,
            Some(_) => OutboxState::Failed,
        }
    }
}

impl From<OutboxEntry> for OutboxItem {
    fn from(entry: OutboxEntry) -> Self {
        Self {
            case_id: entry.case.id.clone(),
            number: entry.case.number.clone(),
            title: entry.case.title.clone(),
            group: entry.case.group.id.clone(),
            state: entry.state(),
            accepted_at: entry.accepted_at,
            action: entry.intent.map(|intent| intent.action.name().to_owned()),
            failure: entry.failure,
            reason: None,
        }
    }
}

impl From<HeldCase> for OutboxItem {
    fn from(held: HeldCase) -> Self {
        Self {
            case_id: held.case.id.clone(),
            number: held.case.number.clone(),
            title: held.case.title.clone(),
            group: held.case.group.id.clone(),
            state: OutboxState::Held,
            accepted_at: held.accepted_at,
            action: None,
            failure: None,
            reason: Some(held.reason),
        }
    }
}
