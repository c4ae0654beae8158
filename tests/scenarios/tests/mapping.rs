//! Guide 000 (Netsurion Open XDR), sections 6 to 8: groups and systems are mapped to companies and configurations, by rule and
//! by hand, and the maps of statuses and priorities are whole. With the guide's own names.

#![allow(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a scenario prints its steps and fails by panicking"
)]

use casewire::{
    AutoMapItem, AutoMapOutcome, AutoMapReport, Case, CaseResult, Code, Command, Config,
    CustomerChange, CustomerFinding, Error, Event, Mapping, MappingFilter, MappingKey,
    MappingOrigin, MappingPage, MappingTarget, MappingsChanged, Outcome, Schedule, Settings,
    Subject, Task,
};
use casewire_scenarios::{Life, World, case_document, document, submit};
use serde_json::{Value, json};
use std::time::Duration;

fn step(name: &str) {
    println!("{name}");
}

/// The configuration of the guide with automatic mapping and without any map.
fn config(change: impl Fn(&mut Value)) -> Config {
    let mut document = document(false);
    document["companies"]["auto_map"] = json!({ "email_domain": true });
    document["configurations"] = json!({ "auto_map": { "mac": true } });
    change(&mut document);
    Config::from_json(document.to_string().as_bytes()).unwrap()
}

fn command(document: Value) -> Command {
    Command::from_json(document.to_string().as_bytes()).unwrap()
}

/// Runs one command to its end, with everything that comes of it.
fn play(world: &mut World, config: &Config, asked: Command) -> (Result<Outcome, Error>, Life) {
    let life = world.live(config, vec![asked], None).unwrap();
    // The resume comes first, and is no command of ours.
    let mut results = life.finished.iter().filter(|finished| {
        finished.case_id.is_none() && !matches!(finished.result, Ok(Outcome::Resumed { .. }))
    });
    let result = results.next().unwrap().result.clone();
    (result, life)
}

fn changed(world: &mut World, config: &Config, asked: Value) -> MappingsChanged {
    match play(world, config, command(asked)).0 {
        Ok(Outcome::MappingsChanged(changed)) => *changed,
        other => panic!("{other:?}"),
    }
}

fn refused(world: &mut World, config: &Config, asked: Value) -> Vec<(String, Code)> {
    let error = play(world, config, command(asked)).0.unwrap_err();
    let faults = error.faults.into_iter();
    faults.map(|fault| (fault.pointer, fault.code)).collect()
}

fn auto_map(world: &mut World, config: &Config, inventory: &Value) -> AutoMapReport {
    let asked = command(json!({ "command": "auto_map", "inventory": inventory }));
    match play(world, config, asked).0 {
        Ok(Outcome::AutoMapped(report)) => *report,
        other => panic!("{other:?}"),
    }
}

fn page(world: &mut World, config: &Config, asked: Value) -> MappingPage {
    match play(world, config, command(asked)).0 {
        Ok(Outcome::Mappings(page)) => *page,
        other => panic!("{other:?}"),
    }
}

fn all(world: &mut World, config: &Config) -> Vec<Mapping> {
    page(world, config, json!({ "command": "list_mappings" })).mappings
}

fn schedule(world: &mut World, config: &Config) -> Schedule {
    match play(world, config, Command::DueTasks).0 {
        Ok(Outcome::Schedule(schedule)) => schedule,
        other => panic!("{other:?}"),
    }
}

fn is_due(schedule: &Schedule, task: Task) -> bool {
    schedule.tasks.iter().any(|due| due.task == task && due.now)
}

fn item<'a>(report: &'a AutoMapReport, id: &str) -> &'a AutoMapItem {
    report.items.iter().find(|item| item.id == id).unwrap()
}

fn name(target: Option<&MappingTarget>) -> String {
    target.map(MappingTarget::name).unwrap_or_default()
}

/// What was told of a group or system, oldest first.
fn told(world: &World, subject: &Subject) -> Vec<Event> {
    let mut of_subject: Vec<_> = world
        .delivered
        .values()
        .filter(|delivery| delivery.subject == *subject)
        .collect();
    of_subject.sort_by_key(|delivery| {
        let number = delivery.id.rsplit(':').next().unwrap_or_default();
        number.parse::<u64>().unwrap_or_default()
    });
    let events = of_subject.into_iter();
    events.map(|delivery| delivery.event.clone()).collect()
}

fn group(id: &str) -> Subject {
    Subject::Group(id.to_owned())
}

fn system(id: &str) -> Subject {
    Subject::System(id.to_owned())
}

