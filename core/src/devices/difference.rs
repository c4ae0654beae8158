//! Which columns of a configuration differ from what its device asks for.

use super::{
    ColumnChange, ColumnKind, answers,
    fields::{self, DeviceField},
    wanted::{Tables, Wanted},
};
use crate::{
    api::timestamp,
    catalog::same_name,
    company::device_rows::{DeviceRow, Question},
    decide::ticket_fields::Holds,
    error::Fault,
    mapping::Mac,
    settings::DeviceRules,
    text::{lines, single_line},
};
use serde_json::{Map, Value};

/// What is sent for a device: the fields of a request, and what they change.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Difference {
    pub(crate) body: Map<String, Value>,
    pub(crate) changes: Vec<ColumnChange>,
}

/// Whether a value of ConnectWise says what a column says: names without case, addresses in any notation, times as moments.
pub(crate) fn same(field: &DeviceField, before: &Value, after: &Value) -> bool {
    let (old, new) = (
        before.as_str().unwrap_or_default(),
        after.as_str().unwrap_or_default(),
    );
    match field.holds {
        Holds::Reference(_) => before.get("id") == after.get("id"),
        Holds::Date => timestamp(old).is_some() && timestamp(old) == timestamp(new),
        Holds::MultiLine => lines(old) == lines(new),
        Holds::Bool => before.as_bool().unwrap_or_default() == after.as_bool().unwrap_or_default(),
        _ if field.name == "name" => same_name(old, new),
        _ if field.name == "macAddress" && Mac::parse(new).is_ok() => {
            Mac::parse(old) == Mac::parse(new)
        }
        Holds::Text(_) => single_line(old) == single_line(new),
        _ => before == after,
    }
}

/// What a new configuration says. `sample` are the custom fields of another one, `questions` those of its type.
///
/// # Errors
///
/// Every fault of the device at once.
pub(crate) fn creation(
    tables: &Tables,
    wanted: &Wanted<'_>,
    sample: Option<&Value>,
    questions: &[Question],
) -> Result<Difference, Vec<Fault>> {
    let mut difference = Difference::default();
    let mut faults = wanted.faults.clone();
    for (field, value, _) in &wanted.fields {
        difference.set(tables, field, Value::Null, value.clone());
    }
    answers::custom_fields(
        tables,
        wanted,
        sample,
        true,
        true,
        &mut difference,
        &mut faults,
    );
    answers::of_type(tables, wanted, questions, &mut difference, &mut faults);
    difference.or_faults(faults)
}

/// What a configuration has to be changed in. `questions` are those of the type that the device asks for, where it is another.
///
/// # Errors
///
/// Every fault of the device at once.
pub(crate) fn change(
    rules: &DeviceRules,
    tables: &Tables,
    wanted: &Wanted<'_>,
    row: &DeviceRow,
    all_custom_fields: bool,
    questions: &[Question],
) -> Result<Difference, Vec<Fault>> {
    let mut difference = Difference::default();
    let mut faults = wanted.faults.clone();
    let moves = changes_type(rules, wanted, row);
    for (field, value, column) in &wanted.fields {
        let before = row.fields.get(field.name).cloned().unwrap_or_default();
        let stays = column.only_new || field.name == "type" && !moves;
        if !stays && !same(field, &before, value) {
            difference.set(tables, field, before, value.clone());
        }
    }
    let held = row.fields.get("customFields");
    answers::custom_fields(
        tables,
        wanted,
        held,
        all_custom_fields,
        false,
        &mut difference,
        &mut faults,
    );
    if moves {
        answers::of_type(tables, wanted, questions, &mut difference, &mut faults);
    } else {
        answers::of_row(tables, wanted, row, &mut difference, &mut faults);
    }
    difference.or_faults(faults)
}

/// Whether the configuration gets another type.
pub(crate) fn changes_type(rules: &DeviceRules, wanted: &Wanted<'_>, row: &DeviceRow) -> bool {
    let kept = |(field, _, column): &(&DeviceField, Value, &crate::settings::Column)| {
        field.name == "type" && column.only_new
    };
    let asked = wanted
        .field("type")
        .and_then(|kind| kind.get("id")?.as_u64());
    rules.change_type
        && !wanted.fields.iter().any(kept)
        && asked.is_some()
        && asked != row.reference("type").map(u64::from)
}

/// The columns that an answer shows otherwise than they were sent: a PATCH may be answered with 200 and change nothing.
pub(crate) fn not_taken(changes: &[ColumnChange], answer: &DeviceRow) -> Vec<String> {
    let taken = |change: &&ColumnChange| match change.kind {
        ColumnKind::Field => {
            let now = answer
                .fields
                .get(&change.column)
                .cloned()
                .unwrap_or_default();
            fields::named(&change.column).is_some_and(|field| same(field, &now, &change.after))
        }
        ColumnKind::CustomField => {
            answers::value_of(
                answer.fields.get("customFields"),
                "caption",
                &change.column,
                "value",
            ) == Some(&change.after)
        }
        ColumnKind::Question => {
            answers::value_of(
                answer.fields.get("questions"),
                "question",
                &change.column,
                "answer",
            ) == Some(&change.after)
        }
    };
    let lost = changes.iter().filter(|change| !taken(change));
    lost.map(|change| change.column.clone()).collect()
}

impl Difference {
    fn set(&mut self, tables: &Tables, field: &DeviceField, before: Value, after: Value) {
        self.changes.push(ColumnChange {
            column: field.name.to_owned(),
            kind: ColumnKind::Field,
            before,
            after: tables.shown(field.name, &after),
        });
        self.body.insert(field.name.to_owned(), after);
    }

    fn or_faults(self, faults: Vec<Fault>) -> Result<Self, Vec<Fault>> {
        if faults.is_empty() {
            Ok(self)
        } else {
            Err(faults)
        }
    }
}
