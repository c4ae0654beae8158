use super::route::meets;
use crate::{
    automation::HostEvent,
    config::{AutomationAct, HostEventKind},
    decision::Decision,
    settings::Settings,
};

/// What a happening of the host leads to, by which rule.
pub(crate) fn automation(
    settings: &Settings,
    event: &HostEvent,
) -> (Option<String>, Decision<AutomationAct>) {
    let rules = settings.config().automation.rules.iter();
    for (index, (rule, when)) in rules.zip(&settings.automation).enumerate() {
        if !rule.on.contains(&event.event) {
            continue;
        }
        let named = event.alert.as_deref().unwrap_or_default();
        if !rule.alerts.is_empty() && !rule.alerts.iter().any(|alert| is_like(alert, named)) {
            continue;
        }
        let why = match &event.case {
            Some(case) => meets(case, when).ok(),
            None => when.is_empty().then(|| "it looks into no case".to_owned()),
        };
        if let Some(why) = why {
            let reason = format!(
                "rule '{}' (automation/rules/{index}) is for {}: {why}",
                rule.name, event.event
            );
            return (Some(rule.name.clone()), Decision::new(rule.then, reason));
        }
    }
    (None, unruled(settings, event.event))
}

/// What holds where no rule fits.
fn unruled(settings: &Settings, event: HostEventKind) -> Decision<AutomationAct> {
    match event {
        HostEventKind::InventoryChanged => Decision::new(
            AutomationAct::AutoMap,
            "no rule fits; the inventory changed, and automatic mapping looks at it",
        ),
        HostEventKind::DiscoveryFinished => {
            let devices = settings.config().devices.as_ref();
            match devices.is_some_and(|devices| devices.after_discovery) {
                true => Decision::new(
                    AutomationAct::SendDevices,
                    "no rule fits; devices.after_discovery is on",
                ),
                false => Decision::new(
                    AutomationAct::Ignore,
                    "no rule fits, and devices.after_discovery is off",
                ),
            }
        }
        _ => Decision::new(
            AutomationAct::SubmitCase,
            "no rule fits; a case's ticket is brought in step with it",
        ),
    }
}

/// Whether a name is as a pattern says: without case, `*` for any signs.
fn is_like(pattern: &str, name: &str) -> bool {
    let (pattern, name) = (pattern.trim().to_lowercase(), name.trim().to_lowercase());
    let mut parts = pattern.split('*');
    let first = parts.next().unwrap_or_default();
    let Some(mut rest) = name.strip_prefix(first) else {
        return false;
    };
    let Some(last) = parts.next_back() else {
        return rest.is_empty();
    };
    for part in parts {
        match rest.split_once(part) {
            Some((_, after)) => rest = after,
            None => return false,
        }
    }
    rest.ends_with(last)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decide::tests::settings;
    use serde_json::{Value, json};

    #[test]
    fn a_star_stands_for_any_signs_and_nothing_else_does() {
        for (pattern, name, fits) in [
            ("Ransomware*", "ransomware on BD-DC1", true),
            ("*breach*", "Critical Potential Breach: a process", true),
            ("a*b*c", "a-b-b-c", true),
            ("a*b*c", "a-c-b", false),
            ("logon", "logon failed", false),
            ("*", "", true),
            ("a.c", "abc", false),
            ("ab*b", "ab", false),
        ] {
            assert_eq!(is_like(pattern, name), fits, "{pattern} {name}");
        }
    }

    fn decided(rules: Value, event: Value) -> (Option<String>, AutomationAct) {
        let settings = settings(|c| c["automation"] = json!({ "rules": rules }));
        let event: HostEvent = serde_json::from_value(event).unwrap();
        let (rule, decision) = automation(&settings, &event);
        assert!(!decision.reason.is_empty());
        (rule, decision.value)
    }

    #[test]
    fn the_first_rule_that_fits_decides_and_without_one_a_case_is_handed_over() {
        let rules = json!([
            { "name": "noise", "on": ["alert_raised"], "alerts": ["*update*"], "then": "ignore" },
            { "name": "news", "on": ["case_opened", "alert_raised"], "when": { "kind": ["audit"] }, "then": "submit_case" },
            { "name": "else", "on": ["case_opened"], "then": "ignore" },
        ]);
        let case = |kind: &str| {
            json!({ "id": "1", "title": "t", "severity": "high", "kind": kind, "group": { "id": "g" },
                "created_at": "2019-02-11T01:07:14Z", "updated_at": "2019-02-11T01:07:14Z" })
        };
        for (event, rule, act) in [
            (
                json!({ "event": "case_opened", "case": case("audit") }),
                Some("news"),
                AutomationAct::SubmitCase,
            ),
            (
                json!({ "event": "case_opened", "case": case("disk") }),
                Some("else"),
                AutomationAct::Ignore,
            ),
            // Of a case that is named by its id nothing is known yet.
            (
                json!({ "event": "case_opened", "case_id": "1" }),
                Some("else"),
                AutomationAct::Ignore,
            ),
            (
                json!({ "event": "alert_raised", "alert": "Microsoft Updates", "case_id": "1" }),
                Some("noise"),
                AutomationAct::Ignore,
            ),
            (
                json!({ "event": "case_closed", "case": case("audit") }),
                None,
                AutomationAct::SubmitCase,
            ),
            (
                json!({ "event": "inventory_changed" }),
                None,
                AutomationAct::AutoMap,
            ),
            (
                json!({ "event": "discovery_finished" }),
                None,
                AutomationAct::Ignore,
            ),
        ] {
            let expected = (rule.map(str::to_owned), act);
            assert_eq!(decided(rules.clone(), event.clone()), expected, "{event}");
        }
    }
}
