//! Guide 003, "ConnectWise CMDB Outbound Integration": devices become configurations.

#![allow(
    clippy::panic,
    clippy::print_stdout,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a scenario prints its steps and fails by panicking"
)]

use casewire::{
    Code, Command, Config, Device, DeviceAction, DeviceOutcome, DevicePlan, DevicesReport, Error,
    MatchedBy, Outcome, Schedule, Task,
};
use casewire_scenarios::{
    Life, World,
    devices::{config, configurations, discovered, document},
};
use serde_json::{Value, json};
use std::time::Duration;

fn step(name: &str) {
    println!("  {name}");
}

fn lives(world: &mut World, config: &Config, command: Command) -> (Result<Outcome, Error>, Life) {
    let mut life = world.live(config, vec![command], None).unwrap();
    let own = life
        .finished
        .iter()
        .rposition(|finished| !matches!(finished.result, Ok(Outcome::Resumed { .. })));
    (life.finished.remove(own.unwrap()).result, life)
}

fn preview(world: &mut World, config: &Config, devices: &[Device]) -> DevicePlan {
    let command = Command::PreviewDevices {
        devices: devices.to_vec(),
    };
    let (outcome, life) = lives(world, config, command);
    assert!(
        life.sent.iter().all(|sent| sent.starts_with("GET ")),
        "{:?}",
        life.sent
    );
    match outcome.unwrap() {
        Outcome::DevicePlan(plan) => *plan,
        other => panic!("{other:?}"),
    }
}

fn send(world: &mut World, config: &Config, devices: &[Device]) -> (DevicesReport, Vec<String>) {
    let command = Command::SendDevices {
        devices: devices.to_vec(),
    };
    let (outcome, life) = lives(world, config, command);
    match outcome.unwrap() {
        Outcome::DevicesSent(report) => (*report, life.sent),
        other => panic!("{other:?}"),
    }
}

fn writes(sent: &[String]) -> Vec<&str> {
    let writes = sent.iter().filter(|sent| !sent.starts_with("GET "));
    writes.map(|sent| sent.split('?').next().unwrap()).collect()
}

fn schedule(world: &mut World, config: &Config, command: Command) -> Schedule {
    match lives(world, config, command).0.unwrap() {
        Outcome::Schedule(schedule) => schedule,
        other => panic!("{other:?}"),
    }
}

fn due(schedule: &Schedule) -> Option<bool> {
    let mut tasks = schedule.tasks.iter();
    Some(tasks.find(|due| due.task == Task::SendDevices)?.now)
}

