//! Every finding of the preflight, provoked by breaking the instance or the configuration that way; and that one run tells them
//! all.

#![allow(
    clippy::panic,
    clippy::print_stdout,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a scenario prints its steps and fails by panicking"
)]

use casewire::{
    Code, Command, Config, FINDINGS, Finding, Outcome, PreflightReport, Severity, TestState,
    TestStepKind, WriteProbe,
};
use casewire_scenarios::{Blow, BlowKind, Life, World, document, submit};
use casewire_simulator::{Fault, FaultRule, Level, Match, Module};
use serde_json::{Value, json};
use std::{collections::BTreeSet, time::Duration};

/// How the world is broken, and the finding that must come of it.
struct Break {
    name: &'static str,
    breaks: fn(&mut World, &mut Value),
    writes: bool,
    code: Code,
    severity: Severity,
    pointer: Option<&'static str>,
}

const fn read(
    name: &'static str,
    breaks: fn(&mut World, &mut Value),
    severity: Severity,
    code: Code,
    pointer: Option<&'static str>,
) -> Break {
    Break {
        name,
        breaks,
        writes: false,
        code,
        severity,
        pointer,
    }
}

const fn write(
    name: &'static str,
    breaks: fn(&mut World, &mut Value),
    severity: Severity,
    code: Code,
    pointer: Option<&'static str>,
) -> Break {
    Break {
        writes: true,
        ..read(name, breaks, severity, code, pointer)
    }
}

/// Changes fields of a record, as an administrator would.
fn edit(world: &mut World, list: &str, id: i64, fields: Value) {
    let fields = fields.as_object().unwrap().clone();
    world
        .psa
        .technician("zadmin")
        .edit_setup(list, id, fields)
        .unwrap();
}

/// The id of the record that bears a name.
fn id(world: &World, list: &str, key: &str, name: &str) -> i64 {
    world
        .psa
        .raw(list)
        .unwrap()
        .iter()
        .find(|record| record[key] == name)
        .unwrap_or_else(|| panic!("{name}"))["id"]
        .as_i64()
        .unwrap()
}

fn rename(world: &mut World, list: &str, kind: &str, name: &str) {
    let id = id(world, kind, "name", name);
    edit(world, list, id, json!({ "name": "Something else" }));
}

fn company(world: &mut World, identifier: &str, fields: Value) {
    let id = id(world, "company/companies", "identifier", identifier);
    edit(world, "company/companies", id, fields);
}

fn revoke(world: &mut World, module: Module, level: Level) {
    world.psa.settings.api_members[0].role.revoke(module, level);
}

fn fault(world: &mut World, method: &str, path: &str, fault: Fault, times: Option<u32>) {
    world.psa.add_fault(FaultRule {
        when: Match {
            method: Some(method.to_owned()),
            path: Some(path.to_owned()),
            ..Match::default()
        },
        fault,
        times,
    });
}

