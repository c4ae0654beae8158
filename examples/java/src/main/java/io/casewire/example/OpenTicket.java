package io.casewire.example;

import io.casewire.CasewireException;
import io.casewire.Connector;
import io.casewire.Content;
import io.casewire.Credentials;
import io.casewire.JdbcStore;
import io.casewire.Outcome;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.util.concurrent.TimeUnit;

/** Opens the ticket of a case: {@code OpenTicket CONFIGURATION.json CASE.json STORE.db}. */
public final class OpenTicket {
    private OpenTicket() {}

    /** Prints the case's ticket; the keys are taken from CASEWIRE_PUBLIC_KEY and CASEWIRE_PRIVATE_KEY. */
    public static void main(String[] arguments) throws Exception {
        String publicKey = System.getenv("CASEWIRE_PUBLIC_KEY");
        String privateKey = System.getenv("CASEWIRE_PRIVATE_KEY");
        try (Credentials keys = Credentials.keys(publicKey.toCharArray(), privateKey.toCharArray())) {
            Outcome outcome = open(Path.of(arguments[0]), Path.of(arguments[1]), arguments[2], keys);
            System.out.println("case " + outcome.caseId() + " -> ticket " + outcome.ticketId());
        }
    }

    // README
    /** Brings the ticket of a case in step with it, and returns when all deliveries were taken over. */
    public static Outcome open(Path configuration, Path alert, String database, Credentials keys) throws Exception {
        try (JdbcStore store = new JdbcStore(DriverManager.getConnection("jdbc:sqlite:" + database));
                Connector connector =
                        Connector.builder()
                                .configuration(Files.readAllBytes(configuration))
                                .credentials(keys)
                                .store(store)
                                .attachments(token -> Content.of(Path.of(token)))
                                .deliveries(delivery -> System.out.println(delivery.event() + " " + delivery.caseId()))
                                .log((level, message) -> System.err.println(level + " " + message))
                                .build()) {
            Outcome outcome = Connector.await(connector.submitCase(Files.readAllBytes(alert)));
            connector.awaitIdle(1, TimeUnit.MINUTES);
            return outcome;
        } catch (CasewireException.InputException refused) {
            System.err.println(refused.getMessage()); // every fault: where, what, and how to mend it
            throw refused;
        }
    }
    // README
}
