//! Contacts and how they are reached (API.md section 12).

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::failure::{Detail, Failure};
use crate::psa::records::Saving;
use crate::psa::{Actor, Psa};
use crate::references;
use crate::store::{Record, Store, is_set, reference_id, referenced, text};
use crate::table::Table;

/// Communication items are records of their own; they wait until the contact is stored.
pub(super) fn before_resolving(psa: &Psa, saving: &mut Saving<'_>) {
    if !saving.set.contains("communicationItems") {
        return;
    }
    let Some(Value::Array(mut items)) = saving.record.remove("communicationItems") else {
        return;
    };
    for item in &mut items {
        let found = item
            .get("type")
            .ok_or_else(|| Detail::missing("communicationItems/type"))
            .and_then(|kind| {
                references::find(
                    &psa.store,
                    Table::CommunicationType,
                    "communicationItems/type",
                    kind,
                    None,
                )
            });
        match found {
            Ok(id) => {
                if let Value::Object(item) = item {
                    item.insert("type".to_owned(), json!({"id": id}));
                }
            }
            Err(detail) => saving.details.push(detail),
        }
        if item
            .get("value")
            .and_then(Value::as_str)
            .is_none_or(str::is_empty)
        {
            saving
                .details
                .push(Detail::missing("communicationItems/value"));
        }
    }
    saving
        .record
        .insert("~items".to_owned(), Value::Array(items));
}

pub(super) fn prepare(psa: &mut Psa, saving: &mut Saving<'_>) -> Result<(), Failure> {
    if text(&saving.record, "firstName").trim().is_empty() {
        saving.details.push(Detail::missing("firstName"));
    }
    for flag in ["inactiveFlag", "defaultFlag", "defaultBillingFlag"] {
        saving.default(flag, json!(false));
    }
    if let Some(company) = referenced(&saving.record, "company") {
        let site = psa
            .store
            .children(Table::CompanySite, company)
            .next()
            .map_or(Value::Null, |(id, _)| json!({"id": id}));
        saving.default("site", site);
    }
    Ok(())
}

pub(super) fn after_create(psa: &mut Psa, id: i64, actor: &Actor) -> Result<(), Failure> {
    after_change(psa, id);
    let contact = psa
        .store
        .get(Table::Contact, id)
        .cloned()
        .unwrap_or_default();
    let company = referenced(&contact, "company");
    if let (true, Some(company)) = (is_set(&contact, "defaultFlag"), company)
        && let Some(company) = psa.store.get_mut(Table::Company, company)
    {
        company.insert("defaultContact".to_owned(), json!({"id": id}));
        Psa::stamp_changed(company, actor);
    }
    Ok(())
}

/// Replaces the contact's communications by those that a body brought.
pub(super) fn after_change(psa: &mut Psa, id: i64) {
    let items = psa
        .store
        .get_mut(Table::Contact, id)
        .and_then(|contact| contact.remove("~items"));
    if let Some(Value::Array(items)) = items {
        let old: Vec<i64> = psa
            .store
            .children(Table::ContactCommunication, id)
            .map(|(id, _)| id)
            .collect();
        for communication in old {
            psa.store.remove(Table::ContactCommunication, communication);
        }
        for item in items {
            let Value::Object(mut communication) = item else {
                continue;
            };
            communication.insert("contactId".to_owned(), json!(id));
            complete(&psa.store, &mut communication);
            psa.store.insert(Table::ContactCommunication, communication);
        }
    }
    refresh(psa, id);
}

pub(super) fn prepare_communication(psa: &mut Psa, saving: &mut Saving<'_>) -> Result<(), Failure> {
    complete(&psa.store, &mut saving.record);
    Ok(())
}

