//! A configuration that goes from one client to another (row E6; FIELD.md: "config file can be copied client to client").

use super::{Config, Connection, ContactFallback, GroupMapping, UnmappedPolicy};
use crate::{
    company::CompanyKey,
    error::{Code, Error, Fault, Result},
};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// A configuration without what is one client's own. It never held a secret, and it holds no address of the client either.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PortableConfig {
    /// Version of this document; 1.
    pub portable: u32,
    /// Name of the instance that it was exported from.
    pub exported_from: String,
    /// What was left out or has to be looked at, for people.
    pub left_out: Vec<SettingToSet>,
    /// The configuration, with placeholders for instance and connection.
    pub configuration: Config,
}

/// A setting that each client sets for itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SettingToSet {
    /// JSON pointer into the configuration.
    pub pointer: String,
    /// What to do there.
    pub what: String,
}

/// Where an exported configuration goes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ImportTarget {
    /// Name of the new instance.
    pub instance: String,
    /// The new client's ConnectWise. Where it names no client id, that of the export stays, which is the product's.
    pub connection: Connection,
    /// The new client's groups and companies.
    #[serde(default)]
    pub groups: Vec<GroupMapping>,
    /// The company that catches all, where the new client is to have one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub catch_all: Option<CompanyKey>,
}

/// A configuration for another client, and what is still to be set.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ImportedConfig {
    /// The configuration. It holds no fault of its own; whether its names exist at the new client, a check says.
    pub config: Config,
    /// What has to be set anew, or looked at.
    pub to_set: Vec<SettingToSet>,
}

impl Config {
    /// The configuration without what is this client's own: instance, connection, groups, companies, systems, addresses.
    #[must_use]
    pub fn export(&self) -> PortableConfig {
        let mut config = self.clone();
        let mut left_out = Vec::new();
        let mut leave = |had: bool, pointer: &str, what: &str| {
            if had {
                left_out.push(SettingToSet {
                    pointer: pointer.to_owned(),
                    what: what.to_owned(),
                });
            }
        };
        leave(
            true,
            "/instance",
            "name the instance: it is part of every ticket's reference",
        );
        leave(
            true,
            "/connection",
            "site and company id; the keys never stand in a configuration",
        );
        config.instance = PLACEHOLDER.to_owned();
        config.connection = Connection {
            site: "https://api-na.myconnectwise.net".to_owned(),
            company_id: PLACEHOLDER.to_owned(),
            client_id: self.connection.client_id.clone(),
            allow_insecure_loopback: false,
            credential_expiry: None,
        };
        leave(
            self.connection.credential_expiry.is_some(),
            "/connection/credential_expiry",
            "the last day of the new client's keys",
        );
        let companies = &mut config.companies;
        leave(
            !companies.map.is_empty(),
            "/companies/map",
            "the groups and their companies",
        );
        companies.map.clear();
        leave(
            companies.run_for.take().is_some(),
            "/companies/run_for",
            "the groups for which tickets are made",
        );
        if let Some(rule) = &mut companies.auto_map {
            leave(
                rule.groups.take().is_some(),
                "/companies/auto_map/groups",
                "the groups that are mapped by rule",
            );
        }
        if companies.unmapped.policy == UnmappedPolicy::CatchAll {
            companies.unmapped.policy = UnmappedPolicy::Hold;
            companies.unmapped.company = None;
            leave(
                true,
                "/companies/unmapped",
                "the company that catches all, and policy catch_all again; until then cases are held",
            );
        }
        leave(
            !config.configurations.map.is_empty(),
            "/configurations/map",
            "the systems and their device configurations",
        );
        config.configurations.map.clear();
        if let Some(callbacks) = &mut config.callbacks {
            leave(
                callbacks.url.take().is_some(),
                "/callbacks/url",
                "the address of the receiver",
            );
        }
        if let Some(devices) = &mut config.devices {
            leave(
                devices.run_for.take().is_some(),
                "/devices/run_for",
                "the groups whose devices are sent",
            );
        }
        if let Some(trigger) = &mut config.inbound.trigger {
            leave(
                trigger.contacts.take().is_some(),
                "/inbound/trigger/contacts",
                "the addresses that may ask for a case; until then every active contact may",
            );
        }
        if let ContactFallback::Email(_) = &config.ticket.contact {
            config.ticket.contact = ContactFallback::default();
            leave(
                true,
                "/ticket/contact",
                "the contact of tickets without one",
            );
        }
        leave(
            !config.maintenance.is_empty(),
            "/maintenance",
            "the maintenance windows, which name times and groups of one client",
        );
        config.maintenance.clear();
        for (index, route) in self.routes.iter().enumerate() {
            let own = !route.when.group.is_empty() || !route.when.system.is_empty();
            leave(
                own,
                &format!("/routes/{index}/when"),
                "look whether the groups and systems that it names are meant for the new client",
            );
        }
        PortableConfig {
            portable: 1,
            exported_from: self.instance.clone(),
            left_out,
            configuration: config,
        }
    }
}

/// What stands where each client writes its own.
const PLACEHOLDER: &str = "to-be-set";

impl PortableConfig {
    /// Reads an exported configuration.
    ///
    /// # Errors
    ///
    /// Every fault of form at once, unknown keys with the nearest known one.
    pub fn from_json(text: &[u8]) -> Result<Self> {
        let refused = |faults| Error::refused("the exported configuration", faults);
        let lifted = lifted(text)?;
        let text = lifted.as_ref().map_or(text, |lifted| lifted.as_bytes());
        let read: Self = crate::json::read(text).map_err(refused)?;
        if read.portable != 1 {
            let message = format!(
                "version {} of an exported configuration is not known",
                read.portable
            );
            let fix = "Export it with this release, or import it with that one";
            let fault = Fault::new(Code::InvalidValue, "/portable", message, fix);
            return Err(refused(vec![fault]));
        }
        Ok(read)
    }