const BREAKS: &[Break] = &[
    read(
        "a custom field's default that is no option",
        |_, c| {
            c["ticket"]["fields"] =
                json!([{ "custom_field": "Detection Source", "default": "Telegraph" }]);
        },
        Severity::Error,
        Code::InvalidValue,
        Some("/ticket/fields/0/default"),
    ),
    read(
        "a status that was switched on",
        |w, _| {
            let id = id(w, "service/boards/statuses", "name", "Escalated (old)");
            edit(
                w,
                "service/boards/1/statuses",
                id,
                json!({ "inactive": false }),
            );
        },
        Severity::Error,
        Code::UnmappedStatus,
        Some("/status_map/Professional Services/to_case"),
    ),
    read(
        "a board that was renamed",
        |w, _| {
            rename(
                w,
                "service/boards",
                "service/boards",
                "Professional Services",
            )
        },
        Severity::Error,
        Code::UnknownBoard,
        Some("/routes/0/board"),
    ),
    read(
        "a board that the member may not see",
        |w, _| {
            let role = &mut w.psa.settings.api_members[0].role;
            role.hidden_boards.insert(1);
        },
        Severity::Error,
        Code::UnknownBoard,
        Some("/routes/0/board"),
    ),
    read(
        "a status that was renamed",
        |w, _| {
            rename(
                w,
                "service/boards/1/statuses",
                "service/boards/statuses",
                "In Progress",
            )
        },
        Severity::Error,
        Code::UnknownStatus,
        Some("/status_map/Professional Services/to_ticket/in_progress"),
    ),
    read(
        "a type that was renamed",
        |w, _| {
            rename(
                w,
                "service/boards/1/types",
                "service/boards/types",
                "Security",
            )
        },
        Severity::Error,
        Code::UnknownType,
        Some("/routes/0/type"),
    ),
    read(
        "a type that was deactivated",
        |w, _| {
            let id = id(w, "service/boards/types", "name", "Security");
            edit(
                w,
                "service/boards/1/types",
                id,
                json!({ "inactiveFlag": true }),
            );
        },
        Severity::Error,
        Code::Inactive,
        Some("/routes/0/type"),
    ),
    read(
        "a subtype that was renamed",
        |w, _| {
            rename(
                w,
                "service/boards/1/subtypes",
                "service/boards/subtypes",
                "Audit",
            )
        },
        Severity::Error,
        Code::UnknownSubtype,
        Some("/routes/0/subtype"),
    ),
    read(
        "an item that was renamed",
        |w, c| {
            c["routes"][0]["item"] = json!("Log");
            rename(w, "service/boards/1/items", "service/boards/items", "Log");
        },
        Severity::Error,
        Code::UnknownItem,
        Some("/routes/0/item"),
    ),
    read(
        "an item that does not go with the subtype",
        |_, c| c["routes"][0]["item"] = json!("Endpoint"),
        Severity::Error,
        Code::NotAssociated,
        Some("/routes/0/item"),
    ),
    read(
        "a team that was renamed",
        |w, c| {
            c["routes"][0]["team"] = json!("Security Operations");
            rename(
                w,
                "service/boards/1/teams",
                "service/boards/teams",
                "Security Operations",
            );
        },
        Severity::Error,
        Code::UnknownTeam,
        Some("/routes/0/team"),
    ),
    read(
        "a priority that was renamed",
        |w, _| {
            let name = "Priority 3 - Normal Response";
            rename(w, "service/priorities", "service/priorities", name);
        },
        Severity::Error,
        Code::UnknownPriority,
        Some("/priority_map/medium"),
    ),
    read(
        "priorities that mean no severity",
        |_, _| {},
        Severity::Warning,
        Code::UnmappedPriority,
        Some("/priority_to_case/Priority 2 - Quick Response"),
    ),
    read(
        "a source that was renamed",
        |w, c| {
            c["routes"][0]["source"] = json!("Monitoring");
            rename(w, "service/sources", "service/sources", "Monitoring");
        },
        Severity::Error,
        Code::UnknownSource,
        Some("/routes/0/source"),
    ),
    read(
        "a custom field that was renamed",
        |w, c| {
            c["ticket"]["fields"] =
                json!([{ "custom_field": "Case Number", "from": "case.number" }]);
            let fields = json!({ "caption": "Something else" });
            edit(w, "system/userDefinedFields", 1, fields);
        },
        Severity::Error,
        Code::UnknownCustomField,
        Some("/ticket/fields/0/custom_field"),
    ),
    read(
        "a custom field that tickets must have",
        |w, _| {
            let fields = json!({ "requiredFlag": true });
            edit(w, "system/userDefinedFields", 1, fields);
        },
        Severity::Warning,
        Code::UnfilledField,
        Some("/ticket/fields"),
    ),
    read(
        "a custom field that tickets must have and a case may leave empty",
        |w, c| {
            c["ticket"]["fields"] =
                json!([{ "custom_field": "Case Number", "from": "case.number" }]);
            let fields = json!({ "requiredFlag": true });
            edit(w, "system/userDefinedFields", 1, fields);
        },
        Severity::Warning,
        Code::UnfilledField,
        Some("/ticket/fields/0"),
    ),
    read(
        "a status that no longer closes, for a source that clears",
        |w, _| {
            let id = id(w, "service/boards/statuses", "name", "Closed");
            edit(
                w,
                "service/boards/1/statuses",
                id,
                json!({ "closedStatus": false }),
            );
        },
        Severity::Warning,
        Code::StatusNotClosed,
        Some("/routes/0/status/cleared"),
    ),
    read(
        "a status that no longer closes, for a case that is closed",
        |w, _| {
            let id = id(w, "service/boards/statuses", "name", "Closed");
            edit(
                w,
                "service/boards/1/statuses",
                id,
                json!({ "closedStatus": false }),
            );
        },
        Severity::Warning,
        Code::StatusNotClosed,
        Some("/status_map/Professional Services/to_ticket/closed"),
    ),
    read(
        "a kind without a subtype",
        |_, c| {
            let route = &mut c["routes"][0];
            drop(route.as_object_mut().unwrap().remove("subtype"));
            route["when"] = json!({ "kind": ["audit", "malware"] });
            route["subtype_by_kind"] = json!({ "audit": "Audit" });
        },
        Severity::Warning,
        Code::MissingSubtype,
        Some("/routes/0/subtype_by_kind"),
    ),
    read(
        "a company in the recycle bin",
        |w, _| company(w, "BigDesign", json!({ "deletedFlag": true })),
        Severity::Error,
        Code::UnusableCompany,
        Some("/companies/map/0/company"),
    ),
    read(
        "a company that takes no tickets",
        |w, _| company(w, "BigDesign", json!({ "status": { "id": 3 } })),
        Severity::Error,
        Code::UnusableCompany,
        Some("/companies/map/0/company"),
    ),
    read(
        "a company that is not there",
        |w, _| company(w, "BigDesign", json!({ "identifier": "BiggerDesign" })),
        Severity::Error,
        Code::UnusableCompany,
        Some("/companies/map/0/company"),
    ),
    read(
        "a name that two companies bear",
        |_, c| {
            c["companies"]["unmapped"] =
                json!({ "policy": "catch_all", "company": { "name": "Northwind" } });
        },
        Severity::Error,
        Code::UnusableCompany,
        Some("/companies/unmapped/company"),
    ),
    read(
        "an inactive company",
        |w, _| company(w, "BigDesign", json!({ "status": { "id": 2 } })),
        Severity::Warning,
        Code::InactiveCompany,
        Some("/companies/map/0/company"),
    ),
    read(
        "a device configuration that was deactivated",
        |w, _| {
            let id = id(w, "company/configurations", "name", "BigDesign-WRK1");
            edit(
                w,
                "company/configurations",
                id,
                json!({ "activeFlag": false }),
            );
        },
        Severity::Error,
        Code::UnusableConfiguration,
        Some("/configurations/map/0/configuration"),
    ),
    read(
        "a device configuration of another company",
        |_, c| {
            c["configurations"]["map"][0]["configuration"] = json!({ "name": "WideWorld-WRK1" });
        },
        Severity::Error,
        Code::UnusableConfiguration,
        Some("/configurations/map/0/configuration"),
    ),
    read(
        "a device configuration that is there twice",
        |w, _| {
            let id = id(w, "company/configurations", "name", "BigDesign-WRK2");
            edit(
                w,
                "company/configurations",
                id,
                json!({ "name": "bigdesign-wrk1" }),
            );
        },
        Severity::Error,
        Code::UnusableConfiguration,
        Some("/configurations/map/0/configuration"),
    ),
    read(
        "an old release",
        |w, _| w.psa.release("v2018_6"),
        Severity::Error,
        Code::ReleaseTooOld,
        None,
    ),
    read(
        "keys that have ended",
        |_, c| c["connection"]["credential_expiry"] = json!("2019-02-10"),
        Severity::Error,
        Code::CredentialExpiry,
        Some("/connection/credential_expiry"),
    ),
    read(
        "keys that end soon",
        |_, c| c["connection"]["credential_expiry"] = json!("2019-03-13"),
        Severity::Warning,
        Code::CredentialExpiry,
        Some("/connection/credential_expiry"),
    ),
    read(
        "a role without contacts",
        |w, _| revoke(w, Module::Contacts, Level::Inquire),
        Severity::Error,
        Code::MissingRight,
        None,
    ),
    read(
        "teams of a board that the member may not read",
        |w, _| fault(w, "GET", "service/boards/1/teams", Fault::Forbidden, None),
        Severity::Error,
        Code::MissingRight,
        Some("/routes/0/board"),
    ),
    read(
        "a server that fails for a moment",
        |w, _| fault(w, "GET", "service/boards/1/teams", Fault::ServerError, None),
        Severity::Warning,
        Code::NotChecked,
        Some("/routes/0/board"),
    ),
    read(
        "a role whose lack of a right shows as an empty list",
        |w, _| {
            w.psa.settings.quirks.missing_right_is_empty = true;
            revoke(w, Module::CompanyMaintenance, Level::Inquire);
        },
        Severity::Warning,
        Code::NotChecked,
        None,
    ),
    read(
        "keys whose owner no ticket has shown yet",
        |_, _| {},
        Severity::Info,
        Code::NotChecked,
        None,
    ),
    read(
        "a summary whose fixed text is longer than the field",
        |_, c| c["ticket"]["summary"] = json!(format!("{} {{{{ case.title }}}}", "x".repeat(101))),
        Severity::Warning,
        Code::TextCut,
        Some("/ticket/summary"),
    ),
    read(
        "a field whose fixed text is longer than it, and that is never cut",
        |_, c| {
            let template = format!("{}{{{{ case.number }}}}", "x".repeat(51));
            c["ticket"]["fields"] =
                json!([{ "field": "poNumber", "template": template, "when_long": "refuse" }]);
        },
        Severity::Error,
        Code::TextCut,
        Some("/ticket/fields/0/template"),
    ),
    write(
        "an API member with another default board",
        |w, _| {
            let fields = json!({ "serviceDefaultBoard": { "id": 2 } });
            edit(w, "system/members", 1, fields);
        },
        Severity::Info,
        Code::OtherDefaultBoard,
        Some("/routes"),
    ),
    write(
        "a person's keys",
        |w, _| edit(w, "system/members", 1, json!({ "licenseClass": "F" })),
        Severity::Warning,
        Code::PersonalKeys,
        Some("/connection"),
    ),
    read(
        "a release after the one that was probed",
        |w, c| {
            let config = Config::from_json(c.to_string().as_bytes()).unwrap();
            let probe = Command::Probe {
                sandbox: true,
                company: None,
            };
            let life = w.live(&config, vec![probe], None).unwrap();
            assert!(
                life.finished.iter().all(|f| f.result.is_ok()),
                "{:#?}",
                life.finished
            );
            w.psa.release("v2025_2");
        },
        Severity::Info,
        Code::OutdatedQuirks,
        None,
    ),
    write(
        "a rule that lets no ticket be closed",
        |w, _| {
            edit(
                w,
                "system/userDefinedFields",
                1,
                json!({ "requiredFlag": true }),
            )
        },
        Severity::Error,
        Code::TestTicketLeft,
        Some("/routes/0"),
    ),
    write(
        "text files that are refused",
        |w, _| w.psa.settings.refused_extensions.extend(["txt".to_owned()]),
        Severity::Error,
        Code::TestStepRefused,
        Some("/routes/0"),
    ),
    write(
        "a note whose answer is lost",
        |w, _| {
            fault(
                w,
                "POST",
                "service/tickets/{id}/notes",
                Fault::AnswerLost,
                Some(1),
            )
        },
        Severity::Warning,
        Code::TestStepUnclear,
        Some("/routes/0"),
    ),
    write(
        "a role that may not close",
        |w, _| revoke(w, Module::CloseServiceTickets, Level::Edit),
        Severity::Error,
        Code::MissingRight,
        Some("/routes/0"),
    ),
    write(
        "a role that may not edit (guide 001's)",
        |w, _| revoke(w, Module::ServiceTickets, Level::Edit),
        Severity::Error,
        Code::MissingRight,
        Some("/routes/0"),
    ),
    write(
        "a role that may not attach",
        |w, _| revoke(w, Module::ManageAttachments, Level::Add),
        Severity::Error,
        Code::MissingRight,
        Some("/routes/0"),
    ),
];

