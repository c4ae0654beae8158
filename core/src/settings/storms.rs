use super::texts::template;
use crate::{
    config::{Config, FloodScope, WindowSummary},
    error::{Code, Fault},
    nearest::did_you_mean,
    template::{self, Template, path::Path},
    time::{Span, Timestamp},
};
use std::{collections::BTreeSet, time::Duration};
use time::{OffsetDateTime, format_description::well_known::Rfc3339};

/// How repeats are known, compiled.
#[derive(Debug)]
pub(crate) struct JoinRule {
    pub(crate) parts: Vec<KeyPart>,
}

/// One part of what repeats have in common. Of texts that people write, only what is steady counts.
#[derive(Debug)]
pub(crate) enum KeyPart {
    Path { path: Path, free_text: bool },
    Template { template: Template, free_text: bool },
}

/// When cases are a flood.
#[derive(Debug)]
pub(crate) struct FloodRule {
    pub(crate) limit: usize,
    pub(crate) interval: Duration,
    pub(crate) per: FloodScope,
    /// In lower case.
    pub(crate) exempt: BTreeSet<String>,
    pub(crate) batch: Duration,
}

/// A maintenance window. Ids and names are in lower case; empty means all.
#[derive(Debug)]
pub(crate) struct MaintenanceRule {
    pub(crate) name: String,
    pub(crate) start: Timestamp,
    /// Of `start` from UTC.
    pub(crate) offset_ms: i64,
    pub(crate) duration: Duration,
    /// Days from Monday.
    pub(crate) weekdays: BTreeSet<u8>,
    pub(crate) groups: BTreeSet<String>,
    pub(crate) systems: BTreeSet<String>,
    pub(crate) routes: BTreeSet<String>,
    pub(crate) exempt: BTreeSet<String>,
    pub(crate) summary: WindowSummary,
}

const HOUR: u64 = 3600;
const DAY: u64 = 24 * HOUR;

/// Compiles what repeats have in common, and refuses what is different each time.
pub(super) fn repeats(config: &Config, faults: &mut Vec<Fault>) -> Option<JoinRule> {
    let repeats = config.repeats.as_ref()?;
    within(repeats.window, "/repeats/window", 60, 365 * DAY, faults);
    within(repeats.batch, "/repeats/batch", 0, DAY, faults);
    if let Some(correlation) = &repeats.correlation {
        let at = "/repeats/correlation";
        within(
            correlation.window,
            &format!("{at}/window"),
            60,
            365 * DAY,
            faults,
        );
        let marks = correlation.text.matches("{{").count();
        if marks != 1 || correlation_line(&correlation.text, "1").is_none() {
            faults.push(Fault::new(
                Code::InvalidTemplate,
                format!("{at}/text"),
                "the line names the earlier ticket by '{{ id }}', once, and by nothing else",
                "Write a line such as: Previous incident for the same alert type: Id: {{ id }}",
            ));
        }
    }
    if repeats.join_key.is_empty() {
        faults.push(Fault::new(
            Code::InvalidValue,
            "/repeats/join_key",
            "nothing is named that repeats have in common, so that all of a group's cases would be one",
            "Name parts such as case.kind and case.system.id",
        ));
    }
    let parts = repeats.join_key.iter().enumerate();
    let parts = parts
        .filter_map(|(index, part)| key_part(part, &format!("/repeats/join_key/{index}"), faults));
    Some(JoinRule {
        parts: parts.collect(),
    })
}

/// The line of a correlation note for a ticket; nothing where the text does not name it.
pub(crate) fn correlation_line(text: &str, id: &str) -> Option<String> {
    let (before, rest) = text.split_once("{{")?;
    let (name, after) = rest.split_once("}}")?;
    (name.trim() == "id").then(|| format!("{before}{id}{after}"))
}

