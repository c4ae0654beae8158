use super::*;

mod conversion;
mod redaction;

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

#[test]
fn a_cut_counts_what_the_instance_counts() {
    use crate::quirks::LengthUnit::{Bytes, Characters, Utf16};
    for (unit, limit, kept) in [
        (Utf16, 4, "😀…"),
        (Characters, 4, "😀😀😀…"),
        (Bytes, 11, "😀😀…"),
        (Bytes, 10, "😀…"),
        (Bytes, 20, "😀😀😀😀😀"),
        (Bytes, 2, ""),
    ] {
        assert_eq!(
            cut_by(unit, &"😀".repeat(5), limit),
            kept,
            "{unit:?} {limit}"
        );
    }
}
