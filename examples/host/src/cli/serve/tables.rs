//! The service's own tables, beside the records of its connectors: the cases as they were handed over last, what goes back to
//! the host, and how far webhooks have come.

use casewire::{Case, Delivery, Subject, Timestamp};
use rusqlite::{Connection, OptionalExtension as _, Result, params};
use std::time::Duration;

/// Makes them where there are none. The connectors' tables stay as they are, so other commands work on the file as before.
pub(super) const TABLES: &str = "
    CREATE TABLE IF NOT EXISTS service_cases (
        instance TEXT NOT NULL, case_id TEXT NOT NULL, document TEXT NOT NULL, changed_at INTEGER NOT NULL,
        PRIMARY KEY (instance, case_id)) WITHOUT ROWID;
    CREATE INDEX IF NOT EXISTS service_cases_age ON service_cases (changed_at);
    CREATE TABLE IF NOT EXISTS service_feed (
        seq INTEGER PRIMARY KEY AUTOINCREMENT, instance TEXT NOT NULL, delivery TEXT NOT NULL, subject TEXT NOT NULL,
        at INTEGER NOT NULL, document TEXT NOT NULL, UNIQUE (instance, delivery));
    CREATE INDEX IF NOT EXISTS service_feed_subject ON service_feed (subject, seq);
    CREATE TABLE IF NOT EXISTS service_forgotten (seq INTEGER NOT NULL);
    CREATE TABLE IF NOT EXISTS service_hooks (url TEXT NOT NULL PRIMARY KEY, place INTEGER NOT NULL) WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS service_late (
        url TEXT NOT NULL, seq INTEGER NOT NULL, subject TEXT NOT NULL, tries INTEGER NOT NULL, next_try INTEGER NOT NULL,
        PRIMARY KEY (url, seq)) WITHOUT ROWID;
    CREATE INDEX IF NOT EXISTS service_late_subject ON service_late (url, subject, seq);
    CREATE TABLE IF NOT EXISTS service_files (
        token TEXT NOT NULL PRIMARY KEY, instance TEXT NOT NULL, case_id TEXT NOT NULL, sha256 TEXT NOT NULL,
        size INTEGER NOT NULL, at INTEGER NOT NULL, gone INTEGER NOT NULL DEFAULT 0) WITHOUT ROWID;
";

/// Something that goes back to the host.
#[derive(Clone, Debug)]
pub(super) struct Change {
    /// Its place in the feed; only grows.
    pub(super) seq: i64,
    pub(super) instance: String,
    /// The delivery as JSON.
    pub(super) document: String,
    /// What it is about, with the instance: the order is kept per subject.
    pub(super) subject: String,
}

