//! Templates of text, values of the case, conditions on them and loops over lists: written without an interpreter.

use super::{
    LONGEST, Problem, TOO_LONG, Written,
    path::{Entry, List, Path, Seen},
};
use crate::case::Case;
use serde_json::Value;
use std::borrow::Cow;

/// A part of such a template.
#[derive(Debug)]
pub(crate) enum Piece {
    Text(String),
    Value(Name),
    /// `{% if name %}…{% else %}…{% endif %}`
    If {
        name: Name,
        then: Vec<Piece>,
        otherwise: Vec<Piece>,
    },
    /// `{% for element in list %}…{% endfor %}`, never within another.
    For {
        list: List,
        each: Vec<Piece>,
    },
}

/// What a template names.
#[derive(Debug)]
pub(crate) enum Name {
    Case(Path),
    /// A name within the loop's element, or the element itself where that is a text.
    Element(List, Option<&'static Entry>),
}

impl Name {
    fn read<'a>(&self, case: &'a Case, element: usize) -> Seen<'a> {
        match self {
            Self::Case(path) => path.read(case),
            Self::Element(_, Some(entry)) => (entry.read)(case, element),
            Self::Element(list, None) => list.at(case, element),
        }
    }

    /// Whether it names one value rather than a record or a list.
    pub(super) fn is_value(&self) -> bool {
        match self {
            Self::Case(path) => path.is_value(),
            Self::Element(..) => true,
        }
    }
}

/// Writes pieces for a case, part by part.
///
/// # Errors
/// Where they make more than [`LONGEST`].
pub(super) fn write(
    pieces: &[Piece],
    case: &Case,
    each: &mut dyn FnMut(Written<'_>),
) -> Result<(), Problem> {
    let mut writer = Writer {
        case,
        element: 0,
        room: LONGEST,
        each,
    };
    writer.pieces(pieces)
}

struct Writer<'w> {
    case: &'w Case,
    /// The loop's place in its list.
    element: usize,
    /// How many bytes may still be written.
    room: usize,
    each: &'w mut dyn FnMut(Written<'_>),
}

impl Writer<'_> {
    fn pieces(&mut self, pieces: &[Piece]) -> Result<(), Problem> {
        for piece in pieces {
            match piece {
                Piece::Text(text) => self.part(text, Written::Said)?,
                Piece::Value(name) => {
                    let text = printed(name.read(self.case, self.element));
                    self.part(&text, Written::Printed)?;
                }
                Piece::If {
                    name,
                    then,
                    otherwise,
                } => {
                    let seen = name.read(self.case, self.element);
                    let holds = holds(seen, self.case);
                    self.pieces(if holds { then } else { otherwise })?;
                }
                Piece::For { list, each } => {
                    for element in 0..list.len(self.case) {
                        self.element = element;
                        self.pieces(each)?;
                    }
                }
            }
        }
        Ok(())
    }

    fn part<'t>(&mut self, text: &'t str, kind: fn(&'t str) -> Written<'t>) -> Result<(), Problem> {
        let room = self.room.checked_sub(text.len());
        self.room = room.ok_or_else(|| Problem {
            message: TOO_LONG.to_owned(),
            fix: "Mend the template".to_owned(),
        })?;
        (self.each)(kind(text));
        Ok(())
    }
}

/// Whether a condition on what a name names holds, as Jinja has it.
fn holds(seen: Seen<'_>, case: &Case) -> bool {
    match seen {
        Seen::Text(text) => !text.is_empty(),
        Seen::Number(number) => number != 0,
        Seen::List(list) => list.len(case) > 0,
        Seen::Time(_) | Seen::Record(..) => true,
        // Conditions on what a host has of its own are the interpreter's.
        Seen::Absent | Seen::Json(_) | Seen::CustomFields => false,
    }
}

fn printed(seen: Seen<'_>) -> Cow<'_, str> {
    match seen {
        Seen::Text(text) => Cow::Borrowed(text),
        Seen::Time(time) => Cow::Owned(time.to_string()),
        Seen::Number(number) => Cow::Owned(number.to_string()),
        Seen::Json(value) => Cow::Owned(shown(value)),
        Seen::Absent | Seen::Record(..) | Seen::List(_) | Seen::CustomFields => Cow::Borrowed(""),
    }
}

/// How a JSON value prints: texts as they are, null as nothing, the rest as JSON.
pub(super) fn shown(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}
