//! Callback registrations: put in place, repaired and taken out, whatever goes wrong and whenever; others' are never touched.

#![allow(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a scenario fails by panicking"
)]

use casewire::{CallbackActKind, CallbacksReport, Code, Command, Config, Event, Outcome};
use casewire_scenarios::{Blow, BlowKind, Life, World, case_document, document, submit};
use casewire_simulator::{ApiMember, Fault, Request, Role};
use serde_json::{Value, json};
use std::time::Duration;

const RECEIVER: &str = "https://soc.example/psa/callbacks";
const OURS: &str = "casewire acme-soc: saved tickets";

fn config(level: &str) -> Config {
    let mut document = document(true);
    document["callbacks"] = json!({ "url": RECEIVER, "level": level });
    Config::from_json(document.to_string().as_bytes()).unwrap()
}

fn ensure() -> Vec<Command> {
    vec![Command::EnsureCallbacks { url: None }]
}

fn ensured(world: &mut World, level: &str) -> CallbacksReport {
    report(world.live(&config(level), ensure(), None).unwrap())
}

fn report(life: Life) -> CallbacksReport {
    for finished in life.finished {
        if let Outcome::Callbacks(report) = finished.result.unwrap() {
            return *report;
        }
    }
    unreachable!("no report")
}

/// Speaks to the instance as the API member does, or as another one.
fn ask(world: &mut World, method: &str, path: &str, keys: &str, body: Option<&Value>) -> Value {
    use base64::{Engine, engine::general_purpose::STANDARD};
    let mut request = Request::new(method, &format!("/v4_6_release/apis/3.0/{path}"))
        .header("authorization", &format!("Basic {}", STANDARD.encode(keys)))
        .header("clientid", "6f1f6f0e-3c1d-4a52-9a54-0b9f5f4f9e11");
    if let Some(body) = body {
        request = request.json(body);
    }
    let response = world.psa.handle(&request, world.now.millis());
    assert!(
        response.status < 300,
        "{}",
        String::from_utf8_lossy(&response.body)
    );
    if response.body.is_empty() {
        Value::Null
    } else {
        response.value()
    }
}

const KEYS: &str = "acme+simulator-public:simulator-private";
const OTHER_KEYS: &str = "acme+other-public:other-private";

fn entries(world: &mut World) -> Vec<Value> {
    let entries = ask(
        world,
        "GET",
        "system/callbacks?pageSize=1000&orderBy=id",
        KEYS,
        None,
    );
    entries.as_array().unwrap().clone()
}

fn add(world: &mut World, entry: &Value) -> i64 {
    ask(world, "POST", "system/callbacks", KEYS, Some(entry))["id"]
        .as_i64()
        .unwrap()
}

fn patch(world: &mut World, id: i64, field: &str, value: Value) {
    let body = json!([{ "op": "replace", "path": field, "value": value }]);
    ask(
        world,
        "PATCH",
        &format!("system/callbacks/{id}"),
        KEYS,
        Some(&body),
    );
}

/// Another product's, which shares the API member.
fn add_foreign(world: &mut World) -> Value {
    let entry = json!({
        "url": "https://other.example/hook?recordId=", "objectId": 1, "type": "ticket", "level": "owner",
        "description": "another product",
    });
    let id = add(world, &entry);
    ask(world, "GET", &format!("system/callbacks/{id}"), KEYS, None)
}

fn ours(entries: &[Value]) -> Vec<&Value> {
    entries
        .iter()
        .filter(|entry| entry["description"] == OURS)
        .collect()
}

/// What is wrong with what there is.
fn judge(world: &mut World, foreign: &Value, wanted: usize) -> Result<(), String> {
    let entries = entries(world);
    if !entries.contains(foreign) {
        return Err(format!("the other product's was touched: {entries:?}"));
    }
    let ours = ours(&entries);
    if ours.len() != wanted || entries.len() != wanted + 1 {
        return Err(format!("{wanted} are wanted: {entries:?}"));
    }
    for entry in ours {
        let url = entry["url"].as_str().unwrap();
        let sound = url.starts_with(&format!("{RECEIVER}/")) && url.ends_with("?recordId=");
        if !sound || entry["inactiveFlag"] == true {
            return Err(format!("it does not work: {entry}"));
        }
    }
    let open = world
        .store
        .records()
        .find(|record| record.value.contains("\"intent\":"));
    open.map_or(Ok(()), |record| {
        Err(format!("still open: {} {}", record.key, record.value))
    })
}

