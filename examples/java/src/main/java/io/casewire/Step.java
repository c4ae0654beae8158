package io.casewire;

import com.sun.jna.Pointer;
import java.util.AbstractMap.SimpleImmutableEntry;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A step and all that it tells, which one call reads: {@code casewire_step_view}. */
final class Step implements AutoCloseable {
    /** Sizes of the structs in bytes, on 64 bits. */
    private static final int SIZE = 256;

    private static final int HEADER_SIZE = 32;
    private static final int PIECE_SIZE = 40;
    private static final byte[] NONE = {};

    final Pointer handle;
    /** The struct as 64-bit words. */
    private final long[] told = new long[SIZE / 8];

    /** Takes a step over. */
    Step(Pointer handle) {
        this.handle = handle;
        try (Call call = Call.begin()) {
            Pointer view = call.view(SIZE);
            call.check(Library.casewire_step_read(handle, view, call.error()));
            view.read(0, told, 0, told.length);
        }
    }

    int kind() {
        // Its other half is 0, wherever it lies.
        return (int) (told[1] | told[1] >>> 32);
    }

    long effectId() {
        return told[2];
    }

    long operationId() {
        return told[3];
    }

    long ticketId() {
        return told[4];
    }

    long cancelTarget() {
        return told[5];
    }

    long deadlineMillis() {
        return told[6];
    }

    long timeoutMillis() {
        return told[7];
    }

    long maxAnswer() {
        return told[8];
    }

    long notAfterMillis() {
        return told[9];
    }

    long bodySize() {
        return told[10];
    }

    String caseId() {
        return string(11);
    }

    String deliveryId() {
        return string(13);
    }

    String token() {
        return string(15);
    }

    String method() {
        return string(17);
    }

    String url() {
        return string(19);
    }

    String storeAs() {
        return string(21);
    }

    byte[] json() {
        return bytes(told[23], told[24]);
    }

    List<Map.Entry<String, String>> headers() {
        List<Map.Entry<String, String>> headers = new ArrayList<>();
        for (long[] header : structs(25, HEADER_SIZE)) {
            headers.add(new SimpleImmutableEntry<>(string(header[0], header[1]), string(header[2], header[3])));
        }
        return headers;
    }

    /** A piece of a body: bytes, or where the token is not empty an attachment. */
    static final class Piece {
        final byte[] bytes;
        final String token;
        final long size;

        private Piece(long[] piece) {
            // A copy, since a client that was given up may read on after the step was freed.
            bytes = Step.bytes(piece[0], piece[1]);
            token = Step.string(piece[2], piece[3]);
            size = piece[4];
        }
    }

    List<Piece> pieces() {
        List<Piece> pieces = new ArrayList<>();
        for (long[] piece : structs(27, PIECE_SIZE)) {
            pieces.add(new Piece(piece));
        }
        return pieces;
    }

    /** Why an operation failed; null where it went well. */
    CasewireException error() {
        return told[29] == 0 ? null : Call.exception(new Pointer(told[29]));
    }

    boolean isAllDone() {
        return told[30] == 0 && told[31] == 0;
    }

    private List<long[]> structs(int word, int size) {
        List<long[]> structs = new ArrayList<>();
        for (long i = 0; i < told[word + 1]; i++) {
            long[] fields = new long[size / 8];
            new Pointer(told[word]).read(i * size, fields, 0, fields.length);
            structs.add(fields);
        }
        return structs;
    }

    private String string(int word) {
        return string(told[word], told[word + 1]);
    }

    private static String string(long data, long size) {
        try (Call call = Call.begin()) {
            return call.string(data, size);
        }
    }

    /** Copies a text out. */
    static byte[] bytes(long data, long size) {
        return size == 0 ? NONE : new Pointer(data).getByteArray(0, Math.toIntExact(size));
    }

    @Override
    public void close() {
        Library.casewire_step_free(handle);
    }
}
