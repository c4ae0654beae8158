//! Companies, sites, contacts and configurations.

use serde_json::{Value, json};

use super::{Psa, to};
use crate::rules::contact::refresh;
use crate::table::Table;

pub(super) fn seed(psa: &mut Psa) {
    setup(psa);
    let big_design = company(
        psa,
        "BigDesign",
        "Big Design, Inc.",
        &json!({
            "addressLine1": "23 Central Avenue",
            "addressLine2": "Suite 200",
            "city": "Tampa",
            "state": "FL",
            "zip": "33618",
            "website": "www.bigdesign.com",
        }),
    );
    let patrick = contact(
        psa,
        big_design,
        "Patrick",
        "Love",
        "patrick.love@bigdesign.com",
        true,
    );
    contact(
        psa,
        big_design,
        "Dana",
        "Reyes",
        "dana.reyes@bigdesign.com",
        false,
    );
    devices(psa, big_design, patrick);

    for (identifier, name, domain) in [
        ("WideWorld", "Wide World Importers", "wideworld.example"),
        ("NorthTampa", "Northwind", "northwind-tampa.example"),
        ("NorthMiami", "Northwind", "northwind-miami.example"),
    ] {
        let id = company(psa, identifier, name, &json!({}));
        contact(psa, id, "Alex", identifier, &format!("alex@{domain}"), true);
        workstation(
            psa,
            id,
            &format!("{identifier}-WRK1"),
            &format!("02:00:00:00:00:{id:02X}"),
        );
    }
    // Its only contact has an address at a public mail provider.
    let bakery = company(psa, "CornerBakery", "Corner Bakery", &json!({}));
    contact(
        psa,
        bakery,
        "Robin",
        "Baker",
        "corner.bakery@gmail.com",
        true,
    );

    company(psa, "DormantLtd", "Dormant Ltd.", &json!({"status": to(2)}));
    company(
        psa,
        "CreditHold",
        "Credit Hold LLC",
        &json!({"status": to(3)}),
    );
    let deleted = json!({
        "deletedFlag": true,
        "dateDeleted": "2019-01-02T00:00:00Z",
        "deletedBy": "zadmin",
    });
    company(psa, "GoneCorp", "Gone Corp.", &deleted);
    company(psa, "CatchAll", "Catchall", &json!({}));
}

fn setup(psa: &mut Psa) {
    for (name, default, inactive, disallow) in [
        ("Active", true, false, false),
        ("Inactive", false, true, false),
        ("Credit Hold", false, false, true),
    ] {
        psa.plant(
            Table::CompanyStatus,
            json!({
                "name": name,
                "defaultFlag": default,
                "inactiveFlag": inactive,
                "notifyFlag": disallow,
                "disallowSavingFlag": disallow,
            }),
        );
    }
    for (name, default) in [("Client", true), ("Prospect", false)] {
        let fields = json!({"name": name, "defaultFlag": default, "vendorFlag": false});
        psa.plant(Table::CompanyType, fields);
    }
    for (description, flag) in [
        ("Direct", "phoneFlag"),
        ("Fax", "faxFlag"),
        ("Email", "emailFlag"),
        ("Cell", "phoneFlag"),
    ] {
        let mut fields = json!({
            "description": description,
            "phoneFlag": false,
            "faxFlag": false,
            "emailFlag": false,
            "defaultFlag": description != "Cell",
        });
        if let Value::Object(fields) = &mut fields {
            fields.insert(flag.to_owned(), json!(true));
        }
        psa.plant(Table::CommunicationType, fields);
    }
    for (name, system) in [
        ("Backup Status", false),
        ("Managed Workstation", true),
        ("Managed Server", true),
        ("Firewall", false),
    ] {
        let fields = json!({"name": name, "inactiveFlag": false, "systemFlag": system});
        psa.plant(Table::ConfigurationType, fields);
    }
    psa.plant(
        Table::ConfigurationType,
        json!({"name": "Pager", "inactiveFlag": true, "systemFlag": false}),
    );
    psa.plant(
        Table::ConfigurationTypeQuestion,
        json!({
            "configurationType": to(4),
            "fieldType": "Text",
            "entryType": "EntryField",
            "sequenceNumber": 1.0,
            "question": "Firmware version",
            "requiredFlag": true,
            "inactiveFlag": false,
        }),
    );
    for (description, closed) in [("Active", false), ("Inactive", true)] {
        psa.plant(
            Table::ConfigurationStatus,
            json!({"description": description, "closedFlag": closed, "defaultFlag": !closed}),
        );
    }
}

