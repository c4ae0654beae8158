//! Holds every request of the typed calls against the published document, where it lies beside the repository.

use super::testing::{Reply, Server, body, client, created, is_write, ok};
use crate::{
    api::{Client, Conditions, Patch, Query},
    case::Visibility,
    catalog::Place,
    company::{
        CompanyId, CompanyKey, ConfigurationId, ConfigurationKey, companies, configurations,
        contacts,
    },
    config::CallbackLevel,
    effect::{BodyPart, HttpRequest},
    runtime::Context,
    service::{
        TicketId,
        boards::{
            self,
            creation::{self, NewChild},
        },
        notes::{self, Notifications},
        ticket_configurations, tickets,
    },
    system::{
        callbacks,
        documents::{self, Upload},
        info,
    },
    workflows::{
        read_catalog::{CatalogScope, read_catalog},
        test_connection::test_connection,
    },
};
use percent_encoding::percent_decode_str;
use serde_json::{Value, json};

#[test]
fn every_request_is_one_that_the_published_document_knows() {
    let Some(text) = crate::shared::text("connectwise/openapi-subset.json") else {
        return;
    };
    let document: Value = serde_json::from_str(&text).unwrap();
    let requests = every_request();
    assert!(requests.len() > 30, "{}", requests.len());
    let faults: Vec<String> = requests
        .iter()
        .filter_map(|request| {
            fault(&document, request)
                .map(|fault| format!("{} {}: {fault}", request.method.as_str(), request.url))
        })
        .collect();
    assert!(faults.is_empty(), "{faults:#?}");
}

#[test]
fn a_request_that_the_document_does_not_know_is_found() {
    let Some(text) = crate::shared::text("connectwise/openapi-subset.json") else {
        return;
    };
    let document: Value = serde_json::from_str(&text).unwrap();
    for query in [
        Query::new().fields("id,nonsense"),
        Query::new().with("nonsense", 1),
        Query::new().conditions(&Conditions::new().eq("nonsense/id", 1)),
    ] {
        let mut server = Server::new([ok(json!([]))]);
        let _: Value = server
            .run(|cx| async move { client().read(&cx, "/service/tickets", &query).await })
            .unwrap();
        assert!(
            fault(&document, &server.sent[0].1).is_some(),
            "{}",
            server.urls()[0]
        );
    }
}

fn any(request: &HttpRequest) -> Reply {
    if is_write(request) {
        return created(json!({"id": 7, "status": {"id": 10}}));
    }
    let path = request.url.split('?').next().unwrap();
    let single = path.ends_with("/info") || path.rsplit('/').next().unwrap().parse::<u32>().is_ok();
    if single {
        ok(json!({"id": 7}))
    } else {
        ok(json!([{"id": 1, "name": "Board"}]))
    }
}

