//! Guide 001 (Netwrix Auditor): the queue, repeats and floods with its vendor's defaults (FIELD.md b), and what the field
//! complains of most: duplicates, storms, notes on closed tickets.

#![allow(
    clippy::panic,
    clippy::print_stdout,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a scenario prints its figures and fails by panicking"
)]

use casewire::{
    Case, CaseResult, Command, Config, Event, Finished, Outcome, Store, Task, effect::StoreRequest,
};
use casewire_scenarios::{Life, SeenTicket, World, case_document, document, submit};
use casewire_simulator::{Fault, FaultRule, Match};
use serde_json::{Value, json};
use std::{collections::BTreeMap, time::Duration};

fn config(change: impl Fn(&mut Value)) -> Config {
    let mut document = document(true);
    change(&mut document);
    Config::from_json(document.to_string().as_bytes()).unwrap()
}

/// Guide 001's queue with its vendor's defaults.
fn netwrix() -> Config {
    config(|d| {
        d["repeats"] = json!({ "join_key": ["case.kind", "case.system.id"], "correlation": {} });
        d["flood"] = json!({});
        d["ticket"]["summary"] = json!("[Netwrix Auditor] {{ case.title }}");
    })
}

fn case(id: &str, change: impl Fn(&mut Value)) -> Case {
    let mut document = case_document(id);
    document["severity"] = json!("medium");
    document["comments"] = json!([]);
    change(&mut document);
    Case::from_json(document.to_string().as_bytes()).unwrap()
}

fn results(life: &Life) -> BTreeMap<String, CaseResult> {
    let mut results = BTreeMap::new();
    for Finished { result, .. } in &life.finished {
        match result {
            Ok(Outcome::Case(case)) => {
                results.insert(case.case_id.clone(), case.outcome);
            }
            Ok(_) => {}
            Err(error) => panic!("{error:?}"),
        }
    }
    results
}

fn submitted(world: &mut World, config: &Config, case: Case) -> CaseResult {
    let id = case.id.clone();
    let life = world.live(config, submit(vec![case]), None).unwrap();
    results(&life)[&id]
}

/// Lets time pass, and the schedule fire what is due then.
fn later(world: &mut World, config: &Config, seconds: u64) -> Life {
    world.pass_until(world.now.after(Duration::from_secs(seconds)));
    world.live(config, vec![Command::WorkQueue], None).unwrap()
}

fn tickets(world: &mut World) -> Vec<SeenTicket> {
    // Whoever looks is not the connector, and spends none of its requests.
    let limit = world.psa.settings.requests_per_minute.take();
    let mut tickets: Vec<SeenTicket> = world.look().tickets.into_values().flatten().collect();
    tickets.sort_by_key(|ticket| ticket.id);
    world.psa.settings.requests_per_minute = limit;
    tickets
}

fn internal(ticket: &SeenTicket) -> Vec<&str> {
    let notes = ticket.notes.iter().filter(|(kind, _)| kind == "internal");
    notes.map(|(_, text)| text.as_str()).collect()
}

/// The ticket that each case is linked to.
fn links(world: &World) -> BTreeMap<String, u64> {
    let links = world
        .store
        .records()
        .filter(|record| record.key.contains("/link/"));
    links
        .map(|record| {
            let link: Value = serde_json::from_str(&record.value).unwrap();
            let case_id = link["case_id"].as_str().unwrap().to_owned();
            (case_id, link["ticket"].as_u64().unwrap())
        })
        .collect()
}

fn told(world: &World, wanted: fn(&Event) -> bool) -> usize {
    world
        .delivered
        .values()
        .filter(|delivery| wanted(&delivery.event))
        .count()
}

fn waiting(world: &World) -> Vec<String> {
    let kinds = ["/outbox/", "/held/", "/delivery/", "/reference/"];
    let records = world.store.records();
    records
        .filter(|record| kinds.iter().any(|kind| record.key.contains(kind)))
        .map(|record| record.key.clone())
        .collect()
}

