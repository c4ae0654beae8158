use super::{Judged, Label, Listing, Updated, admits, any_of, label};
use crate::{
    api::{Conditions, Identified, flag, string},
    company::{CompanyId, ImportedCompany},
    import::CompanyFilter,
};
use serde::Deserialize;

/// Companies (API.md section 12).
#[derive(Debug)]
pub(crate) struct Companies {
    pub(crate) filter: CompanyFilter,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Row {
    id: CompanyId,
    #[serde(default, deserialize_with = "string")]
    identifier: String,
    #[serde(default, deserialize_with = "string")]
    name: String,
    #[serde(default, deserialize_with = "flag")]
    deleted_flag: bool,
    #[serde(default)]
    status: Option<Label>,
    /// Only where the filter asks for them.
    #[serde(default)]
    types: Option<Vec<Label>>,
    #[serde(default, rename = "_info")]
    info: Option<Updated>,
}

impl Identified for Row {
    fn record_id(&self) -> u32 {
        self.id.0
    }
}

/// The part of the filter that ConnectWise is told, list by list; what is missing is compared here only.
struct Said {
    name: Option<Conditions>,
    identifier: Option<Conditions>,
    status: Option<Conditions>,
    kind: Option<Conditions>,
}

impl Companies {
    fn said(&self) -> Said {
        let filter = &self.filter;
        let equal = |field: &'static str, list: &[String]| {
            any_of(list, |text| Conditions::new().text_eq(field, text))
        };
        Said {
            name: any_of(&filter.name, |text| {
                Conditions::new().contains("name", text)
            }),
            identifier: equal("identifier", &filter.identifier),
            status: equal("status/name", &filter.status),
            kind: equal("types/name", &filter.kind),
        }
    }

    fn lets_through(&self, row: &Row) -> bool {
        let filter = &self.filter;
        let status = row
            .status
            .as_ref()
            .and_then(|status| status.name.as_deref());
        let name = row.name.to_lowercase();
        let has_type = || {
            let types = row.types.iter().flatten();
            types
                .filter_map(|kind| kind.name.as_deref())
                .any(|name| admits(&filter.kind, name))
        };
        (filter.name.is_empty()
            || filter
                .name
                .iter()
                .any(|part| name.contains(&part.trim().to_lowercase())))
            && admits(&filter.identifier, &row.identifier)
            && admits(&filter.status, status.unwrap_or_default())
            && (filter.kind.is_empty() || has_type())
    }
}

impl Listing for Companies {
    type Row = Row;
    type Held = ImportedCompany;

    const PATH: &'static str = "/company/companies";

    fn fields(&self) -> String {
        let mut fields = "id,identifier,name,deletedFlag,status/name,_info/lastUpdated".to_owned();
        if !self.filter.kind.is_empty() {
            fields.push_str(",types/name");
        }
        fields
    }

    fn conditions(&self) -> (Conditions, Conditions) {
        let said = self.said();
        let own = [said.name, said.identifier, said.status]
            .into_iter()
            .flatten()
            .fold(Conditions::new(), Conditions::within);
        (own, said.kind.unwrap_or_default())
    }

    fn said_here(&self) -> String {
        serde_json::to_string(&self.filter).unwrap_or_default()
    }

    fn judge(&self, row: Row) -> Judged<ImportedCompany> {
        let through = self.lets_through(&row);
        Judged {
            id: row.id.0,
            updated: row.info.and_then(|info| info.last_updated),
            held: through.then(|| ImportedCompany {
                id: row.id,
                identifier: row.identifier,
                name: row.name,
                deleted: row.deleted_flag,
                status: label(row.status),
                contact_emails: Vec::new(),
            }),
        }
    }
}
