//! The SQLite store: its promises, also across a crash and between processes.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

use casewire::{
    effect::{Batch, Expectation, StoreAnswer, StoreRequest},
    store::{Store, conformance},
};
use casewire_host::store::{HostStore, SqliteStore};
use std::{
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
};

#[test]
fn the_sqlite_store_keeps_every_promise() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store.db");
    let broken = conformance::check(&mut SqliteStore::open(&path).unwrap());
    assert_eq!(broken, Vec::<String>::new());
    let broken = conformance::check_reopened(&mut SqliteStore::open(&path).unwrap());
    assert_eq!(broken, Vec::<String>::new());
}

#[test]
fn revisions_go_on_after_the_store_was_opened_again() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store.db");
    let first = put(&mut SqliteStore::open(&path).unwrap(), "a", "1");
    let mut store = SqliteStore::open(&path).unwrap();
    store
        .perform(&StoreRequest::Commit(Batch {
            delete: vec!["a".to_owned()],
            ..Batch::default()
        }))
        .unwrap();
    drop(store);
    assert!(put(&mut SqliteStore::open(&path).unwrap(), "a", "1") > first + 1);
}

#[test]
fn commits_of_a_group_see_each_other_and_fail_alone() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = SqliteStore::open(&folder.path().join("store.db")).unwrap();
    let make = |value: &str| {
        StoreRequest::Commit(Batch {
            expect: vec![expectation("a", None)],
            put: vec![("a".to_owned(), value.to_owned())],
            ..Batch::default()
        })
    };
    let read = StoreRequest::Get {
        keys: vec!["a".to_owned()],
    };
    let answers = store.perform_all(&[make("1"), read.clone(), make("2"), read.clone()]);
    assert_eq!(answers[0], Ok(StoreAnswer::Committed { revision: 1 }));
    assert_eq!(answers[1], Ok(StoreAnswer::Records(vec![None])));
    assert_eq!(answers[2], Ok(StoreAnswer::Conflict));
    assert_eq!(answers[3], answers[1]);
    let Ok(StoreAnswer::Records(records)) = store.perform(&read) else {
        panic!("a get answers records");
    };
    assert_eq!(records[0].as_ref().unwrap().value, "1");
}

#[test]
fn a_file_of_another_program_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let text = folder.path().join("notes.txt");
    std::fs::write(
        &text,
        "this is not a database, and long enough to be looked at".repeat(20),
    )
    .unwrap();
    let error = SqliteStore::open(&text).unwrap_err();
    assert!(error.contains("not a SQLite file"), "{error}");
    let other = folder.path().join("other.db");
    let connection = rusqlite::Connection::open(&other).unwrap();
    connection.execute_batch("CREATE TABLE t (a)").unwrap();
    let error = SqliteStore::open(&other).unwrap_err();
    assert!(error.contains("another program"), "{error}");
}

#[cfg(unix)]
#[test]
fn only_its_owner_can_read_the_file() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store.db");
    put(&mut SqliteStore::open(&path).unwrap(), "a", "1");
    let mode = std::fs::metadata(&path).unwrap().permissions().mode();
    assert_eq!(mode & 0o077, 0);
}

#[test]
fn what_was_answered_outlives_a_kill() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store.db");
    let mut child = start("writer", &path);
    let lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let acknowledged: Vec<u64> = lines
        .map_while(Result::ok)
        .filter_map(|line| line.strip_prefix("wrote ")?.parse().ok())
        .take(40)
        .collect();
    child.kill().unwrap();
    child.wait().unwrap();
    assert_eq!(acknowledged.len(), 40);
    let mut store = SqliteStore::open(&path).unwrap();
    for number in acknowledged {
        let keys = vec![format!("n/{number}/a"), format!("n/{number}/b")];
        let Ok(StoreAnswer::Records(records)) = store.perform(&StoreRequest::Get { keys }) else {
            panic!("a get answers records");
        };
        assert!(records.iter().all(Option::is_some), "{number} is lost");
    }
}

#[test]
fn two_processes_on_one_file_conflict_and_lose_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store.db");
    let mut children = [start("counter", &path), start("counter", &path)];
    for child in &mut children {
        assert!(child.wait().unwrap().success());
    }
    let mut store = SqliteStore::open(&path).unwrap();
    assert_eq!(read_number(&mut store).0, 2 * COUNTS);
}

const COUNTS: u64 = 150;
const ROLE: &str = "CASEWIRE_TEST_ROLE";
const FILE: &str = "CASEWIRE_TEST_FILE";

/// What the tests above start as a process of its own.
#[test]
fn child() {
    let Ok(role) = std::env::var(ROLE) else {
        return;
    };
    let path = std::env::var(FILE).unwrap();
    let mut store = SqliteStore::open(Path::new(&path)).unwrap();
    if role == "writer" {
        for number in 0u64.. {
            let put = ["a", "b"].map(|part| (format!("n/{number}/{part}"), "{}".to_owned()));
            store
                .perform(&StoreRequest::Commit(Batch {
                    put: put.to_vec(),
                    ..Batch::default()
                }))
                .unwrap();
            println!("\nwrote {number}");
        }
    }
    let mut counted = 0;
    while counted < COUNTS {
        let (number, revision) = read_number(&mut store);
        let answer = store
            .perform(&StoreRequest::Commit(Batch {
                expect: vec![expectation("number", revision)],
                put: vec![("number".to_owned(), (number + 1).to_string())],
                ..Batch::default()
            }))
            .unwrap();
        counted += u64::from(matches!(answer, StoreAnswer::Committed { .. }));
    }
}

fn start(role: &str, path: &Path) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "child", "--nocapture"])
        .env(ROLE, role)
        .env(FILE, path)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap()
}

fn put(store: &mut SqliteStore, key: &str, value: &str) -> u64 {
    let request = StoreRequest::Commit(Batch {
        put: vec![(key.to_owned(), value.to_owned())],
        ..Batch::default()
    });
    match store.perform(&request) {
        Ok(StoreAnswer::Committed { revision }) => revision,
        answer => panic!("a put answered {answer:?}"),
    }
}

fn read_number(store: &mut SqliteStore) -> (u64, Option<u64>) {
    let request = StoreRequest::Get {
        keys: vec!["number".to_owned()],
    };
    match store.perform(&request) {
        Ok(StoreAnswer::Records(records)) => records[0]
            .as_ref()
            .map_or((0, None), |r| (r.value.parse().unwrap(), Some(r.revision))),
        answer => panic!("a get answered {answer:?}"),
    }
}

fn expectation(key: &str, revision: Option<u64>) -> Expectation {
    Expectation {
        key: key.to_owned(),
        revision,
    }
}
