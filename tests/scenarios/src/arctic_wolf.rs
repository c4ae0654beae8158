//! Guide 002: the board and the status of step 3, and a technician's ticket in that status.

use crate::{World, document};
use casewire::Config;
use serde_json::{Value, json};

/// The status that marks a ticket for the security product (step 3).
pub const TRIGGER: &str = "Notify Arctic Wolf";

/// The configuration of guide 002: tickets in the trigger's status become cases; changed by `change`.
///
/// # Panics
///
/// Where the configuration is refused.
#[must_use]
pub fn configuration(change: impl Fn(&mut Value)) -> Config {
    let mut document = document(true);
    document["policies"] = json!({ "ticket_inbound": { "enabled": true } });
    document["inbound"] =
        json!({ "trigger": { "board": "Professional Services", "status": TRIGGER } });
    document["status_map"]["Professional Services"]["to_case"][TRIGGER] = json!("open");
    change(&mut document);
    Config::from_json(document.to_string().as_bytes()).unwrap()
}

/// An administrator makes the status of step 3.
///
/// # Panics
///
/// Where the instance refuses it.
pub fn make_status(world: &mut World) {
    let fields = json!({ "name": TRIGGER, "sortOrder": 5, "closedStatus": false });
    world.psa.advance(world.now.millis());
    let mut administrator = world.psa.technician("training.admin");
    administrator
        .add_setup("service/boards/1/statuses", fields.as_object().unwrap())
        .unwrap();
}

/// A technician makes a ticket and saves it in the trigger's status ("Create a ConnectWise ticket", steps 1 to 6); its contact is
/// the company's primary one unless `more` says otherwise.
///
/// # Panics
///
/// Where the instance refuses it.
pub fn make_ticket(world: &mut World, more: &Value) -> i64 {
    let mut fields = json!({
        "summary": "Suspicious login of John", "company": { "identifier": "BigDesign" },
        "board": { "name": "Professional Services" }, "status": { "name": TRIGGER },
    });
    if let (Some(fields), Some(more)) = (fields.as_object_mut(), more.as_object()) {
        fields.extend(more.clone());
    }
    world.psa.advance(world.now.millis());
    let mut technician = world.psa.technician("training.admin");
    technician
        .create_ticket(fields.as_object().unwrap())
        .unwrap()
}
