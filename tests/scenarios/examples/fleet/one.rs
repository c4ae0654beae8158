//! One instance: the connector itself, with its own budget, through a day and a storm.

use super::{
    Inputs,
    chance::{Chance, of_day, quantile},
};
use casewire::{Case, Command, Config, Timestamp};
use casewire_scenarios::{World, case_document, document};
use serde_json::{Value, json};
use std::{collections::BTreeMap, time::Duration};

/// The sizes that are played, in cases a day.
const SIZES: [f64; 3] = [50.0, 500.0, 5_000.0];
/// What an outbreak brings to one instance within ten minutes.
const STORM: u32 = 4_000;
const TICK: f64 = 10.0;

/// Plays them and gives the requests of a case.
pub(crate) fn instances(inputs: &Inputs) -> f64 {
    let mut requests = 0.0;
    for size in SIZES {
        let mut chance = Chance(size as u64);
        let mut times = Vec::new();
        for tick in 0..(86_400.0 / TICK) as u32 {
            let at = f64::from(tick) * TICK;
            times.extend((0..chance.count(size / 86_400.0 * TICK * of_day(at))).map(|_| at));
        }
        requests = play(inputs, &format!("a day of {size} cases"), &times);
    }
    let times: Vec<f64> = (0..STORM)
        .map(|n| f64::from(n) * 600.0 / f64::from(STORM))
        .collect();
    play(inputs, &format!("{STORM} cases in ten minutes"), &times);
    requests
}

fn play(inputs: &Inputs, what: &str, times: &[f64]) -> f64 {
    let mut world = World::new(1);
    world.unwatched = true;
    world.psa.settings.requests_per_minute = None;
    let mut config = document(true);
    config["limits"] = json!({"requests_per_minute": inputs.rate as u32});
    let config = Config::from_json(config.to_string().as_bytes()).unwrap();
    let begun = world.now;
    let arrivals = times.iter().enumerate().map(|(number, seconds)| {
        let at = begun.after(Duration::from_millis((seconds * 1000.0) as u64));
        (
            at,
            Command::SubmitCase {
                case: Box::new(case(number)),
            },
        )
    });
    let arrivals: Vec<(Timestamp, Command)> = arrivals.collect();
    let life = world.live_with(&config, arrivals.clone(), None).unwrap();
    let made: BTreeMap<String, i64> = made(&world);
    assert_eq!(made.len(), times.len(), "a case is lost");
    let mut waits: Vec<f64> = arrivals
        .iter()
        .filter_map(|(at, command)| match command {
            Command::SubmitCase { case } => Some(waited(made[&case.id] - at.millis())),
            _ => None,
        })
        .collect();
    let requests = life.requests as f64 / times.len() as f64;
    println!(
        "  {what}: {requests:.2} requests a case; a ticket after {:.1} s (half of them), {:.1} s (99 %), {:.1} s (the last)",
        quantile(&mut waits, 0.5),
        quantile(&mut waits, 0.99),
        quantile(&mut waits, 1.0),
    );
    requests
}

/// Seconds, of which ConnectWise keeps whole ones.
fn waited(millis: i64) -> f64 {
    millis.max(0) as f64 / 1000.0
}

/// When the ticket of each case was made.
fn made(world: &World) -> BTreeMap<String, i64> {
    let tickets = world.psa.raw("tickets").unwrap();
    let times = tickets.iter().map(|ticket| {
        let reference = ticket["externalXRef"].as_str().unwrap();
        let case = reference.rsplit([':', '/', '-']).next().unwrap();
        let time = ticket["_info"]["dateEntered"]
            .as_str()
            .or(ticket["dateEntered"].as_str())
            .unwrap();
        (
            case.to_owned(),
            serde_json::from_value::<Timestamp>(json!(time))
                .unwrap()
                .millis(),
        )
    });
    times.collect()
}

fn case(number: usize) -> Case {
    let mut document: Value = case_document(&number.to_string());
    document["comments"] = json!([]);
    document["attachments"] = json!([]);
    Case::from_json(document.to_string().as_bytes()).unwrap()
}
