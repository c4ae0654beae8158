//! What comes of a command.

use crate::{
    audit::AuditPage,
    automation::Automated,
    callback::{CallbackOutcome, CallbacksReport},
    catalog::Catalog,
    config::{ImportedConfig, PortableConfig},
    definitions::Definitions,
    devices::{DevicePlan, DevicesReport},
    drift::DriftReport,
    effect::OperationId,
    error::{Error, Result},
    event_log::{EventPage, Figure, ReportPage},
    health::HealthReport,
    import::{CompanyPage, ConfigurationPage, ImportReport},
    instances::{InstanceSummary, Records, SavedConnection},
    mapping::{
        AutoMapReport, CustomersReport, MappingPage, MappingTable, MappingsChanged,
        SuggestedMappings,
    },
    outbox::{Accepted, Backlog, LinkPage, OutboxPage},
    poll::PollReport,
    preflight::PreflightReport,
    preview::Preview,
    probe::ProbeReport,
    provision::{ProvisionPlan, ProvisionReport},
    reconcile::ReconcileReport,
    schedule::Schedule,
    service::TicketId,
    workflows::{BoardsReport, ConnectionReport},
};
use serde::{Serialize, Serializer};
use std::sync::Arc;

/// An operation that is over.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Finished {
    /// What [`submit`](crate::Connector::submit) returned; operations that a resume began have ids of their own.
    pub operation: OperationId,
    /// The case that it was about, where it was about one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub case_id: Option<String>,
    /// `{"ok": outcome}` or `{"error": error}` in JSON. A case that failed stays in the outbox and is taken up again by the next connector, or when it
    /// is submitted again.
    #[serde(serialize_with = "ok_or_error")]
    pub result: Result<Outcome>,
}

fn ok_or_error<S: Serializer>(
    result: &Result<Outcome>,
    serializer: S,
) -> std::result::Result<S::Ok, S::Error> {
    match result {
        Ok(outcome) => serializer.collect_map([("ok", outcome)]),
        Err(error) => serializer.collect_map([("error", error)]),
    }
}

