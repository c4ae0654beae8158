//! Companies and their sites (API.md section 12).

use serde_json::{Value, json};

use crate::failure::{Detail, Failure};
use crate::psa::records::Saving;
use crate::psa::{Actor, Psa};
use crate::store::{Record, is_set, referenced, text};
use crate::table::Table;

const ADDRESS: [&str; 6] = [
    "addressLine1",
    "addressLine2",
    "city",
    "state",
    "zip",
    "country",
];

pub(super) fn prepare(psa: &mut Psa, saving: &mut Saving<'_>) -> Result<(), Failure> {
    let identifier = text(&saving.record, "identifier").to_lowercase();
    let own = saving.record.get("id").and_then(Value::as_i64);
    let taken = psa.store.rows(Table::Company).any(|(id, company)| {
        Some(id) != own && text(company, "identifier").to_lowercase() == identifier
    });
    if taken {
        saving.details.push(Detail::new(
            "ObjectExists",
            "A company with this identifier already exists",
            "identifier",
        ));
    }
    let longest = psa.settings.quirks.company_identifier_length;
    if text(&saving.record, "identifier").chars().count() > longest {
        saving.details.push(Detail::invalid(
            "identifier",
            format!("identifier exceeds the maximum length of {longest}."),
        ));
    }
    if !saving.is_new() {
        if saving.set.contains("types") {
            saving.refuse(
                "types",
                "types can only be set when the company is created.",
            );
        }
        return Ok(());
    }
    if !ADDRESS
        .iter()
        .any(|field| saving.record.contains_key(*field))
    {
        saving.details.push(Detail::missing("addressLine1"));
    }
    let default = psa
        .store
        .rows(Table::CompanyStatus)
        .find(|(_, status)| is_set(status, "defaultFlag"))
        .map_or(Value::Null, |(id, _)| json!({"id": id}));
    saving.default("status", default);
    saving.default("deletedFlag", json!(false));
    saving.default("leadFlag", json!(false));
    saving.default("isVendorFlag", json!(false));
    Ok(())
}

/// A new company has a site with its address.
pub(super) fn after_create(psa: &mut Psa, id: i64, actor: &Actor) {
    let company = psa
        .store
        .get(Table::Company, id)
        .cloned()
        .unwrap_or_default();
    let name = referenced(&company, "site").is_none().then_some("Main");
    let Some(name) = name else { return };
    let mut site = Record::new();
    site.insert("name".to_owned(), json!(name));
    site.insert("company".to_owned(), json!({"id": id}));
    site.insert("primaryAddressFlag".to_owned(), json!(true));
    site.insert("inactiveFlag".to_owned(), json!(false));
    for field in ["addressLine1", "addressLine2", "city", "zip"] {
        if let Some(value) = company.get(field) {
            site.insert(field.to_owned(), value.clone());
        }
    }
    if let Some(state) = company.get("state") {
        site.insert("~state".to_owned(), state.clone());
    }
    Psa::stamp_new(&mut site, actor);
    let site = psa.store.insert(Table::CompanySite, site);
    if let Some(company) = psa.store.get_mut(Table::Company, id) {
        company.insert("site".to_owned(), json!({"id": site}));
    }
}

/// A company that records refer to cannot be deleted.
pub(super) fn before_delete(psa: &Psa, id: i64) -> Result<(), Failure> {
    let used = [Table::Ticket, Table::Configuration, Table::Contact]
        .into_iter()
        .any(|table| {
            psa.store
                .rows(table)
                .any(|(_, record)| referenced(record, "company") == Some(id))
        });
    if used {
        return Err(Failure::new(
            409,
            "ConflictingRecord",
            format!("Company {id} is in use."),
        ));
    }
    Ok(())
}
