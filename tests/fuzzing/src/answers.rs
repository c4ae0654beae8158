//! Every answer of ConnectWise, in every workflow that asks for one.

use crate::edits;
use arbitrary::{Result, Unstructured};
use casewire::{Code, Command, Config};
use casewire_scenarios::{Blow, BlowKind, Life, STORIES, World};
use casewire_simulator::{PRIVATE_KEY, Response};
use serde_json::Value;
use std::sync::OnceLock;

/// A story with the world as it is when it begins.
struct Scene {
    world: World,
    config: Config,
    commands: Vec<Command>,
    requests: u64,
}

fn scenes() -> &'static [Scene] {
    static SCENES: OnceLock<Vec<Scene>> = OnceLock::new();
    SCENES.get_or_init(|| {
        let scene = |story: &casewire_scenarios::Story| {
            let mut world = World::new(1);
            story.begin(&mut world);
            let (config, commands) = (story.config(), story.commands(&world));
            let life = world.clone().live(&config, commands.clone(), None);
            Scene {
                requests: life.expect("no rule is broken").requests,
                world,
                config,
                commands,
            }
        };
        STORIES.iter().map(scene).collect()
    })
}

/// Whatever one answer in a workflow is made to be, the connector keeps its contract, comes to rest, and lets no key out; and
/// so does the next one over what this one has left in the store.
pub(crate) fn answer(input: &[u8]) {
    let _ = played(&mut Unstructured::new(input));
}

fn played(input: &mut Unstructured<'_>) -> Result<()> {
    let scene = input.choose(scenes())?;
    let at = input.int_in_range(1..=scene.requests.max(1))?;
    let blow = Blow {
        at,
        kind: BlowKind::Tampered {
            how: tampered,
            with: edits::rest(input).to_vec(),
        },
    };
    let mut world = scene.world.clone();
    world.trace = Some(Vec::new());
    let commands = || scene.commands.clone();
    let life = world.live(&scene.config, commands(), Some(&blow));
    holds(life, &world);
    let life = world.live(&scene.config, commands(), None);
    holds(life, &world);
    Ok(())
}

fn holds(life: std::result::Result<Life, String>, world: &World) {
    let life = life.expect("no rule is broken");
    for finished in life.finished {
        if let Err(error) = finished.result {
            assert_ne!(error.code, Code::Internal, "{error:?}");
            assert_ne!(error.code, Code::UnreadableRecord, "{error:?}");
        }
    }
    let records = world.store.records().map(|record| record.value);
    let trace = world.trace.iter().flatten().cloned();
    for text in records.chain(trace) {
        assert!(!text.contains(PRIVATE_KEY), "a key is in {text}");
    }
}

/// Makes another answer of an answer.
fn tampered(answer: Response, with: &[u8]) -> Response {
    let mut other = answer;
    let _ = tamper(&mut other, &mut Unstructured::new(with));
    other
}

const STATUSES: [u16; 20] = [
    100, 200, 200, 200, 201, 202, 204, 206, 302, 400, 401, 403, 404, 405, 409, 412, 429, 500, 502,
    503,
];

const HEADERS: [&str; 6] = [
    "content-type",
    "link",
    "retry-after",
    "date",
    "location",
    "api-current-version",
];

fn tamper(answer: &mut Response, input: &mut Unstructured<'_>) -> Result<()> {
    let changes = input.int_in_range(1..=7_u8)?;
    if changes & 1 != 0 {
        let read: Option<Value> = serde_json::from_slice(&answer.body).ok();
        match read {
            Some(mut body) if !input.ratio(1, 8)? => {
                for _ in 0..input.int_in_range(1..=4)? {
                    edits::edit(&mut body, input)?;
                }
                answer.body = body.to_string().into_bytes();
            }
            _ => {
                let at = input.choose_index(answer.body.len().max(1))?;
                answer.body.truncate(at);
                let length = input.len() / 2;
                answer.body.extend_from_slice(input.bytes(length)?);
            }
        }
    }
    if changes & 2 != 0 {
        answer.status = *input.choose(&STATUSES)?;
    }
    if changes & 4 != 0 {
        let name = *input.choose(&HEADERS)?;
        let value = edits::text(input)?;
        answer
            .headers
            .retain(|(known, _)| !known.eq_ignore_ascii_case(name));
        answer.headers.push((name.to_owned(), value));
    }
    Ok(())
}