fn every_request() -> Vec<HttpRequest> {
    let mut server = Server::new([]);
    server.otherwise = Some(any);
    server.run(|cx| async move {
        let api = client();
        let ticket = TicketId(7);
        let until = cx.now();
        let body = br#"{"summary":"x","company":{"id":5},"board":{"id":1},"externalXRef":"r"}"#;
        tickets::create(&cx, &api, body.as_slice().into(), until)
            .await
            .unwrap();
        tickets::get(&cx, &api, ticket).await.unwrap();
        tickets::find_by_reference(&cx, &api, "casewire:x:1")
            .await
            .unwrap();
        let change = Patch::new()
            .replace("status", json!({"id": 10}))
            .replace("skipCallback", json!(true));
        tickets::patch(&cx, &api, ticket, &change, until)
            .await
            .unwrap();
        for kind in [
            Visibility::Internal,
            Visibility::Discussion,
            Visibility::Resolution,
        ] {
            notes::create(
                &cx,
                &api,
                ticket,
                kind,
                "x",
                Notifications::Suppressed,
                until,
            )
            .await
            .unwrap();
        }
        notes::list(&cx, &api, ticket).await.unwrap();
        ticket_configurations::list(&cx, &api, ticket)
            .await
            .unwrap();
        ticket_configurations::link(&cx, &api, ticket, ConfigurationId(7), until)
            .await
            .unwrap();
        documents::list(&cx, &api, ticket).await.unwrap();
        let file = Upload {
            ticket,
            title: "t",
            file_name: "f",
            size: 1,
            token: "k",
            private: true,
        };
        documents::upload(&cx, &api, &file, until).await.unwrap();
        for key in [
            CompanyKey::Id(CompanyId(5)),
            CompanyKey::Identifier("A".to_owned()),
            CompanyKey::Name("A".to_owned()),
        ] {
            companies::find(&cx, &api, &key).await.unwrap();
        }
        contacts::find_by_email(&cx, &api, CompanyId(5), "a@b.c")
            .await
            .unwrap();
        for key in [
            ConfigurationKey::Id(ConfigurationId(7)),
            ConfigurationKey::Name("A".to_owned()),
            ConfigurationKey::DeviceIdentifier("A".to_owned()),
            ConfigurationKey::SerialNumber("A".to_owned()),
        ] {
            configurations::find(&cx, &api, CompanyId(5), &key)
                .await
                .unwrap();
        }
        let wanted = CatalogScope {
            boards: ["Board".to_owned()].into(),
            sources: true,
            custom_fields: true,
            labels: true,
            slas: true,
        };
        make_boards(&cx, &api).await;
        // The reply has no priority's own fields; what matters is what was asked.
        let _ = read_catalog(&cx, &api, &wanted).await;
        let _ = boards::priorities(&cx, &api).await;
        let _ = test_connection(&cx, &api, &crate::Feature::ALL.into_iter().collect()).await;
        info::read(&cx, &api).await.unwrap();
        callbacks::list(&cx, &api).await.unwrap();
        let level = CallbackLevel::Board;
        callbacks::register(
            &cx,
            &api,
            "https://a.example/?recordId=",
            level,
            1,
            "d",
            until,
        )
        .await
        .unwrap();
        callbacks::correct(&cx, &api, 7, "d", until).await.unwrap();
        callbacks::remove(&cx, &api, 7, until).await.unwrap();
    });
    server
        .sent
        .into_iter()
        .map(|(_, request)| request)
        .collect()
}

async fn make_boards(cx: &Context, api: &Client) {
    let place = |id| Place {
        id,
        name: "Tampa Office".to_owned(),
    };
    let until = cx.now();
    creation::board(cx, api, "Board", &place(Some(2)), &place(None), until)
        .await
        .unwrap();
    for child in [
        NewChild::Status {
            name: "New",
            closed: false,
            sort_order: 0,
        },
        NewChild::Type { name: "CPU" },
        NewChild::Subtype {
            name: "CPU",
            types: &[7],
        },
        NewChild::Item { name: "Agent" },
    ] {
        creation::child(cx, api, 1, child, until).await.unwrap();
    }
}

/// What the document does not know of a request.
fn fault(document: &Value, request: &HttpRequest) -> Option<String> {
    let rest = request.url.split("/apis/3.0").nth(1)?;
    let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
    let Some(operation) = operation(document, path, &request.method.as_str().to_lowercase()) else {
        return Some("no such path and method".to_owned());
    };
    let answer = record(document, operation, "responses");
    query
        .split('&')
        .filter(|parameter| !parameter.is_empty())
        .find_map(|parameter| parameter_fault(document, request, operation, answer, parameter))
        .or_else(|| body_fault(document, request, operation))
}

