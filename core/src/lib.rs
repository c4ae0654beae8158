//! Connects security products with ConnectWise PSA: a case becomes a ticket, exactly once.
//!
//! A host drives a [`Connector`]: it submits a [`Command`], performs the [`effect`]s that it is handed, and is told what
//! came of it. The connector does no I/O, has no clock and no threads. [`Settings`] and [`preview`](fn@preview) need no
//! connector at all.

#![forbid(unsafe_code)]

mod api;
mod audit;
mod automation;
mod callback;
mod case;
pub mod catalog;
mod command;
mod company;
mod config;
mod connector;
mod credentials;
mod decide;
mod decision;
mod definitions;
mod delivery;
mod devices;
mod digest;
mod drift;
pub mod effect;
mod environment;
mod error;
mod event_log;
mod health;
mod import;
mod instances;
mod inventory;
pub mod json;
mod mapping;
mod nearest;
mod outbox;
mod poll;
mod preflight;
mod presets;
mod preview;
mod probe;
mod provision;
mod quirks;
mod reconcile;
mod repair;
mod replay;
mod role;
mod runtime;
mod schedule;
#[cfg(feature = "schema")]
pub mod schema;
mod service;
mod settings;
#[cfg(test)]
mod shared;
pub mod store;
mod system;
mod template;
mod text;
mod time;
mod wire;
mod workflows;

pub use audit::{AuditPage, Decided, DecisionRecord};
pub use automation::{Automated, HostEvent};
pub use callback::{
    CallbackAct, CallbackActKind, CallbackJudge, CallbackOutcome, CallbackRegistration,
    CallbackRequest, CallbackSecret, CallbacksReport, MAX_CALLBACK_BODY,
};
pub use case::*;
pub use catalog::Catalog;
pub use command::*;
pub use company::*;
pub use config::*;
pub use connector::{Connector, Options, Poll};
pub use credentials::Credentials;
pub use decide::RouteExplanation;
pub use decision::*;
pub use definitions::{
    AlertDefinition, CategoryDefinition, DashboardDefinition, Definitions, FieldDefinition,
    KnowledgeObject, ReportDefinition, definitions,
};
pub use delivery::*;
pub use devices::{
    ColumnChange, ColumnKind, Device, DeviceAction, DeviceOutcome, DevicePlan, DeviceResult,
    DeviceStep, DevicesReport, MatchedBy,
};
pub use drift::{DriftChange, DriftKind, DriftReport, DriftSubject, drift};
pub use effect::{EffectId, OperationId};
pub use error::{Code, Error, Fault, Result, pointer};
pub use event_log::{
    Alert, AlertSeverity, Bucket, EventFilter, EventKind, EventPage, EventRecord, Figure,
    ReportPage, Series,
};
pub use health::{
    BudgetHealth, DriftHealth, HealthReport, HealthStatus, InboundHealth, WayHealth, WayState,
};
pub use import::{
    CompanyFilter, CompanyPage, ConfigurationFilter, ConfigurationPage, FullImport, ImportFilter,
    ImportKind, ImportProgress, ImportReport, ImportedPart,
};
pub use instances::{InstanceSummary, Records, SavedConnection};
pub use inventory::*;
pub use mapping::*;
pub use outbox::*;
pub use poll::{PollReport, TicketFailure};
pub use preflight::*;
pub use presets::Preset;
pub use preview::{
    CatalogFile, Directory, KnownConfiguration, KnownContact, PlannedCall, Preview, PreviewOutcome,
    Translator, preview, translate,
};
pub use probe::*;
pub use provision::{
    Creation, ProvisionPlan, ProvisionReport, ProvisionStep, StepReport, StepResult,
};
pub use quirks::{DateForm, Escaping, LeftOutCustomFields, LengthUnit, LineBreaks, Quirks};
pub use reconcile::*;
pub use repair::Repair;
pub use replay::{Replay, ReplayGroup, ReplayOutcome, ReplayReport, ReplayTotals};
pub use role::{Feature, Reach, RoleRight, least_role};
pub use schedule::{Due, Schedule, Task};
pub use service::*;
pub use settings::Settings;
pub use store::{MemoryStore, Store};
pub use time::{Span, Timestamp};
pub use workflows::{
    BoardsReport, ConnectionPart, ConnectionPartKind, ConnectionReport, ConnectionState,
};

#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
struct Readme;
