//! Finding the record that a reference in a body means.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::failure::Detail;
use crate::schema::Kind;
use crate::store::{Record, Store, is_set, parent_id, referenced};
use crate::table::Table;

/// Replaces the references among `fields` of a record by ids.
///
/// A status, type, subtype, item or team must belong to the record's board; a site or contact to
/// its company; and none of them may be inactive.
pub(crate) fn resolve(
    store: &Store,
    table: Table,
    record: &mut Record,
    fields: &BTreeSet<String>,
) -> Vec<Detail> {
    let mut details = Vec::new();
    let mut resolve_scoped = |record: &mut Record, scoped: bool| {
        for field in table.entity().fields {
            let (Kind::Reference(target) | Kind::References(target)) = field.kind else {
                continue;
            };
            if !fields.contains(field.name) || scope_field(target).is_some() != scoped {
                continue;
            }
            let Some(value) = record.get(field.name).cloned() else {
                continue;
            };
            let scope = scope_field(target)
                .filter(|scope| *scope != field.name)
                .and_then(|scope| referenced(record, scope));
            let found = match &value {
                Value::Array(items) => items
                    .iter()
                    .map(|item| find(store, target, field.name, item, scope))
                    .collect::<Result<Vec<_>, _>>()
                    .map(|ids| ids.into_iter().map(|id| json!({"id": id})).collect()),
                value => find(store, target, field.name, value, scope).map(|id| json!({"id": id})),
            };
            match found {
                Ok(reference) => {
                    record.insert(field.name.to_owned(), reference);
                }
                Err(detail) => details.push(detail),
            }
        }
    };
    resolve_scoped(record, false);
    resolve_scoped(record, true);
    details
}

/// The field of a record that limits which records of a table it may refer to.
fn scope_field(target: Table) -> Option<&'static str> {
    match target {
        Table::Contact => Some("company"),
        Table::CompanySite
        | Table::BoardStatus
        | Table::BoardType
        | Table::BoardSubType
        | Table::BoardItem => target.parent().map(|(field, _)| field),
        Table::BoardTeam => Some("board"),
        _ => None,
    }
}

/// Finds one record by `id`, else by `identifier`, else by `name`.
pub(crate) fn find(
    store: &Store,
    table: Table,
    field: &str,
    value: &Value,
    scope: Option<i64>,
) -> Result<i64, Detail> {
    let of_scope = |record: &Record| {
        scope.is_none()
            || match table {
                Table::Contact => referenced(record, "company") == scope,
                _ => parent_id(table, record) == scope,
            }
    };
    let not_found = |key: &str, wanted: &str| {
        let within = match (scope, scope_field(table)) {
            (Some(id), Some("board")) => format!(" for Service Board {id}"),
            (Some(id), Some(_)) => format!(" for Company {id}"),
            _ => String::new(),
        };
        Detail::not_found(
            &format!("{field}/{key}"),
            format!("{} {wanted} not found{within}", table.label()),
        )
    };
    if let Some(id) = value.get("id").and_then(Value::as_i64) {
        return match store.get(table, id).filter(|record| of_scope(record)) {
            Some(record) => usable(table, field, record).map(|()| id),
            None => Err(not_found("id", &id.to_string())),
        };
    }
    for key in ["identifier", "deviceIdentifier", "name", "summary"] {
        let Some(wanted) = value.get(key).and_then(Value::as_str) else {
            continue;
        };
        let mut found = store.rows(table).filter(|(_, record)| {
            of_scope(record)
                && Store::key(table, record, key)
                    .as_ref()
                    .and_then(Value::as_str)
                    .is_some_and(|text| text.to_lowercase() == wanted.to_lowercase())
        });
        return match (found.next(), found.next()) {
            (None, _) => Err(not_found(key, wanted)),
            (Some(_), Some(_)) => Err(Detail::invalid(
                &format!("{field}/{key}"),
                format!("{} {wanted} is not unique", table.label()),
            )),
            (Some((id, record)), None) => usable(table, field, record).map(|()| id),
        };
    }
    Err(Detail::missing(field))
}

fn usable(table: Table, field: &str, record: &Record) -> Result<(), Detail> {
    let flag = match table {
        Table::BoardStatus => "inactive",
        Table::Board
        | Table::BoardType
        | Table::BoardSubType
        | Table::BoardItem
        | Table::ConfigurationType
        | Table::Contact
        | Table::CompanySite
        | Table::Member => "inactiveFlag",
        _ => return Ok(()),
    };
    if is_set(record, flag) {
        return Err(Detail::invalid(
            field,
            format!("{} is inactive", table.label()),
        ));
    }
    Ok(())
}
