use super::{App, json};
use crate::{
    cli::serve::instance::{Instance, Status},
    clock::now,
};
use axum::{extract::State, http::StatusCode, response::Response};
use casewire::{Task, Timestamp};
use serde::Serialize;
use std::{collections::BTreeMap, sync::Arc, time::Duration};

/// How long ConnectWise may not answer before it is called a degradation.
const SILENCE: Duration = Duration::from_secs(120);
/// How long ago callbacks may have been checked; they are daily.
const CALLBACKS_AGE: Duration = Duration::from_secs(25 * 3600);

#[derive(Debug, Serialize)]
struct Health {
    /// `ready`, `degraded` (cases are taken in) or `down` (they are not).
    status: &'static str,
    reasons: Vec<Reason>,
    instances: BTreeMap<String, Summary>,
}

#[derive(Debug, Serialize)]
struct Reason {
    code: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    instance: Option<String>,
    message: String,
}

#[derive(Debug, Serialize)]
struct Summary {
    last_success: Option<Timestamp>,
    oldest_waiting: Option<Timestamp>,
    waiting: u64,
    retrying: u64,
    failed: u64,
    held: u64,
    /// Which way back from ConnectWise works: `callbacks`, or `none`.
    inbound: &'static str,
}

/// `GET /healthz`: 200 while cases are taken in, also where something is degraded; 503 where they are not. It names no case
/// and no customer, so it needs no token.
pub(super) async fn health(State(app): State<Arc<App>>) -> Response {
    let mut reasons = Vec::new();
    let reason = |code, message: &str| Reason {
        code,
        instance: None,
        message: message.to_owned(),
    };
    // Asked now, not remembered: a store that failed may be well again, and the reverse.
    let store = app
        .desk
        .ask(|connection| connection.execute_batch("SELECT 1 FROM service_feed LIMIT 1"));
    let store = tokio::time::timeout(Duration::from_secs(5), store).await;
    let store_works = matches!(store, Ok(Ok(()))) && app.desk.trouble().is_none();
    if !store_works {
        reasons.push(reason(
            "store",
            "the store fails or does not answer; cases are not taken in",
        ));
    }
    if app.is_stopping() {
        reasons.push(reason("stopping", "the service is stopping"));
    }
    let mut instances = BTreeMap::new();
    let mut dead = false;
    for (name, instance) in &app.instances {
        let status = instance.status().clone();
        dead |= status.stopped.is_some();
        let found = degradations(instance, &status, app.max_age);
        reasons.extend(found.into_iter().map(|(code, message)| Reason {
            code,
            instance: Some(name.clone()),
            message,
        }));
        let summary = Summary {
            last_success: status.traffic.last_success,
            oldest_waiting: status.backlog.oldest,
            waiting: status.backlog.waiting,
            retrying: status.backlog.retrying,
            failed: status.backlog.failed,
            held: status.backlog.held,
            inbound: if callbacks_work(&status) {
                "callbacks"
            } else {
                "none"
            },
        };
        instances.insert(name.clone(), summary);
    }
    let takes_in = store_works && !dead && !app.is_stopping();
    let health = Health {
        status: match (takes_in, reasons.is_empty()) {
            (false, _) => "down",
            (true, false) => "degraded",
            (true, true) => "ready",
        },
        reasons,
        instances,
    };
    let code = match takes_in {
        true => StatusCode::OK,
        false => StatusCode::SERVICE_UNAVAILABLE,
    };
    json(code, serde_json::to_string(&health).unwrap_or_default())
}

fn degradations(
    instance: &Instance,
    status: &Status,
    max_age: Duration,
) -> Vec<(&'static str, String)> {
    let mut found = Vec::new();
    if let Some(why) = &status.stopped {
        found.push(("stopped", format!("the instance is not worked for: {why}")));
    }
    let traffic = &status.traffic;
    if let Some(failure) = traffic.last_failure {
        let silent = match traffic.last_success {
            Some(success) => success < failure && now().since(success) > SILENCE,
            None => true,
        };
        if silent {
            let message = "ConnectWise does not answer as it should; cases are taken in and wait";
            found.push(("connectwise", message.to_owned()));
        }
    }
    if let Some(oldest) = status
        .backlog
        .oldest
        .filter(|oldest| now().since(*oldest) > max_age)
    {
        let seconds = now().since(oldest).as_secs();
        found.push(("backlog", format!("the oldest case waits for {seconds} s")));
    }
    let wanted = instance.settings.config().callbacks.as_ref();
    if wanted.is_some_and(|callbacks| callbacks.url.is_some()) && !callbacks_work(status) {
        let of_task = status.tasks.get(&Task::EnsureCallbacks);
        let why = of_task.and_then(|task| task.error.clone());
        let why = why.unwrap_or_else(|| "they were not registered yet".to_owned());
        found.push(("callbacks", format!("callbacks do not work: {why}")));
    }
    found
}

/// Whether the registrations were found in place, or put there, within the last day.
fn callbacks_work(status: &Status) -> bool {
    let task = status.tasks.get(&Task::EnsureCallbacks);
    task.is_some_and(|task| {
        let recent = task
            .last_success
            .is_some_and(|at| now().since(at) < CALLBACKS_AGE);
        task.error.is_none() && recent
    })
}