/// The guide's groups and systems. 48Tech-DC1 has the MAC of BigDesign-WRK2; 48Tech-FW1 sends syslog and has none.
fn inventory() -> Value {
    json!({ "groups": [
        {
            "group": { "id": "48Tech", "name": "48Tech", "email": "it@bigdesign.com" },
            "systems": [
                { "id": "48Tech-DC1", "name": "48Tech-DC1", "os": "windows", "macs": ["00:15:5d:01:4f:a1"] },
                { "id": "48Tech-Exchsvr1", "name": "48Tech-Exchsvr1", "os": "windows", "macs": ["0015.5D01.4FB7"] },
                { "id": "48Tech-FW1", "name": "48Tech-FW1" },
            ],
        },
        { "group": { "id": "5Ktech", "name": "5Ktech", "email": "Office <office@BIGDESIGN.com>" } },
        { "group": { "id": "Bakery", "name": "Corner Bakery", "email": "corner.bakery@gmail.com" } },
        { "group": { "id": "Elsewhere", "email": "it@elsewhere.example" } },
    ] })
}

fn to_big_design(groups: &[&str]) -> Value {
    let mappings = groups.iter().map(
        |group| json!({ "kind": "group", "id": group, "company": { "identifier": "BigDesign" } }),
    );
    json!({ "command": "set_mapping", "by": "EventTrackerAdmin", "mappings": mappings.collect::<Vec<_>>() })
}

fn to_wrk1(systems: &[&str]) -> Value {
    let mappings = systems.iter().map(|system| {
        json!({ "kind": "system", "id": system, "group": "48Tech", "configuration": { "name": "BigDesign-Wrk1" } })
    });
    json!({ "command": "set_mapping", "by": "EventTrackerAdmin", "mappings": mappings.collect::<Vec<_>>() })
}

fn case(id: &str, change: impl Fn(&mut Value)) -> Vec<Case> {
    let mut document = case_document(id);
    change(&mut document);
    vec![Case::from_json(document.to_string().as_bytes()).unwrap()]
}

fn outcome(life: &Life, id: &str) -> CaseResult {
    let found = life
        .finished
        .iter()
        .rev()
        .find_map(|finished| match &finished.result {
            Ok(Outcome::Case(case)) if case.case_id == id => Some(case.outcome),
            _ => None,
        });
    found.unwrap_or_else(|| panic!("{:#?}", life.finished))
}

