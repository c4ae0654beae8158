//! What conditions may say (API.md section 5).

use super::{
    Answers,
    bench::{Bench, came, is_refusal},
};
use crate::{error::Result, probe::UNCLEAR};
use serde_json::json;

pub(super) async fn ask(bench: &Bench<'_>, answers: &mut Answers) {
    in_list(bench, answers).await;
    wildcard(bench, answers).await;
    quote(bench, answers).await;
    backslash(bench, answers).await;
    dates(bench, answers).await;
}

async fn in_list(bench: &Bench<'_>, answers: &mut Answers) {
    let condition = format!("id in ({})", bench.ticket);
    let found = bench.finds(&condition).await;
    let conclusion = match &found {
        Ok(true) => "yes",
        Ok(false) => "no",
        Err(error) if is_refusal(error) => "no",
        Err(_) => UNCLEAR,
    };
    answers.put("in", condition, shown(&found), conclusion);
}

async fn wildcard(bench: &Bench<'_>, answers: &mut Answers) {
    let star = bench.finds("summary like \"casewire*\"").await;
    let percent = bench.finds("summary like \"casewire%\"").await;
    let conclusion = match (&star, &percent) {
        (Ok(true), Ok(true)) => "both",
        (Ok(true), _) => "star",
        (_, Ok(true)) => "percent",
        (Ok(false), Ok(false)) => "none",
        _ => UNCLEAR,
    };
    let came = format!("with *: {}; with %: {}", shown(&star), shown(&percent));
    answers.put(
        "wildcard",
        "summary like \"casewire*\", then \"casewire%\"",
        came,
        conclusion,
    );
}

async fn quote(bench: &Bench<'_>, answers: &mut Answers) {
    let set = bench
        .replace(&[("summary", json!("casewire \"quoted\" probe"))])
        .await;
    if let Err(error) = set {
        return answers.put("quote", "a summary with quotes", error.message, UNCLEAR);
    }
    let escaped = r#"summary="casewire \"quoted\" probe""#;
    let doubled = r#"summary="casewire ""quoted"" probe""#;
    let found = [bench.finds(escaped).await, bench.finds(doubled).await];
    let conclusion = side(&found, ["backslash", "doubled", "neither"]);
    let sent = format!("{escaped}, then {doubled}");
    answers.put("quote", sent, both(&found), conclusion);
}

async fn backslash(bench: &Bench<'_>, answers: &mut Answers) {
    let set = bench
        .replace(&[("summary", json!(r"casewire back\slash probe"))])
        .await;
    if let Err(error) = set {
        return answers.put(
            "backslash",
            "a summary with a backslash",
            error.message,
            UNCLEAR,
        );
    }
    let doubled = r#"summary="casewire back\\slash probe""#;
    let plain = r#"summary="casewire back\slash probe""#;
    let found = [bench.finds(doubled).await, bench.finds(plain).await];
    let conclusion = side(&found, ["doubled", "plain", "neither"]);
    let sent = format!("{doubled}, then {plain}");
    answers.put("backslash", sent, both(&found), conclusion);
}

async fn dates(bench: &Bench<'_>, answers: &mut Answers) {
    let forms = [
        ("utc", "lastUpdated > [2016-08-20T18:04:26Z]"),
        ("naive", "lastUpdated > [2016-08-20T18:04:26]"),
        ("date_only", "lastUpdated > [2016-08-20]"),
    ];
    let mut conclusion = UNCLEAR;
    let (mut sent, mut came) = (Vec::new(), Vec::new());
    for (form, condition) in forms {
        let found = bench.finds(condition).await;
        sent.push(condition);
        came.push(shown(&found));
        if matches!(found, Ok(true)) {
            conclusion = form;
            break;
        }
    }
    answers.put(
        "dates",
        sent.join(", then "),
        came.join(", then "),
        conclusion,
    );

    let condition = "lastUpdated >= [2016-08-20]";
    let found = bench.finds(condition).await;
    let conclusion = match &found {
        Ok(true) => "yes",
        Ok(false) => "no",
        Err(error) if is_refusal(error) => "no",
        Err(_) => UNCLEAR,
    };
    answers.put("not_before", condition, shown(&found), conclusion);
}

/// Which of two ways finds something; a refusal finds nothing.
fn side(found: &[Result<bool>; 2], sides: [&'static str; 3]) -> &'static str {
    let [first, second, neither] = sides;
    let nothing = |found: &Result<bool>| match found {
        Ok(found) => !found,
        Err(error) => is_refusal(error),
    };
    match found {
        [Ok(true), _] => first,
        [_, Ok(true)] => second,
        [one, other] if nothing(one) && nothing(other) => neither,
        _ => UNCLEAR,
    }
}

fn both(found: &[Result<bool>; 2]) -> String {
    let [first, second] = found;
    format!("{}; then {}", shown(first), shown(second))
}

fn shown(found: &Result<bool>) -> String {
    match found {
        Ok(true) => "found".to_owned(),
        Ok(false) => "nothing found".to_owned(),
        Err(_) => came(found),
    }
}
