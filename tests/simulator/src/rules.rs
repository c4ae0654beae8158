//! What each table asks of its records beyond the types of their fields.

pub(crate) mod board;
pub(crate) mod callback;
pub(crate) mod company;
pub(crate) mod configuration;
pub(crate) mod contact;
pub(crate) mod note;
pub(crate) mod ticket;
pub(crate) mod time_entry;

use crate::failure::Failure;
use crate::psa::records::Saving;
use crate::psa::{Actor, Psa};
use crate::store::Record;
use crate::table::Table;

/// Fills in what references in the body depend on.
pub(crate) fn before_resolving(psa: &Psa, saving: &mut Saving<'_>) {
    match saving.table {
        Table::Ticket => ticket::before_resolving(psa, saving),
        Table::Contact => contact::before_resolving(psa, saving),
        _ => {}
    }
}

/// Fills in defaults and results, and finds what is wrong.
pub(crate) fn prepare(psa: &mut Psa, saving: &mut Saving<'_>) -> Result<(), Failure> {
    match saving.table {
        Table::Ticket => ticket::prepare(psa, saving),
        Table::ServiceNote => note::prepare(psa, saving),
        Table::TimeEntry => time_entry::prepare(psa, saving),
        Table::Company => company::prepare(psa, saving),
        Table::Contact => contact::prepare(psa, saving),
        Table::ContactCommunication => contact::prepare_communication(psa, saving),
        Table::CommunicationType => contact::prepare_communication_type(saving),
        Table::Configuration => configuration::prepare(psa, saving),
        Table::Callback => callback::prepare(psa, saving),
        Table::Board
        | Table::BoardStatus
        | Table::BoardType
        | Table::BoardSubType
        | Table::BoardItem => board::prepare(psa, saving),
        _ => Ok(()),
    }
}

/// Makes what follows from a new record.
pub(crate) fn after_create(
    psa: &mut Psa,
    table: Table,
    id: i64,
    asides: &Record,
    actor: &Actor,
) -> Result<(), Failure> {
    match table {
        Table::Ticket => ticket::after_create(psa, id, asides, actor),
        Table::ServiceNote => note::touch_ticket(psa, id, actor),
        Table::TimeEntry => time_entry::touch_ticket(psa, id, actor),
        Table::Company => company::after_create(psa, id, actor),
        Table::Contact => contact::after_create(psa, id, actor)?,
        Table::ContactCommunication => contact::after_communication(psa, id),
        Table::Board => board::after_create(psa, id, actor),
        Table::BoardSubType => board::associate(psa, id),
        _ => {}
    }
    Ok(())
}

/// Makes what follows from a change.
pub(crate) fn after_change(psa: &mut Psa, table: Table, id: i64) {
    match table {
        Table::ContactCommunication => contact::after_communication(psa, id),
        Table::Contact => contact::after_change(psa, id),
        Table::BoardSubType => board::associate(psa, id),
        _ => {}
    }
}

/// Refuses a deletion, or removes what belongs to the record.
pub(crate) fn before_delete(
    psa: &mut Psa,
    table: Table,
    id: i64,
    actor: &Actor,
) -> Result<(), Failure> {
    match table {
        Table::Company => company::before_delete(psa, id),
        Table::Ticket => {
            ticket::before_delete(psa, id);
            Ok(())
        }
        Table::ServiceNote => {
            note::touch_ticket(psa, id, actor);
            Ok(())
        }
        Table::Board | Table::BoardStatus | Table::BoardType | Table::Priority | Table::Source => {
            board::before_delete(psa, table, id)
        }
        _ => Ok(()),
    }
}

/// Brings what mirrors a deleted record up to date.
pub(crate) fn after_delete(psa: &mut Psa, table: Table, id: i64) {
    if table == Table::ContactCommunication {
        contact::refresh_all(psa, id);
    }
}
