//! Callbacks, which anyone on the internet can send.

use crate::{edits, worlds};
use arbitrary::{Result, Unstructured};
use casewire::{CallbackOutcome, CallbackRequest, Code, Command, Outcome};
use serde_json::Value;

/// Only what ConnectWise sent, byte for byte and with its signature, leads to anything.
pub(crate) fn callback(input: &[u8]) {
    let (world, genuine) = worlds::told();
    let mut input = Unstructured::new(input);
    let Ok(callback) = altered(genuine, &mut input) else {
        return;
    };
    let is_genuine = callback.body == genuine.body
        && callback.secret == genuine.secret
        && callback.signature.as_deref().map(str::trim)
            == genuine.signature.as_deref().map(str::trim);
    let mut world = world.clone();
    let writes = |sent: &[String]| sent.iter().any(|request| !request.starts_with("GET "));
    let command = Command::TakeCallback {
        callback: Box::new(callback.clone()),
    };
    let life = world
        .live(&worlds::config(), vec![command], None)
        .expect("no rule is broken");
    assert!(!writes(&life.sent), "{:?}", life.sent);
    for finished in &life.finished {
        match &finished.result {
            Ok(Outcome::Callback(CallbackOutcome::Reread { .. })) => {
                assert!(is_genuine, "{callback:?} is believed");
            }
            Ok(Outcome::Callback(outcome)) => {
                assert!(!is_genuine, "{outcome:?}");
                assert_eq!(
                    life.sent
                        .iter()
                        .filter(|it| it.contains("/tickets/"))
                        .count(),
                    0
                );
            }
            Ok(_) => {}
            Err(error) => {
                assert_ne!(error.code, Code::Internal, "{error:?}");
                assert!(!is_genuine, "{error:?}");
            }
        }
    }
}

/// A callback that is another in at least one way, or in none.
fn altered(genuine: &CallbackRequest, input: &mut Unstructured<'_>) -> Result<CallbackRequest> {
    let mut callback = genuine.clone();
    let changes = input.int_in_range(0..=31_u8)?;
    if changes & 1 != 0 {
        let mut body: Value = serde_json::from_slice(&callback.body).expect("JSON");
        edits::edit(&mut body, input)?;
        callback.body = body.to_string().into_bytes();
    }
    if changes & 2 != 0
        && let Some(signature) = &mut callback.signature
    {
        *signature = edits::text(input)?;
    }
    if changes & 4 != 0 {
        callback.secret = edits::text(input)?;
    }
    if changes & 8 != 0 {
        callback.signature = None;
    }
    if changes & 16 != 0 {
        let place = input.choose_index(callback.body.len().max(1))?;
        let length = input.len();
        callback.body.truncate(place);
        callback.body.extend_from_slice(input.bytes(length)?);
    }
    Ok(callback)
}
