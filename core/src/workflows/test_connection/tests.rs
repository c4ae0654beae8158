use super::*;
use crate::{
    api::testing::{Reply, Server, client, lost, ok, status},
    effect::{FailureKind, HttpRequest},
};
use serde_json::json;

fn test(server: &mut Server) -> ConnectionReport {
    server
        .run(|cx| async move {
            let features = Feature::ALL.into_iter().collect();
            test_connection(&cx, &client(), &features).await
        })
        .report
}

fn state(report: &ConnectionReport, part: ConnectionPartKind) -> ConnectionState {
    report
        .parts
        .iter()
        .find(|found| found.part == part)
        .unwrap()
        .state
}

fn answering(otherwise: fn(&HttpRequest) -> Reply) -> Server {
    let mut server = Server::new([]);
    server.otherwise = Some(otherwise);
    server
}

fn good(request: &HttpRequest) -> Reply {
    if request.url.ends_with("/system/info") {
        ok(json!({"version": "v2026.3.105333", "isCloud": true, "licenseBits": []}))
    } else {
        ok(json!([{"id": 1}]))
    }
}

#[test]
fn a_good_connection_is_good_in_every_part() {
    let mut server = answering(good);
    let report = test(&mut server);
    assert!(report.ok, "{report:?}");
    assert_eq!(report.parts.len(), 8);
    assert!(
        report
            .parts
            .iter()
            .all(|part| part.state == ConnectionState::Ok)
    );
    assert_eq!(
        (
            report.version.as_deref(),
            report.codebase.as_deref(),
            report.is_cloud
        ),
        (Some("v2026.3.105333"), Some("v2025_1/"), Some(true))
    );
    assert!(server.most_at_once >= 6);
}

#[test]
fn the_part_that_is_wrong_before_the_keys_is_named() {
    for (reply, wrong, expected) in [
        (
            lost(FailureKind::NotSent),
            ConnectionPartKind::Host,
            ConnectionState::Failed,
        ),
        (
            lost(FailureKind::Unanswered),
            ConnectionPartKind::Host,
            ConnectionState::Unknown,
        ),
        (
            status(200, "<html>"),
            ConnectionPartKind::Host,
            ConnectionState::Failed,
        ),
        (
            status(404, "<html>"),
            ConnectionPartKind::Host,
            ConnectionState::Failed,
        ),
        (
            lost(FailureKind::Tls),
            ConnectionPartKind::Tls,
            ConnectionState::Failed,
        ),
        (
            ok(Value::Null),
            ConnectionPartKind::Company,
            ConnectionState::Failed,
        ),
        (
            ok(json!({"Codebase": ""})),
            ConnectionPartKind::Codebase,
            ConnectionState::Failed,
        ),
    ] {
        let mut server = Server::new([]);
        server.company_info = [reply].into();
        let report = test(&mut server);
        assert!(!report.ok);
        assert_eq!(server.asked_company_info, 1);
        for part in &report.parts {
            let state = match part.part.cmp(&wrong) {
                std::cmp::Ordering::Less => ConnectionState::Ok,
                std::cmp::Ordering::Equal => expected,
                std::cmp::Ordering::Greater => ConnectionState::Skipped,
            };
            assert_eq!(part.state, state, "{wrong:?}: {part:?}");
        }
    }
}

#[test]
fn refused_keys_and_a_refused_client_id_are_told_apart() {
    let report = test(&mut answering(|_| {
        status(401, r#"{"code":"Unauthorized"}"#)
    }));
    assert_eq!(
        state(&report, ConnectionPartKind::Keys),
        ConnectionState::Failed
    );
    assert_eq!(
        state(&report, ConnectionPartKind::ClientId),
        ConnectionState::Unknown
    );
    assert_eq!(
        state(&report, ConnectionPartKind::Rights),
        ConnectionState::Skipped
    );

    let mut server = answering(|_| status(404, ""));
    let report = test(&mut server);
    assert_eq!(server.asked_company_info, 2);
    assert_eq!(
        state(&report, ConnectionPartKind::Keys),
        ConnectionState::Failed
    );

    let report = test(&mut answering(|_| status(403, "ClientId is missing")));
    assert_eq!(
        state(&report, ConnectionPartKind::ClientId),
        ConnectionState::Failed
    );
    assert_eq!(
        state(&report, ConnectionPartKind::Keys),
        ConnectionState::Unknown
    );
    assert!(!report.ok);
}

#[test]
fn each_missing_right_is_named() {
    let report = test(&mut answering(|request| {
        if request.url.contains("/contacts") || request.url.contains("/members") {
            status(403, "{}")
        } else {
            good(request)
        }
    }));
    let rights = report
        .parts
        .iter()
        .find(|part| part.part == ConnectionPartKind::Rights)
        .unwrap();
    assert_eq!(rights.state, ConnectionState::Failed);
    assert!(rights.message.contains("Contacts") && rights.message.contains("Member"));
    assert!(!rights.message.contains("Boards") && !rights.message.contains("Tickets"));
    assert_eq!(
        state(&report, ConnectionPartKind::Keys),
        ConnectionState::Ok
    );
    assert_eq!(
        state(&report, ConnectionPartKind::Version),
        ConnectionState::Ok
    );
}

#[test]
fn boards_that_cannot_be_seen_leave_the_rights_open() {
    let report = test(&mut answering(|request| {
        if request.url.contains("/boards") {
            ok(json!([]))
        } else {
            good(request)
        }
    }));
    assert_eq!(
        state(&report, ConnectionPartKind::Rights),
        ConnectionState::Unknown
    );
    assert!(report.ok);
}

#[test]
fn a_release_that_is_too_old_is_named() {
    let report = test(&mut answering(|request| {
        if request.url.ends_with("/system/info") {
            ok(json!({"version": "v2018.6.1"}))
        } else {
            good(request)
        }
    }));
    assert_eq!(
        state(&report, ConnectionPartKind::Version),
        ConnectionState::Failed
    );
}
