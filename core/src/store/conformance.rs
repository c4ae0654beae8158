//! The promises that a store makes to casewire, as a test that ships with the crate.

use super::Store;
use crate::effect::{Batch, Expectation, Record, StoreAnswer, StoreRequest};

/// Checks an empty store and names each promise that it breaks; an empty list means that it keeps them all.
///
/// What only a crash can show, durability, is for the store's own test: commit, kill the process, open again, and call
/// [`check_reopened`].
pub fn check(store: &mut dyn Store) -> Vec<String> {
    let mut broken = Vec::new();
    for (promise, test) in PROMISES {
        match test(&mut Session {
            store,
            prefix: format!("conformance/{promise}/"),
        }) {
            Ok(true) => {}
            Ok(false) => broken.push((*promise).to_owned()),
            Err(failure) => broken.push(format!("{promise}: {failure}")),
        }
    }
    broken
}

/// Checks, on a store that was closed after [`check`] and opened again, that what was committed is still there.
pub fn check_reopened(store: &mut dyn Store) -> Vec<String> {
    let mut session = Session {
        store,
        prefix: format!("conformance/{}/", PROMISES[0].0),
    };
    match session.get(&["a"]) {
        Ok(records)
            if records
                .iter()
                .flatten()
                .any(|record| record.value == "{\"n\":2}") =>
        {
            Vec::new()
        }
        Ok(_) => vec!["a commit is there after the store was opened again".to_owned()],
        Err(failure) => vec![failure],
    }
}

type Test = fn(&mut Session<'_>) -> Result<bool, String>;

const PROMISES: [(&str, Test); 9] = [
    ("a record is read as it was written last", |s| {
        s.put(&[("a", "{\"n\":1}")])?;
        s.put(&[("a", "{\"n\":2}")])?;
        Ok(s.value("a")?.as_deref() == Some("{\"n\":2}"))
    }),
    (
        "a get answers in the order of its keys, with a gap for a missing one",
        |s| {
            s.put(&[("a", "1"), ("b", "2")])?;
            let records = s.get(&["b", "none", "a"])?;
            let values: Vec<_> = records
                .iter()
                .map(|record| record.as_ref().map(|r| r.value.as_str()))
                .collect();
            Ok(values == [Some("2"), None, Some("1")])
        },
    ),
    (
        "revisions grow with every commit and are never used again",
        |s| {
            let first = s.put(&[("a", "1")])?;
            let second = s.put(&[("b", "1")])?;
            s.commit(&[], &[], &["a"])?;
            let third = s.put(&[("a", "1")])?;
            Ok(first < second && second < third && s.revision("a")? == third)
        },
    ),
    ("every record of a batch has the batch's revision", |s| {
        let revision = s.put(&[("a", "1"), ("b", "1")])?;
        Ok(revision.is_some() && s.revision("a")? == revision && s.revision("b")? == revision)
    }),
    (
        "a failed expectation is a conflict and changes nothing",
        |s| {
            let old = s.put(&[("a", "1")])?;
            s.put(&[("a", "2")])?;
            let answer = s.commit(&[("a", old)], &[("a", "3"), ("b", "3")], &[])?;
            let missing = s.commit(&[("c", old)], &[("b", "3")], &["a"])?;
            Ok(answer == StoreAnswer::Conflict
                && missing == StoreAnswer::Conflict
                && s.value("a")?.as_deref() == Some("2")
                && s.value("b")?.is_none())
        },
    ),
    ("a record can be expected not to exist", |s| {
        let made = s.commit(&[("a", None)], &[("a", "1")], &[])?;
        let again = s.commit(&[("a", None)], &[("a", "2")], &[])?;
        Ok(matches!(made, StoreAnswer::Committed { .. })
            && again == StoreAnswer::Conflict
            && s.value("a")?.as_deref() == Some("1"))
    }),
    (
        "a deleted record is gone, and deleting a missing one is no fault",
        |s| {
            s.put(&[("a", "1")])?;
            let answer = s.commit(&[], &[], &["a", "none"])?;
            Ok(matches!(answer, StoreAnswer::Committed { .. }) && s.value("a")?.is_none())
        },
    ),
    (
        "a scan gives the keys with the prefix in the order of their bytes, by pages",
        |s| {
            s.put(&[
                ("x%2F", "4"),
                ("x", "1"),
                ("x-a", "2"),
                ("x.a", "3"),
                ("xZ", "5"),
                ("x_", "6"),
                ("xa", "7"),
            ])?;
            s.put(&[("y", "8"), ("w", "0")])?;
            let mut values = String::new();
            let mut after = None;
            loop {
                let page = s.scan("x", after.as_deref(), 3)?;
                let Some(last) = page.last() else { break };
                after = Some(last.key.clone());
                values.extend(page.iter().map(|record| record.value.as_str()));
            }
            Ok(values == "1423567")
        },
    ),
    ("values keep every character, and a megabyte", |s| {
        let large = format!(
            "{{\"t\":\"{}\"}}",
            "é\u{1F600}\\u0000'%_\"".replace('"', "\\\"").repeat(60_000)
        );
        s.put(&[("a", &large)])?;
        Ok(s.value("a")?.as_deref() == Some(large.as_str()))
    }),
];

struct Session<'a> {
    store: &'a mut dyn Store,
    prefix: String,
}

