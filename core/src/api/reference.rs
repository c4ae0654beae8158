use crate::time::Timestamp;
use serde::{Deserialize, Deserializer};
use serde_json::Value;

/// A record that another one refers to: `{"id": 5, "name": "..."}`. Null and missing parts are alike (API.md section 6.5).
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub(crate) struct Reference {
    #[serde(default)]
    pub(crate) id: Option<u32>,
    #[serde(default)]
    pub(crate) name: Option<String>,
    /// Companies and members have one beside the name.
    #[serde(default)]
    pub(crate) identifier: Option<String>,
}

impl Reference {
    /// What a person calls it: its name, or its identifier.
    pub(crate) fn label(&self) -> Option<&str> {
        [&self.name, &self.identifier]
            .into_iter()
            .flatten()
            .map(String::as_str)
            .find(|text| !text.is_empty())
    }
}

/// Who made and last changed a record, and when (API.md section 16). The links in it are never followed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub(crate) struct Info {
    /// Identifier of the member.
    #[serde(default, rename = "enteredBy", deserialize_with = "text")]
    pub(crate) entered_by: Option<String>,
    #[serde(default, rename = "dateEntered", deserialize_with = "time")]
    pub(crate) date_entered: Option<Timestamp>,
    /// Identifier of the member.
    #[serde(default, rename = "updatedBy", deserialize_with = "text")]
    pub(crate) updated_by: Option<String>,
    #[serde(default, rename = "lastUpdated", deserialize_with = "time")]
    pub(crate) last_updated: Option<Timestamp>,
}

fn text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    match Value::deserialize(deserializer)? {
        Value::String(text) if !text.is_empty() => Ok(Some(text)),
        _ => Ok(None),
    }
}

fn time<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Timestamp>, D::Error> {
    Ok(text(deserializer)?.as_deref().and_then(timestamp))
}

/// Reads a time as ConnectWise writes it: UTC, with or without the zone (API.md section 15).
pub(crate) fn timestamp(text: &str) -> Option<Timestamp> {
    text.parse().or_else(|_| format!("{text}Z").parse()).ok()
}

/// Reads a flag; null and missing are false.
pub(crate) fn flag<'de, D: Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
    Ok(Option::deserialize(deserializer)?.unwrap_or_default())
}

/// Reads a text; null is empty.
pub(crate) fn string<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    Ok(Option::deserialize(deserializer)?.unwrap_or_default())
}

/// Reads a time of a record; what is none is left out.
pub(crate) fn moment<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Timestamp>, D::Error> {
    time(deserializer)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn info_may_hold_anything_and_lack_anything() {
        let info: Info = serde_json::from_value(json!({
            "lastUpdated": "2026-01-05T10:00:00", "updatedBy": "api", "enteredBy": null,
            "dateEntered": 5, "board_href": "https://elsewhere.example"
        }))
        .unwrap();
        assert_eq!(
            info.last_updated,
            Some("2026-01-05T10:00:00Z".parse().unwrap())
        );
        assert_eq!(
            (
                info.updated_by.as_deref(),
                info.entered_by,
                info.date_entered
            ),
            (Some("api"), None, None)
        );
    }

    #[test]
    fn a_reference_may_have_nulls() {
        let reference: Reference =
            serde_json::from_value(json!({"id": 5, "name": null, "_info": {}})).unwrap();
        assert_eq!((reference.id, reference.name), (Some(5), None));
    }
}
