//! Callbacks are answered at once, whatever the connector is doing.

use super::running::{Service, lines, until};
use crate::world::World;
use casewire_simulator::NoteKind;
use serde_json::json;
use std::{
    net::TcpListener,
    time::{Duration, Instant},
};

/// How soon a callback is answered (FEATURES S1: the server waits five seconds; we want far less).
const AT_ONCE: Duration = Duration::from_millis(350);

/// The secret segment, as the instance was told it.
fn segment(world: &World) -> String {
    let told = || {
        let callbacks = world.server.psa().raw("callbacks").unwrap();
        callbacks.iter().find_map(|callback| {
            let url = callback["url"].as_str()?;
            Some(url.split('?').next()?.rsplit('/').next()?.to_owned())
        })
    };
    until("a registration", || told().is_some());
    told().unwrap()
}

fn receiving_at(world: &World, url: &str) {
    world.configure(|config| config["callbacks"] = json!({ "url": url }));
}

#[test]
fn a_burst_is_answered_at_once_while_connectwise_is_slow_and_none_is_lost_unseen() {
    let world = World::with_latency(Duration::from_millis(400));
    receiving_at(&world, "http://127.0.0.1:1/psa");
    let service = Service::start(&world, &[]);
    let segment = segment(&world);
    assert_eq!(
        service
            .post("/cases", &lines((0..40).map(|n| n.to_string())))
            .0,
        202
    );
    let path = format!("/psa/{segment}?recordId=1");
    let body = vec![b'{'; 32 << 10];
    let mut slowest = Duration::ZERO;
    for _ in 0..1200 {
        let begun = Instant::now();
        assert_eq!(
            service.text("POST", &path, None, &body),
            (204, String::new())
        );
        slowest = slowest.max(begun.elapsed());
    }
    println!("the slowest of 1200 callbacks was answered after {slowest:?}");
    assert!(slowest < AT_ONCE, "{slowest:?}");
    let count = |result: &str| {
        service.figure(&format!(
            "casewire_callbacks_total{{instance=\"acme-soc\",result=\"{result}\"}}"
        ))
    };
    assert_eq!(count("queued") + count("dropped"), 1200);
    until("all are judged", || count("refused") == count("queued"));
    let begun = Instant::now();
    let large = vec![b' '; (1 << 20) + 1];
    assert_eq!(service.text("POST", &path, None, &large).0, 204);
    assert!(begun.elapsed() < AT_ONCE * 5);
    assert_eq!(count("unreadable"), 1);
}

#[test]
fn a_path_without_the_secret_is_not_told_from_one_that_does_not_exist() {
    let world = World::new();
    receiving_at(&world, "http://127.0.0.1:1/psa");
    let service = Service::start(&world, &[]);
    let segment = segment(&world);
    let unknown = service.text("POST", "/nothing/here", None, b"{}");
    assert_eq!(unknown.0, 404);
    for path in [
        format!("/psa/{}", "0".repeat(64)),
        format!("/psa/{}", &segment[..63]),
        format!("/psa/{segment}/"),
        "/psa/".to_owned(),
    ] {
        assert_eq!(service.text("POST", &path, None, b"{}"), unknown, "{path}");
    }
    assert_eq!(
        service.text("GET", &format!("/psa/{segment}"), None, b""),
        unknown
    );
    assert_eq!(
        service.text("POST", &format!("/{segment}"), None, b"{}").0,
        204
    );
}

#[test]
fn a_technicians_note_reaches_the_service_as_a_callback_that_is_believed() {
    let free = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let world = World::calling_back();
    receiving_at(&world, &format!("http://{free}/psa/callbacks"));
    let service = Service::start(&world, &["--listen", &free.to_string()]);
    segment(&world);
    let (status, told) = service.post(
        "/cases?wait=20s",
        crate::world::case("1").to_string().as_bytes(),
    );
    assert_eq!(status, 200, "{told}");
    let ticket = told["result"]["ticket_id"].as_i64().unwrap();
    world
        .server
        .psa()
        .technician("training.admin")
        .add_note(ticket, NoteKind::Discussion, "on it")
        .ok();
    until("a callback is believed", || {
        service.figure("casewire_callbacks_total{instance=\"acme-soc\",result=\"reread\"}") > 0
    });
    let (_, health) = service.get("/healthz");
    assert_eq!(health["instances"]["acme-soc"]["inbound"][0], "callbacks");
    assert_eq!(health["status"], "ready", "{health}");
}
