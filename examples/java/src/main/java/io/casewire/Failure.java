package io.casewire;

/**
 * Why a transport or a host's part of the work failed. What it says must hold no secret.
 */
public final class Failure extends Exception {
    private static final long serialVersionUID = 1L;

    /** The class of a failure, which decides what is safe to do next. */
    public enum Kind {
        /** Not one byte of the request left: no address, no connection, its time had passed. */
        NOT_SENT(Abi.FAILURE_NOT_SENT),
        /** The certificate or the TLS version was refused; nothing was sent. */
        TLS(Abi.FAILURE_TLS),
        /** The request may have been performed, and no complete answer came. Where it is not sure, it is this. */
        UNANSWERED(Abi.FAILURE_UNANSWERED),
        /** The answer is larger than it may be. */
        TOO_LARGE(Abi.FAILURE_TOO_LARGE),
        /** An attachment is not there any more, or has another length than the case said; nothing was sent. */
        CONTENT(Abi.FAILURE_CONTENT),
        /** The store, the delivery or the content failed. */
        OTHER(Abi.FAILURE_OTHER);

        final int number;

        Kind(int number) {
            this.number = number;
        }
    }

    private final Kind kind;

    /** Makes a failure. */
    public Failure(Kind kind, String message) {
        this(kind, message, null);
    }

    /** Makes a failure with its cause. */
    public Failure(Kind kind, String message, Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    /** Its class. */
    public Kind kind() {
        return kind;
    }
}
