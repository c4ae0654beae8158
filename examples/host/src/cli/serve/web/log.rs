//! What a dashboard page asks for: events, reports, figures, decisions, health. Nothing of it is sent to ConnectWise.

use super::{App, chosen::Chosen, json, refusal::Refusal};
use crate::cli::serve::instance::Instance;
use crate::clock::now;
use axum::{
    extract::{Path, Query, State},
    http::StatusCode,
    response::Response,
};
use casewire::{
    Bucket, Command, EventFilter, EventKind, Outcome, Span, TicketId, Timestamp, definitions,
};
use serde::{Deserialize, Serialize};
use std::{collections::BTreeMap, sync::Arc};

/// Which events, as a query says it.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Wanted {
    after: Option<String>,
    limit: Option<u32>,
    from: Option<String>,
    until: Option<String>,
    /// Names with commas between.
    event: Option<String>,
    category: Option<String>,
    case: Option<String>,
    ticket: Option<u32>,
    group: Option<String>,
    company: Option<String>,
    user: Option<String>,
    alerts: Option<bool>,
    bucket: Option<Bucket>,
}

impl Wanted {
    fn filter(&self) -> Result<EventFilter, Refusal> {
        let mut events = Vec::new();
        for name in self.event.iter().flat_map(|names| names.split(',')) {
            let kind = EventKind::named(name).ok_or_else(|| {
                let names: Vec<&str> = EventKind::ALL.iter().map(|kind| kind.name()).collect();
                let fix = format!("Give one of {}", names.join(", "));
                Refusal::of_query("event", format!("there is no event '{name}'"), &fix)
            })?;
            events.push(kind);
        }
        Ok(EventFilter {
            events,
            category: self.category.clone(),
            from: time("from", self.from.as_deref())?,
            until: time("until", self.until.as_deref())?,
            case_id: self.case.clone(),
            ticket_id: self.ticket.map(TicketId),
            group: self.group.clone(),
            company: self.company.clone(),
            user: self.user.clone(),
            raised: self.alerts,
        })
    }

    fn limit(&self) -> u32 {
        self.limit.unwrap_or(100)
    }
}

/// A time, or a span before now.
fn time(key: &str, text: Option<&str>) -> Result<Option<Timestamp>, Refusal> {
    let Some(text) = text else {
        return Ok(None);
    };
    let before_now = |span: Span| {
        let millis = i64::try_from(span.0.as_millis()).unwrap_or(i64::MAX);
        Timestamp::from_millis(now().millis().saturating_sub(millis))
    };
    let span = text.parse().map(before_now);
    let time = span.or_else(|_| text.parse::<Timestamp>());
    time.map(Some).map_err(|_| {
        let fix = "Give a time such as 2026-11-01T00:00:00Z, or a span before now such as 7d";
        Refusal::of_query(key, format!("'{text}' is no time"), fix)
    })
}

/// `GET /events`: the log by page, oldest first.
pub(super) async fn events(
    chosen: Chosen,
    Query(wanted): Query<Wanted>,
) -> Result<Response, Refusal> {
    let command = Command::ListEvents {
        after: wanted.after.clone(),
        limit: wanted.limit(),
        filter: wanted.filter()?,
    };
    let instance = chosen.instance()?;
    match ask(&instance, command).await? {
        Outcome::Events(page) => Ok(answer(&page)),
        _ => Err(Refusal::stopping()),
    }
}

/// `GET /reports/{report}`: rows of a report by page, oldest first.
pub(super) async fn report(
    chosen: Chosen,
    Path(path): Path<BTreeMap<String, String>>,
    Query(wanted): Query<Wanted>,
) -> Result<Response, Refusal> {
    let command = Command::Report {
        report: path.get("report").cloned().unwrap_or_default(),
        after: wanted.after.clone(),
        limit: wanted.limit(),
        filter: wanted.filter()?,
    };
    let instance = chosen.instance()?;
    match ask(&instance, command).await? {
        Outcome::Report(page) => Ok(answer(&page)),
        _ => Err(Refusal::stopping()),
    }
}

/// `GET /dashboards/{dashboard}`: a figure, ready to be drawn.
pub(super) async fn dashboard(
    chosen: Chosen,
    Path(path): Path<BTreeMap<String, String>>,
    Query(wanted): Query<Wanted>,
) -> Result<Response, Refusal> {
    let command = Command::Dashboard {
        dashboard: path.get("dashboard").cloned().unwrap_or_default(),
        bucket: wanted.bucket.unwrap_or_default(),
        filter: wanted.filter()?,
    };
    let instance = chosen.instance()?;
    match ask(&instance, command).await? {
        Outcome::Dashboard(figure) => Ok(answer(&figure)),
        _ => Err(Refusal::stopping()),
    }
}

/// `GET /audit`: decisions by page, oldest first.
pub(super) async fn audit(
    chosen: Chosen,
    Query(wanted): Query<Wanted>,
) -> Result<Response, Refusal> {
    let command = Command::Audit {
        after: wanted.after.clone(),
        limit: wanted.limit(),
        case_id: wanted.case.clone(),
        from: time("from", wanted.from.as_deref())?,
        until: time("until", wanted.until.as_deref())?,
    };
    let instance = chosen.instance()?;
    match ask(&instance, command).await? {
        Outcome::Audit(page) => Ok(answer(&page)),
        _ => Err(Refusal::stopping()),
    }
}

/// `GET /health`: how the instance does, each finding with its fix. For people; /healthz is for a load balancer.
pub(super) async fn health(chosen: Chosen) -> Result<Response, Refusal> {
    let instance = chosen.instance()?;
    match ask(&instance, Command::Health).await? {
        Outcome::Health(report) => Ok(answer(&report)),
        _ => Err(Refusal::stopping()),
    }
}

/// `GET /definitions`: what there is to ask for.
pub(super) async fn shipped(State(_): State<Arc<App>>) -> Response {
    answer(&definitions())
}

async fn ask(instance: &Instance, command: Command) -> Result<Outcome, Refusal> {
    let answer = instance.run(command).await.ok_or_else(Refusal::stopping)?;
    answer.map_err(Refusal::from)
}

fn answer(value: &impl Serialize) -> Response {
    json(
        StatusCode::OK,
        serde_json::to_string(value).unwrap_or_default(),
    )
}
