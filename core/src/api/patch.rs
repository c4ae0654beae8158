use crate::{
    catalog::same_name,
    error::{Code, Error, Result},
};
use serde::Serialize;
use serde_json::{Map, Value};

use super::reference::timestamp;

/// Fields that are written and never given back (API.md section 7).
const WRITE_ONLY: [&str; 7] = [
    "initialDescription",
    "initialInternalAnalysis",
    "initialResolution",
    "initialDescriptionFrom",
    "contactEmailLookup",
    "processNotifications",
    "skipCallback",
];

/// One operation of ConnectWise's own PATCH (API.md section 6.1), which looks like RFC 6902 and is not.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct PatchOperation {
    op: &'static str,
    /// Bare field name; never a path into an object, which would be answered with 200 and change nothing.
    path: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    value: Option<Value>,
}

/// A change of single fields.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(transparent)]
pub(crate) struct Patch(Vec<PatchOperation>);

impl Patch {
    pub(crate) fn new() -> Self {
        Self::default()
    }

    /// Gives a field a value; null takes it away. References are whole objects with their key, such as `{"id": 5}`.
    pub(crate) fn replace(mut self, field: impl Into<String>, value: Value) -> Self {
        if value.is_null() {
            return self.remove(field);
        }
        self.0.push(PatchOperation {
            op: "replace",
            path: field.into(),
            value: Some(value),
        });
        self
    }

    /// Takes a field's value away.
    pub(crate) fn remove(mut self, field: impl Into<String>) -> Self {
        self.0.push(PatchOperation {
            op: "remove",
            path: field.into(),
            value: None,
        });
        self
    }

    /// The fields that it changes.
    pub(crate) fn fields(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|operation| operation.path.as_str())
    }

    /// Refuses what ConnectWise would answer with a false 200.
    pub(crate) fn check(&self) -> Result<()> {
        let bare = |field: &str| {
            field.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') && !field.is_empty()
        };
        match self.fields().find(|field| !bare(field)) {
            None => Ok(()),
            Some(field) => Err(Error::new(
                Code::UnknownField,
                format!(
                    "'{field}' is no field name: change the whole object instead of a part of it"
                ),
            )),
        }
    }

    /// Whether a field is written and never given back.
    pub(crate) fn is_write_only(field: &str) -> bool {
        WRITE_ONLY.contains(&field)
    }

    /// The fields of which the answer does not have what was asked.
    pub(crate) fn unchanged(&self, answered: &Value) -> Vec<&str> {
        self.0
            .iter()
            .filter(|operation| !Self::is_write_only(&operation.path))
            .filter(|operation| {
                let asked = operation.value.as_ref().unwrap_or(&Value::Null);
                let given = answered.get(&operation.path).unwrap_or(&Value::Null);
                !same(asked, given)
            })
            .map(|operation| operation.path.as_str())
            .collect()
    }

    /// Compares the answer with what was asked: a PATCH can be answered with 200 and change nothing.
    ///
    /// # Errors
    ///
    /// [`Code::ChangeNotMade`] with the names of the fields.
    pub(crate) fn verify(&self, answered: &Value) -> Result<()> {
        let unchanged = self.unchanged(answered);
        let Some(first) = unchanged.first() else {
            return Ok(());
        };
        Err(Error {
            field: Some((*first).to_owned()),
            ..Error::new(
                Code::ChangeNotMade,
                format!(
                    "ConnectWise answered as if it had changed the record and left {} as it was. Look for a workflow rule \
                     or a board setting that forbids it",
                    unchanged.join(", ")
                ),
            )
        })
    }
}

/// Whether the server's value is the one that was asked for, in whatever form it gives it back.
fn same(asked: &Value, given: &Value) -> bool {
    match (asked, given) {
        (Value::Null, given) => is_empty(given),
        (Value::Object(asked), Value::Object(given)) => same_object(asked, given),
        (Value::Array(asked), Value::Array(given)) => same_array(asked, given),
        (Value::Number(asked), Value::Number(given)) => asked.as_f64() == given.as_f64(),
        (Value::Object(_) | Value::Array(_), _) | (_, Value::Object(_) | Value::Array(_)) => false,
        (asked, given) => {
            let (asked, given) = (plain(asked), plain(given));
            asked == given
                || timestamp(&asked)
                    .zip(timestamp(&given))
                    .is_some_and(|(asked, given)| asked.millis() / 1000 == given.millis() / 1000)
        }
    }
}

/// A reference is the same by its id, or by whatever key was asked for.
fn same_object(asked: &Map<String, Value>, given: &Map<String, Value>) -> bool {
    if let Some(id) = asked.get("id") {
        let value = asked
            .get("value")
            .is_none_or(|value| same(value, given.get("value").unwrap_or(&Value::Null)));
        return value && same(id, given.get("id").unwrap_or(&Value::Null));
    }
    asked.iter().all(|(key, value)| {
        let given = given.get(key).unwrap_or(&Value::Null);
        match (value, given) {
            (Value::String(asked), Value::String(given)) => same_name(asked, given),
            _ => same(value, given),
        }
    })
}

