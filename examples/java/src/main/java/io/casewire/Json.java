package io.casewire;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** JSON as maps and lists. */
final class Json {
    private Json() {}

    static Map<String, Object> object(byte[] json) {
        try {
            return JSON.std.mapFrom(json);
        } catch (IOException error) {
            throw new UncheckedIOException("casewire gave no JSON object", error);
        }
    }

    static byte[] bytes(Object value) {
        try {
            return JSON.std.with(JSON.Feature.WRITE_NULL_PROPERTIES).asBytes(value);
        } catch (IOException error) {
            throw new UncheckedIOException("this is no JSON", error);
        }
    }

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
