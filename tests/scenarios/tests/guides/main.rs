//! The five vendor guides, walked from their presets against the simulated instance: what the tests by subject leave open.
//! `README.md` beside the tests names for each step of each guide the test that covers it.

#![allow(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a scenario prints its steps and fails by panicking"
)]

mod arctic_wolf;
mod assets;
mod fortisiem;
mod heimdal;
mod netsurion;
mod netwrix;
mod roles;
mod table;

use casewire::{
    Case, CaseOutcome, Code, Command, Config, Connection, Delivery, Error, Outcome, Preset,
    Preview, Schedule, Severity, Task,
};
use casewire_scenarios::{Life, SeenTicket, World, case_document, submit};
use serde_json::{Value, json};
use std::time::Duration;

fn step(name: &str) {
    println!("{name}");
}

/// The connection that a customer enters: that of the simulated instance.
fn connection() -> Connection {
    let entered = json!({
        "site": "https://api-na.myconnectwise.net", "company_id": "acme",
        "client_id": "6f1f6f0e-3c1d-4a52-9a54-0b9f5f4f9e11",
    });
    serde_json::from_value(entered).unwrap()
}

/// A preset's document for the simulated instance, as someone writes it out and then changes it.
fn document(preset: Preset, change: impl Fn(&mut Value)) -> Value {
    let text = preset.document_for("acme-soc", &connection()).unwrap();
    let mut document = serde_json::from_str(&text).unwrap();
    change(&mut document);
    document
}

fn read(document: &Value) -> Config {
    Config::from_json(document.to_string().as_bytes()).unwrap()
}

/// What a customer has to add to any preset: which company the group is.
fn to_big_design(document: &mut Value) {
    document["companies"]["map"] =
        json!([{ "group": "48Tech", "company": { "identifier": "BigDesign" } }]);
}

fn case(id: &str, change: impl Fn(&mut Value)) -> Case {
    let mut document = case_document(id);
    change(&mut document);
    Case::from_json(document.to_string().as_bytes()).unwrap()
}

/// Runs one command to its end, with everything that comes of it.
fn run(world: &mut World, config: &Config, command: Command) -> (Result<Outcome, Error>, Life) {
    let life = world.live(config, vec![command], None).unwrap();
    let mut results = life.finished.iter();
    // What the host before left waiting is taken up first, and is no answer to this command.
    let own = results.find(|finished| {
        let result = &finished.result;
        let of_no_case =
            finished.case_id.is_none() && !matches!(result, Ok(Outcome::Resumed { .. }));
        of_no_case || matches!(result, Ok(Outcome::Preview(_)))
    });
    (own.unwrap().result.clone(), life)
}

fn asked(document: Value) -> Command {
    Command::from_json(document.to_string().as_bytes()).unwrap()
}

/// Hands a case over, and says what came of it last.
fn send(world: &mut World, config: &Config, case: Case) -> Result<CaseOutcome, Error> {
    sent(world, config, case).0
}

fn sent(world: &mut World, config: &Config, case: Case) -> (Result<CaseOutcome, Error>, Life) {
    let id = case.id.clone();
    let life = world.live(config, submit(vec![case]), None).unwrap();
    let mut results = life.finished.iter().rev();
    let own = results.find(|finished| finished.case_id.as_ref() == Some(&id));
    match own.unwrap().result.clone() {
        Ok(Outcome::Case(outcome)) => (Ok(outcome), life),
        Err(error) => (Err(error), life),
        other => panic!("{other:#?}"),
    }
}

fn preview(world: &mut World, config: &Config, case: Case) -> Preview {
    let command = Command::PreviewCase {
        case: Box::new(case),
    };
    match run(world, config, command).0 {
        Ok(Outcome::Preview(preview)) => *preview,
        other => panic!("{other:#?}"),
    }
}

/// "Test Connection" and then the whole check, as the guides do before anything else; the codes of what is wrong.
fn tested(world: &mut World, config: &Config) -> Vec<Code> {
    match run(world, config, Command::TestConnection).0 {
        Ok(Outcome::Connection(report)) => assert!(report.ok, "{report:#?}"),
        other => panic!("{other:#?}"),
    }
    let check = asked(json!({ "command": "preflight" }));
    match run(world, config, check).0 {
        Ok(Outcome::Preflight(report)) => {
            let findings = report.findings.into_iter();
            let wrong = findings.filter(|finding| finding.severity == Severity::Error);
            wrong
                .inspect(|finding| println!("  {finding:?}"))
                .map(|finding| finding.code)
                .collect()
        }
        other => panic!("{other:#?}"),
    }
}

fn due(world: &mut World, config: &Config, task: Task) -> Option<casewire::Due> {
    let schedule: Schedule = match run(world, config, Command::DueTasks).0 {
        Ok(Outcome::Schedule(schedule)) => schedule,
        other => panic!("{other:#?}"),
    };
    schedule.tasks.into_iter().find(|due| due.task == task)
}

fn pass(world: &mut World, seconds: u64) {
    world.pass_until(world.now.after(Duration::from_secs(seconds)));
    world.psa.advance(world.now.millis());
}

/// A case's one ticket, as someone sees it who opens it.
fn seen(world: &mut World, case: &str) -> SeenTicket {
    let mut tickets = world.look().tickets.remove(&format!("acme-soc:{case}"));
    let tickets = tickets
        .as_mut()
        .unwrap_or_else(|| panic!("{case} has no ticket"));
    assert_eq!(tickets.len(), 1, "{tickets:#?}");
    tickets.remove(0)
}

/// The ticket's own record.
fn ticket(world: &mut World, id: u32) -> Value {
    let path = format!("service/tickets?conditions=id={id}");
    world.get(&path).remove(0)
}

/// What a case was told, oldest first.
fn told(world: &World, case: &str) -> Vec<Delivery> {
    let number = |delivery: &Delivery| {
        let (_, number) = delivery.id.rsplit_once(':').unwrap();
        number.parse::<u64>().unwrap()
    };
    let deliveries = world.delivered.values();
    let mut own: Vec<Delivery> = deliveries
        .filter(|delivery| delivery.case_id() == Some(case))
        .cloned()
        .collect();
    own.sort_by_key(number);
    own
}

/// The presets fit the instance but for what their guides have an administrator make, and there is nothing else to warn of.
#[test]
fn every_preset_fits_a_fresh_instance() {
    for preset in Preset::ALL {
        step(preset.name());
        let mut world = World::new(1);
        let config = read(&document(preset, to_big_design));
        let check = asked(json!({ "command": "preflight" }));
        let Ok(Outcome::Preflight(report)) = run(&mut world, &config, check).0 else {
            panic!()
        };
        let mut found: Vec<Code> = report
            .findings
            .iter()
            .filter(|finding| finding.severity != Severity::Info)
            .inspect(|finding| println!("  {finding:?}"))
            .map(|finding| finding.code)
            .collect();
        found.dedup();
        let expected: &[Code] = match preset {
            // The three boards, which provision makes.
            Preset::Heimdal => &[Code::UnknownBoard],
            // The trigger's status, which step 3 makes.
            Preset::ArcticWolf => &[Code::UnknownStatus],
            _ => &[],
        };
        assert_eq!(found, expected, "{}", preset.name());
    }
}
