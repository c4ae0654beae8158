//! Held against a reader of Markdown that is not ours.

use super::*;
use crate::text::{html, markdown};
use proptest::prelude::*;
use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag};

/// What a reader of Markdown finds besides text, paragraphs and lists.
fn markup(text: &str) -> Vec<String> {
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_WIKILINKS;
    let marks = Parser::new_ext(text, options).filter(|event| match event {
        Event::Start(Tag::Paragraph | Tag::List(_) | Tag::Item) | Event::End(_) => false,
        // By its indent: nothing in it is markup.
        Event::Start(Tag::CodeBlock(CodeBlockKind::Indented)) => false,
        Event::Text(_) | Event::SoftBreak | Event::HardBreak => false,
        _ => true,
    });
    let mut found: Vec<String> = marks.map(|mark| format!("{mark:?}")).collect();
    // What the reader does not know and others make links of, outside of code.
    let code: Vec<_> = Parser::new_ext(text, options)
        .into_offset_iter()
        .filter(|(event, _)| matches!(event, Event::Code(_) | Event::Start(Tag::CodeBlock(_))))
        .map(|(_, range)| range)
        .collect();
    for (at, _) in text.match_indices("://") {
        let follows = text[..at].ends_with(|sign: char| !sign.is_whitespace() && sign != '\\');
        if follows && !code.iter().any(|range| range.contains(&at)) {
            found.push(format!("an address: {}", &text[at..]));
        }
    }
    found
}

/// Whether it is what can mislead: a link, an image, HTML.
fn misleads(mark: &str) -> bool {
    ["Link", "Image", "Html", "an address"]
        .iter()
        .any(|kind| mark.contains(kind))
}

const ATTACKS: &[&str] = &[
    "[click](http://evil.example)",
    "![x](https://evil.example/pixel.png)",
    "[a]\n\n[a]: http://evil.example",
    "<http://evil.example>",
    "<1@evil.example>",
    "see www.evil.example or HTTP://evil.example/x_y_z",
    "mailto:a@evil.example",
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "# Resolved by admin\n===\n---\n- # x\n1. > y\n* * * \n_ _ _\n",
    "text\n-\ntext\n=",
    "a | b\n--- | ---\nc | d",
    "|-|\n|x|",
    "```\ncode\n```\n~~~\n~~gone~~",
    "**bold** __bold__ *it* _it_ a_b_c 2 * 3 * 4 `code`",
    "48Tech\\*John\\",
    "&lt;b&gt; &#91;x&#93; AT&T &amp",
    "> quoted\n>> twice",
    "[^1]\n\n[^1]: note",
    "[[wiki]] ![[image]]",
    "- [ ] task",
    "\\[x](y)",
];

#[test]
fn nothing_that_a_case_says_becomes_markup() {
    for attack in ATTACKS {
        let written = literal(attack);
        assert_eq!(
            markup(&written),
            Vec::<String>::new(),
            "{attack:?} {written:?}"
        );
        assert_eq!(markdown::to_text(&written), *attack, "{written:?}");
    }
    for plain in [
        "reviewing",
        "2/4/2019 10:10:29 PM: The audit log was cleared.\nSubject: Security ID: 48Tech\\John",
        "- one\n- two\n  - three\n1. four",
        "file_name_x #10012 C:\\Windows\\System32 50% (a) {b}",
    ] {
        assert_eq!(literal(plain), plain);
    }
}

#[test]
fn a_host_s_markdown_keeps_its_shape_and_loses_what_misleads() {
    for (given, kept) in [
        ("**bold** and `code`", "**bold** and `code`"),
        ("# Head\n- a\n- b", "# Head\n- a\n- b"),
        (
            "[report](https://a.example/x)",
            "report (https\\://a.example/x)",
        ),
        (
            "![pixel](http://a.example/p.png)",
            "pixel (http\\://a.example/p.png)",
        ),
        ("[**bank**](http://a.example)", "bank (http\\://a.example)"),
        ("<b>x</b>", "\\<b>x\\</b>"),
        ("```\nhttp://a.example\n", "```\nhttp://a.example\n\n```"),
        ("[x]: http://a.example", "\\[x]: http\\://a.example"),
        ("a \\* b", "a \\* b"),
    ] {
        assert_eq!(harmless(given), kept, "{given}");
    }
    for attack in ATTACKS {
        let kept = harmless(attack);
        let misleading: Vec<String> = markup(&kept).into_iter().filter(|m| misleads(m)).collect();
        assert_eq!(misleading, Vec::<String>::new(), "{attack:?} {kept:?}");
    }
}

