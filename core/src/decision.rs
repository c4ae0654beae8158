//! A value with the reason for it, and the ticket that a case would make.

use crate::{
    company::{Company, Configuration, Contact},
    quirks::Quirks,
};
use serde::Serialize;
use serde_json::Value;

/// A value and why it is that.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Decision<T> {
    /// The value.
    pub value: T,
    /// Why, in words for a person, such as `route 'audit log cleared' (routes/0)`.
    pub reason: String,
}

impl<T> Decision<T> {
    /// Makes a decision.
    #[must_use]
    pub fn new(value: T, reason: impl Into<String>) -> Self {
        Self {
            value,
            reason: reason.into(),
        }
    }
}

impl TicketPlan {
    /// The plan as the instance takes it: its notes as they show best, and without severity and impact where these would put
    /// another priority in the place of the one that is given.
    #[must_use]
    pub(crate) fn written_for(mut self, quirks: &Quirks) -> Self {
        if quirks.matrix_wins == Some(true) && self.field("priority").is_some() {
            self.without_levels();
        }
        for field in &mut self.fields {
            if FIRST_NOTES.contains(&field.field.as_str())
                && let Value::String(text) = &mut field.value
            {
                *text = quirks.note_text(text);
            }
        }
        self.notes = self
            .notes
            .into_iter()
            .map(|note| note.written_for(quirks))
            .collect();
        self
    }

    fn without_levels(&mut self) {
        let before = self.fields.len();
        self.fields
            .retain(|field| !LEVELS.contains(&field.field.as_str()));
        if self.fields.len() == before {
            return;
        }
        let priority = self
            .fields
            .iter_mut()
            .find(|field| field.field == "priority");
        if let Some(priority) = priority {
            priority.reason.push_str(
                "; severity and impact are left out, because this instance would choose another priority by them",
            );
        }
    }
}

impl PlannedNote {
    /// The note as the instance shows it best.
    #[must_use]
    pub(crate) fn written_for(self, quirks: &Quirks) -> Self {
        Self {
            text: quirks.note_text(&self.text),
            ..self
        }
    }
}

/// Fields that ConnectWise turns into a ticket's first notes (API.md section 7).
const FIRST_NOTES: [&str; 2] = ["initialDescription", "initialInternalAnalysis"];

/// Fields by which an SLA's matrix chooses a priority (API.md section 7).
const LEVELS: [&str; 2] = ["severity", "impact"];

/// What had to be looked up in ConnectWise before a ticket can be decided.
#[derive(Clone, Debug, PartialEq)]
pub struct Parties {
    /// The company of the case's group.
    pub company: Decision<Company>,
    /// The contact, where there is one.
    pub contact: Option<Decision<Contact>>,
    /// The device configuration, where the case's system has one.
    pub configuration: Option<Decision<Configuration>>,
}

/// The ticket that a case makes, field by field.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct TicketPlan {
    /// Name of the route that matched.
    pub route: String,
    /// `externalXRef`: made from instance and case id, found again after a lost answer.
    pub reference: String,
    /// The fields of the create request in the order in which they are sent, each with its reason.
    pub fields: Vec<PlannedField>,
    /// Notes that do not fit into the create request, oldest first.
    pub notes: Vec<PlannedNote>,
    /// Id of the comment that the create request carries, where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first_comment: Option<String>,
    /// The device configuration to link.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub configuration: Option<Decision<Configuration>>,
    /// Documents to add.
    pub documents: Vec<PlannedDocument>,
    /// Comments and attachments that are not sent, each with its reason.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub left_out: Vec<LeftOut>,
}

/// A comment or attachment that is not sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LeftOut {
    /// Which of the two.
    pub what: LeftOutKind,
    /// Its id.
    pub id: String,
    /// Why, in words for a person.
    pub reason: String,
}

/// What is not sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum LeftOutKind {
    /// A comment that becomes no note.
    Comment,
    /// An attachment that is refused.
    Attachment,
    /// An attachment that waits for a comment.
    WaitingAttachment,
}

/// One field of the create request.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PlannedField {
    /// ConnectWise's name of the field.
    pub field: String,
    /// What is sent, such as `{"id": 12}`.
    pub value: Value,
    /// What a person reads there, where it differs from the value.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub shown: Option<String>,
    /// Why.
    pub reason: String,
}

/// A comment as a note.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PlannedNote {
    /// Id of the comment.
    pub comment: String,
    /// Which of the ticket's three kinds of note it is.
    pub kind: crate::case::Visibility,
    /// Its text.
    pub text: String,
    /// Why it is of that kind, and what was done to its text.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub reason: String,
}

/// An attachment as a document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PlannedDocument {
    /// Id of the attachment.
    pub attachment: String,
    /// Title in ConnectWise.
    pub title: String,
    /// File name.
    pub file_name: String,
    /// Length in bytes.
    pub size: u64,
    /// SHA-256 of its bytes, where the host gave it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sha256: Option<String>,
}
