//! What goes back to the host, as a feed with a cursor.

use super::{App, chosen::Chosen, json, refusal::Refusal, span};
use crate::cli::serve::tables::{self, Change};
use axum::{
    extract::{Query, State},
    http::{HeaderMap, StatusCode, header},
    response::{
        IntoResponse as _, Response,
        sse::{Event, KeepAlive, Sse},
    },
};
use futures_util::stream;
use serde::Deserialize;
use std::{collections::VecDeque, convert::Infallible, sync::Arc, time::Duration};
use tokio::{sync::watch, time::Instant};

/// Changes of one answer where nothing is said.
const PAGE: u32 = 100;
/// Most of them.
const MOST: u32 = 1000;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Wanted {
    after: Option<String>,
    limit: Option<u32>,
    wait: Option<String>,
}

/// `GET /changes?after=CURSOR`: server-sent events where they are asked for, or else a page, for which the caller may wait.
pub(super) async fn changes(
    State(app): State<Arc<App>>,
    chosen: Chosen,
    Query(wanted): Query<Wanted>,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    let streamed =
        text(header::ACCEPT.as_str()).is_some_and(|accept| accept.contains("text/event-stream"));
    // A browser that connects again says where it was.
    let last = text("last-event-id").filter(|_| streamed);
    let reader = Reader {
        after: place(&app, last.or(wanted.after.as_deref())).await?,
        instance: chosen.named().map(|instance| instance.name().to_owned()),
        latest: app.feed.watch(),
        limit: wanted.limit.unwrap_or(PAGE).clamp(1, MOST),
        page: VecDeque::new(),
        app,
    };
    if streamed {
        return Ok(events(reader));
    }
    let wait = wanted.wait.as_deref().map(span).transpose()?;
    page(reader, wait.unwrap_or_default()).await
}

/// The place that a cursor names; the oldest that there is where nothing is said.
async fn place(app: &App, cursor: Option<&str>) -> Result<i64, Refusal> {
    let ends = app.desk.ask(tables::ends).await;
    let (last, forgotten) = ends.map_err(|why| Refusal::of_store(&why))?;
    let Some(cursor) = cursor else {
        return Ok(forgotten);
    };
    match cursor.parse::<i64>() {
        Ok(place) if (forgotten..=last).contains(&place) => Ok(place),
        Ok(0) => Err(Refusal::forgotten(forgotten)),
        Ok(place) if (0..forgotten).contains(&place) => Err(Refusal::forgotten(forgotten)),
        _ => Err(Refusal::of_query(
            "after",
            format!("'{cursor}' is no cursor that an answer gave"),
            "Give the 'cursor' of the last change that you kept, or leave it out to begin with the oldest",
        )),
    }
}

struct Reader {
    app: Arc<App>,
    after: i64,
    instance: Option<String>,
    latest: watch::Receiver<i64>,
    limit: u32,
    page: VecDeque<Change>,
}

impl Reader {
    /// Reads what there is after the last that was given.
    async fn read(&mut self) -> Result<(), String> {
        self.latest.borrow_and_update();
        let (after, limit, instance) = (self.after, self.limit, self.instance.clone());
        let read = self
            .app
            .desk
            .ask(move |sql| tables::changes(sql, after, instance.as_deref(), limit));
        self.page = read.await?.into();
        Ok(())
    }

    /// Waits until there may be more. Says whether to look.
    async fn wait(&mut self, end: Option<Instant>) -> bool {
        let changed = self.latest.changed();
        let changed = match end {
            Some(end) => tokio::time::timeout_at(end, changed)
                .await
                .unwrap_or(Ok(())),
            None => changed.await,
        };
        let in_time = end.is_none_or(|end| Instant::now() < end);
        changed.is_ok() && in_time && !self.app.feed.is_over()
    }

    async fn next(mut self) -> Option<(Change, Self)> {
        loop {
            if let Some(change) = self.page.pop_front() {
                self.after = change.seq;
                return Some((change, self));
            }
            if self.app.feed.is_over() || self.read().await.is_err() {
                return None;
            }
            if self.page.is_empty() && !self.wait(None).await {
                return None;
            }
        }
    }
}

fn events(reader: Reader) -> Response {
    let events = stream::unfold(reader, |reader| async {
        let (change, reader) = reader.next().await?;
        let event = Event::default()
            .id(change.seq.to_string())
            .event("change")
            .data(change.json());
        Some((Ok::<_, Infallible>(event), reader))
    });
    let alive = KeepAlive::new().interval(Duration::from_secs(15));
    Sse::new(events).keep_alive(alive).into_response()
}

async fn page(mut reader: Reader, wait: Duration) -> Result<Response, Refusal> {
    let end = Instant::now() + wait;
    loop {
        reader.read().await.map_err(|why| Refusal::of_store(&why))?;
        if !reader.page.is_empty() || !reader.wait(Some(end)).await {
            break;
        }
    }
    let cursor = reader.page.back().map_or(reader.after, |last| last.seq);
    let changes: Vec<String> = reader.page.iter().map(Change::json).collect();
    let body = format!(
        r#"{{"changes":[{}],"cursor":"{cursor}"}}"#,
        changes.join(",")
    );
    Ok(json(StatusCode::OK, body))
}
