//! Text as ConnectWise's fields take it: one line or several, within a limit.

/// Folds text into one line: line ends, tabs and other control characters become spaces, runs of spaces one, and both ends
/// are trimmed. ConnectWise does the same to single-line fields, so that what is sent is what comes back (API.md section 6.5).
pub(crate) fn single_line(text: &str) -> String {
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
pub(crate) fn lines(text: &str) -> String {
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
    clean.trim_matches(['\n', ' ', '\t']).to_owned()
}

/// Cuts text at `limit` and ends it with an ellipsis where something was cut off.
///
/// The limit counts UTF-16 units, the stricter of the two readings of ConnectWise's limits (API.md section 7); a character is
/// never split.
pub(crate) fn cut(text: &str, limit: usize) -> String {
    if length(text) <= limit {
        return text.to_owned();
    }
    let mut room = limit.saturating_sub(1);
    let kept: String = text
        .chars()
        .take_while(|c| match room.checked_sub(c.len_utf16()) {
            Some(left) => {
                room = left;
                true
            }
            None => false,
        })
        .collect();
    let mut kept = kept.trim_end().to_owned();
    if limit > 0 {
        kept.push('…');
    }
    kept
}

/// Length in UTF-16 units.
pub(crate) fn length(text: &str) -> usize {
    if text.is_ascii() {
        text.len()
    } else {
        text.chars().map(char::len_utf16).sum()
    }
}

/// Marks that reorder or hide text: zero-width spaces, direction overrides, the byte order mark.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200B}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn single_lines_hold_no_control_characters() {
        for (text, line) in [
            ("Windows: Audit log cleared", "Windows: Audit log cleared"),
            ("  a\r\n\tb\u{8}\u{c}c  ", "a b c"),
            ("a\u{2028}b\u{85}c", "a b c"),
            ("\u{202E}txt.exe\u{200B}", "txt.exe"),
            ("\0\n\t ", ""),
            ("👩‍💻 at work", "👩‍💻 at work"),
        ] {
            assert_eq!(single_line(text), line, "{text:?}");
        }
    }

    #[test]
    fn notes_keep_their_lines() {
        assert_eq!(
            lines("a\r\nb\rc\n\n\td\0\u{1b}[31me"),
            "a\nb\nc\n\n\td[31me"
        );
        assert_eq!(lines("\n\r\n  x \n"), "x");
        assert_eq!(lines("\u{7}"), "");
    }

    #[test]
    fn a_cut_never_splits_a_character_and_never_passes_the_limit() {
        let texts = [
            "",
            "a",
            "short",
            "ünïcödé text",
            "😀😀😀😀",
            "a😀b😀c",
            "日本語のテキスト",
            "e\u{301}e\u{301}",
        ];
        for text in texts {
            for limit in 0..12 {
                let kept = cut(text, limit);
                assert!(length(&kept) <= limit, "{text} at {limit}: {kept}");
                assert_eq!(kept == text, length(text) <= limit, "{text} at {limit}");
                if kept != text && limit > 0 {
                    let body = kept.strip_suffix('…').unwrap();
                    assert!(text.starts_with(body));
                }
            }
        }
    }

    #[test]
    fn emoji_count_as_the_two_units_that_they_are() {
        assert_eq!(length("😀"), 2);
        assert_eq!(cut("😀😀😀", 5), "😀😀…");
        assert_eq!(cut("😀😀😀", 4), "😀…");
        assert_eq!(cut("😀😀😀", 6), "😀😀😀");
    }
}
