//! Markdown as plain text, and Markdown without what others could misuse.

use super::{
    entities,
    html::Tag,
    literal::{ends_with_word, literal},
};

/// The longest link, code span or autolink that is taken for one, in bytes: so that no text makes every bracket a long
/// search.
const LONGEST_SPAN: usize = 2048;

/// The longest text of a link, in bytes.
const LONGEST_LABEL: usize = 512;

/// The most openers of emphasis that wait for their ends.
const MOST_OPEN: usize = 32;

/// Makes plain text of Markdown: marks are taken off, the address of a link stands behind its text, HTML tags and character
/// references are read. Text that [`literal`] wrote comes back as it was.
pub(crate) fn to_text(markdown: &str) -> String {
    let mut text = String::with_capacity(markdown.len());
    let mut fence: Option<(char, usize)> = None;
    let mut first = true;
    for line in markdown.split('\n') {
        if let Some(mark) = fence_mark(line)
            && fence.is_none_or(|open| open.0 == mark.0 && mark.1 >= open.1)
        {
            fence = match fence {
                None => Some(mark),
                Some(_) => None,
            };
            continue;
        }
        if !std::mem::take(&mut first) {
            text.push('\n');
        }
        if fence.is_some() {
            text.push_str(line);
        } else {
            plain_line(line, &mut text);
        }
    }
    text
}

/// Keeps emphasis, headings, lists and code of a host's Markdown, and takes links, images and HTML apart, so that no note
/// shows an address under another's name: `[text](address)` becomes `text (address)`, and no address can be clicked. An open
/// code block is closed.
pub(crate) fn harmless(markdown: &str) -> String {
    let mut written = String::with_capacity(markdown.len());
    let mut fence: Option<(char, usize)> = None;
    for (index, line) in markdown.split('\n').enumerate() {
        if index > 0 {
            written.push('\n');
        }
        if let Some(mark) = fence_mark(line)
            && fence.is_none_or(|open| open.0 == mark.0 && mark.1 >= open.1)
        {
            fence = match fence {
                None => Some(mark),
                Some(_) => None,
            };
            let bare = line.trim();
            written.push_str(if fence.is_some() {
                bare.trim_end_matches(|sign: char| sign != mark.0)
            } else {
                bare
            });
        } else if fence.is_some() {
            written.push_str(line);
        } else {
            harmless_line(line, &mut written);
        }
    }
    if let Some((sign, length)) = fence {
        written.push('\n');
        written.extend(std::iter::repeat_n(sign, length));
    }
    written
}

/// The sign and length of a line that opens or closes a code block.
fn fence_mark(line: &str) -> Option<(char, usize)> {
    let body = line.trim();
    let sign = body
        .chars()
        .next()
        .filter(|sign| matches!(sign, '`' | '~'))?;
    let rest = body.trim_start_matches(sign);
    let length = body.len() - rest.len();
    ((3..=64).contains(&length) && !rest.contains(sign)).then_some((sign, length))
}

fn harmless_line(line: &str, written: &mut String) {
    let mut rest = line;
    while let Some(sign) = rest.chars().next() {
        let said = || {
            let at = line.len().saturating_sub(rest.len());
            line.get(..at).unwrap_or_default()
        };
        let after = rest.get(sign.len_utf8()..).unwrap_or_default();
        let next = after.chars().next();
        match sign {
            '\\' if next.is_some_and(|next| next.is_ascii_punctuation()) => {
                written.push(sign);
                written.extend(next);
                rest = after.get(1..).unwrap_or_default();
                continue;
            }
            '`' => {
                if let Some(span) = code_span(rest) {
                    written.push_str(span);
                    rest = rest.get(span.len()..).unwrap_or_default();
                    continue;
                }
                let beyond = rest.trim_start_matches('`');
                for _ in beyond.len()..rest.len() {
                    written.push_str("\\`");
                }
                rest = beyond;
                continue;
            }
            '[' | '!' => {
                if let Some(link) = Link::read(rest) {
                    let label = to_text(link.label);
                    written.push_str(&literal(&link.said(&label)));
                    rest = rest.get(link.length..).unwrap_or_default();
                    continue;
                }
                if sign == '[' {
                    written.push('\\');
                }
            }
            '<' if next.is_none_or(|next| !next.is_whitespace()) => {
                written.push('\\');
            }
            ':' if rest.starts_with("://") || ends_with_word(said(), "mailto") => {
                written.push('\\')
            }
            '.' if ends_with_word(said(), "www") => written.push('\\'),
            _ => {}
        }
        written.push(sign);
        rest = after;
    }
}