#[test]
fn sections_6_to_8_of_guide_000() {
    let mut world = World::new(1);
    let selected = config(|c| {
        c["companies"]["auto_map"]["groups"] = json!(["48Tech", "5Ktech", "Bakery"]);
    });

    step("6.2 step 6: Test Connection");
    let (tested, _) = play(&mut world, &selected, Command::TestConnection);
    assert!(matches!(tested, Ok(Outcome::Connection(report)) if report.ok));

    step("6.2 step 7: groups are selected, and Save maps them automatically");
    assert!(is_due(&schedule(&mut world, &selected), Task::AutoMap));
    let report = auto_map(&mut world, &selected, &inventory());
    for id in ["48Tech", "5Ktech"] {
        let item = item(&report, id);
        assert_eq!(item.outcome, AutoMapOutcome::Mapped, "{item:?}");
        assert_eq!(name(item.target.as_ref()), "Big Design, Inc.");
        assert!(item.reason.contains("bigdesign.com"), "{item:?}");
    }
    assert_eq!(
        name(item(&report, "48Tech-DC1").target.as_ref()),
        "BigDesign-WRK2"
    );
    assert!(
        report.items.iter().all(|item| item.id != "Elsewhere"),
        "only selected groups are touched"
    );

    step("6.1 note: a sensor without a MAC is not mapped automatically");
    assert_eq!(item(&report, "48Tech-FW1").outcome, AutoMapOutcome::Refused);
    assert_eq!(told(&world, &system("48Tech-FW1")), []);

    step("6.2 step 8: what is mapped is listed");
    let mapped = all(&mut world, &selected);
    let listed: Vec<(String, String)> = mapped
        .iter()
        .filter(|mapping| mapping.state.target.is_some())
        .map(|mapping| (mapping.id.clone(), name(mapping.state.target.as_ref())))
        .collect();
    let pair = |id: &str, target: &str| (id.to_owned(), target.to_owned());
    assert_eq!(
        listed,
        [
            pair("48Tech", "Big Design, Inc."),
            pair("5Ktech", "Big Design, Inc."),
            pair("48Tech-DC1", "BigDesign-WRK2"),
            pair("48Tech-Exchsvr1", "BigDesign-DC1"),
        ]
    );

    step("6.2 note: a failure is reported as an event, once");
    assert!(matches!(
        told(&world, &group("Bakery")).as_slice(),
        [Event::GroupMappingFailed { reason }] if reason.contains("gmail.com")
    ));
    auto_map(&mut world, &selected, &inventory());
    assert_eq!(told(&world, &group("Bakery")).len(), 1);
    assert_eq!(told(&world, &group("48Tech")).len(), 1);

    step("6.2 note: by default, the Auto-map is initiated every 6 hours");
    let plan = schedule(&mut world, &selected);
    assert!(!is_due(&plan, Task::AutoMap));
    let due = plan
        .tasks
        .iter()
        .find(|due| due.task == Task::AutoMap)
        .unwrap();
    assert_eq!(due.every.to_string(), "6h");
    world.pass_until(world.now.after(Duration::from_secs(6 * 3600)));
    assert!(is_due(&schedule(&mut world, &selected), Task::AutoMap));

    step("6.2 step 9: Remove map, and automatic mapping leaves it removed");
    let systems = json!([
        { "kind": "system", "id": "48Tech-DC1" }, { "kind": "system", "id": "48Tech-Exchsvr1" },
    ]);
    let removal = json!({ "command": "remove_mapping", "by": "John", "mappings": systems });
    let removed = changed(&mut world, &selected, removal);
    assert_eq!(removed.changed, 2);
    assert!(matches!(
        told(&world, &system("48Tech-DC1")).as_slice(),
        [Event::SystemMapped { .. }, Event::MappingRemoved { .. }]
    ));
    let report = auto_map(&mut world, &selected, &inventory());
    let dc1 = item(&report, "48Tech-DC1");
    assert_eq!(
        (dc1.outcome, &dc1.target),
        (AutoMapOutcome::LeftAlone, &None)
    );

    step(
        "6.2 note: a group that failed is mapped by hand, and Save maps its systems automatically",
    );
    let by_hand = json!({ "command": "set_mapping", "by": "EventTrackerAdmin", "mappings": [
        { "kind": "group", "id": "Bakery", "company": { "name": "Corner Bakery" } },
    ] });
    changed(&mut world, &selected, by_hand);
    let plan = schedule(&mut world, &selected);
    let due = plan
        .tasks
        .iter()
        .find(|due| due.task == Task::AutoMap)
        .unwrap();
    assert!(due.now && due.reason.is_some(), "on save: {due:?}");
    let report = auto_map(&mut world, &selected, &inventory());
    assert_eq!(item(&report, "Bakery").outcome, AutoMapOutcome::LeftAlone);
    assert!(!is_due(&schedule(&mut world, &selected), Task::AutoMap));

    step("7.2 step 8: 48Tech and 5Ktech are mapped to Big Design, Inc. by hand");
    let set = changed(&mut world, &selected, to_big_design(&["48Tech", "5Ktech"]));
    assert_eq!(set.mappings.len(), 2);
    for mapping in &set.mappings {
        assert_eq!(mapping.company().unwrap().name, "Big Design, Inc.");
        assert_eq!(mapping.state.origin, MappingOrigin::Manual);
        assert_eq!(mapping.state.by.as_deref(), Some("EventTrackerAdmin"));
    }
    let before = &set.mappings.first().unwrap().history;
    assert!(matches!(before.as_slice(), [state] if state.origin == MappingOrigin::Automatic));

    step("7.2 step 13 note: only configurations of the group's company are offered");
    let foreign = json!({ "command": "set_mapping", "mappings": [
        { "kind": "system", "id": "48Tech-DC1", "group": "48Tech", "configuration": { "name": "WideWorld-WRK1" } },
        { "kind": "system", "id": "48Tech-FW1", "group": "Nobody", "configuration": { "name": "BigDesign-Wrk1" } },
    ] });
    assert_eq!(
        refused(&mut world, &selected, foreign),
        [
            (
                "/mappings/0/configuration".to_owned(),
                Code::UnusableConfiguration
            ),
            ("/mappings/1/group".to_owned(), Code::UnmappedGroup),
        ]
    );

    step("7.2 step 14: 48Tech-DC1 and 48Tech-Exchsvr1 are mapped to BigDesign-Wrk1, many to one");
    let set = changed(
        &mut world,
        &selected,
        to_wrk1(&["48Tech-DC1", "48Tech-Exchsvr1"]),
    );
    for mapping in &set.mappings {
        assert_eq!(mapping.configuration().unwrap().name, "BigDesign-WRK1");
    }
    let report = auto_map(&mut world, &selected, &inventory());
    for id in ["48Tech", "5Ktech", "48Tech-DC1", "48Tech-Exchsvr1"] {
        assert_eq!(item(&report, id).outcome, AutoMapOutcome::LeftAlone, "{id}");
    }

    step("7.2 step 17: what was saved is used: the ticket has company and configuration");
    let life = world
        .live(&selected, submit(case("10012", |_| {})), None)
        .unwrap();
    assert_eq!(outcome(&life, "10012"), CaseResult::Opened);
    let seen = world
        .look()
        .tickets
        .remove("acme-soc:10012")
        .unwrap()
        .remove(0);
    assert_eq!(seen.configurations, ["BigDesign-WRK1"]);
    let ticket = world
        .psa
        .record("service/tickets", seen.id.try_into().unwrap())
        .unwrap();
    assert_eq!(ticket["company"]["name"], "Big Design, Inc.");

    step("7.2 step 18: Remove map, and the group's next case waits");
    let removal =
        json!({ "command": "remove_mapping", "mappings": [{ "kind": "group", "id": "48Tech" }] });
    changed(&mut world, &selected, removal);
    let life = world
        .live(&selected, submit(case("10010", |_| {})), None)
        .unwrap();
    assert_eq!(outcome(&life, "10010"), CaseResult::Held);

    step("7.2 note: mapped again, it goes on by itself");
    let (set, life) = play(&mut world, &selected, command(to_big_design(&["48Tech"])));
    assert!(matches!(set, Ok(Outcome::MappingsChanged(set)) if set.held_cases == 1));
    assert_eq!(outcome(&life, "10010"), CaseResult::Opened);

    step("8.1 note: it is mandatory to map all the ticket statuses");
    let catalog = play(&mut world, &selected, Command::ReadCatalog).0;
    assert!(matches!(catalog, Ok(Outcome::Catalog(_))));
    let gap = config(|c| {
        let map = &mut c["status_map"]["Professional Services"]["to_case"];
        map.as_object_mut()
            .unwrap()
            .remove("Waiting Customer Response");
    });
    let error = play(&mut world, &gap, Command::ReadCatalog).0.unwrap_err();
    assert!(
        error.to_string().contains("Waiting Customer Response"),
        "{error}"
    );

    step("8.2 note: it is mandatory to map all the priorities");
    let case_of = |severity: &str| {
        let mut document = case_document("10013");
        document["severity"] = json!(severity);
        document.to_string()
    };
    let settings = Settings::new(selected).unwrap();
    assert!(
        settings
            .case_from_json(case_of("critical").as_bytes())
            .is_ok()
    );
    let error = settings
        .case_from_json(case_of("high").as_bytes())
        .unwrap_err();
    assert_eq!(error.code, Code::UnmappedSeverity);
}

