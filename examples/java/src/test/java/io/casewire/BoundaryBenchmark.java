package io.casewire;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/**
 * What it costs to give the library a text of 2.5 kB, which it checks and copies, and to take one of 1.5 kB from it: nanoseconds
 * for both together, the best of several rounds, into the file that {@code CASEWIRE_BENCHMARK} names. Not one of the tests.
 */
class BoundaryBenchmark {
    private static final int ROUNDS = 20;
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
            Pointer step = call.pointer();
            long best = Long.MAX_VALUE;
            long sum = 0;
            try (Answer answer = new Answer(step)) {
                for (int round = 0; round < ROUNDS; round++) {
                    long begun = System.nanoTime();
                    for (int i = 0; i < CALLS; i++) {
                        sum += cross(answer, in, error);
                    }
                    best = Math.min(best, (System.nanoTime() - begun) / CALLS);
                }
            }
            Library.casewire_step_free(step);
            if (sum < (long) ROUNDS * CALLS * OUT / 2) {
                throw new IllegalStateException("the text that came out is too short");
            }
            Files.writeString(Path.of(System.getenv("CASEWIRE_BENCHMARK")), Long.toString(best));
        }
        Library.casewire_connector_free(connector);
        Library.casewire_error_free(error);
    }

    private static int cross(Answer answer, byte[] in, Pointer error) {
        try (Call call = Call.begin()) {
            call.check(
                    Library.casewire_answer_set_failed(
                            answer.handle, Failure.Kind.OTHER.number, call.text(in), call.error()));
        }
        return Library.casewire_error_json(error).copy().length;
    }

    /** An error whose JSON has about {@link #OUT} bytes. */
    private static Pointer error() {
        StringBuilder config = new StringBuilder("{");
        for (int i = 0; i < 8; i++) {
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
        Memory options = Call.struct(48);
        try (Call call = Call.begin()) {
            call.check(
                    Library.casewire_connector_new(call.text(config), null, options, 0, call.output(), call.error()));
            return call.pointer();
        }
    }
}
