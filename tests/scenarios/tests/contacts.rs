//! Who becomes a ticket's contact (guide 002: the person must be a listed contact).

#![allow(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a scenario fails by panicking"
)]

use casewire::{Case, CaseOutcome, Code, Config, Error, Outcome};
use casewire_scenarios::{World, case_document, document, submit};
use serde_json::{Value, json};

fn config(contact: &Value) -> Config {
    let mut document = document(true);
    document["ticket"]["contact"] = contact.clone();
    Config::from_json(document.to_string().as_bytes()).unwrap()
}

fn case(email: Option<&str>) -> Case {
    let mut document = case_document("10012");
    if let Some(email) = email {
        document["user"] = json!({"name": "someone", "email": email});
    }
    Case::from_json(document.to_string().as_bytes()).unwrap()
}

fn send(world: &mut World, config: &Config, case: Case) -> Result<CaseOutcome, Error> {
    let life = world.live(config, submit(vec![case]), None).unwrap();
    let own = life
        .finished
        .into_iter()
        .find(|finished| finished.case_id.is_some());
    own.unwrap().result.map(|outcome| match outcome {
        Outcome::Case(outcome) => outcome,
        other => panic!("{other:?}"),
    })
}

const PATRICK: &str = "patrick.love@bigdesign.com";
const DANA: &str = "dana.reyes@bigdesign.com";

fn contact_of(world: &mut World, email: &str) -> i64 {
    let contacts = world.get("company/contacts?pageSize=1000");
    let has = |contact: &&Value| {
        let items = contact["communicationItems"].as_array();
        items.is_some_and(|items| items.iter().any(|item| item["value"] == email))
    };
    contacts.iter().find(has).unwrap()["id"].as_i64().unwrap()
}

fn deactivate(world: &mut World, email: &str) {
    let id = contact_of(world, email);
    let fields = json!({"inactiveFlag": true});
    let mut technician = world.psa.technician("training.admin");
    technician
        .edit_setup("company/contacts", id, fields.as_object().cloned().unwrap())
        .unwrap();
}

fn ticket_s_contact(world: &World) -> Option<i64> {
    let ticket = world.psa.record("service/tickets", 909)?;
    ticket["contact"]["id"].as_i64()
}

#[test]
fn the_affected_user_is_found_by_address_and_else_the_fallback_decides() {
    for (fallback, email, expected) in [
        (json!("company_default"), Some(DANA), Some(DANA)),
        (
            json!("company_default"),
            Some("nobody@bigdesign.com"),
            Some(PATRICK),
        ),
        (
            json!({"email": DANA}),
            Some("nobody@bigdesign.com"),
            Some(DANA),
        ),
        (json!({"email": DANA}), None, Some(DANA)),
        (json!("refuse"), Some(DANA), Some(DANA)),
    ] {
        let mut world = World::new(1);
        let outcome = send(&mut world, &config(&fallback), case(email)).unwrap();
        assert_eq!(outcome.warnings, [], "{fallback} {email:?}");
        let expected = expected.map(|email| contact_of(&mut world, email));
        assert_eq!(ticket_s_contact(&world), expected, "{fallback} {email:?}");
    }
}

#[test]
fn a_user_who_is_no_contact_is_refused_where_that_is_asked_for() {
    for email in [
        None,
        Some("nobody@bigdesign.com"),
        Some("alex@48tech.example"),
    ] {
        let mut world = World::new(1);
        let error = send(&mut world, &config(&json!("refuse")), case(email)).unwrap_err();
        assert_eq!(error.code, Code::UnknownContact);
        assert_eq!(error.faults[0].pointer, "/user/email");
        assert!(world.look().tickets.is_empty());
        let waits = world
            .store
            .records()
            .any(|record| record.key.contains("/outbox/"));
        assert!(!waits);
    }
}

#[test]
fn an_inactive_contact_is_never_chosen() {
    let mut world = World::new(1);
    deactivate(&mut world, DANA);
    send(
        &mut world,
        &config(&json!("company_default")),
        case(Some(DANA)),
    )
    .unwrap();
    let patrick = contact_of(&mut world, PATRICK);
    assert_eq!(ticket_s_contact(&world), Some(patrick));

    let mut world = World::new(1);
    deactivate(&mut world, PATRICK);
    let life = world
        .live(
            &config(&json!("company_default")),
            submit(vec![case(None)]),
            None,
        )
        .unwrap();
    let create = life.sent.iter().position(|sent| sent.starts_with("POST"));
    let asked = life
        .sent
        .iter()
        .position(|sent| sent.contains("/company/contacts/"));
    assert!(asked < create && asked.is_some(), "{:?}", life.sent);

    let mut world = World::new(1);
    deactivate(&mut world, DANA);
    let outcome = send(&mut world, &config(&json!({"email": DANA})), case(None)).unwrap();
    assert_eq!(outcome.warnings[0].code, Code::UnknownContact);
}

#[test]
fn an_address_of_two_contacts_is_reported_and_neither_is_taken() {
    let mut world = World::new(1);
    let dana = contact_of(&mut world, DANA);
    let contacts = world.get("company/contacts?pageSize=1000");
    let record = contacts.iter().find(|contact| contact["id"] == dana);
    let mut items = record.unwrap()["communicationItems"].clone();
    for item in items.as_array_mut().unwrap() {
        if item["value"] == DANA {
            item["value"] = json!(PATRICK);
        }
    }
    let fields = json!({ "communicationItems": items });
    let mut technician = world.psa.technician("training.admin");
    technician
        .edit_setup(
            "company/contacts",
            dana,
            fields.as_object().cloned().unwrap(),
        )
        .unwrap();
    let outcome = send(&mut world, &config(&json!("none")), case(Some(PATRICK))).unwrap();
    assert_eq!(outcome.warnings[0].code, Code::AmbiguousContact);
}
