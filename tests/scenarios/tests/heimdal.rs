//! Guide 004 (Heimdal), sections 2 to 5: connection, the three sets of the tickets configuration, their boards, and the tickets on
//! them, with the guide's own names.

#![allow(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a scenario prints its steps and fails by panicking"
)]

use casewire::{
    CaseResult, Code, Command, Config, Error, Outcome, ProvisionPlan, ProvisionReport, Result,
    StepResult,
};
use casewire_scenarios::{
    World,
    heimdal::{SETS, Set, Types, case, configuration, document},
    submit,
};
use casewire_simulator::{Level, Module};
use serde_json::{Value, json};

fn step(name: &str) {
    println!("{name}");
}

fn run(world: &mut World, config: &Config, command: Command) -> Result<Outcome> {
    let life = world.live(config, vec![command], None).unwrap();
    life.finished
        .into_iter()
        .map(|finished| finished.result)
        .find(|result| !matches!(result, Ok(Outcome::Resumed { .. })))
        .unwrap()
}

fn plan(world: &mut World, config: &Config) -> ProvisionPlan {
    match run(world, config, Command::PlanProvision) {
        Ok(Outcome::ProvisionPlan(plan)) => plan,
        other => panic!("{other:#?}"),
    }
}

fn apply(world: &mut World, config: &Config, plan: ProvisionPlan) -> Result<ProvisionReport> {
    let plan = Box::new(plan);
    match run(world, config, Command::ApplyProvision { plan })? {
        Outcome::Provisioned(report) => Ok(report),
        other => panic!("{other:#?}"),
    }
}

fn id_of(world: &mut World, path: &str, name: &str) -> i64 {
    let rows = world.get(&format!("{path}?pageSize=1000"));
    let row = rows.iter().find(|row| row["name"] == name);
    row.unwrap_or_else(|| panic!("no {name} in {path}"))["id"]
        .as_i64()
        .unwrap()
}

/// What the API cannot do: a person opens the setup page and associates the item with each type and subtype.
fn associate_items(world: &mut World, types: Types) {
    for set in SETS {
        let board = id_of(world, "service/boards", set.board);
        let child = |world: &mut World, list: &str, name: &str| {
            id_of(world, &format!("service/boards/{board}/{list}"), name)
        };
        let item = child(world, "items", "Agent");
        for (_, kind, subtype) in set.kinds {
            let kind = match types {
                Types::OneForTheSet => child(world, "types", "Notification"),
                Types::PerKind => child(world, "types", kind),
            };
            let subtype = child(world, "subtypes", subtype);
            let mut technician = world.psa.technician("training.admin");
            technician.associate(board, kind, subtype, item).unwrap();
        }
    }
}

/// An instance with the three boards, and the configuration that fits it.
fn provisioned(types: Types) -> (World, Config) {
    let mut world = World::new(1);
    let mut document = document(types);
    for set in SETS {
        document["status_map"][set.board]["to_case"][">Closed"] = json!("closed");
    }
    let config = configuration(&document);
    let made = plan(&mut world, &config);
    apply(&mut world, &config, made).unwrap();
    associate_items(&mut world, types);
    (world, config)
}

fn ticket(world: &mut World, id: u32) -> Value {
    let rows = world.get(&format!("service/tickets?conditions=id={id}"));
    rows.into_iter().next().unwrap()
}

