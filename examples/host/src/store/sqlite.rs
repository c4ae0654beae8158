use super::{
    HostStore, in_order,
    sql::{Cell, Row, Sql, SqlError, Value},
};
use casewire::{
    effect::{Batch, Record, StoreAnswer, StoreRequest},
    store::Store,
};
use rusqlite::{
    Connection, OptionalExtension as _, Transaction, TransactionBehavior, params,
    types::{ToSqlOutput, Type, ValueRef},
};
use std::{fs::OpenOptions, path::Path, time::Duration};

/// A store in one SQLite file, which several processes may use at once.
///
/// The file is only for its owner, since it holds the cases that are under way. It is in WAL mode with
/// `synchronous=FULL`: a commit is on the disk before it is answered.
#[derive(Debug)]
pub struct SqliteStore {
    connection: Connection,
}

/// Marks the file as ours (`PRAGMA application_id`): "cswr".
const APPLICATION: i64 = 0x6373_7772;
/// Version of the tables (`PRAGMA user_version`).
const VERSION: i64 = 1;
/// Bytes of a page of a new file. A record that is larger than a quarter of it takes a page of its own, and on pages of 4096 bytes
/// nearly every link and decision would.
const PAGE: i64 = 8192;
/// How long to wait for another process that writes.
const PATIENCE: Duration = Duration::from_secs(20);

const TABLES: &str = "
    CREATE TABLE records (key TEXT NOT NULL PRIMARY KEY, revision INTEGER NOT NULL, value TEXT NOT NULL) WITHOUT ROWID;
    CREATE TABLE counter (revision INTEGER NOT NULL);
    INSERT INTO counter VALUES (0);
";

impl SqliteStore {
    /// Opens the store, and makes it where there is none.
    ///
    /// # Errors
    ///
    /// Says what is wrong with the file and what to do.
    pub fn open(path: &Path) -> Result<Self, String> {
        Self::try_open(path).map_err(|error| format!("the store {}: {error}", path.display()))
    }

    fn try_open(path: &Path) -> Result<Self, String> {
        create_private(path).map_err(|error| error.to_string())?;
        let mut connection = Connection::open(path).map_err(readable)?;
        connection.busy_timeout(PATIENCE).map_err(readable)?;
        connection
            .pragma_update(None, "page_size", PAGE)
            .and_then(|()| connection.pragma_update(None, "journal_mode", "WAL"))
            .and_then(|()| connection.pragma_update(None, "synchronous", "FULL"))
            .map_err(readable)?;
        prepare_tables(&mut connection)?;
        Ok(Self { connection })
    }
}

impl Store for SqliteStore {
    fn perform(&mut self, request: &StoreRequest) -> Result<StoreAnswer, String> {
        self.perform_all(std::slice::from_ref(request))
            .pop()
            .unwrap_or_else(|| Err("the store did not answer".to_owned()))
    }
}

impl HostStore for SqliteStore {
    /// Reads see what was durable before; then all commits share one transaction, with a savepoint each.
    fn perform_all(&mut self, requests: &[StoreRequest]) -> Vec<Result<StoreAnswer, String>> {
        let reads = self.read_all(requests);
        in_order(requests, reads, self.commit_all(requests))
    }
}

impl SqliteStore {
    fn read_all(&mut self, requests: &[StoreRequest]) -> Vec<Result<StoreAnswer, String>> {
        let reads = || {
            requests
                .iter()
                .filter(|request| !matches!(request, StoreRequest::Commit(_)))
        };
        if reads().next().is_none() {
            return Vec::new();
        }
        match self.connection.transaction() {
            Ok(transaction) => reads()
                .map(|request| read(&transaction, request).map_err(readable))
                .collect(),
            Err(error) => {
                let error = readable(error);
                reads().map(|_| Err(error.clone())).collect()
            }
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
        if batches.is_empty() {
            return Vec::new();
        }
        self.commit_together(&batches).unwrap_or_else(|error| {
            let error = readable(error);
            batches.iter().map(|_| Err(error.clone())).collect()
        })
    }

    fn commit_together(
        &mut self,
        batches: &[&Batch],
    ) -> rusqlite::Result<Vec<Result<StoreAnswer, String>>> {
        let mut group = self.begin()?;
        let answers = apply_all(&mut group, batches)?;
        group.commit()?;
        Ok(answers)
    }

    /// Begins a transaction that may write.
    pub(super) fn begin(&mut self) -> rusqlite::Result<Transaction<'_>> {
        self.connection
            .transaction_with_behavior(TransactionBehavior::Immediate)
    }

