use super::claim::Refusal;
use crate::{digest, error::Code, json, service::TicketId};
use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeMap;

/// The parts of a callback's body that are used (API.md section 13.2). Unknown fields are ignored.
#[derive(Debug, PartialEq)]
pub(super) struct Payload {
    pub(super) kind: String,
    pub(super) company_id: String,
    pub(super) id: u32,
    pub(super) action: Option<String>,
    /// Names the message: the same for every copy of it.
    pub(super) message: String,
    pub(super) key_url: String,
    entity: Option<String>,
}

/// What a callback says of its ticket, before and after it is proven. Enough to ask whether the ticket is of interest;
/// what the ticket holds is read again (API.md section 13.2).
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct TicketHint {
    pub(crate) ticket: TicketId,
    /// `added`, `updated` or `deleted`, in lower case.
    pub(crate) action: Option<String>,
    /// Name of the board; nothing for a deleted ticket.
    pub(crate) board: Option<String>,
    /// Name of the status; nothing for a deleted ticket.
    pub(crate) status: Option<String>,
}

/// The longest of the short texts.
const LONGEST: usize = 200;

/// Reads a body. Names are compared without case, since receivers have seen more than one spelling of them (API.md section
/// 18, row 13); a name that stands twice, in whatever spelling, is refused.
pub(super) fn read(body: &[u8]) -> Result<Payload, Refusal> {
    let members: BTreeMap<String, Value> = json::sound(body)
        .ok_or_else(|| malformed("its body is no JSON object with distinct names"))?;
    let mut fields = folded(members)?;
    let metadata = match fields.remove("metadata") {
        Some(Value::Object(members)) => folded(members)?,
        _ => BTreeMap::new(),
    };
    let kind = text(&fields, "type").ok_or_else(|| malformed("it names no type"))?;
    let company_id = text(&fields, "companyid").ok_or_else(|| malformed("it names no company"))?;
    let key_url = match metadata.get("key_url") {
        Some(Value::String(url)) => url.clone(),
        _ => return Err(malformed("it names no signing key")),
    };
    Ok(Payload {
        kind,
        company_id,
        id: fields
            .get("id")
            .and_then(number)
            .ok_or_else(|| malformed("it names no record"))?,
        action: text(&fields, "action").map(|action| action.to_ascii_lowercase()),
        message: digest::of(
            text(&fields, "messageid")
                .as_deref()
                .map_or(body, str::as_bytes),
        ),
        key_url,
        entity: match fields.remove("entity") {
            Some(Value::String(entity)) => Some(entity),
            _ => None,
        },
    })
}

/// What of the record is looked at.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Entity {
    board: Value,
    status: Value,
}

impl Payload {
    pub(super) fn hint(&self) -> TicketHint {
        let entity = self.entity.as_deref().unwrap_or_default();
        let entity: Entity = json::sound(entity.as_bytes()).unwrap_or_default();
        let name = |record: &Value| {
            let name = record.get("name")?.as_str()?;
            (name.len() <= LONGEST).then(|| name.to_owned())
        };
        TicketHint {
            ticket: TicketId(self.id),
            action: self.action.clone(),
            board: name(&entity.board),
            status: name(&entity.status),
        }
    }
}

fn folded(
    members: impl IntoIterator<Item = (String, Value)>,
) -> Result<BTreeMap<String, Value>, Refusal> {
    let mut fields = BTreeMap::new();
    for (name, value) in members {
        if fields.insert(name.to_ascii_lowercase(), value).is_some() {
            return Err(malformed("a name stands in it twice"));
        }
    }
    Ok(fields)
}

fn text(fields: &BTreeMap<String, Value>, name: &str) -> Option<String> {
    let text = fields.get(name)?.as_str()?;
    (!text.is_empty() && text.len() <= LONGEST).then(|| text.to_owned())
}

/// A record's id, as a number or as its digits.
fn number(value: &Value) -> Option<u32> {
    let number = match value {
        Value::Number(number) => u32::try_from(number.as_u64()?).ok()?,
        Value::String(digits) if digits.bytes().all(|byte| byte.is_ascii_digit()) => {
            digits.parse().ok()?
        }
        _ => return None,
    };
    (number > 0).then_some(number)
}

