//! Finds secrets and personal data in text, and puts a mark in their place.

use std::{
    net::{Ipv4Addr, Ipv6Addr},
    ops::Range,
};

/// A kind of text that is not shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Pattern {
    Email,
    Ipv4,
    Ipv6,
    CreditCard,
    CloudKey,
    BearerToken,
    PrivateKey,
    /// A text with places for digits, letters and either.
    Mask {
        name: String,
        mask: Vec<MaskPart>,
    },
}

/// One place of a mask.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum MaskPart {
    /// `#`
    Digit,
    /// `@`
    Letter,
    /// `?`
    Either,
    /// Anything else, whatever its case.
    Sign(char),
}

/// Text without what is not to be shown, and how much of which was taken out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Redacted {
    pub(crate) text: String,
    /// By name of the pattern.
    pub(crate) counts: std::collections::BTreeMap<String, usize>,
}

impl Pattern {
    pub(crate) fn name(&self) -> &str {
        match self {
            Self::Email => "e-mail address",
            Self::Ipv4 | Self::Ipv6 => "IP address",
            Self::CreditCard => "card number",
            Self::CloudKey => "cloud key",
            Self::BearerToken => "token",
            Self::PrivateKey => "private key",
            Self::Mask { name, .. } => name,
        }
    }

    fn find(&self, text: &str) -> Vec<Range<usize>> {
        match self {
            Self::Email => emails(text),
            Self::Ipv4 => addresses(text, |word| word.parse::<Ipv4Addr>().is_ok()),
            Self::Ipv6 => addresses(text, |word| {
                word.matches(':').count() >= 2 && word.len() > 2 && word.parse::<Ipv6Addr>().is_ok()
            }),
            Self::CreditCard => cards(text),
            Self::CloudKey => cloud_keys(text),
            Self::BearerToken => tokens(text),
            Self::PrivateKey => private_keys(text),
            Self::Mask { mask, .. } => masked(text, mask),
        }
    }
}

/// Puts `(redacted: name)` in the place of everything that a pattern finds. Each pattern takes time in proportion to the text.
/// A second time nothing more is found.
pub(crate) fn redact(text: &str, patterns: &[Pattern]) -> Redacted {
    let mut redacted = once(text, patterns);
    // Where something was taken out, what stood beside it stands apart now.
    for _ in 1..MOST_PASSES {
        let again = once(&redacted.text, patterns);
        if again.counts.is_empty() {
            break;
        }
        redacted.text = again.text;
        for (name, count) in again.counts {
            *redacted.counts.entry(name).or_default() += count;
        }
    }
    redacted
}

/// How often text is gone through.
const MOST_PASSES: usize = 8;

fn once(text: &str, patterns: &[Pattern]) -> Redacted {
    let mut found: Vec<(Range<usize>, &str)> = Vec::new();
    for pattern in patterns {
        found.extend(
            pattern
                .find(text)
                .into_iter()
                .map(|range| (range, pattern.name())),
        );
    }
    // The first to begin wins, and among these the longest.
    found.sort_by_key(|(range, _)| (range.start, std::cmp::Reverse(range.end)));
    let mut redacted = Redacted::default();
    let mut at = 0;
    for (range, name) in found {
        if range.start < at {
            // What reaches beyond an earlier find is secret too.
            at = at.max(range.end);
            continue;
        }
        redacted
            .text
            .push_str(text.get(at..range.start).unwrap_or_default());
        redacted.text.push_str("(redacted: ");
        redacted.text.push_str(name);
        redacted.text.push(')');
        *redacted.counts.entry(name.to_owned()).or_default() += 1;
        at = range.end;
    }
    redacted.text.push_str(text.get(at..).unwrap_or_default());
    redacted
}

impl Redacted {
    /// What was taken out, in words, such as `2 e-mail address redacted`; nothing where nothing was.
    pub(crate) fn said(counts: &std::collections::BTreeMap<String, usize>) -> Option<String> {
        let said: Vec<String> = counts
            .iter()
            .map(|(name, count)| format!("{count} × {name}"))
            .collect();
        (!said.is_empty()).then(|| format!("redacted: {}", said.join(", ")))
    }
}

/// Runs of signs that hold: where each begins and ends.
fn runs(text: &str, holds: impl Fn(char) -> bool) -> Vec<Range<usize>> {
    let mut runs = Vec::new();
    let mut begin = None;
    for (at, sign) in text.char_indices() {
        match (holds(sign), begin) {
            (true, None) => begin = Some(at),
            (false, Some(start)) => {
                runs.push(start..at);
                begin = None;
            }
            _ => {}
        }
    }
    runs.extend(begin.map(|start| start..text.len()));
    runs
}