impl Session<'_> {
    fn key(&self, key: &str) -> String {
        format!("{}{key}", self.prefix)
    }

    fn commit(
        &mut self,
        expect: &[(&str, Option<u64>)],
        put: &[(&str, &str)],
        delete: &[&str],
    ) -> Result<StoreAnswer, String> {
        let batch = Batch {
            expect: expect
                .iter()
                .map(|(key, revision)| Expectation {
                    key: self.key(key),
                    revision: *revision,
                })
                .collect(),
            put: put
                .iter()
                .map(|(key, value)| (self.key(key), (*value).to_owned()))
                .collect(),
            delete: delete.iter().map(|key| self.key(key)).collect(),
        };
        self.store.perform(&StoreRequest::Commit(batch))
    }

    fn put(&mut self, put: &[(&str, &str)]) -> Result<Option<u64>, String> {
        match self.commit(&[], put, &[])? {
            StoreAnswer::Committed { revision } => Ok(Some(revision)),
            answer => Err(format!("a commit without expectations answered {answer:?}")),
        }
    }

    fn get(&mut self, keys: &[&str]) -> Result<Vec<Option<Record>>, String> {
        let keys: Vec<String> = keys.iter().map(|key| self.key(key)).collect();
        match self
            .store
            .perform(&StoreRequest::Get { keys: keys.clone() })?
        {
            StoreAnswer::Records(records)
                if records.len() == keys.len()
                    && records
                        .iter()
                        .zip(&keys)
                        .all(|(record, key)| record.as_ref().is_none_or(|r| r.key == *key)) =>
            {
                Ok(records)
            }
            answer => Err(format!("a get answered {answer:?}")),
        }
    }

    fn value(&mut self, key: &str) -> Result<Option<String>, String> {
        Ok(self
            .get(&[key])?
            .into_iter()
            .flatten()
            .next()
            .map(|record| record.value))
    }

    fn revision(&mut self, key: &str) -> Result<Option<u64>, String> {
        Ok(self
            .get(&[key])?
            .into_iter()
            .flatten()
            .next()
            .map(|record| record.revision))
    }

    fn scan(
        &mut self,
        prefix: &str,
        after: Option<&str>,
        limit: u32,
    ) -> Result<Vec<Record>, String> {
        let request = StoreRequest::Scan {
            prefix: self.key(prefix),
            after: after.map(str::to_owned),
            limit,
        };
        match self.store.perform(&request)? {
            StoreAnswer::Page(page)
                if page.len() <= usize::try_from(limit).unwrap_or(usize::MAX) =>
            {
                Ok(page)
            }
            answer => Err(format!("a scan answered {answer:?}")),
        }
    }
}
