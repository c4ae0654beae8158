//! The host's devices as device configurations: what they are, what they become, and what came of it (rows D1 and D2).

use crate::{
    company::{CompanyId, ConfigurationId},
    error::{Code, Error, Fault},
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

pub(crate) mod answers;
pub(crate) mod difference;
pub(crate) mod fields;
pub(crate) mod matching;
pub(crate) mod plan;
pub(crate) mod source;
pub(crate) mod wanted;

/// A device of the host.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Device {
    /// Stable identity, that of the case's system too.
    pub id: String,
    /// Id of the group (customer) that it belongs to.
    pub group: String,
    /// Host name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// What kind of device it is, in the host's words.
    #[serde(default, rename = "type", skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// Operating system.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub os: Option<String>,
    /// Serial number of the manufacturer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub serial_number: Option<String>,
    /// Model.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
    /// Hardware addresses, in any notation.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub macs: Vec<String>,
    /// Internet addresses.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ips: Vec<String>,
    /// The device groups that it is a member of.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub device_groups: Vec<String>,
    /// Whatever else the host has; reachable in columns as `device.fields.NAME`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub fields: BTreeMap<String, Value>,
}

/// What devices would become. Nothing was sent but reads.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct DevicePlan {
    /// What would be made, changed or refused, in the order of the devices.
    pub steps: Vec<DeviceStep>,
    /// Devices whose configuration says already what it should.
    pub unchanged: u64,
    /// Devices of groups that are not sent.
    pub left_out: u64,
    /// Devices that `devices.max_devices` leaves to the next run.
    pub deferred: u64,
}

/// What one device would become.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct DeviceStep {
    /// Id of the device.
    pub device: String,
    /// Its name.
    pub name: String,
    /// The company of its group, where it has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub company: Option<CompanyId>,
    /// What would be done.
    #[serde(flatten)]
    pub action: DeviceAction,
}

/// What would be done for a device.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "action", rename_all = "snake_case")]
pub enum DeviceAction {
    /// A configuration would be made.
    Create {
        /// What it would say.
        fields: Vec<ColumnChange>,
    },
    /// A configuration would be changed.
    Update {
        /// The configuration.
        configuration: ConfigurationId,
        /// How it was found.
        matched_by: MatchedBy,
        /// What would change.
        changes: Vec<ColumnChange>,
    },
    /// Nothing would be done.
    Refuse {
        /// Why, and what to do; all reasons at once.
        faults: Vec<Fault>,
    },
}

/// A column before and after.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ColumnChange {
    /// ConnectWise's name of the field, the caption of the custom field, or the wording of the question.
    pub column: String,
    /// Which of these it is.
    pub kind: ColumnKind,
    /// What stands there now; null where nothing does.
    pub before: Value,
    /// What would stand there.
    pub after: Value,
}

/// What a column is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ColumnKind {
    /// A field of configurations.
    Field,
    /// A custom field of configurations.
    CustomField,
    /// A question of the configuration's type.
    Question,
}

/// How a device's configuration was found, the strongest first. All but the first two look within the company of the
/// device's group.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MatchedBy {
    /// An earlier run made it or found it.
    Link,
    /// The system is mapped to it.
    Mapping,
    /// `deviceIdentifier`.
    Identifier,
    /// Serial number.
    SerialNumber,
    /// Hardware address.
    Mac,
    /// Name, compared without case.
    Name,
}

/// What came of sending devices.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct DevicesReport {
    /// What came of each device for which something was to be done, in the order of the devices.
    pub results: Vec<DeviceResult>,
    /// Devices whose configuration said already what it should.
    pub unchanged: u64,
    /// Devices of groups that are not sent.
    pub left_out: u64,
    /// Devices that `devices.max_devices` left to the next run.
    pub deferred: u64,
}

/// What came of one device.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct DeviceResult {
    /// Id of the device.
    pub device: String,
    /// Its name.
    pub name: String,
    /// What came of it.
    #[serde(flatten)]
    pub result: DeviceOutcome,
}

/// What came of a device.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "result", rename_all = "snake_case")]
pub enum DeviceOutcome {
    /// A configuration was made.
    Created {
        /// Its id.
        configuration: ConfigurationId,
        /// Columns that ConnectWise answered otherwise than they were sent.
        #[serde(skip_serializing_if = "Vec::is_empty")]
        not_taken: Vec<String>,
    },
    /// A configuration was changed.
    Updated {
        /// Its id.
        configuration: ConfigurationId,
        /// The columns that changed.
        columns: Vec<String>,
        /// Columns that ConnectWise answered otherwise than they were sent.
        #[serde(skip_serializing_if = "Vec::is_empty")]
        not_taken: Vec<String>,
    },
    /// Nothing was sent, or ConnectWise refused it.
    Refused {
        /// Why, and what to do.
        faults: Vec<Fault>,
    },
}

impl Device {
    /// The name that people see: the host name, or else the id.
    #[must_use]
    pub fn label(&self) -> &str {
        let name = self.name.as_deref().map(str::trim).unwrap_or_default();
        if name.is_empty() { &self.id } else { name }
    }
}

/// Every fault of form: missing ids, and devices that stand in the list more than once.
///
/// # Errors
///
/// All faults at once.
pub(crate) fn check(devices: &[Device]) -> Result<(), Error> {
    let mut faults = Vec::new();
    let mut seen = BTreeSet::new();
    for (index, device) in devices.iter().enumerate() {
        for (key, id) in [("id", &device.id), ("group", &device.group)] {
            let place = format!("/devices/{index}/{key}");
            if id.trim().is_empty() {
                let fix = "Give each device its id and that of its group";
                let message = format!("the {key} is empty");
                faults.push(Fault::new(Code::InvalidValue, place, message, fix));
            } else if id.chars().count() > LONGEST_ID {
                let message = format!("the {key} is longer than {LONGEST_ID} characters");
                faults.push(Fault::new(
                    Code::TooLong,
                    place,
                    message,
                    "Give a shorter one",
                ));
            }
        }
        if !seen.insert(device.id.as_str()) {
            let message = format!(
                "the device '{}' stands in the list more than once",
                device.id
            );
            let place = format!("/devices/{index}/id");
            let fix = "Hand over each device once";
            faults.push(Fault::new(Code::InvalidValue, place, message, fix));
        }
    }
    if faults.is_empty() {
        Ok(())
    } else {
        Err(Error::refused("the devices", faults))
    }
}

/// The longest id, in characters.
const LONGEST_ID: usize = 200;
