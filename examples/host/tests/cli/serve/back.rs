//! What goes back to the product: the feed and webhooks.

use super::running::{PATIENCE, Service, TOKEN, command, lines, until};
use crate::world::{World, case};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use hmac::{Hmac, Mac as _};
use serde_json::{Value, json};
use sha2::Sha256;
use std::{
    collections::{BTreeMap, BTreeSet},
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::{TcpListener, TcpStream},
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

/// Reads server-sent events until there are so many, or the stream ends.
fn events(service: &Service, after: Option<&str>, count: usize) -> Vec<(String, Value)> {
    let host = service.url.strip_prefix("http://").unwrap();
    let mut stream = TcpStream::connect(host).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    let last = after.map_or(String::new(), |id| format!("last-event-id: {id}\r\n"));
    write!(
        stream,
        "GET /changes HTTP/1.1\r\nhost: {host}\r\nauthorization: Bearer {TOKEN}\r\naccept: text/event-stream\r\n{last}\r\n"
    )
    .unwrap();
    let (mut found, mut id) = (Vec::new(), String::new());
    for line in BufReader::new(stream).lines() {
        let Ok(line) = line else { break };
        if let Some(text) = line.strip_prefix("id: ") {
            text.clone_into(&mut id);
        } else if let Some(text) = line.strip_prefix("data: ") {
            found.push((id.clone(), serde_json::from_str(text).unwrap()));
        }
        if found.len() == count {
            break;
        }
    }
    found
}

#[test]
fn a_reader_goes_on_from_its_cursor_over_a_restart_without_loss_or_doubling() {
    let world = World::new();
    let service = Service::start(&world, &[]);
    service.post("/cases", &lines((0..10).map(|n| n.to_string())));
    let mut seen = events(&service, None, 4);
    assert_eq!(seen.len(), 4);
    service.post("/cases", &lines((10..16).map(|n| n.to_string())));
    until("16 tickets", || world.tickets().len() == 16);
    service.kill();

    let service = Service::start(&world, &[]);
    let cursor = seen.last().unwrap().0.clone();
    let (status, page) = service.get(&format!("/changes?after={cursor}&limit=5&wait=10s"));
    assert_eq!(
        (status, page["changes"].as_array().unwrap().len()),
        (200, 5),
        "{page}"
    );
    let changes = page["changes"].as_array().unwrap().iter();
    seen.extend(changes.map(|change| {
        (
            change["cursor"].as_str().unwrap().to_owned(),
            change.clone(),
        )
    }));
    let cursor = page["cursor"].as_str().unwrap().to_owned();
    seen.extend(events(&service, Some(&cursor), 7));

    let cursors: Vec<u64> = seen
        .iter()
        .map(|(cursor, _)| cursor.parse().unwrap())
        .collect();
    assert!(
        cursors.windows(2).all(|pair| pair[0] < pair[1]),
        "{cursors:?}"
    );
    let ids: BTreeSet<&str> = seen
        .iter()
        .map(|(_, change)| change["delivery"]["id"].as_str().unwrap())
        .collect();
    let cases: BTreeSet<&str> = seen
        .iter()
        .map(|(_, change)| change["delivery"]["case_id"].as_str().unwrap())
        .collect();
    assert_eq!((ids.len(), cases.len()), (16, 16));
    assert!(
        seen.iter()
            .all(|(_, change)| change["delivery"]["event"]["event"] == "ticket_created")
    );

    // Nothing more comes; a wait ends as soon as something does.
    let last = cursors.last().unwrap();
    let begun = Instant::now();
    let (_, page) = service.get(&format!("/changes?after={last}&wait=1s"));
    assert!(
        page["changes"].as_array().unwrap().is_empty() && begun.elapsed() >= Duration::from_secs(1)
    );
    let begun = Instant::now();
    std::thread::scope(|scope| {
        let waiting = scope.spawn(|| service.get(&format!("/changes?after={last}&wait=20s")).1);
        service.post("/cases", case("one more").to_string().as_bytes());
        let page = waiting.join().unwrap();
        assert_eq!(page["changes"][0]["delivery"]["case_id"], "one more");
    });
    assert!(begun.elapsed() < Duration::from_secs(15));
    for wrong in ["900000", "-1", "x"] {
        let (status, told) = service.get(&format!("/changes?after={wrong}"));
        assert_eq!(
            (status, &told["faults"][0]["pointer"]),
            (400, &json!("/after")),
            "{wrong}"
        );
    }
}

/// What a receiver got: the case, its event, and when.
type Got = Arc<Mutex<Vec<(String, String)>>>;

/// A receiver that refuses the first posts about a case, and checks the signature of each.
fn receiver(refusals: usize, got: &Got) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/hook", listener.local_addr().unwrap());
    let got = Arc::clone(got);
    std::thread::spawn(move || {
        let mut refused: BTreeMap<String, usize> = BTreeMap::new();
        for stream in listener.incoming() {
            let mut reader = BufReader::new(stream.unwrap());
            while let Some((headers, body)) = request(&mut reader) {
                let signed = format!(
                    "{}.{}.",
                    headers["webhook-id"], headers["webhook-timestamp"]
                );
                let mut mac =
                    Hmac::<Sha256>::new_from_slice(b"a webhook secret of the tests").unwrap();
                mac.update(signed.as_bytes());
                mac.update(&body);
                let expected = format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()));
                assert_eq!(headers["webhook-signature"], expected);
                let change: Value = serde_json::from_slice(&body).unwrap();
                let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
                let case_id = text(&change["delivery"]["case_id"]);
                let times = refused.entry(case_id.clone()).or_default();
                let status = match *times < refusals && case_id == "slow" {
                    true => {
                        *times += 1;
                        "500 Oh"
                    }
                    false => {
                        let event = text(&change["delivery"]["event"]["event"]);
                        got.lock().unwrap().push((case_id, event));
                        "204 Taken"
                    }
                };
                write!(
                    reader.get_mut(),
                    "HTTP/1.1 {status}\r\ncontent-length: 0\r\n\r\n"
                )
                .unwrap();
            }
        }
    });
    url
}

