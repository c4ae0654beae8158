use super::*;
use crate::{
    decide::tests::{catalog, config, document, settings},
    error::Code,
};
use serde_json::{Value, json};

fn faults(change: impl Fn(&mut Value)) -> Vec<(String, Code)> {
    let mut document = document();
    change(&mut document);
    let error = Config::from_json(document.to_string().as_bytes()).unwrap_err();
    assert!(
        error.faults.iter().all(|fault| !fault.fix.is_empty()),
        "{error}"
    );
    error
        .faults
        .into_iter()
        .map(|fault| (fault.pointer, fault.code))
        .collect()
}

#[test]
fn the_sample_documents_are_accepted_as_they_are() {
    let settings = Settings::new(config()).unwrap();
    assert_eq!(settings.check(&catalog()), []);
    let Some(text) = crate::shared::text("shapes/configuration.json") else {
        return;
    };
    let settings = Settings::new(Config::from_json(text.as_bytes()).unwrap()).unwrap();
    assert_eq!(settings.check(&catalog()), []);
    let cases = crate::shared::text("shapes/cases.jsonl").unwrap();
    for line in cases.lines() {
        crate::Case::from_json(line.as_bytes()).unwrap();
    }
}

#[test]
fn a_dozen_faults_are_named_at_once() {
    let found = faults(|d| {
        d["instance"] = json!("ACME SOC");
        d["connection"]["site"] = json!("https://na.myconnectwise.net");
        d["connection"]["client_id"] = json!("guid");
        d["connection"]["credential_expiry"] = json!("2027-02-30");
        d["companies"]["map"][1]["group"] = json!("48Tech");
        d["companies"]["unmapped"] = json!({"policy": "catch_all"});
        d["routes"][0]["status"]["cleared"] = json!("Clsoed");
        d["routes"][2]["bord"] = json!("x");
        d["priority_map"] = json!({});
        d["ticket"]["summary"] = json!("{{ case.titel }}");
        d["ticket"]["fields"][0]["map"]["low"] = json!("Lowest");
        d["ticket"]["fields"][1]["field"] = json!("summary");
        d["ticket"]["fields"][2]["from"] = json!("case.nmber");
        d["limits"] = json!({"concurrency": 0, "settle": 5, "request_timeout": "1h"});
    });
    let expected = [
        ("/companies/map/1/group", Code::InvalidValue),
        ("/companies/unmapped/company", Code::MissingKey),
        ("/connection/client_id", Code::InvalidValue),
        ("/connection/credential_expiry", Code::InvalidValue),
        ("/connection/site", Code::InvalidValue),
        ("/instance", Code::InvalidValue),
        ("/limits/concurrency", Code::InvalidValue),
        ("/limits/request_timeout", Code::InvalidValue),
        ("/limits/settle", Code::InvalidValue),
        ("/priority_map", Code::InvalidValue),
        ("/routes/0/status/cleared", Code::UnknownStatus),
        ("/routes/2/bord", Code::UnknownKey),
        ("/ticket/fields/0/map/low", Code::InvalidValue),
        ("/ticket/fields/1/field", Code::UnknownField),
        ("/ticket/fields/2/from", Code::InvalidValue),
        ("/ticket/summary", Code::InvalidTemplate),
    ]
    .map(|(pointer, code)| (pointer.to_owned(), code));
    assert_eq!(found, expected);
    // What a newer version means by its keys cannot be judged.
    let newer = faults(|d| {
        d["version"] = json!(2);
        d["instance"] = json!("ACME SOC");
    });
    assert_eq!(newer, [("/version".to_owned(), Code::InvalidValue)]);
}

