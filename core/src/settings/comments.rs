use super::texts::marked_template;
use crate::{
    config::{CommentMode, Config, MarkdownUse, Markup, NoteKind, RedactionPattern, TextFormat},
    error::{Code, Fault},
    template::Template,
    text::redaction::{MaskPart, Pattern},
};
use std::collections::BTreeSet;

/// How a case's texts are worded in ConnectWise.
#[derive(Debug)]
pub(crate) struct TextRules {
    /// The form of comments and descriptions that name none.
    pub(crate) format: TextFormat,
    /// Whether a host's Markdown keeps its marks.
    pub(crate) keeps_markdown: bool,
    /// Whether signs of markup are escaped.
    pub(crate) escapes: bool,
    /// The most UTF-16 units of a note.
    pub(crate) longest_note: Option<usize>,
    pub(crate) patterns: Vec<Pattern>,
    pub(crate) resolution: Option<Template>,
}

/// The shortest limit of notes, in UTF-16 units.
const SHORTEST_LIMIT: u32 = 100;

/// The shortest and longest mask, in characters.
const MASK: std::ops::RangeInclusive<usize> = 4..=100;

/// The most masks; each costs time for every character of every text.
const MOST_MASKS: usize = 50;

pub(super) fn compile(config: &Config, faults: &mut Vec<Fault>) -> TextRules {
    let comments = config.comments.clone().unwrap_or_default();
    if comments.mode.is_some() && config.ticket.notes != NoteKind::default() {
        faults.push(Fault::new(
            Code::InvalidValue,
            "/comments/mode",
            "'ticket.notes' says too which kind of note comments become",
            "Remove one of the two",
        ));
    }
    if comments
        .max_length
        .is_some_and(|length| length < SHORTEST_LIMIT)
    {
        faults.push(Fault::new(
            Code::InvalidValue,
            "/comments/max_length",
            "no note can say anything in so few characters",
            format!("Set it to {SHORTEST_LIMIT} or more, or remove it"),
        ));
    }
    let resolution = comments
        .resolution
        .as_ref()
        .filter(|source| !source.trim().is_empty())
        .and_then(|source| marked_template(source, "/comments/resolution", faults));
    let strips = comments.markdown == MarkdownUse::Strip
        || comments.mode == Some(CommentMode::DiscussionOnly);
    TextRules {
        format: comments.format,
        keeps_markdown: !strips,
        escapes: comments.markup == Markup::Escape,
        longest_note: comments
            .max_length
            .and_then(|length| usize::try_from(length).ok()),
        patterns: patterns(config, faults),
        resolution,
    }
}

fn patterns(config: &Config, faults: &mut Vec<Fault>) -> Vec<Pattern> {
    let Some(redaction) = &config.redaction else {
        return Vec::new();
    };
    let named: BTreeSet<RedactionPattern> = redaction.patterns.iter().copied().collect();
    let named = named.into_iter().map(|pattern| match pattern {
        RedactionPattern::Email => Pattern::Email,
        RedactionPattern::Ipv4 => Pattern::Ipv4,
        RedactionPattern::Ipv6 => Pattern::Ipv6,
        RedactionPattern::CreditCard => Pattern::CreditCard,
        RedactionPattern::CloudKey => Pattern::CloudKey,
        RedactionPattern::BearerToken => Pattern::BearerToken,
        RedactionPattern::PrivateKey => Pattern::PrivateKey,
    });
    let mut patterns: Vec<Pattern> = named.collect();
    if redaction.custom.len() > MOST_MASKS {
        faults.push(Fault::new(
            Code::TooLong,
            "/redaction/custom",
            format!(
                "{} patterns are more than {MOST_MASKS}",
                redaction.custom.len()
            ),
            format!("Keep the {MOST_MASKS} that matter"),
        ));
    }
    for (index, custom) in redaction.custom.iter().enumerate() {
        let place = format!("/redaction/custom/{index}");
        let plain = |sign: char| sign.is_alphabetic() || matches!(sign, ' ' | '-');
        if custom.name.trim().is_empty()
            || custom.name.len() > 60
            || !custom.name.chars().all(plain)
        {
            faults.push(Fault::new(
                Code::InvalidValue,
                format!("{place}/name"),
                "the name cannot stand in a mark",
                "Write 1 to 60 letters, spaces and hyphens, such as employee number",
            ));
        }
        let mask = MaskPart::read(&custom.mask);
        let specific = mask
            .iter()
            .filter(|part| !matches!(part, MaskPart::Letter | MaskPart::Either));
        if !MASK.contains(&mask.len()) || specific.count() < 2 {
            faults.push(Fault::new(
                Code::InvalidValue,
                format!("{place}/mask"),
                "the mask would find almost anything, or is too long",
                "Write 4 to 100 characters, at least two of them digits (#) or signs of their own, such as EMP-######",
            ));
        }
        patterns.push(Pattern::Mask {
            name: custom.name.trim().to_owned(),
            mask,
        });
    }
    patterns
}
