//! Documents: uploads, lists, downloads (API.md section 10).

use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::failure::{Detail, Failure};
use crate::psa::dispatch::Call;
use crate::psa::{Actor, Psa};
use crate::security::Level;
use crate::settings::ReadOnlyName;
use crate::store::{Record, text};
use crate::table::Table;
use crate::wire::Response;
use crate::wire::multipart::{Part, parts};

/// The kinds of record that documents belong to.
const RECORD_TYPES: [&str; 12] = [
    "Ticket",
    "Agreement",
    "Company",
    "Configuration",
    "Contact",
    "Expense",
    "Opportunity",
    "Project",
    "PurchaseOrder",
    "Rma",
    "SalesOrder",
    "ServiceTemplate",
];

/// What an upload says about its file.
#[derive(Debug, Default)]
pub(crate) struct Upload<'a> {
    pub(crate) record_type: &'a str,
    pub(crate) record_id: i64,
    pub(crate) title: &'a str,
    pub(crate) file_name: &'a str,
    pub(crate) url: Option<&'a str>,
    pub(crate) private: bool,
    pub(crate) read_only: bool,
    pub(crate) content: &'a [u8],
}

impl Psa {
    pub(super) fn documents(&mut self, call: &Call<'_>) -> Result<Response, Failure> {
        match call.request.method.as_str() {
            "GET" => {
                let ids = self.find_documents(call)?;
                self.page_of(Table::Document, ids, call.is_ordered(), call)
            }
            "POST" => {
                self.require(call, Level::Add)?;
                let id = self.upload(call)?;
                let projection = self.projection(Table::Document, call)?;
                Ok(self.answer_with(201, Table::Document, id, &projection))
            }
            method => Err(Failure::method_not_allowed(method)),
        }
    }

    /// The documents of the record that `recordType` and `recordId` name; both are needed.
    pub(super) fn find_documents(&self, call: &Call<'_>) -> Result<Vec<i64>, Failure> {
        let kind = call.target.get("recordType");
        let id = call
            .target
            .get("recordId")
            .and_then(|id| id.parse::<i64>().ok());
        let (Some(kind), Some(id)) = (kind, id) else {
            let details = [("recordType", kind.is_none()), ("recordId", id.is_none())]
                .into_iter()
                .filter(|(_, absent)| *absent)
                .map(|(field, _)| Detail::missing(field))
                .collect();
            return Err(Failure::invalid_object("document", details));
        };
        known_type(kind)?;
        let wanted = self.documents_of(kind, id);
        let mut found = self.find(Table::Document, call)?;
        found.retain(|id| wanted.contains(id));
        Ok(found)
    }

    /// The documents of a record, by id.
    pub(crate) fn documents_of(&self, kind: &str, id: i64) -> Vec<i64> {
        self.store
            .rows(Table::Document)
            .filter(|(_, document)| {
                text(document, "~recordType").eq_ignore_ascii_case(kind)
                    && document.get("~recordId").and_then(Value::as_i64) == Some(id)
            })
            .map(|(id, _)| id)
            .collect()
    }

    pub(super) fn document(&mut self, call: &Call<'_>) -> Result<Response, Failure> {
        let id = call.route.first();
        let level = match call.request.method.as_str() {
            "GET" => Level::Inquire,
            "POST" => Level::Edit,
            "DELETE" => Level::Delete,
            method => return Err(Failure::method_not_allowed(method)),
        };
        self.require(call, level)?;
        self.existing(Table::Document, call, id)?;
        let projection = self.projection(Table::Document, call)?;
        match call.request.method.as_str() {
            "DELETE" => {
                self.contents.remove(&id);
                self.store.remove(Table::Document, id);
                return Ok(Response::empty(204));
            }
            "POST" => self.replace_content(call, id)?,
            _ => {}
        }
        Ok(self.answer_with(200, Table::Document, id, &projection))
    }

