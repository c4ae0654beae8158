//! Custom fields of a record and their definitions (API.md section 17).

use serde_json::{Value, json};

use super::Psa;
use super::records::Saving;
use crate::clock;
use crate::settings::CustomFieldsWrite;
use crate::store::{Record, is_set, text};
use crate::table::Table;

/// The number of the pod in which the custom fields of a table are defined.
pub(crate) fn pod(table: Table) -> Option<(i64, &'static str)> {
    match table {
        Table::Ticket => Some((1, "ServiceTicket")),
        Table::Company => Some((2, "Company")),
        Table::Contact => Some((3, "Contact")),
        Table::Configuration => Some((4, "Configuration")),
        Table::CompanySite => Some((5, "CompanySite")),
        _ => None,
    }
}

/// Gives a record all custom fields that are defined for its table, with the values that the
/// body set and, where it is silent, those from before.
pub(super) fn settle(psa: &Psa, saving: &mut Saving<'_>) {
    let Some((pod, screen)) = pod(saving.table) else {
        return;
    };
    let written = saving.set.contains("customFields").then(|| {
        saving
            .record
            .get("customFields")
            .cloned()
            .unwrap_or(json!([]))
    });
    if written.is_none() && !saving.is_new() {
        return;
    }
    let given: Vec<Value> = match written {
        Some(Value::Array(items)) => items,
        _ => Vec::new(),
    };
    let definitions: Vec<(i64, Record)> = psa
        .store
        .rows(Table::UserDefinedField)
        .filter(|(_, definition)| definition.get("podId").and_then(Value::as_i64) == Some(pod))
        .map(|(id, definition)| (id, definition.clone()))
        .collect();
    for item in &given {
        if !definitions
            .iter()
            .any(|(id, field)| is_for(item, *id, field))
        {
            saving.refuse("customFields", "Custom field not found.");
        }
    }
    let mut settled = Vec::new();
    for (id, definition) in &definitions {
        let value = match given.iter().find(|item| is_for(item, *id, definition)) {
            Some(item) => item.get("value").cloned().unwrap_or(Value::Null),
            None => match psa.settings.quirks.custom_fields {
                CustomFieldsWrite::Complete => Value::Null,
                CustomFieldsWrite::Merged => earlier(saving, *id),
            },
        };
        if !value.is_null() && !fits(definition, &value) {
            let caption = text(definition, "caption");
            saving.refuse(
                "customFields",
                format!("The value of {caption} is invalid."),
            );
        }
        let mut field = json!({
            "id": id,
            "caption": text(definition, "caption"),
            "type": text(definition, "fieldTypeIdentifier"),
            "entryMethod": text(definition, "entryTypeIdentifier"),
            "numberOfDecimals": definition.get("numberDecimals").cloned().unwrap_or(json!(0)),
            "podId": screen,
        });
        if let (Value::Object(field), false) = (&mut field, value.is_null()) {
            field.insert("value".to_owned(), value);
        }
        settled.push(field);
    }
    saving
        .record
        .insert("customFields".to_owned(), Value::Array(settled));
}

/// The captions of the required custom fields of a record that have no value.
pub(crate) fn unanswered(psa: &Psa, table: Table, record: &Record) -> Vec<String> {
    let Some((pod, _)) = pod(table) else {
        return Vec::new();
    };
    let answered = |id: i64| {
        let fields = record.get("customFields").and_then(Value::as_array);
        fields.into_iter().flatten().any(|field| {
            field.get("id").and_then(Value::as_i64) == Some(id) && field.get("value").is_some()
        })
    };
    psa.store
        .rows(Table::UserDefinedField)
        .filter(|(id, definition)| {
            definition.get("podId").and_then(Value::as_i64) == Some(pod)
                && is_set(definition, "requiredFlag")
                && !answered(*id)
        })
        .map(|(_, definition)| text(definition, "caption").to_owned())
        .collect()
}

fn is_for(item: &Value, id: i64, definition: &Record) -> bool {
    match item.get("id").and_then(Value::as_i64) {
        Some(given) => given == id,
        None => item.get("caption").and_then(Value::as_str) == Some(text(definition, "caption")),
    }
}

fn earlier(saving: &Saving<'_>, id: i64) -> Value {
    let fields = saving
        .before
        .as_ref()
        .and_then(|before| before.get("customFields"))
        .and_then(Value::as_array);
    fields
        .into_iter()
        .flatten()
        .find(|field| field.get("id").and_then(Value::as_i64) == Some(id))
        .and_then(|field| field.get("value").cloned())
        .unwrap_or(Value::Null)
}

fn fits(definition: &Record, value: &Value) -> bool {
    if text(definition, "entryTypeIdentifier") == "List" {
        let options = definition.get("options").and_then(Value::as_array);
        return options
            .into_iter()
            .flatten()
            .any(|option| option.get("optionValue") == Some(value));
    }
    match text(definition, "fieldTypeIdentifier") {
        "Number" | "Currency" | "Percent" => value.is_number(),
        "Checkbox" => value.is_boolean(),
        "Date" => value.as_str().is_some_and(clock::is_acceptable),
        _ => value.is_string(),
    }
}
