//! The host's customers and their devices, as mapping needs them.

use crate::case::{Group, System};
use serde::{Deserialize, Serialize};

/// Groups with their systems: all of the host's, or those that are to be mapped now.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Inventory {
    /// Each group once.
    pub groups: Vec<InventoryGroup>,
}

/// A group and its systems.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InventoryGroup {
    /// The group.
    pub group: Group,
    /// Its systems, each once.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub systems: Vec<System>,
}
