//! The seeded instance: the partner, its customers and its service desk.

mod companies;
mod populate;
mod service;

use serde_json::{Value, json};

use super::Psa;
use crate::clock;
use crate::store::Record;
use crate::table::Table;

/// When the seeded records were entered.
const ENTERED: &str = "2019-01-02T08:00:00Z";

impl Psa {
    /// The instance of the guides: company `acme` with customer Big Design, Inc., the board
    /// Professional Services and their neighbours.
    ///
    /// The first ticket created in it gets the id 909 (`Settings::first_ticket_id`).
    #[must_use]
    pub fn seeded(seed: u64) -> Self {
        let mut psa = Self::empty(seed);
        psa.now_ms = clock::milliseconds(ENTERED).unwrap_or_default();
        service::seed(&mut psa);
        companies::seed(&mut psa);
        psa.set_first_ticket_id(psa.settings.first_ticket_id);
        psa.deliveries.clear();
        psa.audit.clear();
        psa
    }

    /// Sets the id of the next ticket. Ids only grow: a smaller one than the last has no effect.
    pub fn set_first_ticket_id(&mut self, id: i64) {
        self.settings.first_ticket_id = id;
        self.store.continue_at(Table::Ticket, id);
    }

    /// Stores a seeded record as it stands, references by id.
    fn plant(&mut self, table: Table, fields: Value) -> i64 {
        let mut record: Record = fields.as_object().cloned().unwrap_or_default();
        let actor = self.actor("zadmin");
        Self::stamp_new(&mut record, &actor);
        self.store.insert(table, record)
    }

    fn plant_names(&mut self, table: Table, names: &[&str]) {
        for name in names {
            self.plant(table, json!({ "name": name }));
        }
    }
}

/// A stored reference.
fn to(id: i64) -> Value {
    json!({ "id": id })
}
