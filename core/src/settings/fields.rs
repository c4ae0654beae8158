use super::texts::template;
use crate::{
    config::{FieldMapping, TicketText, WhenEmpty, WhenLong},
    decide::ticket_fields::{self, Holds, TicketField, Writer},
    error::{Code, Fault, pointer},
    nearest::did_you_mean,
    template::{Template, path::Path},
};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// A field mapping, ready to be applied.
#[derive(Debug)]
pub(crate) struct MappedField {
    /// Its place in the configuration.
    pub(crate) index: usize,
    pub(crate) target: Target,
    pub(crate) source: ValueSource,
    /// By lower-case value of the case.
    pub(crate) map: BTreeMap<String, Value>,
    pub(crate) default: Option<Value>,
    pub(crate) when_empty: WhenEmpty,
    pub(crate) when_long: WhenLong,
}

/// What a mapping writes.
#[derive(Debug)]
pub(crate) enum Target {
    Field(&'static TicketField),
    /// A custom field, by caption.
    Custom(String),
}

/// Where a mapping's value comes from.
#[derive(Debug)]
pub(crate) enum ValueSource {
    /// A path, as it was written and resolved.
    Path(String, Path),
    Template(Template),
    /// Only the default.
    Default,
}

pub(super) fn compile(ticket: &TicketText, faults: &mut Vec<Fault>) -> Vec<MappedField> {
    let mut written = BTreeSet::new();
    let mut compiled = Vec::new();
    for (index, mapping) in ticket.fields.iter().enumerate() {
        let place = format!("/ticket/fields/{index}");
        let target = target(mapping, &place, faults);
        let source = source(mapping, &place, faults);
        let Some(target) = target else { continue };
        twice(&target, mapping, ticket, &mut written, &place, faults);
        let (map, default) = values(mapping, &target, &place, faults);
        if let Some(source) = source {
            compiled.push(MappedField {
                index,
                target,
                source,
                map,
                default,
                when_empty: mapping.when_empty,
                when_long: mapping.when_long,
            });
        }
    }
    compiled
}

fn target(mapping: &FieldMapping, place: &str, faults: &mut Vec<Fault>) -> Option<Target> {
    match (&mapping.field, &mapping.custom_field) {
        (Some(name), None) => field(name, place, faults).map(Target::Field),
        (None, Some(caption)) if !caption.trim().is_empty() => {
            Some(Target::Custom(caption.trim().to_owned()))
        }
        (None, Some(_)) => {
            faults.push(Fault::new(
                Code::InvalidValue,
                format!("{place}/custom_field"),
                "the caption is empty",
                "Write the custom field's caption",
            ));
            None
        }
        _ => {
            faults.push(Fault::new(
                Code::InvalidValue,
                place,
                "a mapping writes exactly one of 'field' and 'custom_field'",
                "Keep one of the two",
            ));
            None
        }
    }
}

fn field(name: &str, place: &str, faults: &mut Vec<Fault>) -> Option<&'static TicketField> {
    let place = format!("{place}/field");
    let Some(field) = ticket_fields::field(name) else {
        let known = ticket_fields::writable();
        faults.push(Fault::new(
            Code::UnknownField,
            place,
            format!("tickets have no field '{name}'"),
            format!(
                "{}Fields that can be written: {}",
                did_you_mean(name, &known),
                known.join(", ")
            ),
        ));
        return None;
    };
    match field.writer {
        Writer::Mapping => return Some(field),
        Writer::Casewire(instead) => faults.push(Fault::new(
            Code::UnknownField,
            place,
            format!("the field '{name}' is not free to be mapped"),
            instead,
        )),
        Writer::ConnectWise => faults.push(Fault::new(
            Code::UnknownField,
            place,
            format!("the field '{name}' is ConnectWise's own and cannot be written"),
            "Remove the mapping, or write a custom field",
        )),
    }
    None
}

