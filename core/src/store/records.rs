//! The records, each with a schema version that is checked when it is read.

use crate::{
    case::{Case, Visibility},
    company::{CompanyId, ConfigurationId},
    config::CallbackLevel,
    decision::PlannedNote,
    error::{Code, Error, Result},
    event_log::About,
    json::{Document, Unreadable},
    outbox::FailedTry,
    service::TicketId,
    time::Timestamp,
};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::Value;
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

mod devices;
mod inbound;
mod ledger;
mod provision;
mod storms;

pub(crate) use devices::{DeviceIntent, DeviceRecord, DeviceWrite};
pub(crate) use inbound::{
    CaseRequestRecord, HeldChange, PendingSync, PollCursor, PollProgress, ReconcileProgress,
    ReconcileStage, RefusedRequest, RequestIntent, SeenTicket, WhyPending,
};
pub(crate) use ledger::{ContentRead, Heard, HeardStatus, Ledger, OpeningNote, OwnNotes};
pub(crate) use provision::{ProvisionIntent, ProvisionRun};
pub(crate) use storms::{
    CaseReference, Claim, DueRecord, FloodRecord, Gathered, Gathering, JoinRecord, Joined,
    KeyTicket,
};

/// The version of every record that this version of casewire writes; it reads no newer one.
const VERSION: u32 = 1;

#[derive(Deserialize)]
struct Version {
    v: u32,
}

/// Writes a record with its version.
pub(crate) fn write<T: Serialize>(record: &T) -> Result<String> {
    let cannot =
        |why: String| Error::new(Code::Internal, format!("a record cannot be written: {why}"));
    let text = serde_json::to_string(record).map_err(|error| cannot(error.to_string()))?;
    match text.strip_prefix('{') {
        Some("}") => Ok(format!("{{\"v\":{VERSION}}}")),
        Some(members) => Ok(format!("{{\"v\":{VERSION},{members}")),
        None => Err(cannot("it is no object".to_owned())),
    }
}

/// Reads a record.
///
/// # Errors
///
/// [`Code::UnreadableRecord`] for a damaged record, or one of a newer version.
pub(crate) fn read<T: DeserializeOwned>(key: &str, text: &str) -> Result<T> {
    let unreadable = |why: String| {
        Error::new(
            Code::UnreadableRecord,
            format!("the record '{key}' {why}. Nothing was sent for it"),
        )
    };
    let damaged = |error: Unreadable| unreadable(format!("is damaged: {error}"));
    let document = Document::parse(text).map_err(damaged)?;
    let Version { v } = document.read().map_err(damaged)?;
    if v > VERSION {
        return Err(unreadable(format!(
            "is of version {v}, written by a newer casewire: run that one"
        )));
    }
    document.read().map_err(damaged)
}

/// A case that is being worked on. It stays until its ticket holds all of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct OutboxEntry {
    /// The case as it should be shown by its ticket.
    pub(crate) case: Arc<Case>,
    /// When the host handed it over first.
    pub(crate) accepted_at: Timestamp,
    /// When the host handed over this state of it, where that was later.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) said_at: Option<Timestamp>,
    /// The write that may have been sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) intent: Option<Intent>,
    /// Why the last try failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) failure: Option<FailedTry>,
}

/// A write to ConnectWise, recorded before it may be sent.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Intent {
    /// What is written.
    pub(crate) action: Action,
    /// The driver does not send it later than this.
    pub(crate) not_after: Timestamp,
}

/// A write to ConnectWise, with what is needed to find it again.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "action", rename_all = "snake_case")]
pub(crate) enum Action {
    /// Found again by the ticket's reference.
    CreateTicket {
        reference: String,
        /// The comment that the create request carries.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        comment: Option<NoteContent>,
        /// The notes that it makes without a comment behind them.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        openings: Vec<OpeningNote>,
        /// What of the case the ticket then holds.
        written: Written,
    },
    /// Found again among the ticket's notes by author and content.
    AddNote { note: NoteContent },
    /// Found again among the ticket's documents by title, name and size.
    AddDocument {
        attachment: String,
        title: String,
        file_name: String,
        size: u64,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        sha256: Option<String>,
    },
    /// Found again among the ticket's configurations.
    LinkConfiguration { configuration: ConfigurationId },
    /// Found again by reading the ticket.
    ChangeTicket {
        /// The fields and the values that were asked for.
        changes: BTreeMap<String, Value>,
        /// What of the case the ticket then holds.
        written: Written,
    },
}

