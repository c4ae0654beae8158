use super::{Company, CompanyId, CompanyKey, Contact, ContactId};
use crate::{
    api::{Client, Conditions, Identified, Query, Reference, SafeText, flag, string},
    catalog::same_name,
    error::{Code, Result},
    runtime::Context,
};
use serde::Deserialize;

const PATH: &str = "/company/companies";
const FIELDS: &str = "id,identifier,name,deletedFlag,defaultContact";

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Row {
    id: CompanyId,
    #[serde(default, deserialize_with = "string")]
    identifier: String,
    #[serde(default, deserialize_with = "string")]
    name: String,
    #[serde(default, deserialize_with = "flag")]
    deleted_flag: bool,
    #[serde(default)]
    default_contact: Option<Reference>,
}

impl Identified for Row {
    fn record_id(&self) -> u32 {
        self.id.0
    }
}

/// Finds the companies that a key names, deleted ones among them, lowest id first. Names are not unique (API.md section 12).
///
/// A name or identifier that cannot be said safely in a condition is looked for among all companies.
///
/// # Errors
///
/// What reading came to; none found is no error.
pub(crate) async fn find(cx: &Context, api: &Client, key: &CompanyKey) -> Result<Vec<Company>> {
    let query = Query::new().fields(FIELDS);
    let rows = match key {
        CompanyKey::Id(id) => match api.read(cx, &format!("{PATH}/{}", id.0), &query).await {
            Ok(row) => vec![row],
            Err(error) if error.code == Code::NotFound => Vec::new(),
            Err(error) => return Err(error),
        },
        CompanyKey::Identifier(text) => matching(cx, api, "identifier", text).await?,
        CompanyKey::Name(text) => matching(cx, api, "name", text).await?,
    };
    let mut companies: Vec<Company> = rows
        .into_iter()
        .map(Row::into_company)
        .filter(|company| is_named(company, key))
        .collect();
    companies.sort_by_key(|company| company.id);
    Ok(companies)
}

async fn matching(cx: &Context, api: &Client, field: &'static str, text: &str) -> Result<Vec<Row>> {
    let conditions = match SafeText::said_to(&api.quirks(), text.trim()) {
        Some(text) => Conditions::new().text_eq(field, &text),
        None => Conditions::new(),
    };
    let query = Query::new().conditions(&conditions).fields(FIELDS);
    api.read_all(cx, PATH, query).await
}

/// Whether the key names the company.
pub(crate) fn is_named(company: &Company, key: &CompanyKey) -> bool {
    match key {
        CompanyKey::Id(id) => company.id == *id,
        CompanyKey::Identifier(text) => same_name(&company.identifier, text),
        CompanyKey::Name(text) => same_name(&company.name, text),
    }
}

impl Row {
    fn into_company(self) -> Company {
        Company {
            id: self.id,
            identifier: self.identifier,
            name: self.name,
            deleted: self.deleted_flag,
            default_contact: self.default_contact.and_then(|contact| {
                Some(Contact {
                    id: ContactId(contact.id?),
                    name: contact.name.unwrap_or_default(),
                })
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::testing::{Reply, Server, client, ok, status};
    use serde_json::json;

    fn find_in(reply: Reply, key: CompanyKey) -> (Vec<u32>, String) {
        let mut server = Server::new([reply]);
        let found = server
            .run(move |cx| async move { find(&cx, &client(), &key).await })
            .unwrap();
        let ids = found.iter().map(|company| company.id.0).collect();
        (ids, server.urls()[0].to_owned())
    }

    #[test]
    fn a_name_may_be_that_of_several_companies() {
        let rows = json!([
            {"id": 9, "identifier": "B", "name": "Acme", "deletedFlag": true},
            {"id": 5, "identifier": "A", "name": "ACME", "defaultContact": {"id": 7, "name": "Ada"}},
            {"id": 6, "identifier": "C", "name": "Acme Two"}
        ]);
        let (ids, url) = find_in(ok(rows), CompanyKey::Name("acme ".to_owned()));
        assert_eq!(ids, [5, 9]);
        assert!(url.starts_with("/company/companies?conditions=name%3D%22acme%22&fields="));
    }

    #[test]
    fn an_unsafe_name_is_compared_here() {
        let rows = json!([{"id": 5, "identifier": "OB", "name": "O\"Brien"}, {"id": 6, "identifier": "X", "name": "X"}]);
        let (ids, url) = find_in(ok(rows), CompanyKey::Name("o\"brien".to_owned()));
        assert_eq!(ids, [5]);
        assert!(!url.contains("conditions"));
    }

    #[test]
    fn a_missing_id_finds_nothing() {
        let missing = status(
            404,
            r#"{"code":"NotFound","message":"Company 5 not found"}"#,
        );
        assert!(find_in(missing, CompanyKey::Id(CompanyId(5))).0.is_empty());
    }
}