#[test]
fn guide_003_cmdb_outbound_integration() {
    println!("Guide 003, ConnectWise CMDB Outbound Integration");
    let mut world = World::new(1);
    let config = config(|_| {});
    let devices = discovered();

    step("Step 1: create a CMDB outbound integration; columns, data mapping, groups, max devices");
    let plan = preview(&mut world, &config, &devices);
    assert_eq!((plan.steps.len(), plan.unchanged, plan.left_out), (4, 0, 0));
    let DeviceAction::Update {
        matched_by,
        changes,
        ..
    } = &plan.steps[0].action
    else {
        panic!("{:#?}", plan.steps[0]);
    };
    assert_eq!(*matched_by, MatchedBy::Identifier);
    let columns: Vec<&str> = changes
        .iter()
        .map(|change| change.column.as_str())
        .collect();
    assert_eq!(
        columns,
        ["ipAddress", "osType"],
        "the MAC is the same in another notation"
    );
    assert_eq!(changes[0].before, "192.168.4.10");
    let DeviceAction::Update { matched_by, .. } = &plan.steps[1].action else {
        panic!("{:#?}", plan.steps[1]);
    };
    assert_eq!(*matched_by, MatchedBy::Mac);
    let DeviceAction::Create { fields } = &plan.steps[2].action else {
        panic!("{:#?}", plan.steps[2]);
    };
    let of = |column: &str| fields.iter().find(|field| field.column == column).unwrap();
    assert_eq!(of("type").after["name"], "Firewall", "data mapping");
    assert_eq!(of("Firmware version").after, "7.2.8", "put to a question");
    let DeviceAction::Create { fields } = &plan.steps[3].action else {
        panic!("{:#?}", plan.steps[3]);
    };
    assert!(
        fields
            .iter()
            .any(|field| field.after["name"] == "Managed Workstation"),
        "default mapped value"
    );
    assert!(
        configurations(&world, "BigDesign-FW1").is_empty(),
        "a preview sends nothing"
    );

    step("Step 2: run after discovery");
    assert_eq!(due(&schedule(&mut world, &config, Command::DueTasks)), None);
    let found = schedule(&mut world, &config, Command::DevicesDiscovered);
    assert_eq!(due(&found), Some(true));

    step("the devices are sent: two are changed, two are made");
    let (report, sent) = send(&mut world, &config, &devices);
    let made: Vec<bool> = report
        .results
        .iter()
        .map(|result| match &result.result {
            DeviceOutcome::Created { not_taken, .. } => {
                assert!(not_taken.is_empty());
                true
            }
            DeviceOutcome::Updated { not_taken, .. } => {
                assert!(not_taken.is_empty());
                false
            }
            DeviceOutcome::Refused { faults } => panic!("{faults:#?}"),
        })
        .collect();
    assert_eq!(made, [false, false, true, true]);
    assert_eq!(writes(&sent).len(), 4);
    let firewall = &configurations(&world, "BigDesign-FW1")[0];
    assert_eq!(firewall["serialNumber"], "FGT-0815");
    assert_eq!(firewall["questions"][0]["answer"], "7.2.8");
    assert_eq!(
        due(&schedule(&mut world, &config, Command::DueTasks)),
        None,
        "it has run"
    );

    step("a second run finds nothing to do");
    let (report, sent) = send(&mut world, &config, &devices);
    assert_eq!((report.results.len(), report.unchanged), (0, 4));
    assert_eq!(writes(&sent), Vec::<&str>::new());

    step("what changes in the host is changed in ConnectWise, and no more");
    let mut renamed = devices.clone();
    renamed[3].name = Some("WideWorld-HQ1".to_owned());
    renamed[3].macs.clear();
    renamed[3].serial_number = None;
    renamed[2]
        .fields
        .insert("firmware".to_owned(), json!("7.4.1"));
    let (report, sent) = send(&mut world, &config, &renamed);
    assert_eq!(
        (report.results.len(), report.unchanged),
        (2, 2),
        "{report:#?}"
    );
    assert!(
        writes(&sent).iter().all(|sent| sent.starts_with("PATCH ")),
        "{sent:?}"
    );
    assert_eq!(configurations(&world, "WideWorld-HQ1").len(), 1);
    assert_eq!(
        configurations(&world, "BigDesign-FW1")[0]["questions"][0]["answer"],
        "7.4.1"
    );
}

#[test]
fn only_members_of_the_groups_are_sent_and_no_more_than_asked_for() {
    let mut world = World::new(1);
    let config = config(|document| {
        document["devices"]["groups"] = json!(["windows"]);
        document["devices"]["run_for"] = json!(["BigDesign"]);
        document["devices"]["max_devices"] = json!(1);
    });
    let devices = discovered();
    let (report, sent) = send(&mut world, &config, &devices);
    assert_eq!(
        (report.left_out, report.deferred, report.results.len()),
        (2, 1, 1)
    );
    assert_eq!(writes(&sent).len(), 1);
    let (report, _) = send(&mut world, &config, &devices);
    assert_eq!(
        (report.unchanged, report.deferred, report.results.len()),
        (1, 0, 1)
    );
}

