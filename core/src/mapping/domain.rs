//! Domains of e-mail addresses.

use super::MappingRules;
use serde::Serialize;
use std::{collections::BTreeSet, fmt};

/// The domain of an e-mail address: lower case, without a trailing dot. International names stay as they were written.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(transparent)]
pub struct Domain(String);

/// Why a text has no usable e-mail address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum AddressFault {
    /// Nothing but white space and separators.
    Empty,
    /// No `@`, or nothing before it.
    NoAddress,
    /// What follows the `@` is not the name of a domain.
    NoDomain,
}

impl Domain {
    /// The domains of one or several addresses, each once.
    ///
    /// Addresses are separated by `;` or `,` and may carry a display name, as in `"Doe, Jane" <jane@bigdesign.example>`. What is
    /// no address is passed over as long as another one is.
    ///
    /// # Errors
    ///
    /// Says what is wrong with the first, where none is an address.
    pub fn of_addresses(text: &str) -> Result<BTreeSet<Self>, AddressFault> {
        let _ = text;
        Err(AddressFault::Empty)
    }

    /// Whether anybody can get a mailbox there, so that the domain says nothing about a company.
    #[must_use]
    pub fn is_public(&self, rules: &MappingRules) -> bool {
        let _ = rules;
        false
    }

    /// The domain as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Domain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for AddressFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Empty => "it is empty",
            Self::NoAddress => "it is not of the form name@domain",
            Self::NoDomain => "what follows the @ is not a domain",
        })
    }
}
