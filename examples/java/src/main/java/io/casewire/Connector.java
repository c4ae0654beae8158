package io.casewire;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * A connector between a security product and one ConnectWise instance. Any number of threads may use it.
 *
 * <p>It begins by itself with what an earlier connector over the same store left unfinished. Nothing is lost when it is
 * closed or the process dies: what it began stays in the store's outbox.
 */
public final class Connector implements AutoCloseable {
    private final Pump pump;

    private Connector(Pump pump) {
        this.pump = pump;
    }

    /** Begins a connector. */
    public static Builder builder() {
        return new Builder();
    }

    /** The version of the native library. */
    public static String version() {
        return Library.casewire_version().string();
    }

    /**
     * Checks a configuration as far as that can be done without asking ConnectWise.
     *
     * @throws CasewireException with all faults at once
     */
    public static void validateConfiguration(byte[] json) {
        try (Call call = Call.begin()) {
            call.check(Library.casewire_config_validate(call.text(json), call.error()));
        }
    }

    /**
     * Checks a case.
     *
     * @throws CasewireException with all faults at once
     */
    public static void validateCase(byte[] json) {
        try (Call call = Call.begin()) {
            call.check(Library.casewire_case_validate(call.text(json), call.error()));
        }
    }

    /**
     * Brings a case's ticket in step with the case as it is now: opens it, changes it, closes it.
     *
     * @throws CasewireException with all faults of the case at once; nothing was begun then
     */
    public CompletableFuture<Outcome> submitCase(byte[] json) {
        return pump.submit(json, true);
    }

    /** Like {@link #submitCase(byte[])}. */
    public CompletableFuture<Outcome> submitCase(String json) {
        return submitCase(Json.utf8(json));
    }

    /**
     * Runs any command, such as <code>{"command": "poll"}</code>. Cancelling the future cancels the operation; what it
     * began in ConnectWise stays in the outbox.
     *
     * @throws CasewireException with all faults of the command at once; nothing was begun then
     */
    public CompletableFuture<Outcome> run(byte[] json) {
        return pump.submit(json, false);
    }

    /** Like {@link #run(byte[])}. */
    public CompletableFuture<Outcome> run(String json) {
        return run(Json.utf8(json));
    }

    /** Says which part of the connection is wrong, if any. */
    public CompletableFuture<Outcome> testConnection() {
        return run("{\"command\": \"test_connection\"}");
    }

    /** Waits until nothing is under way: no operation, no delivery, no repeated try. */
    public void awaitIdle(long timeout, TimeUnit unit) throws InterruptedException, TimeoutException {
        pump.awaitIdle(unit.toMillis(timeout));
    }

    /**
     * Stops at once. Operations that are not over fail with {@link ErrorCode#CANCELLED} and stay in the outbox. When it
     * returns, the host is no longer being called, so that its store may be closed; but not where a callback of the host
     * closes the connector, which then returns at once.
     */
    @Override
    public void close() {
        pump.close();
    }

    /**
     * Waits for an operation.
     *
     * @throws CasewireException as which it failed
     */
    public static Outcome await(CompletableFuture<Outcome> operation) {
        try {
            return operation.join();
        } catch (CompletionException error) {
            if (error.getCause() instanceof CasewireException) {
                throw (CasewireException) error.getCause();
            }
            throw error;
        }
    }

    /** What a connector is made of. Configuration, store and deliveries are required. */
    public static final class Builder {
        private byte[] configuration;
        private Credentials credentials;
        private Transport transport;
        private Store store;
        private Consumer<Delivery> deliveries;
        private Attachments attachments =
                token -> {
                    throw new java.io.FileNotFoundException("the host gives no content");
                };
        private Log log = (level, message) -> {};
        private LongSupplier clock = System::currentTimeMillis;
        private byte[] clientId = {};
        private byte[] callbackSecret = {};
        private long seed = new SecureRandom().nextLong();

        private Builder() {}

        /** The configuration as JSON in UTF-8, without keys. */
        public Builder configuration(byte[] json) {
            configuration = json.clone();
            return this;
        }

        /** The configuration as JSON. */
        public Builder configuration(String json) {
            configuration = Json.utf8(json);
            return this;
        }

        /** The API member's keys. Without them the transport adds the {@code Authorization} header. */
        public Builder credentials(Credentials keys) {
            credentials = keys;
            return this;
        }

        /** Sends requests; an {@link HttpTransport} where nothing is said. */
        public Builder transport(Transport transport) {
            this.transport = transport;
            return this;
        }

        /** Keeps what must outlive a crash. */
        public Builder store(Store store) {
            this.store = store;
            return this;
        }

        /**
         * Takes over what happened, and returns once that is durable. Where it throws, the delivery is offered again, now
         * and after a restart, in order per case, with the same id.
         */
        public Builder deliveries(Consumer<Delivery> deliveries) {
            this.deliveries = deliveries;
            return this;
        }

        /** Gives and takes files. */
        public Builder attachments(Attachments attachments) {
            this.attachments = Objects.requireNonNull(attachments);
            return this;
        }

        /** Is told what the connector does. */
        public Builder log(Log log) {
            this.log = Objects.requireNonNull(log);
            return this;
        }

        /** The time in milliseconds since 1970; the system's where nothing is said. */
        public Builder clock(LongSupplier clock) {
            this.clock = Objects.requireNonNull(clock);
            return this;
        }

        /** The vendor's own client id, used where the configuration names none. */
        public Builder clientId(String clientId) {
            this.clientId = Json.utf8(clientId);
            return this;
        }

        /** The host's secret for its callback addresses, at least 16 bytes. */
        public Builder callbackSecret(byte[] secret) {
            callbackSecret = secret.clone();
            return this;
        }

        /** Seeds jitter; the same seed gives the same run. */
        public Builder seed(long seed) {
            this.seed = seed;
            return this;
        }

        /**
         * Makes the connector.
         *
         * @throws CasewireException with all faults of the configuration at once
         */
        public Connector build() {
            Objects.requireNonNull(configuration, "configuration");
            Objects.requireNonNull(store, "store");
            Objects.requireNonNull(deliveries, "deliveries");
            Transport sender = transport == null ? new HttpTransport() : transport;
            Performer performer = new Performer(sender, store, deliveries, attachments, clock, log);
            return new Connector(new Pump(new Handle(make(), clock), performer, clock, log));
        }

        /** Fills in the structs as {@code casewire.h} lays them out for 64 bits. */
        private Pointer make() {
            Memory options = Call.struct(72);
            Memory client = Call.put(options, 8, clientId);
            options.setLong(24, seed);
            Memory secret = Call.put(options, 32, callbackSecret);
            Memory keys = null;
            Memory publicKey = null;
            Memory privateKey = null;
            if (credentials != null) {
                keys = Call.struct(40);
                publicKey = Call.put(keys, 8, credentials.publicKey());
                privateKey = Call.put(keys, 24, credentials.privateKey());
            }
            try (Call call = Call.begin()) {
                call.check(
                        Library.casewire_connector_new(
                                call.text(configuration),
                                keys,
                                options,
                                clock.getAsLong(),
                                call.output(),
                                call.error()));
                return call.pointer();
            } finally {
                for (Memory memory : Arrays.asList(options, client, secret, keys, publicKey, privateKey)) {
                    if (memory != null) {
                        memory.clear();
                        memory.close();
                    }
                }
            }
        }
    }
}
