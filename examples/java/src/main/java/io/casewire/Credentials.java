package io.casewire;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The keys of an API member (System &gt; Members &gt; API Members &gt; API Keys). */
public final class Credentials implements AutoCloseable {
    private final byte[] publicKey;
    private final byte[] privateKey;

    private Credentials(byte[] publicKey, byte[] privateKey) {
        this.publicKey = publicKey;
        this.privateKey = privateKey;
    }

    /** Takes keys over from characters, which the caller may overwrite then. */
    public static Credentials keys(char[] publicKey, char[] privateKey) {
        return new Credentials(encode(publicKey), encode(privateKey));
    }

    /** Takes keys over from UTF-8, which the caller may overwrite then. */
    public static Credentials keys(byte[] publicKey, byte[] privateKey) {
        return new Credentials(publicKey.clone(), privateKey.clone());
    }

    private static byte[] encode(char[] key) {
        ByteBuffer buffer = StandardCharsets.UTF_8.encode(CharBuffer.wrap(key));
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        Arrays.fill(buffer.array(), (byte) 0);
        return bytes;
    }

    byte[] publicKey() {
        return publicKey;
    }

    byte[] privateKey() {
        return privateKey;
    }

    /** Overwrites the keys. A connector that was made of them has its own copy. */
    @Override
    public void close() {
        Arrays.fill(publicKey, (byte) 0);
        Arrays.fill(privateKey, (byte) 0);
    }

    /** Shows no key. */
    @Override
    public String toString() {
        return "Credentials[hidden]";
    }
}