fn preflight(writes: bool) -> Command {
    Command::Preflight {
        write_probe: writes.then(WriteProbe::default),
        also: BTreeSet::new(),
    }
}

fn report(life: &Life) -> &PreflightReport {
    life.finished
        .iter()
        .find_map(|finished| match &finished.result {
            Ok(Outcome::Preflight(report)) => Some(&**report),
            _ => None,
        })
        .unwrap_or_else(|| panic!("{:#?}", life.finished))
}

fn check(world: &mut World, document: &Value, writes: bool) -> PreflightReport {
    let config = Config::from_json(document.to_string().as_bytes()).unwrap();
    let life = world.live(&config, vec![preflight(writes)], None).unwrap();
    report(&life).clone()
}

fn has(report: &PreflightReport, broken: &Break) -> bool {
    report.findings.iter().any(|finding| {
        finding.code == broken.code
            && finding.severity == broken.severity
            && finding.pointer.as_deref() == broken.pointer
    })
}

#[test]
fn every_way_to_break_the_instance_is_found_with_its_place_and_its_fix() {
    for broken in BREAKS {
        println!("{}", broken.name);
        let mut world = World::new(1);
        let mut document = document(true);
        (broken.breaks)(&mut world, &mut document);
        let report = check(&mut world, &document, broken.writes);
        assert!(
            has(&report, broken),
            "{}: {:#?}",
            broken.name,
            report.findings
        );
        let errors = |finding: &Finding| finding.severity == Severity::Error;
        let failed = report.findings.iter().any(errors) || !report.connection.ok;
        assert_eq!(report.ok, !failed, "{}", broken.name);
        for finding in &report.findings {
            assert!(
                !finding.message.is_empty() && !finding.fix.is_empty(),
                "{finding:?}"
            );
            let kind = (finding.code, finding.severity);
            assert!(FINDINGS.contains(&kind), "{kind:?} is not in the table");
        }
        assert!(
            report.findings.windows(2).all(|pair| pair[0] <= pair[1]),
            "sorted"
        );
    }
}

