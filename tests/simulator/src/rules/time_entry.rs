//! Time entries (API.md section 9).

use serde_json::{Value, json};

use crate::clock;
use crate::failure::{Detail, Failure};
use crate::psa::records::Saving;
use crate::psa::{Actor, Psa};
use crate::store::{Record, is_set, referenced, text};
use crate::table::Table;

pub(super) fn prepare(psa: &mut Psa, saving: &mut Saving<'_>) -> Result<(), Failure> {
    let charged_to = saving.record.get("chargeToId").and_then(Value::as_i64);
    if let ("ServiceTicket", Some(id)) = (text(&saving.record, "chargeToType"), charged_to) {
        let Some(ticket) = psa.store.get(Table::Ticket, id) else {
            saving.details.push(Detail::not_found(
                "chargeToId",
                format!("Ticket {id} not found"),
            ));
            return Ok(());
        };
        let refused = referenced(ticket, "status")
            .and_then(|id| psa.store.get(Table::BoardStatus, id))
            .is_some_and(|status| is_set(status, "timeEntryNotAllowed"));
        if refused && saving.is_new() {
            saving.refuse(
                "chargeToId",
                "The ticket's status does not allow time entries.",
            );
        }
        let company = ticket.get("company").cloned().unwrap_or_default();
        saving.default("company", company);
        saving.record.insert("ticket".to_owned(), json!({"id": id}));
    }
    let member = psa.member_reference(&saving.actor.member);
    saving.default("member", member);
    for flag in [
        "addToDetailDescriptionFlag",
        "addToInternalAnalysisFlag",
        "addToResolutionFlag",
        "emailContactFlag",
        "emailResourceFlag",
        "emailCcFlag",
    ] {
        saving.default(flag, json!(false));
    }
    saving.default("billableOption", json!("Billable"));
    saving.default("status", json!("Open"));
    saving.default("enteredBy", json!(saving.actor.member));
    saving.default("dateEntered", json!(saving.actor.now));
    if let Some(hours) = worked(&saving.record) {
        saving.record.insert("actualHours".to_owned(), json!(hours));
    }
    Ok(())
}

/// Start and end decide the hours; hours in the body count only without an end.
fn worked(record: &Record) -> Option<f64> {
    let start = clock::milliseconds(text(record, "timeStart"))?;
    let end = clock::milliseconds(text(record, "timeEnd"))?;
    let hours = (end - start) as f64 / 3_600_000.0;
    Some((hours * 100.0).round() / 100.0)
}

/// The tickets' time entries.
pub(crate) fn of_ticket(psa: &Psa, ticket: i64) -> Vec<(i64, &Record)> {
    psa.store
        .rows(Table::TimeEntry)
        .filter(|(_, entry)| referenced(entry, "ticket") == Some(ticket))
        .collect()
}

/// A time entry touches its ticket, and adds to its hours.
pub(super) fn touch_ticket(psa: &mut Psa, entry: i64, actor: &Actor) {
    let ticket = psa
        .store
        .get(Table::TimeEntry, entry)
        .and_then(|entry| referenced(entry, "ticket"));
    let Some(ticket) = ticket else { return };
    let hours: f64 = of_ticket(psa, ticket)
        .iter()
        .filter_map(|(_, entry)| entry.get("actualHours").and_then(Value::as_f64))
        .sum();
    if let Some(record) = psa.store.get_mut(Table::Ticket, ticket) {
        record.insert("actualHours".to_owned(), json!(hours));
    }
    psa.touch_ticket(ticket, actor);
}
