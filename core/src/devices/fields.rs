//! The fields of device configurations that a column may write (API.md section 11).

use crate::decide::ticket_fields::Holds::{self, Bool, Date, MultiLine, Reference, Text};

/// A field of ConnectWise's Company.Configuration, model version 2025.1.
#[derive(Debug)]
pub(crate) struct DeviceField {
    /// ConnectWise's name.
    pub(crate) name: &'static str,
    /// What it holds.
    pub(crate) holds: Holds,
}

const fn field(name: &'static str, holds: Holds) -> DeviceField {
    DeviceField { name, holds }
}

/// Every field that a column may write.
pub(crate) static FIELDS: &[DeviceField] = &[
    field("name", Text(100)),
    field("type", Reference("name")),
    field("status", Reference("name")),
    field("deviceIdentifier", Text(100)),
    field("serialNumber", Text(250)),
    field("modelNumber", Text(50)),
    field("tagNumber", Text(50)),
    field("purchaseDate", Date),
    field("installationDate", Date),
    field("warrantyExpirationDate", Date),
    field("vendorNotes", MultiLine),
    field("notes", MultiLine),
    field("macAddress", Text(25)),
    field("lastLoginName", Text(100)),
    field("billFlag", Bool),
    field("ipAddress", Text(50)),
    field("defaultGateway", Text(50)),
    field("osType", Text(250)),
    field("osInfo", Text(250)),
    field("cpuSpeed", Text(100)),
    field("ram", Text(25)),
    field("localHardDrives", MultiLine),
    field("manufacturerPartNumber", Text(50)),
    field("managementLink", Text(1000)),
    field("remoteLink", Text(1000)),
];

/// The field of a name, exactly as ConnectWise writes it.
pub(crate) fn named(name: &str) -> Option<&'static DeviceField> {
    FIELDS.iter().find(|field| field.name == name)
}
