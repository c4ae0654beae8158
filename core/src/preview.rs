//! The ticket that a case would make, and what it would cost, without asking ConnectWise anything.

use crate::{
    case::Case,
    catalog::Catalog,
    config::UnmappedPolicy,
    decide::{self, CompanyChoice, OnRoute, RouteExplanation, Routing},
    decision::TicketPlan,
    effect::Method,
    error::{Code, Error, Fault, Result},
    mapping::MappedKind,
    settings::Settings,
};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

mod directory;
mod translator;

pub use directory::{Directory, KnownConfiguration, KnownContact};
pub use translator::Translator;

use directory::CompanyFinder;

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
    let case = Arc::new(case.clone());
    let planned = plan(settings, catalog, directory, directory, &case);
    Preview {
        outcome: planned.outcome,
        reason: planned.reason,
        routes: decide::explain_routes(settings, &case),
        ticket: planned.ticket,
        lookups: planned.lookups,
        calls: planned.calls,
        faults: planned.faults,
    }
}

/// The ticket of a case, and no more: neither what each route says of it nor what it would cost. What [`TicketPlan::body`]
/// makes of it is what a live run sends, where the directory knows the case's company. For many cases, a [`Translator`].
///
/// # Errors
/// Where the case makes no ticket, in the words of a preview, with every fault.
pub fn translate(
    settings: &Settings,
    catalog: &Catalog,
    directory: &Directory,
    case: &Arc<Case>,
) -> Result<TicketPlan> {
    plan(settings, catalog, directory, directory, case).into_ticket()
}

/// What would become of a case, without what each route says of it.
pub(crate) struct Planned {
    pub(crate) outcome: PreviewOutcome,
    pub(crate) reason: String,
    pub(crate) ticket: Option<TicketPlan>,
    pub(crate) lookups: Vec<String>,
    pub(crate) calls: Vec<PlannedCall>,
    pub(crate) faults: Vec<Fault>,
}

fn plan(
    settings: &Settings,
    catalog: &Catalog,
    directory: &Directory,
    companies: &impl CompanyFinder,
    case: &Arc<Case>,
) -> Planned {
    let faults = case.check();
    if !faults.is_empty() {
        return Planned::nothing().refused("the case has faults".to_owned(), faults);
    }
    plan_sound(settings, catalog, directory, companies, case)
}

/// What would become of a case that has no faults.
fn plan_sound(
    settings: &Settings,
    catalog: &Catalog,
    directory: &Directory,
    companies: &impl CompanyFinder,
    case: &Arc<Case>,
) -> Planned {
    let mut planned = Planned::nothing();
    let on = match decide::route(settings, case) {
        Routing::To(route, index) => OnRoute { route, index },
        Routing::Ignored(decision) => {
            return planned.ended(PreviewOutcome::Ignored, decision.reason);
        }
        Routing::Nowhere(reason) => return planned.ended(PreviewOutcome::Ignored, reason),
    };
    let group = directory.mapping(MappedKind::Group, &case.group.id);
    let key = match decide::company_key(settings, case, group) {
        CompanyChoice::Mapped(key) | CompanyChoice::CatchAll(key) => key,
        CompanyChoice::Unmapped { policy, reason } => {
            let outcome = match policy {
                UnmappedPolicy::Refuse => PreviewOutcome::Refused,
                UnmappedPolicy::Hold | UnmappedPolicy::CatchAll => PreviewOutcome::Held,
            };
            return planned.ended(outcome, reason);
        }
        CompanyChoice::LeftOut(reason) => {
            return planned.ended(PreviewOutcome::Ignored, reason);
        }
    };
    let company = companies.company(&key.value);
    let found = match company.and_then(|company| directory.parties(settings, case, key, company)) {
        Ok(found) => found,
        Err(fault) => return planned.refused(fault.message.clone(), vec![fault]),
    };
    match decide::ticket_on(settings, catalog, &found.parties, case, &on) {
        Ok(mut plan) => {
            found.name_company(&mut plan);
            planned.outcome = PreviewOutcome::Ticket;
            planned.reason = on.route.reason;
            planned.calls = calls(&found.calls, &plan, found.links);
            planned.lookups = found.lookups;
            planned.ticket = Some(plan);
            planned
        }
        Err(error) => planned.refused(error.message, error.faults),
    }
}

impl Planned {
    fn nothing() -> Self {
        Self {
            outcome: PreviewOutcome::Refused,
            reason: String::new(),
            ticket: None,
            lookups: Vec::new(),
            calls: Vec::new(),
            faults: Vec::new(),
        }
    }

    fn ended(mut self, outcome: PreviewOutcome, reason: String) -> Self {
        self.outcome = outcome;
        self.reason = reason;
        self
    }

    /// The ticket alone.
    fn into_ticket(self) -> Result<TicketPlan> {
        self.ticket.ok_or_else(|| {
            let error = Error::new(Code::InvalidInput, self.reason);
            Error {
                faults: self.faults,
                ..error
            }
        })
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
