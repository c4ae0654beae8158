//! What becomes of texts (API.md sections 6.5, 7 and 9).

use super::{
    Answers, DESCRIPTION,
    bench::{Bench, came, is_refusal},
};
use crate::{error::Result, probe::UNCLEAR};
use serde_json::{Value, json};

const SUMMARY: usize = 100;
const NOTE: &str = "casewire probe: first line\nsecond line";

pub(super) async fn ask(bench: &Bench<'_>, answers: &mut Answers) {
    long_summary(bench, answers).await;
    length_unit(bench, answers).await;
    note(bench, answers).await;
    description(bench, answers).await;
}

async fn summary(bench: &Bench<'_>, text: &str) -> Result<String> {
    let answered = bench.replace(&[("summary", json!(text))]).await?;
    Ok(word(&answered, "summary").to_owned())
}

async fn long_summary(bench: &Bench<'_>, answers: &mut Answers) {
    let long = "casewire probe ".chars().chain(std::iter::repeat('x'));
    let long: String = long.take(SUMMARY + 1).collect();
    let kept = summary(bench, &long).await;
    let conclusion = match &kept {
        Ok(kept) if kept.len() <= SUMMARY && long.starts_with(kept.as_str()) => "cut",
        Err(error) if is_refusal(error) => "refused",
        _ => UNCLEAR,
    };
    let came = match &kept {
        Ok(kept) => format!("{} characters", kept.len()),
        Err(_) => came(&kept),
    };
    answers.put(
        "long_summary",
        "a summary of 101 characters",
        came,
        conclusion,
    );
}

/// Sixty letters of two bytes fit into 100 units or characters, and not into 100 bytes; sixty signs of two UTF-16 units fit
/// into 100 characters, and not into 100 units.
async fn length_unit(bench: &Bench<'_>, answers: &mut Answers) {
    let letters = "\u{e4}".repeat(60);
    let signs = "\u{1F600}".repeat(60);
    let kept = [summary(bench, &letters).await, summary(bench, &signs).await];
    let is_whole = |kept: &Result<String>, sent: &str| match kept {
        Ok(kept) if kept == sent => Some(true),
        Ok(kept) if sent.starts_with(kept.as_str()) => Some(false),
        Err(error) if is_refusal(error) => Some(false),
        _ => None,
    };
    let [by_letters, by_signs] = &kept;
    let conclusion = match (is_whole(by_letters, &letters), is_whole(by_signs, &signs)) {
        (Some(true), Some(true)) => "characters",
        (Some(true), Some(false)) => "utf16",
        (Some(false), Some(false)) => "bytes",
        _ => UNCLEAR,
    };
    let came = |kept: &Result<String>| match kept {
        Ok(kept) => format!("{} of them", kept.chars().count()),
        Err(_) => came(kept),
    };
    let came = format!("{}; {}", came(by_letters), came(by_signs));
    let sent = "summaries of 60 letters of two bytes, and of 60 signs of two UTF-16 units each";
    answers.put("length_unit", sent, came, conclusion);
}

async fn note(bench: &Bench<'_>, answers: &mut Answers) {
    let sent = "an internal note of two lines";
    let body = json!({ "text": NOTE, "internalAnalysisFlag": true, "processNotifications": false });
    let note = bench.post("/notes", &body).await;
    let text = note.as_ref().map(|note| word(note, "text").to_owned());
    let conclusion = text.as_ref().map_or(UNCLEAR, |text| lines(text, NOTE));
    answers.put(
        "note_lines",
        sent,
        came(&text.map_err(Clone::clone)),
        conclusion,
    );

    let flags = note.map(|note| {
        (
            note.get("internalFlag").cloned(),
            note.get("externalFlag").cloned(),
        )
    });
    let conclusion = match &flags {
        Ok((Some(Value::Bool(true)), Some(Value::Bool(false)))) => "agree",
        Ok((Some(_), Some(_))) => "contradict",
        _ => UNCLEAR,
    };
    let came = match &flags {
        Ok((internal, external)) => format!(
            "internalFlag {}, externalFlag {}",
            internal.clone().unwrap_or_default(),
            external.clone().unwrap_or_default()
        ),
        Err(error) => error.message.clone(),
    };
    answers.put("note_flags", sent, came, conclusion);
}

async fn description(bench: &Bench<'_>, answers: &mut Answers) {
    let notes = bench.list("/notes").await;
    let text = notes.map(|notes| {
        let discussion = notes
            .iter()
            .find(|note| note.get("detailDescriptionFlag") == Some(&Value::Bool(true)));
        discussion
            .map(|note| word(note, "text").to_owned())
            .unwrap_or_default()
    });
    let conclusion = text
        .as_ref()
        .map_or(UNCLEAR, |text| lines(text, DESCRIPTION));
    let sent = "an initialDescription of two lines";
    answers.put("description_lines", sent, came(&text), conclusion);
}

fn lines(kept: &str, sent: &str) -> &'static str {
    let same = kept.split_whitespace().eq(sent.split_whitespace());
    match (same, kept.trim().contains('\n')) {
        (true, true) => "kept",
        (true, false) => "folded",
        (false, _) => UNCLEAR,
    }
}

fn word<'a>(record: &'a Value, field: &str) -> &'a str {
    record
        .get(field)
        .and_then(Value::as_str)
        .unwrap_or_default()
}
