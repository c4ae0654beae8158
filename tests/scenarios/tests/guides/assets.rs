//! Guide 000 (Netsurion Open XDR), section 11: the definitions that it ships, and what they show.

use crate::{asked, case, document, pass, read, run, send, step};
use casewire::{
    AlertSeverity, Code, Command, Config, Delivery, EventKind, EventPage, EventRecord, Figure,
    Outcome, Preset, ReportPage, definitions,
};
use casewire_scenarios::World;
use serde_json::{Value, json};

const PREFIX: &str = "ConnectWise Manage - ";

fn config(change: impl Fn(&mut Value)) -> Config {
    read(&document(Preset::Netsurion, |c| {
        c["companies"]["map"] = json!([
            { "group": "48Tech", "company": { "identifier": "BigDesign" } },
            { "group": "Wide", "company": { "identifier": "WideWorld" } },
        ]);
        change(c);
    }))
}

fn events(world: &mut World, config: &Config, filter: &Value) -> Vec<EventRecord> {
    let mut all = Vec::new();
    let mut after = Value::Null;
    loop {
        // Two at a time: a list goes on where the page before ended.
        let command = asked(json!({
            "command": "list_events", "filter": filter, "limit": 2, "after": after,
        }));
        let page: EventPage = match run(world, config, command).0 {
            Ok(Outcome::Events(page)) => *page,
            other => panic!("{other:#?}"),
        };
        assert!(page.events.len() <= 2);
        all.extend(page.events);
        match page.next {
            Some(next) => after = json!(next),
            None => return all,
        }
    }
}

fn report(world: &mut World, config: &Config, name: &str, filter: &Value) -> ReportPage {
    let command = asked(json!({ "command": "report", "report": name, "filter": filter }));
    match run(world, config, command).0 {
        Ok(Outcome::Report(page)) => *page,
        other => panic!("{other:#?}"),
    }
}

fn figure(world: &mut World, config: &Config, name: &str, filter: &Value) -> Figure {
    let command = asked(json!({ "command": "dashboard", "dashboard": name, "filter": filter }));
    match run(world, config, command).0 {
        Ok(Outcome::Dashboard(figure)) => *figure,
        other => panic!("{other:#?}"),
    }
}

/// Two groups' cases by two people: created, changed, closed and opened again, one a day.
fn a_week(config: &Config) -> World {
    let mut world = World::new(1);
    let of = |id: &str, who: &str, group: &str, status: &str| {
        case(id, |c| {
            c["added_by"] = json!(who);
            c["status"] = json!(status);
            c["system"] = Value::Null;
            if group == "Wide" {
                c["group"] = json!({ "id": "Wide", "email": "it@wideworld.com" });
            }
        })
    };
    for (id, who, group, status) in [
        ("10010", "ada", "48Tech", "open"),
        ("10012", "ada", "48Tech", "open"),
        ("10013", "bob", "Wide", "open"),
        ("10012", "ada", "48Tech", "in_progress"),
        ("10012", "ada", "48Tech", "closed"),
        ("10012", "ada", "48Tech", "open"),
        ("10013", "bob", "Wide", "closed"),
    ] {
        send(&mut world, config, of(id, who, group, status)).unwrap();
        pass(&mut world, 86_400);
    }
    world
}

fn names(ends: &[&str]) -> Vec<String> {
    ends.iter().map(|end| format!("{PREFIX}{end}")).collect()
}

