use super::*;
use crate::{
    company::{Company, CompanyId, Configuration, ConfigurationId, Contact, ContactId},
    config::Config,
    decision::Decision,
    text::length,
};

pub(crate) fn document() -> Value {
    json!({
        "version": 1, "instance": "acme-soc",
        "connection": {"site": "https://api-na.myconnectwise.net", "company_id": "acme",
            "client_id": "6f1f6f0e-3c1d-4a52-9a54-0b9f5f4f9e11", "credential_expiry": "2027-06-30"},
        "companies": {
            "map": [{"group": "48Tech", "company": {"identifier": "BigDesign"}}, {"group": "5Ktech", "company": {"identifier": "BigDesign"}}],
            "auto_map": {"email_domain": true, "every": "6h"}, "unmapped": {"policy": "hold"}},
        "configurations": {
            "map": [{"system": "48Tech-DC1", "configuration": {"name": "BigDesign-WRK1"}}],
            "auto_map": {"mac": true, "every": "6h"}},
        "routes": [
            {"name": "audit log cleared", "when": {"category": ["windows"], "kind": ["audit"]},
                "board": "Professional Services", "type": "Security", "subtype": "Audit", "item": null,
                "status": {"created": "New (not responded)", "updated": null, "cleared": "Closed"}},
            {"name": "group policy", "when": {"kind": ["group policy"]}, "ignore": true},
            {"name": "everything else", "board": "Professional Services", "type": "Security",
                "status": {"created": "New (not responded)", "cleared": "Closed"}}],
        "status_map": {"Professional Services": {
            "to_case": {"New (not responded)": "open", "In Progress": "in_progress", "Waiting Customer Response": "in_progress", "Closed": "closed"},
            "to_ticket": {"open": "New (not responded)", "in_progress": "In Progress", "closed": "Closed"}}},
        "priority_map": {"critical": "Priority 1 - Emergency Response", "high": "Priority 2 - Quick Response",
            "medium": "Priority 3 - Normal Response", "low": "Priority 4 - Scheduled Maintenance"},
        "ticket": {
            "summary": "EventTracker Case #{{ case.number }} - {{ case.title }}",
            "initial_description": "{{ case.description }}{% for a in case.artifacts %}\n{{ a.type }}: {{ a.value }}{% endfor %}",
            "impact": "Medium", "notes": "internal",
            "fields": [
                {"field": "severity", "from": "case.severity", "map": {"critical": "High", "high": "High", "low": "Low"}, "default": "Medium"},
                {"field": "poNumber", "template": "{{ case.incident }}", "when_empty": "omit"},
                {"custom_field": "Case Number", "from": "case.number"}]}
    })
}

pub(crate) fn config() -> Config {
    Config::from_json(document().to_string().as_bytes()).unwrap()
}

pub(crate) fn settings(change: impl Fn(&mut Value)) -> Settings {
    let mut document = document();
    change(&mut document);
    Settings::new(Config::from_json(document.to_string().as_bytes()).unwrap()).unwrap()
}

pub(crate) fn catalog() -> Catalog {
    serde_json::from_value(json!({
        "read_at": "2019-02-11T00:00:00Z",
        "boards": [
            {"id": 1, "name": "Professional Services",
                "statuses": [{"id": 10, "name": "New (not responded)", "default": true}, {"id": 11, "name": "In Progress"},
                    {"id": 12, "name": "Waiting Customer Response"}, {"id": 13, "name": "Closed", "closed": true},
                    {"id": 14, "name": "Old", "inactive": true}],
                "types": [{"id": 20, "name": "Security"}, {"id": 21, "name": "Retired", "inactive": true}],
                "subtypes": [{"id": 30, "name": "Audit"}, {"id": 31, "name": "Firewall"}],
                "items": [{"id": 40, "name": "Log"}, {"id": 41, "name": "Rule"}],
                "associations": [{"type": 20, "subtype": 30, "item": 40}, {"type": 20, "subtype": 30}],
                "teams": [{"id": 50, "name": "SOC"}]},
            {"id": 2, "name": "Projects", "project": true},
            {"id": 3, "name": "Gone", "inactive": true}],
        "priorities": [{"id": 60, "name": "Priority 1 - Emergency Response"}, {"id": 61, "name": "Priority 2 - Quick Response"},
            {"id": 62, "name": "Priority 3 - Normal Response"}, {"id": 63, "name": "Priority 4 - Scheduled Maintenance"}],
        "sources": [{"id": 70, "name": "Email"}],
        "custom_fields": [{"id": 80, "caption": "Case Number", "type": "Text"}, {"id": 81, "caption": "Score", "type": "Number"},
            {"id": 82, "caption": "Tier", "type": "Text", "options": ["Gold", "Silver"]}]
    }))
    .unwrap()
}