#[test]
fn no_finding_of_the_table_is_without_its_provocation() {
    let provoked = |kind: &(Code, Severity)| {
        BREAKS
            .iter()
            .any(|broken| (broken.code, broken.severity) == *kind)
    };
    let missing: Vec<_> = FINDINGS.iter().filter(|kind| !provoked(kind)).collect();
    assert!(missing.is_empty(), "{missing:?}");
}

#[test]
fn what_is_whole_has_no_finding_but_what_is_worth_knowing() {
    let mut world = World::new(1);
    let mut document = document(true);
    document["priority_map"]["high"] = json!("Priority 2 - Quick Response");
    document["priority_map"]["low"] = json!("Priority 4 - Scheduled Maintenance");
    let report = check(&mut world, &document, true);
    assert!(report.ok);
    assert_eq!(report.findings, []);
    let states: Vec<_> = report.test_tickets[0]
        .steps
        .iter()
        .map(|step| (step.step, step.state))
        .collect();
    assert_eq!(
        states,
        [
            (TestStepKind::Open, TestState::Done),
            (TestStepKind::Note, TestState::Done),
            (TestStepKind::Attach, TestState::Done),
            (TestStepKind::Change, TestState::Done),
            (TestStepKind::Close, TestState::Done),
        ]
    );
    assert_left_nothing(&mut world, 1);
}

