use crate::{
    config::Config,
    error::{Code, Fault, pointer},
    event_log::{Alert, AlertSeverity, EventKind},
    nearest::did_you_mean,
};
use std::collections::BTreeMap;

/// The events that are raised as alerts.
pub(super) fn compile(
    config: &Config,
    faults: &mut Vec<Fault>,
) -> BTreeMap<EventKind, AlertSeverity> {
    let mut raised = BTreeMap::new();
    for (name, severity) in &config.events.raise {
        let place = || pointer("/events/raise", name);
        match EventKind::named(name) {
            None => {
                let names: Vec<&str> = EventKind::ALL
                    .iter()
                    .flat_map(|kind| [kind.name(), kind.alert()])
                    .collect();
                faults.push(Fault::new(
                    Code::InvalidValue,
                    place(),
                    format!("'{name}' is neither an event nor an alert"),
                    format!(
                        "{}The alerts by name: casewire definitions; the events: include/delivery.schema.json",
                        did_you_mean(name, &names)
                    ),
                ));
            }
            Some(kind) => {
                if raised.insert(kind, *severity).is_some() {
                    faults.push(Fault::new(
                        Code::InvalidValue,
                        place(),
                        format!(
                            "the event {kind} is raised twice, by its name and by that of its alert"
                        ),
                        "Remove one of the two",
                    ));
                }
            }
        }
    }
    raised
}

impl super::Settings {
    /// The alert that an event is raised as, where it is.
    pub(crate) fn alert(&self, kind: EventKind) -> Option<Alert> {
        let severity = *self.alerts.get(&kind)?;
        Some(Alert {
            name: kind.alert().to_owned(),
            severity,
        })
    }
}

#[cfg(test)]
mod tests {
    use crate::{decide::tests::config, settings::Settings};
    use serde_json::json;

    #[test]
    fn an_unknown_event_is_refused_with_the_nearest_and_none_is_raised_twice() {
        let mut document = serde_json::to_value(config()).unwrap();
        document["events"] = json!({ "raise": {
            "ticket_reopend": "high",
            "ticket_closed": "low",
            "ConnectWise Manage - Ticket closed": "low",
        } });
        let error = crate::Config::from_json(document.to_string().as_bytes()).unwrap_err();
        let faults: Vec<(&str, bool)> = error
            .faults
            .iter()
            .map(|fault| {
                (
                    fault.pointer.as_str(),
                    fault.fix.contains("'ticket_reopened'"),
                )
            })
            .collect();
        assert_eq!(
            faults,
            [
                ("/events/raise/ticket_closed", false),
                ("/events/raise/ticket_reopend", true)
            ]
        );
        document["events"]["raise"] = json!({ "Connectwise manage - ticket closed": "low" });
        let config = crate::Config::from_json(document.to_string().as_bytes()).unwrap();
        let settings = Settings::new(config).unwrap();
        let alert = settings.alert(crate::EventKind::TicketClosed).unwrap();
        assert_eq!(alert.name, "ConnectWise Manage - Ticket closed");
        assert_eq!(settings.alert(crate::EventKind::TicketCreated), None);
    }
}
