package io.casewire;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import io.casewire.Library.Text;

/** The memory that one call into the library needs: its output, its error, its texts. */
final class Call implements AutoCloseable {
    private static final int OUTPUT = 0;
    private static final int ERROR = 8;

    private final Memory places = new Memory(16);
    private Memory first;
    private Memory second;

    Call() {
        places.clear();
    }

    /** Where a function writes what it makes. */
    Pointer output() {
        return places.share(OUTPUT);
    }

    /** Where a function writes why it failed. */
    Pointer error() {
        return places.share(ERROR);
    }

    Pointer pointer() {
        return places.getPointer(OUTPUT);
    }

    long number() {
        return places.getLong(OUTPUT);
    }

    /** Copies bytes to where they can be lent until this is closed. At most two in a call. */
    Text text(byte[] bytes) {
        if (bytes.length == 0) {
            return new Text(null, 0);
        }
        Memory memory = new Memory(bytes.length);
        memory.write(0, bytes, 0, bytes.length);
        if (first == null) {
            first = memory;
        } else {
            second = memory;
        }
        return new Text(memory, bytes.length);
    }

    Text text(String string) {
        return text(Json.utf8(string));
    }

    /** Throws what the function said where it failed. */
    void check(int status) {
        if (status != 0) {
            Pointer error = places.getPointer(ERROR);
            CasewireException exception = exception(status, error);
            Library.casewire_error_free(error);
            throw exception;
        }
    }

    /** The exception that an error is. */
    static CasewireException exception(int status, Pointer error) {
        return CasewireException.of(
                status,
                Library.casewire_error_message(error).string(),
                Library.casewire_error_can_retry(error) != 0,
                Library.casewire_error_json(error).string());
    }

    @Override
    public void close() {
        for (Memory memory : new Memory[] {places, first, second}) {
            if (memory != null) {
                memory.close();
            }
        }
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
