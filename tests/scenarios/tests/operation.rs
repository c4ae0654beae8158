//! What an operator asks: how the instance does, what was decided and why, and what is kept for how long.

#![allow(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a scenario fails by panicking"
)]

use casewire::{
    AuditPage, Automated, AutomationAct, Case, Code, Command, Config, DecisionRecord, Due,
    HealthReport, HealthStatus, Outcome, Severity, Task, WayState,
};
use casewire_scenarios::{Life, RECEIVER, World, case_document, document};
use casewire_simulator::{Fault, FaultRule, Match};
use serde_json::{Value, json};
use std::time::Duration;

fn config(change: impl Fn(&mut Value)) -> Config {
    let mut document = document(true);
    change(&mut document);
    Config::from_json(document.to_string().as_bytes()).unwrap()
}

fn case(id: &str, change: impl Fn(&mut Value)) -> Case {
    let mut document = case_document(id);
    change(&mut document);
    Case::from_json(document.to_string().as_bytes()).unwrap()
}

fn submit(case: Case) -> Command {
    Command::SubmitCase {
        case: Box::new(case),
    }
}

fn asked(document: Value) -> Command {
    Command::from_json(document.to_string().as_bytes()).unwrap()
}

fn live(world: &mut World, config: &Config, command: Command) -> Life {
    world.live(config, vec![command], None).unwrap()
}

fn outcome(life: &Life, wanted: impl Fn(&Outcome) -> bool) -> Outcome {
    let mut outcomes = life
        .finished
        .iter()
        .filter_map(|finished| finished.result.as_ref().ok());
    outcomes
        .find(|outcome| wanted(outcome))
        .unwrap_or_else(|| panic!("{:#?}", life.finished))
        .clone()
}

/// Asks a host that leaves alone what waits.
fn health(world: &mut World, config: &Config) -> HealthReport {
    world.at_rest = true;
    let life = live(world, config, Command::Health);
    world.at_rest = false;
    assert_eq!(life.requests, 0, "health asks ConnectWise nothing");
    match outcome(&life, |outcome| matches!(outcome, Outcome::Health(_))) {
        Outcome::Health(report) => *report,
        _ => unreachable!(),
    }
}

fn codes(report: &HealthReport) -> Vec<(Severity, Code)> {
    let findings = report.findings.iter();
    assert!(findings.clone().all(|finding| !finding.fix.is_empty()));
    findings
        .map(|finding| (finding.severity, finding.code))
        .collect()
}

fn audit(world: &mut World, config: &Config, which: Value) -> Vec<DecisionRecord> {
    let mut all = Vec::new();
    let mut after = Value::Null;
    loop {
        let mut command = json!({ "command": "audit", "limit": 2, "after": after });
        command
            .as_object_mut()
            .unwrap()
            .extend(which.as_object().unwrap().clone());
        world.at_rest = true;
        let life = live(world, config, asked(command));
        world.at_rest = false;
        assert_eq!(life.requests, 0);
        let page: AuditPage = match outcome(&life, |it| matches!(it, Outcome::Audit(_))) {
            Outcome::Audit(page) => *page,
            _ => unreachable!(),
        };
        all.extend(page.decisions);
        match page.next {
            Some(next) => after = json!(next),
            None => return all,
        }
    }
}

/// What was decided about, with the value.
fn decided(record: &DecisionRecord) -> Vec<(&str, Option<&str>)> {
    let decisions = record.decisions.iter();
    decisions
        .map(|one| (one.what.as_str(), one.value.as_deref()))
        .collect()
}

fn pass(world: &mut World, seconds: u64) {
    world.pass_until(world.now.after(Duration::from_secs(seconds)));
    world.psa.advance(world.now.millis());
}

fn refuse_tickets(world: &mut World, fault: Fault) {
    world.psa.add_fault(FaultRule {
        when: Match {
            method: Some("POST".to_owned()),
            path: Some("service/tickets".to_owned()),
            ..Match::default()
        },
        fault,
        times: None,
    });
}

