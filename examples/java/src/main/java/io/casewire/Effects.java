package io.casewire;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** The effects under way, each performed on a thread of its own. */
final class Effects {
    private final Performer performer;
    private final Handle handle;
    private final Runnable ended;
    private final Consumer<CasewireException> failed;
    private final ExecutorService workers;
    /** Guarded by itself. */
    private final Map<Long, Effect> underWay = new HashMap<>();

    /** Tells of the end of each effect, and of a failure of the library itself. */
    Effects(
            Performer performer,
            Handle handle,
            ThreadGroup threads,
            Runnable ended,
            Consumer<CasewireException> failed) {
        this.performer = performer;
        this.handle = handle;
        this.ended = ended;
        this.failed = failed;
        workers =
                Executors.newCachedThreadPool(
                        task -> {
                            Thread thread = new Thread(threads, task, "casewire-effect");
                            thread.setDaemon(true);
                            return thread;
                        });
    }

    /** Has an effect performed, whose step is freed then. */
    void start(Step step) {
        Effect effect = new Effect(step);
        synchronized (underWay) {
            underWay.put(effect.id, effect);
        }
        workers.execute(effect);
    }

    /** Runs code of the host on a worker, since it may wait for the caller. */
    void execute(Runnable task) {
        workers.execute(task);
    }

    /** Gives up the work on an effect, where it is under way. */
    void drop(long id) {
        Effect effect;
        synchronized (underWay) {
            effect = underWay.remove(id);
        }
        if (effect != null) {
            effect.cancel();
        }
    }

    /** Gives up the work on all. */
    void dropAll() {
        List<Effect> left;
        synchronized (underWay) {
            left = new ArrayList<>(underWay.values());
        }
        left.forEach(Effect::cancel);
    }

    /** Takes no more work and waits for that under way. */
    boolean awaitEnd(long hours) throws InterruptedException {
        workers.shutdown();
        return workers.awaitTermination(hours, TimeUnit.HOURS);
    }

    private final class Effect implements Runnable {
        private final Step step;
        private final long id;
        private final Answer answer;
        private Thread thread;
        private boolean isUnwanted;

        Effect(Step step) {
            this.step = step;
            this.id = step.effectId();
            this.answer = new Answer(step);
        }

        /** Interrupts a request. A store and a delivery run to their end: many databases bear no interrupt. */
        synchronized void cancel() {
            isUnwanted = true;
            if (thread != null && step.kind() == Abi.STEP_HTTP) {
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
                    performer.perform(step, answer);
                    finish();
                    handle.give(answer);
                }
            } catch (CasewireException error) {
                failed.accept(error);
            } finally {
                answer.close();
                step.close();
                synchronized (underWay) {
                    underWay.remove(id);
                }
                ended.run();
            }
        }
    }
}