#[test]
fn one_registration_of_the_owner_tells_of_every_ticket() {
    let mut world = World::new(1);
    let foreign = add_foreign(&mut world);
    let report = ensured(&mut world, "owner");
    assert_eq!(report.done.len(), 1);
    assert_eq!(report.registrations.len(), 2);
    let entry = entries(&mut world).pop().unwrap();
    for (field, value) in [
        ("type", json!("ticket")),
        ("level", json!("owner")),
        ("objectId", json!(1)),
        ("isSelfSuppressedFlag", json!(false)),
        ("payloadVersion", json!("3.0.0")),
    ] {
        assert_eq!(entry[field], value, "{field}");
    }
    let again = world.live(&config("owner"), ensure(), None).unwrap();
    assert!(
        again.sent.iter().all(|request| request.starts_with("GET ")),
        "{:?}",
        again.sent
    );
    assert_eq!(judge(&mut world, &foreign, 1), Ok(()));
    assert!(world.delivered.is_empty(), "the first is no repair");
}

#[test]
fn each_level_has_its_own_registrations_and_another_level_replaces_them() {
    let mut world = World::new(1);
    let foreign = add_foreign(&mut world);
    let case = casewire::Case::from_json(case_document("10012").to_string().as_bytes()).unwrap();
    world
        .live(&config("ticket"), submit(vec![case]), None)
        .unwrap();
    world.psa.take_callbacks();
    for (level, expected) in [("ticket", 1), ("board", 1), ("owner", 1)] {
        let report = ensured(&mut world, level);
        let ours: Vec<_> = report.registrations.iter().filter(|it| it.ours).collect();
        assert_eq!((ours.len(), ours[0].level.as_str()), (expected, level));
        assert_eq!(judge(&mut world, &foreign, expected), Ok(()), "{level}");
    }
    assert!(ensured(&mut world, "status").registrations.len() > 3);
    ensured(&mut world, "owner");
    assert_eq!(judge(&mut world, &foreign, 1), Ok(()));
    let repaired = |event: &Event| matches!(event, Event::CallbackRepaired { .. });
    assert!(
        !world.delivered.values().any(|it| repaired(&it.event)),
        "another level is no repair"
    );
}

#[test]
fn a_disabled_registration_is_woken_or_made_anew_and_the_host_is_told() {
    for stay in [false, true] {
        let mut world = World::new(1);
        world.psa.settings.quirks.disabled_callbacks_stay = stay;
        let foreign = add_foreign(&mut world);
        ensured(&mut world, "owner");
        let id = entries(&mut world)[1]["id"].as_i64().unwrap();
        patch(&mut world, id, "inactiveFlag", json!(true));
        let report = ensured(&mut world, "owner");
        let acts: Vec<_> = report.done.iter().map(|done| done.act).collect();
        let corrected = vec![CallbackActKind::Corrected];
        let anew = vec![
            CallbackActKind::Corrected,
            CallbackActKind::Removed,
            CallbackActKind::Registered,
        ];
        assert_eq!(acts, if stay { anew } else { corrected });
        assert_eq!(judge(&mut world, &foreign, 1), Ok(()));
        let delivered: Vec<_> = world.delivered.values().collect();
        assert_eq!(delivered.len(), 1);
        assert!(
            matches!(&delivered[0].event, Event::CallbackRepaired { reason } if reason.contains("disabled")),
            "{delivered:?}"
        );
    }
}