fn malformed(what: &str) -> Refusal {
    Refusal {
        code: Code::CallbackMalformed,
        why: format!("it has not the form of a callback: {what}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn read_value(value: &Value) -> Result<Payload, Refusal> {
        read(value.to_string().as_bytes())
    }

    #[test]
    fn both_spellings_are_read_alike() {
        let entity = json!({"id": 909, "board": {"name": "Professional Services"}, "status": {"name": "Closed"}});
        let recorded = json!({
            "Action": "updated", "CallbackObjectRecId": 4, "CompanyId": "Cobalt", "Entity": entity.to_string(),
            "FromUrl": "sandbox-na.myconnectwise.net", "ID": 909, "MemberId": "Aurasell", "MessageId": "m",
            "Metadata": {"key_url": "https://k"}, "Type": "ticket", "Later": [{"a": 1}]
        });
        let other = json!({
            "Action": "Updated", "CompanyID": "Cobalt", "Entity": entity.to_string(), "ID": "909", "MemberID": 7,
            "MessageID": "m", "metadata": {"Key_Url": "https://k"}, "Type": "ticket"
        });
        let payload = read_value(&recorded).unwrap();
        assert_eq!(payload, read_value(&other).unwrap());
        let hint = payload.hint();
        assert_eq!(hint.ticket, TicketId(909));
        assert_eq!(hint.action.as_deref(), Some("updated"));
        assert_eq!(hint.board.as_deref(), Some("Professional Services"));
        assert_eq!(hint.status.as_deref(), Some("Closed"));
    }

    #[test]
    fn a_deleted_ticket_has_no_entity() {
        let body = json!({"Action": "deleted", "CompanyId": "a", "Entity": null, "ID": 9, "Type": "ticket",
            "Metadata": {"key_url": "x"}});
        let payload = read_value(&body).unwrap();
        assert_eq!(payload.hint().status, None);
        assert_eq!(payload.message.len(), 32, "without an id it is its body");
    }

    #[test]
    fn what_has_another_form_is_refused() {
        let sound =
            json!({"CompanyId": "a", "ID": 9, "Type": "ticket", "Metadata": {"key_url": "x"}});
        assert!(read_value(&sound).is_ok());
        for (field, value) in [
            ("ID", json!(null)),
            ("ID", json!(0)),
            ("ID", json!(-9)),
            ("ID", json!(9.5)),
            ("ID", json!("9x")),
            ("ID", json!("")),
            ("ID", json!(4_294_967_296_u64)),
            ("ID", json!([9])),
            ("Type", json!(1)),
            ("Type", json!("t".repeat(201))),
            ("CompanyId", json!("")),
            ("CompanyId", json!({"a": 1})),
            ("Metadata", json!(null)),
            ("Metadata", json!({"key_url": ["x"]})),
            ("Metadata", json!([{"key_url": "x"}])),
            ("Metadata", json!({"key_url": "x", "KEY_URL": "y"})),
            ("id", json!(9)),
        ] {
            let mut body = sound.clone();
            body[field] = value;
            let refusal = read_value(&body).unwrap_err();
            assert_eq!(refusal.code, Code::CallbackMalformed, "{body}");
        }
        for body in [
            &b""[..],
            b"[]",
            b"null",
            b"{",
            b"\xff\xfe",
            br#"{"Type":"ticket","Type":"ticket"}"#,
            br#"{"Metadata":{"key_url":"x","key_url":"y"}}"#,
        ] {
            assert_eq!(read(body).unwrap_err().code, Code::CallbackMalformed);
        }
    }

    #[test]
    fn an_entity_of_another_form_is_no_fault() {
        for entity in ["", "{", "[[[[", "{\"status\":5}", "null"] {
            let body = json!({"CompanyId": "a", "ID": 9, "Type": "ticket", "Entity": entity,
                "Metadata": {"key_url": "x"}});
            assert_eq!(read_value(&body).unwrap().hint().status, None);
        }
    }
}
