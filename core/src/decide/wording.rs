use crate::{
    case::{Case, Comment},
    config::TextFormat,
    settings::{Settings, TextRules},
    template::{Problem, Template, Written},
    text::{
        harmless, literal, plain,
        redaction::{Redacted, redact},
        write_literal,
    },
};
use std::{borrow::Cow, collections::BTreeMap, sync::Arc};

/// Brings texts of a case into the form in which ConnectWise shows them, and counts what was taken out of them.
pub(super) struct Wording<'a> {
    rules: &'a TextRules,
    counts: BTreeMap<String, usize>,
}

impl<'a> Wording<'a> {
    pub(super) fn new(settings: &'a Settings) -> Self {
        Self {
            rules: &settings.wording,
            counts: BTreeMap::new(),
        }
    }

    /// A text for a note: without its form, without what is not to be shown, and without anything that would become markup.
    pub(super) fn note(&mut self, text: &str, format: TextFormat) -> String {
        if format == TextFormat::Markdown && self.rules.keeps_markdown {
            let text = self.redacted(text);
            return match self.rules.escapes {
                true => harmless(&text),
                false => text.into_owned(),
            };
        }
        let text = self.redacted(plain(text, format));
        match self.rules.escapes {
            true => literal(&text),
            false => text.into_owned(),
        }
    }

    /// A text without what is not to be shown.
    pub(super) fn redacted<'t>(&mut self, text: impl Into<Cow<'t, str>>) -> Cow<'t, str> {
        let text = text.into();
        if self.rules.patterns.is_empty() {
            return text;
        }
        let Redacted { text, counts } = redact(&text, &self.rules.patterns);
        for (name, count) in counts {
            *self.counts.entry(name).or_default() += count;
        }
        Cow::Owned(text)
    }

    /// What a template of a note makes. Its own words may be markup; what it prints of the case may not.
    ///
    /// # Errors
    /// As for [`Template::render`].
    pub(super) fn template(
        &mut self,
        template: &Template,
        case: &Arc<Case>,
    ) -> Result<String, Problem> {
        let mut text = String::new();
        template.write(case, &mut |part| match part {
            Written::Said(said) => text.push_str(said),
            Written::Printed(printed) => {
                let printed = self.redacted(printed);
                match self.rules.escapes {
                    true => write_literal(&printed, &mut text),
                    false => text.push_str(&printed),
                }
            }
        })?;
        // What stands in two values, side by side.
        Ok(self.redacted(text).into_owned())
    }

    /// A reason with what was taken out.
    pub(super) fn reason(&self, reason: &str) -> String {
        match Redacted::said(&self.counts) {
            Some(said) if reason.is_empty() => said,
            Some(said) => format!("{reason}; {said}"),
            None => reason.to_owned(),
        }
    }
}

/// The form of a comment's texts.
pub(super) fn format(settings: &Settings, comment: &Comment) -> TextFormat {
    comment.format.unwrap_or(settings.wording.format)
}

/// The case as templates see it: its description and comments as plain text.
pub(super) fn presented(settings: &Settings, case: &Arc<Case>) -> Arc<Case> {
    let is_plain = settings.wording.format == TextFormat::Plain;
    let all_plain = |comment: &Comment| format(settings, comment) == TextFormat::Plain;
    if is_plain && case.comments.iter().all(all_plain) {
        return Arc::clone(case);
    }
    let mut shown = Case::clone(case);
    shown.description = plain(&case.description, settings.wording.format).into_owned();
    for comment in &mut shown.comments {
        let form = format(settings, comment);
        comment.text = plain(&comment.text, form).into_owned();
        for part in [
            &mut comment.people_contacted,
            &mut comment.investigation_procedure,
            &mut comment.actions_taken,
            &mut comment.impact_determined,
            &mut comment.recommendations,
        ]
        .into_iter()
        .flatten()
        {
            *part = plain(part, form).into_owned();
        }
    }
    Arc::new(shown)
}
