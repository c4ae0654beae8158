//! What happened, as the store keeps it for a time: to be listed, reported and drawn (rows E2 and E8).

use crate::{service::TicketId, time::Timestamp};
use serde::{Deserialize, Serialize};

mod figure;
mod kind;
mod record;

pub(crate) use figure::Counting;
pub use figure::{Bucket, Figure, Series};
pub use kind::EventKind;
pub(crate) use record::About;
pub use record::EventRecord;

/// How loud an alert is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum AlertSeverity {
    /// Worth knowing.
    Info,
    /// Nobody needs to hurry.
    Low,
    /// To be seen to today.
    Medium,
    /// To be seen to soon.
    High,
    /// To be seen to now.
    Critical,
}

impl AlertSeverity {
    /// The name that JSON carries.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
            Self::Critical => "critical",
        }
    }
}

/// That an event is raised as an alert, as `events.raise` of the configuration says (guide 000 section 11.1).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Alert {
    /// Name of the alert, such as `ConnectWise Manage - Ticket reopened`.
    pub name: String,
    /// How loud it is.
    pub severity: AlertSeverity,
}

/// Which events of the log are meant: each choice that is given must hold.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct EventFilter {
    /// Any of these; all where nothing is said.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub events: Vec<EventKind>,
    /// Of this category (guide 000 section 11.3): its name, or its key such as `reopened`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub category: Option<String>,
    /// Not before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<Timestamp>,
    /// Before this time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<Timestamp>,
    /// About this case.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub case_id: Option<String>,
    /// About this ticket.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ticket_id: Option<TicketId>,
    /// Of this group, by its id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub group: Option<String>,
    /// Of this company, by its name, compared without case.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub company: Option<String>,
    /// By this person, compared without case.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user: Option<String>,
    /// Whether they were raised as alerts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub raised: Option<bool>,
}

impl EventFilter {
    /// Whether an event is meant, beside its kind, category and time.
    pub(crate) fn takes(&self, event: &EventRecord) -> bool {
        let same = |wanted: &Option<String>, found: &Option<String>| {
            wanted.as_ref().is_none_or(|wanted| {
                let found = found.as_deref().unwrap_or_default();
                found.trim().to_lowercase() == wanted.trim().to_lowercase()
            })
        };
        let of_case = self.case_id.is_none() || self.case_id == event.case_id;
        let of_ticket = self.ticket_id.is_none() || self.ticket_id == event.ticket_id;
        let of_group = self.group.is_none() || self.group == event.group;
        let raised = self
            .raised
            .is_none_or(|raised| raised == event.alert.is_some());
        of_case
            && of_ticket
            && of_group
            && raised
            && same(&self.company, &event.company)
            && same(&self.user, &event.user)
    }
}

/// Some of the log's events, oldest first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct EventPage {
    /// The events.
    pub events: Vec<EventRecord>,
    /// What to ask for the next page with; nothing on the last. A page may be short of the limit, or empty, before the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

/// Some rows of a report, oldest first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ReportPage {
    /// Name of the report.
    pub report: String,
    /// Names of the columns: keys of an [`EventRecord`].
    pub columns: Vec<&'static str>,
    /// The rows, each with a text for every column; empty where the event has none.
    pub rows: Vec<Vec<String>>,
    /// What to ask for the next page with; nothing on the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}