/// A part of a line: text, or a run of signs that may be emphasis.
enum Part {
    Text(String),
    Run {
        sign: char,
        length: usize,
        opens: bool,
        closes: bool,
        /// Whether it is emphasis and not text.
        mark: bool,
    },
}

fn plain_line(line: &str, text: &mut String) {
    let body = line.trim_start_matches([' ', '\t']);
    let indent = line.strip_suffix(body).unwrap_or_default();
    if is_rule(body) {
        return;
    }
    text.push_str(indent);
    let mut parts = split(heading(body));
    emphasise(&mut parts);
    for part in parts {
        match part {
            Part::Text(part) => text.push_str(&part),
            Part::Run { mark: true, .. } => {}
            Part::Run { sign, length, .. } => text.extend(std::iter::repeat_n(sign, length)),
        }
    }
}

/// Whether a line is a rule, or the line under a heading or a table's head.
fn is_rule(body: &str) -> bool {
    let signs = body.chars().filter(|sign| !sign.is_whitespace()).count();
    let all = |allowed: &str| body.chars().all(|sign| allowed.contains(sign));
    signs >= 3 && (all("- \t") || all("= \t") || all("* \t") || all("_ \t") || all("-|: \t"))
}

/// A line without the mark of a heading.
fn heading(body: &str) -> &str {
    let rest = body.trim_start_matches('#');
    let level = body.len() - rest.len();
    match (1..=6).contains(&level) && rest.chars().next().is_none_or(char::is_whitespace) {
        true => rest.trim_start(),
        false => body,
    }
}

fn split(body: &str) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut plain = String::new();
    let mut before: Option<char> = None;
    let mut rest = body;
    while let Some(sign) = rest.chars().next() {
        let after = rest.get(sign.len_utf8()..).unwrap_or_default();
        let mut taken = sign.len_utf8();
        match sign {
            '\\' => match after.chars().next() {
                Some(next) if next.is_ascii_punctuation() => {
                    plain.push(next);
                    taken += 1;
                }
                _ => plain.push('\\'),
            },
            '`' => match code_span(rest) {
                Some(span) => {
                    let inner = span.trim_matches('`');
                    plain.push_str(inner.trim());
                    taken = span.len();
                }
                None => {
                    let beyond = rest.trim_start_matches('`');
                    taken = rest.len() - beyond.len();
                    plain.extend(std::iter::repeat_n('`', taken));
                }
            },
            '[' | '!' => match Link::read(rest) {
                Some(link) => {
                    // One level is as deep as labels are read.
                    let label: String = link.label.replace(['*', '`'], "");
                    plain.push_str(&link.said(&label));
                    taken = link.length;
                }
                None => plain.push(sign),
            },
            '<' => {
                let (shown, length) = angled(rest);
                plain.push_str(shown);
                taken = length;
            }
            '&' => match entities::reference(after) {
                Some((shown, length)) => {
                    plain.push(shown);
                    taken = 1 + length;
                }
                None => plain.push('&'),
            },
            '*' | '_' | '~' => {
                let beyond = rest.trim_start_matches(sign);
                let length = rest.len() - beyond.len();
                let space = |side: Option<char>| side.is_none_or(char::is_whitespace);
                let letter = |side: Option<char>| side.is_some_and(char::is_alphanumeric);
                let next = beyond.chars().next();
                let within = sign == '_' && letter(before) && letter(next);
                let of_that_length = length <= 3 && (sign != '~' || length == 2);
                parts.push(Part::Text(std::mem::take(&mut plain)));
                parts.push(Part::Run {
                    sign,
                    length,
                    opens: of_that_length && !within && !space(next),
                    closes: of_that_length && !within && !space(before),
                    mark: false,
                });
                taken = length;
            }
            sign => plain.push(sign),
        }
        before = rest.get(..taken).and_then(|taken| taken.chars().last());
        rest = rest.get(taken..).unwrap_or_default();
    }
    parts.push(Part::Text(plain));
    parts
}

