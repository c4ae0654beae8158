//! How an instance does: what waits, which way back from ConnectWise works, what ends soon (row E4).

use crate::{
    outbox::Backlog,
    preflight::{CredentialExpiry, Finding},
    time::Timestamp,
};
use serde::Serialize;

/// How an instance does, from what the store says and this connector has seen. Nothing was asked of ConnectWise.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct HealthReport {
    /// The worst of the findings.
    pub status: HealthStatus,
    /// What is not as it should be, the worst first, each with its fix.
    pub findings: Vec<Finding>,
    /// How much waits.
    pub backlog: Backlog,
    /// When the oldest delivery was made that the host has not taken over.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub oldest_undelivered: Option<Timestamp>,
    /// The ways by which tickets come back.
    pub inbound: InboundHealth,
    /// How long the API member's keys still hold, where the configuration says it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub credentials: Option<CredentialExpiry>,
    /// What changed in the instance when its boards were last read anew, where something did.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub drift: Option<DriftHealth>,
    /// The budget for requests.
    pub budget: BudgetHealth,
}

/// How an instance does, in a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum HealthStatus {
    /// All is as it should be.
    Healthy,
    /// It works, and something should be seen to.
    Degraded,
    /// Cases do not become tickets, or changes of tickets are lost sight of.
    Failing,
}

/// The ways by which tickets come back.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct InboundHealth {
    /// ConnectWise tells of saved tickets.
    pub callbacks: WayHealth,
    /// Changed tickets are looked for.
    pub polling: WayHealth,
}

/// Whether one way works.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct WayHealth {
    /// How it stands.
    pub state: WayState,
    /// When a genuine callback came last, or a poll ended well.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last: Option<Timestamp>,
}

/// How a way back stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum WayState {
    /// The configuration does not ask for it.
    #[default]
    Off,
    /// It has not been begun yet.
    Waiting,
    /// It works.
    Works,
    /// It does not.
    Stalled,
}

impl WayState {
    /// The name that JSON carries.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Off => "off",
            Self::Waiting => "waiting",
            Self::Works => "works",
            Self::Stalled => "stalled",
        }
    }
}

/// What drifted, in short; [`Command::Drift`](crate::Command::Drift) has it in full.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct DriftHealth {
    /// When it was found.
    pub at: Timestamp,
    /// How many changes there were.
    pub changes: u64,
    /// Whether something of the configuration no longer fits.
    pub breaks: bool,
}

/// The budget of this connector for requests.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct BudgetHealth {
    /// Requests under way now.
    pub under_way: u32,
    /// How many may be: fewer than `limits.concurrency` after ConnectWise throttled or failed.
    pub allowed: u32,
    /// `limits.concurrency`.
    pub concurrency: u32,
    /// `limits.requests_per_minute`.
    pub requests_per_minute: u32,
    /// Until when no request leaves, because ConnectWise asked for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub paused_until: Option<Timestamp>,
}
