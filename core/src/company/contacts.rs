use super::{CompanyId, Contact, ContactId};
use crate::{
    api::{Client, Conditions, Identified, Query, Reference, SafeText, flag, string},
    error::Result,
    runtime::Context,
};
use serde::Deserialize;

const PATH: &str = "/company/contacts";
const FIELDS: &str = "id,firstName,lastName,company,inactiveFlag,defaultFlag,communicationItems";

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Row {
    id: ContactId,
    #[serde(default, deserialize_with = "string")]
    first_name: String,
    #[serde(default, deserialize_with = "string")]
    last_name: String,
    #[serde(default)]
    company: Option<Reference>,
    #[serde(default, deserialize_with = "flag")]
    inactive_flag: bool,
    #[serde(default)]
    communication_items: Option<Vec<CommunicationItem>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct CommunicationItem {
    #[serde(default, deserialize_with = "string")]
    value: String,
    /// `Email`, `Phone` or `Fax`.
    #[serde(default)]
    communication_type: Option<String>,
}

impl Identified for Row {
    fn record_id(&self) -> u32 {
        self.id.0
    }
}

/// Finds the active contacts of a company that have this e-mail address, lowest id first (API.md sections 5 and 12).
///
/// The address goes into a condition only where that is safe; otherwise the company's contacts are read and compared here.
/// Either way the answer is compared again: another company's contact is never given.
///
/// # Errors
///
/// What reading came to; none found is no error.
pub(crate) async fn find_by_email(
    cx: &Context,
    api: &Client,
    company: CompanyId,
    email: &str,
) -> Result<Vec<Contact>> {
    let email = email.trim();
    let of_company = Conditions::new().eq("company/id", company.0);
    let query = Query::new().conditions(&of_company);
    let query = match SafeText::new(email) {
        Some(text) => {
            let address = Conditions::new()
                .text_eq("communicationItems/value", &text)
                .text_eq("communicationItems/communicationType", &SafeText::email());
            query.child_conditions(&address)
        }
        None => query,
    };
    let rows: Vec<Row> = api.read_all(cx, PATH, query.fields(FIELDS)).await?;
    let mut contacts: Vec<Contact> = rows
        .into_iter()
        .filter(|row| row.belongs_to(company) && !row.inactive_flag && row.has(email))
        .map(Row::into_contact)
        .collect();
    contacts.sort_by_key(|contact| contact.id);
    Ok(contacts)
}

impl Row {
    fn belongs_to(&self, company: CompanyId) -> bool {
        self.company.as_ref().and_then(|company| company.id) == Some(company.0)
    }

    fn has(&self, email: &str) -> bool {
        self.communication_items
            .iter()
            .flatten()
            .filter(|item| {
                item.communication_type
                    .as_deref()
                    .is_none_or(|kind| kind.eq_ignore_ascii_case("Email"))
            })
            .any(|item| item.value.trim().to_lowercase() == email.to_lowercase())
    }

    fn into_contact(self) -> Contact {
        let name = format!("{} {}", self.first_name, self.last_name);
        Contact {
            id: self.id,
            name: name.trim().to_owned(),
        }
    }
}
