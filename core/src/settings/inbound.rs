use crate::{
    catalog::same_name,
    config::{Config, Trigger},
    error::{Code, Fault},
    nearest::{did_you_mean, listed},
    time::Span,
};
use std::collections::BTreeSet;

const MINUTE: u64 = 60;
const DAY: u64 = 24 * 3600;

/// Checks what comes back from ConnectWise: spans, guard, trigger.
pub(super) fn check(config: &Config, faults: &mut Vec<Fault>) {
    let inbound = &config.inbound;
    for (key, span, least, most) in [
        ("every", inbound.every, 10, DAY),
        ("window", inbound.window, MINUTE, 30 * DAY),
        ("overlap", inbound.overlap, 0, DAY),
        ("reread", inbound.reread, 10 * MINUTE, 30 * DAY),
    ] {
        if !(least..=most).contains(&span.0.as_secs()) {
            let (least, most) = (Span::seconds(least), Span::seconds(most));
            faults.push(Fault::new(
                Code::InvalidValue,
                format!("/inbound/{key}"),
                format!("{span} is out of bounds"),
                format!("Give a span from {least} to {most}, or remove the key"),
            ));
        }
    }
    if !(1..=1 << 30).contains(&inbound.documents.at_most) {
        faults.push(Fault::new(
            Code::InvalidValue,
            "/inbound/documents/at_most",
            format!("{} is out of bounds", inbound.documents.at_most),
            "Give 1 to 1073741824 bytes, or remove the key; enabled: false lets none in",
        ));
    }
    let guard = inbound.mass_change;
    if !(1..=100).contains(&guard.percent) {
        faults.push(Fault::new(
            Code::InvalidValue,
            "/inbound/mass_change/percent",
            format!("{} is no share of the open tickets", guard.percent),
            "Give 1 to 100",
        ));
    }
    if guard.at_least == 0 {
        faults.push(Fault::new(
            Code::InvalidValue,
            "/inbound/mass_change/at_least",
            "0 would hold back polls that find nothing",
            "Give 1 or more",
        ));
    }
    if let Some(trigger) = &inbound.trigger {
        check_trigger(config, trigger, faults);
    }
}

fn check_trigger(config: &Config, trigger: &Trigger, faults: &mut Vec<Fault>) {
    let boards: Vec<&str> = config.status_map.keys().map(String::as_str).collect();
    let map = config
        .status_map
        .iter()
        .find(|(board, _)| same_name(board, &trigger.board));
    match map {
        None => faults.push(Fault::new(
            Code::UnmappedStatus,
            "/inbound/trigger/board",
            format!("the board '{}' has no status map", trigger.board),
            format!(
                "{}Add it to status_map, or use one of: {}",
                did_you_mean(&trigger.board, &boards),
                listed(&boards)
            ),
        )),
        Some((board, map)) => {
            if !map
                .to_case
                .keys()
                .any(|name| same_name(name, &trigger.status))
            {
                let known: Vec<&str> = map.to_case.keys().map(String::as_str).collect();
                faults.push(Fault::new(
                    Code::UnmappedStatus,
                    "/inbound/trigger/status",
                    format!("the status '{}' of board '{board}' has no case status", trigger.status),
                    format!(
                        "{}Add it to to_case of that board: the case that the ticket becomes begins with it",
                        did_you_mean(&trigger.status, &known)
                    ),
                ));
            }
        }
    }
    let Some(contacts) = &trigger.contacts else {
        return;
    };
    if !trigger.known_contact {
        faults.push(Fault::new(
            Code::InvalidValue,
            "/inbound/trigger/contacts",
            "the list is not looked at where known_contact is false",
            "Remove it, or set known_contact to true",
        ));
    }
    let mut seen = BTreeSet::new();
    for (index, contact) in contacts.iter().enumerate() {
        let place = format!("/inbound/trigger/contacts/{index}");
        if !is_address(contact) {
            faults.push(Fault::new(
                Code::InvalidValue,
                place,
                format!(
                    "'{contact}' is neither an e-mail address nor a domain such as @example.com"
                ),
                "Give the whole address, or @ and the domain",
            ));
        } else if !seen.insert(contact.to_lowercase()) {
            faults.push(Fault::new(
                Code::InvalidValue,
                place,
                format!("'{contact}' stands in the list twice"),
                "Remove one",
            ));
        }
    }
}

fn is_address(text: &str) -> bool {
    let domain = text.rsplit_once('@').map(|(_, domain)| domain);
    let sound =
        |domain: &str| domain.contains('.') && !domain.starts_with('.') && !domain.ends_with('.');
    domain.is_some_and(sound) && !text.chars().any(|c| c.is_whitespace() || c.is_control())
}

#[cfg(test)]
mod tests {
    use crate::config::Config;
    use crate::decide::tests::document;
    use serde_json::{Value, json};

    fn pointers(inbound: Value) -> Vec<String> {
        let mut document = document();
        document["inbound"] = inbound;
        match Config::from_json(document.to_string().as_bytes()) {
            Ok(_) => Vec::new(),
            Err(error) => error
                .faults
                .into_iter()
                .map(|fault| fault.pointer)
                .collect(),
        }
    }

    #[test]
    fn all_faults_of_what_comes_back_are_named_at_once() {
        assert_eq!(
            pointers(json!({
                "every": "1s", "window": "31d", "overlap": "2d", "reread": "1m",
                "mass_change": { "percent": 0, "at_least": 0 }, "documents": { "at_most": 0 },
                "trigger": { "board": "Professional Services", "status": "Notify", "contacts": ["ada", "@x.org", "@X.org"] },
            })),
            [
                "/inbound/documents/at_most",
                "/inbound/every",
                "/inbound/mass_change/at_least",
                "/inbound/mass_change/percent",
                "/inbound/overlap",
                "/inbound/reread",
                "/inbound/trigger/contacts/0",
                "/inbound/trigger/contacts/2",
                "/inbound/trigger/status",
                "/inbound/window",
            ]
        );
        assert_eq!(
            pointers(json!({ "trigger": { "board": "Helpdesk", "status": "New" } })),
            ["/inbound/trigger/board"]
        );
    }

    #[test]
    fn a_trigger_that_fits_is_taken() {
        let trigger = json!({
            "board": "professional services", "status": "new (not responded)", "contacts": ["it@bigdesign.com", "@big.org"],
        });
        assert_eq!(
            pointers(json!({ "trigger": trigger })),
            Vec::<String>::new()
        );
        assert_eq!(pointers(json!({})), Vec::<String>::new());
    }
}
