use super::{Alert, EventKind};
use crate::{
    case::Case,
    delivery::{ChangedBy, Delivery, Event, Subject, TicketChange},
    mapping::Domain,
    service::TicketId,
    text::cut,
    time::Timestamp,
};
use serde::{Deserialize, Serialize};

/// Longest reason that the log keeps.
const REASON: usize = 300;

/// An event as the log keeps it: the named fields of guide 000's knowledge objects (section 11.4). It holds no text of a comment
/// and no content of a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct EventRecord {
    /// Id of the delivery that told it.
    pub id: String,
    /// When it happened.
    pub at: Timestamp,
    /// What kind of event it is.
    pub event: EventKind,
    /// The alert that it was raised as, where it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub alert: Option<Alert>,
    /// Which side did it, where that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<ChangedBy>,
    /// Id of the case.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub case_id: Option<String>,
    /// The case's number that people see.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub case_number: Option<String>,
    /// Number of the ticket.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ticket_id: Option<TicketId>,
    /// The ticket's summary.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub summary: Option<String>,
    /// Name of the ticket's board.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub board: Option<String>,
    /// Name of the ticket's status then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
    /// The case's severity.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub severity: Option<String>,
    /// Id of the group.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<String>,
    /// Id of the system.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub system: Option<String>,
    /// Name of the company.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub company: Option<String>,
    /// Who did it: who added the case, or the ConnectWise member who changed the ticket.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user: Option<String>,
    /// The customer's mail domain: that of the group's address, or else of who added the case.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub domain: Option<String>,
    /// Why, or what changed; at most 300 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// What of a case its events name, kept with its link.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct About {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) number: Option<String>,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(crate) group: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) system: Option<String>,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(crate) severity: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) user: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) domain: Option<String>,
}

impl About {
    pub(crate) fn of(case: &Case) -> Self {
        let email = case.group.email.as_deref().and_then(domain_of_addresses);
        let adder = case.added_by.as_deref();
        Self {
            number: case.number.clone(),
            group: case.group.id.clone(),
            system: case.system.as_ref().map(|system| system.id.clone()),
            severity: case.severity.clone(),
            user: case.added_by.clone(),
            domain: email.or_else(|| adder.and_then(domain_of_login)),
        }
    }

    /// Of a group or system that is no case's.
    pub(crate) fn of_group(group: Option<&str>) -> Self {
        Self {
            group: group.unwrap_or_default().to_owned(),
            ..Self::default()
        }
    }
}

fn domain_of_addresses(text: &str) -> Option<String> {
    let domains = Domain::of_addresses(text).ok()?;
    domains.first().map(|domain| domain.as_str().to_owned())
}

/// `ada@bigdesign.com` and `BIGDESIGN\ada` have one.
fn domain_of_login(login: &str) -> Option<String> {
    let domain = match login.split_once('\\') {
        Some((domain, _)) => domain,
        None => login.rsplit_once('@')?.1,
    };
    let domain = domain.trim().to_lowercase();
    (!domain.is_empty()).then_some(domain)
}

impl EventRecord {
    /// What the log keeps of a delivery.
    pub(crate) fn of(delivery: &Delivery, about: &About, summary: Option<&str>) -> Self {
        let event = &delivery.event;
        let ticket = delivery.ticket.as_ref();
        let said = Said::of(event);
        let by = said.by;
        let member = ticket.and_then(|ticket| ticket.changed_by.clone());
        let user = match by {
            Some(ChangedBy::ConnectWise) => said.user.or(member),
            _ => said.user.or_else(|| about.user.clone()),
        };
        let text = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        let mut record = Self {
            id: delivery.id.clone(),
            at: delivery.at,
            event: event.kind(),
            alert: delivery.alert.clone(),
            by,
            case_id: None,
            case_number: about.number.clone(),
            ticket_id: ticket.map(|ticket| ticket.ticket_id).or(said.ticket),
            summary: ticket
                .and_then(|ticket| ticket.summary.clone())
                .or_else(|| summary.and_then(text)),
            board: ticket.and_then(|ticket| text(&ticket.board)),
            status: ticket.and_then(|ticket| text(&ticket.status)),
            severity: text(&about.severity),
            group: text(&about.group),
            system: about.system.clone(),
            company: said
                .company
                .or_else(|| ticket.and_then(|ticket| ticket.company.clone())),
            user,
            domain: about.domain.clone(),
            reason: said.reason.map(|reason| cut(&reason, REASON)),
        };
        match &delivery.subject {
            Subject::Case(id) => record.case_id = Some(id.clone()),
            Subject::Group(id) => record.group = Some(id.clone()),
            Subject::System(id) => record.system = Some(id.clone()),
            Subject::Instance(_) => {}
        }
        record
    }
}

/// What an event itself says.
#[derive(Default)]
struct Said {
    by: Option<ChangedBy>,
    user: Option<String>,
    company: Option<String>,
    ticket: Option<TicketId>,
    reason: Option<String>,
}

