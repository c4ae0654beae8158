//! The ConnectWise client: REST calls that are made of effects.
//!
//! [`Client`] knows where the instance is and as whom to speak. Reads are repeated where that can help; writes say
//! whether they were performed. The typed calls stand in `service`, `company` and `system`.

mod answer;
mod client;
mod codebase;
mod conditions;
#[cfg(test)]
mod contract;
mod download;
mod error;
mod multipart;
mod outside;
mod paging;
mod patch;
mod query;
mod read;
mod reference;
mod retry_after;
mod signing_key;
mod site;
#[cfg(test)]
pub(crate) mod testing;
mod write;

pub(crate) use client::Client;
pub(crate) use codebase::{Instance, release};
pub(crate) use conditions::{Conditions, SafeText};
pub(crate) use download::Download;
pub(crate) use multipart::{Form, safe_name};
pub(crate) use paging::{ChangedPages, Identified, NumberedPage, NumberedPages};
pub(crate) use patch::Patch;
pub(crate) use query::Query;
pub(crate) use reference::{Info, Reference, flag, moment, string, timestamp};
pub(crate) use write::{Performed, Write, WriteFailure, WriteResult};

use crate::{config::Connection, error::Result};

/// Scheme, host and port of a configured site.
///
/// # Errors
///
/// As for [`Client::new`].
pub(crate) fn origin(connection: &Connection) -> Result<String> {
    site::Site::of(connection).map(|site| site.base())
}