fn source(mapping: &FieldMapping, place: &str, faults: &mut Vec<Fault>) -> Option<ValueSource> {
    match (&mapping.from, &mapping.template) {
        (Some(_), Some(_)) => {
            faults.push(Fault::new(
                Code::InvalidValue,
                place,
                "a mapping reads at most one of 'from' and 'template'",
                "Keep one of the two",
            ));
            None
        }
        (Some(from), None) => match Path::parse(from) {
            Ok(path) if path.is_value() => Some(ValueSource::Path(from.clone(), path)),
            Ok(_) => {
                faults.push(Fault::new(
                    Code::InvalidValue,
                    format!("{place}/from"),
                    format!("'{from}' is a list or an object, not one value"),
                    "Name one value, or use 'template' with a loop or |join(', ')",
                ));
                None
            }
            Err(unknown) => {
                faults.push(Fault::new(
                    Code::InvalidValue,
                    format!("{place}/from"),
                    format!("'{}' in '{from}' is not a name of a case", unknown.name),
                    unknown.fix,
                ));
                None
            }
        },
        (None, Some(source)) => {
            template(source, &format!("{place}/template"), faults).map(ValueSource::Template)
        }
        (None, None) if mapping.default.is_some() => Some(ValueSource::Default),
        (None, None) => {
            faults.push(Fault::new(
                Code::MissingKey,
                place,
                "the mapping has no value",
                "Add 'from', 'template' or 'default'",
            ));
            None
        }
    }
}

fn twice(
    target: &Target,
    mapping: &FieldMapping,
    ticket: &TicketText,
    written: &mut BTreeSet<String>,
    place: &str,
    faults: &mut Vec<Fault>,
) {
    let (key, name) = match target {
        Target::Field(field) => (format!("field {}", field.name), field.name),
        Target::Custom(caption) => (format!("custom {}", caption.to_lowercase()), "custom_field"),
    };
    let at = if mapping.field.is_some() {
        format!("{place}/field")
    } else {
        format!("{place}/custom_field")
    };
    let fixed = (name == "impact" && ticket.impact.is_some())
        || (name == "severity" && ticket.severity.is_some());
    if fixed {
        faults.push(Fault::new(
            Code::InvalidValue,
            at,
            format!("'{name}' is set by 'ticket.{name}' too"),
            format!("Remove 'ticket.{name}' and give it as this mapping's default, or remove the mapping"),
        ));
    } else if !written.insert(key) {
        faults.push(Fault::new(
            Code::InvalidValue,
            at,
            "this field is written by an earlier mapping",
            "Keep one of the two",
        ));
    }
}

fn values(
    mapping: &FieldMapping,
    target: &Target,
    place: &str,
    faults: &mut Vec<Fault>,
) -> (BTreeMap<String, Value>, Option<Value>) {
    let holds = match target {
        Target::Field(field) => Some(field.holds),
        Target::Custom(_) => None,
    };
    let mut map = BTreeMap::new();
    for (key, value) in &mapping.map {
        let at = pointer(&format!("{place}/map"), key);
        if let Some(value) = legal(holds, value, &at, faults)
            && map.insert(key.trim().to_lowercase(), value).is_some()
        {
            faults.push(Fault::new(
                Code::InvalidValue,
                at,
                format!("'{key}' stands here twice; values compare without case"),
                "Keep one of them",
            ));
        }
    }
    let default = mapping
        .default
        .as_ref()
        .and_then(|value| legal(holds, value, &format!("{place}/default"), faults));
    if mapping.default.is_some() && mapping.when_empty == WhenEmpty::Refuse {
        faults.push(Fault::new(
            Code::InvalidValue,
            format!("{place}/when_empty"),
            "with a default the field is never empty",
            "Remove 'when_empty' or 'default'",
        ));
    }
    (map, default)
}

pub(super) fn legal(
    holds: Option<Holds>,
    value: &Value,
    place: &str,
    faults: &mut Vec<Fault>,
) -> Option<Value> {
    let Some(holds) = holds else {
        if value.is_array() || value.is_object() || value.is_null() {
            faults.push(Fault::new(
                Code::InvalidValue,
                place,
                "a custom field holds a text, a number or true or false",
                "Give one of these",
            ));
            return None;
        }
        return Some(value.clone());
    };
    match holds.fit(value) {
        Ok(Some(value)) => Some(value),
        Ok(None) => {
            faults.push(Fault::new(
                Code::InvalidValue,
                place,
                "a value is empty here",
                format!("Give {}, or remove it", holds.said()),
            ));
            None
        }
        Err(misfit) => {
            faults.push(misfit.fault(place));
            None
        }
    }
}
