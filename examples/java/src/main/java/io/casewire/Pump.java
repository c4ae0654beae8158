package io.casewire;

import com.sun.jna.Pointer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.LongSupplier;

/** Polls a connector on a thread of its own, has effects performed on others, and answers them. */
final class Pump implements AutoCloseable {
    /** Timers look at the clock at least that often, since it may be set and a machine may sleep. */
    private static final long LONGEST_WAIT_MILLIS = 60_000;

    private static final ThreadGroup THREADS = new ThreadGroup("casewire");

    private final Performer performer;
    private final LongSupplier clock;
    private final Log log;
    private final Pointer connector;
    /** Held for reading in every call with the connector, for writing when it is freed. */
    private final ReentrantReadWriteLock alive = new ReentrantReadWriteLock();
    private final ExecutorService workers =
            Executors.newCachedThreadPool(
                    task -> {
                        Thread thread = new Thread(THREADS, task, "casewire-effect");
                        thread.setDaemon(true);
                        return thread;
                    });
    private final Thread poller = new Thread(THREADS, this::poll, "casewire-poll");

    /** Guards all fields below. Never held while code of the host runs. */
    private final Object monitor = new Object();

    private final Map<Long, CompletableFuture<Outcome>> waiting = new HashMap<>();
    private final Map<Long, Effect> effects = new HashMap<>();
    private boolean isWoken;
    private boolean isIdle;
    private boolean isFreed;
    private CasewireException over;

    /** Only the poller's. */
    private final Timers timers = new Timers();

    Pump(Pointer connector, Performer performer, LongSupplier clock, Log log) {
        this.connector = connector;
        this.performer = performer;
        this.clock = clock;
        this.log = log;
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
            try (Call call = Call.begin()) {
                call.check(
                        isCase
                                ? Library.casewire_connector_submit_case(
                                        connector, call.text(json), clock.getAsLong(), call.output(), call.error())
                                : Library.casewire_connector_submit(
                                        connector, call.text(json), clock.getAsLong(), call.output(), call.error()));
                operation = call.number();
            }
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
            // It may be over by now, which is as good.
            Library.casewire_connector_cancel(connector, operation, clock.getAsLong(), null);
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
                give(answer);
            }
        }
    }

    /** Takes the next step, and says whether there may be another. */
    private boolean step() {
        Pointer step;
        try (Call call = Call.begin()) {
            call.check(Library.casewire_connector_poll(connector, clock.getAsLong(), call.output(), call.error()));
            step = call.pointer();
        }
        boolean isKept = false;
        try {
            int kind = Library.casewire_step_kind(step);
            switch (kind) {
                case Abi.STEP_IDLE:
                    idle(step);
                    return false;
                case Abi.STEP_FINISHED:
                    finish(step);
                    return true;
                case Abi.STEP_TIMER:
                    timers.add(step);
                    return true;
                case Abi.STEP_CANCEL:
                    drop(Library.casewire_step_cancel_target(step));
                    try (Answer answer = new Answer(step)) {
                        answer.done();
                        give(answer);
                    }
                    return true;
                default:
                    isKept = true;
                    start(kind, step);
                    return true;
            }
        } finally {
            if (!isKept) {
                Library.casewire_step_free(step);
            }
        }
    }

    private void idle(Pointer step) {
        boolean isAllDone =
                Library.casewire_step_operations_left(step) == 0 && Library.casewire_step_effects_left(step) == 0;
        synchronized (monitor) {
            isIdle = isAllDone && !isWoken;
            if (isIdle) {
                monitor.notifyAll();
            }
        }
    }

    private void finish(Pointer step) {
        long operation = Library.casewire_step_operation_id(step);
        Pointer error = Library.casewire_step_error(step);
        String caseId = Library.casewire_step_case_id(step).string();
        CompletableFuture<Outcome> future;
        synchronized (monitor) {
            future = waiting.remove(operation);
        }
        if (error != null) {
            CasewireException exception = Call.exception(Library.casewire_error_status(error), error);
            log.log(Log.Level.WARNING, "operation " + operation + " failed: " + exception.code());
            complete(future, null, exception);
        } else {
            Outcome outcome =
                    new Outcome(caseId, Library.casewire_step_ticket_id(step), Library.casewire_step_json(step).copy());
            log.log(Log.Level.INFO, "operation " + operation + " is over, ticket " + outcome.ticketId());
            complete(future, outcome, null);
        }
    }

    /** Completes a future on a worker, since it runs code of the host, which may wait for the poller. */
    private void complete(CompletableFuture<Outcome> future, Outcome outcome, CasewireException error) {
        if (future == null) {
            return;
        }
        if (error == null) {
            workers.execute(() -> future.complete(outcome));
        } else {
            workers.execute(() -> future.completeExceptionally(error));
        }
    }

    private void drop(long effect) {
        timers.drop(effect);
        Effect underWay;
        synchronized (monitor) {
            underWay = effects.remove(effect);
        }
        if (underWay != null) {
            underWay.cancel();
        }
    }

    /** Hands an effect to a worker, which frees its step. */
    private void start(int kind, Pointer step) {
        Effect effect = new Effect(kind, step);
        synchronized (monitor) {
            effects.put(effect.id, effect);
        }
        workers.execute(effect);
    }

    /** An effect under way. */
    private final class Effect implements Runnable {
        private final int kind;
        private final Pointer step;
        private final long id;
        private final Answer answer;
        private Thread thread;
        private boolean isUnwanted;

        Effect(int kind, Pointer step) {
            this.kind = kind;
            this.step = step;
            this.id = Library.casewire_step_effect_id(step);
            this.answer = new Answer(step);
        }

        /** Interrupts a request. A store and a delivery run to their end: many databases bear no interrupt. */
        synchronized void cancel() {
            isUnwanted = true;
            if (thread != null && kind == Abi.STEP_HTTP) {
                thread.interrupt();
            }
        }

        private synchronized boolean begin() {
            thread = isUnwanted ? null : Thread.currentThread();
            return thread != null;
        }

        private synchronized void finish() {
            thread = null;
            Thread.interrupted();
        }

        @Override
        public void run() {
            try {
                if (begin()) {
                    performer.perform(kind, step, answer);
                    finish();
                    give(answer);
                }
            } catch (CasewireException error) {
                end(error);
            } finally {
                answer.close();
                Library.casewire_step_free(step);
                synchronized (monitor) {
                    effects.remove(id);
                }
                wake();
            }
        }
    }

    /** Gives an answer to the connector. One that is not wanted any more is dropped. */
    private void give(Answer answer) {
        alive.readLock().lock();
        try (Call call = Call.begin()) {
            if (isFreed) {
                return;
            }
            int status = Library.casewire_connector_answer(connector, answer.handle, clock.getAsLong(), call.error());
            try {
                call.check(status);
            } catch (CasewireException error) {
                if (error.code() != ErrorCode.STALE_EFFECT) {
                    throw error;
                }
            }
        } finally {
            alive.readLock().unlock();
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
        List<Effect> left;
        synchronized (monitor) {
            left = new ArrayList<>(effects.values());
        }
        left.forEach(Effect::cancel);
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
                workers.shutdown();
                if (workers.awaitTermination(1, TimeUnit.HOURS)) {
                    break;
                }
            } catch (InterruptedException later) {
                isInterrupted = true;
            }
        }
        alive.writeLock().lock();
        try {
            if (!isFreed) {
                isFreed = true;
                Library.casewire_connector_free(connector);
            }
        } finally {
            alive.writeLock().unlock();
        }
        if (isInterrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
