package io.casewire;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import io.casewire.Library.Text;
import java.nio.charset.StandardCharsets;

/**
 * The memory that one call into the library needs: its output, its error, its texts.
 *
 * <p>A thread keeps it from one call to the next, since making it costs more than the call, and gives it back where it had
 * to grow large. Keys go another way: into memory that is overwritten at once.
 */
final class Call implements AutoCloseable {
    private static final int OUTPUT = 0;
    private static final int ERROR = 8;
    private static final int TEXTS = 2;
    /** What a thread keeps for each text. */
    private static final int KEPT = 1 << 14;

    private static final ThreadLocal<Call> FREE = new ThreadLocal<>();

    /** The largest view. */
    private static final int VIEW = 256;

    private final Memory places = new Memory(16);
    private final Memory view = new Memory(VIEW);
    private final Pointer output = places.share(OUTPUT);
    private final Pointer error = places.share(ERROR);
    private final Memory[] memories = new Memory[TEXTS];
    private final Text[] texts = new Text[TEXTS];
    private byte[] copied = new byte[KEPT];
    private int used;

    private Call() {
        for (int i = 0; i < TEXTS; i++) {
            memories[i] = new Memory(KEPT);
            texts[i] = Text.lendable();
        }
    }

    /** Takes what the thread has kept; a call within a call has its own. */
    static Call begin() {
        Call kept = FREE.get();
        FREE.remove();
        Call call = kept == null ? new Call() : kept;
        call.places.clear();
        return call;
    }

    /** Where a function writes what it makes. */
    Pointer output() {
        return output;
    }

    /** Where a function writes why it failed. */
    Pointer error() {
        return error;
    }

    /** Where a function fills in what something tells, in a struct of this size. */
    Pointer view(int size) {
        view.setLong(0, size);
        return view;
    }

    /** Copies bytes to an array that is used again, since one of its own for each text costs more than the call. */
    byte[] copy(long data, int size) {
        if (size > copied.length) {
            copied = new byte[size];
        }
        new Pointer(data).read(0, copied, 0, size);
        return copied;
    }

    /** Copies a text out. */
    String string(long data, long size) {
        if (size == 0) {
            return "";
        }
        int length = Math.toIntExact(size);
        return new String(copy(data, length), 0, length, StandardCharsets.UTF_8);
    }

    Pointer pointer() {
        return output.getPointer(0);
    }

    long number() {
        return output.getLong(0);
    }

    /** Copies bytes to where they are lent until this is closed. At most two in a call. */
    Text text(byte[] bytes) {
        int place = used++;
        if (bytes.length > memories[place].size()) {
            memories[place].close();
            memories[place] = new Memory(bytes.length);
        }
        memories[place].write(0, bytes, 0, bytes.length);
        return texts[place].lend(memories[place], bytes.length);
    }

    Text text(String string) {
        return text(Json.utf8(string));
    }

    /** Throws what the function said where it failed. */
    void check(int status) {
        if (status != 0) {
            Pointer failure = error.getPointer(0);
            CasewireException exception = exception(failure);
            Library.casewire_error_free(failure);
            throw exception;
        }
    }

    /** The exception that an error is: {@code casewire_error_view}. */
    static CasewireException exception(Pointer error) {
        try (Call call = begin()) {
            Pointer view = call.view(64);
            Library.casewire_error_read(error, view, null);
            String message = call.string(view.getLong(32), view.getLong(40));
            String json = call.string(view.getLong(48), view.getLong(56));
            return CasewireException.of(view.getInt(8), message, view.getInt(12) != 0, json);
        }
    }

    @Override
    public void close() {
        for (int i = 0; i < TEXTS; i++) {
            if (memories[i].size() > KEPT) {
                memories[i].clear();
                memories[i].close();
                memories[i] = new Memory(KEPT);
            }
        }
        if (copied.length > KEPT) {
            copied = new byte[KEPT];
        }
        used = 0;
        FREE.set(this);
    }

    /** The memory of a struct that begins with its size, all zero. */
    static Memory struct(int size) {
        Memory memory = new Memory(size);
        memory.clear();
        memory.setLong(0, size);
        return memory;
    }

    /** Writes a text into a struct, and returns its memory, which has to be overwritten and closed after the call. */
    static Memory put(Memory struct, int offset, byte[] bytes) {
        Memory memory = new Memory(Math.max(1, bytes.length));
        memory.write(0, bytes, 0, bytes.length);
        struct.setPointer(offset, memory);
        struct.setLong(offset + Native.POINTER_SIZE, bytes.length);
        return memory;
    }
}
