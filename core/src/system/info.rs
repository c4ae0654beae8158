use crate::{
    api::{Client, Query},
    error::Result,
    runtime::Context,
};
use serde::Deserialize;

/// What the server says of itself (API.md section 1). It may do so without credentials.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SystemInfo {
    /// Such as `v2026.3.105333`.
    #[serde(default)]
    pub(crate) version: Option<String>,
    #[serde(default)]
    pub(crate) is_cloud: Option<bool>,
    #[serde(default)]
    pub(crate) cloud_region: Option<String>,
    /// For display only: the API's times are UTC.
    #[serde(default)]
    pub(crate) server_time_zone: Option<String>,
}

/// Reads what the server says of itself.
///
/// # Errors
///
/// What reading came to.
pub(crate) async fn read(cx: &Context, api: &Client) -> Result<SystemInfo> {
    api.read(cx, "/system/info", &Query::new()).await
}
