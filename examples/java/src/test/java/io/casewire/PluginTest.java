package io.casewire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.casewire.plugin.AlertResponsePlugin;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The plug-in as a product runs it. */
class PluginTest {
    private final Map<String, Long> tickets = Collections.synchronizedMap(new TreeMap<>());
    private final List<CasewireException> failures = Collections.synchronizedList(new ArrayList<>());
    private final MemoryStore store = new MemoryStore();

    @BeforeEach
    void reset() {
        Simulator.reset();
    }

    private AlertResponsePlugin start(String more) {
        return new AlertResponsePlugin(
                Json.utf8(Simulator.configuration(more)),
                () -> Connector.builder().credentials(Simulator.keys()).store(store).deliveries(delivery -> {}),
                new AlertResponsePlugin.Listener() {
                    @Override
                    public void responded(String caseId, long ticketId) {
                        tickets.put(caseId, ticketId);
                    }

                    @Override
                    public void failed(CasewireException error) {
                        failures.add(error);
                    }
                },
                (level, message) -> {});
    }

    private static byte[] alert(String id) {
        return Simulator.case10012("").replace("\"10012\"", "\"" + id + "\"").getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void casesComeInByMethodCallAndAShutdownEndsTheirWork() {
        try (AlertResponsePlugin plugin = start(Simulator.MAPPED)) {
            for (int i = 0; i < 10; i++) {
                plugin.respond(alert("alert-" + i));
            }
            assertThrows(CasewireException.InputException.class, () -> plugin.respond(new byte[] {'{', '}'}));
        }
        assertEquals(10, Simulator.tickets().size());
        assertEquals(List.of(), failures);
        assertEquals(10, tickets.size());
    }

    @Test
    void aNewConfigurationIsTakenWhileCasesComeInAndABadOneLeavesTheOldAtWork() {
        try (AlertResponsePlugin plugin = start(", 'companies': {'unmapped': {'policy': 'refuse'}}")) {
            plugin.respond(alert("before"));
            byte[] bad = Json.utf8(Simulator.configuration(", 'companies': 7"));
            assertThrows(CasewireException.class, () -> plugin.reload(bad));
            var reloaded = plugin.reload(Json.utf8(Simulator.configuration(Simulator.MAPPED)));
            plugin.respond(alert("after"));
            reloaded.join();
        } catch (CompletionException error) {
            throw new AssertionError(error);
        }
        assertEquals(List.of(ErrorCode.UNMAPPED_GROUP), List.of(failures.get(0).code()));
        assertTrue(tickets.containsKey("after"), tickets::toString);
        assertTrue(
                Simulator.tickets().stream().anyMatch(ticket -> ticket.get("id").equals(tickets.get("after").intValue())),
                tickets::toString);
    }

    @Test
    void aClosedPluginTakesNothing() {
        AlertResponsePlugin plugin = start(Simulator.MAPPED);
        plugin.close();
        plugin.close();
        assertThrows(IllegalStateException.class, () -> plugin.respond(alert("late")));
        assertEquals(List.of(), Simulator.tickets());
    }
}
