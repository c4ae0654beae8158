//! The definitions that guide 000 ships for its console (section 11), by its names: six alerts, five reports, four categories, six
//! knowledge objects and six dashboards, each ready to be imported, asked for or drawn.

use crate::{
    error::{Code, Fault},
    event_log::EventKind,
    nearest::{did_you_mean, listed},
};
use serde::Serialize;

/// An alert (guide 000 section 11.1). It comes inactive; `events.raise` of the configuration switches it on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AlertDefinition {
    /// Its name.
    pub name: &'static str,
    /// The event that raises it, by which `events.raise` may name it, too.
    pub event: EventKind,
    /// Always false: it is switched on in a configuration.
    pub active: bool,
}

/// A report (guide 000 section 11.2): rows of the event log. Asked for with [`Command::Report`](crate::Command::Report).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ReportDefinition {
    /// Its name.
    pub name: &'static str,
    /// A short name, such as `reopened`.
    pub key: &'static str,
    /// The events that it has rows for; all where it is empty.
    pub events: &'static [EventKind],
    /// Its columns: keys of an [`EventRecord`](crate::EventRecord).
    pub columns: &'static [&'static str],
}

/// A category, which is a saved search as well (guide 000 section 11.3).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CategoryDefinition {
    /// Its name.
    pub name: &'static str,
    /// A short name, such as `reopened`.
    pub key: &'static str,
    /// The events that it holds.
    pub events: &'static [EventKind],
}

/// A knowledge object (guide 000 section 11.4): which named fields an event has. Their types are those of
/// `include/event.schema.json`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct KnowledgeObject {
    /// Its name.
    pub name: &'static str,
    /// The event.
    pub event: EventKind,
    /// The published schema of its fields.
    pub schema: &'static str,
    /// Its fields: keys of an [`EventRecord`](crate::EventRecord), and what each is.
    pub fields: Vec<FieldDefinition>,
}

/// A field of a knowledge object.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct FieldDefinition {
    /// Its key.
    pub name: &'static str,
    /// What it is.
    pub about: &'static str,
}

/// A dashboard (guide 000 section 11.5). Asked for with [`Command::Dashboard`](crate::Command::Dashboard).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DashboardDefinition {
    /// Its name.
    pub name: &'static str,
    /// A short name, such as `created_by_user`.
    pub key: &'static str,
    /// The events that it counts; all where it is empty.
    pub events: &'static [EventKind],
    /// What its series are told apart by: a key of an [`EventRecord`](crate::EventRecord).
    pub by: &'static str,
}

/// All that guide 000 ships for its console.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Definitions {
    /// Section 11.1.
    pub alerts: Vec<AlertDefinition>,
    /// Section 11.2.
    pub reports: &'static [ReportDefinition],
    /// Section 11.3.
    pub categories: &'static [CategoryDefinition],
    /// Section 11.4.
    pub knowledge_objects: Vec<KnowledgeObject>,
    /// Section 11.5.
    pub dashboards: &'static [DashboardDefinition],
}

use EventKind as E;

/// The events that section 11.1 has alerts for, and section 11.4 knowledge objects.
const SHIPPED: [EventKind; 6] = [
    E::TicketCreated,
    E::TicketReopened,
    E::TicketModified,
    E::TicketClosed,
    E::SystemMappingFailed,
    E::GroupMappingFailed,
];

/// A ticket is created for a case, or asks for one.
const CREATED: &[EventKind] = &[E::TicketCreated];
const REOPENED: &[EventKind] = &[E::TicketReopened];
/// From either side.
const MODIFIED: &[EventKind] = &[
    E::TicketModified,
    E::TicketChanged,
    E::CommentAdded,
    E::CommentChanged,
    E::AttachmentAdded,
    E::TicketMoved,
    E::CompanyChanged,
];
const CLOSED: &[EventKind] = &[E::TicketClosed];

const COLUMNS: &[&str] = &[
    "at",
    "event",
    "case_id",
    "case_number",
    "ticket_id",
    "summary",
    "company",
    "group",
    "user",
    "domain",
    "by",
    "board",
    "status",
    "severity",
    "reason",
];

