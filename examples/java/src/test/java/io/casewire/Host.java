package io.casewire;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** What the tests bring as a host: a connector to the simulator, what it delivered, what it logged. */
final class Host implements AutoCloseable {
    static final byte[] FILE = "event id 1102\n".getBytes(StandardCharsets.UTF_8);

    final List<Delivery> deliveries = Collections.synchronizedList(new ArrayList<>());
    final List<String> lines = Collections.synchronizedList(new ArrayList<>());
    /** Files that technicians attached, by the name under which they were to be stored. */
    final Map<String, String> documents = new ConcurrentHashMap<>();

    final Connector.Builder builder;
    private Connector connector;

    Host(String more) {
        builder =
                Connector.builder()
                        .configuration(Simulator.configuration(more))
                        .credentials(Simulator.keys())
                        .store(new MemoryStore())
                        .callbackSecret("0123456789abcdef0123456789abcdef".getBytes(StandardCharsets.US_ASCII))
                        .attachments(
                                new Attachments() {
                                    @Override
                                    public Content open(String token) throws IOException {
                                        if (token.equals("file:events")) {
                                            return Content.of(FILE);
                                        }
                                        throw new FileNotFoundException(token);
                                    }

                                    @Override
                                    public void store(String name, InputStream content) throws IOException {
                                        documents.put(name, new String(content.readAllBytes(), StandardCharsets.UTF_8));
                                    }
                                })
                        .deliveries(deliveries::add)
                        .log((level, message) -> lines.add(level + " " + message));
    }

    Connector connector() {
        if (connector == null) {
            connector = builder.build();
        }
        return connector;
    }

    Outcome submit(String caseJson) {
        return Connector.await(connector().submitCase(caseJson));
    }

    Outcome run(String command) {
        return Connector.await(connector().run(command.replace('\'', '"')));
    }

    void idle() throws InterruptedException, TimeoutException {
        connector().awaitIdle(30, TimeUnit.SECONDS);
    }

    List<String> events() {
        List<String> events = new ArrayList<>();
        for (Delivery delivery : deliveries) {
            events.add(delivery.event());
        }
        return events;
    }

    @Override
    public void close() {
        if (connector != null) {
            connector.close();
        }
    }
}
