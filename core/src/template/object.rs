//! Shows a case to the interpreter without copying it: names are looked up when a template asks for them.

use super::{
    PRINTED,
    path::{self, CASE, Entry, List, Seen},
    pieces::shown,
};
use crate::case::Case;
use minijinja::{
    Error, ErrorKind, Output, State, Value,
    value::{Enumerator, Object, ObjectRepr, ValueKind},
};
use std::sync::Arc;

/// What a template sees at the top: the one name `case`.
pub(super) fn root(case: &Arc<Case>) -> Value {
    Value::from_object(Root(Arc::clone(case)))
}

/// Prints a value: nothing for what is absent, numbers as JSON writes them.
pub(super) fn print(
    output: &mut Output<'_>,
    _state: &mut State<'_, '_>,
    value: &Value,
) -> Result<(), Error> {
    let written = match value.kind() {
        ValueKind::None | ValueKind::Undefined => Ok(()),
        ValueKind::Bool => output.write_str(if value.is_true() { "true" } else { "false" }),
        ValueKind::Number if !value.is_integer() => match f64::try_from(value.clone()) {
            Ok(number) => output.write_str(&shown(&serde_json::Value::from(number))),
            Err(_) => write!(output, "{value}"),
        },
        _ => write!(output, "{value}"),
    };
    written.map_err(Error::from)
}

/// Prints a value between marks.
pub(super) fn print_marked(
    output: &mut Output<'_>,
    state: &mut State<'_, '_>,
    value: &Value,
) -> Result<(), Error> {
    let [begin, end] = PRINTED;
    write!(output, "{begin}").map_err(Error::from)?;
    match value.kind() {
        ValueKind::None | ValueKind::Undefined | ValueKind::Bool | ValueKind::Number => {
            print(output, state, value)?;
        }
        _ => output
            .write_str(&value.to_string().replace(PRINTED, ""))
            .map_err(Error::from)?,
    }
    write!(output, "{end}").map_err(Error::from)
}

/// How values are printed.
pub(super) type Print = fn(&mut Output<'_>, &mut State<'_, '_>, &Value) -> Result<(), Error>;

#[derive(Debug)]
struct Root(Arc<Case>);

impl Object for Root {
    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        (key.as_str() == Some("case")).then(|| {
            Value::from_object(Record {
                case: Arc::clone(&self.0),
                entries: CASE,
                index: 0,
            })
        })
    }
}

#[derive(Debug)]
struct Record {
    case: Arc<Case>,
    entries: &'static [Entry],
    index: usize,
}

impl Object for Record {
    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        self.get_value_by_str(key.as_str()?)
    }

    fn get_value_by_str(self: &Arc<Self>, name: &str) -> Option<Value> {
        match path::find(self.entries, name) {
            Ok(entry) => value(&self.case, (entry.read)(&self.case, self.index)),
            Err(unknown) => Some(Value::from(Error::new(
                ErrorKind::UndefinedError,
                format!(
                    "'{}' is not a name of a case. {}",
                    unknown.name, unknown.fix
                ),
            ))),
        }
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        let names = self.entries.iter().map(|entry| Value::from(entry.name));
        Enumerator::Iter(Box::new(names.collect::<Vec<_>>().into_iter()))
    }

    fn is_true(self: &Arc<Self>) -> bool {
        true
    }
}

#[derive(Debug)]
struct Items {
    case: Arc<Case>,
    list: List,
}

impl Object for Items {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Seq
    }

    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        value(&self.case, self.list.at(&self.case, key.as_usize()?))
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        Enumerator::Seq(self.list.len(&self.case))
    }
}

#[derive(Debug)]
struct CustomFields(Arc<Case>);

impl Object for CustomFields {
    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        json(self.0.custom_fields.get(key.as_str()?)?)
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        let names: Vec<Value> = self.0.custom_fields.keys().map(Value::from).collect();
        Enumerator::Iter(Box::new(names.into_iter()))
    }
}

/// A list or object within a custom field.
#[derive(Debug)]
struct Json(serde_json::Value);

impl Object for Json {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        match self.0 {
            serde_json::Value::Array(_) => ObjectRepr::Seq,
            _ => ObjectRepr::Map,
        }
    }

    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        match &self.0 {
            serde_json::Value::Array(items) => json(items.get(key.as_usize()?)?),
            serde_json::Value::Object(members) => json(members.get(key.as_str()?)?),
            _ => None,
        }
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        match &self.0 {
            serde_json::Value::Array(items) => Enumerator::Seq(items.len()),
            serde_json::Value::Object(members) => {
                let names: Vec<Value> = members.keys().map(Value::from).collect();
                Enumerator::Iter(Box::new(names.into_iter()))
            }
            _ => Enumerator::Empty,
        }
    }

    fn render(self: &Arc<Self>, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&shown(&self.0))
    }
}

fn value(case: &Arc<Case>, seen: Seen<'_>) -> Option<Value> {
    match seen {
        Seen::Absent => None,
        Seen::Text(text) => Some(Value::from(text)),
        Seen::Time(time) => Some(Value::from(time.to_string())),
        Seen::Number(number) => Some(Value::from(number)),
        Seen::Json(value) => json(value),
        Seen::Record(entries, index) => Some(Value::from_object(Record {
            case: Arc::clone(case),
            entries,
            index,
        })),
        Seen::List(list) => Some(Value::from_object(Items {
            case: Arc::clone(case),
            list,
        })),
        Seen::CustomFields => Some(Value::from_object(CustomFields(Arc::clone(case)))),
    }
}

fn json(value: &serde_json::Value) -> Option<Value> {
    match value {
        serde_json::Value::Null => None,
        serde_json::Value::Bool(flag) => Some(Value::from(*flag)),
        serde_json::Value::Number(number) => Some(match (number.as_u64(), number.as_i64()) {
            (Some(number), _) => Value::from(number),
            (None, Some(number)) => Value::from(number),
            (None, None) => Value::from(number.as_f64().unwrap_or_default()),
        }),
        serde_json::Value::String(text) => Some(Value::from(text)),
        nested => Some(Value::from_object(Json(nested.clone()))),
    }
}
