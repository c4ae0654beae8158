//! Exactly once: for every workflow, whatever goes wrong at any effect or request, in the end there is one ticket per case,
//! one link, each note and document once, and an empty outbox.

use casewire::{Command, Config};
use casewire_scenarios::{Blow, BlowKind, STORIES, Story, World};
use casewire_simulator::Fault;
use std::{
    collections::BTreeMap,
    sync::{
        Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
    time::Duration,
};

/// Everything that can go wrong, with whether it counts effects or requests.
fn kinds() -> Vec<(&'static str, BlowKind, Counts)> {
    let mut kinds = vec![
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
        (
            "another connector is first",
            BlowKind::AnotherIsFirst,
            Counts::Effects,
        ),
        ("store fails", BlowKind::StoreFails, Counts::Effects),
        (
            "store's answer lost",
            BlowKind::StoreAnswerLost,
            Counts::Effects,
        ),
        ("overtaken", BlowKind::Overtaken, Counts::Effects),
        ("not delivered", BlowKind::NotDelivered, Counts::Effects),
        ("not sent", BlowKind::NotSent, Counts::Requests),
        (
            "lands 50 s late",
            BlowKind::LandsLate(Duration::from_secs(50)),
            Counts::Requests,
        ),
    ];
    let of_the_instance = [
        ("answer lost", Fault::AnswerLost),
        ("connection cut before", Fault::NotPerformed),
        ("performed 45 s late", Fault::Late { after_ms: 45_000 }),
        ("429", Fault::Throttled { retry_after: 7 }),
        ("502 in HTML, not performed", Fault::BadGatewayHtml),
        ("502 in HTML, performed", Fault::BadGatewayAfter),
        ("500", Fault::ServerError),
        ("body cut short", Fault::Truncated { bytes: 7 }),
        ("empty body", Fault::EmptyBody),
        ("200 in HTML", Fault::Garbage),
        ("slow", Fault::Slow { ms: 20_000 }),
        (
            "new codebase",
            Fault::CodebaseChange {
                codebase: "v2026_1/".to_owned(),
            },
        ),
        ("403", Fault::Forbidden),
        ("401", Fault::Unauthorized),
        ("oversized body", Fault::OversizedBody { bytes: 64 << 20 }),
    ];
    kinds.extend(
        of_the_instance.map(|(name, fault)| (name, BlowKind::Instance(fault), Counts::Requests)),
    );
    kinds
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Counts {
    Effects,
    Requests,
}

/// A story with the world as it is when it begins.
struct Scene {
    story: &'static Story,
    world: World,
    config: Config,
    commands: Vec<Command>,
}

/// Runs the story with the blow, lets new hosts go on until all is done, and says what is wrong then.
fn play(scene: &Scene, blow: &Blow) -> Result<(), String> {
    let Scene {
        story,
        world,
        config,
        commands,
    } = scene;
    let mut world = world.clone();
    let first = world.live(config, commands.clone(), Some(blow))?;
    if first.died || !story.is_told(&first) {
        // A new host over the same store; then the host's own queue hands over again what it has no outcome for.
        let _ = world.live(config, Vec::new(), None)?;
        let again = world.live(config, commands.clone(), None)?;
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
    let afterwards = story.afterwards();
    if !afterwards.is_empty() {
        world.live(config, afterwards, None)?;
    }
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
    let mut blows = Vec::new();
    let scenes: Vec<Scene> = STORIES
        .iter()
        .map(|story| {
            let mut world = World::new(1);
            story.begin(&mut world);
            Scene {
                story,
                config: story.config(),
                commands: story.commands(&world),
                world,
            }
        })
        .collect();
    for scene in &scenes {
        let (story, mut world) = (scene.story, scene.world.clone());
        let life = world
            .live(&scene.config, scene.commands.clone(), None)
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
                blows.push((
                    scene,
                    name,
                    Blow {
                        at,
                        kind: kind.clone(),
                    },
                ));
                *tried.entry(name).or_default() += 1;
            }
        }
    }
    let next = AtomicUsize::new(0);
    let wrong = Mutex::new(Vec::new());
    thread::scope(|scope| {
        for _ in 0..thread::available_parallelism().map_or(1, usize::from) {
            scope.spawn(|| {
                while let Some((scene, name, blow)) =
                    blows.get(next.fetch_add(1, Ordering::Relaxed))
                {
                    if let Err(why) = play(scene, blow) {
                        wrong.lock().unwrap().push(format!(
                            "{}: {name} at {}:\n    {why}",
                            scene.story.name, blow.at
                        ));
                    }
                }
            });
        }
    });
    let wrong = wrong.into_inner().unwrap();
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
