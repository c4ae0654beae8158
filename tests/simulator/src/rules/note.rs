//! Ticket notes (API.md section 9).

use serde_json::{Value, json};

use crate::failure::{Detail, Failure};
use crate::psa::records::Saving;
use crate::psa::{Actor, Psa};
use crate::store::{Record, is_set, text};
use crate::table::Table;

const FLAGS: [&str; 3] = [
    "detailDescriptionFlag",
    "internalAnalysisFlag",
    "resolutionFlag",
];

pub(super) fn prepare(psa: &mut Psa, saving: &mut Saving<'_>) -> Result<(), Failure> {
    let ticket = saving
        .record
        .get("ticketId")
        .and_then(Value::as_i64)
        .unwrap_or_default();
    let closed = psa
        .store
        .get(Table::Ticket, ticket)
        .is_some_and(|ticket| is_set(ticket, "closedFlag"));
    if closed && psa.settings.quirks.closed_tickets_locked {
        return Err(Failure::new(400, "InvalidObject", "The ticket is closed."));
    }
    for flag in FLAGS
        .into_iter()
        .chain(["issueFlag", "customerUpdatedFlag"])
    {
        saving.default(flag, json!(false));
    }
    if text(&saving.record, "text").trim().is_empty() {
        saving.details.push(Detail::missing("text"));
    }
    let flagged = FLAGS.iter().any(|flag| is_set(&saving.record, flag));
    if !flagged && !psa.settings.quirks.notes_without_flags {
        saving.refuse(
            "detailDescriptionFlag",
            "At least one of detailDescriptionFlag, internalAnalysisFlag and resolutionFlag must be set.",
        );
    }
    if saving.is_new() {
        if !saving.record.contains_key("contact") {
            let member = psa.member_reference(&saving.actor.member);
            saving.default("member", member);
        }
        saving.default("dateCreated", json!(saving.actor.now));
        saving.default("createdBy", json!(saving.actor.member));
    }
    let contradicts = psa.settings.quirks.note_flags_contradict;
    let internal = is_set(&saving.record, "internalAnalysisFlag") != contradicts;
    saving
        .record
        .insert("internalFlag".to_owned(), json!(internal));
    saving
        .record
        .insert("externalFlag".to_owned(), json!(!internal));
    Ok(())
}

/// Stores a note that the instance makes itself.
pub(crate) fn store(psa: &mut Psa, ticket: i64, text: &Value, flag: &str, actor: &Actor) -> i64 {
    let mut note = Record::new();
    for (field, value) in [
        ("ticketId", json!(ticket)),
        ("text", text.clone()),
        ("detailDescriptionFlag", json!(false)),
        ("internalAnalysisFlag", json!(false)),
        ("resolutionFlag", json!(false)),
        ("issueFlag", json!(false)),
        ("customerUpdatedFlag", json!(false)),
        ("internalFlag", json!(flag == "internalAnalysisFlag")),
        ("externalFlag", json!(flag != "internalAnalysisFlag")),
        ("member", psa.member_reference(&actor.member)),
        ("dateCreated", json!(actor.now)),
        ("createdBy", json!(actor.member)),
        (flag, json!(true)),
    ] {
        note.insert(field.to_owned(), value);
    }
    Psa::stamp_new(&mut note, actor);
    psa.store.insert(Table::ServiceNote, note)
}

/// A note touches its ticket.
pub(super) fn touch_ticket(psa: &mut Psa, note: i64, actor: &Actor) {
    let ticket = psa
        .store
        .get(Table::ServiceNote, note)
        .and_then(|note| note.get("ticketId"))
        .and_then(Value::as_i64);
    if let Some(ticket) = ticket {
        psa.touch_ticket(ticket, actor);
    }
}
