//! The instances that a store has records of (row C8).

use crate::{
    effect::Record,
    error::{Code, Error, Fault, Result},
    time::Timestamp,
};
use serde::{Deserialize, Serialize};

/// What a store has of one instance.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct InstanceSummary {
    /// Name.
    pub instance: String,
    /// Cases that are being worked on.
    pub outbox: u64,
    /// Cases that wait for their group to be mapped.
    pub held: u64,
    /// What the host has not yet taken over.
    pub undelivered: u64,
    /// When its boards were last read and fitted the configuration.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub catalog_read_at: Option<Timestamp>,
    /// The connection that was saved, where one was.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub saved: Option<SavedConnection>,
    /// Whether its records are being deleted.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub deleting: bool,
}

/// A connection that was tested and then saved (guide 004, "Test Connection and Save buttons"). It holds no keys.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SavedConnection {
    /// When.
    pub at: Timestamp,
    /// Address of the API.
    pub site: String,
    /// The company id of the login page.
    pub company_id: String,
}

/// A page of records.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Records {
    /// In the order of their keys. They hold no keys of the API, and do hold cases.
    pub records: Vec<Record>,
    /// What to ask the next page with; nothing after the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

/// # Errors
///
/// [`Code::InvalidValue`] at `/confirm` where the name is another.
pub(crate) fn is_confirmed(own: &str, confirm: &str) -> Result<()> {
    if own == confirm {
        return Ok(());
    }
    let fault = Fault::new(
        Code::InvalidValue,
        "/confirm",
        format!("this connector's instance is '{own}', not '{confirm}'"),
        format!("Write '{own}' to delete it"),
    );
    Err(Error::refused("the command", vec![fault]))
}
