//! What a host asks, and what comes of it.

use crate::{
    automation::HostEvent,
    callback::CallbackRequest,
    case::Case,
    company::{CompanyId, CompanyKey, ConfigurationId},
    config::{ImportTarget, PortableConfig},
    delivery::Subject,
    devices::Device,
    event_log::{Bucket, EventFilter},
    import::{ImportFilter, ImportKind},
    inventory::Inventory,
    mapping::{MappingFilter, MappingKey, NewMapping},
    outbox::OutboxState,
    provision::ProvisionPlan,
    role::Feature,
    service::TicketId,
    time::Timestamp,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

mod outcome;

pub use outcome::*;

/// Declares the commands once and derives two forms of them: the one with the tag `command`, and the one by which
/// [`Command::from_json`] reads them without losing the places of faults.
macro_rules! commands {
    (
        $(#[$about:meta])*
        pub enum Command {
            $(
                $(#[$of_variant:meta])*
                $variant:ident $({ $($(#[$of_field:meta])* $field:ident: $type:ty),+ $(,)? })?
            ),+ $(,)?
        }
    ) => {
        $(#[$about])*
        #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
        #[serde(tag = "command", rename_all = "snake_case")]
        pub enum Command {
            $($(#[$of_variant])* $variant $({ $($(#[$of_field])* $field: $type),+ })?),+
        }

        #[derive(Deserialize)]
        #[serde(remote = "Command", rename_all = "snake_case", deny_unknown_fields)]
        pub(crate) enum CommandByKey {
            $($(#[$of_variant])* $variant $({ $($(#[$of_field])* $field: $type),+ })?),+
        }
    };
}

commands! {
/// What a host can ask of a connector.
pub enum Command {
    /// Bring the case's ticket in step with the case: open it, change it, close it. Comes to [`Outcome::Case`].
    SubmitCase {
        /// The case as it is now.
        case: Box<Case>,
    },
    /// Take up a case that is in the store already. Comes to [`Outcome::Case`].
    ContinueCase {
        /// Id of the case.
        case_id: String,
    },
    /// Take a case by its id alone, durably and at once; its content is asked for by an effect [`Fetch`](crate::effect::Request)
    /// of the token `case:` with the id, whose answer is the case as JSON, when the queue is worked (row T12; guide 001). Comes
    /// to [`Outcome::Case`] with [`CaseResult::Accepted`]; what then comes of the case is another operation's outcome.
    SubmitReference {
        /// Id of the case.
        case_id: String,
    },
    /// Ask for the content of a case that was handed over by reference.
    #[serde(skip)]
    TakeReference {
        /// Id of the case.
        case_id: String,
    },
    /// Work on what waits: cases handed over by reference, updates whose batch is due, floods and maintenance windows that are
    /// over. Asked for by [`Task::WorkQueue`](crate::Task). Comes to [`Outcome::Worked`].
    WorkQueue,
    /// Make the case durable in the outbox and have it worked on, without waiting for ConnectWise: for a host that has to
    /// answer at once (row E4). Comes to [`Outcome::Accepted`], and the operation named there to [`Outcome::Case`].
    AcceptCase {
        /// The case as it is now.
        case: Box<Case>,
    },
    /// List the cases that wait by page: in work, to be tried again, failed for good, held (E4). Nothing is sent. Comes to
    /// [`Outcome::Outbox`].
    ListOutbox {
        /// The `next` of the page before; nothing for the first.
        #[serde(default)]
        after: Option<String>,
        /// Most cases of the page, 1 to 1000.
        #[serde(default = "hundred")]
        limit: u32,
        /// Only those that stand like this.
        #[serde(default)]
        state: Option<OutboxState>,
        /// Only this case.
        #[serde(default)]
        case_id: Option<String>,
    },
    /// Take failed cases up again now, each as an operation of its own (E4). Comes to [`Outcome::OutboxRetried`].
    RetryOutbox {
        /// These, whether or not they failed; all that failed where nothing is said.
        #[serde(default)]
        case_ids: Option<Vec<String>>,
        /// Of all that failed only those whose next try is due, as [`Task::RetryOutbox`](crate::Task::RetryOutbox) asks.
        #[serde(default)]
        due: bool,
    },
    /// Take cases out of the outbox, held ones too; what their tickets hold stays (E4). Each gives an event. Comes to
    /// [`Outcome::OutboxDiscarded`].
    DiscardOutbox {
        /// The cases.
        case_ids: Vec<String>,
        /// Why, for the event; 1 to 500 characters.
        reason: String,
        /// Who does it, for the event.
        #[serde(default)]
        by: Option<String>,
        /// Do not look in ConnectWise first for a write that may have been sent: a ticket that it made is forgotten then.
        #[serde(default)]
        force: bool,
    },
    /// Say how the instance does: what waits and for how long, which way back from ConnectWise works, when the keys end, what
    /// drifted, how much of the budget is left; each finding with its fix (E4). Nothing is sent. Comes to [`Outcome::Health`].
    Health,
    /// Count what waits, and since when (E4). Nothing is sent. Comes to [`Outcome::Backlog`].
    Backlog,
    /// List events by page, oldest first, from the log that the store keeps for `events.keep` (E2). Nothing is sent. Comes to
    /// [`Outcome::Events`].
    ListEvents {
        /// The `next` of the page before; nothing for the first.
        #[serde(default)]
        after: Option<String>,
        /// Most events of the page, 1 to 1000.
        #[serde(default = "hundred")]
        limit: u32,
        /// Which.
        #[serde(default)]
        filter: EventFilter,
    },
    /// Give rows of a report by page (E2; guide 000 section 11.2). Nothing is sent. Comes to [`Outcome::Report`].
    Report {
        /// Its name, or its key such as `reopened`, see [`definitions`](crate::definitions).
        report: String,
        /// The `next` of the page before; nothing for the first.
        #[serde(default)]
        after: Option<String>,
        /// Most rows of the page, 1 to 1000.
        #[serde(default = "hundred")]
        limit: u32,
        /// Which of its events.
        #[serde(default)]
        filter: EventFilter,
    },
    /// Count a dashboard's events over time, ready to be drawn (E2; guide 000 section 11.5). The last 30 days where the filter
    /// does not say. Nothing is sent. Comes to [`Outcome::Dashboard`].
    Dashboard {
        /// Its name, or its key such as `created_by_user`, see [`definitions`](crate::definitions).
        dashboard: String,
        /// What a point stands for; a day where nothing is said.
        #[serde(default)]
        bucket: Bucket,
        /// Which of its events.
        #[serde(default)]
        filter: EventFilter,
    },
    /// Give the alerts, reports, categories, knowledge objects and dashboards of guide 000 section 11 (E2). Nothing is sent or
    /// read. Comes to [`Outcome::Definitions`].
    Definitions,
    /// Give what was decided by page, oldest first, each with its reason: for one case, or for all (E5). Nothing is sent. Comes
    /// to [`Outcome::Audit`].
    Audit {
        /// The `next` of the page before; nothing for the first.
        #[serde(default)]
        after: Option<String>,
        /// Most records of the page, 1 to 1000.
        #[serde(default = "hundred")]
        limit: u32,
        /// Only for this case.
        #[serde(default)]
        case_id: Option<String>,
        /// Not before.
        #[serde(default)]
        from: Option<Timestamp>,
        /// Before this time.
        #[serde(default)]
        until: Option<Timestamp>,
    },
    /// Delete events and decisions that were kept for their time. Asked for by [`Task::ForgetOld`](crate::Task). Comes to
    /// [`Outcome::Forgotten`].
    ForgetOld,
    /// List cases with their tickets by page; by case or ticket only its own. Nothing is sent. Comes to [`Outcome::Links`].
    ListLinks {
        /// The `next` of the page before; nothing for the first.
        #[serde(default)]
        after: Option<String>,
        /// Most links of the page, 1 to 1000.
        #[serde(default = "hundred")]
        limit: u32,
        /// Only that of this case.
        #[serde(default)]
        case_id: Option<String>,
        /// Only that of this ticket.
        #[serde(default)]
        ticket: Option<TicketId>,
    },
    /// List imported companies by page, for someone who is about to map (M2). Nothing is sent. Comes to
    /// [`Outcome::Companies`], or to [`Code::NotImported`](crate::Code::NotImported).
    ListCompanies {
        /// The `next` of the page before; nothing for the first.
        #[serde(default)]
        after: Option<CompanyId>,
        /// Most companies of the page, 1 to 1000.
        #[serde(default = "hundred")]
        limit: u32,
        /// Only those whose name or identifier contains this, compared without case.
        #[serde(default)]
        text: Option<String>,
    },
    /// List imported device configurations by page (M2). Nothing is changed. Comes to [`Outcome::Configurations`], or to
    /// [`Code::NotImported`](crate::Code::NotImported).
    ListConfigurations {
        /// The `next` of the page before; nothing for the first.
        #[serde(default)]
        after: Option<ConfigurationId>,
        /// Most configurations of the page, 1 to 1000.
        #[serde(default = "hundred")]
        limit: u32,
        /// Only those of this company.
        #[serde(default)]
        company: Option<CompanyId>,
        /// Only those of the company that this group is mapped to, by the configuration or by a mapping; none where it is
        /// mapped to none. A company that the configuration names is looked up, which is a request.
        #[serde(default)]
        group: Option<String>,
        /// Only those whose name, serial number, hardware address or device identifier contains this, compared without case.
        #[serde(default)]
        text: Option<String>,
    },
    /// Say which part of the connection is wrong, if any (C2). Comes to [`Outcome::Connection`].
    TestConnection,
    /// Read the boards and their children anew, as far as the configuration names them, and check the configuration
    /// against them. Comes to [`Outcome::Catalog`], or to an error with all faults.
    ReadCatalog,
    /// Check everything that the configuration touches before the first ticket: connection, rights, release, keys, boards,
    /// companies, device configurations, texts (C3). Reads only, unless a write probe is asked for. Comes to
    /// [`Outcome::Preflight`].
    Preflight {
        /// Opens test tickets and closes them again, to see what only writing shows (E7).
        #[serde(default)]
        write_probe: Option<WriteProbe>,
        /// Features that the host will use beyond those that the configuration switches on, such as provision.
        #[serde(default)]
        also: BTreeSet<Feature>,
    },
    /// Learn how an instance behaves where the sources contradict each other (API.md sections 18 and 20), and behave
    /// accordingly from then on. It writes test records and removes them again: for a sandbox only. Comes to
    /// [`Outcome::Probe`].
    Probe {
        /// The consent: this instance is a sandbox, in which test records do no harm.
        #[serde(default)]
        sandbox: bool,
        /// The company that test tickets are opened for; where nothing is said the one that catches all, or else the first of
        /// the map.
        #[serde(default)]
        company: Option<CompanyKey>,
    },
    /// Read boards for someone who is about to choose, without holding the configuration against them: every board's name,
    /// the children of those named here, and the instance's tables. Comes to [`Outcome::Boards`].
    ReadBoards {
        /// Names of boards, compared without case.
        #[serde(default)]
        boards: Vec<String>,
    },
    /// Say what of the configuration the instance lacks and can be made there (B5). Only reads are sent. Comes to
    /// [`Outcome::ProvisionPlan`], or to an error with all faults.
    PlanProvision,
    /// Make what a plan says, each record once, whatever is lost on the way, and nothing that exists is touched. Refused with
    /// [`Code::PlanOutdated`](crate::Code::PlanOutdated) where the plan is no longer today's. Comes to
    /// [`Outcome::Provisioned`].
    ApplyProvision {
        /// The plan, as it was shown.
        plan: Box<ProvisionPlan>,
    },
    /// Go on with the plan that an earlier connector left unfinished.
    #[serde(skip)]
    ContinueProvision,
    /// Say what changed in the instance since the configuration last fitted it, and what that breaks (B6). Only reads are
    /// sent; what was not told before is told as an [`Event::CatalogDrift`](crate::Event::CatalogDrift). Comes to
    /// [`Outcome::Drift`].
    Drift,
    /// Name the instances that have records in the store (C8). Nothing is sent. Comes to [`Outcome::Instances`].
    ListInstances,
    /// Test the connection, and save in the store that it is this instance's, where no part failed (guide 004, "Test Connection
    /// and Save buttons"); a failed test saves nothing. Comes to [`Outcome::InstanceSaved`].
    SaveInstance,
    /// Give the records of this connector's instance, page by page. Nothing is sent. Comes to [`Outcome::Records`].
    ExportInstance {
        /// What the page before said in `next`; nothing for the first page.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        after: Option<String>,
    },
    /// Delete every record of this connector's instance; tickets stay as they are. Refused with
    /// [`Code::InstanceInUse`](crate::Code::InstanceInUse) while cases or deliveries wait, unless forced. Left unfinished, it is
    /// taken up by the next connector. Comes to [`Outcome::Deleted`].
    DeleteInstance {
        /// The instance's name, so that no slip deletes it.
        confirm: String,
        /// Delete what waits, too.
        #[serde(default)]
        force: bool,
    },
    /// Go on with a deletion that an earlier connector left unfinished.
    #[serde(skip)]
    ContinueDeletion,
    /// Say what a case would become, each field with its reason, without sending anything but reads (T9). Comes to
    /// [`Outcome::Preview`].
    PreviewCase {
        /// The case.
        case: Box<Case>,
    },
    /// Read companies, device configurations and primary contacts into the store, for mapping (M1): what has changed since
    /// the last time, or everything. It goes on where an import was interrupted. Comes to [`Outcome::Imported`].
    Import {
        /// What is read; at least one kind.
        what: Vec<ImportKind>,
        /// Another choice than the configuration's.
        #[serde(default)]
        filter: ImportFilter,
        /// Read everything, even where what has changed would do.
        #[serde(default)]
        full: bool,
    },
    /// Map groups to companies and systems to device configurations by hand, all of them or none (M2). Held cases of the
    /// groups go on by themselves. Comes to [`Outcome::MappingsChanged`].
    SetMapping {
        /// The mappings, checked together: a system may come with its group.
        mappings: Vec<NewMapping>,
        /// Who does it, for the history.
        #[serde(default)]
        by: Option<String>,
    },
    /// Take maps out; automatic mapping leaves these alone from then on (M2). Comes to [`Outcome::MappingsChanged`].
    RemoveMapping {
        /// Groups and systems.
        mappings: Vec<MappingKey>,
        /// Who does it, for the history.
        #[serde(default)]
        by: Option<String>,
    },
    /// Give groups and systems back to automatic mapping. Comes to [`Outcome::MappingsChanged`].
    ReleaseMapping {
        /// Groups and systems.
        mappings: Vec<MappingKey>,
        /// Who does it, for the history.
        #[serde(default)]
        by: Option<String>,
    },
    /// List mappings by page, those of the configuration among them (M2). Comes to [`Outcome::Mappings`].
    ListMappings {
        /// The `next` of the page before; nothing for the first.
        #[serde(default)]
        after: Option<String>,
        /// Most mappings of the page, 1 to 1000.
        #[serde(default = "hundred")]
        limit: u32,
        /// Which.
        #[serde(default)]
        filter: MappingFilter,
    },
    /// Map groups and systems by rule (M3), after reading what has changed in ConnectWise. Held cases of the groups go on by
    /// themselves. Comes to [`Outcome::AutoMapped`].
    AutoMap {
        /// The host's groups and systems.
        inventory: Inventory,
        /// Only these groups, with their systems; where nothing is said those that the configuration selects.
        #[serde(default)]
        groups: Option<Vec<String>>,
        /// Only say what would be.
        #[serde(default)]
        dry_run: bool,
    },
    /// Say which companies and device configurations groups and systems without a map may be, with the evidence (M6). Comes to
    /// [`Outcome::SuggestedMappings`].
    SuggestMappings {
        /// The host's groups and systems.
        inventory: Inventory,
    },
    /// Set those suggestions by hand that stand out, with their evidence as the reason (M6). Comes to
    /// [`Outcome::MappingsChanged`], which names the others.
    AcceptSuggestions {
        /// The host's groups and systems.
        inventory: Inventory,
        /// Only for these; for all that are not mapped where nothing is said.
        #[serde(default)]
        only: Option<Vec<MappingKey>>,
        /// Least score, 1 to 100.
        #[serde(default = "ninety")]
        at_least: u8,
        /// Who does it, for the history.
        #[serde(default)]
        by: Option<String>,
    },
    /// Compare all of the host's groups with the companies of ConnectWise, after reading what has changed there: which are new,
    /// gone, renamed or merged (M5; guide 004, "Sync Customers"). No mapping is changed. Comes to [`Outcome::Customers`].
    SyncCustomers {
        /// All of the host's groups; systems are not looked at.
        inventory: Inventory,
    },
    /// Set mappings from a list, as a spreadsheet writes it (M6). Comes to [`Outcome::MappingsChanged`], or to an error that
    /// names each bad row.
    ImportMappings {
        /// The list, CSV.
        csv: String,
        /// Take the good rows where others are bad; otherwise nothing is saved then.
        #[serde(default)]
        good_rows: bool,
        /// Who does it, for the history.
        #[serde(default)]
        by: Option<String>,
    },
    /// Write mappings as a list for a spreadsheet, by page (M6). Comes to [`Outcome::MappingTable`].
    ExportMappings {
        /// The `next` of the page before; nothing for the first.
        #[serde(default)]
        after: Option<String>,
        /// Most rows of the page, 1 to 1000.
        #[serde(default = "hundred")]
        limit: u32,
    },
    /// Say what devices would become as device configurations, column by column (D1, D2). Only reads are sent. Comes to
    /// [`Outcome::DevicePlan`].
    PreviewDevices {
        /// The host's devices: all of them, or those that are asked about.
        devices: Vec<Device>,
    },
    /// Make device configurations of devices that have none, each once, and change in the others what differs (D1, D2; guide
    /// 003, "CMDB Outbound Integration"). Nothing is deleted. Without effect on devices that are not named. One that was cut
    /// off is asked for again, and goes on. Comes to [`Outcome::DevicesSent`].
    SendDevices {
        /// The host's devices: all of them, or those that are to be sent now.
        devices: Vec<Device>,
    },
    /// Take note that the host has finished a discovery: [`Task::SendDevices`](crate::Task::SendDevices) is due then, where
    /// `devices.after_discovery` says so. Nothing is sent. Comes to [`Outcome::Schedule`].
    DevicesDiscovered,
    /// Take note of something that happened in the host, and begin what `automation` makes of it (E3): a case is durable, a task
    /// is due, when it is answered. Comes to [`Outcome::Automated`], and the operation named there to [`Outcome::Case`].
    HostEvent {
        /// What happened.
        event: HostEvent,
    },
    /// Give the configuration without what is this client's own, for another client (E6). Nothing is sent. Comes to
    /// [`Outcome::ConfigExported`].
    ExportConfig,
    /// Make a configuration for another client of an exported one (E6). This connector's own stays as it is; nothing is sent.
    /// Comes to [`Outcome::ConfigImported`], or to an error with all faults.
    ImportConfig {
        /// What was exported.
        exported: Box<PortableConfig>,
        /// Where it goes.
        target: Box<ImportTarget>,
    },
    /// Say which tasks are due, and when to ask again (E3). Comes to [`Outcome::Schedule`].
    DueTasks,
    /// Judge a callback of ConnectWise, and read its ticket again where it is genuine (S1, S7). Comes to
    /// [`Outcome::Callback`].
    TakeCallback {
        /// What the receiver took in.
        callback: Box<CallbackRequest>,
    },
    /// See to it that ConnectWise tells the receiver of saved tickets: register what is missing, put right what was disabled
    /// or changed, take out what is not wanted any more. To be repeated daily ([`Task::EnsureCallbacks`](crate::Task)), since
    /// ConnectWise disables a receiver that failed for three days (API.md section 13.4). Comes to [`Outcome::Callbacks`].
    EnsureCallbacks {
        /// The receiver's address, where it is another one than the configuration's.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        url: Option<String>,
    },
    /// List the callback registrations of the API member. Comes to [`Outcome::Callbacks`].
    ListCallbacks,
    /// Take this instance's callback registrations out. Comes to [`Outcome::Callbacks`].
    RemoveCallbacks,
    /// Read a ticket again, and tell its cases what changed in it: state, notes and time entries, documents, its merging,
    /// deletion or moving (rows S3, S4, S5, S7, S8). Nothing is written in ConnectWise. Without effect while
    /// `policies.ticket_inbound` is off. Comes to [`Outcome::Ticket`].
    SyncTicket {
        /// The ticket.
        ticket: TicketId,
        /// Why; as if a person had asked where nothing is said.
        #[serde(default)]
        reason: SyncReason,
    },
    /// Look for tickets that changed since the last look: those of cases are read and brought in step with their cases, those
    /// that ask for a case become one (S2, S6). To be repeated ([`Task::Poll`](crate::Task)). Comes to [`Outcome::Polled`].
    Poll,
    /// Tell the host of deletions, closings and moves that were held back because there were so many (S8). Comes to
    /// [`Outcome::Polled`].
    ReleaseMassChange {
        /// The consent: the instance's name, so that no slip releases them.
        confirm: String,
    },
    /// Compare every open link with its ticket, and every ticket that bears a reference of this instance with its link (S9):
    /// what is missing, doubled, lost or out of step, each with its fix. One that was cut off within the last six hours goes on
    /// where it was. Comes to [`Outcome::Reconciled`].
    Reconcile {
        /// Repair what is safe to repair: cases are told what they missed, lost links are bound, waiting cases are tried again.
        /// Nothing is deleted.
        #[serde(default)]
        repair: bool,
    },
    /// Go on with a ticket that asks for a case, which an earlier connector left unfinished.
    #[serde(skip)]
    ContinueRequest {
        /// The ticket.
        ticket: TicketId,
    },
    /// Take up everything that an earlier connector over this store left unfinished: each case in the outbox or held
    /// becomes an operation of its own. Every connector begins with it by itself. Comes to [`Outcome::Resumed`].
    Resume,
    /// Offer the host what it has not yet taken over of these subjects.
    #[serde(skip)]
    Deliver {
        /// The subjects.
        subjects: Vec<Subject>,
    },
}
}

fn hundred() -> u32 {
    100
}

fn ninety() -> u8 {
    90
}

impl Command {
    /// The case that it is about, where it is about one.
    #[must_use]
    pub fn case_id(&self) -> Option<&str> {
        match self {
            Self::SubmitCase { case } | Self::AcceptCase { case } | Self::PreviewCase { case } => {
                Some(&case.id)
            }
            Self::ContinueCase { case_id }
            | Self::SubmitReference { case_id }
            | Self::TakeReference { case_id } => Some(case_id),
            Self::TestConnection
            | Self::WorkQueue
            | Self::ListOutbox { .. }
            | Self::RetryOutbox { .. }
            | Self::DiscardOutbox { .. }
            | Self::Backlog
            | Self::Health
            | Self::ListLinks { .. }
            | Self::ListCompanies { .. }
            | Self::ListConfigurations { .. }
            | Self::ListEvents { .. }
            | Self::Report { .. }
            | Self::Dashboard { .. }
            | Self::Definitions
            | Self::Audit { .. }
            | Self::ForgetOld
            | Self::Preflight { .. }
            | Self::Probe { .. }
            | Self::ReadCatalog
            | Self::ReadBoards { .. }
            | Self::PlanProvision
            | Self::ApplyProvision { .. }
            | Self::ContinueProvision
            | Self::Drift
            | Self::ListInstances
            | Self::SaveInstance
            | Self::ExportInstance { .. }
            | Self::DeleteInstance { .. }
            | Self::ContinueDeletion
            | Self::Import { .. }
            | Self::SetMapping { .. }
            | Self::RemoveMapping { .. }
            | Self::ReleaseMapping { .. }
            | Self::ListMappings { .. }
            | Self::AutoMap { .. }
            | Self::SuggestMappings { .. }
            | Self::AcceptSuggestions { .. }
            | Self::SyncCustomers { .. }
            | Self::ImportMappings { .. }
            | Self::ExportMappings { .. }
            | Self::PreviewDevices { .. }
            | Self::SendDevices { .. }
            | Self::DevicesDiscovered
            | Self::HostEvent { .. }
            | Self::ExportConfig
            | Self::ImportConfig { .. }
            | Self::DueTasks
            | Self::TakeCallback { .. }
            | Self::EnsureCallbacks { .. }
            | Self::ListCallbacks
            | Self::RemoveCallbacks
            | Self::SyncTicket { .. }
            | Self::Poll
            | Self::ReleaseMassChange { .. }
            | Self::Reconcile { .. }
            | Self::ContinueRequest { .. }
            | Self::Resume
            | Self::Deliver { .. } => None,
        }
    }
}

/// Why a ticket is read again.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SyncReason {
    /// Someone asked: notes and documents are read even where the ticket's time of change is as it was.
    #[default]
    Asked,
    /// ConnectWise called back: notes and documents are read where the time of change moved.
    Callback,
    /// A poll found it changed: as with a callback.
    Poll,
    /// A reconcile compares all: notes and documents are read.
    Reconcile,
}

impl SyncReason {
    /// Whether notes and documents are read even where the ticket's time of change is as it was.
    #[must_use]
    pub const fn is_thorough(self) -> bool {
        matches!(self, Self::Asked | Self::Reconcile)
    }
}

impl Command {
    /// Whether it asks the store alone and is over soon, so that it need not wait for cases under work.
    pub(crate) fn is_brief(&self) -> bool {
        matches!(
            self,
            Self::AcceptCase { .. }
                | Self::ListOutbox { .. }
                | Self::Backlog
                | Self::Health
                | Self::ListLinks { .. }
                | Self::ListCompanies { .. }
                | Self::ListConfigurations { .. }
                | Self::ListEvents { .. }
                | Self::Report { .. }
                | Self::Definitions
                | Self::Audit { .. }
                | Self::HostEvent { .. }
                | Self::ExportConfig
                | Self::ImportConfig { .. }
                | Self::DueTasks
        )
    }
}

/// Test tickets that are opened and closed again.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct WriteProbe {
    /// The company that they are opened for; where nothing is said the one that catches all, or else the first of the map.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub company: Option<CompanyKey>,
    /// One for every route that makes tickets, in place of one for the first.
    pub every_route: bool,
}