/// A way of communication is at least one of phone, fax and e-mail.
pub(super) fn prepare_communication_type(saving: &mut Saving<'_>) -> Result<(), Failure> {
    let flags = ["phoneFlag", "faxFlag", "emailFlag"];
    for flag in flags.into_iter().chain(["defaultFlag"]) {
        saving.default(flag, json!(false));
    }
    if !flags.iter().any(|flag| is_set(&saving.record, flag)) {
        saving.refuse(
            "emailFlag",
            "At least one of phoneFlag, faxFlag and emailFlag must be set.",
        );
    }
    Ok(())
}

/// What follows from the type of a communication.
fn complete(store: &Store, communication: &mut Record) {
    let kind =
        referenced(communication, "type").and_then(|id| store.get(Table::CommunicationType, id));
    let word = match kind {
        Some(kind) if is_set(kind, "emailFlag") => "Email",
        Some(kind) if is_set(kind, "faxFlag") => "Fax",
        _ => "Phone",
    };
    communication.insert("communicationType".to_owned(), json!(word));
    communication.entry("defaultFlag").or_insert(json!(false));
    if word == "Email" {
        let domain = text(communication, "value")
            .split('@')
            .nth(1)
            .map(str::to_owned);
        if let Some(domain) = domain {
            communication.insert("domain".to_owned(), json!(format!("@{domain}")));
        }
    }
}

pub(super) fn after_communication(psa: &mut Psa, id: i64) {
    let contact = psa
        .store
        .get(Table::ContactCommunication, id)
        .and_then(|communication| communication.get("contactId"))
        .and_then(Value::as_i64);
    if let Some(contact) = contact {
        refresh(psa, contact);
    }
}

/// Brings every contact up to date that shows a deleted communication.
pub(super) fn refresh_all(psa: &mut Psa, communication: i64) {
    let shows = |contact: &Record| {
        let items = contact.get("communicationItems").and_then(Value::as_array);
        items
            .into_iter()
            .flatten()
            .any(|item| reference_id(item) == Some(communication))
    };
    let contacts: BTreeSet<i64> = psa
        .store
        .rows(Table::Contact)
        .filter(|(_, contact)| shows(contact))
        .map(|(id, _)| id)
        .collect();
    for contact in contacts {
        refresh(psa, contact);
    }
}

/// Shows the communications on the contact.
pub(crate) fn refresh(psa: &mut Psa, contact: i64) {
    let items: Vec<Value> = psa
        .store
        .children(Table::ContactCommunication, contact)
        .map(|(_, communication)| {
            let mut item = communication.clone();
            for own in ["contactId", "_info", "mobileGuid"] {
                item.remove(own);
            }
            Value::Object(item)
        })
        .collect();
    let phone = items
        .iter()
        .find(|item| item.get("communicationType") == Some(&json!("Phone")))
        .and_then(|item| item.get("value").cloned());
    if let Some(contact) = psa.store.get_mut(Table::Contact, contact) {
        contact.insert("communicationItems".to_owned(), Value::Array(items));
        match phone {
            Some(phone) => contact.insert("defaultPhoneNbr".to_owned(), phone),
            None => contact.remove("defaultPhoneNbr"),
        };
    }
}

/// The contact of a company with that e-mail address.
pub(crate) fn by_email(store: &Store, company: i64, wanted: &str) -> Option<i64> {
    store
        .rows(Table::Contact)
        .find(|(_, contact)| {
            referenced(contact, "company") == Some(company)
                && email(contact).is_some_and(|email| email.eq_ignore_ascii_case(wanted))
        })
        .map(|(id, _)| id)
}

/// The e-mail address of a contact: the default one, else the first.
pub(crate) fn email(contact: &Record) -> Option<&str> {
    let items = contact.get("communicationItems")?.as_array()?;
    let emails = || {
        items
            .iter()
            .filter(|item| item.get("communicationType") == Some(&json!("Email")))
    };
    emails()
        .find(|item| item.get("defaultFlag") == Some(&json!(true)))
        .or_else(|| emails().next())?
        .get("value")?
        .as_str()
}
