//! Records of ConnectWise as reasons name them.

use crate::company::{CompanyId, ConfigurationId, ImportedCompany, ImportedConfiguration};
use serde::Serialize;
use std::fmt;

/// A company, as a reason or a suggestion names it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct NamedCompany {
    /// Record id.
    pub id: CompanyId,
    /// Unique short code.
    pub identifier: String,
    /// Display name.
    pub name: String,
}

/// A configuration, as a reason or a suggestion names it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct NamedConfiguration {
    /// Record id.
    pub id: ConfigurationId,
    /// Display name.
    pub name: String,
}

/// The first five of many, in order, and how many there are besides.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct FirstFew<T> {
    /// At most five, in order.
    pub some: Vec<T>,
    /// How many more there are.
    #[serde(skip_serializing_if = "is_zero")]
    pub more: usize,
}

#[allow(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde hands over a reference"
)]
fn is_zero(count: &usize) -> bool {
    *count == 0
}

impl<T: Ord> FirstFew<T> {
    const MANY: usize = 5;

    /// Keeps the first five in order.
    pub(crate) fn of(all: impl IntoIterator<Item = T>) -> Self {
        let mut some: Vec<T> = all.into_iter().collect();
        some.sort_unstable();
        some.dedup();
        let more = some.len().saturating_sub(Self::MANY);
        some.truncate(Self::MANY);
        Self { some, more }
    }
}

impl<T: fmt::Display> fmt::Display for FirstFew<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, item) in self.some.iter().enumerate() {
            let comma = if index == 0 { "" } else { ", " };
            write!(f, "{comma}{item}")?;
        }
        match self.more {
            0 => Ok(()),
            more => write!(f, " and {more} more"),
        }
    }
}

impl From<&ImportedCompany> for NamedCompany {
    fn from(company: &ImportedCompany) -> Self {
        Self {
            id: company.id,
            identifier: company.identifier.clone(),
            name: company.name.clone(),
        }
    }
}

impl From<&ImportedConfiguration> for NamedConfiguration {
    fn from(configuration: &ImportedConfiguration) -> Self {
        Self {
            id: configuration.id,
            name: configuration.name.clone(),
        }
    }
}

impl fmt::Display for NamedCompany {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "'{}' ({}, id {})", self.name, self.identifier, self.id.0)
    }
}

impl fmt::Display for NamedConfiguration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "'{}' (id {})", self.name, self.id.0)
    }
}
