//! Guide 004 (Heimdal), sections 2 to 5, from the preset `heimdal`.

use crate::{connection, document, read, run, send, step, tested, ticket, to_big_design};
use casewire::{
    Case, CaseResult, Command, Config, ConnectionPartKind, ConnectionState, Keep, Outcome, Preset,
    StepResult,
};
use casewire_scenarios::{
    World,
    heimdal::{SETS, case},
    submit,
};
use serde_json::{Value, json};

fn config(change: impl Fn(&mut Value)) -> Config {
    read(&document(Preset::Heimdal, |c| {
        to_big_design(c);
        change(c);
    }))
}

/// Makes the boards that the configuration names; how many of each thing, and what was there.
fn provision(world: &mut World, config: &Config) -> (Vec<String>, Vec<String>) {
    let Ok(Outcome::ProvisionPlan(plan)) = run(world, config, Command::PlanProvision).0 else {
        panic!()
    };
    assert!(plan.manual.is_empty(), "{:#?}", plan.manual);
    let plan = Box::new(plan);
    let Ok(Outcome::Provisioned(report)) = run(world, config, Command::ApplyProvision { plan }).0
    else {
        panic!()
    };
    assert!(report.remaining.is_empty(), "{:#?}", report.remaining);
    let of = |was_there: bool| {
        let steps = report.steps.iter();
        let chosen =
            steps.filter(|step| matches!(step.result, StepResult::WasThere { .. }) == was_there);
        chosen
            .map(|step| format!("{} {}", step.create.what(), step.create.name()))
            .collect()
    };
    (of(false), of(true))
}

fn made(change: impl Fn(&mut Value)) -> (World, Config) {
    let (mut world, config) = (World::new(1), config(change));
    provision(&mut world, &config);
    (world, config)
}

fn plain(id: &str, category: &str, kind: &str) -> Case {
    case(id, category, kind, |_| {})
}

#[test]
fn the_connection_is_tested_before_boards_are_chosen_and_settings_outlive_its_replacement() {
    let mut world = World::new(1);
    step("2 Test Connection: with a wrong company or keys the host leaves Save disabled");
    let only = |connection| Config::for_connection("acme-soc", connection);
    let mut wrong = connection();
    wrong.company_id = "nobody".to_owned();
    let Ok(Outcome::Connection(report)) = run(&mut world, &only(wrong), Command::TestConnection).0
    else {
        panic!()
    };
    assert!(!report.ok);
    let failed = report
        .parts
        .iter()
        .find(|part| part.state == ConnectionState::Failed)
        .unwrap();
    assert!(!failed.fix.is_empty(), "{failed:?}");
    assert!(
        [ConnectionPartKind::Company, ConnectionPartKind::Keys].contains(&failed.part),
        "{failed:?}"
    );

    let save =
        |world: &mut World, config: &Config| match run(world, config, Command::SaveInstance).0 {
            Ok(Outcome::InstanceSaved { saved, connection }) => (saved, connection.ok),
            other => panic!("{other:#?}"),
        };
    let listed = |world: &mut World| match run(world, &only(connection()), Command::ListInstances).0
    {
        Ok(Outcome::Instances { instances }) => instances,
        other => panic!("{other:#?}"),
    };
    step("2 Save: a connection whose test fails is not saved");
    let mut wrong = connection();
    wrong.company_id = "nobody".to_owned();
    assert_eq!(save(&mut world, &only(wrong)), (None, false));
    assert!(
        listed(&mut world)
            .iter()
            .all(|instance| instance.saved.is_none())
    );

    step("2 Save: one that passes is, and the page is told so");
    let (told, passed) = save(&mut world, &only(connection()));
    assert!(passed);
    assert_eq!(told.as_ref().unwrap().company_id, "acme");
    assert_eq!(listed(&mut world)[0].saved, told);

    step("2 Test Connection: company identifier, base URL and keys are enough");
    let saved = only(connection());
    let Ok(Outcome::Connection(report)) = run(&mut world, &saved, Command::TestConnection).0 else {
        panic!()
    };
    assert!(report.ok);

    step("2 Tickets configuration: before it, no ticket is made; boards can be chosen from");
    let case = submit(vec![plain("n-1", "operations", "cpu")]);
    let refused = world.live(&saved, case, None).unwrap_err();
    assert!(refused.contains("case_outbound"), "{refused}");
    let boards = vec!["Professional Services".to_owned()];
    let Ok(Outcome::Boards(offered)) = run(&mut world, &saved, Command::ReadBoards { boards }).0
    else {
        panic!()
    };
    let board = offered.catalog.board("Professional Services").unwrap();
    assert!(
        [
            board.types.len(),
            board.subtypes.len(),
            board.items.len(),
            board.statuses.len()
        ]
        .iter()
        .all(|count| *count > 0)
    );
    assert!(!offered.catalog.priorities.is_empty());

    step("2 Save: asked whether ticket and customer settings are kept");
    let configured = config(|_| {});
    let mut other = connection();
    other.site = "https://api-eu.myconnectwise.net".to_owned();
    for (keep, routes, customers) in [
        (Keep::All, 4, 1),
        (Keep::Tickets, 4, 0),
        (Keep::Customers, 1, 1),
        (Keep::Nothing, 1, 0),
    ] {
        let replaced = configured
            .clone()
            .with_connection(other.clone(), keep)
            .config;
        assert_eq!(replaced.connection, other);
        assert_eq!(
            (replaced.routes.len(), replaced.companies.map.len()),
            (routes, customers),
            "{keep:?}"
        );
        assert_eq!(
            replaced.policies.case_outbound.enabled,
            routes == 4,
            "{keep:?}"
        );
    }
}

