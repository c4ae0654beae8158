//! Writes text of others so that a note shows it as it is.
//!
//! ConnectWise renders notes like Markdown (API.md section 6.5). What a case says comes from whoever caused it, an attacker
//! included, so nothing of it may become a heading, a link, an image or other markup. Bullets and numbered lines stay as
//! they are: as a list they mean the same.

/// Escapes everything that Markdown would take for markup, URLs among it. It works in one pass; [`to_text`] of Markdown
/// gives the text back.
///
/// [`to_text`]: super::markdown::to_text
pub(crate) fn literal(text: &str) -> String {
    let mut written = String::with_capacity(text.len().saturating_add(text.len() / 16));
    write_literal(text, &mut written);
    written
}

/// Writes text as [`literal`] makes it.
pub(crate) fn write_literal(text: &str, written: &mut String) {
    for (index, line) in text.split('\n').enumerate() {
        if index > 0 {
            written.push('\n');
        }
        let body = content(line);
        written.push_str(line.strip_suffix(body).unwrap_or_default());
        inline(body, begins_block(body), written);
    }
}

/// A line without its indent and the marks of list items, within which a heading may stand as well.
fn content(line: &str) -> &str {
    let mut rest = line.trim_start_matches([' ', '\t']);
    loop {
        let digits = rest.trim_start_matches(|sign: char| sign.is_ascii_digit());
        let numbered = digits.len() < rest.len();
        let after = match numbered {
            true => digits.strip_prefix(['.', ')']),
            false => rest.strip_prefix(['-', '+', '*']),
        };
        let inner = after.filter(|after| after.starts_with([' ', '\t']));
        match inner.map(|inner| inner.trim_start_matches([' ', '\t'])) {
            Some(inner) if !inner.is_empty() && !begins_block(rest) => rest = inner,
            _ => return rest,
        }
    }
}

/// Whether a line, without its indent, would begin something else than a paragraph or a list. Signs that are escaped
/// wherever they stand are not counted.
fn begins_block(body: &str) -> bool {
    let ruled = |c: char| matches!(c, '-' | '=' | '|' | ':' | '+' | '*' | '_' | ' ' | '\t');
    match body.chars().next() {
        Some('>' | '|') => true,
        // One alone makes a heading of the line before it.
        Some('-' | '=') if body.trim_end().len() == 1 => true,
        Some('#') => {
            let rest = body.trim_start_matches('#');
            body.len() - rest.len() <= 6 && rest.chars().next().is_none_or(char::is_whitespace)
        }
        Some('-' | '=' | ':' | '+' | '*' | '_') => {
            body.chars().all(ruled) && body.chars().filter(|c| !c.is_whitespace()).count() >= 2
        }
        _ => false,
    }
}

/// Writes a line, with a backslash before each sign that would be markup. What lies between these is written as a whole.
fn inline(body: &str, begins_block: bool, written: &mut String) {
    let mut rest = 0;
    if begins_block || may_hold_markup(body) {
        // Every sign that may be escaped is ASCII, and so the beginning of a character.
        for (at, sign) in body.bytes().enumerate() {
            if (begins_block && at == 0) || is_active(body, at, sign) {
                written.push_str(body.get(rest..at).unwrap_or_default());
                written.push('\\');
                rest = at;
            }
        }
    }
    written.push_str(body.get(rest..).unwrap_or_default());
}

/// Whether a line may hold a sign that is escaped; most hold none. Like [`is_printable`](super::is_printable) it looks at all.
fn may_hold_markup(body: &str) -> bool {
    let body = body.as_bytes();
    // The signs from [ to ` are those that count and two more.
    let found = body.iter().fold(false, |found, sign| {
        found | matches!(sign, b'['..=b'`' | b'~' | b'*' | b'<' | b'&')
    });
    // What every `://`, `mailto:` and `www.` holds.
    let next = body.get(1..).unwrap_or_default();
    body.iter().zip(next).fold(found, |found, (sign, next)| {
        found
            | ((*sign == b'/') & (*next == b'/'))
            | ((*sign | 0x20 == b'o') & (*next == b':'))
            | ((*sign | 0x20 == b'w') & (*next | 0x20 == b'w'))
    })
}

/// Whether the sign at a place would be markup.
fn is_active(body: &str, at: usize, sign: u8) -> bool {
    let rest = || body.get(at..).unwrap_or_default();
    let said = || body.get(..at).unwrap_or_default();
    let before = || said().chars().next_back();
    let after = || rest().chars().nth(1);
    let space = |side: Option<char>| side.is_some_and(char::is_whitespace);
    let letter = |side: Option<char>| side.is_some_and(char::is_alphanumeric);
    let apart = || before().is_none_or(char::is_whitespace) && space(after());
    match sign {
        b'\\' => after().is_none_or(|next| next.is_ascii_punctuation()),
        b'`' | b'[' | b'~' => true,
        b'*' => !apart(),
        b'_' => !(apart() || letter(before()) && letter(after())),
        b'<' => !space(after()),
        b'&' => may_be_entity(rest()),
        b':' => (rest().starts_with("://") && !space(before())) || ends_with_word(said(), "mailto"),
        b'.' => ends_with_word(said(), "www"),
        _ => false,
    }
}

/// Whether text ends with that word, whatever its case, and nothing that belongs to a word stands before it.
pub(super) fn ends_with_word(said: &str, word: &str) -> bool {
    let mut letters = said.chars().rev();
    let same = word.chars().rev().all(|wanted| {
        letters
            .next()
            .is_some_and(|letter| letter.eq_ignore_ascii_case(&wanted))
    });
    same && letters
        .next()
        .is_none_or(|before| !before.is_alphanumeric())
}

/// Whether text that begins with an ampersand may be a character reference, or the beginning of one that is cut off.
fn may_be_entity(rest: &str) -> bool {
    for sign in rest.chars().skip(1).take(33) {
        match sign {
            ';' => return true,
            '#' => {}
            sign if sign.is_ascii_alphanumeric() => {}
            _ => return false,
        }
    }
    rest.len() <= 33
}
