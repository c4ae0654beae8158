use super::{
    exactly_once::Payload,
    work::{Interrupt, Work},
};
use crate::{
    case::{Attachment, Case},
    company::Configuration,
    decide::{self, DocumentChoice},
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
    for attachment in &case.attachments {
        added |= add_document(work, case, attachment).await?;
    }
    Ok(added)
}

/// Adds an attachment as a document, unless the ticket holds it or it is not to be added. Says whether it was added.
async fn add_document(
    work: &mut Work<'_>,
    case: &Case,
    attachment: &Attachment,
) -> Result<bool, Interrupt> {
    let link = work.linked()?;
    if link.documents.contains_key(&attachment.id) || work.came_as_document(&attachment.id) {
        return Ok(false);
    }
    let choice = decide::document(&work.env.settings, case, attachment, &link.uploads);
    let document = match choice.value {
        DocumentChoice::Add(document) => document,
        DocumentChoice::Held(other) => {
            let held = link.documents.get(&other).cloned();
            work.change_link(|link| {
                link.documents
                    .extend(held.map(|held| (attachment.id.clone(), held)));
            });
            return Ok(false);
        }
        DocumentChoice::Waits => {
            work.warn(of_the_attachment(
                Code::AttachmentWaiting,
                attachment,
                &choice.reason,
            ));
            return Ok(false);
        }
        DocumentChoice::Refused => {
            let error = of_the_attachment(Code::AttachmentRefused, attachment, &choice.reason);
            refuse(work, attachment, error);
            return Ok(false);
        }
    };
    let action = Action::AddDocument {
        attachment: document.attachment,
        title: document.title,
        file_name: document.file_name,
        size: document.size,
        sha256: document.sha256,
    };
    let token = Payload::File(attachment.token.clone());
    match work.perform(action, token).await {
        Ok(()) => Ok(true),
        Err(Interrupt::Failed(error)) if is_of_the_file(&error) => {
            refuse(work, attachment, error);
            Ok(false)
        }
        Err(interrupt) => Err(interrupt),
    }
}

/// The ticket is worth more than one of its files: a refused file is reported once and not tried again.
fn refuse(work: &mut Work<'_>, attachment: &Attachment, error: Error) {
    let refused = SentDocument::Refused(error.to_string());
    work.change_link(|link| {
        link.documents.insert(attachment.id.clone(), refused);
    });
    work.warn(error);
}

fn of_the_attachment(code: Code, attachment: &Attachment, reason: &str) -> Error {
    let Attachment { id, file_name, .. } = attachment;
    Error::new(code, format!("attachment '{id}' ('{file_name}'): {reason}"))
}

/// Whether it is the file itself that was refused, and not the moment, the keys or a right.
fn is_of_the_file(error: &Error) -> bool {
    matches!(
        error.code,
        Code::Rejected | Code::TooLarge | Code::NotFetched
    )
}