#[test]
fn repeats_join_one_ticket_and_are_written_in_batches() {
    let mut world = World::new(1);
    let config = netwrix();
    assert_eq!(
        submitted(&mut world, &config, case("1", |_| {})),
        CaseResult::Opened
    );
    let mut requests = 0;
    for id in ["2", "3", "4"] {
        let life = world
            .live(&config, submit(vec![case(id, |_| {})]), None)
            .unwrap();
        assert_eq!(results(&life)[id], CaseResult::Joined);
        requests += life.requests;
    }
    // One look at the ticket per batch, for which the codebase is looked up first.
    assert_eq!(requests, 2, "a repeat costs no request of its own");
    assert_eq!(
        submitted(
            &mut world,
            &config,
            case("5", |c| c["kind"] = json!("another"))
        ),
        CaseResult::Opened
    );
    assert_eq!(
        links(&world).into_values().collect::<Vec<_>>(),
        [909, 909, 909, 909, 910]
    );
    assert_eq!(
        told(
            &world,
            |event| matches!(event, Event::RepeatJoined { first_case } if first_case == "1")
        ),
        3
    );
    assert!(
        internal(&tickets(&mut world)[0]).is_empty(),
        "not before 900 s"
    );

    let schedule = world.live(&config, vec![Command::DueTasks], None).unwrap();
    let due = schedule
        .finished
        .iter()
        .find_map(|finished| match &finished.result {
            Ok(Outcome::Schedule(schedule)) => schedule
                .tasks
                .iter()
                .find(|due| due.task == Task::WorkQueue)
                .cloned(),
            _ => None,
        });
    assert!(due.is_some_and(|due| !due.now));
    later(&mut world, &config, 800);
    assert!(internal(&tickets(&mut world)[0]).is_empty());
    later(&mut world, &config, 101);
    let seen = tickets(&mut world);
    let notes = internal(&seen[0]);
    assert_eq!(notes.len(), 1, "{notes:?}");
    assert!(
        notes[0].starts_with("Repeats of this incident: updates 1 to 3 (3 cases"),
        "{notes:?}"
    );
    for id in ["#2 ", "#3 ", "#4 "] {
        assert!(notes[0].contains(id), "{notes:?}");
    }

    // What a repeat says later is an update, too; what it says again is none.
    assert_eq!(
        submitted(&mut world, &config, case("3", |_| {})),
        CaseResult::Unchanged
    );
    let closed = case("3", |c| c["status"] = json!("closed"));
    assert_eq!(submitted(&mut world, &config, closed), CaseResult::Updated);
    later(&mut world, &config, 901);
    let seen = tickets(&mut world);
    let notes = internal(&seen[0]);
    assert!(
        notes
            .iter()
            .any(|note| note.contains("updates 4 to 4") && note.contains("now closed")),
        "{notes:?}"
    );
    assert!(!seen[0].closed, "the ticket follows its first case");
    assert_eq!(waiting(&world), Vec::<String>::new());
}

#[test]
fn a_repeat_reopens_a_closed_ticket_and_an_old_one_is_named_by_the_new() {
    let mut world = World::new(1);
    let config = netwrix();
    submitted(&mut world, &config, case("1", |_| {}));
    world
        .psa
        .technician("training.admin")
        .set_status(909, "Closed")
        .unwrap();
    assert_eq!(
        submitted(&mut world, &config, case("2", |_| {})),
        CaseResult::Joined
    );
    later(&mut world, &config, 901);
    let seen = tickets(&mut world);
    assert!(
        !seen[0].closed && seen[0].status == "New (not responded)",
        "{seen:?}"
    );
    assert_eq!(internal(&seen[0]).len(), 1);

    // A day later it is a new ticket, whose note names the old.
    later(&mut world, &config, 86_401);
    assert_eq!(
        submitted(&mut world, &config, case("3", |_| {})),
        CaseResult::Opened
    );
    let seen = tickets(&mut world);
    assert_eq!(
        internal(&seen[1]),
        ["Previous incident for the same alert type: Id: 909"]
    );

    // After 30 days more it is forgotten.
    later(&mut world, &config, 30 * 86_400);
    assert_eq!(
        submitted(&mut world, &config, case("4", |_| {})),
        CaseResult::Opened
    );
    let seen = tickets(&mut world);
    assert_eq!(internal(&seen[2]), Vec::<&str>::new());
    let join = world
        .store
        .records()
        .find(|record| record.key.contains("/join/"))
        .unwrap();
    assert!(!join.value.contains("909"), "{}", join.value);
}

