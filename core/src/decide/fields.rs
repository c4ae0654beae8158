use super::ticket_fields::{Holds, Misfit};
use crate::{
    case::Case,
    catalog::{Catalog, CustomField, same_name},
    config::{WhenEmpty, WhenLong},
    decision::PlannedField,
    error::{Code, Fault, pointer},
    nearest::{did_you_mean, listed},
    quirks::LengthUnit,
    settings::{MappedField, Settings, Target, ValueSource},
    template::path::Seen,
    text::{cut, cut_by},
};
use serde_json::{Value, json};
use std::{borrow::Cow, sync::Arc};

/// The most that is sent to a custom field of one line, for which no limit is published.
const CUSTOM_LINE: usize = 1000;

/// The mapped fields of a ticket, and the custom fields with their reasons.
pub(super) fn mapped(
    settings: &Settings,
    catalog: &Catalog,
    case: &Arc<Case>,
    faults: &mut Vec<Fault>,
) -> (Vec<PlannedField>, Option<PlannedField>) {
    let unit = catalog.length_unit;
    let mut fields = Vec::new();
    let mut custom = Vec::new();
    let mut reasons = Vec::new();
    for mapping in &settings.fields {
        match &mapping.target {
            Target::Field(field) => {
                if let Some((value, reason)) = value(mapping, unit, field.holds, case, faults) {
                    fields.push(PlannedField {
                        field: field.name.to_owned(),
                        value,
                        shown: None,
                        reason,
                    });
                }
            }
            Target::Custom(caption) => {
                let at = format!("/ticket/fields/{}/custom_field", mapping.index);
                let field = match custom_field(catalog, caption, &at) {
                    Ok(field) => field,
                    Err(fault) => {
                        faults.push(fault);
                        continue;
                    }
                };
                if let Some((value, reason)) =
                    value(mapping, unit, custom_field_holds(field), case, faults)
                {
                    match option(field, &value) {
                        Some(value) => {
                            custom.push(
                                json!({"id": field.id, "caption": field.caption, "value": value}),
                            );
                            reasons.push(format!("{}: {reason}", field.caption));
                        }
                        None => faults.push(not_an_option(field, &value, &place(mapping))),
                    }
                }
            }
        }
    }
    let custom = (!custom.is_empty()).then(|| PlannedField {
        field: "customFields".to_owned(),
        value: Value::Array(custom),
        shown: None,
        reason: reasons.join("; "),
    });
    (fields, custom)
}

/// The custom field of tickets with a caption.
pub(crate) fn custom_field<'a>(
    catalog: &'a Catalog,
    caption: &str,
    at: &str,
) -> Result<&'a CustomField, Fault> {
    catalog
        .custom_fields
        .iter()
        .find(|field| same_name(&field.caption, caption))
        .ok_or_else(|| {
            let known: Vec<&str> = catalog
                .custom_fields
                .iter()
                .map(|field| field.caption.as_str())
                .collect();
            Fault::new(
                Code::UnknownCustomField,
                at,
                format!("tickets have no custom field '{caption}'"),
                format!(
                    "{}Custom fields: {}",
                    did_you_mean(caption, &known),
                    listed(&known)
                ),
            )
        })
}

/// What a custom field of a type holds (API.md section 17).
pub(crate) fn custom_field_holds(field: &CustomField) -> Holds {
    match field.kind.to_ascii_lowercase().as_str() {
        "number" | "currency" | "percent" => Holds::Decimal,
        "checkbox" => Holds::Bool,
        "date" => Holds::Date,
        "textarea" => Holds::MultiLine,
        _ => Holds::Text(CUSTOM_LINE),
    }
}

/// The value as the field's list of options writes it; the value itself where there is no list.
pub(crate) fn option(field: &CustomField, value: &Value) -> Option<Value> {
    if field.options.is_empty() {
        return Some(value.clone());
    }
    let text = match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    field
        .options
        .iter()
        .find(|option| same_name(option, &text))
        .map(|option| Value::from(option.as_str()))
}