#[test]
fn sites_are_https_hosts() {
    for site in [
        "https://api-eu.myconnectwise.net",
        "https://psa.example.com",
        "https://psa.example.com:8443",
        "https://sandbox-na.myconnectwise.net",
        "https://api-staging.connectwisedev.com",
        "https://[2001:db8::1]",
        "https://API-NA.myconnectwise.net/",
    ] {
        settings(|d| d["connection"]["site"] = json!(site));
    }
    for site in [
        "http://127.0.0.1:4010",
        "http://127.8.9.1:1",
        "http://localhost:80",
        "http://[::1]:9",
    ] {
        settings(|d| {
            d["connection"]["site"] = json!(site);
            d["connection"]["allow_insecure_loopback"] = json!(true);
        });
        let found = faults(|d| d["connection"]["site"] = json!(site));
        assert_eq!(
            found,
            [("/connection/site".to_owned(), Code::InsecureSite)],
            "{site}"
        );
    }
    for (site, code) in [
        ("http://psa.example.com", Code::InsecureSite),
        ("http://127.0.0.1.example.com", Code::InsecureSite),
        ("http://192.168.0.1", Code::InsecureSite),
        ("http://localhost.example.com", Code::InsecureSite),
        ("https://na.myconnectwise.net", Code::InvalidValue),
        ("psa.example.com", Code::InvalidValue),
        ("ftp://psa.example.com", Code::InvalidValue),
        ("https://user:key@psa.example.com", Code::InvalidValue),
        ("https://psa.example.com/v4_6_release", Code::InvalidValue),
        ("https://psa.example.com?x", Code::InvalidValue),
        ("https://", Code::InvalidValue),
        ("https://psa..com", Code::InvalidValue),
        ("https://psa.example.com:0", Code::InvalidValue),
        ("https://psa.example.com:99999", Code::InvalidValue),
        ("https://psa example.com", Code::InvalidValue),
        ("https://psa.example.com\\@evil.example", Code::InvalidValue),
        ("", Code::InvalidValue),
    ] {
        let found = faults(|d| {
            d["connection"]["site"] = json!(site);
            d["connection"]["allow_insecure_loopback"] = json!(true);
        });
        assert_eq!(found, [("/connection/site".to_owned(), code)], "{site}");
    }
}

#[test]
fn routes_must_be_reachable_and_whole() {
    type Change = fn(&mut Value);
    let table: [(Change, &str, Code); 10] = [
        (
            |d| d["routes"][0]["when"] = json!({}),
            "/routes/1",
            Code::InvalidValue,
        ),
        (
            |d| {
                d["routes"][2]["when"] =
                    json!({"kind": ["AUDIT"], "category": ["windows"], "tag": ["x"]})
            },
            "/routes/2",
            Code::InvalidValue,
        ),
        (
            |d| d["routes"][0]["board"] = json!(null),
            "/routes/0/board",
            Code::MissingKey,
        ),
        (
            |d| d["routes"][0]["type"] = json!(null),
            "/routes/0/subtype",
            Code::InvalidValue,
        ),
        (
            |d| d["routes"][2]["item"] = json!("Log"),
            "/routes/2/item",
            Code::InvalidValue,
        ),
        (
            |d| d["routes"][1]["board"] = json!("Professional Services"),
            "/routes/1/ignore",
            Code::InvalidValue,
        ),
        (
            |d| d["routes"][1]["name"] = json!("Everything Else"),
            "/routes/2/name",
            Code::InvalidValue,
        ),
        (
            |d| d["routes"][0]["board"] = json!("Profesional Services"),
            "/routes/0/board",
            Code::UnknownBoard,
        ),
        (|d| d["routes"] = json!([]), "/routes", Code::InvalidValue),
        (
            |d| d["routes"][0]["when"]["severity"] = json!(["critcal"]),
            "/routes/0/when/severity/0",
            Code::UnmappedSeverity,
        ),
    ];
    for (change, pointer, code) in table {
        let found = faults(change);
        assert!(
            found.contains(&(pointer.to_owned(), code)),
            "{pointer} in {found:?}"
        );
    }
}

