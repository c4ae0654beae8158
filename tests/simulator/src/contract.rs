//! Holding requests and answers against the published OpenAPI document.
//!
//! The document is not part of this crate: [`published`] finds it where it lies beside the project.

mod document;

use std::collections::BTreeMap;
use std::fmt;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use jsonschema::Validator;
use serde_json::{Value, json};

use document::Operation;

/// The path of a published document that lies beside the project, in the folder `../shared` or the one that
/// `CASEWIRE_SHARED` names. Says so where it is not there.
#[must_use]
pub fn published(name: &str) -> Option<PathBuf> {
    let folder = std::env::var_os("CASEWIRE_SHARED").map_or_else(
        || concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared").into(),
        PathBuf::from,
    );
    let path = folder.join(name);
    if path.exists() {
        return Some(path);
    }
    // Straight to the stream: a test that passes does not show what it prints.
    let _ = writeln!(
        io::stderr(),
        "NOT CHECKED: {name} does not lie beside the project; CASEWIRE_SHARED names its folder"
    );
    None
}

/// The operations and schemas of an OpenAPI 3.0 document.
pub struct Contract {
    schemas: Value,
    operations: Vec<Operation>,
    validators: Mutex<BTreeMap<String, Arc<Validator>>>,
}

impl fmt::Debug for Contract {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Contract")
            .field("operations", &self.operations.len())
            .finish_non_exhaustive()
    }
}

impl Contract {
    /// Reads a document; `None` when it is not there or not one.
    #[must_use]
    pub fn load(path: impl AsRef<Path>) -> Option<Self> {
        let text = std::fs::read_to_string(path).ok()?;
        let mut document: Value = serde_json::from_str(&text).ok()?;
        document::allow_nulls(&mut document);
        Some(Self {
            operations: document::operations(&document)?,
            schemas: document.get("components")?.get("schemas")?.clone(),
            validators: Mutex::default(),
        })
    }

    /// What the document finds wrong with a request.
    ///
    /// `path` is that below the codebase, such as `/service/tickets/909`; `query` is what stands
    /// behind the `?`, encoded; a multipart body is not looked into.
    #[must_use]
    pub fn check_request(&self, method: &str, path: &str, query: &str, body: &[u8]) -> Vec<String> {
        let Some(operation) = self.operation(method, path) else {
            return vec![format!("{method} {path}: no such operation")];
        };
        let mut found = Vec::new();
        let names = query.split('&').filter(|pair| !pair.is_empty());
        for name in names.map(|pair| pair.split('=').next().unwrap_or("")) {
            // The guide lets every answer be projected, and a search be paged; the document says
            // so of lists alone.
            let undeclared = name == "fields"
                || (path.ends_with("/search") && ["page", "pageSize", "pageId"].contains(&name));
            if !undeclared && !operation.query.iter().any(|known| known == name) {
                found.push(format!("no such query parameter: {name}"));
            }
        }
        match &operation.body {
            None if !body.is_empty() => found.push("a body where none is declared".to_owned()),
            Some(schema) => match serde_json::from_slice::<Value>(body) {
                Ok(value) => {
                    found.extend(self.check(schema, &value));
                    if method.eq_ignore_ascii_case("PATCH") {
                        found.extend(self.check_patch(operation, &value));
                    }
                }
                Err(error) => found.push(format!("the body is not JSON: {error}")),
            },
            None => {}
        }
        prefixed(found, method, path)
    }

    /// What the document finds wrong with an answer.
    ///
    /// An undeclared success is wrong, an undeclared refusal is not: proxies make their own. When
    /// `path` carries a query with `fields`, required fields may be missing.
    #[must_use]
    pub fn check_response(
        &self,
        method: &str,
        path: &str,
        status: u16,
        body: &[u8],
    ) -> Vec<String> {
        let (path, query) = path.split_once('?').unwrap_or((path, ""));
        let Some(operation) = self.operation(method, path) else {
            return Vec::new();
        };
        let mut found = match operation.answers.get(&status) {
            None if status < 300 => vec![format!("status {status} is not declared")],
            None => Vec::new(),
            Some(None) if body.is_empty() => Vec::new(),
            Some(None) => vec![format!("a body with status {status}")],
            Some(Some(schema)) if schema.get("format") == Some(&json!("binary")) => Vec::new(),
            Some(Some(schema)) => match serde_json::from_slice::<Value>(body) {
                Ok(value) => self.check(schema, &value),
                Err(error) => vec![format!("the body is not JSON: {error}")],
            },
        };
        if query.split('&').any(|pair| pair.starts_with("fields=")) {
            found.retain(|problem| !problem.ends_with("is a required property"));
        }
        prefixed(found, method, path)
    }

    /// A PATCH sets fields of what the operation answers with.
    fn check_patch(&self, operation: &Operation, body: &Value) -> Vec<String> {
        let name = operation
            .answers
            .get(&200)
            .and_then(Option::as_ref)
            .and_then(|schema| schema.get("$ref"))
            .and_then(Value::as_str)
            .and_then(|reference| reference.rsplit('/').next());
        let properties = name.and_then(|name| self.schemas.get(name)?.get("properties"));
        let Some(properties) = properties else {
            return Vec::new();
        };
        let mut found = Vec::new();
        for step in body.as_array().into_iter().flatten() {
            let path = step.get("path").and_then(Value::as_str).unwrap_or("");
            match (properties.get(path), step.get("value")) {
                (None, _) => found.push(format!("PATCH path {path} is no field")),
                (Some(schema), Some(value)) if !value.is_null() => {
                    found.extend(self.check(schema, value));
                }
                _ => {}
            }
        }
        found
    }

    fn operation(&self, method: &str, path: &str) -> Option<&Operation> {
        let segments: Vec<&str> = path.trim_matches('/').split('/').collect();
        self.operations
            .iter()
            .filter(|operation| operation.method.eq_ignore_ascii_case(method))
            .filter_map(|operation| Some((operation.fits(&segments)?, operation)))
            .max_by_key(|(words, _)| *words)
            .map(|(_, operation)| operation)
    }

    fn check(&self, schema: &Value, value: &Value) -> Vec<String> {
        match self.validator(schema) {
            Ok(validator) => validator
                .iter_errors(value)
                .map(|error| format!("{}: {error}", error.instance_path))
                .collect(),
            Err(problem) => vec![problem],
        }
    }

    fn validator(&self, schema: &Value) -> Result<Arc<Validator>, String> {
        let mut validators = self
            .validators
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let key = schema.to_string();
        if let Some(known) = validators.get(&key) {
            return Ok(Arc::clone(known));
        }
        let whole = json!({
            "allOf": [schema],
            "components": {"schemas": self.schemas},
        });
        let validator = jsonschema::draft7::new(&whole).map_err(|error| error.to_string())?;
        let validator = Arc::new(validator);
        validators.insert(key, Arc::clone(&validator));
        Ok(validator)
    }
}

fn prefixed(found: Vec<String>, method: &str, path: &str) -> Vec<String> {
    found
        .into_iter()
        .map(|problem| format!("{method} {path}: {problem}"))
        .collect()
}
