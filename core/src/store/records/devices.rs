use crate::{company::ConfigurationId, time::Timestamp};
use serde::{Deserialize, Serialize};

/// A device of the host, and its configuration.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct DeviceRecord {
    /// Id of the device.
    pub(crate) device: String,
    /// The configuration that was made or found; nothing before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) configuration: Option<ConfigurationId>,
    /// A request that may have been sent and may still land.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) intent: Option<DeviceIntent>,
}

/// A request that makes or changes a configuration. What became of it shows in ConnectWise once it can no longer land.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct DeviceIntent {
    pub(crate) action: DeviceWrite,
    /// The driver does not send it later than this.
    pub(crate) not_after: Timestamp,
}

/// What a request does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum DeviceWrite {
    Create,
    Change,
}

impl DeviceRecord {
    pub(crate) fn new(device: &str) -> Self {
        Self {
            device: device.to_owned(),
            configuration: None,
            intent: None,
        }
    }
}
