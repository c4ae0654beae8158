use casewire::{CaseResult, Error, Finished, Outcome, TicketId};
use serde::Serialize;

/// What the program says of a case.
#[derive(Debug, Serialize)]
pub(in crate::cli) struct Line {
    pub(super) case_id: String,
    pub(in crate::cli) outcome: &'static str,
    ticket_id: Option<TicketId>,
    error: Option<Error>,
    /// Why, where the outcome does not say it.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    /// What did not work without failing the case.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    warnings: Vec<Error>,
}

impl Line {
    /// The line of an operation that was about a case.
    pub(in crate::cli) fn of(finished: Finished) -> Option<Self> {
        match finished.result {
            Ok(Outcome::Case(case)) => Some(Self {
                case_id: case.case_id,
                outcome: name(case.outcome),
                ticket_id: case.ticket_id,
                error: None,
                reason: case.reason,
                warnings: case.warnings,
            }),
            Ok(_) => None,
            Err(error) => Some(Self {
                case_id: finished.case_id?,
                outcome: "failed",
                ticket_id: None,
                error: Some(error),
                reason: None,
                warnings: Vec::new(),
            }),
        }
    }

    /// Tells what this run did for the case before, where nothing was left to do after it.
    pub(super) fn take_over(&mut self, mut earlier: Self) {
        if self.outcome == name(CaseResult::Unchanged) && earlier.error.is_none() {
            earlier.warnings.append(&mut self.warnings);
            *self = earlier;
        }
    }
}

fn name(result: CaseResult) -> &'static str {
    match result {
        CaseResult::Opened => "opened",
        CaseResult::Updated => "updated",
        CaseResult::Closed => "closed",
        CaseResult::Unchanged => "unchanged",
        CaseResult::Held => "held",
        CaseResult::Joined => "joined",
        CaseResult::RolledUp => "rolled_up",
        CaseResult::Withheld => "withheld",
        CaseResult::Accepted => "accepted",
    }
}