#[test]
fn a_required_question_without_an_answer_is_named() {
    let mut world = World::new(1);
    let config = config(|_| {});
    let mut devices = vec![discovered().remove(2)];
    devices[0].fields.clear();
    let (report, sent) = send(&mut world, &config, &devices);
    let DeviceOutcome::Refused { faults } = &report.results[0].result else {
        panic!("{report:#?}");
    };
    assert_eq!(
        (faults[0].code, faults[0].pointer.as_str()),
        (Code::MissingKey, "/devices/0")
    );
    assert!(
        faults[0].message.contains("'Firmware version'"),
        "{faults:?}"
    );
    assert!(faults[0].fix.contains("default"), "{faults:?}");
    assert_eq!(writes(&sent), Vec::<&str>::new());
    let config = casewire_scenarios::devices::config(|document| {
        document["devices"]["columns"][6]["default"] = json!("unknown");
    });
    let (report, _) = send(&mut world, &config, &devices);
    assert!(
        matches!(report.results[0].result, DeviceOutcome::Created { .. }),
        "{report:#?}"
    );
}

#[test]
fn what_is_not_clear_or_has_no_company_is_refused_and_the_others_go_on() {
    let mut world = World::new(1);
    let config = config(|_| {});
    let mut devices = discovered();
    devices[0].serial_number = Some("ANOTHER".to_owned());
    devices[0].id = "BD-DC9".to_owned();
    devices[1].group = "Nobody".to_owned();
    devices[3].kind = Some("Firewall".to_owned());
    let (report, _) = send(&mut world, &config, &devices);
    let why: Vec<&str> = report
        .results
        .iter()
        .map(|result| match &result.result {
            DeviceOutcome::Refused { faults } => faults[0].message.as_str(),
            _ => "sent",
        })
        .collect();
    assert!(why[0].contains("serial number 'VMW-4F-B7'"), "{why:?}");
    assert!(why[1].contains("has no company"), "{why:?}");
    assert_eq!(why[2], "sent");
    assert!(why[3].contains("Firmware version"), "{why:?}");
}

#[test]
fn a_configuration_with_faults_is_refused_whole() {
    let mut document = document();
    document["devices"] = json!({
        "columns": [
            { "field": "serial", "from": "device.serial" },
            { "field": "name", "question": "x", "from": "device.name" },
            { "field": "ram" },
        ],
        "max_devices": 0, "every": "1s",
    });
    let error = Config::from_json(document.to_string().as_bytes()).unwrap_err();
    let mut places: Vec<(&str, Code)> = error
        .faults
        .iter()
        .map(|fault| (fault.pointer.as_str(), fault.code))
        .collect();
    places.sort_unstable();
    assert_eq!(
        places,
        [
            ("/devices/columns", Code::MissingKey),
            ("/devices/columns/0/field", Code::UnknownField),
            ("/devices/columns/0/from", Code::InvalidValue),
            ("/devices/columns/1", Code::InvalidValue),
            ("/devices/columns/2", Code::MissingKey),
            ("/devices/every", Code::InvalidValue),
            ("/devices/max_devices", Code::InvalidValue),
        ]
    );
    document["devices"] = json!({ "columns": [], "colums": [] });
    let error = Config::from_json(document.to_string().as_bytes()).unwrap_err();
    assert!(
        error
            .faults
            .iter()
            .any(|fault| fault.pointer == "/devices/colums" && fault.code == Code::UnknownKey)
    );

    let mut world = World::new(1);
    let config = config(|document| {
        document["devices"]["columns"][0]["map"]["Server"] = json!("Manged Server");
        document["devices"]["columns"][0]["default"] = json!("Pager");
    });
    let command = Command::SendDevices {
        devices: discovered(),
    };
    let error = lives(&mut world, &config, command).0.unwrap_err();
    let places: Vec<&str> = error
        .faults
        .iter()
        .map(|fault| fault.pointer.as_str())
        .collect();
    assert_eq!(
        places,
        [
            "/devices/columns/0/default",
            "/devices/columns/0/map/Server"
        ]
    );
    assert!(
        error.faults[1]
            .fix
            .contains("Did you mean 'Managed Server'?")
    );
}

