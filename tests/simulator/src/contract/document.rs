//! Reading operations out of an OpenAPI 3.0 document, and turning its schemas into JSON Schema.

use std::collections::BTreeMap;

use serde_json::{Value, json};

/// A method on a path.
#[derive(Debug)]
pub(super) struct Operation {
    pub(super) method: String,
    segments: Vec<String>,
    /// The names of the query parameters.
    pub(super) query: Vec<String>,
    /// The schema of a JSON body.
    pub(super) body: Option<Value>,
    /// The schemas of the answers by status; `None` where there is no body.
    pub(super) answers: BTreeMap<u16, Option<Value>>,
}

impl Operation {
    /// Whether a path fits, and in how many words.
    pub(super) fn fits(&self, segments: &[&str]) -> Option<usize> {
        if self.segments.len() != segments.len() {
            return None;
        }
        let mut words = 0;
        for (template, segment) in self.segments.iter().zip(segments) {
            if template.eq_ignore_ascii_case(segment) {
                words += 1;
            } else if !template.starts_with('{') {
                return None;
            }
        }
        Some(words)
    }
}

/// All operations of a document.
pub(super) fn operations(document: &Value) -> Option<Vec<Operation>> {
    let mut operations = Vec::new();
    for (path, methods) in document.get("paths")?.as_object()? {
        let methods = methods.as_object().into_iter().flatten();
        for (method, operation) in methods.filter(|(method, _)| *method != "parameters") {
            operations.push(Operation {
                method: method.to_uppercase(),
                segments: path
                    .trim_matches('/')
                    .split('/')
                    .map(str::to_owned)
                    .collect(),
                query: query(operation),
                body: operation.get("requestBody").and_then(json_schema),
                answers: answers(document, operation),
            });
        }
    }
    Some(operations)
}

fn query(operation: &Value) -> Vec<String> {
    let parameters = operation.get("parameters").and_then(Value::as_array);
    parameters
        .into_iter()
        .flatten()
        .filter(|parameter| parameter.get("in") == Some(&json!("query")))
        .filter_map(|parameter| parameter.get("name")?.as_str().map(str::to_owned))
        .collect()
}

fn answers(document: &Value, operation: &Value) -> BTreeMap<u16, Option<Value>> {
    let declared = operation.get("responses").and_then(Value::as_object);
    let mut answers = BTreeMap::new();
    for (status, answer) in declared.into_iter().flatten() {
        let Ok(status) = status.parse() else { continue };
        let answer = answer
            .get("$ref")
            .and_then(Value::as_str)
            .and_then(|reference| document.pointer(reference.trim_start_matches('#')))
            .unwrap_or(answer);
        let schema = json_schema(answer).or_else(|| {
            let content = answer.get("content")?.as_object()?;
            content.values().next()?.get("schema").cloned()
        });
        answers.insert(status, schema);
    }
    answers
}

fn json_schema(body: &Value) -> Option<Value> {
    body.get("content")?
        .get("application/json")?
        .get("schema")
        .cloned()
}

/// Writes `nullable: true` as JSON Schema does, everywhere.
pub(super) fn allow_nulls(schema: &mut Value) {
    match schema {
        Value::Object(object) => {
            if object.get("nullable") == Some(&json!(true)) {
                if let Some(kind) = object.get("type").and_then(Value::as_str) {
                    let kinds = json!([kind, "null"]);
                    object.insert("type".to_owned(), kinds);
                }
                if let Some(Value::Array(words)) = object.get_mut("enum") {
                    words.push(Value::Null);
                }
            }
            object.values_mut().for_each(allow_nulls);
        }
        Value::Array(items) => items.iter_mut().for_each(allow_nulls),
        _ => {}
    }
}