#[test]
fn the_three_sets_are_configured_and_their_boards_created() {
    let mut world = World::new(1);
    let mut wanted = document(Types::OneForTheSet);
    let config = configuration(&wanted);

    step("2 Test Connection: a positive answer enables Save");
    let Ok(Outcome::Connection(report)) = run(&mut world, &config, Command::TestConnection) else {
        panic!()
    };
    assert!(report.ok, "{report:#?}");

    step("2 Tickets configuration: any board of the instance can be selected");
    let boards = vec!["professional services".to_owned()];
    let Ok(Outcome::Boards(offered)) = run(&mut world, &config, Command::ReadBoards { boards })
    else {
        panic!()
    };
    let board = offered.catalog.board("Professional Services").unwrap();
    assert_eq!((board.types.len(), board.subtypes.len()), (3, 5));
    assert_eq!(offered.catalog.priorities.len(), 4);
    assert_eq!(
        (offered.catalog.impacts.len(), offered.catalog.slas.len()),
        (3, 1)
    );

    step("2 Tickets configuration: the boards are not there yet, and nothing is sent without them");
    let error = run(&mut world, &config, Command::ReadCatalog).unwrap_err();
    assert_eq!(error.code, Code::UnknownBoard);

    step("2 what confirming these settings would create is shown first");
    let planned = plan(&mut world, &config);
    let count = |what: &str| {
        let steps = planned.steps.iter();
        steps.filter(|step| step.create.what() == what).count()
    };
    assert_eq!(
        ["board", "status", "type", "subtype", "item"].map(count),
        [3, 9, 3, 16, 3]
    );
    let manual = planned.manual.iter();
    assert!(manual.clone().count() > 0);
    assert!(manual.clone().all(|left| left.pointer.ends_with("/item")));

    step("2 once confirmed, the three boards are created");
    let report = apply(&mut world, &config, planned.clone()).unwrap();
    let was_there: Vec<&str> = report
        .steps
        .iter()
        .filter(|step| matches!(step.result, StepResult::WasThere { .. }))
        .map(|step| step.create.name())
        .collect();
    assert_eq!(was_there, ["New"; 3], "ConnectWise gives a board a status");
    let done = report
        .steps
        .iter()
        .filter(|step| matches!(step.result, StepResult::Done { .. }));
    assert_eq!(done.count(), 31);

    step("2 what ConnectWise added itself is named, with the fix, and then mapped");
    let unmapped = report
        .remaining
        .iter()
        .filter(|fault| fault.code == Code::UnmappedStatus);
    assert_eq!(unmapped.count(), 3, "{:#?}", report.remaining);
    for set in SETS {
        wanted["status_map"][set.board]["to_case"][">Closed"] = json!("closed");
    }
    associate_items(&mut world, Types::OneForTheSet);
    let config = configuration(&wanted);
    run(&mut world, &config, Command::ReadCatalog).unwrap();
    let again = plan(&mut world, &config);
    assert_eq!((again.steps, again.manual), (vec![], vec![]));

    step("2 an old plan is not applied to an instance that has changed");
    world.store = casewire::MemoryStore::new();
    let error = apply(&mut world, &config, planned).unwrap_err();
    assert_eq!(error.code, Code::PlanOutdated);
}

#[test]
fn notifications_become_tickets_on_their_set_s_board() {
    for types in [Types::OneForTheSet, Types::PerKind] {
        let (mut world, config) = provisioned(types);
        let mut number = 0;
        for Set {
            category,
            board,
            kinds,
        } in SETS
        {
            step(&format!("{board}: {types:?}"));
            for (kind, name, subtype) in kinds {
                number += 1;
                let id = format!("n-{number}");
                let notification = case(&id, category, kind, |_| {});
                let (outcome, opened) = send(&mut world, &config, notification).unwrap();
                assert_eq!(outcome, CaseResult::Opened);
                let expected = match types {
                    Types::OneForTheSet => "Notification",
                    Types::PerKind => name,
                };
                let ticket = ticket(&mut world, opened.unwrap());
                let name_of = |field: &str| ticket[field]["name"].as_str().unwrap().to_owned();
                assert_eq!(
                    ["board", "type", "subType", "item", "status", "priority"].map(name_of),
                    [
                        board,
                        expected,
                        subtype,
                        "Agent",
                        "New",
                        "Priority 3 - Normal Response"
                    ]
                );
                assert_eq!(
                    (&ticket["severity"], &ticket["impact"]),
                    (&json!("Medium"), &json!("Low"))
                );
            }
        }
        assert_eq!(number, 16);
    }
}

fn send(
    world: &mut World,
    config: &Config,
    notification: casewire::Case,
) -> Result<(CaseResult, Option<u32>)> {
    let command = submit(vec![notification]).remove(0);
    match run(world, config, command)? {
        Outcome::Case(outcome) => Ok((outcome.outcome, outcome.ticket_id.map(|id| id.0))),
        other => panic!("{other:#?}"),
    }
}

