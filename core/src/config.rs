//! The configuration: one JSON document per ConnectWise instance, without secrets.

use crate::{
    company::{CompanyKey, ConfigurationKey},
    import::{CompanyFilter, ConfigurationFilter},
    time::Span,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

mod attachments;
mod automation;
mod callbacks;
mod comments;
mod connection;
mod devices;
mod events;
mod inbound;
mod incoming;
mod lifecycle;
mod migrate;
mod portable;
mod reopen;
mod route;
mod storms;
mod ticket;

pub use attachments::Attachments;
pub use automation::{Automation, AutomationAct, AutomationRule, HostEventKind};
pub use callbacks::{CallbackLevel, Callbacks};
pub use comments::{
    ByVisibility, CommentMode, Comments, CustomRedaction, MarkdownUse, Markup, NoteTarget,
    Redaction, RedactionPattern, TextFormat,
};
pub use connection::{Connection, Limits};
pub use devices::{DeviceColumn, Devices};
pub use events::Events;
pub use inbound::{Inbound, MassChange, RefusalPlace, Trigger};
pub use incoming::{FieldOwner, FieldOwners, IncomingDocuments, IncomingNotes, WhenDeleted};
pub use lifecycle::{Keep, Policies, Policy, Replaced};
pub use migrate::Migrated;
pub use portable::{ImportTarget, ImportedConfig, PortableConfig, SettingToSet};
pub use reopen::{Reopen, ReopenOn, ReopenRule, ReopenThen};
pub use route::{Level, Match, Provision, Route, RouteStatus, StatusMap};
pub use storms::{
    Correlation, Flood, FloodScope, MaintenanceWindow, Repeats, Weekday, WindowSummary,
};
pub use ticket::{ContactFallback, FieldMapping, NoteKind, TicketText, WhenEmpty, WhenLong};

/// Everything that can be set for one ConnectWise instance.
///
/// Unknown keys are refused with the nearest known one. Keys and passwords are never part of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Where the JSON Schema of this document is, for editors; casewire does not read it.
    #[serde(rename = "$schema", default, skip_serializing_if = "Option::is_none")]
    pub schema: Option<String>,
    /// Version of the document: [`Config::VERSION`]. Documents of earlier versions are read as well.
    pub version: u32,
    /// Name of this instance within the host, 1 to 32 of `a-z 0-9 -`. It is part of every ticket's reference: do not change it.
    pub instance: String,
    /// Where ConnectWise is.
    pub connection: Connection,
    /// Which company a group is.
    #[serde(default)]
    pub companies: Companies,
    /// Which device configuration a system is.
    #[serde(default)]
    pub configurations: Configurations,
    /// Board, type and statuses per kind of case. The first that matches wins; the last should have no `when`.
    pub routes: Vec<Route>,
    /// By board name: which ticket status is which case status. Every status of a board in use must be mapped.
    pub status_map: BTreeMap<String, StatusMap>,
    /// From case severity to ticket priority, by name.
    pub priority_map: BTreeMap<String, String>,
    /// From ticket priority, by name, to case severity: what `priority_map` read backwards leaves open, or says otherwise.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub priority_to_case: BTreeMap<String, String>,
    /// What a ticket says.
    #[serde(default)]
    pub ticket: TicketText,
    /// What comments become, and how texts are shown; internal notes with every sign as it is meant where nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comments: Option<Comments>,
    /// What is taken out of every text before it is sent; nothing where nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub redaction: Option<Redaction>,
    /// Which attachments become documents; all where nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attachments: Option<Attachments>,
    /// What becomes of a closed ticket when its case comes back; it is always opened again where nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reopen: Option<Reopen>,
    /// Where ConnectWise tells of saved tickets (row S1); without it only polling finds them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub callbacks: Option<Callbacks>,
    /// How repeats of one incident share a ticket (row T4); each case has its own where nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub repeats: Option<Repeats>,
    /// When cases are so many that further ones share a ticket (row T5); never where nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub flood: Option<Flood>,
    /// Times in which cases make no tickets (row T8).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub maintenance: Vec<MaintenanceWindow>,
    /// What comes back from ConnectWise, once `policies.ticket_inbound` is on.
    #[serde(default, skip_serializing_if = "Inbound::is_default")]
    pub inbound: Inbound,
    /// What of the host's own happenings leads to what (row E3).
    #[serde(default, skip_serializing_if = "Automation::is_default")]
    pub automation: Automation,
    /// Which events are alerts, and how long events and decisions are kept (rows E2, E5 and E8).
    #[serde(default, skip_serializing_if = "Events::is_default")]
    pub events: Events,
    /// Budget and waiting times.
    #[serde(default)]
    pub limits: Limits,
    /// What is switched on (row C8).
    #[serde(default, skip_serializing_if = "Policies::is_default")]
    pub policies: Policies,
    /// What boards that casewire makes itself are given (row B5).
    #[serde(default, skip_serializing_if = "Provision::is_empty")]
    pub provision: Provision,
    /// Which devices become device configurations, once `policies.devices_outbound` is on (rows D1 and D2).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub devices: Option<Devices>,
}

