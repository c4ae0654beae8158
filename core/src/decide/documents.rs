use super::notes::note_kind;
use crate::{
    case::{Attachment, Case},
    config::Attachments,
    decision::{Decision, LeftOut, LeftOutKind, PlannedDocument},
    settings::{Settings, attachments::same_extension},
    store::records::Upload,
    text::single_line,
};
use std::collections::BTreeMap;

/// What becomes of an attachment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum DocumentChoice {
    /// It is uploaded.
    Add(PlannedDocument),
    /// The ticket holds its bytes already, as the document of the attachment with this id.
    Held(String),
    /// It is kept until a comment goes with it.
    Waits,
    /// It is not taken.
    Refused,
}

/// What becomes of an attachment of a case whose ticket holds `uploads`, by attachment id. All of a ticket's documents
/// together keep the limit, however they came there one by one.
pub(crate) fn document(
    settings: &Settings,
    case: &Case,
    attachment: &Attachment,
    uploads: &BTreeMap<String, Upload>,
) -> Decision<DocumentChoice> {
    let sha256 = attachment
        .sha256
        .as_ref()
        .map(|digits| digits.to_ascii_lowercase());
    let held = uploads
        .iter()
        .find(|(_, upload)| upload.sha256.is_some() && upload.sha256 == sha256);
    if let Some((other, _)) = held {
        let reason = format!("the ticket holds the same file as attachment '{other}'");
        return Decision::new(DocumentChoice::Held(other.clone()), reason);
    }
    if let Some(rules) = &settings.config().attachments {
        if let Some(reason) = refusal(rules, attachment, uploads) {
            return Decision::new(DocumentChoice::Refused, reason);
        }
        if rules.with_comment && !has_comment(settings, case, attachment) {
            let reason =
                "attachments.with_comment: it waits for a comment that is sent with it or after it";
            return Decision::new(DocumentChoice::Waits, reason);
        }
    }
    let title = attachment.title.as_deref().map(single_line);
    let planned = PlannedDocument {
        attachment: attachment.id.clone(),
        title: title
            .filter(|title| !title.is_empty())
            .unwrap_or_else(|| single_line(&attachment.file_name)),
        file_name: attachment.file_name.clone(),
        size: attachment.size,
        sha256,
    };
    Decision::new(DocumentChoice::Add(planned), "it is within all limits")
}

/// The case's attachments as documents of a new ticket, in their order, and those that are none.
pub(super) fn documents<'a>(
    settings: &Settings,
    case: &'a Case,
    attachments: impl Iterator<Item = &'a Attachment>,
) -> (Vec<PlannedDocument>, Vec<LeftOut>) {
    let mut uploads = BTreeMap::new();
    let (mut planned, mut left_out) = (Vec::new(), Vec::new());
    for attachment in attachments {
        let Decision { value, reason } = document(settings, case, attachment, &uploads);
        let what = match value {
            DocumentChoice::Add(document) => {
                let upload = Upload {
                    size: document.size,
                    sha256: document.sha256.clone(),
                };
                uploads.insert(document.attachment.clone(), upload);
                planned.push(document);
                continue;
            }
            DocumentChoice::Waits => LeftOutKind::WaitingAttachment,
            DocumentChoice::Held(_) | DocumentChoice::Refused => LeftOutKind::Attachment,
        };
        left_out.push(LeftOut {
            what,
            id: attachment.id.clone(),
            reason,
        });
    }
    (planned, left_out)
}

fn refusal(
    rules: &Attachments,
    attachment: &Attachment,
    uploads: &BTreeMap<String, Upload>,
) -> Option<String> {
    let name = &attachment.file_name;
    let denied = name.split('.').skip(1).find(|extension| {
        let mut denied = rules.denied.iter();
        denied.any(|denied| same_extension(denied, extension))
    });
    if let Some(extension) = denied {
        return Some(format!("files of type '{}' are denied", extension.trim()));
    }
    let last = name.rsplit_once('.').map_or("", |(_, last)| last);
    let mut allowed = rules.allowed.iter();
    if !rules.allowed.is_empty() && !allowed.any(|allowed| same_extension(allowed, last)) {
        return Some(format!(
            "files of type '{last}' are not among those allowed"
        ));
    }
    let size = attachment.size;
    let most = rules.file_bytes.unwrap_or(rules.total_bytes);
    if size > most {
        return Some(format!("its {size} bytes are more than {most}"));
    }
    let held = uploads
        .values()
        .fold(0_u64, |total, upload| total.saturating_add(upload.size));
    if held.saturating_add(size) > rules.total_bytes {
        return Some(format!(
            "its {size} bytes and the {held} that the ticket holds are more than {} together",
            rules.total_bytes
        ));
    }
    None
}

/// Whether a comment that is sent goes with an attachment: the one that it names, or else one that is no older.
fn has_comment(settings: &Settings, case: &Case, attachment: &Attachment) -> bool {
    case.comments.iter().any(|comment| {
        let goes = match &attachment.comment {
            Some(id) => comment.id == *id,
            None => attachment
                .created_at
                .is_none_or(|added| comment.created_at >= added),
        };
        goes && note_kind(settings, comment).value.is_some()
    })
}
