//! Mappings in.

use super::{COLUMNS, GUARDED, MappedKind, MappingOrigin, MappingRow, ReadMappings};
use crate::{
    company::{CompanyId, ConfigurationId},
    error::{Code, Error, Fault, Result, pointer},
    nearest::{did_you_mean, listed},
    text::{cut, single_line},
};
use csv_core::ReadFieldResult;
use std::collections::BTreeMap;

/// Longest id of a group or system, in characters.
const LONGEST_ID: usize = 200;

pub(super) fn list(text: &[u8]) -> Result<ReadMappings> {
    let mut records = Records::of(text.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(text));
    let header = header(&records.next().unwrap_or_default())?;
    let mut list = List::default();
    for record in records {
        if record
            .cells
            .iter()
            .any(|cell| !cell.trim_ascii().is_empty())
        {
            list.take(Row::of(&header, &record));
        }
    }
    Ok(list.finish())
}

/// Cells, and the line on which they begin.
#[derive(Default)]
struct Record {
    line: u64,
    cells: Vec<Vec<u8>>,
}

/// The records of a list; empty lines are passed over, and count.
struct Records<'a> {
    text: &'a [u8],
    reader: csv_core::Reader,
    /// How much of the text was read.
    read: usize,
    /// How far lines were counted.
    counted: usize,
    line: u64,
    /// As long as the text, since no cell is longer.
    cell: Vec<u8>,
}

impl<'a> Records<'a> {
    fn of(text: &'a [u8]) -> Self {
        Self {
            text,
            reader: csv_core::ReaderBuilder::new()
                .delimiter(delimiter(text))
                .build(),
            read: 0,
            counted: 0,
            line: 1,
            cell: vec![0; text.len() + 1],
        }
    }

    /// Counts lines up to the next cell that is not an empty line.
    fn count_lines(&mut self) {
        while let Some(byte) = self.text.get(self.counted) {
            let is_end = matches!(byte, b'\n' | b'\r');
            if self.counted >= self.read && !is_end {
                break;
            }
            let is_first_of_two = *byte == b'\r' && self.text.get(self.counted + 1) == Some(&b'\n');
            self.line += u64::from(is_end && !is_first_of_two);
            self.counted += 1;
        }
    }
}

impl Iterator for Records<'_> {
    type Item = Record;

    fn next(&mut self) -> Option<Record> {
        self.count_lines();
        let mut record = Record {
            line: self.line,
            cells: Vec::new(),
        };
        let mut length = 0;
        loop {
            let rest = self.text.get(self.read..).unwrap_or_default();
            let room = self.cell.get_mut(length..).unwrap_or_default();
            let (result, read, written) = self.reader.read_field(rest, room);
            self.read += read;
            length += written;
            match result {
                ReadFieldResult::InputEmpty => {}
                ReadFieldResult::Field { record_end } => {
                    record
                        .cells
                        .push(self.cell.get(..length).unwrap_or_default().to_vec());
                    length = 0;
                    if record_end {
                        return Some(record);
                    }
                }
                ReadFieldResult::OutputFull | ReadFieldResult::End => return None,
            }
        }
    }
}

/// `;`, as spreadsheets write it where the comma is the decimal mark, if the header has one.
fn delimiter(text: &[u8]) -> u8 {
    let mut header = text
        .iter()
        .take_while(|byte| !matches!(byte, b'\n' | b'\r'));
    if header.any(|byte| *byte == b';') {
        b';'
    } else {
        b','
    }
}

/// The columns in the order of the list.
fn header(record: &Record) -> Result<Vec<&'static str>> {
    let mut columns = Vec::new();
    let mut faults = Vec::new();
    for cell in &record.cells {
        let written = String::from_utf8_lossy(cell).trim().to_lowercase();
        let at = pointer("/lines/1", &written);
        match COLUMNS.iter().find(|column| **column == written) {
            Some(column) if columns.contains(column) => faults.push(Fault::new(
                Code::MalformedList,
                at,
                format!("the column '{column}' comes twice"),
                "Leave it once.",
            )),
            Some(column) => columns.push(*column),
            None => faults.push(Fault::new(
                Code::UnknownKey,
                at,
                format!("there is no column '{}'", cut(&written, 60)),
                format!(
                    "{}The columns are: {}.",
                    did_you_mean(&written, &COLUMNS),
                    listed(&COLUMNS)
                ),
            )),
        }
    }
    for needed in ["kind", "id"] {
        if !columns.contains(&needed) {
            faults.push(Fault::new(
                Code::MissingKey,
                format!("/lines/1/{needed}"),
                format!("the column '{needed}' is missing"),
                "Name the columns in the first line, as an export does.",
            ));
        }
    }
    if faults.is_empty() {
        Ok(columns)
    } else {
        Err(Error::refused("the list's header", faults))
    }
}

