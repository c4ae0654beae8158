//! What can be asked beside tickets, and why the rest was not asked.

use super::{Answers, UNCLEAR, bench::Bench};
use crate::{effect::HttpResponse, error::Result};

const RECEIVER: &str =
    "it shows only to a public receiver of callbacks, which a probe does not have";

pub(super) async fn ask(bench: &Bench<'_>, answers: &mut Answers) {
    wrong_keys(bench, answers).await;
    signing_key(bench, answers).await;
    for id in ["self_suppression", "callback_form", "callback_retry"] {
        answers.not_asked(id, RECEIVER);
    }
    let company = "it would make a company, which is never made by casewire";
    answers.not_asked("company_identifier", company);
    let large = "it would upload files of 60 MB and more";
    answers.not_asked("file_limit", large);
    let busy = "it would throttle everyone else who uses the instance";
    answers.not_asked("rate", busy);
}

async fn wrong_keys(bench: &Bench<'_>, answers: &mut Answers) {
    let result = bench.env.api.read_with_wrong_keys(bench.cx).await;
    let conclusion = match status(&result) {
        Some(401) => "unauthorized",
        Some(404) => "not_found",
        _ => UNCLEAR,
    };
    let sent = "a list of companies with keys that nobody has";
    answers.put("wrong_keys", sent, shown(&result), conclusion);
}

/// A key that does not exist: a server that wants a client id says so before it looks for the key.
async fn signing_key(bench: &Bench<'_>, answers: &mut Answers) {
    let api = &bench.env.api;
    let bare = api.ask_for_no_signing_key(bench.cx, false).await;
    let named = api.ask_for_no_signing_key(bench.cx, true).await;
    let conclusion = match (status(&bare), status(&named)) {
        (Some(401 | 403), Some(named)) if !matches!(named, 401 | 403) => "no",
        (Some(bare), Some(named)) if bare == named && !matches!(bare, 401 | 403) => "yes",
        _ => UNCLEAR,
    };
    let came = format!("{}, then {}", shown(&bare), shown(&named));
    let sent = "the address of a signing key that does not exist, without and with clientId";
    answers.put("signing_key", sent, came, conclusion);
}

fn status(result: &Result<HttpResponse>) -> Option<u16> {
    result.as_ref().ok().map(|response| response.status)
}

fn shown(result: &Result<HttpResponse>) -> String {
    match result {
        Ok(response) => response.status.to_string(),
        Err(error) => error.message.clone(),
    }
}
