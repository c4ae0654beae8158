//! Runs that end before their time.

use crate::world::{Run, SEND, World, case};
use std::{
    io::{BufRead, BufReader, Read},
    process::{Child, Command},
    time::Duration,
};

const CASES: usize = 150;

#[test]
fn a_run_that_was_killed_is_finished_by_the_next_without_a_second_ticket() {
    let world = World::with_latency(Duration::from_millis(5));
    many_cases(&world);
    for lines in [1, 40] {
        let mut child = world.program(&SEND).spawn().unwrap();
        read_lines(&mut child, lines);
        child.kill().unwrap();
        child.wait().unwrap();
    }
    assert!(
        world.tickets().len() < CASES,
        "the runs were killed too late"
    );
    let run = world.send();
    run.assert_code(0);
    assert_eq!(run.lines().len(), CASES);
    world.assert_tickets(CASES);
}

#[test]
fn a_check_leaves_unfinished_cases_at_rest() {
    let world = World::with_latency(Duration::from_millis(5));
    many_cases(&world);
    let mut child = world.program(&SEND).spawn().unwrap();
    read_lines(&mut child, 20);
    child.kill().unwrap();
    child.wait().unwrap();
    // What was under way has landed.
    std::thread::sleep(Duration::from_millis(500));
    let before = world.tickets();
    assert!(before.len() < CASES, "the run was killed too late");
    let check = [
        "check",
        "--config",
        "acme.json",
        "--store",
        "sqlite:acme.db",
    ];
    world.run(&check).assert_code(0);
    assert_eq!(world.tickets(), before);
    assert_eq!(world.send().assert_code(0).lines().len(), CASES);
    world.assert_tickets(CASES);
}

#[cfg(unix)]
#[test]
fn ctrl_c_finishes_what_is_under_way_and_begins_nothing_new() {
    let world = World::with_latency(Duration::from_millis(20));
    let cases: Vec<_> = (0..1_000).map(|n| case(&n.to_string())).collect();
    world.cases(&cases);
    let mut child = world.program(&SEND).spawn().unwrap();
    read_lines(&mut child, 10);
    interrupt(&child);
    let mut stderr = String::new();
    child
        .stderr
        .take()
        .unwrap()
        .read_to_string(&mut stderr)
        .unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(3), "{stderr}");
    assert!(stderr.contains("run it again"), "{stderr}");
    let tickets = world.tickets();
    assert!(tickets.len() < 1_000 && tickets.values().all(|count| *count == 1));
}

#[cfg(unix)]
#[test]
fn the_simulator_runs_until_ctrl_c() {
    let world = World::new();
    let mut child = world
        .program(&["simulator", "--listen", "127.0.0.1:0"])
        .spawn()
        .unwrap();
    let first = read_lines(&mut child, 1).remove(0);
    let url = first.rsplit(' ').next().unwrap().to_owned();
    world.configure(|config| config["connection"]["site"] = serde_json::json!(url));
    let run: Run = world.run(&["check", "--config", "acme.json"]);
    run.assert_code(0);
    interrupt(&child);
    assert_eq!(child.wait().unwrap().code(), Some(0));
}

fn many_cases(world: &World) {
    let cases: Vec<_> = (0..CASES).map(|n| case(&n.to_string())).collect();
    world.cases(&cases);
}

/// Reads so many lines of standard output; the pipe stays open.
fn read_lines(child: &mut Child, count: usize) -> Vec<String> {
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let read: Vec<String> = lines.by_ref().take(count).map(Result::unwrap).collect();
    assert_eq!(read.len(), count);
    std::thread::spawn(move || lines.for_each(drop));
    read
}

fn interrupt(child: &Child) {
    let id = child.id().to_string();
    assert!(
        Command::new("kill")
            .args(["-INT", &id])
            .status()
            .unwrap()
            .success()
    );
}