    /// `GET …/download`: the bytes. A document whose bytes were not kept is not found.
    pub(super) fn download(&mut self, call: &Call<'_>) -> Result<Response, Failure> {
        call.only("GET")?;
        self.require(call, Level::Inquire)?;
        let id = call.route.first();
        self.existing(Table::Document, call, id)?;
        let name = self
            .store
            .get(Table::Document, id)
            .map(|document| text(document, "fileName").replace(['"', '\r', '\n'], "_"))
            .unwrap_or_default();
        let body = self
            .contents
            .get(&id)
            .cloned()
            .ok_or_else(|| Failure::not_found("Document content", id))?;
        Ok(Response {
            status: 200,
            headers: vec![
                (
                    "content-type".to_owned(),
                    "application/octet-stream".to_owned(),
                ),
                (
                    "content-disposition".to_owned(),
                    format!("attachment; filename=\"{name}\""),
                ),
            ],
            body,
        })
    }

    fn upload(&mut self, call: &Call<'_>) -> Result<i64, Failure> {
        let form = form(call)?;
        let field = |name: &str| field(&form, name);
        let flag = |name: &str| field(name).is_some_and(|text| text.eq_ignore_ascii_case("true"));
        let kind = field("recordType").unwrap_or("");
        let id = field("recordId").and_then(|id| id.parse().ok());
        let mut details = Vec::new();
        if kind.is_empty() {
            details.push(Detail::missing("recordType"));
        }
        if id.is_none() {
            details.push(Detail::missing("recordId"));
        }
        let file = form.iter().find(|part| part.file_name.is_some());
        let url = field("url").filter(|url| !url.is_empty());
        if file.is_none() && url.is_none() {
            details.push(Detail::missing("file"));
        }
        let id = id.unwrap_or_default();
        if details.is_empty() {
            known_type(kind)?;
            let table = match kind.to_lowercase().as_str() {
                "ticket" => Some(Table::Ticket),
                "company" => Some(Table::Company),
                "contact" => Some(Table::Contact),
                "configuration" => Some(Table::Configuration),
                _ => None,
            };
            if table.is_some_and(|table| self.existing(table, call, id).is_err()) {
                details.push(Detail::not_found(
                    "recordId",
                    format!("{kind} {id} not found"),
                ));
            }
        }
        if !details.is_empty() {
            return Err(Failure::invalid_object("document", details));
        }
        let file_name = file
            .and_then(|part| part.file_name.as_deref())
            .unwrap_or("");
        let upload = Upload {
            record_type: kind,
            record_id: id,
            title: field("title")
                .filter(|title| !title.is_empty())
                .unwrap_or(file_name),
            file_name,
            url,
            private: field("privateFlag").is_none() || flag("privateFlag"),
            read_only: match self.settings.quirks.read_only_name {
                ReadOnlyName::Both => flag("readOnlyFlag") || flag("readOnlyFlay"),
                ReadOnlyName::Flag => flag("readOnlyFlag"),
                ReadOnlyName::Flay => flag("readOnlyFlay"),
            },
            content: file.map_or(&[][..], |part| part.content),
        };
        let actor = self.actor_of(call);
        self.store_document(&upload, &actor)
    }

    fn replace_content(&mut self, call: &Call<'_>, id: i64) -> Result<(), Failure> {
        let form = form(call)?;
        let file = form
            .iter()
            .find(|part| part.file_name.is_some())
            .ok_or_else(|| Failure::invalid_object("document", vec![Detail::missing("file")]))?;
        let name = file.file_name.clone().unwrap_or_default();
        self.check_file(&name, file.content)?;
        let digest = digest(file.content);
        let content = file.content.to_vec();
        let title = field(&form, "title").map(str::to_owned);
        let actor = self.actor_of(call);
        if let Some(document) = self.store.get_mut(Table::Document, id) {
            document.insert("fileName".to_owned(), json!(name));
            document.insert("size".to_owned(), json!(content.len()));
            document.insert("~sha256".to_owned(), json!(digest));
            if let Some(title) = title {
                document.insert("title".to_owned(), json!(title));
            }
            Self::stamp_changed(document, &actor);
        }
        self.contents.remove(&id);
        self.keep(id, content);
        Ok(())
    }

