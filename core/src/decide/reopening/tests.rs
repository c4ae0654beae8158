use super::*;
use crate::{config::Config, decide::tests::document, error::Code};
use ReopenThen::{NewTicket, Note, Reopen as Opened};
use serde_json::{Value, json};

fn settings(reopen: &Value) -> Settings {
    let mut document = document();
    if !reopen.is_null() {
        document["reopen"] = reopen.clone();
    }
    Settings::new(Config::from_json(document.to_string().as_bytes()).unwrap()).unwrap()
}

fn faults(change: impl Fn(&mut Value)) -> Vec<(String, Code)> {
    let mut document = document();
    change(&mut document);
    let error = Config::from_json(document.to_string().as_bytes()).unwrap_err();
    assert!(error.faults.iter().all(|fault| !fault.fix.is_empty()));
    let faults = error.faults.into_iter();
    faults.map(|fault| (fault.pointer, fault.code)).collect()
}

const NOW: Timestamp = Timestamp::MAX;

fn closed(hours: Option<u64>, reason: Option<&str>) -> ClosedTicket {
    let ago = hours.map(|hours| i64::try_from(hours * 3_600_000).unwrap());
    ClosedTicket {
        ticket: TicketId(909),
        status: "Closed".to_owned(),
        closed_at: ago.map(|ago| Timestamp::from_millis(NOW.millis() - ago)),
        reason: reason.map(str::to_owned),
    }
}

fn decided(reopen: &Value, closed: &ClosedTicket, change: CaseChange) -> ReopenThen {
    let decision = reopening(&settings(reopen), closed, "critical", change, NOW);
    assert!(decision.reason.contains("909") || reopen.is_null());
    assert!(!decision.reason.is_empty());
    decision.value
}

#[test]
fn without_rules_a_case_that_comes_back_opens_its_ticket_and_nothing_else_does() {
    for hours in [None, Some(0), Some(10_000)] {
        for reason in [None, Some("false_positive")] {
            let closed = closed(hours, reason);
            let decided = |change| decided(&Value::Null, &closed, change);
            assert_eq!(decided(CaseChange::CameBack), Opened);
            assert_eq!(decided(CaseChange::Changed), Note);
            assert_eq!(decided(CaseChange::Over), Note);
        }
    }
}

#[test]
fn by_default_the_age_and_the_close_reason_decide() {
    for (hours, reason, then) in [
        (Some(0), None, Opened),
        (Some(24), None, Opened),
        (Some(25), None, NewTicket),
        (None, None, Opened),
        (Some(1), Some("fixed"), Opened),
        (Some(25), Some("fixed"), NewTicket),
        (Some(0), Some("false_positive"), Note),
        (Some(25), Some("False Positive"), Note),
        (Some(1), Some("Won't fix"), Note),
        (Some(1), Some("WONT-FIX"), Note),
    ] {
        let closed = closed(hours, reason);
        let came_back = decided(&json!({}), &closed, CaseChange::CameBack);
        assert_eq!(came_back, then, "{closed:?}");
        // The clearing of a source opens nothing, and neither does a mere change.
        for change in [CaseChange::Over, CaseChange::Changed] {
            assert_eq!(
                decided(&json!({}), &closed, change),
                Note,
                "{closed:?} {change:?}"
            );
        }
        let on_change = decided(&json!({"on": "changed"}), &closed, CaseChange::Changed);
        assert_eq!(on_change, then, "{closed:?}");
        let over = decided(&json!({"on": "changed"}), &closed, CaseChange::Over);
        assert_eq!(over, Note, "{closed:?}");
    }
}

#[test]
fn a_ticket_that_was_closed_a_moment_from_now_was_closed_just_now() {
    let ahead = ClosedTicket {
        closed_at: Some(Timestamp::MAX),
        ..closed(None, None)
    };
    let settings = settings(&json!({"within": "0s", "later": "note"}));
    let now = Timestamp::from_millis(0);
    let then = reopening(&settings, &ahead, "low", CaseChange::CameBack, now);
    assert_eq!(then.value, Opened);
}

