use crate::{
    provision::{ProvisionPlan, StepReport},
    time::Timestamp,
};
use serde::{Deserialize, Serialize};

/// A plan under way, or the last that was carried out.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct ProvisionRun {
    pub(crate) plan: ProvisionPlan,
    /// What came of the first steps.
    pub(crate) done: Vec<StepReport>,
    /// The request for the next step that may have been sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) intent: Option<ProvisionIntent>,
    /// Whether every step came to something.
    pub(crate) finished: bool,
}

/// A request that makes a record, found again by the record's name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ProvisionIntent {
    /// The driver does not send it later than this.
    pub(crate) not_after: Timestamp,
}
