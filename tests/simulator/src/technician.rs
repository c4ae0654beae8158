//! Technicians: people who work in ConnectWise PSA's own screens.

use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::failure::Failure;
use crate::psa::special::Upload;
use crate::psa::{Actor, Psa};
use crate::route::{self, Endpoint};
use crate::rules::board::associate_triple;
use crate::rules::note;
use crate::store::{is_set, parent_id, referenced};
use crate::table::Table;

/// The tab under which a note stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum NoteKind {
    /// Discussion, which the customer sees.
    Discussion,
    /// Internal.
    Internal,
    /// Resolution.
    Resolution,
}

/// What a technician does. References are by name, or by id as a number in text.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(
    tag = "action",
    rename_all = "camelCase",
    rename_all_fields = "camelCase"
)]
#[allow(
    missing_docs,
    reason = "the fields are those of the records they change"
)]
pub enum Action {
    /// Creates a ticket from the fields of a POST.
    CreateTicket { fields: Map<String, Value> },
    /// Sets fields of a ticket, as a PATCH of them.
    SetFields { ticket: i64, fields: Value },
    /// Puts a ticket into a status of its board.
    SetStatus { ticket: i64, status: String },
    /// Puts a ticket into the default status of its board.
    Reopen { ticket: i64 },
    /// Sets the priority.
    SetPriority { ticket: i64, priority: String },
    /// Sets the owner.
    SetOwner { ticket: i64, member: String },
    /// Adds a note.
    AddNote {
        ticket: i64,
        kind: NoteKind,
        text: String,
    },
    /// Adds a note that the ticket's contact wrote; the ticket is marked as updated by the
    /// customer.
    AddCustomerNote { ticket: i64, text: String },
    /// Adds a time entry with a text.
    AddTimeEntry {
        ticket: i64,
        kind: NoteKind,
        text: String,
        minutes: i64,
    },
    /// Attaches a file.
    Attach {
        ticket: i64,
        file_name: String,
        title: String,
        content: Vec<u8>,
    },
    /// Merges tickets into another.
    Merge { ticket: i64, children: Vec<i64> },
    /// Deletes a ticket.
    Delete { ticket: i64 },
    /// Moves a ticket to another board; its status becomes that board's default.
    MoveBoard { ticket: i64, board: String },
    /// Gives a ticket to another company, by identifier.
    ChangeCompany { ticket: i64, company: String },
    /// Converts a ticket to a project ticket.
    Convert { ticket: i64 },
    /// Deletes many tickets.
    Purge { tickets: Vec<i64> },
    /// Changes fields of any record without any rule, for example deactivates a type:
    /// `{"list": "service/boards/1/types", "id": 1, "fields": {"inactiveFlag": true}}`.
    EditSetup {
        list: String,
        id: i64,
        fields: Map<String, Value>,
    },
}

/// Why an action was not done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// The status with which the API would have refused it.
    pub status: u16,
    /// The error body.
    pub body: Value,
}

impl fmt::Display for Refusal {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: {}", self.status, self.body)
    }
}

impl std::error::Error for Refusal {}

impl From<Failure> for Refusal {
    fn from(failure: Failure) -> Self {
        Self {
            status: failure.status,
            body: failure.response().value(),
        }
    }
}

/// A technician at work. Each act is a save: `_info` moves and callbacks are queued under the
/// technician's name. The acts return the id of what they made, or of the ticket.
#[derive(Debug)]
pub struct Technician<'a> {
    psa: &'a mut Psa,
    actor: Actor,
}

/// The outcome of an act.
pub type Done = Result<i64, Refusal>;

impl Psa {
    /// A technician, by the member's identifier, at the instance's present time.
    pub fn technician(&mut self, member: &str) -> Technician<'_> {
        let actor = self.actor(member);
        Technician { psa: self, actor }
    }

    /// Moves the instance's present time, which requests move too.
    pub fn advance(&mut self, now_ms: i64) {
        self.settle(now_ms);
        self.now_ms = now_ms;
    }
}