/// Whether a range stands apart from letters and digits.
fn apart(text: &str, range: &Range<usize>) -> bool {
    let letter = |sign: Option<char>| sign.is_some_and(char::is_alphanumeric);
    let before = text
        .get(..range.start)
        .and_then(|said| said.chars().next_back());
    let after = text.get(range.end..).and_then(|rest| rest.chars().next());
    !letter(before) && !letter(after)
}

fn emails(text: &str) -> Vec<Range<usize>> {
    let local = |sign: char| sign.is_alphanumeric() || "._%+-'".contains(sign);
    let domain = |sign: char| sign.is_alphanumeric() || matches!(sign, '.' | '-');
    let mut found = Vec::new();
    for (at, _) in text.match_indices('@') {
        let said = text.get(..at).unwrap_or_default();
        let begin = said
            .char_indices()
            .rev()
            .take(65)
            .take_while(|(_, sign)| local(*sign))
            .last()
            .map(|(begin, _)| begin);
        let rest = text.get(at + 1..).unwrap_or_default();
        let reach: usize = rest
            .chars()
            .take(254)
            .take_while(|sign| domain(*sign))
            .map(char::len_utf8)
            .sum();
        let name = rest
            .get(..reach)
            .unwrap_or_default()
            .trim_end_matches(['.', '-']);
        if let Some(begin) = begin
            && name.trim_start_matches('.').contains('.')
        {
            found.push(begin..at + 1 + name.len());
        }
    }
    found
}

/// Words of hexadecimal digits, points and colons that are addresses, with a port or without.
fn addresses(text: &str, is: impl Fn(&str) -> bool) -> Vec<Range<usize>> {
    let part = |sign: char| sign.is_ascii_hexdigit() || matches!(sign, '.' | ':');
    let mut found = Vec::new();
    for run in runs(text, part) {
        if !apart(text, &run) {
            continue;
        }
        let word = text.get(run.clone()).unwrap_or_default();
        if word.len() > 64 {
            continue;
        }
        let begin = word.len() - word.trim_start_matches('.').len();
        let bare = word.trim_matches('.').trim_end_matches(':');
        let candidates = [bare, bare.rsplit_once(':').map_or(bare, |(host, _)| host)];
        if let Some(address) = candidates.into_iter().find(|word| is(word)) {
            let start = run.start + begin;
            found.push(start..start + address.len());
        }
    }
    found
}

/// The longest card number, in digits.
const CARD: usize = 19;

fn cards(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let groups = runs(text, |sign| sign.is_ascii_digit());
    let mut free = 0;
    for (index, first) in groups.iter().enumerate() {
        if first.start < free {
            continue;
        }
        let mut digits = String::new();
        let mut end = first.start;
        let mut card = None;
        for group in groups.iter().skip(index) {
            let between = text.get(end..group.start).unwrap_or_default();
            let joined = group.start == first.start || matches!(between, " " | "-");
            if !joined || digits.len() + group.len() > CARD {
                break;
            }
            digits.push_str(text.get(group.clone()).unwrap_or_default());
            end = group.end;
            if digits.len() >= 13 && is_card(&digits) && apart(text, &(first.start..end)) {
                card = Some(end);
            }
        }
        if let Some(end) = card {
            found.push(first.start..end);
            free = end;
        }
    }
    found
}

/// Whether digits are those of a card: a first digit that issuers have, and Luhn's sum.
fn is_card(digits: &str) -> bool {
    let issued = digits.starts_with(['2', '3', '4', '5', '6']);
    let sum: u32 = digits
        .bytes()
        .rev()
        .enumerate()
        .map(|(place, digit)| {
            let digit = u32::from(digit.wrapping_sub(b'0'));
            match place % 2 {
                0 => digit,
                _ if digit > 4 => 2 * digit - 9,
                _ => 2 * digit,
            }
        })
        .sum();
    issued && sum.is_multiple_of(10)
}

/// The beginnings of AWS access key ids.
const ACCESS_KEYS: [&str; 7] = ["AKIA", "ASIA", "AGPA", "AIDA", "AROA", "ANPA", "ABIA"];

/// Names behind which a cloud's secret stands.
const SECRET_NAMES: [&str; 8] = [
    "aws_secret_access_key",
    "secretaccesskey",
    "accountkey",
    "sharedaccesskey",
    "sharedaccesssignature",
    "client_secret",
    "clientsecret",
    "sig",
];

