//! A service under test.

use crate::world::World;
use serde_json::Value;
use std::{
    io::{BufRead as _, BufReader, Read as _},
    process::{Child, Command},
    time::{Duration, Instant},
};
use ureq::{Agent, http::Request};

pub(super) const TOKEN: &str = "a-token-of-the-tests-0123456789";

/// How long a test waits for something that has to happen. A write that may have been sent and is not found is given up only
/// after 30 seconds and the settle time.
pub(super) const PATIENCE: Duration = Duration::from_secs(90);

pub(super) struct Service {
    child: Child,
    pub(super) url: String,
    agent: Agent,
}

/// An answer with its headers.
pub(super) struct Whole {
    pub(super) status: u16,
    headers: std::collections::BTreeMap<String, String>,
    pub(super) text: String,
}

impl Whole {
    pub(super) fn header(&self, name: &str) -> String {
        self.headers.get(name).cloned().unwrap_or_default()
    }
}

/// An answer: its status and its body as JSON, where it is.
pub(super) type Answer = (u16, Value);

/// `casewire serve` over a store in the world's folder.
pub(super) fn command(world: &World, more: &[&str]) -> Command {
    let serve = ["serve"];
    let store: &[&str] = match more.contains(&"--store") {
        true => &[],
        false => &["--store", "sqlite:acme.db"],
    };
    let listen: &[&str] = match more.contains(&"--listen") {
        true => &[],
        false => &["--listen", "127.0.0.1:0"],
    };
    let config: &[&str] = match more.contains(&"--config") {
        true => &[],
        false => &["--config", "acme.json"],
    };
    let arguments: Vec<&str> = serve
        .iter()
        .chain(store)
        .chain(config)
        .chain(listen)
        .chain(more)
        .copied()
        .collect();
    let mut command = world.program(&arguments);
    command
        .env("CASEWIRE_TOKEN", TOKEN)
        .env("CASEWIRE_CALLBACK_SECRET", "a callback secret of the tests")
        .env("CASEWIRE_WEBHOOK_SECRET", "a webhook secret of the tests");
    command
}

impl Service {
    pub(super) fn start(world: &World, more: &[&str]) -> Self {
        Self::begin(command(world, more))
    }

    /// Starts it by a command that was made with [`command`].
    pub(super) fn begin(mut command: Command) -> Self {
        let mut child = command.spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let mut log = child.stderr.take().unwrap();
        let log = std::thread::spawn(move || {
            let mut text = String::new();
            let _ = log.read_to_string(&mut text);
            text
        });
        let Some(Ok(first)) = lines.next() else {
            panic!("the service did not start: {}", log.join().unwrap());
        };
        let url = first.rsplit(' ').next().unwrap().to_owned();
        let config = Agent::config_builder()
            .http_status_as_error(false)
            .timeout_global(Some(PATIENCE))
            .build();
        Self {
            child,
            url,
            agent: config.into(),
        }
    }

    pub(super) fn get(&self, path: &str) -> Answer {
        self.call("GET", path, Some(TOKEN), b"")
    }

    pub(super) fn post(&self, path: &str, body: &[u8]) -> Answer {
        self.call("POST", path, Some(TOKEN), body)
    }

    pub(super) fn call(
        &self,
        method: &str,
        path: &str,
        token: Option<&str>,
        body: &[u8],
    ) -> Answer {
        let (status, text) = self.text(method, path, token, body);
        (status, serde_json::from_str(&text).unwrap_or(Value::Null))
    }

    pub(super) fn text(
        &self,
        method: &str,
        path: &str,
        token: Option<&str>,
        body: &[u8],
    ) -> (u16, String) {
        let mut request = Request::builder()
            .method(method)
            .uri(format!("{}{path}", self.url));
        if let Some(token) = token {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        let answer = match method {
            "GET" => self.agent.run(request.body(()).unwrap()),
            _ => self.agent.run(request.body(body).unwrap()),
        };
        let mut answer = answer.unwrap();
        let status = answer.status().as_u16();
        (status, answer.body_mut().read_to_string().unwrap())
    }

    /// An answer with its headers.
    pub(super) fn whole(&self, method: &str, path: &str, headers: &[(&str, &str)]) -> Whole {
        self.send(method, path, headers, b"")
    }

    pub(super) fn send(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &[u8],
    ) -> Whole {
        let mut request = Request::builder()
            .method(method)
            .uri(format!("{}{path}", self.url));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let answer = match method {
            "GET" => self.agent.run(request.body(()).unwrap()),
            _ => self.agent.run(request.body(body).unwrap()),
        };
        let mut answer = answer.unwrap();
        let headers = answer.headers().iter();
        let headers = headers.map(|(name, value)| {
            let value = String::from_utf8_lossy(value.as_bytes()).into_owned();
            (name.to_string(), value)
        });
        Whole {
            headers: headers.collect(),
            status: answer.status().as_u16(),
            text: answer.body_mut().read_to_string().unwrap(),
        }
    }

    /// The figure of that line, without which it is none.
    pub(super) fn figure(&self, name: &str) -> u64 {
        let (status, text) = self.text("GET", "/metrics", Some(TOKEN), b"");
        assert_eq!(status, 200);
        let value = text.lines().find_map(|line| line.strip_prefix(name));
        value.map_or(0, |value| value.trim().parse().unwrap())
    }

    /// Ends it as a crash does.
    pub(super) fn kill(mut self) {
        self.kill_it();
    }

    /// Ends it as a crash does, where it is.
    pub(super) fn kill_it(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Asks it to stop, and gives the exit status.
    pub(super) fn stop(self) -> Option<i32> {
        self.ask_to_stop();
        self.end()
    }

    /// Waits for its end, and gives the exit status.
    pub(super) fn end(mut self) -> Option<i32> {
        let end = Instant::now() + PATIENCE;
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status.code();
            }
            assert!(Instant::now() < end, "the service does not stop");
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    pub(super) fn ask_to_stop(&self) {
        let id = self.child.id().to_string();
        let killed = Command::new("kill").args(["-TERM", &id]).status();
        assert!(killed.unwrap().success());
    }

    pub(super) fn process(&self) -> u32 {
        self.child.id()
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Waits until something holds.
pub(super) fn until(what: &str, mut holds: impl FnMut() -> bool) {
    let end = Instant::now() + PATIENCE;
    while !holds() {
        assert!(Instant::now() < end, "never: {what}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// Cases as JSON lines.
pub(super) fn lines(ids: impl Iterator<Item = String>) -> Vec<u8> {
    let lines = ids.map(|id| format!("{}\n", crate::world::case(&id)));
    lines.collect::<String>().into_bytes()
}
