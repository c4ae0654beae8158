use base64::Engine;
use casewire_simulator::{CallbackSuffix, Request, SelfSuppression};
use hmac::{Hmac, Mac};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::caller::Caller;

const URL: &str = "https://soc.example/psa/callbacks?recordId=";

fn register(caller: &mut Caller, kind: &str, level: &str, object: i64) -> Value {
    let entry = json!({"url": URL, "objectId": object, "type": kind, "level": level, "isSelfSuppressedFlag": false});
    caller.post("system/callbacks", &entry)
}

#[test]
fn registrations_are_normalised_and_unique() {
    let mut caller = Caller::new();
    let entry = register(&mut caller, "Ticket", "Owner", 0);
    assert_eq!(entry["objectId"], 1);
    assert_eq!(
        (&entry["type"], &entry["level"]),
        (&json!("ticket"), &json!("owner"))
    );
    assert_eq!(entry["memberId"], 1);
    assert_eq!(entry["inactiveFlag"], false);
    for (entry, code, field) in [
        (
            json!({"url": URL, "objectId": 1, "type": "ticket", "level": "owner"}),
            "ObjectExists",
            "objectId",
        ),
        (
            json!({"url": URL, "objectId": 1, "type": "ticket", "level": "galaxy"}),
            "InvalidField",
            "level",
        ),
        (
            json!({"url": "soc.example", "objectId": 1, "type": "ticket", "level": "owner"}),
            "InvalidField",
            "url",
        ),
        (
            json!({"url": URL, "type": "ticket", "level": "owner"}),
            "MissingRequiredField",
            "objectId",
        ),
    ] {
        let refusal = caller.refused("POST", "system/callbacks", &entry);
        assert_eq!(refusal, (400, code.to_owned(), field.to_owned()));
    }
    let found = caller.get("system/callbacks?conditions=url%20contains%20%22soc.example%22");
    assert_eq!(found[0]["id"], entry["id"]);
    assert_eq!(
        caller.send("DELETE", "system/callbacks/1", None).status,
        204
    );
    assert_eq!(caller.get("system/callbacks/count")["count"], 0);
}

#[test]
fn a_delivery_has_the_recorded_shape_and_is_signed() {
    let mut caller = Caller::new();
    register(&mut caller, "ticket", "board", 1);
    register(&mut caller, "ticket", "board", 2);
    let id = caller.ticket(json!({}));
    let deliveries = caller.psa.take_callbacks();
    assert_eq!(deliveries.len(), 1);
    let delivery = &deliveries[0];
    assert_eq!(delivery.url, format!("{URL}{id}&action=added"));
    let body: Value = serde_json::from_slice(&delivery.body).unwrap();
    assert_eq!(body["Action"], "added");
    assert_eq!(body["ID"], id);
    assert_eq!(body["CallbackObjectRecId"], 1);
    assert_eq!(body["CompanyId"], "acme");
    assert_eq!(body["FromUrl"], "na.myconnectwise.net");
    assert_eq!(body["MemberId"], "casewire-api");
    let entity: Value = serde_json::from_str(body["Entity"].as_str().unwrap()).unwrap();
    assert_eq!(entity["recordType"], "ServiceTicket");
    assert!(entity.get("customFields").is_none());
    let key_url = body["Metadata"]["key_url"].as_str().unwrap();
    let target = key_url
        .strip_prefix("https://api-na.myconnectwise.net")
        .unwrap();
    let answer = caller
        .psa
        .handle(&Request::new("GET", target), caller.now)
        .value();
    let key = Sha256::digest(answer["signing_key"].as_str().unwrap());
    let mut mac = Hmac::<Sha256>::new_from_slice(&key).unwrap();
    mac.update(&delivery.body);
    let signature = base64::engine::general_purpose::STANDARD.encode(mac.finalize().into_bytes());
    assert!(
        delivery
            .headers
            .contains(&("x-content-signature".to_owned(), signature))
    );
}

