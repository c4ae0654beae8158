//! A simulated instance, a folder with a configuration for it, and the program.

use casewire_simulator::{Options, PRIVATE_KEY, PUBLIC_KEY, Server};
use serde_json::{Value, json};
use std::{
    collections::BTreeMap,
    path::PathBuf,
    process::{Command, Output, Stdio},
    time::Duration,
};
use tempfile::TempDir;

pub(crate) struct World {
    pub(crate) server: Server,
    folder: TempDir,
}

pub(crate) struct Run {
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl World {
    pub(crate) fn new() -> Self {
        Self::with_latency(Duration::ZERO)
    }

    /// One whose instance posts callbacks.
    pub(crate) fn calling_back() -> Self {
        Self::of(Options {
            deliver_callbacks: true,
            ..Options::default()
        })
    }

    pub(crate) fn with_latency(latency: Duration) -> Self {
        Self::of(Options {
            latency,
            ..Options::default()
        })
    }

    fn of(options: Options) -> Self {
        let server = Server::start(options).unwrap();
        server.psa().settings.requests_per_minute = None;
        let world = Self {
            server,
            folder: tempfile::tempdir().unwrap(),
        };
        world.configure(|_| {});
        world
    }

    /// Writes the sample configuration, pointed at the simulated instance and then changed.
    pub(crate) fn configure(&self, change: impl FnOnce(&mut Value)) {
        let mut config: Value =
            serde_json::from_str(include_str!("../../../configuration.json")).unwrap();
        config["connection"]["site"] = json!(self.server.url());
        config["connection"]["allow_insecure_loopback"] = json!(true);
        config["limits"] =
            json!({"requests_per_minute": 60_000, "settle": "2s", "request_timeout": "5s"});
        change(&mut config);
        self.write("acme.json", &config.to_string());
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn write(&self, name: &str, text: &str) {
        std::fs::write(self.path(name), text).unwrap();
    }

    /// Writes cases, one a line.
    pub(crate) fn cases(&self, cases: &[Value]) {
        let lines: Vec<String> = cases.iter().map(|case| format!("{case}\n")).collect();
        self.write("cases.jsonl", &lines.concat());
    }

    /// The program in the folder, with the keys of the simulated instance.
    pub(crate) fn program(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_casewire"));
        command
            .args(arguments)
            .current_dir(self.folder.path())
            .env_remove("RUST_LOG")
            .env("CASEWIRE_PUBLIC_KEY", PUBLIC_KEY)
            .env("CASEWIRE_PRIVATE_KEY", PRIVATE_KEY)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Run {
        self.program(arguments).output().unwrap().into()
    }

    pub(crate) fn send(&self) -> Run {
        self.run(&SEND)
    }

    /// Requests that reached the instance.
    pub(crate) fn requests(&self) -> u64 {
        self.server.statistics().total
    }

    /// How many tickets each reference has.
    pub(crate) fn tickets(&self) -> BTreeMap<String, usize> {
        let mut tickets = BTreeMap::new();
        for ticket in self.server.psa().raw("tickets").unwrap() {
            let reference = ticket["externalXRef"].as_str().unwrap_or_default();
            *tickets.entry(reference.to_owned()).or_default() += 1;
        }
        tickets
    }

    /// Asserts that there are so many tickets, and none for the same case as another.
    pub(crate) fn assert_tickets(&self, count: usize) {
        let tickets = self.tickets();
        assert_eq!(tickets.len(), count);
        assert!(tickets.values().all(|number| *number == 1), "{tickets:?}");
    }
}

/// `casewire send` over a store in the world's folder.
pub(crate) const SEND: [&str; 7] = [
    "send",
    "--config",
    "acme.json",
    "--store",
    "sqlite:acme.db",
    "--cases",
    "cases.jsonl",
];

impl From<Output> for Run {
    fn from(output: Output) -> Self {
        Self {
            code: output.status.code(),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }
}

impl Run {
    pub(crate) fn assert_code(&self, code: i32) -> &Self {
        assert_eq!(self.code, Some(code), "{}\n{}", self.stdout, self.stderr);
        self
    }

    /// The lines of standard output as JSON.
    pub(crate) fn lines(&self) -> Vec<Value> {
        self.stdout
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect()
    }

    /// The outcome of each line by case, in the order of the lines.
    pub(crate) fn outcomes(&self) -> Vec<(String, String)> {
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        self.lines()
            .iter()
            .map(|line| (text(&line["case_id"]), text(&line["outcome"])))
            .collect()
    }

    /// How many lines have that outcome.
    pub(crate) fn count(&self, outcome: &str) -> usize {
        self.outcomes().iter().filter(|(_, o)| o == outcome).count()
    }
}

/// A case of the group that is mapped.
pub(crate) fn case(id: &str) -> Value {
    json!({
        "id": id,
        "title": "Windows: Audit log cleared",
        "severity": "high",
        "category": "windows",
        "kind": "audit",
        "group": {"id": "48Tech"},
        "created_at": "2019-02-11T01:07:14Z",
        "updated_at": "2019-02-11T01:07:14Z",
    })
}

/// The three cases of the guide.
pub(crate) fn guide() -> Vec<Value> {
    include_str!("../../../cases.jsonl")
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}
