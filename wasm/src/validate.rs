//! Checks that need no connector.

use casewire::{Case, Config, Error, Fault};
use wasm_bindgen::prelude::wasm_bindgen;

/// Checks a configuration and gives its faults as a JSON list; an empty list means that it is sound.
#[wasm_bindgen(js_name = validateConfig)]
#[must_use]
pub fn validate_config(config: &str) -> String {
    faults(Config::from_json(config.as_bytes()).map(|config| config.check()))
}

/// Checks a case and gives its faults as a JSON list; an empty list means that it is sound.
#[wasm_bindgen(js_name = validateCase)]
#[must_use]
pub fn validate_case(case: &str) -> String {
    let read = casewire::json::read::<Case>(case.as_bytes());
    let faults = read.map_or_else(|faults| faults, |case| case.check());
    serde_json::to_string(&faults).unwrap_or_default()
}
