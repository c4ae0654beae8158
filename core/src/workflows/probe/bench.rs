use crate::{
    api::{Performed, Query, Write},
    catalog::{Board, Catalog},
    company::Company,
    effect::Method,
    environment::Environment,
    error::{Error, Result},
    runtime::{Context, Shared},
    service::TicketId,
    time::Timestamp,
};
use serde_json::{Value, json};
use std::time::Duration;

/// The test ticket and what stands around it.
pub(super) struct Bench<'a> {
    pub(super) cx: &'a Context,
    pub(super) env: &'a Environment,
    pub(super) catalog: &'a Catalog,
    pub(super) board: &'a Board,
    pub(super) company: &'a Company,
    pub(super) ticket: TicketId,
    /// Whether a write came to no clear answer and may still land.
    pub(super) unclear: Shared<bool>,
}

impl Bench<'_> {
    /// Whether conditions find the test ticket.
    pub(super) async fn finds(&self, condition: &str) -> Result<bool> {
        let conditions = format!("id={} and {condition}", self.ticket);
        let query = Query::new().with("conditions", conditions).fields("id");
        let found: Vec<Value> = self
            .env
            .api
            .read(self.cx, "/service/tickets", &query)
            .await?;
        Ok(!found.is_empty())
    }

    /// Reads fields of the test ticket.
    pub(super) async fn read(&self, fields: &str) -> Result<Value> {
        let query = Query::new().fields(fields);
        self.env.api.read(self.cx, &self.path(""), &query).await
    }

    /// Reads a list below the test ticket.
    pub(super) async fn list(&self, below: &str) -> Result<Vec<Value>> {
        let query = Query::new().with("pageSize", 1000);
        self.env.api.read(self.cx, &self.path(below), &query).await
    }

    /// Changes the test ticket by operations as they are given.
    pub(super) async fn patch(&self, operations: Value) -> Result<Value> {
        self.write(Method::Patch, self.path(""), &operations).await
    }

    /// Gives fields of the test ticket values.
    pub(super) async fn replace(&self, fields: &[(&str, Value)]) -> Result<Value> {
        let operations = fields
            .iter()
            .map(|(path, value)| json!({ "op": "replace", "path": path, "value": value }));
        self.patch(operations.collect()).await
    }

    /// Adds a record below the test ticket.
    pub(super) async fn post(&self, below: &str, body: &Value) -> Result<Value> {
        self.write(Method::Post, self.path(below), body).await
    }

    /// Writes as it is given. A write without a clear answer is not repeated: its question stays unclear.
    pub(super) async fn write(&self, method: Method, path: String, body: &Value) -> Result<Value> {
        let mut write =
            Write::json(method, path, body, self.not_after()).map_err(|failure| failure.error)?;
        if method == Method::Delete {
            write.body.clear();
        }
        let written = self.env.api.write(self.cx, write).await;
        written.map_err(|failure| {
            if failure.performed == Performed::Unknown {
                *self.unclear.lock() = true;
            }
            failure.error
        })
    }

    pub(super) fn not_after(&self) -> Timestamp {
        self.cx.now().after(Duration::from_secs(30))
    }

    pub(super) async fn pause(&self, span: Duration) {
        self.cx.sleep_until(self.cx.now().after(span)).await;
    }

    fn path(&self, below: &str) -> String {
        format!("/service/tickets/{}{below}", self.ticket)
    }
}

/// Whether ConnectWise refused the content of a request.
pub(super) fn is_refusal(error: &Error) -> bool {
    matches!(error.http_status, Some(400..=403 | 405..=428))
}

/// What came, in one line.
pub(super) fn came<T: std::fmt::Display>(result: &Result<T>) -> String {
    match result {
        Ok(value) => value.to_string(),
        Err(error) => error.message.clone(),
    }
}
