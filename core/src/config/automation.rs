use super::Match;
use crate::time::Span;
use serde::{Deserialize, Serialize};
use std::fmt;

/// What of the host's own happenings leads to what, and what repeats itself (row E3; guide 003's automation policies, guide 001's
/// response actions).
///
/// Without rules a case's event brings its ticket in step, an alert hands its case over, a finished discovery makes devices due
/// where `devices.after_discovery` says so, and a changed inventory makes automatic mapping due.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct Automation {
    /// The first that fits decides; where none does, what holds without rules. A last rule with `then: "ignore"` and every kind
    /// in `on` has nothing happen by itself.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub rules: Vec<AutomationRule>,
    /// How often all open links are compared with ConnectWise (row S9), at least `1h`; only on demand where nothing is said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reconcile_every: Option<Span>,
    /// Whether that repairs what is safe to repair; it needs `policies.ticket_inbound`.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub reconcile_repairs: bool,
}

impl Automation {
    /// Whether nothing differs from what holds where nothing is said.
    #[must_use]
    pub fn is_default(&self) -> bool {
        *self == Self::default()
    }
}

/// One rule.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct AutomationRule {
    /// Name that explanations use.
    pub name: String,
    /// The happenings that it is for.
    pub on: Vec<HostEventKind>,
    /// Names of alerts, compared without case; `*` stands for any signs. Every alert where nothing is said.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub alerts: Vec<String>,
    /// Which cases it is for, as with routes; all where nothing is said. A case that was handed over by its id alone fits no
    /// rule that looks into it.
    #[serde(default, skip_serializing_if = "Match::is_any")]
    pub when: Match,
    /// What happens.
    pub then: AutomationAct,
}

/// What can happen in the host.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum HostEventKind {
    /// A case is new.
    CaseOpened,
    /// Something of a case changed.
    CaseUpdated,
    /// Someone commented a case.
    CaseCommented,
    /// A case is over: closed by someone, or cleared by its source.
    CaseClosed,
    /// An alert was raised.
    AlertRaised,
    /// The host has looked for devices and is done.
    DiscoveryFinished,
    /// Groups or systems are new, gone or changed.
    InventoryChanged,
}

impl HostEventKind {
    /// The name that JSON carries.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::CaseOpened => "case_opened",
            Self::CaseUpdated => "case_updated",
            Self::CaseCommented => "case_commented",
            Self::CaseClosed => "case_closed",
            Self::AlertRaised => "alert_raised",
            Self::DiscoveryFinished => "discovery_finished",
            Self::InventoryChanged => "inventory_changed",
        }
    }

    /// Whether it is about a case.
    #[must_use]
    pub const fn is_of_case(self) -> bool {
        match self {
            Self::CaseOpened
            | Self::CaseUpdated
            | Self::CaseCommented
            | Self::CaseClosed
            | Self::AlertRaised => true,
            Self::DiscoveryFinished | Self::InventoryChanged => false,
        }
    }
}

impl fmt::Display for HostEventKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// What a rule has happen. What needs the host's own content, such as its devices, is made due: the host starts it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum AutomationAct {
    /// The case's ticket is brought in step with it; of a case that is named by its id alone the content is asked for later.
    SubmitCase,
    /// Nothing.
    Ignore,
    /// [`Task::AutoMap`](crate::Task::AutoMap) is due.
    AutoMap,
    /// [`Task::ReadCatalog`](crate::Task::ReadCatalog) is due.
    ReadCatalog,
    /// [`Task::EnsureCallbacks`](crate::Task::EnsureCallbacks) is due.
    EnsureCallbacks,
    /// [`Task::Poll`](crate::Task::Poll) is due.
    Poll,
    /// [`Task::Reconcile`](crate::Task::Reconcile) is due.
    Reconcile,
    /// [`Task::SendDevices`](crate::Task::SendDevices) is due.
    SendDevices,
}