#[test]
fn six_alerts_five_reports_four_categories_six_objects_and_six_dashboards_have_the_guide_s_names() {
    let shipped = definitions();
    let six = names(&[
        "New ticket created",
        "Ticket reopened",
        "Ticket modified",
        "Ticket closed",
        "Netsurion Open XDR system mapping failed",
        "Netsurion Open XDR group mapping failed",
    ]);
    step("11.1: alerts, all of them inactive");
    let alerts: Vec<&str> = shipped.alerts.iter().map(|alert| alert.name).collect();
    assert_eq!(alerts, six);
    assert!(shipped.alerts.iter().all(|alert| !alert.active));
    step("11.2: reports");
    let reports: Vec<&str> = shipped.reports.iter().map(|report| report.name).collect();
    let mut five = six[..4].to_vec();
    five.push(format!("{PREFIX}All activity"));
    assert_eq!(reports, five);
    step("11.3: categories");
    let categories: Vec<&str> = shipped.categories.iter().map(|one| one.name).collect();
    assert_eq!(categories, six[..4]);
    step("11.4: knowledge objects, each with the fields that its event has");
    let objects: Vec<&str> = shipped
        .knowledge_objects
        .iter()
        .map(|one| one.name)
        .collect();
    assert_eq!(objects, six);
    step("11.5: dashboards");
    let dashboards: Vec<&str> = shipped.dashboards.iter().map(|one| one.name).collect();
    let expected = names(&[
        "New ticket created by username",
        "New ticket created by domain",
        "All activities",
        "Tickets reopened",
        "Tickets closed",
        "Tickets modified",
    ]);
    assert_eq!(dashboards, expected);
    step("11: ready for import, from any face, as one document");
    let (mut world, config) = (World::new(1), config(|_| {}));
    let (answer, life) = run(&mut world, &config, Command::Definitions);
    let Ok(Outcome::Definitions(own)) = answer else {
        panic!()
    };
    assert_eq!((*own, life.requests), (shipped, 0));
}

#[test]
fn alerts_come_inactive_and_are_switched_on_one_by_one() {
    step("11.1 note: nothing is raised before it is switched on");
    let quiet = config(|_| {});
    let mut world = a_week(&quiet);
    assert!(
        world
            .delivered
            .values()
            .all(|delivery| delivery.alert.is_none())
    );
    assert_eq!(events(&mut world, &quiet, &json!({ "raised": true })), []);

    step("11.1: one by its name, one by its event, each as loud as the configuration says");
    let loud = config(|c| {
        c["events"] = json!({ "raise": {
            "ConnectWise Manage - Ticket reopened": "high",
            "group_mapping_failed": "critical",
        } });
    });
    let mut world = a_week(&loud);
    send(
        &mut world,
        &loud,
        case("10014", |c| c["group"] = json!({ "id": "Bakery" })),
    )
    .unwrap();
    let raised: Vec<&Delivery> = world
        .delivered
        .values()
        .filter(|delivery| delivery.alert.is_some())
        .collect();
    let mut told: Vec<(&str, AlertSeverity, EventKind)> = raised
        .iter()
        .map(|delivery| {
            let alert = delivery.alert.as_ref().unwrap();
            (alert.name.as_str(), alert.severity, delivery.event.kind())
        })
        .collect();
    told.sort();
    assert_eq!(
        told,
        [
            (
                "ConnectWise Manage - Netsurion Open XDR group mapping failed",
                AlertSeverity::Critical,
                EventKind::GroupMappingFailed,
            ),
            (
                "ConnectWise Manage - Ticket reopened",
                AlertSeverity::High,
                EventKind::TicketReopened,
            ),
        ]
    );
    let kept: Vec<EventKind> = events(&mut world, &loud, &json!({ "raised": true }))
        .into_iter()
        .map(|event| event.event)
        .collect();
    assert_eq!(
        kept,
        [EventKind::TicketReopened, EventKind::GroupMappingFailed]
    );

    step("an alert that there is not is refused with the nearest");
    let slip = document(Preset::Netsurion, |c| {
        c["events"] = json!({ "raise": { "ConnectWise Manage - Ticket reopend": "high" } });
    });
    let error = Config::from_json(slip.to_string().as_bytes()).unwrap_err();
    assert!(
        error.faults[0]
            .fix
            .contains("'ConnectWise Manage - Ticket reopened'"),
        "{error}"
    );
}

