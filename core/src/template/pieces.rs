use super::{
    Piece, Problem, Written,
    path::{Path, Seen},
    unknown_root,
};
use crate::case::Case;
use serde_json::Value;
use std::borrow::Cow;

/// Splits a template into text and plain paths; `None` where it needs the interpreter.
///
/// # Errors
/// A path that no case has.
pub(super) fn split(source: &str) -> Result<Option<Vec<Piece>>, Problem> {
    if ["{%", "{#", "{{-", "-}}", "{{+", "+}}"]
        .iter()
        .any(|mark| source.contains(mark))
    {
        return Ok(None);
    }
    let mut pieces = Vec::new();
    let mut rest = source;
    while let Some((text, after)) = rest.split_once("{{") {
        let Some((expression, after)) = after.split_once("}}") else {
            return Ok(None);
        };
        if !text.is_empty() {
            pieces.push(Piece::Text(text.to_owned()));
        }
        let expression = expression.trim();
        if !is_plain(expression) {
            return Ok(None);
        }
        let root = expression.split('.').next().unwrap_or_default();
        if root != "case" {
            return Err(unknown_root(root));
        }
        let path = Path::parse(expression)?;
        if !path.is_value() {
            return Ok(None);
        }
        pieces.push(Piece::Path(path));
        rest = after;
    }
    if !rest.is_empty() {
        pieces.push(Piece::Text(rest.to_owned()));
    }
    Ok(Some(pieces))
}

/// Puts the pieces together for a case.
pub(super) fn join(pieces: &[Piece], case: &Case) -> String {
    let mut text = String::new();
    for piece in pieces {
        match piece {
            Piece::Text(part) => text.push_str(part),
            Piece::Path(path) => text.push_str(&printed(path, case)),
        }
    }
    text
}

/// The pieces for a case, one by one.
pub(super) fn parts(pieces: &[Piece], case: &Case) -> Vec<Written> {
    let part = |piece: &Piece| match piece {
        Piece::Text(part) => Written::Said(part.clone()),
        Piece::Path(path) => Written::Printed(printed(path, case).into_owned()),
    };
    pieces.iter().map(part).collect()
}

fn printed<'a>(path: &Path, case: &'a Case) -> Cow<'a, str> {
    match path.read(case) {
        Seen::Text(part) => Cow::Borrowed(part),
        Seen::Time(time) => Cow::Owned(time.to_string()),
        Seen::Number(number) => Cow::Owned(number.to_string()),
        Seen::Json(value) => Cow::Owned(shown(value)),
        Seen::Absent | Seen::Record(..) | Seen::List(_) | Seen::CustomFields => Cow::Borrowed(""),
    }
}

/// How a JSON value prints: texts as they are, null as nothing, the rest as JSON.
pub(super) fn shown(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// Whether an expression is names joined by dots and nothing else.
fn is_plain(expression: &str) -> bool {
    !expression.is_empty()
        && expression.split('.').all(|name| {
            let mut letters = name.chars();
            letters
                .next()
                .is_some_and(|first| first.is_ascii_alphabetic() || first == '_')
                && letters.all(|letter| letter.is_ascii_alphanumeric() || letter == '_')
        })
        && !matches!(
            expression,
            "true" | "false" | "none" | "True" | "False" | "None"
        )
}