#[test]
fn automatic_mapping_never_touches_what_a_person_decided() {
    let mut world = World::new(1);
    let config = config(|_| {});
    let wide = json!({ "command": "set_mapping", "mappings": [
        { "kind": "group", "id": "48Tech", "company": { "identifier": "WideWorld" } },
        { "kind": "system", "id": "48Tech-DC1", "group": "48Tech", "configuration": { "name": "WideWorld-WRK1" } },
    ] });
    changed(&mut world, &config, wide);
    let removal =
        json!({ "command": "remove_mapping", "mappings": [{ "kind": "group", "id": "5Ktech" }] });
    changed(&mut world, &config, removal);
    let before = all(&mut world, &config);
    auto_map(&mut world, &config, &inventory());
    let after = all(&mut world, &config);
    for mapping in before {
        let now = after.iter().find(|now| now.key() == mapping.key());
        assert_eq!(now, Some(&mapping));
    }

    let release = json!({ "command": "release_mapping", "mappings": [
        { "kind": "group", "id": "48Tech" }, { "kind": "group", "id": "5Ktech" }, { "kind": "system", "id": "48Tech-DC1" },
    ] });
    let released = changed(&mut world, &config, release);
    assert!(
        released
            .mappings
            .iter()
            .all(|mapping| mapping.state.target.is_none())
    );
    let report = auto_map(&mut world, &config, &inventory());
    for (id, target) in [
        ("48Tech", "Big Design, Inc."),
        ("5Ktech", "Big Design, Inc."),
        ("48Tech-DC1", "BigDesign-WRK2"),
    ] {
        assert_eq!(name(item(&report, id).target.as_ref()), target);
    }
}

