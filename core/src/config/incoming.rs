use serde::{Deserialize, Serialize};

/// Which of what is written on a ticket comes in as comments (row S4); all of it where nothing is said. Guide 002's product
/// takes discussion notes only.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct IncomingNotes {
    /// Discussion notes, which the customer can read.
    pub discussion: bool,
    /// Internal notes.
    pub internal: bool,
    /// Resolution notes.
    pub resolution: bool,
    /// The texts of time entries and meetings, as far as those of their kind come in.
    pub time_entries: bool,
}

impl Default for IncomingNotes {
    fn default() -> Self {
        Self {
            discussion: true,
            internal: true,
            resolution: true,
            time_entries: true,
        }
    }
}

/// Which documents of a ticket come in as attachments (row S5).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct IncomingDocuments {
    /// Whether any do; yes where nothing is said.
    pub enabled: bool,
    /// The largest that does, in bytes, 1 to 1 GiB; 50 MiB where nothing is said (guide 002). Of a larger one the case is
    /// told that it was left out.
    pub at_most: u64,
}

impl Default for IncomingDocuments {
    fn default() -> Self {
        Self {
            enabled: true,
            at_most: 50 << 20,
        }
    }
}

/// Which side a field belongs to, where both may change it (row S3).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct FieldOwners {
    /// Status of the ticket and the case, closing and reopening included.
    pub status: FieldOwner,
    /// Priority of the ticket and severity of the case.
    pub priority: FieldOwner,
    /// Summary of the ticket and title of the case.
    pub summary: FieldOwner,
}

/// Which side a field belongs to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum FieldOwner {
    /// Either side's changes reach the other. Where both changed it, the newer change stays: the case's bears its `updated_at`.
    /// A technician's priority or summary is never overwritten.
    #[default]
    Newest,
    /// The case: what a technician makes of it is overwritten with its next change, and the case is not told of it.
    Case,
    /// The ticket: what a technician made of it is never overwritten.
    Ticket,
}

/// What becomes of a case whose ticket was deleted (row S8).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum WhenDeleted {
    /// It is told, and gets no other ticket.
    #[default]
    Tell,
    /// It is told, and gets a new ticket with its next change, unless it is over.
    NewTicket,
}