/// Reads one request: its headers, in lower case, and its body.
fn request(reader: &mut BufReader<TcpStream>) -> Option<(BTreeMap<String, String>, Vec<u8>)> {
    let mut headers = BTreeMap::new();
    let mut line = String::new();
    reader
        .read_line(&mut line)
        .ok()
        .filter(|count| *count > 0)?;
    loop {
        line.clear();
        reader.read_line(&mut line).ok()?;
        let Some((name, value)) = line.trim_end().split_once(": ") else {
            break;
        };
        headers.insert(name.to_lowercase(), value.to_owned());
    }
    let mut body = vec![0; headers["content-length"].parse().unwrap()];
    reader.read_exact(&mut body).ok()?;
    Some((headers, body))
}

#[test]
fn webhooks_are_signed_tried_again_and_in_order_per_case() {
    let world = World::new();
    let got = Got::default();
    let url = receiver(2, &got);
    let service = Service::start(&world, &["--webhook", &url]);
    let send = |id: &str, status: &str| {
        let mut case = case(id);
        case["status"] = json!(status);
        service.post("/cases?wait=20s", case.to_string().as_bytes())
    };
    send("slow", "open");
    send("slow", "closed");
    send("fast", "open");
    let of = |id: &str| -> Vec<String> {
        let got = got.lock().unwrap();
        let of_case = got.iter().filter(|(case_id, _)| case_id == id);
        of_case.map(|(_, event)| event.clone()).collect()
    };
    until("the other case is not held up", || of("fast").len() == 1);
    assert!(of("slow").is_empty(), "{:?}", of("slow"));
    until("both of the slow one came", || of("slow").len() == 2);
    assert_eq!(of("slow"), ["ticket_created", "ticket_closed"]);
    // One of a later run begins where this one ended.
    assert_eq!(service.stop(), Some(0));
    let service = Service::start(&world, &["--webhook", &url]);
    service.post("/cases?wait=20s", case("later").to_string().as_bytes());
    until("the later one came", || of("later").len() == 1);
    assert_eq!((of("slow").len(), of("fast").len()), (2, 1));
}

#[test]
fn a_webhook_in_the_clear_or_without_a_secret_is_refused() {
    let world = World::new();
    let insecure = command(&world, &["--webhook", "http://soc.example/hook"])
        .output()
        .unwrap();
    assert_eq!(insecure.status.code(), Some(2));
    let mut unsigned = command(&world, &["--webhook", "https://soc.example/hook"]);
    let unsigned = unsigned
        .env_remove("CASEWIRE_WEBHOOK_SECRET")
        .output()
        .unwrap();
    assert_eq!(unsigned.status.code(), Some(2));
}
