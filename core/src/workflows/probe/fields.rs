//! What PATCH and projections do (API.md sections 5, 6.1, 7 and 8).

use super::{
    Answers,
    bench::{Bench, came, is_refusal},
};
use crate::{
    catalog::{CustomField, same_name},
    error::Result,
    probe::UNCLEAR,
    service::boards,
};
use serde_json::{Value, json};

pub(super) async fn ask(bench: &Bench<'_>, answers: &mut Answers) {
    unknown_field(bench, answers).await;
    sub_path(bench, answers).await;
    leading_slash(bench, answers).await;
    custom_fields(bench, answers).await;
    unassociated(bench, answers).await;
    foreign_status(bench, answers).await;
    priorities(bench, answers).await;
}

/// What a change came to that ConnectWise may take, take falsely, or refuse.
fn change(result: &Result<Value>, made: bool, sides: [&'static str; 3]) -> &'static str {
    let [taken, ignored, refused] = sides;
    match result {
        Ok(_) if made => taken,
        Ok(_) => ignored,
        Err(error) if is_refusal(error) => refused,
        Err(_) => UNCLEAR,
    }
}

async fn unknown_field(bench: &Bench<'_>, answers: &mut Answers) {
    let read = bench.read("id,casewireHasNoSuchField").await;
    let conclusion = match &read {
        Ok(_) => "ignored",
        Err(error) if is_refusal(error) => "refused",
        Err(_) => UNCLEAR,
    };
    let sent = "fields=id,casewireHasNoSuchField";
    answers.put("unknown_field", sent, came(&read), conclusion);
}

async fn sub_path(bench: &Bench<'_>, answers: &mut Answers) {
    let before = bench.read("priority").await;
    let before = before.ok().and_then(|ticket| id_of(&ticket, "priority"));
    let other = bench
        .catalog
        .priorities
        .iter()
        .find(|priority| Some(u64::from(priority.id)) != before);
    let (Some(_), Some(other)) = (before, other) else {
        return answers.not_asked("sub_path", "there is no second priority to change to");
    };
    let operation = json!([{ "op": "replace", "path": "priority/id", "value": other.id }]);
    let result = bench.patch(operation.clone()).await;
    let after = bench.read("priority").await;
    let after = after.ok().and_then(|ticket| id_of(&ticket, "priority"));
    let made = after == Some(u64::from(other.id));
    let conclusion = change(&result, made, ["applied", "nothing", "refused"]);
    let came = match &result {
        Ok(_) if made => "200, and the priority changed".to_owned(),
        Ok(_) => "200, and the priority stayed".to_owned(),
        Err(error) => error.message.clone(),
    };
    answers.put("sub_path", operation.to_string(), came, conclusion);
}

async fn leading_slash(bench: &Bench<'_>, answers: &mut Answers) {
    let wanted = "casewire probe with a slash";
    let operation = json!([{ "op": "replace", "path": "/summary", "value": wanted }]);
    let result = bench.patch(operation.clone()).await;
    let made = result
        .as_ref()
        .is_ok_and(|ticket| ticket.get("summary") == Some(&json!(wanted)));
    let conclusion = change(&result, made, ["accepted", UNCLEAR, "refused"]);
    let came = result.map(|_| "200").map_err(|error| error.message);
    let came = came.map_or_else(|message| message, str::to_owned);
    answers.put("leading_slash", operation.to_string(), came, conclusion);
}

/// Two custom fields are set together, then one alone.
async fn custom_fields(bench: &Bench<'_>, answers: &mut Answers) {
    let free = |field: &&CustomField| {
        !field.options.is_empty() || matches!(field.kind.as_str(), "Text" | "TextArea")
    };
    let usable: Vec<&CustomField> = bench.catalog.custom_fields.iter().filter(free).collect();
    let [one, other, ..] = usable.as_slice() else {
        let why = "tickets have no two custom fields of text";
        return answers.not_asked("custom_fields", why);
    };
    let value = |field: &CustomField| {
        let text = field.options.first().map_or("casewire", String::as_str);
        json!({ "id": field.id, "value": text })
    };
    let both = json!([value(one), value(other)]);
    if let Err(error) = bench.replace(&[("customFields", both)]).await {
        return answers.put("custom_fields", "two custom fields", error.message, UNCLEAR);
    }
    let alone = json!([value(one)]);
    let result = bench.replace(&[("customFields", alone.clone())]).await;
    let left = match &result {
        Ok(_) => bench.read("customFields").await,
        Err(error) => Err(error.clone()),
    };
    let kept = left.as_ref().map(|ticket| {
        let fields = ticket.get("customFields").and_then(Value::as_array);
        fields.into_iter().flatten().any(|field| {
            field.get("id") == Some(&json!(other.id))
                && field.get("value").is_some_and(|value| !value.is_null())
        })
    });
    let conclusion = match &kept {
        Ok(true) => "kept",
        Ok(false) => "cleared",
        Err(error) if is_refusal(error) => "refused",
        Err(_) => UNCLEAR,
    };
    let sent = format!("customFields {alone}, after both were set");
    let came = match &kept {
        Ok(true) => format!("'{}' kept its value", other.caption),
        Ok(false) => format!("'{}' lost its value", other.caption),
        Err(error) => error.message.clone(),
    };
    answers.put("custom_fields", sent, came, conclusion);
}

/// A type and a subtype of the board that it does not associate.
async fn unassociated(bench: &Bench<'_>, answers: &mut Answers) {
    let board = bench.board;
    let associated = |kind: u32, subtype: u32| {
        board
            .associations
            .iter()
            .any(|triple| triple.kind == kind && triple.subtype == Some(subtype))
    };
    let active = |named: &&crate::catalog::Named| !named.inactive;
    let pair = board.types.iter().filter(active).find_map(|kind| {
        let mut subtypes = board.subtypes.iter().filter(active);
        let subtype = subtypes.find(|subtype| !associated(kind.id, subtype.id))?;
        Some((kind, subtype))
    });
    let Some((kind, subtype)) = pair.filter(|_| !board.associations.is_empty()) else {
        let why = "every subtype of the board goes with every type";
        return answers.not_asked("unassociated", why);
    };
    let fields = [
        ("type", json!({ "id": kind.id })),
        ("subType", json!({ "id": subtype.id })),
    ];
    let result = bench.replace(&fields).await;
    let made = result
        .as_ref()
        .is_ok_and(|ticket| id_of(ticket, "subType") == Some(u64::from(subtype.id)));
    let conclusion = change(&result, made, ["accepted", "refused", "refused"]);
    let sent = format!("type '{}' with subType '{}'", kind.name, subtype.name);
    let came = result.map_or_else(|error| error.message, |_| "200".to_owned());
    answers.put("unassociated", sent, came, conclusion);
    let _ = bench
        .patch(json!([{ "op": "remove", "path": "subType" }, { "op": "remove", "path": "type" }]))
        .await;
}

async fn foreign_status(bench: &Bench<'_>, answers: &mut Answers) {
    let status = match status_of_another_board(bench).await {
        Ok(Some(status)) => status,
        Ok(None) => {
            let why = "every status of the other boards is one of this board too";
            return answers.not_asked("foreign_status", why);
        }
        Err(error) => return answers.put("foreign_status", "", error.message, UNCLEAR),
    };
    let result = bench
        .replace(&[("status", json!({ "name": status }))])
        .await;
    let made = result.as_ref().is_ok_and(|ticket| {
        let name = ticket.get("status").and_then(|status| status.get("name"));
        name.and_then(Value::as_str)
            .is_some_and(|name| same_name(name, &status))
    });
    let conclusion = change(&result, made, ["accepted", "ignored", "refused"]);
    let sent = format!("status {{\"name\": \"{status}\"}}, of another board");
    let came = result.map_or_else(|error| error.message, |_| "200".to_owned());
    answers.put("foreign_status", sent, came, conclusion);
}

/// An active status of another service board whose name this board does not have.
async fn status_of_another_board(bench: &Bench<'_>) -> Result<Option<String>> {
    let others = bench
        .catalog
        .boards
        .iter()
        .filter(|board| board.id != bench.board.id && !board.project && !board.inactive);
    for board in others.take(10) {
        let statuses = boards::statuses(bench.cx, &bench.env.api, board.id).await?;
        let foreign = statuses
            .into_iter()
            .find(|status| !status.inactive && bench.board.status(&status.name).is_none());
        if let Some(status) = foreign {
            return Ok(Some(status.name));
        }
    }
    Ok(None)
}

/// With severity and impact at their highest an SLA's matrix gives another priority than the lowest.
async fn priorities(bench: &Bench<'_>, answers: &mut Answers) {
    let levels = |level: &str| [("severity", json!(level)), ("impact", json!(level))];
    let Some(lowest) = bench.catalog.priorities.iter().max_by_key(|priority| {
        let level = priority.level.as_deref().unwrap_or_default();
        (level.eq_ignore_ascii_case("Low"), priority.id)
    }) else {
        answers.not_asked("explicit_priority", "there is no priority");
        return answers.not_asked("derived_priority", "there is no priority");
    };
    let [severity, impact] = levels("High");
    let explicit = [severity, impact, ("priority", json!({ "id": lowest.id }))];
    let result = bench.replace(&explicit).await;
    let after = result.as_ref().map(|ticket| id_of(ticket, "priority"));
    let conclusion = match after {
        Ok(after) if after == Some(u64::from(lowest.id)) => "yes",
        Ok(Some(_)) => "no",
        _ => UNCLEAR,
    };
    let sent = format!("severity and impact High with priority '{}'", lowest.name);
    let came = shown(&result);
    answers.put("explicit_priority", sent, came, conclusion);

    let before = id_of(&result.unwrap_or_default(), "priority");
    let mut conclusion = UNCLEAR;
    let mut came = Vec::new();
    for level in ["Medium", "Low", "High"] {
        let result = bench.replace(&levels(level)).await;
        came.push(shown(&result));
        match result.as_ref().map(|ticket| id_of(ticket, "priority")) {
            Ok(after) if after.is_some() && after != before => {
                conclusion = "yes";
                break;
            }
            Ok(Some(_)) => conclusion = "no",
            _ => {
                conclusion = UNCLEAR;
                break;
            }
        }
    }
    let sent = "severity and impact Medium, then Low, then High, without a priority";
    answers.put("derived_priority", sent, came.join("; "), conclusion);
}

fn shown(result: &Result<Value>) -> String {
    match result {
        Ok(ticket) => {
            let name = ticket
                .get("priority")
                .and_then(|priority| priority.get("name"));
            let name = name.and_then(Value::as_str).unwrap_or("none");
            format!("priority '{name}'")
        }
        Err(error) => error.message.clone(),
    }
}

fn id_of(ticket: &Value, field: &str) -> Option<u64> {
    ticket.get(field)?.get("id")?.as_u64()
}