#[test]
fn only_operations_change_on_update_and_close_when_the_notification_is_gone() {
    let (mut world, config) = provisioned(Types::OneForTheSet);
    for (category, kind, updated, gone) in [
        ("operations", "disk", "In Progress", "Closed"),
        ("cyber alerts", "zero-trust", "New", "New"),
        ("m365", "lad", "New", "New"),
    ] {
        step(&format!(
            "{category}: a notification, more of it, none of it"
        ));
        let (_, id) = send(&mut world, &config, case(kind, category, kind, |_| {})).unwrap();
        let more = |c: &mut Value| {
            c["comments"] =
                json!([{"id": "c-1", "text": "again", "created_at": "2019-02-11T02:00:00Z"}]);
        };
        send(&mut world, &config, case(kind, category, kind, more)).unwrap();
        assert_eq!(ticket(&mut world, id.unwrap())["status"]["name"], updated);
        let cleared = |c: &mut Value| {
            more(c);
            c["cleared_at"] = json!("2019-02-11T03:00:00Z");
        };
        send(&mut world, &config, case(kind, category, kind, cleared)).unwrap();
        assert_eq!(ticket(&mut world, id.unwrap())["status"]["name"], gone);
    }
}

#[test]
fn a_notification_that_is_gone_and_comes_back_opens_its_ticket_again_and_after_a_day_a_new_one() {
    for (hours, reopened) in [(2, true), (30, false)] {
        step(&format!("Operations: gone, and back after {hours} hours"));
        let (mut world, mut config) = provisioned(Types::OneForTheSet);
        config.reopen = Some(casewire::Reopen::default());
        let disk = |change: fn(&mut Value)| case("disk", "operations", "disk", change);
        let (_, first) = send(&mut world, &config, disk(|_| {})).unwrap();
        let gone = |c: &mut Value| c["cleared_at"] = json!("2019-02-11T03:00:00Z");
        send(&mut world, &config, disk(gone)).unwrap();
        assert_eq!(
            ticket(&mut world, first.unwrap())["status"]["name"],
            "Closed"
        );
        world.pass_until(
            world
                .now
                .after(std::time::Duration::from_secs(hours * 3600)),
        );
        let (_, second) = send(&mut world, &config, disk(|_| {})).unwrap();
        assert_eq!(second == first, reopened);
        assert_eq!(ticket(&mut world, second.unwrap())["status"]["name"], "New");
        if !reopened {
            assert_eq!(
                ticket(&mut world, first.unwrap())["status"]["name"],
                "Closed"
            );
        }
        send(&mut world, &config, disk(gone)).unwrap();
        assert_eq!(
            ticket(&mut world, second.unwrap())["status"]["name"],
            "Closed"
        );
    }
}

#[test]
fn group_policy_changes_and_microsoft_updates_mails_make_no_ticket() {
    let (mut world, config) = provisioned(Types::OneForTheSet);
    for kind in ["group policy changes", "microsoft updates"] {
        step(&format!("4 {kind}"));
        let mail = case(kind, "cyber alerts", kind, |_| {});
        let (outcome, ticket) = send(&mut world, &config, mail).unwrap();
        assert_eq!((outcome, ticket), (CaseResult::Unchanged, None));
    }
    assert!(world.look().tickets.is_empty());
}

#[test]
fn a_role_that_may_not_set_up_tables_gets_the_reason_and_nothing_is_half_made() {
    let mut world = World::new(1);
    let config = configuration(&document(Types::OneForTheSet));
    let planned = plan(&mut world, &config);
    let role = &mut world.psa.settings.api_members[0].role;
    role.revoke(Module::SystemTableSetup, Level::Add);
    let report = apply(&mut world, &config, planned).unwrap();
    for step in &report.steps {
        match &step.result {
            StepResult::Refused { reason } => {
                assert_eq!(step.create.what(), "board");
                assert!(reason.contains("403"), "{reason}");
            }
            StepResult::Skipped { reason } => assert!(reason.contains("board"), "{reason}"),
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(report.steps.len(), 34);
    assert!(!report.remaining.is_empty());
}

#[test]
fn a_plan_that_was_changed_is_not_applied() {
    let mut world = World::new(1);
    let config = configuration(&document(Types::OneForTheSet));
    let mut changed = plan(&mut world, &config);
    changed.steps.truncate(5);
    let error: Error = apply(&mut world, &config, changed).unwrap_err();
    assert_eq!(error.code, Code::PlanOutdated);
    let boards = world.get("service/boards?pageSize=1000");
    assert!(
        !boards
            .iter()
            .any(|board| board["name"] == "Heimdal Operations")
    );
}
