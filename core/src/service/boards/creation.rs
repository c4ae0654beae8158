//! Making boards and their children (API.md section 8).

use crate::{
    api::{Client, Query, Write, WriteResult},
    catalog::Place,
    effect::Method,
    runtime::Context,
    time::Timestamp,
};
use serde::Deserialize;
use serde_json::{Value, json};

/// A child of a board that is to be made.
#[derive(Clone, Copy, Debug)]
pub(crate) enum NewChild<'a> {
    Status {
        name: &'a str,
        closed: bool,
        sort_order: u32,
    },
    Type {
        name: &'a str,
    },
    /// Associated with these types.
    Subtype {
        name: &'a str,
        types: &'a [u32],
    },
    Item {
        name: &'a str,
    },
}

#[derive(Deserialize)]
struct Made {
    id: u32,
}

/// Makes a service board; ConnectWise asks for location and department.
///
/// # Errors
///
/// Where the failure says that it is unknown whether the board was made, search by name before trying again.
pub(crate) async fn board(
    cx: &Context,
    api: &Client,
    name: &str,
    location: &Place,
    department: &Place,
    not_after: Timestamp,
) -> WriteResult<u32> {
    let body = json!({
        "name": name,
        "location": reference(location),
        "department": reference(department),
    });
    post(cx, api, "/service/boards".to_owned(), &body, not_after).await
}

/// Makes a child of a board.
///
/// # Errors
///
/// As [`board`].
pub(crate) async fn child(
    cx: &Context,
    api: &Client,
    board: u32,
    child: NewChild<'_>,
    not_after: Timestamp,
) -> WriteResult<u32> {
    let (collection, body) = match child {
        NewChild::Status {
            name,
            closed,
            sort_order,
        } => (
            "statuses",
            json!({"name": name, "closedStatus": closed, "displayOnBoard": !closed, "sortOrder": sort_order}),
        ),
        NewChild::Type { name } => ("types", json!({ "name": name })),
        NewChild::Subtype { name, types } => (
            "subtypes",
            json!({"name": name, "typeAssociationIds": types}),
        ),
        NewChild::Item { name } => ("items", json!({ "name": name })),
    };
    post(cx, api, super::child(board, collection), &body, not_after).await
}

async fn post(
    cx: &Context,
    api: &Client,
    path: String,
    body: &Value,
    not_after: Timestamp,
) -> WriteResult<u32> {
    let write = Write::json(Method::Post, path, body, not_after)?;
    let write = write.query(Query::new().fields("id"));
    let made: Made = api.write(cx, write).await?;
    Ok(made.id)
}

fn reference(place: &Place) -> Value {
    match place.id {
        Some(id) => json!({ "id": id }),
        None => json!({ "name": place.name }),
    }
}