#[test]
fn a_preflight_finds_types_that_are_not_there_and_questions_without_an_answer() {
    let findings = |change: fn(&mut Value)| -> Vec<(String, Code)> {
        let mut world = World::new(1);
        let command = Command::Preflight {
            write_probe: None,
            also: std::collections::BTreeSet::new(),
        };
        let Outcome::Preflight(report) = lives(&mut world, &config(change), command).0.unwrap()
        else {
            panic!("no preflight");
        };
        let findings = report.findings.into_iter();
        findings
            .filter_map(|finding| Some((finding.pointer?, finding.code)))
            .filter(|(pointer, _)| pointer.starts_with("/devices"))
            .collect()
    };
    assert_eq!(findings(|_| {}), []);
    let found = findings(|document| {
        let columns = document["devices"]["columns"].as_array_mut().unwrap();
        columns.pop();
        columns[0]["map"]["Router"] = json!("Router");
    });
    assert_eq!(
        found,
        [
            (
                "/devices/columns/0/map/Router".to_owned(),
                Code::InvalidValue
            ),
            ("/devices/columns".to_owned(), Code::MissingKey),
        ]
    );
}

#[test]
fn devices_are_not_sent_while_the_policy_is_off() {
    let mut world = World::new(1);
    let config = config(|document| document["policies"] = json!({}));
    let command = Command::SendDevices {
        devices: discovered(),
    };
    assert_eq!(
        lives(&mut world, &config, command).0.unwrap_err().code,
        Code::SwitchedOff
    );
    assert_eq!(preview(&mut world, &config, &discovered()).steps.len(), 4);
    let found = schedule(&mut world, &config, Command::DevicesDiscovered);
    assert_eq!(due(&found), None);
}

#[test]
fn a_type_is_changed_only_where_the_configuration_says_so_and_with_its_questions() {
    let mut devices = vec![discovered().remove(0)];
    devices[0].kind = Some("Firewall".to_owned());
    let kind = |world: &World| configurations(world, "BigDesign-DC1")[0]["type"]["id"].clone();
    let mut world = World::new(1);
    let before = kind(&world);
    send(&mut world, &config(|_| {}), &devices);
    assert_eq!(kind(&world), before);

    let config = config(|document| {
        document["devices"]["change_type"] = json!(true);
        let columns = document["devices"]["columns"].as_array_mut().unwrap();
        columns.push(json!({ "field": "status", "default": "inactive" }));
    });
    let (report, sent) = send(&mut world, &config, &devices);
    let DeviceOutcome::Refused { faults } = &report.results[0].result else {
        panic!("{report:#?}");
    };
    assert!(faults[0].message.contains("'Firmware version'"));
    assert_eq!(writes(&sent), Vec::<&str>::new());
    devices[0]
        .fields
        .insert("firmware".to_owned(), json!("7.2.8"));
    let (report, sent) = send(&mut world, &config, &devices);
    assert!(
        matches!(&report.results[0].result, DeviceOutcome::Updated { columns, not_taken, .. }
            if *columns == ["type", "status", "Firmware version"] && not_taken.is_empty()),
        "{report:#?}"
    );
    assert!(writes(&sent)[0].ends_with("/changeType"), "{sent:?}");
    let row = &configurations(&world, "BigDesign-DC1")[0];
    assert_eq!(row["questions"][0]["answer"], "7.2.8");
    assert_eq!(row["activeFlag"], false);
    let (report, _) = send(&mut world, &config, &devices);
    assert_eq!(
        (report.results.len(), report.unchanged),
        (0, 1),
        "{report:#?}"
    );
}

/// Adds custom fields of configurations, and a value of one to a configuration.
fn with_custom_fields(world: &mut World) {
    let mut technician = world.psa.technician("training.admin");
    for caption in ["Rack", "Owner"] {
        let fields = json!({ "podId": 4, "caption": caption, "fieldTypeIdentifier": "Text", "entryTypeIdentifier": "EntryField",
            "numberDecimals": 0, "sequenceNumber": 1, "screenId": "cf100", "requiredFlag": false });
        technician
            .add_setup("system/userDefinedFields", fields.as_object().unwrap())
            .unwrap();
    }
}

fn custom(row: &serde_json::Map<String, Value>, caption: &str) -> Value {
    let fields = row["customFields"].as_array().unwrap();
    let field = fields
        .iter()
        .find(|field| field["caption"] == caption)
        .unwrap();
    field.get("value").cloned().unwrap_or_default()
}

