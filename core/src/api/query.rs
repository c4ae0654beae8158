use super::{conditions::Conditions, site::UNRESERVED};
use percent_encoding::{AsciiSet, utf8_percent_encode};
use std::fmt::Write as _;

/// `fields=id,status/name` stays readable and short.
const VALUE: &AsciiSet = &UNRESERVED.remove(b',').remove(b'/');

/// The query of a request, in the order in which it was built (API.md section 5).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Query(Vec<(&'static str, String)>);

impl Query {
    pub(crate) fn new() -> Self {
        Self::default()
    }

    /// Asks for these fields only; `_info` has to be among them where it is wanted.
    pub(crate) fn fields(self, fields: &str) -> Self {
        self.with("fields", fields)
    }

    /// Asks for the records that meet the conditions.
    pub(crate) fn conditions(self, conditions: &Conditions) -> Self {
        self.unless_empty("conditions", conditions)
    }

    /// Asks for the records whose children meet the conditions.
    pub(crate) fn child_conditions(self, conditions: &Conditions) -> Self {
        self.unless_empty("childConditions", conditions)
    }

    /// Sets a parameter; one that was set before is replaced in its place.
    pub(crate) fn with(mut self, name: &'static str, value: impl ToString) -> Self {
        match self.0.iter_mut().find(|(known, _)| *known == name) {
            Some((_, old)) => *old = value.to_string(),
            None => self.0.push((name, value.to_string())),
        }
        self
    }

    /// Leaves a parameter out.
    pub(crate) fn without(mut self, name: &str) -> Self {
        self.0.retain(|(known, _)| *known != name);
        self
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        self.0.iter().any(|(known, _)| *known == name)
    }

    /// The query with its question mark, encoded; empty where there is none.
    pub(crate) fn encoded(&self) -> String {
        let mut text = String::new();
        for (name, value) in &self.0 {
            text.push(if text.is_empty() { '?' } else { '&' });
            let _ = write!(text, "{name}={}", utf8_percent_encode(value, VALUE));
        }
        text
    }

    fn unless_empty(self, name: &'static str, conditions: &Conditions) -> Self {
        if conditions.is_empty() {
            self
        } else {
            self.with(name, conditions.as_str())
        }
    }
}

/// Length that a text has in a query.
pub(super) fn encoded_len(text: &str) -> usize {
    utf8_percent_encode(text, VALUE).map(str::len).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_guide_wants_encoded_is_encoded() {
        let query = Query::new()
            .with("x", "& \" ' * % + =")
            .fields("id,status/name,_info");
        assert_eq!(
            query.encoded(),
            "?x=%26%20%22%20%27%20%2A%20%25%20%2B%20%3D&fields=id,status/name,_info"
        );
    }

    #[test]
    fn a_parameter_stands_once() {
        let query = Query::new().with("page", 1).with("a", 0).with("page", 2);
        assert_eq!(query.encoded(), "?page=2&a=0");
        assert_eq!(query.without("page").without("a").encoded(), "");
    }
}
