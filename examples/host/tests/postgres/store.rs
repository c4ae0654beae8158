//! The store's promises, also between connections and across a lost one.

use crate::server::{PASSWORD, Postgres};
use casewire::{
    effect::{Batch, Expectation, StoreAnswer, StoreRequest},
    store::{Store, conformance},
};
use casewire_host::store::{HostStore, PostgresStore};
use std::{sync::Barrier, thread};

fn open(url: &str) -> Result<PostgresStore, String> {
    PostgresStore::open(&url.parse()?)
}

#[test]
fn the_postgres_store_keeps_every_promise() {
    let server = Postgres::start();
    // The keys are in the order of their bytes, also in a database that sorts text as people do.
    server.run(
        "postgres",
        "CREATE DATABASE sorted LOCALE_PROVIDER icu ICU_LOCALE 'en' TEMPLATE template0",
    );
    for url in [server.database("plain"), server.url("sorted")] {
        let broken = conformance::check(&mut open(&url).unwrap());
        assert_eq!(broken, Vec::<String>::new());
        let broken = conformance::check_reopened(&mut open(&url).unwrap());
        assert_eq!(broken, Vec::<String>::new());
    }
}

#[test]
fn commits_of_a_group_see_each_other_and_fail_alone() {
    let server = Postgres::start();
    let mut store = open(&server.database("one")).unwrap();
    let make = |value: &str| commit(&[("a", None)], &[("a", value)]);
    let read = get(&["a"]);
    let wrong = commit(&[], &[("b", "\0")]);
    let answers = store.perform_all(&[make("1"), read.clone(), make("2"), wrong, read.clone()]);
    assert!(is_committed(&answers[0]));
    assert_eq!(answers[1], Ok(StoreAnswer::Records(vec![None])));
    assert_eq!(answers[2], Ok(StoreAnswer::Conflict));
    assert!(
        answers[3]
            .as_ref()
            .is_err_and(|error| error.contains("NUL")),
        "{answers:?}"
    );
    assert_eq!(answers[4], answers[1]);
    assert_eq!(value(&mut store, "a").as_deref(), Some("1"));
    // More keys than are locked one by one.
    let many: Vec<String> = (0..2_000).map(|n| format!("many/{n:04}")).collect();
    let put = many
        .iter()
        .map(|key| (key.clone(), "1".to_owned()))
        .collect();
    let batch = Batch {
        put,
        ..Batch::default()
    };
    assert!(is_committed(&store.perform(&StoreRequest::Commit(batch))));
    let scan = StoreRequest::Scan {
        prefix: "many/".to_owned(),
        after: Some(many[1].clone()),
        limit: 2,
    };
    let Ok(StoreAnswer::Page(page)) = store.perform(&scan) else {
        panic!("a scan answers a page");
    };
    assert_eq!([&page[0].key, &page[1].key], [&many[2], &many[3]]);
}

const COUNTS: u64 = 100;

#[test]
fn many_connections_conflict_and_lose_nothing() {
    let server = Postgres::start();
    let url = server.database("many");
    thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                let mut store = open(&url).unwrap();
                let mut counted = 0;
                while counted < COUNTS {
                    let (number, revision) = read_number(&mut store);
                    let next = (number + 1).to_string();
                    let answer =
                        store.perform(&commit(&[("number", revision)], &[("number", &next)]));
                    counted += u64::from(is_committed(&answer));
                    answer.unwrap();
                }
            });
        }
    });
    assert_eq!(read_number(&mut open(&url).unwrap()).0, 4 * COUNTS);
}

#[test]
fn that_a_record_does_not_exist_holds_until_the_commit() {
    let server = Postgres::start();
    let url = server.database("absent");
    let rounds = 150;
    let together = Barrier::new(2);
    // Each expects that the other's record does not exist, and writes its own: at most one of a round may.
    let written = thread::scope(|scope| {
        let side = |own: &'static str, others: &'static str| {
            let (url, together) = (&url, &together);
            scope.spawn(move || {
                let mut store = open(url).unwrap();
                let mut written = Vec::new();
                for round in 0..rounds {
                    let (own, others) = (format!("{round}/{own}"), format!("{round}/{others}"));
                    together.wait();
                    let answer = store.perform(&commit(&[(&others, None)], &[(&own, "1")]));
                    written.push(is_committed(&answer));
                }
                written
            })
        };
        let (left, right) = (side("left", "right"), side("right", "left"));
        left.join()
            .unwrap()
            .into_iter()
            .zip(right.join().unwrap())
            .collect::<Vec<_>>()
    });
    assert!(
        written.iter().all(|(left, right)| left != right),
        "{written:?}"
    );
}

#[test]
fn a_lost_connection_is_made_anew() {
    let server = Postgres::start();
    let mut store = open(&server.database("lost")).unwrap();
    for round in ["1", "2"] {
        assert!(is_committed(&store.perform(&commit(&[], &[("a", round)]))));
        server.run(
            "postgres",
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'casewire'",
        );
        assert_eq!(value(&mut store, "a").as_deref(), Some(round));
    }
}

