//! Mappings out.

use super::{COLUMNS, GUARDED, MappingRow};
use crate::text::single_line;

pub(super) fn list(rows: &[MappingRow]) -> String {
    let mut list = COLUMNS.join(",") + "\r\n";
    for row in rows {
        list += &cells(row).map(quoted).join(",");
        list += "\r\n";
    }
    list
}

fn cells(row: &MappingRow) -> [String; COLUMNS.len()] {
    let number = |id: Option<u32>| id.map(|id| id.to_string()).unwrap_or_default();
    let name = |name: &Option<String>| guarded(single_line(name.as_deref().unwrap_or_default()));
    [
        row.kind.name().to_owned(),
        guarded(row.id.clone()),
        name(&row.name),
        number(row.company_id.map(|id| id.0)),
        name(&row.company_identifier),
        name(&row.company_name),
        number(row.configuration_id.map(|id| id.0)),
        name(&row.configuration_name),
        row.origin.name().to_owned(),
        guarded(row.group.clone().unwrap_or_default()),
    ]
}

fn guarded(text: String) -> String {
    if text.starts_with(GUARDED) {
        format!("'{text}")
    } else {
        text
    }
}

fn quoted(text: String) -> String {
    if text.contains(['"', ',', ';', '\r', '\n']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text
    }
}
