//! Holding a request body against the fields of its record (API.md sections 6.4 and 6.5).

use serde_json::{Map, Value, json};

use crate::clock;
use crate::failure::{Detail, Failure};
use crate::schema::{Access, Entity, Field, Kind};
use crate::settings::{LengthUnit, Quirks, TooLong};
use crate::store::Record;

/// Parses a JSON body.
pub(crate) fn json(body: &[u8]) -> Result<Value, Failure> {
    serde_json::from_slice(body).map_err(|error| {
        Failure::new(
            400,
            "InvalidObject",
            format!("The body is not JSON: {error}"),
        )
    })
}

/// Parses a JSON body that must be an object.
pub(crate) fn object(body: &[u8]) -> Result<Map<String, Value>, Failure> {
    match json(body)? {
        Value::Object(object) => Ok(object),
        _ => Err(Failure::new(
            400,
            "InvalidObject",
            "The body must be an object.",
        )),
    }
}

/// Takes the fields of a body into a record: types, lengths and words checked, text cleaned,
/// read-only fields and nulls left out. References keep the shape in which they came.
pub(crate) fn accept(
    entity: &Entity,
    input: &Map<String, Value>,
    quirks: &Quirks,
) -> (Record, Vec<Detail>) {
    let mut record = Record::new();
    let mut details = Vec::new();
    for (name, value) in input {
        let Some(field) = entity.field(name) else {
            details.push(unknown_member(entity, name));
            continue;
        };
        if field.access == Access::ReadOnly || value.is_null() {
            continue;
        }
        match accept_value(field, name, value, quirks) {
            Ok(value) => {
                record.insert(name.clone(), value);
            }
            Err(mut found) => details.append(&mut found),
        }
    }
    (record, details)
}

/// What a body with a field of another type, or of none, is told.
pub(crate) fn unknown_member(entity: &Entity, name: &str) -> Detail {
    Detail::new(
        "InvalidObject",
        format!(
            "Could not find member '{name}' on object of type '{}'",
            entity.name
        ),
        name,
    )
}

/// Checks and cleans the value of one field.
pub(crate) fn accept_value(
    field: &Field,
    at: &str,
    value: &Value,
    quirks: &Quirks,
) -> Result<Value, Vec<Detail>> {
    let wrong = |wanted: &str| vec![Detail::invalid(at, format!("{at} must be {wanted}."))];
    match (field.kind, value) {
        (Kind::Int, Value::Number(number)) => number
            .as_i64()
            .filter(|number| i32::try_from(*number).is_ok())
            .map(|number| json!(number))
            .ok_or_else(|| wrong("a 32-bit integer")),
        (Kind::Int, _) => Err(wrong("an integer")),
        (Kind::Number, Value::Number(_)) | (Kind::Flag, Value::Bool(_)) => Ok(value.clone()),
        (Kind::Number, _) => Err(wrong("a number")),
        (Kind::Flag, _) => Err(wrong("true or false")),
        (Kind::Line(length), Value::String(text)) => {
            fit(&single_line(text), length, at, quirks).map(Value::String)
        }
        (Kind::Text(length), Value::String(text)) => {
            let text = if quirks.single_line_notes {
                single_line(text)
            } else {
                text.replace(['\u{8}', '\u{c}'], "")
            };
            fit(&text, length, at, quirks).map(Value::String)
        }
        (Kind::Line(_) | Kind::Text(_), _) => Err(wrong("text")),
        (Kind::Timestamp, Value::String(text)) if clock::is_acceptable(text) => {
            Ok(json!(clock::normalised(text)))
        }
        (Kind::Timestamp, _) => Err(vec![Detail::invalid(
            at,
            format!("Unsupported format applied to {at}"),
        )]),
        (Kind::Choice(words), Value::String(word)) => words
            .iter()
            .find(|known| known.eq_ignore_ascii_case(word))
            .map(|known| json!(known))
            .ok_or_else(|| wrong(&format!("one of {}", words.join(", ")))),
        (Kind::Choice(words), _) => Err(wrong(&format!("one of {}", words.join(", ")))),
        (Kind::Reference(table), value) => reference(table.reference_keys(), at, value),
        (Kind::References(table), Value::Array(items)) => items
            .iter()
            .map(|item| reference(table.reference_keys(), at, item))
            .collect::<Result<Vec<_>, _>>()
            .map(Value::Array),
        (Kind::Items(entity), Value::Array(items)) => accept_items(entity, at, items, quirks),
        (Kind::Ints, Value::Array(items)) if items.iter().all(Value::is_i64) => Ok(value.clone()),
        (Kind::Lines, Value::Array(items)) if items.iter().all(Value::is_string) => {
            Ok(value.clone())
        }
        (Kind::Map, Value::Object(_)) | (Kind::Any, _) => Ok(value.clone()),
        _ => Err(wrong("a list")),
    }
}

