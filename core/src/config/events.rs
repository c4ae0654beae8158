use crate::{event_log::AlertSeverity, time::Span};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What becomes of events and decisions beside their delivery (rows E2, E5 and E8).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct Events {
    /// Which events are raised as alerts, and how loud: by the event's name, such as `ticket_reopened`, or the alert's, such as
    /// `ConnectWise Manage - Ticket reopened`. None where nothing is said: alerts are switched on one by one (guide 000 section
    /// 11.1). An event is told to the host whether or not it is raised.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub raise: BTreeMap<String, AlertSeverity>,
    /// How long the store keeps events, for lists, reports and dashboards; 90 days where nothing is said, `0s` keeps none.
    pub keep: Span,
    /// How long it keeps decisions with their reasons; 90 days where nothing is said, `0s` keeps none.
    pub keep_decisions: Span,
}

impl Default for Events {
    fn default() -> Self {
        let days = Span::seconds(90 * 86_400);
        Self {
            raise: BTreeMap::new(),
            keep: days,
            keep_decisions: days,
        }
    }
}

impl Events {
    /// Whether nothing differs from what holds where nothing is said.
    #[must_use]
    pub fn is_default(&self) -> bool {
        *self == Self::default()
    }
}
