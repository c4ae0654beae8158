use crate::{
    case::{Case, Comment, Visibility},
    config::NoteKind,
    decision::{PlannedDocument, PlannedNote},
    settings::Settings,
    text::{lines, single_line},
};

/// The labels of a comment's parts, as guide 000 section 9.3 shows them.
const LABELS: [&str; 6] = [
    "Comments",
    "People Contacted",
    "Investigation procedure",
    "Investigative actions taken",
    "Impact determined",
    "Recommendations",
];

/// The note that a comment becomes; `None` where it says nothing.
pub(crate) fn note(settings: &Settings, comment: &Comment) -> Option<PlannedNote> {
    let text = text(comment)?;
    Some(PlannedNote {
        comment: comment.id.clone(),
        kind: note_kind(settings, comment),
        text,
    })
}

/// Which of a ticket's three kinds of note a comment becomes.
pub(crate) fn note_kind(settings: &Settings, comment: &Comment) -> Visibility {
    match settings.config().ticket.notes {
        NoteKind::Internal => Visibility::Internal,
        NoteKind::Discussion => Visibility::Discussion,
        NoteKind::AsWritten => comment.visibility,
    }
}

/// The case's comments as notes, in their order.
pub(super) fn notes(settings: &Settings, case: &Case) -> Vec<PlannedNote> {
    case.comments
        .iter()
        .filter_map(|comment| note(settings, comment))
        .collect()
}

/// The case's attachments as documents, in their order.
pub(crate) fn documents(case: &Case) -> Vec<PlannedDocument> {
    case.attachments
        .iter()
        .map(|attachment| {
            let title = attachment.title.as_deref().map(single_line);
            PlannedDocument {
                attachment: attachment.id.clone(),
                title: title
                    .filter(|title| !title.is_empty())
                    .unwrap_or_else(|| single_line(&attachment.file_name)),
                file_name: attachment.file_name.clone(),
                size: attachment.size,
            }
        })
        .collect()
}

fn text(comment: &Comment) -> Option<String> {
    let parts = [
        Some(&comment.text),
        comment.people_contacted.as_ref(),
        comment.investigation_procedure.as_ref(),
        comment.actions_taken.as_ref(),
        comment.impact_determined.as_ref(),
        comment.recommendations.as_ref(),
    ];
    let said: Vec<String> = LABELS
        .iter()
        .zip(parts)
        .filter_map(|(label, part)| {
            let part = lines(part?);
            (!part.is_empty()).then(|| format!("{label}: {part}"))
        })
        .collect();
    (!said.is_empty()).then(|| said.join("\n"))
}