pub(crate) fn case(change: impl Fn(&mut Value)) -> Arc<Case> {
    let mut value = json!({
        "id": "10012", "number": "10012", "title": "Windows: Audit log cleared",
        "description": "2/4/2019 10:10:29 PM: The audit log was cleared.\nSubject: Security ID: 48Tech\\John",
        "severity": "critical", "category": "windows", "kind": "audit", "status": "open",
        "group": {"id": "48Tech", "name": "48Tech", "email": "it@bigdesign.com"},
        "system": {"id": "48Tech-DC1", "name": "48Tech-DC1", "os": "windows", "macs": ["00-15-5D-01-4F-A1"], "ips": ["192.168.4.78"]},
        "user": {"name": "John", "domain": "48Tech"},
        "created_at": "2019-02-11T01:07:14Z", "updated_at": "2019-02-11T01:09:53Z", "incident": "201902074149",
        "artifacts": [{"type": "account", "value": "48Tech\\John"}, {"type": "host", "value": "48Tech-DC1"}],
        "comments": [{"id": "c-1", "text": "reviewing", "author": "EventTrackerAdmin", "visibility": "internal", "created_at": "2019-02-11T01:09:54Z"},
            {"id": "c-2", "text": "Final review is done", "impact_determined": " ", "recommendations": "Watch\r\nit", "created_at": "2019-02-11T01:17:03Z"}],
        "attachments": [{"id": "a-1", "title": "Reference document", "file_name": "ref.pdf", "size": 9, "token": "t"}]
    });
    change(&mut value);
    Arc::new(serde_json::from_value(value).unwrap())
}

pub(crate) fn parties() -> Parties {
    Parties {
        company: Decision::new(
            Company {
                id: CompanyId(100),
                identifier: "BigDesign".to_owned(),
                name: "Big Design, Inc.".to_owned(),
                deleted: false,
                default_contact: None,
            },
            "group '48Tech' is mapped by hand",
        ),
        contact: Some(Decision::new(
            Contact {
                id: ContactId(110),
                name: "Patrick Love".to_owned(),
            },
            "primary contact",
        )),
        configuration: Some(Decision::new(
            Configuration {
                id: ConfigurationId(120),
                name: "BigDesign-WRK1".to_owned(),
            },
            "by hand",
        )),
    }
}

fn plan(change: impl Fn(&mut Value), of_case: impl Fn(&mut Value)) -> Result<TicketPlan> {
    ticket(&settings(change), &catalog(), &parties(), &case(of_case))
}

fn refused(change: impl Fn(&mut Value), of_case: impl Fn(&mut Value)) -> Vec<(String, Code)> {
    let faults = plan(change, of_case).unwrap_err().faults;
    assert!(faults.iter().all(|fault| !fault.fix.is_empty()));
    faults
        .into_iter()
        .map(|fault| (fault.pointer, fault.code))
        .collect()
}

#[test]
fn the_guide_s_case_makes_the_guide_s_ticket() {
    let plan = plan(|_| {}, |_| {}).unwrap();
    let body: Value = serde_json::from_slice(&plan.body()).unwrap();
    assert_eq!(body, plan.value());
    assert_eq!(
        body,
        json!({
            "summary": "EventTracker Case #10012 - Windows: Audit log cleared",
            "board": {"id": 1}, "status": {"id": 10}, "type": {"id": 20}, "subType": {"id": 30},
            "company": {"id": 100}, "contact": {"id": 110}, "priority": {"id": 60},
            "impact": "Medium", "severity": "High", "poNumber": "201902074149",
            "externalXRef": "acme-soc:10012",
            "initialDescription": "2/4/2019 10:10:29 PM: The audit log was cleared.\nSubject: Security ID: 48Tech\\John\naccount: 48Tech\\John\nhost: 48Tech-DC1",
            "initialInternalAnalysis": "Comments: reviewing",
            "customFields": [{"id": 80, "caption": "Case Number", "value": "10012"}]
        })
    );
    assert_eq!(plan.first_comment.as_deref(), Some("c-1"));
    assert_eq!(plan.notes.len(), 1);
    assert_eq!(
        plan.notes[0].text,
        "Comments: Final review is done\nRecommendations: Watch\nit"
    );
    assert_eq!(plan.documents[0].title, "Reference document");
    assert!(plan.fields.iter().all(|field| !field.reason.is_empty()));
    assert_eq!(
        plan.field("board").unwrap().reason,
        "route 'audit log cleared' (routes/0): category is 'windows' and kind is 'audit'"
    );
    assert!(plan.body().starts_with(b"{\"summary\":"));
}

