use base64::Engine;
use casewire_simulator::{COMPANY_ID, PRIVATE_KEY, PUBLIC_KEY, Psa, Request, Response};
use std::sync::LazyLock;

use casewire_simulator::contract::{Contract, published};
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

/// The published document, when it is there.
pub(crate) static CONTRACT: LazyLock<Option<Contract>> =
    LazyLock::new(|| published("connectwise/openapi-subset.json").and_then(Contract::load));

/// A caller of the seeded instance. What it sends with success, and all it gets, is held
/// against the published contract.
pub(crate) struct Caller {
    pub(crate) psa: Psa,
    pub(crate) now: i64,
    /// Whether the contract is asked; it takes its time over long lists.
    pub(crate) checked: bool,
}

impl Caller {
    pub(crate) fn new() -> Self {
        Self {
            psa: Psa::seeded(1),
            now: NOW,
            checked: true,
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
        let response = self.psa.handle(&request, self.now);
        if let (Some(contract), true) = (&*CONTRACT, self.checked) {
            let (bare, query) = path.split_once('?').unwrap_or((path, ""));
            let mut found = contract.check_response(method, path, response.status, &response.body);
            if response.status < 300 && bare != "service/tickets/909/convert" {
                found.extend(contract.check_request(method, bare, query, &request.body));
            }
            assert!(found.is_empty(), "{found:#?}\n{}", response.value());
        }
        response
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

    /// A ticket for Big Design with some fields more.
    pub(crate) fn ticket(&mut self, more: Value) -> i64 {
        let mut fields = serde_json::json!({
            "summary": "Windows: Audit log cleared",
            "company": {"identifier": "BigDesign"},
            "board": {"name": "Professional Services"},
        });
        fields
            .as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        self.post("service/tickets", &fields)["id"]
            .as_i64()
            .unwrap()
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
