use axum::{http::StatusCode, response::Response};

/// The paths as an OpenAPI document; a test holds it against the routes.
pub(super) const OPENAPI: &str = include_str!("openapi.json");

/// `GET /openapi.json`.
pub(super) async fn openapi() -> Response {
    super::json(StatusCode::OK, OPENAPI.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::Value;
    use std::collections::BTreeSet;

    /// The paths and methods of a source file's `.route(` calls.
    fn routes(source: &str) -> BTreeSet<String> {
        let calls = source.split(".route(").skip(1);
        let routes = calls.filter_map(|call| {
            let mut parts = call.trim_start().strip_prefix('"')?.splitn(2, '"');
            let path = parts.next()?;
            let method = parts.next()?.trim_start_matches([',', ' ', '\n']);
            Some(format!("{} {path}", method.split('(').next()?))
        });
        routes.collect()
    }

    #[test]
    fn every_route_is_described_and_nothing_else() {
        let document: Value = serde_json::from_str(OPENAPI).unwrap();
        let described: BTreeSet<String> = document["paths"]
            .as_object()
            .unwrap()
            .iter()
            .flat_map(|(path, item)| {
                let methods = item.as_object().unwrap().keys();
                methods
                    .filter(|key| *key != "parameters")
                    .map(move |method| format!("{method} {path}"))
            })
            .collect();
        let routes = routes(include_str!("../web.rs"));
        assert!(routes.len() > 10, "{routes:?}");
        assert_eq!(described, routes);
    }

    #[test]
    fn every_operation_says_who_may_and_what_it_answers() {
        let document: Value = serde_json::from_str(OPENAPI).unwrap();
        for (path, item) in document["paths"].as_object().unwrap() {
            for (method, operation) in item.as_object().unwrap() {
                if method != "parameters" {
                    let said = |key: &str| !operation[key].is_null();
                    assert!(
                        said("summary") && said("responses") && said("security"),
                        "{method} {path}"
                    );
                }
            }
        }
    }
}