#[test]
fn what_was_deleted_or_changed_by_hand_is_put_right() {
    let mut world = World::new(1);
    let foreign = add_foreign(&mut world);
    ensured(&mut world, "owner");
    let entry = entries(&mut world).pop().unwrap();
    let id = entry["id"].as_i64().unwrap();
    patch(&mut world, id, "description", json!("what is this?"));
    ensured(&mut world, "owner");
    assert_eq!(judge(&mut world, &foreign, 1), Ok(()));
    patch(&mut world, id, "isSelfSuppressedFlag", json!(true));
    ensured(&mut world, "owner");
    assert_eq!(judge(&mut world, &foreign, 1), Ok(()));
    ask(
        &mut world,
        "DELETE",
        &format!("system/callbacks/{id}"),
        KEYS,
        None,
    );
    ensured(&mut world, "owner");
    assert_eq!(judge(&mut world, &foreign, 1), Ok(()));
    assert_eq!(world.delivered.len(), 3, "each was a repair");
}

#[test]
fn earlier_addresses_and_duplicates_of_ours_go() {
    let mut world = World::new(1);
    let foreign = add_foreign(&mut world);
    let secret = "b".repeat(64);
    for url in ["https://old.example/hook", RECEIVER] {
        let entry = json!({
            "url": format!("{url}/{secret}?recordId="), "objectId": 1, "type": "ticket", "level": "owner",
            "description": OURS,
        });
        add(&mut world, &entry);
    }
    ensured(&mut world, "owner");
    assert_eq!(judge(&mut world, &foreign, 1), Ok(()));
}

#[test]
fn what_another_member_holds_counts_and_is_told() {
    let mut world = World::new(1);
    ensured(&mut world, "owner");
    let url = entries(&mut world)[0]["url"].clone();
    world
        .live(&config("owner"), vec![Command::RemoveCallbacks], None)
        .unwrap();
    world.psa.settings.api_members.push(ApiMember {
        identifier: "other-api".to_owned(),
        public_key: "other-public".to_owned(),
        private_key: "other-private".to_owned(),
        role: Role::default(),
    });
    let entry = json!({ "url": url, "objectId": 1, "type": "ticket", "level": "owner" });
    ask(
        &mut world,
        "POST",
        "system/callbacks",
        OTHER_KEYS,
        Some(&entry),
    );
    let report = ensured(&mut world, "owner");
    let codes: Vec<Code> = report.warnings.iter().map(|warning| warning.code).collect();
    assert_eq!(codes, [Code::CallbackHeldByAnother]);
    assert!(entries(&mut world).is_empty());
}

#[test]
fn a_receiver_that_connectwise_cannot_reach_is_refused_before_anything_is_sent() {
    let mut world = World::new(1);
    for (url, code) in [
        ("http://soc.example/x", Code::InsecureReceiver),
        ("https://10.0.0.1/x", Code::PrivateReceiver),
        ("https://localhost/x", Code::PrivateReceiver),
        ("https://a@soc.example/x", Code::InvalidValue),
    ] {
        let command = Command::EnsureCallbacks {
            url: Some(url.to_owned()),
        };
        let life = world.live(&config("owner"), vec![command], None).unwrap();
        let error = life
            .finished
            .iter()
            .find_map(|it| it.result.as_ref().err())
            .unwrap();
        assert_eq!(
            (error.code, error.faults[0].code, life.requests),
            (code, code, 0),
            "{url}"
        );
        assert!(!error.faults[0].fix.is_empty());
        let mut document = document(true);
        document["callbacks"] = json!({ "url": url });
        let error = Config::from_json(document.to_string().as_bytes()).unwrap_err();
        assert_eq!(error.faults[0].pointer, "/callbacks/url");
    }
}

