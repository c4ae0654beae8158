use super::*;
use crate::decide::tests::{case, catalog, settings};
use serde_json::{Value, json};

fn directory() -> Directory {
    serde_json::from_value(json!({
        "companies": [{"id": 100, "identifier": "BigDesign", "name": "Big Design, Inc.", "defaultContact": {"id": 110, "name": "Patrick Love"}}],
        "configurations": [{"company": 100, "id": 120, "name": "BigDesign-Wrk1"}],
        "contacts": [{"company": 100, "email": "John@bigdesign.com", "id": 111, "name": "John"}]
    }))
    .unwrap()
}

fn shown(directory: &Directory, change: impl Fn(&mut Value)) -> Preview {
    preview(&settings(|_| {}), &catalog(), directory, &case(change))
}

#[test]
fn a_preview_names_the_ticket_and_every_call() {
    let preview = shown(&directory(), |_| {});
    assert_eq!(preview.outcome, PreviewOutcome::Ticket);
    let plan = preview.ticket.as_ref().unwrap();
    assert_eq!(plan.field("company").unwrap().value, json!({"id": 100}));
    assert_eq!(plan.field("contact").unwrap().value, json!({"id": 110}));
    assert_eq!(plan.configuration.as_ref().unwrap().value.id.0, 120);
    let paths: Vec<&str> = preview
        .calls
        .iter()
        .map(|call| call.path.as_str())
        .collect();
    assert_eq!(
        paths,
        [
            "/service/tickets",
            "/service/tickets/{id}/configurations",
            "/service/tickets/{id}/notes",
            "/system/documents"
        ]
    );
    assert!(preview.lookups.is_empty());
    assert_eq!(preview.routes.len(), 3);
    assert!(preview.routes[0].matched && !preview.routes[1].matched);
    assert_eq!(
        preview.routes[1].reason,
        "kind is 'audit', none of: group policy"
    );
    serde_json::to_string(&preview).unwrap();
}

#[test]
fn a_catalog_alone_is_enough() {
    let file: CatalogFile =
        serde_json::from_value(serde_json::to_value(catalog()).unwrap()).unwrap();
    assert_eq!(file.directory, Directory::default());
    let preview = preview(
        &settings(|_| {}),
        &file.catalog,
        &file.directory,
        &case(|_| {}),
    );
    assert_eq!(preview.outcome, PreviewOutcome::Ticket);
    let company = preview.ticket.as_ref().unwrap().field("company").unwrap();
    assert_eq!(company.value, json!({"identifier": "BigDesign"}));
    assert!(company.reason.contains("not in the directory"));
    assert_eq!(preview.lookups.len(), 2, "{:?}", preview.lookups);
    assert_eq!(preview.calls[0].method, Method::Get);
}

#[test]
fn the_affected_user_is_the_contact_where_the_company_knows_them() {
    let preview = shown(&directory(), |case| {
        case["user"]["email"] = json!("john@BigDesign.com")
    });
    let plan = preview.ticket.unwrap();
    assert_eq!(plan.field("contact").unwrap().value, json!({"id": 111}));
}

#[test]
fn what_makes_no_ticket_says_why() {
    let unmapped = shown(&directory(), |case| {
        case["group"]["id"] = json!("UnmappedCo")
    });
    assert_eq!(unmapped.outcome, PreviewOutcome::Held);
    assert!(unmapped.reason.contains("UnmappedCo") && unmapped.calls.is_empty());
    let ignored = shown(&directory(), |case| case["kind"] = json!("group policy"));
    assert_eq!(ignored.outcome, PreviewOutcome::Ignored);
    let refused = shown(&directory(), |case| case["severity"] = json!("odd"));
    assert_eq!(refused.outcome, PreviewOutcome::Refused);
    assert_eq!(refused.faults[0].pointer, "/severity");
    let mut deleted = directory();
    deleted.companies[0].deleted = true;
    assert_eq!(shown(&deleted, |_| {}).outcome, PreviewOutcome::Refused);
}
