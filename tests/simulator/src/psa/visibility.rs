//! What a caller may see and do: rights, own tickets, hidden boards, parents in the path.

use std::sync::LazyLock;

use serde_json::Value;

use super::Psa;
use super::dispatch::Call;
use crate::failure::Failure;
use crate::list::Find;
use crate::security::{Level, Module, Role};
use crate::store::{Record, parent_id, referenced, text};
use crate::table::Table;

static EVERYTHING: LazyLock<Role> = LazyLock::new(Role::default);

impl Psa {
    /// The ids of the records of a table that a call's list matches and its caller may see.
    pub(crate) fn find(&self, table: Table, call: &Call<'_>) -> Result<Vec<i64>, Failure> {
        let quirks = &self.settings.quirks;
        let find = Find::from_target(table, call.route.template, &call.target, quirks)?;
        self.find_with(&find, table, call)
    }

    /// The ids of the records of a table that match and that a caller may see.
    pub(crate) fn find_with(
        &self,
        find: &Find,
        table: Table,
        call: &Call<'_>,
    ) -> Result<Vec<i64>, Failure> {
        match self.require(call, Level::Inquire) {
            Err(_) if self.settings.quirks.missing_right_is_empty => return Ok(Vec::new()),
            other => other?,
        }
        let quirks = &self.settings.quirks;
        let visible = |(_, record): &(i64, &Record)| self.is_visible(table, record, call);
        let Some((_, parent_table)) = table.parent() else {
            return Ok(match find.candidates(&self.store, table) {
                Some(ids) => {
                    let rows = ids.into_iter();
                    let rows = rows.filter_map(|id| Some((id, self.store.get(table, id)?)));
                    find.run(&self.store, table, rows.filter(visible), quirks)
                }
                None => {
                    let rows = self.store.rows(table).filter(visible);
                    find.run(&self.store, table, rows, quirks)
                }
            });
        };
        let parent = call.route.first();
        self.store
            .get(parent_table, parent)
            .filter(|record| self.is_visible(parent_table, record, call))
            .ok_or_else(|| Failure::not_found(parent_table.label(), parent))?;
        let rows = self.store.children(table, parent).filter(visible);
        Ok(find.run(&self.store, table, rows, quirks))
    }

    /// Refuses a record that is not there, not below the path's parent, or not to be seen.
    pub(crate) fn existing(&self, table: Table, call: &Call<'_>, id: i64) -> Result<(), Failure> {
        let not_found = || Failure::not_found(table.label(), id);
        let record = self.store.get(table, id).ok_or_else(not_found)?;
        let belongs = match (table.parent(), call.route.ids.as_slice()) {
            (Some((_, parent_table)), [parent, _]) => {
                let seen = self
                    .store
                    .get(parent_table, *parent)
                    .is_some_and(|record| self.is_visible(parent_table, record, call));
                seen && parent_id(table, record) == Some(*parent)
            }
            _ => true,
        };
        if belongs && self.is_visible(table, record, call) {
            Ok(())
        } else {
            Err(not_found())
        }
    }

    /// Refuses a caller whose role lacks a right on what it calls.
    pub(crate) fn require(&self, call: &Call<'_>, level: Level) -> Result<(), Failure> {
        self.require_of(call, call.route.module(), level)
    }

    /// Refuses a caller whose role lacks a right.
    pub(crate) fn require_of(
        &self,
        call: &Call<'_>,
        module: Module,
        level: Level,
    ) -> Result<(), Failure> {
        if self.role(call).grants(module, level) {
            return Ok(());
        }
        Err(Failure::forbidden(format!(
            "Member {} has no {level:?} right on {module:?}.",
            call.actor.member
        )))
    }

    fn role(&self, call: &Call<'_>) -> &Role {
        self.api_member(call.member)
            .map_or(&EVERYTHING, |member| &member.role)
    }

    fn is_visible(&self, table: Table, record: &Record, call: &Call<'_>) -> bool {
        let role = self.role(call);
        match table {
            Table::Ticket => {
                let entered_by = record
                    .get("_info")
                    .and_then(|info| info.get("enteredBy"))
                    .and_then(Value::as_str);
                text(record, "recordType") == "ServiceTicket"
                    && (!role.own_tickets_only || entered_by == Some(&call.actor.member))
                    && referenced(record, "board")
                        .is_none_or(|board| !role.hidden_boards.contains(&board))
            }
            Table::Board => record
                .get("id")
                .and_then(Value::as_i64)
                .is_none_or(|board| !role.hidden_boards.contains(&board)),
            Table::Callback => text(record, "~member") == call.actor.member,
            _ => true,
        }
    }
}
