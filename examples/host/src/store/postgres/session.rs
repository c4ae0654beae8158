//! A connection with its statements.

use super::{PostgresAddress, schema, trouble::connecting};
use crate::store::sql::SqlError;
use postgres::{Client, NoTls, Statement};
use std::collections::BTreeMap;
use tokio_postgres_rustls::MakeRustlsConnect;

/// A connection that is ready for work.
pub(in crate::store) struct Session {
    pub(super) client: Client,
    pub(super) statements: Statements,
    /// Those for tables beside the records, by their text.
    others: BTreeMap<String, Statement>,
}

/// The statements over the records.
pub(super) struct Statements {
    pub(super) get: Statement,
    pub(super) scan: Statement,
    pub(super) scan_after: Statement,
    pub(super) lock: Statement,
    pub(super) look: Statement,
    pub(super) put: Statement,
    pub(super) delete: Statement,
}

impl Session {
    /// Connects, and makes the tables where there are none.
    pub(in crate::store) fn open(address: &PostgresAddress) -> Result<Self, SqlError> {
        let connected = match &address.tls {
            Some(tls) => address
                .config
                .connect(MakeRustlsConnect::new(tls.as_ref().clone())),
            None => address.config.connect(NoTls),
        };
        let mut client = connected.map_err(connecting)?;
        schema::prepare(&mut client)?;
        let statements = Statements::prepare(&mut client)?;
        Ok(Self {
            client,
            statements,
            others: BTreeMap::new(),
        })
    }

    /// The connection, and the statements for tables beside the records that it has prepared.
    pub(in crate::store) fn parts(&mut self) -> (&mut Client, &mut BTreeMap<String, Statement>) {
        (&mut self.client, &mut self.others)
    }
}

impl Statements {
    fn prepare(client: &mut Client) -> Result<Self, postgres::Error> {
        Ok(Self {
            get: client
                .prepare("SELECT key, revision, value FROM records WHERE key = ANY($1::text[])")?,
            scan: client.prepare(
                "SELECT key, revision, value FROM records WHERE key >= $1 AND key < $2 ORDER BY key LIMIT $3",
            )?,
            scan_after: client.prepare(
                "SELECT key, revision, value FROM records WHERE key > $1 AND key < $2 ORDER BY key LIMIT $3",
            )?,
            lock: client.prepare(
                "SELECT CASE WHEN exclusive THEN pg_advisory_xact_lock(key) ELSE pg_advisory_xact_lock_shared(key) END
                 FROM unnest($1::int8[], $2::bool[]) AS locks (key, exclusive)",
            )?,
            look: client.prepare(
                "SELECT key, revision FROM records WHERE key = ANY($1::text[])
                 UNION ALL SELECT NULL, nextval('revision') FROM generate_series(1, $2::int8)",
            )?,
            put: client.prepare(
                "INSERT INTO records (key, revision, value) SELECT * FROM unnest($1::text[], $2::int8[], $3::text[])
                 ON CONFLICT (key) DO UPDATE SET revision = excluded.revision, value = excluded.value",
            )?,
            delete: client.prepare("DELETE FROM records WHERE key = ANY($1::text[])")?,
        })
    }
}
