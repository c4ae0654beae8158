//! Creating, changing and deleting records of any table.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::dispatch::Call;
use super::{Actor, Psa, custom_fields};
use crate::failure::{Detail, Failure};
use crate::schema::{Access, Kind};
use crate::security::{Level, Module};
use crate::store::Record;
use crate::table::Table;
use crate::{body, patch, references, rules};

/// A record on its way into the store.
#[derive(Debug)]
pub(crate) struct Saving<'a> {
    pub(crate) table: Table,
    /// The record as it was; `None` for a new one.
    pub(crate) before: Option<Record>,
    /// The record as it will be.
    pub(crate) record: Record,
    /// What the body carried that no answer shows.
    pub(crate) asides: Record,
    /// The names of the fields that the body set.
    pub(crate) set: BTreeSet<String>,
    pub(crate) actor: &'a Actor,
    /// What is wrong with it.
    pub(crate) details: Vec<Detail>,
}

impl Saving<'_> {
    /// Sets a field that the body left out.
    pub(crate) fn default(&mut self, field: &str, value: Value) {
        if !value.is_null() && !self.record.contains_key(field) {
            self.record.insert(field.to_owned(), value);
        }
    }

    /// Refuses a field.
    pub(crate) fn refuse(&mut self, field: &str, message: impl Into<String>) {
        self.details.push(Detail::invalid(field, message));
    }

    /// Whether the record is new.
    pub(crate) fn is_new(&self) -> bool {
        self.before.is_none()
    }

    fn check(&mut self) -> Result<(), Failure> {
        if self.details.is_empty() {
            return Ok(());
        }
        let details = std::mem::take(&mut self.details);
        Err(Failure::invalid_object(
            &self.table.entity().resource(),
            details,
        ))
    }

    /// Takes what no answer shows out of the record.
    fn set_aside(&mut self) {
        for field in self.table.entity().fields {
            if field.access == Access::NeverReturned
                && let Some(value) = self.record.remove(field.name)
            {
                self.asides.insert(field.name.to_owned(), value);
            }
        }
    }
}

impl Psa {
    /// Creates the record that a POST describes and returns its id.
    pub(super) fn create(&mut self, table: Table, call: &Call<'_>) -> Result<i64, Failure> {
        let parent = table
            .parent()
            .map(|(_, parent_table)| (parent_table, call.route.first()));
        if let Some((parent_table, id)) = parent {
            self.existing(parent_table, call, id)?;
        }
        let input = body::object(&call.request.body)?;
        let actor = self.actor_of(call);
        self.create_from(table, &input, parent.map(|(_, id)| id), &actor)
    }

    /// Creates a record from the fields of a body.
    pub(crate) fn create_from(
        &mut self,
        table: Table,
        input: &Map<String, Value>,
        parent: Option<i64>,
        actor: &Actor,
    ) -> Result<i64, Failure> {
        let entity = table.entity();
        let (record, details) = body::accept(entity, input, &self.settings.quirks);
        let mut saving = Saving {
            table,
            before: None,
            set: record.keys().cloned().collect(),
            record,
            asides: Record::new(),
            actor,
            details,
        };
        if table == Table::Ticket && self.settings.quirks.company_optional {
            saving.default("company", json!({"id": 1}));
        }
        saving
            .details
            .append(&mut body::missing(entity, &saving.record));
        saving.check()?;
        saving.set_aside();
        set_parent(table, &mut saving.record, parent);
        rules::before_resolving(self, &mut saving);
        let present = saving.record.keys().cloned().collect();
        let mut unresolved = references::resolve(&self.store, table, &mut saving.record, &present);
        saving.details.append(&mut unresolved);
        saving.check()?;
        custom_fields::settle(self, &mut saving);
        rules::prepare(self, &mut saving)?;
        saving.check()?;
        Self::stamp_new(&mut saving.record, actor);
        let Saving { record, asides, .. } = saving;
        let id = self.store.insert(table, record);
        self.audit(table, id, actor, "Record created");
        rules::after_create(self, table, id, &asides, actor)?;
        self.saved(table, id, "added", actor, &asides);
        Ok(id)
    }