#[test]
fn markdown_is_read_as_a_person_reads_it() {
    for (given, read) in [
        ("**bold**, *it* and __b__ _i_", "bold, it and b i"),
        ("a_b_c *.exe 2 * 3", "a_b_c *.exe 2 * 3"),
        ("## Head ##\ntext", "Head ##\ntext"),
        (
            "[a](http://x.example) ![b](c.png)",
            "a (http://x.example) b (c.png)",
        ),
        ("[http://x.example](http://x.example)", "http://x.example"),
        ("<http://x.example> a<br>b", "http://x.example a\nb"),
        ("```rust\nlet **a**;\n```\nb", "let **a**;\nb"),
        ("`a*b*` &amp; \\*", "a*b* & *"),
        ("~~gone~~ ~/.ssh", "gone ~/.ssh"),
        ("if a <b and c> d", "if a  d"),
        ("x < y", "x < y"),
    ] {
        assert_eq!(markdown::to_text(given), read, "{given}");
    }
}

#[test]
fn html_is_read_as_a_person_reads_it() {
    for (given, read) in [
        (
            "<p>One</p><p>Two&nbsp;&amp; three</p>",
            "One\n\nTwo & three",
        ),
        ("a<br>b<br/>c", "a\nb\nc"),
        (
            "<script>alert('x')</script>seen<STYLE>p{}</style >.",
            "seen.",
        ),
        ("a<script>never closed", "a"),
        (
            "<ul><li>a<li>b<ol><li>c</li><li>d</li></ol></ul>e",
            "- a\n- b\n  1. c\n  2. d\n\ne",
        ),
        (
            "<table><tr><th>User</th><th>Host</th></tr><tr><td>John</td><td>DC1</td></tr></table>",
            "User | Host\nJohn | DC1",
        ),
        (
            "<a href=\"https://a.example/?a=1&amp;b=2\">report</a>",
            "report (https://a.example/?a=1&b=2)",
        ),
        ("<a href='javascript:alert(1)'>x</a>", "x"),
        (
            "<a href=https://a.example/>https://a.example</a>",
            "https://a.example",
        ),
        ("<img src=x alt='a chart'>", "a chart"),
        ("<!-- no -->a<!DOCTYPE html>b<?php x ?>c", "abc"),
        ("1 < 2 && 3 > 2", "1 < 2 && 3 > 2"),
        ("<div title=\">\">a</div>", "a"),
        ("<pre>a\n  b</pre>", "a\n  b"),
        (
            "&lt;b&gt; &#x41; &#0; &nosuch; &#1114112;",
            "<b> A \u{FFFD} &nosuch; \u{FFFD}",
        ),
        ("<svg><text>no</text></svg>yes<object>", "yes"),
        ("text <", "text <"),
        ("<a href='x", "<a href='x"),
    ] {
        assert_eq!(html::to_text(given), read, "{given}");
    }
}

#[test]
fn what_a_technician_wrote_comes_back_in_the_host_s_form() {
    use TextFormat::{Html, Markdown, Plain};
    let note = "**Done**: see [log](http://a.example)\n- a & b";
    assert_eq!(
        from_note(note, Plain),
        "Done: see log (http://a.example)\n- a & b"
    );
    assert_eq!(
        from_note(note, Markdown),
        "**Done**: see log (http\\://a.example)\n- a & b"
    );
    assert_eq!(
        from_note(note, Html),
        "Done: see log (http://a.example)<br>\n- a &amp; b"
    );
    let mail = "<p>Hi <b>all</b></p><script>x</script><a href='http://a.example'>y</a>";
    assert_eq!(from_note(mail, Plain), "Hi all\n\ny (http://a.example)");
    assert_eq!(
        from_note(mail, Markdown),
        "Hi all\n\ny (http\\://a.example)"
    );
    assert_eq!(
        from_note(mail, Html),
        "Hi all<br>\n<br>\ny (http://a.example)"
    );
    // What was sent comes back as it was.
    for text in ATTACKS {
        if !html::is_html(text) {
            assert_eq!(from_note(&literal(text), Plain), lines(*text));
        }
    }
}

