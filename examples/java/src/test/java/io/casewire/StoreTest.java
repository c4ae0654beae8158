package io.casewire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The promises of a store, as casewire's own suite tests them; {@code CASEWIRE_STORE_VECTORS} is the suite as data. */
class StoreTest {
    @TempDir Path folder;

    private JdbcStore open() throws Exception {
        return new JdbcStore(DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("store.db")));
    }

    @Test
    void theStoreInMemoryKeepsEveryPromise() throws Exception {
        assertEquals(List.of(), broken(new MemoryStore(), "promise", new HashMap<>()));
    }

    @Test
    void theStoreInADatabaseKeepsEveryPromiseAlsoWhenItIsOpenedAgain() throws Exception {
        Map<Long, Long> commits = new HashMap<>();
        try (JdbcStore store = open()) {
            assertEquals(List.of(), broken(store, "promise", commits));
        }
        try (JdbcStore store = open()) {
            assertEquals(List.of(), broken(store, "reopened", commits));
        }
    }

    @Test
    void aStoreThatBreaksAPromiseIsFoundOut() throws Exception {
        MemoryStore memory = new MemoryStore();
        Store forgetful =
                new Store() {
                    @Override
                    public List<Record> get(List<String> keys) {
                        return memory.get(keys);
                    }

                    @Override
                    public List<Record> scan(String prefix, String after, int limit) {
                        return memory.scan(prefix, null, limit);
                    }

                    @Override
                    public long commit(Batch batch) {
                        return memory.commit(new Batch(Map.of(), batch.put, batch.delete));
                    }
                };
        List<String> broken = broken(forgetful, "promise", new HashMap<>());
        assertTrue(broken.stream().anyMatch(one -> one.startsWith("a failed expectation")), broken::toString);
        assertTrue(broken.stream().anyMatch(one -> one.startsWith("a scan gives")), broken::toString);
    }

    @Test
    void keysAreOrderedByTheirBytes() throws Exception {
        List<String> keys = List.of("k", "k%", "ka", "k\u00e9", "k\ud7ff", "k\ue000", "k\uffff", "k\ud800\udc00", "k\ud83d\ude00");
        try (JdbcStore database = open()) {
            for (Store store : List.of(new MemoryStore(), database)) {
                Map<String, String> put = new LinkedHashMap<>();
                for (int i = keys.size() - 1; i >= 0; i--) {
                    put.put(keys.get(i), "{}");
                }
                store.commit(new Store.Batch(Map.of(), put, List.of()));
                List<String> found = new ArrayList<>();
                for (Store.Record record : store.scan("k", null, 100)) {
                    found.add(record.key);
                }
                assertEquals(keys, found, store.getClass().getName());
            }
        }
    }

    @Test
    void twoProcessesOverOneFileSeeEachOthersCommits() throws Exception {
        try (JdbcStore one = open();
                JdbcStore other = open()) {
            long first = one.commit(new Store.Batch(Map.of(), Map.of("a", "1"), List.of()));
            Map<String, Long> expect = Map.of("a", first);
            assertTrue(other.commit(new Store.Batch(expect, Map.of("a", "2"), List.of())) > first);
            assertEquals(Store.CONFLICT, one.commit(new Store.Batch(expect, Map.of("a", "3"), List.of())));
            assertEquals("2", one.get(List.of("a")).get(0).value);
        }
    }

    /** The promises that a store breaks. {@code commits} tells the store's revision of each commit of the suite. */
    private static List<String> broken(Store store, String part, Map<Long, Long> commits) throws Exception {
        List<String> broken = new ArrayList<>();
        for (String line : Files.readAllLines(Path.of(System.getenv("CASEWIRE_STORE_VECTORS")))) {
            Map<String, Object> promise = JSON.std.mapFrom(line);
            if (promise.containsKey(part)) {
                Object exchanges = part.equals("promise") ? promise.get("exchanges") : promise.get(part);
                String fault = fault(store, (List<?>) exchanges, commits);
                if (fault != null) {
                    broken.add(promise.get(part) + ": " + fault);
                }
            }
        }
        return broken;
    }

    private static String fault(Store store, List<?> exchanges, Map<Long, Long> commits) throws IOException {
        for (Object one : exchanges) {
            Map<?, ?> exchange = (Map<?, ?>) one;
            Object request = own(exchange.get("request"), commits);
            Object wanted = exchange.get("answer");
            try {
                @SuppressWarnings("unchecked")
                Object given = Performer.perform(store, (Map<String, Object>) request);
                Object answer = JSON.std.anyFrom(Json.bytes(given));
                learn(wanted, answer, commits);
                if (!own(wanted, commits).equals(normal(answer))) {
                    return "wanted " + shorten(wanted) + ", was given " + shorten(answer);
                }
            } catch (Exception error) {
                return error.toString();
            }
        }
        return null;
    }

    private static String shorten(Object value) {
        String text = String.valueOf(value);
        return text.substring(0, Math.min(200, text.length()));
    }

    /** Takes down the revision that the store gave to a commit, which has to be greater than any before. */
    private static void learn(Object wanted, Object answer, Map<Long, Long> commits) {
        if (isCommitted(wanted) && isCommitted(answer)) {
            long number = revision(wanted);
            long given = revision(answer);
            if (commits.values().stream().anyMatch(before -> before >= given)) {
                throw new IllegalStateException("revision " + given + " does not grow");
            }
            commits.put(number, given);
        }
    }

    private static boolean isCommitted(Object answer) {
        return answer instanceof Map && ((Map<?, ?>) answer).containsKey("committed");
    }

    private static long revision(Object answer) {
        Map<?, ?> committed = (Map<?, ?>) ((Map<?, ?>) answer).get("committed");
        return ((Number) committed.get("revision")).longValue();
    }

    /** The same with the store's own revisions. */
    private static Object own(Object value, Map<Long, Long> commits) {
        return mapped(value, commits);
    }

    private static Object normal(Object value) {
        return mapped(value, null);
    }

    private static Object mapped(Object value, Map<Long, Long> commits) {
        if (value instanceof Map) {
            Map<Object, Object> mapped = new LinkedHashMap<>();
            ((Map<?, ?>) value)
                    .forEach(
                            (name, one) -> {
                                if (name.equals("revision") && one instanceof Number) {
                                    long number = ((Number) one).longValue();
                                    mapped.put(name, commits == null ? Long.valueOf(number) : commits.get(number));
                                } else {
                                    mapped.put(name, mapped(one, commits));
                                }
                            });
            return mapped;
        }
        if (value instanceof List) {
            List<Object> mapped = new ArrayList<>();
            ((List<?>) value).forEach(one -> mapped.add(mapped(one, commits)));
            return mapped;
        }
        return value;
    }
}