#[test]
fn reports_and_categories_show_what_happened_and_ask_connectwise_nothing() {
    let config = config(|_| {});
    let mut world = a_week(&config);

    step("11.2: rows of each report, by its name or its key");
    for (name, expected) in [
        (
            "ConnectWise Manage - New ticket created",
            vec!["10010", "10012", "10013"],
        ),
        ("reopened", vec!["10012"]),
        ("modified", vec!["10012"]),
        ("connectwise manage - ticket closed", vec!["10012", "10013"]),
        (
            "all_activity",
            vec![
                "10010", "10012", "10013", "10012", "10012", "10012", "10013",
            ],
        ),
    ] {
        let page = report(&mut world, &config, name, &json!({}));
        let column = page
            .columns
            .iter()
            .position(|name| *name == "case_id")
            .unwrap();
        let cases: Vec<&str> = page.rows.iter().map(|row| row[column].as_str()).collect();
        assert_eq!(cases, expected, "{name}");
        assert!(page.rows.iter().all(|row| row.len() == page.columns.len()));
    }
    let page = report(
        &mut world,
        &config,
        "created",
        &json!({ "group": "48Tech" }),
    );
    let row = &page.rows[0];
    let cell = |name: &str| &row[page.columns.iter().position(|own| *own == name).unwrap()];
    assert!(cell("at").starts_with("2019-02-11T01:07:14"));
    for (column, text) in [
        ("event", "ticket_created"),
        ("ticket_id", "909"),
        (
            "summary",
            "EventTracker Case #10010 - Windows: Audit log cleared",
        ),
        ("company", "Big Design, Inc."),
        ("user", "ada"),
        ("domain", "bigdesign.com"),
        ("by", "case"),
        ("status", "New (not responded)"),
        ("severity", "critical"),
    ] {
        assert_eq!(cell(column), text, "{column}");
    }

    step("11.3: a category, and every other way to choose");
    let chosen = |world: &mut World, filter: Value| -> Vec<(String, EventKind)> {
        let found = events(world, &config, &filter).into_iter();
        found
            .map(|event| (event.case_id.unwrap(), event.event))
            .collect()
    };
    let (ten, twelve, thirteen) = ("10010".to_owned(), "10012".to_owned(), "10013".to_owned());
    for (filter, expected) in [
        (
            json!({ "category": "ConnectWise Manage - Ticket closed" }),
            vec![
                (twelve.clone(), EventKind::TicketClosed),
                (thirteen.clone(), EventKind::TicketClosed),
            ],
        ),
        (
            json!({ "company": "wide world importers", "category": "created" }),
            vec![(thirteen.clone(), EventKind::TicketCreated)],
        ),
        (
            json!({ "user": "BOB", "events": ["ticket_created", "ticket_reopened"] }),
            vec![(thirteen.clone(), EventKind::TicketCreated)],
        ),
        (
            json!({ "from": "2019-02-11T00:00:00Z", "until": "2019-02-12T01:07:14Z" }),
            vec![(ten, EventKind::TicketCreated)],
        ),
        (
            json!({ "ticket_id": 910, "from": "2019-02-15T00:00:00Z" }),
            vec![
                (twelve.clone(), EventKind::TicketClosed),
                (twelve, EventKind::TicketReopened),
            ],
        ),
    ] {
        assert_eq!(chosen(&mut world, filter.clone()), expected, "{filter}");
    }

    step("a report, a category and a dashboard that there are not are refused with the nearest");
    for (command, pointer, near) in [
        (
            json!({ "command": "report", "report": "reopend" }),
            "/report",
            "'reopened'",
        ),
        (
            json!({ "command": "list_events", "filter": { "category": "clsed" } }),
            "/filter/category",
            "'closed'",
        ),
        (
            json!({ "command": "dashboard", "dashboard": "created_by_usr" }),
            "/dashboard",
            "'created_by_user'",
        ),
        (
            json!({ "command": "dashboard", "dashboard": "closed", "bucket": "hour",
                "filter": { "from": "2017-01-01T00:00:00Z" } }),
            "/bucket",
            "larger bucket",
        ),
    ] {
        let (answer, life) = run(&mut world, &config, asked(command));
        let error = answer.unwrap_err();
        assert_eq!(error.faults[0].pointer, pointer);
        assert!(error.faults[0].fix.contains(near), "{error}");
        assert_eq!(
            (error.faults[0].code, life.requests),
            (Code::InvalidValue, 0)
        );
    }
}