#[test]
fn without_reopening_a_repeat_of_a_closed_or_deleted_ticket_gets_a_new_one() {
    let mut world = World::new(1);
    let config = config(|d| {
        d["repeats"] = json!({ "join_key": ["case.kind"], "reopen": false, "correlation": { "text": "See {{ id }}" } });
    });
    submitted(&mut world, &config, case("1", |_| {}));
    world
        .psa
        .technician("training.admin")
        .set_status(909, "Closed")
        .unwrap();
    assert_eq!(
        submitted(&mut world, &config, case("2", |_| {})),
        CaseResult::Opened
    );
    let seen = tickets(&mut world);
    assert!(
        seen[0].closed && internal(&seen[0]).is_empty(),
        "no note goes to a closed ticket"
    );
    assert_eq!(internal(&seen[1]), ["See 909"]);
    world.psa.technician("training.admin").delete(910).unwrap();
    assert_eq!(
        submitted(&mut world, &config, case("3", |_| {})),
        CaseResult::Opened
    );
    // A merged one is followed.
    submitted(
        &mut world,
        &config,
        case("9", |c| c["kind"] = json!("another")),
    );
    let survivor = tickets(&mut world).last().unwrap().id;
    world
        .psa
        .technician("training.admin")
        .merge(i64::try_from(survivor).unwrap(), &[911])
        .unwrap();
    assert_eq!(
        submitted(&mut world, &config, case("4", |_| {})),
        CaseResult::Joined
    );
    assert_eq!(links(&world)["4"], survivor);
}

#[test]
fn two_hosts_with_the_same_key_make_one_ticket() {
    let config = netwrix();
    for seed in 1..=40 {
        let mut world = World::new(seed);
        let hosts = [["1", "2"], ["3", "4"], ["5", "6"]];
        let hosts = hosts.map(|ids| submit(ids.map(|id| case(id, |_| {})).to_vec()));
        let lives = world.live_together(&config, hosts.to_vec()).unwrap();
        for life in &lives {
            results(life);
        }
        later(&mut world, &config, 901);
        let seen = tickets(&mut world);
        assert_eq!(seen.len(), 1, "seed {seed}");
        assert_eq!(links(&world).len(), 6, "seed {seed}");
        let notes = internal(&seen[0]);
        assert!(
            notes.len() == 1 && notes[0].contains("updates 1 to 5 (5 cases"),
            "seed {seed}: {notes:?}"
        );
    }
}

#[test]
fn a_flood_is_rolled_up_and_critical_cases_are_not() {
    let mut world = World::new(1);
    let config = config(|d| d["flood"] = json!({}));
    let cases = (0..25).map(|n| {
        case(&format!("{n}"), |c| {
            c["severity"] = json!(if n == 20 { "critical" } else { "medium" });
            c["kind"] = json!(if n % 2 == 0 { "audit" } else { "logon" });
        })
    });
    let life = world.live(&config, submit(cases.collect()), None).unwrap();
    let results = results(&life);
    let count = |wanted| results.values().filter(|result| **result == wanted).count();
    assert_eq!(
        (count(CaseResult::Opened), count(CaseResult::RolledUp)),
        (10 + 1, 14)
    );
    assert_eq!(results["20"], CaseResult::Opened);
    assert_eq!(
        told(&world, |event| matches!(event, Event::FloodBegan { .. })),
        1
    );
    assert_eq!(
        told(&world, |event| matches!(event, Event::RolledUp { .. })),
        14
    );
    let seen = tickets(&mut world);
    assert_eq!(seen.len(), 12);
    let roll_up = seen
        .iter()
        .find(|ticket| {
            ticket
                .summary
                .contains("Flood: more than 10 new tickets in 1h for group 48Tech")
        })
        .unwrap()
        .id;
    let shared = links(&world)
        .into_values()
        .filter(|ticket| *ticket == roll_up)
        .count();
    assert_eq!(
        shared,
        14 + 1,
        "every suppressed case, and the ticket's own"
    );

    // One of them worsens: it gets its own.
    let worse = results
        .iter()
        .find(|(_, result)| **result == CaseResult::RolledUp)
        .unwrap()
        .0
        .clone();
    let life = world
        .live(
            &config,
            submit(vec![case(&worse, |c| c["severity"] = json!("critical"))]),
            None,
        )
        .unwrap();
    assert_eq!(self::results(&life)[&worse], CaseResult::Opened);
    assert_ne!(links(&world)[&worse], roll_up);

    later(&mut world, &config, 901);
    let note = |world: &mut World| {
        let seen = tickets(world);
        let ticket = seen
            .into_iter()
            .find(|ticket| ticket.id == roll_up)
            .unwrap();
        ticket
            .notes
            .into_iter()
            .filter(|(kind, _)| kind == "internal")
            .map(|(_, text)| text)
            .collect::<Vec<_>>()
    };
    let notes = note(&mut world);
    assert_eq!(notes.len(), 1);
    assert!(
        notes[0].contains("updates 1 to 14 (14 cases")
            && notes[0].contains("audit, group 48Tech: 7")
            && notes[0].contains("logon, group 48Tech: 7"),
        "{notes:?}"
    );
    let life = later(&mut world, &config, 3600);
    assert!(life.requests > 0);
    let notes = note(&mut world);
    assert!(
        notes
            .iter()
            .any(|note| note.starts_with("The flood is over (group 48Tech): 14 cases")),
        "{notes:?}"
    );
    assert_eq!(
        told(&world, |event| matches!(
            event,
            Event::FloodEnded { cases: 14, .. }
        )),
        1
    );
    assert_eq!(
        submitted(&mut world, &config, case("later", |_| {})),
        CaseResult::Opened
    );
    assert_eq!(waiting(&world), Vec::<String>::new());
}

