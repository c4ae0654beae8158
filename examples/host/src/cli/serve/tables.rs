//! The service's own tables, beside the records of its connectors: the cases as they were handed over last, what goes back to
//! the host, and how far webhooks have come.

use crate::store::{Row, Sql, SqlError, Tables};
use casewire::{Case, Delivery, Subject, Timestamp};
use std::time::Duration;

type Result<T> = std::result::Result<T, SqlError>;

/// Makes them where there are none. The connectors' records stay as they are, so other commands work on the store as before.
///
/// In PostgreSQL a change gets its place in the feed after the transaction that brought it, in a later one: several nodes commit
/// side by side, and a reader who has seen a place must have seen all that come before it.
pub(super) const TABLES: Tables = Tables {
    sqlite: "
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
",
    postgres: r#"
    CREATE TABLE IF NOT EXISTS service_cases (
        instance TEXT NOT NULL, case_id TEXT COLLATE "C" NOT NULL, document TEXT NOT NULL, changed_at BIGINT NOT NULL,
        PRIMARY KEY (instance, case_id));
    CREATE INDEX IF NOT EXISTS service_cases_age ON service_cases (changed_at);
    CREATE INDEX IF NOT EXISTS service_cases_newest ON service_cases (instance, changed_at DESC, case_id);
    CREATE TABLE IF NOT EXISTS service_feed (
        arrival BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY, seq BIGINT UNIQUE, instance TEXT NOT NULL,
        delivery TEXT NOT NULL, subject TEXT NOT NULL, at BIGINT NOT NULL, document TEXT NOT NULL, UNIQUE (instance, delivery));
    CREATE INDEX IF NOT EXISTS service_feed_subject ON service_feed (subject, seq);
    CREATE INDEX IF NOT EXISTS service_feed_at ON service_feed (at);
    CREATE INDEX IF NOT EXISTS service_feed_new ON service_feed (arrival) WHERE seq IS NULL;
    CREATE TABLE IF NOT EXISTS service_end (place BIGINT NOT NULL);
    INSERT INTO service_end SELECT 0 WHERE NOT EXISTS (SELECT 1 FROM service_end);
    CREATE TABLE IF NOT EXISTS service_forgotten (seq BIGINT NOT NULL);
    CREATE TABLE IF NOT EXISTS service_hooks (url TEXT NOT NULL PRIMARY KEY, place BIGINT NOT NULL);
    CREATE TABLE IF NOT EXISTS service_late (
        url TEXT NOT NULL, seq BIGINT NOT NULL, subject TEXT NOT NULL, tries BIGINT NOT NULL, next_try BIGINT NOT NULL,
        PRIMARY KEY (url, seq));
    CREATE INDEX IF NOT EXISTS service_late_subject ON service_late (url, subject, seq);
    CREATE TABLE IF NOT EXISTS service_files (
        token TEXT NOT NULL PRIMARY KEY, instance TEXT NOT NULL, case_id TEXT NOT NULL, sha256 TEXT NOT NULL,
        size BIGINT NOT NULL, at BIGINT NOT NULL, gone BIGINT NOT NULL DEFAULT 0);
    CREATE INDEX IF NOT EXISTS service_files_age ON service_files (at) WHERE gone = 0;
"#,
};