#[test]
fn a_custom_field_is_written_without_the_loss_of_another() {
    for merged in [false, true] {
        for probes in [false, true] {
            let mut world = World::new(1);
            if merged {
                world.psa.settings.quirks.custom_fields =
                    casewire_simulator::CustomFieldsWrite::Merged;
            }
            with_custom_fields(&mut world);
            let config = config(|document| {
                let columns = document["devices"]["columns"].as_array_mut().unwrap();
                columns.push(json!({ "custom_field": "Rack", "from": "device.fields.rack" }));
                columns.push(json!({ "custom_field": "Owner", "default": "IT", "only_new": true }));
            });
            if probes {
                let probe = Command::Probe {
                    sandbox: true,
                    company: None,
                };
                lives(&mut world, &config, probe).0.unwrap();
            }
            let mut devices = vec![discovered().remove(3)];
            devices[0].fields.insert("rack".to_owned(), json!("R1"));
            send(&mut world, &config, &devices);
            devices[0].fields.insert("rack".to_owned(), json!("R2"));
            let (report, _) = send(&mut world, &config, &devices);
            assert!(
                matches!(&report.results[0].result, DeviceOutcome::Updated { columns, .. } if *columns == ["Rack"]),
                "{report:#?}"
            );
            let row = &configurations(&world, "WideWorld-NEW1")[0];
            assert_eq!(
                (custom(row, "Rack"), custom(row, "Owner")),
                (json!("R2"), json!("IT")),
                "{merged} {probes}"
            );
        }
    }
}

/// Twenty thousand devices of which two hundred differ: a page of a thousand each, and one request for each that differs.
#[test]
fn twenty_thousand_devices_cost_twenty_pages_and_what_differs() {
    const MANY: usize = 20_000;
    let mut world = World::new(1);
    world.unwatched = true;
    world.psa.populate(1, MANY);
    let companies = world.psa.raw("companies").unwrap();
    let company = companies.last().unwrap()["id"].as_u64().unwrap();
    let config = config(|document| {
        document["companies"]["map"] = json!([{ "group": "big", "company": { "id": company } }]);
        document["devices"]["groups"] = json!(null);
        document["devices"]["columns"] = json!([
            { "field": "type", "default": "Managed Workstation" },
            { "field": "deviceIdentifier", "from": "device.id" },
            { "field": "serialNumber", "from": "device.serial_number" },
            { "field": "osType", "from": "device.os" },
        ]);
        document["devices"]["max_devices"] = json!(1000);
    });
    let devices: Vec<Device> = (0..MANY)
        .map(|number| {
            let os = if number % 100 == 7 { "Windows 12" } else { "Windows 11" };
            let device = json!({ "id": format!("device-{number}"), "group": "big", "name": format!("HOST-{number:06}"),
                "serial_number": format!("SN{number:08}"), "os": os });
            serde_json::from_value(device).unwrap()
        })
        .collect();
    let (report, sent) = send(&mut world, &config, &devices);
    assert_eq!(
        (report.results.len(), report.unchanged),
        (200, MANY as u64 - 200)
    );
    let pages = sent
        .iter()
        .filter(|sent| sent.starts_with("GET") && sent.contains("/company/configurations?"))
        .count();
    let patches = writes(&sent)
        .iter()
        .filter(|sent| sent.starts_with("PATCH"))
        .count();
    let lookups: Vec<&str> = sent
        .iter()
        .filter(|sent| sent.starts_with("GET") && !sent.contains("/company/configurations?"))
        .map(|sent| sent.split('?').next().unwrap())
        .collect();
    assert_eq!((pages, patches), (20, 200));
    assert_eq!(
        lookups.len(),
        3,
        "the codebase, the company, the types: {lookups:?}"
    );
    assert_eq!(sent.len(), 223);
    world.pass_until(world.now.after(Duration::from_secs(60)));
    let (report, sent) = send(&mut world, &config, &devices);
    assert_eq!((report.results.len(), sent.len()), (0, 23));
}