impl Action {
    /// The name that JSON carries.
    pub(crate) const fn name(&self) -> &'static str {
        match self {
            Self::CreateTicket { .. } => "create_ticket",
            Self::AddNote { .. } => "add_note",
            Self::AddDocument { .. } => "add_document",
            Self::LinkConfiguration { .. } => "link_configuration",
            Self::ChangeTicket { .. } => "change_ticket",
        }
    }
}

/// How the ids of notes begin that no comment of the host is behind: none of its ids holds a tab.
pub(crate) const OWN_NOTE: char = '\t';

/// A note's content.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct NoteContent {
    /// Id of the comment.
    pub(crate) comment: String,
    pub(crate) kind: Visibility,
    pub(crate) text: String,
}

impl From<PlannedNote> for NoteContent {
    fn from(note: PlannedNote) -> Self {
        Self {
            comment: note.comment,
            kind: note.kind,
            text: note.text,
        }
    }
}

/// What casewire last wrote to fields that a technician may change too, by ConnectWise's names.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Written {
    /// The case's status and severity at that time.
    pub(crate) case_status: String,
    pub(crate) case_severity: String,
    /// Whether the case was over.
    pub(crate) over: bool,
    pub(crate) status: Option<u32>,
    pub(crate) priority: Option<u32>,
    pub(crate) summary: String,
    /// Name of the route.
    pub(crate) route: String,
    /// How many deliveries there were for the case then: what later ones say, the host may have taken over since.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub(crate) deliveries: u64,
    /// Why the case was closed, while its ticket is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) close_reason: Option<String>,
}

/// A case's ticket and what of the case it holds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Link {
    pub(crate) case_id: String,
    pub(crate) ticket: TicketId,
    pub(crate) reference: String,
    pub(crate) board: String,
    pub(crate) company: CompanyId,
    pub(crate) company_name: String,
    /// Name of the ticket's status when it was last seen.
    pub(crate) status: String,
    /// Whether that status is a closed one.
    pub(crate) closed: bool,
    /// Identifier of the API member, as ConnectWise wrote it on the ticket.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) member: Option<String>,
    pub(crate) written: Written,
    /// Whether casewire did not make the ticket, or lost what it knew of it: the ticket may hold already what the case brings.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(crate) adopted: bool,
    /// The digest of the case that the ticket holds in full; empty while work goes on.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(crate) case_digest: String,
    /// By comment id.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) notes: BTreeMap<String, SentNote>,
    /// By attachment id.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) documents: BTreeMap<String, SentDocument>,
    /// The notes of the create request that no comment is behind.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) openings: Vec<OpeningNote>,
    /// What of the ticket's documents is known beyond their ids, by attachment id.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) uploads: BTreeMap<String, Upload>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) configurations: Vec<ConfigurationId>,
    /// The case's earlier tickets, oldest first, each closed and followed by the next.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) former: Vec<TicketId>,
    /// Why nothing more is written to the ticket, once it is gone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) gone: Option<Gone>,
    /// How often the ticket was opened again after its case.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub(crate) reopened: u64,
    /// How many deliveries were made for the case.
    #[serde(default)]
    pub(crate) deliveries: u64,
    /// Why it shares the ticket of another case, where it does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) joined: Option<Joined>,
    /// A note of casewire's own that the ticket is to have.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) owed: Option<NoteContent>,
    /// What of the case its events name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) about: Option<About>,
}

/// That something was decided for a case; the decisions stand elsewhere.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct DecidedRecord {}

impl Link {
    /// Whether changes of the ticket are still of interest: it was neither closed nor lost when it was last seen.
    pub(crate) fn is_open(&self) -> bool {
        !self.closed && self.gone.is_none()
    }

    /// The notes that casewire wrote for the case, as far as their ids are known.
    pub(crate) fn own_notes(&self) -> impl Iterator<Item = u32> + use<'_> {
        let openings = self.openings.iter().filter_map(|opening| opening.note);
        let sent = self.notes.values().filter_map(|sent| sent.note);
        sent.chain(openings)
    }
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde passes a reference"
)]
fn is_zero(count: &u64) -> bool {
    *count == 0
}

/// A comment that the ticket holds as a note.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct SentNote {
    /// Its id in ConnectWise; unknown for the one that the create request carried.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) note: Option<u32>,
    /// Digest of its words, as ConnectWise has them.
    pub(crate) digest: String,
}

/// An attachment that the ticket holds as a document, or that ConnectWise refused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum SentDocument {
    /// Its id in ConnectWise.
    Document(u32),
    /// Why it was refused; it is not tried again.
    Refused(String),
}

