use super::{HostStore, in_order, sql::SqlError};
use casewire::{
    effect::{Batch, Record, StoreAnswer, StoreRequest},
    store::Store,
};
use std::{collections::BTreeMap, fmt, thread, time::Duration};

mod address;
mod commit;
mod schema;
mod session;
mod tables;
mod trouble;

pub use address::PostgresAddress;
pub(super) use session::Session;
pub(super) use tables::Within;

/// Pauses before a connection is tried once more.
const PAUSES: [Duration; 3] = [
    Duration::ZERO,
    Duration::from_millis(300),
    Duration::from_millis(1500),
];
/// Most batches that share one transaction.
const GROUP: usize = 64;

/// A store in a PostgreSQL database, which many processes on many computers may use at once.
///
/// The records are in a schema of their own, `casewire`. A commit is on the server's disk before it is answered, also where the
/// user's default is otherwise. A connection that is lost is made anew, and what was surely not committed is tried again.
pub struct PostgresStore {
    address: PostgresAddress,
    session: Option<Session>,
}

impl PostgresStore {
    /// Connects, and makes the tables where there are none.
    ///
    /// # Errors
    ///
    /// Says what is wrong with the address, the server or the database, and what to do.
    pub fn open(address: &PostgresAddress) -> Result<Self, String> {
        let mut store = Self {
            address: address.clone(),
            session: None,
        };
        store
            .connect()
            .map_err(|error| format!("the store {address}: {error}"))?;
        Ok(store)
    }

    fn connect(&mut self) -> Result<&mut Session, SqlError> {
        match &mut self.session {
            Some(session) => Ok(session),
            none => Ok(none.insert(Session::open(&self.address)?)),
        }
    }

    /// Makes tables beside the records.
    pub(super) fn add_tables(&mut self, tables: &str) -> Result<(), SqlError> {
        self.with_session(|session| {
            schema::add(session.parts().0, tables).map_err(|error| (error, false))
        })
    }

    /// Does something with the connection; once more with a new one where the old one was lost. The error says whether it may
    /// have been done nevertheless, and then it is not done again.
    pub(super) fn with_session<T>(
        &mut self,
        mut work: impl FnMut(&mut Session) -> Result<T, (SqlError, bool)>,
    ) -> Result<T, SqlError> {
        let mut last = SqlError::of("the store did not answer");
        for pause in PAUSES {
            thread::sleep(pause);
            let result = match self.connect() {
                Ok(session) => work(session),
                Err(error) => Err((error, false)),
            };
            match result {
                Ok(done) => return Ok(done),
                Err((error, may_be_done)) => {
                    if error.lost {
                        self.session = None;
                    }
                    if may_be_done || !(error.lost || error.again) {
                        return Err(error);
                    }
                    tracing::debug!("PostgreSQL: {error}; once more");
                    last = error;
                }
            }
        }
        Err(last)
    }
}

impl Store for PostgresStore {
    fn perform(&mut self, request: &StoreRequest) -> Result<StoreAnswer, String> {
        self.perform_all(std::slice::from_ref(request))
            .pop()
            .unwrap_or_else(|| Err("the store did not answer".to_owned()))
    }
}

impl HostStore for PostgresStore {
    /// Reads see what was durable before; then the commits share transactions.
    fn perform_all(&mut self, requests: &[StoreRequest]) -> Vec<Result<StoreAnswer, String>> {
        let reads = self.read_all(requests);
        in_order(requests, reads, self.commit_all(requests))
    }
}

impl PostgresStore {
    fn read_all(&mut self, requests: &[StoreRequest]) -> Vec<Result<StoreAnswer, String>> {
        let reads: Vec<&StoreRequest> = requests
            .iter()
            .filter(|request| !matches!(request, StoreRequest::Commit(_)))
            .collect();
        if reads.is_empty() {
            return Vec::new();
        }
        let read = self.with_session(|session| {
            read_all(session, &reads).map_err(|error| (SqlError::from(error), false))
        });
        match read {
            Ok(answers) => answers.into_iter().map(Ok).collect(),
            Err(error) => reads.iter().map(|_| Err(error.to_string())).collect(),
        }
    }