#[test]
fn several_make_the_tables_at_once_and_a_newer_version_is_refused() {
    let server = Postgres::start();
    let url = server.database("fresh");
    thread::scope(|scope| {
        let opening: Vec<_> = (0..6)
            .map(|_| scope.spawn(|| open(&url).map(drop)))
            .collect();
        for opened in opening {
            opened.join().unwrap().unwrap();
        }
    });
    server.run("fresh", "UPDATE casewire.version SET version = 2");
    let error = open(&url).unwrap_err();
    assert!(error.contains("newer casewire"), "{error}");
}

#[test]
fn what_is_wrong_is_said_with_what_to_do_and_without_the_password() {
    let server = Postgres::start();
    let port = server.port;
    let role = format!("CREATE ROLE ada LOGIN PASSWORD '{PASSWORD}'");
    server.run("postgres", &role);
    server.run(
        "postgres",
        "CREATE DATABASE latin ENCODING 'LATIN1' TEMPLATE template0",
    );
    let of = |password: &str, rest: &str| {
        open(&format!("postgres://ada:{password}@127.0.0.1:{rest}"))
            .map(drop)
            .unwrap_err()
    };
    let closed = std::net::TcpListener::bind(("127.0.0.1", 0))
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    let wrong = [
        (
            of("wrong-password", &format!("{port}/postgres")),
            "PGPASSWORD",
        ),
        (of(PASSWORD, &format!("{port}/none")), "createdb"),
        (of(PASSWORD, &format!("{port}/postgres")), "GRANT CREATE"),
        (
            of(PASSWORD, &format!("{closed}/postgres")),
            "is PostgreSQL running there",
        ),
        (
            of(PASSWORD, &format!("{port}/postgres?sslmode=maybe")),
            "sslmode=maybe",
        ),
        (
            of(PASSWORD, &format!("{port}/postgres?sslmode=require")),
            "TLS",
        ),
        (open(&server.url("latin")).map(drop).unwrap_err(), "UTF8"),
    ];
    for (error, word) in wrong {
        assert!(error.contains(word), "{word}: {error}");
        assert!(
            !error.contains(PASSWORD) && !error.contains("wrong-password"),
            "{error}"
        );
    }
    server.run("postgres", "CREATE DATABASE own OWNER ada");
    open(&format!("postgres://ada:{PASSWORD}@127.0.0.1:{port}/own")).unwrap();
}

#[test]
fn over_tls_the_servers_certificate_and_name_are_checked() {
    let server = Postgres::start();
    let own = || rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
    let (certified, other) = (own(), own());
    server.encrypt(
        &certified.cert.pem(),
        &certified.signing_key.serialize_pem(),
    );
    let folder = tempfile::tempdir().unwrap();
    let open_with = |host: &str, root: &str| {
        let path = folder.path().join("root.pem");
        std::fs::write(&path, root).unwrap();
        let (port, path) = (server.port, path.display());
        open(&format!(
            "postgres://casewire@{host}:{port}/postgres?sslmode=verify-full&sslrootcert={path}"
        ))
    };
    let mut store = open_with("localhost", &certified.cert.pem()).unwrap();
    assert!(is_committed(&store.perform(&commit(&[], &[("a", "1")]))));
    let encrypted = "SELECT bool_and(ssl) FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) WHERE application_name = 'casewire'";
    let row = server.client("postgres").query_one(encrypted, &[]).unwrap();
    assert!(row.get::<_, bool>(0));
    for (host, root) in [("127.0.0.1", &certified), ("localhost", &other)] {
        let error = open_with(host, &root.cert.pem()).unwrap_err();
        assert!(error.contains("certificate"), "{host}: {error}");
    }
}

fn commit(expect: &[(&str, Option<u64>)], put: &[(&str, &str)]) -> StoreRequest {
    let expectation = |(key, revision): &(&str, Option<u64>)| Expectation {
        key: (*key).to_owned(),
        revision: *revision,
    };
    StoreRequest::Commit(Batch {
        expect: expect.iter().map(expectation).collect(),
        put: put
            .iter()
            .map(|(key, value)| ((*key).to_owned(), (*value).to_owned()))
            .collect(),
        ..Batch::default()
    })
}

fn get(keys: &[&str]) -> StoreRequest {
    StoreRequest::Get {
        keys: keys.iter().map(|key| (*key).to_owned()).collect(),
    }
}

fn is_committed(answer: &Result<StoreAnswer, String>) -> bool {
    matches!(answer, Ok(StoreAnswer::Committed { .. }))
}

fn value(store: &mut PostgresStore, key: &str) -> Option<String> {
    match store.perform(&get(&[key])) {
        Ok(StoreAnswer::Records(mut records)) => records.remove(0).map(|record| record.value),
        answer => panic!("a get answered {answer:?}"),
    }
}

fn read_number(store: &mut PostgresStore) -> (u64, Option<u64>) {
    match store.perform(&get(&["number"])) {
        Ok(StoreAnswer::Records(records)) => records[0]
            .as_ref()
            .map_or((0, None), |r| (r.value.parse().unwrap(), Some(r.revision))),
        answer => panic!("a get answered {answer:?}"),
    }
}
