//! The same translation as a Rust programmer writes it who needs no other: a typed case, plain code, a typed ticket.

use serde::{Deserialize, Deserializer, Serialize, de};
use serde_json::Value;
use std::{collections::BTreeMap, error::Error, fmt::Write};
use time::{OffsetDateTime, format_description::well_known::Rfc3339};

#[allow(clippy::disallowed_types, reason = "its order is never seen")]
type Map<T> = std::collections::HashMap<String, T>;

/// What it knows of the instance.
#[derive(Deserialize)]
pub(crate) struct Peer {
    instance: String,
    routes: Vec<Route>,
    companies: Map<u32>,
    priorities: Map<u32>,
    impact: String,
    severities: Map<String>,
    severity: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Route {
    category: Vec<String>,
    kind: Vec<String>,
    board: u32,
    status: u32,
    #[serde(rename = "type")]
    type_: u32,
    sub_type: Option<u32>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "a case has more than its ticket shows")]
struct Case {
    id: String,
    number: Option<String>,
    title: String,
    #[serde(default)]
    description: String,
    severity: String,
    category: Option<String>,
    kind: Option<String>,
    status: String,
    group: Group,
    system: Option<System>,
    user: Option<User>,
    #[serde(deserialize_with = "time")]
    created_at: OffsetDateTime,
    #[serde(deserialize_with = "time")]
    updated_at: OffsetDateTime,
    incident: Option<String>,
    #[serde(default)]
    tags: Vec<String>,
    #[serde(default)]
    artifacts: Vec<Artifact>,
    #[serde(default)]
    custom_fields: BTreeMap<String, Value>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "a case has more than its ticket shows")]
struct Group {
    id: String,
    name: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "a case has more than its ticket shows")]
struct System {
    id: String,
    name: Option<String>,
    os: Option<String>,
    #[serde(default)]
    macs: Vec<String>,
    #[serde(default)]
    ips: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "a case has more than its ticket shows")]
struct User {
    name: String,
    domain: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Artifact {
    #[serde(rename = "type")]
    kind: String,
    value: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Ticket<'a> {
    summary: String,
    board: Reference,
    status: Reference,
    #[serde(rename = "type")]
    type_: Reference,
    #[serde(skip_serializing_if = "Option::is_none")]
    sub_type: Option<Reference>,
    company: Reference,
    priority: Reference,
    impact: &'a str,
    severity: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    po_number: Option<&'a str>,
    #[serde(rename = "externalXRef")]
    external_x_ref: String,
    initial_description: &'a str,
}

#[derive(Serialize)]
struct Reference {
    id: u32,
}

impl Peer {
    pub(crate) fn new(tables: &Value) -> Self {
        Self::deserialize(tables).unwrap()
    }

    pub(crate) fn translate(&self, text: &[u8]) -> Result<Vec<u8>, Box<dyn Error>> {
        let case: Case = serde_json::from_slice(text)?;
        let route = self.routes.iter().find(|route| route.takes(&case));
        let route = route.ok_or("no route takes the case")?;
        let company = self.companies.get(&case.group.id);
        let company = *company.ok_or("the group has no company")?;
        let severity = case.severity.to_lowercase();
        let priority = self.priorities.get(&severity);
        let priority = *priority.ok_or("the severity has no priority")?;
        let mut description = case.description.clone();
        if let Some(user) = &case.user {
            write!(description, "\nUser: {}", user.name)?;
        }
        for artifact in &case.artifacts {
            write!(description, "\n{}: {}", artifact.kind, artifact.value)?;
        }
        let ticket = Ticket {
            summary: summary(case.number.as_deref().unwrap_or_default(), &case.title),
            board: Reference { id: route.board },
            status: Reference { id: route.status },
            type_: Reference { id: route.type_ },
            sub_type: route.sub_type.map(|id| Reference { id }),
            company: Reference { id: company },
            priority: Reference { id: priority },
            impact: &self.impact,
            severity: self.severities.get(&severity).unwrap_or(&self.severity),
            po_number: case.incident.as_deref().filter(|text| !text.is_empty()),
            external_x_ref: format!("{}:{}", self.instance, case.id),
            initial_description: description.trim(),
        };
        Ok(serde_json::to_vec(&ticket)?)
    }
}

impl Route {
    fn takes(&self, case: &Case) -> bool {
        let among = |wanted: &[String], value: Option<&String>| {
            let same = |value: &String| wanted.iter().any(|name| name.eq_ignore_ascii_case(value));
            wanted.is_empty() || value.is_some_and(same)
        };
        among(&self.category, case.category.as_ref()) && among(&self.kind, case.kind.as_ref())
    }
}

/// One line of at most 100 characters.
fn summary(number: &str, title: &str) -> String {
    let line = format!("EventTracker Case #{number} - {title}");
    let mut line = line.split_whitespace().collect::<Vec<_>>().join(" ");
    if let Some((end, _)) = line.char_indices().nth(100) {
        line.truncate(end);
    }
    line
}

fn time<'de, D: Deserializer<'de>>(deserializer: D) -> Result<OffsetDateTime, D::Error> {
    let text = String::deserialize(deserializer)?;
    OffsetDateTime::parse(&text, &Rfc3339).map_err(de::Error::custom)
}