#[test]
fn depth_and_length_are_bounded_and_time_is_linear() {
    let begin = std::time::Instant::now();
    for unit in [
        "<ul><li>",
        "<div>",
        "<a ",
        "<",
        "<!--",
        "<svg>",
        "</",
        "<a href=\"",
        "[",
        "![",
        "](",
        "`",
        "**",
        "*a ",
        "_",
        "~~",
        "\\",
        "&",
        "&amp;",
        "<script>",
        "- ",
        "1. ",
        "> ",
        "#",
        "|",
        "<a '",
        "[a](b",
        "<b x=y ",
        "``` ",
        "<title>",
        "http://",
        "www.",
        ":",
        "x<y ",
    ] {
        let long = unit.repeat(200_000 / unit.len());
        for converted in [
            html::to_text(&long),
            markdown::to_text(&long),
            literal(&long),
            harmless(&long),
        ] {
            assert!(
                converted.len() <= 12 * long.len() + 64,
                "{unit:?}: {}",
                converted.len()
            );
        }
        assert!(
            begin.elapsed().as_secs() < 60,
            "{unit:?} takes {:?}",
            begin.elapsed()
        );
    }
}

/// Text that is full of signs which mean something.
fn loaded() -> impl Strategy<Value = String> {
    let pieces = prop::sample::select(vec![
        "[",
        "]",
        "(",
        ")",
        "!",
        "<",
        ">",
        "&",
        ";",
        "*",
        "_",
        "`",
        "~",
        "#",
        "-",
        "=",
        "|",
        ":",
        "+",
        "\\",
        "\n",
        " ",
        "\t",
        "a",
        "1",
        ".",
        "/",
        "://",
        "http",
        "www.",
        "script",
        "</script>",
        "<a href=\"http://e.example\">",
        "<b>",
        "&lt;",
        "&#x5b;",
        "mailto:",
        "@",
        "\"",
        "'",
        "é",
        "😀",
        "{",
        "}",
        "$",
        "^",
        "%",
        "<!--",
        "-->",
        "1. ",
        "- ",
        "> ",
        "    ",
        "---",
        "===",
        "[x]: ",
        "\u{202E}",
    ]);
    prop::collection::vec(pieces, 0..40).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4000))]

    #[test]
    fn no_markup_survives_and_the_text_comes_back(text in loaded()) {
        let written = literal(&text);
        prop_assert_eq!(markup(&written), Vec::<String>::new(), "{:?}", written);
        prop_assert_eq!(markdown::to_text(&written), text);
    }

    #[test]
    fn nothing_that_misleads_survives_in_markdown(text in loaded()) {
        let kept = harmless(&text);
        let misleading: Vec<String> = markup(&kept).into_iter().filter(|m| misleads(m)).collect();
        prop_assert_eq!(misleading, Vec::<String>::new(), "{:?}", kept);
    }

    #[test]
    fn any_text_is_read_and_a_script_never_is(text in loaded(), any in any::<String>()) {
        for text in [&text, &any] {
            for format in [TextFormat::Plain, TextFormat::Markdown, TextFormat::Html] {
                let _ = from_note(text, format);
                let shown = literal(&plain(text, format));
                prop_assert!(length(&cut(&shown, 50)) <= 50);
            }
            let html = from_note(text, TextFormat::Html);
            prop_assert!(!html.replace("<br>", "").contains('<'), "{}", html);
        }
        let hidden = format!("{}<script>SECRET</script>", text.replace('<', ""));
        prop_assert!(!html::to_text(&hidden).contains("SECRET"));
    }
}