/// Gives the changes that have none their places in the feed, in the order in which they came.
fn number(sql: &mut dyn Sql) -> Result<()> {
    if !sql.is_shared()
        || sql
            .query(
                "SELECT arrival FROM service_feed WHERE seq IS NULL ORDER BY arrival LIMIT 1",
                &[],
            )?
            .is_empty()
    {
        return Ok(());
    }
    let end = sql.query("SELECT place FROM service_end FOR UPDATE SKIP LOCKED", &[])?;
    // Where another node is at it, the places are there soon, and nobody waits for it.
    let Some(end) = end.first() else {
        return Ok(());
    };
    let end = end.integer(0)?;
    let numbered = sql.execute(
        "UPDATE service_feed SET seq = CAST(?1 AS BIGINT) + new.number FROM (
            SELECT arrival, row_number() OVER (ORDER BY arrival) AS number FROM service_feed WHERE seq IS NULL) AS new
         WHERE service_feed.arrival = new.arrival",
        &[end.into()],
    )?;
    let end = end.saturating_add_unsigned(numbered);
    sql.execute("UPDATE service_end SET place = ?1", &[end.into()])?;
    Ok(())
}

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
pub(super) fn case(sql: &mut dyn Sql, instance: &str, case_id: &str) -> Result<Option<Case>> {
    let text = first(
        sql.query(
            "SELECT document FROM service_cases WHERE instance = ?1 AND case_id = ?2",
            &[instance.into(), case_id.into()],
        )?,
        text,
    )?;
    Ok(text.and_then(|text| serde_json::from_str(&text).ok()))
}

/// The cases that were handed over last as JSON, the newest first.
pub(super) fn newest_cases(sql: &mut dyn Sql, instance: &str, limit: u32) -> Result<Vec<String>> {
    let rows = sql.query(
        "SELECT document FROM service_cases WHERE instance = ?1 ORDER BY changed_at DESC, case_id LIMIT ?2",
        &[instance.into(), limit.into()],
    )?;
    rows.into_iter().map(text).collect()
}

/// Keeps the case for what is added to it later.
pub(super) fn put_case(
    sql: &mut dyn Sql,
    instance: &str,
    case: &Case,
    now: Timestamp,
) -> Result<()> {
    let document = serde_json::to_string(case).unwrap_or_default();
    sql.execute(
        "INSERT INTO service_cases (instance, case_id, document, changed_at) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT (instance, case_id) DO UPDATE SET document = excluded.document, changed_at = excluded.changed_at",
        &[instance.into(), (&case.id).into(), (&document).into(), now.millis().into()],
    )?;
    Ok(())
}

/// Adds a delivery to the feed, unless it is there, and gives its place; 0 where it has none yet.
pub(super) fn append(sql: &mut dyn Sql, instance: &str, delivery: &Delivery) -> Result<i64> {
    let document = serde_json::to_string(delivery).unwrap_or_default();
    let (kind, id) = match &delivery.subject {
        Subject::Case(id) => ("case", id),
        Subject::Group(id) => ("group", id),
        Subject::System(id) => ("system", id),
        Subject::Instance(id) => ("instance", id),
    };
    let subject = format!("{instance}/{kind}/{id}");
    sql.execute(
        "INSERT INTO service_feed (instance, delivery, subject, at, document) VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT DO NOTHING",
        &[
            instance.into(),
            (&delivery.id).into(),
            (&subject).into(),
            delivery.at.millis().into(),
            (&document).into(),
        ],
    )?;
    let place = sql.query(
        "SELECT COALESCE(seq, 0) FROM service_feed WHERE instance = ?1 AND delivery = ?2",
        &[instance.into(), (&delivery.id).into()],
    )?;
    Ok(first(place, |row| row.integer(0))?.unwrap_or(0))
}

/// Whether the tables can be read.
pub(super) fn try_out(sql: &mut dyn Sql) -> Result<()> {
    sql.query("SELECT seq FROM service_feed ORDER BY seq LIMIT 1", &[])
        .map(drop)
}

/// The last place of the feed that was ever given, and the last one that was forgotten.
pub(super) fn ends(sql: &mut dyn Sql) -> Result<(i64, i64)> {
    number(sql)?;
    let last = match sql.is_shared() {
        true => "SELECT place FROM service_end",
        false => "SELECT seq FROM sqlite_sequence WHERE name = 'service_feed'",
    };
    let last = first(sql.query(last, &[])?, |row| row.integer(0))?;
    let forgotten = sql.query("SELECT max(seq) FROM service_forgotten", &[])?;
    let forgotten = first(forgotten, |row| row.number(0))?.flatten();
    Ok((last.unwrap_or(0), forgotten.unwrap_or(0)))
}