fn parameter_fault(
    document: &Value,
    request: &HttpRequest,
    operation: &Value,
    answer: Option<&Value>,
    parameter: &str,
) -> Option<String> {
    let (name, value) = parameter.split_once('=')?;
    let value = percent_decode_str(value).decode_utf8().unwrap();
    let listed = operation["parameters"]
        .as_array()
        .unwrap()
        .iter()
        .any(|known| known["name"] == name);
    // `fields` works on the answers of writes too (API.md section 5), which the document does not say.
    let asked_back = is_write(request) && name == "fields";
    if !listed && !asked_back {
        return Some(format!("no parameter {name}"));
    }
    let names: Vec<String> = match name {
        "fields" => value.split(',').map(str::to_owned).collect(),
        "conditions" | "childConditions" => value.split(" and ").filter_map(subject).collect(),
        _ => return None,
    };
    let known = |name: &String| {
        let mut schema = answer;
        name.split('/').all(|part| {
            schema = schema
                .and_then(|schema| schema["properties"].get(part))
                .map(|found| resolve(document, found));
            schema.is_some()
        })
    };
    names
        .into_iter()
        .find(|name| !known(name))
        .map(|name| format!("no field {name}"))
}

/// The field that a condition is about.
fn subject(condition: &str) -> Option<String> {
    let end = condition.find(|c: char| !c.is_ascii_alphanumeric() && c != '/' && c != '_')?;
    Some(condition[..end].to_owned())
}

fn body_fault(document: &Value, request: &HttpRequest, operation: &Value) -> Option<String> {
    if request.body.is_empty() {
        return None;
    }
    let content_type = request
        .headers
        .iter()
        .find(|header| header.name == "Content-Type")?
        .value
        .split(';')
        .next()?;
    let content = &operation["requestBody"]["content"];
    let Some(schema) = content
        .get(content_type)
        .map(|content| resolve(document, &content["schema"]))
    else {
        return Some(format!("no body of type {content_type}"));
    };
    let known = |schema: &Value, name: &str| schema["properties"].get(name).is_some();
    if content_type == "multipart/form-data" {
        let BodyPart::Bytes(head) = request.body.first()? else {
            return Some("no head".to_owned());
        };
        let head = String::from_utf8_lossy(head);
        let mut names = head
            .split("; name=\"")
            .skip(1)
            .filter_map(|part| part.split('"').next());
        return names
            .find(|name| !known(schema, name))
            .map(|name| format!("no part {name}"));
    }
    let rows = match body(request) {
        Value::Array(rows) => rows,
        row => vec![row],
    };
    rows.iter()
        .flat_map(|row| row.as_object().unwrap().keys())
        .find(|name| !known(schema, name))
        .map(|name| format!("no property {name}"))
}

fn operation<'a>(document: &'a Value, path: &str, method: &str) -> Option<&'a Value> {
    let parts: Vec<&str> = path.split('/').collect();
    document["paths"]
        .as_object()?
        .iter()
        .filter(|(template, _)| {
            let known: Vec<&str> = template.split('/').collect();
            known.len() == parts.len()
                && known.iter().zip(&parts).all(|(known, part)| {
                    known == part || (known.starts_with('{') && part.parse::<u32>().is_ok())
                })
        })
        .find_map(|(_, methods)| methods.get(method))
}

/// The record of the first 2xx answer.
fn record<'a>(document: &'a Value, operation: &'a Value, part: &str) -> Option<&'a Value> {
    operation[part]
        .as_object()?
        .iter()
        .filter(|(status, _)| status.starts_with('2'))
        .find_map(|(_, answer)| answer["content"].as_object()?.values().next())
        .map(|content| resolve(document, &content["schema"]))
}

/// Follows references, and lists to their entries.
fn resolve<'a>(document: &'a Value, schema: &'a Value) -> &'a Value {
    if let Some(reference) = schema["$ref"].as_str() {
        let name = reference.rsplit('/').next().unwrap();
        return resolve(document, &document["components"]["schemas"][name]);
    }
    if let Some(inner) = schema["allOf"].as_array().and_then(|all| all.first()) {
        return resolve(document, inner);
    }
    if schema.get("items").is_some() {
        return resolve(document, &schema["items"]);
    }
    schema
}
