//! Exactly once: for every workflow, whatever goes wrong at any effect or request, in the end there is one ticket per case,
//! one link, each note and document once, and an empty outbox.

use casewire_scenarios::{Blow, BlowKind, STORIES, Story, World, configuration, submit};
use std::{collections::BTreeMap, time::Duration};

/// Everything that can go wrong, with whether it counts effects or requests.
fn kinds() -> Vec<(&'static str, BlowKind, Counts)> {
    let kinds = vec![
        ("host dies before", BlowKind::DiesBefore, Counts::Effects),
        ("host dies after", BlowKind::DiesAfter, Counts::Effects),
        (
            "host dies, request lands 20 s late",
            BlowKind::DiesAndLandsLate(Duration::from_secs(20)),
            Counts::Effects,
        ),
        (
            "host dies, request lands 85 s late",
            BlowKind::DiesAndLandsLate(Duration::from_secs(85)),
            Counts::Effects,
        ),
        ("store fails", BlowKind::StoreFails, Counts::Effects),
        (
            "store's answer lost",
            BlowKind::StoreAnswerLost,
            Counts::Effects,
        ),
        ("not delivered", BlowKind::NotDelivered, Counts::Effects),
        ("not sent", BlowKind::NotSent, Counts::Requests),
        (
            "lands 50 s late",
            BlowKind::LandsLate(Duration::from_secs(50)),
            Counts::Requests,
        ),
    ];
    kinds
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Counts {
    Effects,
    Requests,
}

/// Runs the story with the blow, lets new hosts go on until all is done, and says what is wrong then.
fn play(story: &Story, blow: &Blow) -> Result<(), String> {
    let mut world = World::new(1);
    let cases = story.begin(&mut world);
    let config = configuration(true);
    let first = world.live(&config, submit(cases.clone()), Some(blow))?;
    let succeeded = |case_id: &str, life: &casewire_scenarios::Life| {
        life.finished
            .iter()
            .any(|f| f.case_id.as_deref() == Some(case_id) && f.result.is_ok())
    };
    let unfinished = cases.iter().any(|case| !succeeded(&case.id, &first)) || first.died;
    if unfinished {
        // A new host over the same store; then the host's own queue hands over again what it has no outcome for.
        let _ = world.live(&config, Vec::new(), None)?;
        let again = world.live(&config, submit(cases), None)?;
        if let Some(failed) = again
            .finished
            .iter()
            .find(|finished| finished.result.is_err())
        {
            return Err(format!("after the restart: {failed:?}"));
        }
    }
    // Whatever is still under way in the instance lands now.
    world.pass_until(world.now.after(Duration::from_secs(600)));
    let seen = world.look();
    let wrong = story.judge(&seen, &world);
    if wrong.is_empty() {
        Ok(())
    } else {
        Err(wrong.join("\n    "))
    }
}

#[test]
fn nothing_is_lost_or_doubled_whatever_goes_wrong_and_whenever() {
    let mut tried = BTreeMap::<&str, u64>::new();
    let mut wrong = Vec::new();
    for story in STORIES {
        let mut world = World::new(1);
        let cases = story.begin(&mut world);
        let life = world
            .live(&configuration(true), submit(cases), None)
            .unwrap();
        assert!(
            life.finished.iter().all(|finished| finished.result.is_ok()),
            "{}: {:#?}",
            story.name,
            life.finished
        );
        let seen = world.look();
        assert_eq!(
            story.judge(&seen, &world),
            Vec::<String>::new(),
            "{} without any fault",
            story.name
        );
        for (name, kind, counts) in kinds() {
            let last = if counts == Counts::Effects {
                life.effects
            } else {
                life.requests
            };
            for at in 1..=last {
                let blow = Blow {
                    at,
                    kind: kind.clone(),
                };
                *tried.entry(name).or_default() += 1;
                if let Err(why) = play(story, &blow) {
                    wrong.push(format!(
                        "{}: {name} at {at} of {last}:\n    {why}",
                        story.name
                    ));
                }
            }
        }
    }
    for (name, count) in &tried {
        println!("{count:>6}  {name}");
    }
    println!(
        "{:>6}  cases of (workflow, n, fault) tried over {} workflows",
        tried.values().sum::<u64>(),
        STORIES.len()
    );
    let shown = wrong
        .iter()
        .take(12)
        .map(String::as_str)
        .collect::<Vec<_>>()
        .join("\n");
    assert!(
        wrong.is_empty(),
        "{} of them went wrong:\n{shown}",
        wrong.len()
    );
}