fn key_part(part: &str, place: &str, faults: &mut Vec<Fault>) -> Option<KeyPart> {
    if part.contains("{{") || part.contains("{%") {
        let template = template(part, place, faults)?;
        let names = template::names_of(part);
        if names.is_empty() {
            faults.push(Fault::new(
                Code::InvalidValue,
                place,
                "this part is the same for every case",
                "Name a value of the case, as in {{ case.kind }}",
            ));
        }
        for name in &names {
            volatile(name, part, place, faults);
        }
        let free_text = names.iter().any(|name| is_free_text(name));
        return Some(KeyPart::Template {
            template,
            free_text,
        });
    }
    let name = part.trim();
    match Path::parse(name) {
        Ok(path) if path.is_value() => {
            volatile(name, part, place, faults);
            Some(KeyPart::Path {
                path,
                free_text: is_free_text(name),
            })
        }
        Ok(_) => {
            let before = faults.len();
            volatile(name, part, place, faults);
            if faults.len() == before {
                faults.push(Fault::new(
                    Code::InvalidValue,
                    place,
                    format!("'{name}' is a list or an object, not one value"),
                    "Name one value, or a template such as {{ case.tags|join(', ') }}",
                ));
            }
            None
        }
        Err(unknown) => {
            faults.push(Fault::new(
                Code::InvalidValue,
                place,
                format!("'{}' in '{name}' is not a name of a case", unknown.name),
                unknown.fix,
            ));
            None
        }
    }
}

/// What differs from one repeat to the next, and why.
const VOLATILE: &[(&str, &str)] = &[
    ("case", "the whole case differs each time"),
    ("case.id", "each case has its own id"),
    ("case.number", "each case has its own number"),
    ("case.incident", "each incident has its own number"),
    ("case.created_at", "it is a time"),
    ("case.updated_at", "it is a time"),
    ("case.cleared_at", "it is a time"),
    (
        "case.description",
        "it tells of the single event, with its times",
    ),
    ("case.status", "it changes while the case goes on"),
    ("case.comments", "they are added while the case goes on"),
    ("case.attachments", "they are added while the case goes on"),
    ("case.artifacts", "they are of the single event"),
    (
        "case.custom_fields",
        "all of the host's fields together differ each time",
    ),
];

/// Words in the name of a host's own field that say that its value differs each time.
const VOLATILE_WORDS: &[&str] = &[
    "at",
    "time",
    "timestamp",
    "date",
    "uuid",
    "guid",
    "nonce",
    "random",
    "sequence",
    "seq",
    "count",
    "counter",
    "number",
    "incident",
    "ticket",
    "epoch",
];

fn volatile(name: &str, part: &str, place: &str, faults: &mut Vec<Fault>) {
    let known = VOLATILE.iter().find(|(volatile, _)| {
        name == *volatile
            || (!matches!(*volatile, "case" | "case.custom_fields")
                && name
                    .strip_prefix(volatile)
                    .is_some_and(|rest| rest.starts_with('.')))
    });
    let of_host = name
        .strip_prefix("case.custom_fields.")
        .and_then(|own| own.rsplit('.').next())
        .filter(|own| {
            let own = words(own);
            own == ["id"]
                || own
                    .iter()
                    .any(|word| VOLATILE_WORDS.contains(&word.as_str()))
        })
        .map(|_| "its name says that it is a time, a number or made by chance");
    if let Some(why) = known.map(|(_, why)| *why).or(of_host) {
        faults.push(Fault::new(
            Code::VolatileJoinKey,
            place,
            format!("'{name}' in '{part}' cannot tell repeats of one incident: {why}, and every repeat would get a new ticket"),
            "Name what stays the same, such as case.kind, case.system.id or case.user.name",
        ));
    }
}

/// The words of a name such as `lastSeen_at`, in lower case.
fn words(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut before = '_';
    for c in name.chars() {
        if !c.is_alphanumeric() || (c.is_uppercase() && before.is_lowercase()) {
            words.push(String::new());
        }
        if c.is_alphanumeric()
            && let Some(word) = words.last_mut()
        {
            word.extend(c.to_lowercase());
        }
        before = c;
    }
    words.retain(|word| !word.is_empty());
    words
}

