//! What happens in the product, handed over for `automation` to decide about.

use super::{App, MAX_BODY, chosen::Chosen, json, read, refusal::Refusal};
use axum::{body::Body, extract::State, http::StatusCode, response::Response};
use casewire::{Command, Error, Fault, HostEvent, Outcome};
use std::sync::Arc;

/// `POST /host-events`: 202 once its case is on the disk, or its task is due.
pub(super) async fn take(
    State(app): State<Arc<App>>,
    chosen: Chosen,
    body: Body,
) -> Result<Response, Refusal> {
    let instance = chosen.instance()?;
    if app.is_stopping() {
        return Err(Refusal::stopping());
    }
    let bytes = read(body, MAX_BODY).await?;
    let event = casewire::json::read::<HostEvent>(&bytes)
        .map_err(|faults| Refusal::of_faults("the event", faults))?;
    let answer = instance.run(Command::HostEvent { event }).await;
    let answer = answer.ok_or_else(Refusal::stopping)?;
    match answer.map_err(of_event)? {
        Outcome::Automated(automated) => {
            instance.look_at_schedule();
            let body = serde_json::to_string(&automated).unwrap_or_default();
            Ok(json(StatusCode::ACCEPTED, body))
        }
        _ => Err(Refusal::stopping()),
    }
}

/// A refusal whose pointers are into the body.
fn of_event(error: Error) -> Refusal {
    let faults = error.faults.iter().map(|fault| Fault {
        pointer: fault
            .pointer
            .strip_prefix("/event")
            .unwrap_or(&fault.pointer)
            .to_owned(),
        ..fault.clone()
    });
    Refusal::from(Error {
        faults: faults.collect(),
        ..error
    })
}
