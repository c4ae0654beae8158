//! What needs no connector: checks and previews.

use crate::error::CasewireError;
use casewire::{
    Case, CatalogFile, Config, Error, Fault, Group, ImportedCompany, ImportedConfiguration,
    MappingRules, Result, Settings, System, suggest_companies, suggest_configurations,
};
use serde::Deserialize;
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

/// What suggestions are made of.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Candidates {
    groups: Vec<Group>,
    companies: Vec<ImportedCompany>,
    systems: Vec<System>,
    /// Those of one company, that of the systems' group.
    configurations: Vec<ImportedConfiguration>,
    rules: MappingRules,
    /// Most candidates for each group or system.
    limit: usize,
}

impl Default for Candidates {
    fn default() -> Self {
        Self {
            groups: Vec::new(),
            companies: Vec::new(),
            systems: Vec::new(),
            configurations: Vec::new(),
            rules: MappingRules::default(),
            limit: 5,
        }
    }
}

/// Says which companies groups may be, and which device configurations systems may be, with the evidence. Takes and gives
/// JSON.
///
/// # Errors
///
/// Throws a `CasewireError` with all faults of the document.
#[wasm_bindgen(js_name = suggestMappings)]
pub fn suggest_mappings(candidates: &str) -> std::result::Result<String, CasewireError> {
    let given: Candidates = casewire::json::read(candidates.as_bytes())
        .map_err(|faults| Error::refused("the candidates", faults))?;
    let Candidates { limit, rules, .. } = &given;
    let systems: Vec<&System> = given.systems.iter().collect();
    let configurations: Vec<&ImportedConfiguration> = given.configurations.iter().collect();
    let groups = suggest_companies(&given.groups, &given.companies, rules, *limit);
    let systems = suggest_configurations(&systems, &configurations, *limit);
    Ok(json(&casewire::SuggestedMappings { groups, systems }))
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
    fn suggestions_come_with_their_evidence() {
        let given = r#"{"groups": [{"id": "48Tech", "name": "Big Design", "email": "it@bigdesign.com"}],
            "companies": [{"id": 21, "identifier": "BigDesign", "name": "Big Design", "contact_emails": ["a@bigdesign.com"]},
                          {"id": 22, "identifier": "Other", "name": "Other Works"}]}"#;
        let text = suggest_mappings(given).unwrap();
        let suggested: serde_json::Value = serde_json::from_str(&text).unwrap();
        let best = &suggested["groups"][0]["candidates"][0];
        assert_eq!(best["company"]["id"], 21, "{text}");
        let signals = best["evidence"].as_array().unwrap().iter();
        assert!(
            signals
                .clone()
                .any(|evidence| evidence["signal"] == "domain")
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
