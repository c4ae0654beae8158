package io.casewire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What happens when something is wrong. */
class FailureTest {
    @BeforeEach
    void reset() {
        Simulator.reset();
    }

    @Test
    void aWrongKeyIsUnauthorizedAndInNoMessage() {
        try (Host host = new Host(Simulator.MAPPED)) {
            host.builder.credentials(Credentials.keys("simulator-public".toCharArray(), "hunter2".toCharArray()));
            CasewireException error =
                    assertThrows(
                            CasewireException.ConnectWiseException.class, () -> host.submit(Simulator.case10012("")));
            assertEquals(ErrorCode.UNAUTHORIZED, error.code());
            assertFalse((error.getMessage() + error.json() + host.lines).contains("hunter2"));
            assertEquals(List.of(), Simulator.tickets());
        }
    }

    @Test
    void anUnmappedGroupIsRefusedAndNothingIsSent() {
        try (Host host = new Host(", 'companies': {'unmapped': {'policy': 'refuse'}}")) {
            CasewireException error =
                    assertThrows(CasewireException.InputException.class, () -> host.submit(Simulator.case10012("")));
            assertEquals(ErrorCode.UNMAPPED_GROUP, error.code());
            assertTrue(error.getMessage().contains("48Tech"), error.getMessage());
            assertEquals(List.of(), Simulator.tickets());
        }
    }

    @Test
    void aLostAnswerDoesNotMakeASecondTicket() {
        Simulator.fault(
                "{'when': {'method': 'POST', 'path': 'service/tickets'}, 'fault': {'kind': 'answerLost'}, 'times': 1}");
        try (Host host = new Host(Simulator.MAPPED + ", 'limits': {'settle': '1s'}")) {
            Outcome opened = host.submit(Simulator.case10012(""));
            assertEquals("opened", opened.get("outcome"));
            assertEquals(1, Simulator.tickets().size());
            assertTrue(
                    host.lines.stream().anyMatch(line -> line.startsWith("WARNING UNANSWERED")),
                    () -> host.lines.toString());
        }
    }

    @Test
    void badInputIsRefusedWholeWithEveryFault() {
        byte[] config = Simulator.configuration(", 'prioritymap': {}").replace("\"java\"", "\"Not Allowed\"")
                .getBytes(StandardCharsets.UTF_8);
        CasewireException refused = assertThrows(CasewireException.class, () -> Connector.validateConfiguration(config));
        assertTrue(refused.json().contains("/prioritymap") && refused.json().contains("/instance"), refused.json());
        try (Host host = new Host(Simulator.MAPPED)) {
            CasewireException.InputException error =
                    assertThrows(
                            CasewireException.InputException.class,
                            () -> host.connector().submitCase(new byte[] {'{', '"', (byte) 0xff, '"', '}'}));
            assertEquals(ErrorCode.INVALID_UTF8, error.code());
        }
    }

    @Test
    void aStoreThatFailsKeepsEverythingFromBeingSent() {
        AtomicInteger writes = new AtomicInteger();
        HttpTransport http = new HttpTransport();
        try (Host host = new Host(Simulator.MAPPED)) {
            host.builder
                    .transport(
                            request -> {
                                writes.addAndGet(request.method().equals("GET") ? 0 : 1);
                                return http.send(request);
                            })
                    .store(
                            new Store() {
                                private final MemoryStore memory = new MemoryStore();

                                @Override
                                public List<Record> get(List<String> keys) {
                                    return memory.get(keys);
                                }

                                @Override
                                public List<Record> scan(String prefix, String after, int limit) {
                                    return memory.scan(prefix, after, limit);
                                }

                                @Override
                                public long commit(Batch batch) throws Exception {
                                    throw new java.io.IOException("the disk is full");
                                }
                            });
            CasewireException error =
                    assertThrows(CasewireException.StoreException.class, () -> host.submit(Simulator.case10012("")));
            assertEquals(ErrorCode.STORE_FAILED, error.code());
            assertTrue(error.canRetry() && error.getMessage().contains("the disk is full"), error.getMessage());
            assertEquals(0, writes.get());
        }
    }

