//! Queueing, signing and accounting of callback deliveries (API.md sections 13.2 to 13.5).

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, Mac};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::{Actor, Psa};
use crate::failure::Failure;
use crate::projection::Projection;
use crate::settings::{CallbackSuffix, SelfSuppression};
use crate::store::{Record, is_set, reference_id, referenced, text};
use crate::table::Table;
use crate::wire::target::Target;
use crate::wire::{Request, Response};

/// After so long without a success a callback is disabled.
const DISABLED_AFTER_MS: i64 = 3 * 24 * 60 * 60 * 1_000;

/// A callback on its way to its receiver.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CallbackDelivery {
    /// The id of the registration.
    pub callback_id: i64,
    /// Where it is posted, with what the server appends.
    pub url: String,
    /// The headers, with `x-content-signature`.
    pub headers: Vec<(String, String)>,
    /// The JSON body.
    pub body: Vec<u8>,
}

impl Psa {
    /// Takes the deliveries that were queued since the last call, oldest first.
    pub fn take_callbacks(&mut self) -> Vec<CallbackDelivery> {
        std::mem::take(&mut self.deliveries)
    }

    /// Whether deliveries are waiting.
    #[must_use]
    pub fn has_callbacks(&self) -> bool {
        !self.deliveries.is_empty()
    }

    /// Notes how a delivery went. A callback that only failed for three days is disabled.
    pub fn callback_delivered(&mut self, callback_id: i64, success: bool, now_ms: i64) {
        let Some(callback) = self.store.get_mut(Table::Callback, callback_id) else {
            return;
        };
        if success {
            callback.remove("~failingSince");
            return;
        }
        let since = callback
            .entry("~failingSince")
            .or_insert(json!(now_ms))
            .as_i64()
            .unwrap_or(now_ms);
        if now_ms - since >= DISABLED_AFTER_MS {
            callback.insert("inactiveFlag".to_owned(), json!(true));
        }
    }

    /// The value of `x-content-signature` for a body: the base64 of an HMAC-SHA256 whose key is
    /// the SHA-256 of the signing key's text.
    #[must_use]
    pub fn sign(&self, body: &[u8]) -> String {
        let key = Sha256::digest(self.settings.signing_key.as_bytes());
        match Hmac::<Sha256>::new_from_slice(&key) {
            Ok(mut mac) => {
                mac.update(body);
                STANDARD.encode(mac.finalize().into_bytes())
            }
            Err(_) => String::new(),
        }
    }

    /// `GET …/system/callbackkey/index.rails`: the signing key.
    pub(super) fn signing_key(
        &self,
        request: &Request,
        target: &Target,
    ) -> Result<Response, Failure> {
        let company = target.get("companyName").unwrap_or("");
        if self.settings.quirks.signing_key_needs_client_id
            && request.header_value("clientid").is_none()
        {
            return Err(Failure::forbidden("A clientId header is required."));
        }
        let known = company.eq_ignore_ascii_case(&self.settings.company_id)
            && target.get("id") == Some(self.settings.signing_key_id.as_str());
        if !known {
            return Err(Failure::not_found("CallbackKey", company));
        }
        Ok(Response::json(
            200,
            &json!({"signing_key": self.settings.signing_key}),
        ))
    }

    /// Queues the callbacks of a saved or deleted record.
    pub(crate) fn saved(
        &mut self,
        table: Table,
        id: i64,
        action: &str,
        actor: &Actor,
        asides: &Record,
    ) {
        if self.settings.quirks.skip_callback && is_set(asides, "skipCallback") {
            return;
        }
        let Some(kind) = kind_of(table) else { return };
        let Some(record) = self.store.get(table, id) else {
            return;
        };
        let wanted: Vec<(i64, String)> = self
            .store
            .rows(Table::Callback)
            .filter(|(_, callback)| {
                !is_set(callback, "inactiveFlag")
                    && text(callback, "type") == kind
                    && !self.is_suppressed(callback, actor)
                    && concerns(callback, id, record)
            })
            .map(|(callback_id, callback)| (callback_id, text(callback, "url").to_owned()))
            .collect();
        if wanted.is_empty() {
            return;
        }
        let entity = (action != "deleted").then(|| self.summary(table, record));
        for (callback_id, url) in wanted {
            let delivery = self.delivery(callback_id, &url, kind, id, action, &entity, actor);
            self.deliveries.push(delivery);
        }
    }

