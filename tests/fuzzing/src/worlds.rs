//! What targets begin from, made once.

use casewire::{CallbackRequest, Case, Catalog, Command, Config, Directory, Outcome, Settings};
use casewire_scenarios::{RECEIVER, World, submit};
use serde_json::{Value, json};
use std::sync::OnceLock;

/// A configuration that uses much of what there is.
pub(crate) fn document() -> Value {
    let mut document = casewire_scenarios::document(true);
    document["callbacks"] = json!({ "url": RECEIVER });
    document["policies"] = json!({ "ticket_inbound": { "enabled": true } });
    document
}

pub(crate) fn config() -> Config {
    Config::from_json(document().to_string().as_bytes()).expect("a good configuration")
}

pub(crate) fn case_document() -> Value {
    casewire_scenarios::case_document("10012")
}

pub(crate) fn case() -> Case {
    Case::from_json(case_document().to_string().as_bytes()).expect("a good case")
}

/// A world whose boards are known, in which case 10012 has ticket 909, and whose callbacks are registered.
pub(crate) fn world() -> &'static World {
    static WORLD: OnceLock<World> = OnceLock::new();
    WORLD.get_or_init(|| {
        let mut world = World::new(1);
        live(&mut world, vec![Command::ReadCatalog]);
        live(&mut world, vec![Command::EnsureCallbacks { url: None }]);
        live(&mut world, submit(vec![case()]));
        world.take_callbacks();
        world
    })
}

/// Runs a host in whose life nothing goes wrong.
fn live(world: &mut World, commands: Vec<Command>) -> Vec<Outcome> {
    let life = world
        .live(&config(), commands, None)
        .expect("no rule is broken");
    let results = life.finished.into_iter().map(|finished| finished.result);
    results
        .collect::<Result<_, _>>()
        .expect("nothing goes wrong")
}

/// What the instance says of a status that a technician has set, with the world as it is then.
pub(crate) fn told() -> &'static (World, CallbackRequest) {
    static TOLD: OnceLock<(World, CallbackRequest)> = OnceLock::new();
    TOLD.get_or_init(|| {
        let mut world = world().clone();
        let mut technician = world.psa.technician("training.admin");
        technician
            .set_status(909, "In Progress")
            .expect("a status of the board");
        let told = world.take_callbacks().pop().expect("a callback");
        (world, told)
    })
}

pub(crate) fn catalog() -> &'static Catalog {
    static CATALOG: OnceLock<Catalog> = OnceLock::new();
    CATALOG.get_or_init(|| {
        let mut outcomes = live(&mut World::new(1), vec![Command::ReadCatalog]);
        match outcomes.pop() {
            Some(Outcome::Catalog(catalog)) => catalog.as_ref().clone(),
            other => panic!("no catalog: {other:?}"),
        }
    })
}

/// What is known of the company in the configuration.
pub(crate) fn directory() -> &'static Directory {
    static DIRECTORY: OnceLock<Directory> = OnceLock::new();
    DIRECTORY.get_or_init(|| {
        let directory = json!({ "companies": [
            { "id": 250, "identifier": "BigDesign", "name": "Big Design, Inc." },
        ] });
        serde_json::from_value(directory).expect("a good directory")
    })
}

pub(crate) fn settings() -> &'static Settings {
    static SETTINGS: OnceLock<Settings> = OnceLock::new();
    SETTINGS.get_or_init(|| Settings::new(config()).expect("a good configuration"))
}
