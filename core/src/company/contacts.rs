use super::{CompanyId, Contact, ContactId};
use crate::{
    api::{Client, Conditions, Identified, Query, Reference, SafeText, flag, string},
    error::{Code, Result},
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
    /// The company's primary contact.
    #[serde(default, deserialize_with = "flag")]
    default_flag: bool,
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

/// Finds the active contacts of a company that have this e-mail address (API.md sections 5 and 12): the company's primary
/// contact first, then by id.
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
    let query = match SafeText::said_to(&api.quirks(), email) {
        Some(text) => {
            let address = Conditions::new()
                .text_eq("communicationItems/value", &text)
                .text_eq("communicationItems/communicationType", &SafeText::email());
            query.child_conditions(&address)
        }
        None => query,
    };
    let rows: Vec<Row> = api.read_all(cx, PATH, query.fields(FIELDS)).await?;
    let mut found: Vec<Row> = rows
        .into_iter()
        .filter(|row| row.belongs_to(company) && !row.inactive_flag && row.has(email))
        .collect();
    found.sort_by_key(|row| (!row.default_flag, row.id));
    Ok(found.into_iter().map(Row::into_contact).collect())
}

/// Whether a contact is there and active.
///
/// # Errors
///
/// What reading came to; a contact that is gone is no error.
pub(crate) async fn is_active(cx: &Context, api: &Client, contact: ContactId) -> Result<bool> {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Activity {
        #[serde(default, deserialize_with = "flag")]
        inactive_flag: bool,
    }
    let path = format!("{PATH}/{}", contact.0);
    let query = Query::new().fields("id,inactiveFlag");
    match api.read::<Activity>(cx, &path, &query).await {
        Ok(found) => Ok(!found.inactive_flag),
        Err(error) if error.code == Code::NotFound => Ok(false),
        Err(error) => Err(error),
    }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::testing::{Server, client, ok};
    use serde_json::{Value, json};

    fn find(server: &mut Server, email: &'static str) -> Vec<Contact> {
        server
            .run(move |cx| async move { find_by_email(&cx, &client(), CompanyId(5), email).await })
            .unwrap()
    }

    fn contact(id: u32, company: u32, email: &str, more: Value) -> Value {
        let mut contact = json!({
            "id": id, "firstName": "Ada", "lastName": null, "company": {"id": company},
            "communicationItems": [
                {"communicationType": "Phone", "value": "1"},
                {"communicationType": "Email", "value": email}
            ]
        });
        contact
            .as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        contact
    }

    #[test]
    fn a_contact_is_found_by_child_conditions_and_compared_again() {
        let mut server = Server::new([ok(json!([
            contact(1, 6, "ada@example.com", json!({})),
            contact(2, 5, "ada@example.com", json!({"inactiveFlag": true})),
            contact(3, 5, "other@example.com", json!({})),
            contact(5, 5, "ada@example.com", json!({})),
            contact(4, 5, "ADA@example.com", json!({}))
        ]))]);
        let found = find(&mut server, "Ada@Example.com");
        assert_eq!(found.len(), 2);
        let found = &found[0];
        assert_eq!((found.id, found.name.as_str()), (ContactId(4), "Ada"));
        assert!(server.urls()[0].starts_with(
            "/company/contacts?conditions=company/id%3D5&childConditions=communicationItems/value%3D%22Ada%40Example.com%22%20\
             and%20communicationItems/communicationType%3D%22Email%22&"
        ));
    }

    #[test]
    fn the_primary_contact_comes_first() {
        let mut server = Server::new([ok(json!([
            contact(4, 5, "a@b.c", json!({})),
            contact(9, 5, "a@b.c", json!({"defaultFlag": true}))
        ]))]);
        assert_eq!(find(&mut server, "a@b.c")[0].id, ContactId(9));
    }

    #[test]
    fn an_address_that_could_leave_its_quotes_never_reaches_the_server() {
        let mut server = Server::new([ok(json!([contact(4, 5, "o'brien\"@b.c", json!({}))]))]);
        assert_eq!(find(&mut server, "o'brien\"@b.c")[0].id, ContactId(4));
        assert!(!server.urls()[0].contains("brien"));
        let mut server = Server::new([ok(json!([contact(4, 5, "x@b.c", json!({}))]))]);
        assert_eq!(find(&mut server, "\" or id>0 or \""), []);
    }
}
