using System.Collections.Generic;

namespace Casewire
{
    /// <summary>A stored record.</summary>
    public sealed class Record
    {
        /// <summary>Makes a record.</summary>
        public Record(string key, long revision, string value)
        {
            Key = key;
            Revision = revision;
            Value = value;
        }

        /// <summary>Its key.</summary>
        public string Key { get; }

        /// <summary>The revision of the commit that wrote it.</summary>
        public long Revision { get; }

        /// <summary>JSON text.</summary>
        public string Value { get; }
    }

    /// <summary>Changes that are made all or none.</summary>
    public sealed class Batch
    {
        /// <summary>What must hold, or it is a conflict: the revision of a key, or null if there must be none.</summary>
        public IDictionary<string, long?> Expect { get; } = new Dictionary<string, long?>();

        /// <summary>Records to write: value by key.</summary>
        public IDictionary<string, string> Put { get; } = new Dictionary<string, string>();

        /// <summary>Keys to delete; one that is missing is no fault.</summary>
        public IList<string> Delete { get; } = new List<string>();
    }

    /// <summary>
    /// Keeps what must outlive a crash: a key-value store with revisions. Any number of threads call it at the same time.
    /// Revisions grow with every commit and are never used again; keys are ordered by the bytes of their UTF-8.
    /// </summary>
    public interface IStore
    {
        /// <summary>Reads records: one entry for each key, in the same order; null where there is no record.</summary>
        IList<Record> Get(IList<string> keys);

        /// <summary>
        /// Reads at most so many records whose keys begin with the prefix, in order; only those greater than
        /// <paramref name="after"/>, where that is not null.
        /// </summary>
        IList<Record> Scan(string prefix, string after, int limit);

        /// <summary>
        /// Changes records, all or none, durably before it returns. Gives the revision that every record of the batch now
        /// has, greater than any before; null for a conflict, which changes nothing.
        /// </summary>
        long? Commit(Batch batch);
    }
}
