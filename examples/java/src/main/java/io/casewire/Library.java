package io.casewire;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Platform;
import com.sun.jna.Pointer;
import com.sun.jna.Structure;
import java.io.File;
import java.io.IOException;

/**
 * The functions of {@code casewire.h}, mapped directly. What a step or an error tells is read through a view, in one call: a
 * text that a function returns by value costs JNA more than all the rest.
 *
 * <p>The library is the file that the system property {@code casewire.library} names; else that of the platform in the jar,
 * such as {@code linux-x86-64/libcasewire.so}; else one that the system finds by its name.
 */
final class Library {
    private static final String PROPERTY = "casewire.library";

    static {
        if (Native.SIZE_T_SIZE != 8) {
            throw new UnsatisfiedLinkError("casewire needs a 64-bit Java");
        }
        Native.register(Library.class, NativeLibrary.getInstance(file()));
        int version = casewire_abi_version();
        if (version != Abi.ABI_VERSION) {
            throw new UnsatisfiedLinkError(
                    "this is for version " + Abi.ABI_VERSION + " of casewire's interface; the library has " + version);
        }
    }

    private Library() {}

    private static String file() {
        String named = System.getProperty(PROPERTY);
        if (named != null) {
            return new File(named).getAbsolutePath();
        }
        String resource = "/" + Platform.RESOURCE_PREFIX + "/" + System.mapLibraryName("casewire");
        if (Library.class.getResource(resource) == null) {
            return "casewire";
        }
        try {
            return Native.extractFromResourcePath(resource, Library.class.getClassLoader()).getPath();
        } catch (IOException error) {
            throw new UnsatisfiedLinkError("cannot unpack " + resource + ": " + error.getMessage());
        }
    }

    /** UTF-8 or bytes that belong to somebody else: {@code casewire_text} and {@code casewire_slice}. */
    @Structure.FieldOrder({"data", "size"})
    public static final class Text extends Structure implements Structure.ByValue {
        public Pointer data;
        public long size;

        private Text() {}

        /** Made by JNA for results, whose memory is gone soon after. */
        public Text(Pointer memory) {
            super(memory);
        }

        /** In place of JNA's way over reflection, which costs more than the call. */
        @Override
        public void read() {
            data = getPointer().getPointer(0);
            size = getPointer().getLong(8);
        }

        /** Made to be lent again and again, each time {@link #lend} has said what. JNA need not copy the fields. */
        static Text lendable() {
            Text text = new Text();
            text.setAutoSynch(false);
            return text;
        }

        Text lend(Pointer data, long size) {
            Pointer self = getPointer();
            self.setPointer(0, data);
            self.setLong(8, size);
            return this;
        }

        byte[] copy() {
            return size == 0 ? new byte[0] : data.getByteArray(0, Math.toIntExact(size));
        }

        String string() {
            return new String(copy(), java.nio.charset.StandardCharsets.UTF_8);
        }
    }

    static native int casewire_abi_version();

    static native Text casewire_version();

    static native Text casewire_status_name(int status);

    static native int casewire_error_read(Pointer failure, Pointer view, Pointer error);

    static native void casewire_error_free(Pointer error);

    static native int casewire_config_validate(Text config, Pointer error);

    static native int casewire_case_validate(Text document, Pointer error);

    static native int casewire_connector_new(
            Text config, Pointer credentials, Pointer options, long now, Pointer connector, Pointer error);

    static native int casewire_connector_submit(
            Pointer connector, Text command, long now, Pointer operation, Pointer error);

    static native int casewire_connector_submit_case(
            Pointer connector, Text document, long now, Pointer operation, Pointer error);

    static native int casewire_connector_poll(Pointer connector, long now, Pointer step, Pointer error);

    static native int casewire_connector_answer(Pointer connector, Pointer answer, long now, Pointer error);

    static native int casewire_connector_cancel(Pointer connector, long operation, long now, Pointer error);

    static native void casewire_connector_free(Pointer connector);

    static native int casewire_step_read(Pointer step, Pointer view, Pointer error);

    static native void casewire_step_free(Pointer step);

    static native int casewire_answer_new(Pointer step, Pointer answer, Pointer error);

    static native int casewire_answer_set_http(Pointer answer, int status, Pointer error);

    static native int casewire_answer_add_header(Pointer answer, Text name, Text value, Pointer error);

    static native int casewire_answer_add_body(Pointer answer, Text bytes, Pointer error);

    static native int casewire_answer_set_stored(Pointer answer, long size, Text sha256, Pointer error);

    static native int casewire_answer_set_done(Pointer answer, Pointer error);

    static native int casewire_answer_set_fetched(Pointer answer, Pointer error);

    static native int casewire_answer_set_failed(Pointer answer, int failure, Text message, Pointer error);

    static native int casewire_answer_set_json(Pointer answer, Text json, Text body, Pointer error);

    static native void casewire_answer_free(Pointer answer);
}
