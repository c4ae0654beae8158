//! Cases from a file or standard input, one JSON document a line.

use super::terminal::{Done, Stop};
use casewire::{Case, Code, Fault};
use std::{
    collections::BTreeSet,
    fs::File,
    io::{self, BufRead as _, BufReader, Read, Seek as _},
    path::Path,
};

/// Longest line, so that a file that is not meant for it cannot fill the memory.
const MAX_LINE: u64 = 64 << 20;

/// Cases that were all found sound. They are read twice and are never in memory all at once.
#[derive(Debug)]
pub(super) struct Cases {
    lines: Lines,
    ids: BTreeSet<String>,
    count: u64,
}

impl Cases {
    /// Reads and checks every case; `-` is standard input.
    ///
    /// A refusal names every fault of every line, with the line's number and the JSON pointer.
    pub(super) fn open(
        path: &Path,
        read: impl Fn(&[u8]) -> casewire::Result<Case>,
        check: impl Fn(&Case) -> Vec<Fault>,
    ) -> Done<Self> {
        let mut lines = Lines::open("the cases", path)?;
        let (mut ids, mut count, mut faults) = (BTreeSet::new(), 0, Vec::new());
        for line in &mut lines {
            let (number, text) = line?;
            count += 1;
            let found = match read(&text) {
                Ok(case) => {
                    let found = check(&case);
                    ids.insert(case.id);
                    found
                }
                Err(error) => error.faults,
            };
            faults.extend(
                found
                    .iter()
                    .map(|fault| format!("\n  line {number}, {fault}")),
            );
        }
        if !faults.is_empty() {
            let number = faults.len();
            let plural = if number == 1 { "" } else { "s" };
            return Err(Stop::Refused(format!(
                "the cases have {number} fault{plural}; nothing was sent. Each line is one case as JSON.{}",
                faults.concat()
            )));
        }
        lines.rewind()?;
        Ok(Self { lines, ids, count })
    }

    /// How many there are.
    pub(super) fn count(&self) -> u64 {
        self.count
    }

    /// Whether there is one of that id.
    pub(super) fn contains(&self, id: &str) -> bool {
        self.ids.contains(id)
    }

    /// The next case.
    pub(super) fn next(&mut self) -> Option<Done<Case>> {
        let line = self.lines.next()?;
        Some(line.and_then(|(number, text)| {
            Case::from_json(&text).map_err(|error| {
                Stop::failed(format!("line {number} changed while it was sent: {error}"))
            })
        }))
    }
}

/// The faults of attachments whose file is not there or has another length than the case says.
pub(super) fn attachment_faults(case: &Case) -> Vec<Fault> {
    let attachments = case.attachments.iter().enumerate();
    let faults = attachments.filter_map(|(index, attachment)| {
        let fault = |key: &str, message: String, fix: &str| {
            let pointer = format!("/attachments/{index}/{key}");
            Some(Fault::new(Code::InvalidValue, pointer, message, fix))
        };
        match std::fs::metadata(&attachment.token) {
            Ok(file) if !file.is_file() => fault(
                "token",
                format!("'{}' is not a file", attachment.token),
                "Give the path of a file",
            ),
            Ok(file) if file.len() != attachment.size => fault(
                "size",
                format!("the file has {} bytes", file.len()),
                "Give the length of the file",
            ),
            Ok(_) => None,
            Err(error) => fault(
                "token",
                format!("'{}' cannot be read: {error}", attachment.token),
                "Give the path of a file",
            ),
        }
    });
    faults.collect()
}

/// The lines of a file that are not blank, with their numbers.
#[derive(Debug)]
pub(super) struct Lines {
    /// What they are, such as `the cases`.
    what: &'static str,
    reader: BufReader<File>,
    number: u64,
}

impl Lines {
    /// Opens a file; `-` is standard input.
    pub(super) fn open(what: &'static str, path: &Path) -> Done<Self> {
        let named = |error| Stop::refused(format!("{what} {}: {error}", path.display()));
        let file = if path == Path::new("-") {
            spool(io::stdin().lock()).map_err(named)?
        } else {
            let file = File::open(path).map_err(named)?;
            match file.metadata().map_err(named)? {
                metadata if metadata.is_file() => file,
                metadata if metadata.is_dir() => {
                    return Err(named(io::ErrorKind::IsADirectory.into()));
                }
                _ => spool(file).map_err(named)?,
            }
        };
        Ok(Self {
            what,
            reader: BufReader::new(file),
            number: 0,
        })
    }

    fn rewind(&mut self) -> io::Result<()> {
        self.number = 0;
        self.reader.rewind()
    }

    fn read(&mut self) -> Done<Option<Vec<u8>>> {
        let mut line = Vec::new();
        let count = self
            .reader
            .by_ref()
            .take(MAX_LINE)
            .read_until(b'\n', &mut line)?;
        self.number += 1;
        if count as u64 >= MAX_LINE {
            return Err(Stop::refused(format!(
                "line {} of {} is longer than {MAX_LINE} bytes; nothing was sent",
                self.number, self.what
            )));
        }
        if self.number == 1 && line.starts_with("\u{feff}".as_bytes()) {
            line.drain(..3);
        }
        Ok(Some(line).filter(|_| count > 0))
    }
}

impl Iterator for Lines {
    type Item = Done<(u64, Vec<u8>)>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            match self.read() {
                Ok(Some(line)) if line.trim_ascii().is_empty() => {}
                Ok(Some(line)) => return Some(Ok((self.number, line))),
                Ok(None) => return None,
                Err(stop) => return Some(Err(stop)),
            }
        }
    }
}

/// Keeps what can be read only once in a file without a name.
fn spool(mut source: impl Read) -> io::Result<File> {
    let mut file = tempfile::tempfile()?;
    io::copy(&mut source, &mut file)?;
    file.rewind()?;
    Ok(file)
}
