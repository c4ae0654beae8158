use crate::{case::Visibility, effect::StoredBody, time::Timestamp};
use serde::{Deserialize, Serialize};

/// What someone wrote on a ticket in ConnectWise (guide 000 section 9.3, "and vice-versa"; guide 002, "To add comments").
///
/// A host keeps it as a comment of the case under this id. Handed back in the case's `comments`, it is known by its id and
/// never sent to ConnectWise again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct IncomingComment {
    /// Stable identity: `connectwise-note-93`, or `connectwise-time-12` for a time entry. Where a technician changed a note that
    /// a comment of the host became, the id of that comment.
    pub id: String,
    /// As ConnectWise has it, several lines and any markup included.
    pub text: String,
    /// Who may read it there.
    pub visibility: Visibility,
    /// Whether it is a note or the text of a time entry.
    pub source: CommentSource,
    /// Who wrote it: the member's or contact's name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub author: Option<String>,
    /// When it was written, where ConnectWise says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created_at: Option<Timestamp>,
}

/// What a comment from ConnectWise was there (API.md section 9).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum CommentSource {
    /// A note of the ticket.
    Note,
    /// The text of a time entry.
    TimeEntry,
    /// The text of a meeting.
    Meeting,
}

/// A file that someone attached to a ticket in ConnectWise (guide 000 section 9.4; guide 002).
///
/// Handed back in the case's `attachments`, it is known by its id and never sent to ConnectWise again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct IncomingAttachment {
    /// Stable identity, such as `connectwise-document-77`.
    pub id: String,
    /// Title of the document.
    pub title: String,
    /// File name with its extension, as ConnectWise has it: not to be trusted as a path.
    pub file_name: String,
    /// Who attached it: identifier of the member.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub author: Option<String>,
    /// When it was attached, where ConnectWise says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created_at: Option<Timestamp>,
    /// Where its content is.
    pub content: AttachmentContent,
}

/// Where the content of a file from ConnectWise is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum AttachmentContent {
    /// In the host: its driver stored it.
    Stored {
        /// Under this name, [`HttpRequest::store_as`](crate::effect::HttpRequest::store_as).
        token: String,
        /// Length and digest, as the driver counted them.
        #[serde(flatten)]
        body: StoredBody,
    },
    /// Elsewhere: the document is no more than a link.
    Link {
        /// The address, which whoever attached it wrote.
        url: String,
    },
    /// Nowhere: it was left out, and is not asked for again.
    LeftOut {
        /// Why.
        reason: String,
    },
}
