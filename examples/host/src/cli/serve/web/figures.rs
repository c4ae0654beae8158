use super::{App, refusal::Refusal};
use crate::clock::now;
use axum::{
    extract::State,
    http::header,
    response::{IntoResponse as _, Response},
};
use prometheus::{Encoder as _, IntCounterVec, IntGaugeVec, Opts, Registry, TextEncoder};
use std::sync::{Arc, PoisonError, atomic::Ordering};

/// `GET /metrics`: figures in the text format of Prometheus.
pub(super) async fn figures(State(app): State<Arc<App>>) -> Result<Response, Refusal> {
    let text = gather(&app).map_err(|error| Refusal::of_store(&error.to_string()))?;
    let content = [(
        header::CONTENT_TYPE,
        TextEncoder::new().format_type().to_owned(),
    )];
    Ok((content, text).into_response())
}

fn gather(app: &App) -> prometheus::Result<String> {
    let families = Families::new()?;
    for instance in app.instances.all() {
        let status = instance.status().clone();
        let name = instance.name();
        families
            .accepted
            .with_label_values(&[name])
            .inc_by(status.accepted);
        families
            .deliveries
            .with_label_values(&[name])
            .inc_by(status.delivered);
        for (outcome, count) in &status.outcomes {
            families
                .outcomes
                .with_label_values(&[name, outcome])
                .inc_by(*count);
        }
        for (result, count) in &status.callbacks {
            families
                .callbacks
                .with_label_values(&[name, result])
                .inc_by(*count);
        }
        for (result, count) in [
            ("answered", status.traffic.answered),
            ("failed", status.traffic.failed),
        ] {
            families
                .requests
                .with_label_values(&[name, result])
                .inc_by(count);
        }
        let backlog = &status.backlog;
        for (state, count) in [
            ("waiting", backlog.waiting),
            ("retrying", backlog.retrying),
            ("failed", backlog.failed),
            ("held", backlog.held),
        ] {
            families
                .outbox
                .with_label_values(&[name, state])
                .set(signed(count));
        }
        families
            .undelivered
            .with_label_values(&[name])
            .set(signed(backlog.undelivered));
        let oldest = backlog
            .oldest
            .map_or(0, |oldest| now().since(oldest).as_secs());
        families
            .oldest
            .with_label_values(&[name])
            .set(signed(oldest));
    }
    for hook in &app.hooks {
        for (result, count) in [("taken", &hook.taken), ("failed", &hook.failed)] {
            let count = count.load(Ordering::Relaxed);
            families
                .webhooks
                .with_label_values(&[hook.url.as_str(), result])
                .inc_by(count);
        }
    }
    let answered = app
        .answered
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .clone();
    for (status, count) in answered {
        families
            .answered
            .with_label_values(&[status.to_string().as_str()])
            .inc_by(count);
    }
    let used = app.folder_used.load(Ordering::Relaxed);
    let none: [&str; 0] = [];
    families.folder.with_label_values(&none).set(signed(used));
    let mut text = Vec::new();
    TextEncoder::new().encode(&families.registry.gather(), &mut text)?;
    String::from_utf8(text).map_err(|error| prometheus::Error::Msg(error.to_string()))
}

fn signed(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

struct Families {
    registry: Registry,
    accepted: IntCounterVec,
    outcomes: IntCounterVec,
    requests: IntCounterVec,
    callbacks: IntCounterVec,
    deliveries: IntCounterVec,
    webhooks: IntCounterVec,
    answered: IntCounterVec,
    outbox: IntGaugeVec,
    undelivered: IntGaugeVec,
    oldest: IntGaugeVec,
    folder: IntGaugeVec,
}

impl Families {
    fn new() -> prometheus::Result<Self> {
        let registry = Registry::new();
        let counter = |name: &str, help: &str, labels: &[&str]| {
            let family = IntCounterVec::new(Opts::new(name, help), labels)?;
            registry.register(Box::new(family.clone()))?;
            prometheus::Result::Ok(family)
        };
        let gauge = |name: &str, help: &str, labels: &[&str]| {
            let family = IntGaugeVec::new(Opts::new(name, help), labels)?;
            registry.register(Box::new(family.clone()))?;
            prometheus::Result::Ok(family)
        };
        Ok(Self {
            accepted: counter(
                "casewire_cases_accepted_total",
                "States of cases that were taken over.",
                &["instance"],
            )?,
            outcomes: counter(
                "casewire_case_outcomes_total",
                "Work on cases that is over.",
                &["instance", "outcome"],
            )?,
            requests: counter(
                "casewire_connectwise_requests_total",
                "Requests to ConnectWise.",
                &["instance", "result"],
            )?,
            callbacks: counter(
                "casewire_callbacks_total",
                "Callbacks that came in, and what became of them.",
                &["instance", "result"],
            )?,
            deliveries: counter(
                "casewire_deliveries_total",
                "Changes that were offered to the feed.",
                &["instance"],
            )?,
            webhooks: counter(
                "casewire_webhook_posts_total",
                "Posts to webhooks.",
                &["url", "result"],
            )?,
            answered: counter(
                "casewire_http_answers_total",
                "Answers of this service.",
                &["status"],
            )?,
            outbox: gauge(
                "casewire_outbox_cases",
                "Cases that wait.",
                &["instance", "state"],
            )?,
            undelivered: gauge(
                "casewire_undelivered",
                "Changes that are not in the feed yet.",
                &["instance"],
            )?,
            oldest: gauge(
                "casewire_outbox_oldest_seconds",
                "Age of the oldest case that waits.",
                &["instance"],
            )?,
            folder: gauge(
                "casewire_attachment_bytes",
                "Bytes of attachments that wait.",
                &[],
            )?,
            registry,
        })
    }
}