#[test]
fn one_run_tells_everything_at_once() {
    let mut world = World::new(1);
    let mut document = document(true);
    let at_once = [
        "a role without contacts",
        "teams of a board that the member may not read",
        "a subtype that was renamed",
        "a company in the recycle bin",
        "a device configuration that was deactivated",
        "keys that have ended",
        "a summary whose fixed text is longer than the field",
    ];
    let chosen: Vec<&Break> = BREAKS
        .iter()
        .filter(|broken| at_once.contains(&broken.name))
        .collect();
    assert_eq!(chosen.len(), at_once.len());
    for broken in &chosen {
        (broken.breaks)(&mut world, &mut document);
    }
    let report = check(&mut world, &document, false);
    for broken in chosen {
        assert!(
            has(&report, broken),
            "{}: {:#?}",
            broken.name,
            report.findings
        );
    }
}

#[test]
fn what_could_not_be_read_is_not_said_to_be_missing() {
    let mut world = World::new(1);
    let mut document = document(true);
    document["routes"][0]["team"] = json!("Security Operations");
    let path = "service/boards/1/teams";
    fault(&mut world, "GET", path, Fault::Forbidden, None);
    let report = check(&mut world, &document, false);
    let unknown = |finding: &&Finding| finding.code == Code::UnknownTeam;
    assert!(!report.findings.iter().any(|finding| unknown(&finding)));
}

