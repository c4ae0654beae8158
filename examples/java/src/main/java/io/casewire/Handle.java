package io.casewire;

import com.sun.jna.Pointer;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.LongSupplier;

/** The native connector. It is freed when no call with it is under way any more. */
final class Handle {
    private final Pointer connector;
    private final LongSupplier clock;
    /** Held for reading in every call, for writing when it is freed. */
    private final ReadWriteLock alive = new ReentrantReadWriteLock();

    private boolean isFreed;

    Handle(Pointer connector, LongSupplier clock) {
        this.connector = connector;
        this.clock = clock;
    }

    private interface Body<T> {
        T run(Call call);
    }

    private <T> T call(Body<T> body) {
        alive.readLock().lock();
        try (Call call = Call.begin()) {
            if (isFreed) {
                throw CasewireException.cancelled("the connector was closed: make a new one");
            }
            return body.run(call);
        } finally {
            alive.readLock().unlock();
        }
    }

    /** Begins an operation, and tells its id. */
    long submit(byte[] json, boolean isCase) {
        return call(
                call -> {
                    long now = clock.getAsLong();
                    call.check(
                            isCase
                                    ? Library.casewire_connector_submit_case(
                                            connector, call.text(json), now, call.output(), call.error())
                                    : Library.casewire_connector_submit(
                                            connector, call.text(json), now, call.output(), call.error()));
                    return call.number();
                });
    }

    /** Takes the next step, which the caller closes. */
    Step poll() {
        Pointer step =
                call(
                        call -> {
                            call.check(
                                    Library.casewire_connector_poll(
                                            connector, clock.getAsLong(), call.output(), call.error()));
                            return call.pointer();
                        });
        return new Step(step);
    }

    /** Stops an operation. It may be over by now, which is as good. */
    void cancel(long operation) {
        call(call -> Library.casewire_connector_cancel(connector, operation, clock.getAsLong(), null));
    }

    /** Hands an answer over. One that is not wanted any more is dropped. */
    void give(Answer answer) {
        try {
            call(
                    call -> {
                        call.check(
                                Library.casewire_connector_answer(
                                        connector, answer.handle, clock.getAsLong(), call.error()));
                        return null;
                    });
        } catch (CasewireException error) {
            if (error.code() != ErrorCode.STALE_EFFECT && error.code() != ErrorCode.CANCELLED) {
                throw error;
            }
        }
    }

    /** Frees it once. */
    void free() {
        alive.writeLock().lock();
        try {
            if (!isFreed) {
                isFreed = true;
                Library.casewire_connector_free(connector);
            }
        } finally {
            alive.writeLock().unlock();
        }
    }
}