#[test]
fn a_flood_counted_by_several_hosts_counts_every_case() {
    let config = config(|d| d["flood"] = json!({ "limit": 2, "per": "instance" }));
    for seed in 1..=20 {
        let mut world = World::new(seed);
        let hosts = (0..3).map(|host| {
            submit(
                (0..6)
                    .map(|n| case(&format!("{host}-{n}"), |_| {}))
                    .collect(),
            )
        });
        let lives = world.live_together(&config, hosts.collect()).unwrap();
        let rolled: usize = lives
            .iter()
            .map(|life| {
                results(life)
                    .values()
                    .filter(|result| **result == CaseResult::RolledUp)
                    .count()
            })
            .sum();
        assert_eq!(rolled, 16, "seed {seed}");
        later(&mut world, &config, 901);
        let seen = tickets(&mut world);
        assert_eq!(
            seen.len(),
            3,
            "seed {seed}: {:?}",
            seen.iter()
                .map(|ticket| &ticket.summary)
                .collect::<Vec<_>>()
        );
        let noted = seen
            .iter()
            .flat_map(internal)
            .any(|note| note.contains("updates 1 to 16 (16 cases"));
        assert!(noted, "seed {seed}");
    }
}

#[test]
fn a_maintenance_window_keeps_cases_back_and_sums_them_up() {
    // The world begins at 2019-02-11T01:07:14Z, a Monday.
    let window = |summary: Value| {
        config(move |d| {
            d["maintenance"] = json!([{ "name": "patch night", "start": "2019-02-04T02:00:00+01:00", "duration": "2h",
                "weekdays": ["mon"], "groups": ["48Tech"], "exempt": ["critical"], "summary": summary.clone() }]);
        })
    };
    let mut world = World::new(1);
    let by_ticket = window(json!("ticket"));
    for id in ["1", "2"] {
        assert_eq!(
            submitted(&mut world, &by_ticket, case(id, |_| {})),
            CaseResult::Withheld
        );
    }
    assert_eq!(
        submitted(
            &mut world,
            &by_ticket,
            case("2", |c| c["title"] = json!("again"))
        ),
        CaseResult::Withheld
    );
    assert_eq!(
        submitted(
            &mut world,
            &by_ticket,
            case("3", |c| c["severity"] = json!("critical"))
        ),
        CaseResult::Opened
    );
    assert_eq!(
        told(
            &world,
            |event| matches!(event, Event::Withheld { window, .. } if window == "patch night")
        ),
        2
    );
    let kept = world
        .store
        .records()
        .filter(|record| record.key.contains("/member/"))
        .count();
    assert_eq!(kept, 2);
    assert_eq!(tickets(&mut world).len(), 1);
    later(&mut world, &by_ticket, 2 * 3600);
    let seen = tickets(&mut world);
    assert_eq!(seen.len(), 2);
    let (_, text) = seen[1]
        .notes
        .iter()
        .find(|(kind, _)| kind == "discussion")
        .unwrap();
    assert!(
        text.starts_with("The maintenance window is over (patch night): 2 cases")
            && text.contains("#1 "),
        "{text}"
    );
    assert_eq!(
        told(&world, |event| matches!(
            event,
            Event::MaintenanceEnded {
                cases: 2,
                ticket: Some(_),
                ..
            }
        )),
        1
    );
    assert_eq!(
        submitted(&mut world, &by_ticket, case("1", |_| {})),
        CaseResult::Opened,
        "it is still open after the window"
    );
    later(&mut world, &by_ticket, 31 * 86_400);
    assert_eq!(
        world
            .store
            .records()
            .filter(|record| record.key.contains("/member/"))
            .count(),
        0,
        "kept for 30 days"
    );

    let mut world = World::new(1);
    let on_the_change = window(json!({ "note_on": 909 }));
    assert_eq!(
        submitted(
            &mut world,
            &on_the_change,
            case("change", |c| c["severity"] = json!("critical"))
        ),
        CaseResult::Opened
    );
    assert_eq!(
        submitted(&mut world, &on_the_change, case("1", |_| {})),
        CaseResult::Withheld
    );
    later(&mut world, &on_the_change, 2 * 3600);
    let seen = tickets(&mut world);
    assert_eq!(seen.len(), 1);
    assert!(internal(&seen[0])[0].starts_with("The maintenance window is over"));
}

