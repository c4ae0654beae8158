//! Refusals: the error bodies of the REST API (API.md section 3).

use serde_json::{Value, json};

use crate::wire::Response;

/// A refusal.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Failure {
    /// The HTTP status.
    pub(crate) status: u16,
    code: &'static str,
    message: String,
    details: Vec<Detail>,
}

/// One reason of a refusal.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Detail {
    /// `MissingRequiredField`, `InvalidField`, `InvalidObject`, `ObjectExists` or `NotFound`.
    pub(crate) code: &'static str,
    /// What is wrong.
    pub(crate) message: String,
    /// The field, with a slash into references.
    pub(crate) field: String,
}

impl Detail {
    /// A required field is absent.
    pub(crate) fn missing(field: &str) -> Self {
        Self::new(
            "MissingRequiredField",
            format!("The {field} field is required."),
            field,
        )
    }

    /// A field's value cannot be taken.
    pub(crate) fn invalid(field: &str, message: impl Into<String>) -> Self {
        Self::new("InvalidField", message, field)
    }

    /// A reference leads nowhere.
    pub(crate) fn not_found(field: &str, message: impl Into<String>) -> Self {
        Self::new("NotFound", message, field)
    }

    /// Any other reason.
    pub(crate) fn new(code: &'static str, message: impl Into<String>, field: &str) -> Self {
        Self {
            code,
            message: message.into(),
            field: field.to_owned(),
        }
    }
}

impl Failure {
    /// A refusal without details.
    pub(crate) fn new(status: u16, code: &'static str, message: impl Into<String>) -> Self {
        Self {
            status,
            code,
            message: message.into(),
            details: Vec::new(),
        }
    }

    /// A body that cannot be stored, with every reason found.
    pub(crate) fn invalid_object(resource: &str, details: Vec<Detail>) -> Self {
        Self {
            details,
            ..Self::new(
                400,
                "InvalidObject",
                format!("{resource} object is invalid"),
            )
        }
    }

    /// A bad condition, order or projection.
    pub(crate) fn find_condition(message: impl Into<String>) -> Self {
        Self::new(400, "ApiFindCondition", message)
    }

    /// A name that the endpoint does not know.
    pub(crate) fn unrecognized(name: &str) -> Self {
        Self::find_condition(format!("{name} is not a recognized name."))
    }

    /// No record of that id.
    pub(crate) fn not_found(label: &str, id: impl std::fmt::Display) -> Self {
        Self::new(404, "NotFound", format!("{label} {id} not found"))
    }

    /// No such path.
    pub(crate) fn no_endpoint() -> Self {
        Self::new(404, "ConnectWiseApi", "The endpoint does not exist.")
    }

    /// The path exists, the method does not.
    pub(crate) fn method_not_allowed(method: &str) -> Self {
        Self::new(
            405,
            "MethodNotAllowed",
            format!("The requested resource does not support http method '{method}'."),
        )
    }

    /// The security role lacks a right.
    pub(crate) fn forbidden(message: impl Into<String>) -> Self {
        Self::new(403, "Forbidden", message)
    }

    /// The answer that carries the refusal.
    pub(crate) fn response(&self) -> Response {
        let resource = self.message.split(' ').next().unwrap_or("");
        let errors = if self.details.is_empty() {
            Value::Null
        } else {
            self.details
                .iter()
                .map(|detail| {
                    json!({
                        "code": detail.code,
                        "message": detail.message,
                        "resource": resource,
                        "field": detail.field,
                    })
                })
                .collect()
        };
        let mut body = json!({"code": self.code, "message": self.message});
        if let (false, Value::Object(body)) = (errors.is_null(), &mut body) {
            body.insert("errors".to_owned(), errors);
        }
        Response::json(self.status, &body)
    }
}
