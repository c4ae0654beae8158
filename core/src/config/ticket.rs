use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;

/// What a ticket says. Texts are Jinja templates over `case`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct TicketText {
    /// One line, cut at 100 characters.
    pub summary: String,
    /// The first Discussion note, which the customer can read. Empty: none.
    // Written even where it is none: left out, it would read as the default.
    pub initial_description: Option<String>,
    /// The first Internal note. Empty: the first internal comment of the case takes its place.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub initial_internal_analysis: Option<String>,
    /// `Low`, `Medium` or `High`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub impact: Option<String>,
    /// `Low`, `Medium` or `High`: what ConnectWise's pages call urgency.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub severity: Option<String>,
    /// Which kind of note a comment becomes, whatever its own visibility asks for.
    pub notes: NoteKind,
    /// Who becomes the contact where the case's user is none of the company's.
    pub contact: ContactFallback,
    /// Further fields of the ticket.
    pub fields: Vec<FieldMapping>,
}

impl Default for TicketText {
    fn default() -> Self {
        Self {
            summary: "Case #{{ case.number or case.id }} - {{ case.title }}".to_owned(),
            initial_description: Some("{{ case.description }}".to_owned()),
            initial_internal_analysis: None,
            impact: None,
            severity: None,
            notes: NoteKind::default(),
            contact: ContactFallback::default(),
            fields: Vec::new(),
        }
    }
}

/// Which kind of note comments become.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum NoteKind {
    /// Internal, for technicians only.
    #[default]
    Internal,
    /// Discussion, which the customer can read.
    Discussion,
    /// As each comment's visibility says.
    AsWritten,
}

/// Who becomes the contact where the case's user is none of the company's contacts.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum ContactFallback {
    /// The company's default contact, while it is active.
    #[default]
    CompanyDefault,
    /// The company's one active contact with this address; nobody where there is none, and the case is told.
    Email(String),
    /// The case is refused: its user must be one of the company's contacts (guide 002).
    Refuse,
    /// Nobody is named; ConnectWise may still fill in its default.
    None,
}

/// One field of the ticket and where its value comes from (T11).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct FieldMapping {
    /// The field that is written, by ConnectWise's name, such as `severity` or `poNumber`. Either this or `custom_field`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// The custom field of tickets that is written, by its caption.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_field: Option<String>,
    /// Path into the case, such as `case.user.email`. At most one of `from` and `template`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// Jinja template over `case`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub template: Option<String>,
    /// From the case's value to the ticket's.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub map: BTreeMap<String, Value>,
    /// The value where the case has none, or `map` does not name it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub default: Option<Value>,
    /// What happens where there is still no value.
    pub when_empty: WhenEmpty,
    /// What happens where the value is longer than the field.
    pub when_long: WhenLong,
}

/// What happens where a mapped field has no value.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum WhenEmpty {
    /// The field is left out.
    #[default]
    Omit,
    /// The case is refused.
    Refuse,
}

/// What happens where a value is longer than its field.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum WhenLong {
    /// It is cut at a character boundary and marked with an ellipsis.
    #[default]
    Cut,
    /// The case is refused.
    Refuse,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_description_is_still_none_when_it_is_written_and_read_again() {
        let none: TicketText = serde_json::from_str(r#"{"initial_description":null}"#).unwrap();
        assert_eq!(none.initial_description, None);
        let text = serde_json::to_string(&none).unwrap();
        assert_eq!(serde_json::from_str::<TicketText>(&text).unwrap(), none);
    }
}
