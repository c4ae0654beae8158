//! The records of an instance and the references between them.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use crate::projection::Projection;
use crate::schema::{Access, Kind};
use crate::table::Table;

/// A record as it goes over the wire, except that references hold their `id` alone and that keys
/// which begin with `~` are the instance's own.
pub(crate) type Record = Map<String, Value>;

/// All records of an instance.
#[derive(Debug, Clone, Default)]
pub(crate) struct Store {
    rows: BTreeMap<Table, BTreeMap<i64, Record>>,
    next: BTreeMap<Table, i64>,
    children: BTreeMap<(Table, i64), BTreeSet<i64>>,
    /// Tickets by their `externalXRef` in lower case.
    references: BTreeMap<String, BTreeSet<i64>>,
    changes: u64,
}

impl Store {
    /// Sets the id that the next record of a table gets. Ids only grow.
    pub(crate) fn continue_at(&mut self, table: Table, id: i64) {
        let next = self.next.entry(table).or_insert(1);
        *next = (*next).max(id);
    }

    /// Stores a new record and returns its id.
    pub(crate) fn insert(&mut self, table: Table, mut record: Record) -> i64 {
        let next = self.next.entry(table).or_insert(1);
        let id = *next;
        *next += 1;
        record.insert("id".to_owned(), json!(id));
        if let Some(parent) = parent_id(table, &record) {
            self.children.entry((table, parent)).or_default().insert(id);
        }
        self.refer(table, id, &record);
        self.changes += 1;
        self.rows.entry(table).or_default().insert(id, record);
        id
    }

    /// Removes a record.
    pub(crate) fn remove(&mut self, table: Table, id: i64) -> Option<Record> {
        let record = self.rows.get_mut(&table)?.remove(&id)?;
        self.changes += 1;
        self.forget(table, id, &record);
        if let Some(parent) = parent_id(table, &record)
            && let Some(children) = self.children.get_mut(&(table, parent))
        {
            children.remove(&id);
        }
        Some(record)
    }

    /// The record of that id.
    pub(crate) fn get(&self, table: Table, id: i64) -> Option<&Record> {
        self.rows.get(&table)?.get(&id)
    }

    /// Puts another record in the place of one. Its parent must stay.
    pub(crate) fn replace(&mut self, table: Table, id: i64, record: Record) {
        let Some(before) = self.get_mut(table, id).map(std::mem::take) else {
            return;
        };
        self.forget(table, id, &before);
        self.refer(table, id, &record);
        if let Some(place) = self.get_mut(table, id) {
            *place = record;
        }
    }

    fn refer(&mut self, table: Table, id: i64, record: &Record) {
        let reference = text(record, "externalXRef");
        if table == Table::Ticket && !reference.is_empty() {
            let ids = self.references.entry(reference.to_lowercase()).or_default();
            ids.insert(id);
        }
    }

    fn forget(&mut self, table: Table, id: i64, record: &Record) {
        if table == Table::Ticket {
            let reference = text(record, "externalXRef").to_lowercase();
            if let Some(ids) = self.references.get_mut(&reference) {
                ids.remove(&id);
            }
        }
    }

    /// The tickets of an `externalXRef`, in any case.
    pub(crate) fn tickets_by_reference(&self, reference: &str) -> Vec<i64> {
        let ids = self.references.get(&reference.to_lowercase());
        ids.into_iter().flatten().copied().collect()
    }

    /// The record of that id, to be changed. Its parent and its `externalXRef` must stay.
    pub(crate) fn get_mut(&mut self, table: Table, id: i64) -> Option<&mut Record> {
        self.changes += 1;
        self.rows.get_mut(&table)?.get_mut(&id)
    }

    /// Grows with whatever may have changed a record.
    pub(crate) const fn changes(&self) -> u64 {
        self.changes
    }

    /// The records of a table in the order of their ids.
    pub(crate) fn rows(&self, table: Table) -> impl DoubleEndedIterator<Item = (i64, &Record)> {
        self.rows
            .get(&table)
            .into_iter()
            .flatten()
            .map(|(id, record)| (*id, record))
    }

    /// The records of a table that belong to a parent, in the order of their ids.
    pub(crate) fn children(
        &self,
        table: Table,
        parent: i64,
    ) -> impl Iterator<Item = (i64, &Record)> {
        self.children
            .get(&(table, parent))
            .into_iter()
            .flatten()
            .filter_map(move |id| Some((*id, self.get(table, *id)?)))
    }

