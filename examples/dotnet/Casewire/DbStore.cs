using System;
using System.Collections.Generic;
using System.Data;
using System.Data.Common;
using System.Linq;

namespace Casewire
{
    /// <summary>
    /// A store in a SQLite database, by any ADO.NET provider of it. Several processes may use it at once.
    /// </summary>
    /// <remarks>
    /// The file is in WAL mode with <c>synchronous=FULL</c>: a commit is on the disk before it is answered. Its tables are
    /// those of casewire's reference host.
    /// </remarks>
    public sealed class DbStore : IStore, IDisposable
    {
        /// <summary>Marks a file as ours: "cswr".</summary>
        private const int Application = 0x63737772;

        /// <summary>Version of the tables.</summary>
        private const int Version = 1;

        /// <summary>How long to wait for another process that writes, in milliseconds.</summary>
        private const int Patience = 20000;

        private readonly DbConnection connection;

        /// <summary>Opens the store over a connection that nothing else uses, and makes the tables where there are none.</summary>
        public DbStore(DbConnection connection)
        {
            this.connection = connection;
            if (connection.State == ConnectionState.Closed)
            {
                connection.Open();
            }
            try
            {
                Prepare();
            }
            catch
            {
                connection.Dispose();
                throw;
            }
        }

        private void Prepare()
        {
            Run("PRAGMA busy_timeout = " + Patience);
            Run("PRAGMA journal_mode = WAL");
            Run("PRAGMA synchronous = FULL");
            InTransaction<object>(
                () =>
                {
                    Run("CREATE TABLE IF NOT EXISTS records (key TEXT NOT NULL PRIMARY KEY, revision INTEGER NOT NULL,"
                        + " value TEXT NOT NULL) WITHOUT ROWID");
                    Run("CREATE TABLE IF NOT EXISTS counter (revision INTEGER NOT NULL)");
                    Run("INSERT INTO counter SELECT 0 WHERE NOT EXISTS (SELECT 1 FROM counter)");
                    Run("PRAGMA application_id = " + Application);
                    Run("PRAGMA user_version = " + Version);
                    return new object();
                });
        }

        /// <inheritdoc/>
        public IList<Record> Get(IList<string> keys)
        {
            if (keys.Count == 0)
            {
                return new List<Record>();
            }
            lock (connection)
            {
                // One statement: all keys as they were at the same time.
                var places = string.Join(", ", keys.Select((key, place) => "@p" + place));
                var sql = "SELECT key, revision, value FROM records WHERE key IN (" + places + ")";
                var found = Read(sql, keys.Cast<object>().ToArray()).ToDictionary(record => record.Key);
                Record one;
                return keys.Select(key => found.TryGetValue(key, out one) ? one : null).ToList();
            }
        }

        /// <inheritdoc/>
        public IList<Record> Scan(string prefix, string after, int limit)
        {
            lock (connection)
            {
                var sql = "SELECT key, revision, value FROM records WHERE key >= @p0 AND (@p1 IS NULL OR key > @p1)"
                    + " ORDER BY key LIMIT @p2";
                return Read(sql, prefix, after, limit)
                    .TakeWhile(record => record.Key.StartsWith(prefix, StringComparison.Ordinal))
                    .ToList();
            }
        }

        /// <inheritdoc/>
        public long? Commit(Batch batch)
        {
            lock (connection)
            {
                return InTransaction(() => Change(batch));
            }
        }

        private long? Change(Batch batch)
        {
            foreach (var expected in batch.Expect)
            {
                var revision = Scalar("SELECT revision FROM records WHERE key = @p0", expected.Key);
                if ((revision == null ? (long?)null : Convert.ToInt64(revision)) != expected.Value)
                {
                    return null;
                }
            }
            Run("UPDATE counter SET revision = revision + 1");
            var next = Convert.ToInt64(Scalar("SELECT revision FROM counter"));
            foreach (var put in batch.Put)
            {
                Run("INSERT OR REPLACE INTO records (key, revision, value) VALUES (@p0, @p1, @p2)", put.Key, next, put.Value);
            }
            foreach (var key in batch.Delete)
            {
                Run("DELETE FROM records WHERE key = @p0", key);
            }
            return next;
        }

        /// <summary>
        /// Runs a change that keeps every other writer out from its beginning. One that gives null, or throws, is rolled back.
        /// </summary>
        private T InTransaction<T>(Func<T> change)
        {
            Run("BEGIN IMMEDIATE");
            var isCommitted = false;
            try
            {
                var result = change();
                if (result != null)
                {
                    Run("COMMIT");
                    isCommitted = true;
                }
                return result;
            }
            finally
            {
                if (!isCommitted)
                {
                    Run("ROLLBACK");
                }
            }
        }

        private DbCommand Command(string sql, object[] arguments)
        {
            var command = connection.CreateCommand();
            command.CommandText = sql;
            for (var place = 0; place < arguments.Length; place++)
            {
                var parameter = command.CreateParameter();
                parameter.ParameterName = "@p" + place;
                parameter.Value = arguments[place] ?? DBNull.Value;
                command.Parameters.Add(parameter);
            }
            return command;
        }

        private void Run(string sql, params object[] arguments)
        {
            using (var command = Command(sql, arguments))
            {
                command.ExecuteNonQuery();
            }
        }

        private object Scalar(string sql, params object[] arguments)
        {
            using (var command = Command(sql, arguments))
            {
                return command.ExecuteScalar();
            }
        }

        private List<Record> Read(string sql, params object[] arguments)
        {
            var records = new List<Record>();
            using (var command = Command(sql, arguments))
            using (var rows = command.ExecuteReader())
            {
                while (rows.Read())
                {
                    records.Add(new Record(rows.GetString(0), rows.GetInt64(1), rows.GetString(2)));
                }
            }
            return records;
        }

        /// <summary>Closes the connection.</summary>
        public void Dispose()
        {
            lock (connection)
            {
                connection.Dispose();
            }
        }
    }
}