/// Mapping of groups to companies.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct Companies {
    /// By hand; many groups may be one company. These win over the mappings of the store.
    pub map: Vec<GroupMapping>,
    /// Ids of the groups for which tickets are made; all groups where nothing is said (row M4).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub run_for: Option<Vec<String>>,
    /// By rule.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub auto_map: Option<CompanyAutoMap>,
    /// Which companies are imported; all where nothing is said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub import: Option<CompanyFilter>,
    /// What becomes of a case whose group has no company.
    pub unmapped: Unmapped,
}

/// One group's company.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct GroupMapping {
    /// Id of the group in the host.
    pub group: String,
    /// The company.
    pub company: CompanyKey,
}

/// Rules by which groups are mapped to companies.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct CompanyAutoMap {
    /// Domain of the group's address against the company's primary contact (guide 000 section 6.1).
    #[serde(default)]
    pub email_domain: bool,
    /// How often; 6 hours where nothing is said.
    #[serde(default = "six_hours")]
    pub every: Span,
    /// Ids of the groups that were selected for it, with their systems; all of the inventory where nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub groups: Option<Vec<String>>,
    /// Domains of mailbox providers, beyond those that casewire knows: an address there says nothing of the company.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub public_domains: Vec<String>,
}

fn six_hours() -> Span {
    Span::seconds(6 * 3600)
}

/// What becomes of a case whose group has no company. Never "the last one".
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Unmapped {
    /// Hold, catch all, or refuse.
    pub policy: UnmappedPolicy,
    /// The company that `catch_all` opens tickets for; only with that policy.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub company: Option<CompanyKey>,
    /// An event warns on a day (UTC) on which more tickets than this are opened for that company; 10 where nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub alarm_at: Option<u64>,
}

impl Unmapped {
    /// Tickets that the company that catches all may get in a day without an event.
    #[must_use]
    pub fn alarm_at(&self) -> u64 {
        self.alarm_at.unwrap_or(10)
    }
}

/// What becomes of a case whose group has no company.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum UnmappedPolicy {
    /// Keep the case until the group is mapped.
    #[default]
    Hold,
    /// Open the ticket for a company set aside for it.
    CatchAll,
    /// Refuse the case.
    Refuse,
}

/// Mapping of systems to device configurations.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct Configurations {
    /// By hand; many systems may be one configuration. These win over the mappings of the store.
    pub map: Vec<SystemMapping>,
    /// By rule.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub auto_map: Option<ConfigurationAutoMap>,
    /// Which device configurations are imported; all where nothing is said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub import: Option<ConfigurationFilter>,
}

/// One system's device configuration.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct SystemMapping {
    /// Id of the system in the host.
    pub system: String,
    /// The device configuration, within the company that the case's group is mapped to.
    pub configuration: ConfigurationKey,
}

/// Rules by which systems are mapped to device configurations.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ConfigurationAutoMap {
    /// Hardware address, one to one (guide 000 section 6.1).
    #[serde(default)]
    pub mac: bool,
    /// How often; 6 hours where nothing is said.
    #[serde(default = "six_hours")]
    pub every: Span,
}
