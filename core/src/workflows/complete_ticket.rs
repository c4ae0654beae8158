use super::{
    exactly_once::Payload,
    work::{Interrupt, Work},
};
use crate::{
    case::Case,
    company::Configuration,
    decide,
    decision::Decision,
    error::{Code, Error},
    store::records::{Action, SentDocument},
};

/// Adds to a ticket what of the case it does not hold yet, one by one and in order: the device configuration, a note for
/// each comment (guide 000 section 9.3), a document for each attachment (section 9.4). Says whether there was anything.
pub(crate) async fn complete_ticket(
    work: &mut Work<'_>,
    case: &Case,
    configuration: Option<&Decision<Configuration>>,
) -> Result<bool, Interrupt> {
    let mut added = false;
    if let Some(configuration) = configuration.map(|decision| decision.value.id)
        && !work.linked()?.configurations.contains(&configuration)
    {
        work.perform(Action::LinkConfiguration { configuration }, Payload::None)
            .await?;
        added = true;
    }
    if let Some(note) = work.linked()?.owed.clone()
        && !work.linked()?.notes.contains_key(&note.comment)
    {
        work.perform(Action::AddNote { note }, Payload::None)
            .await?;
        work.change_link(|link| link.owed = None);
        added = true;
    }
    for comment in &case.comments {
        if !work.linked()?.notes.contains_key(&comment.id)
            && !work.came_as_note(&comment.id)
            && let Some(note) = decide::note(&work.env.settings, comment)
        {
            let note = note.written_for(&*work.env.quirks(work.cx).await?);
            work.perform(Action::AddNote { note: note.into() }, Payload::None)
                .await?;
            added = true;
        }
    }
    for document in decide::documents(case) {
        if !work.linked()?.documents.contains_key(&document.attachment)
            && !work.came_as_document(&document.attachment)
        {
            let token = case
                .attachments
                .iter()
                .find(|attachment| attachment.id == document.attachment);
            let token = token
                .map(|attachment| attachment.token.clone())
                .unwrap_or_default();
            let attachment = document.attachment.clone();
            let action = Action::AddDocument {
                attachment: document.attachment,
                title: document.title,
                file_name: document.file_name,
                size: document.size,
            };
            match work.perform(action, Payload::File(token)).await {
                Ok(()) => added = true,
                // The ticket is worth more than one of its files: a refused file is reported, not tried again.
                Err(Interrupt::Failed(error)) if is_of_the_file(&error) => {
                    let refused = SentDocument::Refused(error.to_string());
                    work.change_link(|link| {
                        link.documents.insert(attachment, refused);
                    });
                    work.warn(error);
                }
                Err(interrupt) => return Err(interrupt),
            }
        }
    }
    Ok(added)
}

/// Whether it is the file itself that was refused, and not the moment, the keys or a right.
fn is_of_the_file(error: &Error) -> bool {
    matches!(
        error.code,
        Code::Rejected | Code::TooLarge | Code::NotFetched
    )
}