    /// Changes a record as a PATCH says.
    pub(super) fn patch(&mut self, table: Table, id: i64, call: &Call<'_>) -> Result<(), Failure> {
        let before = self.store.get(table, id).cloned().unwrap_or_default();
        let mut record = before.clone();
        let quirks = &self.settings.quirks;
        let set = patch::apply(table.entity(), &mut record, &call.request.body, quirks)?;
        let actor = self.actor_of(call);
        self.change(table, id, before, record, set, &actor)
    }

    /// Replaces a record as a PUT says: what it leaves out is gone.
    pub(super) fn replace(
        &mut self,
        table: Table,
        id: i64,
        call: &Call<'_>,
    ) -> Result<(), Failure> {
        let before = self.store.get(table, id).cloned().unwrap_or_default();
        let entity = table.entity();
        let input = body::object(&call.request.body)?;
        let (mut record, details) = body::accept(entity, &input, &self.settings.quirks);
        if !details.is_empty() {
            return Err(Failure::invalid_object(&entity.resource(), details));
        }
        for (name, value) in &before {
            let kept = name.starts_with('~')
                || table.parent().is_some_and(|(field, _)| field == name)
                || entity
                    .field(name)
                    .is_some_and(|field| field.access == Access::ReadOnly);
            if kept {
                record.insert(name.clone(), value.clone());
            }
        }
        let set = record.keys().cloned().collect();
        let actor = self.actor_of(call);
        self.change(table, id, before, record, set, &actor)
    }

    /// Saves a changed record. A change of nothing is not a save.
    pub(crate) fn change(
        &mut self,
        table: Table,
        id: i64,
        before: Record,
        record: Record,
        set: BTreeSet<String>,
        actor: &Actor,
    ) -> Result<(), Failure> {
        if set.is_empty() {
            return Ok(());
        }
        let mut saving = Saving {
            table,
            details: body::missing(table.entity(), &record),
            before: Some(before),
            record,
            asides: Record::new(),
            set,
            actor,
        };
        saving.check()?;
        saving.set_aside();
        rules::before_resolving(self, &mut saving);
        let mut unresolved =
            references::resolve(&self.store, table, &mut saving.record, &saving.set);
        saving.details.append(&mut unresolved);
        saving.check()?;
        custom_fields::settle(self, &mut saving);
        rules::prepare(self, &mut saving)?;
        saving.check()?;
        Self::stamp_changed(&mut saving.record, actor);
        let names: Vec<&str> = saving.set.iter().map(String::as_str).collect();
        let text = format!("Record changed: {}", names.join(", "));
        let Saving { record, asides, .. } = saving;
        self.store.replace(table, id, record);
        self.audit(table, id, actor, &text);
        rules::after_change(self, table, id);
        self.saved(table, id, "updated", actor, &asides);
        Ok(())
    }

    /// Deletes a record and what belongs to it.
    pub(crate) fn delete(&mut self, table: Table, id: i64, actor: &Actor) -> Result<(), Failure> {
        rules::before_delete(self, table, id, actor)?;
        self.saved(table, id, "deleted", actor, &Record::new());
        self.store.remove(table, id);
        self.audit(table, id, actor, "Record deleted");
        rules::after_delete(self, table, id);
        Ok(())
    }

    /// A caller as an actor, with what it may do.
    pub(crate) fn actor_of(&self, call: &Call<'_>) -> Actor {
        Actor {
            may_close: self
                .require_of(call, Module::CloseServiceTickets, Level::Edit)
                .is_ok(),
            ..call.actor.clone()
        }
    }
}

fn set_parent(table: Table, record: &mut Record, parent: Option<i64>) {
    let (Some((name, _)), Some(parent)) = (table.parent(), parent) else {
        return;
    };
    let value = match table.entity().field(name).map(|field| field.kind) {
        Some(Kind::Reference(_)) => json!({"id": parent}),
        _ => json!(parent),
    };
    record.insert(name.to_owned(), value);
}
