//! Cases, and a configuration for them.

use casewire::{Case, Catalog, Config, Directory, Settings};
use serde_json::{Value, json};

const ROUTES: usize = 40;
const GROUPS: usize = 500;

/// Time between two cases in milliseconds.
const STEP: i64 = 5_000;

/// 2026-01-01T00:00:00Z.
const BEGIN: i64 = 1_767_225_600_000;

pub(crate) struct Workload {
    pub(crate) settings: Settings,
    pub(crate) catalog: Catalog,
    pub(crate) directory: Directory,
    /// A case's text, split before the letters that stand for its id, group, incident, kind and times.
    pieces: Vec<String>,
}

impl Workload {
    /// Cases of so many sentences and artifacts.
    pub(crate) fn new(sentences: usize, artifacts: usize) -> Self {
        let config = Config::from_json(configuration().to_string().as_bytes()).unwrap();
        let text = case(sentences, artifacts).to_string();
        let workload = Self {
            settings: Settings::new(config).unwrap(),
            catalog: serde_json::from_value(catalog()).unwrap(),
            directory: serde_json::from_value(directory()).unwrap(),
            pieces: text.split('@').map(str::to_owned).collect(),
        };
        Case::from_json(workload.line(0).as_bytes()).unwrap();
        workload
    }

    /// The case of an index. Every eighth repeats the incident of the one before it.
    pub(crate) fn line(&self, index: usize) -> String {
        let time = casewire::Timestamp::from_millis(BEGIN + index as i64 * STEP).to_string();
        let incident = (index - usize::from(index % 8 == 7)).to_string();
        let mut line = String::with_capacity(3_000);
        for piece in &self.pieces {
            // The first is what stands before all marks: a brace.
            match piece.get(..1) {
                Some("i") => line.push_str(&index.to_string()),
                Some("g") => line.push_str(&(index * 7 % GROUPS).to_string()),
                Some("n") => line.push_str(&incident),
                Some("k") => line.push_str(&(index * 11 % ROUTES).to_string()),
                Some("t") => line.push_str(&time),
                _ => line.push_str(&piece[..1]),
            }
            line.push_str(&piece[1..]);
        }
        line
    }
}

fn case(sentences: usize, artifacts: usize) -> Value {
    let artifacts: Vec<Value> = (0..artifacts)
        .map(|number| json!({"type": "ip", "value": format!("203.0.113.{number}")}))
        .collect();
    json!({
        "id": "case-@i",
        "number": "10012",
        "title": "Windows: Audit log cleared",
        "group": {"id": "group-@g", "name": "48Tech"},
        "incident": "201902074149",
        "kind": "kind-@k",
        "created_at": "@t",
        "updated_at": "@t",
        "description": "The audit log of the domain controller was cleared by an administrator outside of the change window. ".repeat(sentences),
        "severity": "high",
        "category": "windows",
        "status": "open",
        "system": {"id": "host-@n", "name": "DC1", "os": "Windows Server 2019", "macs": ["00:1B:44:11:3A:B7"], "ips": ["10.0.0.5"]},
        "user": {"name": "jdoe", "domain": "48TECH"},
        "artifacts": artifacts,
        "tags": ["windows", "audit"],
        "custom_fields": {"rule": "Audit log cleared", "score": 87}
    })
}

fn configuration() -> Value {
    let mut routes: Vec<Value> = (1..ROUTES)
        .map(|number| {
            json!({
                "name": format!("route {number}"),
                "when": {"category": ["windows"], "kind": [format!("kind-{number}")]},
                "board": "Professional Services",
                "type": "Security",
                "subtype": "Audit",
                "status": {"created": "New (not responded)", "cleared": "Closed"}
            })
        })
        .collect();
    routes.push(json!({
        "name": "everything else", "board": "Professional Services", "type": "Security",
        "status": {"created": "New (not responded)", "cleared": "Closed"}
    }));
    let map: Vec<Value> = (0..GROUPS)
        .map(|number| json!({"group": format!("group-{number}"), "company": {"identifier": format!("Company{number}")}}))
        .collect();
    json!({
        "version": 1,
        "instance": "bench",
        "connection": {"site": "https://api-na.myconnectwise.net", "company_id": "acme", "client_id": "6f1f6f0e-3c1d-4a52-9a54-0b9f5f4f9e11"},
        "companies": {"map": map},
        "routes": routes,
        "repeats": {"join_key": ["case.system.id"]},
        "flood": {"limit": 1, "interval": "1h"},
        "status_map": {"Professional Services": {
            "to_case": {"New (not responded)": "open", "In Progress": "in_progress", "Closed": "closed"},
            "to_ticket": {"open": "New (not responded)", "in_progress": "In Progress", "closed": "Closed"}
        }},
        "priority_map": {"critical": "Priority 1", "high": "Priority 2", "medium": "Priority 3", "low": "Priority 4"},
        "ticket": {
            "summary": "EventTracker Case #{{ case.number }} - {{ case.title }}",
            "initial_description": "{{ case.description }}{% if case.user %}\nUser: {{ case.user.name }}{% endif %}{% for a in case.artifacts %}\n{{ a.type }}: {{ a.value }}{% endfor %}",
            "impact": "Medium",
            "fields": [
                {"field": "severity", "from": "case.severity", "map": {"critical": "High", "high": "High", "low": "Low"}, "default": "Medium"},
                {"field": "poNumber", "template": "{{ case.incident }}", "when_empty": "omit"}
            ]
        }
    })
}

fn catalog() -> Value {
    json!({
        "read_at": "2026-01-01T00:00:00Z",
        "boards": [{
            "id": 1, "name": "Professional Services",
            "statuses": [
                {"id": 10, "name": "New (not responded)", "default": true},
                {"id": 11, "name": "In Progress"},
                {"id": 12, "name": "Closed", "closed": true}
            ],
            "types": [{"id": 20, "name": "Security"}],
            "subtypes": [{"id": 30, "name": "Audit"}],
            "items": [],
            "associations": [{"type": 20}, {"type": 20, "subtype": 30}]
        }],
        "priorities": [
            {"id": 1, "name": "Priority 1"}, {"id": 2, "name": "Priority 2"},
            {"id": 3, "name": "Priority 3"}, {"id": 4, "name": "Priority 4"}
        ]
    })
}

fn directory() -> Value {
    let companies: Vec<Value> = (0..GROUPS)
        .map(|number| json!({"id": number + 100, "identifier": format!("Company{number}"), "name": format!("Company {number}")}))
        .collect();
    json!({"companies": companies, "contacts_complete": true})
}
