//! No secret in anything that a host could keep or show: debug text of effects and answers, outcomes, errors, deliveries,
//! records; with and without faults.

use base64::{Engine, engine::general_purpose::STANDARD};
use casewire_scenarios::{Blow, BlowKind, STORIES, World};
use casewire_simulator::{COMPANY_ID, Fault, PRIVATE_KEY, PUBLIC_KEY};

#[test]
fn no_key_is_in_anything_that_a_host_could_keep_or_show() {
    let token = STANDARD.encode(format!("{COMPANY_ID}+{PUBLIC_KEY}:{PRIVATE_KEY}"));
    let faults = [
        None,
        Some(Fault::Unauthorized),
        Some(Fault::Forbidden),
        Some(Fault::Garbage),
        Some(Fault::AnswerLost),
        Some(Fault::ServerError),
    ];
    let mut searched = 0;
    for story in STORIES {
        for fault in &faults {
            for at in 1..=6 {
                let mut world = World::new(1);
                world.trace = Some(Vec::new());
                story.begin(&mut world);
                let blow = fault.clone().map(|fault| Blow {
                    at,
                    kind: BlowKind::Instance(fault),
                });
                let commands = story.commands(&world);
                let life = world
                    .live(&story.config(), commands, blow.as_ref())
                    .unwrap();
                let mut texts = world.trace.take().unwrap_or_default();
                texts.extend(world.store.records().map(|record| record.value));
                texts.extend(
                    life.finished
                        .iter()
                        .filter_map(|finished| serde_json::to_string(finished).ok()),
                );
                texts.extend(
                    world
                        .delivered
                        .values()
                        .filter_map(|delivery| serde_json::to_string(delivery).ok()),
                );
                for text in texts {
                    searched += text.len();
                    for secret in [PRIVATE_KEY, PUBLIC_KEY, token.as_str()] {
                        assert!(
                            !text.contains(secret),
                            "{} with {fault:?} at {at}: {text}",
                            story.name
                        );
                    }
                }
                if fault.is_none() {
                    break;
                }
            }
        }
    }
    println!("{} kB searched", searched / 1000);
    assert!(searched > 1_000_000, "{searched}");
}