/// What was read so far.
#[derive(Default)]
struct List {
    rows: Vec<(u64, MappingRow)>,
    faults: Vec<(u64, Fault)>,
    lines_of: BTreeMap<(MappedKind, String), Vec<u64>>,
}

impl List {
    fn take(&mut self, mut row: Row<'_>) {
        let line = row.line;
        let read = row.read();
        if let (Some(kind), Some(id)) = (row.kind, row.id) {
            self.lines_of.entry((kind, id)).or_default().push(line);
        }
        match read {
            Some(read) if row.faults.is_empty() => self.rows.push((line, read)),
            _ => self
                .faults
                .extend(row.faults.into_iter().map(|fault| (line, fault))),
        }
    }

    /// A group or system that comes twice is refused each time: which of the rows is meant, only a person knows.
    fn finish(mut self) -> ReadMappings {
        let mut repeated: Vec<u64> = Vec::new();
        for ((kind, id), lines) in self
            .lines_of
            .into_iter()
            .filter(|(_, lines)| lines.len() > 1)
        {
            let all = lines.iter().map(ToString::to_string).collect::<Vec<_>>();
            for line in lines {
                repeated.push(line);
                self.faults.push((
                    line,
                    Fault::new(
                        Code::DuplicateRow,
                        format!("/lines/{line}/id"),
                        format!(
                            "line {line}: the {} '{}' stands on the lines {}",
                            kind.name(),
                            cut(&id, 60),
                            listed(&all)
                        ),
                        "Leave one of them.",
                    ),
                ));
            }
        }
        repeated.sort_unstable();
        self.rows
            .retain(|(line, _)| repeated.binary_search(line).is_err());
        self.faults.sort_by_key(|(line, _)| *line);
        ReadMappings {
            rows: self.rows,
            faults: self.faults.into_iter().map(|(_, fault)| fault).collect(),
        }
    }
}

/// A row that is being read.
struct Row<'a> {
    line: u64,
    cells: BTreeMap<&'static str, &'a [u8]>,
    kind: Option<MappedKind>,
    id: Option<String>,
    faults: Vec<Fault>,
}

