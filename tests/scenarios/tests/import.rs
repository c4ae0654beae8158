//! Companies, configurations and primary contacts are imported whole, refreshed by what has changed, and never lost in
//! silence, whatever the instance is like and whenever the host dies.

#![allow(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a scenario fails by panicking"
)]

use base64::{Engine, engine::general_purpose::STANDARD};
use casewire::{
    Code, Command, CompanyFilter, CompanyId, CompanyKey, Config, ConfigurationFilter, Error,
    FullImport, ImportFilter, ImportKind, ImportReport, ImportedCompany, ImportedConfiguration,
    ImportedPart, Outcome, Timestamp,
};
use casewire_scenarios::{Blow, BlowKind, Life, World, configuration, document};
use casewire_simulator::{
    COMPANY_ID, Fault, FaultRule, LastLink, Match, PRIVATE_KEY, PUBLIC_KEY, Request,
};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};
use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

const COMPANIES: &str = "company/companies";
const CONFIGURATIONS: &str = "company/configurations";
const CONTACTS: &str = "company/contacts";

/// An instance with that many more companies and configurations than the seed has.
fn world(companies: usize, configurations: usize) -> World {
    let mut world = World::new(1);
    world.psa.advance(world.now.millis());
    world.psa.populate(companies, configurations);
    world
}

fn everything() -> Command {
    command(&ImportKind::ALL, ImportFilter::default(), false)
}

fn command(what: &[ImportKind], filter: ImportFilter, full: bool) -> Command {
    Command::Import {
        what: what.to_vec(),
        filter,
        full,
    }
}

/// Imports in one life.
fn live(
    world: &mut World,
    config: &Config,
    command: Command,
    blow: Option<&Blow>,
) -> (Life, Option<Result<ImportReport, Error>>) {
    let mut life = world.live(config, vec![command], blow).unwrap();
    let results = std::mem::take(&mut life.finished);
    let report = results
        .into_iter()
        .find_map(|finished| match finished.result {
            Ok(Outcome::Imported(report)) => Some(Ok(*report)),
            Ok(Outcome::Resumed { .. }) => None,
            Ok(other) => unreachable!("{other:?}"),
            Err(error) => Some(Err(error)),
        });
    (life, report)
}

fn import(world: &mut World, command: Command) -> ImportReport {
    live(world, &configuration(true), command, None)
        .1
        .unwrap()
        .unwrap()
}

fn only(kind: ImportKind) -> Command {
    command(&[kind], ImportFilter::default(), false)
}

fn import_companies(world: &mut World) -> ImportedPart {
    import(world, only(ImportKind::Companies))
        .companies
        .unwrap()
}

/// What the store holds of a kind, as mapping reads it.
fn held<T: DeserializeOwned>(world: &World, kind: ImportKind) -> Vec<T> {
    let records: BTreeMap<String, Value> = world
        .store
        .records()
        .map(|record| (record.key, serde_json::from_str(&record.value).unwrap()))
        .collect();
    let cursor = records[&format!("acme-soc/import/{}", kind.name())].clone();
    let Some(generation) = cursor["holding"]["generation"].as_u64() else {
        return Vec::new();
    };
    let prefix = format!("acme-soc/imported/{}/{generation:010}/", kind.name());
    let rows: Vec<T> = records
        .into_iter()
        .filter(|(key, _)| key.starts_with(&prefix))
        .flat_map(|(_, record)| record["rows"].as_array().unwrap().clone())
        .map(|row| serde_json::from_value(row).unwrap())
        .collect();
    assert_eq!(cursor["holding"]["rows"], json!(rows.len()));
    rows
}

fn companies(world: &World) -> Vec<ImportedCompany> {
    held(world, ImportKind::Companies)
}

fn configurations(world: &World) -> Vec<ImportedConfiguration> {
    held(world, ImportKind::Configurations)
}

/// The instance's companies, as they should be held.
fn true_companies(world: &World) -> Vec<ImportedCompany> {
    let names = ["", "Active", "Inactive", "Credit Hold"];
    let rows = world.psa.raw(COMPANIES).unwrap();
    rows.into_iter()
        .map(|row| ImportedCompany {
            id: CompanyId(number(&row["id"])),
            identifier: text(&row["identifier"]),
            name: text(&row["name"]),
            deleted: row["deletedFlag"] == true,
            status: names[number(&row["status"]["id"]) as usize].to_owned(),
            contact_emails: Vec::new(),
        })
        .collect()
}

