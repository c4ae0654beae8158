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
    let conditions = match SafeText::new(text.trim()) {
        Some(text) => Conditions::new().text_eq(field, &text),
        None => Conditions::new(),
    };
    let query = Query::new().conditions(&conditions).fields(FIELDS);
    api.read_all(cx, PATH, query).await
}

fn is_named(company: &Company, key: &CompanyKey) -> bool {
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
