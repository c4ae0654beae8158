//! What a device asks of its configuration: every column's value, after data mapping and default.

use super::{Device, fields::DeviceField};
use crate::{
    catalog::same_name,
    config::WhenLong,
    decide::ticket_fields::{Holds, Misfit},
    error::{Code, Fault, pointer},
    nearest::{did_you_mean, listed},
    quirks::LengthUnit,
    settings::{Column, ColumnTarget, DeviceRules},
    text::{cut, cut_by, single_line},
};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// A configuration's type or status, as the instance lists them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Listed {
    pub(crate) id: u32,
    pub(crate) name: String,
    pub(crate) inactive: bool,
}

/// The tables whose records columns name.
#[derive(Clone, Debug, Default)]
pub(crate) struct Tables {
    pub(crate) types: Vec<Listed>,
    /// Empty where no column writes a status.
    pub(crate) statuses: Vec<Listed>,
    pub(crate) length_unit: LengthUnit,
}

/// What a device asks for.
#[derive(Debug)]
pub(crate) struct Wanted<'a> {
    pub(crate) device: &'a Device,
    /// Its place in the list.
    pub(crate) index: usize,
    pub(crate) fields: Vec<(&'static DeviceField, Value, &'a Column)>,
    /// By caption. The value's form is that of the custom field, which shows only there.
    pub(crate) custom: Vec<(&'a str, Value, &'a Column)>,
    /// By wording.
    pub(crate) questions: Vec<(&'a str, Value, &'a Column)>,
    pub(crate) faults: Vec<Fault>,
}

impl Tables {
    fn of(&self, field: &str) -> Option<(&[Listed], &'static str)> {
        match field {
            "type" => Some((&self.types, "type")),
            "status" => Some((&self.statuses, "status")),
            _ => None,
        }
    }

    /// The id of a type or status by its name.
    fn find(&self, field: &str, name: &str) -> Option<Result<u32, (String, String)>> {
        let (table, what) = self.of(field)?;
        let found = table.iter().find(|entry| same_name(&entry.name, name));
        Some(match found {
            Some(entry) if !entry.inactive => Ok(entry.id),
            Some(_) => Err((
                format!("the configuration {what} '{}' is not active", cut(name, 60)),
                "Activate it in ConnectWise, or name another".to_owned(),
            )),
            None => {
                let active = table.iter().filter(|entry| !entry.inactive);
                let known: Vec<&str> = active.map(|entry| entry.name.as_str()).collect();
                Err((
                    format!(
                        "ConnectWise has no configuration {what} '{}'",
                        cut(name, 60)
                    ),
                    format!(
                        "{}There are: {}",
                        did_you_mean(name, &known),
                        listed(&known)
                    ),
                ))
            }
        })
    }
}

/// The faults of what the configuration names and the instance lacks.
pub(crate) fn check(rules: &DeviceRules, tables: &Tables) -> Vec<Fault> {
    let mut faults = Vec::new();
    for column in &rules.columns {
        let ColumnTarget::Field(field) = &column.target else {
            continue;
        };
        let place = column.place();
        let map = column.map.values();
        let mapped = map.map(|(from, to)| (pointer(&format!("{place}/map"), from), to));
        let default = column.default.iter();
        let default = default.map(|value| (format!("{place}/default"), value));
        for (at, value) in mapped.chain(default) {
            let name = value.as_str().unwrap_or_default();
            if let Some(Err((message, fix))) = tables.find(field.name, name) {
                faults.push(Fault::new(Code::InvalidValue, at, message, fix));
            }
        }
    }
    faults
}

/// The types that the configuration names, each once: id and name.
pub(crate) fn types_named<'a>(rules: &DeviceRules, tables: &'a Tables) -> BTreeMap<u32, &'a str> {
    let mut named = BTreeMap::new();
    let columns = rules.columns.iter().filter(
        |column| matches!(column.target, ColumnTarget::Field(field) if field.name == "type"),
    );
    for value in columns.flat_map(|column| {
        let mapped = column.map.values().map(|(_, to)| to);
        mapped.chain(&column.default)
    }) {
        let name = value.as_str().unwrap_or_default();
        let active = tables.types.iter().filter(|entry| !entry.inactive);
        for entry in active.filter(|entry| same_name(&entry.name, name)) {
            named.insert(entry.id, entry.name.as_str());
        }
    }
    named
}

