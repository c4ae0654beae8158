use super::{FieldOwners, IncomingDocuments, IncomingNotes, WhenDeleted};
use crate::time::Span;
use serde::{Deserialize, Serialize};

/// What comes back from ConnectWise, and how it is found (rows S2, S6, S8; guide 003, "Incident Inbound Integration").
///
/// Nothing of it happens before `policies.ticket_inbound` is on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct Inbound {
    /// How often [`Command::Poll`](crate::Command::Poll) is due, at least 10 seconds; 5 minutes where nothing is said.
    pub every: Span,
    /// How far back the first poll looks (guide 003 step 1.9, "Time Window"), at most 30 days; 6 hours where nothing is said.
    /// Every later one goes on from where the one before ended, however long ago that was.
    pub window: Span,
    /// How far a poll reaches back into what the one before has seen already: a change that took long to be written bears the
    /// time at which it began. 10 minutes where nothing is said, at most a day.
    pub overlap: Span,
    /// How often every open ticket of a case is read again even where nothing is said to have changed: a note or a document
    /// may come without the ticket's time of change moving (API.md sections 10 and 13.2). At least 10 minutes; 4 hours where
    /// nothing is said.
    pub reread: Span,
    /// Which tickets become cases (guide 002 step 3); none where nothing is said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub trigger: Option<Trigger>,
    /// Which notes and time entries come in.
    pub notes: IncomingNotes,
    /// Which documents come in.
    pub documents: IncomingDocuments,
    /// Which side a field belongs to.
    pub fields: FieldOwners,
    /// What becomes of a case whose ticket was deleted.
    pub when_deleted: WhenDeleted,
    /// From when on changes of many tickets at once are held back instead of told (row S8).
    pub mass_change: MassChange,
}

impl Default for Inbound {
    fn default() -> Self {
        Self {
            every: Span::seconds(5 * 60),
            window: Span::seconds(6 * 3600),
            overlap: Span::seconds(10 * 60),
            reread: Span::seconds(4 * 3600),
            trigger: None,
            notes: IncomingNotes::default(),
            documents: IncomingDocuments::default(),
            fields: FieldOwners::default(),
            when_deleted: WhenDeleted::default(),
            mass_change: MassChange::default(),
        }
    }
}

impl Inbound {
    /// Whether nothing differs from what holds where nothing is said.
    #[must_use]
    pub fn is_default(&self) -> bool {
        *self == Self::default()
    }
}

/// Which tickets become cases: those that are saved with this status on this board. Once a ticket has its case, its status
/// no longer matters (guide 002 step 3).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Trigger {
    /// Name of the board, which must stand in `status_map`.
    pub board: String,
    /// Name of the status, such as `Notify Arctic Wolf`.
    pub status: String,
    /// Whether the ticket's contact must be known; yes where nothing is said (guide 002, "Create a ConnectWise ticket").
    #[serde(default = "yes")]
    pub known_contact: bool,
    /// The addresses that are known, compared without case; one that begins with `@` stands for its whole domain. Where there
    /// is no such list, every active contact of the ticket's company that has an e-mail address is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contacts: Option<Vec<String>>,
    /// Where it is said that a contact is not known, once for each ticket and contact.
    #[serde(default)]
    pub refusal: RefusalPlace,
}

fn yes() -> bool {
    true
}

/// Where it is said that a ticket makes no case.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum RefusalPlace {
    /// As an internal note of the ticket, where the technician sees it.
    #[default]
    Note,
    /// As an event of the instance: [`Event::CaseRequestRefused`](crate::Event::CaseRequestRefused).
    Event,
}

/// From when on deletions, closings and moves found by one poll or reconcile are held back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct MassChange {
    /// More than so many percent of the open tickets of cases, 1 to 100; 50 where nothing is said.
    pub percent: u8,
    /// Fewer than so many are never held back, at least 1; 10 where nothing is said.
    pub at_least: u64,
}

impl Default for MassChange {
    fn default() -> Self {
        Self {
            percent: 50,
            at_least: 10,
        }
    }
}

impl MassChange {
    /// Whether so many changes out of so many open tickets are held back.
    #[must_use]
    pub fn holds(self, changes: u64, open: u64) -> bool {
        changes >= self.at_least
            && changes.saturating_mul(100) > open.saturating_mul(u64::from(self.percent))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mass_change_is_more_than_the_share_and_not_few() {
        let guard = MassChange::default();
        assert!(!guard.holds(9, 9), "fewer than ten are never many");
        assert!(guard.holds(10, 19));
        assert!(!guard.holds(10, 20), "half is not more than half");
        assert!(guard.holds(51, 100) && !guard.holds(50, 100));
    }

    #[test]
    fn where_nothing_is_said_the_guide_s_window_holds() {
        let inbound: Inbound = serde_json::from_str("{}").unwrap();
        assert!(inbound.is_default());
        assert_eq!(inbound.window, Span::seconds(6 * 3600));
    }
}
