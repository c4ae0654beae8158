import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.ObjectWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The same translation in Java with Jackson: a typed case, plain code, a typed ticket.
 *
 * <p>{@code java -cp JACKSON Peer.java FOLDER}: the folder holds the cases, the tickets that must come of them, and the
 * tables. It prints nanoseconds a case.
 */
public final class Peer {
    record Group(String id, String name) {}

    record Device(String id, String name, String os, List<String> macs, List<String> ips) {}

    record User(String name, String domain) {}

    record Artifact(String type, String value) {}

    record Case(
            String id,
            String number,
            String title,
            String description,
            String severity,
            String category,
            String kind,
            String status,
            Group group,
            Device system,
            User user,
            @JsonProperty("created_at") String createdAt,
            @JsonProperty("updated_at") String updatedAt,
            String incident,
            List<String> tags,
            List<Artifact> artifacts,
            @JsonProperty("custom_fields") Map<String, JsonNode> customFields) {}

    record Reference(int id) {}

    record Route(List<String> category, List<String> kind, int board, int status, int type, Integer subType) {
        boolean takes(Case it) {
            return among(category, it.category()) && among(kind, it.kind());
        }

        private static boolean among(List<String> wanted, String value) {
            if (wanted.isEmpty()) {
                return true;
            }
            for (String name : wanted) {
                if (name.equalsIgnoreCase(value)) {
                    return true;
                }
            }
            return false;
        }
    }

    record Tables(
            String instance,
            List<Route> routes,
            Map<String, Integer> companies,
            Map<String, Integer> priorities,
            String impact,
            Map<String, String> severities,
            String severity) {}

    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Ticket(
            String summary,
            Reference board,
            Reference status,
            Reference type,
            Reference subType,
            Reference company,
            Reference priority,
            String impact,
            String severity,
            String poNumber,
            String externalXRef,
            String initialDescription) {}

    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final ObjectReader READER = MAPPER.readerFor(Case.class);
    private static final ObjectWriter WRITER = MAPPER.writerFor(Ticket.class);

    private final Tables tables;

    private Peer(Tables tables) {
        this.tables = tables;
    }

    byte[] translate(byte[] text) throws IOException {
        Case it = READER.readValue(text);
        Route route = null;
        for (Route one : tables.routes()) {
            if (one.takes(it)) {
                route = one;
                break;
            }
        }
        if (route == null) {
            throw new IllegalArgumentException("no route takes the case");
        }
        String severity = it.severity().toLowerCase(Locale.ROOT);
        StringBuilder description = new StringBuilder(2048);
        if (it.description() != null) {
            description.append(it.description());
        }
        if (it.user() != null) {
            description.append("\nUser: ").append(it.user().name());
        }
        if (it.artifacts() != null) {
            for (Artifact artifact : it.artifacts()) {
                description.append('\n').append(artifact.type()).append(": ").append(artifact.value());
            }
        }
        String incident = it.incident();
        return WRITER.writeValueAsBytes(
                new Ticket(
                        summary(it.number() == null ? "" : it.number(), it.title()),
                        new Reference(route.board()),
                        new Reference(route.status()),
                        new Reference(route.type()),
                        route.subType() == null ? null : new Reference(route.subType()),
                        new Reference(tables.companies().get(it.group().id())),
                        new Reference(tables.priorities().get(severity)),
                        tables.impact(),
                        tables.severities().getOrDefault(severity, tables.severity()),
                        incident == null || incident.isEmpty() ? null : incident,
                        tables.instance() + ":" + it.id(),
                        description.toString().strip()));
    }

    private static String summary(String number, String title) {
        StringBuilder line = new StringBuilder(128);
        String whole = "EventTracker Case #" + number + " - " + title;
        for (int at = 0; at < whole.length(); at += 1) {
            char sign = whole.charAt(at);
            if (!Character.isWhitespace(sign)) {
                line.append(sign);
            } else if (line.length() > 0 && line.charAt(line.length() - 1) != ' ') {
                line.append(' ');
            }
        }
        String folded = line.toString().strip();
        return folded.length() <= 100 ? folded : folded.substring(0, 100);
    }

    private static byte[][] lines(Path file) throws IOException {
        return Files.readString(file).lines().map(line -> line.getBytes(StandardCharsets.UTF_8)).toArray(byte[][]::new);
    }

    /** Checks every ticket, and prints how long one takes. */
    public static void main(String[] arguments) throws IOException {
        Path folder = Path.of(arguments[0]);
        Peer peer = new Peer(MAPPER.readValue(Files.readAllBytes(folder.resolve("tables.json")), Tables.class));
        byte[][] cases = lines(folder.resolve("cases.jsonl"));
        byte[][] tickets = lines(folder.resolve("tickets.jsonl"));
        for (int index = 0; index < cases.length; index += 1) {
            byte[] ticket = peer.translate(cases[index]);
            if (!Arrays.equals(ticket, tickets[index])) {
                throw new IllegalStateException("another ticket: " + new String(ticket, StandardCharsets.UTF_8));
            }
        }
        int rounds = 400;
        long[] spent = new long[rounds];
        for (int round = 0; round < rounds; round += 1) {
            long start = System.nanoTime();
            for (byte[] text : cases) {
                peer.translate(text);
            }
            spent[round] = (System.nanoTime() - start) / cases.length;
        }
        // The first half is for the compiler to warm up.
        long[] warm = Arrays.copyOfRange(spent, rounds / 2, rounds);
        Arrays.sort(warm);
        System.out.println(warm[warm.length / 2]);
    }
}
