package io.casewire;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/** Performs effects with what the host brings, and fills in their answers. It decides nothing. */
final class Performer {
    private final Transport transport;
    private final Store store;
    private final Consumer<Delivery> deliveries;
    private final Attachments attachments;
    private final LongSupplier clock;
    private final Log log;

    Performer(
            Transport transport,
            Store store,
            Consumer<Delivery> deliveries,
            Attachments attachments,
            LongSupplier clock,
            Log log) {
        this.transport = transport;
        this.store = store;
        this.deliveries = deliveries;
        this.attachments = attachments;
        this.clock = clock;
        this.log = log;
    }

    /** Performs a step that is an effect. What fails is an answer too. */
    void perform(Step step, Answer answer) {
        int kind = step.kind();
        try {
            switch (kind) {
                case Abi.STEP_HTTP:
                    http(step, answer);
                    break;
                case Abi.STEP_STORE:
                    answer.json(Map.of("store", store(Json.object(step.json()))));
                    break;
                case Abi.STEP_DELIVER:
                    deliver(step, answer);
                    break;
                case Abi.STEP_FETCH:
                    fetch(step.token(), answer);
                    break;
                default:
                    answer.failed(Failure.Kind.OTHER, "this version cannot perform effects of kind " + kind);
            }
        } catch (Failure failure) {
            fail(answer, failure.kind(), failure);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            fail(answer, unsure(kind), stopped);
        } catch (Exception | LinkageError error) {
            fail(answer, unsure(kind), error);
        }
    }

    private static Failure.Kind unsure(int kind) {
        return kind == Abi.STEP_HTTP ? Failure.Kind.UNANSWERED : Failure.Kind.OTHER;
    }

    private void fail(Answer answer, Failure.Kind kind, Throwable error) {
        String message = error.getMessage() == null ? error.getClass().getName() : error.getMessage();
        log.log(Log.Level.WARNING, kind + ": " + message);
        answer.failed(kind, message);
    }

    private void http(Step step, Answer answer) throws Failure, InterruptedException, IOException {
        HttpRequest request = request(step);
        if (clock.getAsLong() > request.notAfterMillis()) {
            throw new Failure(Failure.Kind.NOT_SENT, "its time passed before it was sent");
        }
        long begun = System.nanoTime();
        HttpAnswer got = transport.send(request);
        log.log(
                Log.Level.DEBUG,
                request + " -> " + got.status() + " in " + (System.nanoTime() - begun) / 1_000_000 + " ms");
        answer.http(got);
        String name = step.storeAs();
        if (name.isEmpty() || got.status() < 200 || got.status() > 299) {
            answer.body(got.body());
            return;
        }
        try {
            attachments.store(name, new ByteArrayInputStream(got.body()));
        } catch (IOException error) {
            throw new Failure(Failure.Kind.OTHER, "the file was not stored: " + error.getMessage(), error);
        }
        answer.stored(got.body().length, sha256(got.body()));
    }

    private HttpRequest request(Step step) throws Failure {
        List<HttpRequest.Piece> body = new ArrayList<>();
        for (Step.Piece piece : step.pieces()) {
            body.add(
                    piece.token.isEmpty()
                            ? new HttpRequest.Piece(piece.bytes, null)
                            : new HttpRequest.Piece(null, attachment(piece.token, piece.size)));
        }
        return new HttpRequest(
                step.method(),
                step.url(),
                step.headers(),
                body,
                step.bodySize(),
                step.timeoutMillis(),
                step.maxAnswer(),
                step.notAfterMillis());
    }

    private Content attachment(String token, long size) throws Failure {
        try {
            Content content = attachments.open(token);
            if (content.size() != size) {
                String message = "the attachment has " + content.size() + " bytes and not " + size;
                throw new Failure(Failure.Kind.CONTENT, message);
            }
            return content;
        } catch (IOException error) {
            throw new Failure(Failure.Kind.CONTENT, "no attachment: " + error.getMessage(), error);
        }
    }

    private void deliver(Step step, Answer answer) {
        Delivery delivery =
                new Delivery(
                        step.deliveryId(),
                        step.caseId(),
                        step.ticketId(),
                        deliveryJson(step));
        deliveries.accept(delivery);
        answer.done();
    }

    /** The delivery without the effect around it. */
    private static byte[] deliveryJson(Step step) {
        return Json.bytes(Json.object(step.json()).get("delivery"));
    }

    private void fetch(String token, Answer answer) throws IOException {
        Content content = attachments.open(token);
        answer.fetched();
        try (InputStream stream = content.open()) {
            byte[] piece = new byte[1 << 16];
            for (int read = stream.read(piece); read >= 0; read = stream.read(piece)) {
                if (!answer.body(java.util.Arrays.copyOf(piece, read))) {
                    return;
                }
            }
        }
    }

    private static String sha256(byte[] bytes) {
        try {
            StringBuilder text = new StringBuilder();
            for (byte one : MessageDigest.getInstance("SHA-256").digest(bytes)) {
                text.append(String.format("%02x", one));
            }
            return text.toString();
        } catch (NoSuchAlgorithmException error) {
            throw new IllegalStateException("this Java has no SHA-256", error);
        }
    }

    private Object store(Map<String, Object> request) throws Exception {
        return perform(store, request);
    }

    /** Performs a store request in its JSON form, and gives the answer in its. */
    static Object perform(Store store, Map<String, Object> request) throws Exception {
        switch (String.valueOf(request.get("store"))) {
            case "get":
                return Map.of("records", records(store.get(strings(request.get("keys")))));
            case "scan":
                String after = (String) request.get("after");
                int limit = ((Number) request.get("limit")).intValue();
                return Map.of("page", records(store.scan((String) request.get("prefix"), after, limit)));
            case "commit":
                long revision = store.commit(batch(request));
                return revision == Store.CONFLICT ? "conflict" : Map.of("committed", Map.of("revision", revision));
            default:
                throw new IOException("this version cannot perform the store request " + request.get("store"));
        }
    }

    private static Store.Batch batch(Map<String, Object> request) {
        Map<String, Long> expect = new HashMap<>();
        for (Object one : (List<?>) request.get("expect")) {
            Map<?, ?> expectation = (Map<?, ?>) one;
            Number revision = (Number) expectation.get("revision");
            expect.put((String) expectation.get("key"), revision == null ? null : revision.longValue());
        }
        Map<String, String> put = new LinkedHashMap<>();
        for (Object one : (List<?>) request.get("put")) {
            List<?> pair = (List<?>) one;
            put.put((String) pair.get(0), (String) pair.get(1));
        }
        return new Store.Batch(expect, put, strings(request.get("delete")));
    }

    private static List<String> strings(Object list) {
        List<String> strings = new ArrayList<>();
        for (Object one : (List<?>) list) {
            strings.add((String) one);
        }
        return strings;
    }

    private static List<Object> records(List<Store.Record> records) {
        List<Object> list = new ArrayList<>();
        for (Store.Record record : records) {
            list.add(
                    record == null
                            ? null
                            : Map.of("key", record.key, "revision", record.revision, "value", record.value));
        }
        return list;
    }
}
