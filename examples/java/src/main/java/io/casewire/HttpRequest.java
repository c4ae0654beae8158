package io.casewire;

import java.util.List;
import java.util.Map;

/** A request to send as it is. */
public final class HttpRequest {
    /** A piece of a body: bytes, or content of the host that is streamed. */
    public static final class Piece {
        private final byte[] bytes;
        private final Content content;

        Piece(byte[] bytes, Content content) {
            this.bytes = bytes;
            this.content = content;
        }

        /** The content; of bytes that casewire made, those. */
        public Content content() {
            return content == null ? Content.of(bytes) : content;
        }
    }

    private final String method;
    private final String url;
    private final List<Map.Entry<String, String>> headers;
    private final List<Piece> body;
    private final long bodySize;
    private final long timeoutMillis;
    private final long maxAnswer;
    private final long notAfterMillis;

    HttpRequest(
            String method,
            String url,
            List<Map.Entry<String, String>> headers,
            List<Piece> body,
            long bodySize,
            long timeoutMillis,
            long maxAnswer,
            long notAfterMillis) {
        this.method = method;
        this.url = url;
        this.headers = headers;
        this.body = body;
        this.bodySize = bodySize;
        this.timeoutMillis = timeoutMillis;
        this.maxAnswer = maxAnswer;
        this.notAfterMillis = notAfterMillis;
    }

    /** {@code GET}, {@code POST}, {@code PATCH} or {@code DELETE}. */
    public String method() {
        return method;
    }

    /** The absolute address, already encoded. */
    public String url() {
        return url;
    }

    /** The headers, {@code Authorization} among them; do not log it. {@code Host} and {@code Content-Length} are the client's. */
    public List<Map.Entry<String, String>> headers() {
        return headers;
    }

    /** The pieces of the body, sent one after the other; none for a request without a body. */
    public List<Piece> body() {
        return body;
    }

    /** Length of the whole body in bytes. */
    public long bodySize() {
        return bodySize;
    }

    /** How long the whole exchange may take. */
    public long timeoutMillis() {
        return timeoutMillis;
    }

    /** The largest body of an answer to read, in bytes. */
    public long maxAnswer() {
        return maxAnswer;
    }

    /** Until when it may leave, in milliseconds since 1970; {@link Long#MAX_VALUE} where there is no such time. */
    public long notAfterMillis() {
        return notAfterMillis;
    }

    /** Shows no header. */
    @Override
    public String toString() {
        int query = url.indexOf('?');
        return method + " " + (query < 0 ? url : url.substring(0, query));
    }
}
