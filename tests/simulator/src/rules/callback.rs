//! Callback registrations (API.md section 13.1).

use serde_json::{Value, json};

use crate::failure::{Detail, Failure};
use crate::psa::Psa;
use crate::psa::records::Saving;
use crate::store::{is_set, text};
use crate::table::Table;

/// The levels of each type, in the spelling in which they are stored.
const LEVELS: &[(&str, &[&str])] = &[
    (
        "ticket",
        &[
            "owner",
            "board",
            "project",
            "phase",
            "status",
            "ticket",
            "integratortag",
        ],
    ),
    (
        "company",
        &[
            "owner",
            "status",
            "type",
            "territory",
            "company",
            "integratortag",
        ],
    ),
    (
        "contact",
        &["owner", "type", "territory", "company", "contact"],
    ),
    (
        "configuration",
        &["owner", "type", "status", "configuration"],
    ),
    ("time", &["owner", "company", "time"]),
    ("member", &["owner", "location", "securityrole", "member"]),
    ("activity", &["owner", "activity"]),
    ("agreement", &["owner", "agreement"]),
    ("expense", &["owner", "expense"]),
    ("invoice", &["owner", "invoice"]),
    ("opportunity", &["owner", "statusid", "opportunity"]),
    ("productcatalog", &["owner"]),
    ("project", &["owner", "project"]),
    ("purchaseorder", &["owner", "purchaseorder"]),
    ("schedule", &["owner", "schedule"]),
    ("site", &["owner", "site"]),
];

pub(super) fn prepare(psa: &mut Psa, saving: &mut Saving<'_>) -> Result<(), Failure> {
    let kind = text(&saving.record, "type").to_lowercase();
    let level = text(&saving.record, "level").to_lowercase();
    let levels = LEVELS
        .iter()
        .find(|(known, _)| *known == kind)
        .map(|(_, levels)| *levels);
    if !levels.is_some_and(|levels| levels.contains(&level.as_str())) {
        saving.refuse(
            "level",
            format!("Unrecognized level for type {kind}: {level}"),
        );
    }
    let url = text(&saving.record, "url").to_owned();
    if !is_url(&url) {
        saving.refuse("url", "Invalid URL");
    }
    let object = saving
        .record
        .get("objectId")
        .and_then(Value::as_i64)
        .unwrap_or_default();
    if level == "owner" && object == 0 && psa.settings.quirks.owner_zero_refused {
        saving.refuse("objectId", "objectId must be 1 for level owner.");
    }
    let object = if level == "owner" && object == 0 {
        1
    } else {
        object
    };
    for (field, value) in [
        ("type", json!(kind)),
        ("level", json!(level)),
        ("objectId", json!(object)),
    ] {
        saving.record.insert(field.to_owned(), value);
    }
    let own = saving.record.get("id").and_then(Value::as_i64);
    let was_disabled = own
        .and_then(|id| psa.store.get(Table::Callback, id))
        .is_some_and(|callback| is_set(callback, "inactiveFlag"));
    if was_disabled && psa.settings.quirks.disabled_callbacks_stay {
        saving.record.insert("inactiveFlag".to_owned(), json!(true));
    }
    let taken = psa.store.rows(Table::Callback).any(|(id, callback)| {
        Some(id) != own
            && ["type", "level", "objectId", "url"]
                .iter()
                .all(|field| callback.get(*field) == saving.record.get(*field))
    });
    if taken {
        saving.details.push(Detail::new(
            "ObjectExists",
            "A matching callback entry already exists",
            "objectId",
        ));
    }
    if saving.is_new() {
        let member = psa.member_reference(&saving.actor.member);
        let guid = psa.next_guid();
        saving.default("memberId", member.get("id").cloned().unwrap_or_default());
        saving.default("payloadVersion", json!("3.0.0"));
        saving.default("connectWiseID", json!(guid));
        saving.default("inactiveFlag", json!(false));
        saving.default("isSelfSuppressedFlag", json!(false));
        saving.default("isSoapCallbackFlag", json!(false));
        saving
            .record
            .insert("~member".to_owned(), json!(saving.actor.member));
    }
    if !text(&saving.record, "inactiveFlag").is_empty() || saving.set.contains("inactiveFlag") {
        saving.record.remove("~failingSince");
    }
    Ok(())
}

fn is_url(text: &str) -> bool {
    let rest = text
        .strip_prefix("https://")
        .or_else(|| text.strip_prefix("http://"));
    rest.is_some_and(|rest| {
        let host = rest.split(['/', '?', '#']).next().unwrap_or("");
        !host.is_empty() && !host.contains('@') && !text.contains(char::is_whitespace)
    })
}
