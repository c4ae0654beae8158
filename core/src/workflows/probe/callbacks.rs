//! What registering callbacks shows without a receiver (API.md sections 13.1 and 13.4).

use super::{
    Answers, UNCLEAR,
    bench::{Bench, came, is_refusal},
};
use crate::{
    api::Query,
    effect::Method,
    error::Result,
    system::callbacks::{self, PATH},
};
use serde_json::{Value, json};

/// The name can belong to nobody (RFC 6761): no change of the instance is ever sent there.
const ADDRESS: &str = "https://casewire.invalid/probe";

pub(super) async fn ask(bench: &Bench<'_>, answers: &mut Answers) {
    clean(bench).await;
    let unclear_before = std::mem::take(&mut *bench.unclear.lock());
    let zero = register(bench, 0).await;
    let (registered, conclusion) = match &zero {
        Ok(id) => (Some(id.clone()), "accepted"),
        Err(error) if is_refusal(error) => match register(bench, 1).await {
            Ok(id) => (Some(id), "refused"),
            Err(_) => (None, UNCLEAR),
        },
        Err(_) => (None, UNCLEAR),
    };
    let sent =
        "an inactive registration of level owner with objectId 0, and with 1 where that is refused";
    answers.put("owner_object", sent, came(&zero), conclusion);
    match registered {
        Some(id) => wake(bench, answers, &id).await,
        None => answers.not_asked("disabled_callback", "no callback could be registered"),
    }
    if *bench.unclear.lock() {
        // What was lost may still land: a registration that is looked for too early would stay.
        let settle = bench.env.settings.config().limits.settle.0;
        let landed = bench.not_after().after(settle);
        bench.cx.sleep_until(landed).await;
    }
    clean(bench).await;
    *bench.unclear.lock() |= unclear_before;
}

/// Registers the address, switched off.
async fn register(bench: &Bench<'_>, object: u32) -> Result<Value> {
    let body = json!({
        "url": ADDRESS, "objectId": object, "type": "ticket", "level": "owner", "inactiveFlag": true,
        "description": "casewire probe, please remove", "payloadVersion": "3.0.0",
    });
    let made = bench.write(Method::Post, PATH.to_owned(), &body).await?;
    Ok(made.get("id").cloned().unwrap_or_default())
}

async fn wake(bench: &Bench<'_>, answers: &mut Answers, id: &Value) {
    let path = format!("{PATH}/{id}");
    let inactive = async || -> Result<Option<bool>> {
        let query = Query::new().fields("id,inactiveFlag");
        let entry: Value = bench.env.api.read(bench.cx, &path, &query).await?;
        Ok(entry.get("inactiveFlag").and_then(Value::as_bool))
    };
    let before = inactive().await;
    let operations = json!([{ "op": "replace", "path": "inactiveFlag", "value": false }]);
    let woken = bench.write(Method::Patch, path.clone(), &operations).await;
    let after = inactive().await;
    let conclusion = match (&before, &woken, &after) {
        (Ok(Some(true)), Ok(_), Ok(Some(false))) => "wakes",
        (Ok(Some(true)), Ok(_), Ok(Some(true))) => "stays",
        (Ok(Some(true)), Err(error), Ok(Some(true))) if is_refusal(error) => "stays",
        _ => UNCLEAR,
    };
    let came = match &after {
        Ok(inactive) => format!("inactiveFlag {}", json!(inactive)),
        Err(error) => error.message.clone(),
    };
    let sent = "inactiveFlag false for an inactive registration";
    answers.put("disabled_callback", sent, came, conclusion);
}

/// Takes out what this or an earlier probe registered. What cannot be taken out is switched off or reaches nobody, and the
/// next probe tries again.
pub(super) async fn clean(bench: &Bench<'_>) {
    let found = callbacks::list(bench.cx, &bench.env.api).await;
    for entry in found.ok().into_iter().flatten() {
        // ConnectWise appends the record's id and the action to the address.
        if entry.url.starts_with(ADDRESS) {
            let (cx, api) = (bench.cx, &bench.env.api);
            let _ = callbacks::remove(cx, api, entry.id, bench.not_after()).await;
        }
    }
}
