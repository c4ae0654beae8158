//! ConnectWise's own PATCH: an array of operations on bare field names (API.md section 6.1).

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::body;
use crate::failure::{Detail, Failure};
use crate::schema::{Access, Entity, Kind};
use crate::settings::{Quirks, SubPath};
use crate::store::Record;

/// Applies a PATCH body to a record and returns the names of the fields it set.
///
/// A path into an object succeeds and changes nothing, unless a quirk says otherwise; so does a
/// path to a read-only field.
pub(crate) fn apply(
    entity: &'static Entity,
    record: &mut Record,
    patch: &[u8],
    quirks: &Quirks,
) -> Result<BTreeSet<String>, Failure> {
    let Value::Array(operations) = body::json(patch)? else {
        return Err(Failure::new(
            400,
            "InvalidObject",
            "A PATCH body is an array of operations.",
        ));
    };
    let mut changed = BTreeSet::new();
    let mut details = Vec::new();
    for operation in &operations {
        match apply_one(entity, record, operation, quirks) {
            Ok(Some(name)) => {
                changed.insert(name);
            }
            Ok(None) => {}
            Err(mut found) => details.append(&mut found),
        }
    }
    if details.is_empty() {
        Ok(changed)
    } else {
        Err(Failure::invalid_object(&entity.resource(), details))
    }
}

fn apply_one(
    entity: &'static Entity,
    record: &mut Record,
    operation: &Value,
    quirks: &Quirks,
) -> Result<Option<String>, Vec<Detail>> {
    let part = |key: &str| operation.get(key).and_then(Value::as_str);
    let path = part("path").ok_or_else(|| vec![Detail::missing("path")])?;
    let removes = match part("op") {
        Some("add" | "replace") => false,
        Some("remove") => true,
        Some(other) => {
            return Err(vec![Detail::invalid(
                "op",
                format!("'{other}' is not a supported operation."),
            )]);
        }
        None => return Err(vec![Detail::missing("op")]),
    };
    let bare = match path.strip_prefix('/') {
        Some(bare) if quirks.patch_leading_slash => bare,
        _ => path,
    };
    let invalid_path = || {
        vec![Detail::invalid(
            path,
            format!("'{path}' is not a valid path."),
        )]
    };
    let (name, key) = bare.split_once('/').unwrap_or((bare, ""));
    let field = entity.field(name).ok_or_else(invalid_path)?;
    if field.access == Access::ReadOnly {
        return Ok(None);
    }
    let value = operation.get("value").unwrap_or(&Value::Null);
    if !key.is_empty() {
        return match (field.kind, quirks.sub_path) {
            (Kind::Reference(_), SubPath::Applied) if !removes => {
                record.insert(name.to_owned(), json!({ key: value }));
                Ok(Some(name.to_owned()))
            }
            (Kind::Reference(_) | Kind::Map, _) => Ok(None),
            _ => Err(invalid_path()),
        };
    }
    if removes || value.is_null() {
        record.remove(name);
    } else {
        let value = body::accept_value(field, name, value, quirks)?;
        record.insert(name.to_owned(), value);
    }
    Ok(Some(name.to_owned()))
}