/// A document that was uploaded to the case's present ticket.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Upload {
    /// In bytes.
    pub(crate) size: u64,
    /// SHA-256 of its bytes in lower case, where the host gave it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) sha256: Option<String>,
}

/// Why a case's ticket is followed no more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Gone {
    /// It was deleted, or may not be seen any more.
    Deleted,
    /// It is no service ticket any more.
    Converted,
}

/// A ticket's cases.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct TicketRecord {
    pub(crate) case_id: String,
    /// The cases that came to it beside the first, such as by a merge.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub(crate) more: BTreeSet<String>,
    /// The tickets that were merged into it, as far as they had cases.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub(crate) merged: BTreeSet<TicketId>,
}

impl TicketRecord {
    /// The record of a ticket with one case.
    pub(crate) fn of(case_id: &str) -> Self {
        Self {
            case_id: case_id.to_owned(),
            ..Self::default()
        }
    }

    /// All of its cases.
    pub(crate) fn cases(&self) -> impl Iterator<Item = &str> {
        std::iter::once(&self.case_id)
            .chain(&self.more)
            .map(String::as_str)
    }

    /// Adds a case, unless it has it.
    pub(crate) fn add(&mut self, case_id: &str) {
        if self.case_id.is_empty() {
            case_id.clone_into(&mut self.case_id);
        } else if self.case_id != case_id {
            self.more.insert(case_id.to_owned());
        }
    }
}

/// A ticket that a test opened and has not ended yet.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct TrialRecord {
    /// The opening that may be under way.
    pub(crate) intent: TrialIntent,
    /// The ticket, once it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) ticket: Option<TicketId>,
}

/// The opening of a test ticket. Its writes are found again by the ticket's reference.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct TrialIntent {
    /// `test_ticket`.
    pub(crate) action: String,
    /// The driver does not send it later than this.
    pub(crate) not_after: Timestamp,
}

/// A case that waits for its group to be mapped.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct HeldCase {
    pub(crate) case: Arc<Case>,
    pub(crate) accepted_at: Timestamp,
    pub(crate) reason: String,
}

/// The tickets that the company that catches all got on one day.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct CatchAllCount {
    /// In UTC, `YYYY-MM-DD`.
    pub(crate) day: String,
    pub(crate) tickets: u64,
    /// Whether the host was told that there are too many.
    #[serde(default)]
    pub(crate) told: bool,
}

/// The callback registrations of this instance.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct CallbackRecord {
    /// What is being done about them, recorded before anything is sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) intent: Option<CallbackIntent>,
    /// The level of those that were in place last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) level: Option<CallbackLevel>,
    /// The records that the level is about.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub(crate) objects: BTreeSet<u32>,
    /// The receiver's address, without the secret.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) receiver: Option<String>,
}

/// What is being done about callback registrations. It is found again by reading them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "action", rename_all = "snake_case")]
pub(crate) enum CallbackIntent {
    /// They are put in place.
    EnsureCallbacks {
        /// The receiver's address, without the secret.
        receiver: String,
        /// What is repaired, for the event.
        #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
        repairs: BTreeSet<String>,
    },
    /// They are taken out.
    RemoveCallbacks,
}

/// The events of the instance as a whole.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct InstanceEvents {
    /// How many deliveries were made.
    pub(crate) deliveries: u64,
    /// What was told of the end of the API member's keys.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) expiry: Option<ToldExpiry>,
}

/// The end of the API member's keys, as it was told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ToldExpiry {
    /// Their last day.
    pub(crate) day: String,
    /// Whether it had passed.
    pub(crate) expired: bool,
}

/// A run of a task, or the wish for one.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct TaskRun {
    /// When it ran, or since when it is wanted.
    pub(crate) at: Timestamp,
    /// Why it is wanted.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(crate) reason: String,
}

/// The instance's records are being deleted, by a host that confirmed it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Deletion {
    /// When it began.
    pub(crate) since: Timestamp,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_of_a_newer_version_is_refused_and_says_so() {
        let error = read::<TicketRecord>("k", r#"{"v":2,"case_id":"1"}"#).unwrap_err();
        assert_eq!(error.code, Code::UnreadableRecord);
        assert!(error.message.contains("newer"), "{error}");
        assert!(read::<TicketRecord>("k", "{").is_err());
        let written = write(&TicketRecord::of("1")).unwrap();
        assert_eq!(written, r#"{"v":1,"case_id":"1"}"#);
        assert_eq!(read::<TicketRecord>("k", &written).unwrap().case_id, "1");
    }
}
