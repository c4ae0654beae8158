using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;

namespace Casewire
{
    /// <summary>A store that lasts as long as the process: for first programs, tests and dry runs.</summary>
    public sealed class MemoryStore : IStore
    {
        private readonly SortedDictionary<string, Record> records =
            new SortedDictionary<string, Record>(Comparer<string>.Create(CompareBytes));

        private long revision;

        /// <summary>Ordinal order is by UTF-16 units, which puts characters above U+FFFF before some below.</summary>
        private static int CompareBytes(string one, string other)
        {
            byte[] a = Encoding.UTF8.GetBytes(one), b = Encoding.UTF8.GetBytes(other);
            for (var i = 0; i < Math.Min(a.Length, b.Length); i++)
            {
                if (a[i] != b[i])
                {
                    return a[i] - b[i];
                }
            }
            return a.Length - b.Length;
        }

        /// <inheritdoc/>
        public IList<Record> Get(IList<string> keys)
        {
            lock (records)
            {
                return keys.Select(Find).ToList();
            }
        }

        private Record Find(string key)
        {
            Record record;
            return records.TryGetValue(key, out record) ? record : null;
        }

        /// <inheritdoc/>
        public IList<Record> Scan(string prefix, string after, int limit)
        {
            lock (records)
            {
                return records.Values
                    .Where(record => record.Key.StartsWith(prefix, StringComparison.Ordinal))
                    .Where(record => after == null || CompareBytes(record.Key, after) > 0)
                    .Take(limit)
                    .ToList();
            }
        }

        /// <inheritdoc/>
        public long? Commit(Batch batch)
        {
            lock (records)
            {
                if (batch.Expect.Any(expected => Find(expected.Key)?.Revision != expected.Value))
                {
                    return null;
                }
                revision++;
                foreach (var put in batch.Put)
                {
                    records[put.Key] = new Record(put.Key, revision, put.Value);
                }
                foreach (var key in batch.Delete)
                {
                    records.Remove(key);
                }
                return revision;
            }
        }
    }
}
