//! What a dashboard page asks for, what happens in the product, and tasks that need its content.

use super::running::{Service, until};
use crate::world::{World, case};
use serde_json::{Value, json};

#[test]
fn a_page_asks_for_events_reports_figures_decisions_and_health() {
    let world = World::new();
    let service = Service::start(&world, &[]);
    for id in ["10010", "10012"] {
        let mut case = case(id);
        case["added_by"] = json!("ada");
        assert_eq!(
            service
                .post("/cases?wait=20s", case.to_string().as_bytes())
                .0,
            200
        );
    }
    let requests = world.requests();
    let (status, page) = service.get("/events?from=1h&limit=1&user=ada");
    assert_eq!((status, page["events"].as_array().unwrap().len()), (200, 1));
    let next = page["next"]
        .as_str()
        .unwrap()
        .replace('%', "%25")
        .replace('/', "%2F");
    let (_, page) = service.get(&format!("/events?limit=1&after={next}"));
    assert_eq!(page["events"][0]["case_id"], "10012");
    let (status, page) = service.get("/instances/acme-soc/reports/created");
    assert_eq!((status, page["rows"].as_array().unwrap().len()), (200, 2));
    let (status, figure) = service.get("/dashboards/created_by_user?bucket=hour&from=2h");
    assert_eq!((status, &figure["series"][0]["total"]), (200, &json!(2)));
    let (status, page) = service.get("/audit?case=10012");
    assert_eq!(
        (status, &page["decisions"][0]["case_id"]),
        (200, &json!("10012"))
    );
    let (status, health) = service.get("/health");
    assert_eq!((status, &health["status"]), (200, &json!("healthy")));
    let (status, all) = service.get("/definitions");
    assert_eq!(
        (status, all["dashboards"].as_array().unwrap().len()),
        (200, 6)
    );
    assert_eq!(
        world.requests(),
        requests,
        "nothing was asked of ConnectWise"
    );

    for (path, pointer) in [
        ("/reports/reopend", "/report"),
        ("/dashboards/nothing", "/dashboard"),
        ("/events?event=closed", "/event"),
        ("/events?from=yesterday", "/from"),
        ("/audit?limit=0", "/limit"),
    ] {
        let (status, refusal) = service.get(path);
        assert_eq!(
            (status, &refusal["faults"][0]["pointer"]),
            (400, &json!(pointer)),
            "{path}: {refusal}"
        );
    }
    assert_eq!(service.call("GET", "/events", None, b"").0, 401);
    assert_eq!(service.stop(), Some(0));
}

#[test]
fn what_happens_in_the_product_leads_to_what_the_configuration_says_and_devices_are_sent_when_due()
{
    let world = World::new();
    world.configure(|config| {
        config["companies"]["map"] = json!([
            { "group": "BigDesign", "company": { "identifier": "BigDesign" } },
            { "group": "48Tech", "company": { "identifier": "BigDesign" } },
        ]);
        config["configurations"] = json!({});
        config["policies"] = json!({ "devices_outbound": { "enabled": true } });
        config["devices"] = json!({
            "columns": [{ "field": "type", "default": "Managed Workstation" }, { "field": "serialNumber", "from": "device.serial_number" }],
            "after_discovery": true,
        });
        config["automation"] = json!({ "rules": [
            { "name": "noise", "on": ["alert_raised"], "alerts": ["*update*"], "then": "ignore" },
        ] });
    });
    let device =
        json!({ "id": "7", "group": "BigDesign", "name": "BD-SCANNER", "serial_number": "SC-1" });
    world.write("devices.jsonl", "this is no device");
    let service = Service::start(&world, &["--devices", "devices.jsonl"]);
    let said = |event: Value| service.post("/host-events", event.to_string().as_bytes());

    let (status, noise) =
        said(json!({ "event": "alert_raised", "alert": "Microsoft Updates", "case": case("1") }));
    assert_eq!(
        (status, &noise["then"], &noise["rule"]),
        (202, &json!("ignore"), &json!("noise"))
    );
    let (status, news) = said(json!({ "event": "case_opened", "case": case("2") }));
    assert_eq!(
        (status, &news["then"]),
        (202, &json!("submit_case")),
        "{news}"
    );
    until("the case has its ticket", || {
        world.tickets().contains_key("acme-soc:2")
    });
    assert!(!world.tickets().contains_key("acme-soc:1"));
    let (status, refusal) = said(json!({ "event": "case_opened" }));
    assert_eq!(
        (status, &refusal["faults"][0]["pointer"]),
        (400, &json!("/case"))
    );
    let (status, refusal) = said(json!({ "event": "case_opend" }));
    assert_eq!(
        (status, &refusal["faults"][0]["pointer"]),
        (400, &json!("/event"))
    );

    // The file is read when the devices are due, so that what is wrong in it can be mended.
    world.write("devices.jsonl", &device.to_string());
    let (status, found) = said(json!({ "event": "discovery_finished" }));
    assert_eq!(
        (status, &found["due"]),
        (202, &json!("send_devices")),
        "{found}"
    );
    let sent = || {
        let configurations = world.server.psa().raw("configurations").unwrap();
        configurations.iter().any(|one| one["name"] == "BD-SCANNER")
    };
    until("the device is sent", sent);
    assert_eq!(service.stop(), Some(0));
}
