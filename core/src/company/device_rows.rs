//! Device configurations as sending devices reads and writes them (API.md section 11).

use super::{CompanyId, ConfigurationId};
use crate::{
    api::{Client, Conditions, Identified, Patch, Query, Write, WriteResult, flag, string},
    devices::wanted::Listed,
    effect::Method,
    error::Result,
    runtime::Context,
    time::Timestamp,
};
use serde::Deserialize;
use serde_json::{Map, Value};
use std::collections::BTreeSet;

const PATH: &str = "/company/configurations";

/// What tells a configuration, whatever else is asked for.
const MARKS: &str = "id,company/id,name,activeFlag,deviceIdentifier,serialNumber,macAddress";

/// Longest conditions of companies; beyond it all configurations are read (API.md section 5).
const ROOM: usize = 1_200;

/// A configuration with the fields that were asked for.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub(crate) struct DeviceRow {
    pub(crate) id: ConfigurationId,
    #[serde(flatten)]
    pub(crate) fields: Map<String, Value>,
}

impl Identified for DeviceRow {
    fn record_id(&self) -> u32 {
        self.id.0
    }
}

impl DeviceRow {
    pub(crate) fn text(&self, field: &str) -> &str {
        let value = self.fields.get(field);
        value.and_then(Value::as_str).unwrap_or_default()
    }

    /// The id of a record that it refers to.
    pub(crate) fn reference(&self, field: &str) -> Option<u32> {
        let id = self.fields.get(field)?.get("id")?.as_u64()?;
        u32::try_from(id).ok()
    }

    pub(crate) fn company(&self) -> CompanyId {
        CompanyId(self.reference("company").unwrap_or_default())
    }

    /// Missing means active.
    pub(crate) fn is_active(&self) -> bool {
        self.fields.get("activeFlag") != Some(&Value::Bool(false))
    }

    /// Name and id, for a person.
    pub(crate) fn label(&self) -> String {
        format!("'{}' ({})", self.text("name"), self.id.0)
    }
}

/// Reads the configurations of companies, in pages of 1,000 and with no more fields than these besides what tells them.
///
/// # Errors
///
/// What reading came to.
pub(crate) async fn list(
    cx: &Context,
    api: &Client,
    companies: &BTreeSet<CompanyId>,
    fields: &BTreeSet<&str>,
) -> Result<Vec<DeviceRow>> {
    if companies.is_empty() {
        return Ok(Vec::new());
    }
    let more = fields
        .iter()
        .filter(|field| !MARKS.split(',').any(|mark| mark == **field));
    let fields = more.fold(MARKS.to_owned(), |fields, field| {
        format!("{fields},{field}")
    });
    let each = companies
        .iter()
        .map(|company| Conditions::new().eq("company/id", company.0));
    let conditions = Conditions::new().any(each);
    let conditions = match conditions.len() <= ROOM {
        true => conditions,
        false => Conditions::new(),
    };
    let query = Query::new().conditions(&conditions).fields(&fields);
    let mut rows: Vec<DeviceRow> = api.read_all(cx, PATH, query).await?;
    rows.retain(|row| companies.contains(&row.company()));
    Ok(rows)
}

/// Makes a configuration; answers with these fields.
///
/// # Errors
///
/// Where it is unknown whether it was made, look for it before trying again.
pub(crate) async fn create(
    cx: &Context,
    api: &Client,
    body: &Map<String, Value>,
    not_after: Timestamp,
) -> WriteResult<DeviceRow> {
    let write = Write::json(Method::Post, PATH, body, not_after)?;
    api.write(cx, write.query(answer(body.keys().map(String::as_str))))
        .await
}

/// Changes fields of a configuration. Another type goes to an address of its own.
///
/// # Errors
///
/// What writing came to.
pub(crate) async fn change(
    cx: &Context,
    api: &Client,
    id: ConfigurationId,
    fields: &Map<String, Value>,
    not_after: Timestamp,
) -> WriteResult<DeviceRow> {
    let patch = fields.iter().fold(Patch::new(), |patch, (field, value)| {
        patch.replace(field, value.clone())
    });
    let below = if fields.contains_key("type") {
        "/changeType"
    } else {
        ""
    };
    let write = Write::json(
        Method::Patch,
        format!("{PATH}/{}{below}", id.0),
        &patch,
        not_after,
    )?;
    api.write(cx, write.query(answer(fields.keys().map(String::as_str))))
        .await
}

fn answer<'a>(fields: impl Iterator<Item = &'a str>) -> Query {
    let fields = fields.fold("id".to_owned(), |fields, field| format!("{fields},{field}"));
    Query::new().fields(&fields)
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct TypeRow {
    id: u32,
    #[serde(default, deserialize_with = "string")]
    name: String,
    #[serde(default, deserialize_with = "flag")]
    inactive_flag: bool,
}

#[derive(Deserialize)]
struct StatusRow {
    id: u32,
    #[serde(default, deserialize_with = "string")]
    description: String,
}

/// A question of a type.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Question {
    pub(crate) id: u32,
    #[serde(default, deserialize_with = "string")]
    pub(crate) question: String,
    #[serde(default, deserialize_with = "string")]
    pub(crate) field_type: String,
    #[serde(default, deserialize_with = "flag")]
    pub(crate) required_flag: bool,
    #[serde(default, deserialize_with = "flag")]
    pub(crate) inactive_flag: bool,
}

impl Identified for TypeRow {
    fn record_id(&self) -> u32 {
        self.id
    }
}

impl Identified for StatusRow {
    fn record_id(&self) -> u32 {
        self.id
    }
}

impl Identified for Question {
    fn record_id(&self) -> u32 {
        self.id
    }
}

/// Reads the types.
///
/// # Errors
///
/// What reading came to.
pub(crate) async fn types(cx: &Context, api: &Client) -> Result<Vec<Listed>> {
    let query = Query::new().fields("id,name,inactiveFlag");
    let rows: Vec<TypeRow> = api.read_all(cx, format!("{PATH}/types"), query).await?;
    let listed = |row: TypeRow| Listed {
        id: row.id,
        name: row.name,
        inactive: row.inactive_flag,
    };
    Ok(rows.into_iter().map(listed).collect())
}

/// Reads the statuses.
///
/// # Errors
///
/// What reading came to.
pub(crate) async fn statuses(cx: &Context, api: &Client) -> Result<Vec<Listed>> {
    let query = Query::new().fields("id,description");
    let rows: Vec<StatusRow> = api.read_all(cx, format!("{PATH}/statuses"), query).await?;
    let listed = |row: StatusRow| Listed {
        id: row.id,
        name: row.description,
        inactive: false,
    };
    Ok(rows.into_iter().map(listed).collect())
}

/// Reads the questions of a type that are in use.
///
/// # Errors
///
/// What reading came to.
pub(crate) async fn questions(cx: &Context, api: &Client, kind: u32) -> Result<Vec<Question>> {
    let query = Query::new().fields("id,question,fieldType,requiredFlag,inactiveFlag");
    let path = format!("{PATH}/types/{kind}/questions");
    let mut questions: Vec<Question> = api.read_all(cx, path, query).await?;
    questions.retain(|question| !question.inactive_flag);
    Ok(questions)
}
