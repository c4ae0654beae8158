//! Servers on loopback that a part starts for itself.

use std::fs::{self, File};
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::command::end;
use crate::project::Project;

const SCHEME: &str = "http://";
const START_LIMIT: Duration = Duration::from_secs(60);

/// A running server. It ends when this value is dropped.
#[derive(Debug)]
pub(crate) struct Server {
    /// Where it listens: scheme, host and port, without a slash at the end.
    pub(crate) url: String,
    child: Child,
    log: PathBuf,
}

impl Server {
    /// Builds and starts the simulator on a free port. What it prints goes to a file in `folder`.
    pub(crate) fn simulator(project: &Project, folder: &Path) -> Result<Self> {
        Self::start(
            project
                .program("casewire-simulator")?
                .args(["--listen", "127.0.0.1:0"]),
            folder.join("simulator.log"),
        )
    }

    /// Starts a server that prints its URL, and waits until it accepts connections.
    pub(crate) fn start(command: &mut Command, log: PathBuf) -> Result<Self> {
        let file = File::create(&log).with_context(|| format!("cannot write {}", log.display()))?;
        let child = command
            .stdin(Stdio::null())
            .stdout(file.try_clone()?)
            .stderr(file)
            .spawn()
            .with_context(|| {
                format!(
                    "cannot start {}",
                    Path::new(command.get_program()).display()
                )
            })?;
        let mut server = Self {
            url: String::new(),
            child,
            log,
        };
        let started = Instant::now();
        loop {
            if let Some(address) = loopback_address(&server.printed())
                && TcpStream::connect(address).is_ok()
            {
                server.url = format!("{SCHEME}{address}");
                return Ok(server);
            }
            if let Some(status) = server.child.try_wait()? {
                bail!(
                    "the server ended ({status}) and said:\n{}",
                    server.printed()
                );
            }
            if started.elapsed() > START_LIMIT {
                bail!("the server does not listen and said:\n{}", server.printed());
            }
            sleep(Duration::from_millis(20));
        }
    }

    /// What the server has printed so far.
    pub(crate) fn printed(&self) -> String {
        fs::read(&self.log)
            .map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
            .unwrap_or_default()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        end(&mut self.child);
    }
}

/// The first `http://127.0.0.1:PORT` in a text.
fn loopback_address(text: &str) -> Option<SocketAddr> {
    text.match_indices(SCHEME).find_map(|(start, _)| {
        let rest = text.get(start + SCHEME.len()..)?;
        let end = rest
            .find(|c: char| !(c.is_ascii_digit() || c == '.' || c == ':'))
            .unwrap_or(rest.len());
        rest.get(..end)?
            .parse()
            .ok()
            .filter(|address: &SocketAddr| address.ip().is_loopback())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_is_found_in_what_a_server_prints() {
        let text = "see http://example.test/\nlistening on http://127.0.0.1:4010/v4_6\n";
        assert_eq!(
            loopback_address(text),
            Some(SocketAddr::from(([127, 0, 0, 1], 4010)))
        );
    }

    #[test]
    fn an_address_that_is_not_on_loopback_is_none() {
        assert_eq!(loopback_address("http://192.0.2.1:80"), None);
        assert_eq!(loopback_address("starting"), None);
    }
}
