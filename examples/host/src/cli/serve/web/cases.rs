//! Cases and what is added to them, taken over at once and worked on later.

use super::{App, MAX_BODY, chosen::Chosen, json, read, refusal::Refusal, span};
use crate::{
    cli::serve::{
        instance::{Ask, Instance, Stand},
        tables,
    },
    clock::now,
    store::{Sql, SqlError},
};
use axum::{
    body::Body,
    extract::{Query, State},
    http::StatusCode,
    response::Response,
};
use casewire::{
    Accepted, Case, Code, Command, Comment, Fault, LinkItem, OperationId, OutboxItem, Outcome,
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json as value};
use std::{collections::BTreeMap, sync::Arc, time::Duration};
use tokio::sync::oneshot;

/// Most cases of one request.
const MOST_CASES: usize = 1000;

/// How long a caller waits for what comes of it.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Wait {
    wait: Option<String>,
}

impl Wait {
    pub(super) fn span(&self) -> Result<Option<Duration>, Refusal> {
        self.wait.as_deref().map(span).transpose()
    }
}

/// Makes a case's next state of the one that was handed over last, within the transaction that keeps it; anew where the
/// transaction has to be.
pub(super) type Change =
    Box<dyn FnMut(&mut dyn Sql, Option<Case>) -> Result<Result<Case, Refusal>, SqlError> + Send>;

/// `POST /cases`: one case, or JSON lines.
pub(super) async fn submit(
    State(app): State<Arc<App>>,
    chosen: Chosen,
    Query(wait): Query<Wait>,
    body: Body,
) -> Result<Response, Refusal> {
    let (instance, wait) = (chosen.instance()?, wait.span()?);
    let bytes = read(body, MAX_BODY).await?;
    let single = serde_json::from_slice::<serde::de::IgnoredAny>(&bytes).is_ok()
        || lines(&bytes).count() <= 1;
    let cases = match single {
        true => vec![instance.settings.case_from_json(&bytes)?],
        false => case_lines(&instance, &bytes)?,
    };
    let folder = app.folder.clone();
    let changes = cases.into_iter().enumerate().map(|(index, case)| {
        let place = if single {
            String::new()
        } else {
            format!("/lines/{}", index + 1)
        };
        let (folder, id, name) = (folder.clone(), case.id.clone(), instance.name().to_owned());
        let change: Change = Box::new(move |sql, earlier| {
            let mut case = case.clone();
            let mut faults = Vec::new();
            for (n, attachment) in case.attachments.iter_mut().enumerate() {
                let uploaded = tables::file(sql, &attachment.token)?;
                match uploaded.filter(|file| file.instance == name && file.case_id == case.id) {
                    Some(file) => attachment.token = folder.join(file.token).display().to_string(),
                    None => faults.push(no_such_file(&format!("{place}/attachments/{n}/token"))),
                }
            }
            if !faults.is_empty() {
                return Ok(Err(Refusal::of_faults("the case", faults)));
            }
            Ok(Ok(case.keeping_what_was_added(earlier)))
        });
        (id, change)
    });
    let changes = changes.collect();
    let told = take_over(&app, &instance, changes, wait).await?;
    Ok(match single {
        true => told.into_iter().next().unwrap_or_default().response(),
        false => Told::response_of_many(&told),
    })
}

fn lines(bytes: &[u8]) -> impl Iterator<Item = (usize, &[u8])> {
    bytes
        .split(|byte| *byte == b'\n')
        .enumerate()
        .filter(|(_, line)| !line.trim_ascii().is_empty())
}

/// Reads each line as a case; the pointer of a fault begins with the number of its line.
fn case_lines(instance: &Instance, bytes: &[u8]) -> Result<Vec<Case>, Refusal> {
    let (mut cases, mut faults) = (Vec::new(), Vec::new());
    for (number, line) in lines(bytes) {
        match instance.settings.case_from_json(line) {
            Ok(case) => cases.push(case),
            Err(error) => faults.extend(error.faults.into_iter().map(|fault| Fault {
                pointer: format!("/lines/{}{}", number + 1, fault.pointer),
                ..fault
            })),
        }
    }
    if cases.len() > MOST_CASES {
        let message = format!("{} cases are more than {MOST_CASES}", cases.len());
        let fix = "Send them in several requests";
        faults.push(Fault::new(Code::TooLong, "", message, fix));
    }
    match faults.is_empty() {
        true => Ok(cases),
        false => Err(Refusal::of_faults("the list of cases", faults)),
    }
}

fn no_such_file(pointer: &str) -> Fault {
    Fault::new(
        Code::InvalidValue,
        pointer,
        "no file of this case was uploaded under this token",
        "Upload it with POST /cases/{id}/attachments, which adds it to the case",
    )
}

