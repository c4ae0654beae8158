//! Comparing values the way SQL Server's default collation does: text without regard to case.

use std::cmp::Ordering;

use serde_json::Value;

use super::{Comparison, Literal, Operator, Row};
use crate::clock;
use crate::settings::{Quirks, Wildcard};

/// Whether a comparison holds for a row.
pub(super) fn compare(comparison: &Comparison, row: &dyn Row, quirks: &Quirks) -> bool {
    if let ([root, _], [id]) = (&*comparison.path, &*comparison.values)
        && root == "configuration"
    {
        return id.as_id().is_some_and(|id| row.is_linked(id));
    }
    let value = row.value(&comparison.path);
    let value = value.as_deref().filter(|value| !value.is_null());
    let Some(literal) = comparison.values.first() else {
        return false;
    };
    if *literal == Literal::Null && comparison.operator != Operator::In {
        return match comparison.operator {
            Operator::Equal => value.is_none(),
            Operator::NotEqual => value.is_some(),
            _ => false,
        };
    }
    let Some(value) = value else { return false };
    if quirks.iso_dates_find_nothing && misses_on_old_servers(comparison) {
        return false;
    }
    let order = |literal: &Literal| order(value, literal);
    let holds = match comparison.operator {
        Operator::Equal => order(literal) == Some(Ordering::Equal),
        Operator::NotEqual => order(literal).is_some_and(Ordering::is_ne),
        Operator::Less => order(literal).is_some_and(Ordering::is_lt),
        Operator::LessOrEqual => order(literal).is_some_and(Ordering::is_le),
        Operator::Greater => order(literal).is_some_and(Ordering::is_gt),
        Operator::GreaterOrEqual => order(literal).is_some_and(Ordering::is_ge),
        Operator::Contains => folded(value).contains(&pattern(literal)),
        Operator::Like => like(&folded(value), &pattern(literal), quirks.wildcard),
        Operator::In => comparison
            .values
            .iter()
            .any(|literal| order(literal) == Some(Ordering::Equal)),
    };
    holds != comparison.negated
}

/// One on-premises server found nothing for ISO times, nor for `>=` on a date.
fn misses_on_old_servers(comparison: &Comparison) -> bool {
    comparison.values.iter().any(|literal| match literal {
        Literal::Time { written, .. } => {
            written.contains('T')
                || matches!(
                    comparison.operator,
                    Operator::GreaterOrEqual | Operator::LessOrEqual
                )
        }
        _ => false,
    })
}

fn order(value: &Value, literal: &Literal) -> Option<Ordering> {
    match (value, literal) {
        (Value::String(text), Literal::Time { utc, .. }) => {
            Some(clock::normalised(text)?.as_str().cmp(utc))
        }
        (Value::String(text), Literal::Text(wanted)) => Some(without_case(text, wanted)),
        (Value::String(text), Literal::Number(wanted)) => {
            text.parse::<f64>().ok()?.partial_cmp(wanted)
        }
        (Value::Number(number), Literal::Number(wanted)) => number.as_f64()?.partial_cmp(wanted),
        (Value::Number(number), Literal::Text(wanted)) => {
            number.as_f64()?.partial_cmp(&wanted.parse().ok()?)
        }
        (Value::Bool(flag), Literal::Flag(wanted)) => Some(flag.cmp(wanted)),
        (Value::Bool(flag), Literal::Number(wanted)) => {
            f64::from(u8::from(*flag)).partial_cmp(wanted)
        }
        (Value::Bool(flag), Literal::Text(wanted)) => {
            Some(flag.cmp(&wanted.to_lowercase().parse().ok()?))
        }
        _ => None,
    }
}

fn without_case(text: &str, wanted: &str) -> Ordering {
    if text.is_ascii() && wanted.is_ascii() && !wanted.contains('[') {
        let text = text.bytes().map(|byte| byte.to_ascii_lowercase());
        return text.cmp(wanted.bytes().map(|byte| byte.to_ascii_lowercase()));
    }
    text.to_lowercase().cmp(&unbracketed(wanted).to_lowercase())
}

fn folded(value: &Value) -> String {
    match value {
        Value::String(text) => text.to_lowercase(),
        other => other.to_string(),
    }
}

fn pattern(literal: &Literal) -> String {
    match literal {
        Literal::Text(text) => unbracketed(text).to_lowercase(),
        Literal::Number(number) => number.to_string(),
        Literal::Flag(flag) => flag.to_string(),
        Literal::Time { utc, .. } => utc.to_lowercase(),
        Literal::Null => String::new(),
    }
}

/// A literal `[` is written `[[]`.
fn unbracketed(text: &str) -> String {
    text.replace("[[]", "[")
}

fn like(text: &str, pattern: &str, wildcard: Wildcard) -> bool {
    let sign = match wildcard {
        Wildcard::Star => '*',
        Wildcard::Percent => '%',
    };
    let mut parts = pattern.split(sign);
    let Some(mut rest) = parts.next().and_then(|first| text.strip_prefix(first)) else {
        return false;
    };
    if !pattern.contains(sign) {
        return rest.is_empty();
    }
    let mut parts = parts.peekable();
    while let Some(part) = parts.next() {
        if parts.peek().is_none() {
            return rest.ends_with(part);
        }
        match rest.find(part) {
            Some(at) => rest = rest.get(at + part.len()..).unwrap_or(""),
            None => return false,
        }
    }
    true
}
