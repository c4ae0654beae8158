//! Checks that need no connector.

use casewire::{Case, Config, Fault, Result};
use wasm_bindgen::prelude::wasm_bindgen;

/// Checks a configuration and gives its faults as a JSON list; an empty list means that it is sound.
#[wasm_bindgen(js_name = validateConfig)]
#[must_use]
pub fn validate_config(config: &str) -> String {
    faults(Config::from_json(config.as_bytes()))
}

/// Checks a case and gives its faults as a JSON list; an empty list means that it is sound.
#[wasm_bindgen(js_name = validateCase)]
#[must_use]
pub fn validate_case(case: &str) -> String {
    faults(Case::from_json(case.as_bytes()))
}

fn faults<T>(read: Result<T>) -> String {
    let faults: Vec<Fault> = read.err().map(|error| error.faults).unwrap_or_default();
    // A fault is texts only: writing a list of them cannot fail.
    serde_json::to_string(&faults).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_fault_is_named_and_a_sound_case_has_none() {
        let sound = r#"{"id":"1","title":"t","severity":"high","group":{"id":"g"},
            "created_at":"2019-02-11T01:07:14Z","updated_at":"2019-02-11T01:07:14Z"}"#;
        assert_eq!(validate_case(sound), "[]");
        let text = validate_case(&sound.replace("\"high\"", "7").replace("\"t\"", "\"\""));
        assert!(
            text.contains("/severity") && text.contains("/title"),
            "{text}"
        );
        assert!(validate_config("{").contains("malformed_json"));
        assert!(
            validate_config("{}").contains("/routes"),
            "{}",
            validate_config("{}")
        );
    }
}
