use super::routes::conditions;
use crate::{
    config::{Config, HostEventKind},
    error::{Code, Fault},
    settings::Criterion,
};
use std::collections::{BTreeMap, BTreeSet};

/// What each rule looks at in a case.
pub(super) fn compile(
    config: &Config,
    faults: &mut Vec<Fault>,
) -> Vec<Vec<(Criterion, BTreeSet<String>)>> {
    let automation = &config.automation;
    let mut fault = |place: String, message: String, fix: &str| {
        faults.push(Fault::new(Code::InvalidValue, place, message, fix));
    };
    let least = std::time::Duration::from_secs(3600);
    if automation
        .reconcile_every
        .is_some_and(|every| every.0 < least)
    {
        fault(
            "/automation/reconcile_every".to_owned(),
            "all links are compared at most once an hour".to_owned(),
            "Give at least '1h': polls find what changed between",
        );
    }
    if automation.reconcile_repairs && !config.policies.ticket_inbound.enabled {
        fault(
            "/automation/reconcile_repairs".to_owned(),
            "nothing is repaired while tickets do not come back to cases".to_owned(),
            "Set policies.ticket_inbound.enabled to true, or remove the key",
        );
    }
    let mut names = BTreeMap::new();
    for (index, rule) in automation.rules.iter().enumerate() {
        let place = format!("/automation/rules/{index}");
        if rule.name.trim().is_empty() {
            fault(
                format!("{place}/name"),
                "a rule has no name".to_owned(),
                "Name it",
            );
        } else if let Some(earlier) = names.insert(rule.name.trim().to_lowercase(), index) {
            fault(
                format!("{place}/name"),
                format!("rule {earlier} has the same name"),
                "Give each a name of its own: explanations use it",
            );
        }
        if rule.on.is_empty() {
            fault(
                format!("{place}/on"),
                "the rule is for nothing that happens".to_owned(),
                "Name at least one happening, such as case_opened",
            );
        }
        if !rule.alerts.is_empty() && !rule.on.contains(&HostEventKind::AlertRaised) {
            fault(
                format!("{place}/alerts"),
                "only alert_raised has the name of an alert".to_owned(),
                "Add alert_raised to 'on', or remove 'alerts'",
            );
        }
        let of_case = rule.on.iter().all(|kind| kind.is_of_case());
        if !rule.when.is_any() && !of_case {
            fault(
                format!("{place}/when"),
                "the rule looks into a case, and is for what is about none".to_owned(),
                "Make a rule of its own for what is about no case",
            );
        }
        if !of_case && rule.then == crate::config::AutomationAct::SubmitCase {
            fault(
                format!("{place}/then"),
                "there is no case to hand over".to_owned(),
                "Name happenings of cases only, or have a task be due",
            );
        }
    }
    let rules = automation.rules.iter();
    rules.map(|rule| conditions(&rule.when)).collect()
}

#[cfg(test)]
mod tests {
    use crate::{Config, decide::tests::config};
    use serde_json::json;

    #[test]
    fn rules_that_could_never_do_what_they_say_are_refused_all_at_once() {
        let mut document = serde_json::to_value(config()).unwrap();
        document["automation"] = json!({
            "rules": [
                { "name": "a", "on": [], "then": "ignore" },
                { "name": "A", "on": ["case_opened"], "alerts": ["x"], "then": "poll" },
                { "name": "b", "on": ["discovery_finished"], "when": { "kind": ["x"] }, "then": "submit_case" },
            ],
            "reconcile_every": "5m", "reconcile_repairs": true,
        });
        let error = Config::from_json(document.to_string().as_bytes()).unwrap_err();
        let places: Vec<&str> = error
            .faults
            .iter()
            .map(|fault| fault.pointer.as_str())
            .collect();
        assert_eq!(
            places,
            [
                "/automation/reconcile_every",
                "/automation/reconcile_repairs",
                "/automation/rules/0/on",
                "/automation/rules/1/alerts",
                "/automation/rules/1/name",
                "/automation/rules/2/then",
                "/automation/rules/2/when",
            ]
        );
        document["automation"] =
            json!({ "rules": [{ "name": "a", "on": ["case_opend"], "then": "ignore" }] });
        let error = Config::from_json(document.to_string().as_bytes()).unwrap_err();
        assert!(error.faults[0].fix.contains("'case_opened'"), "{error}");
    }
}