#[test]
fn a_field_mapping_applies_map_default_and_length() {
    let with = |mapping: Value| {
        move |document: &mut Value| document["ticket"]["fields"] = json!([mapping.clone()])
    };
    let severity = json!({"field": "severity", "from": "case.severity", "map": {"critical": "High"}, "default": "Medium"});
    let made = plan(with(severity.clone()), |case| {
        case["severity"] = json!("low")
    })
    .unwrap();
    assert_eq!(made.field("severity").unwrap().value, "Medium");
    let made = plan(with(severity), |case| case["severity"] = json!("CRITICAL")).unwrap();
    assert_eq!(made.field("severity").unwrap().value, "High");
    let long = json!({"field": "poNumber", "from": "case.description"});
    let made = plan(with(long.clone()), |_| {}).unwrap();
    let value = made.field("poNumber").unwrap().value.as_str().unwrap();
    assert!(value.ends_with('…') && length(value) <= 50);
    let mut refusing = long;
    refusing["when_long"] = json!("refuse");
    assert_eq!(
        refused(with(refusing), |_| {}),
        [("/description".to_owned(), Code::TooLong)]
    );
    let empty =
        json!({"field": "poNumber", "from": "case.custom_fields.po", "when_empty": "refuse"});
    assert_eq!(
        refused(with(empty), |_| {}),
        [("/custom_fields/po".to_owned(), Code::MissingKey)]
    );
    let number = json!({"custom_field": "score", "from": "case.custom_fields.score"});
    let made = plan(with(number.clone()), |case| {
        case["custom_fields"] = json!({"score": "7.5"})
    })
    .unwrap();
    assert_eq!(
        made.field("customFields").unwrap().value,
        json!([{"id": 81, "caption": "Score", "value": 7.5}])
    );
    assert_eq!(
        refused(with(number), |case| case["custom_fields"] =
            json!({"score": "high"})),
        [("/custom_fields/score".to_owned(), Code::InvalidValue)]
    );
    let location = json!({"field": "location", "default": "Tampa Office"});
    let made = plan(with(location), |_| {}).unwrap();
    assert_eq!(
        made.field("location").unwrap().value,
        json!({"name": "Tampa Office"})
    );
}

#[test]
fn a_severity_or_status_without_a_place_is_refused_with_both_faults() {
    assert_eq!(
        refused(
            |_| {},
            |case| {
                case["severity"] = json!("catastrophic");
                case["status"] = json!("pondering");
            }
        ),
        [
            ("/severity".to_owned(), Code::UnmappedSeverity),
            ("/status".to_owned(), Code::UnmappedStatus)
        ]
    );
}

#[test]
fn a_route_s_priority_stands_before_the_map() {
    let made = plan(
        |document| document["routes"][0]["priority"] = json!("priority 4 - scheduled maintenance"),
        |case| case["severity"] = json!("catastrophic"),
    )
    .unwrap();
    assert_eq!(made.field("priority").unwrap().value, json!({"id": 63}));
}

#[test]
fn names_that_the_board_lacks_are_refused() {
    for (key, name, code) in [
        ("board", "Profesional Services", Code::UnknownBoard),
        ("board", "Projects", Code::UnknownBoard),
        ("board", "Gone", Code::Inactive),
        ("type", "Retired", Code::Inactive),
        ("type", "Sekurity", Code::UnknownType),
        ("subtype", "Firewall", Code::NotAssociated),
        ("item", "Rule", Code::NotAssociated),
        ("team", "NOC", Code::UnknownTeam),
        ("source", "Fax", Code::UnknownSource),
    ] {
        let found = refused(
            |document| {
                document["routes"][0][key] = json!(name);
                if key == "board" {
                    document["status_map"][name] =
                        document["status_map"]["Professional Services"].clone();
                }
            },
            |_| {},
        );
        assert_eq!(found, [(format!("/routes/0/{key}"), code)], "{key} {name}");
    }
}

#[test]
fn summaries_are_one_line_of_at_most_a_hundred_units() {
    let made = plan(
        |_| {},
        |case| case["title"] = json!(format!("a\r\nb\t{}", "😀".repeat(100))),
    )
    .unwrap();
    let summary = made.field("summary").unwrap().value.as_str().unwrap();
    assert!(summary.starts_with("EventTracker Case #10012 - a b 😀"));
    assert!(length(summary) <= 100 && summary.ends_with('…'));
}

#[test]
fn comments_become_the_kind_of_note_that_is_asked_for() {
    let open = |kind: &'static str| {
        move |document: &mut Value| {
            document["ticket"]["notes"] = json!(kind);
            document["ticket"]["initial_description"] = json!(null);
        }
    };
    let visible = |case: &mut Value| case["comments"][0]["visibility"] = json!("discussion");
    let made = plan(open("as_written"), visible).unwrap();
    assert_eq!(
        made.field("initialDescription").unwrap().value,
        "Comments: reviewing"
    );
    assert_eq!(made.field("initialInternalAnalysis"), None);
    assert_eq!(made.notes[0].kind, Visibility::Internal);
    let made = plan(open("discussion"), |_| {}).unwrap();
    assert_eq!(
        made.field("initialDescription").unwrap().value,
        "Comments: reviewing"
    );
    assert_eq!(made.notes[0].kind, Visibility::Discussion);
    let made = plan(open("internal"), visible).unwrap();
    assert_eq!(made.field("initialDescription"), None);
    assert_eq!(
        made.field("initialInternalAnalysis").unwrap().value,
        "Comments: reviewing"
    );
}

#[test]
fn an_ignored_case_makes_no_ticket() {
    let error = plan(
        |_| {},
        |case| {
            case["kind"] = json!("Group Policy");
        },
    )
    .unwrap_err();
    assert!(error.to_string().contains("routes/1"), "{error}");
}
