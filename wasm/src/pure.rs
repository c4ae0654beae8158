//! What needs no connector: checks and previews.

use crate::error::CasewireError;
use casewire::{Case, CatalogFile, Config, Error, Fault, Result, Settings};
use wasm_bindgen::prelude::wasm_bindgen;

/// Checks a configuration, and with a catalog whether the names in it exist and belong together. Gives its faults as a JSON
/// list; an empty list means that it is sound.
#[wasm_bindgen(js_name = validateConfig)]
#[must_use]
pub fn validate_config(config: &str, catalog: Option<String>) -> String {
    list(settings(config).and_then(|settings| {
        let faults = match catalog {
            Some(catalog) => settings.check(&catalog_file(&catalog)?.catalog),
            None => Vec::new(),
        };
        Ok(faults)
    }))
}

/// Checks a case and gives its faults as a JSON list; an empty list means that it is sound.
#[wasm_bindgen(js_name = validateCase)]
#[must_use]
pub fn validate_case(case: &str) -> String {
    list(Case::from_json(case.as_bytes()).map(|_| Vec::new()))
}

/// Says what a case would become, each field with its reason, and asks ConnectWise nothing. The catalog's document may hold
/// a `directory` with companies, contacts and device configurations; what it does not hold, a real run looks up.
///
/// # Errors
///
/// Throws a `CasewireError` with all faults of the first document that has any. Faults of a case's content are part of the
/// preview.
#[wasm_bindgen]
pub fn preview(
    config: &str,
    catalog: &str,
    case: &str,
) -> std::result::Result<String, CasewireError> {
    let settings = settings(config)?;
    let CatalogFile { catalog, directory } = catalog_file(catalog)?;
    let case = casewire::json::read::<Case>(case.as_bytes())
        .map_err(|faults| Error::refused("the case", faults))?;
    let preview = casewire::preview(&settings, &catalog, &directory, &case);
    Ok(json(&preview))
}

fn settings(config: &str) -> Result<Settings> {
    Settings::new(Config::from_json(config.as_bytes())?)
}

fn catalog_file(catalog: &str) -> Result<CatalogFile> {
    casewire::json::read(catalog.as_bytes()).map_err(|faults| Error::refused("the catalog", faults))
}

/// The faults that were found, or that kept the document from being read.
fn list(faults: Result<Vec<Fault>>) -> String {
    json(&faults.unwrap_or_else(|error| error.faults))
}

/// Writes texts, numbers and lists of them, which cannot fail.
fn json(value: &impl serde::Serialize) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOUND: &str = r#"{"id":"1","title":"t","severity":"high","group":{"id":"g"},
        "created_at":"2019-02-11T01:07:14Z","updated_at":"2019-02-11T01:07:14Z"}"#;

    #[test]
    fn every_fault_of_a_case_is_named_and_a_sound_one_has_none() {
        assert_eq!(validate_case(SOUND), "[]");
        let bad = SOUND.replace("\"high\"", "7").replace("\"t\"", "\"\"");
        let text = validate_case(&bad);
        assert!(
            text.contains("/severity") && text.contains("/title"),
            "{text}"
        );
    }

    #[test]
    fn a_configuration_is_checked_by_itself_and_against_a_catalog() {
        let sound = include_str!("../../examples/configuration.json");
        assert_eq!(validate_config(sound, None), "[]");
        assert!(validate_config("{", None).contains("malformed_json"));
        assert!(validate_config("{}", None).contains("/routes"));
        assert!(validate_config(sound, Some("{}".to_owned())).contains("missing_key"));
    }
}
