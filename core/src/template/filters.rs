//! The filters that templates have.

use super::{LONGEST, TOO_LONG};
use crate::text::cut;
use minijinja::{Environment, Error, ErrorKind, Value};

/// Their names, for faults and documentation.
pub(super) const NAMES: &[&str] = &[
    "upper", "lower", "trim", "truncate", "replace", "default", "join", "length", "first", "last",
];

pub(super) fn register(jinja: &mut Environment<'static>) {
    jinja.add_filter("upper", |value: &Value| text(value).to_uppercase());
    jinja.add_filter("lower", |value: &Value| text(value).to_lowercase());
    jinja.add_filter("trim", |value: &Value| text(value).trim().to_owned());
    jinja.add_filter("truncate", |value: &Value, limit: Option<usize>| {
        cut(&text(value), limit.unwrap_or(255))
    });
    jinja.add_filter("replace", replace);
    jinja.add_filter("default", |value: &Value, other: Option<Value>| {
        if text(value).is_empty() && !value.is_true() {
            other.unwrap_or_else(|| Value::from(""))
        } else {
            value.clone()
        }
    });
    jinja.add_filter("join", join);
    jinja.add_filter("length", length);
    jinja.add_filter("first", first);
    jinja.add_filter("last", last);
}

/// The text of a value; nothing for what is absent.
fn text(value: &Value) -> String {
    if value.is_none() || value.is_undefined() {
        String::new()
    } else {
        value.to_string()
    }
}

fn bounded(text: String) -> Result<String, Error> {
    if text.len() > LONGEST {
        Err(Error::new(ErrorKind::InvalidOperation, TOO_LONG))
    } else {
        Ok(text)
    }
}

fn replace(value: &Value, from: &str, to: &str) -> Result<String, Error> {
    let text = text(value);
    if from.is_empty() {
        return Ok(text);
    }
    let grows = text
        .matches(from)
        .count()
        .saturating_mul(to.len().saturating_sub(from.len()));
    if text.len().saturating_add(grows) > LONGEST {
        return Err(Error::new(ErrorKind::InvalidOperation, TOO_LONG));
    }
    Ok(text.replace(from, to))
}

fn join(value: &Value, between: Option<&str>) -> Result<String, Error> {
    if value.is_none() || value.is_undefined() {
        return Ok(String::new());
    }
    let mut joined = String::new();
    for (at, item) in value.try_iter()?.enumerate() {
        if at > 0 {
            joined.push_str(between.unwrap_or_default());
        }
        joined.push_str(&text(&item));
        joined = bounded(joined)?;
    }
    Ok(joined)
}

fn length(value: &Value) -> Result<usize, Error> {
    if value.is_none() || value.is_undefined() {
        return Ok(0);
    }
    value.len().ok_or_else(|| {
        Error::new(
            ErrorKind::InvalidOperation,
            format!("{} has no length", value.kind()),
        )
    })
}

fn first(value: &Value) -> Result<Value, Error> {
    end(value, |text| text.chars().next(), |mut items| items.next())
}

fn last(value: &Value) -> Result<Value, Error> {
    end(value, |text| text.chars().next_back(), Iterator::last)
}

fn end(
    value: &Value,
    of_text: impl Fn(&str) -> Option<char>,
    of_list: impl Fn(minijinja::value::ValueIter) -> Option<Value>,
) -> Result<Value, Error> {
    if value.is_none() || value.is_undefined() {
        return Ok(Value::UNDEFINED);
    }
    match value.as_str() {
        Some(text) => Ok(of_text(text).map_or(Value::UNDEFINED, Value::from)),
        None => Ok(of_list(value.try_iter()?).unwrap_or(Value::UNDEFINED)),
    }
}