/// Whether people write it, so that times and numbers may stand in it.
fn is_free_text(name: &str) -> bool {
    name == "case.title"
}

/// Checks the flood limit.
pub(super) fn flood(config: &Config, faults: &mut Vec<Fault>) -> Option<FloodRule> {
    let flood = config.flood.as_ref()?;
    if !(1..=1000).contains(&flood.limit) {
        faults.push(Fault::new(
            Code::InvalidValue,
            "/flood/limit",
            format!("{} new tickets cannot be the limit", flood.limit),
            "Write 1 to 1000",
        ));
    }
    within(flood.interval, "/flood/interval", 60, 7 * DAY, faults);
    within(flood.batch, "/flood/batch", 0, DAY, faults);
    Some(FloodRule {
        limit: flood.limit as usize,
        interval: flood.interval.0,
        per: flood.per,
        exempt: severities(config, &flood.exempt, "/flood/exempt", faults),
        batch: flood.batch.0,
    })
}

/// Checks the maintenance windows.
pub(super) fn maintenance(config: &Config, faults: &mut Vec<Fault>) -> Vec<MaintenanceRule> {
    let mut rules = Vec::new();
    let mut names = BTreeSet::new();
    for (index, window) in config.maintenance.iter().enumerate() {
        let place = format!("/maintenance/{index}");
        let name = window.name.trim();
        if name.is_empty() || !names.insert(name.to_lowercase()) {
            faults.push(Fault::new(
                Code::InvalidValue,
                format!("{place}/name"),
                "each window has a name of its own, by which its summary is known",
                "Choose a name such as patch night",
            ));
        }
        within(
            window.duration,
            &format!("{place}/duration"),
            60,
            7 * DAY,
            faults,
        );
        let routes = lower(&window.routes);
        let known: Vec<&str> = config
            .routes
            .iter()
            .map(|route| route.name.as_str())
            .collect();
        for (at, route) in window.routes.iter().enumerate() {
            if !known
                .iter()
                .any(|known| known.eq_ignore_ascii_case(route.trim()))
            {
                faults.push(Fault::new(
                    Code::InvalidValue,
                    format!("{place}/routes/{at}"),
                    format!("there is no route '{route}'"),
                    format!("{}Write the name of a route", did_you_mean(route, &known)),
                ));
            }
        }
        let exempt = severities(config, &window.exempt, &format!("{place}/exempt"), faults);
        let Ok(start) = OffsetDateTime::parse(window.start.trim(), &Rfc3339) else {
            faults.push(Fault::new(
                Code::InvalidValue,
                format!("{place}/start"),
                format!("'{}' is not a time with its offset from UTC", window.start),
                "Write it as 2026-02-07T22:00:00+01:00, or with Z for UTC",
            ));
            continue;
        };
        let millis = start.unix_timestamp_nanos().div_euclid(1_000_000);
        rules.push(MaintenanceRule {
            name: name.to_owned(),
            start: Timestamp::from_millis(i64::try_from(millis).unwrap_or(i64::MAX)),
            offset_ms: i64::from(start.offset().whole_seconds()) * 1000,
            duration: window.duration.0,
            weekdays: window.weekdays.iter().map(|day| *day as u8).collect(),
            groups: lower(&window.groups),
            systems: lower(&window.systems),
            routes,
            exempt,
            summary: window.summary,
        });
    }
    rules
}

fn lower(names: &[String]) -> BTreeSet<String> {
    names
        .iter()
        .map(|name| name.trim().to_lowercase())
        .collect()
}

fn severities(
    config: &Config,
    named: &[String],
    place: &str,
    faults: &mut Vec<Fault>,
) -> BTreeSet<String> {
    let known: Vec<&str> = config.priority_map.keys().map(String::as_str).collect();
    for (at, severity) in named.iter().enumerate() {
        let is_known = known
            .iter()
            .any(|known| known.eq_ignore_ascii_case(severity.trim()));
        // The default stands for configurations whose severities have other names, too.
        if !is_known && !severity.trim().eq_ignore_ascii_case("critical") {
            faults.push(Fault::new(
                Code::InvalidValue,
                format!("{place}/{at}"),
                format!("no case has the severity '{severity}'"),
                format!(
                    "{}Write a key of priority_map",
                    did_you_mean(severity, &known)
                ),
            ));
        }
    }
    lower(named)
}