#[test]
fn running_it_twice_changes_nothing_and_a_dry_run_nothing_at_all() {
    let mut world = World::new(1);
    let config = config(|_| {});
    let asked = json!({ "command": "auto_map", "inventory": inventory(), "dry_run": true });
    let (report, _) = play(&mut world, &config, command(asked));
    assert!(
        matches!(report, Ok(Outcome::AutoMapped(report)) if report.dry_run && report.mapped == 4)
    );
    assert_eq!(all(&mut world, &config), []);
    assert!(world.delivered.is_empty());
    auto_map(&mut world, &config, &inventory());
    let (before, told) = (all(&mut world, &config), world.delivered.len());
    let report = auto_map(&mut world, &config, &inventory());
    assert_eq!((report.mapped, report.kept), (0, 4));
    assert_eq!(all(&mut world, &config), before);
    assert_eq!(world.delivered.len(), told);
}

#[test]
fn held_cases_go_on_when_automatic_mapping_finds_their_company() {
    let mut world = World::new(1);
    let config = config(|_| {});
    let cases = [case("10012", |_| {}), case("10010", |_| {})].concat();
    let life = world.live(&config, submit(cases), None).unwrap();
    assert_eq!(outcome(&life, "10012"), CaseResult::Held);
    let asked = json!({ "command": "auto_map", "inventory": inventory() });
    let (report, life) = play(&mut world, &config, command(asked));
    assert!(matches!(report, Ok(Outcome::AutoMapped(report)) if report.held_cases == 2));
    for id in ["10012", "10010"] {
        assert_eq!(outcome(&life, id), CaseResult::Opened);
        assert_eq!(world.look().tickets[&format!("acme-soc:{id}")].len(), 1);
    }
}

#[test]
fn a_bad_mapping_saves_none_of_its_neighbours() {
    let mut world = World::new(1);
    let config = config(|c| {
        c["companies"]["map"] =
            json!([{ "group": "5Ktech", "company": { "identifier": "BigDesign" } }]);
    });
    let asked = json!({ "command": "set_mapping", "mappings": [
        { "kind": "group", "id": "48Tech", "company": { "identifier": "BigDesign" } },
        { "kind": "group", "id": "48Tech", "company": { "identifier": "WideWorld" } },
        { "kind": "group", "id": "5Ktech", "company": { "identifier": "WideWorld" } },
        { "kind": "group", "id": "a", "company": { "identifier": "NoSuch" } },
        { "kind": "group", "id": "b", "company": { "identifier": "GoneCorp" } },
        { "kind": "group", "id": "c", "company": { "name": "Northwind" } },
        { "kind": "group", "id": " ", "company": { "identifier": "" } },
        { "kind": "system", "id": "s", "group": "48Tech", "configuration": { "name": "BigDesign-OLD1" } },
    ] });
    let expected = [
        ("/mappings/1/id", Code::RepeatedMapping),
        ("/mappings/2/id", Code::MappedByConfiguration),
        ("/mappings/3/company", Code::UnusableCompany),
        ("/mappings/4/company", Code::UnusableCompany),
        ("/mappings/5/company", Code::UnusableCompany),
        ("/mappings/6/company", Code::InvalidValue),
        ("/mappings/6/id", Code::InvalidValue),
        ("/mappings/7/configuration", Code::UnusableConfiguration),
    ];
    let expected = expected.map(|(place, code)| (place.to_owned(), code));
    assert_eq!(refused(&mut world, &config, asked), expected);
    let listed = all(&mut world, &config);
    assert!(
        matches!(listed.as_slice(), [only] if only.state.origin == MappingOrigin::Configuration),
        "{listed:?}"
    );
    let removal =
        json!({ "command": "remove_mapping", "mappings": [{ "kind": "group", "id": "5Ktech" }] });
    assert_eq!(
        refused(&mut world, &config, removal),
        [("/mappings/0/id".to_owned(), Code::MappedByConfiguration)]
    );
}

#[test]
fn requests_for_automatic_mapping_are_refused_whole() {
    let mut world = World::new(1);
    let off = config(|c| {
        c["companies"]["auto_map"] = json!({ "email_domain": false });
        c["configurations"] = json!({});
    });
    let asked = json!({ "command": "auto_map", "groups": ["Nobody"], "inventory": { "groups": [
        { "group": { "id": "a" } }, { "group": { "id": "a" } },
    ] } });
    assert_eq!(
        refused(&mut world, &off, asked),
        [
            (String::new(), Code::AutoMapOff),
            ("/groups/0".to_owned(), Code::UnknownGroup),
            (
                "/inventory/groups/1/group/id".to_owned(),
                Code::InvalidValue
            ),
        ]
    );
}

