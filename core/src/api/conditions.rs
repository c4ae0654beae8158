use super::query::encoded_len;
use crate::time::Timestamp;
use std::fmt::{self, Write as _};

/// Longest condition in a query: the whole address stays below 2,000 characters (API.md section 5).
const ROOM: usize = 1_500;

/// Conditions of a list, all of which have to hold. Built from typed values only.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Conditions(String);

/// A value that a field is compared with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Literal {
    Id(u32),
    Flag(bool),
    Null,
}

/// A text that can stand between double quotes: letters, digits, single spaces and a few signs.
///
/// How a quote or a backslash would be escaped is not documented, and `%` and `*` are wildcards to some servers (API.md
/// section 5). What cannot be said safely is filtered locally instead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SafeText(String);

/// How a server wants times written (API.md section 18, row 5).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum DateForm {
    /// `[2016-08-20T18:04:26Z]`
    #[default]
    Utc,
    /// `[2016-08-20T18:04:26]`
    Naive,
    /// `[2016-08-20]`
    DateOnly,
}

impl Conditions {
    pub(crate) fn new() -> Self {
        Self::default()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// The field has this value.
    pub(crate) fn eq(self, field: &'static str, value: impl Into<Literal>) -> Self {
        self.and(format_args!("{field}={}", value.into()))
    }

    /// The field has another value, or, for null, any.
    pub(crate) fn not_eq(self, field: &'static str, value: impl Into<Literal>) -> Self {
        self.and(format_args!("{field}!={}", value.into()))
    }

    /// The field is this text. The server compares without case.
    pub(crate) fn text_eq(self, field: &'static str, text: &SafeText) -> Self {
        self.and(format_args!("{field}=\"{}\"", text.0))
    }

    /// The field's time is `time` or later, to the second. Overlap windows: the server's clock is not ours.
    pub(crate) fn since(self, field: &'static str, time: Timestamp, form: DateForm) -> Self {
        let before = time.millis().div_euclid(1000) - 1;
        let text = Timestamp::from_millis(before.saturating_mul(1000)).to_string();
        let end = match form {
            DateForm::Utc => text.len(),
            DateForm::Naive => 19,
            DateForm::DateOnly => 10,
        };
        self.and(format_args!(
            "{field} > [{}]",
            text.get(..end).unwrap_or(&text)
        ))
    }

    /// The field is one of these ids.
    pub(crate) fn in_ids(self, field: &'static str, ids: &[u32]) -> Self {
        self.and(format_args!("{field} in ({})", listed(ids)))
    }

    /// The field is none of these ids.
    pub(crate) fn not_in_ids(self, field: &'static str, ids: &[u32]) -> Self {
        self.and(format_args!("{field} not in ({})", listed(ids)))
    }

    /// At least one of these holds.
    pub(crate) fn any(self, alternatives: impl IntoIterator<Item = Self>) -> Self {
        let group = alternatives
            .into_iter()
            .filter(|alternative| !alternative.is_empty())
            .map(|alternative| alternative.0)
            .collect::<Vec<_>>()
            .join(" or ");
        if group.is_empty() {
            self
        } else {
            self.and(format_args!("({group})"))
        }
    }

    fn and(mut self, clause: fmt::Arguments<'_>) -> Self {
        if !self.0.is_empty() {
            self.0.push_str(" and ");
        }
        let _ = self.0.write_fmt(clause);
        self
    }
}

/// Splits ids so that each part fits into an address, even spelled out with `or`.
pub(super) fn chunks<'a>(field: &str, ids: &'a [u32]) -> Vec<&'a [u32]> {
    let each = encoded_len(&format!("{field}={} or ", u32::MAX));
    ids.chunks((ROOM / each).max(1)).collect()
}

impl SafeText {
    const LONGEST: usize = 200;

    /// The kind of a contact's e-mail addresses.
    pub(crate) fn email() -> Self {
        Self("Email".to_owned())
    }