#[test]
fn a_case_is_taken_by_its_id_and_asked_for_later() {
    let mut world = World::new(1);
    let config = netwrix();
    let by_id = |id: &str| Command::SubmitReference {
        case_id: id.to_owned(),
    };
    world.files.insert(
        "case:1".to_owned(),
        serde_json::to_vec(&case("1", |_| {})).unwrap(),
    );
    let life = world.live(&config, vec![by_id("1")], None).unwrap();
    let outcomes: Vec<CaseResult> = life
        .finished
        .iter()
        .filter_map(|finished| match &finished.result {
            Ok(Outcome::Case(case)) => Some(case.outcome),
            _ => None,
        })
        .collect();
    assert_eq!(
        outcomes,
        [CaseResult::Accepted, CaseResult::Opened],
        "at once when idle"
    );
    assert_eq!(waiting(&world), Vec::<String>::new());

    // The host no longer has it: the queue says so, and asks no more.
    let life = world.live(&config, vec![by_id("2")], None).unwrap();
    let failed = life
        .finished
        .iter()
        .find_map(|finished| finished.result.as_ref().err())
        .unwrap();
    assert_eq!(failed.code, casewire::Code::NotFetched);
    assert_eq!(waiting(&world), ["acme-soc/reference/2"]);
    let life = later(&mut world, &config, 3600);
    assert!(
        life.finished.iter().all(|finished| finished.result.is_ok()),
        "{:?}",
        life.finished
    );
    let record = world
        .store
        .records()
        .find(|record| record.key.contains("/reference/"))
        .unwrap();
    assert!(record.value.contains("last_error"), "{}", record.value);
    // Handed over again, it is asked for again.
    world.files.insert(
        "case:2".to_owned(),
        serde_json::to_vec(&case("2", |_| {})).unwrap(),
    );
    world.live(&config, vec![by_id("2")], None).unwrap();
    assert_eq!(waiting(&world), Vec::<String>::new());
    assert_eq!(links(&world).len(), 2);
}

#[test]
fn a_queue_of_references_drains_through_throttling_and_bad_gateways() {
    let mut world = World::new(1);
    let config = config(|d| d["limits"] = json!({}));
    let ids: Vec<String> = (0..300).map(|n| format!("r{n}")).collect();
    for id in &ids {
        world.files.insert(
            format!("case:{id}"),
            serde_json::to_vec(&case(id, |c| c["kind"] = json!(id))).unwrap(),
        );
    }
    let fault = |every, fault| FaultRule {
        when: Match {
            every: Some(every),
            ..Match::default()
        },
        fault,
        times: Some(6),
    };
    world.psa.add_fault(fault(40, Fault::BadGatewayHtml));
    world
        .psa
        .add_fault(fault(61, Fault::Throttled { retry_after: 7 }));
    world.unwatched = true;
    let commands = ids.iter().map(|id| Command::SubmitReference {
        case_id: id.clone(),
    });
    let life = world.live(&config, commands.collect(), None).unwrap();
    assert_eq!(
        results(&life)
            .values()
            .filter(|result| **result == CaseResult::Opened)
            .count(),
        300
    );
    assert_eq!(tickets(&mut world).len(), 300);
    assert_eq!(waiting(&world), Vec::<String>::new());
}

/// How many tickets there are, and how many cases the roll-up tickets' notes count.
fn counters(world: &mut World) -> (u64, u64) {
    world.psa.settings.requests_per_minute = None;
    let (mut made, mut counted) = (0, 0);
    for page in 1.. {
        let path =
            format!("service/tickets?pageSize=1000&orderBy=id&fields=id,summary&page={page}");
        let found = world.get(&path);
        made += found.len() as u64;
        let roll_ups = found.iter().filter(|ticket| {
            let summary = ticket["summary"].as_str().unwrap();
            summary.contains("Flood: more than")
        });
        for ticket in roll_ups {
            let notes = world.get(&format!("service/tickets/{}/notes", ticket["id"]));
            let texts = notes.iter().filter_map(|note| note["text"].as_str());
            counted += texts
                .filter_map(|text| text.split_once(" (")?.1.split_once(" cases in all"))
                .filter_map(|(count, _)| count.parse::<u64>().ok())
                .sum::<u64>();
        }
        if found.len() < 1000 {
            return (made, counted);
        }
    }
    (made, counted)
}

