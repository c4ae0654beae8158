package io.casewire;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A store that lasts as long as the process: for first programs, tests and dry runs. */
public final class MemoryStore implements Store {
    private final TreeMap<String, Record> records = new TreeMap<>(MemoryStore::compareBytes);
    private long revision;

    /** {@link String#compareTo} orders by UTF-16 units, which puts characters above U+FFFF before some below. */
    private static int compareBytes(String one, String other) {
        return Arrays.compareUnsigned(
                one.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public synchronized List<Record> get(List<String> keys) {
        List<Record> found = new ArrayList<>();
        for (String key : keys) {
            found.add(records.get(key));
        }
        return found;
    }

    @Override
    public synchronized List<Record> scan(String prefix, String after, int limit) {
        List<Record> page = new ArrayList<>();
        boolean isPast = after != null && compareBytes(after, prefix) >= 0;
        for (Record record : records.tailMap(isPast ? after : prefix, !isPast).values()) {
            if (page.size() == limit || !record.key.startsWith(prefix)) {
                break;
            }
            page.add(record);
        }
        return page;
    }

    @Override
    public synchronized long commit(Batch batch) {
        for (Map.Entry<String, Long> expected : batch.expect.entrySet()) {
            Record record = records.get(expected.getKey());
            Long actual = record == null ? null : Long.valueOf(record.revision);
            if (actual == null ? expected.getValue() != null : !actual.equals(expected.getValue())) {
                return CONFLICT;
            }
        }
        revision++;
        for (Map.Entry<String, String> put : batch.put.entrySet()) {
            records.put(put.getKey(), new Record(put.getKey(), revision, put.getValue()));
        }
        for (String key : batch.delete) {
            records.remove(key);
        }
        return revision;
    }
}
