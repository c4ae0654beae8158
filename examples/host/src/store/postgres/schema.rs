//! The tables of a store in PostgreSQL, in a schema of their own.

use crate::store::sql::SqlError;
use postgres::Client;

/// Version of the tables.
const VERSION: i64 = 1;
/// Two numbers that only this program locks: "cswr", and what it is about to make.
const MAKING: &str = "SELECT pg_advisory_xact_lock(1668511602, 1)";

/// The keys are in the order of their bytes, whatever the database's collation is.
const TABLES: &str = r#"
    CREATE TABLE version (version BIGINT NOT NULL);
    CREATE TABLE made (statements TEXT NOT NULL PRIMARY KEY);
    CREATE TABLE records (key TEXT COLLATE "C" NOT NULL PRIMARY KEY, revision BIGINT NOT NULL, value TEXT NOT NULL);
    CREATE SEQUENCE revision;
"#;

/// What a session of this program is like.
///
/// - One that stands still within a transaction, as a stopped process does, is ended, so that it keeps nobody from working.
/// - Everything is read by key. A plan that was made while a table was small would otherwise read the large one from end to end.
/// - A commit is on the disk before it is answered, whatever the user's default is.
const SESSION: &str = "
    SET idle_in_transaction_session_timeout = '10s';
    SET lock_timeout = '20s';
    SET statement_timeout = '60s';
    SET enable_seqscan = off;
    SET search_path = casewire;
    SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off';
";

/// Prepares a new connection, and makes the tables where there are none.
pub(super) fn prepare(client: &mut Client) -> Result<(), SqlError> {
    client.batch_execute(SESSION)?;
    let row = client.query_one(
        "SELECT current_setting('server_encoding'), current_setting('fsync'),
                to_regclass('casewire.version') IS NOT NULL",
        &[],
    )?;
    let (encoding, fsync): (String, String) = (row.try_get(0)?, row.try_get(1)?);
    if encoding != "UTF8" {
        return Err(SqlError::of(format!(
            "the database holds text as {encoding}: make one with `createdb --encoding=UTF8 --template=template0`"
        )));
    }
    if fsync == "off" {
        tracing::warn!(
            "PostgreSQL runs with fsync=off: a crash of its computer loses what it answered for"
        );
    }
    if !row.try_get::<_, bool>(2)? {
        make(client)?;
    }
    let version: i64 = client
        .query_one("SELECT version FROM version", &[])?
        .try_get(0)?;
    if version != VERSION {
        return Err(SqlError::of(format!(
            "was written by a newer casewire (version {version} of the tables, this program knows {VERSION}): update this program"
        )));
    }
    Ok(())
}

/// Makes the tables, unless another process was first.
fn make(client: &mut Client) -> Result<(), SqlError> {
    let mut making = client.transaction()?;
    making.batch_execute(MAKING)?;
    let row = making.query_one(
        "SELECT to_regnamespace('casewire') IS NOT NULL, to_regclass('casewire.version') IS NOT NULL",
        &[],
    )?;
    if row.try_get(1)? {
        return Ok(());
    }
    if !row.try_get::<_, bool>(0)? {
        making.batch_execute("CREATE SCHEMA casewire")?;
    }
    making.batch_execute(TABLES)?;
    making.execute("INSERT INTO version VALUES ($1)", &[&VERSION])?;
    Ok(making.commit()?)
}

/// Makes tables beside the records, once: statements that make nothing new would still wait for everybody who writes.
pub(super) fn add(client: &mut Client, tables: &str) -> Result<(), SqlError> {
    let mut making = client.transaction()?;
    making.batch_execute(MAKING)?;
    let made = making.execute(
        "INSERT INTO made VALUES (md5($1)) ON CONFLICT DO NOTHING",
        &[&tables],
    )?;
    if made == 1 {
        making.batch_execute(tables)?;
    }
    Ok(making.commit()?)
}