/// Ids, companies and addresses of the instance's configurations, as they should be held.
fn true_configurations(world: &World) -> Vec<(u32, u32, String, String, bool)> {
    let rows = world.psa.raw(CONFIGURATIONS).unwrap();
    rows.into_iter()
        .map(|row| {
            (
                number(&row["id"]),
                number(&row["company"]["id"]),
                text(&row["name"]),
                text(&row["macAddress"]),
                row["activeFlag"] == false,
            )
        })
        .collect()
}

fn held_configurations(world: &World) -> Vec<(u32, u32, String, String, bool)> {
    let rows = configurations(world).into_iter();
    rows.map(|row| {
        (
            row.id.0,
            row.company.0,
            row.name,
            row.mac_address,
            row.inactive,
        )
    })
    .collect()
}

/// Companies of the instance with a primary contact, and its address.
fn true_contacts(world: &World) -> BTreeSet<(u32, String)> {
    let contacts = world.psa.raw(CONTACTS).unwrap();
    let primary = contacts
        .into_iter()
        .filter(|row| row["defaultFlag"] == true);
    primary
        .map(|row| {
            let items = row["communicationItems"].as_array().unwrap();
            let email = items
                .iter()
                .find(|item| item["communicationType"] == "Email");
            (
                number(&row["company"]["id"]),
                text(&email.unwrap()["value"]),
            )
        })
        .collect()
}

fn held_contacts(world: &World) -> BTreeSet<(u32, String)> {
    let rows: Vec<Value> = held(world, ImportKind::Contacts);
    rows.into_iter()
        .map(|row| (number(&row["company"]), text(&row["emails"][0])))
        .collect()
}

fn all_is_held(world: &World) {
    assert!(companies(world) == true_companies(world), "companies");
    assert!(
        held_configurations(world) == true_configurations(world),
        "configurations"
    );
    assert!(held_contacts(world) == true_contacts(world), "contacts");
}

