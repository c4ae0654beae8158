use super::{Judged, Label, Listing, Updated, admits, any_of, label};
use crate::{
    api::{Conditions, Identified, Reference, SafeText, string},
    catalog::same_name,
    company::{CompanyId, CompanyKey, ConfigurationId, ImportedConfiguration},
    import::ConfigurationFilter,
};
use serde::Deserialize;

/// Device configurations (API.md section 11).
#[derive(Debug)]
pub(crate) struct Configurations {
    pub(crate) filter: ConfigurationFilter,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Row {
    id: ConfigurationId,
    #[serde(default)]
    company: Option<Reference>,
    #[serde(default, deserialize_with = "string")]
    name: String,
    #[serde(default, rename = "type")]
    kind: Option<Label>,
    /// Missing means active.
    #[serde(default)]
    active_flag: Option<bool>,
    #[serde(default, deserialize_with = "string")]
    mac_address: String,
    #[serde(default, deserialize_with = "string")]
    serial_number: String,
    #[serde(default, deserialize_with = "string")]
    device_identifier: String,
    #[serde(default, rename = "_info")]
    info: Option<Updated>,
}

impl Identified for Row {
    fn record_id(&self) -> u32 {
        self.id.0
    }
}

impl Configurations {
    fn of_companies(&self) -> Option<Conditions> {
        let keys: Vec<Conditions> = self
            .filter
            .company
            .iter()
            .map(|key| {
                let text = |field: &'static str, text: &str| {
                    let text = SafeText::new(text.trim())?;
                    Some(Conditions::new().text_eq(field, &text))
                };
                match key {
                    CompanyKey::Id(id) => Some(Conditions::new().eq("company/id", id.0)),
                    CompanyKey::Identifier(key) => text("company/identifier", key),
                    CompanyKey::Name(key) => text("company/name", key),
                }
            })
            .collect::<Option<_>>()?;
        let all = Conditions::new().any(keys);
        (all.len() <= super::ROOM).then_some(all)
    }

    fn lets_through(&self, row: &Row) -> bool {
        let company = row.company.clone().unwrap_or_default();
        let is =
            |own: &Option<String>, text: &str| own.as_ref().is_some_and(|own| same_name(own, text));
        let of_company = |key: &CompanyKey| match key {
            CompanyKey::Id(id) => company.id == Some(id.0),
            CompanyKey::Identifier(text) => is(&company.identifier, text),
            CompanyKey::Name(text) => is(&company.name, text),
        };
        let filter = &self.filter;
        let kind = row.kind.as_ref().and_then(|kind| kind.name.as_deref());
        (filter.company.is_empty() || filter.company.iter().any(of_company))
            && admits(&filter.kind, kind.unwrap_or_default())
            && filter
                .active
                .is_none_or(|active| row.active_flag.unwrap_or(true) == active)
    }
}

impl Listing for Configurations {
    type Row = Row;
    type Held = ImportedConfiguration;

    const PATH: &'static str = "/company/configurations";

    fn fields(&self) -> String {
        let mut fields = "id,company/id,name,type/name,activeFlag,macAddress,serialNumber,\
                          deviceIdentifier,_info/lastUpdated"
            .to_owned();
        let keys = &self.filter.company;
        if keys
            .iter()
            .any(|key| matches!(key, CompanyKey::Identifier(_)))
        {
            fields.push_str(",company/identifier");
        }
        if keys.iter().any(|key| matches!(key, CompanyKey::Name(_))) {
            fields.push_str(",company/name");
        }
        fields
    }

    fn conditions(&self) -> (Conditions, Conditions) {
        let kinds = any_of(&self.filter.kind, |text| {
            Conditions::new().text_eq("type/name", text)
        });
        let active = self
            .filter
            .active
            .map(|active| Conditions::new().eq("activeFlag", active));
        let own = [self.of_companies(), kinds, active]
            .into_iter()
            .flatten()
            .fold(Conditions::new(), Conditions::within);
        (own, Conditions::new())
    }

    fn said_here(&self) -> String {
        serde_json::to_string(&self.filter).unwrap_or_default()
    }

    fn judge(&self, row: Row) -> Judged<ImportedConfiguration> {
        let through = self.lets_through(&row);
        let company = row.company.and_then(|company| company.id);
        Judged {
            id: row.id.0,
            updated: row.info.and_then(|info| info.last_updated),
            held: through.then(|| ImportedConfiguration {
                id: row.id,
                company: CompanyId(company.unwrap_or_default()),
                name: row.name,
                kind: label(row.kind),
                inactive: row.active_flag == Some(false),
                mac_address: row.mac_address,
                serial_number: row.serial_number,
                device_identifier: row.device_identifier,
            }),
        }
    }
}
