//! The service's HTTP side.

use super::{feed::Feed, instances::Instances, webhooks::Hook};
use crate::{clock::now, store::Desk};
use axum::{
    Router,
    body::Body,
    extract::{Request, State},
    http::{StatusCode, header},
    middleware::{self, Next},
    response::{IntoResponse as _, Response},
    routing::{get, post, put},
};
use std::{
    collections::BTreeMap,
    path::PathBuf,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::Duration,
};

mod attachments;
mod callback;
mod cases;
mod changes;
mod chosen;
mod commands;
mod configuration;
mod description;
mod figures;
mod health;
mod host_events;
mod known;
mod log;
mod page;
mod refusal;
mod token;

pub(super) use attachments::sweep;
pub(in crate::cli) use page::Page;
use refusal::Refusal;
pub(super) use token::{Token, Tokens};

/// Largest body of JSON, in bytes.
const MAX_BODY: usize = 16 << 20;
/// How long a body may take to come in.
const BODY_TIME: Duration = Duration::from_secs(30);
/// The longest wait that a caller may ask for.
const LONGEST_WAIT: Duration = Duration::from_secs(120);

/// What handlers share.
#[derive(Debug)]
pub(super) struct App {
    pub(super) instances: Instances,
    pub(super) desk: Desk,
    pub(super) feed: Feed,
    pub(super) hooks: Vec<Arc<Hook>>,
    pub(super) tokens: Tokens,
    /// The dashboard, where it is given out.
    pub(super) page: Option<Page>,
    pub(super) folder: PathBuf,
    /// Bytes of uploaded files that the folder may hold.
    pub(super) folder_limit: u64,
    /// Bytes that it holds.
    pub(super) folder_used: AtomicU64,
    /// Counts uploads, which are named by it until they are whole.
    pub(super) uploads: AtomicU64,
    /// Names this run in the ids of operations, whose numbers begin anew with every run.
    pub(super) run: String,
    /// How old the oldest case that waits may be before health calls it a degradation.
    pub(super) max_age: Duration,
    /// How long what is under way may take when something ends.
    pub(super) grace: Duration,
    /// Held by whoever saves a configuration.
    pub(super) saving: tokio::sync::Mutex<()>,
    /// Nothing more is taken in.
    pub(super) stopping: AtomicBool,
    /// Requests by what they were answered with.
    pub(super) answered: Mutex<BTreeMap<u16, u64>>,
}

impl App {
    pub(super) fn is_stopping(&self) -> bool {
        self.stopping.load(Ordering::Acquire)
    }
}

/// The paths.
pub(super) fn router(app: Arc<App>) -> Router {
    let of_instance = Router::new()
        .route("/cases", post(cases::submit))
        .route("/cases/{case}", get(cases::show))
        .route("/cases/{case}/comments", post(cases::comment))
        .route("/cases/{case}/attachments", post(attachments::upload))
        .route("/operations/{operation}", get(cases::operation))
        .route("/changes", get(changes::changes))
        .route("/host-events", post(host_events::take))
        .route("/events", get(log::events))
        .route("/reports/{report}", get(log::report))
        .route("/dashboards/{dashboard}", get(log::dashboard))
        .route("/audit", get(log::audit))
        .route("/health", get(log::health));
    let guarded = Router::new()
        .merge(of_instance.clone())
        .nest("/instances/{instance}", of_instance)
        .route("/metrics", get(figures::figures))
        .route("/definitions", get(log::shipped))
        .route_layer(middleware::from_fn_with_state(Arc::clone(&app), guard));
    let mut router = Router::new()
        .merge(guarded)
        .route("/healthz", get(health::health))
        .route("/openapi.json", get(description::openapi));
    if app.page.is_some() {
        router = router
            .merge(of_administrator(&app))
            .route("/", get(page::index))
            .route("/assets/{file}", get(page::asset));
    }
    router
        .method_not_allowed_fallback(|| async { Refusal::no_such_path() })
        .fallback(callback::callback)
        .layer(middleware::from_fn_with_state(Arc::clone(&app), count))
        .with_state(app)
}

/// What the page asks for: more than a product may.
fn of_administrator(app: &Arc<App>) -> Router<Arc<App>> {
    let of_instance = Router::new()
        .route("/commands", post(commands::run))
        .route("/configuration", get(configuration::show))
        .route("/configuration", put(configuration::save))
        .route("/connection/test", post(configuration::test))
        .route("/inventory", get(known::inventory))
        .route("/cases", get(known::cases))
        .route("/cases/{case}/history", get(known::history));
    Router::new()
        .merge(of_instance.clone())
        .nest("/instances/{instance}", of_instance)
        .route("/instances", get(known::instances))
        .route_layer(middleware::from_fn_with_state(Arc::clone(app), guard_admin))
}

/// Lets through who has the product's token, or the administrator's.
async fn guard(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    match app.tokens.open_product(request.headers()) {
        true => next.run(request).await,
        false => Refusal::unauthorized().into_response(),
    }
}

/// Lets through who has the administrator's token.
///
/// A token in a header is safe from requests that another site makes a browser send: such a request has none, since nothing
/// is in a cookie.
async fn guard_admin(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    match app.tokens.open_admin(request.headers()) {
        true => next.run(request).await,
        false => Refusal::not_administrator().into_response(),
    }
}

async fn count(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let (method, path) = (request.method().clone(), request.uri().path().to_owned());
    let begun = now();
    let response = next.run(request).await;
    let status = response.status().as_u16();
    let mut answered = app.answered.lock().unwrap_or_else(PoisonError::into_inner);
    *answered.entry(status).or_default() += 1;
    drop(answered);
    // The path of a callback holds the secret.
    let path = if path.len() > 64 && status == 204 {
        "[callback]"
    } else {
        &path
    };
    let millis = u64::try_from(now().since(begun).as_millis()).unwrap_or(u64::MAX);
    tracing::debug!(%method, path, status, millis, "answered");
    response
}

/// The whole body, within its bounds.
async fn read(body: Body, most: usize) -> Result<Vec<u8>, Refusal> {
    let reading = axum::body::to_bytes(body, most);
    match tokio::time::timeout(BODY_TIME, reading).await {
        Ok(Ok(bytes)) => Ok(bytes.into()),
        Ok(Err(error)) => {
            let error: Box<dyn std::error::Error> = error.into_inner();
            let too_large = error.to_string().contains("limit");
            match too_large {
                true => Err(Refusal::too_large(most as u64)),
                false => Err(Refusal::cut_off()),
            }
        }
        Err(_) => Err(Refusal::too_slow()),
    }
}

/// A span as the query gives it: `30s`, `500ms` or seconds.
fn span(text: &str) -> Result<Duration, Refusal> {
    let span = match (text.strip_suffix("ms"), text.strip_suffix('s')) {
        (Some(millis), _) => millis.parse().map(Duration::from_millis).ok(),
        (_, Some(seconds)) => seconds.parse().map(Duration::from_secs).ok(),
        _ => text.parse().map(Duration::from_secs).ok(),
    };
    span.map(|span| span.min(LONGEST_WAIT)).ok_or_else(|| {
        Refusal::of_query(
            "wait",
            format!("'{text}' is no span of time"),
            "Write it as 30s",
        )
    })
}

fn json(status: StatusCode, body: String) -> Response {
    let headers = [
        (header::CONTENT_TYPE, "application/json"),
        (header::CACHE_CONTROL, "no-store"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    (status, headers, body).into_response()
}