fn cloud_keys(text: &str) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = runs(text, |sign| sign.is_ascii_alphanumeric())
        .into_iter()
        .filter(|run| {
            let word = text.get(run.clone()).unwrap_or_default();
            word.len() == 20
                && ACCESS_KEYS.iter().any(|begin| word.starts_with(begin))
                && word
                    .bytes()
                    .all(|sign| sign.is_ascii_uppercase() || sign.is_ascii_digit())
        })
        .collect();
    let lower = text.to_ascii_lowercase();
    for name in SECRET_NAMES {
        let mut free = 0;
        for (at, _) in lower.match_indices(name) {
            if at < free {
                continue;
            }
            let begins = lower.get(..at).and_then(|said| said.chars().next_back());
            if begins.is_some_and(char::is_alphanumeric) {
                continue;
            }
            let rest = text.get(at + name.len()..).unwrap_or_default();
            let value = rest
                .trim_start_matches(['"', '\'', ' ', '\t'])
                .strip_prefix(['=', ':'])
                .map(|value| value.trim_start_matches(['"', '\'', ' ', '\t']));
            let Some(value) = value else { continue };
            let length = value
                .find(|sign: char| sign.is_whitespace() || "\"';,&<>".contains(sign))
                .unwrap_or(value.len());
            if length >= 16 {
                let start = text.len() - value.len();
                free = start + length;
                found.push(start..free);
            }
        }
    }
    found
}

fn tokens(text: &str) -> Vec<Range<usize>> {
    let sign = |sign: char| sign.is_ascii_alphanumeric() || "-._~+/=".contains(sign);
    let mut found = Vec::new();
    let lower = text.to_ascii_lowercase();
    for scheme in ["bearer", "basic"] {
        let mut free = 0;
        for (at, _) in lower.match_indices(scheme) {
            if at < free {
                continue;
            }
            let rest = text.get(at + scheme.len()..).unwrap_or_default();
            let value = rest.trim_start_matches([' ', '\t']);
            let length = value.find(|other| !sign(other)).unwrap_or(value.len());
            let enough = match scheme {
                "bearer" => 8,
                // A word that follows "basic" is a word; a pair of names in base64 is longer.
                _ => 20,
            };
            if length >= enough && value.len() < rest.len() {
                let start = text.len() - value.len();
                free = start + length;
                found.push(start..free);
            }
        }
    }
    // A JSON Web Token, wherever it stands.
    found.extend(runs(text, sign).into_iter().filter_map(|run| {
        let word = text.get(run.clone())?;
        let begin = word.find("eyJ")?;
        let token = word.get(begin..)?;
        (token.len() >= 30 && token.matches('.').count() == 2).then(|| run.start + begin..run.end)
    }));
    found
}

fn private_keys(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(at) = text.get(from..).and_then(|rest| rest.find("-----BEGIN ")) {
        let begin = from + at;
        let rest = text.get(begin..).unwrap_or_default();
        let head = rest.get(11..).unwrap_or_default();
        let name = head.find("-----").and_then(|end| head.get(..end));
        from = begin + 11;
        if !name.is_some_and(|name| name.len() <= 64 && name.ends_with("PRIVATE KEY")) {
            continue;
        }
        let end = rest.find("-----END ").and_then(|at| {
            let after = rest.get(at + 9..)?;
            Some(at + 9 + after.find("-----")? + 5)
        });
        // A key that is cut off is secret too.
        let end = end.unwrap_or(rest.len());
        found.push(begin..begin + end);
        from = begin + end;
    }
    found
}

fn masked(text: &str, mask: &[MaskPart]) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut free = 0;
    for (at, _) in text.char_indices() {
        if at < free {
            continue;
        }
        let rest = text.get(at..).unwrap_or_default();
        let mut signs = rest.chars();
        let mut length = 0;
        let fits = mask.iter().all(|part| {
            signs.next().is_some_and(|sign| {
                length += sign.len_utf8();
                part.fits(sign)
            })
        });
        if fits && apart(text, &(at..at + length)) {
            found.push(at..at + length);
            free = at + length;
        }
    }
    found
}

impl MaskPart {
    /// Reads a mask.
    pub(crate) fn read(mask: &str) -> Vec<Self> {
        mask.chars()
            .map(|sign| match sign {
                '#' => Self::Digit,
                '@' => Self::Letter,
                '?' => Self::Either,
                sign => Self::Sign(sign),
            })
            .collect()
    }

    fn fits(self, sign: char) -> bool {
        match self {
            Self::Digit => sign.is_ascii_digit(),
            Self::Letter => sign.is_alphabetic(),
            Self::Either => sign.is_alphanumeric(),
            Self::Sign(wanted) => wanted == sign || wanted.eq_ignore_ascii_case(&sign),
        }
    }
}
