use super::{CompanyId, Configuration, ConfigurationId, ConfigurationKey};
use crate::{
    api::{Client, Conditions, Identified, Query, Reference, SafeText, string},
    catalog::same_name,
    error::Result,
    runtime::{Context, join_all},
};
use serde::Deserialize;
use std::collections::BTreeSet;

const PATH: &str = "/company/configurations";
const FIELDS: &str = "id,name,company,deviceIdentifier,serialNumber,activeFlag";

/// Longest alternative of conditions in one request, in characters before encoding.
const ROOM: usize = 700;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Row {
    id: ConfigurationId,
    #[serde(default, deserialize_with = "string")]
    name: String,
    #[serde(default)]
    company: Option<Reference>,
    #[serde(default, deserialize_with = "string")]
    device_identifier: String,
    #[serde(default, deserialize_with = "string")]
    serial_number: String,
    /// Missing means active.
    #[serde(default)]
    active_flag: Option<bool>,
}

impl Identified for Row {
    fn record_id(&self) -> u32 {
        self.id.0
    }
}

/// Finds the active device configurations of a company that a key names, lowest id first (API.md section 11).
///
/// Names, device identifiers and serial numbers compare without case; a configuration of any type is taken. A text that
/// cannot be said safely in a condition is looked for among all of the company's configurations.
///
/// # Errors
///
/// What reading came to; none found is no error.
pub(crate) async fn find(
    cx: &Context,
    api: &Client,
    company: CompanyId,
    key: &ConfigurationKey,
) -> Result<Vec<Configuration>> {
    let of_company = Conditions::new().eq("company/id", company.0);
    let conditions = match key {
        ConfigurationKey::Id(id) => of_company.eq("id", id.0),
        ConfigurationKey::Name(text) => named(api, of_company, "name", text),
        ConfigurationKey::DeviceIdentifier(text) => {
            named(api, of_company, "deviceIdentifier", text)
        }
        ConfigurationKey::SerialNumber(text) => named(api, of_company, "serialNumber", text),
    };
    let query = Query::new().conditions(&conditions).fields(FIELDS);
    let rows: Vec<Row> = api.read_all(cx, PATH, query).await?;
    let mut configurations: Vec<Configuration> = rows
        .into_iter()
        .filter(|row| row.is(company, key))
        .map(|row| Configuration {
            id: row.id,
            name: row.name,
        })
        .collect();
    configurations.sort_by_key(|configuration| configuration.id);
    Ok(configurations)
}

/// A device configuration that a check looks for, whatever company it belongs to.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct FoundConfiguration {
    pub(crate) id: ConfigurationId,
    pub(crate) company: CompanyId,
    pub(crate) active: bool,
    name: String,
    device_identifier: String,
    serial_number: String,
}

impl FoundConfiguration {
    /// Whether the key names it.
    pub(crate) fn is_named(&self, key: &ConfigurationKey) -> bool {
        match key {
            ConfigurationKey::Id(id) => self.id == *id,
            ConfigurationKey::Name(text) => same_name(&self.name, text),
            ConfigurationKey::DeviceIdentifier(text) => same_name(&self.device_identifier, text),
            ConfigurationKey::SerialNumber(text) => same_name(&self.serial_number, text),
        }
    }
}

