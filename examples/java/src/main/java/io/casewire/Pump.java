package io.casewire;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;

/** Polls a connector on a thread of its own, has effects performed on others, and tells what came of operations. */
final class Pump implements AutoCloseable {
    /** Timers look at the clock at least that often, since it may be set and a machine may sleep. */
    private static final long LONGEST_WAIT_MILLIS = 60_000;

    private static final ThreadGroup THREADS = new ThreadGroup("casewire");

    private final Handle handle;
    private final Effects effects;
    private final LongSupplier clock;
    private final Log log;
    private final Thread poller = new Thread(THREADS, this::poll, "casewire-poll");

    /** Guards all fields below. Never held while code of the host runs. */
    private final Object monitor = new Object();

    private final Map<Long, CompletableFuture<Outcome>> waiting = new HashMap<>();
    private boolean isWoken;
    private boolean isIdle;
    private CasewireException over;

    /** Only the poller's. */
    private final Timers timers = new Timers();

    Pump(Handle handle, Performer performer, LongSupplier clock, Log log) {
        this.handle = handle;
        this.clock = clock;
        this.log = log;
        effects = new Effects(performer, handle, THREADS, this::wake, this::end);
        poller.setDaemon(true);
        poller.start();
    }

    CompletableFuture<Outcome> submit(byte[] json, boolean isCase) {
        CompletableFuture<Outcome> future = new CompletableFuture<>();
        long operation;
        // The poller learns of the end of an operation under the same monitor, so it finds the future there.
        synchronized (monitor) {
            if (over != null) {
                throw CasewireException.of(over.number(), over.getMessage(), over.canRetry(), over.json());
            }
            operation = handle.submit(json, isCase);
            waiting.put(operation, future);
            isIdle = false;
        }
        future.whenComplete(
                (outcome, error) -> {
                    if (future.isCancelled()) {
                        cancel(operation);
                    }
                });
        wake();
        return future;
    }

    private void cancel(long operation) {
        synchronized (monitor) {
            if (over != null || waiting.remove(operation) == null) {
                return;
            }
            handle.cancel(operation);
        }
        wake();
    }

    void awaitIdle(long millis) throws InterruptedException, TimeoutException {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        synchronized (monitor) {
            while (!isIdle && over == null) {
                long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
                if (left <= 0) {
                    throw new TimeoutException("work is still under way");
                }
                monitor.wait(left);
            }
        }
    }

    private void wake() {
        synchronized (monitor) {
            isWoken = true;
            monitor.notifyAll();
        }
    }

    private void poll() {
        try {
            while (true) {
                synchronized (monitor) {
                    if (over != null) {
                        return;
                    }
                    isWoken = false;
                }
                ring();
                while (step()) {
                    // Drained as the contract asks.
                }
                rest();
            }
        } catch (InterruptedException stopped) {
            end(CasewireException.cancelled("the connector's thread was interrupted: make a new one"));
        } catch (CasewireException error) {
            end(error);
        } catch (RuntimeException | Error error) {
            String message = "casewire failed, and the next connector goes on from the store: " + error;
            end(CasewireException.of(ErrorCode.INTERNAL.number(), message, false, "{}"));
        } finally {
            timers.close();
        }
    }

    private void rest() throws InterruptedException {
        long wait = Math.min(LONGEST_WAIT_MILLIS, timers.next() - clock.getAsLong());
        synchronized (monitor) {
            if (!isWoken && over == null && wait > 0) {
                monitor.wait(wait);
            }
        }
    }

    /** Answers the timers whose time has come. */
    private void ring() {
        for (Answer due = timers.due(clock.getAsLong()); due != null; due = timers.due(clock.getAsLong())) {
            try (Answer answer = due) {
                answer.done();
                handle.give(answer);
            }
        }
    }

    /** Takes the next step, and says whether there may be another. */
    private boolean step() {
        Step step = handle.poll();
        boolean isKept = false;
        try {
            switch (step.kind()) {
                case Abi.STEP_IDLE:
                    idle(step.isAllDone());
                    return false;
                case Abi.STEP_FINISHED:
                    finish(step);
                    return true;
                case Abi.STEP_TIMER:
                    timers.add(step);
                    return true;
                case Abi.STEP_CANCEL:
                    timers.drop(step.cancelTarget());
                    effects.drop(step.cancelTarget());
                    try (Answer answer = new Answer(step)) {
                        answer.done();
                        handle.give(answer);
                    }
                    return true;
                default:
                    isKept = true;
                    effects.start(step);
                    return true;
            }
        } finally {
            if (!isKept) {
                step.close();
            }
        }
    }

    private void idle(boolean isAllDone) {
        synchronized (monitor) {
            isIdle = isAllDone && !isWoken;
            if (isIdle) {
                monitor.notifyAll();
            }
        }
    }

    private void finish(Step step) {
        CompletableFuture<Outcome> future;
        synchronized (monitor) {
            future = waiting.remove(step.operationId());
        }
        CasewireException error = step.error();
        if (error != null) {
            log.log(Log.Level.WARNING, "operation " + step.operationId() + " failed: " + error.code());
            complete(future, null, error);
        } else {
            Outcome outcome = new Outcome(step.caseId(), step.ticketId(), step.json());
            log.log(Log.Level.INFO, "operation " + step.operationId() + " is over, ticket " + outcome.ticketId());
            complete(future, outcome, null);
        }
    }

    /** Completes a future on a worker, since it runs code of the host, which may wait for the poller. */
    private void complete(CompletableFuture<Outcome> future, Outcome outcome, CasewireException error) {
        if (future == null) {
            return;
        }
        if (error == null) {
            effects.execute(() -> future.complete(outcome));
        } else {
            effects.execute(() -> future.completeExceptionally(error));
        }
    }

    private void end(CasewireException reason) {
        Map<Long, CompletableFuture<Outcome>> left;
        synchronized (monitor) {
            if (over == null) {
                over = reason;
                if (reason.code() != ErrorCode.CANCELLED) {
                    log.log(Log.Level.ERROR, "the connector is over: " + reason.code());
                }
            }
            left = new HashMap<>(waiting);
            waiting.clear();
            isWoken = true;
            monitor.notifyAll();
        }
        for (CompletableFuture<Outcome> future : left.values()) {
            complete(future, null, reason);
        }
    }

    @Override
    public void close() {
        end(CasewireException.cancelled("the connector was closed: make a new one"));
        effects.dropAll();
        // A callback cannot wait for its own end: another thread waits for it, and frees the connector.
        if (Thread.currentThread().getThreadGroup() == THREADS) {
            ThreadGroup outside = THREADS.getParent();
            new Thread(outside, this::close, "casewire-close").start();
            return;
        }
        boolean isInterrupted = false;
        while (true) {
            try {
                poller.join();
                if (effects.awaitEnd(1)) {
                    break;
                }
            } catch (InterruptedException later) {
                isInterrupted = true;
            }
        }
        handle.free();
        if (isInterrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