    /// Makes tables beside the records.
    pub(super) fn add_tables(&mut self, tables: &str) -> Result<(), String> {
        self.connection.execute_batch(tables).map_err(readable)
    }
}

/// Performs requests within a transaction, each in its place; nothing is durable before the transaction is.
pub(super) fn perform_within(
    group: &mut Transaction<'_>,
    requests: &[StoreRequest],
) -> Vec<Result<StoreAnswer, String>> {
    requests
        .iter()
        .map(|request| match request {
            StoreRequest::Commit(batch) => apply_all(group, &[batch])
                .map_err(readable)?
                .pop()
                .unwrap_or_else(|| Err("the store did not answer".to_owned())),
            _ => read(group, request).map_err(readable),
        })
        .collect()
}

/// Makes the changes of batches, all or none of each.
fn apply_all(
    group: &mut Transaction<'_>,
    batches: &[&Batch],
) -> rusqlite::Result<Vec<Result<StoreAnswer, String>>> {
    let mut revision: i64 = group
        .prepare_cached("SELECT revision FROM counter")?
        .query_row([], |row| row.get(0))?;
    let mut answers = Vec::with_capacity(batches.len());
    for batch in batches {
        let savepoint = group.savepoint()?;
        let answer = apply(&savepoint, batch, revision + 1);
        match answer {
            Ok(true) => {
                savepoint.commit()?;
                revision += 1;
                answers.push(Ok(StoreAnswer::Committed {
                    revision: unsigned(revision),
                }));
            }
            Ok(false) => {
                savepoint.finish()?;
                answers.push(Ok(StoreAnswer::Conflict));
            }
            Err(error) => {
                savepoint.finish()?;
                answers.push(Err(readable(error)));
            }
        }
    }
    group
        .prepare_cached("UPDATE counter SET revision = ?1")?
        .execute([revision])?;
    Ok(answers)
}

/// Makes the changes of one batch, or none where an expectation does not hold.
fn apply(connection: &Connection, batch: &Batch, revision: i64) -> rusqlite::Result<bool> {
    let mut current = connection.prepare_cached("SELECT revision FROM records WHERE key = ?1")?;
    for expected in &batch.expect {
        let found: Option<i64> = current
            .query_row([&expected.key], |row| row.get(0))
            .optional()?;
        if found.map(unsigned) != expected.revision {
            return Ok(false);
        }
    }
    let mut delete = connection.prepare_cached("DELETE FROM records WHERE key = ?1")?;
    for key in &batch.delete {
        delete.execute([key])?;
    }
    let mut put = connection.prepare_cached(
        "INSERT OR REPLACE INTO records (key, revision, value) VALUES (?1, ?2, ?3)",
    )?;
    for (key, value) in &batch.put {
        put.execute(params![key, revision, value])?;
    }
    Ok(true)
}

fn read(transaction: &Transaction<'_>, request: &StoreRequest) -> rusqlite::Result<StoreAnswer> {
    Ok(match request {
        StoreRequest::Get { keys } => {
            let mut get = transaction
                .prepare_cached("SELECT key, revision, value FROM records WHERE key = ?1")?;
            let records: rusqlite::Result<_> = keys
                .iter()
                .map(|key| get.query_row([key], record).optional())
                .collect();
            StoreAnswer::Records(records?)
        }
        StoreRequest::Scan {
            prefix,
            after,
            limit,
        } => {
            let after = after.as_ref().filter(|after| *after >= prefix);
            let mut scan = transaction.prepare_cached(if after.is_some() {
                "SELECT key, revision, value FROM records WHERE key > ?1 ORDER BY key LIMIT ?2"
            } else {
                "SELECT key, revision, value FROM records WHERE key >= ?1 ORDER BY key LIMIT ?2"
            })?;
            let mut rows = scan.query(params![after.unwrap_or(prefix), limit])?;
            let mut page = Vec::new();
            while let Some(row) = rows.next()? {
                let record = record(row)?;
                if !record.key.starts_with(prefix) {
                    break;
                }
                page.push(record);
            }
            StoreAnswer::Page(page)
        }
        StoreRequest::Commit(_) => StoreAnswer::Conflict,
    })
}

