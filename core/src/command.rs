//! What a host asks, and what comes of it.

use crate::{
    callback::{CallbackOutcome, CallbackRequest, CallbacksReport},
    case::Case,
    catalog::Catalog,
    delivery::Subject,
    effect::OperationId,
    error::{Error, Result},
    import::{ImportFilter, ImportKind, ImportReport},
    preview::Preview,
    service::TicketId,
    workflows::ConnectionReport,
};
use serde::{Deserialize, Serialize, Serializer};
use std::sync::Arc;

/// What a host can ask of a connector.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "command", rename_all = "snake_case")]
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
    /// Say which part of the connection is wrong, if any (C2). Comes to [`Outcome::Connection`].
    TestConnection,
    /// Read the boards and their children anew, as far as the configuration names them, and check the configuration
    /// against them. Comes to [`Outcome::Catalog`], or to an error with all faults.
    ReadCatalog,
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
    /// Read a ticket and bring its cases in step with it. Comes to [`Outcome::Ticket`].
    SyncTicket {
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

impl Command {
    /// The case that it is about, where it is about one.
    #[must_use]
    pub fn case_id(&self) -> Option<&str> {
        match self {
            Self::SubmitCase { case } | Self::PreviewCase { case } => Some(&case.id),
            Self::ContinueCase { case_id } => Some(case_id),
            Self::TestConnection
            | Self::ReadCatalog
            | Self::Import { .. }
            | Self::TakeCallback { .. }
            | Self::EnsureCallbacks { .. }
            | Self::ListCallbacks
            | Self::RemoveCallbacks
            | Self::SyncTicket { .. }
            | Self::Resume
            | Self::Deliver { .. } => None,
        }
    }
}

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
    /// Of a preview.
    Preview(Box<Preview>),
    /// Of a resume.
    Resumed {
        /// How many cases were taken up.
        cases: u64,
    },
    /// Of a connection test, part by part.
    Connection(Box<ConnectionReport>),
    /// Of an import, kind by kind.
    Imported(Box<ImportReport>),
    /// Of a callback.
    Callback(CallbackOutcome),
    /// Of callback registrations: those that there are now, and what was done.
    Callbacks(Box<CallbacksReport>),
    /// Of reading a ticket again.
    Ticket(TicketOutcome),
    /// Of reading the catalog, which fits the configuration.
    Catalog(Arc<Catalog>),
}

/// What came of reading a ticket again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TicketOutcome {
    /// The ticket.
    pub ticket_id: TicketId,
    /// Its cases; empty for a ticket without one, of which nothing was read.
    pub case_ids: Vec<String>,
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
}
