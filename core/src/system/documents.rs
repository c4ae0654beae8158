use crate::{
    api::{Client, Form, Identified, Info, Query, Write, WriteResult, safe_name, string},
    effect::Method,
    error::Result,
    runtime::Context,
    service::TicketId,
    time::Timestamp,
};
use serde::Deserialize;

const PATH: &str = "/system/documents";

/// A document of a ticket (API.md section 10).
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Document {
    pub(crate) id: u32,
    #[serde(default, deserialize_with = "string")]
    pub(crate) title: String,
    #[serde(default, deserialize_with = "string")]
    pub(crate) file_name: String,
    #[serde(default)]
    pub(crate) size: Option<u64>,
    /// Identifier of the member who uploaded it.
    #[serde(default)]
    pub(crate) owner: Option<String>,
    #[serde(default, rename = "_info")]
    pub(crate) info: Option<Info>,
}

impl Identified for Document {
    fn record_id(&self) -> u32 {
        self.id
    }
}

impl Document {
    /// Whether it is what uploading that file under that title makes.
    pub(crate) fn is(&self, title: &str, file_name: &str, size: u64) -> bool {
        self.title.trim() == plain(title).trim()
            && (self.file_name == file_name || self.file_name == safe_name(file_name))
            && self.size.is_none_or(|own| own == size)
    }
}

/// A file that is to become a document. Its bytes stay with the host.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Upload<'a> {
    pub(crate) ticket: TicketId,
    pub(crate) title: &'a str,
    pub(crate) file_name: &'a str,
    pub(crate) size: u64,
    /// What the host's driver needs to open it.
    pub(crate) token: &'a str,
    /// Whether it is hidden from the customer's portal.
    pub(crate) private: bool,
}

/// Reads the documents of a ticket.
///
/// # Errors
///
/// What reading came to.
pub(crate) async fn list(cx: &Context, api: &Client, ticket: TicketId) -> Result<Vec<Document>> {
    let query = Query::new()
        .with("recordType", "Ticket")
        .with("recordId", ticket)
        .fields("id,title,fileName,size,owner,_info");
    api.read_all(cx, PATH, query).await
}

/// Uploads a document, streamed by the driver.
///
/// # Errors
///
/// Where it is unknown whether it was uploaded, compare title, file name and size of the ticket's documents first.
pub(crate) async fn upload(
    cx: &Context,
    api: &Client,
    upload: &Upload<'_>,
    not_after: Timestamp,
) -> WriteResult<Document> {
    let (content_type, body) = Form::new([cx.random(), cx.random()])
        .text("recordType", "Ticket")
        .text("recordId", &upload.ticket.to_string())
        .text("title", plain(upload.title).trim())
        .text("privateFlag", if upload.private { "true" } else { "false" })
        .attachment("file", upload.file_name, upload.token, upload.size);
    let write = Write {
        method: Method::Post,
        path: PATH.to_owned(),
        query: Query::new(),
        body,
        content_type,
        not_after,
    };
    api.write(cx, write).await
}

/// A title without control characters.
fn plain(title: &str) -> String {
    title
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect()
}
