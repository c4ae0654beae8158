//! Lists for a spreadsheet.

use crate::refusals::is_pointer;
use casewire::{MappingRow, read_mappings, write_mappings};

/// A list is refused with reasons, or read: each row is good or has faults with its line, and the good ones are the same
/// when they are written and read again.
pub(crate) fn csv(input: &[u8]) {
    let read = match read_mappings(input) {
        Ok(read) => read,
        Err(error) => {
            assert!(!error.faults.is_empty(), "{error:?}");
            for fault in &error.faults {
                is_pointer(&fault.pointer);
            }
            return;
        }
    };
    for fault in &read.faults {
        is_pointer(&fault.pointer);
        let line = fault.pointer.strip_prefix("/lines/");
        let line = line.and_then(|rest| rest.split('/').next());
        let line: Option<u64> = line.and_then(|line| line.parse().ok());
        assert!(line.is_some_and(|line| line > 0), "{fault:?}");
        assert!(!fault.fix.trim().is_empty(), "{fault:?}");
    }
    let rows: Vec<_> = read.rows.into_iter().map(|(_, row)| row).collect();
    let text = write_mappings(&rows);
    let again = read_mappings(text.as_bytes()).expect("what was written can be read");
    assert_eq!(again.faults, [], "{text}");
    let again: Vec<_> = again.rows.into_iter().map(|(_, row)| row).collect();
    // Names are folded into one line; after that nothing changes any more, and what is mapped never did.
    assert_eq!(write_mappings(&again), text);
    let mapped = |rows: &[MappingRow]| -> Vec<_> {
        let rows = rows.iter().cloned();
        rows.map(|row| {
            (
                row.kind,
                row.id,
                row.company_id,
                row.configuration_id,
                row.origin,
            )
        })
        .collect()
    };
    assert_eq!(mapped(&rows), mapped(&again), "{text}");
    for cell in cells(&text) {
        let guarded = !cell.starts_with(['=', '+', '-', '@', '\t']);
        assert!(guarded, "a spreadsheet takes {cell:?} for a formula");
    }
}

/// The cells as a spreadsheet reads them (RFC 4180).
fn cells(text: &str) -> Vec<String> {
    let mut cells = vec![String::new()];
    let mut quoted = false;
    for sign in text.chars() {
        match sign {
            '"' => quoted = !quoted,
            ',' | '\r' | '\n' if !quoted => cells.push(String::new()),
            _ => {
                if let Some(cell) = cells.last_mut() {
                    cell.push(sign);
                }
            }
        }
    }
    cells
}