impl Said {
    fn of(event: &Event) -> Self {
        let ours = Self {
            by: Some(ChangedBy::Case),
            ..Self::default()
        };
        let theirs = Self {
            by: Some(ChangedBy::ConnectWise),
            ..Self::default()
        };
        let why = |reason: &str| Self {
            reason: Some(reason.to_owned()),
            ..Self::default()
        };
        match event {
            Event::TicketCreated | Event::TicketModified => ours,
            Event::TicketClosed { by } | Event::TicketReopened { by } => Self {
                by: Some(*by),
                ..Self::default()
            },
            Event::TicketChanged { changes } => Self {
                reason: Some(changed(changes)),
                ..theirs
            },
            Event::CommentAdded { comment } | Event::CommentChanged { comment } => Self {
                user: comment.author.clone(),
                ..theirs
            },
            Event::AttachmentAdded { attachment } => Self {
                user: attachment.author.clone(),
                reason: Some(attachment.file_name.clone()),
                ..theirs
            },
            Event::TicketMerged { from, into } => Self {
                reason: Some(format!("ticket {from} into ticket {into}")),
                ..theirs
            },
            Event::TicketDeleted { ticket } => Self {
                ticket: Some(*ticket),
                ..theirs
            },
            Event::TicketConverted { record_type } => Self {
                reason: record_type.clone(),
                ..theirs
            },
            Event::TicketMoved { from, to, .. } | Event::CompanyChanged { from, to } => Self {
                reason: Some(format!("from '{from}' to '{to}'")),
                ..theirs
            },
            Event::GroupMappingFailed { reason }
            | Event::SystemMappingFailed { reason }
            | Event::MappingRemoved { reason }
            | Event::CallbackRepaired { reason }
            | Event::CatalogDrift { reason, .. }
            | Event::SystemMapped { reason, .. } => why(reason),
            Event::GroupMapped {
                company, reason, ..
            } => Self {
                company: Some(company.name.clone()),
                ..why(reason)
            },
            Event::CaseDiscarded { reason, by } => Self {
                user: by.clone(),
                ..why(reason)
            },
            Event::CatchAllGrows {
                tickets, company, ..
            } => Self {
                company: Some(company.clone()),
                ..why(&format!("{tickets} tickets on this day"))
            },
            Event::CredentialExpiring { day, .. } => why(&format!("their last day is {day}")),
            Event::RepeatJoined { first_case } => Self {
                reason: Some(format!("it repeats case '{first_case}'")),
                ..ours
            },
            Event::RolledUp { scope } => Self {
                reason: Some(format!("too many new tickets for {scope}")),
                ..ours
            },
            Event::Withheld { window, until } => Self {
                reason: Some(format!("window '{window}' until {until}")),
                ..ours
            },
            Event::FloodBegan { scope, ticket } => Self {
                ticket: Some(*ticket),
                ..why(scope)
            },
            Event::FloodEnded {
                scope,
                ticket,
                cases,
            } => Self {
                ticket: *ticket,
                ..why(&format!("{scope}, {cases} cases"))
            },
            Event::MaintenanceEnded {
                window,
                ticket,
                cases,
            } => Self {
                ticket: *ticket,
                ..why(&format!("window '{window}', {cases} cases"))
            },
            Event::CaseRequested { request } => Self {
                user: request.requested_by.clone(),
                company: Some(request.company.name.clone()),
                ..theirs
            },
            Event::CaseRequestRefused { ticket_id, reason } => Self {
                by: theirs.by,
                ticket: Some(*ticket_id),
                ..why(reason)
            },
            Event::MassChangeHeld { counts } => why(&format!(
                "{} of {} open tickets",
                counts.changes(),
                counts.open
            )),
        }
    }
}

/// `status: 'New' to 'Closed'; owner: to 'Ada'`. Resolutions are texts, and are only named.
fn changed(changes: &[TicketChange]) -> String {
    use crate::delivery::TicketField;
    let one = |change: &TicketChange| {
        let field = change.field.name();
        if change.field == TicketField::Resolution {
            return field.to_owned();
        }
        let said = |value: &Option<String>| value.clone().unwrap_or_default();
        let (before, after) = (said(&change.before), said(&change.after));
        format!("{field}: '{before}' to '{after}'")
    };
    let lines: Vec<String> = changes.iter().map(one).collect();
    lines.join("; ")
}

impl EventRecord {
    /// A field by its key, as text; empty where the event has none.
    pub(crate) fn text(&self, field: &str) -> String {
        let text = |value: &Option<String>| value.clone().unwrap_or_default();
        match field {
            "id" => self.id.clone(),
            "at" => self.at.to_string(),
            "event" => self.event.name().to_owned(),
            "alert" => self
                .alert
                .as_ref()
                .map(|alert| alert.severity.name().to_owned())
                .unwrap_or_default(),
            "by" => match self.by {
                Some(ChangedBy::Case) => "case".to_owned(),
                Some(ChangedBy::ConnectWise) => "connectwise".to_owned(),
                None => String::new(),
            },
            "case_id" => text(&self.case_id),
            "case_number" => text(&self.case_number),
            "ticket_id" => self.ticket_id.map(|id| id.to_string()).unwrap_or_default(),
            "summary" => text(&self.summary),
            "board" => text(&self.board),
            "status" => text(&self.status),
            "severity" => text(&self.severity),
            "group" => text(&self.group),
            "system" => text(&self.system),
            "company" => text(&self.company),
            "user" => text(&self.user),
            "domain" => text(&self.domain),
            "reason" => text(&self.reason),
            _ => String::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_login_s_domain_stands_in_where_the_group_has_no_address() {
        assert_eq!(
            domain_of_login(r"BIGDESIGN\ada"),
            Some("bigdesign".to_owned())
        );
        assert_eq!(
            domain_of_login("ada@BigDesign.com"),
            Some("bigdesign.com".to_owned())
        );
        assert_eq!(domain_of_login("ada"), None);
        assert_eq!(
            domain_of_addresses("it@bigdesign.com"),
            Some("bigdesign.com".to_owned())
        );
    }
}
