use super::query::encoded_len;
use crate::quirks::{Escaping, Quirks};
use std::fmt::{self, Write as _};

mod dates;
mod inbound;

/// Conditions of a list, all of which have to hold. Built from typed values only.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Conditions(String);

/// A value that a field is compared with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Literal {
    Id(u32),
    Flag(bool),
}

/// A text that can stand between double quotes: letters, digits, single spaces and a few signs.
///
/// How a quote or a backslash would be escaped is not documented and has to be probed, and `%` and `*` are wildcards to some
/// servers (API.md section 5). What cannot be said safely is filtered locally instead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SafeText(String);

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

    /// Both hold.
    pub(crate) fn within(self, other: Self) -> Self {
        if other.is_empty() {
            self
        } else {
            self.and(format_args!("{}", other.0))
        }
    }

    /// Length that it has in an address.
    pub(crate) fn len(&self) -> usize {
        encoded_len(&self.0)
    }

    /// The field has this value.
    pub(crate) fn eq(self, field: &'static str, value: impl Into<Literal>) -> Self {
        self.and(format_args!("{field}={}", value.into()))
    }

    /// The field is this text. The server compares without case.
    pub(crate) fn text_eq(self, field: &'static str, text: &SafeText) -> Self {
        self.and(format_args!("{field}=\"{}\"", text.0))
    }

    /// The record's id is greater.
    pub(crate) fn after_id(self, id: u32) -> Self {
        self.and(format_args!("id > {id}"))
    }

    /// The field contains this text. The server compares without case.
    pub(crate) fn contains(self, field: &'static str, text: &SafeText) -> Self {
        self.and(format_args!("{field} contains \"{}\"", text.0))
    }

    /// At least one of these holds.
    pub(crate) fn any(self, alternatives: impl IntoIterator<Item = Self>) -> Self {
        let mut group: Vec<String> = alternatives
            .into_iter()
            .filter(|alternative| !alternative.is_empty())
            .map(|alternative| alternative.0)
            .collect();
        match group.len() {
            0 => self,
            1 => self.within(Self(group.pop().unwrap_or_default())),
            _ => self.and(format_args!("({})", group.join(" or "))),
        }
    }

    /// These conditions in groups, in each of which at least one has to hold. A group is about `room` characters long.
    pub(crate) fn alternatives(each: impl IntoIterator<Item = Self>, room: usize) -> Vec<Self> {
        let mut groups: Vec<Self> = Vec::new();
        for Self(text) in each {
            match groups.last_mut() {
                Some(Self(group)) if group.len() + text.len() < room => {
                    group.push_str(" or ");
                    group.push_str(&text);
                }
                _ => groups.push(Self(text)),
            }
        }
        groups
    }

    fn and(mut self, clause: fmt::Arguments<'_>) -> Self {
        if !self.0.is_empty() {
            self.0.push_str(" and ");
        }
        let _ = self.0.write_fmt(clause);
        self
    }
}

impl SafeText {
    const LONGEST: usize = 200;

    /// The kind of a contact's e-mail addresses.
    pub(crate) fn email() -> Self {
        Self("Email".to_owned())
    }

    /// Takes a text, unless it cannot be said safely to every server.
    pub(crate) fn new(text: &str) -> Option<Self> {
        Self::written(text, None)
    }

    /// Takes a text, unless it cannot be said safely to a server that behaves like this: quotes and backslashes may stand in
    /// it where a probe saw both escaped and found again.
    pub(crate) fn said_to(quirks: &Quirks, text: &str) -> Option<Self> {
        Self::written(text, quirks.escaping)
    }

    fn written(text: &str, escaping: Option<Escaping>) -> Option<Self> {
        let plain = |c: char| c.is_alphanumeric() || " -_.,:;/@+#&()=!?[]".contains(c);
        let safe = !text.is_empty()
            && text.chars().count() <= Self::LONGEST
            && text.trim() == text
            && text
                .chars()
                .all(|c| plain(c) || escaping.is_some() && matches!(c, '"' | '\\'));
        safe.then(|| {
            let text = match escaping {
                None => text.to_owned(),
                Some(Escaping::Backslash) => text.replace('\\', r"\\").replace('"', "\\\""),
                Some(Escaping::Doubled) => text.replace('"', "\"\""),
            };
            Self(text.replace('[', "[[]"))
        })
    }
}

impl fmt::Display for Literal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Id(id) => write!(f, "{id}"),
            Self::Flag(true) => f.write_str("True"),
            Self::Flag(false) => f.write_str("False"),
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::Query;

    #[test]
    fn values_are_written_as_the_guide_writes_them() {
        let conditions = Conditions::new()
            .eq("board/id", 5)
            .eq("closedFlag", true)
            .text_eq("company/identifier", &SafeText::new("ACME [1]").unwrap());
        assert_eq!(
            conditions.as_str(),
            "board/id=5 and closedFlag=True and company/identifier=\"ACME [[]1]\""
        );
        let query = Query::new().conditions(&Conditions::new().eq("a/b", 1));
        assert_eq!(query.encoded(), "?conditions=a/b%3D1");
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
    fn a_quote_may_be_said_where_its_escaping_was_probed() {
        let said = |escaping| {
            let quirks = Quirks {
                escaping,
                ..Quirks::default()
            };
            SafeText::said_to(&quirks, r#"O"Brien \ 1"#).map(|text| text.0)
        };
        assert_eq!(said(None), None);
        let behind = r#"O\"Brien \\ 1"#;
        assert_eq!(said(Some(Escaping::Backslash)).as_deref(), Some(behind));
        let twice = r#"O""Brien \ 1"#;
        assert_eq!(said(Some(Escaping::Doubled)).as_deref(), Some(twice));
        for still_refused in ["a'b", "100%", "a*", "a\n"] {
            let quirks = Quirks {
                escaping: Some(Escaping::Backslash),
                ..Quirks::default()
            };
            assert_eq!(SafeText::said_to(&quirks, still_refused), None);
        }
    }

    #[test]
    fn a_plus_in_an_address_is_encoded() {
        let text = SafeText::new("a+b@c.d").unwrap();
        let query = Query::new().conditions(&Conditions::new().text_eq("v", &text));
        assert_eq!(query.encoded(), "?conditions=v%3D%22a%2Bb%40c.d%22");
    }
}
