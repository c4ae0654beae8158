//! An instance from its first boards to its deletion: what drifts, what is switched off, what is kept apart.

#![allow(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

use casewire::{
    CaseOutcome, CaseResult, Code, Command, Config, Connector, Credentials, DriftKind, DriftReport,
    Event, InstanceSummary, Options, Outcome, Result, Store,
    effect::{StoreAnswer, StoreRequest},
};
use casewire_scenarios::{Blow, BlowKind, World, case_document, document, submit};
use serde_json::{Map, Value, json};
use std::time::Duration;

fn config(change: impl Fn(&mut Value)) -> Config {
    let mut document = document(true);
    change(&mut document);
    Config::from_json(document.to_string().as_bytes()).unwrap()
}

fn run(world: &mut World, config: &Config, command: Command) -> Result<Outcome> {
    let life = world.live(config, vec![command], None).unwrap();
    let mut results = life
        .finished
        .into_iter()
        .filter(|finished| finished.case_id.is_none());
    results
        .find(|finished| !matches!(finished.result, Ok(Outcome::Resumed { .. })))
        .unwrap()
        .result
}

fn send(world: &mut World, config: &Config, id: &str, kind: &str) -> Result<CaseOutcome> {
    let mut document = case_document(id);
    document["kind"] = json!(kind);
    let case = casewire::Case::from_json(document.to_string().as_bytes()).unwrap();
    let life = world.live(config, submit(vec![case]), None).unwrap();
    let mut own = life
        .finished
        .into_iter()
        .filter(|finished| finished.case_id.as_deref() == Some(id));
    match own.next_back().unwrap().result? {
        Outcome::Case(outcome) => Ok(outcome),
        other => panic!("{other:?}"),
    }
}

fn instances(world: &mut World, config: &Config) -> Vec<InstanceSummary> {
    match run(world, config, Command::ListInstances).unwrap() {
        Outcome::Instances { instances } => instances,
        other => panic!("{other:?}"),
    }
}

fn drift(world: &mut World, config: &Config) -> (DriftReport, Option<DriftReport>) {
    match run(world, config, Command::Drift).unwrap() {
        Outcome::Drift { report, recorded } => (report, recorded),
        other => panic!("{other:?}"),
    }
}

/// Two routes on one board; the second needs a type of its own.
fn two_routes(d: &mut Value) {
    d["routes"][0]["when"] = json!({"kind": ["audit"]});
    d["routes"].as_array_mut().unwrap().push(json!({
        "name": "outages", "board": "Professional Services", "type": "Network", "subtype": "Outage",
        "status": {"created": "New (not responded)"},
    }));
}

fn set_type(world: &mut World, name: &str, inactive: bool) {
    let types = world.psa.raw("service/boards/types").unwrap();
    let kind = types.iter().find(|kind| kind["name"] == name).unwrap();
    let fields = Map::from_iter([("inactiveFlag".to_owned(), json!(inactive))]);
    let id = kind["id"].as_i64().unwrap();
    let mut technician = world.psa.technician("training.admin");
    technician
        .edit_setup("service/boards/1/types", id, fields)
        .unwrap();
}

#[test]
fn a_route_that_drift_breaks_does_not_stop_the_others() {
    let mut world = World::new(1);
    let config = config(two_routes);
    assert_eq!(
        send(&mut world, &config, "1", "audit").unwrap().outcome,
        CaseResult::Opened
    );
    let (report, recorded) = drift(&mut world, &config);
    assert_eq!((report.changes.len(), recorded), (0, None));

    set_type(&mut world, "Network", true);
    world.pass_until(world.now.after(Duration::from_secs(7 * 3600)));
    let whole = send(&mut world, &config, "2", "audit").unwrap();
    assert_eq!(whole.outcome, CaseResult::Opened);
    let broken = send(&mut world, &config, "3", "outage").unwrap_err();
    assert_eq!(broken.faults[0].pointer, "/routes/1/type");
    assert_eq!(broken.code, Code::Inactive);
    assert_eq!(instances(&mut world, &config)[0].outbox, 1);
    let waiting = world
        .store
        .records()
        .find(|record| record.key.contains("/outbox/"));
    assert!(waiting.unwrap().value.contains("deactivated"));

    let (report, recorded) = drift(&mut world, &config);
    assert_eq!(report.changes[0].change, DriftKind::Deactivated);
    assert_eq!(report.changes[0].breaks[0].pointer, "/routes/1/type");
    assert_eq!(recorded.unwrap().changes, report.changes);
    let error = run(&mut world, &config, Command::ReadCatalog).unwrap_err();
    assert_eq!(error.faults[0].pointer, "/routes/1/type");

    set_type(&mut world, "Network", false);
    world.live(&config, Vec::new(), None).unwrap();
    assert_eq!(instances(&mut world, &config)[0].outbox, 0);
    assert_eq!(world.look().tickets.len(), 3);
}

