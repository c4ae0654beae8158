//! The service desk: technicians, and what they did to tickets.

use super::step::Deed;
use crate::World;
use casewire::{Delivery, Event};
use casewire_simulator::{NoteKind, Technician};
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};

pub(super) const BOARDS: [&str; 2] = ["Professional Services", "Network Operations"];
pub(super) const TICKET_STATUSES: [&str; 4] = [
    "New (not responded)",
    "In Progress",
    "Closed",
    "Waiting Customer Response",
];
pub(super) const PRIORITIES: [&str; 4] = [
    "Priority 1 - Emergency Response",
    "Priority 2 - Quick Response",
    "Priority 3 - Normal Response",
    "Priority 4 - Scheduled Maintenance",
];
const COMPANIES: [&str; 3] = ["BigDesign", "WideWorld", "NorthTampa"];
const MEMBERS: [&str; 2] = ["training.admin", "training.admin1"];
const MOST_TICKETS: usize = 9;

/// What technicians did.
#[derive(Debug, Default)]
pub(super) struct Desk {
    /// Tickets that technicians made, as they left them.
    pub(super) bystanders: BTreeMap<i64, Value>,
    /// Tickets whose status a technician set last.
    pub(super) status_set: BTreeSet<i64>,
    /// Tickets whose status a technician set at any time.
    pub(super) status_ever_set: BTreeSet<i64>,
    /// Tickets whose priority a technician set.
    pub(super) priority_set: BTreeSet<i64>,
    /// Tickets that were merged into others, with the others and the step.
    pub(super) merged: BTreeMap<i64, (i64, usize)>,
    /// Tickets that were deleted or converted.
    pub(super) gone: BTreeSet<i64>,
    /// Tickets whose status casewire has asked to be changed.
    pub(super) status_asked: BTreeSet<i64>,
    /// The status that a case had when its ticket was asked for, by the ticket's reference: a route decides on the first
    /// status of a ticket, whatever that of the case.
    pub(super) born_as: BTreeMap<String, BTreeSet<String>>,
    /// Up to which change of the instance statuses were looked at.
    looked_at: Option<u64>,
    /// The statuses that each ticket has had, in order.
    statuses: BTreeMap<i64, Vec<String>>,
    /// Up to which of them each case was told, by ticket and case.
    told: BTreeMap<(i64, String), usize>,
    /// The ticket that was touched last.
    pub(super) last_touched: Option<i64>,
    /// Notes, time entries' notes and documents of technicians.
    pub(super) said: Vec<Said>,
}

/// Something that a technician added to a ticket.
#[derive(Clone, Debug)]
pub(super) struct Said {
    pub(super) ticket: i64,
    pub(super) what: SaidKind,
    /// Its id in ConnectWise.
    pub(super) id: i64,
    pub(super) text: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum SaidKind {
    Note(NoteKind),
    TimeEntry(NoteKind),
    Document,
}

impl Said {
    /// How a case hears of it.
    pub(super) fn name(&self) -> String {
        let kind = match self.what {
            SaidKind::Note(_) => "note",
            SaidKind::TimeEntry(_) => "time",
            SaidKind::Document => "document",
        };
        format!("connectwise-{kind}-{}", self.id)
    }
}

impl Desk {
    /// Does something to one of the tickets; says whether the instance let it be done.
    pub(super) fn act(&mut self, world: &mut World, which: u8, deed: Deed, step: usize) -> bool {
        world.psa.advance(world.now.millis());
        let ids = world.psa.ids("service/tickets").unwrap_or_default();
        if matches!(deed, Deed::Create) {
            return ids.len() < MOST_TICKETS && self.create(world, ids.len());
        }
        if ids.is_empty() {
            return false;
        }
        let id = ids[usize::from(which) % ids.len()];
        self.last_touched = Some(id);
        let done = self.work_on(world, id, &ids, deed, step);
        self.look_at_bystanders(world);
        done
    }

    fn create(&mut self, world: &mut World, number: usize) -> bool {
        let fields = json!({
            "summary": format!("made by hand {number}"), "company": { "identifier": "BigDesign" },
            "board": { "name": BOARDS[number % 2] },
        });
        let Value::Object(fields) = fields else {
            return false;
        };
        let fields: Map<String, Value> = fields;
        let made = technician(world).create_ticket(&fields);
        if let Ok(id) = made {
            self.bystanders.insert(id, Value::Null);
            self.look_at_bystanders(world);
        }
        made.is_ok()
    }

