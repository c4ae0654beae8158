use super::WhenLong;
use crate::time::Span;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;

/// Which of the host's devices become device configurations, and what these say (rows D1 and D2; guide 003, "CMDB Outbound
/// Integration"). The companies are those of `companies.map` and of the mappings in the store.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Devices {
    /// What is written into which column. One of them must write `type`; `name` is the device's own where none writes it.
    pub columns: Vec<DeviceColumn>,
    /// The device groups whose members are sent, compared without case; all devices where nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub groups: Option<Vec<String>>,
    /// Ids of the groups (customers) whose devices are sent; those of `companies.run_for` where nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub run_for: Option<Vec<String>>,
    /// Most device configurations that a run makes or changes, 1 to 100,000; 1,000 where nothing is said. The next run goes on
    /// with the others.
    #[serde(default = "thousand")]
    pub max_devices: u32,
    /// Whether devices are due once the host says that a discovery has finished.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub after_discovery: bool,
    /// How often devices are due, at least `1m`; only on demand and after discovery where nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub every: Option<Span>,
    /// Whether a configuration that exists is given another type. ConnectWise drops the answers to the old type's questions
    /// then (API.md section 11).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub change_type: bool,
}

/// One column of device configurations and where its value comes from: exactly one of `field`, `custom_field` and `question`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct DeviceColumn {
    /// The field that is written, by ConnectWise's name, such as `serialNumber`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// The custom field of configurations that is written, by its caption.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_field: Option<String>,
    /// The question of the configuration's type that is answered, by its wording ("Put to a Question"). Types without that
    /// question are left alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub question: Option<String>,
    /// What of the device is read, such as `device.serial_number` or `device.fields.vendor` ("Source Column").
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// From the device's value, compared without case, to ConnectWise's ("Data Mapping").
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub map: BTreeMap<String, Value>,
    /// The value where the device has none, or `map` does not name it ("Default Mapped Value").
    #[serde(skip_serializing_if = "Option::is_none")]
    pub default: Option<Value>,
    /// What happens where the value is longer than the field: it is cut, or the device is refused.
    pub when_long: WhenLong,
    /// Whether only new configurations get it, so that technicians may change it.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub only_new: bool,
}

fn thousand() -> u32 {
    1000
}