/// Some of the feed after a place, of one instance where it is named.
pub(super) fn changes(
    sql: &mut dyn Sql,
    after: i64,
    instance: Option<&str>,
    limit: u32,
) -> Result<Vec<Change>> {
    number(sql)?;
    let rows = sql.query(
        "SELECT seq, instance, document, subject FROM service_feed
         WHERE seq > ?1 AND (CAST(?2 AS TEXT) IS NULL OR instance = ?2) ORDER BY seq LIMIT ?3",
        &[after.into(), instance.into(), limit.into()],
    )?;
    rows.into_iter().map(change).collect()
}

/// What happened to a case, the oldest first.
pub(super) fn changes_of_case(
    sql: &mut dyn Sql,
    instance: &str,
    case_id: &str,
    limit: u32,
) -> Result<Vec<Change>> {
    number(sql)?;
    let subject = format!("{instance}/case/{case_id}");
    let rows = sql.query(
        "SELECT seq, instance, document, subject FROM service_feed WHERE subject = ?1 ORDER BY seq LIMIT ?2",
        &[(&subject).into(), limit.into()],
    )?;
    rows.into_iter().map(change).collect()
}

fn change(mut row: Row) -> Result<Change> {
    Ok(Change {
        seq: row.integer(0)?,
        instance: row.text(1)?,
        document: row.text(2)?,
        subject: row.text(3)?,
    })
}

fn text(mut row: Row) -> Result<String> {
    row.text(0)
}

fn first<T>(rows: Vec<Row>, read: impl FnOnce(Row) -> Result<T>) -> Result<Option<T>> {
    rows.into_iter().next().map(read).transpose()
}

/// Forgets what is older than `keep`, and says how many changes no webhook got by then.
pub(super) fn forget(sql: &mut dyn Sql, now: Timestamp, keep: Duration) -> Result<u64> {
    number(sql)?;
    let keep = i64::try_from(keep.as_millis()).unwrap_or(i64::MAX);
    let before = now.millis().saturating_sub(keep);
    let last = sql.query(
        "SELECT max(seq) FROM service_feed WHERE at < ?1",
        &[before.into()],
    )?;
    let last = first(last, |row| row.number(0))?.flatten();
    let mut lost = 0;
    if let Some(last) = last {
        sql.execute("DELETE FROM service_feed WHERE seq <= ?1", &[last.into()])?;
        sql.execute("DELETE FROM service_forgotten", &[])?;
        sql.execute("INSERT INTO service_forgotten VALUES (?1)", &[last.into()])?;
        lost = sql.execute("DELETE FROM service_late WHERE seq <= ?1", &[last.into()])?;
    }
    let before = now.millis().saturating_sub(keep.saturating_mul(13));
    sql.execute(
        "DELETE FROM service_cases WHERE changed_at < ?1",
        &[before.into()],
    )?;
    Ok(lost)
}

/// How far a webhook has come; a new one begins with what comes next.
pub(super) fn hook_place(sql: &mut dyn Sql, url: &str) -> Result<i64> {
    let (last, _) = ends(sql)?;
    sql.execute(
        "INSERT INTO service_hooks VALUES (?1, ?2) ON CONFLICT DO NOTHING",
        &[url.into(), last.into()],
    )?;
    let place = sql.query(
        "SELECT place FROM service_hooks WHERE url = ?1",
        &[url.into()],
    )?;
    Ok(first(place, |row| row.integer(0))?.unwrap_or(last))
}

/// Notes that a webhook has come to a place.
pub(super) fn move_hook(sql: &mut dyn Sql, url: &str, place: i64) -> Result<()> {
    sql.execute(
        "UPDATE service_hooks SET place = ?2 WHERE url = ?1",
        &[url.into(), place.into()],
    )?;
    Ok(())
}

/// Whether an earlier change of the subject waits for the webhook.
pub(super) fn is_late(sql: &mut dyn Sql, url: &str, subject: &str) -> Result<bool> {
    let waiting = sql.query(
        "SELECT seq FROM service_late WHERE url = ?1 AND subject = ?2 LIMIT 1",
        &[url.into(), subject.into()],
    )?;
    Ok(!waiting.is_empty())
}

