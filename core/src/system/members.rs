use crate::{
    api::{Client, Conditions, Identified, Info, Query, Reference, SafeText, string},
    catalog::same_name,
    error::Result,
    runtime::Context,
};
use serde::Deserialize;

/// A member, as far as checks need it.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Member {
    id: u32,
    #[serde(default, deserialize_with = "string")]
    pub(crate) identifier: String,
    /// `A` for API members; `F`, `C` and `X` are people.
    #[serde(default, deserialize_with = "string")]
    pub(crate) license_class: String,
    /// Where its tickets go that name no board (API.md section 7).
    #[serde(default)]
    pub(crate) service_default_board: Option<Reference>,
}

impl Identified for Member {
    fn record_id(&self) -> u32 {
        self.id
    }
}

/// Finds a member by its identifier.
///
/// # Errors
///
/// What reading came to; none found is no error.
pub(crate) async fn find(cx: &Context, api: &Client, identifier: &str) -> Result<Option<Member>> {
    let conditions = match SafeText::said_to(&api.quirks(), identifier) {
        Some(text) => Conditions::new().text_eq("identifier", &text),
        None => Conditions::new(),
    };
    let query = Query::new()
        .conditions(&conditions)
        .fields("id,identifier,licenseClass,serviceDefaultBoard");
    let members: Vec<Member> = api.read_all(cx, "/system/members", query).await?;
    Ok(members
        .into_iter()
        .find(|member| same_name(&member.identifier, identifier)))
}

/// The identifier of the member as whom casewire speaks, learned from a record that it has just made: there is no address
/// that tells it (API.md section 1). Who changed a record last may already be a workflow rule.
pub(crate) fn own_identifier(made: &Info) -> Option<&str> {
    made.entered_by.as_deref()
}
