//! Custom fields, and the questions of a configuration's type.

use super::{
    ColumnChange, ColumnKind,
    difference::Difference,
    wanted::{Tables, Wanted, fit},
};
use crate::{
    catalog::same_name,
    company::device_rows::{DeviceRow, Question},
    decide::ticket_fields::Holds,
    error::{Code, Fault},
    nearest::{did_you_mean, listed},
};
use serde_json::{Value, json};

/// The most that is sent to a custom field or as an answer, for which no limit is published.
const LINE: usize = 1000;

/// What a custom field or an answer holds (API.md sections 11 and 17).
fn holds(kind: &str) -> Holds {
    match kind.to_ascii_lowercase().as_str() {
        "number" | "currency" | "percent" => Holds::Decimal,
        "checkbox" => Holds::Bool,
        "date" => Holds::Date,
        "textarea" => Holds::MultiLine,
        _ => Holds::Text(LINE),
    }
}

fn word<'a>(entry: &'a Value, key: &str) -> &'a str {
    entry.get(key).and_then(Value::as_str).unwrap_or_default()
}

fn entries(list: Option<&Value>) -> &[Value] {
    let entries = list.and_then(Value::as_array);
    entries.map(Vec::as_slice).unwrap_or_default()
}

/// The value of the entry of that name.
pub(super) fn value_of<'a>(
    list: Option<&'a Value>,
    key: &str,
    name: &str,
    value: &str,
) -> Option<&'a Value> {
    let mut entries = entries(list).iter();
    let entry = entries.find(|entry| same_name(word(entry, key), name))?;
    entry.get(value)
}

/// Sets the custom fields that differ. A PATCH takes the values away that it does not bear, unless the instance is known to keep
/// them (API.md section 18, row 7): it bears `all` then.
pub(super) fn custom_fields(
    tables: &Tables,
    wanted: &Wanted<'_>,
    held: Option<&Value>,
    all: bool,
    is_new: bool,
    difference: &mut Difference,
    faults: &mut Vec<Fault>,
) {
    let known = entries(held);
    let mut sent: Vec<Value> = Vec::new();
    let mut changed = Vec::new();
    for (caption, value, column) in &wanted.custom {
        if column.only_new && !is_new {
            continue;
        }
        let entry = known
            .iter()
            .find(|entry| same_name(word(entry, "caption"), caption));
        // Only a configuration shows which there are; the first one of a company is made by their captions.
        if entry.is_none() && !known.is_empty() {
            let captions: Vec<&str> = known.iter().map(|entry| word(entry, "caption")).collect();
            faults.push(Fault::new(
                Code::UnknownCustomField,
                format!("{}/custom_field", column.place()),
                format!("configurations have no custom field '{caption}'"),
                format!(
                    "{}Custom fields: {}",
                    did_you_mean(caption, &captions),
                    listed(&captions)
                ),
            ));
            continue;
        }
        let kind = entry.map(|entry| word(entry, "type")).unwrap_or_default();
        let place = wanted.place();
        match fit(
            column,
            holds(kind),
            tables.length_unit,
            value,
            &place,
            caption,
        ) {
            Ok(Some(value)) => changed.push((*caption, value, entry)),
            Ok(None) => {}
            Err(fault) => faults.push(fault),
        }
    }
    let before = |entry: Option<&Value>| {
        let value = entry
            .filter(|_| !is_new)
            .and_then(|entry| entry.get("value"));
        value.cloned().unwrap_or_default()
    };
    changed.retain(|(_, value, entry)| before(*entry) != *value);
    if changed.is_empty() {
        return;
    }
    if all && !is_new {
        let kept = known.iter().filter(|entry| {
            let caption = word(entry, "caption");
            let replaced = changed
                .iter()
                .any(|(changed, ..)| same_name(changed, caption));
            !replaced && entry.get("value").is_some_and(|value| !value.is_null())
        });
        sent.extend(kept.map(|entry| {
            json!({ "id": entry.get("id"), "caption": word(entry, "caption"), "value": entry.get("value") })
        }));
    }
    for (caption, value, entry) in changed {
        let mut field = json!({ "caption": caption, "value": value });
        if let (Value::Object(field), Some(id)) =
            (&mut field, entry.and_then(|entry| entry.get("id")))
        {
            field.insert("id".to_owned(), id.clone());
        }
        sent.push(field);
        difference.changes.push(ColumnChange {
            column: caption.to_owned(),
            kind: ColumnKind::CustomField,
            before: before(entry),
            after: value,
        });
    }
    difference
        .body
        .insert("customFields".to_owned(), Value::Array(sent));
}