    fn work_on(
        &mut self,
        world: &mut World,
        id: i64,
        ids: &[i64],
        deed: Deed,
        step: usize,
    ) -> bool {
        let ends = matches!(deed, Deed::Delete | Deed::Convert);
        if self.gone.contains(&id) || ends && self.merged.contains_key(&id) {
            return false;
        }
        let mut technician = technician(world);
        let text = |which: u8| format!("said by hand {} at {step}", which % 3);
        match deed {
            Deed::Create => return false,
            Deed::Status(which) => {
                let status = TICKET_STATUSES[usize::from(which) % TICKET_STATUSES.len()];
                if technician.set_status(id, status).is_err() {
                    return false;
                }
                self.status_set.insert(id);
                self.status_ever_set.insert(id);
            }
            Deed::Reopen => {
                if technician.reopen(id).is_err() {
                    return false;
                }
                self.status_set.insert(id);
                self.status_ever_set.insert(id);
            }
            Deed::Priority(which) => {
                let priority = PRIORITIES[usize::from(which) % PRIORITIES.len()];
                if technician.set_priority(id, priority).is_err() {
                    return false;
                }
                self.priority_set.insert(id);
            }
            Deed::Owner(which) => {
                let member = MEMBERS[usize::from(which) % MEMBERS.len()];
                return technician.set_owner(id, member).is_ok();
            }
            Deed::Note(kind, which) => {
                let made = technician.add_note(id, kind, &text(which));
                return self.say(id, SaidKind::Note(kind), made.ok(), text(which));
            }
            Deed::CustomerNote(which) => {
                let made = technician.add_customer_note(id, &text(which));
                let kind = SaidKind::Note(NoteKind::Discussion);
                return self.say(id, kind, made.ok(), text(which));
            }
            Deed::TimeEntry(kind, which) => {
                let made = technician.add_time_entry(id, kind, &text(which), 5);
                return self.say(id, SaidKind::TimeEntry(kind), made.ok(), text(which));
            }
            Deed::Attach(which) => {
                let title = text(which);
                let made = technician.attach(id, "photo.png", &title, title.as_bytes());
                return self.say(id, SaidKind::Document, made.ok(), title);
            }
            Deed::Merge(which) => {
                let parent = ids[usize::from(which) % ids.len()];
                let part_of_another = |id| self.merged.contains_key(&id);
                if parent == id
                    || self.gone.contains(&parent)
                    || part_of_another(id)
                    || part_of_another(parent)
                {
                    return false;
                }
                if technician.merge(parent, &[id]).is_err() {
                    return false;
                }
                self.merged.insert(id, (parent, step));
                // It stands for a case from now on, unless both are no case's.
                if !self.bystanders.contains_key(&id) {
                    self.bystanders.remove(&parent);
                }
            }
            Deed::MoveBoard(which) => {
                let board = BOARDS[usize::from(which) % BOARDS.len()];
                if technician.move_board(id, board).is_err() {
                    return false;
                }
                self.status_set.insert(id);
                self.status_ever_set.insert(id);
            }
            Deed::Company(which) => {
                let company = COMPANIES[usize::from(which) % COMPANIES.len()];
                return technician.change_company(id, company).is_ok();
            }
            Deed::Delete => {
                if technician.delete(id).is_err() {
                    return false;
                }
                self.bystanders.remove(&id);
                self.gone.insert(id);
            }
            Deed::Convert => {
                if self.bystanders.contains_key(&id) || technician.convert(id).is_err() {
                    return false;
                }
                self.gone.insert(id);
            }
        }
        true
    }

    fn say(&mut self, ticket: i64, what: SaidKind, id: Option<i64>, text: String) -> bool {
        let Some(id) = id else { return false };
        self.said.push(Said {
            ticket,
            what,
            id,
            text,
        });
        true
    }

    /// Notes the statuses that tickets have now.
    pub(super) fn look_at_statuses(&mut self, world: &World) {
        let changes = Some(world.psa.changes());
        if std::mem::replace(&mut self.looked_at, changes) == changes {
            return;
        }
        for (id, ticket) in world.psa.rows("service/tickets") {
            let status = status_of(world, ticket);
            let had = self.statuses.entry(id).or_default();
            if had.last().is_none_or(|last| last != status) {
                had.push(status.to_owned());
            }
        }
    }

    /// A case is told no older status of a ticket than it knows already, and none that the ticket never had.
    pub(super) fn is_no_older(&mut self, delivery: &Delivery) -> Result<(), String> {
        let (Some(case), Some(ticket)) = (delivery.case_id(), &delivery.ticket) else {
            return Ok(());
        };
        // Of a ticket that is gone it says what the case knew last, which may be the one that was merged into it.
        if matches!(delivery.event, Event::TicketDeleted { .. }) {
            return Ok(());
        }
        let id = i64::from(ticket.ticket_id.0);
        let had = self.statuses.entry(id).or_default();
        let known = self.told.entry((id, case.to_owned())).or_default();
        let later = had.iter().skip(*known).position(|it| *it == ticket.status);
        let Some(later) = later else {
            return Err(format!(
                "case {case} is told that ticket {id} is '{}' after it was told of its status number {known} of {had:?}",
                ticket.status
            ));
        };
        *known += later;
        Ok(())
    }

    /// Technicians alone touch these.
    fn look_at_bystanders(&mut self, world: &World) {
        for (id, seen) in &mut self.bystanders {
            *seen = all_of(world, *id);
        }
    }

    /// The ticket that a ticket became part of, at last.
    pub(super) fn root(&self, mut id: i64) -> i64 {
        while let Some((parent, _)) = self.merged.get(&id) {
            id = *parent;
        }
        id
    }
}

/// The name of a ticket's status.
pub(super) fn status_of<'a>(world: &'a World, ticket: &Map<String, Value>) -> &'a str {
    let id = ticket
        .get("status")
        .and_then(|status| status["id"].as_i64());
    let status = id.and_then(|id| world.psa.row("service/boards/statuses", id));
    let name = status.and_then(|status| status.get("name"));
    name.and_then(Value::as_str).unwrap_or_default()
}

/// A ticket with its notes and documents, as they are stored.
pub(super) fn all_of(world: &World, id: i64) -> Value {
    let all_of = |name: &str, field: &str| -> Vec<Value> {
        let own = |record: &Map<String, Value>| record.get(field).is_some_and(|it| *it == id);
        let records = world.psa.rows(name).map(|(_, record)| record);
        let records = records.filter(|record| own(record));
        records.cloned().map(Value::Object).collect()
    };
    json!([
        all_of("service/tickets", "id"),
        all_of("service/tickets/notes", "ticketId"),
        all_of("system/documents", "~recordId"),
    ])
}

fn technician(world: &mut World) -> Technician<'_> {
    world.psa.technician("training.admin")
}
