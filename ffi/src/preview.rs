use crate::{
    boundary::{self, Output},
    bytes::casewire_bytes,
    document::{read, settings},
    error::casewire_error,
    status::casewire_status,
    text::casewire_text,
};
use casewire::{
    Case, CatalogFile, CompanySuggestion, ConfigurationSuggestion, Group, ImportedCompany,
    ImportedConfiguration, MappingRules, Replay, Suggestions, System, suggest_companies,
    suggest_configurations,
};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// Says what a case would become, as JSON: the ticket field by field with the reason for each, what each route says of the
/// case, and the calls that it would cost. It asks ConnectWise nothing.
///
/// `catalog_json` is a catalog, which may hold a `directory` with companies, contacts and device configurations; what it
/// does not hold, a real run looks up. `preview_json` is the caller's, who frees it with casewire_bytes_free. Faults of a
/// case's content are part of the preview; a document that cannot be read fails with all of its faults.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn casewire_case_preview(
    config_json: casewire_text,
    catalog_json: casewire_text,
    case_json: casewire_text,
    preview_json: *mut *mut casewire_bytes,
    error: *mut *mut casewire_error,
) -> casewire_status {
    // SAFETY: the caller keeps the promises of the header about these arguments.
    unsafe {
        boundary::status(error, || {
            let output = Output::new(preview_json, "preview_json")?;
            let settings = settings(config_json.read("config_json")?)?;
            let file: CatalogFile = read("the catalog", catalog_json.read("catalog_json")?)?;
            let case: Case = read("the case", case_json.read("case_json")?)?;
            output.hand_out_json(&casewire::preview(
                &settings,
                &file.catalog,
                &file.directory,
                &case,
            ))
        })
    }
}

/// Says what a history of cases would have made, as JSON: tickets, repeats, floods, windows, requests. It asks ConnectWise
/// nothing.
///
/// `cases_jsonl` has a case as JSON on each line, the oldest first; empty lines are passed over, and one that is no case
/// counts as refused. `catalog_json` is that of casewire_case_preview. `report_json` is the caller's, who frees it with
/// casewire_bytes_free.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn casewire_case_replay(
    config_json: casewire_text,
    catalog_json: casewire_text,
    cases_jsonl: casewire_text,
    report_json: *mut *mut casewire_bytes,
    error: *mut *mut casewire_error,
) -> casewire_status {
    // SAFETY: the caller keeps the promises of the header about these arguments.
    unsafe {
        boundary::status(error, || {
            let output = Output::new(report_json, "report_json")?;
            let settings = settings(config_json.read("config_json")?)?;
            let file: CatalogFile = read("the catalog", catalog_json.read("catalog_json")?)?;
            let cases = cases_jsonl.read("cases_jsonl")?;
            let mut replay = Replay::new(&settings, &file.catalog, &file.directory);
            for line in cases.lines().filter(|line| !line.trim().is_empty()) {
                match Case::from_json(line.as_bytes()) {
                    Ok(case) => {
                        replay.case(&Arc::new(case));
                    }
                    Err(error) => replay.unreadable(&error),
                }
            }
            output.hand_out_json(&replay.finish())
        })
    }
}

/// What mappings are suggested for, and from what.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, default)]
struct ToMap {
    groups: Vec<Group>,
    companies: Vec<ImportedCompany>,
    systems: Vec<System>,
    configurations: Vec<ImportedConfiguration>,
    rules: MappingRules,
    limit: usize,
}

impl Default for ToMap {
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

#[derive(Serialize)]
struct Suggested {
    groups: Vec<Suggestions<CompanySuggestion>>,
    systems: Vec<Suggestions<ConfigurationSuggestion>>,
}

/// Suggests companies for groups and device configurations for systems, as JSON: for each its candidates, best first, with
/// the evidence for each.
///
/// `request_json` is `{"groups": [...], "companies": [...], "systems": [...], "configurations": [...], "limit": 5}`, where
/// any may be missing: groups and systems as in cases, companies and configurations as they were imported, the latter of
/// the company that the systems' groups are mapped to. `suggestions_json` is `{"groups": [...], "systems": [...]}`; it is
/// the caller's, who frees it with casewire_bytes_free.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn casewire_mapping_suggest(
    request_json: casewire_text,
    suggestions_json: *mut *mut casewire_bytes,
    error: *mut *mut casewire_error,
) -> casewire_status {
    // SAFETY: the caller keeps the promises of the header about these arguments.
    unsafe {
        boundary::status(error, || {
            let output = Output::new(suggestions_json, "suggestions_json")?;
            let asked: ToMap = read("the request", request_json.read("request_json")?)?;
            let systems: Vec<_> = asked.systems.iter().collect();
            let configurations: Vec<_> = asked.configurations.iter().collect();
            output.hand_out_json(&Suggested {
                groups: suggest_companies(
                    &asked.groups,
                    &asked.companies,
                    &asked.rules,
                    asked.limit,
                ),
                systems: suggest_configurations(&systems, &configurations, asked.limit),
            })
        })
    }
}