#[test]
fn health_names_what_waits_and_since_when_each_with_its_fix() {
    let config = config(|c| c["limits"]["backlog_age"] = json!("10m"));
    let mut world = World::new(1);
    let quiet = health(&mut world, &config);
    assert_eq!(
        (quiet.status, codes(&quiet)),
        (HealthStatus::Healthy, vec![])
    );
    assert_eq!(quiet.budget.allowed, quiet.budget.concurrency);

    // One waits for its group, one is refused for good.
    live(
        &mut world,
        &config,
        submit(case("10011", |c| c["group"] = json!({ "id": "Bakery" }))),
    );
    refuse_tickets(&mut world, Fault::Forbidden);
    live(&mut world, &config, submit(case("10012", |_| {})));
    let report = health(&mut world, &config);
    assert_eq!(
        codes(&report),
        [
            (Severity::Error, Code::FailedCases),
            (Severity::Warning, Code::UnmappedGroup),
        ]
    );
    assert_eq!(report.status, HealthStatus::Failing);
    assert_eq!((report.backlog.failed, report.backlog.held), (1, 1));

    // One waits for the server, and is not called a fault before its time.
    world.psa.clear_faults();
    refuse_tickets(&mut world, Fault::BadGatewayHtml);
    live(&mut world, &config, submit(case("10013", |_| {})));
    let codes_now = codes(&health(&mut world, &config));
    assert!(
        !codes_now.contains(&(Severity::Error, Code::BacklogAge)),
        "{codes_now:?}"
    );
    pass(&mut world, 601);
    let report = health(&mut world, &config);
    assert!(
        codes(&report).contains(&(Severity::Error, Code::BacklogAge)),
        "{report:#?}"
    );
    // The one that was refused is tried again as well: a new host takes up everything.
    assert_eq!(report.backlog.retrying, 2);
    let message = &report
        .findings
        .iter()
        .find(|it| it.code == Code::BacklogAge)
        .unwrap()
        .message;
    assert!(message.contains("10m"), "{message}");
}

#[test]
fn health_says_which_way_back_works() {
    let config = config(|c| {
        c["policies"] = json!({ "ticket_inbound": { "enabled": true } });
        c["callbacks"] = json!({ "url": RECEIVER, "level": "ticket" });
        c["inbound"] = json!({ "every": "5m" });
        c["connection"]["credential_expiry"] = json!("2019-02-20");
    });
    let mut world = World::new(1);
    let report = health(&mut world, &config);
    let states = (report.inbound.callbacks.state, report.inbound.polling.state);
    assert_eq!(states, (WayState::Waiting, WayState::Waiting));
    // Nine days before the keys end it warns.
    assert_eq!(
        codes(&report),
        [(Severity::Warning, Code::CredentialExpiry)]
    );
    assert_eq!(report.credentials.unwrap().days_left, 9);

    live(&mut world, &config, Command::Poll);
    live(&mut world, &config, Command::EnsureCallbacks { url: None });
    let report = health(&mut world, &config);
    let states = (report.inbound.callbacks.state, report.inbound.polling.state);
    assert_eq!(states, (WayState::Works, WayState::Works));
    assert_eq!(report.inbound.polling.last, Some(world.now));

    // Polling stalls while callbacks are in place: a warning. Both stall: nothing comes back.
    pass(&mut world, 16 * 60);
    let report = health(&mut world, &config);
    assert!(
        codes(&report).contains(&(Severity::Warning, Code::InboundStalled)),
        "{report:#?}"
    );
    pass(&mut world, 25 * 3600);
    let report = health(&mut world, &config);
    let stalled = codes(&report)
        .into_iter()
        .filter(|it| *it == (Severity::Error, Code::InboundStalled));
    assert_eq!(stalled.count(), 2, "{report:#?}");
    assert_eq!(report.status, HealthStatus::Failing);
}

