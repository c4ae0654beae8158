//! What is read of companies, configurations and contacts for mapping (row M1), and what came of it.

use crate::{
    company::{CompanyId, CompanyKey, ConfigurationId, ImportedCompany, ImportedConfiguration},
    time::Timestamp,
};
use serde::{Deserialize, Serialize};

mod check;

pub(crate) use check::check;

/// A kind of record that is imported.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum ImportKind {
    /// Companies, deleted ones among them (API.md section 12).
    Companies,
    /// Device configurations, inactive ones among them (API.md section 11).
    Configurations,
    /// The e-mail addresses of each company's primary contact (API.md section 12).
    Contacts,
}

/// Which records are imported, where that is another choice than the configuration's.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct ImportFilter {
    /// Instead of `companies.import` of the configuration.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub companies: Option<CompanyFilter>,
    /// Instead of `configurations.import` of the configuration.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub configurations: Option<ConfigurationFilter>,
}

/// Which companies are imported: each list that is given must hold the company's value; all where nothing is said.
///
/// Texts compare without case. One that cannot be said safely to ConnectWise is compared here, which costs the reading of
/// more companies. A text has 1 to 200 characters and a list at most 100 of them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct CompanyFilter {
    /// The name contains one of these.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub name: Vec<String>,
    /// The identifier is one of these.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub identifier: Vec<String>,
    /// The status is one of these, by name.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub status: Vec<String>,
    /// One of the company's types is one of these, by name.
    #[serde(rename = "type", skip_serializing_if = "Vec::is_empty")]
    pub kind: Vec<String>,
}

/// Which device configurations are imported: what is given must hold; all where nothing is said. Bounds as with
/// [`CompanyFilter`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct ConfigurationFilter {
    /// It belongs to one of these companies.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub company: Vec<CompanyKey>,
    /// Its type is one of these, by name.
    #[serde(rename = "type", skip_serializing_if = "Vec::is_empty")]
    pub kind: Vec<String>,
    /// Whether it is active.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub active: Option<bool>,
}

/// What came of an import, for each kind that was asked for.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ImportReport {
    /// Of companies.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub companies: Option<ImportedPart>,
    /// Of device configurations.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub configurations: Option<ImportedPart>,
    /// Of primary contacts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contacts: Option<ImportedPart>,
}

/// What came of the import of one kind.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ImportedPart {
    /// Records that ConnectWise gave. A full import that goes on after a crash counts those from before it, too.
    pub read: u64,
    /// Records of these that are new or not as they were held.
    pub changed: u64,
    /// Records that were held and are no more: deleted, or the filter no longer lets them through.
    pub removed: u64,
    /// Records that are held now.
    pub held: u64,
    /// Requests for pages and counts; repeats of a request that failed are not among them.
    pub requests: u64,
    /// Why everything was read; none where only what had changed was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub full: Option<FullImport>,
    /// Everything that changed in ConnectWise until then is held. None where ConnectWise says no times.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Timestamp>,
}

/// How far an import has come, in pages of what is read in full; what is refreshed is one page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct ImportProgress {
    /// Pages that are kept.
    pub done: u32,
    /// Pages that there are, once the first page of each kind has said so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pages: Option<u32>,
}

impl ImportProgress {
    /// Of all kinds together, each with the pages that are kept and those that there are.
    pub(crate) fn of(kinds: impl Iterator<Item = (u32, Option<u32>)>) -> Self {
        let none = Self {
            done: 0,
            pages: Some(0),
        };
        kinds.fold(none, |sum, (done, pages)| Self {
            done: sum.done + done,
            pages: sum.pages.zip(pages).map(|(sum, pages)| sum + pages),
        })
    }
}

/// Why everything was read, and not only what had changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum FullImport {
    /// Nothing was imported before.
    First,
    /// It was asked for.
    Asked,
    /// The filter is another one than before.
    FilterChanged,
    /// Everything was read a week ago or longer.
    Due,
    /// An earlier full import was interrupted, and this one went on with it.
    Resumed,
    /// ConnectWise counts another number of records than are held: some were deleted, or came without a word.
    CountDiffers,
    /// ConnectWise did not give a record that the asked time certainly includes: it reads times in another way (API.md
    /// section 18, row 5), or that record was deleted.
    TimesNotUnderstood,
    /// ConnectWise says no times of change, so nothing can be asked by them.
    NoTimes,
}

impl ImportKind {
    /// Every kind.
    pub const ALL: [Self; 3] = [Self::Companies, Self::Configurations, Self::Contacts];

    /// The name that JSON, keys and messages carry.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Companies => "companies",
            Self::Configurations => "configurations",
            Self::Contacts => "contacts",
        }
    }
}

impl CompanyFilter {
    /// Whether it lets every company through.
    #[must_use]
    pub fn is_any(&self) -> bool {
        *self == Self::default()
    }
}

impl ConfigurationFilter {
    /// Whether it lets every device configuration through.
    #[must_use]
    pub fn is_any(&self) -> bool {
        *self == Self::default()
    }
}

/// Some of the imported companies, in the order of their ids.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct CompanyPage {
    /// The companies.
    pub companies: Vec<ImportedCompany>,
    /// What to ask for the next page with; nothing on the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<CompanyId>,
}

/// Some of the imported device configurations, in the order of their ids.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ConfigurationPage {
    /// The device configurations.
    pub configurations: Vec<ImportedConfiguration>,
    /// What to ask for the next page with; nothing on the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<ConfigurationId>,
}