impl Technician<'_> {
    /// Does what an action says.
    ///
    /// # Errors
    ///
    /// A [`Refusal`], when the instance's rules forbid it or the ticket is not there.
    pub fn act(&mut self, action: Action) -> Done {
        match action {
            Action::CreateTicket { fields } => self.create_ticket(&fields),
            Action::SetFields { ticket, fields } => self.set(ticket, &fields),
            Action::SetStatus { ticket, status } => self.set_status(ticket, &status),
            Action::Reopen { ticket } => self.reopen(ticket),
            Action::SetPriority { ticket, priority } => self.set_priority(ticket, &priority),
            Action::SetOwner { ticket, member } => self.set_owner(ticket, &member),
            Action::AddNote { ticket, kind, text } => self.add_note(ticket, kind, &text),
            Action::AddCustomerNote { ticket, text } => self.add_customer_note(ticket, &text),
            Action::AddTimeEntry {
                ticket,
                kind,
                text,
                minutes,
            } => self.add_time_entry(ticket, kind, &text, minutes),
            Action::Attach {
                ticket,
                file_name,
                title,
                content,
            } => self.attach(ticket, &file_name, &title, &content),
            Action::Merge { ticket, children } => self.merge(ticket, &children),
            Action::Delete { ticket } => self.delete(ticket),
            Action::MoveBoard { ticket, board } => self.move_board(ticket, &board),
            Action::ChangeCompany { ticket, company } => self.change_company(ticket, &company),
            Action::Convert { ticket } => self.convert(ticket),
            Action::Purge { tickets } => self.purge(&tickets),
            Action::EditSetup { list, id, fields } => self.edit_setup(&list, id, fields),
        }
    }

    /// Creates a ticket from the fields of a POST and returns its id.
    ///
    /// # Errors
    ///
    /// As [`Technician::act`]; so for all others.
    pub fn create_ticket(&mut self, fields: &Map<String, Value>) -> Done {
        Ok(self
            .psa
            .create_from(Table::Ticket, fields, None, &self.actor)?)
    }

    /// Sets fields of a ticket, as a PATCH of them.
    pub fn set(&mut self, ticket: i64, fields: &Value) -> Done {
        self.existing(ticket)?;
        self.psa.set_ticket(ticket, fields, &self.actor)?;
        Ok(ticket)
    }

    /// Puts a ticket into a status of its board.
    pub fn set_status(&mut self, ticket: i64, status: &str) -> Done {
        self.set(ticket, &json!({"status": by_name(status, "name")}))
    }

    /// Puts a ticket into the default status of its board.
    pub fn reopen(&mut self, ticket: i64) -> Done {
        self.set(ticket, &json!({"status": null}))
    }

    /// Sets the priority.
    pub fn set_priority(&mut self, ticket: i64, priority: &str) -> Done {
        self.set(ticket, &json!({"priority": by_name(priority, "name")}))
    }

    /// Sets the owner, by the member's identifier.
    pub fn set_owner(&mut self, ticket: i64, member: &str) -> Done {
        self.set(ticket, &json!({"owner": by_name(member, "identifier")}))
    }

    /// Adds a note and returns its id.
    pub fn add_note(&mut self, ticket: i64, kind: NoteKind, text: &str) -> Done {
        self.existing(ticket)?;
        let note = note::store(self.psa, ticket, &json!(text), kind.flag(), &self.actor);
        self.psa.touch_ticket(ticket, &self.actor);
        Ok(note)
    }

    /// Adds a note that the ticket's contact wrote and returns its id.
    pub fn add_customer_note(&mut self, ticket: i64, text: &str) -> Done {
        let contact = self.existing(ticket)?.get("contact").cloned();
        let flag = NoteKind::Discussion.flag();
        let note = note::store(self.psa, ticket, &json!(text), flag, &self.actor);
        if let Some(record) = self.psa.store.get_mut(Table::ServiceNote, note) {
            record.remove("member");
            record.insert("contact".to_owned(), contact.unwrap_or_default());
            record.insert("customerUpdatedFlag".to_owned(), json!(true));
        }
        self.psa.edit_ticket(ticket, &self.actor, |record| {
            record.insert("customerUpdatedFlag".to_owned(), json!(true));
        });
        Ok(note)
    }

    /// Adds a time entry that ends now and returns its id.
    pub fn add_time_entry(
        &mut self,
        ticket: i64,
        kind: NoteKind,
        text: &str,
        minutes: i64,
    ) -> Done {
        self.existing(ticket)?;
        let start = crate::clock::stamp(self.psa.now_ms - minutes * 60_000);
        let flag = match kind {
            NoteKind::Discussion => "addToDetailDescriptionFlag",
            NoteKind::Internal => "addToInternalAnalysisFlag",
            NoteKind::Resolution => "addToResolutionFlag",
        };
        let fields = json!({
            "chargeToId": ticket,
            "chargeToType": "ServiceTicket",
            "timeStart": start,
            "timeEnd": self.actor.now,
            "notes": text,
            flag: true,
        });
        let fields = fields.as_object().cloned().unwrap_or_default();
        Ok(self
            .psa
            .create_from(Table::TimeEntry, &fields, None, &self.actor)?)
    }

    /// Attaches a file and returns the document's id.
    pub fn attach(&mut self, ticket: i64, file_name: &str, title: &str, content: &[u8]) -> Done {
        self.existing(ticket)?;
        let upload = Upload {
            record_type: "Ticket",
            record_id: ticket,
            title,
            file_name,
            content,
            ..Upload::default()
        };
        let document = self.psa.store_document(&upload, &self.actor)?;
        self.psa.touch_ticket(ticket, &self.actor);
        Ok(document)
    }

    /// Merges tickets into another.
    pub fn merge(&mut self, ticket: i64, children: &[i64]) -> Done {
        for id in children.iter().chain([&ticket]) {
            self.existing(*id)?;
        }
        self.psa.merge(ticket, children, None, &self.actor)?;
        Ok(ticket)
    }

    /// Deletes a ticket.
    pub fn delete(&mut self, ticket: i64) -> Done {
        self.existing(ticket)?;
        self.psa.delete(Table::Ticket, ticket, &self.actor)?;
        Ok(ticket)
    }

    /// Moves a ticket to another board; its status becomes that board's default, its type,
    /// subtype, item and team are cleared.
    pub fn move_board(&mut self, ticket: i64, board: &str) -> Done {
        self.set(
            ticket,
            &json!({
                "board": by_name(board, "name"),
                "status": null,
                "type": null,
                "subType": null,
                "item": null,
                "team": null,
            }),
        )
    }

    /// Gives a ticket to another company, by identifier; contact and site follow.
    pub fn change_company(&mut self, ticket: i64, company: &str) -> Done {
        self.set(ticket, &json!({"company": by_name(company, "identifier")}))
    }

    /// Converts a ticket to a project ticket: its service path is gone.
    pub fn convert(&mut self, ticket: i64) -> Done {
        self.existing(ticket)?;
        self.psa.convert(ticket, &self.actor);
        Ok(ticket)
    }

    /// Deletes many tickets and returns how many there were.
    pub fn purge(&mut self, tickets: &[i64]) -> Done {
        for ticket in tickets {
            self.delete(*ticket)?;
        }
        Ok(i64::try_from(tickets.len()).unwrap_or(i64::MAX))
    }

    /// Closes every open ticket of a board with a status of that name and returns how many.
    pub fn close_all(&mut self, board: i64, status: &str) -> Done {
        let open: Vec<i64> = self
            .psa
            .store
            .rows(Table::Ticket)
            .filter(|(_, ticket)| {
                referenced(ticket, "board") == Some(board) && !is_set(ticket, "closedFlag")
            })
            .map(|(id, _)| id)
            .collect();
        for ticket in &open {
            self.set_status(*ticket, status)?;
        }
        Ok(i64::try_from(open.len()).unwrap_or(i64::MAX))
    }

    /// Makes a record of a setup table from the fields of a POST, as its setup page does. `list` is the path of its list, with
    /// the parent's id.
    pub fn add_setup(&mut self, list: &str, fields: &Map<String, Value>) -> Done {
        let route = route::find(list);
        let Some((table, route)) = route.and_then(|route| match route.endpoint {
            Endpoint::Records(table) => Some((table, route)),
            _ => None,
        }) else {
            return Err(Failure::no_endpoint().into());
        };
        let parent = table.parent().map(|(_, parent)| (parent, route.first()));
        if let Some((parent, id)) = parent
            && self.psa.store.get(parent, id).is_none()
        {
            return Err(Failure::not_found(parent.label(), id).into());
        }
        let parent = parent.map(|(_, id)| id);
        Ok(self.psa.create_from(table, fields, parent, &self.actor)?)
    }

    /// Changes fields of any record without any rule. `list` is the path of its list.
    pub fn edit_setup(&mut self, list: &str, id: i64, fields: Map<String, Value>) -> Done {
        let table = match route::find(list).map(|route| route.endpoint) {
            Some(Endpoint::Records(table)) => table,
            _ => return Err(Failure::no_endpoint().into()),
        };
        let record = self.psa.store.get(table, id).cloned();
        let mut record = record.ok_or_else(|| Failure::not_found(table.label(), id))?;
        record.extend(fields);
        Psa::stamp_changed(&mut record, &self.actor);
        self.psa.store.replace(table, id, record);
        self.psa
            .saved(table, id, "updated", &self.actor, &Map::new());
        Ok(id)
    }

    /// Associates type, subtype and item of a board, by id, as its setup page does. The API has no call for it.
    pub fn associate(&mut self, board: i64, kind: i64, sub_type: i64, item: i64) -> Done {
        for (table, id) in [
            (Table::BoardType, kind),
            (Table::BoardSubType, sub_type),
            (Table::BoardItem, item),
        ] {
            let record = self.psa.store.get(table, id);
            if record.and_then(|record| parent_id(table, record)) != Some(board) {
                return Err(Failure::not_found(table.label(), id).into());
            }
        }
        associate_triple(self.psa, board, kind, sub_type, Some(item));
        Ok(item)
    }

    fn existing(&self, ticket: i64) -> Result<&Map<String, Value>, Refusal> {
        let record = self.psa.store.get(Table::Ticket, ticket);
        record.ok_or_else(|| Failure::not_found("Ticket", ticket).into())
    }
}

impl NoteKind {
    fn flag(self) -> &'static str {
        match self {
            Self::Discussion => "detailDescriptionFlag",
            Self::Internal => "internalAnalysisFlag",
            Self::Resolution => "resolutionFlag",
        }
    }
}

/// A reference by id when the text is a number, else by a key.
fn by_name(text: &str, key: &str) -> Value {
    match text.parse::<i64>() {
        Ok(id) => json!({ "id": id }),
        Err(_) => json!({ key: text }),
    }
}