/// `POST /cases/{id}/comments`.
pub(super) async fn comment(
    State(app): State<Arc<App>>,
    chosen: Chosen,
    Query(wait): Query<Wait>,
    body: Body,
) -> Result<Response, Refusal> {
    let (instance, wait) = (chosen.instance()?, wait.span()?);
    let bytes = read(body, MAX_BODY).await?;
    let comment: Comment =
        casewire::json::read(&bytes).map_err(|faults| Refusal::of_faults("the comment", faults))?;
    let (case_id, checked) = (chosen.case.clone(), Arc::clone(&instance));
    let change: Change = Box::new(move |_, earlier| {
        let Some(mut case) = earlier else {
            return Ok(Err(Refusal::no_such_case(&case_id)));
        };
        let place = case
            .comments
            .iter()
            .position(|known| known.id == comment.id);
        let place = place.unwrap_or(case.comments.len());
        case.comments.splice(
            place..(place + 1).min(case.comments.len()),
            [comment.clone()],
        );
        Ok(check_added(
            &checked,
            case,
            &format!("/comments/{place}"),
            "the comment",
        ))
    });
    let told = take_over(&app, &instance, vec![(chosen.case, change)], wait).await?;
    Ok(told.into_iter().next().unwrap_or_default().response())
}

/// Checks the case with what was added, whose faults are named as it was sent.
pub(super) fn check_added(
    instance: &Instance,
    case: Case,
    prefix: &str,
    what: &str,
) -> Result<Case, Refusal> {
    let faults = instance.settings.check_case(&case);
    if faults.is_empty() {
        return Ok(case);
    }
    let named = faults.into_iter().map(|fault| Fault {
        pointer: match fault.pointer.strip_prefix(prefix) {
            Some(own) => own.to_owned(),
            None => fault.pointer,
        },
        ..fault
    });
    Err(Refusal::of_faults(what, named.collect()))
}

/// What a caller is told of a case.
#[derive(Debug, Default, Serialize)]
pub(super) struct Told {
    case_id: String,
    /// Nothing where there is nothing to do.
    operation: Option<String>,
    /// What came of it, where the caller waited and it is over.
    #[serde(skip_serializing_if = "Option::is_none")]
    result: Option<Value>,
    #[serde(flatten)]
    more: BTreeMap<&'static str, Value>,
}

impl Told {
    pub(super) fn add(&mut self, key: &'static str, value: Value) {
        self.more.insert(key, value);
    }

    fn is_over(&self) -> bool {
        self.operation.is_none() || self.result.is_some()
    }

    /// 200 where all is over, 202 where it is taken over.
    pub(super) fn response(&self) -> Response {
        let body = serde_json::to_string(self).unwrap_or_default();
        json(status(self.is_over()), body)
    }

    fn response_of_many(told: &[Self]) -> Response {
        let body = value!({ "cases": told }).to_string();
        json(status(told.iter().all(Self::is_over)), body)
    }
}

fn status(over: bool) -> StatusCode {
    match over {
        true => StatusCode::OK,
        false => StatusCode::ACCEPTED,
    }
}

/// Keeps the cases' next states and has the connector accept them, in the order in which they were kept. They are durable
/// when this returns.
pub(super) async fn take_over(
    app: &App,
    instance: &Arc<Instance>,
    mut changes: Vec<(String, Change)>,
    wait: Option<Duration>,
) -> Result<Vec<Told>, Refusal> {
    if app.is_stopping() {
        return Err(Refusal::stopping());
    }
    let (sender, kept) = oneshot::channel();
    let (name, asked) = (instance.name().to_owned(), Arc::clone(instance));
    app.desk.run(
        move |sql| {
            let mut cases = Vec::with_capacity(changes.len());
            for (case_id, change) in &mut changes {
                let earlier = tables::case(sql, &name, case_id)?;
                match change(sql, earlier)? {
                    Ok(case) => cases.push(case),
                    Err(refusal) => return Ok(Err(refusal)),
                }
            }
            for case in &cases {
                tables::put_case(sql, &name, case, now())?;
            }
            Ok(Ok(cases))
        },
        move |result| {
            let cases = match result {
                Ok(cases) => cases,
                Err(why) => Err(Refusal::of_store(&why)),
            };
            let accepted = cases.map(|cases| {
                let accept = |case: Case| {
                    let (sender, answer) = oneshot::channel();
                    let case = Box::new(case);
                    asked.ask(Ask::Command(Box::new(Command::AcceptCase { case }), sender));
                    answer
                };
                cases.into_iter().map(accept).collect::<Vec<_>>()
            });
            let _ = sender.send(accepted);
        },
    );
    let answers = kept
        .await
        .unwrap_or_else(|_| Err(Refusal::of_store("it is closed")))?;
    let mut accepted = Vec::with_capacity(answers.len());
    for answer in answers {
        match answer.await.map_err(|_| Refusal::stopping())?? {
            Outcome::Accepted(Accepted { case_id, operation }) => {
                accepted.push((case_id, operation))
            }
            _ => return Err(Refusal::of_store("it gave no answer")),
        }
    }
    let end = wait.map(|wait| tokio::time::Instant::now() + wait);
    let mut told = Vec::with_capacity(accepted.len());
    for (case_id, operation) in accepted {
        let result = match (operation, end) {
            (Some(operation), Some(end)) => outcome(instance, operation, end).await,
            _ => None,
        };
        told.push(Told {
            case_id,
            operation: operation.map(|operation| format!("{}-{}", app.run, operation.0)),
            result,
            more: BTreeMap::new(),
        });
    }
    Ok(told)
}