#[test]
fn reading_alone_writes_nothing() {
    let mut world = World::new(1);
    let config = Config::from_json(document(true).to_string().as_bytes()).unwrap();
    let life = world.live(&config, vec![preflight(false)], None).unwrap();
    assert!(
        life.sent.iter().all(|sent| sent.starts_with("GET ")),
        "{:?}",
        life.sent
    );
    assert_eq!(world.store.records().count(), 0);
}

#[test]
fn a_connection_that_fails_is_the_only_thing_told_of_the_instance() {
    let mut world = World::new(1);
    let mut document = document(true);
    document["connection"]["company_id"] = json!("nobody");
    document["connection"]["credential_expiry"] = json!("2019-02-10");
    let report = check(&mut world, &document, true);
    assert!(!report.connection.ok && !report.ok);
    let codes: Vec<Code> = report.findings.iter().map(|finding| finding.code).collect();
    assert_eq!(codes, [Code::CredentialExpiry]);
    assert!(!report.role.is_empty());
}

#[test]
fn every_route_is_tried_where_that_is_asked_for() {
    let mut world = World::new(1);
    let mut document = document(true);
    let mut second = document["routes"][0].clone();
    document["routes"][0]["when"] = json!({ "kind": ["audit"] });
    second["name"] = json!("the rest");
    second["subtype"] = json!("Malware");
    document["routes"].as_array_mut().unwrap().push(second);
    let config = Config::from_json(document.to_string().as_bytes()).unwrap();
    let command = Command::Preflight {
        write_probe: Some(WriteProbe {
            every_route: true,
            company: None,
        }),
        also: BTreeSet::new(),
    };
    let life = world.live(&config, vec![command], None).unwrap();
    assert_eq!(report(&life).test_tickets.len(), 2);
    assert_left_nothing(&mut world, 2);
}

/// All test tickets are closed and no record of them is left.
fn assert_left_nothing(world: &mut World, tickets: usize) {
    let all = world.psa.raw("tickets").unwrap();
    assert_eq!(all.len(), tickets, "{all:#?}");
    assert!(
        all.iter().all(|ticket| ticket["closedFlag"] == true),
        "{all:#?}"
    );
    let left = world
        .store
        .records()
        .filter(|record| record.key.contains("/trial/"));
    assert_eq!(left.count(), 0);
}

