//! The ticket that a case would make, and what it would cost, without asking ConnectWise anything.

use crate::{
    case::Case,
    catalog::Catalog,
    config::UnmappedPolicy,
    decide::{self, CompanyChoice, RouteExplanation, Routing},
    decision::TicketPlan,
    effect::Method,
    error::Fault,
    mapping::MappingKey,
    settings::Settings,
};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

mod directory;

pub use directory::{Directory, KnownConfiguration, KnownContact};

/// An instance's catalog and directory as one document. A catalog alone is one too.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CatalogFile {
    /// Boards, priorities, sources, custom fields.
    #[serde(flatten)]
    pub catalog: Catalog,
    /// Companies, contacts and device configurations, as far as they are known.
    #[serde(default)]
    pub directory: Directory,
}

/// What a case would become.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Preview {
    /// What would come of the case.
    pub outcome: PreviewOutcome,
    /// Why, in words for a person.
    pub reason: String,
    /// What each route says of the case, in order; the first that matches is used.
    pub routes: Vec<RouteExplanation>,
    /// The ticket, field by field, where there would be one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ticket: Option<TicketPlan>,
    /// What the directory does not hold and a live run looks up.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub lookups: Vec<String>,
    /// The API calls of a live run, in order.
    pub calls: Vec<PlannedCall>,
    /// Every fault, where the case would be refused.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub faults: Vec<Fault>,
}

/// What would come of a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum PreviewOutcome {
    /// A ticket.
    Ticket,
    /// The case would wait until its group is mapped.
    Held,
    /// No ticket, as its route says, because no route takes it, or because none are made for its group.
    Ignored,
    /// The case, or the configuration for it, has faults.
    Refused,
}

/// One API call of a live run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PlannedCall {
    /// Method.
    pub method: Method,
    /// Path below `/apis/3.0`, with `{id}` for the ticket's number.
    pub path: String,
    /// What for.
    pub why: String,
}

/// Previews the ticket of a case. The decisions are those of the live run.
#[must_use]
pub fn preview(
    settings: &Settings,
    catalog: &Catalog,
    directory: &Directory,
    case: &Case,
) -> Preview {
    let mut preview = Preview {
        outcome: PreviewOutcome::Refused,
        reason: String::new(),
        routes: decide::explain_routes(settings, case),
        ticket: None,
        lookups: Vec::new(),
        calls: Vec::new(),
        faults: Vec::new(),
    };
    let faults = case.check();
    if !faults.is_empty() {
        return preview.refused("the case has faults".to_owned(), faults);
    }
    match decide::route(settings, case) {
        Routing::To(decision, _) => preview.reason = decision.reason,
        Routing::Ignored(decision) => {
            return preview.ended(PreviewOutcome::Ignored, decision.reason);
        }
        Routing::Nowhere(reason) => return preview.ended(PreviewOutcome::Ignored, reason),
    }
    let group = directory.mapping(&MappingKey::group(case.group.id.as_str()));
    let key = match decide::company_key(settings, case, group) {
        CompanyChoice::Mapped(key) | CompanyChoice::CatchAll(key) => key,
        CompanyChoice::Unmapped { policy, reason } => {
            let outcome = match policy {
                UnmappedPolicy::Refuse => PreviewOutcome::Refused,
                UnmappedPolicy::Hold | UnmappedPolicy::CatchAll => PreviewOutcome::Held,
            };
            return preview.ended(outcome, reason);
        }
        CompanyChoice::LeftOut(reason) => {
            return preview.ended(PreviewOutcome::Ignored, reason);
        }
    };
    let found = match directory.parties(settings, case, key) {
        Ok(found) => found,
        Err(fault) => return preview.refused(fault.message.clone(), vec![fault]),
    };
    let case = Arc::new(case.clone());
    match decide::ticket(settings, catalog, &found.parties, &case) {
        Ok(mut plan) => {
            found.name_company(&mut plan);
            preview.outcome = PreviewOutcome::Ticket;
            preview.calls = calls(&found.calls, &plan, found.links);
            preview.lookups = found.lookups;
            preview.ticket = Some(plan);
            preview
        }
        Err(error) => preview.refused(error.message, error.faults),
    }
}

impl Preview {
    fn ended(mut self, outcome: PreviewOutcome, reason: String) -> Self {
        self.outcome = outcome;
        self.reason = reason;
        self
    }

    fn refused(mut self, reason: String, faults: Vec<Fault>) -> Self {
        self.faults = faults;
        self.ended(PreviewOutcome::Refused, reason)
    }
}

impl PlannedCall {
    pub(crate) fn new(method: Method, path: &str, why: impl Into<String>) -> Self {
        Self {
            method,
            path: path.to_owned(),
            why: why.into(),
        }
    }
}

fn calls(lookups: &[PlannedCall], plan: &TicketPlan, links: bool) -> Vec<PlannedCall> {
    let mut calls = lookups.to_vec();
    calls.push(PlannedCall::new(
        Method::Post,
        "/service/tickets",
        "open the ticket",
    ));
    if links {
        calls.push(PlannedCall::new(
            Method::Post,
            "/service/tickets/{id}/configurations",
            "link the device configuration",
        ));
    }
    calls.extend(plan.notes.iter().map(|note| {
        PlannedCall::new(
            Method::Post,
            "/service/tickets/{id}/notes",
            format!("comment '{}'", note.comment),
        )
    }));
    calls.extend(plan.documents.iter().map(|document| {
        PlannedCall::new(
            Method::Post,
            "/system/documents",
            format!("attachment '{}'", document.file_name),
        )
    }));
    calls
}

#[cfg(test)]
mod tests;
