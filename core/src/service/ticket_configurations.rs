use super::TicketId;
use crate::{
    api::{Client, Identified, Query, Write, WriteFailure, WriteResult},
    company::ConfigurationId,
    effect::Method,
    error::Result,
    runtime::Context,
    time::Timestamp,
};
use serde::Deserialize;
use serde_json::json;

/// A device configuration that is linked to a ticket (API.md section 11).
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub(crate) struct LinkedConfiguration {
    pub(crate) id: ConfigurationId,
    #[serde(default, rename = "deviceIdentifier")]
    pub(crate) device_identifier: Option<String>,
}

impl Identified for LinkedConfiguration {
    fn record_id(&self) -> u32 {
        self.id.0
    }
}

/// Reads which device configurations are linked to a ticket.
///
/// # Errors
///
/// What reading came to.
pub(crate) async fn list(
    cx: &Context,
    api: &Client,
    ticket: TicketId,
) -> Result<Vec<LinkedConfiguration>> {
    api.read_all(cx, path(ticket), Query::new()).await
}

/// Links a device configuration to a ticket, unless it is: what a second link would do is not known.
///
/// # Errors
///
/// Calling it again is safe whatever the failure says.
pub(crate) async fn link(
    cx: &Context,
    api: &Client,
    ticket: TicketId,
    configuration: ConfigurationId,
    not_after: Timestamp,
) -> WriteResult<()> {
    let linked = list(cx, api, ticket)
        .await
        .map_err(WriteFailure::not_performed)?;
    if linked.iter().any(|linked| linked.id == configuration) {
        return Ok(());
    }
    let body = json!({ "id": configuration });
    let write = Write::json(Method::Post, path(ticket), &body, not_after)?;
    let _: LinkedConfiguration = api.write(cx, write).await?;
    Ok(())
}

fn path(ticket: TicketId) -> String {
    format!("/service/tickets/{ticket}/configurations")
}