const REPORTS: &[ReportDefinition] = &[
    report(
        "ConnectWise Manage - New ticket created",
        "created",
        CREATED,
    ),
    report("ConnectWise Manage - Ticket reopened", "reopened", REOPENED),
    report("ConnectWise Manage - Ticket modified", "modified", MODIFIED),
    report("ConnectWise Manage - Ticket closed", "closed", CLOSED),
    report("ConnectWise Manage - All activity", "all_activity", &[]),
];

const fn report(
    name: &'static str,
    key: &'static str,
    events: &'static [EventKind],
) -> ReportDefinition {
    ReportDefinition {
        name,
        key,
        events,
        columns: COLUMNS,
    }
}

const CATEGORIES: &[CategoryDefinition] = &[
    category(
        "ConnectWise Manage - New ticket created",
        "created",
        CREATED,
    ),
    category("ConnectWise Manage - Ticket reopened", "reopened", REOPENED),
    category("ConnectWise Manage - Ticket modified", "modified", MODIFIED),
    category("ConnectWise Manage - Ticket closed", "closed", CLOSED),
];

const fn category(
    name: &'static str,
    key: &'static str,
    events: &'static [EventKind],
) -> CategoryDefinition {
    CategoryDefinition { name, key, events }
}

const DASHBOARDS: &[DashboardDefinition] = &[
    dashboard(
        "ConnectWise Manage - New ticket created by username",
        "created_by_user",
        CREATED,
        "user",
    ),
    dashboard(
        "ConnectWise Manage - New ticket created by domain",
        "created_by_domain",
        CREATED,
        "domain",
    ),
    dashboard(
        "ConnectWise Manage - All activities",
        "all_activities",
        &[],
        "event",
    ),
    dashboard(
        "ConnectWise Manage - Tickets reopened",
        "reopened",
        REOPENED,
        "company",
    ),
    dashboard(
        "ConnectWise Manage - Tickets closed",
        "closed",
        CLOSED,
        "company",
    ),
    dashboard(
        "ConnectWise Manage - Tickets modified",
        "modified",
        MODIFIED,
        "company",
    ),
];

const fn dashboard(
    name: &'static str,
    key: &'static str,
    events: &'static [EventKind],
    by: &'static str,
) -> DashboardDefinition {
    DashboardDefinition {
        name,
        key,
        events,
        by,
    }
}

const FIELDS: &[FieldDefinition] = &[
    field("id", "stable identity of the event"),
    field("at", "when it happened, RFC 3339 in UTC"),
    field("event", "which event it is"),
    field(
        "alert",
        "the alert that it was raised as, with its severity",
    ),
    field("by", "which side did it: case or connectwise"),
    field("case_id", "id of the case"),
    field("case_number", "the case's number that people see"),
    field("ticket_id", "number of the ticket"),
    field("summary", "the ticket's summary"),
    field("board", "name of the ticket's board"),
    field("status", "name of the ticket's status"),
    field("severity", "the case's severity"),
    field("group", "id of the group"),
    field("system", "id of the system"),
    field("company", "name of the company"),
    field("user", "who did it"),
    field("domain", "the customer's mail domain"),
    field("reason", "why, or what changed"),
];

const fn field(name: &'static str, about: &'static str) -> FieldDefinition {
    FieldDefinition { name, about }
}

/// Fields that a failed mapping has, which need be no case's.
const OF_MAPPINGS: &[&str] = &[
    "id",
    "at",
    "event",
    "alert",
    "case_id",
    "case_number",
    "group",
    "system",
    "domain",
    "reason",
];

/// Gives all definitions.
///
/// ```
/// let definitions = casewire::definitions();
/// assert_eq!(definitions.alerts[1].name, "ConnectWise Manage - Ticket reopened");
/// assert!(definitions.alerts.iter().all(|alert| !alert.active));
/// ```
#[must_use]
pub fn definitions() -> Definitions {
    let alert = |event: &EventKind| AlertDefinition {
        name: event.alert(),
        event: *event,
        active: false,
    };
    let object = |event: &EventKind| {
        let of_mapping = matches!(event, E::SystemMappingFailed | E::GroupMappingFailed);
        let has = |field: &&FieldDefinition| !of_mapping || OF_MAPPINGS.contains(&field.name);
        KnowledgeObject {
            name: event.alert(),
            event: *event,
            schema: "event.schema.json",
            fields: FIELDS.iter().filter(has).copied().collect(),
        }
    };
    Definitions {
        alerts: SHIPPED.iter().map(alert).collect(),
        reports: REPORTS,
        categories: CATEGORIES,
        knowledge_objects: SHIPPED.iter().map(object).collect(),
        dashboards: DASHBOARDS,
    }
}

