//! `casewire devices`.

use crate::world::{Run, World};
use serde_json::{Value, json};

fn world() -> World {
    let world = World::new();
    world.configure(|config| {
        config["companies"]["map"] =
            json!([{ "group": "BigDesign", "company": { "identifier": "BigDesign" } }]);
        config["configurations"] = json!({});
        config["policies"] = json!({ "devices_outbound": { "enabled": true } });
        config["devices"] = json!({ "columns": [
            { "field": "type", "from": "device.type", "map": { "Firewall": "Firewall" }, "default": "Managed Workstation" },
            { "field": "ipAddress", "from": "device.ip" },
            { "field": "serialNumber", "from": "device.serial_number" },
            { "question": "Firmware version", "from": "device.fields.firmware" },
        ] });
    });
    let devices = [
        json!({ "id": "1", "group": "BigDesign", "name": "BigDesign-DC1", "ips": ["192.168.4.11"] }),
        json!({ "id": "2", "group": "BigDesign", "name": "BigDesign-FW1", "type": "Firewall", "serial_number": "FGT-0815",
            "fields": { "firmware": "7.2.8" } }),
    ];
    write(&world, &devices);
    world
}

fn write(world: &World, devices: &[Value]) {
    let lines: Vec<String> = devices.iter().map(Value::to_string).collect();
    world.write("devices.jsonl", &lines.join("\n"));
}

fn devices(world: &World, act: &str, more: &[&str]) -> Run {
    let mut arguments = vec!["devices", act, "--config", "acme.json"];
    arguments.extend(["--store", "sqlite:acme.db", "--devices", "devices.jsonl"]);
    arguments.extend(more);
    world.run(&arguments)
}

#[test]
fn devices_are_shown_then_sent_once() {
    let world = world();
    let shown = devices(&world, "preview", &[]);
    shown.assert_code(0);
    for word in [
        "192.168.4.10",
        "192.168.4.11",
        "Firmware version",
        "2 devices to send",
    ] {
        assert!(shown.stdout.contains(word), "no {word} in {}", shown.stdout);
    }
    let sent = devices(&world, "send", &["--json"]);
    let report = &sent.assert_code(0).lines()[0];
    assert_eq!(report["results"][0]["result"], "updated");
    assert_eq!(report["results"][1]["result"], "created");
    let again = devices(&world, "send", &[]);
    again.assert_code(0);
    assert!(
        again.stdout.contains("2 devices unchanged"),
        "{}",
        again.stdout
    );
}

#[test]
fn a_refused_device_ends_with_status_3_and_a_bad_line_with_2() {
    let world = world();
    let device =
        json!({ "id": "3", "group": "BigDesign", "name": "BigDesign-FW2", "type": "Firewall" });
    write(&world, &[device]);
    let run = devices(&world, "send", &[]);
    run.assert_code(3);
    assert!(run.stdout.contains("'Firmware version'"), "{}", run.stdout);
    world.write(
        "devices.jsonl",
        "{\"id\":\"1\",\"group\":\"BigDesign\"}\n\n{\"id\":\"2\",\"grup\":\"BigDesign\"}",
    );
    let before = world.requests();
    let run = devices(&world, "send", &[]);
    run.assert_code(2);
    assert!(run.stderr.contains("line 3, /grup"), "{}", run.stderr);
    assert_eq!(world.requests(), before);
}
