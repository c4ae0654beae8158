package io.casewire;

import java.nio.charset.StandardCharsets;
import java.util.Map;

/** Something that happened, which the host takes over: a ticket was opened, a technician closed it. */
public final class Delivery {
    private final String id;
    private final String caseId;
    private final long ticketId;
    private final byte[] json;

    Delivery(String id, String caseId, long ticketId, byte[] json) {
        this.id = id;
        this.caseId = caseId;
        this.ticketId = ticketId;
        this.json = json;
    }

    /** By which the host knows one that it was offered before. */
    public String id() {
        return id;
    }

    /** The case; empty where it is about none. */
    public String caseId() {
        return caseId;
    }

    /** The ticket's number; 0 where there is none. */
    public long ticketId() {
        return ticketId;
    }

    /** The delivery as JSON in UTF-8. */
    public byte[] bytes() {
        return json.clone();
    }

    /** The delivery as JSON. */
    public String json() {
        return new String(json, StandardCharsets.UTF_8);
    }

    /** The event, such as {@code ticket_created}. */
    public String event() {
        Object event = value().get("event");
        return event instanceof Map ? String.valueOf(((Map<?, ?>) event).get("event")) : "";
    }

    /** The delivery as maps and lists. */
    public Map<String, Object> value() {
        return Json.object(json);
    }
}
