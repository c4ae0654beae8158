//! Whose change of a field stands where case and technician both change it (row S3), from the case to the ticket. The way
//! back is in `inbound.rs`.

#![allow(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a scenario fails by panicking"
)]

use casewire::{Case, Config};
use casewire_scenarios::{World, case_document, document, submit};
use serde_json::{Value, json};

fn config(fields: &Value) -> Config {
    let mut document = document(true);
    document["policies"] = json!({ "ticket_inbound": { "enabled": true } });
    if !fields.is_null() {
        document["inbound"] = json!({ "fields": fields });
    }
    Config::from_json(document.to_string().as_bytes()).unwrap()
}

fn send(world: &mut World, config: &Config, change: impl Fn(&mut Value)) {
    let mut document = case_document("10012");
    document["severity"] = json!("medium");
    change(&mut document);
    let case = Case::from_json(document.to_string().as_bytes()).unwrap();
    let life = world.live(config, submit(vec![case]), None).unwrap();
    assert!(
        life.finished.iter().all(|finished| finished.result.is_ok()),
        "{life:#?}"
    );
}

const URGENT: &str = "Priority 1 - Emergency Response";
const QUICK: &str = "Priority 2 - Quick Response";
const NORMAL: &str = "Priority 3 - Normal Response";

#[test]
fn a_priority_is_raised_with_the_case_and_a_technician_s_choice_is_never_lowered_unless_the_case_owns_it()
 {
    for (owner, severities, chosen, expected) in [
        // Untouched: raised, and not lowered.
        (Value::Null, ["medium", "critical"], None, URGENT),
        (Value::Null, ["critical", "medium"], None, URGENT),
        (json!("newest"), ["medium", "critical"], None, URGENT),
        // A technician's choice stays.
        (Value::Null, ["medium", "critical"], Some(QUICK), QUICK),
        (json!("newest"), ["critical", "medium"], Some(QUICK), QUICK),
        // The case owns it, up and down.
        (json!("case"), ["medium", "critical"], Some(QUICK), URGENT),
        (json!("case"), ["critical", "medium"], Some(QUICK), NORMAL),
        (json!("case"), ["critical", "medium"], None, NORMAL),
        // The ticket owns it.
        (json!("ticket"), ["medium", "critical"], None, NORMAL),
        (json!("ticket"), ["medium", "critical"], Some(QUICK), QUICK),
    ] {
        let mut world = World::new(1);
        let fields = match &owner {
            Value::Null => Value::Null,
            owner => json!({ "priority": owner }),
        };
        let config = config(&fields);
        let [before, after] = severities;
        send(&mut world, &config, |c| c["severity"] = json!(before));
        if let Some(chosen) = chosen {
            let mut technician = world.psa.technician("training.admin");
            technician.set_priority(909, chosen).unwrap();
        }
        send(&mut world, &config, |c| c["severity"] = json!(after));
        let ticket = world.look().tickets["acme-soc:10012"][0].clone();
        assert_eq!(
            ticket.priority, expected,
            "{owner} {severities:?} {chosen:?}"
        );
    }
}

#[test]
fn a_summary_follows_the_title_as_its_owner_says() {
    for (owner, renamed, expected) in [
        ("newest", false, "EventTracker Case #10012 - Later"),
        ("newest", true, "By hand"),
        ("case", true, "EventTracker Case #10012 - Later"),
        (
            "ticket",
            false,
            "EventTracker Case #10012 - Windows: Audit log cleared",
        ),
        ("ticket", true, "By hand"),
    ] {
        let mut world = World::new(1);
        let config = config(&json!({ "summary": owner }));
        send(&mut world, &config, |_| {});
        if renamed {
            let mut technician = world.psa.technician("training.admin");
            technician
                .set(909, &json!({ "summary": "By hand" }))
                .unwrap();
        }
        send(&mut world, &config, |c| c["title"] = json!("Later"));
        let ticket = world.look().tickets["acme-soc:10012"][0].clone();
        assert_eq!(ticket.summary, expected, "{owner} {renamed}");
    }
}

#[test]
fn a_status_goes_to_whoever_changed_it_last_or_owns_it() {
    let (earlier, later) = ("2019-02-11T01:09:53Z", "2030-01-01T00:00:00Z");
    for (owner, updated_at, expected) in [
        ("newest", earlier, "Waiting Customer Response"),
        ("newest", later, "Closed"),
        ("case", earlier, "Closed"),
        ("ticket", later, "Waiting Customer Response"),
    ] {
        let mut world = World::new(1);
        let config = config(&json!({ "status": owner }));
        send(&mut world, &config, |_| {});
        world.pass_until(world.now.after(std::time::Duration::from_secs(3600)));
        world.psa.advance(world.now.millis());
        let mut technician = world.psa.technician("training.admin");
        technician
            .set_status(909, "Waiting Customer Response")
            .unwrap();
        send(&mut world, &config, |c| {
            c["status"] = json!("closed");
            c["updated_at"] = json!(updated_at);
        });
        let ticket = world.look().tickets["acme-soc:10012"][0].clone();
        assert_eq!(ticket.status, expected, "{owner} {updated_at}");
    }
}
