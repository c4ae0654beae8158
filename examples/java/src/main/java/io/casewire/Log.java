package io.casewire;

/** Where the connector says what it does. What it says holds no secret, no case and no body. */
@FunctionalInterface
public interface Log {
    /** How much it matters. */
    enum Level {
        /** Requests and effects. */
        DEBUG,
        /** Operations and deliveries. */
        INFO,
        /** What failed and is tried again, or was refused. */
        WARNING,
        /** What ends the connector. */
        ERROR
    }

    /** Takes a line, on any thread. */
    void log(Level level, String message);
}