impl Change {
    /// As the feed and webhooks show it.
    pub(super) fn json(&self) -> String {
        let Self {
            seq,
            instance,
            document,
            ..
        } = self;
        let instance = serde_json::Value::from(instance.as_str());
        format!(r#"{{"cursor":"{seq}","instance":{instance},"delivery":{document}}}"#)
    }
}

/// The case as it was handed over last.
pub(super) fn case(connection: &Connection, instance: &str, case_id: &str) -> Result<Option<Case>> {
    let text: Option<String> = connection
        .prepare_cached("SELECT document FROM service_cases WHERE instance = ?1 AND case_id = ?2")?
        .query_row([instance, case_id], |row| row.get(0))
        .optional()?;
    Ok(text.and_then(|text| serde_json::from_str(&text).ok()))
}

/// The cases that were handed over last as JSON, the newest first.
pub(super) fn newest_cases(
    connection: &Connection,
    instance: &str,
    limit: u32,
) -> Result<Vec<String>> {
    connection
        .prepare_cached(
            "SELECT document FROM service_cases WHERE instance = ?1 ORDER BY changed_at DESC, case_id LIMIT ?2",
        )?
        .query_map(params![instance, limit], |row| row.get(0))?
        .collect()
}

/// Keeps the case for what is added to it later.
pub(super) fn put_case(
    connection: &Connection,
    instance: &str,
    case: &Case,
    now: Timestamp,
) -> Result<()> {
    let document = serde_json::to_string(case).unwrap_or_default();
    connection
        .prepare_cached("INSERT OR REPLACE INTO service_cases VALUES (?1, ?2, ?3, ?4)")?
        .execute(params![instance, case.id, document, now.millis()])?;
    Ok(())
}

/// Adds a delivery to the feed, unless it is there, and gives its place.
pub(super) fn append(connection: &Connection, instance: &str, delivery: &Delivery) -> Result<i64> {
    let document = serde_json::to_string(delivery).unwrap_or_default();
    let (kind, id) = match &delivery.subject {
        Subject::Case(id) => ("case", id),
        Subject::Group(id) => ("group", id),
        Subject::System(id) => ("system", id),
        Subject::Instance(id) => ("instance", id),
    };
    let subject = format!("{instance}/{kind}/{id}");
    connection
        .prepare_cached(
            "INSERT INTO service_feed (instance, delivery, subject, at, document) VALUES (?1, ?2, ?3, ?4, ?5)
             ON CONFLICT DO NOTHING",
        )?
        .execute(params![instance, delivery.id, subject, delivery.at.millis(), document])?;
    connection
        .prepare_cached("SELECT seq FROM service_feed WHERE instance = ?1 AND delivery = ?2")?
        .query_row([instance, &delivery.id], |row| row.get(0))
}

/// The last place of the feed that was ever given, and the last one that was forgotten.
pub(super) fn ends(connection: &Connection) -> Result<(i64, i64)> {
    let last = connection
        .query_row(
            "SELECT seq FROM sqlite_sequence WHERE name = 'service_feed'",
            [],
            |row| row.get(0),
        )
        .optional()?;
    let forgotten = connection.query_row("SELECT max(seq) FROM service_forgotten", [], |row| {
        row.get::<_, Option<i64>>(0)
    })?;
    Ok((last.unwrap_or(0), forgotten.unwrap_or(0)))
}

/// Some of the feed after a place, of one instance where it is named.
pub(super) fn changes(
    connection: &Connection,
    after: i64,
    instance: Option<&str>,
    limit: u32,
) -> Result<Vec<Change>> {
    connection
        .prepare_cached(
            "SELECT seq, instance, document, subject FROM service_feed
             WHERE seq > ?1 AND (?2 IS NULL OR instance = ?2) ORDER BY seq LIMIT ?3",
        )?
        .query_map(params![after, instance, limit], change)?
        .collect()
}

/// What happened to a case, the oldest first.
pub(super) fn changes_of_case(
    connection: &Connection,
    instance: &str,
    case_id: &str,
    limit: u32,
) -> Result<Vec<Change>> {
    connection
        .prepare_cached(
            "SELECT seq, instance, document, subject FROM service_feed WHERE subject = ?1 ORDER BY seq LIMIT ?2",
        )?
        .query_map(params![format!("{instance}/case/{case_id}"), limit], change)?
        .collect()
}

fn change(row: &rusqlite::Row<'_>) -> Result<Change> {
    Ok(Change {
        seq: row.get(0)?,
        instance: row.get(1)?,
        document: row.get(2)?,
        subject: row.get(3)?,
    })
}

/// Forgets what is older than `keep`, and says how many changes no webhook got by then.
pub(super) fn forget(connection: &Connection, now: Timestamp, keep: Duration) -> Result<u64> {
    let keep = i64::try_from(keep.as_millis()).unwrap_or(i64::MAX);
    let before = now.millis().saturating_sub(keep);
    let last: Option<i64> = connection.query_row(
        "SELECT max(seq) FROM service_feed WHERE at < ?1",
        [before],
        |row| row.get(0),
    )?;
    let mut lost = 0;
    if let Some(last) = last {
        connection.execute("DELETE FROM service_feed WHERE seq <= ?1", [last])?;
        connection.execute("DELETE FROM service_forgotten", [])?;
        connection.execute("INSERT INTO service_forgotten VALUES (?1)", [last])?;
        lost = connection.execute("DELETE FROM service_late WHERE seq <= ?1", [last])?;
    }
    connection.execute(
        "DELETE FROM service_cases WHERE changed_at < ?1",
        [now.millis().saturating_sub(keep.saturating_mul(13))],
    )?;
    Ok(lost as u64)
}

/// How far a webhook has come; a new one begins with what comes next.
pub(super) fn hook_place(connection: &Connection, url: &str) -> Result<i64> {
    let (last, _) = ends(connection)?;
    connection.execute(
        "INSERT INTO service_hooks VALUES (?1, ?2) ON CONFLICT DO NOTHING",
        params![url, last],
    )?;
    connection.query_row(
        "SELECT place FROM service_hooks WHERE url = ?1",
        [url],
        |row| row.get(0),
    )
}

/// Notes that a webhook has come to a place.
pub(super) fn move_hook(connection: &Connection, url: &str, place: i64) -> Result<()> {
    connection
        .prepare_cached("UPDATE service_hooks SET place = ?2 WHERE url = ?1")?
        .execute(params![url, place])?;
    Ok(())
}

/// Whether an earlier change of the subject waits for the webhook.
pub(super) fn is_late(connection: &Connection, url: &str, subject: &str) -> Result<bool> {
    connection
        .prepare_cached("SELECT 1 FROM service_late WHERE url = ?1 AND subject = ?2 LIMIT 1")?
        .exists([url, subject])
}

/// Has a change wait for the webhook.
pub(super) fn put_late(
    connection: &Connection,
    url: &str,
    change: &Change,
    tries: u32,
    next_try: Timestamp,
) -> Result<()> {
    connection
        .prepare_cached("INSERT OR REPLACE INTO service_late VALUES (?1, ?2, ?3, ?4, ?5)")?
        .execute(params![
            url,
            change.seq,
            change.subject,
            tries,
            next_try.millis()
        ])?;
    Ok(())
}

/// The webhook got it.
pub(super) fn remove_late(connection: &Connection, url: &str, seq: i64) -> Result<()> {
    connection
        .prepare_cached("DELETE FROM service_late WHERE url = ?1 AND seq = ?2")?
        .execute(params![url, seq])?;
    Ok(())
}

/// The first change of each subject that waits and whose time has come, with the number of tries.
pub(super) fn due(
    connection: &Connection,
    url: &str,
    now: Timestamp,
) -> Result<Vec<(Change, u32)>> {
    connection
        .prepare_cached(
            "SELECT feed.seq, feed.instance, feed.document, feed.subject, late.tries
             FROM service_late AS late JOIN service_feed AS feed ON feed.seq = late.seq
             WHERE late.url = ?1 AND late.next_try <= ?2 AND NOT EXISTS (
                SELECT 1 FROM service_late AS earlier
                WHERE earlier.url = late.url AND earlier.subject = late.subject AND earlier.seq < late.seq)
             ORDER BY late.seq LIMIT 32",
        )?
        .query_map(params![url, now.millis()], |row| Ok((change(row)?, row.get(4)?)))?
        .collect()
}

/// An uploaded file.
#[derive(Clone, Debug)]
pub(super) struct StoredFile {
    pub(super) token: String,
    pub(super) instance: String,
    pub(super) case_id: String,
    pub(super) sha256: String,
    pub(super) size: u64,
}

/// Notes an uploaded file.
pub(super) fn put_file(connection: &Connection, file: &StoredFile, now: Timestamp) -> Result<()> {
    let size = i64::try_from(file.size).unwrap_or(i64::MAX);
    connection
        .prepare_cached("INSERT OR REPLACE INTO service_files VALUES (?1, ?2, ?3, ?4, ?5, ?6, 0)")?
        .execute(params![
            file.token,
            file.instance,
            file.case_id,
            file.sha256,
            size,
            now.millis()
        ])?;
    Ok(())
}

/// An uploaded file, also one whose content is not needed any more.
pub(super) fn file(connection: &Connection, token: &str) -> Result<Option<StoredFile>> {
    connection
        .prepare_cached(
            "SELECT token, instance, case_id, sha256, size FROM service_files WHERE token = ?1",
        )?
        .query_row([token], stored_file)
        .optional()
}

/// Files that were uploaded before that time and are still there.
pub(super) fn files_before(connection: &Connection, time: Timestamp) -> Result<Vec<StoredFile>> {
    connection
        .prepare_cached(
            "SELECT token, instance, case_id, sha256, size FROM service_files WHERE gone = 0 AND at < ?1 LIMIT 1000",
        )?
        .query_map([time.millis()], stored_file)?
        .collect()
}

/// Notes that the content is not there any more.
pub(super) fn file_is_gone(connection: &Connection, token: &str) -> Result<()> {
    connection
        .prepare_cached("UPDATE service_files SET gone = 1 WHERE token = ?1")?
        .execute([token])?;
    Ok(())
}

fn stored_file(row: &rusqlite::Row<'_>) -> Result<StoredFile> {
    Ok(StoredFile {
        token: row.get(0)?,
        instance: row.get(1)?,
        case_id: row.get(2)?,
        sha256: row.get(3)?,
        size: row.get::<_, i64>(4)?.unsigned_abs(),
    })
}
