use super::{App, MAX_BODY, chosen::Chosen, json, read, refusal::Refusal};
use axum::{body::Body, extract::State, http::StatusCode, response::Response};
use casewire::Command;
use std::sync::Arc;

/// `POST /commands`: performs a command of casewire, such as `{"command": "list_mappings"}`, and gives its outcome.
///
/// The connector has the keys and the store; a page that asks it needs neither, and decides nothing.
pub(super) async fn run(
    State(app): State<Arc<App>>,
    chosen: Chosen,
    body: Body,
) -> Result<Response, Refusal> {
    let instance = chosen.instance()?;
    let bytes = read(body, MAX_BODY).await?;
    let command = Command::from_json(&bytes)?;
    let name = name(&bytes);
    if !is_for_pages(&command, &name) {
        return Err(Refusal::not_for_pages(&name));
    }
    if app.is_stopping() {
        return Err(Refusal::stopping());
    }
    let outcome = instance
        .run(command)
        .await
        .ok_or_else(Refusal::stopping)??;
    Ok(json(
        StatusCode::OK,
        serde_json::to_string(&outcome).unwrap_or_default(),
    ))
}

/// What a page has use for, by name. Left out is what hands cases over (there is a path for it), what deletes or gives out
/// all records, what the service does by itself, and what shows the secret addresses of callbacks.
const FOR_PAGES: &[&str] = &[
    "accept_suggestions",
    "audit",
    "auto_map",
    "backlog",
    "dashboard",
    "definitions",
    "discard_outbox",
    "drift",
    "due_tasks",
    "export_mappings",
    "health",
    "import",
    "import_mappings",
    "list_companies",
    "list_configurations",
    "list_events",
    "list_links",
    "list_mappings",
    "list_outbox",
    "plan_provision",
    "poll",
    "preflight",
    "preview_case",
    "preview_devices",
    "read_boards",
    "read_catalog",
    "reconcile",
    "release_mapping",
    "release_mass_change",
    "remove_mapping",
    "report",
    "retry_outbox",
    "set_mapping",
    "suggest_mappings",
    "sync_customers",
    "sync_ticket",
    "test_connection",
];

/// Whether a page may ask it. A preflight that opens test tickets is for the program.
fn is_for_pages(command: &Command, name: &str) -> bool {
    let writes = matches!(
        command,
        Command::Preflight {
            write_probe: Some(_),
            ..
        }
    );
    FOR_PAGES.contains(&name) && !writes
}

/// The command's name. No key stands twice in what could be read, so that this is the one that was.
fn name(bytes: &[u8]) -> String {
    let value: serde_json::Value = serde_json::from_slice(bytes).unwrap_or_default();
    let name = value.get("command").and_then(serde_json::Value::as_str);
    name.unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_is_judged_by_the_name_that_it_is_read_by() {
        let twice = br#"{"command": "backlog", "command": "list_instances"}"#;
        assert!(Command::from_json(twice).is_err());
        let allowed = br#"{"command": "backlog"}"#;
        assert!(is_for_pages(
            &Command::from_json(allowed).unwrap(),
            &name(allowed)
        ));
        let other = br#"{"command": "list_instances"}"#;
        assert!(!is_for_pages(
            &Command::from_json(other).unwrap(),
            &name(other)
        ));
    }
}
