use crate::{
    config::{FieldOwner, FieldOwners},
    delivery::{TicketChange, TicketField, TicketState},
    service::tickets::Ticket,
    settings::Settings,
    time::Timestamp,
};

/// A ticket's state as the case shows it, without what it means for the case and without its resolution, which stands in
/// its notes.
pub(crate) fn ticket_state(ticket: &Ticket) -> TicketState {
    let said = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
    TicketState {
        ticket_id: ticket.id,
        summary: said(&ticket.summary),
        board: ticket.board_name().to_owned(),
        status: ticket.status_name().to_owned(),
        case_status: None,
        closed: ticket.closed_flag,
        priority: ticket
            .priority
            .as_ref()
            .and_then(|priority| said(priority.label()?)),
        case_severity: None,
        owner: ticket.owner.as_ref().and_then(|owner| said(owner.label()?)),
        closed_at: ticket.closed_date,
        resolved_at: ticket.date_resolved,
        resolution: None,
        sla_status: ticket.sla_status.as_deref().and_then(said),
        company: said(ticket.company_name()),
        changed_by: ticket
            .info
            .as_ref()
            .and_then(|info| info.updated_by.clone()),
    }
}

/// The state with what it means for the case: its status by the status map of the board, its severity by the priority maps.
pub(crate) fn meaning(settings: &Settings, state: TicketState) -> TicketState {
    let severity = state
        .priority
        .as_deref()
        .and_then(|name| settings.case_severity(name));
    TicketState {
        case_status: super::case_status(settings, &state.board, &state.status),
        case_severity: severity.map(str::to_owned),
        ..state
    }
}

/// In what a ticket is no longer as the host knows it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Differences {
    /// The boards before and now.
    pub(crate) moved: Option<(String, String)>,
    /// The companies before and now.
    pub(crate) company: Option<(String, String)>,
    /// Whether it is closed now, where it was not before; or the other way round.
    pub(crate) closed: Option<bool>,
    /// All else, and status and times too where its closing does not say them already.
    pub(crate) changes: Vec<TicketChange>,
}

impl Differences {
    /// The fields that differ.
    pub(crate) fn fields(&self) -> impl Iterator<Item = TicketField> + use<> {
        let status = self.closed.map(|_| TicketField::Status);
        let changed: Vec<TicketField> = self.changes.iter().map(|change| change.field).collect();
        changed.into_iter().chain(status)
    }

    /// Without what belongs to the case, of which it is not told.
    pub(crate) fn that_come_in(mut self, owners: &FieldOwners) -> Self {
        let comes_in = |field| {
            let owner = match field {
                TicketField::Status | TicketField::ClosedAt | TicketField::ResolvedAt => {
                    owners.status
                }
                TicketField::Priority => owners.priority,
                TicketField::Summary => owners.summary,
                TicketField::Owner | TicketField::Resolution | TicketField::SlaStatus => {
                    return true;
                }
            };
            owner != FieldOwner::Case
        };
        self.closed = self.closed.filter(|_| comes_in(TicketField::Status));
        self.changes.retain(|change| comes_in(change.field));
        self
    }
}

/// Whether the case's change of a field is written over what a technician made of it.
pub(crate) fn case_wins(
    owner: FieldOwner,
    case_changed_at: Timestamp,
    technician_changed_at: Option<Timestamp>,
) -> bool {
    match owner {
        FieldOwner::Case => true,
        FieldOwner::Ticket => false,
        FieldOwner::Newest => technician_changed_at.is_none_or(|at| at <= case_changed_at),
    }
}

/// Compares a ticket with what the host knows of it.
pub(crate) fn differences(before: &TicketState, now: &TicketState) -> Differences {
    let other = |a: &str, b: &str| (a != b).then(|| (a.to_owned(), b.to_owned()));
    let closed = (before.closed != now.closed).then_some(now.closed);
    let mut changes = Vec::new();
    let mut compare = |field, before: Option<&str>, after: Option<&str>| {
        if before != after {
            changes.push(TicketChange {
                field,
                before: before.map(str::to_owned),
                after: after.map(str::to_owned),
            });
        }
    };
    let text = |time: Option<Timestamp>| time.map(|time| time.to_string());
    compare(
        TicketField::Summary,
        before.summary.as_deref(),
        now.summary.as_deref(),
    );
    if closed.is_none() {
        compare(TicketField::Status, Some(&before.status), Some(&now.status));
    }
    compare(
        TicketField::Priority,
        before.priority.as_deref(),
        now.priority.as_deref(),
    );
    compare(
        TicketField::Owner,
        before.owner.as_deref(),
        now.owner.as_deref(),
    );
    if closed.is_none() {
        let times = [
            (TicketField::ClosedAt, before.closed_at, now.closed_at),
            (TicketField::ResolvedAt, before.resolved_at, now.resolved_at),
        ];
        for (field, before, after) in times {
            compare(field, text(before).as_deref(), text(after).as_deref());
        }
    }
    compare(
        TicketField::Resolution,
        before.resolution.as_deref(),
        now.resolution.as_deref(),
    );
    if closed.is_none() {
        compare(
            TicketField::SlaStatus,
            before.sla_status.as_deref(),
            now.sla_status.as_deref(),
        );
    }
    Differences {
        moved: other(&before.board, &now.board),
        company: match (&before.company, &now.company) {
            (Some(before), Some(now)) => other(before, now),
            _ => None,
        },
        closed,
        changes,
    }
}