    /// Takes a text, unless it cannot be said safely.
    pub(crate) fn new(text: &str) -> Option<Self> {
        let safe = !text.is_empty()
            && text.chars().count() <= Self::LONGEST
            && text.trim() == text
            && text
                .chars()
                .all(|c| c.is_alphanumeric() || " -_.,:;/@+#&()=!?[]".contains(c));
        safe.then(|| Self(text.replace('[', "[[]")))
    }
}

impl fmt::Display for Literal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Id(id) => write!(f, "{id}"),
            Self::Flag(true) => f.write_str("True"),
            Self::Flag(false) => f.write_str("False"),
            Self::Null => f.write_str("null"),
        }
    }
}

impl From<u32> for Literal {
    fn from(id: u32) -> Self {
        Self::Id(id)
    }
}

impl From<bool> for Literal {
    fn from(flag: bool) -> Self {
        Self::Flag(flag)
    }
}

fn listed(ids: &[u32]) -> String {
    ids.iter().map(u32::to_string).collect::<Vec<_>>().join(",")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::Query;

    #[test]
    fn values_are_written_as_the_guide_writes_them() {
        let time: Timestamp = "2016-08-20T18:04:26.700Z".parse().unwrap();
        let conditions = Conditions::new()
            .eq("board/id", 5)
            .not_eq("closedFlag", true)
            .eq("contact/id", Literal::Null)
            .text_eq("company/identifier", &SafeText::new("ACME [1]").unwrap())
            .since("lastUpdated", time, DateForm::Utc)
            .in_ids("id", &[1, 2])
            .not_in_ids("status/id", &[3])
            .any([Conditions::new().eq("a", 1), Conditions::new().eq("b", 2)]);
        assert_eq!(
            conditions.as_str(),
            "board/id=5 and closedFlag!=True and contact/id=null and company/identifier=\"ACME [[]1]\" \
             and lastUpdated > [2016-08-20T18:04:25Z] and id in (1,2) and status/id not in (3) and (a=1 or b=2)"
        );
        assert_eq!(
            Query::new()
                .conditions(&Conditions::new().eq("a/b", 1))
                .encoded(),
            "?conditions=a/b%3D1"
        );
    }

    #[test]
    fn times_have_the_form_that_the_server_wants() {
        let midnight: Timestamp = "2016-08-20T00:00:00Z".parse().unwrap();
        let since = |form| Conditions::new().since("x", midnight, form).0;
        assert_eq!(since(DateForm::Naive), "x > [2016-08-19T23:59:59]");
        assert_eq!(since(DateForm::DateOnly), "x > [2016-08-19]");
    }

    #[test]
    fn text_that_could_leave_its_quotes_is_refused() {
        for bad in [
            "",
            "a\"b",
            "a\\",
            "a'b",
            "a\n",
            "100%",
            "a*",
            "\u{201c}x",
            " a",
            "a\u{0}",
            "x\u{2028}y",
            &"a".repeat(201),
        ] {
            assert_eq!(SafeText::new(bad), None, "{bad:?}");
        }
        for good in [
            "a.b+c@example.com",
            "Müller & Söhne",
            "casewire:acme-soc:10012",
            "[x]",
        ] {
            assert!(SafeText::new(good).is_some(), "{good}");
        }
    }

    #[test]
    fn a_plus_in_an_address_is_encoded() {
        let text = SafeText::new("a+b@c.d").unwrap();
        let query = Query::new().conditions(&Conditions::new().text_eq("v", &text));
        assert_eq!(query.encoded(), "?conditions=v%3D%22a%2Bb%40c.d%22");
    }

    #[test]
    fn any_number_of_ids_fits_into_addresses() {
        let ids: Vec<u32> = (0..1000).map(|n| u32::MAX - n).collect();
        let parts = chunks("id", &ids);
        assert_eq!(parts.iter().map(|part| part.len()).sum::<usize>(), 1000);
        for part in parts {
            let spelled =
                Conditions::new().any(part.iter().map(|id| Conditions::new().eq("id", *id)));
            assert!(encoded_len(spelled.as_str()) <= ROOM + 20);
        }
    }
}
