//! Bulk writes and the change of type of configurations (API.md section 11).

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::body;
use crate::failure::Failure;
use crate::psa::Psa;
use crate::psa::dispatch::Call;
use crate::security::Level;
use crate::store::Record;
use crate::table::Table;
use crate::wire::Response;

impl Psa {
    /// `/company/configurations/bulk`: each element by itself, `207` with a result for each.
    pub(super) fn bulk_configurations(&mut self, call: &Call<'_>) -> Result<Response, Failure> {
        let method = call.request.method.as_str();
        let level = match method {
            "POST" => Level::Add,
            "PUT" => Level::Edit,
            "DELETE" => Level::Delete,
            _ => return Err(Failure::method_not_allowed(method)),
        };
        self.require(call, level)?;
        let Value::Array(elements) = body::json(&call.request.body)? else {
            return Err(Failure::new(
                400,
                "InvalidObject",
                "The body must be a list.",
            ));
        };
        let actor = self.actor_of(call);
        let mut results = Vec::new();
        for (index, element) in elements.iter().enumerate() {
            let given = element
                .as_i64()
                .or_else(|| element.get("id").and_then(Value::as_i64));
            let outcome = match (method, element, given) {
                ("POST", Value::Object(input), _) => self
                    .create_from(Table::Configuration, input, None, &actor)
                    .map(|id| (201, id)),
                ("PUT", Value::Object(input), Some(id)) => self
                    .put_configuration(id, input, &actor)
                    .map(|()| (200, id)),
                ("DELETE", _, Some(id)) if self.store.get(Table::Configuration, id).is_some() => {
                    self.delete(Table::Configuration, id, &actor)
                        .map(|()| (204, id))
                }
                (_, _, Some(id)) => Err(Failure::not_found("Configuration", id)),
                _ => Err(Failure::new(
                    400,
                    "InvalidObject",
                    "configuration object is invalid",
                )),
            };
            results.push(match outcome {
                Ok((status, id)) => json!({
                    "success": true,
                    "originalIndex": index,
                    "statusCode": status,
                    "data": {"id": id},
                }),
                Err(failure) => json!({
                    "success": false,
                    "originalIndex": index,
                    "statusCode": failure.status,
                    "error": failure.response().value(),
                }),
            });
        }
        Ok(Response::json(207, &json!({ "payload": results })))
    }

    fn put_configuration(
        &mut self,
        id: i64,
        input: &Record,
        actor: &crate::psa::Actor,
    ) -> Result<(), Failure> {
        let table = Table::Configuration;
        let before = self.store.get(table, id).cloned();
        let before = before.ok_or_else(|| Failure::not_found(table.label(), id))?;
        let (mut record, details) = body::accept(table.entity(), input, &self.settings.quirks);
        if !details.is_empty() {
            return Err(Failure::invalid_object(&table.entity().resource(), details));
        }
        for kept in ["id", "_info"] {
            record.insert(
                kept.to_owned(),
                before.get(kept).cloned().unwrap_or_default(),
            );
        }
        let set: BTreeSet<String> = record.keys().cloned().collect();
        self.change(table, id, before, record, set, actor)
    }

    /// `PATCH …/changeType`: as a PATCH of `type`; the answers of the old type are dropped.
    pub(super) fn change_configuration_type(
        &mut self,
        call: &Call<'_>,
    ) -> Result<Response, Failure> {
        call.only("PATCH")?;
        self.require(call, Level::Edit)?;
        let id = call.route.first();
        self.existing(Table::Configuration, call, id)?;
        self.patch(Table::Configuration, id, call)?;
        let projection = self.projection(Table::Configuration, call)?;
        Ok(self.answer_with(200, Table::Configuration, id, &projection))
    }
}
