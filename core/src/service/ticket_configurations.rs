use super::TicketId;
use crate::{
    api::{Client, Identified, Query, Write, WriteResult},
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
    api.read_all(cx, path(ticket), Query::new().fields("id"))
        .await
}

/// Links a device configuration to a ticket. What a second link of the same one does differs between servers: where it
/// is refused as existing, that is what was wanted (API.md section 11).
///
/// # Errors
///
/// Where it is unknown whether it was linked, read the ticket's configurations first.
pub(crate) async fn link(
    cx: &Context,
    api: &Client,
    ticket: TicketId,
    configuration: ConfigurationId,
    not_after: Timestamp,
) -> WriteResult<()> {
    let body = json!({ "id": configuration });
    let write =
        Write::json(Method::Post, path(ticket), &body, not_after)?.query(Query::new().fields("id"));
    match api.write::<LinkedConfiguration>(cx, write).await {
        Ok(_) => Ok(()),
        Err(failure) if failure.error.connectwise_code.as_deref() == Some("ObjectExists") => Ok(()),
        Err(failure) => Err(failure),
    }
}

fn path(ticket: TicketId) -> String {
    format!("/service/tickets/{ticket}/configurations")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        api::{
            Performed,
            testing::{Reply, Server, client, created, status},
        },
        error::Code,
    };

    fn link_with(reply: Reply) -> (WriteResult<()>, Server) {
        let mut server = Server::new([reply]);
        let result = server.run(|cx| async move {
            link(&cx, &client(), TicketId(909), ConfigurationId(7), cx.now()).await
        });
        (result, server)
    }

    #[test]
    fn a_configuration_is_linked_by_its_id() {
        let (result, server) = link_with(created(json!({"id": 7, "deviceIdentifier": "d"})));
        assert!(result.is_ok());
        assert_eq!(server.body(0), json!({"id": 7}));
    }

    #[test]
    fn a_link_that_exists_is_what_was_wanted() {
        let exists = r#"{"code":"InvalidObject","message":"x","errors":[{"code":"ObjectExists","message":"linked"}]}"#;
        assert!(link_with(status(400, exists)).0.is_ok());
        let missing = r#"{"code":"InvalidObject","errors":[{"code":"MissingRequiredField","message":"id or deviceIdentifier is required."}]}"#;
        let failure = link_with(status(400, missing)).0.unwrap_err();
        assert_eq!(
            (failure.performed, failure.error.code),
            (Performed::No, Code::Rejected)
        );
    }
}
