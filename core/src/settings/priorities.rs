use super::{Settings, maps::lowered};
use crate::{
    catalog::Catalog,
    config::Config,
    error::{Code, Fault, pointer},
    nearest::{did_you_mean, listed},
};
use std::collections::BTreeMap;

/// From ticket priority to case severity, by lower-case name: `priority_map` read backwards where only one severity has the
/// priority, and what `priority_to_case` says.
pub(super) fn severities(
    config: &Config,
    priorities: &BTreeMap<String, String>,
    faults: &mut Vec<Fault>,
) -> BTreeMap<String, String> {
    let known: Vec<&str> = priorities.keys().map(String::as_str).collect();
    for (priority, severity) in &config.priority_to_case {
        if !severity.trim().is_empty() && !priorities.contains_key(&severity.trim().to_lowercase())
        {
            faults.push(Fault::new(
                Code::UnmappedPriority,
                pointer("/priority_to_case", priority),
                format!("the severity '{severity}' has no priority in priority_map"),
                format!(
                    "{}Use one of {}, or add it to priority_map",
                    did_you_mean(severity, &known),
                    listed(&known)
                ),
            ));
        }
    }
    let said = lowered(&config.priority_to_case, "/priority_to_case", faults);
    let mut severities: BTreeMap<String, Option<&String>> = BTreeMap::new();
    for (severity, priority) in &config.priority_map {
        severities
            .entry(priority.trim().to_lowercase())
            .and_modify(|other| *other = None)
            .or_insert(Some(severity));
    }
    let mut severities: BTreeMap<String, String> = severities
        .into_iter()
        .filter_map(|(priority, severity)| Some((priority, severity?.clone())))
        .collect();
    severities.extend(said);
    severities
}

impl Settings {
    /// The case severity that a ticket's priority means; nothing where the configuration leaves it open.
    #[must_use]
    pub fn case_severity(&self, priority: &str) -> Option<&str> {
        self.severities
            .get(&priority.trim().to_lowercase())
            .map(String::as_str)
    }

    /// Names each priority of the instance that means no case severity (row B3: the priority map is total in both directions
    /// or named as incomplete). A warning: tickets are opened without it, and a technician's change of priority then changes
    /// no case.
    #[must_use]
    pub fn unmapped_priorities(&self, catalog: &Catalog) -> Vec<Fault> {
        let open = catalog
            .priorities
            .iter()
            .filter(|priority| self.case_severity(&priority.name).is_none());
        open.map(|priority| {
            let name = &priority.name;
            let of: Vec<&str> = self
                .config()
                .priority_map
                .iter()
                .filter(|(_, other)| crate::catalog::same_name(other, name))
                .map(|(severity, _)| severity.as_str())
                .collect();
            let message = if of.is_empty() {
                format!("the priority '{name}' means no case severity")
            } else {
                format!(
                    "the priority '{name}' is that of more than one case severity: {}",
                    listed(&of)
                )
            };
            Fault::new(
                Code::UnmappedPriority,
                pointer("/priority_to_case", name),
                message,
                format!(
                    "Add \"{name}\" with one of the severities of priority_map to priority_to_case"
                ),
            )
        })
        .collect()
    }
}

#[cfg(test)]
mod tests {
    use crate::{
        decide::tests::{catalog, document, settings},
        error::Code,
    };
    use serde_json::json;

    #[test]
    fn a_priority_that_only_one_severity_has_means_that_severity() {
        let settings = settings(|d| {
            d["priority_map"] = json!({"critical": "Priority 1 - Emergency Response",
                "high": "Priority 2 - Quick Response", "medium": "priority 2 - quick response"});
        });
        assert_eq!(
            settings.case_severity("priority 1 - emergency response"),
            Some("critical")
        );
        assert_eq!(settings.case_severity("Priority 2 - Quick Response"), None);
        let open = settings.unmapped_priorities(&catalog());
        let places: Vec<_> = open.iter().map(|fault| fault.pointer.as_str()).collect();
        assert_eq!(
            places,
            [
                "/priority_to_case/Priority 2 - Quick Response",
                "/priority_to_case/Priority 3 - Normal Response",
                "/priority_to_case/Priority 4 - Scheduled Maintenance"
            ]
        );
        assert!(open[0].message.contains("high, medium"), "{}", open[0]);
    }

    #[test]
    fn priority_to_case_makes_the_reverse_total() {
        let settings = settings(|d| {
            d["priority_map"] = json!({"critical": "Priority 1 - Emergency Response", "low": "Priority 4 - Scheduled Maintenance"});
            d["priority_to_case"] = json!({"Priority 2 - Quick Response": "critical", "priority 3 - normal response": "low"});
        });
        assert_eq!(settings.unmapped_priorities(&catalog()), []);
        assert_eq!(
            settings.case_severity("Priority 3 - Normal Response"),
            Some("low")
        );
        assert_eq!(settings.check(&catalog()), []);
    }

    #[test]
    fn a_severity_or_priority_that_is_not_known_is_a_fault() {
        let mut wrong = document();
        wrong["priority_to_case"] = json!({"Priority 2 - Quick Response": "hihg"});
        let error = crate::Config::from_json(wrong.to_string().as_bytes()).unwrap_err();
        assert_eq!(error.faults[0].code, Code::UnmappedPriority);
        assert!(error.faults[0].fix.contains("'high'"), "{error}");
        let settings = settings(|d| d["priority_to_case"] = json!({"Prioritty 2": "high"}));
        let faults = settings.check(&catalog());
        assert_eq!(faults[0].code, Code::UnknownPriority);
    }
}