#[test]
fn field_mappings_write_what_they_may() {
    for (mapping, key, code) in [
        (
            json!({"field": "sumary", "from": "case.title"}),
            "/field",
            Code::UnknownField,
        ),
        (
            json!({"field": "board", "from": "case.title"}),
            "/field",
            Code::UnknownField,
        ),
        (
            json!({"field": "slaStatus", "from": "case.title"}),
            "/field",
            Code::UnknownField,
        ),
        (
            json!({"field": "externalXRef", "from": "case.id"}),
            "/field",
            Code::UnknownField,
        ),
        (
            json!({"field": "poNumber", "custom_field": "x", "from": "case.id"}),
            "",
            Code::InvalidValue,
        ),
        (json!({"from": "case.id"}), "", Code::InvalidValue),
        (json!({"field": "poNumber"}), "", Code::MissingKey),
        (
            json!({"field": "poNumber", "from": "case.id", "template": "x"}),
            "",
            Code::InvalidValue,
        ),
        (
            json!({"field": "poNumber", "from": "case.artifacts"}),
            "/from",
            Code::InvalidValue,
        ),
        (
            json!({"field": "poNumber", "from": "id"}),
            "/from",
            Code::InvalidValue,
        ),
        (
            json!({"field": "poNumber", "template": "{{ x }}"}),
            "/template",
            Code::InvalidTemplate,
        ),
        (
            json!({"field": "poNumber", "default": "x".repeat(51)}),
            "/default",
            Code::TooLong,
        ),
        (
            json!({"field": "approved", "default": "yes"}),
            "/default",
            Code::InvalidValue,
        ),
        (
            json!({"field": "budgetHours", "from": "case.id", "map": {"a": "b"}}),
            "/map/a",
            Code::InvalidValue,
        ),
        (
            json!({"field": "impact", "default": "Low"}),
            "/field",
            Code::InvalidValue,
        ),
        (
            json!({"custom_field": " ", "default": "Low"}),
            "/custom_field",
            Code::InvalidValue,
        ),
        (
            json!({"custom_field": "x", "default": [1]}),
            "/default",
            Code::InvalidValue,
        ),
    ] {
        let found = faults(|d| d["ticket"]["fields"] = json!([mapping]));
        assert_eq!(
            found,
            [(format!("/ticket/fields/0{key}"), code)],
            "{mapping}"
        );
    }
    let found =
        faults(|d| d["ticket"]["fields"][1] = json!({"custom_field": "CASE NUMBER", "default": 1}));
    assert_eq!(
        found,
        [(
            "/ticket/fields/2/custom_field".to_owned(),
            Code::InvalidValue
        )]
    );
}

#[test]
fn every_name_is_checked_against_the_catalog() {
    let settings = settings(|d| {
        d["routes"][0]["type"] = json!("Sekurity");
        d["routes"][0]["subtype_by_kind"] = json!({"audit": "Firewal"});
        d["routes"][0]["status"]["updated"] = json!("Old");
        d["routes"][2]["team"] = json!("NOC");
        d["routes"][2]["source"] = json!("Fax");
        d["routes"][2]["priority"] = json!("P1");
        d["status_map"]["Professional Services"]["to_case"] = json!({
            "New (not responded)": "open", "In Progress": "in_progress", "Closed": "closed", "Old": "closed", "Resolved": "closed"});
        d["status_map"]["Professional Services"]["to_ticket"]["closed"] = json!("Resolved");
        d["status_map"]["Elsewhere"] = json!({"to_case": {"x": "open"}});
        d["priority_map"]["low"] = json!("Priority 9");
        d["ticket"]["fields"] = json!([
            {"custom_field": "Case Nmber", "from": "case.number"},
            {"custom_field": "Score", "from": "case.severity", "map": {"low": "few"}, "default": 3},
            {"custom_field": "Tier", "default": "Bronze"}]);
    });
    let faults = settings.check(&catalog());
    assert!(faults.iter().all(|fault| !fault.fix.is_empty()));
    let found: Vec<(&str, Code)> = faults
        .iter()
        .map(|fault| (fault.pointer.as_str(), fault.code))
        .collect();
    assert_eq!(
        found,
        [
            ("/priority_map/low", Code::UnknownPriority),
            ("/routes/0/status/updated", Code::Inactive),
            ("/routes/0/subtype_by_kind/audit", Code::UnknownSubtype),
            ("/routes/0/type", Code::UnknownType),
            ("/routes/2/priority", Code::UnknownPriority),
            ("/routes/2/source", Code::UnknownSource),
            ("/routes/2/team", Code::UnknownTeam),
            ("/status_map/Elsewhere", Code::UnknownBoard),
            (
                "/status_map/Professional Services/to_case",
                Code::UnmappedStatus
            ),
            (
                "/status_map/Professional Services/to_case/Resolved",
                Code::UnknownStatus
            ),
            (
                "/status_map/Professional Services/to_ticket/closed",
                Code::UnknownStatus
            ),
            ("/ticket/fields/0/custom_field", Code::UnknownCustomField),
            ("/ticket/fields/1/map/low", Code::InvalidValue),
            ("/ticket/fields/2/default", Code::InvalidValue),
        ]
    );
    assert!(
        faults[2].fix.contains("Did you mean 'Firewall'?"),
        "{}",
        faults[2].fix
    );
}

