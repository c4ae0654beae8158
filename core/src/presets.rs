//! Starting configurations, one for each guide that defines what casewire does (rows P1 to P5).

use crate::config::{Config, Connection};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// A starting configuration that does what a vendor's guide describes, with the guide's defaults.
///
/// Boards, statuses and priorities bear the names that the guide or a fresh instance has: change them to those of your
/// instance, which [`Command::Preflight`](crate::Command::Preflight) names one by one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Preset {
    /// Netsurion Open XDR (guide 000): companies and devices mapped every 6 hours by e-mail domain and MAC, comments as
    /// internal notes, callbacks of type Ticket and level Ticket, a ticket of its own for each case.
    Netsurion,
    /// Netwrix Auditor (guide 001 and its vendor's later pages): repeats join their ticket for a day, written every
    /// 15 minutes; more than 10 new tickets an hour flood into one; earlier tickets of the kind are named for 30 days.
    Netwrix,
    /// Arctic Wolf (guide 002): a ticket saved with the trigger's status becomes a case where its contact is known;
    /// discussion notes only, attachments with a comment and up to 50 MB in all.
    ArcticWolf,
    /// Fortinet FortiSIEM (guide 003): at most 50 incidents in a run, statuses new and closed only, states read back over a
    /// window of hours, devices after each discovery once `policies.devices_outbound` is on; the client id is the one that
    /// Fortinet has published.
    Fortisiem,
    /// Heimdal (guide 004): three boards with type and subtype per module; only operational tickets change their status and
    /// close by themselves.
    Heimdal,
}

impl Preset {
    /// Every preset.
    pub const ALL: [Self; 5] = [
        Self::Netsurion,
        Self::Netwrix,
        Self::ArcticWolf,
        Self::Fortisiem,
        Self::Heimdal,
    ];

    /// The name by which it is asked for.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Netsurion => "netsurion",
            Self::Netwrix => "netwrix",
            Self::ArcticWolf => "arctic-wolf",
            Self::Fortisiem => "fortisiem",
            Self::Heimdal => "heimdal",
        }
    }

    /// The preset of that name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|preset| preset.name() == name)
    }

    /// The configuration as a JSON document, with a connection that stands for yours.
    ///
    /// ```
    /// let document = casewire::Preset::Heimdal.document();
    /// let config = casewire::Config::from_json(document.as_bytes())?;
    /// assert_eq!(config.routes.len(), 4);
    /// # Ok::<(), casewire::Error>(())
    /// ```
    #[must_use]
    pub const fn document(self) -> &'static str {
        match self {
            Self::Netsurion => include_str!("../presets/netsurion.json"),
            Self::Netwrix => include_str!("../presets/netwrix.json"),
            Self::ArcticWolf => include_str!("../presets/arctic-wolf.json"),
            Self::Fortisiem => include_str!("../presets/fortisiem.json"),
            Self::Heimdal => include_str!("../presets/heimdal.json"),
        }
    }

    /// The document for an instance, laid out as in [`document`](Self::document).
    ///
    /// # Errors
    ///
    /// Every fault of the instance's name and the connection at once; the rest of a preset holds none.
    pub fn document_for(self, instance: &str, connection: &Connection) -> crate::Result<String> {
        let mut config = Config::from_json(self.document().as_bytes())?;
        let own_name = format!("\"instance\": {}", Value::from(config.instance));
        config.instance = instance.to_owned();
        config.connection = connection.clone();
        crate::Settings::new(config)?;
        let named = format!("\"instance\": {}", Value::from(instance));
        let text = self.document().replacen(&own_name, &named, 1);
        let written = serde_json::to_string_pretty(connection)
            .unwrap_or_default()
            .replace('\n', "\n  ");
        let (before, rest) = text.split_once(CONNECTION).unwrap_or_default();
        let (_, after) = rest.split_once('}').unwrap_or_default();
        Ok(format!("{before}{CONNECTION}{written}{after}"))
    }
}

/// What stands before the connection in every document.
const CONNECTION: &str = "\"connection\": ";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_preset_is_a_configuration_without_a_fault() {
        for preset in Preset::ALL {
            assert_eq!(Preset::named(preset.name()), Some(preset));
            assert_eq!(
                serde_json::to_value(preset).unwrap(),
                preset.name(),
                "one name"
            );
            let config = Config::from_json(preset.document().as_bytes())
                .unwrap_or_else(|error| panic!("{}: {error}", preset.name()));
            assert_eq!(config.instance, preset.name());
        }
    }

    fn connection() -> Connection {
        Connection {
            site: "https://api-eu.myconnectwise.net".to_owned(),
            company_id: "acme".to_owned(),
            client_id: Some("6f1f6f0e-3c1d-4a52-9a54-0b9f5f4f9e11".to_owned()),
            allow_insecure_loopback: false,
            credential_expiry: Some("2027-06-30".to_owned()),
        }
    }

    #[test]
    fn a_document_for_an_instance_differs_in_its_name_and_connection_alone() {
        for preset in Preset::ALL {
            let text = preset.document_for("acme-soc", &connection()).unwrap();
            let mut expected = Config::from_json(preset.document().as_bytes()).unwrap();
            expected.instance = "acme-soc".to_owned();
            expected.connection = connection();
            assert_eq!(Config::from_json(text.as_bytes()).unwrap(), expected);
        }
    }

    #[test]
    fn a_bad_connection_is_refused_with_its_place() {
        let bad = Connection {
            site: "http://psa.example".to_owned(),
            ..connection()
        };
        let refused = Preset::Netsurion
            .document_for("Not A Name", &bad)
            .unwrap_err();
        let places: Vec<&str> = refused.faults.iter().map(|f| f.pointer.as_str()).collect();
        assert_eq!(places, ["/connection/site", "/instance"]);
    }
}
