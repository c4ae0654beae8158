//! The tickets configuration of guide 004 (Heimdal): three sets, each with its board, type, subtype per module, item, status
//! on creation, for Operations also on update and when the notification is gone, and priority.

use casewire::{Case, Config};
use serde_json::{Value, json};

/// A set of the guide: its board, and each kind of notification with its type and the subtype of its module.
#[derive(Clone, Copy, Debug)]
pub struct Set {
    /// The category that the host's cases have.
    pub category: &'static str,
    /// Its board.
    pub board: &'static str,
    /// Kind of case, type and subtype.
    pub kinds: &'static [(&'static str, &'static str, &'static str)],
}

/// Heimdal Operations, Heimdal Cyber Alerts and Heimdal M365 Notifications.
pub const SETS: [Set; 3] = [
    Set {
        category: "operations",
        board: "Heimdal Operations",
        kinds: &[
            ("cpu", "CPU", "CPU"),
            ("memory", "Memory", "MEM"),
            ("disk", "Disk", "DISK"),
            ("microsoft updates", "Microsoft Updates", "MU"),
            ("next-gen antivirus", "Next-Gen Antivirus", "AV"),
            ("dns poisoning", "DNS Poisoning", "DNSP"),
            ("firewall", "Firewall", "FW"),
        ],
    },
    Set {
        category: "cyber alerts",
        board: "Heimdal Cyber Alerts",
        kinds: &[
            ("ransomware encryption", "Ransomware Encryption", "REP"),
            (
                "privileged access management",
                "Privileged Access Management",
                "PAM",
            ),
            (
                "next-gen antivirus",
                "Next-Gen Antivirus",
                "NextGen Antivirus",
            ),
            ("vectorn detection", "VectorN Detection", "VND"),
            ("zero-trust", "Zero-Trust", "ZT"),
        ],
    },
    Set {
        category: "m365",
        board: "Heimdal M365 Notifications",
        kinds: &[
            ("lad", "LAD Alerts", "LAD"),
            ("rep cloud", "REP Cloud Alerts", "REP Cloud"),
            (
                "forwarding rules",
                "Forwarding Rules Alerts",
                "Forwarding Rules",
            ),
            (
                "user compliance",
                "User compliance notifications",
                "User Compliance",
            ),
        ],
    },
];

/// Whether a set has one type, or one for each kind of notification: the guide speaks of both.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Types {
    /// One for the set, named `Notification`.
    OneForTheSet,
    /// One for each kind.
    PerKind,
}

/// The configuration as a JSON document.
#[must_use]
pub fn document(types: Types) -> Value {
    let mut document = crate::document(true);
    document["instance"] = json!("heimdal");
    document["configurations"] = json!({});
    let ignored = json!({
        "name": "mails that make no ticket",
        "when": {"category": ["cyber alerts"], "kind": ["group policy changes", "microsoft updates"]},
        "ignore": true,
    });
    let mut routes = vec![ignored];
    let mut status_map = json!({});
    for set in SETS {
        routes.push(route(&set, types));
        status_map[set.board] = json!({
            "to_case": {"New": "open", "In Progress": "in_progress", "Closed": "closed"},
            "to_ticket": {"open": "New", "in_progress": "In Progress", "closed": "Closed"},
        });
    }
    document["routes"] = Value::from(routes);
    document["status_map"] = status_map;
    document["provision"] =
        json!({"location": "Tampa Office", "department": "Professional Services"});
    document
}

fn route(set: &Set, types: Types) -> Value {
    let kinds: Vec<&str> = set.kinds.iter().map(|(kind, _, _)| *kind).collect();
    let mut route = json!({
        "name": set.board,
        "when": {"category": [set.category], "kind": kinds},
        "board": set.board,
        "item": "Agent",
        "status": {"created": "New"},
        "priority": "Priority 3 - Normal Response",
        "severity": "Medium",
        "impact": "Low",
    });
    for (kind, _, subtype) in set.kinds {
        route["subtype_by_kind"][*kind] = json!(subtype);
    }
    match types {
        Types::OneForTheSet => route["type"] = json!("Notification"),
        Types::PerKind => {
            for (kind, name, _) in set.kinds {
                route["type_by_kind"][*kind] = json!(name);
            }
        }
    }
    if set.category == "operations" {
        route["status"]["updated"] = json!("In Progress");
        route["status"]["cleared"] = json!("Closed");
    } else {
        route["auto_close"] = json!(false);
    }
    route
}

/// Reads a configuration.
///
/// # Panics
///
/// Where it is refused.
#[must_use]
pub fn configuration(document: &Value) -> Config {
    Config::from_json(document.to_string().as_bytes()).unwrap()
}

/// A notification as a case, changed.
///
/// # Panics
///
/// Where the case is refused.
#[must_use]
pub fn case(id: &str, category: &str, kind: &str, change: impl FnOnce(&mut Value)) -> Case {
    let mut document = crate::case_document(id);
    document["category"] = json!(category);
    document["kind"] = json!(kind);
    document["severity"] = json!("medium");
    document["system"] = Value::Null;
    document["comments"] = json!([]);
    change(&mut document);
    Case::from_json(document.to_string().as_bytes()).unwrap()
}