/// Finds the runs that belong together.
fn emphasise(parts: &mut [Part]) {
    let mut open: Vec<(usize, char, usize)> = Vec::new();
    let mut pairs = Vec::new();
    for (index, part) in parts.iter().enumerate() {
        let Part::Run {
            sign,
            length,
            opens,
            closes,
            ..
        } = part
        else {
            continue;
        };
        let begun = open
            .iter()
            .rposition(|(_, other, size)| other == sign && size == length);
        match begun.filter(|_| *closes) {
            Some(at) => {
                if let Some((begin, ..)) = open.get(at) {
                    pairs.extend([*begin, index]);
                }
                open.truncate(at);
            }
            None if *opens => {
                if open.len() >= MOST_OPEN {
                    open.remove(0);
                }
                open.push((index, *sign, *length));
            }
            None => {}
        }
    }
    for index in pairs {
        if let Some(Part::Run { mark, .. }) = parts.get_mut(index) {
            *mark = true;
        }
    }
}

/// What stands for an opening bracket: an address, a line end, nothing for a tag, or the bracket; and how long it was.
fn angled(rest: &str) -> (&str, usize) {
    let near = near(rest);
    if let Some(end) = near.find('>')
        && let Some(inner) = near.get(1..end)
    {
        let is_address =
            (inner.contains("://") || inner.contains('@') || inner.starts_with("mailto:"))
                && !inner
                    .contains(|sign: char| sign.is_whitespace() || matches!(sign, '<' | '"' | '='));
        if is_address {
            return (inner, end + 1);
        }
    }
    match Tag::read(near).filter(Tag::is_known) {
        Some(tag) if tag.is("br") => ("\n", tag.length),
        Some(tag) => ("", tag.length),
        None => ("<", 1),
    }
}

/// A code span at the beginning of text, with its backticks.
fn code_span(rest: &str) -> Option<&str> {
    let near = near(rest);
    let inner = near.trim_start_matches('`');
    let length = near.len() - inner.len();
    let mut from = inner;
    loop {
        let at = from.find('`')?;
        let run = from.get(at..)?;
        let beyond = run.trim_start_matches('`');
        if run.len() - beyond.len() == length {
            return rest.get(..near.len() - beyond.len());
        }
        from = beyond;
    }
}

/// As much of text as a span may have.
fn near(rest: &str) -> &str {
    let mut end = rest.len().min(LONGEST_SPAN);
    while !rest.is_char_boundary(end) {
        end -= 1;
    }
    rest.get(..end).unwrap_or_default()
}

/// A link or an image.
struct Link<'a> {
    label: &'a str,
    address: &'a str,
    length: usize,
}

impl<'a> Link<'a> {
    fn read(rest: &'a str) -> Option<Self> {
        let near = near(rest);
        let inner = near.strip_prefix('!').unwrap_or(near).strip_prefix('[')?;
        if !inner.contains("](") {
            return None;
        }
        let mut depth = 0_u32;
        let mut escaped = false;
        let mut signs = inner.char_indices().take(LONGEST_LABEL);
        let end = signs.find_map(|(at, sign)| {
            match sign {
                _ if std::mem::take(&mut escaped) => {}
                '\\' => escaped = true,
                '[' => depth += 1,
                ']' if depth == 0 => return Some(at),
                ']' => depth -= 1,
                _ => {}
            }
            None
        })?;
        let (label, after) = inner.split_at(end);
        let target = after.strip_prefix("](")?;
        let (target, after) = target.split_once(')')?;
        let address = target.split_whitespace().next().unwrap_or_default();
        Some(Self {
            label,
            address: address.trim_matches(['<', '>']),
            length: near.len() - after.len(),
        })
    }

    /// How it reads.
    fn said(&self, label: &str) -> String {
        let label = label.trim();
        if label.is_empty() || label == self.address {
            self.address.to_owned()
        } else if self.address.is_empty() {
            label.to_owned()
        } else {
            format!("{label} ({})", self.address)
        }
    }
}
