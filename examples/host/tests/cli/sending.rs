use crate::world::{World, case, guide};
use casewire_simulator::{Fault, FaultRule, Match};
use serde_json::json;

#[test]
fn cases_become_tickets_and_stay_as_they_are_the_second_time() {
    let world = World::new();
    world.cases(&guide());
    let first = world.send();
    first.assert_code(0);
    let mut outcomes = first.outcomes();
    outcomes.sort();
    let expected = [("10010", "opened"), ("10011", "held"), ("10012", "opened")]
        .map(|(id, outcome)| (id.to_owned(), outcome.to_owned()));
    assert_eq!(outcomes, expected);
    for line in first.lines() {
        assert_eq!(line["error"], json!(null));
        assert_eq!(line["ticket_id"].is_u64(), line["outcome"] == "opened");
    }
    let requests = world.requests();

    let second = world.send();
    second.assert_code(0);
    assert_eq!((second.count("unchanged"), second.count("held")), (2, 1));
    assert_eq!(second.lines().len(), 3);
    assert_eq!(world.requests(), requests);
    world.assert_tickets(2);
}

#[test]
fn two_lines_of_one_case_are_taken_in_order() {
    let world = World::new();
    let mut closed = case("7");
    closed["status"] = json!("closed");
    world.cases(&[case("7"), closed]);
    let run = world.send();
    run.assert_code(0);
    let outcomes: Vec<String> = run.outcomes().into_iter().map(|(_, o)| o).collect();
    assert_eq!(outcomes, ["opened", "closed"]);
    world.assert_tickets(1);
}

#[test]
fn cases_can_come_from_standard_input() {
    let world = World::new();
    world.cases(&[case("1"), case("2")]);
    let mut arguments = crate::world::SEND;
    arguments[6] = "-";
    let input = std::fs::File::open(world.path("cases.jsonl")).unwrap();
    let run = world.program(&arguments).stdin(input).output().unwrap();
    assert_eq!(run.status.code(), Some(0));
    world.assert_tickets(2);
}

#[test]
fn a_lost_answer_does_not_make_a_second_ticket() {
    let world = World::new();
    world
        .server
        .psa()
        .add_fault(rule(Fault::AnswerLost, Some(1)));
    world.cases(&[case("1"), case("2")]);
    world.send().assert_code(0);
    world.assert_tickets(2);
}

#[test]
fn a_case_that_failed_is_taken_up_by_the_next_run() {
    let world = World::new();
    world.server.psa().add_fault(rule(Fault::Forbidden, None));
    world.cases(&[case("1")]);
    let failed = world.send();
    failed.assert_code(3);
    let line = &failed.lines()[0];
    assert_eq!(line["outcome"], "failed");
    assert_eq!(line["error"]["code"], "forbidden");
    assert_eq!(line["ticket_id"], json!(null));

    world.server.psa().clear_faults();
    world.cases(&[]);
    let resumed = world.send();
    resumed.assert_code(0);
    assert_eq!(resumed.outcomes(), [("1".to_owned(), "opened".to_owned())]);
    world.assert_tickets(1);
}

#[test]
fn a_held_case_goes_on_when_its_group_is_mapped() {
    let world = World::new();
    let mut unmapped = case("1");
    unmapped["group"]["id"] = json!("UnmappedCo");
    world.cases(&[unmapped]);
    assert_eq!(world.send().assert_code(0).count("held"), 1);
    world.configure(|config| {
        let mapping = json!({"group": "UnmappedCo", "company": {"identifier": "BigDesign"}});
        config["companies"]["map"]
            .as_array_mut()
            .unwrap()
            .push(mapping);
    });
    // The input names the case, too: it still gives one line, which says what was done for it.
    let run = world.send();
    assert_eq!(run.assert_code(0).outcomes().len(), 1);
    assert_eq!(run.count("held") + run.count("opened"), 1);
    world.cases(&[]);
    world.send().assert_code(0);
    world.assert_tickets(1);
}

#[test]
fn an_attachment_is_sent_from_its_file() {
    let world = World::new();
    world.write("reference.txt", "Reference document");
    let mut with_file = case("1");
    with_file["attachments"] = json!([{
        "id": "a", "title": "Reference document", "file_name": "reference.txt", "size": 18, "token": "reference.txt"
    }]);
    world.cases(&[with_file]);
    world.send().assert_code(0);
    let documents = world.server.psa().raw("documents").unwrap();
    assert_eq!(documents.len(), 1);
    assert_eq!(documents[0]["title"], "Reference document");
}

#[test]
fn deliveries_are_kept_in_a_file() {
    let world = World::new();
    world.cases(&[case("1")]);
    let mut arguments = crate::world::SEND.to_vec();
    arguments.extend(["--deliveries", "deliveries.jsonl"]);
    world.run(&arguments).assert_code(0);
    let text = std::fs::read_to_string(world.path("deliveries.jsonl")).unwrap();
    let delivery: serde_json::Value = serde_json::from_str(text.trim()).unwrap();
    assert_eq!(delivery["case_id"], "1");
    assert_eq!(delivery["ticket"]["status"], "New (not responded)");
}

fn rule(fault: Fault, times: Option<u32>) -> FaultRule {
    FaultRule {
        when: Match {
            method: Some("POST".to_owned()),
            path: Some("service/tickets".to_owned()),
            ..Match::default()
        },
        fault,
        times,
    }
}
