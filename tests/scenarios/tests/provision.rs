//! Provision, exactly once: whatever goes wrong at any effect or request, in the end each board, status, type, subtype and item
//! is there once. The instance lets names repeat, so that it does not hide a second one.

#![allow(
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a test prints what it tried and fails by panicking"
)]

use casewire::{Command, Config, Outcome, ProvisionPlan};
use casewire_scenarios::{
    Blow, BlowKind, Life, World,
    heimdal::{SETS, Types, configuration, document},
};
use casewire_simulator::Fault;
use serde_json::{Value, json};
use std::{collections::BTreeMap, time::Duration};

/// Two of the three sets: every kind of record, and each of them twice.
fn wanted() -> (Value, Config) {
    let mut wanted = document(Types::PerKind);
    let routes = wanted["routes"].as_array_mut().unwrap();
    routes.truncate(2);
    let kept = ["cpu", "disk"];
    for key in ["type_by_kind", "subtype_by_kind"] {
        let map = routes[1][key].as_object_mut().unwrap();
        map.retain(|kind, _| kept.contains(&kind.as_str()));
    }
    routes[1]["when"]["kind"] = json!(kept);
    let map = wanted["status_map"].as_object_mut().unwrap();
    map.retain(|board, _| board == SETS[0].board);
    wanted["status_map"][SETS[0].board]["to_case"][">Closed"] = json!("closed");
    let config = configuration(&wanted);
    (wanted, config)
}

fn outcome(life: Life) -> Option<Outcome> {
    let mut results = life.finished.into_iter().map(|finished| finished.result);
    results.find_map(|result| match result {
        Ok(Outcome::Resumed { .. }) | Err(_) => None,
        Ok(outcome) => Some(outcome),
    })
}

fn plan(world: &mut World, config: &Config) -> Result<ProvisionPlan, String> {
    let life = world.live(config, vec![Command::PlanProvision], None)?;
    match outcome(life) {
        Some(Outcome::ProvisionPlan(plan)) => Ok(plan),
        other => Err(format!("no plan: {other:?}")),
    }
}

fn apply(plan: &ProvisionPlan) -> Vec<Command> {
    let plan = Box::new(plan.clone());
    vec![Command::ApplyProvision { plan }]
}

/// What is on the board, by collection and name, with how often.
fn seen(world: &mut World) -> BTreeMap<String, usize> {
    let mut seen = BTreeMap::new();
    let boards = world.get("service/boards?pageSize=1000");
    for board in boards.iter().filter(|board| board["name"] == SETS[0].board) {
        *seen.entry("board".to_owned()).or_default() += 1;
        for list in ["statuses", "types", "subtypes", "items"] {
            let path = format!("service/boards/{}/{list}?pageSize=1000", board["id"]);
            for row in world.get(&path) {
                let name = row["name"].as_str().unwrap_or_default();
                *seen.entry(format!("{list} {name}")).or_default() += 1;
            }
        }
    }
    seen
}

fn judge(world: &mut World) -> Result<(), String> {
    let seen = seen(world);
    if seen.len() == 1 + 4 + 2 + 2 + 1 && seen.values().all(|count| *count == 1) {
        Ok(())
    } else {
        Err(format!("{seen:?}"))
    }
}

fn kinds() -> Vec<(BlowKind, bool)> {
    let seconds = Duration::from_secs;
    let mut kinds = vec![
        (BlowKind::DiesBefore, true),
        (BlowKind::DiesAfter, true),
        (BlowKind::DiesAndLandsLate(seconds(20)), true),
        (BlowKind::DiesAndLandsLate(seconds(85)), true),
        (BlowKind::StoreFails, true),
        (BlowKind::StoreAnswerLost, true),
        (BlowKind::NotSent, false),
        (BlowKind::LandsLate(seconds(50)), false),
    ];
    for fault in [
        Fault::AnswerLost,
        Fault::NotPerformed,
        Fault::Late { after_ms: 45_000 },
        Fault::Throttled { retry_after: 7 },
        Fault::BadGatewayHtml,
        Fault::BadGatewayAfter,
        Fault::ServerError,
        Fault::Truncated { bytes: 7 },
        Fault::EmptyBody,
        Fault::Garbage,
        Fault::Forbidden,
        Fault::Unauthorized,
    ] {
        kinds.push((BlowKind::Instance(fault), false));
    }
    kinds
}

fn fresh() -> World {
    let mut world = World::new(1);
    world.psa.settings.quirks.setup_names_repeat = true;
    world
}

#[test]
fn each_record_is_made_once_whatever_goes_wrong_and_whenever() {
    let (_, config) = wanted();
    let mut world = fresh();
    let planned = plan(&mut world, &config).unwrap();
    let begun = world.clone();
    let life = world.live(&config, apply(&planned), None).unwrap();
    let (effects, requests) = (life.effects, life.requests);
    judge(&mut world).unwrap();
    assert!(plan(&mut world, &config).unwrap().steps.is_empty());

    let (mut tried, mut wrong) = (0, Vec::new());
    for (kind, counts_effects) in kinds() {
        let last = if counts_effects { effects } else { requests };
        for at in 1..=last {
            let blow = Blow {
                at,
                kind: kind.clone(),
            };
            tried += 1;
            if let Err(why) = play(begun.clone(), &config, &planned, &blow) {
                wrong.push(format!("{blow}: {why}"));
            }
        }
    }
    println!("{tried} cases of (n, fault) over {effects} effects and {requests} requests");
    assert!(
        wrong.is_empty(),
        "{} went wrong:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

/// A life with the blow, one that takes up what it left, then whatever a new plan says is still to be made.
fn play(
    mut world: World,
    config: &Config,
    planned: &ProvisionPlan,
    blow: &Blow,
) -> Result<(), String> {
    let struck = world.live(config, apply(planned), Some(blow))?;
    if struck.died || outcome(struck).is_none() {
        world.live(config, Vec::new(), None)?;
    }
    world.pass_until(world.now.after(Duration::from_secs(600)));
    let left = plan(&mut world, config)?;
    if !left.steps.is_empty() {
        world.live(config, apply(&left), None)?;
    }
    judge(&mut world)?;
    let open = world.store.records().any(|record| {
        record.key.ends_with("/provision") && !record.value.contains("\"finished\":true")
    });
    if open {
        return Err("the plan is still under way".to_owned());
    }
    Ok(())
}
