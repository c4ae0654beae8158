package io.casewire;

import java.util.List;
import java.util.Map;

/**
 * Keeps what must outlive a crash: a key-value store with revisions. Any number of threads call it at the same time.
 *
 * <p>Revisions grow with every commit of the store and are never used again. Keys are ordered by the bytes of their UTF-8.
 */
public interface Store {
    /** A stored record. */
    final class Record {
        /** Its key. */
        public final String key;
        /** The revision of the commit that wrote it. */
        public final long revision;
        /** JSON text. */
        public final String value;

        /** Makes a record. */
        public Record(String key, long revision, String value) {
            this.key = key;
            this.revision = revision;
            this.value = value;
        }
    }

    /** Changes that are made all or none. */
    final class Batch {
        /** What must hold, or it is a conflict and nothing changes: the revision of a key, or null if there must be none. */
        public final Map<String, Long> expect;
        /** Records to write: value by key. */
        public final Map<String, String> put;
        /** Keys to delete; one that is missing is no fault. */
        public final List<String> delete;

        /** Makes a batch. */
        public Batch(Map<String, Long> expect, Map<String, String> put, List<String> delete) {
            this.expect = expect;
            this.put = put;
            this.delete = delete;
        }
    }

    /** What {@link #commit} returns where an expectation did not hold and nothing changed. */
    long CONFLICT = -1;

    /** Reads records: one entry for each key, in the same order; null where there is no record. */
    List<Record> get(List<String> keys) throws Exception;

    /**
     * Reads at most {@code limit} records whose keys begin with {@code prefix}, in order; only those greater than {@code
     * after}, where that is not null.
     */
    List<Record> scan(String prefix, String after, int limit) throws Exception;

    /**
     * Changes records, all or none, durably before it returns.
     *
     * @return the revision that every record of the batch now has, greater than any before, or {@link #CONFLICT}
     */
    long commit(Batch batch) throws Exception;
}
