//! Writes the promises of a store as data, for stores in other languages: one JSON document a line, each a promise with
//! the requests that test it and the answers of a store that keeps it.
//!
//! A revision stands there as the number of the commit, counted from 1 over the whole file: a store chooses its own.
//! Requests and answers have the form of `casewire_step_json` and `casewire_answer_set_json`. The last line is to be asked
//! again after the store was closed and opened: `{"reopened": [...]}`.
#![allow(
    clippy::print_stdout,
    clippy::expect_used,
    reason = "a command line program that a test runs"
)]

use std::collections::BTreeMap;

use casewire::effect::{StoreAnswer, StoreRequest};
use casewire::store::{MemoryStore, Store, conformance};
use serde_json::{Value, json};

/// Performs requests and writes each with its answer.
#[derive(Default)]
struct Recorder {
    store: MemoryStore,
    commits: BTreeMap<u64, usize>,
    promises: Vec<(String, Vec<Value>)>,
}

impl Store for Recorder {
    fn perform(&mut self, request: &StoreRequest) -> Result<StoreAnswer, String> {
        let answer = self.store.perform(request)?;
        if let StoreAnswer::Committed { revision } = answer {
            let number = self.commits.len() + 1;
            self.commits.insert(revision, number);
        }
        let exchange = json!({ "request": request, "answer": answer });
        let promise = promise(request);
        let exchange = self.counted(exchange);
        match self.promises.last_mut() {
            Some((name, exchanges)) if *name == promise => exchanges.push(exchange),
            _ => self.promises.push((promise, vec![exchange])),
        }
        Ok(answer)
    }
}

impl Recorder {
    /// Puts the number of its commit in the place of each revision.
    fn counted(&self, value: Value) -> Value {
        match value {
            Value::Object(fields) => fields
                .into_iter()
                .map(|(name, value)| match value.as_u64() {
                    Some(revision) if name == "revision" => {
                        let commit = self.commits.get(&revision);
                        (name, json!(commit.expect("a revision is of a commit")))
                    }
                    _ => (name, self.counted(value)),
                })
                .collect(),
            Value::Array(values) => values.into_iter().map(|one| self.counted(one)).collect(),
            other => other,
        }
    }
}

/// The promise that a request is about: it stands in its keys, as `conformance/{promise}/{key}`.
fn promise(request: &StoreRequest) -> String {
    let key = match request {
        StoreRequest::Get { keys } => keys.first(),
        StoreRequest::Scan { prefix, .. } => Some(prefix),
        StoreRequest::Commit(batch) => batch
            .put
            .first()
            .map(|(key, _)| key)
            .or_else(|| batch.delete.first())
            .or_else(|| batch.expect.first().map(|one| &one.key)),
    };
    key.and_then(|key| key.split('/').nth(1))
        .expect("every request of the suite names a key")
        .to_owned()
}

fn main() {
    let mut recorder = Recorder::default();
    let broken = conformance::check(&mut recorder);
    assert!(broken.is_empty(), "{broken:?}");
    let tested = recorder.promises.len();
    let broken = conformance::check_reopened(&mut recorder);
    assert!(broken.is_empty(), "{broken:?}");
    for (name, exchanges) in recorder.promises.iter().take(tested) {
        println!("{}", json!({ "promise": name, "exchanges": exchanges }));
    }
    let reopened: Vec<_> = recorder.promises.iter().skip(tested).collect();
    for (_, exchanges) in reopened {
        println!("{}", json!({ "reopened": exchanges }));
    }
}
