package io.casewire;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;

/** The simulator's controls, and what suits it: keys, a configuration, a case. */
final class Simulator {
    static final String URL = System.getenv().getOrDefault("CASEWIRE_SIMULATOR", "http://127.0.0.1:8080");

    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    private Simulator() {}

    static Credentials keys() {
        return Credentials.keys("simulator-public".toCharArray(), "simulator-private".toCharArray());
    }

    /** A configuration; {@code more} are further members, each beginning with a comma. */
    static String configuration(String more) {
        return ("{'version': 1, 'instance': 'java',"
                        + " 'connection': {'site': '" + URL + "', 'company_id': 'acme', 'allow_insecure_loopback': true,"
                        + "   'client_id': '6f1f6f0e-3c1d-4a52-9a54-0b9f5f4f9e11'},"
                        + " 'routes': [{'name': 'all', 'board': 'Professional Services', 'type': 'Security',"
                        + "   'status': {'created': 'New (not responded)', 'cleared': 'Closed'}}],"
                        + " 'status_map': {'Professional Services': {"
                        + "   'to_case': {'New (not responded)': 'open', 'In Progress': 'in_progress',"
                        + "     'Waiting Customer Response': 'in_progress', 'Closed': 'closed'},"
                        + "   'to_ticket': {'open': 'New (not responded)', 'in_progress': 'In Progress', 'closed': 'Closed'}}},"
                        + " 'priority_map': {'critical': 'Priority 1 - Emergency Response',"
                        + "   'low': 'Priority 4 - Scheduled Maintenance'}"
                        + more
                        + "}")
                .replace('\'', '"');
    }

    static final String MAPPED =
            ", 'companies': {'map': [{'group': '48Tech', 'company': {'identifier': 'BigDesign'}}]}";

    /** Case 10012 of the guide; {@code more} are further members, each beginning with a comma. */
    static String case10012(String more) {
        return ("{'id': '10012', 'number': '10012', 'title': 'Windows: Audit log cleared',"
                        + " 'description': 'The audit log was cleared.', 'severity': 'critical',"
                        + " 'category': 'windows', 'kind': 'audit', 'group': {'id': '48Tech'},"
                        + " 'created_at': '2019-02-11T01:07:14Z', 'updated_at': '2019-02-11T01:09:53Z'"
                        + more
                        + "}")
                .replace('\'', '"');
    }

    static void reset() {
        control("POST", "reset", "");
    }

    static void fault(String json) {
        control("POST", "faults", json.replace('\'', '"'));
    }

    static void technician(String json) {
        control("POST", "technician", json.replace('\'', '"'));
    }

    @SuppressWarnings("unchecked")
    static List<Map<String, Object>> records(String name) {
        try {
            return (List<Map<String, Object>>) (List<?>) JSON.std.listFrom(control("GET", "records/" + name, ""));
        } catch (IOException error) {
            throw new IllegalStateException(error);
        }
    }

    /** The callback that ConnectWise has under way, as the command that judges it; the last one where there are several. */
    @SuppressWarnings("unchecked")
    static String takeCallback() {
        try {
            List<Object> told = JSON.std.listFrom(control("POST", "callbacks", ""));
            Map<String, Object> last = (Map<String, Object>) told.get(told.size() - 1);
            List<Number> numbers = (List<Number>) last.get("body");
            byte[] body = new byte[numbers.size()];
            for (int i = 0; i < body.length; i++) {
                body[i] = numbers.get(i).byteValue();
            }
            String signature = "";
            for (List<String> header : (List<List<String>>) last.get("headers")) {
                signature = header.get(0).equals("x-content-signature") ? header.get(1) : signature;
            }
            String path = ((String) last.get("url")).split("\\?")[0];
            Map<String, Object> callback =
                    Map.of(
                            "body", java.util.Base64.getEncoder().encodeToString(body),
                            "signature", signature,
                            "secret", path.substring(path.lastIndexOf('/') + 1));
            return JSON.std.asString(Map.of("command", "take_callback", "callback", callback));
        } catch (IOException error) {
            throw new IllegalStateException(error);
        }
    }

    static List<Map<String, Object>> tickets() {
        return records("tickets");
    }

    private static String control(String method, String path, String body) {
        try {
            HttpRequest request =
                    HttpRequest.newBuilder(URI.create(URL + "/simulator/" + path))
                            .method(method, HttpRequest.BodyPublishers.ofString(body))
                            .build();
            HttpResponse<String> answer = CLIENT.send(request, HttpResponse.BodyHandlers.ofString());
            if (answer.statusCode() / 100 != 2) {
                throw new IllegalStateException(path + ": " + answer.statusCode() + " " + answer.body());
            }
            return answer.body();
        } catch (IOException | InterruptedException error) {
            throw new IllegalStateException(path, error);
        }
    }
}
