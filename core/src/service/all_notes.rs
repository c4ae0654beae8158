use super::{TicketId, tickets::Ticket};
use crate::{
    api::{Client, Identified, Info, Query, Reference, flag, moment, string},
    case::Visibility,
    delivery::CommentSource,
    error::Result,
    runtime::Context,
    time::Timestamp,
};
use serde::Deserialize;
use std::time::Duration;

const FIELDS: &str = "id,noteType,text,detailDescriptionFlag,internalAnalysisFlag,resolutionFlag,timeStart,timeEnd,\
    originalAuthor,member,contact,_info";

/// Anything that was written on a ticket: a note, or the text of a time entry or meeting (API.md section 9).
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct TicketNote {
    /// Only unique among those of its type.
    pub(crate) id: u32,
    #[serde(default, deserialize_with = "string")]
    note_type: String,
    #[serde(default, deserialize_with = "string")]
    pub(crate) text: String,
    #[serde(default, deserialize_with = "flag")]
    detail_description_flag: bool,
    #[serde(default, deserialize_with = "flag")]
    resolution_flag: bool,
    #[serde(default, deserialize_with = "moment")]
    time_start: Option<Timestamp>,
    #[serde(default, deserialize_with = "moment")]
    time_end: Option<Timestamp>,
    #[serde(default, deserialize_with = "string")]
    original_author: String,
    #[serde(default)]
    member: Option<Reference>,
    #[serde(default)]
    contact: Option<Reference>,
    #[serde(default, rename = "_info")]
    info: Option<Info>,
}

impl TicketNote {
    /// What it was written as.
    pub(crate) fn source(&self) -> CommentSource {
        match self.note_type.as_str() {
            "TimeEntryNote" => CommentSource::TimeEntry,
            "MeetingNote" => CommentSource::Meeting,
            _ => CommentSource::Note,
        }
    }

    /// Its name among all that is written on tickets, such as `note-93`.
    pub(crate) fn key(&self) -> String {
        let source = match self.source() {
            CommentSource::Note => "note",
            CommentSource::TimeEntry => "time",
            CommentSource::Meeting => "meeting",
        };
        format!("{source}-{}", self.id)
    }

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

    /// Whether it stands under the resolution, whatever else it is.
    pub(crate) fn is_resolution(&self) -> bool {
        self.resolution_flag
    }

    /// Whether it surely was not written with the keys of this API member.
    pub(crate) fn is_of_another_than(&self, member: Option<&str>) -> bool {
        let author = self.info.as_ref().and_then(|info| {
            let entered = info.entered_by.as_deref();
            entered.or(info.updated_by.as_deref())
        });
        match (member, author) {
            (Some(member), Some(author)) => !member.eq_ignore_ascii_case(author),
            _ => false,
        }
    }

    /// Whether it was written with the ticket itself.
    pub(crate) fn is_as_old_as(&self, ticket: &Ticket) -> bool {
        let entered = |info: Option<&Info>| info.and_then(|info| info.date_entered);
        let Some((own, of_ticket)) = entered(self.info.as_ref()).zip(entered(ticket.info.as_ref()))
        else {
            return false;
        };
        own <= of_ticket.after(Duration::from_secs(1))
    }

    /// Who wrote it: contact or member, whichever has a name.
    pub(crate) fn author(&self) -> Option<&str> {
        [&self.contact, &self.member]
            .into_iter()
            .flatten()
            .find_map(Reference::label)
            .or_else(|| Some(self.original_author.as_str()).filter(|name| !name.is_empty()))
            .or_else(|| self.info.as_ref()?.entered_by.as_deref())
    }

    /// When it was written; of a time entry, when the work ended.
    pub(crate) fn written_at(&self) -> Option<Timestamp> {
        let info = self.info.as_ref();
        self.time_end
            .or(self.time_start)
            .or_else(|| info?.date_entered)
            .or_else(|| info?.last_updated)
    }
}

impl Identified for TicketNote {
    fn record_id(&self) -> u32 {
        self.id
    }
}

/// Reads all that was written on a ticket, oldest first.
///
/// # Errors
///
/// What reading came to.
pub(crate) async fn list(cx: &Context, api: &Client, ticket: TicketId) -> Result<Vec<TicketNote>> {
    let path = format!("/service/tickets/{ticket}/allNotes");
    let mut notes: Vec<TicketNote> = api.read_all(cx, path, Query::new().fields(FIELDS)).await?;
    notes.sort_by_key(|note| (note.written_at(), note.source(), note.id));
    Ok(notes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn note(value: Value) -> TicketNote {
        serde_json::from_value(value).unwrap()
    }

    #[test]
    fn a_time_entry_is_told_from_a_note_with_the_same_id() {
        let written =
            note(json!({"id": 7, "noteType": "TicketNote", "internalAnalysisFlag": true}));
        let worked = note(
            json!({"id": 7, "noteType": "TimeEntryNote", "detailDescriptionFlag": true,
            "timeStart": "2026-01-05T10:00:00Z", "timeEnd": null}),
        );
        assert_eq!(
            (written.key(), worked.key()),
            ("note-7".into(), "time-7".into())
        );
        assert_eq!(written.visibility(), Visibility::Internal);
        assert_eq!(worked.visibility(), Visibility::Discussion);
        assert_eq!(
            worked.written_at(),
            Some("2026-01-05T10:00:00Z".parse().unwrap())
        );
    }

    #[test]
    fn whoever_has_a_name_is_the_author() {
        let stub = json!({"id": 1, "member": {"id": null, "name": ""}, "contact": {"id": 4, "name": "Ada"}});
        assert_eq!(note(stub).author(), Some("Ada"));
        let system = json!({"id": 1, "originalAuthor": "", "_info": {"enteredBy": "zadmin"}});
        assert_eq!(note(system).author(), Some("zadmin"));
        assert_eq!(note(json!({"id": 1})).author(), None);
    }
}
