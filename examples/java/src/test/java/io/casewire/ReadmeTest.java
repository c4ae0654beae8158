package io.casewire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.casewire.example.OpenTicket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The code of the README: it is that of the example, and the example works. */
class ReadmeTest {
    @Test
    void theCodeOfTheReadmeIsThatOfTheExample() throws Exception {
        String source = Files.readString(Path.of("src/main/java/io/casewire/example/OpenTicket.java"));
        String code = source.split("    // README\n")[1].replaceAll("(?m)^    ", "");
        assertTrue(Files.readString(Path.of("README.md")).contains("```java\n" + code + "```\n"), code);
    }

    @Test
    void theExampleOpensATicketOnceAndNamesFaults(@TempDir Path folder) throws Exception {
        Simulator.reset();
        Path configuration = Files.writeString(folder.resolve("c.json"), Simulator.configuration(Simulator.MAPPED));
        Path alert = Files.writeString(folder.resolve("case.json"), Simulator.case10012(""));
        String database = folder.resolve("store.db").toString();
        Outcome opened = OpenTicket.open(configuration, alert, database, Simulator.keys());
        assertEquals(909, opened.ticketId());
        assertEquals("unchanged", OpenTicket.open(configuration, alert, database, Simulator.keys()).get("outcome"));
        Path bad = Files.writeString(folder.resolve("bad.json"), "{\"id\": \"1\"}");
        assertThrows(
                CasewireException.InputException.class,
                () -> OpenTicket.open(configuration, bad, database, Simulator.keys()));
        assertEquals(1, Simulator.tickets().size());
    }
}