/// What came of a command.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Outcome {
    /// Of a case.
    Case(CaseOutcome),
    /// Of a case that is durable.
    Accepted(Accepted),
    /// A page of cases that wait.
    Outbox(Box<OutboxPage>),
    /// Of taking failed cases up again.
    OutboxRetried {
        /// How many these are.
        cases: u64,
    },
    /// Of taking cases out.
    OutboxDiscarded {
        /// The cases.
        case_ids: Vec<String>,
    },
    /// How much waits.
    Backlog(Backlog),
    /// How the instance does.
    Health(Box<HealthReport>),
    /// A page of cases with their tickets.
    Links(Box<LinkPage>),
    /// A page of imported companies.
    Companies(Box<CompanyPage>),
    /// A page of imported device configurations.
    Configurations(Box<ConfigurationPage>),
    /// A page of events.
    Events(Box<EventPage>),
    /// Rows of a report.
    Report(Box<ReportPage>),
    /// A dashboard's figure.
    Dashboard(Box<Figure>),
    /// What guide 000 ships for its console.
    Definitions(Box<Definitions>),
    /// A page of decisions.
    Audit(Box<AuditPage>),
    /// Of deleting what is old.
    Forgotten {
        /// How many events.
        events: u64,
        /// How many records of decisions.
        decisions: u64,
    },
    /// Of a preview.
    Preview(Box<Preview>),
    /// Of a resume.
    Resumed {
        /// How many cases were taken up.
        cases: u64,
    },
    /// Of working on what waits.
    Worked {
        /// Cases handed over by reference whose content is asked for now.
        cases: u64,
        /// Batches, floods and windows that were seen to.
        gatherings: u64,
    },
    /// Of a connection test, part by part.
    Connection(Box<ConnectionReport>),
    /// Of a preflight.
    Preflight(Box<PreflightReport>),
    /// Of a probe.
    Probe(Box<ProbeReport>),
    /// Of an import, kind by kind.
    Imported(Box<ImportReport>),
    /// Of mappings that were set, removed, released, accepted or imported.
    MappingsChanged(Box<MappingsChanged>),
    /// A page of mappings.
    Mappings(Box<MappingPage>),
    /// Of automatic mapping, item by item.
    AutoMapped(Box<AutoMapReport>),
    /// Candidates for what is not mapped.
    SuggestedMappings(Box<SuggestedMappings>),
    /// Of comparing customers.
    Customers(Box<CustomersReport>),
    /// A page of mappings as CSV.
    MappingTable(Box<MappingTable>),
    /// What devices would become.
    DevicePlan(Box<DevicePlan>),
    /// What came of devices.
    DevicesSent(Box<DevicesReport>),
    /// Which tasks are due.
    Schedule(Schedule),
    /// Of something that happened in the host.
    Automated(Automated),
    /// The configuration without what is one client's own.
    ConfigExported(Box<PortableConfig>),
    /// The configuration for another client, and what is still to be set.
    ConfigImported(Box<ImportedConfig>),
    /// Of a callback.
    Callback(CallbackOutcome),
    /// Of callback registrations: those that there are now, and what was done.
    Callbacks(Box<CallbacksReport>),
    /// Of reading a ticket again.
    Ticket(TicketOutcome),
    /// Of looking for changed tickets, or of telling what was held back.
    Polled(Box<PollReport>),
    /// Of comparing links with ConnectWise.
    Reconciled(Box<ReconcileReport>),
    /// Of reading the catalog, which fits the configuration.
    Catalog(Arc<Catalog>),
    /// Of reading boards.
    Boards(Box<BoardsReport>),
    /// Of planning what to make in ConnectWise.
    ProvisionPlan(ProvisionPlan),
    /// Of making it.
    Provisioned(ProvisionReport),
    /// Of asking for drift.
    Drift {
        /// The instance now against the last catalog that the configuration fitted.
        report: DriftReport,
        /// What had changed when the catalog was last read anew and something had.
        #[serde(skip_serializing_if = "Option::is_none")]
        recorded: Option<DriftReport>,
    },
    /// Of listing instances.
    Instances {
        /// In the order of their keys in the store.
        instances: Vec<InstanceSummary>,
    },
    /// Of testing and saving a connection.
    InstanceSaved {
        /// What was saved; nothing where the test failed.
        #[serde(skip_serializing_if = "Option::is_none")]
        saved: Option<SavedConnection>,
        /// The test, part by part.
        connection: Box<ConnectionReport>,
    },
    /// A page of an instance's records.
    Records(Records),
    /// Of deleting an instance.
    Deleted {
        /// How many records there were.
        records: u64,
    },
}

/// What came of reading a ticket again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TicketOutcome {
    /// The ticket.
    pub ticket_id: TicketId,
    /// Its cases; empty for a ticket without one, of which nothing was read.
    pub case_ids: Vec<String>,
    /// How many deliveries its cases were told by; none where nothing changed.
    pub told: u64,
}

/// What came of a case.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CaseOutcome {
    /// Id of the case.
    pub case_id: String,
    /// What happened.
    pub outcome: CaseResult,
    /// The ticket, where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ticket_id: Option<TicketId>,
    /// Why, where it is not plain: the hold, the route that ignores, the case that was over before it had a ticket.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// What did not work without failing the case, such as an attachment that ConnectWise refused.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<Error>,
}

/// What happened to a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum CaseResult {
    /// A ticket was opened for it.
    Opened,
    /// Its ticket was changed.
    Updated,
    /// Its ticket was closed.
    Closed,
    /// There was nothing to do.
    Unchanged,
    /// It waits for its group to be mapped.
    Held,
    /// It repeats another case and shares its ticket.
    Joined,
    /// It is one of too many and shares a ticket with the others.
    RolledUp,
    /// It came within a maintenance window and makes no ticket.
    Withheld,
    /// It was taken by its id; its content is asked for later.
    Accepted,
}