#[test]
fn every_decision_of_a_case_is_found_with_its_reason() {
    let config = config(|c| {
        let routes = c["routes"].as_array_mut().unwrap();
        routes.insert(
            0,
            json!({ "name": "updates", "when": { "kind": ["update"] }, "ignore": true }),
        );
        c["policies"] = json!({ "ticket_inbound": { "enabled": true } });
    });
    let mut world = World::new(1);
    live(&mut world, &config, submit(case("10012", |_| {})));
    pass(&mut world, 60);
    live(
        &mut world,
        &config,
        submit(case("10010", |c| c["kind"] = json!("update"))),
    );
    pass(&mut world, 60);
    live(
        &mut world,
        &config,
        submit(case("10011", |c| c["group"] = json!({ "id": "Bakery" }))),
    );
    pass(&mut world, 60);
    live(
        &mut world,
        &config,
        submit(case("10012", |c| c["status"] = json!("closed"))),
    );

    let of_case = audit(&mut world, &config, json!({ "case_id": "10012" }));
    assert_eq!(of_case.len(), 2, "{of_case:#?}");
    let opened = decided(&of_case[0]);
    for expected in [
        ("route", Some("everything")),
        ("company", Some("Big Design, Inc.")),
        ("board", Some("Professional Services")),
        ("status", Some("New (not responded)")),
        ("priority", Some("Priority 1 - Emergency Response")),
        ("configuration", Some("BigDesign-WRK1")),
        // A text of the case is not kept, why it is what it is.
        ("summary", None),
    ] {
        assert!(opened.contains(&expected), "{expected:?} in {opened:?}");
    }
    assert!(
        of_case[0]
            .decisions
            .iter()
            .all(|one| !one.reason.is_empty()),
        "{of_case:#?}"
    );
    assert!(
        of_case[0].ticket_id.is_none(),
        "it is recorded before the ticket is asked for"
    );
    assert_eq!(decided(&of_case[1]), [("status", Some("Closed"))]);
    let text = serde_json::to_string(&of_case).unwrap();
    assert!(!text.contains("audit log was cleared"), "{text}");

    let ignored = audit(&mut world, &config, json!({ "case_id": "10010" }));
    assert_eq!(decided(&ignored[0]), [("ignore", Some("updates"))]);
    assert!(ignored[0].decisions[0].reason.contains("kind is 'update'"));
    let held = audit(&mut world, &config, json!({ "case_id": "10011" }));
    assert!(decided(&held[0]).contains(&("hold", None)), "{held:#?}");

    let all = audit(&mut world, &config, json!({}));
    let cases: Vec<&str> = all.iter().map(|record| record.case_id.as_str()).collect();
    assert_eq!(cases, ["10012", "10010", "10011", "10012"]);
    let times = json!({ "from": "2019-02-11T01:08:14Z", "until": "2019-02-11T01:09:14Z" });
    let some = audit(&mut world, &config, times);
    assert_eq!(some.len(), 1);
    assert_eq!(some[0].case_id, "10010");
}

#[test]
fn a_technician_s_newer_choice_is_a_decision_too() {
    let config = config(|c| c["policies"] = json!({ "ticket_inbound": { "enabled": true } }));
    let mut world = World::new(1);
    live(&mut world, &config, submit(case("10012", |_| {})));
    pass(&mut world, 60);
    world
        .psa
        .technician("training.admin")
        .set_status(909, "Waiting Customer Response")
        .unwrap();
    pass(&mut world, 60);
    // The case's own change is older than the technician's.
    let older = case("10012", |c| {
        c["status"] = json!("closed");
        c["updated_at"] = json!("2019-02-11T01:07:15Z");
    });
    live(&mut world, &config, submit(older));
    let last = audit(&mut world, &config, json!({ "case_id": "10012" }))
        .pop()
        .unwrap();
    let status = last
        .decisions
        .iter()
        .find(|one| one.what == "status")
        .unwrap();
    assert!(status.reason.contains("technician"), "{last:#?}");
}

fn forgetting(world: &mut World, config: &Config) -> Option<Due> {
    let life = live(world, config, Command::DueTasks);
    match outcome(&life, |it| matches!(it, Outcome::Schedule(_))) {
        Outcome::Schedule(plan) => plan
            .tasks
            .into_iter()
            .find(|due| due.task == Task::ForgetOld),
        _ => unreachable!(),
    }
}

#[test]
fn events_and_decisions_are_forgotten_after_their_time_and_not_before() {
    let config = config(|c| c["events"] = json!({ "keep": "2d", "keep_decisions": "4d" }));
    let mut world = World::new(1);
    assert_eq!(
        forgetting(&mut world, &config),
        None,
        "there is nothing to forget"
    );
    live(&mut world, &config, submit(case("10010", |_| {})));
    pass(&mut world, 86_400);
    live(&mut world, &config, submit(case("10012", |_| {})));
    let due = forgetting(&mut world, &config).unwrap();
    assert!(!due.now);
    pass(&mut world, 86_400 + 3600);
    assert!(forgetting(&mut world, &config).unwrap().now);
    let forget = |world: &mut World| {
        let life = live(world, &config, Command::ForgetOld);
        match outcome(&life, |it| matches!(it, Outcome::Forgotten { .. })) {
            Outcome::Forgotten { events, decisions } => (events, decisions),
            _ => unreachable!(),
        }
    };
    assert_eq!(forget(&mut world), (1, 0));
    assert!(!forgetting(&mut world, &config).unwrap().now);
    pass(&mut world, 3 * 86_400);
    let records = |world: &World, kind: &str| {
        let prefix = format!("acme-soc/{kind}/");
        world
            .store
            .records()
            .filter(|record| record.key.starts_with(&prefix))
            .count()
    };
    assert_eq!(
        (records(&world, "decision"), records(&world, "decided")),
        (2, 2)
    );
    let (events, decisions) = forget(&mut world);
    assert_eq!((events, decisions), (1, 2));
    for kind in ["event", "decision", "decided"] {
        assert_eq!(records(&world, kind), 0, "{kind}");
    }
    assert_eq!(forgetting(&mut world, &config), None);
}