    /// Makes it another client's.
    ///
    /// # Errors
    ///
    /// Every fault of the target and of the configuration at once.
    pub fn import(self, target: ImportTarget) -> Result<ImportedConfig> {
        let mut config = self.configuration;
        let mut to_set = self.left_out;
        let client_id = config.connection.client_id.take();
        config.instance = target.instance;
        config.connection = target.connection;
        config.connection.client_id = config.connection.client_id.or(client_id);
        let mut set = vec!["/instance", "/connection"];
        if config.connection.credential_expiry.is_some() {
            set.push("/connection/credential_expiry");
        }
        if !target.groups.is_empty() {
            config.companies.map = target.groups;
            set.push("/companies/map");
        }
        if let Some(company) = target.catch_all {
            config.companies.unmapped.policy = UnmappedPolicy::CatchAll;
            config.companies.unmapped.company = Some(company);
            set.push("/companies/unmapped");
        }
        to_set.retain(|setting| !set.contains(&setting.pointer.as_str()));
        let faults = config.check();
        if !faults.is_empty() {
            return Err(Error::refused("the configuration", faults));
        }
        Ok(ImportedConfig { config, to_set })
    }
}

/// The document with a configuration of today's version, where it holds an earlier one.
fn lifted(text: &[u8]) -> Result<Option<String>> {
    let Ok(mut document) = serde_json::from_slice::<Value>(text) else {
        return Ok(None);
    };
    let Some(config) = document.get_mut("configuration") else {
        return Ok(None);
    };
    let Some(lifted) = Config::lifted(config.to_string().as_bytes())? else {
        return Ok(None);
    };
    *config = serde_json::from_str(&lifted).unwrap_or_default();
    Ok(Some(document.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decide::tests::config;
    use serde_json::json;

    fn full() -> Config {
        let mut document = serde_json::to_value(config()).unwrap();
        document["connection"]["credential_expiry"] = json!("2027-06-30");
        document["companies"]["run_for"] = json!(["48Tech"]);
        document["companies"]["unmapped"] =
            json!({ "policy": "catch_all", "company": { "identifier": "CatchAll" } });
        document["callbacks"] = json!({ "url": "https://soc.acme.example/psa" });
        document["ticket"]["contact"] = json!({ "email": "patrick@bigdesign.com" });
        document["maintenance"] = json!([{
            "name": "patch day", "start": "2027-01-12T22:00:00+01:00", "duration": "4h", "groups": ["48Tech"],
        }]);
        Config::from_json(document.to_string().as_bytes()).unwrap()
    }

    fn target() -> ImportTarget {
        serde_json::from_value(json!({
            "instance": "zen-soc",
            "connection": { "site": "https://api-eu.myconnectwise.net", "company_id": "zen" },
            "groups": [{ "group": "Zen", "company": { "identifier": "ZenGarden" } }],
        }))
        .unwrap()
    }

    #[test]
    fn nothing_of_one_client_reaches_the_other_and_each_gap_is_named() {
        let before = full();
        let export = before.export();
        let text = serde_json::to_string(&export).unwrap();
        for own in [
            "acme-soc.",
            "\"acme\"",
            "BigDesign",
            "48Tech",
            "CatchAll",
            "soc.acme",
            "patrick@",
            "2027",
        ] {
            assert!(!text.contains(own), "{own} in {text}");
        }
        let read = PortableConfig::from_json(text.as_bytes()).unwrap();
        assert_eq!(read, export);
        let imported = read.import(target()).unwrap();
        let config = &imported.config;
        assert_eq!(config.check(), []);
        assert_eq!(config.connection.client_id, before.connection.client_id);
        assert_eq!(config.routes, before.routes);
        assert_eq!(config.status_map, before.status_map);
        assert_eq!(config.companies.map[0].group, "Zen");
        let to_set: Vec<&str> = imported
            .to_set
            .iter()
            .map(|one| one.pointer.as_str())
            .collect();
        for pointer in [
            "/companies/unmapped",
            "/callbacks/url",
            "/maintenance",
            "/connection/credential_expiry",
        ] {
            assert!(to_set.contains(&pointer), "{pointer} in {to_set:?}");
        }
        assert!(!to_set.contains(&"/companies/map"));
    }

    #[test]
    fn a_bad_target_is_refused_and_an_unknown_key_is_named_with_the_nearest() {
        let mut bad = target();
        bad.connection.site = "http://psa.example".to_owned();
        let error = full().export().import(bad).unwrap_err();
        assert_eq!(error.faults[0].pointer, "/connection/site");
        let text = serde_json::to_string(&full().export()).unwrap();
        let slip = text.replace("\"priority_map\"", "\"priorty_map\"");
        let error = PortableConfig::from_json(slip.as_bytes()).unwrap_err();
        let fault = error
            .faults
            .iter()
            .find(|it| it.pointer.ends_with("/priorty_map"))
            .unwrap();
        assert!(fault.fix.contains("'priority_map'"), "{fault}");
        let newer = text.replacen("\"portable\":1", "\"portable\":2", 1);
        assert_eq!(
            PortableConfig::from_json(newer.as_bytes())
                .unwrap_err()
                .faults[0]
                .pointer,
            "/portable"
        );
    }
}
