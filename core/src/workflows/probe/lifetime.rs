//! What a ticket takes in the course of its life (API.md sections 7, 9, 10 and 11).

use super::{
    super::trial::{Ending, Trial},
    Answers, Bench, UNCLEAR,
    bench::{came, is_refusal},
    body,
};
use crate::{
    api::{Performed, Query},
    effect::Method,
    error::Result,
    service::TicketId,
    system::documents,
};
use serde_json::{Value, json};
use std::time::Duration;

pub(super) async fn ask(bench: &Bench<'_>, answers: &mut Answers) {
    linked_twice(bench, answers).await;
    note_touches(bench, answers).await;
    skip_callback(bench, answers).await;
    read_only_name(bench, answers).await;
    note_on_closed(bench, answers).await;
}

fn taken<T>(result: &Result<T>) -> &'static str {
    match result {
        Ok(_) => "accepted",
        Err(error) if is_refusal(error) => "refused",
        Err(_) => UNCLEAR,
    }
}

async fn linked_twice(bench: &Bench<'_>, answers: &mut Answers) {
    let company = bench.company.id.0;
    let query = Query::new()
        .with("conditions", format!("company/id={company}"))
        .with("pageSize", 1)
        .fields("id");
    let api = &bench.env.api;
    let found: Result<Vec<Value>> = api.read(bench.cx, "/company/configurations", &query).await;
    let found = found.ok().into_iter().flatten().next();
    let Some(id) = found.and_then(|found| found.get("id").cloned()) else {
        let why = "the company of the test ticket has no device configuration";
        return answers.not_asked("linked_twice", why);
    };
    let link = json!({ "id": id });
    if let Err(error) = bench.post("/configurations", &link).await {
        return answers.put("linked_twice", link.to_string(), error.message, UNCLEAR);
    }
    let second = bench.post("/configurations", &link).await;
    let conclusion = taken(&second);
    let came = second.map_or_else(|error| error.message, |_| "201".to_owned());
    answers.put("linked_twice", format!("{link}, twice"), came, conclusion);
}

/// Times are whole seconds: some pass before the note.
async fn note_touches(bench: &Bench<'_>, answers: &mut Answers) {
    let before = bench.read("id,_info").await.map(|ticket| updated(&ticket));
    bench.pause(Duration::from_secs(3)).await;
    let noted = internal_note(bench, "casewire probe: a note alone").await;
    let after = bench.read("id,_info").await.map(|ticket| updated(&ticket));
    let conclusion = match (&before, &noted, &after) {
        (Ok(Some(before)), Ok(_), Ok(Some(after))) if before == after => "no",
        (Ok(Some(_)), Ok(_), Ok(Some(_))) => "yes",
        _ => UNCLEAR,
    };
    let shown = |time: Result<Option<String>>| came(&time.map(Option::unwrap_or_default));
    let came = format!("{}, then {}", shown(before), shown(after));
    answers.put("note_touches", "an internal note", came, conclusion);
}

fn updated(ticket: &Value) -> Option<String> {
    let time = ticket.get("_info")?.get("lastUpdated")?;
    time.as_str().map(str::to_owned)
}

async fn internal_note(bench: &Bench<'_>, text: &str) -> Result<Value> {
    let body = json!({ "text": text, "internalAnalysisFlag": true, "processNotifications": false });
    bench.post("/notes", &body).await
}

async fn skip_callback(bench: &Bench<'_>, answers: &mut Answers) {
    let fields = [
        ("summary", json!("casewire probe without callbacks")),
        ("skipCallback", json!(true)),
    ];
    let result = bench.replace(&fields).await;
    let conclusion = taken(&result);
    let came = result.map_or_else(
        |error| error.message,
        |_| "200; whether a callback is then left out shows only to a receiver".to_owned(),
    );
    answers.put(
        "skip_callback",
        "summary with skipCallback true",
        came,
        conclusion,
    );
}

async fn read_only_name(bench: &Bench<'_>, answers: &mut Answers) {
    let mut heard = Vec::new();
    let mut came = Vec::new();
    for name in ["readOnlyFlag", "readOnlyFlay"] {
        let (cx, api) = (bench.cx, &bench.env.api);
        let upload = documents::upload_text(
            cx,
            api,
            bench.ticket,
            "casewire probe",
            "A test attachment of casewire.\n",
            Some(name),
            bench.not_after(),
        );
        match upload.await {
            Ok(document) => {
                let set = document.get("readOnlyFlag") == Some(&Value::Bool(true));
                heard.push(set);
                came.push(format!(
                    "{name}: {}",
                    if set { "heard" } else { "not heard" }
                ));
                if let Some(id) = document.get("id") {
                    let path = format!("/system/documents/{id}");
                    // It goes with its ticket otherwise.
                    let _ = bench.write(Method::Delete, path, &Value::Null).await;
                }
            }
            Err(failure) => came.push(failure.error.message),
        }
    }
    let conclusion = match heard.as_slice() {
        [true, true] => "both",
        [true, false] => "flag",
        [false, true] => "flay",
        [false, false] => "neither",
        _ => UNCLEAR,
    };
    let sent = "two text files, with readOnlyFlag and with readOnlyFlay";
    answers.put("read_only_name", sent, came.join("; "), conclusion);
}

async fn note_on_closed(bench: &Bench<'_>, answers: &mut Answers) {
    let mut statuses = bench.board.statuses.iter();
    let Some(closed) = statuses.find(|status| status.closed && !status.inactive) else {
        let why = "the board has no status that closes";
        return answers.not_asked("note_on_closed", why);
    };
    let before = bench.read("status").await;
    let closing = bench
        .replace(&[("status", json!({ "id": closed.id }))])
        .await;
    if let Err(error) = closing {
        return answers.put(
            "note_on_closed",
            "closing the ticket",
            error.message,
            UNCLEAR,
        );
    }
    let noted = internal_note(bench, "casewire probe: a note on a closed ticket").await;
    let conclusion = taken(&noted);
    let came = noted.map_or_else(|error| error.message, |_| "201".to_owned());
    answers.put(
        "note_on_closed",
        "an internal note on the closed ticket",
        came,
        conclusion,
    );
    // Open again, so that it is found and deleted.
    if let Some(id) = before
        .ok()
        .and_then(|ticket| ticket.get("status")?.get("id").cloned())
    {
        let _ = bench.replace(&[("status", json!({ "id": id }))]).await;
    }
}

/// Opens a ticket without a company, and removes it again where it was taken.
///
/// # Errors
///
/// What ending it came to.
pub(super) async fn ask_without_company(
    bench: &Bench<'_>,
    answers: &mut Answers,
) -> Result<Vec<TicketId>> {
    let kind = "probe-without-company";
    let (mut trial, left) = Trial::begin(bench.cx, bench.env, kind, Ending::Deleted).await?;
    let mut fields = body(bench.board, bench.company);
    fields.remove("company");
    let opened = trial.open(fields).await;
    let conclusion = match &opened {
        Ok(_) => "accepted",
        Err(failure) if failure.performed == Performed::No && is_refusal(&failure.error) => {
            "refused"
        }
        Err(_) => UNCLEAR,
    };
    let came = opened.map_or_else(|failure| failure.error.message, |_| "201".to_owned());
    answers.put(
        "without_company",
        "a ticket without a company",
        came,
        conclusion,
    );
    let mut ended = left.ended;
    ended.extend(trial.end().await?);
    Ok(ended)
}