async fn outcome(
    instance: &Instance,
    operation: OperationId,
    end: tokio::time::Instant,
) -> Option<Value> {
    let (sender, answer) = oneshot::channel();
    instance.ask(Ask::Await(operation, sender));
    tokio::time::timeout_at(end, answer).await.ok()?.ok()
}

/// `GET /operations/{id}`.
pub(super) async fn operation(
    State(app): State<Arc<App>>,
    chosen: Chosen,
) -> Result<Response, Refusal> {
    let instance = chosen.instance()?;
    let number = chosen
        .operation
        .strip_prefix(&app.run)
        .and_then(|rest| rest.strip_prefix('-'))
        .and_then(|number| number.parse().ok())
        .ok_or_else(Refusal::no_such_operation)?;
    let (sender, answer) = oneshot::channel();
    instance.ask(Ask::Stand(OperationId(number), sender));
    let (state, result) = match answer.await.map_err(|_| Refusal::stopping())? {
        Stand::UnderWay => ("under_way", Value::Null),
        Stand::Over(line) => ("over", line),
        Stand::Unknown => return Err(Refusal::no_such_operation()),
    };
    let body = value!({ "operation": chosen.operation, "state": state, "result": result });
    Ok(json(StatusCode::OK, body.to_string()))
}

/// A case as the service knows it.
#[derive(Debug, Serialize)]
struct Shown {
    case_id: String,
    /// `waiting`, `retrying`, `failed`, `held`, `in_step`, or `none` for one that needs no ticket.
    state: &'static str,
    link: Option<LinkItem>,
    waiting: Option<OutboxItem>,
}

/// `GET /cases/{id}`.
pub(super) async fn show(State(app): State<Arc<App>>, chosen: Chosen) -> Result<Response, Refusal> {
    let instance = chosen.instance()?;
    let case_id = chosen.case;
    let links = instance.run(Command::ListLinks {
        after: None,
        limit: 1,
        case_id: Some(case_id.clone()),
        ticket: None,
    });
    let link = match links.await.ok_or_else(Refusal::stopping)?? {
        Outcome::Links(page) => page.links.into_iter().next(),
        _ => None,
    };
    let waiting = waiting(&instance, &case_id).await?;
    if link.is_none() && waiting.is_none() {
        let (name, wanted) = (instance.name().to_owned(), case_id.clone());
        let known = app
            .desk
            .ask(move |sql| tables::case(sql, &name, &wanted))
            .await
            .map_err(|why| Refusal::of_store(&why))?;
        if known.is_none() {
            return Err(Refusal::no_such_case(&case_id));
        }
    }
    let state = match (&waiting, &link) {
        (Some(item), _) => item.state.name(),
        (None, Some(_)) => "in_step",
        (None, None) => "none",
    };
    let shown = Shown {
        case_id,
        state,
        link,
        waiting,
    };
    Ok(json(
        StatusCode::OK,
        serde_json::to_string(&shown).unwrap_or_default(),
    ))
}

/// The case in the outbox or held, where it is.
pub(super) async fn waiting(
    instance: &Instance,
    case_id: &str,
) -> Result<Option<OutboxItem>, Refusal> {
    let listed = instance.run(Command::ListOutbox {
        after: None,
        limit: 1,
        state: None,
        case_id: Some(case_id.to_owned()),
    });
    Ok(match listed.await.ok_or_else(Refusal::stopping)?? {
        Outcome::Outbox(page) => page.items.into_iter().next(),
        _ => None,
    })
}

/// What was added to a case by a call of its own stays, also where the case is handed over whole without it.
trait Keeping {
    fn keeping_what_was_added(self, earlier: Option<Case>) -> Self;
}

impl Keeping for Case {
    fn keeping_what_was_added(mut self, earlier: Option<Case>) -> Self {
        let Some(earlier) = earlier else {
            return self;
        };
        let missing = |id: &str, known: &[Comment]| known.iter().all(|known| known.id != id);
        let comments: Vec<Comment> = earlier
            .comments
            .into_iter()
            .filter(|comment| missing(&comment.id, &self.comments))
            .collect();
        self.comments.splice(0..0, comments);
        let attachments: Vec<_> = earlier
            .attachments
            .into_iter()
            .filter(|file| self.attachments.iter().all(|known| known.id != file.id))
            .collect();
        self.attachments.splice(0..0, attachments);
        self
    }
}