/// Custom fields come back with their ids in any order; other arrays are compared in order.
fn same_array(asked: &[Value], given: &[Value]) -> bool {
    let keyed = !asked.is_empty() && asked.iter().all(|entry| entry.get("id").is_some());
    if keyed {
        return asked
            .iter()
            .all(|entry| given.iter().any(|given| same(entry, given)));
    }
    asked.len() == given.len()
        && asked
            .iter()
            .zip(given)
            .all(|(asked, given)| same(asked, given))
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.trim().is_empty(),
        Value::Array(entries) => entries.is_empty(),
        Value::Object(entries) => entries.values().all(is_empty),
        Value::Bool(_) | Value::Number(_) => false,
    }
}

/// Text without what servers change in it: runs of space and direction marks (API.md sections 6.5 and 17).
fn plain(value: &Value) -> String {
    let text = match value {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        other => other.to_string(),
    };
    let text: String = text
        .chars()
        .filter(|c| !matches!(c, '\u{200e}' | '\u{200f}'))
        .collect();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_body_is_an_array_of_bare_names_and_whole_references() {
        let patch = Patch::new()
            .replace("summary", json!("x"))
            .replace("status", json!({"id": 505}))
            .remove("contact")
            .replace("poNumber", Value::Null);
        assert_eq!(
            serde_json::to_value(&patch).unwrap(),
            json!([
                {"op": "replace", "path": "summary", "value": "x"},
                {"op": "replace", "path": "status", "value": {"id": 505}},
                {"op": "remove", "path": "contact"},
                {"op": "remove", "path": "poNumber"}
            ])
        );
        assert!(patch.check().is_ok());
        for bad in ["status/id", "/summary", ""] {
            let patch = Patch::new().replace(bad, json!(1));
            assert_eq!(patch.check().unwrap_err().code, Code::UnknownField);
        }
    }

    #[test]
    fn a_false_200_is_found_and_names_its_fields() {
        let patch = Patch::new()
            .replace("status", json!({"id": 505}))
            .replace("summary", json!("new"));
        let error = patch
            .verify(&json!({"status": {"id": 500, "name": "New"}, "summary": "new"}))
            .unwrap_err();
        assert_eq!(
            (error.code, error.field.as_deref()),
            (Code::ChangeNotMade, Some("status"))
        );
        assert!(error.message.contains("status") && !error.message.contains("summary"));
        assert_eq!(patch.unchanged(&json!({})), ["status", "summary"]);
    }

    #[test]
    fn another_form_of_the_same_value_is_no_fault() {
        for (asked, given) in [
            (
                json!({"id": 505}),
                json!({"id": 505, "name": "Closed", "_info": {}}),
            ),
            (
                json!({"name": "closed"}),
                json!({"id": 505, "name": "Closed"}),
            ),
            (
                json!({"identifier": "acme"}),
                json!({"id": 5, "identifier": "ACME", "name": "Acme"}),
            ),
            (json!(5), json!(5.0)),
            (json!("a\n b"), json!("a b")),
            (
                json!("2026-01-05T10:00:00.500Z"),
                json!("2026-01-05T10:00:00"),
            ),
            (json!(null), json!("")),
            (json!(""), json!(null)),
            (
                json!([{"id": 2, "value": 7}]),
                json!([{"id": 1, "value": null}, {"id": 2, "value": "7", "caption": "c"}]),
            ),
            (json!("x"), json!("\u{200e}x")),
        ] {
            let patch = Patch(vec![PatchOperation {
                op: "replace",
                path: "f".to_owned(),
                value: Some(asked.clone()),
            }]);
            assert!(
                patch.verify(&json!({ "f": given })).is_ok(),
                "{asked} {given}"
            );
        }
        for (asked, given) in [
            (
                json!([{"id": 2, "value": 7}]),
                json!([{"id": 2, "value": 8}]),
            ),
            (json!([{"id": 2, "value": 7}]), json!([])),
            (json!({"id": 5}), json!(5)),
            (json!("New"), json!("new")),
            (json!(true), json!(false)),
            (json!(["a"]), json!(["b"])),
        ] {
            let patch = Patch::new().replace("f", asked.clone());
            assert!(
                patch.verify(&json!({ "f": given })).is_err(),
                "{asked} {given}"
            );
        }
    }

    #[test]
    fn what_is_never_given_back_is_not_missed() {
        let patch = Patch::new().replace("skipCallback", json!(true));
        assert!(patch.verify(&json!({})).is_ok());
    }
}
