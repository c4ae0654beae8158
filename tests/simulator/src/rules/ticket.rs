//! Service tickets (API.md section 7).

use serde_json::{Value, json};

use crate::failure::{Detail, Failure};
use crate::psa::custom_fields;
use crate::psa::records::Saving;
use crate::psa::{Actor, Psa};
use crate::settings::{BoardChange, ForeignStatus};
use crate::store::{Record, Store, is_set, referenced, text};
use crate::table::Table;

const OF_BOARD: [&str; 5] = ["status", "type", "subType", "item", "team"];

/// Without a board, the ticket comes onto the member's default board. When the board changes,
/// what belongs to the old one is looked at again; when the company changes, so are contact and
/// site.
pub(super) fn before_resolving(psa: &Psa, saving: &mut Saving<'_>) {
    if saving.is_new() {
        let board = psa
            .member(&saving.actor.member)
            .and_then(|member| member.get("serviceDefaultBoard").cloned());
        saving.default("board", board.unwrap_or_default());
        return;
    }
    if psa.settings.quirks.foreign_status == ForeignStatus::Ignored {
        keep_own_status(psa, saving);
    }
    if saving.set.contains("board") {
        for field in OF_BOARD {
            let kept = saving.record.contains_key(field) && !saving.set.contains(field);
            if kept && psa.settings.quirks.board_change == BoardChange::Reset {
                saving.record.remove(field);
            } else if kept {
                saving.set.insert(field.to_owned());
            }
        }
    }
    if saving.set.contains("company") {
        for field in ["contact", "site"] {
            if !saving.set.contains(field) {
                saving.record.remove(field);
            }
        }
    }
}

/// Takes back a status that the ticket's board does not have.
fn keep_own_status(psa: &Psa, saving: &mut Saving<'_>) {
    let Some(name) = saving
        .record
        .get("status")
        .and_then(|status| status.get("name"))
        .and_then(Value::as_str)
        .map(str::to_lowercase)
    else {
        return;
    };
    let board = referenced(&saving.record, "board").unwrap_or_default();
    let known = psa
        .store
        .children(Table::BoardStatus, board)
        .any(|(_, status)| text(status, "name").to_lowercase() == name);
    let before = saving
        .before
        .as_ref()
        .and_then(|before| before.get("status"));
    if let (false, Some(status)) = (known, before.cloned()) {
        saving.record.insert("status".to_owned(), status);
    }
}

pub(super) fn prepare(psa: &mut Psa, saving: &mut Saving<'_>) -> Result<(), Failure> {
    if psa.settings.quirks.closed_tickets_locked {
        let closed = saving
            .before
            .as_ref()
            .is_some_and(|before| is_set(before, "closedFlag"));
        if closed && saving.set.iter().any(|field| field != "status") {
            return Err(Failure::new(400, "InvalidObject", "The ticket is closed."));
        }
    }
    company_is_usable(psa, saving);
    place(psa, saving);
    classification(psa, saving);
    contact_and_site(psa, saving);
    let guid = psa.next_guid();
    if saving.is_new() {
        for (field, value) in [
            ("recordType", json!("ServiceTicket")),
            ("severity", json!("Medium")),
            ("impact", json!("Medium")),
            ("allowAllClientsPortalView", json!(false)),
            ("customerUpdatedFlag", json!(false)),
            ("automaticEmailContactFlag", json!(false)),
            ("automaticEmailResourceFlag", json!(false)),
            ("automaticEmailCcFlag", json!(false)),
            ("requestForChangeFlag", json!(false)),
            ("approved", json!(true)),
            ("closedFlag", json!(false)),
            ("hasChildTicket", json!(false)),
            ("hasMergedChildTicketFlag", json!(false)),
            ("isInSla", json!(true)),
            ("mobileGuid", json!(guid)),
        ] {
            saving.default(field, value);
        }
    }
    priority(psa, saving);
    let owner = referenced(&saving.record, "owner")
        .and_then(|id| psa.store.get(Table::Member, id))
        .map(|member| json!(text(member, "identifier")));
    match owner {
        Some(owner) => saving.record.insert("resources".to_owned(), owner),
        None => saving.record.remove("resources"),
    };
    closing(psa, saving)
}

fn company_is_usable(psa: &Psa, saving: &mut Saving<'_>) {
    if !saving.set.contains("company") {
        return;
    }
    let Some(company) =
        referenced(&saving.record, "company").and_then(|id| psa.store.get(Table::Company, id))
    else {
        return;
    };
    let disallowed = referenced(company, "status")
        .and_then(|id| psa.store.get(Table::CompanyStatus, id))
        .is_some_and(|status| is_set(status, "disallowSavingFlag"));
    if is_set(company, "deletedFlag") {
        saving.refuse("company", "The company is deleted.");
    } else if disallowed {
        saving.refuse("company", "The company's status does not allow saving.");
    }
}

