//! Decisions: pure functions from a case, the settings and what is known of ConnectWise to a value with its reason.
//!
//! The preview and the real run call the same ones.

mod acceptance;
mod automation;
mod company;
mod contact;
mod documents;
mod fields;
mod flood;
mod gathered;
mod incoming;
mod join_key;
mod maintenance;
mod notes;
mod placement;
mod priority;
mod reference;
pub(crate) mod reopening;
mod repeats;
mod route;
mod status;
mod ticket;
pub(crate) mod ticket_fields;
mod wording;

pub(crate) use automation::automation;
pub(crate) use company::{CompanyChoice, asks_mapping, company_key, configuration_key};
pub(crate) use contact::{ContactChoice, FoundContact, contact};
pub(crate) use documents::{DocumentChoice, document};
pub(crate) use fields::{custom_field, custom_field_holds, not_an_option, option};
pub(crate) use flood::{Scope, flood_scope, is_exempt, is_flood};
pub(crate) use gathered::{Batch, batch_note, correlation_note, count_in, summary_note};
pub(crate) use incoming::{case_wins, differences, meaning, ticket_state};
pub(crate) use join_key::{JoinKey, join_key};
pub(crate) use maintenance::{Occurrence, maintenance};
pub(crate) use notes::{note, resolution};
pub(crate) use placement::{board as known_board, place, status_on};
pub(crate) use priority::{is_raised, known as known_priority};
pub(crate) use reference::{case_of, is_hashed, of_any as reference_of_any, reference};
pub(crate) use reopening::{CaseChange, ClosedTicket, reopening};
pub(crate) use repeats::repeat_of_closed;
pub use route::RouteExplanation;
pub(crate) use route::{Routing, explain_routes, route};
pub(crate) use status::{
    StatusRef, case_status, status_after, status_of_case, status_of_update, status_when_reopened,
};
pub(crate) use ticket::{Earlier, OnRoute, SUMMARY, further_ticket, ticket, ticket_on};

#[cfg(test)]
pub(crate) use ticket::tests;