#[test]
fn any_broken_document_is_refused_with_a_fix_and_never_panics() {
    let mut broken = 0;
    let sound = document();
    let mut pointers = Vec::new();
    walk(&sound, String::new(), &mut pointers);
    for pointer in pointers {
        for instead in [
            json!(null),
            json!(7),
            json!(""),
            json!([]),
            json!({}),
            json!("{{"),
            json!(true),
        ] {
            let mut document = sound.clone();
            *document.pointer_mut(&pointer).unwrap() = instead;
            if let Err(error) = Config::from_json(document.to_string().as_bytes()) {
                broken += 1;
                assert!(!error.faults.is_empty());
                assert!(
                    error.faults.iter().all(|fault| !fault.fix.is_empty()),
                    "{error}"
                );
            }
        }
    }
    assert!(broken > 300, "{broken}");
}

fn walk(value: &Value, at: String, pointers: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            for (key, value) in members {
                walk(value, crate::error::pointer(&at, key), pointers);
            }
        }
        Value::Array(items) => {
            for (index, value) in items.iter().enumerate() {
                walk(value, format!("{at}/{index}"), pointers);
            }
        }
        _ => {}
    }
    pointers.push(at);
}

#[test]
fn every_fault_about_texts_and_attachments_is_named() {
    let mut found = faults(|d| {
        d["ticket"]["notes"] = json!("discussion");
        d["comments"] = json!({"mode": "none", "max_length": 99, "resolution": "{{ case.titel }}"});
        d["redaction"] = json!({"patterns": ["email"], "custom": [
            {"name": "a]b", "mask": "EMP-####"}, {"name": "ok", "mask": "@@@@"}, {"name": "ok", "mask": "#1"},
        ]});
        d["attachments"] = json!({"total_bytes": 5, "file_bytes": 6, "allowed": ["pdf", "*.txt"], "denied": [".PDF", ""]});
    });
    found.sort();
    let places: Vec<&str> = found.iter().map(|(place, _)| place.as_str()).collect();
    assert_eq!(
        places,
        [
            "/attachments/allowed/1",
            "/attachments/denied/0",
            "/attachments/denied/1",
            "/attachments/file_bytes",
            "/comments/max_length",
            "/comments/mode",
            "/comments/resolution",
            "/redaction/custom/0/name",
            "/redaction/custom/1/mask",
            "/redaction/custom/2/mask",
        ]
    );
    for (key, value) in [
        ("comments", json!({"by_visibility": {"intern": "none"}})),
        ("redaction", json!({"patterns": ["phone"]})),
        ("attachments", json!({"total": 5})),
    ] {
        assert_eq!(faults(|d| d[key] = value.clone()).len(), 1, "{key}");
    }
    assert_eq!(
        faults(|d| d["attachments"] = json!({"total_bytes": 0})).len(),
        1
    );
}