#[test]
fn rules_come_first_and_never_still_means_never() {
    let rules = json!({"within": "1h", "later": "note", "rules": [
        {"then": "reopen", "severity": ["critical"]},
        {"then": "new_ticket", "reason": ["false_positive"], "closed_within": "720h"},
    ]});
    for (hours, reason, severity, then) in [
        (Some(5000), None, "critical", Opened),
        (Some(5000), None, "low", Note),
        (Some(1), None, "low", Opened),
        // The first rule reopens, which a false positive never does; the second fits.
        (Some(1), Some("false_positive"), "critical", NewTicket),
        (Some(721), Some("false_positive"), "critical", Note),
        (Some(1), Some("wont_fix"), "critical", Note),
    ] {
        let closed = closed(hours, reason);
        let then_decided = reopening(
            &settings(&rules),
            &closed,
            severity,
            CaseChange::CameBack,
            NOW,
        );
        assert_eq!(then_decided.value, then, "{closed:?} {severity}");
    }
    let by_status = json!({"rules": [{"then": "note", "status": ["closed"]}]});
    let fresh = closed(Some(0), None);
    assert_eq!(decided(&by_status, &fresh, CaseChange::CameBack), Note);
}

#[test]
fn the_status_that_a_technician_chose_says_more_than_the_case_said_before() {
    let mut document = document();
    document["status_map"]["Professional Services"]["to_case"]["Cancelled"] = json!("closed");
    document["status_map"]["Professional Services"]["close_reasons"] =
        json!({"False positive": "cancelled"});
    let settings =
        Settings::new(Config::from_json(document.to_string().as_bytes()).unwrap()).unwrap();
    let ticket = |status: u32, name: &str, closed: bool| -> Ticket {
        serde_json::from_value(json!({"id": 909, "closedFlag": closed, "status": {"id": status, "name": name},
            "board": {"id": 1, "name": "professional services"}, "closedDate": "2019-02-11T00:00:00Z"}))
        .unwrap()
    };
    let written = |status, reason: Option<&str>| Written {
        status: Some(status),
        close_reason: reason.map(str::to_owned),
        ..Written::default()
    };
    let reason =
        |ticket: Ticket, written: Written| ClosedTicket::of(&settings, &ticket, &written).unwrap();
    for (by_status, ours, said, meant) in [
        ("Cancelled", 15, None, Some("False positive")),
        ("Cancelled", 13, Some("fixed"), Some("False positive")),
        ("Cancelled", 15, Some("fixed"), Some("fixed")),
        ("Closed", 15, None, None),
        ("Closed", 13, Some("wont_fix"), Some("wont_fix")),
        ("Closed", 15, Some("wont_fix"), Some("wont_fix")),
    ] {
        let found = reason(ticket(15, by_status, true), written(ours, said));
        assert_eq!(found.reason.as_deref(), meant, "{by_status} {ours}");
        assert!(found.closed_at.is_some());
    }
    let open = ticket(10, "New (not responded)", false);
    assert_eq!(ClosedTicket::of(&settings, &open, &written(10, None)), None);
}

#[test]
fn every_fault_of_the_rules_is_named_with_its_place() {
    let found = faults(|d| {
        d["reopen"] = json!({"never": ["--", "wont_fix"], "later": "reopen", "rules": [
            {"then": "reopen", "reason": ["Won't fix"]},
            {"then": "note", "reason": ["?"], "status": ["Clossed"], "severity": ["sever"]},
        ]});
        d["status_map"]["Professional Services"]["close_reasons"] = json!({"fixed": "Done", "false positive": "In Progress", "false_positive": "Closed", "!": "Closed"});
    });
    let board = "/status_map/Professional Services/close_reasons";
    let expected = [
        ("/reopen/later", Code::InvalidValue),
        ("/reopen/never/0", Code::InvalidValue),
        ("/reopen/rules/0/reason/0", Code::InvalidValue),
        ("/reopen/rules/1/reason/0", Code::InvalidValue),
        ("/reopen/rules/1/severity/0", Code::UnmappedSeverity),
        ("/reopen/rules/1/status/0", Code::UnknownStatus),
        (&format!("{board}/!"), Code::InvalidValue),
        (&format!("{board}/false positive"), Code::StatusNotClosed),
        (&format!("{board}/false_positive"), Code::InvalidValue),
        (&format!("{board}/fixed"), Code::UnknownStatus),
    ];
    let mut expected: Vec<(String, Code)> = expected
        .into_iter()
        .map(|(place, code)| (place.to_owned(), code))
        .collect();
    expected.sort();
    let mut found = found;
    found.sort();
    assert_eq!(found, expected);
    assert_eq!(
        faults(|d| d["reopen"] = json!({"witin": "1h"})),
        [("/reopen/witin".to_owned(), Code::UnknownKey)]
    );
}
