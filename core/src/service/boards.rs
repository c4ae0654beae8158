//! Boards and their children, priorities and sources, as the catalog keeps them (API.md section 8).

use crate::{
    api::{Client, Identified, Query, Reference, flag, string},
    catalog::{Association, Board, Label, Named, Place, Priority, Status},
    error::Result,
    runtime::Context,
};
use serde::Deserialize;

pub(crate) mod creation;

/// Reads the boards, without their children.
pub(crate) async fn boards(cx: &Context, api: &Client) -> Result<Vec<Board>> {
    let query = Query::new().fields("id,name,inactiveFlag,projectFlag,location,department");
    let rows: Vec<BoardRow> = api.read_all(cx, "/service/boards", query).await?;
    Ok(rows.into_iter().map(BoardRow::into_board).collect())
}

/// Reads the statuses of a board. Their ids are the board's own.
pub(crate) async fn statuses(cx: &Context, api: &Client, board: u32) -> Result<Vec<Status>> {
    let query = Query::new().fields("id,name,inactive,closedStatus,defaultFlag");
    let rows: Vec<StatusRow> = api.read_all(cx, child(board, "statuses"), query).await?;
    Ok(rows.into_iter().map(StatusRow::into_status).collect())
}

/// Reads the types of a board.
pub(crate) async fn types(cx: &Context, api: &Client, board: u32) -> Result<Vec<Named>> {
    named(cx, api, child(board, "types"), "id,name,inactiveFlag").await
}

/// Reads the subtypes of a board.
pub(crate) async fn subtypes(cx: &Context, api: &Client, board: u32) -> Result<Vec<Named>> {
    named(cx, api, child(board, "subtypes"), "id,name,inactiveFlag").await
}

/// Reads the items of a board.
pub(crate) async fn items(cx: &Context, api: &Client, board: u32) -> Result<Vec<Named>> {
    named(cx, api, child(board, "items"), "id,name,inactiveFlag").await
}

/// Reads which types, subtypes and items of a board go together.
pub(crate) async fn associations(
    cx: &Context,
    api: &Client,
    board: u32,
) -> Result<Vec<Association>> {
    let query = Query::new().fields("id,type,subType,item");
    let path = child(board, "typeSubTypeItemAssociations");
    let rows: Vec<AssociationRow> = api.read_all(cx, path, query).await?;
    Ok(rows
        .into_iter()
        .filter_map(AssociationRow::into_association)
        .collect())
}

/// Reads the teams of a board.
pub(crate) async fn teams(cx: &Context, api: &Client, board: u32) -> Result<Vec<Named>> {
    named(cx, api, child(board, "teams"), "id,name").await
}

/// Reads the priorities.
pub(crate) async fn priorities(cx: &Context, api: &Client) -> Result<Vec<Priority>> {
    let query = Query::new().fields("id,name,level");
    let rows: Vec<PriorityRow> = api.read_all(cx, "/service/priorities", query).await?;
    Ok(rows.into_iter().map(|row| row.0).collect())
}

/// Reads the sources.
pub(crate) async fn sources(cx: &Context, api: &Client) -> Result<Vec<Named>> {
    named(cx, api, "/service/sources".to_owned(), "id,name").await
}

/// Reads how the instance calls its impacts.
pub(crate) async fn impacts(cx: &Context, api: &Client) -> Result<Vec<Label>> {
    labels(cx, api, "/service/impacts").await
}

/// Reads how the instance calls its severities.
pub(crate) async fn severities(cx: &Context, api: &Client) -> Result<Vec<Label>> {
    labels(cx, api, "/service/severities").await
}

/// Reads the service level agreements.
pub(crate) async fn slas(cx: &Context, api: &Client) -> Result<Vec<Named>> {
    named(cx, api, "/service/SLAs".to_owned(), "id,name").await
}

async fn labels(cx: &Context, api: &Client, path: &str) -> Result<Vec<Label>> {
    let query = Query::new().fields("id,name,description,defaultFlag");
    let rows: Vec<LabelRow> = api.read_all(cx, path, query).await?;
    Ok(rows.into_iter().map(LabelRow::into_label).collect())
}

