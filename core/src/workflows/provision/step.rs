use crate::{
    api::{Client, WriteFailure, WriteResult},
    catalog::same_name,
    error::{Code, Error, Result},
    provision::Creation,
    runtime::Context,
    service::boards::{
        self,
        creation::{self, NewChild},
    },
    time::Timestamp,
};
use std::collections::BTreeMap;

/// A collection of a board's children.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Collection {
    Statuses,
    Types,
    Subtypes,
    Items,
}

/// Names and ids.
type Names = Vec<(String, u32)>;

/// The collections that were read, so that a board's children are read once and not once a step.
#[derive(Default)]
pub(super) struct Seen {
    boards: Option<Names>,
    children: BTreeMap<(u32, Collection), Names>,
}

impl Seen {
    /// What was read may have changed.
    pub(super) fn forget(&mut self) {
        *self = Self::default();
    }

    /// Takes note of a record that was made.
    pub(super) fn add(&mut self, create: &Creation, id: u32) {
        let entry = (create.name().to_owned(), id);
        match kind(create) {
            None => {
                if let Some(boards) = &mut self.boards {
                    boards.push(entry);
                }
            }
            Some(child) => {
                let board = self.id_of_board(create.board());
                if let Some(names) = board.and_then(|id| self.children.get_mut(&(id, child))) {
                    names.push(entry);
                }
            }
        }
    }

    fn id_of_board(&self, name: &str) -> Option<u32> {
        id_in(self.boards.as_ref()?, name)
    }

    fn id_of_child(&self, board: u32, child: Collection, name: &str) -> Option<u32> {
        id_in(self.children.get(&(board, child))?, name)
    }

    /// The id of the record, where it exists.
    pub(super) async fn find(
        &mut self,
        cx: &Context,
        api: &Client,
        create: &Creation,
    ) -> Result<Option<u32>> {
        if self.boards.is_none() {
            let found = boards::boards(cx, api).await?;
            self.boards = Some(
                found
                    .into_iter()
                    .map(|board| (board.name, board.id))
                    .collect(),
            );
        }
        let Some(child) = kind(create) else {
            return Ok(self.id_of_board(create.name()));
        };
        let Some(board) = self.id_of_board(create.board()) else {
            return Ok(None);
        };
        self.read(cx, api, board, child).await?;
        if child == Collection::Subtypes {
            self.read(cx, api, board, Collection::Types).await?;
        }
        Ok(self.id_of_child(board, child, create.name()))
    }

    async fn read(
        &mut self,
        cx: &Context,
        api: &Client,
        board: u32,
        child: Collection,
    ) -> Result<()> {
        if self.children.contains_key(&(board, child)) {
            return Ok(());
        }
        let names = |named: Vec<crate::catalog::Named>| {
            named
                .into_iter()
                .map(|named| (named.name, named.id))
                .collect()
        };
        let found: Names = match child {
            Collection::Statuses => {
                let statuses = boards::statuses(cx, api, board).await?;
                statuses
                    .into_iter()
                    .map(|status| (status.name, status.id))
                    .collect()
            }
            Collection::Types => names(boards::types(cx, api, board).await?),
            Collection::Subtypes => names(boards::subtypes(cx, api, board).await?),
            Collection::Items => names(boards::items(cx, api, board).await?),
        };
        self.children.insert((board, child), found);
        Ok(())
    }
}

fn id_in(names: &Names, name: &str) -> Option<u32> {
    names
        .iter()
        .find(|(known, _)| same_name(known, name))
        .map(|(_, id)| *id)
}

/// The collection of its board; none for a board itself.
fn kind(create: &Creation) -> Option<Collection> {
    Some(match create {
        Creation::Board { .. } => return None,
        Creation::Status { .. } => Collection::Statuses,
        Creation::Type { .. } => Collection::Types,
        Creation::Subtype { .. } => Collection::Subtypes,
        Creation::Item { .. } => Collection::Items,
    })
}

/// Sends the request that makes a record, after [`Seen::find`] found that it is not there.
///
/// # Errors
///
/// Where the failure says that it is unknown whether the record was made, search for it before trying again.
pub(super) async fn create(
    cx: &Context,
    api: &Client,
    seen: &Seen,
    create: &Creation,
    not_after: Timestamp,
) -> WriteResult<u32> {
    let gone = |what: &str, name: &str| {
        let message = format!("the {what} '{name}' is not there. Make a new plan");
        WriteFailure::not_performed(Error::new(Code::NotFound, message))
    };
    let types;
    let child = match create {
        Creation::Board {
            name,
            location,
            department,
        } => {
            return creation::board(cx, api, name, location, department, not_after).await;
        }
        Creation::Status {
            name,
            closed,
            sort_order,
            ..
        } => NewChild::Status {
            name,
            closed: *closed,
            sort_order: *sort_order,
        },
        Creation::Type { name, .. } => NewChild::Type { name },
        Creation::Item { name, .. } => NewChild::Item { name },
        Creation::Subtype {
            board,
            name,
            types: names,
        } => {
            let id = |kind: &String| {
                let board = seen.id_of_board(board)?;
                seen.id_of_child(board, Collection::Types, kind)
            };
            let ids = names
                .iter()
                .map(|kind| id(kind).ok_or_else(|| gone("type", kind)));
            types = ids.collect::<WriteResult<Vec<u32>>>()?;
            NewChild::Subtype {
                name,
                types: &types,
            }
        }
    };
    let board = seen
        .id_of_board(create.board())
        .ok_or_else(|| gone("board", create.board()))?;
    creation::child(cx, api, board, child, not_after).await
}
