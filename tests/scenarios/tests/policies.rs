//! What becomes of cases that are no plain ticket: without a company, ignored, over already, with a duplicate.

#![allow(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a scenario fails by panicking"
)]

use casewire::{Case, CaseOutcome, CaseResult, Code, Config, Error, Outcome};
use casewire_scenarios::{Blow, BlowKind, World, case_document, document, submit};
use casewire_simulator::Fault;
use serde_json::{Value, json};

fn config(change: impl Fn(&mut Value)) -> Config {
    let mut document = document(true);
    change(&mut document);
    Config::from_json(document.to_string().as_bytes()).unwrap()
}

fn case(change: impl Fn(&mut Value)) -> Case {
    let mut document = case_document("10012");
    change(&mut document);
    Case::from_json(document.to_string().as_bytes()).unwrap()
}

fn unmapped(document: &mut Value) {
    document["group"]["id"] = json!("UnmappedCo");
}

fn play(
    world: &mut World,
    config: &Config,
    case: Case,
    blow: Option<&Blow>,
) -> Result<CaseOutcome, Error> {
    let life = world.live(config, submit(vec![case]), blow).unwrap();
    let result = life
        .finished
        .into_iter()
        .find(|finished| finished.case_id.is_some())
        .unwrap()
        .result;
    result.map(|outcome| match outcome {
        Outcome::Case(outcome) => outcome,
        other => unreachable!("{other:?}"),
    })
}

#[test]
fn a_group_without_a_company_is_refused_where_that_is_the_policy_and_leaves_nothing_behind() {
    let mut world = World::new(1);
    let refuse = config(|c| c["companies"]["unmapped"] = json!({ "policy": "refuse" }));
    let error = play(&mut world, &refuse, case(unmapped), None).unwrap_err();
    assert_eq!(error.code, Code::UnmappedGroup);
    assert!(
        !world
            .store
            .records()
            .filter(|record| !record.key.contains("/decided/"))
            .any(|record| record.key.contains("10012"))
    );
}

#[test]
fn a_group_without_a_company_goes_to_the_one_that_catches_all() {
    let mut world = World::new(1);
    let catch_all = config(|c| {
        c["companies"]["unmapped"] =
            json!({ "policy": "catch_all", "company": { "identifier": "CatchAll" } });
    });
    let outcome = play(
        &mut world,
        &catch_all,
        case(|c| {
            unmapped(c);
            c["system"] = Value::Null;
        }),
        None,
    )
    .unwrap();
    assert_eq!(outcome.outcome, CaseResult::Opened);
    let ticket = world.psa.record("service/tickets", 909).unwrap();
    assert_eq!(ticket["company"]["identifier"], "CatchAll");
}

#[test]
fn a_route_that_ignores_makes_no_ticket_and_asks_nothing() {
    let mut world = World::new(1);
    let ignore = config(|c| {
        let all = c["routes"][0].take();
        c["routes"] =
            json!([{ "name": "audits", "when": { "kind": ["audit"] }, "ignore": true }, all]);
    });
    let life = world
        .live(&ignore, submit(vec![case(|_| {})]), None)
        .unwrap();
    assert_eq!(life.requests, 0);
    let Some(Ok(Outcome::Case(outcome))) = life
        .finished
        .iter()
        .find(|f| f.case_id.is_some())
        .map(|f| &f.result)
    else {
        unreachable!("{:?}", life.finished)
    };
    assert_eq!(outcome.outcome, CaseResult::Unchanged);
    assert!(outcome.reason.as_ref().unwrap().contains("audits"));
}

#[test]
fn a_case_that_is_over_before_it_had_a_ticket_gets_none() {
    let mut world = World::new(1);
    let outcome = play(
        &mut world,
        &config(|_| {}),
        case(|c| c["status"] = json!("closed")),
        None,
    )
    .unwrap();
    assert_eq!(
        (outcome.outcome, outcome.ticket_id),
        (CaseResult::Unchanged, None)
    );
    assert!(world.look().tickets.is_empty());
}

#[test]
fn duplicates_are_reported_and_the_oldest_is_used() {
    let mut world = World::new(1);
    let fields = json!({
        "summary": "made by hand", "company": { "identifier": "BigDesign" },
        "board": { "name": "Professional Services" }, "externalXRef": "acme-soc:10012",
    });
    world
        .psa
        .technician("training.admin")
        .create_ticket(fields.as_object().unwrap())
        .unwrap();
    let at = world
        .clone()
        .live(&config(|_| {}), submit(vec![case(|_| {})]), None)
        .unwrap();
    let at = at
        .sent
        .iter()
        .position(|request| request.starts_with("POST "))
        .unwrap() as u64
        + 1;
    let blow = Blow {
        at,
        kind: BlowKind::Instance(Fault::AnswerLost),
    };
    let outcome = play(&mut world, &config(|_| {}), case(|_| {}), Some(&blow)).unwrap();
    assert_eq!(outcome.ticket_id.map(|id| id.0), Some(909));
    assert_eq!(
        outcome
            .warnings
            .iter()
            .map(|warning| warning.code)
            .collect::<Vec<_>>(),
        [Code::DuplicateTicket]
    );
    assert_eq!(
        world.look().tickets["acme-soc:10012"].len(),
        2,
        "none was deleted"
    );
}
