use std::io::{Read, Write};
use std::net::TcpStream;
use std::thread;
use std::time::{Duration, Instant};

use casewire_simulator::{Fault, FaultRule, Match, Options};

use crate::client::{agent, json, send, start, ticket};

fn fault(fault: Fault) -> FaultRule {
    FaultRule {
        when: Match {
            method: Some("POST".to_owned()),
            path: Some("service/tickets".to_owned()),
            ..Match::default()
        },
        fault,
        times: Some(1),
    }
}

#[test]
fn a_ticket_is_created_and_read_over_a_kept_connection() {
    let server = start(Options::default());
    let agent = agent();
    let created = json(
        send(
            &agent,
            &server,
            "POST",
            "service/tickets",
            Some(&ticket("a")),
        )
        .unwrap(),
    );
    assert_eq!(created["id"], 909);
    let read = send(&agent, &server, "GET", "service/tickets/909", None).unwrap();
    assert_eq!(read.headers()["api-current-version"], "2026.4");
    assert_eq!(json(read)["externalXRef"], "a");
    let statistics = server.statistics();
    assert_eq!(statistics.requests["POST service/tickets"], 1);
    assert_eq!(statistics.requests["GET service/tickets/{id}"], 1);
    assert_eq!(statistics.last[0].status, Some(201));
    assert!(statistics.bytes_in > 0 && statistics.bytes_out > 0);
}

#[test]
fn one_connection_serves_many_requests_chunked_or_not() {
    let server = start(Options::default());
    let mut stream = TcpStream::connect(server.address()).unwrap();
    stream
        .set_read_timeout(Some(Duration::from_secs(5)))
        .unwrap();
    for chunked in [false, true, false] {
        let path = "/login/companyinfo/acme";
        let request = if chunked {
            format!(
                "POST {path} HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n"
            )
        } else {
            format!("GET {path} HTTP/1.1\r\nHost: x\r\n\r\n")
        };
        stream.write_all(request.as_bytes()).unwrap();
        let mut seen = Vec::new();
        while !String::from_utf8_lossy(&seen).contains("\"VersionNumber\"") {
            let mut buffer = [0; 4096];
            let count = stream.read(&mut buffer).unwrap();
            assert!(count > 0, "the connection was closed");
            seen.extend_from_slice(&buffer[..count]);
        }
    }
    assert_eq!(server.statistics().last[1].body, b"abc");
}

#[test]
fn latency_is_paid_side_by_side() {
    let server = start(Options {
        latency: Duration::from_millis(150),
        ..Options::default()
    });
    let begin = Instant::now();
    thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                let response = send(&agent(), &server, "GET", "service/boards", None).unwrap();
                assert_eq!(response.status(), 200);
            });
        }
    });
    assert!(begin.elapsed() < Duration::from_millis(8 * 150));
    assert_eq!(server.statistics().peak_concurrency, 8);
}

#[test]
fn a_lost_answer_is_performed_and_a_cut_request_is_not() {
    let server = start(Options::default());
    let agent = agent();
    for (kind, tickets) in [(Fault::AnswerLost, 1), (Fault::NotPerformed, 1)] {
        server.psa().add_fault(fault(kind));
        let outcome = send(
            &agent,
            &server,
            "POST",
            "service/tickets",
            Some(&ticket("lost")),
        );
        assert!(outcome.is_err());
        let count = json(send(&agent, &server, "GET", "service/tickets/count", None).unwrap());
        assert_eq!(count["count"], tickets);
    }
    assert_eq!(server.statistics().answers[&0], 2);
}

#[test]
fn a_late_request_is_performed_after_its_time() {
    let server = start(Options::default());
    let agent = agent();
    server.psa().add_fault(fault(Fault::Late { after_ms: 100 }));
    assert!(
        send(
            &agent,
            &server,
            "POST",
            "service/tickets",
            Some(&ticket("late"))
        )
        .is_err()
    );
    let count = || {
        json(send(&agent, &server, "GET", "service/tickets/count", None).unwrap())["count"].clone()
    };
    assert_eq!(count(), 0);
    thread::sleep(Duration::from_millis(250));
    assert_eq!(count(), 1);
}

#[test]
fn a_truncated_body_promises_more_than_arrives() {
    let server = start(Options::default());
    server
        .psa()
        .add_fault(fault(Fault::Truncated { bytes: 10 }));
    let response = send(
        &agent(),
        &server,
        "POST",
        "service/tickets",
        Some(&ticket("cut")),
    )
    .unwrap();
    assert_eq!(response.status(), 201);
    let promised: usize = response.headers()["content-length"]
        .to_str()
        .unwrap()
        .parse()
        .unwrap();
    assert!(promised > 10);
    let mut arrived = Vec::new();
    let outcome = response.into_body().into_reader().read_to_end(&mut arrived);
    assert!(outcome.is_err());
    assert_eq!(arrived.len(), 10);
}

#[test]
fn a_body_beyond_the_limit_is_413() {
    let server = start(Options::default());
    server.psa().settings.document_limit = 1024;
    let big = serde_json::json!({"summary": "x".repeat(2 * 1024 * 1024)});
    // The answer may come while the client still writes; then it sees a broken pipe.
    match send(&agent(), &server, "POST", "service/tickets", Some(&big)) {
        Ok(response) => assert_eq!(response.status(), 413),
        Err(error) => assert!(matches!(error, ureq::Error::Io(_)), "{error}"),
    }
    assert_eq!(server.psa().raw("tickets").unwrap().len(), 0);
}

#[test]
fn a_stopped_server_does_not_answer() {
    let server = start(Options::default());
    let address = server.address();
    drop(server);
    assert!(TcpStream::connect(address).is_err());
}
