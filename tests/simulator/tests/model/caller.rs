use base64::Engine;
use casewire_simulator::{COMPANY_ID, PRIVATE_KEY, PUBLIC_KEY, Psa, Request, Response};
use serde_json::Value;

/// 2019-02-11T01:09:53Z.
pub(crate) const NOW: i64 = 1_549_847_393_000;

pub(crate) fn authorized(request: Request) -> Request {
    let keys = format!("{COMPANY_ID}+{PUBLIC_KEY}:{PRIVATE_KEY}");
    let keys = base64::engine::general_purpose::STANDARD.encode(keys);
    request
        .header("Authorization", &format!("Basic {keys}"))
        .header("clientId", "6f1f6f0e-3c1d-4a52-9a54-0b9f5f4f9e11")
}

pub(crate) struct Caller {
    pub(crate) psa: Psa,
    pub(crate) now: i64,
}

impl Caller {
    pub(crate) fn new() -> Self {
        Self {
            psa: Psa::seeded(1),
            now: NOW,
        }
    }

    pub(crate) fn send(&mut self, method: &str, path: &str, body: Option<&Value>) -> Response {
        let request = authorized(Request::new(
            method,
            &format!("/v4_6_release/apis/3.0/{path}"),
        ));
        let request = match body {
            Some(body) => request.json(body),
            None => request,
        };
        self.psa.handle(&request, self.now)
    }

    pub(crate) fn get(&mut self, path: &str) -> Value {
        let response = self.send("GET", path, None);
        assert_eq!(response.status, 200, "{path}: {}", response.value());
        response.value()
    }

    pub(crate) fn post(&mut self, path: &str, body: &Value) -> Value {
        let response = self.send("POST", path, Some(body));
        assert_eq!(response.status, 201, "{path}: {}", response.value());
        response.value()
    }

    pub(crate) fn patch(&mut self, path: &str, body: &Value) -> Value {
        let response = self.send("PATCH", path, Some(body));
        assert_eq!(response.status, 200, "{path}: {}", response.value());
        response.value()
    }

    /// The status, the inner code and the field of the first reason of a refusal.
    pub(crate) fn refused(
        &mut self,
        method: &str,
        path: &str,
        body: &Value,
    ) -> (u16, String, String) {
        let response = self.send(method, path, Some(body));
        let value = response.value();
        let part = |key: &str| value["errors"][0][key].as_str().unwrap_or("").to_owned();
        (response.status, part("code"), part("field"))
    }
}
