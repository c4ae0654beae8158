use super::*;
use crate::decide::tests::{catalog, settings};
use serde_json::{Value, json};

fn plan(change: impl Fn(&mut Value), instance: impl Fn(&mut Catalog)) -> Result<ProvisionPlan> {
    let mut catalog = catalog();
    instance(&mut catalog);
    settings(change).plan_provision(&catalog)
}

fn places(catalog: &mut Catalog) {
    for board in &mut catalog.boards {
        let place = |id, name: &str| {
            Some(Place {
                id: Some(id),
                name: name.to_owned(),
            })
        };
        board.location = place(2, "Tampa Office");
        board.department = place(10, "Professional Services");
    }
}

fn steps(plan: &ProvisionPlan) -> Vec<String> {
    plan.steps
        .iter()
        .map(|step| format!("{} {}", step.create.what(), step.create.name()))
        .collect()
}

/// Moves the routes of the sample onto a board that is not there.
fn onto_a_new_board(d: &mut Value) {
    for route in [0, 2] {
        d["routes"][route]["board"] = json!("Heimdal Operations");
    }
    d["routes"][0]["item"] = json!("Log");
    d["routes"][0]["subtype_by_kind"] = json!({"cpu": "CPU", "firewall": "FW"});
    let map = d["status_map"]["Professional Services"].take();
    d["status_map"] = json!({"Heimdal Operations": map});
}

#[test]
fn nothing_is_planned_where_all_is_there() {
    let plan = plan(|_| {}, |_| {}).unwrap();
    assert_eq!((plan.steps, plan.manual), (vec![], vec![]));
}

#[test]
fn a_new_board_comes_before_its_children_and_subtypes_after_their_types() {
    let plan = plan(onto_a_new_board, places).unwrap();
    assert_eq!(
        steps(&plan),
        [
            "board Heimdal Operations",
            "status New (not responded)",
            "status In Progress",
            "status Waiting Customer Response",
            "status Closed",
            "type Security",
            "subtype CPU",
            "subtype FW",
            "subtype Audit",
            "item Log",
        ]
    );
    assert!(plan.steps.iter().all(|step| !step.reason.is_empty()));
    let Creation::Board { location, .. } = &plan.steps[0].create else {
        panic!()
    };
    assert_eq!(location.id, Some(2));
    let closed: Vec<&str> = plan
        .steps
        .iter()
        .filter(|step| matches!(step.create, Creation::Status { closed: true, .. }))
        .map(|step| step.create.name())
        .collect();
    assert_eq!(closed, ["Closed"]);
    let Creation::Subtype { types, .. } = &plan.steps[6].create else {
        panic!()
    };
    assert_eq!(types, &["Security"]);
    // Items cannot be associated through the API: that is left for a person, and named.
    let manual: Vec<&str> = plan
        .manual
        .iter()
        .map(|left| left.pointer.as_str())
        .collect();
    assert_eq!(manual, ["/routes/0/item"; 3]);
    assert!(
        plan.manual[0].fix.contains("Setup Tables"),
        "{:?}",
        plan.manual
    );
}

#[test]
fn what_exists_is_never_a_step() {
    let plan = plan(
        |d| {
            d["routes"][0]["subtype"] = json!("Firewall");
            d["routes"][0]["type"] = json!("Retired");
            d["routes"][2]["team"] = json!("Night");
            d["priority_map"]["low"] = json!("Priority 9");
        },
        |_| {},
    )
    .unwrap();
    assert_eq!(steps(&plan), Vec::<String>::new());
    let manual: Vec<&str> = plan
        .manual
        .iter()
        .map(|left| left.pointer.as_str())
        .collect();
    assert_eq!(
        manual,
        ["/priority_map/low", "/routes/0/type", "/routes/2/team"]
    );
}

#[test]
fn a_board_whose_place_is_not_clear_and_a_long_name_are_named_at_once() {
    let error = plan(
        |d| {
            onto_a_new_board(d);
            d["routes"][0]["type"] = json!("x".repeat(51));
        },
        |catalog| {
            places(catalog);
            catalog.boards[0].location = Some(Place {
                id: Some(3),
                name: "Remote".to_owned(),
            });
        },
    )
    .unwrap_err();
    let faults: Vec<_> = error
        .faults
        .iter()
        .map(|fault| (fault.pointer.as_str(), fault.code))
        .collect();
    assert_eq!(
        faults,
        [
            ("/provision/location", Code::MissingKey),
            ("/routes/0/type", Code::TooLong)
        ]
    );
    assert!(error.faults[0].fix.contains("Remote"), "{error}");
    let plan = plan(
        |d| {
            onto_a_new_board(d);
            d["provision"] = json!({"location": "remote", "department": "Managed Services"});
        },
        |catalog| {
            catalog.boards[0].location = Some(Place {
                id: Some(3),
                name: "Remote".to_owned(),
            });
        },
    )
    .unwrap();
    let Creation::Board {
        location,
        department,
        ..
    } = &plan.steps[0].create
    else {
        panic!()
    };
    assert_eq!((location.id, department.id), (Some(3), None));
}

#[test]
fn a_slip_in_a_board_s_name_is_shown_before_it_becomes_a_board() {
    let plan = plan(
        |d| {
            d["routes"][0]["board"] = json!("Profesional Services");
            let map = d["status_map"]["Professional Services"].clone();
            d["status_map"]["Profesional Services"] = map;
        },
        places,
    )
    .unwrap();
    let reason = &plan.steps[0].reason;
    assert!(
        reason.contains("Did you mean 'Professional Services'?"),
        "{reason}"
    );
}

#[test]
fn the_digest_is_of_the_instance_and_not_of_the_time() {
    let digest = |change: fn(&mut Catalog)| plan(|_| {}, change).unwrap().digest;
    let same = digest(|catalog| catalog.read_at = crate::Timestamp::from_millis(5));
    assert_eq!(digest(|_| {}), same);
    assert_ne!(
        same,
        digest(|catalog| catalog.boards[0].types[0].inactive = true)
    );
}