    fn commit_all(&mut self, requests: &[StoreRequest]) -> Vec<Result<StoreAnswer, String>> {
        let batches: Vec<&Batch> = requests
            .iter()
            .filter_map(|request| match request {
                StoreRequest::Commit(batch) => Some(batch),
                _ => None,
            })
            .collect();
        let mut answers = Vec::with_capacity(batches.len());
        for group in batches.chunks(GROUP) {
            match self.with_session(|session| commit::commit(session, group)) {
                Ok(answered) => answers.extend(answered),
                Err(error) => answers.extend(group.iter().map(|_| Err(error.to_string()))),
            }
        }
        answers
    }
}

/// Performs reads: all gets at once, each of which then sees one state of the store.
fn read_all(
    session: &mut Session,
    reads: &[&StoreRequest],
) -> Result<Vec<StoreAnswer>, postgres::Error> {
    let statements = &session.statements;
    let keys: Vec<&str> = reads
        .iter()
        .filter_map(|read| match read {
            StoreRequest::Get { keys } => Some(keys),
            _ => None,
        })
        .flatten()
        .map(String::as_str)
        .collect();
    let mut found = BTreeMap::new();
    if !keys.is_empty() {
        for row in session.client.query(&statements.get, &[&keys])? {
            let record = record(&row)?;
            found.insert(record.key.clone(), record);
        }
    }
    reads
        .iter()
        .map(|read| match read {
            StoreRequest::Get { keys } => {
                let records = keys.iter().map(|key| found.get(key).cloned());
                Ok(StoreAnswer::Records(records.collect()))
            }
            StoreRequest::Scan {
                prefix,
                after,
                limit,
            } => {
                let after = after.as_ref().filter(|after| *after >= prefix);
                let (statement, from) = match after {
                    Some(after) => (&statements.scan_after, after),
                    None => (&statements.scan, prefix),
                };
                let (end, limit) = (end_of(prefix), i64::from(*limit));
                let rows = session.client.query(statement, &[from, &end, &limit])?;
                let page: Result<_, _> = rows.iter().map(record).collect();
                Ok(StoreAnswer::Page(page?))
            }
            StoreRequest::Commit(_) => Ok(StoreAnswer::Conflict),
        })
        .collect()
}

fn record(row: &postgres::Row) -> Result<Record, postgres::Error> {
    Ok(Record {
        key: row.try_get(0)?,
        revision: row.try_get::<_, i64>(1)?.unsigned_abs(),
        value: row.try_get(2)?,
    })
}

/// The first text behind all that begin with `prefix`, in the order of their bytes.
fn end_of(prefix: &str) -> String {
    let mut end = prefix.to_owned();
    while let Some(last) = end.pop() {
        let next = match last {
            // Between them are the surrogates, which no text holds.
            '\u{d7ff}' => Some('\u{e000}'),
            last => char::from_u32(u32::from(last) + 1),
        };
        if let Some(next) = next {
            end.push(next);
            return end;
        }
    }
    // No key of casewire begins with the last character that there is.
    char::MAX.to_string()
}

impl fmt::Debug for PostgresStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PostgresStore")
            .field("address", &self.address)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_of_a_prefix_is_behind_every_key_that_begins_with_it() {
        assert_eq!(end_of("acme/link/"), "acme/link0");
        assert_eq!(end_of("a\u{10ffff}"), "b");
        assert_eq!(end_of("\u{d7ff}"), "\u{e000}");
        for prefix in ["", "a", "é", "z\u{d7ff}", "a\u{10ffff}"] {
            let key = format!("{prefix}\u{fffd}x");
            assert!(key < end_of(prefix), "{prefix}");
        }
    }
}
