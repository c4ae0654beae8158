use crate::{service::TicketId, time::Span};
use serde::{Deserialize, Serialize};

/// How repeats of one incident share a ticket (row T4; defaults of guide 001's vendor).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Repeats {
    /// What repeats have in common: paths such as `case.kind` or `case.system.id`, or templates over `case`. The case's group
    /// always belongs to it, so that no ticket is ever shared between customers. Parts that differ from one repeat to the
    /// next, such as `case.id` or `case.created_at`, are refused; in texts that people write, such as `case.title`, times,
    /// GUIDs and long numbers do not count.
    pub join_key: Vec<String>,
    /// How long after its last update a ticket takes repeats; 24 hours where nothing is said.
    #[serde(default = "day")]
    pub window: Span,
    /// Whether a repeat reopens a closed ticket; otherwise it gets a new one that names the old. It does where nothing is said.
    #[serde(default = "yes")]
    pub reopen: bool,
    /// How long updates by repeats are gathered before they are written as one note, 0 s to 1 day; 15 minutes where nothing is
    /// said. A ticket for an incident of a new key is opened at once.
    #[serde(default = "quarter")]
    pub batch: Span,
    /// The note by which a new ticket names earlier ones of the same key; none where nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub correlation: Option<Correlation>,
}

/// The note by which a new ticket names earlier ones.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct Correlation {
    /// How old the last update of a ticket may be to be named; 30 days where nothing is said. What is older is forgotten.
    pub window: Span,
    /// The note's line for each earlier ticket, with `{{ id }}` for its number.
    pub text: String,
}

impl Default for Correlation {
    fn default() -> Self {
        Self {
            window: Span::seconds(30 * 86_400),
            text: "Previous incident for the same alert type: Id: {{ id }}".to_owned(),
        }
    }
}

/// When cases are so many that further ones share a ticket (row T5; defaults of guide 001's vendor).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct Flood {
    /// New tickets within `interval`, 1 to 1000; further cases share one. 10 where nothing is said.
    pub limit: u32,
    /// One hour where nothing is said, 1 minute to 7 days.
    pub interval: Span,
    /// What the new tickets are counted over. A shared ticket has one company, so there is one for each group whatever this is.
    pub per: FloodScope,
    /// Severities whose cases always get a ticket of their own; `critical` where nothing is said.
    pub exempt: Vec<String>,
    /// How long counters are gathered before they are written as one note, 0 s to 1 day; 15 minutes where nothing is said.
    pub batch: Span,
}

impl Default for Flood {
    fn default() -> Self {
        Self {
            limit: 10,
            interval: Span::seconds(3600),
            per: FloodScope::default(),
            exempt: vec!["critical".to_owned()],
            batch: quarter(),
        }
    }
}

/// What new tickets are counted over.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum FloodScope {
    /// Each group.
    #[default]
    Group,
    /// Each route.
    Route,
    /// The instance as a whole.
    Instance,
}

/// A time in which cases make no tickets (row T8). They are counted and kept, and a summary says so at its end.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct MaintenanceWindow {
    /// Name that events and the summary use.
    pub name: String,
    /// When it begins, or begins first: RFC 3339 with its offset from UTC, such as `2026-02-07T22:00:00+01:00`.
    pub start: String,
    /// How long it lasts, 1 minute to 7 days.
    pub duration: Span,
    /// On which days it begins again at that time of day, in the offset of `start`; it comes once where nothing is said.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub weekdays: Vec<Weekday>,
    /// Ids of the groups it is for; all where nothing is said.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub groups: Vec<String>,
    /// Ids of the systems it is for; all where nothing is said.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub systems: Vec<String>,
    /// Names of the routes it is for; all where nothing is said.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub routes: Vec<String>,
    /// Severities whose cases get their ticket all the same.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub exempt: Vec<String>,
    /// What is made of the cases at its end.
    #[serde(default)]
    pub summary: WindowSummary,
}

/// What is made of the cases that a maintenance window held back. The host is told of the end in any case.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum WindowSummary {
    /// A ticket for each group that had any.
    #[default]
    Ticket,
    /// A note on this ticket, such as that of the change itself. It must belong to the same customer.
    NoteOn(TicketId),
    /// Nothing in ConnectWise.
    None,
}

/// A day of the week.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
#[allow(missing_docs, reason = "they are the days")]
pub enum Weekday {
    Mon,
    Tue,
    Wed,
    Thu,
    Fri,
    Sat,
    Sun,
}

const fn day() -> Span {
    Span::seconds(86_400)
}

const fn quarter() -> Span {
    Span::seconds(900)
}

const fn yes() -> bool {
    true
}