fn number(value: &Value) -> u32 {
    u32::try_from(value.as_u64().unwrap()).unwrap()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

fn edit(world: &mut World, list: &str, id: u32, fields: Value) {
    let fields: Map<String, Value> = fields.as_object().unwrap().clone();
    world.psa.advance(world.now.millis());
    world
        .psa
        .technician("zadmin")
        .edit_setup(list, i64::from(id), fields)
        .unwrap();
}

fn pass(world: &mut World, minutes: u64) {
    let later = world.now.after(Duration::from_secs(minutes * 60));
    world.pass_until(later);
    world.psa.advance(later.millis());
}

/// Deletes a record, as a technician would in ConnectWise.
fn delete(world: &mut World, list: &str, id: u32) {
    let token = STANDARD.encode(format!("{COMPANY_ID}+{PUBLIC_KEY}:{PRIVATE_KEY}"));
    let target = format!("/v4_6_release/apis/3.0/{list}/{id}");
    let request = Request::new("DELETE", &target)
        .header("authorization", &format!("Basic {token}"))
        .header("clientid", "6f1f6f0e-3c1d-4a52-9a54-0b9f5f4f9e11");
    let answer = world.psa.handle(&request, world.now.millis());
    assert_eq!(answer.status, 204, "{}", answer.value());
}

fn asked(life: &Life, path: &str) -> Vec<String> {
    let path = format!("/{path}?");
    let sent = life.sent.iter().filter(|request| request.contains(&path));
    sent.cloned().collect()
}

#[test]
fn everything_is_read_once_a_thousand_records_a_page() {
    let mut world = world(2_100, 3_100);
    let (life, report) = live(&mut world, &configuration(true), everything(), None);
    let report = report.unwrap().unwrap();
    all_is_held(&world);
    let companies = report.companies.unwrap();
    assert_eq!(companies.full, Some(FullImport::First));
    assert_eq!(
        (companies.read, companies.changed, companies.removed),
        (companies.held, companies.held, 0)
    );
    assert_eq!((companies.requests, companies.held), (3, 2_109));
    assert_eq!(report.configurations.unwrap().requests, 4);
    assert_eq!(report.contacts.unwrap().requests, 3);
    assert_eq!(life.requests, 1 + 3 + 4 + 3);
    // Rows that lie side by side are one record: the store does not get a record a row.
    let records = world.store.records().count();
    assert!(records < 5 + 5 + 7 + 3 + 5, "{records}");
}

#[test]
fn an_import_begins_with_nothing_where_there_is_nothing() {
    let mut world = world(0, 0);
    let ids: Vec<u32> = held_ids(&world.psa.raw(CONFIGURATIONS).unwrap());
    for id in ids {
        delete(&mut world, CONFIGURATIONS, id);
    }
    let part = import(&mut world, only(ImportKind::Configurations))
        .configurations
        .unwrap();
    assert_eq!((part.held, part.read, part.until), (0, 0, None));
    let again = import(&mut world, only(ImportKind::Configurations))
        .configurations
        .unwrap();
    assert_eq!(again.full, Some(FullImport::NoTimes));
}

fn held_ids(rows: &[Value]) -> Vec<u32> {
    rows.iter().map(|row| number(&row["id"])).collect()
}

#[test]
fn only_what_has_changed_is_read_afterwards() {
    let mut world = world(2_100, 2_100);
    import(&mut world, everything());
    pass(&mut world, 120);
    edit(&mut world, COMPANIES, 700, json!({"name": "Renamed"}));
    edit(
        &mut world,
        CONFIGURATIONS,
        900,
        json!({"macAddress": "02:AB:00:00:00:01"}),
    );
    world.psa.populate(1, 1);
    let (life, report) = live(&mut world, &configuration(true), everything(), None);
    let report = report.unwrap().unwrap();
    all_is_held(&world);
    for part in [&report.companies, &report.configurations] {
        let part = part.as_ref().unwrap();
        assert_eq!((part.full, part.requests), (None, 2));
        assert_eq!((part.changed, part.removed), (2, 0));
        assert!(part.read < 6, "{part:?}");
    }
    assert_eq!(life.requests, 1 + 2 + 2 + 2);

    let nothing = import(&mut world, everything());
    assert_eq!(nothing.companies.unwrap().changed, 0);
    all_is_held(&world);
}

#[test]
fn a_change_that_was_written_late_is_not_lost() {
    let mut world = world(30, 30);
    import_companies(&mut world);
    let known: Timestamp = import_companies(&mut world).until.unwrap();
    pass(&mut world, 60);
    // It bears a time before that of the newest record that was read then.
    world.psa.advance(known.millis() - 5 * 60 * 1000);
    world
        .psa
        .technician("zadmin")
        .edit_setup(
            COMPANIES,
            20,
            json!({"name": "Late"}).as_object().unwrap().clone(),
        )
        .unwrap();
    let part = import_companies(&mut world);
    assert_eq!((part.full, part.changed), (None, 1));
    assert!(companies(&world) == true_companies(&world));
}

#[test]
fn a_deleted_record_is_missed_by_the_count_and_removed() {
    let mut world = world(30, 1_500);
    import(&mut world, everything());
    pass(&mut world, 120);
    delete(&mut world, CONFIGURATIONS, 700);
    let report = import(&mut world, everything());
    let part = report.configurations.unwrap();
    assert_eq!(
        (part.full, part.removed),
        (Some(FullImport::CountDiffers), 1)
    );
    assert_eq!((part.changed, part.requests), (0, 2 + 2 + 2));
    assert_eq!(report.companies.unwrap().full, None);
    all_is_held(&world);
    let swept = import(&mut world, everything()).configurations.unwrap();
    assert_eq!((swept.full, swept.removed), (None, 0));
    let generations: BTreeSet<String> = world
        .store
        .records()
        .filter_map(|record| {
            record
                .key
                .split("/imported/configurations/")
                .nth(1)
                .map(str::to_owned)
        })
        .map(|rest| rest.split('/').next().unwrap().to_owned())
        .collect();
    assert_eq!(generations.len(), 1, "{generations:?}");
}

#[test]
fn a_company_in_the_recycle_bin_is_held_as_deleted() {
    let mut world = world(30, 0);
    import_companies(&mut world);
    pass(&mut world, 120);
    edit(&mut world, COMPANIES, 20, json!({"deletedFlag": true}));
    import_companies(&mut world);
    let gone: Vec<u32> = companies(&world)
        .iter()
        .filter(|company| company.deleted)
        .map(|company| company.id.0)
        .collect();
    assert_eq!(gone.len(), 2);
    assert!(gone.contains(&20));
}

#[test]
fn a_contact_that_is_primary_no_more_leaves_and_another_takes_its_place() {
    let mut world = world(30, 0);
    import(&mut world, only(ImportKind::Contacts));
    pass(&mut world, 120);
    // Patrick Love of Big Design, Inc. and his colleague Dana Reyes.
    edit(&mut world, CONTACTS, 1, json!({"defaultFlag": false}));
    edit(&mut world, CONTACTS, 2, json!({"defaultFlag": true}));
    edit(&mut world, CONTACTS, 12, json!({"company": {"id": 25}}));
    let part = import(&mut world, only(ImportKind::Contacts))
        .contacts
        .unwrap();
    assert_eq!(part.full, None, "{part:?}");
    assert_eq!(held_contacts(&world), true_contacts(&world));
    assert!(held_contacts(&world).contains(&(1, "dana.reyes@bigdesign.com".to_owned())));
}

fn by(filter: CompanyFilter) -> ImportFilter {
    ImportFilter {
        companies: Some(filter),
        ..ImportFilter::default()
    }
}

fn names_with(world: &mut World, filter: CompanyFilter) -> (Vec<String>, Life) {
    let command = command(&[ImportKind::Companies], by(filter), false);
    let (life, report) = live(world, &configuration(true), command, None);
    report.unwrap().unwrap();
    let names = companies(world)
        .into_iter()
        .map(|company| company.identifier);
    (names.collect(), life)
}

fn strings(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

#[test]
fn companies_are_filtered_by_name_identifier_status_and_type() {
    let mut world = World::new(1);
    let any = CompanyFilter::default;
    let (names, life) = names_with(
        &mut world,
        CompanyFilter {
            name: strings(&["design", "WORLD"]),
            ..any()
        },
    );
    assert_eq!(names, ["BigDesign", "WideWorld"]);
    assert!(asked(&life, COMPANIES)[0].contains(
        "conditions=%28name%20contains%20%22design%22%20or%20name%20contains%20%22WORLD%22%29"
    ));
    let (names, _) = names_with(
        &mut world,
        CompanyFilter {
            identifier: strings(&["catchall"]),
            ..any()
        },
    );
    assert_eq!(names, ["CatchAll"]);
    let (names, _) = names_with(
        &mut world,
        CompanyFilter {
            status: strings(&["Inactive", "Credit Hold"]),
            ..any()
        },
    );
    assert_eq!(names, ["DormantLtd", "CreditHold"]);
    let prospect = json!({"types": [{"id": 2}]});
    edit(&mut world, COMPANIES, 2, prospect);
    let (names, life) = names_with(
        &mut world,
        CompanyFilter {
            kind: strings(&["Prospect"]),
            ..any()
        },
    );
    assert_eq!(names, ["WideWorld"]);
    assert!(asked(&life, COMPANIES)[0].contains("childConditions=types/name%3D%22Prospect%22"));
}

#[test]
fn a_text_that_could_leave_its_quotes_is_compared_here_and_a_refresh_needs_no_more() {
    let mut world = world(40, 0);
    edit(
        &mut world,
        COMPANIES,
        20,
        json!({"name": "O\"Brien and Sons"}),
    );
    let quoted = CompanyFilter {
        name: strings(&["o\"brien"]),
        ..CompanyFilter::default()
    };
    let (names, life) = names_with(&mut world, quoted.clone());
    assert_eq!(names.len(), 1);
    assert!(
        asked(&life, COMPANIES)
            .iter()
            .all(|sent| !sent.contains("Brien"))
    );
    let again = import(
        &mut world,
        command(&[ImportKind::Companies], by(quoted), false),
    );
    let part = again.companies.unwrap();
    assert_eq!((part.full, part.held), (None, 1), "{part:?}");
}

#[test]
fn a_record_that_the_filter_no_longer_lets_through_leaves_at_the_next_refresh() {
    let mut world = world(40, 0);
    let active = || {
        by(CompanyFilter {
            status: strings(&["Active"]),
            ..CompanyFilter::default()
        })
    };
    let first = import(
        &mut world,
        command(&[ImportKind::Companies], active(), false),
    );
    pass(&mut world, 120);
    edit(&mut world, COMPANIES, 20, json!({"status": {"id": 2}}));
    edit(&mut world, COMPANIES, 6, json!({"status": {"id": 1}}));
    edit(&mut world, COMPANIES, 21, json!({"status": {"id": 3}}));
    let report = import(
        &mut world,
        command(&[ImportKind::Companies], active(), false),
    );
    let part = report.companies.unwrap();
    assert_eq!(
        (part.full, part.removed, part.changed),
        (None, 2, 1),
        "{part:?}"
    );
    assert_eq!(part.held, first.companies.unwrap().held - 1);

    let other = import_companies(&mut world);
    assert_eq!(other.full, Some(FullImport::FilterChanged));
    assert!(companies(&world) == true_companies(&world));
}

#[test]
fn configurations_are_filtered_by_company_type_and_whether_they_are_active() {
    let mut world = World::new(1);
    let mut names = |filter: ConfigurationFilter| {
        let filter = ImportFilter {
            configurations: Some(filter),
            ..ImportFilter::default()
        };
        import(
            &mut world,
            command(&[ImportKind::Configurations], filter, false),
        );
        let rows = configurations(&world).into_iter();
        rows.map(|row| row.name).collect::<Vec<_>>()
    };
    let any = ConfigurationFilter::default;
    let of_big_design = [
        CompanyKey::Identifier("bigdesign".to_owned()),
        CompanyKey::Name("Big Design, Inc.".to_owned()),
        CompanyKey::Id(CompanyId(1)),
    ];
    for key in of_big_design {
        let found = names(ConfigurationFilter {
            company: vec![key],
            active: Some(true),
            ..any()
        });
        assert_eq!(found, ["BigDesign-WRK1", "BigDesign-WRK2", "BigDesign-DC1"]);
    }
    let found = names(ConfigurationFilter {
        kind: strings(&["managed server"]),
        ..any()
    });
    assert_eq!(found, ["BigDesign-DC1"]);
    let found = names(ConfigurationFilter {
        active: Some(false),
        ..any()
    });
    assert_eq!(found, ["BigDesign-OLD1"]);
}

#[test]
fn the_configuration_may_hold_the_filter_and_its_faults_are_named() {
    let mut with_filter = document(true);
    with_filter["companies"]["import"] = json!({"status": ["Inactive"]});
    let config = Config::from_json(with_filter.to_string().as_bytes()).unwrap();
    let mut world = World::new(1);
    live(&mut world, &config, only(ImportKind::Companies), None);
    assert_eq!(companies(&world).len(), 1);

    with_filter["companies"]["import"] = json!({"status": [" "], "nam": ["x"]});
    with_filter["configurations"]["import"] =
        json!({"type": ["a\u{7}"], "company": [{"identifier": ""}]});
    let error = Config::from_json(with_filter.to_string().as_bytes()).unwrap_err();
    let pointers: Vec<&str> = error
        .faults
        .iter()
        .map(|fault| fault.pointer.as_str())
        .collect();
    assert_eq!(
        pointers,
        [
            "/companies/import/nam",
            "/companies/import/status/0",
            "/configurations/import/company/0",
            "/configurations/import/type/0"
        ]
    );
}

#[test]
fn a_command_that_names_nothing_is_refused_before_anything_is_sent() {
    let mut world = World::new(1);
    let empty = by(CompanyFilter {
        name: strings(&[""]),
        ..CompanyFilter::default()
    });
    let refused = world
        .live(&configuration(true), vec![command(&[], empty, false)], None)
        .unwrap_err();
    assert!(
        refused.contains("/what: ") && refused.contains("/filter/companies/name/0: "),
        "{refused}"
    );
}

/// Runs an import that dies at each of its effects, and what a new host makes of it.
fn dies_at_each(kind: &BlowKind) {
    let config = configuration(true);
    let fresh = world(1_000, 2_100);
    let (whole, _) = live(&mut fresh.clone(), &config, everything(), None);
    assert!(whole.effects > 30);
    for at in 1..=whole.effects {
        let mut world = fresh.clone();
        let blow = Blow {
            at,
            kind: kind.clone(),
        };
        let (first, _) = live(&mut world, &config, everything(), Some(&blow));
        let held_before = world
            .store
            .records()
            .any(|record| record.key.contains("/imported/"));
        let (second, report) = live(&mut world, &config, everything(), None);
        let report = report.unwrap().unwrap();
        all_is_held(&world);
        let pages = |life: &Life| {
            [COMPANIES, CONFIGURATIONS, CONTACTS]
                .map(|path| asked(life, path).len())
                .iter()
                .sum::<usize>()
        };
        // Pages that were kept are not read again: at most those that were in hand when it died, and refreshes.
        let again = pages(&first) + pages(&second);
        assert!(again <= pages(&whole) + 6 + 3, "{blow}: {again}");
        if held_before && first.died {
            let parts = [report.companies, report.configurations, report.contacts];
            assert!(
                parts
                    .iter()
                    .flatten()
                    .any(|part| part.full != Some(FullImport::First)),
                "{blow}"
            );
        }
    }
}

#[test]
fn an_import_goes_on_with_the_next_page_after_the_host_died_with_an_effect_undone() {
    dies_at_each(&BlowKind::DiesBefore);
}

#[test]
fn an_import_goes_on_with_the_next_page_after_the_host_died_with_an_effect_done() {
    dies_at_each(&BlowKind::DiesAfter);
}

#[test]
fn a_refresh_that_died_is_made_again() {
    let config = configuration(true);
    let mut fresh = world(600, 600);
    import(&mut fresh, everything());
    pass(&mut fresh, 120);
    for id in [20, 300, 599] {
        edit(
            &mut fresh,
            COMPANIES,
            id,
            json!({"name": format!("Renamed {id}")}),
        );
        edit(
            &mut fresh,
            CONFIGURATIONS,
            id,
            json!({"name": format!("NEW-{id}")}),
        );
        edit(&mut fresh, CONTACTS, id, json!({"company": {"id": id - 1}}));
    }
    let (whole, _) = live(&mut fresh.clone(), &config, everything(), None);
    for at in 1..=whole.effects {
        for kind in [
            BlowKind::DiesBefore,
            BlowKind::DiesAfter,
            BlowKind::StoreFails,
        ] {
            let mut world = fresh.clone();
            live(&mut world, &config, everything(), Some(&Blow { at, kind }));
            let report = import(&mut world, everything());
            all_is_held(&world);
            assert_eq!(report.companies.unwrap().full, None);
        }
    }
}

#[test]
fn what_is_held_stays_until_a_full_import_is_complete() {
    let config = configuration(true);
    let mut fresh = world(1_500, 0);
    import_companies(&mut fresh);
    let before = companies(&fresh);
    edit(&mut fresh, COMPANIES, 20, json!({"name": "Renamed"}));
    let full = command(&[ImportKind::Companies], ImportFilter::default(), true);
    let (whole, _) = live(&mut fresh.clone(), &config, full.clone(), None);
    for at in 1..whole.effects {
        let mut world = fresh.clone();
        let kind = BlowKind::DiesBefore;
        live(&mut world, &config, full.clone(), Some(&Blow { at, kind }));
        assert!(companies(&world) == before, "at {at}");
    }
}

/// Lets an import's host die as soon as the pages of a kind that are still missing are these, and returns the world that it
/// leaves with its life. By what is kept and not by the number of effects, which a host's start has its part in.
fn died_with_missing(fresh: &World, kind: ImportKind, missing: &[u32]) -> (World, Life) {
    let config = configuration(true);
    let cursor_key = format!("acme-soc/import/{}", kind.name());
    for at in 1.. {
        let mut world = fresh.clone();
        let blow = Blow {
            at,
            kind: BlowKind::DiesBefore,
        };
        let (life, _) = live(&mut world, &config, only(kind), Some(&blow));
        assert!(life.died, "pages {missing:?} are never what is missing");
        let cursor = world
            .store
            .records()
            .find(|record| record.key == cursor_key);
        let is_so = cursor.is_some_and(|record| {
            let cursor: Value = serde_json::from_str(&record.value).unwrap();
            cursor["progress"]["missing"] == json!(missing)
        });
        if is_so {
            return (world, life);
        }
    }
    unreachable!()
}

#[test]
fn an_import_that_was_interrupted_long_ago_or_with_another_filter_begins_anew() {
    // The first of four pages is kept.
    let fresh = world(3_100, 0);
    let (mut world, _) = died_with_missing(&fresh, ImportKind::Companies, &[1, 2, 3]);
    assert!(
        world
            .store
            .records()
            .any(|record| record.key.contains("/imported/"))
    );
    let mut later = world.clone();
    pass(&mut later, 7 * 60);
    assert_eq!(import_companies(&mut later).full, Some(FullImport::First));
    assert!(companies(&later) == true_companies(&later));
    let inactive = by(CompanyFilter {
        status: strings(&["Inactive"]),
        ..CompanyFilter::default()
    });
    let report = import(
        &mut world,
        command(&[ImportKind::Companies], inactive, false),
    );
    assert_eq!(report.companies.unwrap().full, Some(FullImport::First));
    assert_eq!(companies(&world).len(), 1);
}

#[test]
fn a_record_that_is_deleted_while_pages_are_read_hides_no_other() {
    let command = only(ImportKind::Configurations);
    // Of five pages the first and the last two are kept, which are the third and fourth after the first.
    let fresh = world(10, 4_100);
    let (mut world, first) = died_with_missing(&fresh, ImportKind::Configurations, &[1, 2]);
    let pages = asked(&first, CONFIGURATIONS);
    assert!((3..5).contains(&pages.len()), "{pages:?}");
    // Of the first page, which is read; of one that is not; of one of the last two, which are read.
    let gone = [20, 1_700, 3_500];
    for id in gone {
        delete(&mut world, CONFIGURATIONS, id);
    }
    import(&mut world, command.clone());
    let ids = |rows: Vec<(u32, u32, String, String, bool)>| -> BTreeSet<u32> {
        rows.into_iter().map(|row| row.0).collect()
    };
    let (held, there) = (
        ids(held_configurations(&world)),
        ids(true_configurations(&world)),
    );
    assert_eq!(there.difference(&held).count(), 0);
    let no_more: Vec<&u32> = held.difference(&there).collect();
    assert_eq!(no_more, [&20, &3_500]);
    let part = import(&mut world, command).configurations.unwrap();
    assert_eq!(part.full, Some(FullImport::CountDiffers));
    assert!(held_configurations(&world) == true_configurations(&world));
}

#[test]
fn everything_is_read_again_after_a_week_in_any_case() {
    let mut world = world(10, 0);
    import_companies(&mut world);
    pass(&mut world, 6 * 24 * 60);
    assert_eq!(import_companies(&mut world).full, None);
    pass(&mut world, 2 * 24 * 60);
    assert_eq!(import_companies(&mut world).full, Some(FullImport::Due));
}

fn third_page_meets(fault: Fault, times: u32) -> FaultRule {
    FaultRule {
        when: Match {
            path: Some(CONFIGURATIONS.to_owned()),
            nth: (3..3 + u64::from(times)).collect(),
            ..Match::default()
        },
        fault,
        times: None,
    }
}

#[test]
fn a_page_that_fails_in_the_middle_is_read_again() {
    for fault in [
        Fault::BadGatewayHtml,
        Fault::Truncated { bytes: 5_000 },
        Fault::EmptyBody,
        Fault::Throttled { retry_after: 3 },
        Fault::ServerError,
        Fault::AnswerLost,
    ] {
        let mut world = world(100, 4_100);
        world.psa.add_fault(third_page_meets(fault.clone(), 1));
        import(&mut world, everything());
        all_is_held(&world);
    }
}

#[test]
fn pages_before_one_that_fails_for_good_are_kept_and_other_kinds_too() {
    let config = configuration(true);
    let mut world = world(100, 4_100);
    world.psa.add_fault(third_page_meets(Fault::Forbidden, 1));
    let (_, report) = live(&mut world, &config, everything(), None);
    assert_eq!(report.unwrap().unwrap_err().code, Code::Forbidden);
    assert_eq!(companies(&world).len(), 109);
    assert!(configurations(&world).is_empty());
    world.psa.clear_faults();
    let (life, report) = live(&mut world, &config, everything(), None);
    let part = report.unwrap().unwrap().configurations.unwrap();
    assert_eq!(part.full, Some(FullImport::Resumed));
    assert!(asked(&life, CONFIGURATIONS).len() < 5);
    all_is_held(&world);
}

#[test]
fn links_that_lack_the_last_page_or_lie_about_it_lose_nothing() {
    for (last_link, requests) in [
        (LastLink::Missing, 5),
        (LastLink::TooSmall, 5),
        (LastLink::TooLarge, 12),
    ] {
        let mut world = world(4_100, 0);
        world.psa.settings.quirks.last_link = last_link;
        let part = import_companies(&mut world);
        assert!(companies(&world) == true_companies(&world), "{last_link:?}");
        assert!(
            part.requests <= requests,
            "{last_link:?}: {}",
            part.requests
        );
    }
}

#[test]
fn every_kind_of_instance_is_imported_and_refreshed() {
    for quirk in ["unordered", "no in", "ui host", "iso dates"] {
        let mut world = world(1_100, 1_100);
        let quirks = &mut world.psa.settings.quirks;
        match quirk {
            "unordered" => quirks.unordered_lists = true,
            "no in" => quirks.no_in_operator = true,
            "ui host" => quirks.links_name_ui_host = true,
            _ => quirks.iso_dates_find_nothing = true,
        }
        import(&mut world, everything());
        all_is_held(&world);
        pass(&mut world, 120);
        edit(&mut world, COMPANIES, 20, json!({"name": "Renamed"}));
        let part = import(&mut world, everything()).companies.unwrap();
        assert_eq!(part.changed, 1, "{quirk}");
        all_is_held(&world);
        pass(&mut world, 120);
        edit(&mut world, COMPANIES, 21, json!({"name": "Renamed, too"}));
        let part = import_companies(&mut world);
        // What was learned of its times is remembered.
        assert_eq!((part.full, part.requests), (None, 2), "{quirk}");
        assert!(companies(&world) == true_companies(&world), "{quirk}");
    }
}

#[test]
fn an_instance_that_does_not_find_the_newest_record_by_time_is_read_whole() {
    let mut world = world(30, 30);
    import(&mut world, only(ImportKind::Configurations));
    let newest = configurations(&world).last().unwrap().id.0;
    delete(&mut world, CONFIGURATIONS, newest);
    // As many as before: the count alone would not tell.
    pass(&mut world, 120);
    world.psa.populate(1, 1);
    let at = world.now.millis() - 5 * 3_600_000;
    let id = configurations(&world).len();
    assert!(id > 0);
    let list = world.psa.raw(CONFIGURATIONS).unwrap();
    let added = number(&list.last().unwrap()["id"]);
    world.psa.advance(at);
    let nothing = json!({}).as_object().unwrap().clone();
    let mut technician = world.psa.technician("zadmin");
    technician
        .edit_setup(CONFIGURATIONS, i64::from(added), nothing)
        .unwrap();
    let part = import(&mut world, only(ImportKind::Configurations))
        .configurations
        .unwrap();
    assert_eq!(part.full, Some(FullImport::TimesNotUnderstood), "{part:?}");
    assert!(held_configurations(&world) == true_configurations(&world));
}

#[test]
fn how_far_an_import_has_come_is_a_share_of_the_whole_once_it_is_known() {
    let mut world = world(2500, 3500);
    let config = configuration(true);
    let (life, report) = live(&mut world, &config, everything(), None);
    report.unwrap().unwrap();
    let seen = life.import_progress;
    assert_eq!((seen[0].done, seen[0].pages), (0, None));
    let dones: Vec<u32> = seen.iter().map(|progress| progress.done).collect();
    assert!(dones.is_sorted(), "{dones:?}");
    let known: BTreeSet<u32> = seen.iter().filter_map(|progress| progress.pages).collect();
    assert_eq!(
        known.len(),
        1,
        "it is told once each kind has said it: {seen:?}"
    );
    let last = seen.last().unwrap();
    assert_eq!(Some(last.done), last.pages);
    // Three pages of companies, four of configurations, and those of contacts.
    assert!(last.done >= 8, "{last:?}");
}