/// Plants a company with its site Main.
pub(super) fn company(psa: &mut Psa, identifier: &str, name: &str, more: &Value) -> i64 {
    let mut fields = json!({
        "identifier": identifier,
        "name": name,
        "status": to(1),
        "types": [to(1)],
        "addressLine1": "1 Main Street",
        "city": "Tampa",
        "state": "FL",
        "zip": "33602",
        "country": to(1),
        "phoneNumber": "8135550100",
        "territory": to(1),
        "deletedFlag": false,
        "leadFlag": false,
        "isVendorFlag": false,
    });
    if let (Value::Object(fields), Value::Object(more)) = (&mut fields, more) {
        fields.extend(more.clone());
    }
    let part = |field: &str| fields.get(field).cloned().unwrap_or_default();
    let mut site = json!({
        "name": "Main",
        "addressLine1": part("addressLine1"),
        "city": part("city"),
        "zip": part("zip"),
        "~state": part("state"),
        "primaryAddressFlag": true,
        "inactiveFlag": false,
    });
    if let (Value::Object(site), line @ Value::String(_)) = (&mut site, part("addressLine2")) {
        site.insert("addressLine2".to_owned(), line);
    }
    let id = psa.plant(Table::Company, fields);
    if let Value::Object(site) = &mut site {
        site.insert("company".to_owned(), to(id));
    }
    let site = psa.plant(Table::CompanySite, site);
    if let Some(company) = psa.store.get_mut(Table::Company, id) {
        company.insert("site".to_owned(), to(site));
    }
    id
}

/// Plants a contact with an e-mail address, perhaps as the company's default one.
pub(super) fn contact(
    psa: &mut Psa,
    company: i64,
    first: &str,
    last: &str,
    email: &str,
    default: bool,
) -> i64 {
    let site = psa
        .store
        .children(Table::CompanySite, company)
        .next()
        .map_or(Value::Null, |(id, _)| to(id));
    let id = psa.plant(
        Table::Contact,
        json!({
            "firstName": first,
            "lastName": last,
            "company": to(company),
            "site": site,
            "inactiveFlag": false,
            "defaultFlag": default,
            "defaultBillingFlag": default,
        }),
    );
    let domain = email.split('@').nth(1).unwrap_or("");
    for (kind, word, value) in [(3, "Email", email), (1, "Phone", "8135550101")] {
        let mut fields = json!({
            "contactId": id,
            "type": to(kind),
            "value": value,
            "defaultFlag": true,
            "communicationType": word,
        });
        if let ("Email", Value::Object(fields)) = (word, &mut fields) {
            fields.insert("domain".to_owned(), json!(format!("@{domain}")));
        }
        psa.plant(Table::ContactCommunication, fields);
    }
    refresh(psa, id);
    if let (true, Some(company)) = (default, psa.store.get_mut(Table::Company, company)) {
        company.insert("defaultContact".to_owned(), to(id));
    }
    id
}

fn devices(psa: &mut Psa, company: i64, contact: i64) {
    configuration(
        psa,
        company,
        "BigDesign-WRK1",
        1,
        &json!({"contact": to(contact)}),
    );
    workstation(psa, company, "BigDesign-WRK2", "00-15-5D-01-4F-A1");
    configuration(
        psa,
        company,
        "BigDesign-DC1",
        3,
        &json!({
            "macAddress": "00:15:5d:01:4f:b7",
            "serialNumber": "VMW-4F-B7",
            "deviceIdentifier": "BD-DC1",
            "ipAddress": "192.168.4.10",
            "osType": "Windows Server 2016",
        }),
    );
    configuration(
        psa,
        company,
        "BigDesign-OLD1",
        2,
        &json!({
            "macAddress": "00155D014FC3",
            "status": to(2),
            "activeFlag": false,
        }),
    );
}

fn workstation(psa: &mut Psa, company: i64, name: &str, mac: &str) {
    configuration(
        psa,
        company,
        name,
        2,
        &json!({
            "macAddress": mac,
            "osType": "Windows 10",
            "deviceIdentifier": format!("{name}-ID"),
        }),
    );
}

/// Plants a configuration of a type.
pub(super) fn configuration(
    psa: &mut Psa,
    company: i64,
    name: &str,
    kind: i64,
    more: &Value,
) -> i64 {
    let site = psa
        .store
        .children(Table::CompanySite, company)
        .next()
        .map_or(Value::Null, |(id, _)| to(id));
    let mut fields = json!({
        "name": name,
        "type": to(kind),
        "status": to(1),
        "company": to(company),
        "site": site,
        "location": to(1),
        "department": to(1),
        "activeFlag": true,
        "billFlag": false,
    });
    if let (Value::Object(fields), Value::Object(more)) = (&mut fields, more) {
        fields.extend(more.clone());
    }
    psa.plant(Table::Configuration, fields)
}