fn record(row: &rusqlite::Row<'_>) -> rusqlite::Result<Record> {
    let revision: i64 = row.get(1)?;
    Ok(Record {
        key: row.get(0)?,
        revision: u64::try_from(revision).map_err(|error| {
            rusqlite::Error::FromSqlConversionFailure(1, Type::Integer, Box::new(error))
        })?,
        value: row.get(2)?,
    })
}

impl Sql for &Connection {
    fn is_shared(&self) -> bool {
        false
    }

    fn execute(&mut self, statement: &str, values: &[Value<'_>]) -> Result<u64, SqlError> {
        let changed = self
            .prepare_cached(statement)
            .and_then(|mut statement| statement.execute(rusqlite::params_from_iter(values)));
        changed
            .map(|count| count as u64)
            .map_err(|error| SqlError::of(readable(error)))
    }

    fn query(&mut self, statement: &str, values: &[Value<'_>]) -> Result<Vec<Row>, SqlError> {
        let read = |row: &rusqlite::Row<'_>| {
            let columns = 0..row.as_ref().column_count();
            columns
                .map(|column| -> rusqlite::Result<Cell> { row.get_ref(column)?.try_into() })
                .collect::<rusqlite::Result<_>>()
                .map(Row)
        };
        let rows = self.prepare_cached(statement).and_then(|mut statement| {
            statement
                .query_map(rusqlite::params_from_iter(values), read)?
                .collect()
        });
        rows.map_err(|error| SqlError::of(readable(error)))
    }
}

impl rusqlite::ToSql for Value<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Self::Text(Some(text)) => ValueRef::Text(text.as_bytes()),
            Self::Text(None) => ValueRef::Null,
            Self::Integer(number) => ValueRef::Integer(*number),
        }))
    }
}

impl TryFrom<ValueRef<'_>> for Cell {
    type Error = rusqlite::Error;

    fn try_from(value: ValueRef<'_>) -> rusqlite::Result<Self> {
        Ok(match value {
            ValueRef::Null => Self::Nothing,
            ValueRef::Integer(number) => Self::Integer(number),
            value => Self::Text(value.as_str()?.to_owned()),
        })
    }
}

fn unsigned(revision: i64) -> u64 {
    u64::try_from(revision).unwrap_or(0)
}

fn prepare_tables(connection: &mut Connection) -> Result<(), String> {
    let transaction = connection
        .transaction_with_behavior(TransactionBehavior::Immediate)
        .map_err(readable)?;
    let pragma = |name| {
        transaction
            .pragma_query_value(None, name, |row| row.get::<_, i64>(0))
            .map_err(readable)
    };
    let tables: i64 = transaction
        .query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))
        .map_err(readable)?;
    match (pragma("application_id")?, pragma("user_version")?) {
        (APPLICATION, VERSION) => {}
        (APPLICATION, newer) => {
            return Err(format!(
                "was written by a newer casewire (version {newer} of the tables, this program knows {VERSION}): update this program"
            ));
        }
        _ if tables > 0 => {
            return Err("belongs to another program: name a file of its own".to_owned());
        }
        _ => transaction
            .execute_batch(TABLES)
            .and_then(|()| transaction.pragma_update(None, "application_id", APPLICATION))
            .and_then(|()| transaction.pragma_update(None, "user_version", VERSION))
            .map_err(readable)?,
    }
    transaction.commit().map_err(readable)
}

fn create_private(path: &Path) -> std::io::Result<()> {
    let mut options = OpenOptions::new();
    options.create(true).append(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map(drop)
}

#[allow(
    clippy::needless_pass_by_value,
    reason = "it is used as a function over errors"
)]
pub(super) fn readable(error: rusqlite::Error) -> String {
    match error.sqlite_error_code() {
        Some(rusqlite::ErrorCode::NotADatabase) => {
            "is not a SQLite file: name another one".to_owned()
        }
        Some(rusqlite::ErrorCode::DiskFull) => "the disk is full: make room".to_owned(),
        _ => error.to_string(),
    }
}