/// Location, department and status come from the board.
fn place(psa: &Psa, saving: &mut Saving<'_>) {
    let Some(board_id) = referenced(&saving.record, "board") else {
        saving.details.push(Detail::missing("board"));
        return;
    };
    if let Some(board) = psa.store.get(Table::Board, board_id) {
        if is_set(board, "projectFlag") {
            saving.refuse("board", "A service ticket cannot be on a project board.");
        }
        for field in ["location", "department"] {
            saving.default(field, board.get(field).cloned().unwrap_or_default());
        }
    }
    let default = psa
        .store
        .children(Table::BoardStatus, board_id)
        .filter(|(_, status)| !is_set(status, "inactive"))
        .max_by_key(|(id, status)| (is_set(status, "defaultFlag"), -id))
        .map_or(Value::Null, |(id, _)| json!({"id": id}));
    saving.default("status", default);
    if !saving.record.contains_key("status") {
        saving.details.push(Detail::missing("status"));
    }
}

/// A subtype needs a type and an item needs a subtype, and the three must be associated.
fn classification(psa: &Psa, saving: &mut Saving<'_>) {
    if !saving.is_new() && !OF_BOARD.iter().any(|field| saving.set.contains(*field)) {
        return;
    }
    let [kind, sub_type, item] =
        ["type", "subType", "item"].map(|field| referenced(&saving.record, field));
    if sub_type.is_some() && kind.is_none() {
        saving.refuse("type", "A subType needs a type.");
    }
    if item.is_some() && sub_type.is_none() {
        saving.refuse("subType", "An item needs a subType.");
    }
    if !psa.settings.quirks.association_checked {
        return;
    }
    let board = referenced(&saving.record, "board").unwrap_or_default();
    let associated = |sub_type: i64, item: Option<i64>| {
        psa.store
            .children(Table::Association, board)
            .any(|(_, association)| {
                referenced(association, "type") == kind
                    && referenced(association, "subType") == Some(sub_type)
                    && (item.is_none() || referenced(association, "item") == item)
            })
    };
    if let (Some(_), Some(sub_type)) = (kind, sub_type) {
        if !associated(sub_type, None) {
            saving.refuse("subType", "The subType is not associated with the type.");
        } else if item.is_some() && !associated(sub_type, item) {
            saving.refuse(
                "item",
                "The item is not associated with the type and subType.",
            );
        }
    }
}

/// Contact and site come from the company, names and addresses from them.
fn contact_and_site(psa: &Psa, saving: &mut Saving<'_>) {
    let follows = ["company", "contact", "site"]
        .iter()
        .any(|field| saving.set.contains(*field));
    if !saving.is_new() && !follows {
        return;
    }
    let company_id = referenced(&saving.record, "company").unwrap_or_default();
    let looked_up = saving
        .asides
        .get("contactEmailLookup")
        .and_then(Value::as_str)
        .and_then(|email| super::contact::by_email(&psa.store, company_id, email));
    let company = psa.store.get(Table::Company, company_id);
    let default_contact = company.and_then(|company| company.get("defaultContact").cloned());
    if !saving.set.contains("contact") {
        let contact = looked_up.map(|id| json!({"id": id})).or(default_contact);
        saving.default("contact", contact.unwrap_or_default());
    }
    if !saving.set.contains("site") {
        let site = psa
            .store
            .children(Table::CompanySite, company_id)
            .filter(|(_, site)| !is_set(site, "inactiveFlag"))
            .max_by_key(|(id, site)| (is_set(site, "primaryAddressFlag"), -id))
            .map_or(Value::Null, |(id, _)| json!({"id": id}));
        saving.default("site", site);
    }
    let contact =
        referenced(&saving.record, "contact").and_then(|id| psa.store.get(Table::Contact, id));
    let site =
        referenced(&saving.record, "site").and_then(|id| psa.store.get(Table::CompanySite, id));
    let of_contact = contact.map(|contact| {
        [
            ("contactName", Store::key(Table::Contact, contact, "name")),
            (
                "contactPhoneNumber",
                contact.get("defaultPhoneNbr").cloned(),
            ),
            (
                "contactEmailAddress",
                super::contact::email(contact).map(|email| json!(email)),
            ),
        ]
    });
    let of_site = site.map(|site| {
        [
            ("siteName", site.get("name").cloned()),
            ("addressLine1", site.get("addressLine1").cloned()),
            ("addressLine2", site.get("addressLine2").cloned()),
            ("city", site.get("city").cloned()),
            ("zip", site.get("zip").cloned()),
            ("stateIdentifier", site.get("~state").cloned()),
        ]
    });
    let follow = of_contact
        .into_iter()
        .flatten()
        .chain(of_site.into_iter().flatten());
    for (field, value) in follow.collect::<Vec<_>>() {
        if saving.set.contains(field) {
            continue;
        }
        match value {
            Some(value) => saving.record.insert(field.to_owned(), value),
            None => saving.record.remove(field),
        };
    }
}

