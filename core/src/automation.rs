//! What becomes of something that happened in the host (row E3).

use crate::{
    case::Case,
    config::{AutomationAct, HostEventKind},
    effect::OperationId,
    error::{Code, Fault},
    schedule::Task,
};
use serde::{Deserialize, Serialize};

/// Something that happened in the host.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HostEvent {
    /// What.
    pub event: HostEventKind,
    /// Name of the alert that was raised.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub alert: Option<String>,
    /// The case as it is now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub case: Option<Box<Case>>,
    /// Id of the case, where its content is to be asked for when the queue is worked (guide 001).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub case_id: Option<String>,
}

/// What became of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Automated {
    /// Name of the rule that decided; nothing where none fits.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rule: Option<String>,
    /// What was decided.
    pub then: AutomationAct,
    /// Why.
    pub reason: String,
    /// The operation that brings the case's ticket in step, where there is one; the case is durable by now.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub operation: Option<OperationId>,
    /// The task that is due now.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub due: Option<Task>,
}

impl HostEvent {
    /// The faults of the event itself; those of its case are found with the case.
    pub(crate) fn check(&self) -> Vec<Fault> {
        let mut faults = Vec::new();
        let mut fault = |code, pointer: &str, message: String, fix: &str| {
            faults.push(Fault::new(code, pointer, message, fix));
        };
        let of_case = self.event.is_of_case();
        match (&self.case, &self.case_id) {
            (Some(_), Some(_)) => fault(
                Code::InvalidValue,
                "/event/case_id",
                "the case comes with its content and by its id".to_owned(),
                "Give one of the two",
            ),
            (None, None) if of_case => fault(
                Code::MissingKey,
                "/event/case",
                format!("{} is about a case, and none is named", self.event),
                "Give the case as it is now, or its case_id",
            ),
            (Some(_), None) | (None, Some(_)) if !of_case => fault(
                Code::InvalidValue,
                "/event/case",
                format!("{} is about no case", self.event),
                "Leave the case out",
            ),
            _ => {}
        }
        if self.alert.is_some() && self.event != HostEventKind::AlertRaised {
            fault(
                Code::InvalidValue,
                "/event/alert",
                format!("{} is no alert", self.event),
                "Leave the alert out, or send the event alert_raised",
            );
        }
        faults
    }
}

impl AutomationAct {
    /// The task that it makes due.
    #[must_use]
    pub const fn task(self) -> Option<Task> {
        match self {
            Self::SubmitCase | Self::Ignore => None,
            Self::AutoMap => Some(Task::AutoMap),
            Self::ReadCatalog => Some(Task::ReadCatalog),
            Self::EnsureCallbacks => Some(Task::EnsureCallbacks),
            Self::Poll => Some(Task::Poll),
            Self::Reconcile => Some(Task::Reconcile),
            Self::SendDevices => Some(Task::SendDevices),
        }
    }
}
