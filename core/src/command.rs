//! What a host asks, and what comes of it.

use crate::{
    case::Case,
    catalog::Catalog,
    company::CompanyKey,
    effect::OperationId,
    error::{Error, Result},
    preflight::PreflightReport,
    preview::Preview,
    probe::ProbeReport,
    role::Feature,
    service::TicketId,
    workflows::ConnectionReport,
};
use serde::{Deserialize, Serialize, Serializer};
use std::{collections::BTreeSet, sync::Arc};

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
    /// Say what a case would become, each field with its reason, without sending anything but reads (T9). Comes to
    /// [`Outcome::Preview`].
    PreviewCase {
        /// The case.
        case: Box<Case>,
    },
    /// Take up everything that an earlier connector over this store left unfinished: each case in the outbox or held
    /// becomes an operation of its own. Every connector begins with it by itself. Comes to [`Outcome::Resumed`].
    Resume,
    /// Offer the host what it has not yet taken over of one case.
    #[serde(skip)]
    Deliver {
        /// Id of the case.
        case_id: String,
    },
}

impl Command {
    /// The case that it is about, where it is about one.
    #[must_use]
    pub fn case_id(&self) -> Option<&str> {
        match self {
            Self::SubmitCase { case } | Self::PreviewCase { case } => Some(&case.id),
            Self::ContinueCase { case_id } | Self::Deliver { case_id } => Some(case_id),
            Self::TestConnection
            | Self::Preflight { .. }
            | Self::Probe { .. }
            | Self::ReadCatalog
            | Self::Resume => None,
        }
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
    /// Of a preflight.
    Preflight(Box<PreflightReport>),
    /// Of a probe.
    Probe(Box<ProbeReport>),
    /// Of reading the catalog, which fits the configuration.
    Catalog(Arc<Catalog>),
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
