//! Commits: what batches expect is compared, and what they change is written, in one transaction.
//!
//! Several processes write side by side. Each takes a lock for every key that its batches name, in one order that is the same
//! for all, so that nobody waits in a circle: a shared one for a key that is only expected, an exclusive one for a key that is
//! written. A key that does not exist can be locked as well, so an expectation that there is no record holds until the commit.
//! The locks end with the transaction.

use super::session::Session;
use crate::store::sql::SqlError;
use casewire::effect::{Batch, StoreAnswer};
use postgres::{IsolationLevel, Row, Transaction};
use sha2::{Digest as _, Sha256};
use std::collections::BTreeMap;

/// Most keys that are locked one by one. The server has room for some thousands in all.
const MOST_KEYS: usize = 500;

/// What is known of the records that a group names: nothing for one that does not exist.
type Records<'a, T> = BTreeMap<&'a str, Option<T>>;

/// Performs batches in the order in which they stand, each after those before it.
///
/// The error says whether the transaction may have been committed nevertheless.
pub(super) fn commit(
    session: &mut Session,
    batches: &[&Batch],
) -> Result<Vec<Result<StoreAnswer, String>>, (SqlError, bool)> {
    let before = |error: postgres::Error| (SqlError::from(error), false);
    let Session {
        client, statements, ..
    } = session;
    let mut group = client
        .build_transaction()
        .isolation_level(IsolationLevel::ReadCommitted)
        .start()
        .map_err(before)?;
    let (keys, exclusive): (Vec<i64>, Vec<bool>) = locks(batches).into_iter().unzip();
    group
        .execute(&statements.lock, &[&keys, &exclusive])
        .map_err(before)?;
    // A statement of its own, which sees what others committed before they gave the locks back.
    let rows = look(&mut group, &statements.look, batches).map_err(before)?;
    let (found, mut revisions) = rows;
    let mut written: Records<'_, (i64, &str)> = BTreeMap::new();
    let mut answers = Vec::with_capacity(batches.len());
    for batch in batches {
        if let Err(fault) = check(batch) {
            answers.push(Err(fault));
            continue;
        }
        let holds = batch.expect.iter().all(|expected| {
            let key = expected.key.as_str();
            let now = match written.get(key) {
                Some(record) => record.map(|(revision, _)| revision),
                None => found.get(key).copied().flatten(),
            };
            now.map(i64::unsigned_abs) == expected.revision
        });
        if !holds {
            answers.push(Ok(StoreAnswer::Conflict));
            continue;
        }
        let Some(revision) = revisions.pop() else {
            answers.push(Err("the store gave no revision".to_owned()));
            continue;
        };
        for key in &batch.delete {
            written.insert(key, None);
        }
        for (key, value) in &batch.put {
            written.insert(key, Some((revision, value)));
        }
        answers.push(Ok(StoreAnswer::Committed {
            revision: revision.unsigned_abs(),
        }));
    }
    write(&mut group, statements, &written).map_err(before)?;
    group
        .commit()
        .map_err(|error| (SqlError::from(error), true))?;
    Ok(answers)
}

/// The locks in the order in which everybody takes them, each with whether it is exclusive.
fn locks(batches: &[&Batch]) -> BTreeMap<i64, bool> {
    let mut locks = BTreeMap::new();
    for batch in batches {
        let expected = batch.expect.iter().map(|expected| (&expected.key, false));
        let put = batch.put.iter().map(|(key, _)| (key, true));
        let delete = batch.delete.iter().map(|key| (key, true));
        for (key, exclusive) in expected.chain(put).chain(delete) {
            *locks.entry(lock_of(key)).or_default() |= exclusive;
        }
    }
    // Whoever names many keys locks all that there are, and the others take part in that lock.
    let many = locks.len() > MOST_KEYS;
    if many {
        locks.clear();
    }
    locks.insert(lock_of(""), many);
    locks
}

fn lock_of(key: &str) -> i64 {
    let digest = Sha256::new().chain_update("casewire ").chain_update(key);
    let digest: [u8; 32] = digest.finalize().into();
    let first = digest.first_chunk().copied().unwrap_or_default();
    i64::from_be_bytes(first)
}

type Looked<'a> = (Records<'a, i64>, Vec<i64>);

/// Reads the revisions that are expected, and draws a new one for each batch, the smallest last.
fn look<'a>(
    group: &mut Transaction<'_>,
    statement: &postgres::Statement,
    batches: &[&'a Batch],
) -> Result<Looked<'a>, postgres::Error> {
    let expected = batches.iter().flat_map(|batch| &batch.expect);
    let mut found: Records<'a, i64> = expected
        .map(|expected| (expected.key.as_str(), None))
        .collect();
    let keys: Vec<&str> = found.keys().copied().collect();
    let count = i64::try_from(batches.len()).unwrap_or(i64::MAX);
    let mut revisions = Vec::with_capacity(batches.len());
    for row in group.query(statement, &[&keys, &count])? {
        let (key, revision) = pair(&row)?;
        match key {
            Some(key) => {
                if let Some(record) = found.get_mut(key) {
                    *record = Some(revision);
                }
            }
            None => revisions.push(revision),
        }
    }
    revisions.sort_unstable_by(|a, b| b.cmp(a));
    Ok((found, revisions))
}

fn pair(row: &Row) -> Result<(Option<&str>, i64), postgres::Error> {
    Ok((row.try_get(0)?, row.try_get(1)?))
}

/// PostgreSQL keeps every character but one.
fn check(batch: &Batch) -> Result<(), String> {
    let keys = batch.put.iter().map(|(key, _)| key).chain(&batch.delete);
    let values = batch.put.iter().map(|(_, value)| value);
    match keys.chain(values).any(|text| text.contains('\0')) {
        true => Err("a record holds the character NUL, which PostgreSQL cannot keep".to_owned()),
        false => Ok(()),
    }
}

fn write(
    group: &mut Transaction<'_>,
    statements: &super::session::Statements,
    written: &Records<'_, (i64, &str)>,
) -> Result<(), postgres::Error> {
    let (mut keys, mut revisions, mut values, mut gone) = (vec![], vec![], vec![], vec![]);
    for (key, record) in written {
        match record {
            Some((revision, value)) => {
                keys.push(*key);
                revisions.push(*revision);
                values.push(*value);
            }
            None => gone.push(*key),
        }
    }
    if !gone.is_empty() {
        group.execute(&statements.delete, &[&gone])?;
    }
    if !keys.is_empty() {
        group.execute(&statements.put, &[&keys, &revisions, &values])?;
    }
    Ok(())
}