/// Priority, source and SLA fall back to the instance's defaults.
fn priority(psa: &Psa, saving: &mut Saving<'_>) {
    let default_of = |table: Table| {
        psa.store
            .rows(table)
            .find(|(_, record)| is_set(record, "defaultFlag"))
            .map_or(Value::Null, |(id, _)| json!({"id": id}))
    };
    saving.default("sla", default_of(Table::Sla));
    saving.default("source", default_of(Table::Source));
    let chosen = saving.set.contains("priority");
    let weighed = saving.set.contains("severity") || saving.set.contains("impact");
    let quirks = &psa.settings.quirks;
    if weighed && (quirks.matrix_wins || quirks.priority_from_matrix && !chosen) {
        let cell = format!(
            "{}Impact{}Urgency",
            level(text(&saving.record, "impact"), true),
            level(text(&saving.record, "severity"), false),
        );
        let priority = referenced(&saving.record, "sla")
            .and_then(|id| psa.store.get(Table::Sla, id))
            .and_then(|sla| sla.get(&cell).cloned());
        if let Some(priority) = priority {
            saving.record.insert("priority".to_owned(), priority);
        }
    }
    saving.default("priority", default_of(Table::Priority));
}

fn level(word: &str, first: bool) -> &'static str {
    match (word, first) {
        ("High", true) => "hi",
        ("High", false) => "Hi",
        ("Low", true) => "low",
        ("Low", false) => "Low",
        (_, true) => "med",
        (_, false) => "Med",
    }
}

/// What follows from the status: a status that closes needs the right to close, and sets who
/// closed the ticket and when; any other clears it.
fn closing(psa: &Psa, saving: &mut Saving<'_>) -> Result<(), Failure> {
    let status =
        referenced(&saving.record, "status").and_then(|id| psa.store.get(Table::BoardStatus, id));
    let Some(status) = status else {
        return Ok(());
    };
    let closes = is_set(status, "closedStatus");
    let was_closed = saving
        .before
        .as_ref()
        .is_some_and(|before| is_set(before, "closedFlag"));
    if closes != was_closed && !saving.actor.may_close {
        return Err(Failure::forbidden(format!(
            "Member {} has no Edit right on CloseServiceTickets.",
            saving.actor.member
        )));
    }
    if closes && !was_closed {
        for caption in custom_fields::unanswered(psa, Table::Ticket, &saving.record) {
            saving.refuse("customFields", format!("{caption} is required to close."));
        }
    }
    let escalation = text(status, "escalationStatus");
    saving.record.insert("closedFlag".to_owned(), json!(closes));
    let now = json!(saving.actor.now);
    let by = json!(saving.actor.member);
    let sla_status = match (closes, escalation) {
        (true, _) | (false, "Resolved") => "Resolved",
        (false, "Responded") => "Responded",
        (false, "ResolutionPlan") => "Resolution Plan",
        (false, "NoEscalation") => "Waiting",
        _ => "Respond by",
    };
    saving
        .record
        .insert("slaStatus".to_owned(), json!(sla_status));
    if closes || escalation == "Resolved" {
        saving.default("dateResolved", now.clone());
        saving.default("resolvedBy", by.clone());
    } else {
        saving.record.remove("dateResolved");
        saving.record.remove("resolvedBy");
    }
    if closes {
        saving.default("closedDate", now.clone());
        saving.default("closedBy", by.clone());
    } else {
        saving.record.remove("closedDate");
        saving.record.remove("closedBy");
    }
    if escalation != "NotResponded" {
        saving.default("dateResponded", now);
        saving.default("respondedBy", by);
    }
    Ok(())
}

/// The initial texts become notes.
pub(super) fn after_create(psa: &mut Psa, id: i64, asides: &Record, actor: &Actor) {
    for (field, flag) in [
        ("initialDescription", "detailDescriptionFlag"),
        ("initialInternalAnalysis", "internalAnalysisFlag"),
        ("initialResolution", "resolutionFlag"),
    ] {
        if let Some(text) = asides
            .get(field)
            .filter(|text| !text.as_str().unwrap_or("").is_empty())
        {
            super::note::store(psa, id, text, flag, actor);
        }
    }
}

/// Notes go with their ticket.
pub(super) fn before_delete(psa: &mut Psa, id: i64) {
    let notes: Vec<i64> = psa
        .store
        .children(Table::ServiceNote, id)
        .map(|(id, _)| id)
        .collect();
    for note in notes {
        psa.store.remove(Table::ServiceNote, note);
    }
}
