package io.casewire;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;

/**
 * A store in a database, which several processes may use at once: SQLite, or PostgreSQL (the tests run over SQLite; they
 * passed over PostgreSQL 15).
 *
 * <p>A SQLite file is in WAL mode with {@code synchronous=FULL}: a commit is on the disk before it is answered. Its tables
 * are those of casewire's reference host.
 */
public final class JdbcStore implements Store, AutoCloseable {
    /** Marks a SQLite file as ours: "cswr". */
    private static final int APPLICATION = 0x63737772;
    /** Version of the tables. */
    private static final int VERSION = 1;
    /** How long to wait for another process that writes. */
    private static final int PATIENCE_MILLIS = 20_000;

    private final Connection connection;

    /** Opens the store over a connection of its own, and makes the tables where there are none. */
    public JdbcStore(DataSource source) throws SQLException {
        this(source.getConnection());
    }

    /** Opens the store over a connection that nothing else uses; {@link #close} closes it. */
    public JdbcStore(Connection connection) throws SQLException {
        this.connection = connection;
        try {
            prepare();
        } catch (SQLException error) {
            connection.close();
            throw error;
        }
    }

    private void prepare() throws SQLException {
        boolean isSqlite = "SQLite".equals(connection.getMetaData().getDatabaseProductName());
        connection.setAutoCommit(true);
        try (Statement statement = connection.createStatement()) {
            if (isSqlite) {
                statement.execute("PRAGMA busy_timeout = " + PATIENCE_MILLIS);
                statement.execute("PRAGMA journal_mode = WAL");
                statement.execute("PRAGMA synchronous = FULL");
                statement.execute("BEGIN IMMEDIATE");
            } else {
                connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
                statement.execute("BEGIN");
                // Two processes that make the tables at the same time: the second waits here.
                statement.execute("SELECT pg_advisory_xact_lock(" + APPLICATION + ")");
            }
            String text = isSqlite ? "TEXT" : "TEXT COLLATE \"C\"";
            statement.execute(
                    "CREATE TABLE IF NOT EXISTS records (key " + text + " NOT NULL PRIMARY KEY,"
                            + " revision BIGINT NOT NULL, value TEXT NOT NULL)");
            statement.execute("CREATE TABLE IF NOT EXISTS counter (revision BIGINT NOT NULL)");
            statement.execute(
                    "INSERT INTO counter SELECT 0 WHERE NOT EXISTS (SELECT 1 FROM counter)");
            if (isSqlite) {
                statement.execute("PRAGMA application_id = " + APPLICATION);
                statement.execute("PRAGMA user_version = " + VERSION);
            }
            statement.execute("COMMIT");
        }
    }

    @Override
    public synchronized List<Record> get(List<String> keys) throws SQLException {
        if (keys.isEmpty()) {
            return List.of();
        }
        // One statement: all keys as they were at the same time.
        String places = String.join(", ", Collections.nCopies(keys.size(), "?"));
        Map<String, Record> found = new HashMap<>();
        try (PreparedStatement select =
                connection.prepareStatement(
                        "SELECT key, revision, value FROM records WHERE key IN (" + places + ")")) {
            int place = 1;
            for (String key : keys) {
                select.setString(place++, key);
            }
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    String key = rows.getString(1);
                    found.put(key, new Record(key, rows.getLong(2), rows.getString(3)));
                }
            }
        }
        List<Record> records = new ArrayList<>();
        for (String key : keys) {
            records.add(found.get(key));
        }
        return records;
    }

    @Override
    public synchronized List<Record> scan(String prefix, String after, int limit)
            throws SQLException {
        List<Record> page = new ArrayList<>();
        String condition = after == null ? "key >= ?" : "key >= ? AND key > ?";
        try (PreparedStatement select =
                connection.prepareStatement(
                        "SELECT key, revision, value FROM records WHERE "
                                + condition
                                + " ORDER BY key LIMIT ?")) {
            int place = 1;
            select.setString(place++, prefix);
            if (after != null) {
                select.setString(place++, after);
            }
            select.setInt(place, limit);
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next() && rows.getString(1).startsWith(prefix)) {
                    page.add(new Record(rows.getString(1), rows.getLong(2), rows.getString(3)));
                }
            }
        }
        return page;
    }

    @Override
    public synchronized long commit(Batch batch) throws SQLException {
        connection.setAutoCommit(false);
        boolean isCommitted = false;
        try {
            // First the counter: its lock keeps every other writer out until the end.
            long revision = nextRevision();
            if (!holds(batch.expect)) {
                return CONFLICT;
            }
            put(batch.put, revision);
            delete(batch.delete);
            connection.commit();
            isCommitted = true;
            return revision;
        } finally {
            if (!isCommitted) {
                connection.rollback();
            }
            connection.setAutoCommit(true);
        }
    }

    private long nextRevision() throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.executeUpdate("UPDATE counter SET revision = revision + 1");
            try (ResultSet rows = statement.executeQuery("SELECT revision FROM counter")) {
                if (!rows.next()) {
                    throw new SQLException("the store has lost its counter");
                }
                return rows.getLong(1);
            }
        }
    }

    private boolean holds(Map<String, Long> expect) throws SQLException {
        try (PreparedStatement select =
                connection.prepareStatement("SELECT revision FROM records WHERE key = ?")) {
            for (Map.Entry<String, Long> expected : expect.entrySet()) {
                select.setString(1, expected.getKey());
                try (ResultSet rows = select.executeQuery()) {
                    Long actual = rows.next() ? Long.valueOf(rows.getLong(1)) : null;
                    Long wanted = expected.getValue();
                    if (actual == null ? wanted != null : !actual.equals(wanted)) {
                        return false;
                    }
                }
            }
        }
        return true;
    }

    private void put(Map<String, String> put, long revision) throws SQLException {
        try (PreparedStatement upsert =
                connection.prepareStatement(
                        "INSERT INTO records (key, revision, value) VALUES (?, ?, ?) ON CONFLICT (key)"
                                + " DO UPDATE SET revision = excluded.revision, value = excluded.value")) {
            for (Map.Entry<String, String> record : put.entrySet()) {
                upsert.setString(1, record.getKey());
                upsert.setLong(2, revision);
                upsert.setString(3, record.getValue());
                upsert.executeUpdate();
            }
        }
    }

    private void delete(List<String> keys) throws SQLException {
        try (PreparedStatement delete =
                connection.prepareStatement("DELETE FROM records WHERE key = ?")) {
            for (String key : keys) {
                delete.setString(1, key);
                delete.executeUpdate();
            }
        }
    }

    @Override
    public synchronized void close() throws SQLException {
        connection.close();
    }
}
