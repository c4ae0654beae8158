//! How an instance really behaves where the sources contradict each other (API.md section 18), as its probe learned it.

use crate::time::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What a probe learned about an instance. Where nothing was learned, the reading that is safe on every server holds.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Quirks {
    /// When the instance was probed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub learned_at: Option<Timestamp>,
    /// The release that it ran, as the server words it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub release: Option<String>,
    /// Identifier of the API member, as ConnectWise wrote it on what was made.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub member: Option<String>,
    /// Whether conditions may say `in (...)`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub in_operator: Option<bool>,
    /// How times are written in conditions.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dates: Option<DateForm>,
    /// Whether notes keep their line breaks.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line_breaks: Option<LineBreaks>,
    /// What the lengths of texts count.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub length_unit: Option<LengthUnit>,
    /// How quotes and backslashes are written within a text of a condition.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub escaping: Option<Escaping>,
    /// Whether severity and impact choose the priority even where one is given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub matrix_wins: Option<bool>,
    /// What becomes of the custom fields that a PATCH leaves out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub left_out_custom_fields: Option<LeftOutCustomFields>,
    /// The conclusion of every question that was asked, by its id; those above among them.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub conclusions: BTreeMap<String, String>,
}

/// How a server wants times written in conditions (API.md section 18, row 5).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DateForm {
    /// `[2016-08-20T18:04:26Z]`
    Utc,
    /// `[2016-08-20T18:04:26]`
    Naive,
    /// `[2016-08-20]`, which every server is known to understand.
    #[default]
    DateOnly,
}

impl DateForm {
    /// Every form, the documented one first.
    pub(crate) const ALL: [Self; 3] = [Self::Utc, Self::Naive, Self::DateOnly];
}

/// What becomes of the line breaks of a note (API.md section 18, row 12).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LineBreaks {
    /// They are kept.
    #[default]
    Kept,
    /// Each becomes a space.
    Folded,
}

/// What a server counts where it limits the length of a text (API.md section 20, item 1).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LengthUnit {
    /// UTF-16 units, as SQL Server and .NET count.
    #[default]
    Utf16,
    /// Characters: Unicode scalar values.
    Characters,
    /// Bytes of UTF-8.
    Bytes,
}

impl LengthUnit {
    /// How much one character counts.
    pub(crate) fn of(self, character: char) -> usize {
        match self {
            Self::Utf16 => character.len_utf16(),
            Self::Characters => 1,
            Self::Bytes => character.len_utf8(),
        }
    }

    pub(crate) fn is_default(&self) -> bool {
        *self == Self::default()
    }
}

/// How quotes and backslashes are written within a text of a condition (API.md section 20, item 2). Only pairs of answers
/// that leave no text with two readings are one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Escaping {
    /// Each behind a backslash.
    Backslash,
    /// A quote twice, a backslash as it is.
    Doubled,
}

/// What becomes of the custom fields that a PATCH leaves out (API.md section 18, row 7).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LeftOutCustomFields {
    /// They lose their values, or the PATCH is refused.
    Lost,
    /// They keep their values.
    Kept,
}

impl Quirks {
    /// What lengths count: UTF-16 units where nothing is known, the stricter of the two usual readings.
    #[must_use]
    pub fn length_unit(&self) -> LengthUnit {
        self.length_unit.unwrap_or_default()
    }

    /// Whether a PATCH has to bear every custom field: so where nothing is known, which is right on every server.
    #[must_use]
    pub fn wants_all_custom_fields(&self) -> bool {
        self.left_out_custom_fields != Some(LeftOutCustomFields::Kept)
    }

    /// Whether conditions may say `in (...)`: tried where nothing is known, since a refusal is told apart from an answer.
    #[must_use]
    pub fn may_say_in(&self) -> bool {
        self.in_operator.unwrap_or(true)
    }

    /// How to write times: by date alone where nothing is known, since a server that does not understand more finds nothing
    /// and says nothing.
    #[must_use]
    pub fn date_form(&self) -> DateForm {
        self.dates.unwrap_or_default()
    }

    /// The text as a note shows it best: where line breaks are not kept, a sign that can be seen stands for each.
    #[must_use]
    pub fn note_text(&self, text: &str) -> String {
        match self.line_breaks.unwrap_or_default() {
            LineBreaks::Kept => text.to_owned(),
            LineBreaks::Folded => text
                .lines()
                .map(str::trim)
                .filter(|line| !line.is_empty())
                .collect::<Vec<_>>()
                .join(" | "),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_learned_is_the_safest_reading() {
        let quirks = Quirks::default();
        assert_eq!(quirks.date_form(), DateForm::DateOnly);
        assert!(quirks.may_say_in());
        assert_eq!(quirks.note_text("a\nb"), "a\nb");
        assert_eq!(serde_json::to_string(&quirks).unwrap(), "{}");
    }

    #[test]
    fn folded_line_breaks_can_still_be_seen() {
        let quirks = Quirks {
            line_breaks: Some(LineBreaks::Folded),
            ..Quirks::default()
        };
        assert_eq!(quirks.note_text("a\n\n  b\nc"), "a | b | c");
    }
}