    fn check_file(&self, name: &str, content: &[u8]) -> Result<(), Failure> {
        let extension = name
            .rsplit_once('.')
            .map(|(_, extension)| extension.to_lowercase());
        if let Some(extension) = extension
            && self.settings.refused_extensions.contains(&extension)
        {
            let message = format!("Files of type .{extension} are not allowed.");
            let detail = Detail::invalid("file", message);
            return Err(Failure::invalid_object("document", vec![detail]));
        }
        if content.len() > self.settings.document_limit {
            return Err(Failure::new(
                413,
                "RequestEntityTooLarge",
                "The file is too large.",
            ));
        }
        Ok(())
    }

    /// Stores a document and returns its id.
    pub(crate) fn store_document(
        &mut self,
        upload: &Upload<'_>,
        actor: &Actor,
    ) -> Result<i64, Failure> {
        self.check_file(upload.file_name, upload.content)?;
        let guid = self.next_guid();
        let extension = upload
            .file_name
            .rsplit_once('.')
            .map_or("", |(_, extension)| extension);
        let image = ["png", "jpg", "jpeg", "gif", "bmp"]
            .iter()
            .any(|known| extension.eq_ignore_ascii_case(known));
        let mut document = Record::new();
        for (field, value) in [
            ("title", json!(upload.title)),
            ("fileName", json!(upload.url.unwrap_or(upload.file_name))),
            ("serverFileName", json!(format!("{guid}.{extension}"))),
            ("owner", json!(actor.member)),
            ("linkFlag", json!(upload.url.is_some())),
            ("imageFlag", json!(image)),
            ("publicFlag", json!(!upload.private)),
            ("htmlTemplateFlag", json!(false)),
            ("readOnlyFlag", json!(upload.read_only)),
            ("size", json!(upload.content.len())),
            ("urlFlag", json!(upload.url.is_some())),
            ("createdOnDate", json!(actor.now)),
            ("guid", json!(guid)),
            ("~recordType", json!(upload.record_type)),
            ("~recordId", json!(upload.record_id)),
            ("~sha256", json!(digest(upload.content))),
        ] {
            document.insert(field.to_owned(), value);
        }
        Self::stamp_new(&mut document, actor);
        let id = self.store.insert(Table::Document, document);
        if upload.url.is_none() {
            self.keep(id, upload.content.to_vec());
        }
        self.audit(Table::Document, id, actor, "Record created");
        Ok(id)
    }

    fn keep(&mut self, id: i64, content: Vec<u8>) {
        let kept: usize = self.contents.values().map(Vec::len).sum();
        if kept + content.len() <= self.settings.document_bytes_kept {
            self.contents.insert(id, content);
        }
    }

    /// The SHA-256 of a document's bytes in lower-case hex, also of one whose bytes were not kept.
    #[must_use]
    pub fn document_digest(&self, id: i64) -> Option<String> {
        let document = self.store.get(Table::Document, id)?;
        Some(text(document, "~sha256").to_owned())
    }
}

fn form<'a>(call: &Call<'a>) -> Result<Vec<Part<'a>>, Failure> {
    let content_type = call.request.header_value("content-type").unwrap_or("");
    if !content_type
        .to_lowercase()
        .starts_with("multipart/form-data")
    {
        return Err(Failure::new(
            415,
            "UnsupportedMediaType",
            "The request entity's media type is not supported for this resource.",
        ));
    }
    parts(content_type, &call.request.body)
        .ok_or_else(|| Failure::new(400, "InvalidObject", "The form cannot be read."))
}

/// A text part; names compare without case.
fn field<'a>(form: &'a [Part<'_>], name: &str) -> Option<&'a str> {
    let part = form
        .iter()
        .find(|part| part.file_name.is_none() && part.name.eq_ignore_ascii_case(name))?;
    std::str::from_utf8(part.content).ok().map(str::trim)
}

fn known_type(kind: &str) -> Result<(), Failure> {
    if RECORD_TYPES
        .iter()
        .any(|known| known.eq_ignore_ascii_case(kind))
    {
        return Ok(());
    }
    let detail = Detail::invalid("recordType", "recordType is invalid.");
    Err(Failure::invalid_object("document", vec![detail]))
}

fn digest(content: &[u8]) -> String {
    Sha256::digest(content)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}