/// Finds all device configurations that any of these keys names, in any company, inactive ones among them.
///
/// Where a text cannot be said safely in a condition, all configurations are read.
///
/// # Errors
///
/// What reading came to; none found is no error.
pub(crate) async fn find_any(
    cx: &Context,
    api: &Client,
    keys: &BTreeSet<ConfigurationKey>,
) -> Result<Vec<FoundConfiguration>> {
    let query = || Query::new().fields(FIELDS);
    let quirks = api.quirks();
    let said = keys.iter().map(|key| {
        let (field, text) = match key {
            ConfigurationKey::Id(id) => return Some(Conditions::new().eq("id", id.0)),
            ConfigurationKey::Name(text) => ("name", text),
            ConfigurationKey::DeviceIdentifier(text) => ("deviceIdentifier", text),
            ConfigurationKey::SerialNumber(text) => ("serialNumber", text),
        };
        SafeText::said_to(&quirks, text.trim()).map(|text| Conditions::new().text_eq(field, &text))
    });
    let mut rows: Vec<Row> = Vec::new();
    match said.collect::<Option<Vec<Conditions>>>() {
        None => rows = api.read_all(cx, PATH, query()).await?,
        Some(said) => {
            let reads =
                Conditions::alternatives(said, ROOM)
                    .into_iter()
                    .map(|conditions| async move {
                        api.read_all::<Row>(cx, PATH, query().conditions(&conditions))
                            .await
                    });
            for found in join_all(reads).await {
                rows.extend(found?);
            }
        }
    }
    let mut found: Vec<FoundConfiguration> = rows.into_iter().filter_map(Row::into_found).collect();
    found.sort_by_key(|found| found.id);
    found.dedup_by_key(|found| found.id);
    Ok(found)
}

fn named(api: &Client, conditions: Conditions, field: &'static str, text: &str) -> Conditions {
    match SafeText::said_to(&api.quirks(), text.trim()) {
        Some(text) => conditions.text_eq(field, &text),
        None => conditions,
    }
}

impl Row {
    fn into_found(self) -> Option<FoundConfiguration> {
        Some(FoundConfiguration {
            id: self.id,
            company: CompanyId(self.company?.id?),
            active: self.active_flag != Some(false),
            name: self.name,
            device_identifier: self.device_identifier,
            serial_number: self.serial_number,
        })
    }

    fn is(&self, company: CompanyId, key: &ConfigurationKey) -> bool {
        let within = self.company.as_ref().and_then(|company| company.id) == Some(company.0);
        let fits = match key {
            ConfigurationKey::Id(id) => self.id == *id,
            ConfigurationKey::Name(text) => same_name(&self.name, text),
            ConfigurationKey::DeviceIdentifier(text) => same_name(&self.device_identifier, text),
            ConfigurationKey::SerialNumber(text) => same_name(&self.serial_number, text),
        };
        within && fits && self.active_flag != Some(false)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::testing::{Server, client, ok};
    use serde_json::json;

    #[test]
    fn names_compare_without_case_within_the_company_among_the_active() {
        let mut server = Server::new([ok(json!([
            {"id": 9, "name": "BigDesign-WRK1", "company": {"id": 5}},
            {"id": 3, "name": "bigdesign-wrk1", "company": {"id": 5}, "activeFlag": true},
            {"id": 4, "name": "BigDesign-WRK1", "company": {"id": 6}},
            {"id": 7, "name": "BigDesign-WRK1", "company": {"id": 5}, "activeFlag": false},
            {"id": 8, "name": "BigDesign-WRK10", "company": {"id": 5}}
        ]))]);
        let found = server
            .run(|cx| async move {
                let key = ConfigurationKey::Name("BigDesign-Wrk1".to_owned());
                find(&cx, &client(), CompanyId(5), &key).await
            })
            .unwrap();
        let ids: Vec<u32> = found
            .iter()
            .map(|configuration| configuration.id.0)
            .collect();
        assert_eq!(ids, [3, 9]);
        assert!(server.urls()[0].starts_with(
            "/company/configurations?conditions=company/id%3D5%20and%20name%3D%22BigDesign-Wrk1%22&fields="
        ));
    }

    #[test]
    fn another_companys_configuration_is_not_found_by_its_id() {
        let mut server = Server::new([ok(json!([{"id": 9, "name": "x", "company": {"id": 6}}]))]);
        let found = server.run(|cx| async move {
            find(
                &cx,
                &client(),
                CompanyId(5),
                &ConfigurationKey::Id(ConfigurationId(9)),
            )
            .await
        });
        assert!(found.unwrap().is_empty());
    }
}