#[test]
fn a_configuration_that_never_fitted_is_refused_whole() {
    let mut world = World::new(1);
    set_type(&mut world, "Network", true);
    let error = send(&mut world, &config(two_routes), "1", "audit").unwrap_err();
    assert_eq!(error.faults[0].pointer, "/routes/1/type");
    assert!(world.look().tickets.is_empty());
}

#[test]
fn two_instances_in_one_store_do_not_see_each_other() {
    let mut world = World::new(1);
    let first = config(|_| {});
    let second = config(|d| d["instance"] = json!("acme-soc-2"));
    for config in [&first, &second] {
        send(&mut world, config, "10012", "audit").unwrap();
        send(&mut world, config, "10013", "audit").unwrap();
    }
    let tickets = world.look().tickets;
    let references: Vec<&String> = tickets.keys().collect();
    assert_eq!(
        references,
        [
            "acme-soc-2:10012",
            "acme-soc-2:10013",
            "acme-soc:10012",
            "acme-soc:10013"
        ]
    );
    let names: Vec<String> = instances(&mut world, &first)
        .into_iter()
        .map(|summary| summary.instance)
        .collect();
    assert_eq!(names, ["acme-soc-2", "acme-soc"]);

    let export = Command::ExportInstance { after: None };
    let Ok(Outcome::Records(page)) = run(&mut world, &first, export) else {
        panic!()
    };
    assert!(!page.records.is_empty() && page.next.is_none());
    assert!(
        page.records
            .iter()
            .all(|record| record.key.starts_with("acme-soc/"))
    );

    let before = of(&mut world, "acme-soc-2/");
    let delete = Command::DeleteInstance {
        confirm: "acme-soc".to_owned(),
        force: false,
    };
    let Ok(Outcome::Deleted { records }) = run(&mut world, &first, delete) else {
        panic!()
    };
    assert!(records >= 5, "{records}");
    assert_eq!(of(&mut world, "acme-soc/"), Vec::<String>::new());
    assert_eq!(of(&mut world, "acme-soc-2/"), before);
    assert_eq!(world.look().tickets.len(), 4, "tickets stay");
}

