use crate::error::Fault;
use serde::{Deserialize, Serialize};

/// Something that a person has to mend.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Repair {
    /// JSON pointer (RFC 6901) into the configuration.
    pub pointer: String,
    /// What is wrong.
    pub message: String,
    /// How to mend it.
    pub fix: String,
}

impl From<Fault> for Repair {
    fn from(fault: Fault) -> Self {
        Self {
            pointer: fault.pointer,
            message: fault.message,
            fix: fault.fix,
        }
    }
}