/// How the instance is before, and what is asked for while something goes wrong.
type Scene = (&'static str, fn(&mut World), fn() -> Vec<Command>, usize);

fn scenes() -> Vec<Scene> {
    vec![
        ("register", |_| {}, ensure, 1),
        ("wake", |world| disable(world, false), ensure, 1),
        ("make anew", |world| disable(world, true), ensure, 1),
        (
            "replace an earlier address",
            |world| {
                let old = Command::EnsureCallbacks {
                    url: Some("https://old.example/x".to_owned()),
                };
                world.live(&config("owner"), vec![old], None).unwrap();
            },
            ensure,
            1,
        ),
        (
            "remove",
            |world| {
                ensured(world, "owner");
            },
            || vec![Command::RemoveCallbacks],
            0,
        ),
    ]
}

fn disable(world: &mut World, stay: bool) {
    world.psa.settings.quirks.disabled_callbacks_stay = stay;
    ensured(world, "owner");
    let id = entries(world)[1]["id"].as_i64().unwrap();
    patch(world, id, "inactiveFlag", json!(true));
}

#[test]
fn whatever_goes_wrong_and_whenever_there_is_one_registration_in_the_end() {
    let of_effects = [
        BlowKind::DiesBefore,
        BlowKind::DiesAfter,
        BlowKind::DiesAndLandsLate(Duration::from_secs(20)),
        BlowKind::DiesAndLandsLate(Duration::from_secs(85)),
        BlowKind::StoreFails,
        BlowKind::StoreAnswerLost,
        BlowKind::NotDelivered,
    ];
    let of_requests = [
        BlowKind::NotSent,
        BlowKind::LandsLate(Duration::from_secs(50)),
        BlowKind::Instance(Fault::AnswerLost),
        BlowKind::Instance(Fault::NotPerformed),
        BlowKind::Instance(Fault::Throttled { retry_after: 7 }),
        BlowKind::Instance(Fault::BadGatewayHtml),
        BlowKind::Instance(Fault::BadGatewayAfter),
        BlowKind::Instance(Fault::ServerError),
        BlowKind::Instance(Fault::EmptyBody),
        BlowKind::Instance(Fault::Forbidden),
    ];
    let mut tried = 0;
    let mut wrong = Vec::new();
    for (name, before, commands, wanted) in scenes() {
        let mut world = World::new(1);
        let foreign = add_foreign(&mut world);
        before(&mut world);
        let life = world
            .clone()
            .live(&config("owner"), commands(), None)
            .unwrap();
        let blows = of_effects.iter().map(|kind| (kind, life.effects));
        for (kind, last) in blows.chain(of_requests.iter().map(|kind| (kind, life.requests))) {
            for at in 1..=last {
                let blow = Blow {
                    at,
                    kind: kind.clone(),
                };
                tried += 1;
                if let Err(why) = play(&world, &foreign, commands, wanted, &blow) {
                    wrong.push(format!("{name}: {blow}: {why}"));
                }
            }
        }
    }
    println!("{tried} cases of (scene, n, fault) tried");
    assert!(tried > 300, "{tried}");
    assert!(
        wrong.is_empty(),
        "{} of {tried}: {:#?}",
        wrong.len(),
        wrong.iter().take(8).collect::<Vec<_>>()
    );
}

fn play(
    world: &World,
    foreign: &Value,
    commands: fn() -> Vec<Command>,
    wanted: usize,
    blow: &Blow,
) -> Result<(), String> {
    let (mut world, config) = (world.clone(), config("owner"));
    let repaired = |world: &World| {
        let of = |event: &Event| matches!(event, Event::CallbackRepaired { .. });
        world.delivered.values().filter(|it| of(&it.event)).count()
    };
    let mut alone = world.clone();
    alone.live(&config, commands(), None)?;
    let first = world.live(&config, commands(), Some(blow))?;
    if first.died
        || first
            .finished
            .iter()
            .any(|finished| finished.result.is_err())
    {
        // A new host over the same store goes on by itself; then the host asks again for what it has no outcome of.
        world.live(&config, Vec::new(), None)?;
        let again = world.live(&config, commands(), None)?;
        if let Some(failed) = again.finished.iter().find(|it| it.result.is_err()) {
            return Err(format!("after the restart: {failed:?}"));
        }
    }
    world.pass_until(world.now.after(Duration::from_secs(600)));
    judge(&mut world, foreign, wanted)?;
    if repaired(&world) != repaired(&alone) {
        return Err(format!("{} repairs were told of", repaired(&world)));
    }
    Ok(())
}
