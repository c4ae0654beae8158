package io.casewire;

import java.util.List;
import java.util.Map;

/** What a server answered. */
public final class HttpAnswer {
    private final int status;
    private final Map<String, List<String>> headers;
    private final byte[] body;

    /** Takes an answer: {@code content-type}, {@code link}, {@code retry-after} and {@code date} of the headers are wanted. */
    public HttpAnswer(int status, Map<String, List<String>> headers, byte[] body) {
        this.status = status;
        this.headers = headers;
        this.body = body;
    }

    /** 100 to 599. */
    public int status() {
        return status;
    }

    /** The headers by name. */
    public Map<String, List<String>> headers() {
        return headers;
    }

    /** The body as it came. */
    public byte[] body() {
        return body;
    }
}