/// FIELD.md (c) 8, row T10: ten thousand cases in a minute, from a hundred customers.
#[test]
fn ten_thousand_cases_in_a_minute_cause_no_5xx_and_none_is_lost() {
    const CASES: u64 = 10_000;
    const GROUPS: u64 = 100;
    let started = std::time::Instant::now();
    let config = config(|d| {
        d["limits"] = json!({});
        d["flood"] = json!({});
        d["companies"]["map"] = (0..GROUPS)
            .map(|group| json!({ "group": format!("g{group}"), "company": { "identifier": "BigDesign" } }))
            .collect();
    });
    let mut world = World::new(1);
    world.unwatched = true;
    let begun = world.now;
    let arrivals = (0..CASES).map(|n| {
        let case = case(&format!("s{n}"), |c| {
            c["group"] = json!({ "id": format!("g{}", n % GROUPS) });
            c["severity"] = json!(if n % 1000 == 999 {
                "critical"
            } else {
                "medium"
            });
        });
        let at = begun.after(Duration::from_millis(n * 60_000 / CASES));
        (
            at,
            Command::SubmitCase {
                case: Box::new(case),
            },
        )
    });
    let life = world.live_with(&config, arrivals.collect(), None).unwrap();
    let results = results(&life);
    let count = |wanted| results.values().filter(|result| **result == wanted).count() as u64;
    let (opened, rolled) = (count(CaseResult::Opened), count(CaseResult::RolledUp));
    // The roll-up tickets' own cases are no operations of the host.
    assert_eq!(
        (opened, rolled),
        (10 * GROUPS + 10, CASES - 10 * GROUPS - 10)
    );
    assert_eq!(
        links(&world).len() as u64,
        CASES + GROUPS,
        "no case is lost"
    );
    let permitted = f64::from(config.limits.requests_per_minute) / 60.0;
    let seconds = life.last_sent.unwrap().since(begun).as_secs_f64();
    let rate = life.requests as f64 / seconds;
    let server_errors: u64 = life
        .statuses
        .iter()
        .filter(|(status, _)| **status >= 500)
        .map(|(_, count)| count)
        .sum();
    assert_eq!(server_errors, 0, "{:?}", life.statuses);
    assert!(rate >= 0.9 * permitted, "{rate} of {permitted} a second");

    let notes = later(&mut world, &config, 901);
    let (made, counted) = counters(&mut world);
    assert_eq!(made, 10 * GROUPS + 10 + GROUPS);
    assert_eq!(counted, rolled, "the roll-up tickets' counters");
    assert_eq!(waiting(&world), Vec::<String>::new());
    println!(
        "{CASES} cases in 60 s: {opened} tickets, {rolled} cases in {GROUPS} roll-up tickets; {} requests in {seconds:.0} s of virtual time, \
         {rate:.2} a second of {permitted:.2} permitted ({:.1} %); statuses {:?}; then {} requests for {GROUPS} notes; {:.1} s of real time",
        life.requests,
        100.0 * rate / permitted,
        life.statuses,
        notes.requests,
        started.elapsed().as_secs_f64(),
    );
}

#[test]
fn without_the_new_keys_nothing_is_written_for_storms() {
    let mut world = World::new(1);
    let config = config(|_| {});
    let cases: Vec<Case> = (0..15).map(|n| case(&n.to_string(), |_| {})).collect();
    let life = world.live(&config, submit(cases), None).unwrap();
    assert!(
        results(&life)
            .values()
            .all(|result| *result == CaseResult::Opened)
    );
    let all = StoreRequest::Scan {
        prefix: "acme-soc/".to_owned(),
        after: None,
        limit: 1000,
    };
    let casewire::effect::StoreAnswer::Page(page) = world.store.perform(&all).unwrap() else {
        panic!("a page");
    };
    for kind in [
        "/join/",
        "/flood/",
        "/gather/",
        "/due/",
        "/member/",
        "/reference/",
    ] {
        assert!(
            page.iter().all(|record| !record.key.contains(kind)),
            "{kind}"
        );
    }
}