#[test]
fn the_preset_s_three_boards_are_created_whole() {
    let mut world = World::new(1);
    let config = config(|_| {});
    step("2: once these settings are confirmed, the three boards are created");
    let (created, was_there) = provision(&mut world, &config);
    let count = |what: &str| created.iter().filter(|step| step.starts_with(what)).count();
    println!("  {was_there:?}");
    assert_eq!(
        ["board", "type", "subtype"].map(count),
        [3, 16, 16],
        "{created:#?}"
    );
    for set in SETS {
        assert!(created.contains(&format!("board {}", set.board)));
        for (_, kind, subtype) in set.kinds {
            assert!(
                created.contains(&format!("type {kind}"))
                    && created.contains(&format!("subtype {subtype}"))
            );
        }
    }
    step("nothing remains to be done, and a second plan is empty");
    assert_eq!(tested(&mut world, &config), []);
    assert_eq!(provision(&mut world, &config), (vec![], vec![]));
}

#[test]
fn each_kind_of_notification_has_its_ticket_with_status_new_and_its_type() {
    for one_type in [false, true] {
        let (mut world, config) = made(|c| {
            for route in c["routes"].as_array_mut().unwrap() {
                if one_type && route["ignore"] != true {
                    route.as_object_mut().unwrap().remove("type_by_kind");
                    route["type"] = json!("Notification");
                }
            }
        });
        let mut number = 0;
        for set in SETS {
            step(&format!(
                "{}: {}",
                set.board,
                if one_type {
                    "one type for the set"
                } else {
                    "a type per kind"
                }
            ));
            for (kind, name, subtype) in set.kinds {
                number += 1;
                let outcome = send(
                    &mut world,
                    &config,
                    plain(&format!("n-{number}"), set.category, kind),
                )
                .unwrap();
                assert_eq!(outcome.outcome, CaseResult::Opened);
                let record = ticket(&mut world, outcome.ticket_id.unwrap().0);
                let kind = if one_type { "Notification" } else { name };
                let expected = [
                    set.board,
                    kind,
                    subtype,
                    "New",
                    "Priority 3 - Normal Response",
                ];
                let have = ["board", "type", "subType", "status", "priority"]
                    .map(|field| record[field]["name"].clone());
                assert_eq!(have, expected.map(Value::from));
            }
        }
        assert_eq!(number, 16);
        step("4: mails of group policy changes and Microsoft Updates make none");
        for kind in ["group policy changes", "microsoft updates"] {
            let outcome = send(&mut world, &config, plain(kind, "cyber alerts", kind)).unwrap();
            assert_eq!(
                (outcome.outcome, outcome.ticket_id),
                (CaseResult::Unchanged, None)
            );
        }
    }
}

#[test]
fn only_operations_have_a_status_on_update_and_close_by_themselves() {
    let (mut world, config) = made(|_| {});
    for set in SETS {
        let operations = set.category == "operations";
        let (kind, _, _) = set.kinds[0];
        step(&format!("{}: created, updated, gone", set.board));
        let opened = send(&mut world, &config, plain(kind, set.category, kind)).unwrap();
        let id = opened.ticket_id.unwrap().0;
        let status = |world: &mut World| ticket(world, id)["status"]["name"].clone();
        let again = |c: &mut Value| {
            c["comments"] =
                json!([{ "id": "c-1", "text": "again", "created_at": "2019-02-11T02:00:00Z" }]);
        };
        send(&mut world, &config, case(kind, set.category, kind, again)).unwrap();
        assert_eq!(
            status(&mut world),
            if operations { "In Progress" } else { "New" }
        );
        let gone = |c: &mut Value| {
            again(c);
            c["cleared_at"] = json!("2019-02-11T03:00:00Z");
        };
        send(&mut world, &config, case(kind, set.category, kind, gone)).unwrap();
        assert_eq!(
            status(&mut world),
            if operations { "Closed" } else { "New" }
        );
        assert_eq!(ticket(&mut world, id)["closedFlag"], operations);
    }
}
