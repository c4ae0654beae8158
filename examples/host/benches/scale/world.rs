//! A simulated instance, a folder with configurations for it, and the program.

use casewire_simulator::{Options, PRIVATE_KEY, PUBLIC_KEY, Server};
use serde_json::{Value, json};
use std::{
    io::{BufRead as _, BufReader},
    path::PathBuf,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};
use tempfile::TempDir;

const TOKEN: &str = "a-token-of-the-measurement-0123456789";

pub(crate) struct World {
    pub(crate) server: Server,
    folder: TempDir,
}

impl World {
    /// An instance that takes `latency` for each answer and permits so many requests a minute.
    pub(crate) fn new(latency: Duration, permitted: Option<u32>) -> Self {
        let server = Server::start(Options {
            latency,
            keep_requests: 10,
            ..Options::default()
        })
        .unwrap();
        server.psa().settings.requests_per_minute = permitted;
        Self {
            server,
            folder: tempfile::tempdir().unwrap(),
        }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn write(&self, name: &str, text: &str) {
        std::fs::write(self.path(name), text).unwrap();
    }

    /// Writes `{name}.json` for an instance of that name.
    pub(crate) fn configure(&self, name: &str, limits: Value) {
        let mut config: Value =
            serde_json::from_str(include_str!("../../../configuration.json")).unwrap();
        config["instance"] = json!(name);
        config["connection"] = json!({"site": self.server.url(), "company_id": "acme", "allow_insecure_loopback": true,
            "client_id": "6f1f6f0e-3c1d-4a52-9a54-0b9f5f4f9e11"});
        config["limits"] = limits;
        self.write(&format!("{name}.json"), &config.to_string());
    }

    /// The program in the folder, with the keys of the simulated instance.
    pub(crate) fn program(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_casewire"));
        command
            .args(arguments)
            .current_dir(self.folder.path())
            .env("RUST_LOG", "error")
            .env("CASEWIRE_TOKEN", TOKEN)
            .env("CASEWIRE_PUBLIC_KEY", PUBLIC_KEY)
            .env("CASEWIRE_PRIVATE_KEY", PRIVATE_KEY)
            .stdin(Stdio::null());
        command
    }

    pub(crate) fn tickets(&self) -> usize {
        self.server.psa().ids("tickets").unwrap().len()
    }

    /// Waits until there are so many tickets.
    pub(crate) fn wait_for_tickets(&self, count: usize, patience: Duration) {
        let end = Instant::now() + patience;
        while self.tickets() < count {
            assert!(
                Instant::now() < end,
                "{} of {count} tickets",
                self.tickets()
            );
            std::thread::sleep(Duration::from_millis(2));
        }
    }
}

/// A service of the program.
pub(crate) struct Service {
    child: Child,
    url: String,
    agent: ureq::Agent,
}

impl Service {
    pub(crate) fn start(world: &World, config: &str, more: &[&str]) -> Self {
        let mut arguments = vec!["serve", "--config", config, "--listen", "127.0.0.1:0"];
        arguments.extend(more);
        let mut command = world.program(&arguments);
        let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap())
            .read_line(&mut line)
            .unwrap();
        let url = line
            .trim()
            .rsplit(' ')
            .next()
            .unwrap_or_default()
            .to_owned();
        assert!(url.starts_with("http"), "the service does not start");
        Self {
            child,
            url,
            agent: ureq::Agent::config_builder()
                .timeout_global(Some(Duration::from_secs(60)))
                .build()
                .into(),
        }
    }

    /// Hands the cases over, which are on the disk then.
    pub(crate) fn hand_over(&self, cases: impl Iterator<Item = usize>) {
        let lines: String = cases.map(|number| format!("{}\n", case(number))).collect();
        let answer = self
            .agent
            .post(format!("{}/cases", self.url))
            .header("authorization", format!("Bearer {TOKEN}"))
            .send(lines.as_bytes());
        assert_eq!(answer.unwrap().status(), 202);
    }

    /// Bytes of memory that it has in use.
    pub(crate) fn memory(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let line = status
            .lines()
            .find_map(|line| line.strip_prefix("VmRSS:"))
            .unwrap();
        line.trim().trim_end_matches(" kB").parse::<u64>().unwrap() * 1024
    }

    /// Seconds of processor time that it has used.
    pub(crate) fn processor(&self) -> f64 {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.child.id())).unwrap();
        let fields: Vec<&str> = stat.rsplit(") ").next().unwrap().split(' ').collect();
        // utime and stime, in hundredths of a second (proc(5)).
        [11, 12]
            .iter()
            .map(|place| fields[*place].parse::<f64>().unwrap() / 100.0)
            .sum()
    }

    pub(crate) fn stop(mut self) {
        let id = self.child.id().to_string();
        assert!(
            Command::new("kill")
                .args(["-TERM", &id])
                .status()
                .unwrap()
                .success()
        );
        assert!(self.child.wait().unwrap().success());
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A case such as a SIEM sends, with four hundred bytes of description.
pub(crate) fn case(number: usize) -> Value {
    let words = "An audit log was cleared on a domain controller by an account that is not on the list of administrators. ";
    json!({
        "id": number.to_string(),
        "title": format!("Windows: Audit log cleared on 48Tech-DC{}", number % 50),
        "description": words.repeat(4),
        "severity": "high",
        "category": "windows",
        "kind": "audit",
        "group": {"id": "48Tech"},
        "created_at": "2019-02-11T01:07:14Z",
        "updated_at": "2019-02-11T01:07:14Z",
    })
}