async fn named(
    cx: &Context,
    api: &Client,
    path: String,
    fields: &'static str,
) -> Result<Vec<Named>> {
    let rows: Vec<NamedRow> = api.read_all(cx, path, Query::new().fields(fields)).await?;
    Ok(rows.into_iter().map(NamedRow::into_named).collect())
}

fn child(board: u32, collection: &str) -> String {
    format!("/service/boards/{board}/{collection}")
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct BoardRow {
    id: u32,
    name: String,
    #[serde(default, deserialize_with = "flag")]
    inactive_flag: bool,
    /// What older releases call it.
    #[serde(default, deserialize_with = "flag")]
    inactive: bool,
    #[serde(default, deserialize_with = "flag")]
    project_flag: bool,
    #[serde(default)]
    location: Option<Reference>,
    #[serde(default)]
    department: Option<Reference>,
}

impl BoardRow {
    fn into_board(self) -> Board {
        Board {
            id: self.id,
            name: self.name,
            inactive: self.inactive_flag || self.inactive,
            project: self.project_flag,
            location: self.location.as_ref().and_then(place),
            department: self.department.as_ref().and_then(place),
            statuses: Vec::new(),
            types: Vec::new(),
            subtypes: Vec::new(),
            items: Vec::new(),
            associations: Vec::new(),
            teams: Vec::new(),
        }
    }
}

fn place(reference: &Reference) -> Option<Place> {
    Some(Place {
        id: reference.id,
        name: reference.label()?.to_owned(),
    })
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct LabelRow {
    id: u32,
    #[serde(default, deserialize_with = "string")]
    name: String,
    #[serde(default, deserialize_with = "string")]
    description: String,
    #[serde(default, deserialize_with = "flag")]
    default_flag: bool,
}

impl LabelRow {
    fn into_label(self) -> Label {
        Label {
            id: self.id,
            name: self.name,
            description: self.description,
            default: self.default_flag,
        }
    }
}

impl Identified for LabelRow {
    fn record_id(&self) -> u32 {
        self.id
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct StatusRow {
    id: u32,
    name: String,
    #[serde(default, deserialize_with = "flag")]
    inactive: bool,
    #[serde(default, deserialize_with = "flag")]
    closed_status: bool,
    #[serde(default, deserialize_with = "flag")]
    default_flag: bool,
}

impl StatusRow {
    fn into_status(self) -> Status {
        Status {
            id: self.id,
            name: self.name,
            closed: self.closed_status,
            default: self.default_flag,
            inactive: self.inactive,
        }
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct NamedRow {
    id: u32,
    name: String,
    #[serde(default, deserialize_with = "flag")]
    inactive_flag: bool,
}

impl NamedRow {
    fn into_named(self) -> Named {
        Named {
            id: self.id,
            name: self.name,
            inactive: self.inactive_flag,
        }
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct AssociationRow {
    id: u32,
    #[serde(default, rename = "type")]
    kind: Option<Reference>,
    #[serde(default)]
    sub_type: Option<Reference>,
    #[serde(default)]
    item: Option<Reference>,
}

impl AssociationRow {
    fn into_association(self) -> Option<Association> {
        Some(Association {
            kind: self.kind?.id?,
            subtype: self.sub_type.and_then(|subtype| subtype.id),
            item: self.item.and_then(|item| item.id),
        })
    }
}

#[derive(Deserialize)]
#[serde(transparent)]
struct PriorityRow(Priority);

impl Identified for BoardRow {
    fn record_id(&self) -> u32 {
        self.id
    }
}

impl Identified for StatusRow {
    fn record_id(&self) -> u32 {
        self.id
    }
}

impl Identified for NamedRow {
    fn record_id(&self) -> u32 {
        self.id
    }
}

impl Identified for AssociationRow {
    fn record_id(&self) -> u32 {
        self.id
    }
}

impl Identified for PriorityRow {
    fn record_id(&self) -> u32 {
        self.0.id
    }
}