#[test]
fn changes_by_anybody_and_deletions_are_told() {
    let mut caller = Caller::new();
    register(&mut caller, "ticket", "owner", 0);
    let id = caller.ticket(json!({}));
    caller.psa.take_callbacks();
    caller
        .psa
        .technician("training.admin")
        .set_status(id, "Closed")
        .unwrap();
    caller.psa.technician("training.admin").delete(id).unwrap();
    let told: Vec<Value> = caller
        .psa
        .take_callbacks()
        .iter()
        .map(|delivery| serde_json::from_slice(&delivery.body).unwrap())
        .collect();
    assert_eq!(told[0]["Action"], "updated");
    assert_eq!(told[0]["MemberId"], "training.admin");
    assert_eq!(told[1]["Action"], "deleted");
    assert_eq!(told[1]["Entity"], Value::Null);
    assert_ne!(told[0]["MessageId"], told[1]["MessageId"]);
}

#[test]
fn companies_contacts_and_configurations_tell_too() {
    let mut caller = Caller::new();
    for (kind, level, object) in [
        ("company", "company", 1),
        ("contact", "company", 1),
        ("configuration", "type", 2),
    ] {
        register(&mut caller, kind, level, object);
    }
    let patch = json!([{"op": "replace", "path": "notes", "value": "x"}]);
    caller.patch("company/configurations/2", &patch);
    let patch = json!([{"op": "replace", "path": "title", "value": "CIO"}]);
    caller.patch("company/contacts/1", &patch);
    caller.patch("company/contacts/3", &patch);
    let patch = json!([{"op": "replace", "path": "website", "value": "www"}]);
    caller.patch("company/companies/1", &patch);
    let kinds: Vec<Value> = caller
        .psa
        .take_callbacks()
        .iter()
        .map(|delivery| serde_json::from_slice::<Value>(&delivery.body).unwrap()["Type"].clone())
        .collect();
    assert_eq!(kinds, ["configuration", "contact", "company"]);
}

#[test]
fn quirks_decide_about_suffix_suppression_and_skipping() {
    let mut caller = Caller::new();
    register(&mut caller, "ticket", "owner", 0);
    let quirks = &mut caller.psa.settings.quirks;
    quirks.callback_suffix = CallbackSuffix::IdOnly;
    quirks.skip_callback = true;
    caller.ticket(json!({"skipCallback": true}));
    assert!(!caller.psa.has_callbacks());
    caller.ticket(json!({}));
    assert_eq!(caller.psa.take_callbacks()[0].url, format!("{URL}910"));
    caller.psa.settings.quirks.self_suppression = SelfSuppression::WhenFalse;
    caller.ticket(json!({}));
    assert!(!caller.psa.has_callbacks());
}

#[test]
fn three_days_of_failures_disable_a_callback() {
    let mut caller = Caller::new();
    register(&mut caller, "ticket", "owner", 0);
    let day = 24 * 60 * 60 * 1_000;
    caller.psa.callback_delivered(1, false, caller.now);
    caller.psa.callback_delivered(1, true, caller.now + day);
    caller
        .psa
        .callback_delivered(1, false, caller.now + 2 * day);
    caller
        .psa
        .callback_delivered(1, false, caller.now + 4 * day);
    assert_eq!(caller.get("system/callbacks/1")["inactiveFlag"], false);
    caller
        .psa
        .callback_delivered(1, false, caller.now + 5 * day);
    assert_eq!(caller.get("system/callbacks/1")["inactiveFlag"], true);
    caller.ticket(json!({}));
    assert!(!caller.psa.has_callbacks());
    let patch = json!([{"op": "replace", "path": "inactiveFlag", "value": false}]);
    caller.patch("system/callbacks/1", &patch);
    caller.ticket(json!({}));
    assert!(caller.psa.has_callbacks());
}