fn unanswered(wanted: &Wanted<'_>, question: &str) -> Fault {
    Fault::new(
        Code::MissingKey,
        wanted.place(),
        format!("the configuration's type requires an answer to the question '{question}'"),
        format!(
            "Add a column with \"question\": \"{question}\" and a default to devices.columns, or give the device that value"
        ),
    )
}

/// Answers the questions of the type that the configuration gets.
pub(super) fn of_type(
    tables: &Tables,
    wanted: &Wanted<'_>,
    questions: &[Question],
    difference: &mut Difference,
    faults: &mut Vec<Fault>,
) {
    let mut sent = Vec::new();
    for question in questions {
        let text = &question.question;
        let asked = wanted
            .questions
            .iter()
            .find(|(asked, ..)| same_name(asked, text));
        let answer = asked.and_then(|(_, value, column)| {
            let place = wanted.place();
            fit(
                column,
                holds(&question.field_type),
                tables.length_unit,
                value,
                &place,
                text,
            )
            .unwrap_or_else(|fault| {
                faults.push(fault);
                Some(Value::Null)
            })
        });
        match answer {
            Some(Value::Null) => {}
            Some(answer) => {
                sent.push(json!({ "questionId": question.id, "answer": answer }));
                difference.changes.push(ColumnChange {
                    column: text.clone(),
                    kind: ColumnKind::Question,
                    before: Value::Null,
                    after: answer,
                });
            }
            None if question.required_flag => faults.push(unanswered(wanted, text)),
            None => {}
        }
    }
    if !sent.is_empty() {
        difference
            .body
            .insert("questions".to_owned(), Value::Array(sent));
    }
}

/// Answers the questions whose answers differ; what else is answered goes with them, since it would be lost.
pub(super) fn of_row(
    tables: &Tables,
    wanted: &Wanted<'_>,
    row: &DeviceRow,
    difference: &mut Difference,
    faults: &mut Vec<Fault>,
) {
    let mut sent = Vec::new();
    let mut changes = Vec::new();
    let mut lacking = Vec::new();
    for entry in entries(row.fields.get("questions")) {
        let text = word(entry, "question");
        let before = entry.get("answer").cloned().unwrap_or_default();
        let asked = wanted
            .questions
            .iter()
            .find(|(asked, ..)| same_name(asked, text));
        let mut answer = before.clone();
        if let Some((_, value, column)) = asked.filter(|(.., column)| !column.only_new) {
            let place = wanted.place();
            match fit(
                column,
                holds(word(entry, "fieldType")),
                tables.length_unit,
                value,
                &place,
                text,
            ) {
                Ok(Some(value)) => answer = value,
                Ok(None) => {}
                Err(fault) => faults.push(fault),
            }
        }
        if answer.is_null() {
            if entry.get("requiredFlag") == Some(&Value::Bool(true)) {
                lacking.push(unanswered(wanted, text));
            }
            continue;
        }
        if answer != before {
            changes.push(ColumnChange {
                column: text.to_owned(),
                kind: ColumnKind::Question,
                before,
                after: answer.clone(),
            });
        }
        let mut kept = json!({ "questionId": entry.get("questionId"), "answer": answer });
        if let (Value::Object(kept), Some(id)) = (&mut kept, entry.get("answerId")) {
            kept.insert("answerId".to_owned(), id.clone());
        }
        sent.push(kept);
    }
    if changes.is_empty() {
        return;
    }
    faults.extend(lacking);
    difference.changes.extend(changes);
    difference
        .body
        .insert("questions".to_owned(), Value::Array(sent));
}