/// Fills every column for a device.
pub(crate) fn wanted<'a>(
    rules: &'a DeviceRules,
    tables: &Tables,
    index: usize,
    device: &'a Device,
) -> Wanted<'a> {
    let mut wanted = Wanted {
        device,
        index,
        fields: Vec::new(),
        custom: Vec::new(),
        questions: Vec::new(),
        faults: Vec::new(),
    };
    for column in &rules.columns {
        let Some(value) = value(column, device) else {
            continue;
        };
        match &column.target {
            ColumnTarget::Custom(caption) => wanted.custom.push((caption, value, column)),
            ColumnTarget::Question(text) => wanted.questions.push((text, value, column)),
            ColumnTarget::Field(field) => {
                let place = wanted.place();
                match in_form(column, field, tables, &value, &place) {
                    Ok(Some(value)) => wanted.fields.push((*field, value, column)),
                    Ok(None) => {}
                    Err(fault) => wanted.faults.push(fault),
                }
            }
        }
    }
    // ConnectWise makes no configuration without them.
    for required in ["name", "type"] {
        let is_there = wanted
            .fields
            .iter()
            .any(|(field, ..)| field.name == required);
        if !is_there && wanted.faults.is_empty() {
            wanted.faults.push(Fault::new(
                Code::MissingKey,
                wanted.place(),
                format!(
                    "the device '{}' gives its configuration no {required}",
                    device.id
                ),
                format!("Give the device that value, or the column of '{required}' a default"),
            ));
        }
    }
    wanted
}

impl Wanted<'_> {
    /// Its place in the list, as a JSON pointer.
    pub(crate) fn place(&self) -> String {
        format!("/devices/{}", self.index)
    }

    /// The value that it gives a field.
    pub(crate) fn field(&self, name: &str) -> Option<&Value> {
        let mut fields = self.fields.iter();
        fields.find_map(|(field, value, _)| (field.name == name).then_some(value))
    }

    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        self.field(name)?.as_str()
    }
}

/// The value after data mapping and default.
fn value(column: &Column, device: &Device) -> Option<Value> {
    let raw = column.source.as_ref().map(|source| source.read(device));
    let raw = raw.unwrap_or_default();
    let text = shown(&raw);
    let text = text.trim();
    let found = match (text.is_empty(), column.map.is_empty()) {
        (true, _) => None,
        (false, true) => Some(raw),
        (false, false) => column
            .map
            .get(&text.to_lowercase())
            .map(|(_, to)| to.clone()),
    };
    found.or_else(|| column.default.clone())
}

fn shown(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

fn in_form(
    column: &Column,
    field: &DeviceField,
    tables: &Tables,
    value: &Value,
    place: &str,
) -> Result<Option<Value>, Fault> {
    if matches!(field.holds, Holds::Reference(_)) {
        let name = single_line(&shown(value));
        return match tables.find(field.name, &name) {
            Some(Ok(id)) => Ok(Some(json!({ "id": id }))),
            Some(Err((message, fix))) => Err(Fault::new(
                Code::InvalidValue,
                place,
                message,
                format!("Name it in the column's map. {fix}"),
            )),
            None => Ok(None),
        };
    }
    fit(
        column,
        field.holds,
        tables.length_unit,
        value,
        place,
        field.name,
    )
}

/// A value in the form of what holds it.
pub(super) fn fit(
    column: &Column,
    holds: Holds,
    unit: LengthUnit,
    value: &Value,
    place: &str,
    name: &str,
) -> Result<Option<Value>, Fault> {
    match holds.fit_by(unit, value) {
        Ok(value) => Ok(value),
        Err(Misfit::TooLong { limit }) if column.when_long == WhenLong::Cut => {
            let line = single_line(&shown(value));
            Ok(Some(Value::from(cut_by(unit, &line, limit))))
        }
        Err(misfit) => {
            let fault = misfit.fault(place);
            let message = format!("'{name}': {}", fault.message);
            Err(Fault { message, ..fault })
        }
    }
}