#[test]
fn mappings_are_listed_by_page_the_configurations_among_them() {
    let mut world = World::new(1);
    let config = config(|c| {
        c["companies"]["map"] = json!([
            { "group": "m", "company": { "identifier": "WideWorld" } },
            { "group": "zz", "company": { "identifier": "WideWorld" } },
        ]);
    });
    let groups = ["a/b", "b", "m2", "z", "\u{fc}ber"];
    changed(&mut world, &config, to_big_design(&groups));
    let mut listed = Vec::new();
    let mut after = Value::Null;
    for _ in 0..10 {
        let asked = json!({ "command": "list_mappings", "limit": 2, "after": after });
        let page = page(&mut world, &config, asked);
        assert!(page.mappings.len() <= 2);
        listed.extend(page.mappings.into_iter().map(|mapping| mapping.id));
        match page.next {
            Some(next) => after = json!(next),
            None => break,
        }
    }
    assert_eq!(listed, ["\u{fc}ber", "a/b", "b", "m", "m2", "z", "zz"]);

    let filter = MappingFilter {
        origin: Some(MappingOrigin::Configuration),
        text: Some("WIDEWORLD".to_owned()),
        ..MappingFilter::default()
    };
    let asked = json!({ "command": "list_mappings", "filter": filter });
    let found: Vec<String> = page(&mut world, &config, asked)
        .mappings
        .into_iter()
        .map(|mapping| mapping.id)
        .collect();
    assert_eq!(found, ["m", "zz"]);
    let asked = json!({ "command": "list_mappings", "limit": 0, "after": "elsewhere" });
    assert_eq!(
        refused(&mut world, &config, asked),
        [
            ("/after".to_owned(), Code::UnknownPlace),
            ("/limit".to_owned(), Code::InvalidValue),
        ]
    );
}

#[test]
fn no_tickets_are_made_for_groups_that_run_for_leaves_out() {
    let mut world = World::new(1);
    let config = config(|c| c["companies"]["run_for"] = json!(["5Ktech"]));
    changed(&mut world, &config, to_big_design(&["48Tech", "5Ktech"]));
    let life = world
        .live(&config, submit(case("10012", |_| {})), None)
        .unwrap();
    assert_eq!(
        (outcome(&life, "10012"), life.requests),
        (CaseResult::Unchanged, 0)
    );
    let other = case("10014", |c| {
        c["group"]["id"] = json!("5Ktech");
        c["system"] = Value::Null;
    });
    let life = world.live(&config, submit(other), None).unwrap();
    assert_eq!(outcome(&life, "10014"), CaseResult::Opened);
}

#[test]
fn a_catch_all_that_grows_is_told_of_once_a_day() {
    let mut world = World::new(1);
    let config = config(|c| {
        c["companies"]["unmapped"] = json!({ "policy": "catch_all", "company": { "identifier": "CatchAll" }, "alarm_at": 2 });
    });
    let instance = Subject::Instance("acme-soc".to_owned());
    let submitted = |world: &mut World, numbers: std::ops::Range<u32>| {
        let cases =
            numbers.flat_map(|number| case(&number.to_string(), |c| c["system"] = Value::Null));
        world.live(&config, submit(cases.collect()), None).unwrap();
    };
    submitted(&mut world, 1..3);
    assert_eq!(told(&world, &instance), []);
    submitted(&mut world, 3..6);
    assert!(matches!(
        told(&world, &instance).as_slice(),
        [Event::CatchAllGrows { tickets: 3, company, day }] if company == "Catchall" && day == "2019-02-11"
    ));
    world.pass_until(world.now.after(Duration::from_secs(24 * 3600)));
    submitted(&mut world, 6..9);
    assert_eq!(told(&world, &instance).len(), 2);
}