    @Test
    void whatTheHostDidNotTakeOverIsOfferedAgainWithTheSameId() throws Exception {
        MemoryStore store = new MemoryStore();
        CompletableFuture<String> refused = new CompletableFuture<>();
        try (Host host = new Host(Simulator.MAPPED)) {
            host.builder
                    .store(store)
                    .deliveries(
                            delivery -> {
                                refused.complete(delivery.id());
                                throw new IllegalStateException("the database is away");
                            });
            host.submit(Simulator.case10012(""));
            refused.get();
        }
        try (Host next = new Host(Simulator.MAPPED)) {
            next.builder.store(store);
            next.idle();
            assertEquals(List.of(refused.get()), List.of(next.deliveries.get(0).id()));
        }
    }

    @Test
    void aCallbackMayCallTheConnectorAndCloseIt() throws Exception {
        CountDownLatch closed = new CountDownLatch(1);
        try (Host host = new Host(Simulator.MAPPED)) {
            host.builder.deliveries(
                    delivery -> {
                        assertEquals(true, Connector.await(host.connector().testConnection()).get("ok"));
                        host.connector().close();
                        closed.countDown();
                    });
            host.submit(Simulator.case10012(""));
            assertTrue(closed.await(30, java.util.concurrent.TimeUnit.SECONDS));
            assertThrows(CasewireException.UsageException.class, () -> host.connector().testConnection());
        }
    }

    @Test
    void aCancelledFutureStopsItsOperation() throws Exception {
        CountDownLatch sending = new CountDownLatch(1);
        CountDownLatch stopped = new CountDownLatch(1);
        HttpTransport http = new HttpTransport();
        try (Host host = new Host(Simulator.MAPPED)) {
            host.builder.transport(
                    request -> {
                        if (request.method().equals("POST")) {
                            sending.countDown();
                            try {
                                Thread.sleep(60_000);
                            } catch (InterruptedException wanted) {
                                stopped.countDown();
                                throw wanted;
                            }
                        }
                        return http.send(request);
                    });
            CompletableFuture<Outcome> operation = host.connector().submitCase(Simulator.case10012(""));
            sending.await();
            operation.cancel(true);
            assertTrue(stopped.await(30, java.util.concurrent.TimeUnit.SECONDS));
            assertEquals(true, Connector.await(host.connector().testConnection()).get("ok"));
            assertEquals(List.of(), Simulator.tickets());
        }
    }

    @Test
    void aClosedConnectorCancelsWhatIsUnderWayAndTheNextOneFinishesIt() throws Exception {
        MemoryStore store = new MemoryStore();
        CountDownLatch sending = new CountDownLatch(1);
        HttpTransport http = new HttpTransport();
        Host host = new Host(Simulator.MAPPED);
        host.builder
                .store(store)
                .transport(
                        request -> {
                            if (request.method().equals("POST")) {
                                sending.countDown();
                                Thread.sleep(60_000);
                            }
                            return http.send(request);
                        });
        CompletableFuture<Outcome> operation = host.connector().submitCase(Simulator.case10012(""));
        sending.await();
        host.close();
        CasewireException error = assertThrows(CasewireException.UsageException.class, () -> Connector.await(operation));
        assertEquals(ErrorCode.CANCELLED, error.code());
        assertThrows(CasewireException.UsageException.class, () -> host.connector().testConnection());
        assertEquals(List.of(), Simulator.tickets());
        try (Host next = new Host(Simulator.MAPPED)) {
            // Ten minutes later the create can no longer arrive, so that it is made again at once.
            next.builder.store(store).clock(() -> System.currentTimeMillis() + 600_000);
            next.idle();
            assertEquals(1, Simulator.tickets().size());
        }
    }
}
