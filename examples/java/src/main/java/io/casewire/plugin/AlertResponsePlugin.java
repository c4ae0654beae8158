package io.casewire.plugin;

import io.casewire.CasewireException;
import io.casewire.Connector;
import io.casewire.ErrorCode;
import io.casewire.Log;
import io.casewire.Outcome;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/**
 * An alert response plug-in: the product calls {@link #respond} with a case and goes on; a worker thread makes the case
 * durable and its ticket, and {@link Listener} is told what came of it. A case that the product has heard nothing of when it
 * crashes is handed over again: nothing is doubled by that.
 *
 * <p>A new configuration is taken while cases come in: one that is refused leaves the old one at work, and no case is lost
 * between the two. {@link #close} ends the intake, makes what was taken durable, and stops.
 */
public final class AlertResponsePlugin implements AutoCloseable {
    /** Whom the product has told what happens. Called on the plug-in's threads. */
    public interface Listener {
        /** A case is in step with its ticket; 0 where it has none yet. */
        void responded(String caseId, long ticketId);

        /** A case was refused, or failed in a way that a retry does not mend. */
        void failed(CasewireException error);
    }

    private static final long DRAIN_SECONDS = 30;

    private final Supplier<Connector.Builder> parts;
    private final Listener listener;
    private final Log log;
    private final BlockingQueue<Task> tasks = new LinkedBlockingQueue<>();
    private final Thread worker = new Thread(this::work, "alert-response");
    private final Object intake = new Object();
    private boolean isClosed;
    /** Only the worker's, once it runs. */
    private Connector connector;
    /** The configuration of {@link #connector}. */
    private byte[] current;

    /** What the worker does next; says whether it goes on. */
    private interface Task {
        boolean run();
    }

    /**
     * Starts the plug-in.
     *
     * @param parts gives a builder with store, credentials and deliveries, for every configuration anew
     * @throws CasewireException with all faults of the configuration at once
     */
    public AlertResponsePlugin(
            byte[] configuration, Supplier<Connector.Builder> parts, Listener listener, Log log) {
        this.parts = Objects.requireNonNull(parts);
        this.listener = Objects.requireNonNull(listener);
        this.log = Objects.requireNonNull(log);
        this.connector = parts.get().configuration(configuration).build();
        this.current = configuration.clone();
        worker.start();
    }

    /**
     * Takes a case as JSON in UTF-8 and returns at once.
     *
     * @throws CasewireException with all faults of the case at once
     */
    public void respond(byte[] caseJson) {
        Connector.validateCase(caseJson);
        byte[] copy = caseJson.clone();
        enqueue(
                () -> {
                    submit(copy);
                    return true;
                });
    }

    /**
     * Takes a new configuration for the cases from here on.
     *
     * @return what completes when it is in use; fails with all faults of a configuration that is refused
     */
    public CompletableFuture<Void> reload(byte[] configuration) {
        Connector.validateConfiguration(configuration);
        byte[] copy = configuration.clone();
        CompletableFuture<Void> reloaded = new CompletableFuture<>();
        enqueue(
                () -> {
                    reload(copy, reloaded);
                    return true;
                });
        return reloaded;
    }

    private void enqueue(Task task) {
        synchronized (intake) {
            if (isClosed) {
                throw new IllegalStateException("the plug-in is closed");
            }
            tasks.add(task);
        }
    }

    private void work() {
        try {
            boolean isGoingOn = true;
            while (isGoingOn) {
                isGoingOn = tasks.take().run();
            }
        } catch (InterruptedException stopped) {
            log.log(Log.Level.WARNING, "the worker was interrupted; what is durable goes on with the next start");
        } finally {
            connector.close();
        }
    }

    private void submit(byte[] caseJson) {
        try {
            connector.submitCase(caseJson).whenComplete(this::tell);
        } catch (CasewireException error) {
            listener.failed(error);
        }
    }

    private void tell(Outcome outcome, Throwable error) {
        if (error == null) {
            listener.responded(outcome.caseId(), outcome.ticketId());
        } else if (isLeftForTheNext(error)) {
            log.log(Log.Level.INFO, "a case goes on with the next connector");
        } else if (error instanceof CasewireException) {
            listener.failed((CasewireException) error);
        } else {
            log.log(Log.Level.ERROR, "the listener or the connector failed: " + error);
        }
    }

    private static boolean isLeftForTheNext(Throwable error) {
        return error instanceof CasewireException && ((CasewireException) error).code() == ErrorCode.CANCELLED;
    }

    /** One connector after the other, never two over the store: the old one ends its work first. */
    private void reload(byte[] configuration, CompletableFuture<Void> reloaded) {
        drain();
        connector.close();
        Connector.Builder next = parts.get().configuration(configuration);
        try {
            connector = next.build();
            current = configuration;
            reloaded.complete(null);
        } catch (CasewireException refused) {
            connector = parts.get().configuration(current).build();
            reloaded.completeExceptionally(refused);
        }
    }

    private void drain() {
        try {
            connector.awaitIdle(DRAIN_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException late) {
            log.log(Log.Level.INFO, "work is left for the next connector");
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    /** Ends the intake, works on what was taken, and stops. What could not be ended in time lies in the store. */
    @Override
    public void close() {
        synchronized (intake) {
            if (!isClosed) {
                isClosed = true;
                tasks.add(
                        () -> {
                            drain();
                            return false;
                        });
            }
        }
        try {
            worker.join();
        } catch (InterruptedException stopped) {
            worker.interrupt();
            Thread.currentThread().interrupt();
        }
    }
}
