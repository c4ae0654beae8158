use super::{Judged, Listing, Updated};
use crate::{
    api::{Conditions, Identified, Reference, flag, string},
    company::{CompanyId, ContactId},
    store::imported::PrimaryContact,
};
use serde::Deserialize;

/// The primary contacts of companies (API.md section 12).
#[derive(Debug)]
pub(crate) struct Contacts;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Row {
    id: ContactId,
    #[serde(default)]
    company: Option<Reference>,
    #[serde(default, deserialize_with = "flag")]
    inactive_flag: bool,
    /// The company's primary contact.
    #[serde(default, deserialize_with = "flag")]
    default_flag: bool,
    #[serde(default)]
    communication_items: Option<Vec<Item>>,
    #[serde(default, rename = "_info")]
    info: Option<Updated>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Item {
    #[serde(default, deserialize_with = "string")]
    value: String,
    /// `Email`, `Phone` or `Fax`.
    #[serde(default, deserialize_with = "string")]
    communication_type: String,
}

impl Identified for Row {
    fn record_id(&self) -> u32 {
        self.id.0
    }
}

impl Listing for Contacts {
    type Row = Row;
    type Held = PrimaryContact;

    const PATH: &'static str = "/company/contacts";

    /// Whole communication items: nobody has seen a server trim what stands within a list.
    fn fields(&self) -> String {
        "id,company/id,inactiveFlag,defaultFlag,communicationItems,_info/lastUpdated".to_owned()
    }

    fn conditions(&self) -> (Conditions, Conditions) {
        (Conditions::new().eq("defaultFlag", true), Conditions::new())
    }

    fn said_here(&self) -> String {
        String::new()
    }

    fn judge(&self, row: Row) -> Judged<PrimaryContact> {
        let items = row.communication_items.into_iter().flatten();
        let emails = items
            .filter(|item| match item.communication_type.as_str() {
                "" => item.value.contains('@'),
                kind => kind.eq_ignore_ascii_case("Email"),
            })
            .map(|item| item.value.trim().to_owned())
            .filter(|value| !row.inactive_flag && !value.is_empty())
            .collect();
        let company = row.company.and_then(|company| company.id);
        Judged {
            id: row.id.0,
            updated: row.info.and_then(|info| info.last_updated),
            held: row.default_flag.then(|| PrimaryContact {
                id: row.id,
                company: CompanyId(company.unwrap_or_default()),
                emails,
            }),
        }
    }
}
