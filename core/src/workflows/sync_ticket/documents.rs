use super::{
    super::work::{Interrupt, Work},
    Known,
    own::OwnWrites,
};
use crate::{
    delivery::{AttachmentContent, Event, IncomingAttachment},
    environment::Environment,
    error::{Code, Error, Result},
    runtime::Context,
    service::TicketId,
    system::documents::{self, Document},
};

/// Reads the list of a ticket's documents, which has no changed-since (API.md section 10); none where none come in.
pub(super) async fn read(
    cx: &Context,
    env: &Environment,
    ticket: TicketId,
) -> Result<Vec<Document>> {
    if !env.settings.config().inbound.documents.enabled {
        return Ok(Vec::new());
    }
    documents::list(cx, &env.api, ticket).await
}

/// Has new documents stored in the host one by one, and tells of each as soon as it is: after a crash only the one that was
/// under way is fetched again, to the same place.
pub(super) async fn tell(
    cx: &Context,
    env: &Environment,
    works: &mut [&mut Work<'_>],
    documents: &[Document],
    own: &OwnWrites,
    known: &Known,
) -> std::result::Result<(), Interrupt> {
    for document in documents {
        let is_new = |work: &Work<'_>| !work.ledger().documents.contains(&document.id);
        if own.documents.contains(&document.id) || !works.iter().any(|work| is_new(work)) {
            continue;
        }
        let content = content(cx, env, document).await?;
        for place in 0..works.len() {
            let Some(work) = works.get_mut(place).filter(|work| is_new(work)) else {
                continue;
            };
            work.change_ledger(|ledger| {
                ledger.documents.insert(document.id);
            });
            work.tell(Event::AttachmentAdded {
                attachment: attachment(document, content.clone()),
            });
            known.commit(works, place).await?;
        }
    }
    Ok(())
}

async fn content(
    cx: &Context,
    env: &Environment,
    document: &Document,
) -> Result<AttachmentContent> {
    if document.url_flag {
        return Ok(AttachmentContent::Link {
            url: document.file_name.clone(),
        });
    }
    let at_most = env.settings.config().inbound.documents.at_most;
    let too_large = || AttachmentContent::LeftOut {
        reason: format!("it is larger than the {at_most} bytes of inbound.documents.at_most"),
    };
    if document.size.is_some_and(|size| size > at_most) {
        return Ok(too_large());
    }
    let token = format!(
        "{}/document-{}",
        env.settings.config().instance,
        document.id
    );
    match documents::download(cx, &env.api, document, token.clone(), at_most).await {
        Ok(body) => Ok(AttachmentContent::Stored { token, body }),
        Err(error) if error.code == Code::AnswerTooLarge => Ok(too_large()),
        Err(error) if is_of_the_file(&error) => Ok(AttachmentContent::LeftOut {
            reason: error.to_string(),
        }),
        Err(error) => Err(error),
    }
}

/// Whether it is this file that cannot be had, and not the moment, the keys or a right.
fn is_of_the_file(error: &Error) -> bool {
    matches!(
        error.code,
        Code::NotFound | Code::Rejected | Code::NotStored
    )
}

fn attachment(document: &Document, content: AttachmentContent) -> IncomingAttachment {
    IncomingAttachment {
        id: attachment_id(document.id),
        title: document.title.clone(),
        file_name: document.file_name.clone(),
        author: document.owner.clone(),
        created_at: document.created_on_date,
        content,
    }
}

/// The id under which a host knows a document of ConnectWise.
pub(super) fn attachment_id(document: u32) -> String {
    format!("connectwise-document-{document}")
}
