package io.casewire;

/**
 * A call or an operation failed.
 *
 * <p>The subclasses are the ranges of the code: a host that only wants to know whose turn it is catches one of them.
 */
public class CasewireException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int number;
    private final boolean retryable;
    private final String json;

    CasewireException(int number, String message, boolean retryable, String json) {
        super(message);
        this.number = number;
        this.retryable = retryable;
        this.json = json;
    }

    /** What failed. */
    public ErrorCode code() {
        return ErrorCode.of(number);
    }

    /** The number of the code, also of one that this version does not know. */
    public int number() {
        return number;
    }

    /** Whether the same call can succeed later without a change. */
    public boolean canRetry() {
        return retryable;
    }

    /**
     * The error as JSON: code, message, ConnectWise's own status, code and field, and every fault with its JSON pointer
     * and its fix. It holds no secret.
     */
    public String json() {
        return json;
    }

    /** The input is not what was expected; nothing was begun (100 to 199). */
    public static final class InputException extends CasewireException {
        private static final long serialVersionUID = 1L;

        InputException(int number, String message, boolean retryable, String json) {
            super(number, message, retryable, json);
        }
    }

    /** The configuration does not fit itself or the instance (200 to 299). */
    public static final class ConfigurationException extends CasewireException {
        private static final long serialVersionUID = 1L;

        ConfigurationException(int number, String message, boolean retryable, String json) {
            super(number, message, retryable, json);
        }
    }

    /** The library was used in a way that it does not allow, or the host cancelled (300 to 399). */
    public static final class UsageException extends CasewireException {
        private static final long serialVersionUID = 1L;

        UsageException(int number, String message, boolean retryable, String json) {
            super(number, message, retryable, json);
        }
    }

    /** ConnectWise refused or failed (400 to 499). */
    public static final class ConnectWiseException extends CasewireException {
        private static final long serialVersionUID = 1L;

        ConnectWiseException(int number, String message, boolean retryable, String json) {
            super(number, message, retryable, json);
        }
    }

    /** A request or its answer was lost on the way (500 to 599). */
    public static final class TransportException extends CasewireException {
        private static final long serialVersionUID = 1L;

        TransportException(int number, String message, boolean retryable, String json) {
            super(number, message, retryable, json);
        }
    }

    /** The store failed; nothing was sent (600 to 699). */
    public static final class StoreException extends CasewireException {
        private static final long serialVersionUID = 1L;

        StoreException(int number, String message, boolean retryable, String json) {
            super(number, message, retryable, json);
        }
    }

    /** The host did not take or give what it was asked for (700 to 799). */
    public static final class HostException extends CasewireException {
        private static final long serialVersionUID = 1L;

        HostException(int number, String message, boolean retryable, String json) {
            super(number, message, retryable, json);
        }
    }

    static CasewireException of(int number, String message, boolean retryable, String json) {
        switch (number / 100) {
            case 1:
                return new InputException(number, message, retryable, json);
            case 2:
                return new ConfigurationException(number, message, retryable, json);
            case 3:
                return new UsageException(number, message, retryable, json);
            case 4:
                return new ConnectWiseException(number, message, retryable, json);
            case 5:
                return new TransportException(number, message, retryable, json);
            case 6:
                return new StoreException(number, message, retryable, json);
            case 7:
                return new HostException(number, message, retryable, json);
            default:
                return new CasewireException(number, message, retryable, json);
        }
    }

    static CasewireException cancelled(String message) {
        int number = ErrorCode.CANCELLED.number();
        return of(number, message, false, "{\"code\":\"cancelled\",\"retry\":false}");
    }
}
