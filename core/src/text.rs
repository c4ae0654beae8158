//! Text as ConnectWise's fields take it: one line or several, within a limit.

use crate::{config::TextFormat, quirks::LengthUnit};
use std::borrow::Cow;

mod entities;
mod html;
mod literal;
mod markdown;
pub(crate) mod redaction;
#[cfg(test)]
mod tests;

pub(crate) use literal::{literal, write_literal};
pub(crate) use markdown::harmless;

/// A host's text without its form: what a person reads.
pub(crate) fn plain(text: &str, format: TextFormat) -> Cow<'_, str> {
    match format {
        TextFormat::Plain => Cow::Borrowed(text),
        TextFormat::Markdown => Cow::Owned(markdown::to_text(text)),
        TextFormat::Html => Cow::Owned(html::to_text(text)),
    }
}

/// What a note of ConnectWise says, in the form that a host wants (row S4, inbound). Notes hold text that ConnectWise shows
/// like Markdown, or HTML from its editor and from mail; neither can put a link, an image or a script into the host's page.
pub(crate) fn from_note(note: &str, format: TextFormat) -> String {
    let is_html = html::is_html(note);
    let read = || match is_html {
        true => html::to_text(note),
        false => lines(markdown::to_text(note)),
    };
    match format {
        TextFormat::Plain => read(),
        TextFormat::Markdown if is_html => literal(&html::to_text(note)),
        TextFormat::Markdown => lines(harmless(note)),
        TextFormat::Html => html::from_text(&read()),
    }
}

/// Folds text into one line: line ends, tabs and other control characters become spaces, runs of spaces one, and both ends
/// are trimmed. ConnectWise does the same to single-line fields, so that what is sent is what comes back (API.md section 6.5).
pub(crate) fn single_line(text: &str) -> String {
    if is_printable(text) && !text.contains("  ") {
        return text.trim_matches(' ').to_owned();
    }
    let mut line = String::with_capacity(text.len());
    for word in text
        .split(|c: char| c.is_whitespace() || c.is_control() || is_invisible(c))
        .filter(|word| !word.is_empty())
    {
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    line
}

/// Cleans text of several lines: line ends become `\n`, control characters other than line end and tab are dropped, and
/// blank lines at both ends are cut.
pub(crate) fn lines<'t>(text: impl Into<Cow<'t, str>>) -> String {
    let text = text.into();
    let ends = ['\n', ' ', '\t'];
    if is_printable_or(&text, b"\n\t") {
        return match text.trim_matches(ends) {
            inner if inner.len() == text.len() => text.into_owned(),
            inner => inner.to_owned(),
        };
    }
    let mut clean = String::with_capacity(text.len());
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        match c {
            '\r' => {
                rest.next_if_eq(&'\n');
                clean.push('\n');
            }
            '\n' | '\t' => clean.push(c),
            c if c.is_control() || is_invisible(c) => {}
            c => clean.push(c),
        }
    }
    clean.trim_matches(ends).to_owned()
}

/// Cuts text at `limit` and ends it with an ellipsis where something was cut off.
///
/// The limit counts UTF-16 units, the stricter of the two usual readings of ConnectWise's limits (API.md section 7); a
/// character is never split.
pub(crate) fn cut(text: &str, limit: usize) -> String {
    cut_by(LengthUnit::Utf16, text, limit)
}

/// Cuts text as [`cut`] does, by another unit.
pub(crate) fn cut_by(unit: LengthUnit, text: &str, limit: usize) -> String {
    const END: char = '…';
    if length_by(unit, text) <= limit {
        return text.to_owned();
    }
    let ends = unit.of(END) <= limit;
    let mut room = limit - if ends { unit.of(END) } else { 0 };
    let kept: String = text
        .chars()
        .take_while(|c| match room.checked_sub(unit.of(*c)) {
            Some(left) => {
                room = left;
                true
            }
            None => false,
        })
        .collect();
    let mut kept = kept.trim_end().to_owned();
    if ends {
        kept.push(END);
    }
    kept
}

/// Length in UTF-16 units.
pub(crate) fn length(text: &str) -> usize {
    length_by(LengthUnit::Utf16, text)
}

/// Length in a unit.
pub(crate) fn length_by(unit: LengthUnit, text: &str) -> usize {
    if text.is_ascii() {
        text.len()
    } else {
        text.chars().map(|c| unit.of(c)).sum()
    }
}

/// Whether a text is made of printable ASCII, as most are: then there is nothing in it to be cleaned.
pub(crate) fn is_printable(text: &str) -> bool {
    is_printable_or(text, b"")
}

/// Whether a text is made of printable ASCII and of these signs. All of it is looked at, which takes the processor less
/// time than to stop at the first other sign.
pub(crate) fn is_printable_or<const N: usize>(text: &str, others: &[u8; N]) -> bool {
    let is_other = |sign: u8| others.iter().fold(false, |is, other| is | (sign == *other));
    text.bytes().fold(true, |printable, sign| {
        printable & (matches!(sign, b' '..=b'~') | is_other(sign))
    })
}

/// Marks that reorder or hide text: zero-width spaces, direction overrides, the byte order mark.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200B}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}')
}