impl<'a> Row<'a> {
    fn of(header: &[&'static str], record: &'a Record) -> Self {
        let mut row = Self {
            line: record.line,
            cells: header
                .iter()
                .copied()
                .zip(record.cells.iter().map(Vec::as_slice))
                .collect(),
            kind: None,
            id: None,
            faults: Vec::new(),
        };
        if record.cells.len() > header.len() {
            row.fault(
                Code::MalformedList,
                "",
                format!(
                    "it has {} cells, and the header {}",
                    record.cells.len(),
                    header.len()
                ),
                "Put what holds a separator in quotes.",
            );
        }
        row
    }

    fn fault(
        &mut self,
        code: Code,
        column: &str,
        message: impl std::fmt::Display,
        fix: impl Into<String>,
    ) {
        let line = self.line;
        let slash = if column.is_empty() { "" } else { "/" };
        self.faults.push(Fault::new(
            code,
            format!("/lines/{line}{slash}{column}"),
            format!("line {line}: {message}"),
            fix,
        ));
    }

    /// The mapping, if there is no fault that hides it; the faults say the rest.
    fn read(&mut self) -> Option<MappingRow> {
        self.kind = self.one_of("kind", &MappedKind::ALL.map(|kind| (kind.name(), kind)));
        if self.kind.is_none() && self.text("kind").is_none() {
            self.fault(
                Code::MissingKey,
                "kind",
                "it does not say what it maps",
                "Write 'group' or 'system'.",
            );
        }
        self.id = self.text("id");
        match self.id.as_deref() {
            None => self.fault(
                Code::MissingKey,
                "id",
                "the id is missing",
                "Write the id of the group or system.",
            ),
            Some(id) if id.chars().count() > LONGEST_ID => self.fault(
                Code::TooLong,
                "id",
                format!("the id has more than {LONGEST_ID} characters"),
                "Write the id as the security product has it.",
            ),
            Some(_) => {}
        }
        let origin = self.one_of(
            "origin",
            &MappingOrigin::ALL.map(|origin| (origin.name(), origin)),
        );
        let row = MappingRow {
            kind: self.kind.unwrap_or(MappedKind::Group),
            id: self.id.clone().unwrap_or_default(),
            name: self.text("name"),
            company_id: self.number("company_id").map(CompanyId),
            company_identifier: self.text("company_identifier"),
            company_name: self.text("company_name"),
            configuration_id: self.number("configuration_id").map(ConfigurationId),
            configuration_name: self.text("configuration_name"),
            origin: origin.unwrap_or_default(),
            group: self.text("group"),
        };
        self.unreadable();
        self.targets();
        self.kind.and(self.id.as_ref()).map(|_| row)
    }

    /// What is mapped needs something that it is mapped to.
    fn targets(&mut self) {
        let is_empty =
            |row: &Self, columns: &[&str]| columns.iter().all(|column| row.text(column).is_none());
        match self.kind {
            Some(MappedKind::Group) => {
                if is_empty(self, &["company_id", "company_identifier", "company_name"]) {
                    self.fault(
                        Code::MissingKey,
                        "company_id",
                        "neither company_id nor company_identifier nor company_name says which company the group is",
                        "Write one of them.",
                    );
                }
                if !is_empty(self, &["configuration_id", "configuration_name"]) {
                    self.fault(
                        Code::InvalidValue,
                        "configuration_id",
                        "a group is mapped to a company, not to a configuration",
                        "Clear the configuration, or write 'system' as the kind.",
                    );
                }
            }
            Some(MappedKind::System) if is_empty(self, &["configuration_id", "configuration_name"]) => self.fault(
                Code::MissingKey,
                "configuration_id",
                "neither configuration_id nor configuration_name says which configuration the system is",
                "Write one of them.",
            ),
            Some(MappedKind::System) | None => {}
        }
    }

    /// A cell that is not text, or that goes on over line ends: a quote that is not closed swallows the rows behind it.
    fn unreadable(&mut self) {
        for (column, cell) in self.cells.clone() {
            match std::str::from_utf8(cell) {
                Err(_) => self.fault(
                    Code::InvalidUtf8,
                    column,
                    format!("'{column}' is not UTF-8"),
                    "Save the list as 'CSV UTF-8'.",
                ),
                Ok(text) if text.trim().contains(['\n', '\r']) => self.fault(
                    Code::MalformedList,
                    column,
                    format!("'{column}' goes on over several lines"),
                    "Close the quote, or write it in one line.",
                ),
                Ok(text) if text.trim().contains(char::is_control) => self.fault(
                    Code::ControlCharacter,
                    column,
                    format!("'{column}' has a control character"),
                    "Remove it.",
                ),
                Ok(_) => {}
            }
        }
    }

    /// A cell's text without the apostrophe of a guarded one; nothing where it is empty or unreadable.
    fn text(&self, column: &str) -> Option<String> {
        let text = std::str::from_utf8(self.cells.get(column)?).ok()?.trim();
        let text = match text.strip_prefix('\'') {
            Some(guarded) if guarded.starts_with(GUARDED) => guarded,
            _ => text,
        };
        (!text.is_empty()).then(|| text.to_owned())
    }

    fn number(&mut self, column: &'static str) -> Option<u32> {
        let text = self.text(column)?;
        let number = text
            .parse()
            .ok()
            .filter(|number| *number > 0 && !text.starts_with('+'));
        if number.is_none() {
            self.fault(
                Code::InvalidValue,
                column,
                format!("'{}' is no record id", cut(&single_line(&text), 60)),
                "Write a whole number from 1, without separators, or leave it empty.",
            );
        }
        number
    }

    fn one_of<T: Copy>(&mut self, column: &'static str, known: &[(&str, T)]) -> Option<T> {
        let text = self.text(column)?;
        let found = known
            .iter()
            .find(|(name, _)| name.eq_ignore_ascii_case(&text));
        if found.is_none() {
            let names: Vec<&str> = known.iter().map(|(name, _)| *name).collect();
            self.fault(
                Code::InvalidValue,
                column,
                format!("'{}' is no {column}", cut(&single_line(&text), 60)),
                format!(
                    "{}Write one of: {}.",
                    did_you_mean(&text, &names),
                    listed(&names)
                ),
            );
        }
        found.map(|(_, value)| *value)
    }
}