#[test]
fn dashboards_count_by_user_by_domain_and_by_day() {
    let config = config(|_| {});
    let mut world = a_week(&config);
    let series = |figure: &Figure| -> Vec<(String, u64)> {
        let series = figure.series.iter();
        series.map(|one| (one.label.clone(), one.total)).collect()
    };
    let pairs = |pairs: &[(&str, u64)]| -> Vec<(String, u64)> {
        pairs
            .iter()
            .map(|(label, total)| ((*label).to_owned(), *total))
            .collect()
    };
    step("11.5: created by username and by domain");
    let by_user = figure(
        &mut world,
        &config,
        "ConnectWise Manage - New ticket created by username",
        &json!({}),
    );
    assert_eq!(series(&by_user), pairs(&[("ada", 2), ("bob", 1)]));
    let by_domain = figure(&mut world, &config, "created_by_domain", &json!({}));
    assert_eq!(
        series(&by_domain),
        pairs(&[("bigdesign.com", 2), ("wideworld.com", 1)])
    );

    step("11.5: over a chosen time, a point each day");
    let chosen = json!({ "from": "2019-02-11T00:00:00Z", "until": "2019-02-15T00:00:00Z" });
    let by_day = figure(&mut world, &config, "created_by_user", &chosen);
    assert_eq!(by_day.times.len(), 4);
    assert_eq!(by_day.series[0].counts, [1, 1, 0, 0]);
    assert_eq!(by_day.series[1].counts, [0, 0, 1, 0]);

    step("11.5: all activities, reopened, closed and modified");
    let all = figure(&mut world, &config, "all_activities", &json!({}));
    assert_eq!(
        series(&all),
        pairs(&[
            ("ticket_created", 3),
            ("ticket_closed", 2),
            ("ticket_modified", 1),
            ("ticket_reopened", 1)
        ])
    );
    assert_eq!(all.total, 7);
    for (name, total) in [("reopened", 1), ("closed", 2), ("modified", 1)] {
        assert_eq!(
            figure(&mut world, &config, name, &json!({})).total,
            total,
            "{name}"
        );
    }
    let of_one = figure(&mut world, &config, "closed", &json!({ "group": "Wide" }));
    assert_eq!(of_one.total, 1);
}

/// Section 11.4: the fields that a knowledge object names are those of its event, and no other event has more.
#[test]
fn a_knowledge_object_names_the_fields_of_its_event() {
    let config = config(|c| {
        c["events"] = json!({ "raise": { "ticket_created": "info", "ticket_closed": "info" } });
    });
    let mut world = a_week(&config);
    let map = json!({ "command": "auto_map", "inventory": { "groups": [
        { "group": { "id": "48Tech", "email": "it@bigdesign.com" },
            "systems": [{ "id": "48Tech-DC9", "os": "windows", "macs": ["00-15-5D-99-99-99"] }] },
        { "group": { "id": "Bakery", "email": "corner.bakery@gmail.com" } },
    ] } });
    run(&mut world, &config, asked(map)).0.unwrap();
    let all = events(&mut world, &config, &json!({}));
    for object in definitions().knowledge_objects {
        let of_kind: Vec<Value> = all
            .iter()
            .filter(|event| event.event == object.event)
            .map(|event| serde_json::to_value(event).unwrap())
            .collect();
        assert!(!of_kind.is_empty(), "{}", object.name);
        let named: Vec<&str> = object.fields.iter().map(|field| field.name).collect();
        for event in &of_kind {
            for key in event.as_object().unwrap().keys() {
                assert!(named.contains(&key.as_str()), "{}: {key}", object.name);
            }
        }
        for key in ["id", "at", "event"] {
            assert!(of_kind.iter().all(|event| event.get(key).is_some()));
        }
    }
}