fn accept_items(
    entity: &'static Entity,
    at: &str,
    items: &[Value],
    quirks: &Quirks,
) -> Result<Value, Vec<Detail>> {
    let mut accepted = Vec::new();
    for item in items {
        let Value::Object(item) = item else {
            return Err(vec![Detail::invalid(
                at,
                format!("{at} must hold objects."),
            )]);
        };
        let (mut record, details) = accept(entity, item, quirks);
        if !details.is_empty() {
            return Err(details);
        }
        if let Some(id) = item.get("id").filter(|id| id.is_i64()) {
            record.insert("id".to_owned(), id.clone());
        }
        accepted.push(Value::Object(record));
    }
    Ok(Value::Array(accepted))
}

/// A reference names its record by `id`, or by another key of its kind.
fn reference(keys: &[&str], at: &str, value: &Value) -> Result<Value, Vec<Detail>> {
    let Value::Object(reference) = value else {
        return Err(vec![Detail::invalid(
            at,
            format!("{at} must be a reference object."),
        )]);
    };
    for (key, value) in reference {
        let path = format!("{at}/{key}");
        let fits = match key.as_str() {
            "_info" => continue,
            "id" | "sort" => value.is_i64() || value.is_null(),
            key if keys.contains(&key) => value.is_string() || value.is_null(),
            "name" | "identifier" => value.is_string() || value.is_null(),
            "type" | "chargeFirmFlag" | "utilizationFlag" | "dailyCapacity" => true,
            _ => {
                return Err(vec![Detail::new(
                    "InvalidObject",
                    format!("Could not find member '{key}' on object of type 'Reference'"),
                    &path,
                )]);
            }
        };
        if !fits {
            return Err(vec![Detail::invalid(
                &path,
                format!("{path} has the wrong type."),
            )]);
        }
    }
    Ok(value.clone())
}

/// Line breaks show as one space and tabs as four in single-line fields.
fn single_line(text: &str) -> String {
    text.replace("\r\n", " ")
        .replace(['\r', '\n'], " ")
        .replace('\t', "    ")
        .replace(['\u{8}', '\u{c}'], "")
}

fn fit(text: &str, length: usize, at: &str, quirks: &Quirks) -> Result<String, Vec<Detail>> {
    let width = |character: char| match quirks.length_unit {
        LengthUnit::Utf16 => character.len_utf16(),
        LengthUnit::Characters => 1,
        LengthUnit::Bytes => character.len_utf8(),
    };
    if text.chars().map(width).sum::<usize>() <= length {
        return Ok(text.to_owned());
    }
    match quirks.too_long {
        TooLong::Refused => Err(vec![Detail::invalid(
            at,
            format!("{at} exceeds the maximum length of {length}."),
        )]),
        TooLong::Truncated => {
            let mut used = 0;
            Ok(text
                .chars()
                .take_while(|character| {
                    used += width(*character);
                    used <= length
                })
                .collect())
        }
    }
}

/// What is missing of the fields that a record must have.
pub(crate) fn missing(entity: &Entity, record: &Record) -> Vec<Detail> {
    entity
        .fields
        .iter()
        .filter(|field| field.required && record.get(field.name).is_none_or(is_blank))
        .map(|field| Detail::missing(field.name))
        .collect()
}

/// Null, blank text, or a reference that names nothing.
pub(crate) fn is_blank(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.trim().is_empty(),
        Value::Object(object) => object.values().all(Value::is_null),
        _ => false,
    }
}
