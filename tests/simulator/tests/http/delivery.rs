use std::io::{Read, Write};
use std::net::TcpListener;
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use casewire_simulator::Options;
use serde_json::{Value, json};

use crate::client::{agent, send, start, ticket};

/// A receiver that answers the first request with `first` and all others with 204.
fn receiver(first: u16) -> (String, mpsc::Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!(
        "http://{}/callbacks?recordId=",
        listener.local_addr().unwrap()
    );
    let (sender, received) = mpsc::channel();
    thread::spawn(move || {
        let mut status = first;
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            stream
                .set_read_timeout(Some(Duration::from_millis(200)))
                .unwrap();
            let mut request = Vec::new();
            let mut buffer = [0; 65536];
            while let Ok(count @ 1..) = stream.read(&mut buffer) {
                request.extend_from_slice(&buffer[..count]);
            }
            let answer = format!("HTTP/1.1 {status} X\r\nContent-Length: 0\r\n\r\n");
            stream.write_all(answer.as_bytes()).unwrap();
            status = 204;
            if sender.send(String::from_utf8(request).unwrap()).is_err() {
                return;
            }
        }
    });
    (url, received)
}

#[test]
fn callbacks_arrive_signed_and_are_tried_again_after_404() {
    let server = start(Options {
        deliver_callbacks: true,
        ..Options::default()
    });
    let (url, received) = receiver(404);
    let agent = agent();
    let entry = json!({"url": url, "objectId": 0, "type": "Ticket", "level": "Owner"});
    assert_eq!(
        send(&agent, &server, "POST", "system/callbacks", Some(&entry))
            .unwrap()
            .status(),
        201
    );
    send(
        &agent,
        &server,
        "POST",
        "service/tickets",
        Some(&ticket("a")),
    )
    .unwrap();
    let first = received.recv_timeout(Duration::from_secs(5)).unwrap();
    assert!(first.starts_with("POST /callbacks?recordId=909&action=added HTTP/1.1"));
    let (head, body) = first.split_once("\r\n\r\n").unwrap();
    let signature = server.psa().sign(body.as_bytes());
    assert!(head.contains(&format!("x-content-signature: {signature}")));
    let body: Value = serde_json::from_str(body).unwrap();
    assert_eq!(body["Type"], "ticket");
    assert_eq!(body["MemberId"], "casewire-api");
    let again = received.recv_timeout(Duration::from_secs(5)).unwrap();
    assert_eq!(
        again.split_once("\r\n\r\n").unwrap().1,
        first.split_once("\r\n\r\n").unwrap().1
    );
}

#[test]
fn a_5xx_is_not_tried_again() {
    let server = start(Options {
        deliver_callbacks: true,
        ..Options::default()
    });
    let (url, received) = receiver(503);
    let entry = json!({"url": url, "objectId": 1, "type": "ticket", "level": "owner"});
    send(&agent(), &server, "POST", "system/callbacks", Some(&entry)).unwrap();
    send(
        &agent(),
        &server,
        "POST",
        "service/tickets",
        Some(&ticket("a")),
    )
    .unwrap();
    received.recv_timeout(Duration::from_secs(5)).unwrap();
    assert!(received.recv_timeout(Duration::from_millis(2_500)).is_err());
}