#[test]
fn a_test_ticket_that_could_not_be_closed_is_closed_by_the_next_test() {
    let mut world = World::new(1);
    edit(
        &mut world,
        "system/userDefinedFields",
        1,
        json!({ "requiredFlag": true }),
    );
    let document = document(true);
    assert!(!check(&mut world, &document, true).ok);
    edit(
        &mut world,
        "system/userDefinedFields",
        1,
        json!({ "requiredFlag": false }),
    );
    let report = check(&mut world, &document, true);
    let first = &report.test_tickets[0].steps[0];
    assert_eq!(
        (first.step, first.state),
        (TestStepKind::CleanUp, TestState::Done)
    );
    assert_left_nothing(&mut world, 2);
}

#[test]
fn a_store_that_was_lost_does_not_leave_the_test_ticket_open() {
    let mut world = World::new(1);
    revoke(&mut world, Module::CloseServiceTickets, Level::Edit);
    let document = document(true);
    check(&mut world, &document, true);
    world.store = casewire::MemoryStore::new();
    world.psa.settings.api_members[0]
        .role
        .grant(Module::CloseServiceTickets, Level::Edit);
    check(&mut world, &document, true);
    assert_left_nothing(&mut world, 2);
}

/// The host dies at any effect of the write probe, with the request performed, not performed, or performed later: the next test
/// leaves nothing behind.
#[test]
fn a_crash_leaves_nothing_that_the_next_test_does_not_close() {
    let mut document = document(true);
    document["routes"][0]["status"]["updated"] = json!("In Progress");
    let config = Config::from_json(document.to_string().as_bytes()).unwrap();
    let effects = {
        let mut world = World::new(1);
        world
            .live(&config, vec![preflight(true)], None)
            .unwrap()
            .effects
    };
    for at in 1..=effects {
        for kind in [
            BlowKind::DiesBefore,
            BlowKind::DiesAfter,
            BlowKind::DiesAndLandsLate(Duration::from_secs(20)),
        ] {
            let blow = Blow { at, kind };
            let mut world = World::new(1);
            world
                .live(&config, vec![preflight(true)], Some(&blow))
                .unwrap();
            let life = world.live(&config, vec![preflight(true)], None).unwrap();
            assert!(report(&life).ok, "{blow}: {:#?}", report(&life).findings);
            // What was still under way has landed by then.
            world.pass_until(world.now.after(Duration::from_secs(3600)));
            let tickets = world.psa.raw("tickets").unwrap().len();
            assert!((1..=2).contains(&tickets), "{blow}: {tickets}");
            assert_left_nothing(&mut world, tickets);
        }
    }
}

/// Answers get lost, requests land late, the store fails: no test ticket stays open after the next test, and none is opened
/// twice.
#[test]
fn a_disturbed_test_opens_no_second_ticket() {
    let mut document = document(true);
    // A change that lands after the closing would open the ticket again.
    document["routes"][0]["status"]["updated"] = json!("In Progress");
    let config = Config::from_json(document.to_string().as_bytes()).unwrap();
    let requests = {
        let mut world = World::new(1);
        world
            .live(&config, vec![preflight(true)], None)
            .unwrap()
            .requests
    };
    for at in 1..=requests {
        for kind in [
            BlowKind::NotSent,
            BlowKind::LandsLate(Duration::from_secs(20)),
            BlowKind::Instance(Fault::AnswerLost),
            BlowKind::Instance(Fault::BadGatewayAfter),
        ] {
            let blow = Blow { at, kind };
            let mut world = World::new(1);
            world
                .live(&config, vec![preflight(true)], Some(&blow))
                .unwrap();
            assert!(world.psa.raw("tickets").unwrap().len() <= 1, "{blow}");
            world.live(&config, vec![preflight(true)], None).unwrap();
            world.pass_until(world.now.after(Duration::from_secs(3600)));
            let tickets = world.psa.raw("tickets").unwrap().len();
            assert_left_nothing(&mut world, tickets);
        }
    }
}

