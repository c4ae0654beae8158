use crate::time::Span;
use serde::{Deserialize, Serialize};

/// What becomes of a closed ticket when its case comes back (rows T4 and S3).
///
/// The first of `rules` that fits decides; then the close reasons that never reopen; then the ticket's age since it was
/// closed. Without this part of the configuration a case that comes back always opens its ticket again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct Reopen {
    /// Which change of the case asks for it.
    pub on: ReopenOn,
    /// Close reasons after which a ticket is never opened again, compared by their letters and digits alone;
    /// `false_positive` and `wont_fix` where nothing is said. A rule with `then: "reopen"` does not overrule them.
    pub never: Vec<String>,
    /// How long after its closing a ticket is opened again; 24 hours where nothing is said (guide 001's later pages:
    /// `UpdateInterval`).
    pub within: Span,
    /// What happens later than that: a new ticket where nothing is said.
    pub later: ReopenThen,
    /// Before all that.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub rules: Vec<ReopenRule>,
}

impl Default for Reopen {
    fn default() -> Self {
        Self {
            on: ReopenOn::default(),
            never: vec!["false_positive".to_owned(), "wont_fix".to_owned()],
            within: Span::seconds(24 * 3600),
            later: ReopenThen::NewTicket,
            rules: Vec::new(),
        }
    }
}

/// Which change of a case asks what becomes of its closed ticket.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum ReopenOn {
    /// The case was over and is so no more, or its status moved to one that is open.
    #[default]
    CameBack,
    /// Any change of a case that is not over, such as a comment or a raised severity.
    Changed,
}

/// One rule for closed tickets: each condition that is given must hold.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ReopenRule {
    /// Any of these close reasons, compared by their letters and digits alone.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reason: Vec<String>,
    /// Any of these ticket statuses, by name.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub status: Vec<String>,
    /// Any of these case severities.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub severity: Vec<String>,
    /// The ticket was closed no longer ago than this.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closed_within: Option<Span>,
    /// What happens.
    pub then: ReopenThen,
}

/// What happens to a closed ticket whose case comes back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum ReopenThen {
    /// The ticket is opened again.
    Reopen,
    /// A new ticket is opened, which names the old one.
    NewTicket,
    /// The ticket stays closed; what the case says is added to it as notes.
    Note,
}

impl ReopenThen {
    /// The name that JSON carries.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Reopen => "reopen",
            Self::NewTicket => "new_ticket",
            Self::Note => "note",
        }
    }
}