#[test]
fn a_list_goes_out_and_comes_in_again() {
    let mut world = World::new(1);
    let config = config(|_| {});
    auto_map(&mut world, &config, &inventory());
    changed(&mut world, &config, to_wrk1(&["48Tech-Exchsvr1"]));
    let table = match play(
        &mut world,
        &config,
        command(json!({ "command": "export_mappings" })),
    )
    .0
    {
        Ok(Outcome::MappingTable(table)) => table,
        other => panic!("{other:?}"),
    };
    assert_eq!((table.rows, table.next), (4, None));
    let before = all(&mut world, &config);
    let again = json!({ "command": "import_mappings", "csv": table.csv });
    assert_eq!(
        changed(&mut world, &config, again).changed,
        1,
        "the manual one has another reason now"
    );
    let automatic = |mappings: &[Mapping]| -> Vec<Mapping> {
        let mut mappings = mappings.to_vec();
        mappings.retain(|mapping| mapping.state.origin == MappingOrigin::Automatic);
        mappings
    };
    assert_eq!(automatic(&all(&mut world, &config)), automatic(&before));

    let csv = "kind,id,company_identifier,configuration_name,group\r\n\
               group,Elsewhere,WideWorld,,\r\ngroup,Bakery,NoSuch,,\r\nsystem,s1,,WideWorld-WRK1,Elsewhere\r\nsystem,s2,,x,\r\n";
    let expected = [
        ("/lines/3/company", Code::UnusableCompany),
        ("/lines/5/group", Code::MissingKey),
    ];
    let expected = expected
        .map(|(place, code)| (place.to_owned(), code))
        .to_vec();
    let whole = json!({ "command": "import_mappings", "csv": csv });
    assert_eq!(refused(&mut world, &config, whole), expected);
    let good = json!({ "command": "import_mappings", "csv": csv, "good_rows": true, "by": "Ada" });
    let taken = changed(&mut world, &config, good);
    assert_eq!(taken.mappings.len(), 2);
    let left: Vec<_> = taken
        .left_out
        .into_iter()
        .map(|fault| (fault.pointer, fault.code))
        .collect();
    assert_eq!(left, expected);
}

#[test]
fn suggestions_are_accepted_with_their_evidence() {
    let mut world = World::new(1);
    let config = config(|_| {});
    let inventory = json!({ "groups": [
        { "group": { "id": "g1", "name": "Wide World Importers" }, "systems": [{ "id": "s1", "name": "WideWorld-WRK1" }] },
        { "group": { "id": "g2", "name": "Northwind" } },
    ] });
    let suggest = json!({ "command": "suggest_mappings", "inventory": inventory });
    let suggested = match play(&mut world, &config, command(suggest)).0 {
        Ok(Outcome::SuggestedMappings(suggested)) => suggested,
        other => panic!("{other:?}"),
    };
    let best = suggested
        .groups
        .first()
        .unwrap()
        .candidates
        .first()
        .unwrap();
    assert_eq!(best.company.identifier, "WideWorld");
    assert!(suggested.systems.is_empty(), "its group is not mapped");
    let accept = json!({ "command": "accept_suggestions", "inventory": inventory, "at_least": best.score, "by": "Ada" });
    let accepted = changed(&mut world, &config, accept.clone());
    assert_eq!(accepted.mappings.len(), 1);
    let state = &accepted.mappings.first().unwrap().state;
    assert!(
        state.reason.contains(&best.evidence.first().unwrap().text),
        "{state:?}"
    );
    assert_eq!(
        accepted.left_out.len(),
        1,
        "two companies are called Northwind"
    );
    assert!(world.delivered.values().any(|delivery| {
        delivery.subject == group("g1") && matches!(delivery.event, Event::GroupMapped { .. })
    }));
    let only = json!({ "command": "accept_suggestions", "inventory": inventory, "at_least": 1,
        "only": [MappingKey::system("s1")] });
    let accepted = changed(&mut world, &config, only);
    assert_eq!(
        accepted
            .mappings
            .first()
            .unwrap()
            .configuration()
            .unwrap()
            .name,
        "WideWorld-WRK1"
    );
}

#[test]
fn a_list_may_name_a_company_by_its_name_where_only_one_has_it() {
    let mut world = World::new(1);
    let config = config(|_| {});
    let csv = "kind,id,company_name\r\ngroup,Elsewhere,wide world importers\r\ngroup,Bakery,Northwind\r\n\
               group,48Tech,Nobody Inc.\r\n";
    let ambiguous = [
        ("/lines/3/company".to_owned(), Code::UnusableCompany),
        ("/lines/4/company".to_owned(), Code::UnusableCompany),
    ];
    let whole = json!({ "command": "import_mappings", "csv": csv });
    assert_eq!(refused(&mut world, &config, whole), ambiguous);
    assert_eq!(all(&mut world, &config), []);
    let good = json!({ "command": "import_mappings", "csv": csv, "good_rows": true });
    let taken = changed(&mut world, &config, good);
    assert_eq!(taken.mappings.len(), 1);
    assert_eq!(taken.mappings[0].company().unwrap().identifier, "WideWorld");
}

/// Changes fields of a company, as an administrator would.
fn edit_company(world: &mut World, identifier: &str, fields: &Value) {
    let companies = world.psa.raw("company/companies").unwrap();
    let found = companies
        .iter()
        .find(|company| company["identifier"] == identifier);
    let id = found.unwrap()["id"].as_i64().unwrap();
    let mut administrator = world.psa.technician("zadmin");
    let fields = fields.as_object().unwrap().clone();
    administrator
        .edit_setup("company/companies", id, fields)
        .unwrap();
}

