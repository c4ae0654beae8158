//! The CMDB of guide 003: an instance that takes devices, and a host that has them.

use crate::{Life, World};
use casewire::{Config, Device, DeviceOutcome, Outcome};
use serde_json::{Map, Value, json};

/// The configuration of guide 003's "CMDB Outbound Integration", as a document.
///
/// # Panics
///
/// Never.
#[must_use]
pub fn document() -> Value {
    let mut document = crate::document(true);
    document["instance"] = json!("fortisiem");
    document["companies"]["map"] = json!([
        { "group": "BigDesign", "company": { "identifier": "BigDesign" } },
        { "group": "WideWorld", "company": { "identifier": "WideWorld" } },
    ]);
    document["configurations"] = json!({});
    document["policies"] = json!({ "devices_outbound": { "enabled": true } });
    document["devices"] = json!({
        "columns": [
            { "field": "type", "from": "device.type",
                "map": { "Server": "Managed Server", "Firewall": "Firewall" }, "default": "Managed Workstation" },
            { "field": "deviceIdentifier", "from": "device.id" },
            { "field": "serialNumber", "from": "device.serial_number" },
            { "field": "macAddress", "from": "device.mac" },
            { "field": "ipAddress", "from": "device.ip" },
            { "field": "osType", "from": "device.os" },
            { "question": "Firmware version", "from": "device.fields.firmware" },
        ],
        "groups": ["Windows", "Network"],
        "after_discovery": true,
        "max_devices": 100,
    });
    document
}

/// The configuration after a change of its document.
///
/// # Panics
///
/// Where it is refused.
#[must_use]
pub fn config(change: impl Fn(&mut Value)) -> Config {
    let mut document = document();
    change(&mut document);
    Config::from_json(document.to_string().as_bytes()).unwrap()
}

/// The devices that a discovery found: one that ConnectWise has, one that it has under another address, two new ones.
///
/// # Panics
///
/// Never.
#[must_use]
pub fn discovered() -> Vec<Device> {
    let devices = json!([
        { "id": "BD-DC1", "group": "BigDesign", "name": "BigDesign-DC1", "type": "Server", "os": "Windows Server 2019",
            "serial_number": "VMW-4F-B7", "macs": ["00:15:5D:01:4F:B7"], "ips": ["192.168.4.11"], "device_groups": ["Windows"] },
        { "id": "BD-WRK2", "group": "BigDesign", "name": "BigDesign-WRK2", "type": "Desktop", "os": "Windows 10",
            "macs": ["00155D014FA1"], "ips": ["192.168.4.78"], "device_groups": ["Windows"] },
        { "id": "BD-FW1", "group": "BigDesign", "name": "BigDesign-FW1", "type": "Firewall", "serial_number": "FGT-0815",
            "macs": ["00:09:0F:AA:00:01"], "ips": ["192.168.4.1"], "device_groups": ["Network"],
            "fields": { "firmware": "7.2.8" } },
        { "id": "WW-NEW1", "group": "WideWorld", "name": "WideWorld-NEW1", "type": "Desktop", "os": "Windows 11",
            "serial_number": "WW-0001", "macs": ["02:00:00:00:0A:01"], "ips": ["10.1.0.7"], "device_groups": ["Windows"] },
    ]);
    serde_json::from_value(devices).unwrap()
}

/// The configurations of a name, whatever their company.
///
/// # Panics
///
/// Never.
#[must_use]
pub fn configurations(world: &World, name: &str) -> Vec<Map<String, Value>> {
    let all = world.psa.raw("company/configurations").unwrap();
    let named = all.into_iter().filter(|row| row["name"] == name);
    named.filter_map(|row| row.as_object().cloned()).collect()
}

/// Whether all of the devices were sent, so that the host needs to ask for nothing again.
pub(crate) fn is_told(life: &Life) -> bool {
    let sent = |outcome: &DeviceOutcome| !matches!(outcome, DeviceOutcome::Refused { .. });
    life.finished.iter().any(|finished| match &finished.result {
        Ok(Outcome::DevicesSent(report)) => {
            report.results.iter().all(|result| sent(&result.result))
        }
        _ => false,
    })
}

/// What is wrong after the devices were sent, whatever happened on the way: each is one configuration, which says what it
/// should, and nothing is left open.
pub(crate) fn judge(world: &World) -> Vec<String> {
    let mut wrong = Vec::new();
    for (name, field, value) in [
        ("BigDesign-DC1", "ipAddress", "192.168.4.11"),
        ("BigDesign-WRK2", "deviceIdentifier", "BD-WRK2"),
        ("BigDesign-FW1", "serialNumber", "FGT-0815"),
        ("WideWorld-NEW1", "serialNumber", "WW-0001"),
    ] {
        let found = configurations(world, name);
        if found.len() != 1 {
            wrong.push(format!("{} configurations are called {name}", found.len()));
        }
        if found
            .iter()
            .any(|row| row.get(field) != Some(&json!(value)))
        {
            wrong.push(format!("{name} has another {field}: {found:?}"));
        }
    }
    let records = world.store.records();
    let records: Vec<_> = records
        .filter(|record| record.key.contains("/device/"))
        .collect();
    if records.len() != 4 {
        wrong.push(format!("{} devices are linked", records.len()));
    }
    for record in records {
        if record.value.contains("\"intent\"") {
            wrong.push(format!("{} is still open: {}", record.key, record.value));
        }
    }
    wrong
}