#[test]
fn a_log_that_is_switched_off_keeps_nothing() {
    let config = config(|c| c["events"] = json!({ "keep": "0s", "keep_decisions": "0s" }));
    let mut world = World::new(1);
    live(&mut world, &config, submit(case("10012", |_| {})));
    assert_eq!(world.delivered.len(), 1, "the host is told all the same");
    let kept = world.store.records().filter(|record| {
        ["event/", "decision/", "decided/"]
            .iter()
            .any(|kind| record.key.contains(&format!("/{kind}")))
    });
    assert_eq!(kept.count(), 0);
}

fn due(world: &mut World, config: &Config, task: Task) -> Option<Due> {
    let life = live(world, config, Command::DueTasks);
    match outcome(&life, |it| matches!(it, Outcome::Schedule(_))) {
        Outcome::Schedule(plan) => plan.tasks.into_iter().find(|due| due.task == task),
        _ => unreachable!(),
    }
}

fn happens(world: &mut World, config: &Config, event: Value) -> (Automated, Life) {
    let life = live(
        world,
        config,
        asked(json!({ "command": "host_event", "event": event })),
    );
    match outcome(&life, |it| matches!(it, Outcome::Automated(_))) {
        Outcome::Automated(automated) => (automated, life),
        _ => unreachable!(),
    }
}

#[test]
fn a_case_of_a_host_s_event_is_durable_and_gets_its_ticket_as_the_rules_say() {
    let config = config(|c| {
        c["automation"] = json!({ "rules": [
            { "name": "noise", "on": ["alert_raised"], "alerts": ["*Update*"], "then": "ignore" },
            { "name": "only audits", "on": ["case_opened"], "when": { "kind": ["disk"] }, "then": "ignore" },
        ] });
    });
    let mut world = World::new(1);
    let document = |id: &str, kind: &str| {
        let mut document = case_document(id);
        document["kind"] = json!(kind);
        document
    };
    let (told, life) = happens(
        &mut world,
        &config,
        json!({ "event": "case_opened", "case": document("10012", "audit") }),
    );
    assert_eq!((told.then, told.rule), (AutomationAct::SubmitCase, None));
    let operation = told.operation.unwrap();
    let own = life
        .finished
        .iter()
        .find(|finished| finished.operation == operation)
        .unwrap();
    assert!(
        matches!(&own.result, Ok(Outcome::Case(case)) if case.ticket_id.is_some()),
        "{own:#?}"
    );

    let (told, life) = happens(
        &mut world,
        &config,
        json!({ "event": "case_opened", "case": document("10013", "disk") }),
    );
    assert_eq!(
        (told.rule.as_deref(), life.requests),
        (Some("only audits"), 0)
    );
    let (told, _) = happens(
        &mut world,
        &config,
        json!({ "event": "alert_raised", "alert": "Microsoft updates", "case_id": "10014" }),
    );
    assert_eq!(told.then, AutomationAct::Ignore);

    // By its id alone: its content is asked for, as guide 001's add-on does.
    world.files.insert(
        "case:10015".to_owned(),
        document("10015", "audit").to_string().into(),
    );
    let (told, _) = happens(
        &mut world,
        &config,
        json!({ "event": "alert_raised", "alert": "Logon failed", "case_id": "10015" }),
    );
    assert_eq!(told.then, AutomationAct::SubmitCase);
    let tickets: Vec<String> = world.look().tickets.into_keys().collect();
    assert_eq!(tickets, ["acme-soc:10012", "acme-soc:10015"]);
}