fn customers(world: &mut World, config: &Config, inventory: &Value) -> Vec<CustomerFinding> {
    let asked = command(json!({ "command": "sync_customers", "inventory": inventory }));
    match play(world, config, asked).0 {
        Ok(Outcome::Customers(report)) => report.findings,
        other => panic!("{other:?}"),
    }
}

/// Guide 004, "Sync Customers".
#[test]
fn customers_are_compared_with_companies() {
    let mut world = World::new(1);
    let config = config(|_| {});
    auto_map(&mut world, &config, &inventory());
    changed(
        &mut world,
        &config,
        json!({ "command": "set_mapping", "mappings": [
            { "kind": "group", "id": "Bakery", "name": "Corner Bakery", "company": { "identifier": "CornerBakery" } },
            { "kind": "group", "id": "Elsewhere", "company": { "identifier": "WideWorld" } },
            { "kind": "group", "id": "Tampa", "company": { "identifier": "NorthTampa" } },
        ] }),
    );
    let of_groups = |findings: &[CustomerFinding]| -> Vec<(String, CustomerChange)> {
        let of_groups = findings
            .iter()
            .filter_map(|finding| Some((finding.group.clone()?, finding.change.clone())));
        of_groups.collect()
    };
    let new_companies = |findings: &[CustomerFinding]| -> Vec<String> {
        let new = findings
            .iter()
            .filter(|finding| finding.change == CustomerChange::CompanyNew);
        new.map(|finding| finding.company.clone().unwrap().identifier)
            .collect()
    };

    step("what is as it was is not told; a company that nobody has is new");
    let findings = customers(&mut world, &config, &inventory());
    assert_eq!(
        of_groups(&findings),
        [("Tampa".to_owned(), CustomerChange::GroupGone)]
    );
    let new = new_companies(&findings);
    assert!(new.contains(&"NorthMiami".to_owned()), "{new:?}");
    for taken in ["BigDesign", "CornerBakery", "WideWorld", "NorthTampa"] {
        assert!(!new.contains(&taken.to_owned()), "{taken}: {new:?}");
    }

    step("new, gone, renamed and merged");
    world.pass_until(world.now.after(Duration::from_secs(3600)));
    edit_company(
        &mut world,
        "WideWorld",
        &json!({ "name": "Wide World Traders" }),
    );
    edit_company(&mut world, "CornerBakery", &json!({ "deletedFlag": true }));
    edit_company(&mut world, "NorthTampa", &json!({ "deletedFlag": true }));
    let mut now = inventory();
    let groups = now["groups"].as_array_mut().unwrap();
    groups[1]["group"]["name"] = json!("5K Technologies");
    groups.push(json!({ "group": { "id": "Fresh" } }));
    groups.push(json!({ "group": { "id": "Tampa" } }));
    let before = all(&mut world, &config);
    let findings = customers(&mut world, &config, &now);
    let found = of_groups(&findings);
    let change = |id: &str| {
        let of_group = found.iter().filter(|(group, _)| group == id);
        of_group
            .map(|(_, change)| change.clone())
            .collect::<Vec<_>>()
    };
    assert_eq!(
        change("5Ktech"),
        [CustomerChange::GroupRenamed {
            from: "5Ktech".to_owned()
        }]
    );
    assert_eq!(change("Fresh"), [CustomerChange::GroupNew]);
    assert_eq!(change("Bakery"), [CustomerChange::CompanyGone]);
    assert_eq!(
        change("Elsewhere"),
        [CustomerChange::CompanyRenamed {
            from: "Wide World Importers (WideWorld)".to_owned()
        }]
    );
    assert!(
        matches!(change("Tampa").as_slice(), [CustomerChange::CompanyMerged { into }] if into.identifier == "NorthMiami"),
        "{found:?}"
    );
    assert_eq!(found.len(), 5, "{found:?}");
    assert!(!new_companies(&findings).contains(&"NorthMiami".to_owned()));
    assert_eq!(all(&mut world, &config), before, "no mapping is changed");

    step("a faulty inventory is refused with its places");
    let twice = json!({ "groups": [{ "group": { "id": "a" } }, { "group": { "id": "a" } }] });
    let asked = json!({ "command": "sync_customers", "inventory": twice });
    assert_eq!(
        refused(&mut world, &config, asked),
        [(
            "/inventory/groups/1/group/id".to_owned(),
            Code::InvalidValue
        )]
    );
}
