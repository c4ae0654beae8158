package io.casewire;

import java.nio.charset.StandardCharsets;
import java.util.Map;

/** What came of an operation that went well. */
public final class Outcome {
    private final String caseId;
    private final long ticketId;
    private final byte[] json;

    Outcome(String caseId, long ticketId, byte[] json) {
        this.caseId = caseId;
        this.ticketId = ticketId;
        this.json = json;
    }

    /** The case that it was about; empty where it was about none. */
    public String caseId() {
        return caseId;
    }

    /** The ticket's number; 0 where there is none. */
    public long ticketId() {
        return ticketId;
    }

    /** The finished operation as JSON in UTF-8: {@code {"step": "finished", "result": {"ok": {...}}}}. */
    public byte[] bytes() {
        return json.clone();
    }

    /** The finished operation as JSON. */
    public String json() {
        return new String(json, StandardCharsets.UTF_8);
    }

    /** A field of the outcome, such as {@code outcome} of a case: {@code opened}, {@code unchanged}, {@code closed}. */
    public Object get(String field) {
        Object result = Json.object(json).get("result");
        Object ok = result instanceof Map ? ((Map<?, ?>) result).get("ok") : null;
        return ok instanceof Map ? ((Map<?, ?>) ok).get(field) : null;
    }
}
