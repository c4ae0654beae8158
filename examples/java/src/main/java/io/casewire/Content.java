package io.casewire;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** Content that the host had named by a token: an attachment, or a case that was handed over by reference. */
public interface Content {
    /** Its length in bytes. */
    long size() throws IOException;

    /** Opens it from its beginning. It may be opened more than once, since a request may have to be sent again. */
    InputStream open() throws IOException;

    /** Content that lies in memory. */
    static Content of(byte[] bytes) {
        return new Content() {
            @Override
            public long size() {
                return bytes.length;
            }

            @Override
            public InputStream open() {
                return new ByteArrayInputStream(bytes);
            }
        };
    }

    /** Content that lies in a file. */
    static Content of(Path file) {
        return new Content() {
            @Override
            public long size() throws IOException {
                return Files.size(file);
            }

            @Override
            public InputStream open() throws IOException {
                return Files.newInputStream(file);
            }
        };
    }
}
