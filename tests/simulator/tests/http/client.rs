use std::time::Duration;

use base64::Engine;
use casewire_simulator::{COMPANY_ID, Options, PRIVATE_KEY, PUBLIC_KEY, Server};
use serde_json::Value;
use ureq::{Agent, Body, http};

pub(crate) fn start(options: Options) -> Server {
    let server = Server::start(options).unwrap();
    server.psa().settings.requests_per_minute = None;
    server
}

pub(crate) fn agent() -> Agent {
    Agent::config_builder()
        .http_status_as_error(false)
        .timeout_global(Some(Duration::from_secs(10)))
        .build()
        .into()
}

/// Sends a request to the API, or to a path of its own when that begins with `/`.
pub(crate) fn send(
    agent: &Agent,
    server: &Server,
    method: &str,
    path: &str,
    body: Option<&Value>,
) -> Result<http::Response<Body>, ureq::Error> {
    let url = match path.strip_prefix('/') {
        Some(path) => format!("{}/{path}", server.url()),
        None => format!("{}/v4_6_release/apis/3.0/{path}", server.url()),
    };
    let keys = format!("{COMPANY_ID}+{PUBLIC_KEY}:{PRIVATE_KEY}");
    let keys = base64::engine::general_purpose::STANDARD.encode(keys);
    let request = http::Request::builder()
        .method(method)
        .uri(url)
        .header("Authorization", format!("Basic {keys}"))
        .header("clientId", "6f1f6f0e-3c1d-4a52-9a54-0b9f5f4f9e11")
        .header("Content-Type", "application/json");
    let body = body.map(Value::to_string).unwrap_or_default();
    agent.run(request.body(body).unwrap())
}

pub(crate) fn json(response: http::Response<Body>) -> Value {
    let text = response.into_body().read_to_string().unwrap();
    serde_json::from_str(&text).unwrap_or(Value::Null)
}

pub(crate) fn ticket(reference: &str) -> Value {
    serde_json::json!({
        "summary": "Windows: Audit log cleared",
        "company": {"identifier": "BigDesign"},
        "externalXRef": reference,
    })
}