/// What has a name and a key.
pub(crate) trait Named: Sized + 'static {
    /// What it is, in words.
    const WHAT: &'static str;
    /// All of its kind.
    const ALL: &'static [Self];
    fn names(&self) -> (&'static str, &'static str);

    /// That of this name or key, compared without case.
    fn find(name: &str, pointer: &str) -> Result<&'static Self, Fault> {
        let wanted = name.trim();
        let is = |one: &&Self| {
            let (name, key) = one.names();
            name.eq_ignore_ascii_case(wanted) || key.eq_ignore_ascii_case(wanted)
        };
        Self::ALL.iter().find(is).ok_or_else(|| {
            let keys: Vec<&str> = Self::ALL.iter().map(|one| one.names().1).collect();
            let all: Vec<&str> = Self::ALL
                .iter()
                .flat_map(|one| [one.names().0, one.names().1])
                .collect();
            Fault::new(
                Code::InvalidValue,
                pointer,
                format!("there is no {} '{wanted}'", Self::WHAT),
                format!(
                    "{}Those that there are: {}",
                    did_you_mean(wanted, &all),
                    listed(&keys)
                ),
            )
        })
    }
}

impl Named for ReportDefinition {
    const WHAT: &'static str = "report";
    const ALL: &'static [Self] = REPORTS;
    fn names(&self) -> (&'static str, &'static str) {
        (self.name, self.key)
    }
}

impl Named for CategoryDefinition {
    const WHAT: &'static str = "category";
    const ALL: &'static [Self] = CATEGORIES;
    fn names(&self) -> (&'static str, &'static str) {
        (self.name, self.key)
    }
}

impl Named for DashboardDefinition {
    const WHAT: &'static str = "dashboard";
    const ALL: &'static [Self] = DASHBOARDS;
    fn names(&self) -> (&'static str, &'static str) {
        (self.name, self.key)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event_log::EventRecord;
    use serde_json::{Value, json};

    #[test]
    fn every_column_and_field_is_one_of_an_event() {
        let record = json!({
            "id": "i", "at": "2019-02-11T01:07:14Z", "event": "ticket_closed", "by": "connectwise",
            "alert": { "name": "a", "severity": "low" }, "case_id": "c", "case_number": "n",
            "ticket_id": 9, "summary": "s", "board": "b", "status": "st", "severity": "se",
            "group": "g", "system": "sy", "company": "co", "user": "u", "domain": "d", "reason": "r",
        });
        let read: EventRecord = serde_json::from_value(record.clone()).unwrap();
        assert_eq!(serde_json::to_value(&read).unwrap(), record);
        let keys: Vec<&String> = record.as_object().unwrap().keys().collect();
        let mut fields: Vec<&str> = FIELDS.iter().map(|field| field.name).collect();
        fields.sort_unstable();
        assert_eq!(keys, fields);
        for field in COLUMNS.iter().chain(OF_MAPPINGS) {
            let text = read.text(field);
            let own = match &record[field] {
                Value::String(own) => own.clone(),
                Value::Object(own) => own["severity"].as_str().unwrap().to_owned(),
                own => own.to_string(),
            };
            assert_eq!(text, own, "{field}");
        }
    }

    #[test]
    fn a_name_or_a_key_finds_its_definition_and_a_slip_of_the_pen_is_named() {
        let name = "connectwise manage - ticket reopened";
        assert_eq!(
            ReportDefinition::find(name, "/report").unwrap().key,
            "reopened"
        );
        assert_eq!(
            DashboardDefinition::find("closed", "/").unwrap().by,
            "company"
        );
        let fault = CategoryDefinition::find("reopend", "/filter/category").unwrap_err();
        assert!(
            fault.fix.contains("Did you mean 'reopened'"),
            "{}",
            fault.fix
        );
    }
}
