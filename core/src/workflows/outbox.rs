//! The outbox as people see it: what waits and why, tried again or taken out.

mod discard;
mod list;
mod retry;

pub(super) use discard::discard_outbox;
pub(super) use list::{backlog, list_outbox};
pub(super) use retry::retry_outbox;

use crate::error::{Code, Fault};

/// The fault of a case that does not wait.
fn not_waiting(index: usize, case_id: &str) -> Fault {
    Fault::new(
        Code::InvalidValue,
        format!("/case_ids/{index}"),
        format!("case '{case_id}' is not in the outbox and is not held"),
        "Name a case that ListOutbox shows",
    )
}
