use super::maps::in_to_case;
use crate::{
    case::Case,
    catalog::same_name,
    config::{Config, ReopenThen, StatusMap},
    decide::reopening::{reason_key, same_reason},
    error::{Code, Fault, pointer},
    nearest::{did_you_mean, listed},
};
use std::{collections::BTreeMap, time::Duration};

/// A board's close reasons by their letters and digits. Each must lead to a status that means a closed case.
pub(super) fn close_reasons(
    map: &StatusMap,
    board: &str,
    faults: &mut Vec<Fault>,
) -> BTreeMap<String, (String, String)> {
    let mut reasons = BTreeMap::new();
    for (reason, status) in &map.close_reasons {
        let place = pointer(&format!("{board}/close_reasons"), reason);
        let key = reason_key(reason);
        if key.is_empty() {
            faults.push(Fault::new(
                Code::InvalidValue,
                &place,
                "a close reason has neither letters nor digits",
                "Write a reason such as false_positive",
            ));
        }
        in_to_case(map.to_case.keys(), status, &place, board, faults);
        let meant = map.to_case.iter().find(|(name, _)| same_name(name, status));
        if let Some((name, meant)) = meant
            && !same_name(meant, Case::CLOSED)
        {
            faults.push(Fault::new(
                Code::StatusNotClosed,
                &place,
                format!("the status '{name}' means that the case is '{meant}'"),
                "Name a status that to_case calls closed",
            ));
        }
        let entry = (reason.clone(), status.clone());
        if reasons.insert(key, entry).is_some() {
            faults.push(Fault::new(
                Code::InvalidValue,
                place,
                format!("the close reason '{reason}' stands here twice"),
                "Keep one of them",
            ));
        }
    }
    reasons
}

/// Checks the rules for closed tickets.
pub(super) fn check(
    config: &Config,
    priorities: &BTreeMap<String, String>,
    faults: &mut Vec<Fault>,
) {
    let Some(reopen) = &config.reopen else {
        return;
    };
    let mut fault = |place: String, code, message: String, fix: String| {
        faults.push(Fault::new(code, place, message, fix));
    };
    let nameless = |place: String| {
        (
            place,
            Code::InvalidValue,
            "a close reason has neither letters nor digits".to_owned(),
            "Write a reason such as false_positive, or remove it".to_owned(),
        )
    };
    for (index, reason) in reopen.never.iter().enumerate() {
        if reason_key(reason).is_empty() {
            let (place, code, message, fix) = nameless(format!("/reopen/never/{index}"));
            fault(place, code, message, fix);
        }
    }
    if reopen.later == ReopenThen::Reopen && reopen.within.0 > Duration::ZERO {
        fault(
            "/reopen/later".to_owned(),
            Code::InvalidValue,
            "tickets are opened again however long ago they were closed, and yet 'within' says how long".to_owned(),
            "Set 'later' to new_ticket or note, or 'within' to 0s".to_owned(),
        );
    }
    let statuses: Vec<&str> = config
        .status_map
        .values()
        .flat_map(|map| map.to_case.keys().map(String::as_str))
        .collect();
    let severities: Vec<&str> = priorities.keys().map(String::as_str).collect();
    for (index, rule) in reopen.rules.iter().enumerate() {
        let place = format!("/reopen/rules/{index}");
        for (nth, reason) in rule.reason.iter().enumerate() {
            let at = format!("{place}/reason/{nth}");
            if reason_key(reason).is_empty() {
                let (place, code, message, fix) = nameless(at);
                fault(place, code, message, fix);
            } else if rule.then == ReopenThen::Reopen
                && reopen.never.iter().any(|never| same_reason(never, reason))
            {
                fault(
                    at,
                    Code::InvalidValue,
                    format!(
                        "the rule reopens what was closed as '{reason}', and /reopen/never says never"
                    ),
                    "Take it out of one of the two".to_owned(),
                );
            }
        }
        for (key, given, known) in [
            ("status", &rule.status, &statuses),
            ("severity", &rule.severity, &severities),
        ] {
            let code = match key {
                "status" => Code::UnknownStatus,
                _ => Code::UnmappedSeverity,
            };
            for (nth, name) in given.iter().enumerate() {
                if !known.iter().any(|known| same_name(known, name)) {
                    fault(
                        format!("{place}/{key}/{nth}"),
                        code,
                        format!("the configuration knows no {key} '{name}'"),
                        format!("{}Use one of {}", did_you_mean(name, known), listed(known)),
                    );
                }
            }
        }
    }
}
