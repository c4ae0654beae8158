use super::{App, json};
use crate::{
    cli::serve::{
        instance::{Instance, Status},
        tables,
    },
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
/// How many polls may be missing.
const MISSED_POLLS: u32 = 3;

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
    /// Which ways back from ConnectWise work: `callbacks`, `polling`.
    inbound: Vec<&'static str>,
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
    let store = app.desk.ask(tables::try_out);
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
    for instance in app.instances.all() {
        let name = instance.name();
        let status = instance.status().clone();
        dead |= status.stopped.is_some();
        let found = degradations(&instance, &status, app.max_age);
        reasons.extend(found.into_iter().map(|(code, message)| Reason {
            code,
            instance: Some(name.to_owned()),
            message,
        }));
        let summary = Summary {
            last_success: status.traffic.last_success,
            oldest_waiting: status.backlog.oldest,
            waiting: status.backlog.waiting,
            retrying: status.backlog.retrying,
            failed: status.backlog.failed,
            held: status.backlog.held,
            inbound: inbound(&instance, &status),
        };
        instances.insert(name.to_owned(), summary);
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
    let ways = inbound(instance, status);
    for (task, way) in WAYS {
        if is_wanted(instance, *task) && !ways.contains(way) {
            let of_task = status.tasks.get(task);
            let why = of_task.and_then(|task| task.error.clone());
            let why = why.unwrap_or_else(|| "it has not been done yet".to_owned());
            found.push((*way, format!("{way} does not work: {why}")));
        }
    }
    found
}

/// The tasks behind the ways back from ConnectWise.
const WAYS: &[(Task, &str)] = &[
    (Task::EnsureCallbacks, "callbacks"),
    (Task::Poll, "polling"),
];

fn is_wanted(instance: &Instance, task: Task) -> bool {
    let config = instance.settings.config();
    match task {
        Task::Poll => config.policies.ticket_inbound.enabled,
        _ => config
            .callbacks
            .as_ref()
            .is_some_and(|callbacks| callbacks.url.is_some()),
    }
}

/// The ways whose task went well the last time, not long ago.
fn inbound(instance: &Instance, status: &Status) -> Vec<&'static str> {
    let age = |task: Task| match task {
        Task::Poll => instance.settings.config().inbound.every.0 * MISSED_POLLS,
        _ => CALLBACKS_AGE,
    };
    let works = |task: Task| {
        let of_task = status
            .tasks
            .get(&task)
            .filter(|of_task| of_task.error.is_none());
        let last = of_task.and_then(|of_task| of_task.last_success);
        last.is_some_and(|at| now().since(at) < age(task))
    };
    let working = WAYS
        .iter()
        .filter(|(task, _)| is_wanted(instance, *task) && works(*task));
    working.map(|(_, way)| *way).collect()
}