    fn is_suppressed(&self, callback: &Record, actor: &Actor) -> bool {
        let own = text(callback, "~member") == actor.member;
        let flag = is_set(callback, "isSelfSuppressedFlag");
        match self.settings.quirks.self_suppression {
            SelfSuppression::Ignored => false,
            SelfSuppression::WhenTrue => own && flag,
            SelfSuppression::WhenFalse => own && !flag,
        }
    }

    /// A record as payloads carry it: without lists, its links on the host of the user interface
    /// and with a double slash.
    fn summary(&self, table: Table, record: &Record) -> String {
        let base = self
            .base()
            .replace("://api-", "://")
            .replace("/apis/", "//apis/");
        let mut summary = self.shown(table, record, &base, &Projection::whole());
        summary.retain(|_, value| !value.is_array());
        Value::Object(summary).to_string()
    }

    #[allow(clippy::too_many_arguments, reason = "the parts of one payload")]
    fn delivery(
        &mut self,
        callback_id: i64,
        url: &str,
        kind: &str,
        id: i64,
        action: &str,
        entity: &Option<String>,
        actor: &Actor,
    ) -> CallbackDelivery {
        let site = self.settings.base_url.replace("://api-", "://");
        let key_url = format!(
            "{}/{}/system/callbackkey/index.rails?companyName={}&id={}",
            self.settings.base_url,
            self.codebase,
            self.settings.company_id,
            self.settings.signing_key_id,
        );
        let mut body = json!({
            "Action": action,
            "CallbackObjectRecId": callback_id,
            "CompanyId": self.settings.company_id,
            "Entity": entity,
            "FromUrl": site.split("://").last().unwrap_or(""),
            "ID": id,
            "MemberId": actor.member,
            "MessageId": self.next_guid(),
            "Metadata": {"key_url": key_url},
            "PartnerId": "0f2b8d4a-4f7e-4d6f-9a58-3d1f5a1f0c11",
            "ProductInstanceId": "6a0c1e52-98b1-4b0e-8c7d-0b6f4f6f2d22",
            "Type": kind,
        });
        if self.settings.quirks.callback_capitals
            && let Value::Object(fields) = &mut body
        {
            let number = self.member_reference(&actor.member);
            fields.remove("MemberId");
            fields.insert(
                "MemberID".to_owned(),
                number.get("id").cloned().unwrap_or_default(),
            );
            let (first, rest) = kind.split_at(1);
            fields.insert("Type".to_owned(), json!(first.to_uppercase() + rest));
        }
        let body = body.to_string().into_bytes();
        let suffix = match self.settings.quirks.callback_suffix {
            CallbackSuffix::IdAndAction => format!("{id}&action={action}"),
            CallbackSuffix::IdOnly => id.to_string(),
        };
        CallbackDelivery {
            callback_id,
            url: format!("{url}{suffix}"),
            headers: vec![
                ("content-type".to_owned(), "application/json".to_owned()),
                ("x-content-signature".to_owned(), self.sign(&body)),
            ],
            body,
        }
    }
}

fn kind_of(table: Table) -> Option<&'static str> {
    match table {
        Table::Ticket => Some("ticket"),
        Table::Company => Some("company"),
        Table::Contact => Some("contact"),
        Table::Configuration => Some("configuration"),
        Table::TimeEntry => Some("time"),
        Table::Member => Some("member"),
        Table::CompanySite => Some("site"),
        _ => None,
    }
}

/// Whether a record is of what a callback's level and object name.
fn concerns(callback: &Record, id: i64, record: &Record) -> bool {
    let object = callback.get("objectId").and_then(Value::as_i64);
    match text(callback, "level") {
        "owner" => true,
        "ticket" | "contact" | "configuration" | "time" | "member" | "site" => object == Some(id),
        "company" if text(callback, "type") == "company" => object == Some(id),
        "type" if record.contains_key("types") => {
            let types = record.get("types").and_then(Value::as_array);
            types
                .into_iter()
                .flatten()
                .any(|kind| reference_id(kind) == object)
        }
        field @ ("board" | "status" | "company" | "type" | "territory" | "location") => {
            referenced(record, field) == object
        }
        "securityrole" => referenced(record, "securityRole") == object,
        "integratortag" => record
            .get("integratorTags")
            .and_then(Value::as_array)
            .is_some_and(|tags| !tags.is_empty()),
        _ => false,
    }
}
