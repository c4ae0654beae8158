//! The `fields` parameter: which parts of a record an answer carries (API.md section 5).

use serde_json::{Map, Value};

use crate::failure::Failure;
use crate::schema::{Access, Kind};
use crate::settings::Quirks;
use crate::store::Record;
use crate::table::Table;

/// The parts asked for; `None` is everything.
#[derive(Debug, Default)]
pub(crate) struct Projection(Option<Vec<Vec<String>>>);

impl Projection {
    /// Reads the parameter.
    pub(crate) fn parse(
        table: Table,
        fields: Option<&str>,
        quirks: &Quirks,
    ) -> Result<Self, Failure> {
        let Some(fields) = fields else {
            return Ok(Self(None));
        };
        let mut paths = Vec::new();
        for path in fields
            .split(',')
            .map(str::trim)
            .filter(|path| !path.is_empty())
        {
            match known(table, path) {
                Some(path) => paths.push(path),
                None if quirks.unknown_projection_refused => {
                    return Err(Failure::unrecognized(path));
                }
                None => {}
            }
        }
        Ok(Self(Some(paths)))
    }

    /// Everything of a record.
    pub(crate) const fn whole() -> Self {
        Self(None)
    }

    /// Whether a field, or a part of it, is asked for.
    pub(crate) fn names(&self, field: &str) -> bool {
        let Some(paths) = &self.0 else { return true };
        paths
            .iter()
            .any(|path| path.first().is_some_and(|root| root == field))
    }

    /// The keys that are asked for of a reference; `None` where its links, or all of it, are.
    pub(crate) fn keys(&self, field: &str) -> Option<Vec<&str>> {
        let of_field = self
            .0
            .as_ref()?
            .iter()
            .filter(|path| path.first().is_some_and(|root| root == field));
        of_field
            .map(|path| {
                path.get(1)
                    .map(String::as_str)
                    .filter(|key| *key != "_info")
            })
            .collect()
    }

    /// The asked parts of a record.
    pub(crate) fn apply(&self, mut record: Record) -> Record {
        let Some(paths) = &self.0 else {
            return record;
        };
        let mut picked = Record::new();
        for path in paths {
            match path.as_slice() {
                [field] => {
                    if let Some((name, value)) = record.remove_entry(field) {
                        picked.insert(name, value);
                    }
                }
                path => pick(&record, path, &mut picked),
            }
        }
        picked
    }
}

fn known(table: Table, path: &str) -> Option<Vec<String>> {
    let mut parts = path.split('/');
    let field = table.entity().field_in_any_case(parts.next()?)?;
    if field.access == Access::NeverReturned {
        return None;
    }
    let mut known = vec![field.name.to_owned()];
    for part in parts {
        let accepted = match field.kind {
            Kind::Reference(target) | Kind::References(target) => {
                matches!(part, "id" | "_info") || target.reference_keys().contains(&part)
            }
            Kind::Items(entity) => entity.field(part).is_some(),
            Kind::Map => true,
            _ => false,
        };
        if !accepted && known.len() == 1 {
            return None;
        }
        known.push(part.to_owned());
    }
    Some(known)
}

fn pick(from: &Map<String, Value>, path: &[String], into: &mut Map<String, Value>) {
    let Some((name, rest)) = path.split_first() else {
        return;
    };
    let Some(value) = from.get(name) else {
        return;
    };
    if rest.is_empty() {
        into.insert(name.clone(), value.clone());
        return;
    }
    match value {
        Value::Object(inner) => {
            let entry = into
                .entry(name.clone())
                .or_insert_with(|| Value::Object(Map::new()));
            if let Value::Object(entry) = entry {
                pick(inner, rest, entry);
            }
        }
        Value::Array(items) => {
            let known = into
                .entry(name.clone())
                .or_insert_with(|| Value::Array(vec![Value::Object(Map::new()); items.len()]));
            if let Value::Array(known) = known {
                for (item, known) in items.iter().zip(known) {
                    if let (Value::Object(item), Value::Object(known)) = (item, known) {
                        pick(item, rest, known);
                    }
                }
            }
        }
        _ => {}
    }
}
