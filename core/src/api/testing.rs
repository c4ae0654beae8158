//! A scripted server: plays the wire for unit tests, in virtual time.

use super::Client;
use crate::{
    command::{Command, Outcome},
    config::{Connection, Limits},
    credentials::Credentials,
    effect::{Answer, BodyPart, Failure, FailureKind, HttpRequest, HttpResponse, Method, Request},
    runtime::{Context, Executor, Shared, Shell, Step},
    time::Timestamp,
};
use serde_json::{Value, json};
use std::{collections::VecDeque, future::Future, sync::Mutex};

pub(crate) type Reply = Result<HttpResponse, Failure>;

/// Answers requests in the order of its script, and companyinfo by itself.
pub(crate) struct Server {
    pub(crate) now: Timestamp,
    /// What companyinfo says; the last stays.
    pub(crate) company_info: VecDeque<Reply>,
    pub(crate) replies: VecDeque<Reply>,
    /// Answers what the script does not.
    pub(crate) otherwise: Option<fn(&HttpRequest) -> Reply>,
    /// Every request below `apis/3.0`, with its time.
    pub(crate) sent: Vec<(Timestamp, HttpRequest)>,
    pub(crate) asked_company_info: usize,
    /// The most requests that were under way at once.
    pub(crate) most_at_once: usize,
}

impl Server {
    pub(crate) fn new(replies: impl IntoIterator<Item = Reply>) -> Self {
        Self {
            now: "2026-01-05T10:00:00Z".parse().unwrap(),
            company_info: [company_info("v2025_1/")].into(),
            replies: replies.into_iter().collect(),
            otherwise: None,
            sent: Vec::new(),
            asked_company_info: 0,
            most_at_once: 0,
        }
    }

    /// Runs a workflow to its end, answering its effects.
    pub(crate) fn run<T, F>(&mut self, workflow: impl FnOnce(Context) -> F + Send + 'static) -> T
    where
        T: Send + 'static,
        F: Future<Output = T> + Send + 'static,
    {
        let output = Shared::new(None);
        let place = output.clone();
        let workflow = Mutex::new(Some(workflow));
        let shell = Shell::new(&limits(), 7, self.now);
        let mut executor = Executor::new(shell, 1, move |cx, _| {
            let future = workflow.lock().unwrap().take().map(|start| start(cx));
            let place = place.clone();
            Box::pin(async move {
                let value = future.unwrap().await;
                *place.lock() = Some(value);
                Ok(Outcome::Resumed { cases: 0 })
            })
        });
        executor.submit(Command::Resume, self.now);
        let mut timers = Vec::new();
        loop {
            let mut requests = Vec::new();
            loop {
                match executor.poll(self.now) {
                    Step::Effect(effect) => match effect.request {
                        Request::Http(request) => requests.push((effect.id, request)),
                        Request::Timer { deadline } => timers.push((deadline, effect.id)),
                        other => panic!("{other:?}"),
                    },
                    Step::Finished(_) => {}
                    Step::Idle { .. } => break,
                }
            }
            if let Some(value) = output.lock().take() {
                return value;
            }
            self.most_at_once = self.most_at_once.max(requests.len());
            if requests.is_empty() {
                timers.sort();
                assert!(!timers.is_empty(), "the workflow waits for nothing");
                let (deadline, id) = timers.remove(0);
                self.now = self.now.max(deadline);
                executor.resolve(id, Answer::Done, self.now).unwrap();
            }
            for (id, request) in requests {
                let answer = match self.answer(request) {
                    Ok(response) => Answer::Http(response),
                    Err(failure) => Answer::Failed(failure),
                };
                executor.resolve(id, answer, self.now).unwrap();
            }
        }
    }

    fn answer(&mut self, request: HttpRequest) -> Reply {
        if request.url.contains("/login/companyinfo/") {
            self.asked_company_info += 1;
            assert!(
                request
                    .headers
                    .iter()
                    .all(|header| header.name != "Authorization")
            );
            return if self.company_info.len() > 1 {
                self.company_info.pop_front().unwrap()
            } else {
                self.company_info[0].clone()
            };
        }
        let reply = match (self.replies.pop_front(), self.otherwise) {
            (Some(reply), _) => reply,
            (None, Some(otherwise)) => otherwise(&request),
            (None, None) => panic!("nothing in the script for {}", request.url),
        };
        self.sent.push((self.now, request));
        reply
    }

    /// Paths and queries of what was sent.
    pub(crate) fn urls(&self) -> Vec<&str> {
        self.sent
            .iter()
            .map(|(_, request)| request.url.split("/apis/3.0").nth(1).unwrap())
            .collect()
    }

    /// The JSON body of a request.
    pub(crate) fn body(&self, index: usize) -> Value {
        body(&self.sent[index].1)
    }

    /// Milliseconds between the first request and each.
    pub(crate) fn delays(&self) -> Vec<i64> {
        self.sent
            .iter()
            .map(|(at, _)| at.millis() - self.sent[0].0.millis())
            .collect()
    }
}

pub(crate) fn body(request: &HttpRequest) -> Value {
    match request.body.as_slice() {
        [] => Value::Null,
        [BodyPart::Bytes(bytes)] => serde_json::from_slice(bytes).unwrap(),
        other => panic!("{other:?}"),
    }
}

pub(crate) fn limits() -> Limits {
    Limits {
        concurrency: 64,
        requests_per_minute: 60_000,
        ..Limits::default()
    }
}

pub(crate) fn connection() -> Connection {
    Connection {
        site: "https://api-na.myconnectwise.net".to_owned(),
        company_id: "acme".to_owned(),
        client_id: Some("6f1f6f0e-3c1d-4a52-9a54-0b9f5f4f9e11".to_owned()),
        allow_insecure_loopback: false,
        credential_expiry: None,
    }
}

pub(crate) fn client() -> Client {
    let credentials = Credentials::keys("publickey", "privatekey").unwrap();
    Client::new(&connection(), &limits(), credentials, None).unwrap()
}

pub(crate) fn ok(value: Value) -> Reply {
    status(200, &value.to_string())
}

pub(crate) fn created(value: Value) -> Reply {
    status(201, &value.to_string())
}

pub(crate) fn status(status: u16, body: &str) -> Reply {
    with_header(status, "content-type", "application/json", body)
}

pub(crate) fn with_header(status: u16, name: &str, value: &str, body: &str) -> Reply {
    Ok(HttpResponse {
        status,
        headers: vec![(name.to_owned(), value.to_owned())],
        body: body.as_bytes().to_vec(),
        stored: None,
    })
}

pub(crate) fn lost(kind: FailureKind) -> Reply {
    Err(Failure::new(kind, "of the script"))
}

pub(crate) fn company_info(codebase: &str) -> Reply {
    ok(json!({
        "CompanyName": "Acme", "Codebase": codebase, "VersionCode": "v2025.1", "VersionNumber": "v2025.1.1",
        "CompanyID": "acme", "IsCloud": "True", "SiteUrl": "api-na.myconnectwise.net"
    }))
}

pub(crate) fn is_write(request: &HttpRequest) -> bool {
    request.method != Method::Get
}
