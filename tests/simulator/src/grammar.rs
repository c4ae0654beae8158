//! The query language of lists: `conditions`, `childConditions`, `customFieldConditions` and
//! `orderBy` (API.md section 5).

mod evaluate;
mod parse;
mod token;

use std::borrow::Cow;

use serde_json::Value;

pub(crate) use parse::parse;

use crate::failure::Failure;
use crate::settings::{Quirks, QuoteEscape};

/// A condition as it would be written where a backslash escapes.
pub(crate) fn escaped(text: &str, escape: QuoteEscape) -> Cow<'_, str> {
    if escape == QuoteEscape::Backslash {
        return Cow::Borrowed(text);
    }
    let mut written = String::with_capacity(text.len());
    let mut quote = None;
    let mut rest = text.chars().peekable();
    while let Some(character) = rest.next() {
        match (quote, character) {
            (Some(_), '\\') => written.push_str("\\\\"),
            (Some(open), c) if c == open => {
                if escape == QuoteEscape::Doubled && rest.next_if_eq(&open).is_some() {
                    written.push('\\');
                } else {
                    quote = None;
                }
                written.push(open);
            }
            (None, '"' | '\'') => {
                quote = Some(character);
                written.push(character);
            }
            (_, c) => written.push(c),
        }
    }
    Cow::Owned(written)
}

/// A parsed condition.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Expression {
    /// All hold.
    And(Vec<Expression>),
    /// At least one holds.
    Or(Vec<Expression>),
    /// Does not hold.
    Not(Box<Expression>),
    /// A comparison.
    Compare(Comparison),
}

/// `path operator value`.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Comparison {
    /// The field, then the key inside the reference.
    pub(crate) path: Vec<String>,
    /// The operator.
    pub(crate) operator: Operator,
    /// Whether `not` stands before the operator.
    pub(crate) negated: bool,
    /// The values; one, except for `in`.
    pub(crate) values: Vec<Literal>,
}

/// An operator.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "each is the operator of that name")]
pub(crate) enum Operator {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Contains,
    Like,
    In,
}

/// A value in a condition.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Literal {
    /// Quoted text.
    Text(String),
    /// A bare number.
    Number(f64),
    /// `True` or `False`.
    Flag(bool),
    /// `null`.
    Null,
    /// A bracketed time, as written and in UTC whole seconds.
    Time {
        /// The text between the brackets.
        written: String,
        /// `YYYY-MM-DDTHH:MM:SSZ`.
        utc: String,
    },
}

impl Literal {
    /// The id that a whole number is.
    pub(crate) fn as_id(&self) -> Option<i64> {
        match self {
            Self::Number(number) if number.fract() == 0.0 => Some(*number as i64),
            _ => None,
        }
    }
}

/// What a condition is evaluated on.
pub(crate) trait Row {
    /// The value at a path, `None` for null.
    fn value(&self, path: &[String]) -> Option<Cow<'_, Value>>;

    /// Whether the record is a ticket to which a configuration is linked.
    fn is_linked(&self, _configuration: i64) -> bool {
        false
    }
}

impl Expression {
    /// Whether it holds for a row. A comparison with an absent value never does, as in SQL,
    /// except `= null`.
    pub(crate) fn holds(&self, row: &dyn Row, quirks: &Quirks) -> bool {
        match self {
            Self::And(parts) => parts.iter().all(|part| part.holds(row, quirks)),
            Self::Or(parts) => parts.iter().any(|part| part.holds(row, quirks)),
            Self::Not(inner) => !inner.holds(row, quirks),
            Self::Compare(comparison) => evaluate::compare(comparison, row, quirks),
        }
    }

    /// Calls `visit` for every comparison, from left to right.
    pub(crate) fn visit(
        &mut self,
        visit: &mut dyn FnMut(&mut Comparison) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        match self {
            Self::And(parts) | Self::Or(parts) => {
                parts.iter_mut().try_for_each(|part| part.visit(visit))
            }
            Self::Not(inner) => inner.visit(visit),
            Self::Compare(comparison) => visit(comparison),
        }
    }
}

#[cfg(test)]
mod tests;
