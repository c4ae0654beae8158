package io.casewire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The main job: a case becomes a ticket, exactly once, and both stay in step until both are closed. */
class StoryTest {
    private static final String INBOUND = ", 'policies': {'ticket_inbound': {'enabled': true}}";

    @BeforeEach
    void reset() {
        Simulator.reset();
    }

    @Test
    void aCaseGoesTheWholeWay() throws Exception {
        String held =
                ", 'companies': {'unmapped': {'policy': 'hold'}}, 'callbacks': {'url': 'https://soc.example/psa'}" + INBOUND;
        try (Host host = new Host(held)) {
            assertEquals(true, Connector.await(host.connector().testConnection()).get("ok"));

            assertEquals("held", host.submit(Simulator.case10012("")).get("outcome"));
            assertEquals(List.of(), Simulator.tickets());
            host.run(
                    "{'command': 'set_mapping', 'mappings': [{'kind': 'group', 'id': '48Tech',"
                            + " 'company': {'identifier': 'BigDesign'}}]}");
            host.idle();
            assertEquals(1, Simulator.tickets().size(), "the case that was held went on by itself");
            long ticket = ((Number) Simulator.tickets().get(0).get("id")).longValue();

            String worked =
                    Simulator.case10012(
                            ", 'comments': [{'id': 'c-1', 'text': 'Reset by héctor 😀', 'created_at':"
                                    + " '2019-02-11T01:20:00Z'}], 'attachments': [{'id': 'a-1', 'file_name':"
                                    + " 'events.txt', 'size': " + Host.FILE.length + ", 'token': 'file:events'}]");
            Outcome updated = host.submit(worked);
            assertEquals(List.of("updated", ticket), List.of(updated.get("outcome"), updated.ticketId()));
            assertEquals("10012", updated.caseId());
            assertTrue(
                    Simulator.records("notes").stream().anyMatch(n -> n.toString().contains("Reset by héctor 😀")),
                    () -> Simulator.records("notes").toString());
            assertEquals("events.txt", Simulator.records("documents").get(0).get("fileName"));
            assertEquals("unchanged", host.submit(worked).get("outcome"));

            host.run("{'command': 'ensure_callbacks'}");
            Simulator.technician(
                    "{'action': 'attach', 'ticket': "
                            + ticket
                            + ", 'fileName': 'scan.txt', 'title': 'Scan', 'content': [97, 108, 108]}");
            Simulator.technician(
                    "{'action': 'setStatus', 'ticket': " + ticket + ", 'status': 'In Progress'}");
            String callback = Simulator.takeCallback();
            String forged = callback.replaceFirst("\"body\":\"....", "\"body\":\"AAAA");
            assertEquals("refused", host.run(forged).get("decision"));
            assertEquals("reread", host.run(callback).get("decision"));
            host.idle();
            assertEquals(List.of("all"), List.copyOf(host.documents.values()));
            assertTrue(
                    host.deliveries.stream().anyMatch(d -> d.json().contains("in_progress")),
                    () -> host.events().toString());
            Simulator.technician(
                    "{'action': 'addNote', 'ticket': " + ticket + ", 'kind': 'internal', 'text': 'On it.'}");
            host.run("{'command': 'poll'}");
            host.idle();
            assertTrue(
                    host.deliveries.stream().anyMatch(d -> d.json().contains("On it.")), () -> host.events().toString());
            assertTrue(
                    host.deliveries.stream().anyMatch(d -> d.json().contains("in_progress")),
                    () -> host.events().toString());

            // The technician's change is of today: what is older than that does not undo it.
            String now = java.time.Instant.now().toString();
            Outcome closed =
                    host.submit(Simulator.case10012(", 'status': 'closed'").replace("2019-02-11T01:09:53Z", now));
            assertEquals("closed", closed.get("outcome"));
            host.idle();
            List<String> events = host.events();
            assertTrue(events.indexOf("group_mapping_failed") < events.indexOf("ticket_created"), events::toString);
            assertTrue(events.indexOf("ticket_created") < events.indexOf("ticket_closed"), events::toString);
            assertTrue(
                    host.deliveries.stream()
                            .filter(d -> d.event().startsWith("ticket_"))
                            .allMatch(d -> d.ticketId() == ticket && d.caseId().equals("10012")));
            assertEquals(
                    host.deliveries.size(), host.deliveries.stream().map(Delivery::id).distinct().count());
            assertEquals(1, Simulator.tickets().size());
            assertTrue(host.lines.stream().anyMatch(line -> line.startsWith("DEBUG POST ")), () -> host.lines.toString());
            assertTrue(host.lines.stream().noneMatch(line -> line.contains("simulator-private")));
        }
    }

    @Test
    void bytesGoInAndOutBesideStrings() {
        try (Host host = new Host(Simulator.MAPPED)) {
            byte[] json = Simulator.case10012("").getBytes(StandardCharsets.UTF_8);
            Connector.validateCase(json);
            Connector.validateConfiguration(Simulator.configuration(Simulator.MAPPED).getBytes(StandardCharsets.UTF_8));
            Outcome opened = Connector.await(host.connector().submitCase(json));
            assertEquals(opened.json(), new String(opened.bytes(), StandardCharsets.UTF_8));
            assertEquals(909, opened.ticketId());
        }
    }

    @Test
    void fiftyCasesSideBySideMakeFiftyTickets() {
        try (Host host = new Host(Simulator.MAPPED)) {
            var operations = new java.util.ArrayList<java.util.concurrent.CompletableFuture<Outcome>>();
            for (int i = 0; i < 50; i++) {
                operations.add(
                        host.connector().submitCase(Simulator.case10012("").replace("\"10012\"", "\"many-" + i + "\"")));
            }
            assertEquals(
                    50, operations.stream().map(Connector::await).map(Outcome::ticketId).distinct().count());
            assertEquals(50, Simulator.tickets().size());
        }
    }
}
