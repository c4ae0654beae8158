package io.casewire;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.IntSupplier;
import org.junit.jupiter.api.Test;

/**
 * What it costs to give the library a text of 2.5 kB, which it checks and copies, and to take one of 1.5 kB from it: nanoseconds
 * for both together, the best of several rounds, and on the lines after it what each part of it costs, into the file that
 * {@code CASEWIRE_BENCHMARK} names. Not one of the tests.
 */
class BoundaryBenchmark {
    private static final int ROUNDS = 30;
    private static final int CALLS = 20_000;
    private static final int IN = 2_500;
    private static final int OUT = 1_500;

    @Test
    void measure() throws IOException {
        byte[] in = new byte[IN];
        Arrays.fill(in, (byte) 'x');
        Pointer error = error();
        Pointer connector = connector();
        try (Call call = Call.begin()) {
            call.check(Library.casewire_connector_poll(connector, 0, call.output(), call.error()));
            try (Step step = new Step(call.pointer());
                    Answer answer = new Answer(step)) {
                String[] lines = {
                    Long.toString(best(OUT / 2, () -> give(answer, in) + take(error))),
                    best(0, Library::casewire_abi_version) + " an empty call",
                    best(0, () -> give(answer, in)) + " the text in",
                    best(OUT / 2, () -> take(error)) + " the text out",
                };
                Files.write(Path.of(System.getenv("CASEWIRE_BENCHMARK")), Arrays.asList(lines));
            }
        }
        Library.casewire_connector_free(connector);
        Library.casewire_error_free(error);
    }

    private static long best(int least, IntSupplier call) {
        long best = Long.MAX_VALUE;
        for (int round = 0; round < ROUNDS; round++) {
            long sum = 0;
            long begun = System.nanoTime();
            for (int i = 0; i < CALLS; i++) {
                sum += call.getAsInt();
            }
            best = Math.min(best, (System.nanoTime() - begun) / CALLS);
            if (sum < (long) CALLS * least) {
                throw new IllegalStateException("the text that came out is too short");
            }
        }
        return best;
    }

    private static int give(Answer answer, byte[] in) {
        try (Call call = Call.begin()) {
            call.check(
                    Library.casewire_answer_set_failed(
                            answer.handle, Failure.Kind.OTHER.number, call.text(in), call.error()));
        }
        return 0;
    }

    private static int take(Pointer error) {
        try (Call call = Call.begin()) {
            Pointer view = call.view(64);
            Library.casewire_error_read(error, view, null);
            int size = (int) view.getLong(56);
            return size + call.copy(view.getLong(48), size)[0];
        }
    }

    /** An error whose JSON has about {@link #OUT} bytes. */
    private static Pointer error() {
        StringBuilder config = new StringBuilder("{");
        for (int i = 0; i < 2; i++) {
            config.append(i == 0 ? "" : ",").append("\"unknown_").append(i).append("\": 1");
        }
        byte[] json = config.append("}").toString().getBytes(StandardCharsets.UTF_8);
        try (Call call = Call.begin()) {
            Library.casewire_config_validate(call.text(json), call.error());
            return call.error().getPointer(0);
        }
    }

    private static Pointer connector() {
        byte[] config = Json.utf8(Simulator.configuration(Simulator.MAPPED));
        Memory options = Call.struct(72);
        try (Call call = Call.begin()) {
            call.check(
                    Library.casewire_connector_new(call.text(config), null, options, 0, call.output(), call.error()));
            return call.pointer();
        }
    }
}