    /// A record's value for a key of references to it, such as `name`.
    pub(crate) fn key(table: Table, record: &Record, key: &str) -> Option<Value> {
        match (table, key) {
            (Table::Contact | Table::Member, "name") => {
                let part = |key: &str| record.get(key).and_then(Value::as_str).unwrap_or("");
                let name = format!("{} {}", part("firstName"), part("lastName"));
                Some(json!(name.trim()))
            }
            (Table::ConfigurationStatus | Table::CommunicationType, "name") => {
                record.get("description").cloned()
            }
            (_, "sort") => record.get("sortOrder").cloned(),
            (Table::Document, "name") => record.get("title").cloned(),
            _ => record.get(key).cloned(),
        }
    }

    /// A reference as answers show it. One to a record that is gone keeps its id.
    pub(crate) fn reference(&self, table: Table, id: i64, base: &str) -> Value {
        let mut shown = Record::new();
        shown.insert("id".to_owned(), json!(id));
        if let Some(record) = self.get(table, id) {
            for key in table.reference_keys() {
                if let Some(value) = Self::key(table, record, key) {
                    shown.insert((*key).to_owned(), value);
                }
            }
            let parent = parent_id(table, record).unwrap_or_default();
            let path = table.path().replace("{}", &parent.to_string());
            shown.insert(
                "_info".to_owned(),
                json!({ table.href_key(): format!("{base}{path}/{id}") }),
            );
        }
        Value::Object(shown)
    }

    /// A record as answers show it: references with their names, nulls and own keys left out. At least what is asked for
    /// of it is shown.
    pub(crate) fn view(
        &self,
        table: Table,
        record: &Record,
        base: &str,
        asked: &Projection,
    ) -> Record {
        let entity = table.entity();
        let mut shown = Record::new();
        for (name, value) in record {
            if name.starts_with('~') || value.is_null() || !asked.names(name) {
                continue;
            }
            let Some(field) = entity.field(name) else {
                continue;
            };
            if field.access == Access::NeverReturned {
                continue;
            }
            let value = match (field.kind, asked.keys(name)) {
                (Kind::Reference(table), Some(keys)) => self.keys_of(table, value, &keys),
                (kind, _) => self.shown(kind, value, base),
            };
            shown.insert(name.clone(), value);
        }
        shown
    }

    /// A reference with some of its keys.
    fn keys_of(&self, table: Table, value: &Value, keys: &[&str]) -> Value {
        let Some(id) = reference_id(value) else {
            return value.clone();
        };
        let record = self.get(table, id);
        let mut shown = Record::new();
        for key in keys {
            let value = match *key {
                "id" => Some(json!(id)),
                key => record.and_then(|record| Self::key(table, record, key)),
            };
            if let Some(value) = value {
                shown.insert((*key).to_owned(), value);
            }
        }
        Value::Object(shown)
    }

    fn shown(&self, kind: Kind, value: &Value, base: &str) -> Value {
        match (kind, value) {
            (Kind::Reference(table), value) => match reference_id(value) {
                Some(id) => self.reference(table, id, base),
                None => value.clone(),
            },
            (Kind::References(table), Value::Array(items)) => items
                .iter()
                .filter_map(reference_id)
                .map(|id| self.reference(table, id, base))
                .collect(),
            (Kind::Items(entity), Value::Array(items)) => items
                .iter()
                .filter_map(Value::as_object)
                .map(|item| {
                    let shown = item
                        .iter()
                        .filter(|(_, value)| !value.is_null())
                        .map(|(name, value)| match entity.field(name) {
                            Some(field) => (name.clone(), self.shown(field.kind, value, base)),
                            None => (name.clone(), value.clone()),
                        })
                        .collect();
                    Value::Object(shown)
                })
                .collect(),
            (_, value) => value.clone(),
        }
    }
}

/// The id that a stored reference holds.
pub(crate) fn reference_id(value: &Value) -> Option<i64> {
    value.get("id").and_then(Value::as_i64)
}

/// The id in a record's reference field.
pub(crate) fn referenced(record: &Record, field: &str) -> Option<i64> {
    record.get(field).and_then(reference_id)
}

/// Whether a record's flag is set.
pub(crate) fn is_set(record: &Record, flag: &str) -> bool {
    record.get(flag).and_then(Value::as_bool).unwrap_or(false)
}

/// A record's text, empty when absent.
pub(crate) fn text<'a>(record: &'a Record, field: &str) -> &'a str {
    record.get(field).and_then(Value::as_str).unwrap_or("")
}

/// The id of the record that this one belongs to.
pub(crate) fn parent_id(table: Table, record: &Record) -> Option<i64> {
    let (field, _) = table.parent()?;
    let value = record.get(field)?;
    value.as_i64().or_else(|| reference_id(value))
}
