//! `/simulator/…`: faults, technicians and looking, for hosts in other languages.

use serde::Deserialize;
use serde_json::{Value, json};

use super::Shared;
use crate::faults::{self, FaultRule};
use crate::settings::Settings;
use crate::technician::Action;
use crate::wire::target::Target;
use crate::wire::{Request, Response};

/// A technician's action with who does it.
#[derive(Debug, Deserialize)]
struct Act {
    #[serde(default = "training_admin")]
    member: String,
    #[serde(flatten)]
    action: Action,
}

fn training_admin() -> String {
    "training.admin".to_owned()
}

/// Answers a control request.
pub(super) fn answer(shared: &Shared, request: &Request) -> Response {
    let target = Target::parse(&request.target);
    let path = target.path.trim_start_matches("simulator/");
    let outcome = match (request.method.as_str(), path) {
        ("GET", "statistics") => Ok(json!(shared.counting().statistics())),
        // Where the server delivers none itself.
        ("POST", "callbacks") => Ok(json!(shared.psa().take_callbacks())),
        ("GET", "faults") => Ok(faults::shown(&shared.psa())),
        ("POST", "faults") => add_faults(shared, request),
        ("DELETE", "faults") => {
            shared.psa().clear_faults();
            Ok(Value::Null)
        }
        ("GET", "settings") => Ok(json!(shared.psa().settings)),
        ("PATCH", "settings") => set(shared, request),
        ("POST", "technician") => act(shared, request),
        ("POST", "populate") => populate(shared, request),
        ("POST", "release") => release(shared, request),
        ("POST", "reset") => {
            shared.reset();
            Ok(Value::Null)
        }
        ("GET", path) => match path.strip_prefix("records/") {
            Some(name) => shared
                .psa()
                .raw(name)
                .map(Value::Array)
                .ok_or_else(|| problem(404, format!("There are no records called '{name}'."))),
            None => Err(unknown(request)),
        },
        _ => Err(unknown(request)),
    };
    match outcome {
        Ok(Value::Null) => Response::empty(204),
        Ok(value) => Response::json(200, &value),
        Err(problem) => problem,
    }
}

fn problem(status: u16, message: impl Into<String>) -> Response {
    Response::json(status, &json!({"error": message.into()}))
}

fn unknown(request: &Request) -> Response {
    let message = format!("There is no {} {}.", request.method, request.target);
    problem(404, message)
}

fn read<T: for<'a> Deserialize<'a>>(request: &Request) -> Result<T, Response> {
    serde_json::from_slice(&request.body).map_err(|error| problem(400, error.to_string()))
}

/// One rule, or a list of them.
fn add_faults(shared: &Shared, request: &Request) -> Result<Value, Response> {
    let value: Value = read(request)?;
    let rules = match value {
        Value::Array(rules) => rules,
        rule => vec![rule],
    };
    let rules: Vec<FaultRule> = rules
        .into_iter()
        .map(serde_json::from_value)
        .collect::<Result<_, _>>()
        .map_err(|error| problem(400, error.to_string()))?;
    let count = rules.len();
    let mut psa = shared.psa();
    for rule in rules {
        psa.add_fault(rule);
    }
    Ok(json!({ "added": count }))
}

/// Settings are merged at their first level, quirks at theirs.
fn set(shared: &Shared, request: &Request) -> Result<Value, Response> {
    let wanted: Value = read(request)?;
    let mut psa = shared.psa();
    let mut settings = json!(psa.settings);
    merge(&mut settings, wanted)
        .map_err(|name| problem(400, format!("There is no setting '{name}'.")))?;
    let settings: Settings =
        serde_json::from_value(settings).map_err(|error| problem(400, error.to_string()))?;
    psa.set_first_ticket_id(settings.first_ticket_id);
    psa.settings = settings;
    Ok(json!(psa.settings))
}

fn merge(into: &mut Value, from: Value) -> Result<(), String> {
    let (Value::Object(into), Value::Object(from)) = (into, from) else {
        return Err(String::new());
    };
    for (name, value) in from {
        match into.get_mut(&name) {
            None => return Err(name),
            Some(known) if name == "quirks" => merge(known, value)?,
            Some(known) => *known = value,
        }
    }
    Ok(())
}

fn act(shared: &Shared, request: &Request) -> Result<Value, Response> {
    let Act { member, action } = read(request)?;
    let now_ms = shared.now_ms();
    let mut psa = shared.psa();
    psa.advance(now_ms);
    let id = psa
        .technician(&member)
        .act(action)
        .map_err(|refusal| problem(refusal.status, refusal.to_string()))?;
    Ok(json!({ "id": id }))
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Populate {
    companies: usize,
    configurations: usize,
}

fn populate(shared: &Shared, request: &Request) -> Result<Value, Response> {
    let Populate {
        companies,
        configurations,
    } = read(request)?;
    if companies > 100_000 || configurations > 1_000_000 {
        return Err(problem(400, "Too many records."));
    }
    shared.psa().populate(companies, configurations);
    Ok(Value::Null)
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Release {
    codebase: String,
}

fn release(shared: &Shared, request: &Request) -> Result<Value, Response> {
    let Release { codebase } = read(request)?;
    let mut psa = shared.psa();
    psa.release(&codebase);
    Ok(json!({ "codebase": psa.codebase() }))
}
