//! ConnectWise's company module: companies, contacts, sites and configurations (devices).

use serde::{Deserialize, Serialize};
use std::fmt;

pub(crate) mod companies;
pub(crate) mod configurations;
pub(crate) mod contacts;
pub(crate) mod device_rows;
pub(crate) mod listing;
pub(crate) mod standing;

/// Id of a company.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(transparent)]
pub struct CompanyId(pub u32);

/// Id of a device configuration.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(transparent)]
pub struct ConfigurationId(pub u32);

/// Id of a contact.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(transparent)]
pub struct ContactId(pub u32);

/// How the configuration names a company.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum CompanyKey {
    /// The unique short code.
    Identifier(String),
    /// The record id.
    Id(CompanyId),
    /// The name; refused where two companies bear it.
    Name(String),
}

/// How the configuration names a device configuration within a company.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum ConfigurationKey {
    /// The name, compared without case; refused where the company has it twice.
    Name(String),
    /// The record id.
    Id(ConfigurationId),
    /// The device identifier.
    DeviceIdentifier(String),
    /// The serial number.
    SerialNumber(String),
}

/// A company, as far as tickets need it (API.md section 12).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Company {
    /// Record id.
    pub id: CompanyId,
    /// Unique short code.
    pub identifier: String,
    /// Display name; not unique.
    pub name: String,
    /// Whether it lies in the recycle bin.
    #[serde(default, rename = "deletedFlag")]
    pub deleted: bool,
    /// Its primary contact.
    #[serde(
        default,
        rename = "defaultContact",
        skip_serializing_if = "Option::is_none"
    )]
    pub default_contact: Option<Contact>,
}

/// A contact, as far as tickets need it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Contact {
    /// Record id.
    pub id: ContactId,
    /// Display name.
    #[serde(default)]
    pub name: String,
}

/// A device configuration, as far as tickets need it (API.md section 11).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Configuration {
    /// Record id.
    pub id: ConfigurationId,
    /// Display name.
    pub name: String,
}

/// A company as it was imported, for mapping (row M1; API.md section 12).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ImportedCompany {
    /// Record id.
    pub id: CompanyId,
    /// Unique short code.
    pub identifier: String,
    /// Display name; not unique.
    pub name: String,
    /// Whether it lies in the recycle bin.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub deleted: bool,
    /// Name of its status, such as `Active`.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub status: String,
    /// E-mail addresses of its primary contact; empty until contacts were imported.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub contact_emails: Vec<String>,
}

/// A device configuration as it was imported, for mapping (row M1; API.md section 11).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ImportedConfiguration {
    /// Record id.
    pub id: ConfigurationId,
    /// The company that it belongs to.
    pub company: CompanyId,
    /// Display name.
    pub name: String,
    /// Name of its type, such as `Managed Workstation`.
    #[serde(default, rename = "type", skip_serializing_if = "String::is_empty")]
    pub kind: String,
    /// Whether it was deactivated.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub inactive: bool,
    /// Hardware address as ConnectWise holds it, in whatever notation.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub mac_address: String,
    /// Serial number.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub serial_number: String,
    /// Device identifier.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub device_identifier: String,
}

impl CompanyKey {
    /// Whether it names nothing.
    pub(crate) fn is_blank(&self) -> bool {
        match self {
            Self::Identifier(text) | Self::Name(text) => text.trim().is_empty(),
            Self::Id(id) => id.0 == 0,
        }
    }
}

impl ConfigurationKey {
    /// Whether it names nothing.
    pub(crate) fn is_blank(&self) -> bool {
        match self {
            Self::Name(text) | Self::DeviceIdentifier(text) | Self::SerialNumber(text) => {
                text.trim().is_empty()
            }
            Self::Id(id) => id.0 == 0,
        }
    }
}

impl fmt::Display for CompanyKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Identifier(identifier) => write!(f, "with the identifier '{identifier}'"),
            Self::Id(id) => write!(f, "with the id {}", id.0),
            Self::Name(name) => write!(f, "with the name '{name}'"),
        }
    }
}

impl fmt::Display for ConfigurationKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Name(name) => write!(f, "with the name '{name}'"),
            Self::Id(id) => write!(f, "with the id {}", id.0),
            Self::DeviceIdentifier(identifier) => {
                write!(f, "with the device identifier '{identifier}'")
            }
            Self::SerialNumber(number) => write!(f, "with the serial number '{number}'"),
        }
    }
}
