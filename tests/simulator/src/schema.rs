//! What each record of ConnectWise PSA is made of: field names, types, lengths and enumerations.
//!
//! The tables restate the published document, one static [`Entity`] per schema.

pub(crate) mod boards;
pub(crate) mod company;
pub(crate) mod configuration;
pub(crate) mod service;
pub(crate) mod system;

use crate::table::Table;

/// No published length.
pub(crate) const UNBOUNDED: usize = usize::MAX;

/// A kind of record, or of an object inside one.
#[derive(Debug)]
pub(crate) struct Entity {
    /// The name that error messages use.
    pub(crate) name: &'static str,
    /// Every documented field.
    pub(crate) fields: &'static [Field],
}

impl Entity {
    /// The field of that exact name: names are case-sensitive in bodies.
    pub(crate) fn field(&self, name: &str) -> Option<&'static Field> {
        self.fields.iter().find(|field| field.name == name)
    }

    /// The field of that name in any case, as conditions, `orderBy` and `fields` take it.
    pub(crate) fn field_in_any_case(&self, name: &str) -> Option<&'static Field> {
        self.fields
            .iter()
            .find(|field| field.name.eq_ignore_ascii_case(name))
    }

    /// The word that stands in "… object is invalid".
    pub(crate) fn resource(&self) -> String {
        let mut letters = self.name.chars();
        letters
            .next()
            .map(|first| first.to_lowercase().chain(letters).collect())
            .unwrap_or_default()
    }
}

/// A field of an [`Entity`].
#[derive(Debug)]
pub(crate) struct Field {
    /// Its name on the wire.
    pub(crate) name: &'static str,
    /// Its type.
    pub(crate) kind: Kind,
    /// Whether a create must carry it.
    pub(crate) required: bool,
    /// Who may set and see it.
    pub(crate) access: Access,
}

/// Who may set and see a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Access {
    /// Set by the caller, returned by the server.
    ReadWrite,
    /// Set by the server; ignored in bodies.
    ReadOnly,
    /// Set by the caller, in no answer.
    NeverReturned,
}

/// The type of a [`Field`].
#[derive(Debug, Clone, Copy)]
pub(crate) enum Kind {
    /// A 32-bit integer.
    Int,
    /// A number with decimals.
    Number,
    /// A boolean.
    Flag,
    /// Single-line text of at most so many units.
    Line(usize),
    /// Text that may hold line breaks, of at most so many units.
    Text(usize),
    /// A UTC time in whole seconds.
    Timestamp,
    /// One of a few words.
    Choice(&'static [&'static str]),
    /// A reference to a record.
    Reference(Table),
    /// References to records.
    References(Table),
    /// Objects that live inside the record.
    Items(&'static Entity),
    /// Integers.
    Ints,
    /// Lines of text.
    Lines,
    /// An open object.
    Map,
    /// Anything.
    Any,
}

const fn field(name: &'static str, kind: Kind) -> Field {
    Field {
        name,
        kind,
        required: false,
        access: Access::ReadWrite,
    }
}

impl Field {
    const fn required(mut self) -> Self {
        self.required = true;
        self
    }

    const fn read_only(mut self) -> Self {
        self.access = Access::ReadOnly;
        self
    }

    const fn never_returned(mut self) -> Self {
        self.access = Access::NeverReturned;
        self
    }
}

macro_rules! builders {
    ($($builder:ident($($argument:ident: $type:ty)?) => $kind:expr;)*) => {
        $(const fn $builder(name: &'static str $(, $argument: $type)?) -> Field {
            field(name, $kind)
        })*
    };
}

builders! {
    int() => Kind::Int;
    number() => Kind::Number;
    flag() => Kind::Flag;
    line(length: usize) => Kind::Line(length);
    text(length: usize) => Kind::Text(length);
    timestamp() => Kind::Timestamp;
    choice(words: &'static [&'static str]) => Kind::Choice(words);
    reference(table: Table) => Kind::Reference(table);
    references(table: Table) => Kind::References(table);
    items(entity: &'static Entity) => Kind::Items(entity);
    ints() => Kind::Ints;
    lines() => Kind::Lines;
    map() => Kind::Map;
    any() => Kind::Any;
}

/// What stands behind references whose own tables have no endpoint here.
pub(crate) static SETUP: Entity = Entity {
    name: "Setup",
    fields: &[
        int("id").read_only(),
        line("identifier", 50),
        line("name", 100),
    ],
};

#[cfg(test)]
mod tests;
