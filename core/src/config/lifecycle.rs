use super::{
    Automation, Companies, Config, Configurations, Connection, Events, Inbound, Limits, Provision,
    Route, TicketText,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What an instance does, each switched on by itself (row C8).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct Policies {
    /// Cases become tickets; on where nothing is said. Off, cases are refused and what waits in the outbox goes on waiting.
    pub case_outbound: Policy,
    /// Tickets and their changes come back to cases.
    pub ticket_inbound: Policy,
    /// Devices become configurations.
    pub devices_outbound: Policy,
}

/// One switch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Policy {
    /// Whether it is on.
    pub enabled: bool,
}

impl Default for Policies {
    fn default() -> Self {
        let switched = |enabled| Policy { enabled };
        Self {
            case_outbound: switched(true),
            ticket_inbound: switched(false),
            devices_outbound: switched(false),
        }
    }
}

impl Policies {
    /// Whether nothing differs from what holds where nothing is said.
    #[must_use]
    pub fn is_default(&self) -> bool {
        *self == Self::default()
    }
}

/// Which settings outlive the replacement of a connection (guide 004: "whether to retain the current Ticket and Customer
/// Settings").
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keep {
    /// Ticket and customer settings.
    All,
    /// Routes, status map, priority maps, what tickets say, what new boards are given.
    Tickets,
    /// Companies and configurations.
    Customers,
    /// Neither.
    Nothing,
}

/// A configuration with another connection, and what became of its settings.
#[derive(Clone, Debug, PartialEq)]
pub struct Replaced {
    /// The configuration. Where the ticket settings were reset it makes no ticket until they are set again: its policy
    /// `case_outbound` is off.
    pub config: Config,
    /// JSON pointers of the settings that were kept.
    pub kept: Vec<&'static str>,
    /// JSON pointers of those that were reset.
    pub reset: Vec<&'static str>,
}

const TICKETS: &[&str] = &[
    "/routes",
    "/status_map",
    "/priority_map",
    "/priority_to_case",
    "/ticket",
    "/comments",
    "/redaction",
    "/attachments",
    "/reopen",
    "/inbound",
    "/provision",
    "/repeats",
    "/flood",
    "/maintenance",
];
const CUSTOMERS: [&str; 3] = ["/companies", "/configurations", "/devices"];
const ALWAYS: [&str; 5] = [
    "/limits",
    "/policies",
    "/callbacks",
    "/automation",
    "/events",
];

impl Config {
    /// The configuration of an instance of which no more than the connection is known: its one route makes no ticket, and
    /// `case_outbound` is off. It is for looking around, such as reading boards, before routes can be written.
    #[must_use]
    pub fn for_connection(instance: impl Into<String>, connection: Connection) -> Self {
        let mut policies = Policies::default();
        policies.case_outbound.enabled = false;
        Self {
            schema: None,
            version: Self::VERSION,
            instance: instance.into(),
            connection,
            companies: Companies::default(),
            configurations: Configurations::default(),
            routes: vec![Route {
                name: "no boards yet".to_owned(),
                ignore: true,
                ..Route::default()
            }],
            status_map: BTreeMap::new(),
            priority_map: BTreeMap::new(),
            priority_to_case: BTreeMap::new(),
            ticket: TicketText::default(),
            comments: None,
            redaction: None,
            attachments: None,
            reopen: None,
            automation: Automation::default(),
            events: Events::default(),
            limits: Limits::default(),
            policies,
            provision: Provision::default(),
            callbacks: None,
            repeats: None,
            flood: None,
            maintenance: Vec::new(),
            inbound: Inbound::default(),
            devices: None,
        }
    }

    /// The configuration with another connection (row C6): budget, policies and the receiver of callbacks stay, the rest as `keep` says.
    #[must_use]
    pub fn with_connection(self, connection: Connection, keep: Keep) -> Replaced {
        let mut config = Self::for_connection(self.instance, connection);
        config.limits = self.limits;
        config.callbacks = self.callbacks;
        config.automation = self.automation;
        config.events = self.events;
        let (mut kept, mut reset) = (ALWAYS.to_vec(), Vec::new());
        if matches!(keep, Keep::All | Keep::Tickets) {
            config.routes = self.routes;
            config.status_map = self.status_map;
            config.priority_map = self.priority_map;
            config.priority_to_case = self.priority_to_case;
            config.ticket = self.ticket;
            config.comments = self.comments;
            config.redaction = self.redaction;
            config.attachments = self.attachments;
            config.reopen = self.reopen;
            config.inbound = self.inbound;
            config.provision = self.provision;
            config.policies = self.policies;
            config.repeats = self.repeats;
            config.flood = self.flood;
            config.maintenance = self.maintenance;
            kept.extend(TICKETS);
        } else {
            config.policies.ticket_inbound = self.policies.ticket_inbound;
            config.policies.devices_outbound = self.policies.devices_outbound;
            reset.extend(TICKETS);
            reset.push("/policies/case_outbound");
        }
        if matches!(keep, Keep::All | Keep::Customers) {
            config.companies = self.companies;
            config.configurations = self.configurations;
            config.devices = self.devices;
            kept.extend(CUSTOMERS);
        } else {
            reset.extend(CUSTOMERS);
        }
        Replaced {
            config,
            kept,
            reset,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decide::tests::config;

    fn other() -> Connection {
        Connection {
            site: "https://api-eu.myconnectwise.net".to_owned(),
            ..config().connection
        }
    }

    #[test]
    fn a_new_connection_keeps_or_resets_the_settings_as_the_caller_says() {
        let before = config();
        for (keep, tickets, customers) in [
            (Keep::All, true, true),
            (Keep::Tickets, true, false),
            (Keep::Customers, false, true),
            (Keep::Nothing, false, false),
        ] {
            let after = before.clone().with_connection(other(), keep);
            let config = &after.config;
            assert_eq!(config.connection, other());
            assert_eq!(config.instance, before.instance);
            assert_eq!(config.routes == before.routes, tickets, "{keep:?}");
            assert_eq!(config.companies == before.companies, customers, "{keep:?}");
            assert_eq!(config.policies.case_outbound.enabled, tickets, "{keep:?}");
            assert_eq!(after.kept.contains(&"/routes"), tickets);
            assert_eq!(after.reset.contains(&"/companies"), !customers);
            assert!(after.kept.iter().all(|place| !after.reset.contains(place)));
            assert_eq!(config.check(), []);
        }
    }

    #[test]
    fn policies_that_are_not_named_are_as_before() {
        assert!(config().policies.case_outbound.enabled);
        let text = serde_json::to_string(&config()).unwrap();
        assert!(!text.contains("policies"), "{text}");
    }
}
