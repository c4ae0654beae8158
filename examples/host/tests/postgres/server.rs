//! A PostgreSQL server of one's own, in a folder that goes away with it.

use postgres::{Client, NoTls};
use std::{
    os::unix::{fs::MetadataExt as _, process::CommandExt as _},
    path::PathBuf,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};
use tempfile::TempDir;

/// Names the folder of `initdb` and `postgres`.
const PROGRAMS: &str = "CASEWIRE_POSTGRES";
/// Where Debian's packages put them, by version.
const DEBIAN: &str = "/usr/lib/postgresql";
/// The one who runs the server where the caller is root, which the server refuses to be.
const NOBODY: u32 = 65_534;
const PATIENCE: Duration = Duration::from_secs(30);
pub(crate) const PASSWORD: &str = "a-password-of-the-tests";

pub(crate) struct Postgres {
    child: Child,
    folder: TempDir,
    pub(crate) port: u16,
}

impl Postgres {
    /// Starts a server on a free port of loopback. It writes to the disk as it does in earnest.
    pub(crate) fn start() -> Self {
        Self::with(&[])
    }

    /// Starts one with settings, each `name=value`.
    pub(crate) fn with(settings: &[&str]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let as_root = std::fs::metadata("/proc/self").unwrap().uid() == 0;
        if as_root {
            std::os::unix::fs::chown(folder.path(), Some(NOBODY), Some(NOBODY)).unwrap();
        }
        let program = |name: &str| {
            let mut command = Command::new(programs().join(name));
            command
                .current_dir(folder.path())
                .env_clear()
                .stdin(Stdio::null());
            if as_root {
                command.uid(NOBODY).gid(NOBODY);
            }
            command
        };
        let made = program("initdb")
            .args([
                "--pgdata=data",
                "--username=casewire",
                "--auth=trust",
                "--no-sync",
            ])
            .args(["--encoding=UTF8", "--locale=C"])
            .output()
            .unwrap();
        assert!(
            made.status.success(),
            "{}",
            String::from_utf8_lossy(&made.stderr)
        );
        let rules = "host all trusted 127.0.0.1/32 trust\nhost all casewire 127.0.0.1/32 trust\nhost all all 127.0.0.1/32 scram-sha-256\n";
        std::fs::write(folder.path().join("data/pg_hba.conf"), rules).unwrap();
        let port = free_port();
        let log = std::fs::File::create(folder.path().join("log")).unwrap();
        let child = program("postgres")
            .args([
                "-D",
                "data",
                "-c",
                "listen_addresses=127.0.0.1",
                "-c",
                "unix_socket_directories=",
            ])
            .args(["-p", &port.to_string()])
            .args(settings.iter().flat_map(|setting| ["-c", setting]))
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()
            .unwrap();
        let mut server = Self {
            child,
            folder,
            port,
        };
        server.wait();
        server
    }

    fn wait(&mut self) {
        let end = Instant::now() + PATIENCE;
        while Client::connect(&self.url("postgres"), NoTls).is_err() {
            let ended = self.child.try_wait().unwrap();
            let log = || std::fs::read_to_string(self.folder.path().join("log")).unwrap();
            assert!(
                ended.is_none() && Instant::now() < end,
                "PostgreSQL does not start: {}",
                log()
            );
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    /// Of a database, with a user who needs no password.
    pub(crate) fn url(&self, database: &str) -> String {
        format!("postgres://casewire@127.0.0.1:{}/{database}", self.port)
    }

    /// Makes an empty database and gives its URL.
    pub(crate) fn database(&self, name: &str) -> String {
        self.run("postgres", &format!("CREATE DATABASE {name}"));
        self.url(name)
    }

    /// Performs statements as the owner of all.
    pub(crate) fn run(&self, database: &str, statements: &str) {
        self.client(database).batch_execute(statements).unwrap();
    }

    /// Switches encryption on, with a certificate and its key as PEM.
    pub(crate) fn encrypt(&self, certificate: &str, key: &str) {
        for (name, text) in [("server.crt", certificate), ("server.key", key)] {
            let path = self.folder.path().join("data").join(name);
            std::fs::write(&path, text).unwrap();
            let mode = std::os::unix::fs::PermissionsExt::from_mode(0o600);
            std::fs::set_permissions(&path, mode).unwrap();
            let owner = std::fs::metadata(self.folder.path()).unwrap();
            std::os::unix::fs::chown(&path, Some(owner.uid()), Some(owner.gid())).unwrap();
        }
        self.run("postgres", "ALTER SYSTEM SET ssl = on");
        self.run("postgres", "SELECT pg_reload_conf()");
        let mut client = self.client("postgres");
        let end = Instant::now() + PATIENCE;
        while client
            .query_one("SHOW ssl", &[])
            .unwrap()
            .get::<_, String>(0)
            != "on"
        {
            assert!(Instant::now() < end, "PostgreSQL does not encrypt");
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    pub(crate) fn client(&self, database: &str) -> Client {
        Client::connect(&self.url(database), NoTls).unwrap()
    }
}

impl Drop for Postgres {
    /// Ends it at once; what it held is thrown away.
    fn drop(&mut self) {
        let id = self.child.id().to_string();
        let _ = Command::new("kill").args(["-QUIT", &id]).status();
        let end = Instant::now() + PATIENCE;
        while Instant::now() < end && matches!(self.child.try_wait(), Ok(None)) {
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

/// The newest of Debian's versions, where nothing is said.
fn programs() -> PathBuf {
    if let Some(folder) = std::env::var_os(PROGRAMS) {
        return folder.into();
    }
    let versions = std::fs::read_dir(DEBIAN).into_iter().flatten().flatten();
    let found = versions.map(|version| version.path().join("bin")).max();
    found.unwrap_or_else(|| {
        panic!("PostgreSQL is not installed: on Debian, apt-get install postgresql, or name the folder of initdb in {PROGRAMS}")
    })
}

fn free_port() -> u16 {
    let listener = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap();
    listener.local_addr().unwrap().port()
}
