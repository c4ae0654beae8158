//! The configuration, checked and made ready: what every decision is made from.

use crate::{
    company::{CompanyKey, ConfigurationKey},
    config::Config,
    error::{Code, Error, Fault, Result},
    event_log::{AlertSeverity, EventKind},
    json,
};
use std::collections::{BTreeMap, BTreeSet};

mod against_catalog;
pub(crate) mod attachments;
mod automation;
mod callbacks;
mod comments;
mod connection;
mod devices;
mod events;
mod fields;
mod inbound;
mod maps;
mod priorities;
mod reopening;
mod routes;
mod statuses;
mod storms;
mod texts;
mod triples;

pub(crate) use comments::TextRules;
pub(crate) use connection::is_guid;
pub(crate) use devices::{Column, ColumnTarget, DeviceRules};
pub(crate) use fields::{MappedField, Target, ValueSource};
pub(crate) use maps::StatusNames;
pub(crate) use routes::{CompiledRoute, Criterion};
pub(crate) use storms::{FloodRule, JoinRule, KeyPart, MaintenanceRule, correlation_line};
pub(crate) use texts::Texts;
pub(crate) use triples::{RouteName, Triple};

/// A configuration that holds no fault of its own, with its templates compiled.
///
/// Whether the names in it exist in an instance is another question, which [`check`](Self::check) answers.
#[derive(Debug)]
pub struct Settings {
    config: Config,
    pub(crate) routes: Vec<CompiledRoute>,
    /// By lower-case board name.
    pub(crate) statuses: BTreeMap<String, StatusNames>,
    /// By lower-case severity.
    pub(crate) priorities: BTreeMap<String, String>,
    /// By lower-case ticket priority: the case severity that it means.
    pub(crate) severities: BTreeMap<String, String>,
    /// By group id.
    pub(crate) companies: BTreeMap<String, CompanyKey>,
    /// Group ids; nothing where tickets are made for all.
    pub(crate) run_for: Option<BTreeSet<String>>,
    /// By system id.
    pub(crate) systems: BTreeMap<String, ConfigurationKey>,
    pub(crate) texts: Texts,
    pub(crate) wording: TextRules,
    pub(crate) fields: Vec<MappedField>,
    pub(crate) repeats: Option<JoinRule>,
    pub(crate) flood: Option<FloodRule>,
    pub(crate) maintenance: Vec<MaintenanceRule>,
    pub(crate) devices: Option<DeviceRules>,
    /// What each rule of `automation` looks at in a case.
    pub(crate) automation: Vec<Vec<(Criterion, BTreeSet<String>)>>,
    /// The events that are raised.
    pub(crate) alerts: BTreeMap<EventKind, AlertSeverity>,
}

impl Settings {
    /// Checks a configuration and compiles it.
    ///
    /// # Errors
    /// Every fault at once, each with its JSON pointer and its fix.
    pub fn new(config: Config) -> Result<Self> {
        let mut faults = Vec::new();
        connection::check(&config, &mut faults);
        callbacks::check(&config, &mut faults);
        inbound::check(&config, &mut faults);
        let companies = maps::companies(&config, &mut faults);
        let run_for = maps::run_for(&config, &mut faults);
        let systems = maps::systems(&config, &mut faults);
        let statuses = maps::statuses(&config, &mut faults);
        let priorities = maps::priorities(&config, &mut faults);
        let severities = priorities::severities(&config, &priorities, &mut faults);
        provision(&config, &mut faults);
        reopening::check(&config, &priorities, &mut faults);
        let routes = routes::compile(&config, &statuses, &priorities, &mut faults);
        let texts = texts::compile(&config.ticket, &mut faults);
        let wording = comments::compile(&config, &mut faults);
        attachments::check(&config, &mut faults);
        let fields = fields::compile(&config.ticket, &mut faults);
        let repeats = storms::repeats(&config, &mut faults);
        let flood = storms::flood(&config, &mut faults);
        let maintenance = storms::maintenance(&config, &mut faults);
        let devices = devices::compile(&config, &mut faults);
        let automation = automation::compile(&config, &mut faults);
        let alerts = events::compile(&config, &mut faults);
        match texts {
            Some(texts) if faults.is_empty() => Ok(Self {
                config,
                routes,
                statuses,
                priorities,
                severities,
                companies,
                run_for,
                systems,
                texts,
                wording,
                fields,
                repeats,
                flood,
                maintenance,
                devices,
                automation,
                alerts,
            }),
            _ => Err(Error::refused("the configuration", faults)),
        }
    }

    /// Whether `status_map` says what the statuses of a board mean.
    pub(crate) fn maps_statuses_of(&self, board: &str) -> bool {
        self.statuses.contains_key(&board.trim().to_lowercase())
    }

    /// The configuration as it was given.
    #[must_use]
    pub fn config(&self) -> &Config {
        &self.config
    }
}

fn provision(config: &Config, faults: &mut Vec<Fault>) {
    let asked = &config.provision;
    for (key, name) in [
        ("location", &asked.location),
        ("department", &asked.department),
    ] {
        if name.as_ref().is_some_and(|name| name.trim().is_empty()) {
            faults.push(Fault::new(
                Code::InvalidValue,
                format!("/provision/{key}"),
                "a name is empty here",
                "Fill it in, or remove the key",
            ));
        }
    }
}

impl Config {
    /// Reads a configuration from JSON and checks it, as [`Settings::new`] does.
    ///
    /// # Errors
    /// Every fault of form and of meaning at once.
    pub fn from_json(text: &[u8]) -> Result<Self> {
        let lifted = Self::lifted(text)?;
        let text = lifted.as_ref().map_or(text, |lifted| lifted.as_bytes());
        json::read_and_check(text, Self::check)
            .map_err(|faults| Error::refused("the configuration", faults))
    }

    /// The faults that a configuration has of its own, without regard to any instance.
    #[must_use]
    pub fn check(&self) -> Vec<Fault> {
        Settings::new(self.clone()).map_or_else(|error| error.faults, |_| Vec::new())
    }
}

#[cfg(test)]
mod tests;
