use crate::{
    api::{
        Client, Download, Form, Identified, Info, Query, Write, WriteResult, flag, moment,
        safe_name, string,
    },
    effect::{Method, StoredBody},
    error::Result,
    runtime::Context,
    service::TicketId,
    time::Timestamp,
};
use serde::Deserialize;
use serde_json::Value;

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
    /// Whether it is no file and only an address, which stands in its file name.
    #[serde(default, deserialize_with = "flag")]
    pub(crate) url_flag: bool,
    #[serde(default, deserialize_with = "moment")]
    pub(crate) created_on_date: Option<Timestamp>,
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
        .fields("id,title,fileName,size,owner,urlFlag,createdOnDate,_info");
    api.read_all(cx, PATH, query).await
}

/// Counts the documents of a ticket.
///
/// # Errors
///
/// What reading came to.
pub(crate) async fn count(cx: &Context, api: &Client, ticket: TicketId) -> Result<u64> {
    #[derive(Deserialize)]
    struct Count {
        count: u64,
    }
    let query = Query::new()
        .with("recordType", "Ticket")
        .with("recordId", ticket);
    let count: Count = api.read(cx, &format!("{PATH}/count"), &query).await?;
    Ok(count.count)
}

/// Has a document streamed to the host's storage under that name.
///
/// # Errors
///
/// What it came to; see [`Client::download`].
pub(crate) async fn download(
    cx: &Context,
    api: &Client,
    document: &Document,
    store_as: String,
    at_most: u64,
) -> Result<StoredBody> {
    let download = Download {
        path: format!("{PATH}/{}/download", document.id),
        store_as,
        size: document.size,
        at_most,
    };
    api.download(cx, &download).await
}

/// Counts the documents of a ticket.
///
/// # Errors
///
/// What reading came to.
pub(crate) async fn count(cx: &Context, api: &Client, ticket: TicketId) -> Result<u64> {
    #[derive(Deserialize)]
    struct Count {
        count: u64,
    }
    let query = Query::new()
        .with("recordType", "Ticket")
        .with("recordId", ticket);
    let count: Count = api.read(cx, &format!("{PATH}/count"), &query).await?;
    Ok(count.count)
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

/// Uploads a small text file of casewire's own, hidden from the customer's portal. `read_only` is the name under which the
/// form says that it may not be changed, where it is to say so (API.md section 18, row 11).
///
/// # Errors
///
/// As [`upload`].
pub(crate) async fn upload_text(
    cx: &Context,
    api: &Client,
    ticket: TicketId,
    title: &str,
    text: &str,
    read_only: Option<&'static str>,
    not_after: Timestamp,
) -> WriteResult<Value> {
    let mut form = Form::new([cx.random(), cx.random()])
        .text("recordType", "Ticket")
        .text("recordId", &ticket.to_string())
        .text("title", title)
        .text("privateFlag", "true");
    if let Some(name) = read_only {
        form = form.text(name, "true");
    }
    let (content_type, body) = form.bytes("file", "casewire-test.txt", text.as_bytes());
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        api::testing::{Server, client, created},
        effect::BodyPart,
    };
    use serde_json::json;

    #[test]
    fn a_document_is_streamed_after_its_parts_and_given_time_for_its_size() {
        let size = 50 << 20;
        let mut server = Server::new([created(
            json!({"id": 3, "title": "Reference document", "owner": "casewire"}),
        )]);
        let document = server
            .run(move |cx| async move {
                let file = Upload {
                    ticket: TicketId(909),
                    title: "Reference\r\ndocument",
                    file_name: "../report.pdf",
                    size,
                    token: "host-token",
                    private: true,
                };
                upload(&cx, &client(), &file, cx.now()).await
            })
            .unwrap();
        assert_eq!(
            (document.id, document.owner.as_deref()),
            (3, Some("casewire"))
        );
        let (_, request) = &server.sent[0];
        let [
            BodyPart::Bytes(head),
            BodyPart::Attachment { token, size: sent },
            BodyPart::Bytes(_),
        ] = request.body.as_slice()
        else {
            panic!("{:?}", request.body)
        };
        assert_eq!((token.as_str(), *sent), ("host-token", size));
        let head = String::from_utf8(head.to_vec()).unwrap();
        let names: Vec<&str> = head
            .split("name=\"")
            .skip(1)
            .filter_map(|part| part.split('"').next())
            .collect();
        assert_eq!(
            names,
            [
                "recordType",
                "recordId",
                "title",
                "privateFlag",
                "file",
                "report.pdf"
            ]
        );
        assert!(
            head.contains("\r\n\r\nReference  document\r\n") && head.contains("\r\n\r\n909\r\n")
        );
        assert!(request.timeout_ms > 300_000);
        assert!(request.headers.iter().any(|header| {
            header
                .value
                .starts_with("multipart/form-data; boundary=casewire-")
        }));
    }
}