pub(crate) fn not_an_option(field: &CustomField, value: &Value, at: &str) -> Fault {
    Fault::new(
        Code::InvalidValue,
        at,
        format!(
            "{} is not an option of the custom field '{}'",
            cut(&value.to_string(), 60),
            field.caption
        ),
        format!("Options: {}", listed(&field.options)),
    )
}

/// A mapping's value for a case and the reason for it.
fn value(
    mapping: &MappedField,
    unit: LengthUnit,
    holds: Holds,
    case: &Arc<Case>,
    faults: &mut Vec<Fault>,
) -> Option<(Value, String)> {
    let (raw, reason) = match &mapping.source {
        ValueSource::Path(text, path) => (seen(path.read(case)), text.clone()),
        ValueSource::Template(template) => match template.render(case) {
            Ok(text) => (Value::from(text), "template".to_owned()),
            Err(problem) => {
                faults.push(Fault::new(
                    Code::InvalidTemplate,
                    format!("/ticket/fields/{}/template", mapping.index),
                    problem.message,
                    problem.fix,
                ));
                return None;
            }
        },
        ValueSource::Default => (Value::Null, "by configuration".to_owned()),
    };
    let (value, reason) = through_map(mapping, raw, reason);
    match holds.fit_by(unit, &value) {
        Ok(Some(value)) => Some((value, reason)),
        Ok(None) => {
            if mapping.when_empty == WhenEmpty::Refuse {
                faults.push(Fault::new(
                    Code::MissingKey,
                    place(mapping),
                    format!(
                        "the field that /ticket/fields/{} writes has no value",
                        mapping.index
                    ),
                    "Give the case that value, or add a default to the mapping",
                ));
            }
            None
        }
        Err(Misfit::TooLong { limit }) if mapping.when_long == WhenLong::Cut => {
            let line = crate::text::single_line(&shown(&value));
            Some((
                Value::from(cut_by(unit, &line, limit)),
                format!("{reason}, cut at {limit} characters"),
            ))
        }
        Err(misfit) => {
            faults.push(misfit.fault(&place(mapping)));
            None
        }
    }
}

/// The value after the mapping's `map` and `default`.
fn through_map(mapping: &MappedField, raw: Value, reason: String) -> (Value, String) {
    let is_empty = shown(&raw).trim().is_empty();
    if mapping.map.is_empty() && !is_empty {
        return (raw, reason);
    }
    let text = shown(&raw);
    let mapped = mapping.map.get(&text.trim().to_lowercase());
    match (mapped.filter(|_| !is_empty), &mapping.default) {
        (Some(value), _) => (
            value.clone(),
            [&reason, " is '", &cut(&text, 60), "'"].concat(),
        ),
        (None, Some(value)) => (value.clone(), format!("{reason}, by default")),
        (None, None) => (Value::Null, reason),
    }
}

fn seen(seen: Seen<'_>) -> Value {
    match seen {
        Seen::Text(text) => Value::from(text),
        Seen::Time(time) => Value::from(time.to_string()),
        Seen::Number(number) => Value::from(number),
        Seen::Json(value) => value.clone(),
        Seen::Absent | Seen::Record(..) | Seen::List(_) | Seen::CustomFields => Value::Null,
    }
}

fn shown(value: &Value) -> Cow<'_, str> {
    match value {
        Value::Null => Cow::Borrowed(""),
        Value::String(text) => Cow::Borrowed(text),
        other => Cow::Owned(other.to_string()),
    }
}

/// Where in the case a mapping's value stands; the whole case for a template.
fn place(mapping: &MappedField) -> String {
    match &mapping.source {
        ValueSource::Path(text, _) => text
            .split('.')
            .skip(1)
            .fold(String::new(), |place, name| pointer(&place, name.trim())),
        ValueSource::Template(_) | ValueSource::Default => String::new(),
    }
}