/// A change whose answer was lost lands after the closing was due: the test waits it out, and needs no next test to put it right.
#[test]
fn a_change_that_lands_late_does_not_open_the_closed_test_ticket_again() {
    let mut document = document(true);
    document["routes"][0]["status"]["updated"] = json!("In Progress");
    let config = Config::from_json(document.to_string().as_bytes()).unwrap();
    let requests = {
        let mut world = World::new(1);
        world
            .live(&config, vec![preflight(true)], None)
            .unwrap()
            .requests
    };
    for at in 1..=requests {
        for seconds in [1, 20, 85] {
            let kind = BlowKind::LandsLate(Duration::from_secs(seconds));
            let blow = Blow { at, kind };
            let mut world = World::new(1);
            world
                .live(&config, vec![preflight(true)], Some(&blow))
                .unwrap();
            world.pass_until(world.now.after(Duration::from_secs(3600)));
            let tickets = world.psa.raw("tickets").unwrap();
            assert!(
                tickets.iter().all(|ticket| ticket["closedFlag"] == true),
                "{blow}: {tickets:#?}"
            );
        }
    }
}

#[test]
fn the_member_is_known_from_any_ticket_of_a_case() {
    let mut world = World::new(1);
    let config = Config::from_json(document(true).to_string().as_bytes()).unwrap();
    let case = casewire::Case::from_json(
        casewire_scenarios::case_document("10012")
            .to_string()
            .as_bytes(),
    );
    world
        .live(&config, submit(vec![case.unwrap()]), None)
        .unwrap();
    edit(
        &mut world,
        "system/members",
        1,
        json!({ "licenseClass": "F" }),
    );
    let report = check(&mut world, &document(true), false);
    let personal = |finding: &Finding| finding.code == Code::PersonalKeys;
    assert!(
        report.findings.iter().any(personal),
        "{:#?}",
        report.findings
    );
}

/// What groups and systems are mapped to in the store is looked at, too.
#[test]
fn a_mapping_of_the_store_that_points_nowhere_is_found() {
    let mut world = World::new(1);
    let document = document(true);
    let config = Config::from_json(document.to_string().as_bytes()).unwrap();
    let set = json!({ "command": "set_mapping", "mappings": [
        { "kind": "group", "id": "Elsewhere", "company": { "identifier": "WideWorld" } },
        { "kind": "system", "id": "s1", "group": "Elsewhere", "configuration": { "name": "WideWorld-WRK1" } },
    ] });
    let set = Command::from_json(set.to_string().as_bytes()).unwrap();
    let life = world.live(&config, vec![set], None).unwrap();
    assert!(
        life.finished.iter().all(|finished| finished.result.is_ok()),
        "{life:#?}"
    );
    let before = check(&mut world, &document, false);
    let unusable = |report: &PreflightReport, code: Code, word: &str| {
        report
            .findings
            .iter()
            .any(|finding| finding.code == code && finding.message.contains(word))
    };
    assert!(
        !unusable(&before, Code::UnusableCompany, "Elsewhere"),
        "{before:#?}"
    );
    assert!(
        !unusable(&before, Code::UnusableConfiguration, "s1"),
        "{before:#?}"
    );

    company(&mut world, "WideWorld", json!({ "deletedFlag": true }));
    let device = id(&world, "company/configurations", "name", "WideWorld-WRK1");
    edit(
        &mut world,
        "company/configurations",
        device,
        json!({ "activeFlag": false }),
    );
    let after = check(&mut world, &document, false);
    assert!(
        unusable(&after, Code::UnusableCompany, "'Elsewhere'"),
        "{after:#?}"
    );
    assert!(
        unusable(&after, Code::UnusableConfiguration, "'s1'"),
        "{after:#?}"
    );
    assert!(!after.ok);
}
