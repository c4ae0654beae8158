//! Texts from outside, where they are looked for in ConnectWise.

use crate::{edits, worlds};
use arbitrary::Unstructured;
use casewire::Config;
use casewire_scenarios::{World, submit};
use serde_json::json;
use std::sync::OnceLock;

/// A text by which a company and a device are looked for finds these or nothing: it never becomes a condition of its own.
pub(crate) fn conditions(input: &[u8]) {
    let mut input = Unstructured::new(input);
    let Ok(changes) = input.int_in_range(0..=3_u8) else {
        return;
    };
    let mut document = worlds::document();
    let (Ok(company), Ok(device)) = (edits::text(&mut input), edits::text(&mut input)) else {
        return;
    };
    if changes & 1 != 0 {
        document["companies"]["map"][0]["company"] = json!({ "identifier": company });
    }
    if changes & 2 != 0 {
        document["configurations"]["map"][0]["configuration"] = json!({ "name": device });
    }
    let Ok(config) = Config::from_json(document.to_string().as_bytes()) else {
        return;
    };
    let mut world = fresh();
    let life = world
        .live(&config, submit(vec![worlds::case()]), None)
        .expect("no rule is broken");
    assert_eq!(life.statuses.get(&400), None, "{:?}", life.sent);
    let same = |a: &str, b: &str| a.trim().to_lowercase() == b.trim().to_lowercase();
    for (_, ticket) in world.psa.rows("service/tickets") {
        let id = ticket["company"]["id"].as_i64().unwrap_or_default();
        let found = world.psa.row("company/companies", id).expect("its company");
        let found = found["identifier"].as_str().unwrap_or_default();
        let wanted = if changes & 1 != 0 {
            &*company
        } else {
            "BigDesign"
        };
        assert!(same(found, wanted), "'{wanted}' has found {found}");
    }
    for ticket in world.look().tickets.values().flatten() {
        for found in &ticket.configurations {
            let wanted = if changes & 2 != 0 {
                &*device
            } else {
                "BigDesign-WRK1"
            };
            assert!(same(found, wanted), "'{wanted}' has found {found}");
        }
    }
}

/// A world in which no case has a ticket.
fn fresh() -> World {
    static FRESH: OnceLock<World> = OnceLock::new();
    FRESH.get_or_init(|| World::new(1)).clone()
}
