//! The demo as a page: a simulated instance, the service in front of it, and cases of some weeks.

use crate::cli::{
    log, serve,
    terminal::{Done, Stop, say},
};
use casewire::{Config, Inventory};
use casewire_simulator::{COMPANY_ID, Options, Server};
use serde_json::{Value, json};
use std::{
    collections::hash_map::RandomState,
    hash::{BuildHasher as _, Hasher as _},
    net::SocketAddr,
    path::Path,
    thread,
    time::Duration,
};

const CONFIGURATION: &[u8] = include_bytes!("../../../../configuration.json");
const CASES: &str = include_str!("../../../../cases.jsonl");
const INVENTORY: &[u8] = include_bytes!("../../../../inventory.json");

/// What other cases of the demo are about.
const KINDS: &[(&str, &str, &str, &str)] = &[
    ("Windows: Audit log cleared", "windows", "audit", "critical"),
    (
        "Windows: Account locked out",
        "windows",
        "authentication",
        "medium",
    ),
    (
        "VPN login from an unusual country",
        "network",
        "vpn",
        "high",
    ),
    (
        "Next-gen antivirus: malware quarantined",
        "endpoint",
        "antivirus",
        "high",
    ),
    ("Disk space below 5 percent", "operations", "disk", "low"),
];

/// Shows the page until Ctrl-C.
pub(super) fn show(folder: &Path, companies: usize, configurations: usize) -> Done {
    let page = serve::Page::read(folder)?;
    let server = Server::start(Options {
        deliver_callbacks: true,
        ..Options::default()
    })
    .map_err(Stop::failed)?;
    server.psa().populate(companies, configurations);
    let stage = tempfile::tempdir().map_err(Stop::failed)?;
    let config = configuration(server.url())?;
    let path = stage.path().join("acme.json");
    std::fs::write(&path, config)?;
    let config = Config::from_json(&std::fs::read(&path)?).map_err(Stop::refused)?;
    let inventory: Inventory = casewire::json::read(INVENTORY)
        .map_err(|_| Stop::failed("the demo's inventory has faults"))?;
    let keys = serve::Keys::Simulator;
    let configured = serve::Configured::new(path, config, keys, Some(inventory))?;
    let token = token();
    log::hide(&token);
    let shown = token.clone();
    let begun = move |address| begin(address, shown);
    serve::run(serve::Plan::of_page(
        configured,
        stage.path(),
        page,
        &token,
        begun,
    )?)
}

/// The sample configuration, pointed at the simulator.
fn configuration(site: &str) -> Done<String> {
    let mut config: Value = serde_json::from_slice(CONFIGURATION).map_err(Stop::failed)?;
    if let Some(connection) = config.get_mut("connection") {
        for (key, value) in [
            ("site", json!(site)),
            ("company_id", json!(COMPANY_ID)),
            ("allow_insecure_loopback", json!(true)),
        ] {
            if let Some(place) = connection.get_mut(key) {
                *place = value;
            }
        }
    }
    serde_json::to_string_pretty(&config).map_err(Stop::failed)
}

/// Random enough that nobody else on this computer guesses it while the demo runs.
fn token() -> String {
    let part = || RandomState::new().build_hasher().finish();
    format!("{:016x}{:016x}", part(), part())
}

/// Says where the page is, and hands over its cases.
fn begin(address: SocketAddr, token: String) {
    let said = say(&format!(
        "The page, for this computer alone; Ctrl-C ends it and keeps nothing:\n\n  http://{address}/#token={token}\n"
    ));
    thread::spawn(move || {
        if let Err(error) = said
            .map_err(|error| error.to_string())
            .and(hand_over(address, &token))
        {
            tracing::warn!("the demo's cases were not handed over: {error}");
        }
    });
}

fn hand_over(address: SocketAddr, token: &str) -> Result<(), String> {
    let agent: ureq::Agent = ureq::Agent::config_builder()
        .timeout_global(Some(Duration::from_secs(60)))
        .build()
        .into();
    let post = |path: &str, body: &str| {
        agent
            .post(format!("http://{address}{path}"))
            .header("authorization", format!("Bearer {token}"))
            .send(body)
            .map(drop)
            .map_err(|error| error.to_string())
    };
    post("/cases", &cases()?)?;
    let import =
        json!({ "command": "import", "what": ["companies", "configurations", "contacts"] });
    post("/commands", &import.to_string())
}

/// The three of the guide, and some more like them.
fn cases() -> Result<String, String> {
    let mut lines: Vec<String> = CASES.lines().map(str::to_owned).collect();
    let first: Value = serde_json::from_str(CASES.lines().next().unwrap_or_default())
        .map_err(|error| error.to_string())?;
    for (index, (title, category, kind, severity)) in KINDS.iter().cycle().take(30).enumerate() {
        let mut case = first.clone();
        let id = (10_020 + index).to_string();
        let group = ["48Tech", "5Ktech"]
            .get(index % 2)
            .copied()
            .unwrap_or("48Tech");
        let day = 1 + index % 28;
        let Some(fields) = case.as_object_mut() else {
            continue;
        };
        for (key, value) in [
            ("id", json!(id)),
            ("number", json!(id)),
            ("title", json!(title)),
            ("category", json!(category)),
            ("kind", json!(kind)),
            ("severity", json!(severity)),
            ("group", json!({ "id": group, "name": group })),
            ("system", Value::Null),
            ("created_at", json!(format!("2019-02-{day:02}T08:00:00Z"))),
            ("updated_at", json!(format!("2019-02-{day:02}T09:30:00Z"))),
            ("custom_fields", json!({ "Case Number": id })),
            ("comments", json!([])),
        ] {
            fields.insert(key.to_owned(), value);
        }
        if index % 4 == 3 {
            fields.insert("status".to_owned(), json!("closed"));
        }
        lines.push(case.to_string());
    }
    Ok(lines.join("\n"))
}
