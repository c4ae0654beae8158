package io.casewire;

import com.sun.jna.Pointer;
import java.util.List;
import java.util.Map;

/** What came of an effect, until it is given to the connector. */
final class Answer implements AutoCloseable {
    private static final byte[] NONE = {};

    final Pointer handle;

    Answer(Step step) {
        try (Call call = Call.begin()) {
            call.check(Library.casewire_answer_new(step.handle, call.output(), call.error()));
            handle = call.pointer();
        }
    }

    void done() {
        try (Call call = Call.begin()) {
            call.check(Library.casewire_answer_set_done(handle, call.error()));
        }
    }

    void json(Object value) {
        try (Call call = Call.begin()) {
            call.check(
                    Library.casewire_answer_set_json(
                            handle, call.text(Json.bytes(value)), call.text(NONE), call.error()));
        }
    }

    void failed(Failure.Kind kind, String message) {
        try (Call call = Call.begin()) {
            call.check(
                    Library.casewire_answer_set_failed(
                            handle, kind.number, call.text(message), call.error()));
        }
    }

    /** Sets status and headers. A header that is not UTF-8 may be left out, and is no reason to lose the answer. */
    void http(HttpAnswer answer) {
        try (Call call = Call.begin()) {
            call.check(Library.casewire_answer_set_http(handle, answer.status(), call.error()));
        }
        for (Map.Entry<String, List<String>> header : answer.headers().entrySet()) {
            for (String value : header.getValue()) {
                try (Call call = Call.begin()) {
                    Library.casewire_answer_add_header(
                            handle, call.text(header.getKey()), call.text(value), null);
                }
            }
        }
    }

    void fetched() {
        try (Call call = Call.begin()) {
            call.check(Library.casewire_answer_set_fetched(handle, call.error()));
        }
    }

    /** Adds bytes to the body; one that is too large makes the answer that failure by itself. */
    boolean body(byte[] bytes) {
        try (Call call = Call.begin()) {
            return Library.casewire_answer_add_body(handle, call.text(bytes), null) == 0;
        }
    }

    void stored(long size, String sha256) {
        try (Call call = Call.begin()) {
            call.check(
                    Library.casewire_answer_set_stored(handle, size, call.text(sha256), call.error()));
        }
    }

    @Override
    public void close() {
        Library.casewire_answer_free(handle);
    }
}
