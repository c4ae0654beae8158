//! What the program says, and how it ends.

use super::log;
use casewire::Error;
use comfy_table::{ContentArrangement, LineStyle, Table, TableStyle};
use std::{
    fmt::{self, Display, Formatter},
    io::{self, IsTerminal as _, Write as _},
    process::ExitCode,
};

/// Why a command did not do all that it was asked.
#[derive(Debug)]
pub(super) enum Stop {
    /// The configuration or the input is wrong; nothing was sent.
    Refused(String),
    /// Something failed.
    Failed(String),
    /// Something failed, and it was said already.
    Told,
}

/// What a command comes to.
pub(super) type Done<T = ()> = Result<T, Stop>;

impl Stop {
    pub(super) fn refused(why: impl Display) -> Self {
        Self::Refused(why.to_string())
    }

    pub(super) fn failed(why: impl Display) -> Self {
        Self::Failed(why.to_string())
    }

    /// An error with faults is about the configuration or the input; any other is a failure.
    pub(super) fn of(error: &Error) -> Self {
        if error.faults.is_empty() {
            Self::failed(format!("{error} [{}]", error.code))
        } else {
            Self::refused(error)
        }
    }

    /// Says it on standard error.
    pub(super) fn tell(self) -> ExitCode {
        let (message, code) = match self {
            Self::Refused(message) => (message, 2),
            Self::Failed(message) => (message, 3),
            Self::Told => (String::new(), 3),
        };
        if !message.is_empty() {
            say_aside(&format!("casewire: {message}"));
        }
        ExitCode::from(code)
    }
}

impl Display for Stop {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused(message) | Self::Failed(message) => f.write_str(message),
            Self::Told => Ok(()),
        }
    }
}

impl From<io::Error> for Stop {
    fn from(error: io::Error) -> Self {
        Self::failed(format!("standard output: {error}"))
    }
}

/// Writes a line to standard output.
pub(super) fn say(line: &str) -> io::Result<()> {
    let mut out = io::stdout().lock();
    out.write_all(line.as_bytes())?;
    out.write_all(b"\n")?;
    out.flush()
}

/// Writes a line to standard error; where that is closed, nobody wants to know.
pub(super) fn say_aside(line: &str) {
    let mut line = log::redact(line);
    line.push('\n');
    let _ = io::stderr().lock().write_all(line.as_bytes());
}

/// A line under the header and nothing else.
const STYLE: TableStyle = TableStyle::new().header_separator(LineStyle::none().fill('─'));

/// A table that fits the terminal.
pub(super) fn table<const N: usize>(header: [&str; N]) -> Table {
    let mut table = Table::new();
    table
        .load_style(STYLE)
        .set_content_arrangement(ContentArrangement::Dynamic)
        .set_header(header);
    if !io::stdout().is_terminal() {
        table.set_width(140);
    }
    table
}

/// A text from outside, fit for a terminal: control characters other than a line's end are shown as what they are.
pub(super) fn printable(text: &str) -> String {
    text.chars()
        .map(|character| match character {
            '\n' | '\t' => character,
            character if character.is_control() => '\u{fffd}',
            character => character,
        })
        .collect()
}
