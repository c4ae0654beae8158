use super::TicketId;
use crate::{
    api::{Client, Identified, Query, Write, WriteResult, flag, string},
    case::Visibility,
    effect::Method,
    error::Result,
    runtime::Context,
    time::Timestamp,
};
use serde::{Deserialize, Serialize};

const FIELDS: &str =
    "id,ticketId,text,detailDescriptionFlag,internalAnalysisFlag,resolutionFlag,createdBy";

/// A note of a ticket (API.md section 9).
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Note {
    pub(crate) id: u32,
    #[serde(default, deserialize_with = "string")]
    pub(crate) text: String,
    #[serde(default, deserialize_with = "flag")]
    pub(crate) detail_description_flag: bool,
    #[serde(default, deserialize_with = "flag")]
    pub(crate) internal_analysis_flag: bool,
    #[serde(default, deserialize_with = "flag")]
    pub(crate) resolution_flag: bool,
    /// Identifier of the member whose keys were used.
    #[serde(default)]
    pub(crate) created_by: Option<String>,
}

/// Whether a note may lead to mail.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Notifications {
    /// As the board has it.
    #[default]
    AsTheBoardHasIt,
    /// None.
    Suppressed,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct NewNote<'a> {
    text: &'a str,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    detail_description_flag: bool,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    internal_analysis_flag: bool,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    resolution_flag: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    process_notifications: Option<bool>,
}

impl Note {
    /// Which kind of note it is. What is both discussion and internal counts as discussion: the customer may see it.
    pub(crate) fn visibility(&self) -> Visibility {
        if self.detail_description_flag {
            Visibility::Discussion
        } else if self.resolution_flag {
            Visibility::Resolution
        } else {
            Visibility::Internal
        }
    }

    /// Whether it is of that kind and says that, whatever became of its line ends (API.md section 6.5).
    pub(crate) fn is(&self, kind: Visibility, text: &str) -> bool {
        self.visibility() == kind && self.text.split_whitespace().eq(text.split_whitespace())
    }

    /// Whether it surely was not written with the keys of this API member.
    pub(crate) fn is_of_another_than(&self, member: Option<&str>) -> bool {
        match (member, self.created_by.as_deref()) {
            (Some(member), Some(author)) => !member.eq_ignore_ascii_case(author),
            _ => false,
        }
    }

    /// Its name among all that is written on tickets, as [`TicketNote::key`](super::all_notes::TicketNote::key) has it.
    pub(crate) fn key(&self) -> String {
        format!("note-{}", self.id)
    }
}

impl Identified for Note {
    fn record_id(&self) -> u32 {
        self.id
    }
}

/// Reads all notes of a ticket, oldest first.
///
/// # Errors
///
/// What reading came to.
pub(crate) async fn list(cx: &Context, api: &Client, ticket: TicketId) -> Result<Vec<Note>> {
    api.read_all(cx, path(ticket), Query::new().fields(FIELDS))
        .await
}

/// Adds a note of exactly one kind: an internal one sets `internalAnalysisFlag` alone, so that no customer sees it.
///
/// # Errors
///
/// Where it is unknown whether the note was added, compare author, time and text of the ticket's notes first.
pub(crate) async fn create(
    cx: &Context,
    api: &Client,
    ticket: TicketId,
    kind: Visibility,
    text: &str,
    notifications: Notifications,
    not_after: Timestamp,
) -> WriteResult<Note> {
    let note = NewNote {
        text,
        detail_description_flag: kind == Visibility::Discussion,
        internal_analysis_flag: kind == Visibility::Internal,
        resolution_flag: kind == Visibility::Resolution,
        process_notifications: (notifications == Notifications::Suppressed).then_some(false),
    };
    let write = Write::json(Method::Post, path(ticket), &note, not_after)?
        .query(Query::new().fields(FIELDS));
    api.write(cx, write).await
}

fn path(ticket: TicketId) -> String {
    format!("/service/tickets/{ticket}/notes")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::testing::{Server, client, created};
    use serde_json::{Value, json};

    fn body(kind: Visibility, notifications: Notifications) -> Value {
        let mut server = Server::new([created(json!({"id": 1, "text": "x"}))]);
        server
            .run(move |cx| async move {
                create(
                    &cx,
                    &client(),
                    TicketId(909),
                    kind,
                    "x",
                    notifications,
                    cx.now(),
                )
                .await
            })
            .unwrap();
        assert!(server.urls()[0].starts_with("/service/tickets/909/notes?fields="));
        server.body(0)
    }

    #[test]
    fn a_note_sets_the_flag_of_its_kind_and_no_other() {
        let board = Notifications::default();
        assert_eq!(
            body(Visibility::Internal, board),
            json!({"text": "x", "internalAnalysisFlag": true})
        );
        assert_eq!(
            body(Visibility::Discussion, board),
            json!({"text": "x", "detailDescriptionFlag": true})
        );
        assert_eq!(
            body(Visibility::Resolution, board),
            json!({"text": "x", "resolutionFlag": true})
        );
        assert_eq!(
            body(Visibility::Internal, Notifications::Suppressed),
            json!({"text": "x", "internalAnalysisFlag": true, "processNotifications": false})
        );
    }
}
