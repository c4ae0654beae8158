//! Callback registrations (API.md section 13.1).

use crate::{
    api::{Client, Identified, Patch, Query, Write, WriteResult, flag, string},
    config::CallbackLevel,
    effect::Method,
    error::Result,
    runtime::Context,
    time::Timestamp,
};
use serde::Deserialize;
use serde_json::{Value, json};

pub(crate) const PATH: &str = "/system/callbacks";

/// What is asked for of a registration.
const FIELDS: &str = "id,description,url,objectId,type,level,inactiveFlag,isSelfSuppressedFlag";

/// A registration, `CallbackEntry`. ConnectWise shows a member its own only.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Entry {
    pub(crate) id: u32,
    #[serde(default, deserialize_with = "string")]
    pub(crate) description: String,
    #[serde(default, deserialize_with = "string")]
    pub(crate) url: String,
    #[serde(default)]
    pub(crate) object_id: Option<u32>,
    #[serde(default, rename = "type", deserialize_with = "string")]
    pub(crate) kind: String,
    /// Stored in lower case, whatever was sent.
    #[serde(default, deserialize_with = "string")]
    pub(crate) level: String,
    #[serde(default, rename = "inactiveFlag", deserialize_with = "flag")]
    pub(crate) inactive: bool,
    #[serde(default, rename = "isSelfSuppressedFlag", deserialize_with = "flag")]
    pub(crate) self_suppressed: bool,
}

impl Identified for Entry {
    fn record_id(&self) -> u32 {
        self.id
    }
}

/// Reads all registrations of the API member.
///
/// # Errors
///
/// What reading came to.
pub(crate) async fn list(cx: &Context, api: &Client) -> Result<Vec<Entry>> {
    api.read_all(cx, PATH, Query::new().fields(FIELDS)).await
}

/// Registers an address for saved tickets. Changes of any member are wanted: which way the flag for suppression works is
/// not documented (API.md section 13.5). Says whether it was made; `false` where ConnectWise says that it has one like it.
///
/// # Errors
///
/// Where it is unknown whether it was made, read the registrations before trying again.
pub(crate) async fn register(
    cx: &Context,
    api: &Client,
    url: &str,
    level: CallbackLevel,
    object: u32,
    description: &str,
    not_after: Timestamp,
) -> WriteResult<bool> {
    let body = json!({
        "url": url, "objectId": object, "type": "ticket", "level": level.name(), "description": description,
        "payloadVersion": "3.0.0", "inactiveFlag": false, "isSelfSuppressedFlag": false,
    });
    let write = Write::json(Method::Post, PATH, &body, not_after)?.query(Query::new().fields("id"));
    match api.write::<Value>(cx, write).await {
        Ok(_) => Ok(true),
        Err(failure) if failure.error.connectwise_code.as_deref() == Some("ObjectExists") => {
            Ok(false)
        }
        Err(failure) => Err(failure),
    }
}

/// Switches a registration on and gives it its description. What came of it is read from the list.
///
/// # Errors
///
/// What writing came to.
pub(crate) async fn correct(
    cx: &Context,
    api: &Client,
    id: u32,
    description: &str,
    not_after: Timestamp,
) -> WriteResult<()> {
    let patch = Patch::new()
        .replace("inactiveFlag", json!(false))
        .replace("isSelfSuppressedFlag", json!(false))
        .replace("description", json!(description));
    let write = Write::json(Method::Patch, format!("{PATH}/{id}"), &patch, not_after)?
        .query(Query::new().fields("id"));
    api.write::<Value>(cx, write).await.map(|_| ())
}

/// Takes a registration out; one that is not there any more is what was wanted.
///
/// # Errors
///
/// What writing came to.
pub(crate) async fn remove(
    cx: &Context,
    api: &Client,
    id: u32,
    not_after: Timestamp,
) -> WriteResult<()> {
    let write = Write {
        method: Method::Delete,
        path: format!("{PATH}/{id}"),
        query: Query::new(),
        body: Vec::new(),
        content_type: String::new(),
        not_after,
    };
    match api.write::<Value>(cx, write).await {
        Ok(_) => Ok(()),
        Err(failure) if failure.error.http_status == Some(404) => Ok(()),
        Err(failure) => Err(failure),
    }
}
