package io.casewire;

import java.util.Comparator;
import java.util.PriorityQueue;

/** The timers that wait, of one thread. */
final class Timers implements AutoCloseable {
    private static final class Timer {
        final long effect;
        final long deadline;
        final Answer answer;

        Timer(Step step) {
            effect = step.effectId();
            deadline = step.deadlineMillis();
            answer = new Answer(step);
        }
    }

    private final PriorityQueue<Timer> waiting =
            new PriorityQueue<>(Comparator.comparingLong(timer -> timer.deadline));

    void add(Step step) {
        waiting.add(new Timer(step));
    }

    /** The time of the next one in milliseconds since 1970; {@link Long#MAX_VALUE} where none waits. */
    long next() {
        return waiting.isEmpty() ? Long.MAX_VALUE : waiting.peek().deadline;
    }

    /** Takes out the answer of one whose time has come, which the caller closes; null where there is none. */
    Answer due(long now) {
        return next() <= now ? waiting.remove().answer : null;
    }

    /** Takes out the one of an effect, where it waits. */
    void drop(long effect) {
        waiting.removeIf(
                timer -> {
                    boolean isMeant = timer.effect == effect;
                    if (isMeant) {
                        timer.answer.close();
                    }
                    return isMeant;
                });
    }

    @Override
    public void close() {
        waiting.forEach(timer -> timer.answer.close());
        waiting.clear();
    }
}
