//! The security product's side: a case and what belongs to it.

use crate::{config::TextFormat, time::Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;

mod check;

/// An incident of the security product, as it is now.
///
/// A case is handed over whole each time it changes. Comments and attachments are told apart by their ids; one that was
/// handed over before and is missing now is kept.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Case {
    /// Stable identity in the host, 1 to 200 characters; the ticket's reference is made from it.
    pub id: String,
    /// The number that people see, where it differs from the id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
    /// One line.
    pub title: String,
    /// What happened; may have several lines, at most 1 MiB.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub description: String,
    /// A key of the configuration's `priority_map`.
    pub severity: String,
    /// Broad class, such as `windows` or `network`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category: Option<String>,
    /// Narrow class, such as `audit` or `ransomware`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// A key of the configuration's `to_ticket` maps; `closed` closes the ticket.
    #[serde(default = "open")]
    pub status: String,
    /// The customer or organization that the case belongs to.
    pub group: Group,
    /// The device that it happened on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub system: Option<System>,
    /// The person affected.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user: Option<User>,
    /// When the case was made.
    pub created_at: Timestamp,
    /// When the case last changed.
    pub updated_at: Timestamp,
    /// When the source of the case cleared by itself; the route's `cleared` status then applies.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cleared_at: Option<Timestamp>,
    /// Why the case was closed, such as `false_positive`; kept with the ticket, and of meaning only while the case is over.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub close_reason: Option<String>,
    /// The incident number behind the case.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub incident: Option<String>,
    /// Who added the case.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub added_by: Option<String>,
    /// Free marks that routes can match.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
    /// Indicators: addresses, accounts, hashes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub artifacts: Vec<Artifact>,
    /// What people wrote, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub comments: Vec<Comment>,
    /// Files, named by a token of the host.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attachments: Vec<Attachment>,
    /// Whatever else the host has; reachable in templates and field mappings as `case.custom_fields`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub custom_fields: BTreeMap<String, Value>,
}

fn open() -> String {
    "open".to_owned()
}

impl Case {
    /// The status that says that a case is over.
    pub const CLOSED: &'static str = "closed";

    /// Whether the case is over: closed by someone, or cleared by its source.
    #[must_use]
    pub fn is_over(&self) -> bool {
        self.status == Self::CLOSED || self.cleared_at.is_some()
    }
}

/// A customer or organization of the host; becomes a company.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Group {
    /// Stable identity; the key of the configuration's company map.
    pub id: String,
    /// The name that people see.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The customer's address; its domain serves automatic mapping.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
}

/// A device of the host; becomes a configuration.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct System {
    /// Stable identity; the key of the configuration's system map.
    pub id: String,
    /// Host name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Operating system.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub os: Option<String>,
    /// Hardware addresses, in any notation.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub macs: Vec<String>,
    /// Internet addresses.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ips: Vec<String>,
    /// Serial number of the manufacturer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub serial_number: Option<String>,
}

/// The person whom a case affects.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct User {
    /// Login or display name.
    pub name: String,
    /// Windows or mail domain.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub domain: Option<String>,
    /// Address, by which a contact is found.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
}

/// An indicator that belongs to a case.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Artifact {
    /// What it is, such as `ip`, `account` or `sha256`.
    #[serde(rename = "type")]
    pub kind: String,
    /// Its value, as text.
    pub value: String,
}

/// Who may read a comment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Visibility {
    /// Technicians only: an Internal note.
    #[default]
    Internal,
    /// The customer too: a Discussion note.
    Discussion,
    /// How it was solved: a Resolution note.
    Resolution,
}

/// An entry in the case's history: the fields of guide 000 section 9.3, of which empty ones are left out of the note.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Comment {
    /// Stable identity within the case.
    pub id: String,
    /// The comment itself.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub text: String,
    /// Who wrote it in the host.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub author: Option<String>,
    /// Who may read it; internal where nothing is said.
    #[serde(default)]
    pub visibility: Visibility,
    /// The form of its texts; that of the configuration's `comments.format` where nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub format: Option<TextFormat>,
    /// When it was written.
    pub created_at: Timestamp,
    /// People contacted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub people_contacted: Option<String>,
    /// Investigation procedure.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub investigation_procedure: Option<String>,
    /// Investigative actions taken.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub actions_taken: Option<String>,
    /// Impact determined.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub impact_determined: Option<String>,
    /// Recommendations.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recommendations: Option<String>,
}

/// A file of the case. Its bytes stay with the host and are streamed by the driver.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Attachment {
    /// Stable identity within the case.
    pub id: String,
    /// Title of the document, such as `Reference document`; the file name where it is missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// File name with its extension.
    pub file_name: String,
    /// Length in bytes.
    pub size: u64,
    /// What the host's driver needs to open it: a path or an id, without meaning to casewire.
    pub token: String,
    /// When it was added.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created_at: Option<Timestamp>,
    /// SHA-256 of its bytes in hexadecimal digits: by it a file is known that the ticket holds under another id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sha256: Option<String>,
    /// Id of the comment that it was added with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
}