/// Has a change wait for the webhook.
pub(super) fn put_late(
    sql: &mut dyn Sql,
    url: &str,
    change: &Change,
    tries: u32,
    next_try: Timestamp,
) -> Result<()> {
    sql.execute(
        "INSERT INTO service_late (url, seq, subject, tries, next_try) VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT (url, seq) DO UPDATE SET tries = excluded.tries, next_try = excluded.next_try",
        &[
            url.into(),
            change.seq.into(),
            (&change.subject).into(),
            tries.into(),
            next_try.millis().into(),
        ],
    )?;
    Ok(())
}

/// The webhook got it.
pub(super) fn remove_late(sql: &mut dyn Sql, url: &str, seq: i64) -> Result<()> {
    sql.execute(
        "DELETE FROM service_late WHERE url = ?1 AND seq = ?2",
        &[url.into(), seq.into()],
    )?;
    Ok(())
}

/// The first change of each subject that waits and whose time has come, with the number of tries.
pub(super) fn due(sql: &mut dyn Sql, url: &str, now: Timestamp) -> Result<Vec<(Change, u32)>> {
    let rows = sql.query(
        "SELECT feed.seq, feed.instance, feed.document, feed.subject, late.tries
         FROM service_late AS late JOIN service_feed AS feed ON feed.seq = late.seq
         WHERE late.url = ?1 AND late.next_try <= ?2 AND NOT EXISTS (
            SELECT 1 FROM service_late AS earlier
            WHERE earlier.url = late.url AND earlier.subject = late.subject AND earlier.seq < late.seq)
         ORDER BY late.seq LIMIT 32",
        &[url.into(), now.millis().into()],
    )?;
    let tried = |row: Row| {
        let tries = u32::try_from(row.integer(4)?).unwrap_or(u32::MAX);
        Ok((change(row)?, tries))
    };
    rows.into_iter().map(tried).collect()
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
pub(super) fn put_file(sql: &mut dyn Sql, file: &StoredFile, now: Timestamp) -> Result<()> {
    let size = i64::try_from(file.size).unwrap_or(i64::MAX);
    sql.execute(
        "INSERT INTO service_files (token, instance, case_id, sha256, size, at, gone) VALUES (?1, ?2, ?3, ?4, ?5, ?6, 0)
         ON CONFLICT (token) DO UPDATE SET at = excluded.at, gone = 0",
        &[
            (&file.token).into(),
            (&file.instance).into(),
            (&file.case_id).into(),
            (&file.sha256).into(),
            size.into(),
            now.millis().into(),
        ],
    )?;
    Ok(())
}

/// An uploaded file, also one whose content is not needed any more.
pub(super) fn file(sql: &mut dyn Sql, token: &str) -> Result<Option<StoredFile>> {
    let rows = sql.query(
        "SELECT token, instance, case_id, sha256, size FROM service_files WHERE token = ?1",
        &[token.into()],
    )?;
    first(rows, stored_file)
}

/// Files that were uploaded before that time and are still there.
pub(super) fn files_before(sql: &mut dyn Sql, time: Timestamp) -> Result<Vec<StoredFile>> {
    let rows = sql.query(
        "SELECT token, instance, case_id, sha256, size FROM service_files WHERE gone = 0 AND at < ?1 LIMIT 1000",
        &[time.millis().into()],
    )?;
    rows.into_iter().map(stored_file).collect()
}

/// Notes that the content is not there any more.
pub(super) fn file_is_gone(sql: &mut dyn Sql, token: &str) -> Result<()> {
    sql.execute(
        "UPDATE service_files SET gone = 1 WHERE token = ?1",
        &[token.into()],
    )?;
    Ok(())
}

fn stored_file(mut row: Row) -> Result<StoredFile> {
    Ok(StoredFile {
        token: row.text(0)?,
        instance: row.text(1)?,
        case_id: row.text(2)?,
        sha256: row.text(3)?,
        size: row.integer(4)?.unsigned_abs(),
    })
}
