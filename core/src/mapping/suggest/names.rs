//! Names that are alike.

use std::collections::{BTreeMap, BTreeSet};

/// Words that say nothing about which company is meant.
const LEGAL_FORMS: &[&str] = &[
    "ab",
    "ag",
    "and",
    "as",
    "bv",
    "co",
    "company",
    "corp",
    "corporation",
    "gmbh",
    "inc",
    "incorporated",
    "kg",
    "limited",
    "llc",
    "llp",
    "ltd",
    "nv",
    "oy",
    "plc",
    "pte",
    "pty",
    "sa",
    "sarl",
    "spa",
    "srl",
    "the",
];

/// How many entries of the index are looked at for one name; the rarest trigrams come first.
const LOOKED_AT: usize = 2_000;

/// Least likeness that counts, of 1000.
const ALIKE: u32 = 750;

/// A company's name without case, punctuation and legal form, with single spaces; as it is where nothing else is left.
pub(super) fn company_name(name: &str) -> String {
    let lower = name.to_lowercase().replace(['.', '\'', '’'], "");
    let words = || {
        lower
            .split(|c: char| !c.is_alphanumeric())
            .filter(|word| !word.is_empty())
    };
    let kept: Vec<&str> = words()
        .filter(|word| LEGAL_FORMS.binary_search(word).is_err())
        .collect();
    if kept.is_empty() {
        words().collect::<Vec<_>>().join(" ")
    } else {
        kept.join(" ")
    }
}

/// A host's name without domain and case.
pub(super) fn host_name(name: &str) -> String {
    let name = name.trim();
    let name = name.rsplit_once('\\').map_or(name, |(_, host)| host);
    let is_address = name.contains(':') || name.split('.').all(|part| part.parse::<u8>().is_ok());
    let host = if is_address {
        name
    } else {
        name.split('.').next().unwrap_or(name)
    };
    host.to_lowercase()
}

/// Letters and digits alone, in lower case.
pub(super) fn squashed(text: &str) -> String {
    text.chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}

/// How alike two prepared names are, of 1000; nothing where they differ in a number, as `srv-01` and `srv-02` do, or are too unlike.
pub(super) fn likeness(left: &str, right: &str) -> Option<u32> {
    let numbers = |name: &str| {
        let numbers = name
            .split(|c: char| !c.is_ascii_digit())
            .filter(|number| !number.is_empty());
        numbers
            .map(|number| number.trim_start_matches('0').to_owned())
            .collect::<Vec<_>>()
    };
    if left.is_empty() || right.is_empty() || numbers(left) != numbers(right) {
        return None;
    }
    let words = |name: &str| name.split(' ').map(str::to_owned).collect::<BTreeSet<_>>();
    let (left_words, right_words) = (words(left), words(right));
    let in_order = |words: &BTreeSet<String>| words.iter().cloned().collect::<Vec<_>>().join(" ");
    let likeness = strsim::normalized_levenshtein(left, right).max(strsim::normalized_levenshtein(
        &in_order(&left_words),
        &in_order(&right_words),
    ));
    let contained = left_words.len().min(right_words.len()) > 1
        && (left_words.is_subset(&right_words) || right_words.is_subset(&left_words));
    // Both are small enough for any target's integers.
    let likeness = (likeness * 1000.0).round() as u32;
    let likeness = if contained {
        likeness.max(850)
    } else {
        likeness
    };
    (likeness >= ALIKE).then_some(likeness)
}

/// The weight of a likeness: from 20 at the least that counts to 55 for the same.
pub(super) fn weight(likeness: u32) -> u8 {
    let above = likeness.saturating_sub(ALIKE) * 35 / (1000 - ALIKE);
    u8::try_from(20 + above).unwrap_or(55)
}

/// Finds names that share rare trigrams with another.
#[derive(Debug, Default)]
pub(super) struct NameIndex {
    /// Each trigram with the numbers of the names that have it, in order.
    trigrams: BTreeMap<[char; 3], Vec<usize>>,
}

impl NameIndex {
    /// Indexes prepared names by their number.
    pub(super) fn of<'a>(names: impl IntoIterator<Item = &'a str>) -> Self {
        let mut index = Self::default();
        for (number, name) in names.into_iter().enumerate() {
            for trigram in trigrams(name) {
                index.trigrams.entry(trigram).or_default().push(number);
            }
        }
        index
    }

    /// The numbers of the `limit` names that share the most trigrams, as far as a bounded look finds them.
    pub(super) fn near(&self, name: &str, limit: usize) -> Vec<usize> {
        let mut entries: Vec<&[usize]> = trigrams(name)
            .iter()
            .filter_map(|trigram| self.trigrams.get(trigram).map(Vec::as_slice))
            .collect();
        entries.sort_by_key(|entry| entry.len());
        let mut shared: BTreeMap<usize, usize> = BTreeMap::new();
        for number in entries.into_iter().flatten().take(LOOKED_AT) {
            *shared.entry(*number).or_default() += 1;
        }
        let mut near: Vec<(usize, usize)> = shared.into_iter().collect();
        near.sort_by_key(|(number, shared)| (std::cmp::Reverse(*shared), *number));
        near.into_iter()
            .take(limit)
            .map(|(number, _)| number)
            .collect()
    }
}

/// The trigrams of a name with its beginning marked, each once.
fn trigrams(name: &str) -> BTreeSet<[char; 3]> {
    let chars: Vec<char> = [' ', ' '].into_iter().chain(name.chars()).collect();
    chars
        .windows(3)
        .filter_map(|window| window.try_into().ok())
        .collect()
}
