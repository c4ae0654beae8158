using System;
using System.Collections.Generic;
using System.Data.Common;
using System.IO;
using System.Linq;

namespace Casewire.Tests
{
    /// <summary>The promises of a store, as casewire's own suite tests them; CASEWIRE_STORE_VECTORS is the suite as data.</summary>
    internal static class StoreTests
    {
        private static DbStore Open(string folder)
        {
            var file = Path.Combine(folder, "store.db");
#if MICROSOFT_SQLITE
            DbConnection connection = new Microsoft.Data.Sqlite.SqliteConnection("Data Source=" + file);
#else
            // Without the journal mode this provider turns WAL off again whenever it opens a file.
            DbConnection connection = new Mono.Data.Sqlite.SqliteConnection("URI=file:" + file + ";Journal Mode=WAL");
#endif
            return new DbStore(connection);
        }

        private static void InFolder(Action<string> test)
        {
            var folder = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
            Directory.CreateDirectory(folder);
            try
            {
                test(folder);
            }
            finally
            {
                Directory.Delete(folder, true);
            }
        }

        [Test]
        internal static void The_store_in_memory_keeps_every_promise()
        {
            Check.Equal(new string[0], Broken(new MemoryStore(), "promise", new Dictionary<long, long>()));
        }

        [Test]
        internal static void The_store_in_a_database_keeps_every_promise_also_when_it_is_opened_again()
        {
            InFolder(folder =>
            {
                var commits = new Dictionary<long, long>();
                using (var store = Open(folder))
                {
                    Check.Equal(new string[0], Broken(store, "promise", commits));
                }
                using (var store = Open(folder))
                {
                    Check.Equal(new string[0], Broken(store, "reopened", commits));
                }
            });
        }

        private sealed class Forgetful : IStore
        {
            private readonly MemoryStore memory = new MemoryStore();

            public IList<Record> Get(IList<string> keys)
            {
                return memory.Get(keys);
            }

            public IList<Record> Scan(string prefix, string after, int limit)
            {
                return memory.Scan(prefix, null, limit);
            }

            public long? Commit(Batch batch)
            {
                batch.Expect.Clear();
                return memory.Commit(batch);
            }
        }

        [Test]
        internal static void A_store_that_breaks_a_promise_is_found_out()
        {
            var broken = Broken(new Forgetful(), "promise", new Dictionary<long, long>());
            Check.True(broken.Any(one => one.StartsWith("a failed expectation")), string.Join("\n", broken));
            Check.True(broken.Any(one => one.StartsWith("a scan gives")), string.Join("\n", broken));
        }

        [Test]
        internal static void Keys_are_ordered_by_their_bytes()
        {
            var keys = new[] { "k", "k%", "ka", "k\u00e9", "k\ud7ff", "k\ue000", "k\uffff", "k\ud800\udc00", "k\ud83d\ude00" };
            InFolder(folder =>
            {
                using (var database = Open(folder))
                {
                    foreach (var store in new IStore[] { new MemoryStore(), database })
                    {
                        var batch = new Batch();
                        foreach (var key in keys.Reverse())
                        {
                            batch.Put.Add(key, "{}");
                        }
                        store.Commit(batch);
                        Check.Equal(keys, store.Scan("k", null, 100).Select(record => record.Key));
                    }
                }
            });
        }

        [Test]
        internal static void Two_processes_over_one_file_see_each_others_commits()
        {
            InFolder(folder =>
            {
                using (DbStore one = Open(folder), other = Open(folder))
                {
                    var first = one.Commit(Change(null, "1"));
                    Check.True(other.Commit(Change(first, "2")) > first);
                    Check.Equal(null, one.Commit(Change(first, "3")));
                    Check.Equal("2", one.Get(new[] { "a" })[0].Value);
                }
            });
        }

        private static Batch Change(long? revision, string value)
        {
            var batch = new Batch();
            batch.Expect.Add("a", revision);
            batch.Put.Add("a", value);
            return batch;
        }

        /// <summary>The promises that a store breaks. <paramref name="commits"/> has the store's revision of each commit.</summary>
        private static List<string> Broken(IStore store, string part, Dictionary<long, long> commits)
        {
            var broken = new List<string>();
            foreach (var line in File.ReadAllLines(Environment.GetEnvironmentVariable("CASEWIRE_STORE_VECTORS")))
            {
                var promise = (Dictionary<string, object>)Json.Parse(line);
                if (!promise.ContainsKey(part))
                {
                    continue;
                }
                var exchanges = (List<object>)promise[part == "promise" ? "exchanges" : part];
                var fault = exchanges.Cast<Dictionary<string, object>>()
                    .Select(exchange => Fault(store, exchange, commits))
                    .FirstOrDefault(one => one != null);
                if (fault != null)
                {
                    broken.Add(promise[part] + ": " + fault);
                }
            }
            return broken;
        }

        private static string Fault(IStore store, Dictionary<string, object> exchange, Dictionary<long, long> commits)
        {
            try
            {
                var request = (Dictionary<string, object>)Own(exchange["request"], commits);
                var given = Performer.Perform(store, request);
                Learn(exchange["answer"], given, commits);
                var wanted = Json.Write(Sorted(Own(exchange["answer"], commits)));
                var answer = Json.Write(Sorted(given));
                return wanted == answer ? null : "wanted " + Short(wanted) + ", was given " + Short(answer);
            }
            catch (Exception error)
            {
                return error.Message;
            }
        }

        private static string Short(string text)
        {
            return text.Substring(0, Math.Min(200, text.Length));
        }

        /// <summary>Takes down the revision that the store gave to a commit, which has to be greater than any before.</summary>
        private static void Learn(object wanted, object given, Dictionary<long, long> commits)
        {
            var number = Revision(wanted);
            var revision = Revision(given);
            if (number != null && revision != null)
            {
                Check.True(commits.Values.All(before => before < revision), "revision " + revision + " does not grow");
                commits.Add(number.Value, revision.Value);
            }
        }

        private static long? Revision(object answer)
        {
            object committed;
            var fields = answer as Dictionary<string, object>;
            return fields != null && fields.TryGetValue("committed", out committed)
                ? (long?)((Dictionary<string, object>)committed)["revision"]
                : null;
        }

        /// <summary>The same with the store's own revisions.</summary>
        private static object Own(object value, Dictionary<long, long> commits)
        {
            var fields = value as Dictionary<string, object>;
            if (fields != null)
            {
                return fields.ToDictionary(
                    field => field.Key,
                    field => field.Key == "revision" && field.Value is long ? commits[(long)field.Value] : Own(field.Value, commits));
            }
            var list = value as List<object>;
            return list == null ? value : list.Select(one => Own(one, commits)).ToList();
        }

        private static object Sorted(object value)
        {
            var fields = value as Dictionary<string, object>;
            if (fields != null)
            {
                return fields.OrderBy(field => field.Key, StringComparer.Ordinal)
                    .ToDictionary(field => field.Key, field => Sorted(field.Value));
            }
            var list = value as List<object>;
            return list == null ? value : list.Select(Sorted).ToList();
        }
    }
}