fn within(span: Span, place: &str, least: u64, most: u64, faults: &mut Vec<Fault>) {
    let seconds = span.0.as_secs();
    if !(least..=most).contains(&seconds) {
        faults.push(Fault::new(
            Code::InvalidValue,
            place,
            format!("{span} is not within the bounds"),
            format!("Write {} to {}", Span::seconds(least), Span::seconds(most)),
        ));
    }
}

#[cfg(test)]
mod tests {
    use crate::{
        config::Config,
        decide::tests::document,
        error::{Code, Fault},
    };
    use serde_json::{Value, json};

    fn faults(change: impl Fn(&mut Value)) -> Vec<Fault> {
        let mut document = document();
        change(&mut document);
        Config::from_json(document.to_string().as_bytes())
            .map_or_else(|error| error.faults, |_| Vec::new())
    }

    #[test]
    fn volatile_parts_of_the_join_key_are_refused_with_pointer_and_fix() {
        let volatile = [
            "case.id",
            "case.number",
            "case.incident",
            "case.created_at",
            "case.updated_at",
            "case.cleared_at",
            "case.description",
            "case.status",
            "case.comments",
            "case.custom_fields.lastSeen_at",
            "case.custom_fields.scan.uuid",
            "case.custom_fields.id",
            "{{ case.kind }} {{ case.id }}",
            "{{ case.created_at|truncate(10) }}",
            "{% if case.kind %}{{ case.incident }}{% endif %}",
            "{% for c in case.comments %}{{ c.id }}{% endfor %}",
            "{{ case['id'] }}",
            "{% set c = case %}{{ c.id }}",
        ];
        for part in volatile {
            let faults = faults(|d| d["repeats"] = json!({ "join_key": ["case.kind", part] }));
            assert!(!faults.is_empty(), "{part}");
            for fault in faults {
                assert_eq!(
                    (fault.code, fault.pointer.as_str()),
                    (Code::VolatileJoinKey, "/repeats/join_key/1"),
                    "{part}: {fault:?}"
                );
                assert!(fault.fix.contains("case.kind"));
            }
        }
    }

    #[test]
    fn steady_parts_are_taken() {
        let steady = json!([
            "case.kind",
            "case.title",
            "case.category",
            "case.severity",
            "case.system.id",
            "case.user.name",
            "case.custom_fields.rule_id",
            "case.custom_fields.event_id",
            "{{ case.kind }}: {{ case.tags|join(',') }}",
        ]);
        assert_eq!(faults(|d| d["repeats"] = json!({ "join_key": steady })), []);
    }

    #[test]
    fn all_faults_are_named_at_once() {
        let faults = faults(|d| {
            d["repeats"] = json!({ "join_key": ["case.kinds", "same"], "batch": "2d",
                "correlation": { "text": "see {{ case.id }}" } });
            d["flood"] = json!({ "limit": 0, "exempt": ["dire"] });
            d["maintenance"] = json!([{ "name": "", "start": "2026-01-03 22:00", "duration": "30s", "routes": ["no such"] }]);
        });
        let at: Vec<&str> = faults.iter().map(|fault| fault.pointer.as_str()).collect();
        for pointer in [
            "/repeats/join_key/0",
            "/repeats/join_key/1",
            "/repeats/batch",
            "/repeats/correlation/text",
            "/flood/limit",
            "/flood/exempt/0",
            "/maintenance/0/name",
            "/maintenance/0/start",
            "/maintenance/0/duration",
            "/maintenance/0/routes/0",
        ] {
            assert!(at.contains(&pointer), "{pointer} in {at:?}");
        }
    }
}