#[test]
fn a_bad_event_is_refused_with_all_of_its_faults() {
    let mut world = World::new(1);
    let config = config(|_| {});
    for (event, pointers) in [
        (json!({ "event": "case_opened" }), vec!["/event/case"]),
        (
            json!({ "event": "discovery_finished", "case_id": "1", "alert": "a" }),
            vec!["/event/case", "/event/alert"],
        ),
        (
            json!({ "event": "case_closed", "case_id": "" }),
            vec!["/event/case_id"],
        ),
        (
            json!({ "event": "case_opened", "case": { "id": "1", "title": "", "severity": "unheard of",
                "group": { "id": "g" }, "created_at": "2019-02-11T01:07:14Z", "updated_at": "2019-02-11T01:07:14Z" } }),
            vec!["/event/case/severity", "/event/case/title"],
        ),
    ] {
        let command = asked(json!({ "command": "host_event", "event": event }));
        let error = world.live(&config, vec![command], None).unwrap_err();
        for pointer in pointers {
            assert!(error.contains(pointer), "no {pointer} in {error}");
        }
    }
}

#[test]
fn the_core_says_when_links_are_compared_and_what_an_event_makes_due() {
    let config = config(|c| {
        c["policies"] = json!({ "ticket_inbound": { "enabled": true } });
        c["companies"]["auto_map"] = json!({ "email_domain": true });
        c["automation"] = json!({
            "rules": [{ "name": "after a closing", "on": ["case_closed"], "then": "poll" }],
            "reconcile_every": "24h",
        });
    });
    let mut world = World::new(1);
    // Once a day, from the first run on.
    assert!(due(&mut world, &config, Task::Reconcile).unwrap().now);
    live(&mut world, &config, Command::Reconcile { repair: false });
    let next = due(&mut world, &config, Task::Reconcile).unwrap();
    assert_eq!(
        (next.now, next.at),
        (false, world.now.after(Duration::from_secs(86_400)))
    );

    // A rule makes a task due before its time, once.
    live(&mut world, &config, Command::Poll);
    pass(&mut world, 1);
    assert!(!due(&mut world, &config, Task::Poll).unwrap().now);
    let (told, _) = happens(
        &mut world,
        &config,
        json!({ "event": "case_closed", "case": case_document("10012") }),
    );
    assert_eq!((told.due, told.operation), (Some(Task::Poll), None));
    let poll = due(&mut world, &config, Task::Poll).unwrap();
    assert!(poll.now && poll.reason.unwrap().contains("after a closing"));
    pass(&mut world, 1);
    live(&mut world, &config, Command::Poll);
    assert!(!due(&mut world, &config, Task::Poll).unwrap().now);

    // Without a rule a changed inventory is mapped.
    let (told, _) = happens(&mut world, &config, json!({ "event": "inventory_changed" }));
    assert_eq!(told.due, Some(Task::AutoMap));
    let (told, _) = happens(
        &mut world,
        &config,
        json!({ "event": "discovery_finished" }),
    );
    assert_eq!((told.then, told.due), (AutomationAct::Ignore, None));
}

#[test]
fn a_configuration_is_exported_and_imported_by_commands_too() {
    let mut world = World::new(1);
    let config = config(|_| {});
    let life = live(&mut world, &config, Command::ExportConfig);
    let Outcome::ConfigExported(exported) =
        outcome(&life, |it| matches!(it, Outcome::ConfigExported(_)))
    else {
        unreachable!()
    };
    let mut import = json!({ "command": "import_config", "target": {
        "instance": "zen-soc", "connection": { "site": "https://api-eu.myconnectwise.net", "company_id": "zen" },
    } });
    import["exported"] = serde_json::to_value(&exported).unwrap();
    let life = live(&mut world, &config, asked(import.clone()));
    assert_eq!(life.requests, 0);
    let Outcome::ConfigImported(imported) =
        outcome(&life, |it| matches!(it, Outcome::ConfigImported(_)))
    else {
        unreachable!()
    };
    assert_eq!(
        (imported.config.instance.as_str(), imported.config.check()),
        ("zen-soc", vec![])
    );
    assert!(
        imported
            .to_set
            .iter()
            .any(|one| one.pointer == "/companies/map")
    );
    import["target"]["instance"] = json!("Not A Name");
    let life = live(&mut world, &config, asked(import));
    let refused = life
        .finished
        .iter()
        .find_map(|finished| finished.result.as_ref().err())
        .unwrap();
    assert_eq!(refused.faults[0].pointer, "/instance");
}
