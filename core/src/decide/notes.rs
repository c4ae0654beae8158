use super::wording::{Wording, format};
use crate::{
    case::{Case, Comment, Visibility},
    config::{CommentMode, NoteKind, NoteTarget, TextFormat},
    decision::{Decision, LeftOut, LeftOutKind, PlannedNote},
    settings::Settings,
    template::Problem,
    text::{cut, length, lines},
};
use std::sync::Arc;

/// The labels of a comment's parts, as guide 000 section 9.3 shows them.
const LABELS: [&str; 6] = [
    "Comments",
    "People Contacted",
    "Investigation procedure",
    "Investigative actions taken",
    "Impact determined",
    "Recommendations",
];

/// The note that a comment becomes; `None` where it says nothing or becomes none.
pub(crate) fn note(settings: &Settings, comment: &Comment) -> Option<PlannedNote> {
    let Decision {
        value: kind,
        reason,
    } = note_kind(settings, comment);
    let kind = kind?;
    let mut wording = Wording::new(settings);
    let text = text(&mut wording, format(settings, comment), comment)?;
    let (text, cut_at) = within(settings, text);
    let mut reason = wording.reason(&reason);
    if let Some(limit) = cut_at {
        reason.push_str(&format!("; cut at {limit} characters"));
    }
    Some(PlannedNote {
        comment: comment.id.clone(),
        kind,
        text,
        reason,
    })
}

/// Which of a ticket's three kinds of note a comment becomes; nothing where it stays in the host.
pub(crate) fn note_kind(settings: &Settings, comment: &Comment) -> Decision<Option<Visibility>> {
    let config = settings.config();
    let comments = config.comments.as_ref();
    let by_visibility = comments.and_then(|comments| match comment.visibility {
        Visibility::Internal => comments.by_visibility.internal,
        Visibility::Discussion => comments.by_visibility.discussion,
        Visibility::Resolution => comments.by_visibility.resolution,
    });
    if let Some(target) = by_visibility {
        let kind = match target {
            NoteTarget::Internal => Some(Visibility::Internal),
            NoteTarget::Discussion => Some(Visibility::Discussion),
            NoteTarget::Resolution => Some(Visibility::Resolution),
            NoteTarget::None => None,
        };
        return Decision::new(kind, "comments.by_visibility says so");
    }
    let Some(mode) = comments.and_then(|comments| comments.mode) else {
        let kind = match config.ticket.notes {
            NoteKind::Internal => Visibility::Internal,
            NoteKind::Discussion => Visibility::Discussion,
            NoteKind::AsWritten => comment.visibility,
        };
        return Decision::new(Some(kind), "ticket.notes says so, or nothing else");
    };
    let kind = match (mode, comment.visibility) {
        (CommentMode::Internal, _) => Some(Visibility::Internal),
        (CommentMode::Discussion, _) => Some(Visibility::Discussion),
        (CommentMode::Resolution, _) => Some(Visibility::Resolution),
        (CommentMode::AsWritten, visibility) => Some(visibility),
        // What technicians keep among themselves is never shown to a customer.
        (CommentMode::DiscussionOnly, Visibility::Internal) | (CommentMode::None, _) => None,
        (CommentMode::DiscussionOnly, _) => Some(Visibility::Discussion),
    };
    Decision::new(kind, "comments.mode says so")
}

/// The case's comments as notes, in their order.
pub(super) fn notes(settings: &Settings, case: &Case) -> Vec<PlannedNote> {
    case.comments
        .iter()
        .filter_map(|comment| note(settings, comment))
        .collect()
}

/// The comments that stay in the host.
pub(super) fn left_out(settings: &Settings, case: &Case) -> Vec<LeftOut> {
    let stays = |comment: &Comment| {
        let decision = note_kind(settings, comment);
        decision.value.is_none().then(|| LeftOut {
            what: LeftOutKind::Comment,
            id: comment.id.clone(),
            reason: decision.reason,
        })
    };
    case.comments.iter().filter_map(stays).collect()
}

/// The Resolution note of a case whose end closes its ticket; `None` where the configuration asks for none, or it says
/// nothing. `id` stands in the place of a comment's.
///
/// # Errors
/// A template that fails for this case.
pub(crate) fn resolution(
    settings: &Settings,
    case: &Arc<Case>,
    id: &str,
) -> Result<Option<PlannedNote>, Problem> {
    let Some(template) = &settings.wording.resolution else {
        return Ok(None);
    };
    let mut wording = Wording::new(settings);
    let case = super::wording::presented(settings, case);
    let text = lines(&wording.template(template, &case)?);
    let (text, _) = within(settings, text);
    Ok((!text.is_empty()).then(|| PlannedNote {
        comment: id.to_owned(),
        kind: Visibility::Resolution,
        text,
        reason: wording.reason("comments.resolution"),
    }))
}

/// A note's text within the limit, and the limit where it was cut.
fn within(settings: &Settings, text: String) -> (String, Option<usize>) {
    match settings.wording.longest_note {
        Some(limit) if length(&text) > limit => (cut(&text, limit), Some(limit)),
        _ => (text, None),
    }
}

fn text(wording: &mut Wording<'_>, format: TextFormat, comment: &Comment) -> Option<String> {
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
            let part = lines(wording.note(&lines(part?), format));
            (!part.is_empty()).then(|| format!("{label}: {part}"))
        })
        .collect();
    (!said.is_empty()).then(|| said.join("\n"))
}
