//! Logs on standard error, without secrets.

use std::{
    io::{self, Write},
    sync::{PoisonError, RwLock},
};
use tracing_subscriber::EnvFilter;

/// Texts that never leave this process on standard error.
static SECRETS: RwLock<Vec<String>> = RwLock::new(Vec::new());

/// Starts the log, at the level that `RUST_LOG` or the number of `--verbose` asks for; as JSON lines where that is wanted.
pub(super) fn start(verbose: u8, json: bool) {
    let level = match verbose {
        0 => "error",
        1 => "casewire_host=info,warn",
        _ => "casewire_host=debug,info",
    };
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(level));
    // A second start, as in a test, keeps the first.
    let log = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(|| Redacting)
        .with_target(false);
    let _ = match json {
        true => log.json().flatten_event(true).try_init(),
        false => log
            .with_ansi(io::IsTerminal::is_terminal(&io::stderr()))
            .try_init(),
    };
}

/// Keeps a text out of everything that is written to standard error from now on.
pub(super) fn hide(secret: &str) {
    if !secret.is_empty() {
        let mut secrets = SECRETS.write().unwrap_or_else(PoisonError::into_inner);
        secrets.push(secret.to_owned());
    }
}

/// The text without any secret.
pub(super) fn redact(text: &str) -> String {
    let secrets = SECRETS.read().unwrap_or_else(PoisonError::into_inner);
    secrets.iter().fold(text.to_owned(), |text, secret| {
        text.replace(secret, "[redacted]")
    })
}

/// Standard error; each event comes as one piece.
struct Redacting;

impl Write for Redacting {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let text = redact(&String::from_utf8_lossy(bytes));
        io::stderr().lock().write_all(text.as_bytes())?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        io::stderr().flush()
    }
}
