package io.casewire;

import java.io.IOException;
import java.io.InputStream;

/** Where the files of cases lie. Bytes of a file never enter casewire. */
@FunctionalInterface
public interface Attachments {
    /**
     * Gives the content that a token names.
     *
     * @throws IOException where there is no such content any more
     */
    Content open(String token) throws IOException;

    /**
     * Stores a file from ConnectWise under a name of letters, digits, {@code -}, {@code _}, {@code .} and {@code /}; it is
     * durable when this returns.
     */
    default void store(String name, InputStream content) throws IOException {
        throw new IOException("the host stores no files of ConnectWise");
    }
}
