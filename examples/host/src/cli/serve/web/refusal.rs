use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use casewire::{Code, Error, Fault};
use serde::Serialize;

/// An answer that refuses, in the shape of casewire's own errors.
#[derive(Debug, Serialize)]
pub(super) struct Refusal {
    #[serde(skip)]
    status: StatusCode,
    code: &'static str,
    message: String,
    /// Whether the same request can succeed later without a change.
    retry: bool,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    faults: Vec<Fault>,
}

impl Refusal {
    fn new(status: StatusCode, code: &'static str, message: impl Into<String>) -> Self {
        Self {
            status,
            code,
            message: message.into(),
            retry: status.is_server_error(),
            faults: Vec::new(),
        }
    }

    pub(super) fn unauthorized() -> Self {
        let message = "the bearer token is missing or wrong: send 'Authorization: Bearer' with that of CASEWIRE_TOKEN";
        Self::new(StatusCode::UNAUTHORIZED, "unauthorized", message)
    }

    pub(super) fn not_administrator() -> Self {
        let message = "the bearer token is missing or not an administrator's: send 'Authorization: Bearer' with that of \
                       CASEWIRE_ADMIN_TOKEN";
        Self::new(StatusCode::UNAUTHORIZED, "unauthorized", message)
    }

    pub(super) fn not_for_pages(command: &str) -> Self {
        let message = format!("'{command}' is not for the page: use the program or the library");
        Self::new(StatusCode::FORBIDDEN, "not_allowed", message)
    }

    pub(super) fn other_revision() -> Self {
        let message = "the configuration was saved by someone else meanwhile: read it again, and make your changes there";
        Self::new(StatusCode::PRECONDITION_FAILED, "revision", message)
    }

    /// A connection that does not pass its test.
    pub(super) fn no_connection(why: &str) -> Self {
        let message = format!("nothing was saved, since the connection fails its test: {why}");
        Self::new(StatusCode::CONFLICT, "connection_failed", message)
    }

    pub(super) fn of_file(why: &str) -> Self {
        let message = format!("{why}; nothing was saved");
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "file", message)
    }

    pub(super) fn no_such_path() -> Self {
        Self::new(StatusCode::NOT_FOUND, "not_found", "there is nothing here")
    }

    pub(super) fn no_such_instance(known: &[&str]) -> Self {
        let message = format!(
            "name one of the instances in the path, /instances/NAME/...: {}",
            known.join(", ")
        );
        Self::new(StatusCode::NOT_FOUND, "unknown_instance", message)
    }

    pub(super) fn no_such_case(case_id: &str) -> Self {
        let message =
            format!("case '{case_id}' was not handed over: send it with POST /cases first");
        Self::new(StatusCode::NOT_FOUND, "unknown_case", message)
    }

    pub(super) fn no_such_operation() -> Self {
        let message = "the operation is unknown, or one of an earlier run: GET /cases/{id} says how its case stands";
        Self::new(StatusCode::NOT_FOUND, "unknown_operation", message)
    }

    pub(super) fn too_large(most: u64) -> Self {
        let message = format!("the body has more than {most} bytes; nothing was taken over");
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, "too_large", message)
    }

    pub(super) fn folder_full() -> Self {
        let message = "the folder of attachments is full; files leave it once their tickets hold them. Send it again later";
        Self::new(
            StatusCode::INSUFFICIENT_STORAGE,
            "attachments_full",
            message,
        )
    }

    pub(super) fn too_slow() -> Self {
        let message = "the body did not come in time; nothing was taken over";
        Self::new(StatusCode::REQUEST_TIMEOUT, "timeout", message)
    }

    pub(super) fn cut_off() -> Self {
        let message = "the body broke off; nothing was taken over";
        Self::new(StatusCode::BAD_REQUEST, "incomplete_body", message)
    }

    pub(super) fn stopping() -> Self {
        let message = "the service is stopping; what it took over stays. Send it again in a moment";
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "stopping", message)
    }

    pub(super) fn of_store(why: &str) -> Self {
        let message = format!("the store failed ({why}); nothing was taken over");
        Self::new(
            StatusCode::SERVICE_UNAVAILABLE,
            Code::StoreFailed.name(),
            message,
        )
    }

    pub(super) fn other_content(id: &str) -> Self {
        let message = format!(
            "attachment '{id}' was uploaded with other content: give this one an id of its own"
        );
        Self::new(StatusCode::CONFLICT, "attachment_differs", message)
    }

    /// A place in the feed from which something was forgotten.
    pub(super) fn forgotten(first: i64) -> Self {
        let message = format!(
            "changes after this cursor were kept for their time and then forgotten; go on after {first}, \
             and ask GET /cases/{{id}} for the cases that matter"
        );
        Self::new(StatusCode::GONE, Code::UnknownPlace.name(), message)
    }

    /// Something in the query is wrong.
    pub(super) fn of_query(key: &str, message: impl Into<String>, fix: &str) -> Self {
        let fault = Fault::new(Code::InvalidValue, format!("/{key}"), message, fix);
        Self::of_faults("the query", vec![fault])
    }

    pub(super) fn of_faults(what: &str, faults: Vec<Fault>) -> Self {
        Error::refused(what, faults).into()
    }
}

impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        let status = match error.code {
            _ if !error.faults.is_empty() => StatusCode::BAD_REQUEST,
            Code::SwitchedOff | Code::InstanceDeleted => StatusCode::CONFLICT,
            code if code.is_transient() => StatusCode::SERVICE_UNAVAILABLE,
            _ => StatusCode::INTERNAL_SERVER_ERROR,
        };
        Self {
            status,
            code: error.code.name(),
            message: error.message,
            retry: error.retry,
            faults: error.faults,
        }
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let body = serde_json::to_string(&self).unwrap_or_default();
        let mut response = super::json(self.status, body);
        let headers = response.headers_mut();
        match self.status {
            StatusCode::UNAUTHORIZED => {
                headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
                headers.insert(header::CONNECTION, HeaderValue::from_static("close"));
            }
            StatusCode::SERVICE_UNAVAILABLE => {
                headers.insert(header::RETRY_AFTER, HeaderValue::from_static("5"));
            }
            // What is left of the body is not read.
            StatusCode::PAYLOAD_TOO_LARGE
            | StatusCode::INSUFFICIENT_STORAGE
            | StatusCode::REQUEST_TIMEOUT => {
                headers.insert(header::CONNECTION, HeaderValue::from_static("close"));
            }
            _ => {}
        }
        response
    }
}
