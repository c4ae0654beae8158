use casewire_simulator::{Exchange, Fault, FaultRule, Match, Request};
use serde_json::json;

use crate::caller::{Caller, authorized};

fn create() -> Request {
    let body = json!({"summary": "x", "company": {"id": 1}});
    authorized(Request::new("POST", "/v2025_1/apis/3.0/service/tickets")).json(&body)
}

fn always(fault: Fault) -> FaultRule {
    FaultRule {
        when: Match::default(),
        fault,
        times: None,
    }
}

fn meet(fault: Fault) -> (Exchange, usize) {
    let mut caller = Caller::new();
    caller.psa.add_fault(always(fault));
    let exchange = caller.psa.exchange(&create(), caller.now);
    (exchange, caller.psa.raw("tickets").unwrap().len())
}

#[test]
fn each_fault_answers_and_performs_as_it_says() {
    for (fault, status, performed) in [
        (Fault::Throttled { retry_after: 7 }, 429, 0),
        (Fault::BadGatewayHtml, 502, 0),
        (Fault::BadGatewayAfter, 502, 1),
        (Fault::ServerError, 500, 0),
        (Fault::EmptyBody, 200, 1),
        (Fault::Garbage, 200, 1),
        (Fault::Forbidden, 403, 0),
        (Fault::Unauthorized, 401, 0),
        (Fault::OversizedBody { bytes: 100_000 }, 201, 1),
        (
            Fault::CodebaseChange {
                codebase: "v2026_1/".to_owned(),
            },
            404,
            0,
        ),
    ] {
        let (exchange, tickets) = meet(fault.clone());
        let Exchange::Answer(response) = exchange else {
            panic!("{fault:?}");
        };
        assert_eq!((response.status, tickets), (status, performed), "{fault:?}");
        if matches!(fault, Fault::Throttled { .. }) {
            assert_eq!(response.header_value("Retry-After"), Some("7"));
            assert_eq!(response.value()["error"], "ConnectWiseAPI");
            assert!(response.value().get("code").is_none());
        }
        if matches!(fault, Fault::OversizedBody { .. }) {
            assert_eq!(response.body.len(), 100_000);
            assert_eq!(response.value()["id"], 909);
        }
    }
    assert_eq!(meet(Fault::AnswerLost), (Exchange::Lost, 1));
    assert_eq!(meet(Fault::NotPerformed), (Exchange::Lost, 0));
    assert!(matches!(
        meet(Fault::Truncated { bytes: 3 }),
        (Exchange::Truncated(_, 3), 1)
    ));
    assert!(matches!(
        meet(Fault::Slow { ms: 3 }),
        (Exchange::Slow(..), 1)
    ));
}

#[test]
fn a_late_request_lands_when_its_time_has_come() {
    let mut caller = Caller::new();
    caller.psa.add_fault(FaultRule {
        times: Some(1),
        ..always(Fault::Late { after_ms: 30_000 })
    });
    assert_eq!(caller.psa.exchange(&create(), caller.now), Exchange::Lost);
    caller.psa.clear_faults();
    assert_eq!(caller.psa.settle(caller.now + 29_999), 0);
    assert_eq!(caller.psa.settle(caller.now + 60_000), 1);
    let ticket = caller.psa.record("service/tickets", 909).unwrap();
    assert_eq!(ticket["_info"]["dateEntered"], "2019-02-11T01:10:23Z");
}

#[test]
fn rules_choose_by_method_path_turn_and_times() {
    let mut caller = Caller::new();
    caller.psa.add_fault(FaultRule {
        when: Match {
            method: Some("post".to_owned()),
            path: Some("service/tickets/{id}/notes".to_owned()),
            ..Match::default()
        },
        ..always(Fault::Forbidden)
    });
    caller.psa.add_fault(FaultRule {
        when: Match {
            path: Some("service/tickets".to_owned()),
            nth: vec![2, 3],
            ..Match::default()
        },
        ..always(Fault::NotPerformed)
    });
    caller.psa.add_fault(FaultRule {
        when: Match {
            every: Some(5),
            ..Match::default()
        },
        times: Some(1),
        ..always(Fault::ServerError)
    });
    let mut send = |method: &str, path: &str| {
        let request = authorized(Request::new(
            method,
            &format!("/v4_6_release/apis/3.0/{path}"),
        ));
        match caller.psa.exchange(&request, caller.now) {
            Exchange::Answer(response) => response.status,
            _ => 0,
        }
    };
    let seen = [
        send("GET", "service/tickets"),
        send("GET", "service/tickets"),
        send("GET", "service/tickets"),
        send("POST", "service/tickets/909/notes"),
        send("GET", "service/tickets"),
        send("GET", "service/boards"),
    ];
    assert_eq!(seen, [200, 0, 0, 403, 500, 200]);
    let met: Vec<u32> = caller
        .psa
        .faults_met()
        .into_iter()
        .map(|(_, met)| met)
        .collect();
    assert_eq!(met, [1, 2, 1]);
}

#[test]
fn probability_is_drawn_from_the_seed() {
    let draw = || {
        let mut caller = Caller::new();
        caller.psa.add_fault(FaultRule {
            when: Match {
                probability: Some(0.3),
                ..Match::default()
            },
            ..always(Fault::NotPerformed)
        });
        (0..200)
            .map(|_| caller.psa.exchange(&create(), caller.now) == Exchange::Lost)
            .collect::<Vec<_>>()
    };
    let lost = draw().into_iter().filter(|lost| *lost).count();
    assert!((30..90).contains(&lost), "{lost}");
    assert_eq!(draw(), draw());
}

#[test]
fn rules_are_data() {
    let written = json!({
        "when": {"method": "POST", "path": "service/tickets", "nth": [1], "probability": 0.5},
        "fault": {"kind": "late", "afterMs": 500},
        "times": 1,
    });
    let rule: FaultRule = serde_json::from_value(written).unwrap();
    assert_eq!(rule.fault, Fault::Late { after_ms: 500 });
    let again: FaultRule = serde_json::from_value(serde_json::to_value(&rule).unwrap()).unwrap();
    assert_eq!(again, rule);
}