fn of(world: &mut World, prefix: &str) -> Vec<String> {
    let request = StoreRequest::Scan {
        prefix: prefix.to_owned(),
        after: None,
        limit: 1000,
    };
    match world.store.perform(&request).unwrap() {
        StoreAnswer::Page(records) => records.into_iter().map(|record| record.key).collect(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn cases_are_refused_while_the_policy_is_off_and_what_waits_goes_on_waiting() {
    let mut world = World::new(1);
    let unmapped = config(|d| d["companies"]["map"] = json!([]));
    let held = send(&mut world, &unmapped, "1", "audit").unwrap();
    assert_eq!(held.outcome, CaseResult::Held);

    let off = config(|d| d["policies"] = json!({"case_outbound": {"enabled": false}}));
    let life = world.live(&off, Vec::new(), None).unwrap();
    assert_eq!((life.requests, life.finished.len()), (0, 1));
    assert_eq!(instances(&mut world, &off)[0].held, 1);
    let keys = Credentials::added_by_host();
    let mut connector = Connector::new(off, keys, Options::default(), world.now).unwrap();
    let case = casewire::Case::from_json(case_document("2").to_string().as_bytes()).unwrap();
    let error = connector
        .submit(submit(vec![case]).remove(0), world.now)
        .unwrap_err();
    assert_eq!(error.code, Code::SwitchedOff);
    assert!(error.message.contains("policies.case_outbound"), "{error}");

    world.live(&config(|_| {}), Vec::new(), None).unwrap();
    assert_eq!(world.look().tickets.len(), 1);
}

#[test]
fn an_instance_with_waiting_cases_is_deleted_only_by_force_and_never_half() {
    let mut begun = World::new(1);
    let unmapped = config(|d| d["companies"]["map"] = json!([]));
    for id in 0..300 {
        send(&mut begun, &unmapped, &format!("case-{id}"), "audit").unwrap();
    }
    let delete = |force| Command::DeleteInstance {
        confirm: "acme-soc".to_owned(),
        force,
    };
    let off = config(|d| d["policies"] = json!({"case_outbound": {"enabled": false}}));
    let error = run(&mut begun, &off, delete(false)).unwrap_err();
    assert_eq!(error.code, Code::InstanceInUse);
    assert!(error.message.contains("300 held cases"), "{error}");
    assert!(of(&mut begun, "acme-soc/").len() >= 300);

    let mut whole = begun.clone();
    let life = whole.live(&off, vec![delete(true)], None).unwrap();
    assert_eq!(of(&mut whole, "acme-soc/"), Vec::<String>::new());
    for kind in [BlowKind::DiesBefore, BlowKind::DiesAfter] {
        for at in 1..=life.effects {
            let mut world = begun.clone();
            let blow = Blow {
                at,
                kind: kind.clone(),
            };
            world.live(&off, vec![delete(true)], Some(&blow)).unwrap();
            let some_gone = of(&mut world, "acme-soc/").len() < of(&mut begun, "acme-soc/").len();
            world.live(&off, Vec::new(), None).unwrap();
            let left = of(&mut world, "acme-soc/").len();
            assert!(left == 0 || !some_gone, "{blow}: {left} left");
        }
    }
}

#[test]
fn a_deletion_that_is_not_confirmed_by_name_is_refused_before_anything() {
    let world = World::new(1);
    let keys = Credentials::added_by_host();
    let options = Options::default();
    let mut connector = Connector::new(config(|_| {}), keys, options, world.now).unwrap();
    let command = Command::DeleteInstance {
        confirm: "acme".to_owned(),
        force: true,
    };
    let error = connector.submit(command, world.now).unwrap_err();
    assert_eq!(error.faults[0].pointer, "/confirm");
}

/// What was told of the instance as a whole, oldest first.
fn told(world: &World) -> Vec<Event> {
    let of_instance =
        |delivery: &&casewire::Delivery| matches!(delivery.subject, casewire::Subject::Instance(_));
    let all = world.delivered.values().filter(of_instance);
    all.map(|delivery| delivery.event.clone()).collect()
}

#[test]
fn what_drifted_is_told_once() {
    let mut world = World::new(1);
    let config = config(two_routes);
    run(&mut world, &config, Command::ReadCatalog).unwrap();
    assert_eq!(told(&world), []);

    set_type(&mut world, "Network", true);
    for _ in 0..3 {
        run(&mut world, &config, Command::ReadCatalog).unwrap_err();
        world.pass_until(world.now.after(Duration::from_secs(7 * 3600)));
    }
    let events = told(&world);
    assert!(
        matches!(events.as_slice(), [Event::CatalogDrift { breaks: true, reason }] if reason.contains("'Network'") && reason.contains("deactivated")),
        "{events:?}"
    );

    // Someone who asks is told in full, and the host not a second time.
    assert!(drift(&mut world, &config).0.is_broken());
    assert_eq!(told(&world).len(), 1);

    // Put right, it is as it was; broken again, it is told again.
    set_type(&mut world, "Network", false);
    run(&mut world, &config, Command::ReadCatalog).unwrap();
    assert_eq!(told(&world).len(), 1);
    set_type(&mut world, "Network", true);
    run(&mut world, &config, Command::ReadCatalog).unwrap_err();
    assert_eq!(told(&world).len(), 2);
}

#[test]
fn drift_that_someone_asks_for_first_is_told_as_the_background_would() {
    let drifted = |command: Command| {
        let mut world = World::new(1);
        let config = config(two_routes);
        run(&mut world, &config, Command::ReadCatalog).unwrap();
        assert!(!drift(&mut world, &config).0.is_broken());
        assert_eq!(told(&world), []);
        set_type(&mut world, "Network", true);
        let _ = run(&mut world, &config, command);
        let events = told(&world);
        for _ in 0..2 {
            drift(&mut world, &config);
            run(&mut world, &config, Command::ReadCatalog).unwrap_err();
            assert_eq!(told(&world), events);
        }
        events
    };
    let asked = drifted(Command::Drift);
    assert!(
        matches!(asked.as_slice(), [Event::CatalogDrift { breaks: true, .. }]),
        "{asked:?}"
    );
    assert_eq!(asked, drifted(Command::ReadCatalog));
}

#[test]
fn keys_that_end_are_told_of_once_before_and_once_after() {
    let mut world = World::new(1);
    let config = config(|d| d["connection"]["credential_expiry"] = json!("2019-03-20"));
    let ask = |world: &mut World, day: &str| {
        world.pass_until(format!("{day}T12:00:00Z").parse().unwrap());
        run(world, &config, Command::DueTasks).unwrap();
        run(world, &config, Command::ReadCatalog).unwrap();
        told(world)
    };
    assert_eq!(ask(&mut world, "2019-02-17"), []);
    let warned = Event::CredentialExpiring {
        day: "2019-03-20".to_owned(),
        days_left: 30,
    };
    for day in ["2019-02-18", "2019-02-19", "2019-03-20"] {
        assert_eq!(ask(&mut world, day), std::slice::from_ref(&warned), "{day}");
    }
    let ended = Event::CredentialExpiring {
        day: "2019-03-20".to_owned(),
        days_left: -1,
    };
    for day in ["2019-03-21", "2019-03-22"] {
        assert_eq!(
            ask(&mut world, day),
            [warned.clone(), ended.clone()],
            "{day}"
        );
    }
}
