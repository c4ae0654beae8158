//! Boards, their children, and the tables that tickets draw on (API.md section 8).

use serde_json::{Value, json};

use crate::failure::{Detail, Failure};
use crate::psa::records::Saving;
use crate::psa::{Actor, Psa};
use crate::store::{Record, is_set, parent_id, referenced, text};
use crate::table::Table;

/// Names are unique on their board, flags that were left out are false.
pub(super) fn prepare(psa: &mut Psa, saving: &mut Saving<'_>) -> Result<(), Failure> {
    let flags: &[&str] = match saving.table {
        Table::Board => &["inactiveFlag", "projectFlag"],
        Table::BoardStatus => &[
            "inactive",
            "closedStatus",
            "timeEntryNotAllowed",
            "defaultFlag",
        ],
        Table::BoardType => &["inactiveFlag", "defaultFlag"],
        _ => &["inactiveFlag"],
    };
    for flag in flags {
        saving.default(flag, json!(false));
    }
    match saving.table {
        Table::BoardStatus => {
            saving.default("displayOnBoard", json!(true));
            saving.default("escalationStatus", json!("NotResponded"));
        }
        Table::BoardType => saving.default("category", json!("Reactive")),
        _ => {}
    }
    let own = saving.record.get("id").and_then(Value::as_i64);
    let parent = parent_id(saving.table, &saving.record);
    let name = text(&saving.record, "name").to_lowercase();
    let taken = psa.store.rows(saving.table).any(|(id, record)| {
        Some(id) != own
            && parent_id(saving.table, record) == parent
            && text(record, "name").to_lowercase() == name
    });
    if taken && !psa.settings.quirks.setup_names_repeat {
        let message = format!("A {} with this name already exists", saving.table.label());
        saving
            .details
            .push(Detail::new("ObjectExists", message, "name"));
    }
    Ok(())
}

/// A new board can be used at once: it has a first and a closed status.
pub(super) fn after_create(psa: &mut Psa, id: i64, actor: &Actor) {
    for (name, order, closed) in [("New", 0, false), (">Closed", 999, true)] {
        let mut status = Record::new();
        for (field, value) in [
            ("name", json!(name)),
            ("board", json!({"id": id})),
            ("sortOrder", json!(order)),
            ("displayOnBoard", json!(!closed)),
            ("inactive", json!(false)),
            ("closedStatus", json!(closed)),
            ("timeEntryNotAllowed", json!(false)),
            ("defaultFlag", json!(!closed)),
            (
                "escalationStatus",
                json!(if closed { "Resolved" } else { "NotResponded" }),
            ),
        ] {
            status.insert(field.to_owned(), value);
        }
        Psa::stamp_new(&mut status, actor);
        psa.store.insert(Table::BoardStatus, status);
    }
}

/// Brings the associations of a subtype up to date with its `typeAssociationIds`.
pub(super) fn associate(psa: &mut Psa, id: i64) {
    let Some(sub_type) = psa.store.get(Table::BoardSubType, id).cloned() else {
        return;
    };
    let board = referenced(&sub_type, "board").unwrap_or_default();
    let types: Vec<i64> = sub_type
        .get("typeAssociationIds")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(Value::as_i64)
        .collect();
    let stale: Vec<i64> = psa
        .store
        .children(Table::Association, board)
        .filter(|(_, association)| {
            referenced(association, "subType") == Some(id)
                && !referenced(association, "type").is_some_and(|kind| types.contains(&kind))
        })
        .map(|(id, _)| id)
        .collect();
    for association in stale {
        psa.store.remove(Table::Association, association);
    }
    for kind in types {
        let known = psa
            .store
            .children(Table::Association, board)
            .any(|(_, association)| {
                referenced(association, "type") == Some(kind)
                    && referenced(association, "subType") == Some(id)
            });
        if !known {
            associate_triple(psa, board, kind, id, None);
        }
    }
}

/// Stores an association of a type, a subtype and perhaps an item.
pub(crate) fn associate_triple(
    psa: &mut Psa,
    board: i64,
    kind: i64,
    sub_type: i64,
    item: Option<i64>,
) {
    let mut association = Record::new();
    association.insert("board".to_owned(), json!({"id": board}));
    association.insert("type".to_owned(), json!({"id": kind}));
    association.insert("subType".to_owned(), json!({"id": sub_type}));
    if let Some(item) = item {
        association.insert("item".to_owned(), json!({"id": item}));
    }
    psa.store.insert(Table::Association, association);
}

/// What tickets refer to cannot be deleted.
pub(super) fn before_delete(psa: &Psa, table: Table, id: i64) -> Result<(), Failure> {
    let field = match table {
        Table::Board => "board",
        Table::BoardStatus => "status",
        Table::BoardType => "type",
        Table::Priority => "priority",
        _ => "source",
    };
    let used = psa
        .store
        .rows(Table::Ticket)
        .any(|(_, ticket)| referenced(ticket, field) == Some(id));
    let is_default = psa
        .store
        .get(table, id)
        .is_some_and(|record| table == Table::BoardStatus && is_set(record, "defaultFlag"));
    if used || is_default {
        let message = format!("{} {id} is in use.", table.label());
        return Err(Failure::new(409, "ConflictingRecord", message));
    }
    Ok(())
}
