use crate::{
    api::{Client, Identified, Query, flag, string},
    catalog::CustomField,
    error::Result,
    runtime::Context,
};
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Row {
    id: u32,
    #[serde(default, deserialize_with = "string")]
    caption: String,
    #[serde(default, deserialize_with = "string")]
    field_type_identifier: String,
    #[serde(default)]
    screen_id: Option<String>,
    #[serde(default)]
    options: Option<Vec<OptionRow>>,
    #[serde(default, deserialize_with = "flag")]
    required_flag: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct OptionRow {
    #[serde(default, deserialize_with = "string")]
    option_value: String,
    #[serde(default, deserialize_with = "flag")]
    inactive_flag: bool,
}

impl Identified for Row {
    fn record_id(&self) -> u32 {
        self.id
    }
}

/// Reads the custom fields of tickets (API.md section 17).
///
/// The definitions of all screens come in one list; the screen of service tickets is `sr100` to a public client, and no
/// other source names it. So what says `sr...`, speaks of tickets or names no screen is taken; other screens are left out.
///
/// # Errors
///
/// What reading came to.
pub(crate) async fn of_tickets(cx: &Context, api: &Client) -> Result<Vec<CustomField>> {
    let query = Query::new().fields("id,caption,fieldTypeIdentifier,screenId,options,requiredFlag");
    let rows: Vec<Row> = api.read_all(cx, "/system/userDefinedFields", query).await?;
    Ok(rows
        .into_iter()
        .filter(Row::is_of_tickets)
        .map(Row::into_custom_field)
        .collect())
}

impl Row {
    fn is_of_tickets(&self) -> bool {
        let screen = self
            .screen_id
            .as_deref()
            .unwrap_or_default()
            .to_ascii_lowercase();
        screen.is_empty() || screen.starts_with("sr") || screen.contains("ticket")
    }

    fn into_custom_field(self) -> CustomField {
        CustomField {
            id: self.id,
            caption: self.caption,
            kind: self.field_type_identifier,
            required: self.required_flag,
            options: self
                .options
                .into_iter()
                .flatten()
                .filter(|option| !option.inactive_flag)
                .map(|option| option.option_value)
                .collect(),
        }
    }
}
